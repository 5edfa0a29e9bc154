//! What a run says: to people on stderr, to programs on stdout.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::diag::{Code, Colors};
use crate::lock::Stale;
use crate::write::{self, Change};

use super::job::{Done, Format, Job, Mode, Verdict};
use super::tokens;

/// That a run ended before there was anything to report.
pub(super) fn failure(format: Format, message: &str) -> String {
    match format {
        Format::Human => format!("error: {message}\n"),
        Format::Json => {
            let error = json!({ "severity": "error", "message": message });
            format!("{:#}\n", whole(&[], &[], &[], &[], &[error], &[], &[], &[]))
        }
    }
}

/// What a run found and did.
pub(super) fn done(job: &Job, done: &Done, colors: Colors) -> String {
    match job.format {
        Format::Human => human(job, done, colors),
        Format::Json => format!("{:#}\n", machine(done)),
    }
}

/// The same for programs, as it is or if nothing was done.
pub(super) fn object(done: Option<&Done>) -> Value {
    done.map_or_else(|| whole(&[], &[], &[], &[], &[], &[], &[], &[]), machine)
}

fn human(job: &Job, done: &Done, colors: Colors) -> String {
    let mut text = String::new();
    for report in &done.output.reports {
        text.push_str(&report.diagnostics.print(colors));
    }
    for (report, spec) in done.output.reports.iter().zip(&job.specs) {
        if let Some(census) = &report.census {
            text.push_str(&format!("{}: {census}\n", spec.name));
        }
        text.push_str(&tokens::summary(&spec.name, &report.tokens));
    }
    let out = job.out.display().to_string();
    text.push_str(&match (done.verdict, job.mode) {
        (Verdict::Refused, _) => refusal(job, done),
        (Verdict::OutOfDate, _) => outdated(&out, job, done),
        (Verdict::UpToDate, Mode::Check) => format!("`{out}` is up to date"),
        (Verdict::UpToDate, Mode::Write) => summary(&out, done),
    });
    text.push('\n');
    text
}

/// What differs, why, and the command that mends it.
fn outdated(out: &str, job: &Job, done: &Done) -> String {
    let mut text = write::show(&done.changes);
    for stale in &done.stale {
        text.push_str(&format!("why: {stale}\n"));
    }
    text + &write::out_of_date(out, &[], &job.again)
}

/// Why nothing was written: a document that cannot be read, or losses that are not taken.
fn refusal(job: &Job, done: &Done) -> String {
    let reports = &done.output.reports;
    if reports.iter().any(|report| !report.made) {
        return "error: nothing was written".to_owned();
    }
    let lost: BTreeSet<&str> = reports
        .iter()
        .flat_map(|report| job.strictness.refused(report))
        .map(Code::as_str)
        .collect();
    let lost: Vec<&str> = lost.into_iter().collect();
    format!(
        "error: nothing was written, since these losses are not to be taken: {}",
        lost.join(", ")
    )
}

fn summary(out: &str, done: &Done) -> String {
    let files = done.output.files.len();
    let removed = removed(done).len();
    let written = done.changes.len() - removed;
    match (written, removed) {
        (0, 0) => format!("`{out}` is up to date ({files} files)"),
        _ => format!("`{out}`: {written} of {files} files written, {removed} removed"),
    }
}

fn machine(done: &Done) -> Value {
    let removed = removed(done);
    let changed: BTreeSet<&str> = done.changes.iter().map(Change::path).collect();
    let written: Vec<&str> = changed
        .iter()
        .copied()
        .filter(|path| !removed.contains(path))
        .collect();
    let files = done.output.files.iter().map(|file| file.path.as_str());
    let unchanged: Vec<&str> = match done.verdict {
        Verdict::Refused => Vec::new(),
        _ => files.filter(|path| !changed.contains(path)).collect(),
    };
    let of = |severity| diagnostics(done, severity);
    let censuses = done.output.reports.iter().filter_map(|report| {
        let census = report.census.as_ref()?;
        let (operations, schemas) = (&census.operations, &census.schemas);
        Some(json!({ "document": report.path, "operations": operations, "schemas": schemas }))
    });
    let censuses: Vec<Value> = censuses.collect();
    let (warnings, errors) = (of("warning"), of("error"));
    let found = done.output.reports.iter().flat_map(|report| {
        report.tokens.iter().map(|token| {
            let mut object = tokens::object(token, &report.tokens);
            object["document"] = report.path.clone().into();
            object
        })
    });
    let found: Vec<Value> = found.collect();
    whole(
        &written,
        &unchanged,
        &removed,
        &warnings,
        &errors,
        &censuses,
        &found,
        &done.stale,
    )
}

fn removed(done: &Done) -> Vec<&str> {
    let left_over = |change: &&Change| matches!(change, Change::LeftOver { .. });
    done.changes
        .iter()
        .filter(left_over)
        .map(Change::path)
        .collect()
}

fn diagnostics(done: &Done, severity: &str) -> Vec<Value> {
    let reports = done.output.reports.iter();
    reports
        .flat_map(|report| report.diagnostics.reports())
        .filter(|diagnostic| diagnostic.severity == severity)
        .map(|diagnostic| json!(diagnostic))
        .collect()
}

#[expect(clippy::too_many_arguments, reason = "each is a member of the object")]
fn whole(
    written: &[&str],
    unchanged: &[&str],
    removed: &[&str],
    warnings: &[Value],
    errors: &[Value],
    census: &[Value],
    tokens: &[Value],
    stale: &[Stale],
) -> Value {
    json!({
        "written": written,
        "unchanged": unchanged,
        "removed": removed,
        "warnings": warnings,
        "errors": errors,
        "census": census,
        "tokens": tokens,
        "stale": stale,
    })
}
