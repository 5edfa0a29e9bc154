//! What is taken for a token endpoint, beside a table of what is one: `cargo xtask tokens`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use specmint::model::TokenKind;
use specmint::spec::Spec;

use crate::corpus::documents::{self, Document};
use crate::corpus::package;
use crate::queue;

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// A table with tabs: kind (`oauth`, `issue`, `mint`, or anything for what is none), anything, document, method, path
    #[arg(long, value_name = "FILE")]
    table: PathBuf,
    /// The folder that the table's documents are named from; the package of the corpus if it is left out
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Look at all documents of the folder, and list what is found in none of the table's rows
    #[arg(long)]
    all: bool,
}

/// A row of the table.
struct Row {
    kind: String,
    key: Key,
}

/// An operation: document without its ending, method, path.
type Key = (String, String, String);

/// What was found of an operation.
struct Seen {
    kind: TokenKind,
    words: String,
}

/// Compares, prints, and succeeds whatever the figures are.
///
/// # Errors
/// The table or the folder cannot be read.
pub(crate) fn run(asked: &Asked) -> io::Result<ExitCode> {
    let rows = table(&fs::read_to_string(&asked.table)?)?;
    let folder = match &asked.dir {
        Some(folder) => folder.clone(),
        None => package::fetch()?,
    };
    let named: BTreeSet<&str> = rows.iter().map(|row| row.key.0.as_str()).collect();
    let mut documents = documents::find(&folder)?;
    documents.retain(|document| asked.all || named.contains(document.name.as_str()));
    documents.sort_by_key(|document| std::cmp::Reverse(document.bytes));
    let found = queue::each(&documents, queue::threads(), |_, document| look(document));
    let seen: BTreeMap<Key, Seen> = found
        .into_iter()
        .collect::<io::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    let mut out = io::stdout().lock();
    disagreements(&mut out, &rows, &seen)?;
    figures(&mut out, &rows, &seen)?;
    if asked.all {
        rest(&mut out, &rows, &seen)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn table(text: &str) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, _, document, method, path, ..] = cells.as_slice() else {
            return Err(io::Error::other(format!(
                "the table has a row with less than five cells: {line}"
            )));
        };
        let document = document
            .trim_end_matches(".json")
            .trim_end_matches(".yaml")
            .trim_end_matches(".yml");
        rows.push(Row {
            kind: (*kind).to_owned(),
            key: (
                document.to_owned(),
                (*method).to_owned(),
                (*path).to_owned(),
            ),
        });
    }
    Ok(rows)
}

fn look(document: &Document) -> io::Result<Vec<(Key, Seen)>> {
    let spec = Spec::read(&document.path)?;
    let (tokens, _) = specmint::tokens(&spec);
    let seen = tokens.into_iter().flatten().map(|operation| {
        let path = operation.at.tokens().nth(1).unwrap_or_default();
        let words = format!(
            "{:?}: {}",
            operation.token.confidence,
            operation.token.reasons.join("; ")
        );
        let key = (document.name.clone(), operation.method, path.to_string());
        (
            key,
            Seen {
                kind: operation.token.kind,
                words,
            },
        )
    });
    Ok(seen.collect())
}

/// What a row should be: `None` if it is no token endpoint.
fn wanted(row: &Row) -> Option<Class> {
    match row.kind.as_str() {
        "oauth" | "issue" => Some(Class::Source),
        "mint" => Some(Class::Mint),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Source,
    Mint,
}

fn class(seen: Option<&Seen>) -> Option<Class> {
    seen.map(|seen| match seen.kind {
        TokenKind::OAuth | TokenKind::Issue => Class::Source,
        TokenKind::Mint => Class::Mint,
    })
}

fn disagreements(out: &mut impl Write, rows: &[Row], seen: &BTreeMap<Key, Seen>) -> io::Result<()> {
    for row in rows {
        let found = seen.get(&row.key);
        if class(found) == wanted(row) {
            continue;
        }
        let (document, method, path) = &row.key;
        let found = found.map_or_else(
            || "nothing".to_owned(),
            |seen| format!("{:?}, {}", seen.kind, seen.words),
        );
        writeln!(out, "{}: {document} {method} {path}: {found}", row.kind)?;
    }
    Ok(())
}

fn figures(out: &mut impl Write, rows: &[Row], seen: &BTreeMap<Key, Seen>) -> io::Result<()> {
    writeln!(out)?;
    for (name, what) in [
        ("source (oauth, issue)", Class::Source),
        ("mint", Class::Mint),
    ] {
        let has = |row: &&Row| class(seen.get(&row.key)) == Some(what);
        let is = |row: &&Row| wanted(row) == Some(what);
        let found = rows.iter().filter(has).count();
        let meant = rows.iter().filter(is).count();
        let both = rows.iter().filter(|row| has(row) && is(row)).count();
        writeln!(
            out,
            "{name}: precision {} ({both} of {found}), recall {} ({both} of {meant})",
            share(both, found),
            share(both, meant),
        )?;
    }
    let kinds: BTreeSet<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
    for kind in kinds {
        let of: Vec<&Row> = rows.iter().filter(|row| row.kind == kind).collect();
        let count = |class_of: Option<Class>| {
            of.iter()
                .filter(|row| class(seen.get(&row.key)) == class_of)
                .count()
        };
        writeln!(
            out,
            "{kind}: {} rows, {} with a source, {} minting, {} neither",
            of.len(),
            count(Some(Class::Source)),
            count(Some(Class::Mint)),
            count(None),
        )?;
    }
    Ok(())
}

fn share(part: usize, whole: usize) -> String {
    match whole {
        0 => "-".to_owned(),
        _ => format!("{:.1} %", part as f64 * 100.0 / whole as f64),
    }
}

/// What was found beside the table.
fn rest(out: &mut impl Write, rows: &[Row], seen: &BTreeMap<Key, Seen>) -> io::Result<()> {
    writeln!(out)?;
    let known: BTreeSet<&Key> = rows.iter().map(|row| &row.key).collect();
    for (key, seen) in seen.iter().filter(|(key, _)| !known.contains(key)) {
        let (document, method, path) = key;
        writeln!(
            out,
            "beside: {document} {method} {path}: {:?}, {}",
            seen.kind, seen.words
        )?;
    }
    Ok(())
}
