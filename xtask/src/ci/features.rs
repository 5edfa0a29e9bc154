//! The generated crate with every choice of features that people are likely to make, and the generator with none.

use super::{Outcome, Shell};

const PACKAGE: &str = "token-clients";

/// Checks the crate without features, with each one alone, with each API and no transport, and with all.
pub(super) fn features(shell: &Shell) -> Result<Outcome, String> {
    let clippy = ["clippy", "--quiet", "--package", PACKAGE];
    let strict = ["--", "-D", "warnings"];
    let mut choices = vec![
        vec!["--no-default-features".to_owned()],
        vec![],
        vec!["--all-features".to_owned()],
    ];
    for feature in names(shell)? {
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

/// The features of the crate, as cargo reads them.
fn names(shell: &Shell) -> Result<Vec<String>, String> {
    let output = shell.read("cargo", &["metadata", "--no-deps", "--format-version=1"])?;
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).map_err(|err| format!("`cargo metadata`: {err}"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let features = packages
        .filter(|package| package["name"] == PACKAGE)
        .filter_map(|package| package["features"].as_object())
        .flat_map(|features| features.keys().cloned())
        .filter(|feature| feature != "default")
        .collect::<Vec<_>>();
    if features.is_empty() {
        return Err(format!("`{PACKAGE}` has no features"));
    }
    Ok(features)
}
