//! What a run was made from, to tell whether it would come out differently now.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::super::job::{Attempt, Job};
use super::nearest_folder;
use crate::load::Source;

/// The texts that the last run was made from. What cannot be read has no text.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// Documents and overlays.
    specs: Vec<Source>,
    /// When they were saved.
    saved: Vec<Option<SystemTime>>,
    /// Why there was no job, if there was none.
    failure: Option<String>,
    /// Files that documents refer to, there or not.
    parts: BTreeMap<PathBuf, Option<String>>,
    /// The folder of templates, and the templates.
    templates: Option<(PathBuf, BTreeMap<PathBuf, Option<String>>)>,
}

impl Inputs {
    /// What is known before the first run.
    pub(super) fn new(job: &Job) -> Self {
        Self {
            specs: specs(job),
            ..Self::default()
        }
    }

    /// Makes a job and remembers what it has read.
    pub(super) fn read(&mut self, job: &impl Fn() -> io::Result<Job>) -> io::Result<Job> {
        // Before they are used: what is saved meanwhile is seen as a change.
        let job = job().inspect_err(|err| self.failure = Some(err.to_string()))?;
        self.failure = None;
        self.specs = specs(&job);
        self.saved = self.saved_now();
        let templates = job.options.templates.as_ref();
        self.templates = templates.map(|folder| (folder.clone(), templates_in(folder)));
        Ok(job)
    }

    /// Takes down which files the documents of a run refer to.
    pub(super) fn learn(&mut self, attempt: &Attempt) {
        let Ok(done) = &attempt.done else {
            let known = std::mem::take(&mut self.parts).into_keys();
            self.parts = known.map(|path| (path.clone(), text(&path))).collect();
            return;
        };
        let mut parts = BTreeMap::new();
        for report in &done.output.reports {
            let origins = report.diagnostics.origins();
            for file in origins.files().iter().filter(|file| !is_remote(&file.path)) {
                parts.insert(PathBuf::from(&file.path), Some(file.text.clone()));
            }
            parts.extend(origins.missing().iter().map(|path| (path.clone(), None)));
        }
        for spec in &self.specs {
            parts.remove(Path::new(&spec.path));
        }
        self.parts = parts;
    }

    /// Whether a run would be made from the same texts now.
    pub(super) fn are_current(&self, job: &impl Fn() -> io::Result<Job>) -> bool {
        let same = match job() {
            Ok(job) => self.failure.is_none() && self.specs == specs(&job),
            Err(err) => self.failure == Some(err.to_string()),
        };
        let mut parts = self.parts.iter();
        let templates = self.templates.as_ref();
        same && parts.all(|(path, before)| *before == text(path))
            && templates.is_none_or(|(folder, before)| *before == templates_in(folder))
    }

    /// Documents and overlays without a text: who saves one may empty it first, and the system tells of that only when it
    /// is done.
    pub(super) fn emptied(&self, job: &impl Fn() -> io::Result<Job>) -> Vec<PathBuf> {
        let specs = job().map(|job| specs(&job)).unwrap_or_default();
        let empty = specs.iter().filter(|spec| spec.text.is_empty());
        empty
            .filter_map(|spec| std::path::absolute(&spec.path).ok())
            .collect()
    }

    /// Whether a document or an overlay was saved since, be it with the same text.
    pub(super) fn were_saved_again(&self) -> bool {
        self.saved != self.saved_now()
    }

    fn saved_now(&self) -> Vec<Option<SystemTime>> {
        let when = |spec: &Source| Path::new(&spec.path).metadata()?.modified();
        self.specs.iter().map(|spec| when(spec).ok()).collect()
    }

    /// How many files there are.
    pub(super) fn count(&self) -> usize {
        let templates = self.templates.as_ref();
        let there = self.parts.values().flatten().count();
        self.specs.len() + there + templates.map_or(0, |(_, templates)| templates.len())
    }

    /// The folders in which something happens if one of them changes, comes or goes.
    pub(super) fn folders(&self) -> BTreeSet<PathBuf> {
        let specs = self.specs.iter().map(|spec| PathBuf::from(&spec.path));
        let parts = self.parts.keys().cloned();
        let templates = self.templates.iter();
        let templates = templates.map(|(folder, _)| folder.join("any"));
        let mut folders = BTreeSet::new();
        for path in specs.chain(parts).chain(templates) {
            folders.extend(nearest_folder(&path));
            // Behind a symbolic link the file is saved elsewhere.
            let real = path.canonicalize().ok();
            folders.extend(real.and_then(|path| nearest_folder(&path)));
        }
        folders
    }
}

fn specs(job: &Job) -> Vec<Source> {
    let specs = job.specs.iter();
    specs
        .flat_map(|spec| [Some(&spec.source), spec.overlay.as_ref()])
        .flatten()
        .cloned()
        .collect()
}

fn text(path: &Path) -> Option<String> {
    Source::read(path).ok().map(|source| source.text)
}

fn templates_in(folder: &Path) -> BTreeMap<PathBuf, Option<String>> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "tera"))
        .map(|path| (path.clone(), text(&path)))
        .collect()
}

fn is_remote(path: &str) -> bool {
    path.starts_with("https://") || path.starts_with("http://")
}
