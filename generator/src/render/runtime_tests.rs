//! The lists of the runtime's files, dependencies and features are those of the runtime.

use super::{DEPENDENCIES, FEATURES, SOURCES};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("reading `{}`: {error}", path.display()))
}

fn sources_on_disk() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src");
    let mut open: Vec<PathBuf> = vec![root.clone()];
    let mut found = BTreeSet::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = path.read_dir().expect("the runtime's folder can be listed");
            open.extend(entries.map(|entry| entry.expect("an entry can be read").path()));
        } else {
            let path = path.strip_prefix(&root).expect("found below the root");
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            found.insert(parts.join("/"));
        }
    }
    found
}

/// The lines of a section of a manifest.
fn section(manifest: &str, head: &str) -> Vec<String> {
    let lines = manifest.lines().skip_while(|line| *line != head).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// A dependency of the runtime with the workspace's version of it in place.
fn resolved(line: &str, workspace: &[String]) -> String {
    let name = line.split(['.', ' ']).next().expect("a line has a name");
    let shared = workspace
        .iter()
        .find(|shared| shared.split(' ').next() == Some(name));
    let shared = shared.unwrap_or_else(|| panic!("`{name}` is not in the workspace"));
    let (_, how) = shared
        .split_once(" = ")
        .expect("a dependency has a version");
    match (line.contains("optional = true"), how.strip_suffix(" }")) {
        (false, _) => shared.clone(),
        (true, Some(table)) => format!("{name} = {table}, optional = true }}"),
        (true, None) => format!("{name} = {{ version = {how}, optional = true }}"),
    }
}

#[test]
fn every_source_of_the_runtime_is_copied() {
    let listed: BTreeSet<String> = SOURCES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(
        listed,
        sources_on_disk(),
        "correct SOURCES in generator/src/render/runtime.rs"
    );
}

#[test]
fn copies_depend_on_what_the_runtime_depends_on() {
    let workspace = section(&read("../Cargo.toml"), "[workspace.dependencies]");
    let own = section(&read("runtime/Cargo.toml"), "[dependencies]");
    let expected: Vec<String> = own.iter().map(|line| resolved(line, &workspace)).collect();
    assert_eq!(
        DEPENDENCIES, expected,
        "correct DEPENDENCIES in generator/src/render/runtime.rs"
    );
}

#[test]
fn copies_have_the_runtimes_features() {
    let features = section(&read("runtime/Cargo.toml"), "[features]");
    let features: Vec<String> = features
        .into_iter()
        .filter(|line| !line.starts_with("default"))
        .collect();
    assert_eq!(
        FEATURES, features,
        "correct FEATURES in generator/src/render/runtime.rs"
    );
}

#[test]
fn examples_in_copies_find_the_runtime_in_the_crate_that_they_are_in() {
    let copies = super::files("mark", "pet-store");
    let lines = copies.iter().flat_map(|file| file.text.lines());
    let naming: Vec<&str> = lines.filter(|line| line.contains("pet_store::")).collect();
    assert!(!naming.is_empty());
    for line in naming {
        assert!(
            line.trim_start().starts_with("//"),
            "no code names it: {line}"
        );
    }
    assert!(
        copies
            .iter()
            .all(|file| !file.text.contains("specmint_runtime"))
    );
}
