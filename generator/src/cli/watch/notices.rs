//! What the system tells of folders: the only room with the library that asks it to.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::settling::{LONGEST, Notice, Settling};

/// Whether the system says that a file was closed by who wrote to it.
const CLOSING_IS_TOLD: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// Folders, and what happens in them. Folders and not files, since a file that is renamed over another one takes its
/// place and nothing of its past.
pub(super) struct Notices {
    watcher: RecommendedWatcher,
    told: Receiver<notify::Result<Event>>,
    followed: BTreeMap<PathBuf, RecursiveMode>,
    /// Whether a folder that is followed may have been replaced by another one.
    replaced: bool,
}

impl Notices {
    /// Asks for nothing yet.
    ///
    /// # Errors
    /// The system cannot be asked.
    pub(super) fn new() -> io::Result<Self> {
        let (tell, told) = channel();
        let watcher = notify::recommended_watcher(tell).map_err(|err| not_told(&err))?;
        Ok(Self {
            watcher,
            told,
            followed: BTreeMap::new(),
            replaced: false,
        })
    }

    /// Asks for what happens in `folders`, and in all that is below each of `deep`, and for nothing else any more.
    ///
    /// # Errors
    /// The system has no room for as many.
    pub(super) fn follow<'a>(
        &mut self,
        folders: impl IntoIterator<Item = &'a PathBuf>,
        deep: &[PathBuf],
    ) -> io::Result<()> {
        let mut wanted = BTreeMap::new();
        for folder in folders {
            wanted.insert(folder.clone(), RecursiveMode::NonRecursive);
        }
        for folder in deep {
            let folder = std::path::absolute(folder)?;
            if folder.is_dir() {
                wanted.insert(folder, RecursiveMode::Recursive);
            } else if let Some(nearest) = super::nearest_folder(&folder) {
                wanted.entry(nearest).or_insert(RecursiveMode::NonRecursive);
            }
        }
        let replaced = std::mem::take(&mut self.replaced);
        let stale: Vec<PathBuf> = self
            .followed
            .iter()
            .filter(|(folder, mode)| replaced || wanted.get(*folder) != Some(mode))
            .map(|(folder, _)| folder.clone())
            .collect();
        for folder in stale {
            // It may be gone, and with it what the system knew of it.
            let _ = self.watcher.unwatch(&folder);
            self.followed.remove(&folder);
        }
        for (folder, mode) in wanted {
            if !self.followed.contains_key(&folder) && self.add(&folder, mode)? {
                self.followed.insert(folder, mode);
            }
        }
        Ok(())
    }

    /// Asks for one folder; whether it was there.
    fn add(&mut self, folder: &Path, mode: RecursiveMode) -> io::Result<bool> {
        match self.watcher.watch(folder, mode) {
            Ok(()) => Ok(true),
            Err(err) if !folder.is_dir() || matches!(err.kind, ErrorKind::PathNotFound) => {
                Ok(false)
            }
            Err(err) => Err(not_told(&err)),
        }
    }

    /// Waits until something has happened, and is over.
    ///
    /// # Errors
    /// The system tells nothing any more.
    pub(super) fn wait(&mut self) -> io::Result<()> {
        let mut settling = Settling::default();
        loop {
            let told = self.told.recv().map_err(io::Error::other)?;
            if self.take(told, &mut settling) {
                return self.go_on(settling);
            }
        }
    }

    /// Waits until what is happening, if anything is, is over; somebody is writing to the files in `open`.
    ///
    /// # Errors
    /// The system tells nothing any more.
    pub(super) fn settle(&mut self, open: Vec<PathBuf>) -> io::Result<()> {
        let mut settling = Settling::default();
        open.into_iter()
            .for_each(|path| settling.note(Notice::Written(path)));
        self.go_on(settling)
    }

    fn go_on(&mut self, mut settling: Settling) -> io::Result<()> {
        let start = Instant::now();
        while start.elapsed() < LONGEST {
            match self.told.recv_timeout(settling.patience(CLOSING_IS_TOLD)) {
                Ok(told) => {
                    self.take(told, &mut settling);
                }
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::other("no more news"));
                }
            }
        }
        Ok(())
    }

    /// Takes note of what was told; whether it may have changed a file.
    fn take(&mut self, told: notify::Result<Event>, settling: &mut Settling) -> bool {
        let Ok(event) = told else {
            // Something is missing in what was told. That is reason enough to look.
            self.replaced = true;
            return true;
        };
        let notice = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Notice::Closed,
            EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => return false,
            EventKind::Modify(ModifyKind::Data(_)) => Notice::Written,
            _ => {
                let itself = |path: &PathBuf| self.followed.contains_key(path);
                self.replaced |= event.need_rescan() || event.paths.iter().any(itself);
                settling.note(Notice::Moved(event.paths));
                return true;
            }
        };
        event
            .paths
            .into_iter()
            .for_each(|path| settling.note(notice(path)));
        true
    }
}

fn not_told(err: &notify::Error) -> io::Error {
    let why = match err.kind {
        ErrorKind::MaxFilesWatch => {
            "as many folders are watched as there may be (on Linux: `fs.inotify.max_user_watches`)"
                .to_owned()
        }
        _ => err.to_string(),
    };
    io::Error::other(format!("the system does not tell of changes: {why}"))
}
