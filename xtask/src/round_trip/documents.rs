//! Which documents are taken.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use crate::corpus::documents::Document;

/// Larger documents cost more to compile than they add, in bytes.
const LARGEST: u64 = 128 << 10;

/// What values stand behind, in the text of a document.
const MARKS: &[&str] = &["example", "default", "examples"];

/// Takes `count` documents: of each vendor the one with the most examples and defaults for its size, then of
/// each the next, and so on. A document without any, or of more than 128 KiB, is not taken. The result depends
/// on the documents alone and is sorted by name.
///
/// # Errors
/// Any error of reading a document, with the path in its text.
pub(super) fn pick(documents: &[Document], count: usize) -> io::Result<Vec<Document>> {
    let mut vendors: BTreeMap<&str, Vec<(u64, &Document)>> = BTreeMap::new();
    for document in documents.iter().filter(|one| one.bytes <= LARGEST) {
        let text = fs::read_to_string(&document.path).map_err(|err| {
            let path = document.path.display();
            io::Error::new(err.kind(), format!("reading `{path}`: {err}"))
        })?;
        let values = values(&text);
        if values > 0 {
            // values in a mebibyte
            let density = values * (1 << 20) / document.bytes.max(1);
            let of_vendor = vendors.entry(document.vendor()).or_default();
            of_vendor.push((density, document));
        }
    }
    let best = |a: &(u64, &Document), b: &(u64, &Document)| {
        b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name))
    };
    for documents in vendors.values_mut() {
        documents.sort_by(best);
    }
    let mut picked = Vec::new();
    for round in 0..vendors.values().map(Vec::len).max().unwrap_or_default() {
        let next = vendors
            .values()
            .filter_map(|documents| documents.get(round));
        let mut next: Vec<(u64, &Document)> = next.copied().collect();
        next.sort_by(best);
        picked.extend(next.into_iter().map(|(_, document)| document.clone()));
    }
    picked.truncate(count);
    picked.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(picked)
}

/// How many values the text of a document shows, more or less.
fn values(text: &str) -> u64 {
    let marks = MARKS.iter().map(|mark| {
        let json = text.matches(&format!("\"{mark}\":")).count();
        let yaml = text.matches(&format!(" {mark}:")).count();
        (json + yaml) as u64
    });
    marks.sum()
}
