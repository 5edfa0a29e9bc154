//! A folder of files that carry no mark: a list in it says which are ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::disk::{self, Beside};
use super::{Access, is_plain, lock};
use crate::file::{Asset, MARK};

/// The list: a line with the mark, and a path in each further line.
const LIST: &str = ".specmint-site";

/// What became of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Files that were missing or different.
    pub written: usize,
    /// Files that were as they should be.
    pub unchanged: usize,
    /// Files that the last run made and this one does not.
    pub removed: usize,
}

/// Brings `dir` to hold `assets`, and removes what an earlier run put there and is no longer made.
///
/// What was made stands in a list in the folder. A file that is not in it is somebody's, and stays.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] for a folder that holds anything and no list, and for somebody else's file where
/// one of `assets` should go; [`io::ErrorKind::InvalidInput`] for paths that lead out of `dir`, that fall together,
/// or that pass a symbolic link. Nothing is written then. Any error of reading and writing, with the path in its text.
pub fn keep(dir: &Path, assets: &[Asset]) -> io::Result<Kept> {
    check(assets)?;
    let _alone = lock(&[dir], Access::Write, |_| ())?;
    let listed = listed(dir)?;
    let mut kept = Kept::default();
    let mut differ = Vec::new();
    for asset in assets {
        match disk::kind_of(dir, &asset.path)? {
            None => differ.push(asset),
            Some(kind) if !kind.is_file() || !listed.contains(&asset.path) => {
                return Err(disk::in_the_way(&disk::below(dir, &asset.path)));
            }
            Some(_) => {
                let place = disk::below(dir, &asset.path);
                let old = fs::read(&place).map_err(|err| disk::about("reading", &place, &err))?;
                if old == asset.bytes {
                    kept.unchanged += 1;
                } else {
                    differ.push(asset);
                }
            }
        }
    }
    let wanted: BTreeSet<String> = assets.iter().map(|asset| asset.path.clone()).collect();
    // Both at first: whatever an interrupted run leaves is in the list.
    write_list(dir, &listed.union(&wanted).cloned().collect())?;
    for path in listed.difference(&wanted) {
        disk::remove(dir, path)?;
        kept.removed += 1;
    }
    let places = wanted.iter().map(|path| disk::below(dir, path));
    let folders: BTreeSet<_> = places
        .filter_map(|place| Some(place.parent()?.to_owned()))
        .collect();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        disk::clear_temporary(folder)?;
    }
    let beside: Vec<_> = differ
        .iter()
        .map(|asset| stage(dir, &asset.path, &asset.bytes))
        .collect::<io::Result<_>>()?;
    kept.written = beside.len();
    for new in beside {
        new.put()?;
    }
    write_list(dir, &wanted)?;
    Ok(kept)
}

fn stage(dir: &Path, path: &str, bytes: &[u8]) -> io::Result<Beside> {
    let place = disk::below(dir, path);
    let folder = place.parent().unwrap_or(dir);
    fs::create_dir_all(folder).map_err(|err| disk::about("making the folder", folder, &err))?;
    disk::write_beside(folder, &place, bytes)
}

fn write_list(dir: &Path, paths: &BTreeSet<String>) -> io::Result<()> {
    let mut text = format!("# {MARK}: the files that `specmint docs` made here, and may remove\n");
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    let place = dir.join(LIST);
    if fs::read(&place).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    stage(dir, LIST, text.as_bytes())?.put()
}

/// What the list says; nothing of a folder that is empty or not there.
fn listed(dir: &Path) -> io::Result<BTreeSet<String>> {
    if let Some(kind) = disk::kind_of(dir, LIST)? {
        let place = dir.join(LIST);
        if !kind.is_file() {
            return Err(foreign(&place, "is no list of specmint's"));
        }
        let text =
            fs::read_to_string(&place).map_err(|err| disk::about("reading", &place, &err))?;
        let is_ours = disk::is_marked(&text);
        let paths: BTreeSet<String> = text.lines().skip(1).map(str::to_owned).collect();
        if !is_ours || !paths.iter().all(|path| path.split('/').all(is_plain)) {
            return Err(foreign(&place, "is no list of specmint's"));
        }
        return Ok(paths);
    }
    match fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            None => Ok(BTreeSet::new()),
            Some(_) => Err(foreign(dir, "holds files that specmint did not make")),
        },
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(err) => Err(disk::about("listing", dir, &err)),
    }
}

fn foreign(path: &Path, why: &str) -> io::Error {
    let text = format!(
        "`{}` {why}: choose another folder for the site",
        path.display()
    );
    io::Error::new(io::ErrorKind::AlreadyExists, text)
}

fn check(assets: &[Asset]) -> io::Result<()> {
    let mut taken = BTreeMap::new();
    for asset in assets {
        let path = asset.path.as_str();
        let wrong = if !path.split('/').all(is_plain) || path.contains('\n') {
            "is not a plain relative path".to_owned()
        } else if let Some(other) = taken.insert(path.to_lowercase(), path) {
            format!("stands in the way of `{other}`")
        } else {
            continue;
        };
        let text = format!("the file `{path}` of the site {wrong}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    Ok(())
}
