//! Commands, shown before they run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::Outcome;

/// Where commands run, and with which environment.
#[derive(Clone, Debug)]
pub(super) struct Shell {
    folder: PathBuf,
    environment: Vec<(String, OsString)>,
}

impl Shell {
    /// Commands run in `folder`; snapshots that differ fail instead of being written.
    pub(super) fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder,
            environment: vec![("INSTA_UPDATE".to_owned(), "no".into())],
        }
    }

    /// The same with one more environment variable.
    pub(super) fn with(&self, name: &str, value: impl Into<OsString>) -> Self {
        let mut shell = self.clone();
        shell.environment.push((name.to_owned(), value.into()));
        shell
    }

    /// The same in a folder below this one, or anywhere if `folder` is absolute.
    pub(super) fn below(&self, folder: impl AsRef<Path>) -> Self {
        let mut shell = self.clone();
        shell.folder = shell.folder.join(folder);
        shell
    }

    /// Where commands run.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs `cargo`.
    ///
    /// # Errors
    /// The command line, if it fails.
    pub(super) fn cargo(&self, args: &[&str]) -> Result<Outcome, String> {
        self.run("cargo", args)
    }

    /// Runs a command and shows what it prints.
    ///
    /// # Errors
    /// The command line, if it fails or cannot be started.
    pub(super) fn run(&self, program: &str, args: &[&str]) -> Result<Outcome, String> {
        let line = line(program, args);
        eprintln!("$ {line}");
        match self.command(program, args).status() {
            Ok(status) if status.success() => Ok(Outcome::Passed),
            Ok(status) => Err(format!("`{line}` ended with {status}")),
            Err(err) => Err(format!("`{line}` cannot be started: {err}")),
        }
    }

    /// Runs a command and returns what it prints.
    ///
    /// # Errors
    /// The command line, if it cannot be started.
    pub(super) fn read(&self, program: &str, args: &[&str]) -> Result<Output, String> {
        let line = line(program, args);
        eprintln!("$ {line}");
        self.command(program, args)
            .output()
            .map_err(|err| format!("`{line}` cannot be started: {err}"))
    }

    fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(executable(program));
        command.args(args).current_dir(&self.folder);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// The name of a program as the system wants it: npm is a script there.
fn executable(program: &str) -> String {
    if cfg!(windows) && program == "npm" {
        "npm.cmd".to_owned()
    } else {
        program.to_owned()
    }
}

fn line(program: &str, args: &[&str]) -> String {
    let mut words = vec![program];
    words.extend(args);
    words.join(" ")
}
