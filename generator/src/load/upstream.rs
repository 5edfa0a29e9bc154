//! Where a document comes from, and how to get it from there again.
//!
//! A file beside the document names the place: `pets.source` beside `pets.yaml`. Its first line that is neither empty nor
//! a comment (`#`) is a URL, or a path relative to the file's own folder. What comes back is bytes, as they are there.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::refs;

/// How large a document may be, in bytes. The largest of the public collections has 40 MB.
pub(super) const LARGEST: u64 = 64 << 20;

/// The place that a document comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upstream {
    /// The line that names it, as `specs/pets.source:2`.
    said: String,
    place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Url(String),
    File(PathBuf),
}

impl Upstream {
    /// Reads which place the file at `path` names.
    ///
    /// # Errors
    /// Any error of reading, and [`io::ErrorKind::InvalidData`] for a file that names no place, or one that is not to be
    /// asked. The text has the line and shows nothing of a URL: there may be a secret in it.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let text = super::Source::read(path)?.text;
        let mut lines = text.lines().map(str::trim).zip(1..);
        let place = lines.find(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        let Some((line, number)) = place else {
            let text = format!("`{}` names no place", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        };
        let said = format!("{}:{number}", path.display());
        let place = match scheme(line) {
            Some("http" | "https") => {
                let checked = refs::check_document_url(line);
                checked.map(|()| Place::Url(line.to_owned()))
            }
            Some(_) => Err("a source is an https URL or a relative path".to_owned()),
            None if Path::new(line).has_root() => Err(
                "a path is relative to this file, so that it is the same for everybody".to_owned(),
            ),
            None => {
                let folder = path.parent().unwrap_or(Path::new(""));
                Ok(Place::File(folder.join(line)))
            }
        };
        match place {
            Ok(place) => Ok(Self { said, place }),
            Err(why) => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{said}: {why}"),
            )),
        }
    }

    /// Gets the document as it is there now: at most [`LARGEST`] bytes, within a minute.
    ///
    /// # Errors
    /// What the place answered, or that it did not. The text has the place, without the query of a URL.
    pub(crate) fn fetch(&self) -> io::Result<Vec<u8>> {
        match &self.place {
            Place::Url(url) => refs::fetch_document(url).map_err(|why| {
                let said = &self.said;
                io::Error::other(format!(
                    "`{}` cannot be fetched: {why} ({said})",
                    self.shown()
                ))
            }),
            Place::File(path) => bytes(path)
                .map_err(|err| io::Error::new(err.kind(), format!("{err} ({})", self.said))),
        }
    }

    /// The place as people may see it.
    pub(crate) fn shown(&self) -> String {
        match &self.place {
            Place::Url(url) => {
                let end = url.find(['?', '#']).unwrap_or(url.len());
                url[..end].to_owned()
            }
            Place::File(path) => path.display().to_string(),
        }
    }
}

/// The bytes of a file that may be a document.
///
/// # Errors
/// Any error of reading, and what is no file or too large, with the path in the text.
pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let about =
        |err: io::Error| io::Error::new(err.kind(), format!("reading `{}`: {err}", path.display()));
    let wrong = |why: &str| about(io::Error::new(io::ErrorKind::InvalidData, why.to_owned()));
    if fs::metadata(path).map_err(about)?.is_file() {
        let file = fs::File::open(path).map_err(about)?;
        let mut bytes = Vec::new();
        file.take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(about)?;
        if bytes.len() as u64 <= LARGEST {
            return Ok(bytes);
        }
        return Err(wrong("it is larger than 64 MiB"));
    }
    Err(wrong("it is not a file"))
}

/// The scheme of a URL, in its own spelling. One letter is a drive.
fn scheme(line: &str) -> Option<&str> {
    let (scheme, _) = line.split_once(':')?;
    let legal = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    (scheme.len() > 1 && legal(scheme)).then_some(scheme)
}
