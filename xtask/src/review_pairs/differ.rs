//! What a differ of documents that knows nothing of ours calls breaking, and a review does not: openapi-diff of npm.
//!
//! It compares documents of OpenAPI 3.0 and Swagger 2.0. Of each break that it tells, the operation counts: a review must
//! find something there that breaks programs or the wire. A path of other parameter names is one path to a review, since
//! nobody sends the names.
//!
//! openapi-diff compares sets of values: a member that is new makes the set smaller where its name could stand for anything
//! before, and larger where it could not stand at all. To a review it is new, and breaks nobody, since clients do not send
//! what they do not know and pass over it where they get it: these are counted apart.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use specmint::Revision;
use specmint::options::{Options, Runtime};
use specmint::review::{Finding, Kind, Place};
use specmint::spec::Spec;

use super::explained::{self, Explained};
use super::list::Pair;
use crate::corpus::package;
use crate::{queue, root, target};

/// How long a pair may take, in seconds.
const LONGEST: u64 = 60;

/// Where the two differ, and why. A label is `PAIR: CODE OPERATION`.
const EXPLAINED: &str = include_str!("differ_explained.txt");

/// What the codes have of sets of values that are larger or smaller.
const SCOPE: &str = ".body.scope.";

/// What the differ says of a pair.
#[derive(Debug, Deserialize)]
struct Told {
    pair: usize,
    #[serde(default)]
    breaking: Vec<Break>,
    failed: Option<String>,
}

/// A difference that it calls breaking.
#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Break {
    code: String,
    /// As places call it.
    operation: String,
}

/// How many there are of what.
#[derive(Default)]
struct Tally {
    compared: usize,
    breaks: usize,
    known: usize,
    /// Those where a review tells of new members alone.
    grown: usize,
    missing: usize,
}

/// Asks the differ, and says what a review misses. Returns how much of it is wrong.
///
/// # Errors
/// The differ cannot be installed or started, or a file not be written.
pub(super) fn run(pairs: &[Pair], whole: bool, out: &mut impl Write) -> io::Result<usize> {
    let folder = target()?.join("review-pairs/differ");
    let mut told = ask(pairs, &folder)?;
    told.sort_by_key(|told| told.pair);
    let reviews = queue::each(pairs, queue::threads(), |_, pair| reviewed(pair));
    let explained = explained::parsed(EXPLAINED);
    let mut used = BTreeSet::new();
    let mut tally = Tally::default();
    for told in told {
        let (Some(pair), Some(reviewed)) = (pairs.get(told.pair), reviews.get(told.pair)) else {
            continue;
        };
        if let Some(why) = told.failed {
            writeln!(out, "{}: openapi-diff fails: {why}", pair.label)?;
            continue;
        }
        tally.compared += 1;
        for one in told.breaking.iter().collect::<BTreeSet<_>>() {
            tally.breaks += 1;
            let operation = bare(&one.operation);
            if reviewed.everywhere || reviewed.broken.contains(&operation) {
                continue;
            }
            if one.code.contains(SCOPE) && reviewed.grown.contains(&operation) {
                tally.grown += 1;
                continue;
            }
            let label = format!("{}: {} {}", pair.label, one.code, one.operation);
            match explained.iter().find(|entry| entry.label == label) {
                Some(Explained { reason, .. }) => {
                    tally.known += 1;
                    writeln!(out, "{label}: breaks nobody, since {reason}")?;
                    used.insert(label);
                }
                None => {
                    tally.missing += 1;
                    writeln!(out, "{label}: the review misses it")?;
                }
            }
        }
    }
    let unused = explained
        .iter()
        .filter(|entry| !used.contains(&entry.label));
    let unused: Vec<&Explained> = unused.filter(|_| whole).collect();
    for entry in &unused {
        writeln!(out, "{}: is explained, and not told", entry.label)?;
    }
    writeln!(
        out,
        "{} of {} pairs compared by openapi-diff: {} breaks in operations, {} of them missing in reviews; {} are members \
         that are new, {} break nobody for reasons that are known",
        tally.compared,
        pairs.len(),
        tally.breaks,
        tally.missing,
        tally.grown,
        tally.known
    )?;
    let nothing = usize::from(tally.compared == 0);
    Ok(tally.missing + unused.len() + nothing)
}

/// Has the differ compare all pairs.
fn ask(pairs: &[Pair], folder: &Path) -> io::Result<Vec<Told>> {
    package::install_at(&root().join("tests/differ"), folder)?;
    let mut list = Vec::new();
    for (number, pair) in pairs.iter().enumerate() {
        let write = |side: &str, spec: &Spec| {
            let path = folder.join(format!("{number}-{side}.json"));
            fs::write(&path, json(spec)?)?;
            io::Result::Ok(path)
        };
        list.push([write("old", &pair.old)?, write("new", &pair.new)?]);
    }
    let path = folder.join("pairs.json");
    fs::write(&path, serde_json::to_vec(&list)?)?;
    let output = Command::new("node")
        .args(["--max-old-space-size=4000", "diff.js"])
        .arg(&path)
        .arg(LONGEST.to_string())
        .current_dir(folder)
        .stderr(fs::File::create(folder.join("differ.log"))?)
        .output()?;
    if !output.status.success() {
        let text = format!("openapi-diff: {}; see {}", output.status, folder.display());
        return Err(io::Error::other(text));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let told = text.lines().map(serde_json::from_str);
    Ok(told.collect::<Result<_, _>>()?)
}

/// A document as JSON.
fn json(spec: &Spec) -> io::Result<String> {
    let text = &spec.source.text;
    let value: Result<serde_json::Value, _> = serde_yaml::from_str(text);
    match value {
        Ok(value) => Ok(serde_json::to_string(&value)?),
        // what YAML refuses may be JSON: tabs
        Err(_) => Ok(text.clone()),
    }
}

/// What a review of a pair tells. Operations are without the names of parameters.
struct Reviewed {
    /// Something of the whole API breaks somebody.
    everywhere: bool,
    /// The operations where something breaks somebody.
    broken: BTreeSet<String>,
    /// The operations where a type has a member that is new.
    grown: BTreeSet<String>,
}

fn reviewed(pair: &Pair) -> Reviewed {
    let options = Options::new("clients", Runtime::Embedded, "cargo xtask review-pairs");
    let named = |spec: &Spec| {
        [Spec {
            name: "api".to_owned(),
            ..spec.clone()
        }]
    };
    let (old, new) = (named(&pair.old), named(&pair.new));
    let [before, after] = [&old, &new].map(|specs| Revision { specs, lock: None });
    let review = specmint::review(&before, &after, &options).review;
    let review = review.unwrap_or_default();
    let of = |test: fn(&Finding) -> bool| {
        let findings = review.findings().filter(|finding| test(finding));
        findings.flat_map(operations).collect()
    };
    let is_whole = |finding: &Finding| finding.place == Place::Api;
    Reviewed {
        everywhere: review.findings().any(|one| one.breaks() && is_whole(one)),
        broken: of(Finding::breaks),
        grown: of(|finding| finding.kind == Kind::FieldAdded),
    }
}

/// The operations that a finding is about; of one that moved both.
fn operations(finding: &Finding) -> impl Iterator<Item = String> {
    let own = match &finding.place {
        Place::Operation(operation, _) => Some(operation.as_str()),
        _ => None,
    };
    let before = match finding.kind {
        Kind::OperationMoved => finding.message.split('`').nth(1),
        _ => None,
    };
    let others = finding.operations.iter().map(String::as_str);
    let all = own.into_iter().chain(before).chain(others);
    all.map(bare)
}

/// An operation without the names of its path's parameters.
fn bare(operation: &str) -> String {
    let mut out = String::new();
    let mut rest = operation;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, tail)| tail);
    }
    out + rest
}
