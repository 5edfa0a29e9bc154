//! The generated crate with every choice of features that people are likely to make, and the generator with none.

use super::{Outcome, Shell};

pub(super) const PACKAGE: &str = "token-clients";

/// Checks the crate without features, with each one alone, with each API and no transport, and with all.
pub(super) fn features(shell: &Shell) -> Result<Outcome, String> {
    let clippy = ["clippy", "--quiet", "--package", PACKAGE];
    let strict = ["--", "-D", "warnings"];
    let mut choices = vec![
        vec!["--no-default-features".to_owned()],
        vec![],
        vec!["--all-features".to_owned()],
    ];
    for feature in names(shell, PACKAGE)? {
        choices.push(vec![
            "--no-default-features".to_owned(),
            format!("--features={feature}"),
        ]);
    }
    shell.cargo(&[
        "check",
        "--quiet",
        "--package",
        "specmint",
        "--no-default-features",
    ])?;
    for choice in &choices {
        let choice: Vec<&str> = choice.iter().map(String::as_str).collect();
        shell.cargo(&[&clippy[..], &choice, &strict].concat())?;
    }
    Ok(Outcome::Passed)
}

/// The features that stand for APIs, or parts of them: those that the runtime does not have.
pub(super) fn of_apis(shell: &Shell) -> Result<Vec<String>, String> {
    let runtime = names(shell, "specmint-runtime")?;
    let mut names = names(shell, PACKAGE)?;
    names.retain(|name| !runtime.contains(name));
    Ok(names)
}

/// The features of a package, as cargo reads them.
fn names(shell: &Shell, package: &str) -> Result<Vec<String>, String> {
    let output = shell.read("cargo", &["metadata", "--no-deps", "--format-version=1"])?;
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).map_err(|err| format!("`cargo metadata`: {err}"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let features = packages
        .filter(|known| known["name"] == package)
        .filter_map(|package| package["features"].as_object())
        .flat_map(|features| features.keys().cloned())
        .filter(|feature| feature != "default")
        .collect::<Vec<_>>();
    if features.is_empty() {
        return Err(format!("`{package}` has no features"));
    }
    Ok(features)
}
