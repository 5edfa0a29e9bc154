//! Changes on their way to the disk.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::disk::{self, Beside};
use super::{Change, File};

/// Changes that only have to be put in their places: all new texts are on the disk, in temporary files.
///
/// Dropped, it takes them away again. Those of a run that was killed are left over for the next one.
#[must_use = "nothing is changed before `commit`"]
pub struct Staged {
    dir: PathBuf,
    left_over: Vec<String>,
    new: Vec<Beside>,
}

/// Writes the new texts beside their places, and looks whether everything can be changed that is to be.
///
/// # Errors
/// Any error of writing, such as a full disk or a folder that is read-only, with the path of the file in its text; a
/// file that is read-only, or that is not ours and in the way. Nothing has been changed then.
pub fn stage(dir: &Path, changes: &[Change]) -> io::Result<Staged> {
    fs::create_dir_all(dir).map_err(|err| disk::about("making the folder", dir, &err))?;
    let left_over: BTreeSet<&str> = changes
        .iter()
        .filter(|change| matches!(change, Change::LeftOver { .. }))
        .map(Change::path)
        .collect();
    let mut looked_at = BTreeSet::new();
    for path in &left_over {
        let place = disk::below(dir, path);
        let folder = place.parent().unwrap_or(dir).to_path_buf();
        match fs::symlink_metadata(&place) {
            Ok(found) => disk::check_writable(&place, &found)?,
            Err(_) => continue,
        }
        if looked_at.insert(folder.clone()) {
            disk::check_open_to_changes(&folder, &place)?;
        }
    }
    let new: Vec<_> = changes
        .par_iter()
        .filter_map(|change| match change {
            Change::New(file) | Change::Changed { file, .. } => Some(file),
            Change::LeftOver { .. } => None,
        })
        .map(|file| stage_file(dir, file, &left_over))
        .collect();
    Ok(Staged {
        dir: dir.to_path_buf(),
        left_over: left_over.into_iter().map(str::to_owned).collect(),
        new: new.into_iter().collect::<io::Result<_>>()?,
    })
}

/// The same for files that are not generated, such as documents: each at its path, with all of its bytes.
///
/// A symbolic link stays, and what it leads to is replaced. Temporary files that a killed run left in their folders are
/// taken away: whoever calls this holds the locks of the folders.
///
/// # Errors
/// As those of [`stage`].
pub fn stage_documents<'a>(
    documents: impl IntoIterator<Item = (&'a Path, &'a [u8])>,
) -> io::Result<Staged> {
    let mut cleared = BTreeSet::new();
    let mut new = Vec::new();
    for (path, bytes) in documents {
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = match place.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if cleared.insert(folder.to_path_buf()) {
            disk::clear_temporary(folder)?;
        }
        new.push(disk::write_beside(folder, &place, bytes)?);
    }
    Ok(Staged {
        dir: PathBuf::new(),
        left_over: Vec::new(),
        new,
    })
}

impl Staged {
    /// Makes the changes: left-overs go first, then each file is replaced as a whole by a renaming, so that a run that
    /// is killed leaves each file either old or new. Permissions of a changed file stay; folders that become empty go.
    ///
    /// # Errors
    /// Any error of the system, with the path in its text. What was changed before it stays changed; the next run does
    /// the rest.
    pub fn commit(self) -> io::Result<()> {
        for path in &self.left_over {
            disk::remove(&self.dir, path)?;
        }
        let folders = self.new.iter().filter_map(|new| new.place.parent());
        for folder in folders.collect::<BTreeSet<_>>() {
            fs::create_dir_all(folder)
                .map_err(|err| disk::about("making the folder", folder, &err))?;
        }
        let put: Vec<_> = self.new.into_par_iter().map(Beside::put).collect();
        put.into_iter().collect()
    }
}

/// Writes a new text as near to its place as there is a folder.
fn stage_file(dir: &Path, file: &File, left_over: &BTreeSet<&str>) -> io::Result<Beside> {
    let place = disk::below(dir, &file.path);
    if disk::kind_of(dir, &file.path)?.is_some_and(|kind| kind.is_dir()) {
        check_goes(dir, &file.path, left_over)?;
    }
    let mut folder = dir.to_path_buf();
    let mut path = String::new();
    let names: Vec<&str> = file.path.split('/').collect();
    for name in &names[..names.len() - 1] {
        path.push_str(name);
        let next = folder.join(name);
        match fs::symlink_metadata(&next) {
            Ok(found) if found.is_dir() => folder = next,
            Ok(_) if !left_over.contains(path.as_str()) => return Err(disk::in_the_way(&next)),
            _ => break,
        }
        path.push('/');
    }
    disk::write_beside(&folder, &place, file.text.as_bytes())
}

/// Refuses a folder where a file belongs, unless all that it holds is left over.
fn check_goes(dir: &Path, path: &str, left_over: &BTreeSet<&str>) -> io::Result<()> {
    let folder = disk::below(dir, path);
    let about = |err: io::Error| disk::about("listing", &folder, &err);
    for entry in fs::read_dir(&folder).map_err(about)? {
        let entry = entry.map_err(about)?;
        let path = format!("{path}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(about)?.is_dir() {
            check_goes(dir, &path, left_over)?;
        } else if !left_over.contains(path.as_str()) {
            return Err(disk::in_the_way(&entry.path()));
        }
    }
    Ok(())
}
