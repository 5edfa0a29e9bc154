//! What is published works where there is no repository.

use std::fs;
use std::path::Path;

use super::{Outcome, Shell};

/// The profile of the workspace, which a package leaves behind: with it, what is built already is not built again.
#[rustfmt::skip]
const PROFILE: [&str; 4] = [
    "--config", "profile.dev.debug=\"line-tables-only\"",
    "--config", "profile.dev.package.\"*\".debug=false",
];

/// Packs both packages and builds what is packed; installs the command, and lets a copy of it alone in a folder
/// generate a crate, and start a repository whose tests pass.
pub(super) fn package(shell: &Shell) -> Result<Outcome, String> {
    let target = crate::target().map_err(|err| format!("finding the target folder: {err}"))?;
    let shell = shell.with("CARGO_TARGET_DIR", target);
    #[rustfmt::skip]
    let pack = ["package", "--allow-dirty", "--package", "specmint", "--package", "specmint-runtime"];
    shell.cargo(&[&pack[..], &PROFILE].concat())?;

    let folder = tempfile::tempdir().map_err(|err| format!("making a temporary folder: {err}"))?;
    let command = install(&shell, folder.path())?;
    let there = shell.below(folder.path());
    let spec = shell.folder().join("specs/oneshot.yaml");
    copy(&spec, &folder.path().join("oneshot.yaml"))?;
    there.run(&command, &["generate", "oneshot.yaml", "--out", "client"])?;
    new(&shell, &there, &command)
}

/// Installs the command, and returns the path of a copy of it in `folder`, where nothing else is.
fn install(shell: &Shell, folder: &Path) -> Result<String, String> {
    let root = folder.join("installed");
    let root_text = root.display().to_string();
    #[rustfmt::skip]
    let install = ["install", "--debug", "--locked", "--path", "generator", "--root", &root_text];
    shell.cargo(&[&install[..], &PROFILE].concat())?;
    let name = format!("specmint{}", std::env::consts::EXE_SUFFIX);
    let alone = folder.join(&name);
    copy(&root.join("bin").join(&name), &alone)?;
    fs::remove_dir_all(&root).map_err(|err| format!("removing `{root_text}`: {err}"))?;
    Ok(alone.display().to_string())
}

/// Starts a repository that depends on this one, and runs its tests.
fn new(shell: &Shell, there: &Shell, command: &str) -> Result<Outcome, String> {
    let home = shell.folder().display().to_string();
    there.run(command, &["new", "acme-clients", "--path", &home])?;
    let acme = there.below("acme-clients");
    copy(
        &shell.folder().join("Cargo.lock"),
        &acme.folder().join("Cargo.lock"),
    )?;
    acme.cargo(&["fmt", "--all", "--", "--check"])?;
    acme.cargo(&[&["test"], &PROFILE[..]].concat())?;
    let task = |there: &Shell, words: &[&str]| {
        let run = [
            &["run", "--quiet", "--package", "xtask"],
            &PROFILE[..],
            &["--"],
            words,
        ];
        there.cargo(&run.concat())
    };
    task(&acme, &["check"])?;
    history(&acme, task)
}

/// What has become of an API since a revision, however that is named; and that nothing is not found where the history
/// was fetched in part, so that nobody can tell.
fn history(
    acme: &Shell,
    task: impl Fn(&Shell, &[&str]) -> Result<Outcome, String>,
) -> Result<Outcome, String> {
    let git = |words: &[&str]| {
        let who = ["-c", "user.name=ci", "-c", "user.email=ci@example.com"];
        acme.run("git", &[&who[..], words].concat())
    };
    git(&["init", "--quiet", "--initial-branch", "main"])?;
    git(&["commit", "--quiet", "--allow-empty", "--message", "Nothing"])?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--message", "Pets"])?;
    git(&["tag", "v1"])?;
    let spec = acme.folder().join("specs/pets.yaml");
    let text = fs::read_to_string(&spec).map_err(|err| err.to_string())?;
    let text = text.replace("type: integer, format: int32", "type: string");
    fs::write(&spec, text).map_err(|err| err.to_string())?;
    let denied = ["--deny", "breaking"];
    fails(task(acme, &[&["review"], &denied[..]].concat()))?;
    fails(task(acme, &[&["review", "v1"], &denied[..]].concat()))?;
    // Of what was not there nothing breaks.
    task(acme, &[&["review", "HEAD~1"], &denied[..]].concat())?;
    fails(task(acme, &["review", "nowhere"]))?;
    fails(task(acme, &["review", "--", "--output=x"]))?;
    // A branch of the origin with which this one has nothing in common, as far as anybody can see here.
    git(&["checkout", "--quiet", "--orphan", "other"])?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--message", "Elsewhere"])?;
    git(&["update-ref", "refs/remotes/origin/main", "main"])?;
    fails(task(acme, &["review"]))?;
    git(&["update-ref", "refs/remotes/origin/main", "HEAD"])?;
    task(acme, &[&["review"], &denied[..]].concat())
}

fn fails(outcome: Result<Outcome, String>) -> Result<(), String> {
    match outcome {
        Err(_) => Ok(()),
        Ok(_) => Err("a task ended well that should not".to_owned()),
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let copied = fs::copy(from, to);
    copied
        .map(|_| ())
        .map_err(|err| format!("copying `{}` to `{}`: {err}", from.display(), to.display()))
}
