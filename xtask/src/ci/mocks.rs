//! The fakes of the generated crate before a tool that nobody here wrote: schemathesis, in an environment of its own.

use std::path::Path;

use super::{Outcome, Shell};

/// What is installed, and the hash of each file of it.
const REQUIREMENTS: &str = "tests/mocks/requirements.txt";

/// Runs schemathesis against the fakes of the five documents, and installs it first if it is not there.
pub(super) fn mocks(shell: &Shell) -> Result<Outcome, String> {
    let environment = crate::target()
        .map_err(|error| format!("finding the target folder: {error}"))?
        .join("schemathesis");
    let programs = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    install(shell, &environment, &programs)?;
    #[rustfmt::skip]
    let tests = ["test", "--package", "specmint-tests", "--features", "mocks", "mock::schemathesis", "--", "--nocapture"];
    shell
        .with("SCHEMATHESIS", programs.join("schemathesis"))
        .cargo(&tests)
}

/// Brings an environment to what the requirements say. Once it is, nothing is asked of any registry.
fn install(shell: &Shell, environment: &Path, programs: &Path) -> Result<(), String> {
    let requirements = shell.folder().join(REQUIREMENTS);
    let wanted =
        std::fs::read(&requirements).map_err(|error| format!("{REQUIREMENTS}: {error}"))?;
    let stamp = environment.join("requirements.txt");
    if std::fs::read(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let environment = environment.display().to_string();
    let python = programs.join("python").display().to_string();
    let requirements = requirements.display().to_string();
    shell.run("python3", &["-m", "venv", "--clear", &environment])?;
    #[rustfmt::skip]
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", &requirements];
    shell.run(&python, &install)?;
    std::fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}
