//! `specmint new`: what a new repository holds. That its own tests pass is a step of `cargo xtask ci`.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use specmint::cli::{self, DONE, OUT_OF_DATE, REFUSED};
use specmint::options::{Options, Runtime};
use specmint::spec::Spec;

use crate::repo;
use crate::said::{Said, said, specmint};

fn new(folder: &Path, more: &[&str]) -> Said {
    let mut args = vec!["new".to_owned(), folder.display().to_string()];
    args.extend(more.iter().map(|&arg| arg.to_owned()));
    specmint(args)
}

/// The files in `folder`, by their paths in it, with dot files.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in repo::entries(folder) {
        let name = repo::name(&path);
        if path.is_dir() {
            let inside = files(&path).into_iter();
            found.extend(inside.map(|inside| format!("{name}/{inside}")));
        } else {
            found.push(name);
        }
    }
    found
}

#[test]
fn a_new_repository_has_the_shape_of_this_one() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = dir.path().join("acme-clients");
    let said = new(&folder, &[]);
    assert_eq!((said.code, said.out.as_str()), (DONE, ""), "{}", said.err);
    let mut found = files(&folder);
    found.retain(|path| !path.starts_with("generated/"));
    insta::assert_snapshot!(found.join("\n"), @r"
    .cargo/config.toml
    .gitattributes
    .gitignore
    Cargo.toml
    README.md
    specs/pets.yaml
    templates/README.md
    tests/Cargo.toml
    tests/it.rs
    tests/snapshots/pets.snap
    xtask/Cargo.toml
    xtask/src/lib.rs
    xtask/src/main.rs
    ");
    let manifest = repo::read(&folder.join("generated/Cargo.toml"));
    assert!(manifest.contains("name = \"acme-clients\""), "{manifest}");
}

#[test]
fn a_new_repository_is_up_to_date_and_its_tasks_keep_it_so() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let home = repo::root().display().to_string();
    let made = new(dir.path(), &["--name", "acme", "--path", &home]);
    assert_eq!(made.code, DONE, "{}", made.err);
    assert!(!made.err.contains("warning"), "{}", made.err);
    let runtime = format!("{home}/generator/runtime").replace('\\', "/");
    let options = Options::new("acme", Runtime::Path(runtime), "cargo xtask generate");
    let task = |args: &[&str]| {
        let args = ["xtask"].iter().chain(args).map(OsString::from);
        said(|streams| cli::tasks(args, dir.path(), &options, streams))
    };
    assert_eq!(task(&["check"]).code, DONE);

    let spec = dir.path().join("specs/pets.yaml");
    let text = repo::read(&spec).replace("format: int32", "format: int64");
    fs::write(dir.path().join("vendors.yaml"), &text).expect("files can be written");
    fs::write(dir.path().join("specs/pets.source"), "../vendors.yaml\n")
        .expect("files can be written");
    let dry = task(&["update", "pets", "--dry-run"]);
    assert_eq!(dry.code, DONE, "{}", dry.err);
    assert!(dry.out.contains("`limit`"), "{}", dry.out);
    assert_eq!(task(&["check"]).code, DONE);
    assert_eq!(task(&["update"]).code, DONE);
    assert_eq!(repo::read(&spec), text);
    assert_eq!(task(&["check"]).code, DONE);

    fs::write(&spec, text.replace("int64", "int32")).expect("files can be written");
    let check = task(&["check"]);
    assert_eq!(check.code, OUT_OF_DATE);
    assert!(
        check.err.contains("run `cargo xtask generate`"),
        "{}",
        check.err
    );
    assert_eq!(task(&["generate"]).code, DONE);
    assert_eq!(task(&["check"]).code, DONE);
    assert_eq!(task(&["lint"]).code, REFUSED);
    assert!(task(&["--help"]).out.contains("review"));
}

#[test]
fn a_new_repository_shows_what_its_example_offers() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    assert_eq!(new(dir.path(), &["--name", "acme"]).code, DONE);
    let spec = Spec::read(&dir.path().join("specs/pets.yaml")).expect("the spec can be read");
    let calls = specmint::calls(&spec).expect("the document can be read");
    insta::assert_snapshot!(calls, @r"
    get_token(models::GetTokenRequest)
        POST /token
        gives models::GetToken200Response
        fails with nothing

    list_pets()
        GET /pets
        .limit(i32)
        by clients
        gives Vec<models::Pet>
        fails with nothing
    ");
    let kept = repo::read(&dir.path().join("tests/snapshots/pets.snap"));
    assert_eq!(kept, format!("---\nsource: tests/it.rs\n---\n{calls}"));
}

#[test]
fn what_is_there_is_never_overwritten() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(dir.path().join("README.md"), "mine").expect("files can be written");
    let said = new(dir.path(), &[]);
    assert_eq!(said.code, REFUSED);
    assert!(
        said.err.contains("README.md` is there already"),
        "{}",
        said.err
    );
    assert_eq!(files(dir.path()), ["README.md"]);
    assert_eq!(repo::read(&dir.path().join("README.md")), "mine");
}

#[test]
fn a_crate_may_not_be_called_like_what_stands_beside_it_or_what_rust_knows() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    #[rustfmt::skip]
    let names = [
        "xtask", "tests", "insta", "specmint", "specmint_runtime", "match", "gen", "self", "core", "std", "proc-macro",
        "2fa", "-x", "a b", "é", "",
    ];
    for name in names {
        let said = new(dir.path(), &["--name", name]);
        assert_eq!(said.code, REFUSED, "{name}");
        assert_eq!(files(dir.path()), Vec::<String>::new());
    }
}

#[test]
fn a_crate_is_called_like_its_folder_where_it_can_be() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    #[rustfmt::skip]
    let table = [
        ("acme-clients", "acme-clients"),
        ("acme/.",       "acme"),
        ("Acme_2",       "acme_2"),
        ("2fa",          "clients"),
        ("type",         "clients"),
        ("grün",         "clients"),
        ("with space",   "clients"),
    ];
    for (folder, name) in table {
        let folder = dir.path().join(folder);
        let said = new(&folder, &[]);
        assert_eq!(said.code, DONE, "{}: {}", folder.display(), said.err);
        let manifest = repo::read(&folder.join("generated/Cargo.toml"));
        assert!(
            manifest.contains(&format!("name = \"{name}\"\n")),
            "{manifest}"
        );
    }
}

#[test]
fn a_copy_of_specmint_is_looked_for_before_anything_is_written() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let nowhere = dir.path().join("nowhere").display().to_string();
    let said = new(&dir.path().join("acme"), &["--path", &nowhere]);
    assert_eq!(said.code, REFUSED);
    assert!(
        said.err.contains("is no copy of specmint's repository"),
        "{}",
        said.err
    );
    assert_eq!(files(dir.path()), Vec::<String>::new());
}
