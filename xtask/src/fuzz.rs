//! Fuzzing: the targets of `generator/fuzz`, on seeds that are the repository's own documents.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use specmint::spec::Spec;

use crate::root;

/// How long each target runs, in seconds, if the caller does not say.
pub(crate) const SECONDS: u64 = 60;

/// The bounds of one input: what exceeds them counts as found.
const BOUNDS: &[&str] = &["-timeout=10", "-rss_limit_mb=2048", "-max_len=16384"];

/// What makes a seed of a document; `None` leaves the document out.
type Seed = fn(&Spec) -> Option<String>;

/// The targets, and what their seeds are made of.
const TARGETS: &[(&str, Seed)] = &[
    ("yaml", |spec| Some(spec.source.text.clone())),
    ("json", |spec| as_json(&spec.source.text)),
    ("overlay", |spec| Some(spec.overlay.as_ref()?.text.clone())),
    ("corrected", |spec| {
        let overlay = spec.overlay.as_ref()?;
        Some(format!("{}\0{}", spec.source.text, overlay.text))
    }),
    // Any JSON will do for an answer.
    ("token", |spec| {
        let body = as_json(&spec.source.text)?;
        Some(format!("200application/json\0\0\0{body}"))
    }),
];

/// Runs a target, or each of them in turn, for so many seconds.
///
/// # Errors
/// If cargo-fuzz is missing, if there is no such target, or if a run found something; the text says where it is.
pub(crate) fn run(target: Option<&str>, seconds: u64) -> io::Result<()> {
    let chosen: Vec<_> = TARGETS
        .iter()
        .filter(|(name, _)| target.is_none_or(|target| target == *name))
        .collect();
    if chosen.is_empty() {
        let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
        return Err(io::Error::other(format!(
            "there is no such target; there are {}",
            names.join(", ")
        )));
    }
    find_engine()?;
    let documents = documents()?;
    let mut found = Vec::new();
    for (name, seed) in chosen {
        let folder = root().join("generator/fuzz/seeds").join(name);
        gather(&folder, documents.iter().filter_map(seed))?;
        if !fuzz(name, seconds)? {
            found.push(*name);
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{} found something: see generator/fuzz/artifacts",
        found.join(", ")
    )))
}

fn find_engine() -> io::Result<()> {
    let version = Command::new("cargo").args(["fuzz", "--version"]).output()?;
    if version.status.success() {
        return Ok(());
    }
    let message = "cargo-fuzz is not installed: `cargo install cargo-fuzz --locked`";
    Err(io::Error::new(io::ErrorKind::NotFound, message))
}

/// The repository's specs and cases, with their overlays.
fn documents() -> io::Result<Vec<Spec>> {
    let mut folders = vec![root().join("specs")];
    for kind in ["tests/cases", "tests/errors"] {
        let Ok(cases) = fs::read_dir(root().join(kind)) else {
            continue;
        };
        for case in cases {
            folders.push(case?.path());
        }
    }
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        paths.extend(specmint::spec::find(folder)?);
    }
    paths.sort();
    paths.iter().map(|path| Spec::read(path)).collect()
}

/// Writes the seeds of a target, in place of those of the last run.
fn gather(folder: &Path, seeds: impl Iterator<Item = String>) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (number, seed) in seeds.enumerate() {
        fs::write(folder.join(format!("{number:04}")), seed)?;
    }
    Ok(())
}

/// Whether a run of a target found nothing.
fn fuzz(target: &str, seconds: u64) -> io::Result<bool> {
    let fuzz = root().join("generator/fuzz");
    let corpus = fuzz.join("corpus").join(target);
    fs::create_dir_all(&corpus)?;
    let status = Command::new("cargo")
        .args(["fuzz", "run", "--sanitizer=none", "--fuzz-dir"])
        .args([&fuzz, Path::new(target), &corpus])
        .arg(fuzz.join("seeds").join(target))
        .arg("--")
        .args(BOUNDS)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-dict={}", fuzz.join("openapi.dict").display()))
        // The engine's instrumentation is unstable; this lets the repository's own toolchain do it.
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(root())
        .status()?;
    Ok(status.success())
}

/// A document as JSON, if it is one in YAML or JSON.
fn as_json(text: &str) -> Option<String> {
    let tree: serde_json::Value = serde_yaml::from_str(text).ok()?;
    serde_json::to_string(&tree).ok()
}
