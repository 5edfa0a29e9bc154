//! When what is being saved has been saved.
//!
//! Editors write a file in pieces, or beside its place and then rename it, or remove it first. A run in the middle of that
//! would be of half a document. Where the system says that a file was closed by who wrote it, that is awaited; elsewhere a
//! moment without news has to do.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// How long nothing has to happen, once nobody is known to be writing.
const QUIET: Duration = Duration::from_millis(8);

/// The same where the system does not tell who is writing.
const QUIET_BLINDLY: Duration = Duration::from_millis(25);

/// How long nothing has to happen while a file is open that was written to: who keeps it open may be done, and may not.
const HELD: Duration = Duration::from_millis(250);

/// How long it may go on in all.
pub(super) const LONGEST: Duration = Duration::from_secs(2);

/// Something that happened to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// Some of it was written.
    Written(PathBuf),
    /// Who wrote to it has closed it.
    Closed(PathBuf),
    /// It came, went, or took another's place, or nobody knows.
    Moved(Vec<PathBuf>),
}

/// What is known of the writers.
#[derive(Debug, Default)]
pub(super) struct Settling {
    open: BTreeSet<PathBuf>,
}

impl Settling {
    /// Takes note of something.
    pub(super) fn note(&mut self, notice: Notice) {
        match notice {
            Notice::Written(path) => {
                self.open.insert(path);
            }
            Notice::Closed(path) => {
                self.open.remove(&path);
            }
            Notice::Moved(paths) => {
                for path in paths {
                    self.open.remove(&path);
                }
            }
        }
    }

    /// How long from now on nothing has to happen until all is saved.
    pub(super) fn patience(&self, closing_is_told: bool) -> Duration {
        match (closing_is_told, self.open.is_empty()) {
            (true, true) => QUIET,
            (true, false) => HELD,
            (false, _) => QUIET_BLINDLY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(notices: &[Notice]) -> Duration {
        let mut settling = Settling::default();
        notices
            .iter()
            .for_each(|notice| settling.note(notice.clone()));
        settling.patience(true)
    }

    #[test]
    fn a_file_is_awaited_until_it_is_closed_or_gone() {
        let (pets, other) = (PathBuf::from("pets.yaml"), PathBuf::from("pets.yaml~"));
        let written = |path: &PathBuf| Notice::Written(path.clone());
        let closed = |path: &PathBuf| Notice::Closed(path.clone());
        let moved =
            |paths: &[&PathBuf]| Notice::Moved(paths.iter().map(|&path| path.clone()).collect());
        #[rustfmt::skip]
        let table = [
            (vec![written(&pets)],                               HELD),
            (vec![written(&pets), closed(&pets)],                QUIET),
            (vec![written(&pets), closed(&pets), written(&pets)], HELD),
            (vec![written(&other), moved(&[&other, &pets])],     QUIET),
            (vec![written(&pets), written(&other), closed(&pets)], HELD),
            (vec![moved(&[&pets])],                              QUIET),
        ];
        for (notices, patience) in table {
            assert_eq!(after(&notices), patience, "{notices:?}");
        }
    }

    #[test]
    fn where_closing_is_not_told_it_is_not_awaited() {
        let mut settling = Settling::default();
        settling.note(Notice::Written(PathBuf::from("pets.yaml")));
        assert_eq!(settling.patience(false), QUIET_BLINDLY);
    }
}
