//! Several runs at once.

use std::fs;
use std::path::Path;

use specmint::cli::{DONE, OUT_OF_DATE};
use specmint::write::{self, Access, Lock};

use crate::process::{self, Running};

const WAITING: &str = "waiting for another run of specmint in `";

fn lock(out: &Path, access: Access) -> Lock {
    write::lock(&[out], access, |_| panic!("nobody else is at work")).expect("folders can be made")
}

/// A folder with `a.yaml` and `b.yaml` for one module in it, in folders of their own.
fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    for word in ["a", "b"] {
        fs::create_dir(desk.path().join(word)).unwrap();
        let path = desk.path().join(word).join("pets.yaml");
        fs::write(path, process::document(word)).unwrap();
    }
    desk
}

#[test]
fn a_run_says_that_it_waits_and_reads_its_documents_when_the_other_is_done() {
    let desk = desk();
    let (spec, out) = (desk.path().join("a/pets.yaml"), desk.path().join("out"));
    let other = lock(&out, Access::Write);
    let run = Running::start(process::generate(&spec, &out));
    run.hear(WAITING);
    assert!(process::tree(&out).is_empty());
    fs::write(&spec, process::document("late")).unwrap();
    drop(other);
    let ended = run.end();
    assert_eq!(ended.code, Some(i32::from(DONE)), "{}", ended.said);
    assert!(out.join("src/pets/operations/late9.rs").exists());
}

#[test]
fn a_check_waits_for_who_writes_and_not_for_who_reads() {
    let desk = desk();
    let (spec, out) = (desk.path().join("a/pets.yaml"), desk.path().join("out"));
    fs::create_dir(&out).unwrap();
    let mut check = process::generate(&spec, &out);
    check.push("--check".into());

    let reader = lock(&out, Access::Read);
    let ended = Running::start(&check).end();
    assert_eq!(ended.code, Some(i32::from(OUT_OF_DATE)), "{}", ended.said);
    assert!(!ended.said.contains(WAITING), "{}", ended.said);
    drop(reader);

    let writer = lock(&out, Access::Write);
    let run = Running::start(&check);
    run.hear(WAITING);
    drop(writer);
    assert_eq!(run.end().code, Some(i32::from(OUT_OF_DATE)));
}

#[test]
fn runs_at_once_leave_what_one_of_them_makes() {
    let desk = desk();
    let whole = ["a", "b"].map(|word| {
        let out = desk.path().join(word).join("out");
        let args = process::generate(&desk.path().join(word).join("pets.yaml"), &out);
        assert_eq!(Running::start(args).end().code, Some(i32::from(DONE)));
        // The crate has the name of its folder, which is the same for all.
        process::tree(&out)
    });
    let out = desk.path().join("out");
    for _ in 0..4 {
        let runs = ["a", "b", "a", "b", "a", "b"].map(|word| {
            let spec = desk.path().join(word).join("pets.yaml");
            Running::start(process::generate(&spec, &out))
        });
        for run in runs {
            let ended = run.end();
            assert_eq!(ended.code, Some(i32::from(DONE)), "{}", ended.said);
        }
        assert!(whole.contains(&process::tree(&out)), "the runs interleaved");
    }
}

#[test]
fn a_lock_leaves_nothing_behind_and_two_orders_of_folders_are_one() {
    let desk = tempfile::tempdir().unwrap();
    let (a, b) = (desk.path().join("new/a"), desk.path().join("new/b"));
    let never = |_: &Path| panic!("nobody else is at work");
    drop(write::lock(&[&a, &b, &a], Access::Write, never).unwrap());
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 0);
    drop(write::lock(&[&b, &a], Access::Read, never).unwrap());
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 0);
}
