//! The output depends on the documents alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;

use specmint::cli::Mode;
use specmint::load::Source;
use specmint::spec::Spec;

use crate::repo;

/// The files by path, generated from the specs below `root`.
fn generated(root: &Path) -> BTreeMap<String, String> {
    from(
        xtask::job(root, Mode::Check)
            .expect("the specs can be read")
            .specs,
    )
}

fn from(specs: Vec<Spec>) -> BTreeMap<String, String> {
    let job = xtask::job(&repo::root(), Mode::Check).expect("the specs can be read");
    let output =
        specmint::generate(&specs, &job.options).expect("the specs have names of their own");
    output
        .files
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect()
}

#[test]
fn two_runs_give_the_same_bytes_also_on_another_thread() {
    // Hash maps are seeded per thread, so the second run sees another order wherever one is used.
    let second = thread::spawn(|| generated(&repo::root()));
    let first = generated(&repo::root());
    assert_eq!(first, second.join().expect("generating does not panic"));
}

#[test]
fn another_folder_gives_the_same_bytes() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder can be made");
    let specs = elsewhere.path().join("specs");
    copy(&repo::root().join("specs"), &specs);
    assert_eq!(generated(&repo::root()), generated(elsewhere.path()));
}

#[test]
fn the_order_of_the_documents_does_not_matter() {
    let mut specs = xtask::job(&repo::root(), Mode::Check)
        .expect("the specs can be read")
        .specs;
    specs.reverse();
    assert_eq!(generated(&repo::root()), from(specs));
}

#[test]
fn a_changed_description_changes_only_its_own_api() {
    let mut specs = xtask::job(&repo::root(), Mode::Check)
        .expect("the specs can be read")
        .specs;
    let before = from(specs.clone());
    let benchling = specs
        .iter_mut()
        .find(|spec| spec.name == "benchling")
        .expect("there is a spec of that name");
    let marked = benchling
        .source
        .text
        .replacen("description: ", "description: Changed. ", 1);
    assert_ne!(
        marked, benchling.source.text,
        "the spec has a description on one line"
    );
    benchling.source.text = marked;
    let after = from(specs);

    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(text))
        .map(|(path, _)| path)
        .collect();
    assert!(!changed.is_empty(), "the description shows somewhere");
    assert!(
        changed
            .iter()
            .all(|path| path.contains("benchling") || *path == specmint::lock::PATH),
        "{changed:?}"
    );
    assert_eq!(before.len(), after.len());
}

/// An operation whose answer is a component, with an example of its own.
fn pets(example: &str) -> Spec {
    let text = format!(
        "
openapi: 3.0.3
info: {{ title: Pets, version: '1' }}
paths:
  /pets/{{id}}:
    get:
      operationId: getPet
      parameters: [{{ name: id, in: path, required: true, schema: {{ type: string }} }}]
      responses:
        '200':
          description: The pet
          content:
            application/json:
              schema: {{ $ref: '#/components/schemas/Pet' }}
              example: {{ name: {example} }}
components:
  schemas:
    Pet: {{ type: object, properties: {{ name: {{ type: string }} }} }}
"
    );
    Spec::new(Source::new("pets.yaml", text))
}

#[test]
fn an_example_of_an_operation_does_not_change_the_page_of_a_component() {
    let (before, after) = (from(vec![pets("Rex")]), from(vec![pets("Bello")]));
    let changed: Vec<&str> = after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(*text))
        .map(|(path, _)| path.as_str())
        .collect();
    assert!(!changed.is_empty(), "the example is shown somewhere");
    assert!(
        !changed.iter().any(|path| path.contains("/models/")),
        "{changed:?}"
    );
}

fn copy(from: &Path, to: &Path) {
    for file in repo::files(from) {
        let place = to.join(
            file.strip_prefix(from)
                .expect("the walk stays below its start"),
        );
        fs::create_dir_all(place.parent().expect("a file stands in a folder"))
            .expect("folders can be made");
        fs::copy(&file, &place).expect("specs can be copied");
    }
}
