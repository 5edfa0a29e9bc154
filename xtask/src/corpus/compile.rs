//! Generated crates through clippy and rustdoc, with warnings denied: one workspace, whose dependencies are built once.
//!
//! Cargo starts this program in place of the compiler ([`stand_in`]), so that what each crate takes is known
//! and one that takes too much is ended without ending the others.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde::Serialize;
use serde_json::Value;

use crate::measure::{self, Limits, Usage};
use crate::root;

/// The folder for records, in the environment of the compiler's stand-in.
const RECORDS: &str = "SPECMINT_RECORDS";
/// The limits, in the same place: seconds and megabytes.
const SECONDS: &str = "SPECMINT_SECONDS";
const MEMORY: &str = "SPECMINT_MEMORY";

/// How a crate compiled and documented itself.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Compiled {
    /// Whether it did, without a warning.
    pub(crate) clean: bool,
    /// Errors, and warnings, which are errors here.
    pub(crate) problems: usize,
    /// How many there are of each code.
    pub(crate) codes: BTreeMap<String, usize>,
    /// The first of them.
    pub(crate) first: Option<String>,
    /// What it took, this time or when it was last compiled.
    pub(crate) usage: Option<Usage>,
}

/// A workspace for generated crates.
pub(super) struct Workspace {
    folder: PathBuf,
    records: PathBuf,
    target: PathBuf,
    limits: Limits,
}

impl Workspace {
    /// Makes the workspace, with `packages` as members.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn new(folder: &Path, packages: &[String], limits: Limits) -> io::Result<Self> {
        let records = folder.join("records");
        fs::create_dir_all(&records)?;
        let members: Vec<String> = packages
            .iter()
            .map(|package| format!("    \"crates/{package}\",\n"))
            .collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\n{}]\n",
            members.concat()
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        // The versions of the repository.
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self {
            records,
            target: folder.join("target"),
            folder: folder.to_owned(),
            limits,
        })
    }

    /// Where a crate belongs.
    pub(super) fn crate_folder(folder: &Path, package: &str) -> PathBuf {
        folder.join("crates").join(package)
    }

    /// Compiles `packages`, `jobs` at a time, documents those that compile, and says how each went.
    ///
    /// # Errors
    /// Cargo cannot be started, or rustdoc fails without a word on a crate.
    pub(super) fn compile(
        &self,
        packages: &[String],
        jobs: usize,
    ) -> io::Result<BTreeMap<String, Compiled>> {
        let mut compiled: BTreeMap<String, Compiled> = packages
            .iter()
            .map(|package| (package.clone(), Compiled::default()))
            .collect();
        if packages.is_empty() {
            return Ok(compiled);
        }
        run(self.clippy(packages, jobs)?, &mut compiled)?;
        let is_clean = |compiled: &Compiled| compiled.clean && compiled.problems == 0;
        let clean: Vec<String> = compiled
            .iter()
            .filter(|(_, compiled)| is_clean(compiled))
            .map(|(package, _)| package.clone())
            .collect();
        let documented = clean.is_empty() || run(self.rustdoc(&clean, jobs), &mut compiled)?;
        if !documented && compiled.values().filter(|one| is_clean(one)).count() == clean.len() {
            return Err(io::Error::other("rustdoc failed and named no crate"));
        }
        for (package, compiled) in &mut compiled {
            compiled.usage = measure::read(&self.record(package)).ok();
            compiled.clean &= compiled.problems == 0;
        }
        Ok(compiled)
    }

    fn record(&self, package: &str) -> PathBuf {
        self.records
            .join(format!("{}.json", package.replace('-', "_")))
    }

    fn clippy(&self, packages: &[String], jobs: usize) -> io::Result<Command> {
        let mut command = self.cargo("clippy", packages, jobs);
        command.args(["--", "-D", "warnings"]);
        command.env("RUSTC_WRAPPER", std::env::current_exe()?);
        command.env(RECORDS, &self.records);
        command.env(SECONDS, self.limits.seconds.to_string());
        command.env(MEMORY, self.limits.memory.to_string());
        Ok(command)
    }

    fn rustdoc(&self, packages: &[String], jobs: usize) -> Command {
        let mut command = self.cargo("doc", packages, jobs);
        command.arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings");
        command
    }

    fn cargo(&self, task: &str, packages: &[String], jobs: usize) -> Command {
        let mut command = crate::cargo();
        command.current_dir(&self.folder);
        command.args([task, "--quiet", "--keep-going", "--message-format=json"]);
        // What is behind features that are off by default compiles too.
        command.arg("--all-features");
        command.args(["--jobs", &jobs.to_string()]);
        for package in packages {
            command.args(["--package", package]);
        }
        command.env("CARGO_TARGET_DIR", &self.target);
        // No crate is compiled twice, so none keeps notes for the second time.
        command.env("CARGO_INCREMENTAL", "0");
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }
}

/// Runs Cargo and notes what it says of each crate. Returns whether it succeeded.
fn run(mut command: Command, compiled: &mut BTreeMap<String, Compiled>) -> io::Result<bool> {
    let mut child = command.spawn()?;
    let output = child.stdout.take().expect("the output is piped");
    let mut done = 0;
    for line in BufReader::new(output).lines() {
        let Ok(message) = serde_json::from_str::<Value>(&line?) else {
            continue;
        };
        if note(&message, compiled) {
            done += 1;
            progress(done, compiled.len());
        }
    }
    Ok(child.wait()?.success())
}

/// Notes what a message of Cargo says. Returns whether it ends a crate.
fn note(message: &Value, compiled: &mut BTreeMap<String, Compiled>) -> bool {
    let manifest = message["manifest_path"].as_str().map(Path::new);
    let package = manifest
        .and_then(|path| path.parent()?.file_name())
        .map(|name| name.to_string_lossy().into_owned());
    let Some(compiled) = package.and_then(|package| compiled.get_mut(&package)) else {
        return false;
    };
    match message["reason"].as_str() {
        Some("compiler-artifact") => {
            compiled.clean = true;
            true
        }
        Some("compiler-message") => {
            problem(&message["message"], compiled);
            false
        }
        _ => false,
    }
}

fn problem(message: &Value, compiled: &mut Compiled) {
    let text = message["message"].as_str().unwrap_or_default();
    let is_problem = matches!(message["level"].as_str(), Some("error" | "warning"));
    // The compiler's own summary, such as "aborting due to 2 previous errors".
    if !is_problem || (message["code"].is_null() && text.starts_with("aborting due to")) {
        return;
    }
    compiled.problems += 1;
    let code = message["code"]["code"].as_str().unwrap_or("error");
    *compiled.codes.entry(code.to_owned()).or_default() += 1;
    if compiled.first.is_none() {
        let rendered = message["rendered"].as_str().unwrap_or(text);
        compiled.first = Some(rendered.to_owned());
    }
}

fn progress(done: usize, all: usize) {
    if io::stderr().is_terminal() {
        eprint!("\rcompiled {done} of {all}");
    }
}

/// Compiles in place of the compiler, if this process was started by Cargo for that; else `None`.
///
/// Only crates of the workspace are measured and limited.
pub(crate) fn stand_in() -> Option<io::Result<ExitCode>> {
    let records = PathBuf::from(std::env::var_os(RECORDS)?);
    let mut arguments = std::env::args_os().skip(1);
    let mut command = Command::new(arguments.next()?);
    let arguments: Vec<OsString> = arguments.collect();
    command.args(&arguments).env_remove(RECORDS);
    let name = arguments
        .iter()
        .position(|argument| argument == "--crate-name");
    let name = name.and_then(|at| arguments.get(at + 1)?.to_str());
    let is_ours = std::env::var_os("CARGO_PRIMARY_PACKAGE").is_some();
    let number = |variable| std::env::var(variable).ok()?.parse::<u64>().ok();
    Some(match (name, number(SECONDS), number(MEMORY)) {
        (Some(name), Some(seconds), Some(memory)) if is_ours => {
            let record = records.join(format!("{name}.json"));
            measure::record(&mut command, &record, Limits { seconds, memory })
        }
        _ => command.status().map(crate::exit_code),
    })
}
