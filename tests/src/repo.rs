//! Where things are in this repository, and how to walk them.

use std::fs;
use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("tests/ is in the root").to_owned()
}

/// The names of the folders in `dir`, sorted.
pub(crate) fn folders(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = entries(dir)
        .into_iter()
        .filter(|path| path.is_dir())
        .map(|path| name(&path))
        .collect();
    names.sort();
    names
}

/// What `dir` holds, sorted. A folder that does not exist holds nothing.
pub(crate) fn entries(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    paths.sort();
    paths
}

/// Every file below `dir`, sorted, without those of tools (`target`, `node_modules`, dot files) and those that links
/// lead to, which are at home elsewhere.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(dir) {
        let name = name(&path);
        if name.starts_with('.') || name == "target" || name == "node_modules" || path.is_symlink()
        {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// The last part of a path.
pub(crate) fn name(path: &Path) -> String {
    path.file_name()
        .expect("a path below the root has a name")
        .to_string_lossy()
        .into_owned()
}

/// `path` as seen from the root, with `/` between names.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
        .replace('\\', "/")
}

/// The text of a file of the repository.
pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|err| panic!("reading {}: {err}", shown(path)))
}
