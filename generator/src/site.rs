//! The pages of a crate as a static site: navigation, search, tabs.
//!
//! In: a folder with pages of Markdown, as `specmint generate` writes them, or a book with a `SUMMARY.md`. Out: the
//! files of a site, for [`write::keep`](crate::write::keep). mdBook makes the pages, elasticlunr the index; this room
//! decides which pages there are, in which order, and that no text of them becomes anything but text:
//! `markdown` takes out what could run, load or lead to nowhere before mdBook sees it.
//!
//! A site asks no other host for anything, works from a server and from the disk, and is the same for the same pages.

mod book;
mod contents;
mod markdown;
mod read;
mod search;
mod slug;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::file::Asset;
use contents::Entry;
use markdown::Finished;

pub use slug::{Slugs, slug};

/// A page as it stands on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Page {
    /// Where it is, below the folder of the pages, with `/` between names (`docs/akeneo/README.md`).
    path: String,
    /// Its Markdown.
    text: String,
}

/// What a site is made of, before mdBook.
struct Draft {
    title: String,
    description: String,
    entries: Vec<Entry>,
    pages: BTreeMap<String, Finished>,
}

/// Makes the site of the crate, or of the book, in `folder`.
///
/// A crate is a folder with `docs/README.md`; its own README.md is the first page, and all Markdown below `docs` is in
/// the site. A book is a folder with `src/SUMMARY.md`, which says what is in it.
///
/// # Errors
/// [`io::ErrorKind::NotFound`] if the folder is neither; any error of reading, with the path in its text;
/// [`io::ErrorKind::InvalidData`] for pages that cannot stand in one site, and for what mdBook refuses.
pub fn build(folder: &Path) -> io::Result<Vec<Asset>> {
    let source = read::source(folder)?;
    let places = contents::places(&source.pages)?;
    let pages: BTreeMap<String, Finished> = source
        .pages
        .iter()
        .map(|page| (page.path.clone(), markdown::finish(page, &places)))
        .collect();
    let entries = contents::entries(&source, &pages)?;
    let first = entries.iter().find_map(|entry| entry.path.as_deref());
    let first = first.and_then(|path| pages.get(path));
    let (title, description) = match &source.settings {
        Some(settings) => book::said(settings)?,
        None => (None, None),
    };
    let draft = Draft {
        title: title
            .or_else(|| first.and_then(|page| page.title.clone()))
            .unwrap_or_else(|| "Documentation".to_owned()),
        description: description
            .or_else(|| first.map(Finished::lead))
            .unwrap_or_default(),
        entries,
        pages,
    };
    book::render(&draft, &places)
}
