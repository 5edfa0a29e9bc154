//! The output of every case, compiled as one crate with warnings denied.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use specmint::write;

use crate::case::{self, Case};
use crate::{cases, repo};

#[test]
fn the_output_of_every_case_compiles_without_a_warning() {
    let specs: Vec<_> = cases::NAMES
        .iter()
        .map(|name| Case::open("cases", name).spec(name))
        .collect();
    let runtime = repo::root().join("generator/runtime");
    let options = case::options("all-cases", &runtime.display().to_string());
    let mut output =
        specmint::generate(&specs, &options).expect("the cases have names of their own");
    output.files.iter_mut().for_each(case::make_strict);

    let folder = folder("all-cases");
    let changes = write::diff(&folder, &output.files).expect("the scratch crate can be compared");
    write::apply(&folder, &changes).expect("the scratch crate can be written");
    // The same versions as everywhere in the repository, so that nothing has to be fetched.
    fs::copy(repo::root().join("Cargo.lock"), folder.join("Cargo.lock"))
        .expect("the lock file can be copied");
    check(&folder);
}

/// A folder that outlives the test, so that the next run has less to compile.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[track_caller]
fn check(crate_folder: &Path) {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline", "--all-features"])
        .current_dir(crate_folder)
        .env("CARGO_TARGET_DIR", folder("all-cases-target"))
        .output()
        .expect("cargo can be started: it started this test");
    assert!(
        output.status.success(),
        "the generated code does not compile:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
