//! Bringing documents up to date with where they come from, and the crate with them.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::diag::Colors;
use crate::generate::{Output, Revision};
use crate::load::Source;
use crate::load::upstream::{self, Upstream};
use crate::spec::{self, Spec};

use super::job::{Done, NewText, Verdict, alone, finish, generated, lock_in};
use super::{DONE, Format, Job, Mode, Place, REFUSED, Streams, report};

/// Fetches what the documents are now where they come from, shows what changed, and writes them and the crate.
///
/// The place is in a file beside each: `pets.source` for `pets.yaml` and for `pets/openapi.yaml`. `apis` are the names of
/// those that are meant; all that have a source if there is none. What cannot be fetched, or is no document that can be
/// generated from, is reported and stays as it is; the others are brought up to date. In [`Mode::Check`] nothing is
/// written.
///
/// Returns the exit code: [`REFUSED`] if anything that was asked for did not come about. Everything has been reported.
#[must_use]
pub fn update(
    place: Place<'_>,
    apis: &[String],
    job: impl Fn() -> io::Result<Job>,
    streams: &mut Streams<'_>,
) -> u8 {
    let mut update = Update::default();
    let result = update.run(place, apis, &job, streams);
    streams.progress("");
    if let Err(err) = &result {
        let text = format!("error: {err}\n");
        match place.format {
            Format::Human => streams.say(&text),
            Format::Json => update.failures.push(err.to_string()),
        }
    }
    if place.format == Format::Json {
        streams.answer(&update.machine(result.as_ref().ok().and_then(Option::as_ref)));
    }
    match result {
        Ok(_) if update.failures.is_empty() => DONE,
        _ => REFUSED,
    }
}

/// A document and what it is where it comes from.
struct Candidate {
    /// Where it stands.
    path: PathBuf,
    /// What its module wants to be called.
    name: String,
    /// Where it comes from, as people may see it.
    from: String,
    /// What it is there.
    bytes: Vec<u8>,
    text: String,
}

/// What became of the documents so far.
#[derive(Default)]
struct Update {
    /// What did not come about, in words.
    failures: Vec<String>,
    /// Documents that are what they are where they come from, by path.
    same: Vec<Candidate>,
    /// Documents that have changed there, and can be generated from.
    changed: Vec<Candidate>,
    /// What that means, as Markdown and as JSON.
    review: Option<(String, Value)>,
}

impl Update {
    /// All of it. `None` if there is nothing that could be brought up to date.
    fn run(
        &mut self,
        place: Place<'_>,
        apis: &[String],
        job: &impl Fn() -> io::Result<Job>,
        streams: &mut Streams<'_>,
    ) -> io::Result<Option<Done>> {
        let fetched = self.fetch(&job()?, apis, place.format, streams)?;
        if fetched.is_empty() {
            return Ok(None);
        }
        let folders = fetched.iter().map(|candidate| folder_of(&candidate.path));
        let folders: BTreeSet<PathBuf> = folders.collect();
        let mut locked: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
        locked.push(place.out);
        let _lock = alone(&locked, place.mode, streams)?;
        // What was read before may have been brought up to date by another run.
        let job = job()?;
        let (job, output, old) = self.generate(job, fetched, place.format, streams)?;
        self.look(&old, &job, place.format, streams)?;
        let mut new = Vec::new();
        for candidate in &self.changed {
            new.push(NewText {
                path: candidate.path.clone(),
                new: candidate.bytes.clone(),
                old: upstream::bytes(&candidate.path)?,
            });
        }
        let done = finish(&job, output, &new, streams)?;
        if done.verdict == Verdict::Refused {
            self.failures.push("a document is refused".to_owned());
        }
        if place.format == Format::Human {
            streams.say(&self.human(&job, &done, streams.colors));
        }
        Ok(Some(done))
    }

    /// Fetches the documents that are meant. Says which have no source, if that matters.
    fn fetch(
        &mut self,
        job: &Job,
        apis: &[String],
        format: Format,
        streams: &mut Streams<'_>,
    ) -> io::Result<Vec<Candidate>> {
        let mut fetched = Vec::new();
        let is_known = |api: &String| job.specs.iter().any(|spec| is_called(spec, api));
        if let Some(api) = apis.iter().find(|api| !is_known(api)) {
            let known: Vec<&str> = job.specs.iter().map(|spec| spec.name.as_str()).collect();
            let known = known.join("`, `");
            let text = format!("there is no `{api}` among the documents: `{known}`");
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
        let mut sources = 0;
        for spec in &job.specs {
            let meant = apis.iter().any(|api| is_called(spec, api));
            if !apis.is_empty() && !meant {
                continue;
            }
            let path = Path::new(&spec.source.path);
            let file = spec::source_of(path);
            if !file.is_file() && !meant {
                continue;
            }
            sources += 1;
            streams.progress(&format!("fetching `{}`", spec.name));
            match fetch(spec, path, &file) {
                Ok(candidate) => fetched.push(candidate),
                Err(err) => self.fail(format!("`{}`: {err}", spec.name), format, streams),
            }
        }
        streams.progress("");
        if sources == 0 && format == Format::Human {
            streams.say(NO_SOURCES);
        }
        Ok(fetched)
    }

    fn fail(&mut self, text: String, format: Format, streams: &mut Streams<'_>) {
        if format == Format::Human {
            streams.say(&format!("error: {text}\n"));
        }
        self.failures.push(text);
    }

    /// Generates from what was fetched, without those that cannot be generated from. Returns the job with the new texts,
    /// and the documents that they take the place of.
    fn generate(
        &mut self,
        job: Job,
        fetched: Vec<Candidate>,
        format: Format,
        streams: &mut Streams<'_>,
    ) -> io::Result<(Job, Output, Vec<Spec>)> {
        for candidate in fetched {
            let spec = job.specs.iter().find(|spec| is_at(spec, &candidate.path));
            match spec {
                Some(spec) if spec.source.text == candidate.text => self.same.push(candidate),
                Some(_) => self.changed.push(candidate),
                None => {
                    let name = &candidate.name;
                    self.fail(format!("`{name}` is gone meanwhile"), format, streams);
                }
            }
        }
        loop {
            let mut new = job.clone();
            let mut old = Vec::new();
            for candidate in &self.changed {
                for spec in new
                    .specs
                    .iter_mut()
                    .filter(|spec| is_at(spec, &candidate.path))
                {
                    old.push(spec.clone());
                    spec.source = Source::new(spec.source.path.clone(), candidate.text.clone());
                }
            }
            let output = generated(&new, streams)?;
            let refused = |candidate: &mut Candidate| {
                let mut reports = output.reports.iter().zip(&new.specs);
                reports.any(|(report, spec)| is_at(spec, &candidate.path) && new.refuses(report))
            };
            let refused: Vec<Candidate> = self.changed.extract_if(.., refused).collect();
            if refused.is_empty() {
                return Ok((new, output, old));
            }
            for candidate in refused {
                let text = format!(
                    "`{}` stays as it is, since what `{}` has now is refused",
                    candidate.name, candidate.from
                );
                for (report, spec) in output.reports.iter().zip(&new.specs) {
                    if is_at(spec, &candidate.path) && format == Format::Human {
                        streams.say(&report.diagnostics.print(streams.colors));
                    }
                }
                self.fail(text, format, streams);
            }
        }
    }

    /// Compares the documents with what they are to be.
    fn look(
        &mut self,
        old: &[Spec],
        job: &Job,
        format: Format,
        streams: &mut Streams<'_>,
    ) -> io::Result<()> {
        let changed = |spec: &&Spec| old.iter().any(|old| old.source.path == spec.source.path);
        let new: Vec<Spec> = job.specs.iter().filter(changed).cloned().collect();
        if new.is_empty() {
            return Ok(());
        }
        let lock = lock_in(&job.out)?;
        let [before, after] = [old, &new].map(|specs| Revision {
            specs,
            lock: Some(&lock),
        });
        // A document that cannot be read any more cannot be compared either; that is no reason to keep it.
        let Some(review) = crate::generate::review(&before, &after, &job.options).review else {
            return Ok(());
        };
        let text = crate::review::markdown(&review);
        if format == Format::Human {
            streams.answer(&text);
        }
        let value = serde_json::from_str(&crate::review::json(&review)).unwrap_or_default();
        self.review = Some((text, value));
        Ok(())
    }

    fn human(&self, job: &Job, done: &Done, colors: Colors) -> String {
        let mut text = String::new();
        for candidate in &self.same {
            text.push_str(&format!(
                "`{}` is what `{}` has\n",
                candidate.name, candidate.from
            ));
        }
        for candidate in &self.changed {
            let (name, from) = (&candidate.name, &candidate.from);
            text.push_str(&match job.mode {
                Mode::Check => format!("`{name}` differs from what `{from}` has\n"),
                Mode::Write if done.verdict == Verdict::UpToDate => {
                    format!("`{name}` is now what `{from}` has\n")
                }
                Mode::Write => String::new(),
            });
            text.push_str(&ending(candidate).unwrap_or_default());
        }
        match (job.mode, done.verdict) {
            (Mode::Check, Verdict::UpToDate | Verdict::OutOfDate) => {
                let files = done.changes.len();
                let out = job.out.display();
                text.push_str(&format!(
                    "`{out}`: {files} files would change; nothing was written\n"
                ));
            }
            _ => text.push_str(&report::done(job, done, colors)),
        }
        text
    }

    /// One object: what `generate` says, and what became of each document.
    fn machine(&self, done: Option<&Done>) -> String {
        let mut object = report::object(done);
        let state = |candidates: &[Candidate], state: &str| -> Vec<Value> {
            let candidates = candidates.iter();
            candidates
                .map(|one| json!({ "name": one.name, "document": one.path, "source": one.from, "state": state }))
                .collect()
        };
        let documents = [state(&self.same, "same"), state(&self.changed, "changed")];
        object["documents"] = documents.concat().into();
        object["review"] = self
            .review
            .as_ref()
            .map_or(Value::Null, |(_, value)| value.clone());
        for failure in &self.failures {
            let error = json!({ "severity": "error", "message": failure });
            if let Some(errors) = object["errors"].as_array_mut() {
                errors.push(error);
            }
        }
        format!("{object:#}\n")
    }
}

/// What is said where no document has a source.
const NO_SOURCES: &str = "no document has a source to be brought up to date from; NAME.source beside NAME.yaml names one: \
    an https URL or a relative path\n";

fn fetch(spec: &Spec, path: &Path, file: &Path) -> io::Result<Candidate> {
    if !file.is_file() {
        let text = format!("there is no source; name one in `{}`", file.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, text));
    }
    let from = Upstream::read(file)?;
    let bytes = from.fetch()?;
    let text = String::from_utf8(bytes.clone()).map_err(|_| {
        let text = format!("what `{}` has is not UTF-8", from.shown());
        io::Error::new(io::ErrorKind::InvalidData, text)
    })?;
    Ok(Candidate {
        path: path.to_path_buf(),
        name: spec.name.clone(),
        from: from.shown(),
        text: Source::new(String::new(), text).text,
        bytes,
    })
}

/// What to say of a document whose form is no longer what the ending of its name says. It keeps its name: commands and
/// generated files have it, and documents are read by what they look like.
fn ending(candidate: &Candidate) -> Option<String> {
    let json = Source::new(String::new(), candidate.text.clone()).looks_like_json();
    let ending = candidate.path.extension()?.to_str()?;
    let path = candidate.path.display();
    match (json, ending) {
        (true, "yaml" | "yml") => Some(format!(
            "note: `{path}` now holds JSON, as its source does; it is read all the same, and may be renamed\n"
        )),
        (false, "json") => Some(format!(
            "note: `{path}` now holds YAML, as its source does; it is read all the same, but other tools may want it renamed\n"
        )),
        _ => None,
    }
}

fn is_at(spec: &Spec, path: &Path) -> bool {
    Path::new(&spec.source.path) == path
}

fn is_called(spec: &Spec, api: &str) -> bool {
    spec.name == api
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}
