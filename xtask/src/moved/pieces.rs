//! The files of a client in pieces: one for each operation and each schema, and lists.

use std::collections::{BTreeMap, BTreeSet};

use super::{ENDINGS, Place};

/// What one operation or schema has of a file, or what lists.
pub(super) struct Piece<'a> {
    pub(super) place: Place,
    /// What it is made of: the rest of a pointer behind its first slash.
    pub(super) from: Option<&'a str>,
    pub(super) text: String,
}

/// The pieces by file and section.
pub(super) fn pieces(files: &BTreeMap<String, String>) -> BTreeMap<String, Piece<'_>> {
    let mut found = BTreeMap::new();
    for (path, text) in files {
        let rest = |folder: &str| path.strip_prefix(folder);
        if rest("docs/api/models/").is_some() {
            let (page, uses) = text.split_once("\n## Used by\n").unwrap_or((text, ""));
            put(&mut found, path, Place::ModelPage, pointer(text), page);
            put(
                &mut found,
                &format!("{path}#used by"),
                Place::List,
                None,
                uses,
            );
        } else if rest("docs/api/operations/").is_some() {
            sections(&mut found, path, text);
        } else {
            let (place, from) = if rest("src/api/models/").is_some() {
                (Place::Model, pointer(text))
            } else if rest("src/api/operations/").is_some() {
                (Place::Operation, pointer(text))
            } else if let Some(file) = rest("src/api/mock/") {
                let operation = files.get(&format!("src/api/operations/{file}"));
                (Place::Fake, operation.and_then(|text| pointer(text)))
            } else {
                (Place::List, None)
            };
            put(&mut found, path, place, from, text);
        }
    }
    found
}

fn put<'a>(
    found: &mut BTreeMap<String, Piece<'a>>,
    key: &str,
    place: Place,
    from: Option<&'a str>,
    text: &str,
) {
    let text = format!("{}\n", text.trim());
    found.insert(key.to_owned(), Piece { place, from, text });
}

/// The page of a group: a section for each operation, and before them a list.
fn sections<'a>(found: &mut BTreeMap<String, Piece<'a>>, path: &str, text: &'a str) {
    let mut rest = text;
    let mut key = path.to_owned();
    loop {
        let end = heading(rest);
        let (own, next) = rest.split_at(end.unwrap_or(rest.len()));
        let place = match key == path {
            true => Place::List,
            false => Place::OperationPage,
        };
        put(found, &key, place, pointer(own), own);
        if end.is_none() {
            return;
        }
        let title = next.lines().next().unwrap_or_default();
        key = format!("{path}#{}", title.trim_start_matches("## "));
        rest = next;
    }
}

/// Where the next heading of an operation begins, behind the first line and outside of code.
fn heading(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut is_code = false;
    for line in text.split_inclusive('\n') {
        is_code ^= line.starts_with("```");
        if at > 0 && !is_code && line.starts_with("## ") {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The first pointer that a text names: what it is made of.
fn pointer(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("`#/")?;
    rest.split('`').next()
}

/// The names that lists have of what stands at a key.
pub(super) fn names(key: &str) -> impl Iterator<Item = String> {
    let (path, section) = key.split_once('#').unwrap_or((key, ""));
    let stem = path.rsplit('/').next().unwrap_or_default();
    let stem = stem.split('.').next().unwrap_or_default();
    let name = plain(if section.is_empty() { stem } else { section });
    let endings = ENDINGS.iter().map(|ending| ending.to_string());
    let before = ["model", "operations"].map(|before| format!("{before}{name}"));
    let with_endings: Vec<String> = endings.map(|ending| format!("{name}{ending}")).collect();
    [vec![name], before.to_vec(), with_endings]
        .concat()
        .into_iter()
}

/// The words of a line, as [`names`] has them.
pub(super) fn tokens(line: &str) -> impl Iterator<Item = String> + '_ {
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.map(plain).filter(|word| !word.is_empty())
}

fn plain(word: &str) -> String {
    let signs = word.chars().filter(|c| c.is_alphanumeric());
    signs.flat_map(char::to_lowercase).collect()
}

/// The methods that a text calls.
pub(super) fn called(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('.').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        rest[end..].starts_with('(').then(|| plain(&rest[..end]))
    })
}

/// Lines without those that differ from another in a number alone: in how many there are.
pub(super) fn without_counts(lines: Vec<String>) -> Vec<String> {
    let words = |line: &String| -> String {
        let rest = line.get(1..).unwrap_or_default();
        rest.chars().filter(|c| !c.is_ascii_digit()).collect()
    };
    let sided = |sign: char| -> BTreeSet<String> {
        let lines = lines.iter().filter(|line| line.starts_with(sign));
        lines.map(words).collect()
    };
    let (gone, come) = (sided('-'), sided('+'));
    let is_count = |line: &String| {
        let words = words(line);
        line.contains(|c: char| c.is_ascii_digit())
            && gone.contains(&words)
            && come.contains(&words)
    };
    lines
        .iter()
        .filter(|line| !is_count(line))
        .cloned()
        .collect()
}

/// Lines without headings, and what stands behind them, of sections that come or go with what they list.
pub(super) fn without_sections(lines: Vec<String>, is_named: impl Fn(&str) -> bool) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = lines.as_slice();
    while let Some(first) = rest.first() {
        let is_heading = |line: &String| line.get(1..).is_some_and(|line| line.starts_with('#'));
        let is_over = |line: &String| is_heading(line) || line[..1] != first[..1];
        let end = rest[1..]
            .iter()
            .position(is_over)
            .map_or(rest.len(), |end| end + 1);
        let (section, after) = rest.split_at(end);
        let is_listed = is_heading(first) && section.iter().any(|line| is_named(line));
        if !is_listed {
            out.extend_from_slice(section);
        }
        rest = after;
    }
    out
}

/// Whether a line names nothing, or stands in both states and more often in one: the head of a table, an attribute.
pub(super) fn is_frame(line: &str, before: &str, after: &str) -> bool {
    if tokens(line).next().is_none() {
        return true;
    }
    let line = line.get(1..).unwrap_or_default();
    let has = |text: &str| text.lines().any(|other| other.trim_end() == line);
    has(before) && has(after)
}
