//! Which parts of a client differ between two states of its document, and whether what they are made of does.
//!
//! A part is what one operation or one schema has of a file: its file of code, its section of a page. All else is a list:
//! indices of modules, Cargo's features, tables of contents, lists of where a type is used. Lines of parts are expected
//! where the operation or schema differs; lines of lists are expected to name one that does.

mod document;
mod pieces;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use specmint::diag::Diagnostics;
use specmint::load::{self, LoadOptions};
use specmint::lock::{self, Lock};
use specmint::options::{Options, Runtime};
use specmint::spec::Spec;

use document::Difference;
use pieces::{Piece, pieces};

/// What follows the name of an operation in the names of its other types.
const ENDINGS: &[&str] = &["error", "output", "body", "headers"];

/// One state of a client, with the document that it was made from.
#[derive(Debug)]
pub struct State {
    /// The files by path; the module is called `api`.
    pub files: BTreeMap<String, String>,
    /// The document in its normal form.
    pub tree: Value,
}

impl State {
    /// The client of a document that had none.
    ///
    /// # Errors
    /// Why there is none.
    pub fn first(spec: Spec) -> Result<Self, String> {
        Self::made(spec, Lock::default())
    }

    /// The client of the next state of the document, with the lock of this one.
    ///
    /// # Errors
    /// Why there is none.
    pub fn next(&self, spec: Spec) -> Result<Self, String> {
        let lock = self.files.get(lock::PATH).map_or("", String::as_str);
        Self::made(spec, Lock::parse(lock).map_err(|why| why.to_string())?)
    }

    fn made(mut spec: Spec, lock: Lock) -> Result<Self, String> {
        spec.name = "api".to_owned();
        spec.source.path = "api.json".to_owned();
        let mut diagnostics = Diagnostics::default();
        let options = LoadOptions::default();
        let read = load::load(&spec.source, None, &options, &mut diagnostics);
        let tree = read.ok_or("nothing can be read of it")?.tree;
        let runtime = Runtime::Version("0.1".to_owned());
        let options = Options {
            lock,
            ..Options::new("client", runtime, "cargo xtask")
        };
        let output =
            specmint::generate(&[spec], &options).map_err(|refusal| refusal.to_string())?;
        let files = output.files.into_iter().map(|file| (file.path, file.text));
        Ok(Self {
            files: files.collect(),
            tree,
        })
    }
}

/// Where a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// `src/api/models/…`
    Model,
    /// `docs/api/models/…`
    ModelPage,
    /// `src/api/operations/…`
    Operation,
    /// A section of `docs/api/operations/…`
    OperationPage,
    /// `src/api/mock/…`
    Fake,
    /// Any other file, and lists in those.
    List,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Model => "code of schemas",
            Self::ModelPage => "pages of schemas",
            Self::Operation => "code of operations",
            Self::OperationPage => "pages of operations",
            Self::Fake => "fakes",
            Self::List => "lists",
        })
    }
}

/// Why lines differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// What they are of came, went or differs; lines of lists name such a thing.
    Own,
    /// A schema differs that the operation or schema holds, and of which its examples and answers show values.
    Held,
    /// Nothing that they have to do with.
    Nothing,
}

/// Lines of a part or a list that differ for one cause.
#[derive(Debug)]
pub struct Moved {
    /// The file, and behind `#` the section.
    pub at: String,
    /// Where it stands.
    pub place: Place,
    /// Why the lines differ.
    pub cause: Cause,
    /// The lines that are in one of the states alone, with their signs.
    pub lines: Vec<String>,
}

/// What differs between two states.
#[must_use]
pub fn moved(old: &State, new: &State) -> Vec<Moved> {
    let (before, after) = (pieces(&old.files), pieces(&new.files));
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let difference = Difference::new(&old.tree, &new.tree);
    let mut found = Vec::new();
    let mut names = Names::default();
    let mut lists = Vec::new();
    for key in keys {
        let (from, to) = (before.get(key), after.get(key));
        let Some(place) = from.or(to).map(|piece| piece.place) else {
            continue;
        };
        let lines = differing(text(from), text(to));
        if place == Place::List {
            if from.is_none() || to.is_none() {
                names.own.extend(pieces::names(key));
            }
            lists.push((key, from, to, lines));
            continue;
        }
        let cause = difference.cause(
            from.and_then(|piece| piece.from),
            to.and_then(|piece| piece.from),
        );
        match cause {
            Cause::Own => names.own.extend(pieces::names(key)),
            Cause::Held => names.held.extend(pieces::names(key)),
            Cause::Nothing => {}
        }
        push(&mut found, key, place, cause, lines);
    }
    for (key, from, to, lines) in lists {
        let shown = names.cause_of_programs(key, text(from), text(to));
        let mut by_cause: BTreeMap<Cause, Vec<String>> = BTreeMap::new();
        let lines = pieces::without_counts(lines);
        let lines = pieces::without_sections(lines, |line| names.is_named(line));
        for line in lines {
            let is_whole = from.is_none() || to.is_none();
            let is_frame = || pieces::is_frame(&line, text(from), text(to));
            let is_of_api = || difference.is_api_another() || key == lock::PATH;
            // the features of a type are those of the operations that reach it
            let is_gate = || !names.own.is_empty() && line.contains("Compiled with ");
            let is_expected = is_whole || names.is_named(&line) || is_of_api() || is_frame();
            let cause = match () {
                () if is_expected || is_gate() => Cause::Own,
                () => shown,
            };
            by_cause.entry(cause).or_default().push(line);
        }
        for (cause, lines) in by_cause {
            push(&mut found, key, Place::List, cause, lines);
        }
    }
    found
}

fn text<'a>(piece: Option<&'a Piece<'_>>) -> &'a str {
    piece.map_or("", |piece| piece.text.as_str())
}

fn push(found: &mut Vec<Moved>, at: &str, place: Place, cause: Cause, lines: Vec<String>) {
    if !lines.is_empty() {
        let at = at.to_owned();
        found.push(Moved {
            at,
            place,
            cause,
            lines,
        });
    }
}

/// The lines that are in one of the texts alone, with their signs.
fn differing(before: &str, after: &str) -> Vec<String> {
    if before == after {
        return Vec::new();
    }
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

/// What differs, by the names that lists have of it: small letters and digits alone.
#[derive(Default)]
struct Names {
    own: BTreeSet<String>,
    held: BTreeSet<String>,
}

impl Names {
    /// Whether a line names something that differs.
    fn is_named(&self, line: &str) -> bool {
        pieces::tokens(line).any(|token| self.own.contains(&token))
    }

    /// Why a program differs that stands in a list: because of the operations that it calls.
    fn cause_of_programs(&self, key: &str, before: &str, after: &str) -> Cause {
        let calls = |text: &str, names: &BTreeSet<String>| {
            let mut called = pieces::called(text);
            called.any(|name| names.contains(&name))
        };
        let is_any = |names| calls(before, names) || calls(after, names);
        match () {
            () if key.contains("/models/") => Cause::Nothing,
            () if is_any(&self.own) => Cause::Own,
            () if is_any(&self.held) => Cause::Held,
            () => Cause::Nothing,
        }
    }
}
