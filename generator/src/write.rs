//! Files to disk: compares first, then changes only what differs.
//!
//! In: the finished [`File`]s and a folder. Out: the [`Change`]s between them, and, on demand, the disk
//! brought up to date. A generated file carries [`MARK`] in its first line: such files are ours to change
//! and, once they are no longer made, to remove. A file without it is somebody's work and is never touched.
//!
//! Files that cannot carry a mark, those of a site, are kept by a list: [`keep`](fn@keep).
//!
//! Nothing outside the folder is written: paths are relative and plain, and symbolic links are refused.
//! Writing has two steps: all that can fail for want of room or of permission comes first, beside what is there, and
//! changes nothing ([`stage`]); then everything is put in its place.

mod create;
mod disk;
mod keep;
mod lock;
mod show;
mod staged;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::file::{File, MARK};

pub use create::{Aside, aside, create};
pub use keep::{Kept, keep};
pub use lock::{Access, Lock, lock};
pub use show::{out_of_date, show};
pub use staged::{Staged, stage, stage_documents};

/// One difference between a folder and the files that belong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The file is missing.
    New(File),
    /// The file has another text.
    Changed {
        /// What it should be.
        file: File,
        /// What it is; bytes that are no UTF-8 are replaced.
        old: String,
    },
    /// A file that specmint made before and no longer makes.
    LeftOver {
        /// Where it is, below the folder, with `/` between names.
        path: String,
    },
}

impl Change {
    /// Where the file is, below the folder, with `/` between names.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::New(file) | Self::Changed { file, .. } => &file.path,
            Self::LeftOver { path } => path,
        }
    }
}

/// What stands between `dir` and `files`: new, changed and left over, sorted by path.
///
/// A folder that does not exist is empty. Folders that belong to somebody else (`target`, `.git`, another
/// package) are not searched for left-overs.
///
/// # Errors
/// Any error of reading, with the path in its text; [`io::ErrorKind::InvalidInput`] for a path that leads out
/// of `dir`, stands twice, or holds a text without [`MARK`]; [`io::ErrorKind::AlreadyExists`] for a file of
/// somebody else in the way.
pub fn diff(dir: &Path, files: &[File]) -> io::Result<Vec<Change>> {
    check_paths(files)?;
    let mut changes = BTreeMap::new();
    let compared: Vec<_> = files.par_iter().map(|file| compare(dir, file)).collect();
    for (file, change) in files.iter().zip(compared) {
        if let Some(change) = change? {
            changes.insert(file.path.clone(), change);
        }
    }
    let wanted = files.iter().map(|file| file.path.as_str()).collect();
    for path in disk::left_over(dir, &wanted)? {
        changes.insert(path.clone(), Change::LeftOver { path });
    }
    Ok(changes.into_values().collect())
}

/// Makes the changes: [`stage`], then [`Staged::commit`].
///
/// # Errors
/// Any error of writing, with the path in its text.
pub fn apply(dir: &Path, changes: &[Change]) -> io::Result<()> {
    stage(dir, changes)?.commit()
}

/// How the disk differs from `file`, if it does.
fn compare(dir: &Path, file: &File) -> io::Result<Option<Change>> {
    let Some(kind) = disk::kind_of(dir, &file.path)? else {
        return Ok(Some(Change::New(file.clone())));
    };
    if kind.is_dir() {
        // If all that it holds is left over it goes first; if not, staging refuses to replace it.
        return Ok(Some(Change::New(file.clone())));
    }
    let path = disk::below(dir, &file.path);
    let old = fs::read(&path).map_err(|err| disk::about("reading", &path, &err))?;
    if old == file.text.as_bytes() {
        return Ok(None);
    }
    let old = String::from_utf8_lossy(&old).into_owned();
    if !disk::is_marked(&old) {
        return Err(disk::in_the_way(&path));
    }
    Ok(Some(Change::Changed {
        file: file.clone(),
        old,
    }))
}

/// Refuses paths that lead out of the folder or that two files share, also where case does not count.
fn check_paths(files: &[File]) -> io::Result<()> {
    let mut taken = BTreeMap::new();
    for file in files {
        let path = file.path.as_str();
        let wrong = if !path.split('/').all(is_plain) {
            Some("is not a plain relative path".to_owned())
        } else if !disk::is_marked(&file.text) {
            Some(format!("has no `{MARK}` in its first line"))
        } else {
            taken
                .insert(path.to_lowercase(), path)
                .map(|other| format!("stands in the way of `{other}`"))
        };
        if let Some(wrong) = wrong {
            let text = format!("the generated file `{path}` {wrong}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
    }
    Ok(())
}

/// Whether one part of a path is a name, on every system.
fn is_plain(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['\\', ':', '\0'])
}
