//! Which types and operations a review says are broken, and which ones the generated crates say are.
//!
//! A step may be right by chance where much changes. So the names are compared as well: each type of `models`, `servers` and
//! `oauth`, and each operation with all that belongs to it, is a *unit*, and a unit with a line that breaks is broken.

use std::collections::BTreeSet;

use specmint::review::{ApiReview, Effect};

use super::items::Verdict;

/// Modules whose items have names of their own.
const MODULES: &[&str] = &["models::", "operations::", "servers::", "oauth::"];

/// The units that only one of the two says are broken.
#[derive(Debug, Default)]
pub(super) struct Differing {
    /// The review does not know of them: its line of the crates.
    pub(super) missed: Vec<String>,
    /// Only the review says so: its item.
    pub(super) invented: Vec<String>,
}

/// Compares what is broken by name.
pub(super) fn compare(verdict: &Verdict, review: Option<&ApiReview>) -> Differing {
    let changes = review.iter().flat_map(|review| &review.findings);
    let changes = changes.flat_map(|finding| &finding.items);
    let changes: Vec<_> = changes
        .filter(|change| change.effect == Effect::Breaking)
        .collect();
    let lines = changes.iter().filter_map(|change| {
        let line = change.old.as_deref().or(change.new.as_deref())?;
        Some((unit(line, &verdict.calls), line))
    });
    let said: Vec<(String, &str)> = lines.collect();
    // what is called otherwise is told once, and not where it is used
    let renamed = changes.iter().flat_map(|change| {
        let gone = change.old.as_deref().filter(|_| {
            let new = change.new.as_deref().unwrap_or_default();
            change.new.is_none() || is_name(new) || new.starts_with("type ")
        });
        let name = gone.map(|line| unit(line, &verdict.calls));
        let new = change.new.as_deref().filter(|line| is_name(line));
        name.into_iter().chain(new.map(str::to_owned))
    });
    let renamed: BTreeSet<String> = renamed.collect();
    let told: BTreeSet<&str> = said.iter().map(|(unit, _)| unit.as_str()).collect();
    // modules go with all that is in them, and implementations with the operations that their lines name
    let is_own = |line: &&String| {
        let within = [" mod ", "::DECLARED", "::write(", "::default("];
        !within.iter().any(|part| line.contains(part)) && names_an_item(line)
    };
    let broken = verdict.broken.iter().filter(is_own);
    let broken: Vec<(String, &String)> = broken
        .map(|line| (unit(line, &verdict.calls), line))
        .collect();
    let known: BTreeSet<&str> = broken.iter().map(|(unit, _)| unit.as_str()).collect();
    let mut differing = Differing::default();
    for (unit, line) in &broken {
        let mentioned = renamed.iter().any(|name| mentions(line, name));
        if !told.contains(unit.as_str()) && !mentioned {
            differing.missed.push((*line).clone());
        }
    }
    for (unit, line) in &said {
        if !known.contains(unit.as_str()) && !renamed.contains(unit) {
            differing.invented.push((*line).to_owned());
        }
    }
    differing
}

/// Whether a line is a name and nothing else.
fn is_name(line: &str) -> bool {
    line.starts_with("models::") && !line.contains([' ', '(', '.'])
}

/// Whether a line is about an item where it is defined, and not where it is handed on.
fn names_an_item(line: &str) -> bool {
    let roots = ["Client", "feature ", "impl "];
    MODULES.iter().chain(&roots).any(|root| line.contains(root))
}

/// Whether a path stands in a line as a whole.
fn mentions(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let next = line[at + path.len()..].chars().next();
        !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// What a line is about: the operation of a call, or the first type that it names.
fn unit(line: &str, calls: &BTreeSet<String>) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    let path = |start: usize, module: &str| {
        let rest = &line[start + module.len()..];
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        format!("{module}{}", &rest[..end])
    };
    if line.contains("Client::")
        && let Some((_, call)) = line.split_once(" -> operations::")
    {
        return format!("operations::{call}");
    }
    let found = MODULES
        .iter()
        .filter_map(|module| Some((line.find(module)?, *module)));
    let Some((at, module)) = found.min() else {
        let line = line.trim_start_matches("pub fn ");
        return line.split('(').next().unwrap_or_default().to_owned();
    };
    let name = path(at, module);
    if module != "operations::" {
        return name;
    }
    let owners = calls.iter().filter(|call| name.starts_with(call.as_str()));
    owners
        .max_by_key(|call| call.len())
        .cloned()
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_about_an_operation_or_the_first_type() {
        let calls = BTreeSet::from(["operations::AddPet".to_owned()]);
        #[rustfmt::skip]
        let table = [
            ("pub fn Client::add_pet(&self, models::Pet) -> operations::AddPet", "operations::AddPet"),
            ("pub enum operations::AddPetOutput",                "operations::AddPet"),
            ("impl core::clone::Clone for models::Pet",          "models::Pet"),
            ("models::Pet.name: Option<String>",                 "models::Pet"),
            ("pub fn ClientBuilder::key(self, impl Into<S>)",    "ClientBuilder::key"),
            ("ClientBuilder::key(impl Into<Secret>)",            "ClientBuilder::key"),
            ("feature m000-pets",                                "feature m000-pets"),
        ];
        for (line, wanted) in table {
            assert_eq!(unit(line, &calls), wanted, "{line}");
        }
    }
}
