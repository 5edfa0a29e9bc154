//! From the normal form back to the files.
//!
//! The stages after `load` see one document; people see files. Where the two differ (another dialect, another
//! file, an overlay) a line in this table says what came from where, and holds for all that is below it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Source;
use crate::pointer::Pointer;

/// A file of a document: its place in [`Origins::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// A node of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The node in the file's own tree.
    pub at: Pointer,
}

/// The files of a document, and which of their nodes became which nodes of the normal form.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    files: Vec<Source>,
    missing: Vec<PathBuf>,
    /// How many of the files are the document and its overlay.
    own: usize,
    table: BTreeMap<Pointer, Place>,
}

impl Origins {
    /// Adds a file. The first one is the document itself.
    pub(crate) fn add_file(&mut self, source: &Source) -> FileId {
        self.files.push(source.clone());
        FileId(self.files.len() - 1)
    }

    /// Notes that the document and its overlay are read: files that are added from here on are others.
    pub(crate) fn begin_others(&mut self) {
        self.own = self.files.len();
    }

    /// Whether the document refers to other files.
    pub(crate) fn has_others(&self) -> bool {
        self.files.len() > self.own
    }

    /// The files that the document refers to, each with its path from the document's folder, or its URL.
    pub(crate) fn others(&self) -> impl Iterator<Item = (String, &Source)> {
        let others = self.files.iter().skip(self.own);
        others.map(|source| (seen_from(&self.files[0].path, &source.path), source))
    }

    /// The path or URL of a file from the document's folder; `None` for the document and its overlay.
    pub(crate) fn label(&self, id: FileId) -> Option<String> {
        let is_other = id.0 >= self.own;
        is_other.then(|| seen_from(&self.files[0].path, &self.files[id.0].path))
    }

    /// The files, the document itself first.
    #[must_use]
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// Notes that the document refers to a file that is not there.
    pub(crate) fn miss(&mut self, path: PathBuf) {
        self.missing.push(path);
    }

    /// The files that the document refers to and that are not there.
    #[must_use]
    pub fn missing(&self) -> &[PathBuf] {
        &self.missing
    }

    /// One of the files.
    #[must_use]
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0]
    }

    /// Where a node of the normal form came from; `None` before any file is read.
    #[must_use]
    pub fn place(&self, at: &Pointer) -> Option<Place> {
        let mut holder = Some(at.clone());
        while let Some(prefix) = holder {
            if let Some(place) = self.table.get(&prefix) {
                return Some(Place {
                    file: place.file,
                    at: rebased(at, &prefix, &place.at),
                });
            }
            holder = prefix.parent();
        }
        (!self.files.is_empty()).then(|| Place {
            file: FileId(0),
            at: at.clone(),
        })
    }

    /// Notes that the node `to`, with all that is below it, came from `place`.
    pub(crate) fn set(&mut self, to: &Pointer, place: Place) {
        for stale in self.below(to) {
            self.table.remove(&stale);
        }
        self.table.insert(to.clone(), place);
    }

    /// Notes that the node that was at `from` is now at `to`, with all that is below it.
    pub(crate) fn moved(&mut self, from: &Pointer, to: &Pointer) {
        let Some(place) = self.place(from) else {
            return;
        };
        let below: Vec<_> = self
            .below(from)
            .into_iter()
            .map(|old| (rebased(&old, from, to), self.table[&old].clone()))
            .collect();
        self.set(to, place);
        self.table.extend(below);
    }

    /// Notes that only those elements of the list `at` stay that `kept` says, and that they close up.
    pub(crate) fn shifted(&mut self, at: &Pointer, kept: &[bool]) {
        let stay = kept
            .iter()
            .enumerate()
            .filter(|(_, kept)| **kept)
            .map(|(from, _)| from);
        for (to, from) in stay.enumerate().filter(|(to, from)| to != from) {
            self.moved(&at.index(from), &at.index(to));
        }
    }

    /// The lines of the table for what is below `at`.
    fn below(&self, at: &Pointer) -> Vec<Pointer> {
        let first = Pointer::parse(&format!("{}/", at.as_str()));
        self.table
            .range::<Pointer, _>(&first..)
            .map(|(pointer, _)| pointer)
            .take_while(|pointer| pointer.as_str().starts_with(first.as_str()))
            .cloned()
            .collect()
    }
}

/// The way from the folder of `document` to `path`, with `/` between names; a URL as it is.
fn seen_from(document: &str, path: &str) -> String {
    if path.contains("://") {
        return path.to_owned();
    }
    let folder = Path::new(document).parent().unwrap_or(Path::new(""));
    let path = Path::new(path);
    for (up, outer) in folder.ancestors().enumerate() {
        if let Ok(rest) = path.strip_prefix(outer) {
            let names = rest.iter().map(|name| name.to_string_lossy().into_owned());
            let way = vec!["..".to_owned(); up].into_iter().chain(names);
            return way.collect::<Vec<_>>().join("/");
        }
    }
    path.to_string_lossy().replace('\\', "/")
}

/// `at`, which is `from` or below it, seen from `to`.
fn rebased(at: &Pointer, from: &Pointer, to: &Pointer) -> Pointer {
    Pointer::parse(&format!(
        "{}{}",
        to.as_str(),
        &at.as_str()[from.as_str().len()..]
    ))
}
