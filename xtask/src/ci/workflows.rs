//! The workflows for GitHub, and what they run.

use super::{Outcome, Shell};

/// Lets actionlint read the workflows, and runs what review.yml runs. What ci.yml runs is this.
pub(super) fn workflows(shell: &Shell) -> Result<Outcome, String> {
    let lint = shell.below("tests/workflows");
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    lint.run("npm", &install)?;
    lint.run("npm", &["run", "lint"])?;
    shell.cargo(&["xtask", "review", "HEAD", "--format", "markdown"])
}
