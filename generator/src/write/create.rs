//! A folder of files that are nobody's yet.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::TempDir;

use super::disk;

/// Writes files, by their paths below `dir`, with `/` between names, and their texts. They need no mark: from now on
/// they are the user's. What is there stays as it is.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], with the path in its text, if anything stands where a file is to go: then nothing
/// is written. Any error of writing, with the path in its text.
pub fn create(dir: &Path, files: &[(String, String)]) -> io::Result<()> {
    for (path, _) in files {
        if disk::kind_of(dir, path)?.is_some() {
            let place = disk::below(dir, path);
            let text = format!(
                "`{}` is there already, and stays as it is: choose another folder",
                place.display()
            );
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
    }
    for (path, text) in files {
        let place = disk::below(dir, path);
        let folder = place.parent().expect("a file stands in a folder");
        fs::create_dir_all(folder).map_err(|err| disk::about("making the folder", folder, &err))?;
        fs::File::create_new(&place)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|err| disk::about("writing", &place, &err))?;
    }
    Ok(())
}

/// Files in a folder of their own, for as long as this is there.
#[derive(Debug)]
pub struct Aside(TempDir);

impl Aside {
    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.0.path()
    }
}

/// Writes files, as [`create`] does, into a new folder among the system's temporary ones.
///
/// # Errors
/// Any error of writing, with the path in its text.
pub fn aside(files: &[(String, String)]) -> io::Result<Aside> {
    let folder = tempfile::tempdir()?;
    create(folder.path(), files)?;
    Ok(Aside(folder))
}
