//! Which documents are compared.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use specmint::load::Selection;
use specmint::spec::Spec;

use crate::corpus::documents::{self, Document};
use crate::corpus::package;

/// What labels of cases begin with.
pub(super) const CASE: &str = "case ";

/// Pairs of real documents, with how to read the list in its beginning.
const PAIRS: &str = include_str!("pairs.txt");

/// Two states of a document.
pub(super) struct Pair {
    /// What people call it.
    pub(super) label: String,
    /// The module that both become.
    pub(super) module: String,
    /// The earlier state.
    pub(super) old: Spec,
    /// The later state.
    pub(super) new: Spec,
    /// The size of the later state, in bytes.
    pub(super) bytes: u64,
}

impl Pair {
    fn new(label: String, old: Spec, new: Spec) -> Self {
        Self {
            label,
            module: String::new(),
            bytes: new.source.text.len() as u64,
            old,
            new,
        }
    }
}

/// The cases of a folder, each with an `old.yaml` and a `new.yaml`.
///
/// # Errors
/// The folder or a document cannot be read.
pub(super) fn cases(folder: &Path) -> io::Result<Vec<Pair>> {
    let mut cases = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let label = format!("{CASE}{name}");
            let state = |file: &str| Spec::read(&path.join(file));
            cases.push(Pair::new(label, state("old.yaml")?, state("new.yaml")?));
        }
    }
    cases.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(cases)
}

/// Which pairs of the list are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All.
    All,
    /// Those of the later package alone: the earlier one is not even fetched.
    SideBySide,
}

/// The pairs of the list, from two folders of documents, or from the packages.
///
/// # Errors
/// A package cannot be fetched, or a document not be read.
pub(super) fn real(
    wanted: Wanted,
    old: Option<&Path>,
    new: Option<&Path>,
) -> io::Result<Vec<Pair>> {
    let new = match new {
        Some(folder) => folder.to_owned(),
        None => package::fetch()?,
    };
    let new = named(&new)?;
    let old = match (wanted, old) {
        (Wanted::SideBySide, _) => BTreeMap::new(),
        (Wanted::All, Some(folder)) => named(folder)?,
        (Wanted::All, None) => named(&package::earlier()?)?,
    };
    let lines = PAIRS
        .lines()
        .filter_map(|line| Line::parse(line).transpose());
    let lines: Vec<Line<'_>> = lines.collect::<io::Result<_>>()?;
    let lines = lines
        .iter()
        .filter(|line| wanted == Wanted::All || line.new.is_some());
    lines.map(|line| pair(line, &old, &new)).collect()
}

fn named(folder: &Path) -> io::Result<BTreeMap<String, Document>> {
    let documents = documents::find(folder)?.into_iter();
    Ok(documents
        .map(|document| (document.name.clone(), document))
        .collect())
}

fn pair(
    line: &Line<'_>,
    old: &BTreeMap<String, Document>,
    new: &BTreeMap<String, Document>,
) -> io::Result<Pair> {
    let read = |documents: &BTreeMap<String, Document>, name: &str| {
        let document = documents.get(name);
        let document = document.ok_or_else(|| io::Error::other(format!("no document `{name}`")))?;
        let mut spec = Spec::read(&document.path)?;
        if let Some(tag) = line.tag {
            let pattern = format!("tag:{tag}").parse().map_err(io::Error::other)?;
            spec.selection = Selection {
                only: vec![pattern],
                ..Selection::default()
            };
        }
        Ok::<_, io::Error>(spec)
    };
    let mut label = match line.new {
        Some(name) => format!("{} -> {name}", line.old),
        None => line.old.to_owned(),
    };
    if let Some(tag) = line.tag {
        label = format!("{label} ({tag})");
    }
    let (before, after) = match line.new {
        Some(name) => (read(new, line.old)?, read(new, name)?),
        None => (read(old, line.old)?, read(new, line.old)?),
    };
    Ok(Pair::new(label, before, after))
}

/// A line of the list.
#[derive(Debug, PartialEq)]
struct Line<'a> {
    old: &'a str,
    new: Option<&'a str>,
    tag: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// Reads a line; `None` if there is only a comment in it.
    fn parse(line: &'a str) -> io::Result<Option<Self>> {
        let text = line.split('#').next().unwrap_or_default();
        let words: Vec<&str> = text.split_whitespace().collect();
        let (names, tag) = match words.as_slice() {
            [names @ .., "--only-tag", tag] => (names, Some(*tag)),
            names => (names, None),
        };
        let (old, new) = match names {
            [] => return Ok(None),
            [old] => (*old, None),
            [old, new] => (*old, Some(*new)),
            _ => return Err(io::Error::other(format!("no pair: `{line}`"))),
        };
        Ok(Some(Self { old, new, tag }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_name_or_two_with_a_tag_and_a_comment() {
        let parsed = |line| Line::parse(line).expect("it is a line");
        let line = |old, new, tag| Some(Line { old, new, tag });
        assert_eq!(parsed("# nothing"), None);
        assert_eq!(parsed("a/b  # why"), line("a/b", None, None));
        assert_eq!(parsed("a b --only-tag t"), line("a", Some("b"), Some("t")));
        assert!(Line::parse("a b c").is_err());
    }
}
