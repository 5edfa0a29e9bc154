//! Runs that are killed at any moment, and runs for which there is no room.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use specmint::cli::{DONE, REFUSED};
use tempfile::TempDir;

use crate::process::{self, Running};
use crate::repo;
use crate::said::specmint;

type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// Moments from zero on, as random as they have to be: the same in each run of the tests.
struct Moments(u64);

impl Moments {
    /// A moment before `end`.
    fn next(&mut self, end: Duration) -> Duration {
        // The constants of MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        let share = u32::try_from(self.0 >> 40).expect("24 bits are left");
        end.mul_f64(f64::from(share) / f64::from(1 << 24))
    }
}

/// `pets.yaml` and the crate that is made of it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self { folder }
    }

    fn spec(&self) -> PathBuf {
        self.folder.path().join("pets.yaml")
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn put(&self, word: &str) {
        fs::write(self.spec(), process::document(word)).expect("files can be written");
    }

    fn run(&self) -> Running {
        Running::start(process::generate(&self.spec(), &self.out()))
    }

    #[track_caller]
    fn generate(&self) -> Tree {
        let ended = self.run().end();
        assert_eq!(ended.code, Some(i32::from(DONE)), "{}", ended.said);
        process::tree(&self.out())
    }
}

impl Desk {
    /// Generates or updates without a process, which takes the most of the time.
    #[track_caller]
    fn run_here(&self, args: Vec<OsString>) -> Tree {
        let said = specmint(args);
        assert_eq!(said.code, DONE, "{}", said.err);
        process::tree(&self.out())
    }
}

fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name.starts_with(".specmint-"))
}

/// Whether somebody writes in a folder.
fn holds_temporary(dir: &Path) -> bool {
    let entries = repo::entries(dir);
    let mut entries = entries.iter();
    entries.any(|path| is_temporary(path) || path.extension().is_none() && holds_temporary(path))
}

/// Every file is as it was or as it is to be, and there is no other, temporary ones apart.
#[track_caller]
fn assert_old_or_new(found: &Tree, old: &Tree, new: &Tree) {
    for (path, bytes) in found {
        let known = [old.get(path), new.get(path)].contains(&Some(bytes));
        assert!(known || is_temporary(path), "{} is torn", path.display());
    }
    for path in old.keys().filter(|path| new.contains_key(*path)) {
        assert!(found.contains_key(path), "{} is gone", path.display());
    }
}

/// Two documents, the crates that are made of them, and how often a run between them was killed.
struct Killings {
    desk: Desk,
    words: [&'static str; 2],
    whole: [Tree; 2],
    now: usize,
    /// The command that finishes the job.
    finish: Vec<OsString>,
    moments: Moments,
    longest: Duration,
    killed: usize,
    halfway: usize,
}

impl Killings {
    fn new() -> Self {
        let desk = Desk::new();
        let words = ["cat", "dog"];
        let whole = words.map(|word| {
            desk.put(word);
            desk.generate()
        });
        let start = Instant::now();
        desk.generate();
        Self {
            finish: process::generate(&desk.spec(), &desk.out()),
            desk,
            words,
            whole,
            now: 1,
            moments: Moments(7),
            longest: start.elapsed(),
            killed: 0,
            halfway: 0,
        }
    }

    /// The document that is not generated yet.
    fn next(&self) -> &'static str {
        self.words[1 - self.now]
    }

    /// Kills a run from one document to the other: every other one while it writes, which takes the least of its time.
    fn kill(&mut self, mut run: Running) {
        let longest = if self.killed.is_multiple_of(2) {
            // It may have written between two looks.
            let latest = Instant::now() + self.longest * 4;
            while run.is_at_work() && !holds_temporary(&self.desk.out()) && Instant::now() < latest
            {
            }
            self.longest / 20
        } else {
            self.longest.mul_f64(1.2)
        };
        self.killed += usize::from(run.kill_after(self.moments.next(longest)));
    }

    /// Looks at what a killed run left, and has the next one finish the job.
    #[track_caller]
    fn look(&mut self) {
        let next = 1 - self.now;
        let found = process::tree(&self.desk.out());
        assert_old_or_new(&found, &self.whole[self.now], &self.whole[next]);
        self.halfway += usize::from(!self.whole.contains(&found));
        let finished = self.desk.run_here(self.finish.clone());
        assert_eq!(finished, self.whole[next], "the next run finishes the job");
        self.now = next;
    }
}

#[test]
fn generate_may_be_killed_at_any_moment() {
    let mut killings = Killings::new();
    while killings.killed < 80 {
        killings.desk.put(killings.next());
        let run = killings.desk.run();
        killings.kill(run);
        killings.look();
    }
    assert!(killings.halfway > 0, "nothing was ever interrupted");
}

#[test]
fn watch_may_be_killed_at_any_moment() {
    let mut killings = Killings::new();
    while killings.killed < 60 {
        let mut args = process::generate(&killings.desk.spec(), &killings.desk.out());
        args[0] = "watch".into();
        let run = Running::start(args);
        run.hear("watching ");
        killings.desk.put(killings.next());
        killings.kill(run);
        killings.look();
    }
    assert!(killings.halfway > 0, "nothing was ever interrupted");
}

#[test]
fn update_may_be_killed_at_any_moment() {
    let mut killings = Killings::new();
    let vendors = killings.desk.folder.path().join("vendors.yaml");
    let source = killings.desk.folder.path().join("pets.source");
    fs::write(source, "vendors.yaml\n").unwrap();
    killings.finish[0] = "update".into();
    while killings.killed < 60 {
        let texts = [killings.words[killings.now], killings.next()].map(process::document);
        fs::write(&vendors, &texts[1]).unwrap();
        let run = Running::start(&killings.finish);
        killings.kill(run);
        let spec = fs::read_to_string(killings.desk.spec()).expect("the document is there");
        assert!(texts.contains(&spec), "the document is torn");
        killings.look();
        let spec = fs::read_to_string(killings.desk.spec()).expect("the document is there");
        assert_eq!(spec, texts[1]);
        let beside = repo::entries(killings.desk.folder.path());
        assert!(!beside.iter().any(|path| is_temporary(path)), "{beside:?}");
    }
    assert!(killings.halfway > 0, "nothing was ever interrupted");
}

/// By the signal of `kill`: Ctrl-C is ignored by what a shell runs in its background, tests and all.
#[cfg(unix)]
#[test]
fn watch_ends_when_it_is_told_to() {
    let desk = Desk::new();
    desk.put("cat");
    let mut args = process::generate(&desk.spec(), &desk.out());
    args[0] = "watch".into();
    let run = Running::start(args);
    run.hear("watching ");
    let sent = std::process::Command::new("sh")
        .args(["-c", &format!("kill {}", run.id())])
        .status();
    assert!(sent.is_ok_and(|status| status.success()));
    assert_eq!(run.end().code, None, "the signal ended it");
}

#[test]
fn what_a_killed_run_left_is_cleared_away_by_the_next() {
    let desk = Desk::new();
    desk.put("cat");
    let whole = desk.generate();
    for stale in ["out/.specmint-Ab12.tmp", "out/src/pets/.specmint-Cd34.tmp"] {
        fs::write(desk.folder.path().join(stale), "half a te").unwrap();
    }
    assert_eq!(desk.generate(), whole);
}

/// Fails to generate, by `run`, what `word` makes of the document, and names `file` as the one that could not be written.
#[track_caller]
fn assert_nothing_changes(desk: &Desk, run: Running, file: &str, why: &str) {
    let before = process::tree(&desk.out());
    let ended = run.end();
    assert_eq!(ended.code, Some(i32::from(REFUSED)), "{}", ended.said);
    assert!(ended.said.contains(file), "{}", ended.said);
    assert!(ended.said.contains(why), "{}", ended.said);
    assert_eq!(process::tree(&desk.out()), before, "{}", ended.said);
}

/// A run for which the disk is full: it may write 32 or 64 KiB to a file (shells count in blocks of their own).
#[cfg(unix)]
fn limited(args: Vec<OsString>) -> Running {
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""]);
    command.arg(process::program()).args(args);
    Running::spawn(&mut command)
}

/// A document of which several files come that are too long for who is limited.
#[cfg(unix)]
fn long_document(word: &str) -> String {
    let short = format!("      description: {word}\n");
    let long = format!("      description: {}\n", "long ".repeat(32 << 10));
    process::document(word).replacen(&short, &long, 1)
}

#[cfg(unix)]
const TOO_LONG: &str = "File too large";

#[cfg(unix)]
#[test]
fn a_full_disk_is_reported_with_the_file_and_changes_nothing() {
    let desk = Desk::new();
    desk.put("cat");
    desk.generate();
    fs::write(desk.spec(), long_document("dog")).unwrap();
    let run = limited(process::generate(&desk.spec(), &desk.out()));
    // They are written at once.
    assert_nothing_changes(&desk, run, "/out/docs/pets/", TOO_LONG);
    desk.generate();
}

#[cfg(unix)]
#[test]
fn an_update_for_which_there_is_no_room_leaves_the_document_as_well() {
    let desk = Desk::new();
    desk.put("cat");
    desk.generate();
    let vendors = desk.folder.path().join("vendors.yaml");
    fs::write(desk.folder.path().join("pets.source"), "vendors.yaml").unwrap();
    let mut update = process::generate(&desk.spec(), &desk.out());
    update[0] = "update".into();
    let padded = format!(
        "# {}\n{}",
        "long ".repeat(32 << 10),
        process::document("owl")
    );
    for (text, file) in [
        (long_document("dog"), "/out/docs/pets/"),
        (padded, "/pets.yaml`"),
    ] {
        fs::write(&vendors, &text).unwrap();
        let before = process::tree(desk.folder.path());
        assert_nothing_changes(&desk, limited(update.clone()), file, TOO_LONG);
        assert_eq!(process::tree(desk.folder.path()), before);
        desk.run_here(update.clone());
        assert_eq!(fs::read_to_string(desk.spec()).unwrap(), text);
    }
    assert!(desk.out().join("src/pets/operations/owl9.rs").exists());
}

#[cfg(unix)]
#[test]
fn watching_goes_on_where_there_was_no_room() {
    let desk = Desk::new();
    desk.put("cat");
    let before = desk.generate();
    let mut args = process::generate(&desk.spec(), &desk.out());
    args[0] = "watch".into();
    let run = limited(args);
    run.hear("watching ");
    fs::write(desk.spec(), long_document("dog")).unwrap();
    let said = run.hear("watching ");
    assert!(
        said.contains(TOO_LONG) && said.contains("/out/docs/pets/"),
        "{said}"
    );
    assert_eq!(process::tree(&desk.out()), before);
    desk.put("dog");
    run.hear("watching ");
    assert!(desk.out().join("src/pets/operations/dog9.rs").exists());
}

/// What is in the way is in nobody's document, so a document that says the same has to do.
#[test]
fn saving_again_tries_again_what_could_not_be_written() {
    let desk = Desk::new();
    desk.put("cat");
    let before = desk.generate();
    let mut args = process::generate(&desk.spec(), &desk.out());
    args[0] = "watch".into();
    let run = Running::start(args);
    run.hear("watching ");
    let theirs = desk.out().join("src/pets/operations/dog9.rs");
    fs::create_dir_all(theirs.join("theirs")).unwrap();
    fs::write(theirs.join("theirs/notes.md"), "mine").unwrap();
    desk.put("dog");
    let said = run.hear("watching ");
    assert!(said.contains("dog9.rs/theirs/notes.md`"), "{said}");
    fs::remove_dir_all(&theirs).unwrap();
    assert_eq!(process::tree(&desk.out()), before);
    desk.put("dog");
    run.hear("watching ");
    assert!(theirs.is_file());
}

#[test]
fn a_file_that_is_read_only_is_reported_and_nothing_changes() {
    let desk = Desk::new();
    desk.put("cat");
    desk.generate();
    desk.put("dog");
    for file in ["out/src/pets/models/pet0.rs", "out/src/pets/models/cat9.rs"] {
        let path = desk.folder.path().join(file);
        let writable = fs::metadata(&path).unwrap().permissions();
        let mut locked = writable.clone();
        locked.set_readonly(true);
        fs::set_permissions(&path, locked).unwrap();
        assert_nothing_changes(&desk, desk.run(), file, "the file is read-only");
        fs::set_permissions(&path, writable).unwrap();
    }
    desk.generate();
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_read_only_is_reported_and_nothing_changes() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.put("cat");
    desk.generate();
    desk.put("dog");
    for (folder, file) in [
        ("out/src/pets/models", "out/src/pets/models/"),
        ("out", "out/Cargo.toml"),
        ("out/src/pets/operations", "out/src/pets/operations/cat"),
    ] {
        let path = desk.folder.path().join(folder);
        if folder == "out" {
            // Of what stands here nothing differs, so that it is taken away.
            fs::remove_file(path.join("Cargo.toml")).unwrap();
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o555)).unwrap();
        let run = Running::spawn(&mut unprivileged(&desk));
        assert_nothing_changes(&desk, run, file, "Permission denied");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    desk.generate();
}

/// The run of somebody for whom permissions count, as they do not for the superuser; the folder is theirs.
#[cfg(unix)]
fn unprivileged(desk: &Desk) -> std::process::Command {
    use std::os::unix::fs::{MetadataExt as _, chown};
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65_534;
    let folder = desk.folder.path();
    let mut program = process::program().to_path_buf();
    let ours = tempfile::tempfile().and_then(|file| file.metadata());
    let superuser = ours.unwrap().uid() == 0;
    if superuser {
        // Where it was built may be closed to others.
        program = folder.join("specmint");
        fs::copy(process::program(), &program).unwrap();
        let below = process::tree(folder).into_keys();
        let theirs = below.flat_map(|path| {
            let on_the_way: Vec<PathBuf> = path.ancestors().map(|path| folder.join(path)).collect();
            on_the_way
        });
        for path in theirs {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    let mut command = std::process::Command::new(program);
    command.args(process::generate(&desk.spec(), &desk.out()));
    if superuser {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}
