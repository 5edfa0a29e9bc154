//! One run at a time in a folder.
//!
//! The lock is advisory and the system's: it ends with the process that holds it, however that ends, so no run ever finds
//! the lock of a dead one. On Unix it is on the folder itself and leaves nothing behind; elsewhere folders cannot be
//! locked, and a file in the system's folder for temporary files stands for each.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::disk;

/// What a run is going to do in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read what is there; others may read as well. A folder that does not exist is not made.
    Read,
    /// Change what is there, alone. Folders that do not exist are made.
    Write,
}

/// Folders in which no other run is at work, until this is dropped.
#[derive(Debug, Default)]
pub struct Lock {
    held: Vec<File>,
    made: Vec<PathBuf>,
}

/// Waits until no other run is at work in any of `folders`, and keeps others from it.
///
/// `waiting` is told of each folder that has to be waited for. Where the file system has no locks nothing is locked, and
/// files are still replaced as a whole each. However many folders there are, two runs never wait for each other.
///
/// # Errors
/// A folder cannot be made or opened; its path is in the text.
pub fn lock(folders: &[&Path], access: Access, mut waiting: impl FnMut(&Path)) -> io::Result<Lock> {
    let mut lock = Lock::default();
    let mut ordered: Vec<(PathBuf, &Path)> = Vec::new();
    for &folder in folders {
        if access == Access::Write {
            lock.make(folder)?;
        }
        match fs::canonicalize(folder) {
            Ok(real) => ordered.push((real, folder)),
            Err(err) if disk::is_absence(&err) => {}
            Err(err) => return Err(disk::about("looking at", folder, &err)),
        }
    }
    ordered.sort();
    ordered.dedup_by(|a, b| a.0 == b.0);
    for (real, folder) in ordered {
        lock.hold(&real, folder, access, &mut waiting)?;
    }
    Ok(lock)
}

impl Lock {
    /// Makes a folder, and remembers what of the way to it was not there.
    fn make(&mut self, folder: &Path) -> io::Result<()> {
        let missing: Vec<PathBuf> = folder
            .ancestors()
            .take_while(|at| !at.as_os_str().is_empty() && !at.exists())
            .map(Path::to_path_buf)
            .collect();
        fs::create_dir_all(folder).map_err(|err| disk::about("making the folder", folder, &err))?;
        self.made.extend(missing);
        Ok(())
    }

    fn hold(
        &mut self,
        real: &Path,
        folder: &Path,
        access: Access,
        waiting: &mut impl FnMut(&Path),
    ) -> io::Result<()> {
        loop {
            let file = open(real).map_err(|err| disk::about("locking", folder, &err))?;
            let tried = match access {
                Access::Read => file.try_lock_shared(),
                Access::Write => file.try_lock(),
            };
            match tried {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    waiting(folder);
                    wait(&file, access);
                }
                // The file system has no locks, or none for folders.
                Err(TryLockError::Error(_)) => return Ok(()),
            }
            if is_still(real, &file) {
                self.held.push(file);
                return Ok(());
            }
            // Who held it found nothing to write and took its empty folder away.
            match access {
                Access::Read => return Ok(()),
                Access::Write => self.make(real)?,
            }
        }
    }
}

impl Drop for Lock {
    /// Takes folders away in which nothing was written, while they are still locked.
    fn drop(&mut self) {
        // What is in a folder comes before the folder.
        self.made.sort();
        for folder in self.made.iter().rev() {
            // `remove_dir` refuses a folder that holds something, which is the question asked here.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Waits for the lock. Signals do not end the waiting, and a file system that has no locks after all gives none.
fn wait(file: &File, access: Access) {
    let interrupted = |result: &io::Result<()>| {
        let err = result.as_ref().err();
        err.is_some_and(|err| err.kind() == io::ErrorKind::Interrupted)
    };
    loop {
        let locked = match access {
            Access::Read => file.lock_shared(),
            Access::Write => file.lock(),
        };
        if !interrupted(&locked) {
            return;
        }
    }
}

/// The folder itself.
#[cfg(unix)]
fn open(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// The file that stands for the folder.
#[cfg(not(unix))]
fn open(folder: &Path) -> io::Result<File> {
    // FNV-1a: it must be the same in every version of specmint.
    let bytes = folder.as_os_str().as_encoded_bytes();
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let path = std::env::temp_dir().join(format!("specmint-{hash:016x}.lock"));
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path)
}

/// Whether the folder is still the one that was locked.
#[cfg(unix)]
fn is_still(folder: &Path, locked: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |found: io::Result<fs::Metadata>| found.map(|found| (found.dev(), found.ino()));
    match (identity(fs::metadata(folder)), identity(locked.metadata())) {
        (Ok(there), Ok(locked)) => there == locked,
        _ => false,
    }
}

/// Whether the folder is still there; the file that stands for it stays.
#[cfg(not(unix))]
fn is_still(folder: &Path, _locked: &File) -> bool {
    folder.is_dir()
}
