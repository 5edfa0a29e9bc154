//! A store in a folder, for the processes of one user on one machine.

mod page;

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::super::timer::{jittered, on_thread};
use super::super::{Clock, SystemClock};
use super::slot::Slot;
use super::{
    Commit, Ending, Lease, LeaseGrant, LeaseTerms, OwnerId, Sealed, StoreAnswer, StoreError,
    StoreKey, TokenStore, Versioned,
};

/// Keeps tokens in a folder of their own, a file for each, that the user alone can read and write (0600 in 0700).
///
/// A file is written beside its place, brought to the disk and then moved there, so that whoever reads finds the old
/// one or the new one, after a crash as well. A file that is neither (a disk that lies) counts as one of which it is
/// unknown whether its refresh token was spent. Symbolic links, files and folders that others can write, and files that
/// others can read are refused. Processes take turns by a lock of the operating system, which ends with its holder.
///
/// The work is done on a thread for each step, since a disk may be slow and a lock may be held; after 5 seconds without
/// the lock a step fails. Folders on a network are as good as their locks.
#[derive(Clone)]
pub struct FileStore(Arc<Folder>);

struct Folder {
    path: PathBuf,
    clock: Box<dyn Clock>,
}

/// How long a lock is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// More than a token and all that comes with it.
const LONGEST: u64 = 4 << 20;

impl FileStore {
    /// A store in a folder, which is made if it is not there; its parent must be. What is over is removed.
    ///
    /// # Errors
    /// The folder cannot be made, is a symbolic link, or can be written by others.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Self::open_with_clock(folder, SystemClock)
    }

    /// A store that takes the time from `clock`: its wall clock alone.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_with_clock(
        folder: impl Into<PathBuf>,
        clock: impl Clock,
    ) -> Result<Self, StoreError> {
        let folder = Folder {
            path: folder.into(),
            clock: Box::new(clock),
        };
        folder
            .prepare()
            .map_err(|error| StoreError::with_source("opening the folder", error))?;
        folder.sweep()?;
        Ok(Self(Arc::new(folder)))
    }

    /// Runs a step on a thread, once it is asked for.
    fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        step: impl FnOnce(&Folder) -> io::Result<T> + Send + 'static,
    ) -> StoreAnswer<'static, T> {
        let folder = Arc::clone(&self.0);
        Box::pin(async move {
            let work = move || {
                // A panic would be the end of one step; who waits for it is to hear of it.
                catch_unwind(AssertUnwindSafe(|| step(&folder)))
                    .unwrap_or_else(|_| Err(io::Error::other("a step ended early")))
            };
            let result = on_thread(work).await.and_then(|result| result);
            result.map_err(|error| StoreError::with_source(doing, error))
        })
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileStore").field(&self.0.path).finish()
    }
}

impl Folder {
    fn prepare(&self) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let found = fs::symlink_metadata(&self.path)?;
        if !found.is_dir() {
            return Err(refused("it is not a folder"));
        }
        if found.mode() & 0o022 != 0 {
            return Err(refused("others can write it"));
        }
        Ok(())
    }

    fn now(&self) -> Duration {
        self.clock.now().wall
    }

    fn place(&self, key: &StoreKey) -> PathBuf {
        self.path.join(format!("{key}.token"))
    }

    /// What the file of a key says.
    fn read(&self, key: &StoreKey) -> io::Result<Slot> {
        let Some(file) = open_own(&self.place(key), OpenOptions::new().read(true))? else {
            return Ok(Slot::default());
        };
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes)?;
        Ok(page::read(&bytes))
    }

    /// Changes the file of a key while no other process does.
    fn step<T>(
        &self,
        key: &StoreKey,
        step: impl FnOnce(&mut Slot, Duration) -> T,
    ) -> io::Result<T> {
        let _lock = self.lock(&key.to_string()[..1])?;
        let before = self.read(key)?;
        let now = self.now();
        let mut slot = before.clone();
        slot.expire(now);
        let result = step(&mut slot, now);
        if slot.until <= now {
            self.remove(key)?;
        } else if slot != before {
            self.write(key, &slot)?;
        }
        Ok(result)
    }

    fn write(&self, key: &StoreKey, slot: &Slot) -> io::Result<()> {
        // Made with 0600 and never through a link.
        let mut file = tempfile::Builder::new()
            .prefix(&format!("{key}."))
            .suffix(".new")
            .tempfile_in(&self.path)?;
        file.write_all(&page::write(slot))?;
        file.as_file().sync_all()?;
        file.persist(self.place(key))?;
        self.sync()
    }

    fn remove(&self, key: &StoreKey) -> io::Result<()> {
        match fs::remove_file(self.place(key)) {
            Ok(()) => self.sync(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Brings to the disk which files there are.
    fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    /// Locks all keys that begin with a digit; so there are sixteen files for it, and none has to be removed.
    fn lock(&self, digit: &str) -> io::Result<File> {
        let path = self.path.join(format!("{digit}.lock"));
        let mut how = OpenOptions::new();
        how.read(true).write(true).create(true).mode(0o600);
        let Some(file) = open_own(&path, &how)? else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                    std::thread::sleep(jittered(Duration::from_millis(2)));
                }
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::TimedOut.into()),
            }
        }
    }

    /// Removes files of which nothing is worth knowing, and those that a crash left unfinished.
    fn sweep(&self) -> Result<(), StoreError> {
        let failed = |error| StoreError::with_source("listing the folder", error);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            names.extend(entry.map_err(failed)?.file_name().into_string());
        }
        for name in names {
            // A file that cannot be looked at now may be in use, or is reported when it is needed.
            let _ = self.sweep_one(&name);
        }
        Ok(())
    }

    fn sweep_one(&self, name: &str) -> io::Result<()> {
        let is_key = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let Some((key, rest)) = name.split_once('.').filter(|(key, _)| is_key(key)) else {
            return Ok(());
        };
        let path = self.path.join(name);
        let _lock = self.lock(&key[..1])?;
        let over = if rest == "token" {
            match open_own(&path, OpenOptions::new().read(true))? {
                Some(file) => {
                    let mut bytes = Vec::new();
                    file.take(LONGEST).read_to_end(&mut bytes)?;
                    page::read(&bytes).until <= self.now()
                }
                None => false,
            }
        } else {
            // Whoever writes holds the lock: nobody is writing this one any more.
            rest.ends_with(".new")
        };
        if over {
            fs::remove_file(path)?;
        }
        Ok(())
    }
}

/// Opens a file that is ours alone, and no other in its place; `None` if there is none.
fn open_own(path: &Path, how: &OpenOptions) -> io::Result<Option<File>> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => return Err(refused("it is not a file")),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = match how.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    // Looked at again, since it may have been put there meanwhile. Where a writer has moved a new file into place
    // since, the path no longer leads to what was opened, which is as good and not a link.
    let found = file.metadata()?;
    if fs::symlink_metadata(path).is_ok_and(|now| now.is_symlink()) || !found.is_file() {
        return Err(refused("it is not a file"));
    }
    if found.mode() & 0o077 != 0 {
        return Err(refused("others can read or write it"));
    }
    Ok(Some(file))
}

fn refused(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}

impl TokenStore for FileStore {
    fn load<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, Versioned> {
        let key = *key;
        self.run("loading", move |folder| {
            let mut slot = folder.read(&key)?;
            let now = folder.now();
            slot.expire(now);
            Ok(slot.load(now))
        })
    }

    fn lease<'a>(
        &'a self,
        key: &'a StoreKey,
        owner: &'a OwnerId,
        terms: LeaseTerms,
    ) -> StoreAnswer<'a, LeaseGrant> {
        let (key, owner) = (*key, *owner);
        self.run("leasing", move |folder| {
            folder.step(&key, |slot, now| slot.lease(&owner, terms, now))
        })
    }

    fn commit<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: &'a Lease,
        expected: u64,
        value: Sealed,
        keep: Duration,
    ) -> StoreAnswer<'a, Commit> {
        let (key, lease) = (*key, lease.clone());
        self.run("committing", move |folder| {
            folder.step(&key, |slot, now| {
                slot.commit(&lease, expected, value, keep, now)
            })
        })
    }

    fn release<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: &'a Lease,
        ending: Ending,
    ) -> StoreAnswer<'a, ()> {
        let (key, lease) = (*key, lease.clone());
        self.run("releasing", move |folder| {
            folder.step(&key, |slot, now| slot.release(&lease, ending, now))
        })
    }

    fn remove<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, ()> {
        let key = *key;
        self.run("removing", move |folder| {
            let _lock = folder.lock(&key.to_string()[..1])?;
            folder.remove(&key)
        })
    }
}
