//! What the repository depends on: licences, sources, bans, and known vulnerabilities.

use super::{Outcome, Shell};

/// What cargo-deny prints if the database of advisories cannot be fetched.
const UNREACHABLE: &str = "failed to fetch advisory database";

/// Runs `cargo deny`, and installs it first if it is not there.
///
/// Advisories live in a database elsewhere. Where that cannot be fetched they stay open, and the summary
/// says so; everything else about dependencies is known here.
pub(super) fn deny(shell: &Shell) -> Result<Outcome, String> {
    let installed = shell.read("cargo", &["deny", "--version"])?;
    if !installed.status.success() {
        shell.cargo(&["install", "cargo-deny", "--locked"])?;
    }
    shell.cargo(&[
        "deny",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ])?;

    let advisories = shell.read("cargo", &["deny", "check", "advisories"])?;
    let said = String::from_utf8_lossy(&advisories.stderr);
    eprint!("{said}");
    if advisories.status.success() {
        Ok(Outcome::Passed)
    } else if said.contains(UNREACHABLE) {
        Ok(Outcome::Open(
            "advisories were NOT checked: their database cannot be reached".to_owned(),
        ))
    } else {
        Err("`cargo deny check advisories` found something".to_owned())
    }
}
