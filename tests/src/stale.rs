//! What `--check` says about why files are out of date.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use specmint::cli::{DONE, OUT_OF_DATE, REFUSED};
use tempfile::TempDir;

use crate::said::specmint;

const PETS: &str = "openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: https://pets.example.com }]
paths:
  /pets:
    get:
      operationId: listPets
      responses: { '200': { description: All, content: { application/json: { schema: { $ref: 'pet.yaml' } } } } }
";

const PET: &str = "{ title: Pet, type: object, properties: { name: { type: string } } }\n";

const OVERLAY: &str = "overlay: 1.0.0
info: { title: Corrections, version: '1' }
actions: [{ target: $.info, update: { description: Small ones. } }]
";

/// A folder with two documents and an up-to-date crate of them.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a temporary folder can be made"));
        desk.put("pets.yaml", PETS);
        desk.put("pet.yaml", PET);
        desk.put("pets.overlay.yaml", OVERLAY);
        desk.put(
            "zoo.yaml",
            &PETS
                .replace("pet.yaml", "#/components/schemas/Pet")
                .replace(
                    "paths:",
                    "components: { schemas: { Pet: { type: object } } }\npaths:",
                ),
        );
        desk.put("templates/README.md.tera", "<!-- {{ mark }} -->\n\nPets.\n");
        let (code, said) = desk.run(&[]);
        assert_eq!(code, DONE, "{said}");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in the folder"))
            .expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }

    /// Puts `to` in the place of `from` in a file.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).expect("the file is there");
        assert!(text.contains(from), "{name} has {from}");
        self.put(name, &text.replacen(from, to, 1));
    }

    fn run(&self, more: &[&str]) -> (u8, String) {
        let shown = |name: &str| self.path(name).display().to_string();
        let mut args = vec!["generate".to_owned()];
        args.extend([
            shown("pets.yaml"),
            shown("zoo.yaml"),
            "--out".to_owned(),
            shown("client"),
        ]);
        if !more.contains(&"--templates") {
            args.extend(["--templates".to_owned(), shown("templates")]);
        }
        args.extend(
            more.iter()
                .filter(|arg| **arg != "--templates")
                .map(|arg| (*arg).to_owned()),
        );
        let said = specmint(args);
        let told = if said.out.is_empty() {
            said.err
        } else {
            said.out
        };
        (said.code, told)
    }

    /// The modules that are out of date (`null` is the crate), and why.
    fn stale(&self, more: &[&str]) -> Vec<(Value, Vec<Value>)> {
        let (code, said) = self.run(&[&["--check", "--format", "json"], more].concat());
        assert_eq!(code, OUT_OF_DATE, "{said}");
        let said: Value = serde_json::from_str(&said).expect("it is JSON");
        let stale = said["stale"].as_array().cloned().unwrap_or_default();
        let stale = stale.into_iter().map(|stale| {
            assert!(
                stale["files"]
                    .as_array()
                    .is_some_and(|files| !files.is_empty())
            );
            let causes = stale["causes"].as_array().cloned().unwrap_or_default();
            (stale["module"].clone(), causes)
        });
        stale.collect()
    }
}

#[test]
fn a_document_that_has_changed_makes_its_own_module_stale() {
    let desk = Desk::new();
    desk.edit("pets.yaml", "description: All", "description: Every one");
    let document = json!({ "cause": "document", "module": "pets", "what": "changed" });
    assert_eq!(desk.stale(&[]), [(json!("pets"), vec![document])]);
}

#[test]
fn an_overlay_and_other_files_are_told_from_the_document() {
    let desk = Desk::new();
    desk.edit("pets.overlay.yaml", "Small", "Little");
    desk.edit("pet.yaml", "name:", "nickname:");
    let overlay = json!({ "cause": "overlay", "module": "pets", "what": "changed" });
    let file = json!({ "cause": "file", "module": "pets", "file": "pet.yaml", "what": "changed" });
    for (_, causes) in desk.stale(&[]) {
        assert_eq!(causes, [overlay.clone(), file.clone()]);
    }
    fs::remove_file(desk.path("pets.overlay.yaml")).expect("the overlay is there");
    let gone = json!({ "cause": "overlay", "module": "pets", "what": "gone" });
    for (_, causes) in desk.stale(&[]) {
        assert_eq!(causes, [gone.clone(), file.clone()]);
    }
}

#[test]
fn templates_and_options_make_the_crate_stale() {
    let desk = Desk::new();
    desk.edit("templates/README.md.tera", "Pets.", "All pets.");
    let changed = json!({ "cause": "template", "template": "README.md.tera", "what": "changed" });
    assert_eq!(desk.stale(&[]), [(Value::Null, vec![changed])]);
    let gone = json!({ "cause": "template", "template": "README.md.tera", "what": "gone" });
    assert_eq!(desk.stale(&["--templates"]), [(Value::Null, vec![gone])]);

    let desk = Desk::new();
    let option = json!({ "cause": "option", "module": null, "option": "name", "from": "client", "to": "pets" });
    let stale = desk.stale(&["--name", "pets"]);
    assert!(
        stale
            .iter()
            .all(|(_, causes)| causes == &vec![option.clone()]),
        "{stale:?}"
    );
}

#[test]
fn an_edit_by_hand_is_told_where_it_is() {
    let desk = Desk::new();
    desk.edit("client/src/zoo/mod.rs", "\n\n", "\n// mine\n\n");
    let edit = json!({ "cause": "edit" });
    assert_eq!(desk.stale(&[]), [(json!("zoo"), vec![edit.clone()])]);
    let (_, said) = desk.run(&["--check"]);
    assert!(
        said.contains("why: 1 file of `zoo`: they are not as they were made: edited"),
        "{said}"
    );

    fs::remove_file(desk.path("client/src/pets/mod.rs")).expect("the file is there");
    desk.put("client/src/pets/other.rs", "// @generated by specmint\n");
    let both = [
        (json!("pets"), vec![edit.clone()]),
        (json!("zoo"), vec![edit.clone()]),
    ];
    assert_eq!(desk.stale(&[]), both);

    let document = json!({ "cause": "document", "module": "zoo", "what": "changed" });
    desk.edit("zoo.yaml", "description: All", "description: Every one");
    assert_eq!(desk.stale(&[])[1], (json!("zoo"), vec![document, edit]));
}

#[test]
fn another_generator_is_told_by_its_version_and_by_what_else_it_makes() {
    let desk = Desk::new();
    let version = env!("CARGO_PKG_VERSION");
    desk.edit(
        "client/specmint.lock",
        &format!("generator = \"{version}\""),
        "generator = \"0.0.1\"",
    );
    desk.edit("client/src/zoo/mod.rs", "// @generated", "//  @generated");
    let stale = desk.stale(&[]);
    let generator = json!({ "cause": "generator", "from": "0.0.1", "to": version });
    assert_eq!(
        stale,
        [(json!("zoo"), vec![generator, json!({ "cause": "edit" })])]
    );
}

#[test]
fn a_lock_that_is_gone_or_edited_is_told() {
    let desk = Desk::new();
    desk.edit("client/specmint.lock", "\"ListPets\"", "\"AllPets\"");
    let (_, said) = desk.run(&["--check"]);
    assert!(said.contains("edited by hand"), "{said}");

    let desk = Desk::new();
    desk.edit("client/specmint.lock", "# What", "# Who");
    assert_eq!(
        desk.stale(&[]),
        [(Value::Null, vec![json!({ "cause": "edit" })])]
    );

    fs::remove_file(desk.path("client/specmint.lock")).expect("the lock is there");
    assert_eq!(
        desk.stale(&[]),
        [(Value::Null, vec![json!({ "cause": "no_lock" })])]
    );
}

#[test]
fn a_lock_with_a_conflict_is_refused_and_nothing_is_written() {
    let desk = Desk::new();
    desk.edit(
        "client/specmint.lock",
        "[options]",
        "<<<<<<< ours\n[options]",
    );
    let before = fs::read_to_string(desk.path("client/specmint.lock")).expect("the lock is there");
    let (code, said) = desk.run(&[]);
    assert_eq!(code, REFUSED);
    assert!(
        said.contains("specmint.lock:") && said.contains("a merge left a conflict"),
        "{said}"
    );
    let after = fs::read_to_string(desk.path("client/specmint.lock")).expect("the lock is there");
    assert_eq!(after, before);
}
