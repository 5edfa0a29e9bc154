//! Which pages stand where: their places in the site, and the table of contents.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use mdbook_summary::{SummaryItem, parse_summary};

use super::Page;
use super::markdown::Finished;
use super::read::Source;

/// A folder whose pages stand among those of the folder above.
const UNFOLDED: &str = "operations";

/// Where each page is in the site: `docs/README.md` is at `docs/index.html`.
pub(super) type Places = BTreeMap<String, String>;

/// What an entry of the table of contents is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A page, or a drawer for pages.
    Chapter,
    /// A title above the entries that follow.
    Part,
}

/// An entry of the table of contents, with those below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// What it says.
    pub(super) name: String,
    /// The page that it leads to, as it is called on the disk.
    pub(super) path: Option<String>,
    /// The entries below.
    pub(super) entries: Vec<Entry>,
}

/// Decides where each page is in the site.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] for a name that cannot stand in an address as it is, and for two pages at one place.
pub(super) fn places(pages: &[Page]) -> io::Result<Places> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut places = Places::new();
    for page in pages {
        let (folder, name) = page.path.rsplit_once('/').unwrap_or(("", &page.path));
        let stem = name.strip_suffix(".md").unwrap_or(name);
        let stem = if stem == "README" { "index" } else { stem };
        let place = if folder.is_empty() {
            format!("{stem}.html")
        } else {
            format!("{folder}/{stem}.html")
        };
        if !place.chars().all(is_plain) {
            return Err(refused(format!(
                "`{}` cannot be an address: a page is called by letters, digits, `-`, `_`, `.` and spaces",
                page.path
            )));
        }
        if let Some(other) = taken.insert(place.to_lowercase(), &page.path) {
            return Err(refused(format!(
                "`{}` and `{other}` would be one page of the site",
                page.path
            )));
        }
        places.insert(page.path.clone(), place);
    }
    Ok(places)
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "/-_. ".contains(c)
}

/// The table of contents: as the book says, or by the folders.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] for a `SUMMARY.md` that cannot be read or that names a page that is not there.
pub(super) fn entries(
    source: &Source,
    pages: &BTreeMap<String, Finished>,
) -> io::Result<Vec<Entry>> {
    match &source.summary {
        Some(summary) => said(summary, pages),
        None => Ok(found(pages)),
    }
}

fn said(summary: &str, pages: &BTreeMap<String, Finished>) -> io::Result<Vec<Entry>> {
    let summary = parse_summary(summary)
        .map_err(|err| refused(format!("`SUMMARY.md` cannot be read: {err:#}")))?;
    let chapters = [
        &summary.prefix_chapters,
        &summary.numbered_chapters,
        &summary.suffix_chapters,
    ];
    let mut entries = Vec::new();
    for chapters in chapters {
        entries.extend(listed(chapters, pages)?);
    }
    Ok(entries)
}

fn listed(items: &[SummaryItem], pages: &BTreeMap<String, Finished>) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for item in items {
        let link = match item {
            SummaryItem::Link(link) => link,
            SummaryItem::PartTitle(title) => {
                entries.push(Entry {
                    kind: Kind::Part,
                    name: title.clone(),
                    path: None,
                    entries: Vec::new(),
                });
                continue;
            }
            _ => continue,
        };
        let path = link.location.as_deref().map(plain_path);
        if let Some(path) = path.as_ref().filter(|path| !pages.contains_key(*path)) {
            return Err(refused(format!(
                "`SUMMARY.md` names `{path}`, which is not there"
            )));
        }
        entries.push(Entry {
            kind: Kind::Chapter,
            name: link.name.clone(),
            path,
            entries: listed(&link.nested_items, pages)?,
        });
    }
    Ok(entries)
}

fn plain_path(path: &Path) -> String {
    let names: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .filter(|name| name != ".")
        .collect();
    names.join("/")
}

/// What each folder holds: pages and folders.
type Below<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// By folders: each is led by its README, and pages stand before folders.
fn found(pages: &BTreeMap<String, Finished>) -> Vec<Entry> {
    let mut below = Below::default();
    for path in pages.keys() {
        let mut child = path.as_str();
        while let Some((folder, _)) = child.rsplit_once('/') {
            let children = below.entry(folder).or_default();
            if children.contains(&child) {
                break;
            }
            children.push(child);
            child = folder;
        }
    }
    let mut entries = Vec::new();
    for first in ["README.md", "docs/README.md"] {
        if pages.contains_key(first) {
            entries.push(Entry {
                kind: Kind::Chapter,
                name: title(first, pages),
                path: Some(first.to_owned()),
                entries: Vec::new(),
            });
        }
    }
    entries.extend(inside("docs", &below, pages));
    entries
}

/// The entries of what is in a folder, without its README.
fn inside(folder: &str, below: &Below<'_>, pages: &BTreeMap<String, Finished>) -> Vec<Entry> {
    let readme = format!("{folder}/README.md");
    let (mut alone, mut folders, mut unfolded) = (Vec::new(), Vec::new(), Vec::new());
    for child in below.get(folder).into_iter().flatten() {
        if pages.contains_key(*child) {
            if **child != readme {
                alone.push(Entry {
                    kind: Kind::Chapter,
                    name: title(child, pages),
                    path: Some((*child).to_owned()),
                    entries: Vec::new(),
                });
            }
            continue;
        }
        let name = child.rsplit('/').next().unwrap_or(child);
        let own = format!("{child}/README.md");
        let entries = inside(child, below, pages);
        if name == UNFOLDED && !pages.contains_key(&own) {
            unfolded.extend(entries);
            continue;
        }
        let is_page = pages.contains_key(&own);
        folders.push(Entry {
            kind: Kind::Chapter,
            name: if is_page {
                title(&own, pages)
            } else {
                capitalised(name)
            },
            path: is_page.then_some(own),
            entries,
        });
    }
    for entries in [&mut alone, &mut unfolded, &mut folders] {
        entries.sort_by_cached_key(|entry| (entry.name.to_lowercase(), entry.path.clone()));
    }
    alone.into_iter().chain(unfolded).chain(folders).collect()
}

/// The first heading of a page, or its name.
fn title(path: &str, pages: &BTreeMap<String, Finished>) -> String {
    let heading = pages.get(path).and_then(|page| page.title.clone());
    heading.unwrap_or_else(|| {
        let name = path.trim_end_matches("/README.md").trim_end_matches(".md");
        name.rsplit('/').next().unwrap_or(name).to_owned()
    })
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

pub(super) fn refused(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}
