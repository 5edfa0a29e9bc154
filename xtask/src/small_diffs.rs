//! What moves in a client when its document changes: `cargo xtask small-diffs`.
//!
//! Two versions of a document are generated, the later one with the lock of the earlier. Lines that differ belong into
//! what is made of operations and schemas that differ: their files, and their sections of pages. Files that list (indices
//! of modules, Cargo's features, the README, the lock) may have lines that name such a thing. All other lines are faults.
//! Counted apart is what follows from the schemas that something holds: an answer of a fake is another if the schema of
//! one of its members is, and a program must give what another type now demands.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use specmint::spec::Spec;
use xtask::moved::{Cause, Moved, Place, State, moved};

use crate::corpus::documents::{self, Document};
use crate::corpus::package;
use crate::queue;

/// How many lines of a file that should not differ are shown.
const SHOWN: usize = 6;

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// The folder with the later versions; the package of the corpus if it is left out
    #[arg(long, value_name = "DIR")]
    new: Option<PathBuf>,
    /// A folder with earlier versions under the same names; without it names that differ in their last number are versions
    #[arg(long, value_name = "DIR")]
    old: Option<PathBuf>,
    /// Fetch the corpus as it was in this version of its package, for the earlier versions
    #[arg(long, value_name = "VERSION", conflicts_with = "old")]
    since: Option<String>,
    /// Use only documents whose name contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Compare no more pairs than this, the smaller ones first
    #[arg(long, value_name = "N")]
    pairs: Option<usize>,
    /// Show also lines of what holds something that differs
    #[arg(long)]
    held: bool,
}

/// Two versions of a document.
struct Pair {
    old: Document,
    new: Document,
}

/// What was found of a pair.
#[derive(Default)]
struct Found {
    /// Lines of what differs, by where they stand.
    own: BTreeMap<Place, usize>,
    /// Lines of what is as it was, but holds something that differs.
    held: BTreeMap<Place, usize>,
    /// The latter, by file and section.
    values: BTreeMap<String, Vec<String>>,
    /// Lines that nothing accounts for, by file and section.
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
    let old = match (&asked.old, &asked.since) {
        (Some(folder), _) => Some(folder.clone()),
        (None, Some(version)) => Some(package::fetch_version(version)?),
        (None, None) => None,
    };
    let mut pairs = match old {
        Some(folder) => same_names(documents::find(&folder)?, new)?,
        None => series(new),
    };
    pairs.sort_by_key(|pair| pair.new.bytes);
    pairs.truncate(asked.pairs.unwrap_or(usize::MAX));
    let found = queue::each(&pairs, queue::threads(), |_, pair| compare(pair));
    let faults = print(asked, &pairs, &found, &mut io::stdout().lock())?;
    Ok(match faults {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Prints what was found; returns how many lines moved where nothing should.
fn print(
    asked: &Asked,
    pairs: &[Pair],
    found: &[Found],
    out: &mut impl Write,
) -> io::Result<usize> {
    let mut all = Found::default();
    let mut faults = 0;
    for (pair, found) in pairs.iter().zip(found) {
        let (old, new) = (&pair.old.name, &pair.new.name);
        let lines: usize = found.faults.values().map(Vec::len).sum();
        faults += lines;
        match &found.refused {
            Some(why) => writeln!(out, "{old} -> {new}: not compared: {why}")?,
            None => writeln!(
                out,
                "{old} -> {new}: {} lines of what differs, {} of what holds that, {lines} elsewhere",
                found.own.values().sum::<usize>(),
                found.held.values().sum::<usize>(),
            )?,
        }
        let held = found.values.iter().filter(|_| asked.held);
        for (file, lines) in held.chain(&found.faults) {
            writeln!(out, "  {file}")?;
            for line in lines.iter().take(SHOWN) {
                writeln!(out, "    {line}")?;
            }
        }
        for (all, some) in [(&mut all.own, &found.own), (&mut all.held, &found.held)] {
            for (place, lines) in some {
                *all.entry(*place).or_default() += lines;
            }
        }
    }
    let compared = found.iter().filter(|found| found.refused.is_none()).count();
    writeln!(out, "{compared} pairs compared")?;
    for (what, lines) in [("what differs", &all.own), ("what holds that", &all.held)] {
        let sum: usize = lines.values().sum();
        let places: Vec<String> = lines
            .iter()
            .map(|(place, lines)| format!("{lines} in {place}"))
            .collect();
        writeln!(out, "{sum} lines of {what}: {}", places.join(", "))?;
    }
    writeln!(out, "{faults} lines elsewhere")?;
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

fn compare(pair: &Pair) -> Found {
    compared(pair).unwrap_or_else(|why| Found {
        refused: Some(why),
        ..Found::default()
    })
}

fn compared(pair: &Pair) -> Result<Found, String> {
    let read = |document: &Document| Spec::read(&document.path).map_err(|err| err.to_string());
    let old = State::first(read(&pair.old)?)?;
    let new = old.next(read(&pair.new)?)?;
    let mut found = Found::default();
    for moved in moved(&old, &new) {
        let Moved {
            at,
            place,
            cause,
            lines,
        } = moved;
        match cause {
            Cause::Own => *found.own.entry(place).or_default() += lines.len(),
            Cause::Held => {
                *found.held.entry(place).or_default() += lines.len();
                found.values.insert(at, lines);
            }
            Cause::Nothing => drop(found.faults.insert(at, lines)),
        }
    }
    Ok(found)
}
