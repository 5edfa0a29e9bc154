//! A crate outside the repository: the command alone, crates.io alone.

use specmint::spec;

use super::{Outcome, Shell};

/// Generates a whole crate from every spec of the repository into a temporary folder, with the runtime
/// embedded, and lints and tests it there. What it is built into stays in target/, for the next time.
pub(super) fn outside(shell: &Shell) -> Result<Outcome, String> {
    let folder = tempfile::tempdir().map_err(|err| format!("making a temporary folder: {err}"))?;
    let out = folder.path().join("outside-clients");
    let out_text = out.display().to_string();
    let specs: Vec<String> = spec::find(&shell.folder().join("specs"))
        .map_err(|err| err.to_string())?
        .iter()
        .map(|path| path.display().to_string())
        .collect();

    let mut generate = vec!["run", "--quiet", "--package", "specmint", "--", "generate"];
    generate.extend(specs.iter().map(String::as_str));
    generate.extend(["--out", &out_text]);
    shell.cargo(&generate)?;
    generate.push("--check");
    shell.cargo(&generate)?;

    let target = shell.folder().join("target/outside");
    let there = shell.below(&out).with("CARGO_TARGET_DIR", target);
    there.cargo(&[
        "clippy",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ])?;
    there.cargo(&["test", "--all-features", "--no-run"])
}
