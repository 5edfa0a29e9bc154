//! Overlays that are made of an edited copy: applied to the document they give the copy, whatever was edited.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};
use specmint::cli::{DONE, REFUSED};
use specmint::diag::{Code, Diagnostics};
use specmint::load::{Difference, Source, overlaid, overlay_between};
use specmint::spec;

use crate::repo;
use crate::said::specmint;

/// The text of the overlay between two texts.
fn between(original: &str, edited: &str) -> String {
    let mut diags = Diagnostics::default();
    let [original, edited] = [("pets.yaml", original), ("pets.edited.yaml", edited)]
        .map(|(path, text)| Source::new(path, text));
    match overlay_between(&original, &edited, &mut diags) {
        Some(Difference::Overlay(text)) => text,
        other => panic!("{other:?}"),
    }
}

/// Fails unless the overlay between two documents leads from the one to the other.
#[track_caller]
fn check(original: &Value, edited: &Value) {
    if original == edited {
        return;
    }
    let text = between(&original.to_string(), &edited.to_string());
    let mut diags = Diagnostics::default();
    let source = Source::new("pets.json", original.to_string());
    let overlay = Source::new("pets.overlay.yaml", text.as_str());
    let tree = overlaid(&source, &overlay, &mut diags);
    assert_eq!(tree.as_ref(), Some(edited), "{text}");
    // an element that stands twice in a list is no change to `generate`, and one to this
    let mut told = diags.list().iter().map(|told| told.code);
    assert!(
        told.all(|code| code == Code::OverlayWithoutEffect),
        "{text}\n{:?}",
        diags.list()
    );
}

/// Names that are easy to mistake, in a query or in YAML.
const NAMES: &[&str] = &[
    "name", "in", "$ref", "url", "tags", "a", "b", "", "no", "1", "é", "a b", "it's", "\"", "\\",
    "/x/{y}", "]", "\n\t", "@", "\u{1}", "~", "1.0", "- x", "\u{2028}", "0x1",
];

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(NAMES).prop_map(str::to_owned)
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(Value::from),
        1 => (-2_i64..3).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => prop::sample::select(&[0.5, 1.0, 1e300][..]).prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn object(member: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((text(), member), 0..5).prop_map(|members| members.into_iter().collect())
}

fn tree() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 48, 5, |inner| {
        prop_oneof![
            3 => object(inner.clone()).prop_map(Value::Object),
            2 => prop::collection::vec(inner, 0..5).prop_map(Value::Array),
        ]
    })
}

fn document() -> impl Strategy<Value = Value> {
    object(tree()).prop_map(Value::Object)
}

/// One edit: which of the nodes, counted from the root, and what becomes of it.
#[derive(Clone, Debug)]
enum Edit {
    Replace(Value),
    Remove,
    Repeat,
    Insert(String, Value),
    Reverse,
}

fn edit() -> impl Strategy<Value = (prop::sample::Index, Edit)> {
    let edit = prop_oneof![
        tree().prop_map(Edit::Replace),
        Just(Edit::Remove),
        Just(Edit::Repeat),
        (text(), tree()).prop_map(|(key, value)| Edit::Insert(key, value)),
        Just(Edit::Reverse),
    ];
    (any::<prop::sample::Index>(), edit)
}

fn pointers(tree: &Value, at: String, found: &mut Vec<String>) {
    match tree {
        Value::Object(map) => {
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(value, format!("{at}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                pointers(value, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

fn apply(document: &mut Value, which: prop::sample::Index, edit: Edit) {
    let mut all = Vec::new();
    pointers(document, String::new(), &mut all);
    let at = all[which.index(all.len())].clone();
    let Some((holder, _)) = at.rsplit_once('/') else {
        return;
    };
    match (edit, document.pointer_mut(&at)) {
        (Edit::Replace(value), Some(node)) => *node = value,
        (Edit::Insert(key, value), Some(Value::Object(map))) => drop(map.insert(key, value)),
        (Edit::Insert(_, value), Some(Value::Array(list))) => {
            list.insert(which.index(list.len() + 1), value)
        }
        (Edit::Repeat, Some(Value::Array(list))) => list.extend_from_within(..),
        (Edit::Reverse, Some(Value::Array(list))) => list.reverse(),
        (Edit::Remove, _) => match document.pointer_mut(holder) {
            Some(Value::Array(list)) => drop(list.remove(which.index(list.len()))),
            Some(Value::Object(map)) => {
                let key = map.keys().nth(which.index(map.len())).cloned();
                key.map(|key| map.shift_remove(&key));
            }
            _ => {}
        },
        _ => {}
    }
}

/// The same in each run. Failures are printed; no file keeps them.
fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..ProptestConfig::with_cases(count)
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn the_overlay_between_any_two_documents_leads_to_the_second(old in document(), new in document()) {
        check(&old, &new);
    }

    #[test]
    fn the_overlay_of_a_few_edits_leads_to_the_edited_copy(
        old in document(),
        edits in prop::collection::vec(edit(), 1..5),
    ) {
        let mut new = old.clone();
        for (which, edit) in edits {
            apply(&mut new, which, edit);
        }
        check(&old, &new);
    }
}

/// The specs of this repository, as trees.
fn specs() -> Vec<Value> {
    let empty = Source::new("empty.yaml", "{ overlay: 1.0.0, actions: [] }");
    let paths = spec::find(&repo::root().join("specs")).expect("specs/ can be listed");
    let trees = paths.iter().map(|path| {
        let source = Source::read(path).expect("a spec can be read");
        overlaid(&source, &empty, &mut Diagnostics::default()).expect("a spec is a tree")
    });
    trees.collect()
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn the_overlay_of_edits_of_real_documents_leads_to_the_edited_copy(
        spec in prop::sample::select(specs()),
        edits in prop::collection::vec(edit(), 1..6),
    ) {
        let mut edited = spec.clone();
        for (which, edit) in edits {
            apply(&mut edited, which, edit);
        }
        check(&spec, &edited);
    }
}

#[test]
fn the_overlay_between_two_real_documents_leads_to_the_second() {
    let specs = specs();
    for original in &specs {
        for edited in &specs {
            check(original, edited);
        }
    }
}

const PETS: &str = r"
openapi: 3.0.3
info: { title: Pets, version: '1', description: Old }
tags: [{ name: pets }, { name: cats }]
paths:
  /pets/{id}:
    get:
      tags: [pets, cats, dogs]
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: id, in: query, schema: { type: string } }
        - { $ref: '#/components/parameters/Page' }
      responses: { '200': { description: Pet } }
components:
  schemas:
    Pet: { type: object, required: [id, name, tag], allOf: [{ type: object }, { minProperties: 1 }] }
    Old: {}
";

#[test]
fn overlays_find_things_by_what_they_are_called() {
    let edited = PETS
        .replace(", description: Old", "")
        .replace(
            "{ name: cats }",
            "{ name: cats, description: Meow }, { name: dogs }",
        )
        .replace("[pets, cats, dogs]", "[pets, dogs]")
        .replace(
            "in: query, schema: { type: string }",
            "in: query, schema: { type: boolean }",
        )
        .replace("        - { $ref: '#/components/parameters/Page' }\n", "")
        .replace("{ description: Pet }", "{ description: A pet }")
        .replace("required: [id, name, tag]", "required: [id, tag, kind]")
        .replace("{ minProperties: 1 }", "{ minProperties: 2 }")
        .replace("    Old: {}\n", "");
    insta::assert_snapshot!(between(PETS, &edited), @r"
    overlay: 1.0.0
    info:
      title: Corrections to pets.yaml
      version: 1.0.0
    actions:
    - target: $.info.description
      remove: true
    - target: $.tags[?@.name == 'cats']
      update:
        description: Meow
    - target: $.paths['/pets/{id}'].get.tags[?@ == 'cats']
      remove: true
    - target: $.paths['/pets/{id}'].get.parameters[?@['$ref'] == '#/components/parameters/Page']
      remove: true
    - target: $.paths['/pets/{id}'].get.parameters[?@.name == 'id' && @.in == 'query'].schema
      update:
        type: boolean
    - target: $.paths['/pets/{id}'].get.responses['200']
      update:
        description: A pet
    - target: $.components.schemas.Old
      remove: true
    - target: $.components.schemas.Pet.required[?@ == 'name']
      remove: true
    - target: $.components.schemas.Pet.allOf[1]
      update:
        minProperties: 2
    - target: $.components.schemas.Pet
      update:
        required:
        - kind
    - target: $
      update:
        tags:
        - name: dogs
    ");
}

#[test]
fn lists_in_another_order_are_replaced() {
    let text = between(
        "{ a: { enum: [1, 2, 3], x: [] } }",
        "{ a: { enum: [3, 1, 2], x: 1 } }",
    );
    insta::assert_snapshot!(text, @"
    overlay: 1.0.0
    info:
      title: Corrections to pets.yaml
      version: 1.0.0
    actions:
    - target: $.a.enum
      remove: true
    - target: $.a.x
      remove: true
    - target: $.a
      update:
        enum:
        - 3
        - 1
        - 2
        x: 1
    ");
}

fn put(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("files can be written");
    path.display().to_string()
}

#[test]
fn an_overlay_is_made_of_a_copy_beside_its_document_and_makes_it_again() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let original = put(dir.path(), "pets.yaml", PETS);
    let copy = put(
        dir.path(),
        "pets.edited.yaml",
        &PETS.replace("title: Pets", "title: Cats"),
    );
    let beside = specmint(["overlay", "diff", &copy]);
    assert_eq!((beside.code, beside.err.as_str()), (DONE, ""));
    assert!(
        beside.out.contains("title: Corrections to pets.yaml"),
        "{}",
        beside.out
    );
    assert_eq!(
        specmint(["overlay", "diff", &original, &copy]).out,
        beside.out
    );

    let out = dir.path().join("pets.overlay.yaml").display().to_string();
    assert_eq!(
        specmint(["overlay", "diff", &copy, "--out", &out]).code,
        DONE
    );
    assert_eq!(repo::read(Path::new(&out)), beside.out);
    let again = specmint(["overlay", "diff", &copy, "--out", &out]);
    assert_eq!(again.code, REFUSED);
    assert!(again.err.contains("is there already"), "{}", again.err);
    // the copy is nobody's API
    assert_eq!(
        spec::find(dir.path()).expect("it can be listed"),
        [Path::new(&original)]
    );
}

#[test]
fn a_copy_that_says_the_same_needs_no_overlay() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let original = put(dir.path(), "pets.yaml", PETS);
    let said = specmint(["overlay", "diff", &original, &original]);
    assert_eq!((said.code, said.out.as_str()), (DONE, ""));
    assert!(said.err.contains("no overlay is needed"), "{}", said.err);
}

#[test]
fn a_copy_without_a_document_or_without_a_meaning_is_refused() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let original = put(dir.path(), "pets.yaml", PETS);
    let copy = put(dir.path(), "cats.edited.yaml", PETS);
    let broken = put(dir.path(), "broken.yaml", "a: [");
    let list = put(dir.path(), "list.yaml", "[1]");
    let cases: [(&[&str], &str); 4] = [
        (&[&copy], "name both"),
        (&[&original], "name both"),
        (&[&original, &broken], "syntax-error"),
        (&[&original, &list], "are objects"),
    ];
    for (files, reason) in cases {
        let said = specmint([&["overlay", "diff"], files].concat());
        assert_eq!(said.code, REFUSED, "{files:?}");
        assert!(said.err.contains(reason), "{files:?}: {}", said.err);
    }
}

#[test]
fn keys_and_values_of_any_characters_are_found_again() {
    check(
        &json!({ "it's": { "\\": [{ "name": "a'b\n" }, { "name": "\u{1}\\" }] }, "x": ["'", "\"", "é"] }),
        &json!({ "it's": { "\\": [{ "name": "a'b\n", "y": 1 }] }, "x": ["\"", "é"] }),
    );
}
