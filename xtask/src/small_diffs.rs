//! What moves in a client when its document changes: `cargo xtask small-diffs`.
//!
//! Two versions of a document are generated, the later one with the lock of the earlier. Lines that differ belong into
//! files of operations and schemas that differ; lines in any other file of an operation or a schema are a fault. Files
//! that list (indices of modules, Cargo's features, the README, the lock) differ wherever something comes or goes, and
//! pages of documentation hold many operations each: their lines are counted apart. So are lines of the JSON that the docs
//! of a schema show, which holds the examples of the schemas in it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use specmint::diag::Diagnostics;
use specmint::load::{self, LoadOptions};
use specmint::lock::{self, Lock};
use specmint::options::{Options, Runtime};
use specmint::spec::Spec;

use crate::corpus::documents::{self, Document};
use crate::corpus::package;
use crate::queue;

/// How many lines of a file that should not differ are shown.
const SHOWN: usize = 6;

/// How far a schema is followed into those that it is made of.
const DEEPEST: usize = 200;

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// The folder with the later versions; the package of the corpus if it is left out
    #[arg(long, value_name = "DIR")]
    new: Option<PathBuf>,
    /// A folder with earlier versions under the same names; without it names that differ in their last number are versions
    #[arg(long, value_name = "DIR")]
    old: Option<PathBuf>,
    /// Use only documents whose name contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Compare no more pairs than this, the smaller ones first
    #[arg(long, value_name = "N")]
    pairs: Option<usize>,
}

/// Two versions of a document.
struct Pair {
    old: Document,
    new: Document,
}

/// What was found of a pair.
#[derive(Default)]
struct Found {
    /// Lines in files of operations and schemas that differ.
    expected: usize,
    /// Lines in files that list, and in pages.
    listed: usize,
    /// Lines of examples in the docs of schemas that are as they were: of what those hold.
    examples: usize,
    /// Files of operations and schemas that are as they were, but for these lines.
    faults: BTreeMap<String, Vec<String>>,
    /// Why there is nothing to compare.
    refused: Option<String>,
}

/// Compares the pairs and says what moved where nothing should.
///
/// # Errors
/// A folder cannot be read, or the package not be fetched.
pub(crate) fn run(asked: &Asked) -> io::Result<ExitCode> {
    let new = match &asked.new {
        Some(folder) => folder.clone(),
        None => package::fetch()?,
    };
    let mut new = documents::find(&new)?;
    new.retain(|document| {
        asked
            .only
            .as_ref()
            .is_none_or(|text| document.name.contains(text))
    });
    let mut pairs = match &asked.old {
        Some(folder) => same_names(documents::find(folder)?, new)?,
        None => series(new),
    };
    pairs.sort_by_key(|pair| pair.new.bytes);
    pairs.truncate(asked.pairs.unwrap_or(usize::MAX));
    let found = queue::each(&pairs, queue::threads(), |_, pair| compare(pair));
    let faults = print(&pairs, &found, &mut io::stdout().lock())?;
    Ok(match faults {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Prints what was found; returns how many lines moved where nothing should.
fn print(pairs: &[Pair], found: &[Found], out: &mut impl Write) -> io::Result<usize> {
    let mut faults = 0;
    for (pair, found) in pairs.iter().zip(found) {
        let lines: usize = found.faults.values().map(Vec::len).sum();
        faults += lines;
        let (old, new) = (&pair.old.name, &pair.new.name);
        match &found.refused {
            Some(why) => writeln!(out, "{old} -> {new}: not compared: {why}")?,
            None => writeln!(
                out,
                "{old} -> {new}: {} lines in what changed, {} in lists and pages, {} in examples of what others hold, \
                 {lines} elsewhere",
                found.expected, found.listed, found.examples
            )?,
        }
        for (file, lines) in &found.faults {
            writeln!(out, "  {file}")?;
            for line in lines.iter().take(SHOWN) {
                writeln!(out, "    {line}")?;
            }
        }
    }
    let compared = found.iter().filter(|found| found.refused.is_none()).count();
    writeln!(
        out,
        "{compared} pairs compared; {faults} lines moved in files of what did not change"
    )?;
    Ok(faults)
}

/// Documents of the same name whose texts differ.
fn same_names(old: Vec<Document>, new: Vec<Document>) -> io::Result<Vec<Pair>> {
    let old: BTreeMap<String, Document> = old
        .into_iter()
        .map(|document| (document.name.clone(), document))
        .collect();
    let mut pairs = Vec::new();
    for new in new {
        if let Some(old) = old.get(&new.name)
            && std::fs::read(&old.path)? != std::fs::read(&new.path)?
        {
            let old = old.clone();
            pairs.push(Pair { old, new });
        }
    }
    Ok(pairs)
}

/// Neighbours among documents whose names differ in their last numbers alone.
fn series(documents: Vec<Document>) -> Vec<Pair> {
    let mut series: BTreeMap<String, Vec<(Vec<u64>, Document)>> = BTreeMap::new();
    for document in documents {
        let is_version = |c: char| c.is_ascii_digit() || c == '.';
        let stem = document.name.trim_end_matches(is_version);
        let version = document.name[stem.len()..].split('.');
        let version: Vec<u64> = version.filter_map(|number| number.parse().ok()).collect();
        if !version.is_empty() {
            series
                .entry(stem.to_owned())
                .or_default()
                .push((version, document.clone()));
        }
    }
    let mut pairs = Vec::new();
    for mut versions in series.into_values() {
        versions.sort_by(|a, b| a.0.cmp(&b.0));
        for pair in versions.windows(2) {
            let (old, new) = (pair[0].1.clone(), pair[1].1.clone());
            pairs.push(Pair { old, new });
        }
    }
    pairs
}

/// One version, generated.
struct Made {
    files: BTreeMap<String, String>,
    /// The document in its normal form.
    tree: Value,
}

fn made(document: &Document, lock: Lock) -> Result<Made, String> {
    let mut spec = Spec::read(&document.path).map_err(|err| err.to_string())?;
    spec.name = "api".to_owned();
    spec.source.path = "api.json".to_owned();
    let mut diagnostics = Diagnostics::default();
    let read = load::load(
        &spec.source,
        None,
        &LoadOptions::default(),
        &mut diagnostics,
    );
    let tree = read.ok_or("nothing can be read of it")?.tree;
    let options = Options {
        lock,
        ..Options::new("client", Runtime::Version("0.1".to_owned()), "cargo xtask")
    };
    let output = specmint::generate(&[spec], &options).map_err(|refusal| refusal.to_string())?;
    let files = output.files.into_iter().map(|file| (file.path, file.text));
    Ok(Made {
        files: files.collect(),
        tree,
    })
}

fn compare(pair: &Pair) -> Found {
    compared(pair).unwrap_or_else(|why| Found {
        refused: Some(why),
        ..Found::default()
    })
}

fn compared(pair: &Pair) -> Result<Found, String> {
    let old = made(&pair.old, Lock::default())?;
    let lock = old.files.get(lock::PATH).map_or("", String::as_str);
    let lock = Lock::parse(lock).map_err(|why| why.to_string())?;
    let new = made(&pair.new, lock)?;
    let mut found = Found::default();
    let paths: BTreeSet<&String> = old.files.keys().chain(new.files.keys()).collect();
    for path in paths {
        let text = |made: &'_ Made| made.files.get(path).cloned().unwrap_or_default();
        let (before, after) = (text(&old), text(&new));
        if before == after {
            continue;
        }
        let lines = differing(&before, &after);
        let is_unit = ["src/api/models/", "src/api/operations/"];
        if !is_unit.iter().any(|folder| path.starts_with(folder)) {
            found.listed += lines.len();
        } else if is_changed(&before, &after, &old.tree, &new.tree) {
            found.expected += lines.len();
        } else {
            let (examples, others): (Vec<String>, Vec<String>) =
                lines.into_iter().partition(|line| is_example(line));
            found.examples += examples.len();
            if !others.is_empty() {
                found.faults.insert(path.clone(), others);
            }
        }
    }
    Ok(found)
}

/// Whether a line, behind its sign, is one of JSON in docs.
fn is_example(line: &str) -> bool {
    let text = line.get(1..).unwrap_or_default().trim_start();
    text.starts_with("///  ")
}

/// The lines that are in one of the texts alone, with their signs.
fn differing(before: &str, after: &str) -> Vec<String> {
    let diff = TextDiff::from_lines(before, after);
    let changes = diff.iter_all_changes().filter_map(|change| {
        let sign = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        Some(format!("{sign}{}", change.value().trim_end()))
    });
    changes.collect()
}

/// Whether what a file is made of differs: it is not there in one of the versions, or not the same.
fn is_changed(before: &str, after: &str, old: &Value, new: &Value) -> bool {
    let (Some(from), Some(to)) = (pointer(before), pointer(after)) else {
        return true;
    };
    content(old, from) != content(new, to) || from != to
}

/// The first pointer that a file names: what it is made of.
fn pointer(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("`#/")?;
    rest.split('`').next()
}

/// What the operation or component that a pointer leads into is made of.
fn content(tree: &Value, pointer: &str) -> Value {
    let tokens: Vec<&str> = pointer.split('/').take(3).collect();
    let own = format!("/{}", tokens.join("/"));
    let value = tree.pointer(&own).cloned().unwrap_or_default();
    let is_operation = tokens[0] == "paths";
    let mut parts = vec![value.clone()];
    if is_operation {
        let item = own.rsplit_once('/').map_or("", |(item, _)| item);
        for member in ["parameters", "servers"] {
            parts.push(
                tree.pointer(&format!("{item}/{member}"))
                    .cloned()
                    .unwrap_or_default(),
            );
        }
        for member in ["/security", "/servers", "/components/securitySchemes"] {
            parts.push(tree.pointer(member).cloned().unwrap_or_default());
        }
    }
    let reach = if is_operation {
        Reach::Everything
    } else {
        Reach::MadeOf
    };
    let mut seen = BTreeSet::new();
    gather(tree, &value, reach, &mut seen, 0);
    if is_operation {
        let of_path = parts[1].clone();
        gather(tree, &of_path, reach, &mut seen, 0);
    }
    for at in &seen {
        parts.push(tree.pointer(at).cloned().unwrap_or_default());
    }
    Value::from(parts)
}

/// How far references are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// To all that can be reached: an operation shows examples of all that it sends and receives.
    Everything,
    /// To what a schema is made of: its parents, its alternatives, and names for other schemas.
    MadeOf,
}

/// Notes the components that a node refers to.
fn gather(tree: &Value, value: &Value, reach: Reach, seen: &mut BTreeSet<String>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Object(map) => {
            if let Some(at) = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|text| text.strip_prefix('#'))
            {
                let target = tree.pointer(at).unwrap_or(&Value::Null);
                if (reach == Reach::Everything || is_inlined(target)) && seen.insert(at.to_owned())
                {
                    gather(tree, target, reach, seen, depth + 1);
                }
            }
            for (key, value) in map {
                if reach == Reach::MadeOf && ["allOf", "oneOf", "anyOf"].contains(&key.as_str()) {
                    for part in value.as_array().into_iter().flatten() {
                        if let Some(at) = part
                            .get("$ref")
                            .and_then(Value::as_str)
                            .and_then(|text| text.strip_prefix('#'))
                            && seen.insert(at.to_owned())
                        {
                            gather(
                                tree,
                                tree.pointer(at).unwrap_or(&Value::Null),
                                reach,
                                seen,
                                depth + 1,
                            );
                        }
                    }
                }
                gather(tree, value, reach, seen, depth + 1);
            }
        }
        Value::Array(list) => {
            for value in list {
                gather(tree, value, reach, seen, depth + 1);
            }
        }
        _ => {}
    }
}

/// Whether a schema has no type of its own, so that what refers to it takes its type over.
fn is_inlined(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    !has("properties") && !has("enum") && !has("oneOf") && !has("anyOf") && !has("allOf")
}
