//! `specmint new`: what a new repository holds. That its own tests pass is a step of `cargo xtask ci`.

use std::fs;
use std::path::Path;

use specmint::cli::{DONE, Job, Mode, REFUSED};
use specmint::options::{Options, Runtime};
use specmint::spec::Spec;
use specmint::write;

use crate::repo;
use crate::said::{Said, specmint};

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
fn a_new_repository_is_up_to_date() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let said = new(dir.path(), &["--name", "acme", "--path", "there"]);
    assert_eq!(said.code, DONE, "{}", said.err);
    assert!(!said.err.contains("warning"), "{}", said.err);
    let there = std::path::absolute("there").expect("there is a current folder");
    let runtime = format!("{}/generator/runtime", there.display());
    let options = Options::new("acme", Runtime::Path(runtime), "cargo xtask generate");
    let job = Job::in_repository(dir.path(), options, Mode::Check).expect("the spec can be read");
    let output = specmint::generate(&job.specs, &job.options).expect("the templates are right");
    let changes = write::diff(&job.out, &output.files).expect("the folder can be compared");
    assert_eq!(changes, []);
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
fn a_crate_may_not_be_called_like_what_stands_beside_it() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    for name in ["xtask", "tests", "insta", "specmint"] {
        let said = new(dir.path(), &["--name", name]);
        assert_eq!(said.code, REFUSED, "{name}");
        assert_eq!(files(dir.path()), Vec::<String>::new());
    }
}
