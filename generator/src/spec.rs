//! A document on its way in: its text, its corrections, and the name of its module.

use std::io;
use std::path::{Path, PathBuf};

use crate::load::{Selection, Source};

/// Names of files that say nothing; the folder's name says more.
const NAMELESS: &[&str] = &["openapi", "swagger", "index"];

/// Endings of files that may be documents.
const ENDINGS: &[&str] = &["yaml", "yml", "json"];

/// What an overlay's stem ends with: `pets.overlay.yaml` corrects `pets.yaml`.
const OVERLAY: &str = ".overlay";
/// The end of an edited copy's stem.
const EDITED: &str = ".edited";

/// The ending of the file that says where a document comes from.
const SOURCE: &str = "source";

/// One OpenAPI document, and what the caller says about it.
#[derive(Clone, Debug)]
pub struct Spec {
    /// What the module should be called. A wish: it is made a legal name.
    pub name: String,
    /// The document.
    pub source: Source,
    /// The overlay that is applied to it before anything else.
    pub overlay: Option<Source>,
    /// The folder that references may not leave; the document's own if it is `None`.
    pub root: Option<PathBuf>,
    /// The hosts that references may lead to.
    pub hosts: Vec<String>,
    /// The operations that are wanted.
    pub selection: Selection,
}

impl Spec {
    /// A document in memory, without an overlay.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self {
            name: name_of(Path::new(&source.path)),
            source,
            overlay: None,
            root: None,
            hosts: Vec::new(),
            selection: Selection::default(),
        }
    }

    /// Reads a document, and the overlay that stands beside it as `NAME.overlay.yaml`.
    ///
    /// # Errors
    /// Any error of reading, with the path in its text.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut spec = Self::new(Source::read(path)?);
        if let Some(overlay) = overlay_beside(path) {
            spec.overlay = Some(Source::read(&overlay)?);
        }
        Ok(spec)
    }

    /// The document as generated files name it: the same wherever it stands.
    #[must_use]
    pub fn label(&self) -> String {
        let path = Path::new(&self.source.path);
        let name = |path: Option<&Path>| {
            let name = path.and_then(Path::file_name);
            name.map(|name| name.to_string_lossy().into_owned())
        };
        let own = name(Some(path)).unwrap_or_default();
        match name(path.parent()) {
            Some(folder) if NAMELESS.contains(&stem(path).as_str()) => format!("{folder}/{own}"),
            _ => own,
        }
    }
}

/// Where the file is that says where a document comes from: `pets.source` beside `pets.yaml`, and beside the folder of
/// `pets/openapi.yaml`.
#[must_use]
pub fn source_of(path: &Path) -> PathBuf {
    let folder = path.parent().unwrap_or(Path::new(""));
    match (NAMELESS.contains(&stem(path).as_str()), folder.file_name()) {
        (true, Some(name)) => folder.with_file_name(format!("{}.{SOURCE}", name.to_string_lossy())),
        _ => folder.join(format!("{}.{SOURCE}", stem(path))),
    }
}

/// The documents in a folder: files (`pets.yaml`) and folders that hold an `openapi.yaml`, sorted by name.
///
/// # Errors
/// Any error of listing the folder, with its path in the text.
pub fn find(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let about = |err: io::Error| {
        let text = format!("listing `{}`: {err}", folder.display());
        io::Error::new(err.kind(), text)
    };
    let mut found = Vec::new();
    for entry in folder.read_dir().map_err(about)? {
        let path = entry.map_err(about)?.path();
        if path.is_dir() {
            found.extend(candidates(&path, "openapi").find(|path| path.is_file()));
        } else if is_document(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn is_document(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
        && !stem(path).ends_with(OVERLAY)
        && !stem(path).ends_with(EDITED)
}

/// The document of which `path`, `NAME.edited.yaml`, is an edited copy: `NAME.yaml` or `NAME.json` beside it.
#[must_use]
pub fn original_of(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let stem = stem(path);
    let mut originals = candidates(folder, stem.strip_suffix(EDITED)?);
    originals.find(|path| path.is_file())
}

fn overlay_beside(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    candidates(folder, &format!("{}{OVERLAY}", stem(path))).find(|path| path.is_file())
}

fn candidates(folder: &Path, stem: &str) -> impl Iterator<Item = PathBuf> {
    ENDINGS
        .iter()
        .map(move |ending| folder.join(format!("{stem}.{ending}")))
}

/// The stem of the file, or the name of its folder where the stem says nothing.
fn name_of(path: &Path) -> String {
    let own = stem(path);
    if !NAMELESS.contains(&own.as_str()) {
        return own;
    }
    match path.parent().and_then(Path::file_name) {
        Some(folder) => folder.to_string_lossy().into_owned(),
        None => own,
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}
