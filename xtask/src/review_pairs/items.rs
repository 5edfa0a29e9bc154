//! The public items of crates, as rustdoc and `public-api` have them, and the version step between two of them.
//!
//! The rules are those of the Cargo book's chapter on semver: what is gone or is another thing breaks; what comes does not,
//! but for a field of a struct that anybody can write out, a variant of an enum that anybody can match whole, and what a
//! trait demands. Names of arguments are nobody's to use. What is advised against as of now makes a minor version, as
//! Semantic Versioning has it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use public_api::Builder;
use serde::Deserialize;
use serde_json::Value;
use specmint::review::Step;

/// The attribute that leaves room for more fields or variants.
const NON_EXHAUSTIVE: &str = "#[non_exhaustive] ";

/// What begins a line that is no field and no variant.
const KINDS: &[&str] = &[
    "async", "const", "enum", "extern", "fn", "macro", "mod", "proc", "static", "struct", "trait",
    "type", "union", "unsafe", "use", "mut", "auto",
];

/// What the compiler implements by itself and no program can name, and what is said of traits that are not implemented.
const NAMELESS: &[&str] = &[
    "impl !",
    "impl core::marker::Freeze for",
    "impl core::marker::StructuralPartialEq for",
    "impl core::marker::UnsafeUnpin for",
];

/// The public items of a module.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// A line for each, without the names of the crate and the module.
    pub(super) lines: BTreeSet<String>,
    /// Structs, enums and traits, with their kinds.
    kinds: BTreeMap<String, &'static str>,
    /// The structs and enums that may get more fields or variants.
    growing: BTreeSet<String>,
    /// The lines that are advised against.
    deprecated: BTreeSet<String>,
}

/// How the version of a module's crate goes on.
#[derive(Debug)]
pub(super) struct Verdict {
    /// The step; [`Step::Patch`] if the public items are the same.
    pub(super) step: Step,
    /// The items that make it.
    pub(super) lines: Vec<String>,
    /// The items that break, without signs.
    pub(super) broken: Vec<String>,
    /// The types of calls, of both sides.
    pub(super) calls: BTreeSet<String>,
}

impl Default for Verdict {
    fn default() -> Self {
        Self {
            step: Step::Patch,
            lines: Vec::new(),
            broken: Vec::new(),
            calls: BTreeSet::new(),
        }
    }
}

/// What of rustdoc's JSON `public-api` does not show: which structs have private fields, and what is advised against.
#[derive(Deserialize)]
struct Documentation {
    index: BTreeMap<String, Entry>,
    paths: BTreeMap<String, Named>,
}

#[derive(Deserialize)]
struct Entry {
    inner: Inner,
    deprecation: Option<Value>,
}

#[derive(Deserialize)]
struct Inner {
    #[serde(rename = "struct")]
    record: Option<Record>,
}

#[derive(Deserialize)]
struct Record {
    kind: Value,
}

#[derive(Deserialize)]
struct Named {
    path: Vec<String>,
}

/// Reads the items of the crate `name` from its JSON, by module.
///
/// # Errors
/// The JSON cannot be read, or is of another format.
pub(super) fn read(json: &Path, name: &str) -> io::Result<BTreeMap<String, Items>> {
    let about = |what: String| io::Error::other(format!("`{}`: {what}", json.display()));
    let api = Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .build()
        .map_err(|err| about(err.to_string()))?;
    let text = fs::read(json)?;
    let documentation: Documentation =
        serde_json::from_slice(&text).map_err(|err| about(err.to_string()))?;
    let mut modules: BTreeMap<String, Items> = BTreeMap::new();
    for item in api.items() {
        let text = item.to_string();
        let Some((module, line)) = without_crate(&text, name) else {
            continue;
        };
        let items = modules.entry(module).or_default();
        items.add(&line);
        let entry = documentation.index.get(&item.id().0.to_string());
        if entry.is_some_and(|entry| entry.deprecation.is_some()) {
            items.deprecated.insert(line);
        }
    }
    for (id, entry) in &documentation.index {
        let has_private = entry.inner.record.as_ref().is_some_and(has_private_fields);
        let path = documentation.paths.get(id).map(|named| &named.path);
        if has_private
            && let Some([krate, module, path @ ..]) = path.map(Vec::as_slice)
            && krate == name
            && let Some(items) = modules.get_mut(module)
        {
            items.growing.insert(path.join("::"));
        }
    }
    Ok(modules)
}

fn has_private_fields(record: &Record) -> bool {
    let kind = &record.kind;
    let tuple = kind["tuple"].as_array();
    kind["plain"]["has_stripped_fields"] == true
        || tuple.is_some_and(|fields| fields.iter().any(Value::is_null))
}

/// The module of an item, and its line without the names of crate and module. `None` if it is of no module.
fn without_crate(text: &str, name: &str) -> Option<(String, String)> {
    let (_, rest) = text.split_once(&format!("{name}::"))?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    let module = &rest[..end.unwrap_or(rest.len())];
    let inside = format!("{name}::{module}::");
    let line = text.replace(&inside, "");
    let line = line.replace(&format!("{name}::{module}"), "self");
    Some((module.to_owned(), line))
}

impl Items {
    fn add(&mut self, line: &str) {
        if NAMELESS.iter().any(|start| line.starts_with(start)) {
            return;
        }
        let (line, grows) = match line.strip_prefix(NON_EXHAUSTIVE) {
            Some(line) => (line, true),
            None => (line, false),
        };
        for kind in ["struct", "enum", "trait"] {
            let own = line.strip_prefix(&format!("pub {kind} "));
            if let Some(path) = own.map(path) {
                self.kinds.insert(path.to_owned(), kind);
                if grows {
                    self.growing.insert(path.to_owned());
                }
            }
        }
        self.lines.insert(line.to_owned());
    }

    /// Whether an item that comes must be known by those who knew its parent.
    fn is_demanded(&self, line: &str) -> bool {
        let Some(line) = line.strip_prefix("pub ") else {
            return false;
        };
        let first = line.split(' ').next().unwrap_or_default();
        let is_member = !KINDS.contains(&first);
        let path = match is_member {
            true => path(line),
            false => path(line.rsplit_once(' ').map_or(line, |_| after_kinds(line))),
        };
        let Some((parent, _)) = path.rsplit_once("::") else {
            return false;
        };
        match self.kinds.get(parent) {
            Some(&"trait") => true,
            Some(_) => is_member && !self.growing.contains(parent),
            None => false,
        }
    }
}

/// A line behind the words that say what kind of item it is.
fn after_kinds(line: &str) -> &str {
    let mut rest = line;
    while let Some((word, tail)) = rest.split_once(' ')
        && KINDS.contains(&word)
    {
        rest = tail;
    }
    rest
}

/// The path that a line begins with.
fn path(line: &str) -> &str {
    let mut colons = line.match_indices(':').map(|(at, _)| at);
    // `a::b: T` ends at the colon that is alone
    let alone = colons.find(|at| {
        let bytes = line.as_bytes();
        bytes.get(at + 1) != Some(&b':') && (*at == 0 || bytes[at - 1] != b':')
    });
    let other = line.find([' ', '(', '<', ',']);
    let end = [alone, other].into_iter().flatten().min();
    &line[..end.unwrap_or(line.len())]
}

/// Compares two crates, module by module.
pub(super) fn compare(
    old: &BTreeMap<String, Items>,
    new: &BTreeMap<String, Items>,
) -> BTreeMap<String, Verdict> {
    let none = Items::default();
    let modules: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let modules = modules.into_iter().map(|module| {
        let before = old.get(module).unwrap_or(&none);
        let after = new.get(module).unwrap_or(&none);
        (module.clone(), step(before, after))
    });
    modules.collect()
}

fn step(old: &Items, new: &Items) -> Verdict {
    let mut lines: Vec<(Step, String)> = Vec::new();
    for line in old.lines.difference(&new.lines) {
        lines.push((Step::Major, format!("- {line}")));
    }
    let closed = new.growing.difference(&old.growing);
    for path in closed.filter(|path| old.kinds.contains_key(*path) && new.kinds.contains_key(*path))
    {
        lines.push((Step::Major, format!("- all of {path} is public")));
    }
    let opened = old.growing.difference(&new.growing);
    for path in opened.filter(|path| old.kinds.contains_key(*path) && new.kinds.contains_key(*path))
    {
        lines.push((Step::Minor, format!("+ all of {path} is public")));
    }
    for line in new.lines.difference(&old.lines) {
        let step = match old.is_demanded(line) {
            true => Step::Major,
            false => Step::Minor,
        };
        lines.push((step, format!("+ {line}")));
    }
    // Semantic Versioning 2.0.0, section 7
    let advised = new.deprecated.difference(&old.deprecated);
    for line in advised.filter(|line| old.lines.contains(*line)) {
        lines.push((Step::Minor, format!("deprecated {line}")));
    }
    let step = lines.iter().map(|(step, _)| *step).max();
    let step = step.unwrap_or(Step::Patch);
    let broken = lines.iter().filter(|(step, _)| *step == Step::Major);
    let broken = broken.map(|(_, line)| line[2..].to_owned()).collect();
    lines.retain(|(of, _)| *of == step);
    let calls = old.lines.iter().chain(&new.lines).filter_map(|line| {
        let (_, call) = line.split_once(" -> operations::")?;
        let is_call = line.starts_with("pub fn Client::");
        is_call.then(|| format!("operations::{call}"))
    });
    Verdict {
        step,
        broken,
        calls: calls.collect(),
        lines: lines.into_iter().map(|(_, line)| line).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(lines: &[&str]) -> Items {
        let mut items = Items::default();
        for line in lines {
            items.add(line);
        }
        items
    }

    #[test]
    fn what_comes_breaks_where_all_was_public() {
        #[rustfmt::skip]
        let table: &[(&[&str], &[&str], Step)] = &[
            (&["pub struct A", "pub A::b: u8"],  &["pub A::c: u8"],         Step::Major),
            (&["#[non_exhaustive] pub struct A"], &["pub A::c: u8"],        Step::Minor),
            (&["pub enum A"],                    &["pub A::B"],             Step::Major),
            (&["pub enum A"],                    &["pub A::B(u8)"],         Step::Major),
            (&["#[non_exhaustive] pub enum A"],  &["pub A::B(x::Y)"],       Step::Minor),
            (&["pub struct A"],                  &["pub fn A::c(&self)"],   Step::Minor),
            (&["pub trait A"],                   &["pub fn A::c(&self)"],   Step::Major),
            (&["pub struct A"],                  &["pub struct B", "pub B::c: u8"], Step::Minor),
            (&["pub struct A"],                  &["impl Clone for A"],     Step::Minor),
        ];
        for (old, more, wanted) in table {
            let new = [*old, *more].concat();
            assert_eq!(step(&items(old), &items(&new)).step, *wanted, "{more:?}");
            assert_eq!(
                step(&items(&new), &items(old)).step,
                Step::Major,
                "{more:?}"
            );
            assert_eq!(step(&items(old), &items(old)).step, Step::Patch);
        }
    }

    #[test]
    fn room_for_more_breaks_when_it_is_made() {
        let (open, growing) = (&["pub struct A"], &["#[non_exhaustive] pub struct A"]);
        assert_eq!(step(&items(open), &items(growing)).step, Step::Major);
        assert_eq!(step(&items(growing), &items(open)).step, Step::Minor);
    }

    #[test]
    fn an_item_is_of_the_module_that_it_names_first() {
        let text = "impl r::Replies<c::m1::operations::A> for c::m1::models::B";
        let line = "impl r::Replies<operations::A> for models::B";
        assert_eq!(
            without_crate(text, "c"),
            Some(("m1".to_owned(), line.to_owned()))
        );
        assert_eq!(without_crate("pub use runtime", "c"), None);
    }
}
