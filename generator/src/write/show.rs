//! Changes as people read them.

use std::fmt::Write as _;

use similar::TextDiff;

use super::Change;

/// How many lines of differences are shown before the rest is counted only.
const MOST_LINES: usize = 400;

/// The changes as a text: a line for each new or left-over file, a unified diff for each changed one.
#[must_use]
pub fn show(changes: &[Change]) -> String {
    let mut text = String::new();
    let mut room = MOST_LINES;
    for change in changes {
        match change {
            Change::New(file) => {
                let lines = file.text.lines().count();
                let _ = writeln!(text, "missing: {} ({lines} lines)", file.path);
            }
            Change::LeftOver { path } => {
                let _ = writeln!(text, "left over: {path}");
            }
            Change::Changed { file, old } => {
                let _ = writeln!(text, "differs: {}", file.path);
                text.push_str(&shortened(&unified(&file.path, old, &file.text), &mut room));
            }
        }
    }
    text
}

/// What a check says about a folder that is not up to date, with the command that mends it.
#[must_use]
pub fn out_of_date(dir: &str, changes: &[Change], command: &str) -> String {
    format!("{}`{dir}` is out of date; run `{command}`", show(changes))
}

fn unified(path: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(2)
        .header(&format!("{path} (on disk)"), &format!("{path} (generated)"))
        .to_string()
}

/// The first `room` lines of `diff`, and how many were left out.
fn shortened(diff: &str, room: &mut usize) -> String {
    let lines = diff.lines().count();
    let shown = lines.min(*room);
    *room -= shown;
    let mut text = String::new();
    for line in diff.lines().take(shown) {
        let _ = writeln!(text, "{line}");
    }
    if shown < lines {
        let _ = writeln!(text, "... and {} more lines", lines - shown);
    }
    text
}
