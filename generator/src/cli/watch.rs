//! Generating again whenever something is saved.

mod inputs;
mod notices;
mod settling;

use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use self::inputs::Inputs;
use self::notices::Notices;
use super::job::{Attempt, Verdict};
use super::{Format, Job, Place, Progress, REFUSED, Streams, report};

/// Away with all that the terminal shows, also what was scrolled out of it, and up to its corner (ECMA-48: ED 3, ED 2,
/// CUP).
const CLEAR_SCREEN: &str = "\u{1b}[3J\u{1b}[2J\u{1b}[H";

/// Generates as [`run`](super::run) does, and again whenever a document, its overlay, a file that it refers to or a
/// template is saved.
///
/// `job` is asked for each time. `folders` are watched beside those of its documents, with all that is below them, as
/// they may come to hold others. What was saved by halves, or wrong, is reported once, and what was generated before
/// stays; what could not be written is tried again when a document is saved again, also as it was. On a terminal each
/// report takes the place of the one before. The end is that of the process, which may be killed at any moment.
///
/// Returns an exit code if there is nothing to watch; why has been reported.
#[must_use]
pub fn watch(
    place: Place<'_>,
    folders: &[PathBuf],
    job: impl Fn() -> io::Result<Job>,
    streams: &mut Streams<'_>,
) -> u8 {
    match go_on(place, folders, &job, streams) {
        Ok(never) => match never {},
        Err(err) => {
            let text = report::failure(place.format, &err.to_string());
            streams.tell(place.format, &text);
            REFUSED
        }
    }
}

fn go_on(
    place: Place<'_>,
    folders: &[PathBuf],
    job: &impl Fn() -> io::Result<Job>,
    streams: &mut Streams<'_>,
) -> io::Result<Infallible> {
    let mut notices = Notices::new()?;
    // What is wrong before anything was right is a mistake in the command.
    let mut inputs = Inputs::new(&job()?);
    let mut said = String::new();
    loop {
        let start = Instant::now();
        let attempt = Attempt::new(place, || inputs.read(job), streams);
        let took = start.elapsed();
        inputs.learn(&attempt);
        notices.follow(&inputs.folders(), folders)?;
        let text = attempt.text(place.format, streams.colors);
        if text != said || is_news(&attempt) {
            redraw(place.format, streams);
            streams.tell(place.format, &text);
            let (files, took) = (inputs.count(), took.as_millis());
            if place.format == Format::Human {
                streams.say(&format!("watching {files} files; this took {took} ms\n"));
            }
            said = text;
        }
        let is_done =
            || inputs.are_current(job) && !(attempt.failed() && inputs.were_saved_again());
        // What is found without having been told of may be only half there.
        let (mut is_whole, mut is_empty) = (false, false);
        loop {
            if is_done() {
                notices.wait()?;
                notices.follow(&inputs.folders(), folders)?;
                (is_whole, is_empty) = (true, false);
                continue;
            }
            let emptied = inputs.emptied(job);
            if is_whole && (is_empty || emptied.is_empty()) {
                break;
            }
            // What is empty when nobody is writing any more is so on purpose.
            is_empty = !emptied.is_empty();
            notices.settle(emptied)?;
            is_whole = true;
        }
    }
}

/// Whether something was done about what was saved.
fn is_news(attempt: &Attempt) -> bool {
    let done = attempt.done.as_ref();
    done.is_ok_and(|done| done.verdict != Verdict::Refused)
}

/// Makes room for a report in the place of the one before.
fn redraw(format: Format, streams: &mut Streams<'_>) {
    if streams.progress == Progress::Shown && format == Format::Human {
        streams.say(CLEAR_SCREEN);
    }
}

/// The folder nearest to where `path` is or will be.
fn nearest_folder(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let mut folders = path.ancestors().skip(1);
    folders
        .find(|folder| folder.is_dir())
        .map(Path::to_path_buf)
}
