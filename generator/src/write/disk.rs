//! The only place that touches the file system for `write`.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempPath};

use crate::file::MARK;

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

pub(super) fn is_absence(err: &io::Error) -> bool {
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

/// Takes temporary files of killed runs out of a folder.
pub(super) fn clear_temporary(folder: &Path) -> io::Result<()> {
    let entries = fs::read_dir(folder).map_err(|err| about("listing", folder, &err))?;
    for entry in entries {
        let entry = entry.map_err(|err| about("listing", folder, &err))?;
        let name = entry.file_name();
        if name.to_str().is_some_and(is_temporary) {
            let place = entry.path();
            fs::remove_file(&place).map_err(|err| about("removing", &place, &err))?;
        }
    }
    Ok(())
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

/// A text beside its place.
pub(super) struct Beside {
    /// Where it belongs.
    pub(super) place: PathBuf,
    text: TempPath,
}

impl Beside {
    /// Puts it where it belongs, in the place of what is there.
    pub(super) fn put(self) -> io::Result<()> {
        self.text
            .persist(&self.place)
            .map_err(|err| about("writing", &self.place, &err.error))
    }
}

/// Writes what is to stand at `place` into a temporary file in `folder`, with the permissions of what stands there.
///
/// # Errors
/// Any error of writing; what stands at `place` may not be changed. The place is in the text.
pub(super) fn write_beside(folder: &Path, place: &Path, bytes: &[u8]) -> io::Result<Beside> {
    let failed = |err: io::Error| about("writing", place, &err);
    let old = fs::metadata(place).ok().filter(fs::Metadata::is_file);
    if let Some(old) = &old {
        check_writable(place, old)?;
    }
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    if let Some(permissions) = default_permissions() {
        builder.permissions(permissions);
    }
    let mut new = builder.tempfile_in(folder).map_err(failed)?;
    new.write_all(bytes).map_err(failed)?;
    if let Some(old) = old {
        new.as_file()
            .set_permissions(old.permissions())
            .map_err(|err| about("keeping the permissions of", place, &err))?;
    }
    Ok(Beside {
        place: place.to_path_buf(),
        // Closed: there may be more of them than files may be open.
        text: new.into_temp_path(),
    })
}

/// Refuses to replace or remove what its owner has made read-only, which systems would allow, and what nobody may change,
/// which would show only halfway: on Linux a file has such an attribute of its own (`chattr +i`).
pub(super) fn check_writable(place: &Path, found: &fs::Metadata) -> io::Result<()> {
    if found.permissions().readonly() {
        let text = format!("writing `{}`: the file is read-only", place.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    }
    match fs::OpenOptions::new().write(true).open(place) {
        Err(err) if cfg!(unix) && err.raw_os_error() == Some(EPERM) => {
            Err(about("writing", place, &err))
        }
        // Another is not asked for: to replace a file its folder has to be open to changes, not the file.
        _ => Ok(()),
    }
}

/// "Operation not permitted", on every Unix.
const EPERM: i32 = 1;

/// Whether files can be made and removed in a folder: the only way to know is to make one.
pub(super) fn check_open_to_changes(folder: &Path, for_the_sake_of: &Path) -> io::Result<()> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    let made = builder.tempfile_in(folder);
    made.map(drop)
        .map_err(|err| about("removing", for_the_sake_of, &err))
}

/// What is said of a file of somebody else where one of ours belongs.
pub(super) fn in_the_way(path: &Path) -> io::Error {
    let text = format!(
        "`{}` was not made by specmint: move it away, or choose another folder",
        path.display()
    );
    io::Error::new(io::ErrorKind::AlreadyExists, text)
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
