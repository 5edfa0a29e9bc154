//! `specmint watch`, as a process: what is saved is generated, whatever way it is saved.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::process::{self, Running};

/// What stands at the end of each report.
const REPORTED: &str = "watching ";

/// A watched `pets.yaml`, and the crate that is made of it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fs::create_dir(folder.path().join("specs")).expect("folders can be made");
        let desk = Self { folder };
        desk.save("cat");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn spec(&self) -> PathBuf {
        self.path("specs/pets.yaml")
    }

    fn save(&self, word: &str) {
        fs::write(self.spec(), process::document(word)).expect("files can be written");
    }

    /// Watches, with `more` arguments, and has made the first crate.
    #[track_caller]
    fn watch(&self, more: &[&str]) -> Running {
        let mut args = process::generate(&self.spec(), &self.path("out"));
        args[0] = "watch".into();
        args.extend(more.iter().map(Into::into));
        let running = Running::start(args);
        running.hear(REPORTED);
        running
    }

    /// Whether the crate has an operation that only the document with `word` has.
    fn is_of(&self, word: &str) -> bool {
        self.path(&format!("out/src/pets/operations/{word}9.rs"))
            .exists()
    }

    fn has_model(&self, name: &str) -> bool {
        self.path(&format!("out/src/pets/models/{name}.rs"))
            .exists()
    }
}

#[test]
fn what_is_saved_is_generated() {
    let desk = Desk::new();
    let running = desk.watch(&[]);
    assert!(desk.is_of("cat"));
    for word in ["dog", "owl"] {
        desk.save(word);
        let said = running.hear(REPORTED);
        assert!(said.contains("files written, "), "{said}");
        assert!(desk.is_of(word));
    }
    assert!(!desk.is_of("dog"));
}

#[test]
fn a_document_may_be_renamed_over_or_removed_and_made_again() {
    let desk = Desk::new();
    let running = desk.watch(&[]);
    let beside = desk.path("specs/pets.yaml.new");
    fs::write(&beside, process::document("dog")).unwrap();
    fs::rename(&beside, desk.spec()).unwrap();
    running.hear(REPORTED);
    assert!(desk.is_of("dog"));

    fs::remove_file(desk.spec()).unwrap();
    let said = running.hear(REPORTED);
    assert!(said.contains("error: reading `"), "{said}");
    assert!(desk.is_of("dog"), "what was generated stays");
    desk.save("owl");
    running.hear(REPORTED);
    assert!(desk.is_of("owl"));
}

#[test]
fn the_folder_of_a_document_may_be_replaced() {
    let desk = Desk::new();
    let running = desk.watch(&[]);
    fs::rename(desk.path("specs"), desk.path("old")).unwrap();
    running.hear("error: reading `");
    running.hear(REPORTED);
    fs::create_dir(desk.path("new")).unwrap();
    fs::write(desk.path("new/pets.yaml"), process::document("dog")).unwrap();
    fs::rename(desk.path("new"), desk.path("specs")).unwrap();
    running.hear(REPORTED);
    assert!(desk.is_of("dog"));
    desk.save("owl");
    running.hear(REPORTED);
    assert!(desk.is_of("owl"));
}

#[test]
fn what_is_saved_by_halves_is_reported_once_and_changes_nothing() {
    let desk = Desk::new();
    let running = desk.watch(&[]);
    let before = process::tree(&desk.path("out"));
    fs::write(desk.spec(), "openapi: [3.0.3\n").unwrap();
    let said = running.hear(REPORTED);
    assert!(said.contains("error[syntax-error]"), "{said}");
    assert_eq!(process::tree(&desk.path("out")), before);
    fs::write(desk.spec(), "openapi: [3.0.3\n\n").unwrap();
    desk.save("dog");
    let said = running.hear(REPORTED);
    assert!(!said.contains("syntax-error"), "{said}");
    assert!(desk.is_of("dog"));
}

#[test]
fn an_overlay_and_files_that_are_referred_to_count_from_when_they_are_there() {
    let desk = Desk::new();
    let text =
        process::document("cat").replacen("'#/components/schemas/pet0'", "parts/toy.yaml", 1);
    fs::write(desk.spec(), text).unwrap();
    let running = desk.watch(&[]);
    fs::create_dir(desk.path("specs/parts")).unwrap();
    let toy = |name: &str| {
        format!("type: object\ntitle: {name}\nproperties: {{ {name}: {{ type: string }} }}\n")
    };
    fs::write(desk.path("specs/parts/toy.yaml"), toy("ball")).unwrap();
    running.hear(REPORTED);
    let model = desk.path("out/src/pets/models/toy.rs");
    assert!(fs::read_to_string(&model).unwrap().contains("pub ball"));
    fs::write(desk.path("specs/parts/toy.yaml"), toy("rope")).unwrap();
    running.hear(REPORTED);
    assert!(fs::read_to_string(&model).unwrap().contains("pub rope"));

    let overlay = "overlay: 1.0.0
info: { title: More, version: '1' }
actions: [{ target: $.components.schemas, update: { pet1: { properties: { overlaid: { type: string } } } } }]
";
    fs::write(desk.path("specs/pets.overlay.yaml"), overlay).unwrap();
    running.hear(REPORTED);
    let model = fs::read_to_string(desk.path("out/src/pets/models/pet1.rs")).unwrap();
    assert!(model.contains("pub overlaid"), "{model}");
    assert!(desk.has_model("toy"));
}

#[test]
fn templates_count_too() {
    let desk = Desk::new();
    let templates = desk.path("pages");
    fs::create_dir(&templates).unwrap();
    let theirs = crate::repo::root().join("templates/README.md.tera");
    let page = crate::repo::read(&theirs);
    fs::write(templates.join("README.md.tera"), &page).unwrap();
    let running = desk.watch(&["--templates", &templates.display().to_string()]);
    fs::write(templates.join("README.md.tera"), format!("{page}\nOurs.\n")).unwrap();
    running.hear(REPORTED);
    let readme = fs::read_to_string(desk.path("out/README.md")).unwrap();
    assert!(readme.trim_end().ends_with("Ours."), "{readme}");
}

#[test]
fn a_document_that_is_not_there_at_first_is_a_mistake() {
    let desk = Desk::new();
    fs::remove_file(desk.spec()).unwrap();
    let mut args = process::generate(&desk.spec(), Path::new("out"));
    args[0] = "watch".into();
    let ended = Running::start(args).end();
    assert_eq!(ended.code, Some(i32::from(specmint::cli::REFUSED)));
    assert!(ended.said.contains("pets.yaml"), "{}", ended.said);
}
