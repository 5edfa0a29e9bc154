//! `cargo xtask case`: what a new case begins with.

use std::fs;
use std::io::ErrorKind;

use tempfile::TempDir;
use xtask::case::{Subject, add};

use crate::repo;

/// A repository with two cases of each kind.
fn repository() -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder can be made");
    for folder in ["tests/src", "tests/cases", "tests/errors"] {
        fs::create_dir_all(root.path().join(folder)).expect("folders can be made");
    }
    let write = |path: &str, text: &str| {
        fs::write(root.path().join(path), text).expect("files can be written");
    };
    write(
        "tests/src/cases.rs",
        "mod a;\n\ncases! {\n    beds_are_made,\n    pets_are_fed,\n}\n\nfn f() {}\n",
    );
    write(
        "tests/src/errors.rs",
        "codes! {\n    duplicate_key,\n    wrong_type,\n}\n",
    );
    root
}

#[test]
fn a_case_begins_with_a_spec_and_a_line() {
    let root = repository();
    let next = add(root.path(), Subject::Behaviour("cats_are_free")).expect("it can be added");
    assert!(next.contains("specmint-tests cats_are_free"), "{next}");
    assert_eq!(
        repo::read(&root.path().join("tests/src/cases.rs")),
        "mod a;\n\ncases! {\n    beds_are_made,\n    cats_are_free,\n    pets_are_fed,\n}\n\nfn f() {}\n"
    );
    let spec = repo::read(&root.path().join("tests/cases/cats_are_free/spec.yaml"));
    assert!(spec.contains("title: Cats are free,"), "{spec}");
}

#[test]
fn a_case_of_a_diagnostic_is_called_by_its_code() {
    let root = repository();
    add(root.path(), Subject::Error("syntax-error")).expect("it can be added");
    add(root.path(), Subject::Error("all-of-cycle")).expect("it can be added");
    assert_eq!(
        repo::read(&root.path().join("tests/src/errors.rs")),
        "codes! {\n    all_of_cycle,\n    duplicate_key,\n    syntax_error,\n    wrong_type,\n}\n"
    );
    assert!(
        root.path()
            .join("tests/errors/syntax-error/spec.yaml")
            .exists()
    );
}

#[test]
fn a_case_that_is_there_or_cannot_be_changes_nothing() {
    #[rustfmt::skip]
    let table = [
        (Subject::Behaviour("pets_are_fed"),  ErrorKind::AlreadyExists),
        (Subject::Behaviour("Pets"),          ErrorKind::InvalidInput),
        (Subject::Behaviour("../pets"),       ErrorKind::InvalidInput),
        (Subject::Behaviour(""),              ErrorKind::InvalidInput),
        (Subject::Error("no-such-code"),      ErrorKind::InvalidInput),
        (Subject::Error("wrong-type"),        ErrorKind::AlreadyExists),
    ];
    let root = repository();
    let before = repo::read(&root.path().join("tests/src/cases.rs"));
    for (subject, kind) in table {
        let err = add(root.path(), subject).expect_err("it is refused");
        assert_eq!(err.kind(), kind, "{subject:?}: {err}");
    }
    assert_eq!(repo::read(&root.path().join("tests/src/cases.rs")), before);
    assert_eq!(
        repo::folders(&root.path().join("tests/cases")),
        Vec::<String>::new()
    );
}
