//! What people wait for after saving: `cargo xtask bench watch`.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_yaml::{Mapping, Value};
use specmint::spec;

use crate::{cargo, root, target};

/// How often each is measured.
pub(super) const TIMES: usize = 30;

/// What the watcher says when all that follows from a save has been written.
const REPORTED: &str = "watching ";

/// Measures, and prints a table: from a save in a copy of this repository to when `cargo xtask watch` has written the
/// last file and said so, with all waiting for the save to be over; and `cargo xtask generate` where nothing has changed,
/// a whole process each time.
///
/// Saves go round the documents. Each changes a model, so that a module and its pages are written.
///
/// # Errors
/// `generated/` is not up to date, something cannot be built or started, or a save is not followed by files.
pub(crate) fn watch(times: usize) -> io::Result<()> {
    let release = std::env::current_exe()?;
    let mut text = format!("{:<42}{:>10}{:>10}\n", "ms", "median", "worst");
    let mut row = |name: &str, mut took: Vec<Duration>| {
        took.sort();
        let shown = |took: Option<&Duration>| took.map_or(0.0, Duration::as_secs_f64) * 1000.0;
        let (median, worst) = (shown(took.get(took.len() / 2)), shown(took.last()));
        text.push_str(&format!("{name:<42}{median:>10.1}{worst:>10.1}\n"));
    };
    row(
        "watch: from a save to all files written",
        saves(&release, times)?,
    );
    row("generate, nothing changed", unchanged(&release, times)?);
    row(
        "the same without optimisation",
        unchanged(&debug()?, times)?,
    );
    io::stdout().write_all(text.as_bytes())
}

/// This program as the alias `cargo xtask` builds it.
fn debug() -> io::Result<PathBuf> {
    let mut build = cargo();
    build
        .current_dir(root())
        .args(["build", "--quiet", "--package", "xtask"]);
    if !build.status()?.success() {
        return Err(io::Error::other("`cargo build --package xtask` failed"));
    }
    let path = target()?.join("debug/xtask");
    Ok(path.with_extension(std::env::consts::EXE_EXTENSION))
}

/// What runs take that find nothing to do.
fn unchanged(program: &Path, times: usize) -> io::Result<Vec<Duration>> {
    let run = |command: &str| {
        let start = Instant::now();
        let output = Command::new(program).arg(command).output()?;
        if output.status.success() {
            return Ok(start.elapsed());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(io::Error::other(said))
    };
    run("check")?;
    (0..times).map(|_| run("generate")).collect()
}

/// What is taken from each save to the report on it.
fn saves(program: &Path, times: usize) -> io::Result<Vec<Duration>> {
    // Beside what is built, not in the system's folder for temporary files, which may be no disk.
    let copy = tempfile::tempdir_in(target()?)?;
    for folder in ["specs", "templates", "generated"] {
        copy_folder(&root().join(folder), &copy.path().join(folder))?;
    }
    let documents = spec::find(&copy.path().join("specs"))?;
    let mut watcher = Watcher::start(program, copy.path())?;
    // The first save of each makes new files and has them listed; the others are like those of a day's work.
    (0..documents.len() + times)
        .map(|number| {
            let document = &documents[number % documents.len()];
            let text = edited(document, number)?;
            let start = Instant::now();
            fs::write(document, text)?;
            watcher.wait()?;
            Ok(start.elapsed())
        })
        .skip(documents.len())
        .collect()
}

/// The text of a document with a schema that says which save this is.
fn edited(document: &Path, number: usize) -> io::Result<String> {
    let broken =
        |err: serde_yaml::Error| io::Error::other(format!("`{}`: {err}", document.display()));
    let mut tree: Value = serde_yaml::from_slice(&fs::read(document)?).map_err(broken)?;
    let schema = format!(
        "{{ type: object, description: Save {number}, properties: {{ id: {{ type: string }} }} }}"
    );
    let schema: Value = serde_yaml::from_str(&schema).map_err(broken)?;
    let mut place = &mut tree;
    for key in ["components", "schemas", "BenchSaved"] {
        let map = place.as_mapping_mut();
        let map = map.ok_or_else(|| {
            io::Error::other(format!("`{}` has no place for schemas", document.display()))
        })?;
        place = map
            .entry(key.into())
            .or_insert(Value::Mapping(Mapping::new()));
    }
    *place = schema;
    serde_yaml::to_string(&tree).map_err(broken)
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

/// `cargo xtask watch` at work in a copy of this repository.
struct Watcher {
    child: Child,
    said: io::Lines<BufReader<std::process::ChildStderr>>,
}

impl Watcher {
    /// Starts, and waits for the first run.
    fn start(program: &Path, root: &Path) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(["watch", "--root"]).arg(root);
        let mut child = command
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let said = child
            .stderr
            .take()
            .ok_or_else(|| io::Error::other("stderr is piped"))?;
        let mut watcher = Self {
            child,
            said: BufReader::new(said).lines(),
        };
        watcher.hear()?;
        Ok(watcher)
    }

    /// Waits for the report on a save.
    fn wait(&mut self) -> io::Result<()> {
        let said = self.hear()?;
        if said.contains("files written") {
            return Ok(());
        }
        Err(io::Error::other(format!(
            "nothing was written after a save:\n{said}"
        )))
    }

    fn hear(&mut self) -> io::Result<String> {
        let mut said = String::new();
        for line in self.said.by_ref() {
            let line = line?;
            if line.starts_with(REPORTED) {
                return Ok(said);
            }
            said.push_str(&line);
            said.push('\n');
        }
        Err(io::Error::other(format!("the watcher has ended:\n{said}")))
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // It goes on until it is ended, and leaves nothing open.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
