//! The sites in a browser: Debian's Chromium, driven by Playwright.

use super::{Outcome, Shell};

/// What opens the sites.
const TESTS: &str = "tests/site";

/// Makes the sites of the clients, of the book and of pages that are made to be difficult, and opens each page of them.
pub(super) fn site(shell: &Shell) -> Result<Outcome, String> {
    chromium(shell)?;
    let folder = tempfile::tempdir().map_err(|err| format!("making a temporary folder: {err}"))?;
    let below = |name: &str| folder.path().join(name).display().to_string();
    shell.cargo(&["xtask", "docs", "--out", &below("sites")])?;
    let trial = format!("{TESTS}/crate");
    #[rustfmt::skip]
    shell.cargo(&["run", "--quiet", "--package", "specmint", "--", "docs", &trial, "--out", &below("pets")])?;
    let tests = shell.below(TESTS);
    tests.run(
        "npm",
        &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
    )?;
    let sites = [
        format!("pets={}", below("pets")),
        format!("clients={}", below("sites/clients")),
        format!("book={}", below("sites/book")),
    ];
    tests.run("node", &["check.js", &sites[0], &sites[1], &sites[2]])
}

/// Installs Chromium where Debian's packages are at hand and it is not there.
fn chromium(shell: &Shell) -> Result<(), String> {
    let version = shell.read("chromium", &["--version"]);
    if version.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    let install = ["install", "--yes", "--no-install-recommends", "chromium"];
    shell
        .run("apt-get", &["update"])
        .and_then(|_| shell.run("apt-get", &install))
        .map(|_| ())
        .map_err(|error| format!("there is no chromium, and {error}"))
}
