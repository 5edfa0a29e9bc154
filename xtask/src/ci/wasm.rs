//! The generated crate for browsers and other hosts of WebAssembly, where transports are the caller's.

use super::{Outcome, Shell, features};

const TARGET: &str = "wasm32-unknown-unknown";

/// Checks all APIs of the crate for WebAssembly, with what needs neither sockets nor threads.
///
/// The target's standard library comes from where the compiler came from. Where that cannot be reached the step stays
/// open, and the summary says so.
pub(super) fn wasm(shell: &Shell) -> Result<Outcome, String> {
    let installed = shell.read("rustup", &["target", "list", "--installed"]);
    let is_there =
        installed.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(TARGET));
    if !is_there {
        let added = shell.read("rustup", &["target", "add", TARGET]);
        if !added.is_ok_and(|output| output.status.success()) {
            let open = format!("nothing was checked for WebAssembly: there is no target {TARGET}");
            return Ok(Outcome::Open(open));
        }
    }
    let mut chosen = features::of_apis(shell)?;
    chosen.extend(["serde".to_owned(), "validate".to_owned()]);
    shell.cargo(&[
        "check",
        "--quiet",
        "--package",
        features::PACKAGE,
        "--target",
        TARGET,
        "--no-default-features",
        "--features",
        &chosen.join(","),
    ])
}
