//! Which documents are taken, and which of their operations.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;
use specmint::load::{Pattern, Selection};
use specmint::spec::Spec;

use crate::corpus::documents::Document;

/// Smaller documents have few operations, in bytes.
const SMALLEST: u64 = 30_000;

/// Takes `count` documents of up to so many megabytes: of each vendor the largest, and of the vendors, in the order
/// of their names, each so-and-so-many-th. Where there are fewer vendors, more of each.
pub(super) fn pick(documents: &[Document], count: usize, up_to: f64) -> Vec<Document> {
    let mut vendors: BTreeMap<&str, Vec<&Document>> = BTreeMap::new();
    let fits = |document: &&Document| document.bytes as f64 <= up_to * 1e6;
    for document in documents.iter().filter(fits) {
        vendors.entry(document.vendor()).or_default().push(document);
    }
    for of_vendor in vendors.values_mut() {
        of_vendor.sort_by_key(|document| std::cmp::Reverse((document.bytes, &document.name)));
    }
    let mut picked: Vec<Document> = Vec::new();
    for round in 0..documents.len() {
        let next = vendors
            .values()
            .filter_map(|of_vendor| of_vendor.get(round));
        let all: Vec<&Document> = next.copied().collect();
        let large: Vec<&Document> = all
            .iter()
            .copied()
            .filter(|one| one.bytes >= SMALLEST)
            .collect();
        let wanted = count - picked.len();
        let from = if large.len() >= wanted { large } else { all };
        if wanted == 0 || from.is_empty() {
            break;
        }
        let taken = wanted.min(from.len());
        picked.extend((0..taken).map(|index| from[index * from.len() / taken].clone()));
    }
    picked.sort_by(|a, b| a.name.cmp(&b.name));
    picked
}

/// How many operations are taken of each document that has so many, for `wanted` in all.
pub(super) fn share(operations: &[usize], wanted: usize) -> usize {
    let most = operations.iter().copied().max().unwrap_or_default();
    let sum = |share: usize| {
        operations
            .iter()
            .map(|count| share.min(*count))
            .sum::<usize>()
    };
    (0..most)
        .find(|share| sum(*share) >= wanted)
        .unwrap_or(most)
}

/// A document that was read, and the patterns of its operations.
pub(super) struct Listed {
    spec: Spec,
    pub(super) operations: Vec<Pattern>,
}

/// Reads a document and lists its operations. A document that is none has none.
///
/// # Errors
/// The document cannot be read.
pub(super) fn list(at: usize, document: &Document) -> io::Result<Listed> {
    let mut spec = Spec::read(&document.path)?;
    spec.name = format!("d{at:04}");
    let text = &spec.source.text;
    let tree = serde_json::from_str::<Value>(text).ok();
    let tree = tree.or_else(|| serde_yaml::from_str(text).ok());
    let paths = tree.as_ref().and_then(|tree| tree["paths"].as_object());
    let mut operations = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        // A fragment, or a character that a pattern gives another meaning.
        if path.contains(['*', '?', '[', ']', '#', '\\', '!']) {
            continue;
        }
        let methods = METHODS.iter().filter(|method| item.get(**method).is_some());
        operations
            .extend(methods.filter_map(|method| format!("path:{method} {path}").parse().ok()));
    }
    Ok(Listed { spec, operations })
}

impl Listed {
    /// The document with `count` of its operations selected, evenly over it.
    pub(super) fn select(&self, count: usize) -> Spec {
        let mut spec = self.spec.clone();
        let all = &self.operations;
        if all.len() > count {
            let even = (0..count).map(|index| all[index * all.len() / count].clone());
            spec.selection = Selection {
                only: even.collect(),
                exclude: Vec::new(),
            };
        }
        spec
    }
}

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_with_few_operations_leave_the_rest_to_others() {
        assert_eq!(share(&[2, 10, 100], 22), 10);
        assert_eq!(share(&[2, 10, 100], 1_000), 100);
        assert_eq!(share(&[], 5), 0);
    }

    #[test]
    fn documents_are_of_many_vendors() {
        let document = |name: &str, bytes| Document {
            path: name.into(),
            name: name.to_owned(),
            bytes,
        };
        let all = [
            document("a/small", 40_000),
            document("a/large", 50_000),
            document("b", 60_000),
            document("c", 70_000),
            document("d", 9_000_000),
        ];
        let names = |count| -> Vec<String> {
            pick(&all, count, 1.0)
                .into_iter()
                .map(|document| document.name)
                .collect()
        };
        assert_eq!(names(3), ["a/large", "b", "c"]);
        assert_eq!(names(4), ["a/large", "a/small", "b", "c"]);
        assert_eq!(names(1), ["a/large"]);
    }
}
