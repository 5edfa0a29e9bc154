//! The tasks of a repository that `specmint new` made: `cargo xtask …`.

mod history;

use std::ffi::OsString;
use std::io;
use std::path::Path;

use clap::{Args, Parser, Subcommand};

use crate::generate::Revision;
use crate::lock::{self, Lock};
use crate::options::Options;
use crate::spec::{self, Spec};

use super::{Format, Job, Look, Mode, Place, REFUSED, Streams, lock_in, look, parsed};

/// The folder of the documents, and that of the crate, seen from the root.
const SPECS: &str = "specs";
const CRATE: &str = "generated";

/// Keeps generated/ up to date with specs/.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about)]
struct Tasks {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Bring generated/ up to date with specs/
    Generate,
    /// Fail, with the differences, if generated/ is not up to date
    Check,
    /// Fetch documents of specs/ anew from where they come from, show what changed, and bring generated/ up to date
    Update {
        /// Fetch these alone, by their names in specs/
        #[arg(value_name = "API")]
        apis: Vec<String>,
        /// Write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Bring generated/ up to date, and again whenever something in specs/ or templates/ is saved
    #[cfg(feature = "watch")]
    Watch,
    /// Say what changed in specs/ since a revision, whom it breaks, and whether it touches security
    Review(Since),
}

/// What a review compares with, and how it is told.
#[derive(Clone, Debug, Args)]
pub struct Since {
    /// The git revision to compare with; where this branch left that of the origin (main or master) if it is left out, or
    /// else HEAD
    #[arg(value_name = "BASE")]
    pub base: Option<String>,
    #[command(flatten)]
    look: Look,
}

/// Runs a task of the repository at `root`: [`Job::in_repository`] with these options, as `cargo xtask --help` tells.
///
/// `args` are as the system gives them, the program's name first. Returns the exit code; everything has been reported.
#[must_use]
pub fn tasks(
    args: impl IntoIterator<Item = OsString>,
    root: &Path,
    options: &Options,
    streams: &mut Streams<'_>,
) -> u8 {
    let tasks: Tasks = match parsed(args, streams) {
        Ok(tasks) => tasks,
        Err(code) => return code,
    };
    let out = root.join(CRATE);
    let place = |mode| Place {
        out: &out,
        mode,
        format: Format::Human,
    };
    let job = |mode| Job::in_repository(root, options.clone(), mode);
    match tasks.task {
        Task::Generate => super::run(place(Mode::Write), || job(Mode::Write), streams),
        Task::Check => super::run(place(Mode::Check), || job(Mode::Check), streams),
        Task::Update { apis, dry_run } => {
            let mode = if dry_run { Mode::Check } else { Mode::Write };
            super::update(place(mode), &apis, || job(mode), streams)
        }
        #[cfg(feature = "watch")]
        Task::Watch => {
            let folders = [root.join(SPECS), root.join("templates")];
            super::watch(place(Mode::Write), &folders, || job(Mode::Write), streams)
        }
        Task::Review(since) => review_since(root, &since, || job(Mode::Check), streams),
    }
}

/// Compares the documents of a revision, overlays and all that they refer to included, with those of `job`, which stand
/// below `root`. Returns the exit code; everything has been reported.
#[must_use]
pub fn review_since(
    root: &Path,
    since: &Since,
    job: impl FnOnce() -> io::Result<Job>,
    streams: &mut Streams<'_>,
) -> u8 {
    compare(root, since, job, streams).unwrap_or_else(|err| {
        streams.say(&format!("error: {err}\n"));
        REFUSED
    })
}

fn compare(
    root: &Path,
    since: &Since,
    job: impl FnOnce() -> io::Result<Job>,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    let lock = format!("{CRATE}/{}", lock::PATH);
    let past = history::files(root, since.base.as_deref(), &[SPECS, &lock])?;
    for link in &past.lost {
        streams.say(&format!(
            "note: `{link}` was a link that leads out of what git knows, and counts as not there\n"
        ));
    }
    let before = past.files.folder();
    let old = specs(&before.join(SPECS))?;
    let job = job()?;
    let locks = [lock_below(before)?, lock_below(root)?];
    let [old, new] = [(&old, &locks[0]), (&job.specs, &locks[1])].map(|(specs, lock)| {
        let lock = lock.as_ref();
        Revision { specs, lock }
    });
    Ok(look(&old, &new, &job.options, &since.look, streams))
}

/// The lock of the crate below a root, if there is one.
fn lock_below(root: &Path) -> io::Result<Option<Lock>> {
    let folder = root.join(CRATE);
    let is_there = folder.join(lock::PATH).is_file();
    is_there.then(|| lock_in(&folder)).transpose()
}

fn specs(folder: &Path) -> io::Result<Vec<Spec>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let found = spec::find(folder)?;
    found.iter().map(|path| Spec::read(path)).collect()
}
