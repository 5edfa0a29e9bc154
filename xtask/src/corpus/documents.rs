//! Which documents there are, and which of them are compiled.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Documents over this size, in bytes, are all in the sample.
pub(super) const LARGE: u64 = 2_000_000;

/// A document of a folder.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its path below the folder, with `/` and without its ending.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
}

impl Document {
    /// Whose it is: the first part of its name.
    pub(crate) fn vendor(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// The documents in a folder and below, by name.
///
/// A document is a YAML or JSON file with `openapi` or `swagger` in its beginning or its end; others are what
/// documents refer to.
///
/// # Errors
/// Any error of reading the folder, with the path in its text.
pub(crate) fn find(folder: &Path) -> io::Result<Vec<Document>> {
    let mut found = Vec::new();
    collect(folder, folder, &mut found)
        .map_err(|err| io::Error::new(err.kind(), format!("`{}`: {err}", folder.display())))?;
    found.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    Ok(found)
}

fn collect(base: &Path, folder: &Path, found: &mut Vec<Document>) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let path = entry.path();
        if path.is_dir() {
            collect(base, &path, found)?;
        } else if is_document(&path)? {
            let below = path.strip_prefix(base).unwrap_or(&path);
            let below = below.with_extension("");
            let parts: Vec<_> = below
                .components()
                .map(|part| part.as_os_str().to_string_lossy())
                .collect();
            found.push(Document {
                name: parts.join("/"),
                bytes: entry.metadata()?.len(),
                path,
            });
        }
    }
    Ok(())
}

fn is_document(path: &Path) -> io::Result<bool> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    if !matches!(ending, Some("yaml" | "yml" | "json")) {
        return Ok(false);
    }
    if path
        .file_stem()
        .is_some_and(|stem| stem.to_string_lossy().ends_with(".overlay"))
    {
        return Ok(false);
    }
    let mut text = Vec::new();
    fs::File::open(path)?.read_to_end(&mut text)?;
    Ok(says_version(&text))
}

/// Whether a line, or an object of JSON, has a member `openapi` or `swagger` that is not nested in YAML.
fn says_version(text: &[u8]) -> bool {
    ["openapi", "swagger"].iter().any(|word| {
        let quoted = [format!("\"{word}\""), format!("'{word}'")];
        let plain = format!("{word}:");
        contains(text, quoted[0].as_bytes())
            || text.split(|byte| *byte == b'\n').any(|line| {
                line.starts_with(plain.as_bytes()) || line.starts_with(quoted[1].as_bytes())
            })
    })
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Which documents are compiled, as indices: all that are [`LARGE`], and others up to `count` in all.
///
/// The others are ordered by size and cut into as many runs of equal length as are wanted. Of each run one
/// is taken: of the vendor that has been taken least so far, and of those the one next to the middle.
/// Documents over `up_to` bytes are not taken.
pub(super) fn sample(documents: &[Document], count: usize, up_to: u64) -> Vec<usize> {
    let mut taken: Vec<usize> = Vec::new();
    let mut others: Vec<usize> = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        match document.bytes {
            bytes if bytes > up_to => {}
            bytes if bytes > LARGE => taken.push(index),
            _ => others.push(index),
        }
    }
    others.sort_by_key(|index| (documents[*index].bytes, &documents[*index].name));
    let wanted = count.saturating_sub(taken.len()).min(others.len());
    let mut vendors: BTreeMap<&str, usize> = BTreeMap::new();
    for run in 0..wanted {
        let start = run * others.len() / wanted;
        let end = (run + 1) * others.len() / wanted;
        let middle = start.midpoint(end);
        let best = (start..end).min_by_key(|rank| {
            let vendor = documents[others[*rank]].vendor();
            let times = vendors.get(vendor).copied().unwrap_or_default();
            (times, rank.abs_diff(middle))
        });
        if let Some(rank) = best {
            *vendors.entry(documents[others[rank]].vendor()).or_default() += 1;
            taken.push(others[rank]);
        }
    }
    taken.sort_unstable();
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(sizes: &[(&str, u64)]) -> Vec<Document> {
        let document = |(name, bytes): &(&str, u64)| Document {
            path: PathBuf::from(name),
            name: (*name).to_owned(),
            bytes: *bytes,
        };
        sizes.iter().map(document).collect()
    }

    #[test]
    fn a_sample_holds_every_large_document_and_spreads_over_sizes_and_vendors() {
        let all = documents(&[
            ("a/1", 10),
            ("a/2", 20),
            ("a/3", 30),
            ("b/1", 31),
            ("c", 3_000_000),
            ("d", 30_000_000),
        ]);
        assert_eq!(sample(&all, 4, u64::MAX), [1, 3, 4, 5]);
        assert_eq!(sample(&all, 1, u64::MAX), [4, 5]);
        assert_eq!(sample(&all, 3, LARGE), [0, 1, 3]);
        assert_eq!(sample(&all, 99, u64::MAX), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_document_says_its_version() {
        #[rustfmt::skip]
        let table = [
            ("openapi: 3.0.0\n",             true),
            ("# a comment\nswagger: '2.0'",  true),
            ("{\"info\":{},\"openapi\":\"3.1.0\"}", true),
            ("type: object\nopenapi_like: 1", false),
            ("properties:\n  openapi: {}\n", false),
        ];
        for (text, is) in table {
            assert_eq!(says_version(text.as_bytes()), is, "{text}");
        }
    }
}
