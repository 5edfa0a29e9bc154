//! `generated/` is exactly what the generator makes of `specs/`.

use std::path::Path;

use specmint::cli::{self, Mode};
use specmint::write;

use crate::repo;

#[test]
fn generated_is_what_the_generator_makes() {
    let mut job = xtask::job(&repo::root(), Mode::Check).expect("the specs can be read");
    job.options.lock = cli::lock_in(&job.out).expect("the lock can be read");
    let output =
        specmint::generate(&job.specs, &job.options).expect("the specs have names of their own");
    let changes = write::diff(&job.out, &output.files).expect("generated/ can be compared");
    assert!(
        changes.is_empty(),
        "{}",
        write::out_of_date("generated", &changes, xtask::COMMAND)
    );
}

#[test]
fn generated_holds_nothing_else() {
    let folder = repo::root().join("generated");
    let job = xtask::job(&repo::root(), Mode::Check).expect("the specs can be read");
    let output =
        specmint::generate(&job.specs, &job.options).expect("the specs have names of their own");
    let mut made: Vec<_> = output
        .files
        .iter()
        .map(|file| folder.join(Path::new(&file.path)))
        .collect();
    made.sort();
    assert_eq!(repo::files(&folder), made);
}
