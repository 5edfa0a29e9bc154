//! The same command again, built for speed.
//!
//! The alias `cargo xtask` builds without optimisation, which is right for commands that mostly start others.
//! Commands that generate for minutes, or that somebody waits for, go on in a build of the profile `tasks`.

use std::io;
use std::process::ExitCode;

/// Runs `command` if this is an optimised build; else builds one and hands the whole command line to it.
pub(crate) fn run(command: impl FnOnce() -> io::Result<ExitCode>) -> io::Result<ExitCode> {
    if !cfg!(debug_assertions) {
        return command();
    }
    let status = crate::cargo()
        .args(["run", "--quiet", "--profile", "tasks", "--package", "xtask"])
        .arg("--manifest-path")
        .arg(crate::root().join("Cargo.toml"))
        .arg("--")
        .args(std::env::args_os().skip(1))
        .status()?;
    Ok(crate::exit_code(status))
}
