//! Generating into a folder: the same for the command and for this repository's own tasks.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::diag::{Code, Colors, Severity};
use crate::generate::{self, Output};
use crate::load::Source;
use crate::lock::{self, Stale};
use crate::options::Options;
use crate::spec::{self, Spec};
use crate::write::{self, Access, Change, Lock};

use super::{DONE, OUT_OF_DATE, REFUSED, Streams, report};

/// What happens to the differences between the disk and what is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are written.
    Write,
    /// They are shown.
    Check,
}

/// What happens if something of a document is left out, or comes out as less than the document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// The rest is generated.
    Lenient,
    /// What comes out as less than the document says is taken; if anything is left out, nothing is generated.
    Whole,
    /// If anything is left out or comes out as less, nothing is generated.
    Strict,
}

impl Strictness {
    /// The codes for which the document is refused.
    pub(super) fn refused(self, report: &generate::Report) -> Vec<Code> {
        let worst = match self {
            Self::Lenient => return Vec::new(),
            Self::Whole => Severity::Error,
            Self::Strict => Severity::Downgrade,
        };
        let mut lost = report.losses();
        lost.retain(|code| code.severity() <= worst);
        lost
    }
}

/// How to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people, on stderr.
    Human,
    /// As one JSON object, on stdout.
    Json,
}

/// One run of the generator into one folder.
#[derive(Clone, Debug)]
pub struct Job {
    /// The documents, one for each module.
    pub specs: Vec<Spec>,
    /// The folder of the crate.
    pub out: PathBuf,
    /// What the crate is like. Its lock is read anew from the folder with each run.
    pub options: Options,
    /// What happens to differences.
    pub mode: Mode,
    /// What happens if something is left out or downgraded.
    pub strictness: Strictness,
    /// How to report.
    pub format: Format,
    /// The command line that mends what a check finds.
    pub again: String,
}

impl Job {
    /// Whether nothing is to be generated because of what was found in a document.
    pub(super) fn refuses(&self, report: &generate::Report) -> bool {
        !report.made || !self.strictness.refused(report).is_empty()
    }

    /// Generates `generated/` from `specs/`, both below `root`, as a repository has them that `specmint new` made:
    /// templates in `templates/`, if it is there, stand for those that are built in, and `options.command` mends what a
    /// check finds.
    ///
    /// # Errors
    /// Any error of reading the specs, with the path in its text.
    pub fn in_repository(root: &Path, options: Options, mode: Mode) -> io::Result<Self> {
        let specs = spec::find(&root.join("specs"))?;
        let specs = specs.iter().map(|path| Spec::read(path));
        let templates = root.join("templates");
        Ok(Self {
            specs: specs.collect::<io::Result<_>>()?,
            out: root.join("generated"),
            again: options.command.clone(),
            options: Options {
                templates: templates.is_dir().then_some(templates),
                ..options
            },
            mode,
            strictness: Strictness::Whole,
            format: Format::Human,
        })
    }
}

/// Runs [`Job::in_repository`], and returns the exit code; everything has been reported.
#[must_use]
pub fn run_in_repository(
    root: &Path,
    options: Options,
    mode: Mode,
    streams: &mut Streams<'_>,
) -> u8 {
    let place = Place {
        out: &root.join("generated"),
        mode,
        format: Format::Human,
    };
    run(place, || Job::in_repository(root, options, mode), streams)
}

/// What a run did, or in a check would have done.
pub(super) struct Done {
    /// What was generated.
    pub(super) output: Output,
    /// The differences; empty if a document was refused.
    pub(super) changes: Vec<Change>,
    /// Why there are any, if they were to be shown.
    pub(super) stale: Vec<Stale>,
    /// What was made of them.
    pub(super) verdict: Verdict,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The folder is up to date, now or before.
    UpToDate,
    /// The folder is not, and was left so.
    OutOfDate,
    /// A document was refused; nothing was compared or written.
    Refused,
}

/// Where a run is at work, and how: what is known before a document is read.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The folder of the crate.
    pub out: &'a Path,
    /// What happens to differences.
    pub mode: Mode,
    /// How to report.
    pub format: Format,
}

/// Generates, compares, and writes or shows the differences; alone in the folder.
///
/// A run that finds another one at work says so and waits for it. `job` is asked for after that, so that what is written
/// last is of the documents as they are then. Returns the exit code; everything has been reported.
#[must_use]
pub fn run(
    place: Place<'_>,
    job: impl FnOnce() -> io::Result<Job>,
    streams: &mut Streams<'_>,
) -> u8 {
    let attempt = Attempt::new(place, job, streams);
    let text = attempt.text(place.format, streams.colors);
    streams.tell(place.format, &text);
    match attempt.done {
        Ok(done) => match done.verdict {
            Verdict::UpToDate => DONE,
            Verdict::OutOfDate => OUT_OF_DATE,
            Verdict::Refused => REFUSED,
        },
        Err(_) => REFUSED,
    }
}

/// A run, before anything is said of it.
pub(super) struct Attempt {
    /// What was to be done; `None` if that could not be found out.
    pub(super) job: Option<Job>,
    /// What was done.
    pub(super) done: io::Result<Done>,
}

impl Attempt {
    /// Runs, alone in the folder.
    pub(super) fn new(
        place: Place<'_>,
        job: impl FnOnce() -> io::Result<Job>,
        streams: &mut Streams<'_>,
    ) -> Self {
        let lock = alone(&[place.out], place.mode, streams);
        let prepared = lock.and_then(|lock| Ok((job()?, lock)));
        let attempt = match prepared {
            Ok((job, _lock)) => Self {
                done: attempt(&job, streams),
                job: Some(job),
            },
            Err(err) => Self {
                job: None,
                done: Err(err),
            },
        };
        streams.progress("");
        attempt
    }

    /// Whether the system stood in its way, and not a document.
    #[cfg(feature = "watch")]
    pub(super) fn failed(&self) -> bool {
        self.done.is_err()
    }

    /// What there is to say of it.
    pub(super) fn text(&self, format: Format, colors: Colors) -> String {
        match (&self.job, &self.done) {
            (Some(job), Ok(done)) => report::done(job, done, colors),
            (_, Err(err)) => report::failure(format, &err.to_string()),
            (None, Ok(_)) => String::new(),
        }
    }
}

/// Waits until no other run is at work in the folders, and says that it does.
pub(super) fn alone(folders: &[&Path], mode: Mode, streams: &mut Streams<'_>) -> io::Result<Lock> {
    let access = match mode {
        Mode::Write => Access::Write,
        Mode::Check => Access::Read,
    };
    write::lock(folders, access, |folder| {
        let folder = folder.display();
        streams.say(&format!(
            "waiting for another run of specmint in `{folder}`\n"
        ));
    })
}

/// The lock of the crate in `folder`; that of a crate that was never made if there is none.
///
/// # Errors
/// It cannot be read, or is none: nothing is known about the names, and writing would change them.
pub fn lock_in(folder: &Path) -> io::Result<lock::Lock> {
    let path = folder.join(lock::PATH);
    let source = match Source::read(&path) {
        Ok(source) => source,
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(lock::Lock::default()),
        Err(err) => return Err(err),
    };
    lock::Lock::parse(&source.text).map_err(|unreadable| {
        let place = match unreadable.line {
            Some(line) => format!("{}:{line}", path.display()),
            None => path.display().to_string(),
        };
        io::Error::new(io::ErrorKind::InvalidData, format!("{place}: {unreadable}"))
    })
}

fn attempt(job: &Job, streams: &mut Streams<'_>) -> io::Result<Done> {
    let output = generated(job, streams)?;
    finish(job, output, &[], streams)
}

/// What there is to be written.
pub(super) fn generated(job: &Job, streams: &mut Streams<'_>) -> io::Result<Output> {
    streams.progress(&format!("generating from {} documents", job.specs.len()));
    let options = Options {
        lock: lock_in(&job.out)?,
        ..job.options.clone()
    };
    generate::generate(&job.specs, &options)
        .map_err(|refusal| io::Error::new(io::ErrorKind::InvalidInput, refusal))
}

/// A document that is to be replaced.
pub(super) struct NewText {
    /// Where it stands.
    pub(super) path: PathBuf,
    /// What it is to be.
    pub(super) new: Vec<u8>,
    /// What it is.
    pub(super) old: Vec<u8>,
}

/// Compares what was generated with the disk, and writes or keeps the differences; before them the documents that it was
/// made from, if they are new.
pub(super) fn finish(
    job: &Job,
    output: Output,
    documents: &[NewText],
    streams: &mut Streams<'_>,
) -> io::Result<Done> {
    if output.reports.iter().any(|report| job.refuses(report)) {
        return Ok(Done {
            output,
            changes: Vec::new(),
            stale: Vec::new(),
            verdict: Verdict::Refused,
        });
    }
    streams.progress(&format!("comparing {} files", output.files.len()));
    let changes = write::diff(&job.out, &output.files)?;
    let verdict = match job.mode {
        Mode::Write => {
            streams.progress(&format!("writing {} files", changes.len()));
            put(&job.out, &changes, documents)?;
            Verdict::UpToDate
        }
        Mode::Check if changes.is_empty() => Verdict::UpToDate,
        Mode::Check => Verdict::OutOfDate,
    };
    let stale = match verdict {
        Verdict::OutOfDate => stale(&job.out, &output, &changes)?,
        Verdict::UpToDate | Verdict::Refused => Vec::new(),
    };
    Ok(Done {
        output,
        changes,
        stale,
        verdict,
    })
}

/// Writes everything, the documents first: who is killed after them is told by the next run, which is made from them.
fn put(out: &Path, changes: &[Change], documents: &[NewText]) -> io::Result<()> {
    let crate_ = write::stage(out, changes)?;
    let new = documents.iter();
    let new = new.map(|document| (document.path.as_path(), document.new.as_slice()));
    write::stage_documents(new)?.commit()?;
    crate_.commit().inspect_err(|_| {
        // What went wrong is told; that the old documents cannot come back would be no news.
        let old = documents.iter();
        let old = old.map(|document| (document.path.as_path(), document.old.as_slice()));
        let _ = write::stage_documents(old).and_then(write::Staged::commit);
    })
}

/// Why the folder is out of date.
fn stale(out: &Path, output: &Output, changes: &[Change]) -> io::Result<Vec<Stale>> {
    let before = lock_in(out)?;
    let mut standing: BTreeMap<&str, String> = BTreeMap::new();
    for file in &output.files {
        standing.insert(&file.path, file.text.clone());
    }
    for change in changes {
        match change {
            Change::New(file) => standing.remove(file.path.as_str()),
            Change::Changed { file, old } => standing.insert(&file.path, old.clone()),
            Change::LeftOver { path } => {
                let left = Source::read(&out.join(path));
                standing.insert(path, left.map(|left| left.text).unwrap_or_default())
            }
        };
    }
    let after = output.files.iter().find(|file| file.path == lock::PATH);
    let after = after.and_then(|file| lock::Lock::parse(&file.text).ok());
    let standing: Vec<(&str, &str)> = standing
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    let paths: Vec<&str> = changes.iter().map(Change::path).collect();
    let after = after.unwrap_or_default();
    Ok(lock::explain(&before, &after, &paths, &standing))
}
