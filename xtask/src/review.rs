//! What changed in the specs since a revision: `cargo xtask review`.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

use clap::Args;
use specmint::Revision;
use specmint::cli::{self, Look, Mode, Progress, Streams};
use specmint::diag::Colors;
use specmint::lock::Lock;
use specmint::spec::{self, Spec};

use crate::root;

/// The lock of the generated crate, seen from the root.
const LOCK: &str = "generated/specmint.lock";

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// The git revision to compare with; where this branch left origin/main if it is left out, or else HEAD
    #[arg(value_name = "BASE")]
    base: Option<String>,
    #[command(flatten)]
    look: Look,
}

/// Compares the specs of a revision, overlays and all that they refer to included, with those that stand here.
///
/// # Errors
/// git cannot be run or does not know the revision, or specs cannot be read.
pub(crate) fn run(asked: &Asked) -> io::Result<ExitCode> {
    let base = match &asked.base {
        Some(base) => commit(base)?,
        None => commit_to_compare_with()?,
    };
    let folder = tempfile::tempdir()?;
    take(&base, "specs", folder.path())?;
    take(&base, LOCK, folder.path())?;
    let old = specs(&folder.path().join("specs"))?;
    let job = xtask::job(&root(), Mode::Check)?;
    let locks = [lock_below(folder.path())?, lock_below(&root())?];
    let [before, after] = [(&old, &locks[0]), (&job.specs, &locks[1])].map(|(specs, lock)| {
        let lock = lock.as_ref();
        Revision { specs, lock }
    });
    let mut streams = Streams {
        out: &mut io::stdout(),
        err: &mut anstream::stderr(),
        colors: Colors::Ansi,
        progress: Progress::on_stderr(),
    };
    let code = cli::look(&before, &after, &job.options, &asked.look, &mut streams);
    Ok(ExitCode::from(code))
}

/// The lock of the crate below a root, if there is one.
fn lock_below(root: &Path) -> io::Result<Option<Lock>> {
    let path = root.join(LOCK);
    let folder = path.parent().unwrap_or(root);
    path.is_file().then(|| cli::lock_in(folder)).transpose()
}

fn specs(folder: &Path) -> io::Result<Vec<Spec>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    spec::find(folder)?
        .iter()
        .map(|path| Spec::read(path))
        .collect()
}

fn commit_to_compare_with() -> io::Result<String> {
    let left = git(&["merge-base", "origin/main", "HEAD"]);
    match left {
        Ok(commit) => Ok(String::from_utf8_lossy(&commit).trim().to_owned()),
        Err(_) => commit("HEAD"),
    }
}

/// The commit that a revision names. What begins with a dash is none, whatever git would take it for.
fn commit(revision: &str) -> io::Result<String> {
    let name = format!("{revision}^{{commit}}");
    let commit = git(&[
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &name,
    ]);
    let commit =
        commit.map_err(|_| io::Error::other(format!("git knows no revision `{revision}`")))?;
    Ok(String::from_utf8_lossy(&commit).trim().to_owned())
}

/// Writes the files below `folder` of a commit into `out`.
fn take(commit: &str, folder: &str, out: &Path) -> io::Result<()> {
    let names = git(&["ls-tree", "-r", "-z", "--name-only", commit, "--", folder])?;
    let names = String::from_utf8_lossy(&names).into_owned();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let path = out.join(name);
        fs::create_dir_all(path.parent().unwrap_or(out))?;
        fs::write(path, git(&["show", &format!("{commit}:{name}")])?)?;
    }
    Ok(())
}

fn git(args: &[&str]) -> io::Result<Vec<u8>> {
    let output = Command::new("git")
        .args(args)
        .current_dir(root())
        .output()
        .map_err(|err| io::Error::new(err.kind(), format!("`git` cannot be started: {err}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!(
        "`git {}`: {}",
        args.join(" "),
        said.trim()
    )))
}
