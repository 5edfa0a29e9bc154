//! The only place that touches the file system for `write`.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::file::{File, MARK};

/// What temporary files are called; those of an interrupted run are left-overs.
const TEMPORARY: (&str, &str) = (".specmint-", ".tmp");

/// How much of a first line is looked at, in bytes.
const FIRST_LINE: u64 = 512;

/// The place of `path` in `dir`.
pub(super) fn below(dir: &Path, path: &str) -> PathBuf {
    let mut place = dir.to_path_buf();
    place.extend(path.split('/'));
    place
}

/// The error with what was done, and to which file, in its text.
pub(super) fn about(doing: &str, path: &Path, err: &io::Error) -> io::Error {
    io::Error::new(err.kind(), format!("{doing} `{}`: {err}", path.display()))
}

/// Whether the first line says that specmint made this text.
pub(super) fn is_marked(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains(MARK))
}

/// What stands at `path` in `dir`, if anything does.
///
/// # Errors
/// A symbolic link at `path`, or on the way to it, is refused: it may lead anywhere.
pub(super) fn kind_of(dir: &Path, path: &str) -> io::Result<Option<FileType>> {
    let mut place = dir.to_path_buf();
    let mut kind = None;
    for name in path.split('/') {
        place.push(name);
        let found = match fs::symlink_metadata(&place) {
            Ok(found) => found.file_type(),
            Err(err) if is_absence(&err) => return Ok(None),
            Err(err) => return Err(about("looking at", &place, &err)),
        };
        if found.is_symlink() {
            let text = format!(
                "`{}` is a symbolic link: generated files are not written through links",
                place.display()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        kind = Some(found);
    }
    Ok(kind)
}

fn is_absence(err: &io::Error) -> bool {
    matches!(
        err.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The files below `dir` that specmint made and that are not `wanted`, with `/` between names.
pub(super) fn left_over(dir: &Path, wanted: &BTreeSet<&str>) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    if dir.is_dir() {
        search(dir, "", wanted, &mut found)?;
    }
    Ok(found)
}

fn search(
    folder: &Path,
    prefix: &str,
    wanted: &BTreeSet<&str>,
    found: &mut Vec<String>,
) -> io::Result<()> {
    let entries = fs::read_dir(folder).map_err(|err| about("listing", folder, &err))?;
    for entry in entries {
        let entry = entry.map_err(|err| about("listing", folder, &err))?;
        let place = entry.path();
        // A name that is no UTF-8 is none of ours.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let kind = entry
            .file_type()
            .map_err(|err| about("looking at", &place, &err))?;
        let path = format!("{prefix}{name}");
        if kind.is_dir() {
            if !is_foreign(&place, &name) {
                search(&place, &format!("{path}/"), wanted, found)?;
            }
        } else if kind.is_file()
            && !wanted.contains(path.as_str())
            && (is_temporary(&name) || starts_marked(&place)?)
        {
            found.push(path);
        }
    }
    Ok(())
}

/// Whether a folder belongs to somebody else: a tool's own, a cache such as `target`, or another package.
fn is_foreign(folder: &Path, name: &str) -> bool {
    name.starts_with('.')
        || folder.join("CACHEDIR.TAG").exists()
        || folder.join("Cargo.toml").exists()
}

fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1)
}

fn starts_marked(path: &Path) -> io::Result<bool> {
    let file = fs::File::open(path).map_err(|err| about("reading", path, &err))?;
    let mut line = Vec::new();
    BufReader::new(file.take(FIRST_LINE))
        .read_until(b'\n', &mut line)
        .map_err(|err| about("reading", path, &err))?;
    Ok(is_marked(&String::from_utf8_lossy(&line)))
}

/// Removes the file, and the folders in `dir` that hold nothing after it.
pub(super) fn remove(dir: &Path, path: &str) -> io::Result<()> {
    if kind_of(dir, path)?.is_none() {
        return Ok(());
    }
    let place = below(dir, path);
    fs::remove_file(&place).map_err(|err| about("removing", &place, &err))?;
    for folder in place.ancestors().skip(1).take_while(|at| *at != dir) {
        // `remove_dir` refuses a folder that still holds something, which is the question asked here.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Puts the file at its place as a whole: written beside it, then renamed.
pub(super) fn replace(dir: &Path, file: &File) -> io::Result<()> {
    let place = below(dir, &file.path);
    let before = kind_of(dir, &file.path)?;
    let folder = place.parent().expect("a file stands in a folder");
    fs::create_dir_all(folder).map_err(|err| about("making the folder", folder, &err))?;

    let mut builder = Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    if let Some(permissions) = default_permissions() {
        builder.permissions(permissions);
    }
    let mut new = builder
        .tempfile_in(folder)
        .map_err(|err| about("writing", &place, &err))?;
    new.write_all(file.text.as_bytes())
        .map_err(|err| about("writing", &place, &err))?;
    if before.is_some() {
        fs::metadata(&place)
            .and_then(|old| new.as_file().set_permissions(old.permissions()))
            .map_err(|err| about("keeping the permissions of", &place, &err))?;
    }
    new.persist(&place)
        .map_err(|err| about("writing", &place, &err.error))?;
    Ok(())
}

/// What a new file may be used for: the same as any other file that this user makes, less the umask.
#[cfg(unix)]
fn default_permissions() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn default_permissions() -> Option<fs::Permissions> {
    None
}
