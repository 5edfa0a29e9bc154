//! Which pages there are, and what stands in them: the only reading of this room.

use std::fs;
use std::io;
use std::path::Path;

use super::Page;
use crate::file::Asset;

/// The pages of a site, and what the folder says of their order.
pub(super) struct Source {
    /// The pages, sorted by path.
    pub(super) pages: Vec<Page>,
    /// The text of `SUMMARY.md`, in a book.
    pub(super) summary: Option<String>,
    /// The text of `book.toml`, in a book that has one.
    pub(super) settings: Option<String>,
}

/// Reads the pages of a crate or of a book.
pub(super) fn source(folder: &Path) -> io::Result<Source> {
    let summary = folder.join("src/SUMMARY.md");
    if folder.join("docs/README.md").is_file() {
        krate(folder)
    } else if summary.is_file() {
        book(&folder.join("src"), &summary, &folder.join("book.toml"))
    } else {
        let text = format!(
            "`{}` has no pages: neither `docs/README.md`, which `specmint generate` writes, nor `src/SUMMARY.md`, as a \
             book has it",
            folder.display()
        );
        Err(io::Error::new(io::ErrorKind::NotFound, text))
    }
}

fn krate(folder: &Path) -> io::Result<Source> {
    let mut pages = Vec::new();
    let readme = folder.join("README.md");
    let text = if readme.is_file() {
        text(&readme)?
    } else {
        "# Documentation\n\n[The pages](docs/README.md)\n".to_owned()
    };
    pages.push(Page {
        path: "README.md".to_owned(),
        text,
    });
    walk(&folder.join("docs"), "docs/", &mut |path, file| {
        if path.ends_with(".md") {
            let text = self::text(file)?;
            pages.push(Page { path, text });
        }
        Ok(())
    })?;
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Source {
        pages,
        summary: None,
        settings: None,
    })
}

fn book(folder: &Path, summary: &Path, settings: &Path) -> io::Result<Source> {
    let mut pages = Vec::new();
    walk(folder, "", &mut |path, file| {
        if path.ends_with(".md") && path != "SUMMARY.md" {
            let text = self::text(file)?;
            pages.push(Page { path, text });
        }
        Ok(())
    })?;
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Source {
        pages,
        summary: Some(text(summary)?),
        settings: settings.is_file().then(|| text(settings)).transpose()?,
    })
}

/// All files below a folder that mdBook wrote.
pub(super) fn assets(folder: &Path) -> io::Result<Vec<Asset>> {
    let mut assets = Vec::new();
    walk(folder, "", &mut |path, file| {
        let bytes = fs::read(file).map_err(|err| about("reading", file, &err))?;
        assets.push(Asset { path, bytes });
        Ok(())
    })?;
    Ok(assets)
}

/// Writes what mdBook reads from files.
pub(super) fn lay_out(folder: &Path, files: &[(&str, &str)]) -> io::Result<()> {
    for (path, text) in files {
        let place = folder.join(path);
        let parent = place.parent().expect("a file stands in a folder");
        fs::create_dir_all(parent).map_err(|err| about("making the folder", parent, &err))?;
        fs::write(&place, text).map_err(|err| about("writing", &place, &err))?;
    }
    Ok(())
}

/// Shows each file below `folder`, in the order of names. Links are left alone: they may lead anywhere.
fn walk(
    folder: &Path,
    prefix: &str,
    found: &mut dyn FnMut(String, &Path) -> io::Result<()>,
) -> io::Result<()> {
    let entries = fs::read_dir(folder).map_err(|err| about("listing", folder, &err))?;
    let mut entries: Vec<_> = entries
        .collect::<io::Result<_>>()
        .map_err(|err| about("listing", folder, &err))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let place = entry.path();
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let kind = entry
            .file_type()
            .map_err(|err| about("looking at", &place, &err))?;
        if kind.is_dir() {
            walk(&place, &format!("{prefix}{name}/"), found)?;
        } else if kind.is_file() {
            found(format!("{prefix}{name}"), &place)?;
        }
    }
    Ok(())
}

fn text(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|err| about("reading", path, &err))
}

fn about(doing: &str, path: &Path, err: &io::Error) -> io::Error {
    io::Error::new(err.kind(), format!("{doing} `{}`: {err}", path.display()))
}
