//! The lock: names once given stay, whatever is added, removed or renamed beside them.

use std::collections::BTreeMap;
use std::fs;

use specmint::load::Source;
use specmint::lock::{Lock, PATH};
use specmint::options::Options;
use specmint::spec::Spec;

use crate::{case, cases};

/// What was generated from one state of a document: the files by path.
struct State(BTreeMap<String, String>);

impl State {
    /// Generates the client of a document that was never generated before.
    fn first(document: &str) -> Self {
        Self::made(document, Lock::default())
    }

    /// Generates the client of the next state of the document, with the lock of this one.
    fn next(&self, document: &str) -> Self {
        Self::made(document, self.lock())
    }

    fn made(document: &str, lock: Lock) -> Self {
        Self::of(&[Spec::new(Source::new("api.yaml", document))], lock)
    }

    fn of(specs: &[Spec], lock: Lock) -> Self {
        let options = Options {
            lock,
            ..case::options("case", "../runtime")
        };
        let output =
            specmint::generate(specs, &options).unwrap_or_else(|refusal| panic!("{refusal}"));
        let files = output.files.into_iter();
        Self(files.map(|file| (file.path, file.text)).collect())
    }

    fn lock(&self) -> Lock {
        Lock::parse(&self.0[PATH]).unwrap_or_else(|why| panic!("{why}:\n{}", self.0[PATH]))
    }

    /// What was made of the node at `pointer`: the stem of its file.
    fn named(&self, pointer: &str) -> &str {
        let from = format!("`#{pointer}`");
        let mut found = self.0.iter().filter(|(path, text)| {
            let own =
                path.starts_with("src/api/models/") || path.starts_with("src/api/operations/");
            own && text.contains(&from)
        });
        let (path, _) = found
            .next()
            .unwrap_or_else(|| panic!("nothing comes from {pointer}"));
        let (_, name) = path.rsplit_once('/').expect("it is in a folder");
        name.trim_end_matches(".rs")
    }

    /// The files that are not as they were, the lock apart.
    fn changed<'a>(&'a self, before: &'a Self) -> Vec<&'a str> {
        let paths = self.0.keys().chain(before.0.keys());
        let mut changed: Vec<&str> = paths
            .filter(|path| self.0.get(*path) != before.0.get(*path) && *path != PATH)
            .map(String::as_str)
            .collect();
        changed.sort_unstable();
        changed.dedup();
        changed
    }
}

/// A document with these components and paths, each as lines of YAML.
fn document(schemas: &[&str], paths: &[&str]) -> String {
    let mut text =
        "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\nservers: [{ url: https://pets.example.com }]\n"
            .to_owned();
    for (key, lines) in [("components:\n  schemas:", schemas), ("paths:", paths)] {
        text.push_str(key);
        text.push_str(if lines.is_empty() { " {}\n" } else { "\n" });
        for line in lines {
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
}

/// An operation that answers with an object of these members, written as in `name: { type: string }`.
fn get(path: &str, id: &str, members: &str) -> String {
    format!(
        "{path}: {{ get: {{ operationId: {id}, responses: {{ '200': {{ description: It, content: {{ \
         application/json: {{ schema: {{ type: object, properties: {{ {members} }} }} }} }} }} }} }} }}"
    )
}

const ANSWER: &str = "get/responses/200/content/application~1json/schema";

#[test]
fn a_schema_that_comes_later_takes_no_name() {
    let old = "pet_store: { type: object, properties: { a: { type: string } } }";
    let new = "PetStore: { type: object, properties: { b: { type: string } } }";
    let before = State::first(&document(&[old], &[]));
    assert_eq!(before.named("/components/schemas/pet_store"), "pet_store");

    let after = before.next(&document(&[old, new], &[]));
    assert_eq!(after.named("/components/schemas/pet_store"), "pet_store");
    assert_eq!(
        after.named("/components/schemas/PetStore"),
        "pet_store_pet_store"
    );
    // without the lock the one that is written like the type wins
    let anew = State::first(&document(&[old, new], &[]));
    assert_eq!(anew.named("/components/schemas/PetStore"), "pet_store");
}

#[test]
fn a_name_that_differs_stays_when_what_it_differed_from_goes() {
    let one = "PetStore: { type: object, properties: { b: { type: string } } }";
    let other = "pet-store: { type: object, properties: { a: { type: string } } }";
    let before = State::first(&document(&[one, other], &[]));
    let name = before.named("/components/schemas/pet-store").to_owned();
    assert_ne!(name, "pet_store");

    let after = before.next(&document(&[other], &[]));
    assert_eq!(after.named("/components/schemas/pet-store"), name);
    let later = after.next(&document(&[other, one], &[]));
    assert_eq!(later.named("/components/schemas/PetStore"), "pet_store");
}

#[test]
fn a_component_takes_no_name_of_an_inline_schema() {
    let path = get("/pet", "getPet", "a: { type: string }");
    let new = "GetPet200Response: { type: object, properties: { b: { type: string } } }";
    let before = State::first(&document(&[], &[&path]));
    let inline = format!("/paths/~1pet/{ANSWER}");
    assert_eq!(before.named(&inline), "get_pet_200_response");
    let after = before.next(&document(&[new], &[&path]));
    assert_eq!(after.named(&inline), "get_pet_200_response");
    let model = |path: &&str| path.starts_with("src/api/models/");
    let changed: Vec<&str> = after.changed(&before).into_iter().filter(model).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
}

#[test]
fn operations_keep_their_names() {
    let old = get("/pet", "getPet", "a: { type: string }");
    let before = State::first(&document(&[], &[&old]));
    for new in [
        get("/other", "getPet", "b: { type: string }"),
        get("/other", "get_pet", "b: { type: string }"),
        get("/other", "getPetError", "b: { type: string }"),
        get("/other", "getPetOutput", "b: { type: string }"),
        get("/other", "GetPetHeaders", "b: { type: string }"),
    ] {
        let after = before.next(&document(&[], &[&old, &new]));
        assert_eq!(after.named("/paths/~1pet/get"), "get_pet", "{new}");
        let file = "src/api/operations/get_pet.rs";
        assert_eq!(after.0[file], before.0[file], "{new}");
        let again = after.next(&document(&[], &[&old, &new]));
        assert_eq!(after.changed(&again), [""; 0], "{new}");
    }
}

#[test]
fn a_schema_of_many_places_keeps_its_name_when_the_first_of_them_goes_or_changes() {
    let [a, b, c] = ["a", "b", "c"].map(|id| get(&format!("/{id}"), id, "code: { type: integer }"));
    let changed = get("/a", "a", "code: { type: integer }, more: { type: string }");
    let before = State::first(&document(&[], &[&a, &b, &c]));
    assert_eq!(
        before.named(&format!("/paths/~1a/{ANSWER}")),
        "a_200_response"
    );

    for next in [
        document(&[], &[&b, &c]),
        document(&[], &[&b]),
        document(&[], &[&changed, &b]),
    ] {
        let after = before.next(&next);
        assert_eq!(
            after.named(&format!("/paths/~1b/{ANSWER}")),
            "a_200_response"
        );
        let file = "src/api/operations/b.rs";
        assert_eq!(after.0[file], before.0[file]);
    }
    let first = get("/0", "0", "code: { type: integer }");
    let after = before.next(&document(&[], &[&first, &a, &b]));
    let file = "src/api/operations/b.rs";
    assert_eq!(after.0[file], before.0[file]);
}

#[test]
fn parameters_are_known_by_their_names_and_not_by_their_numbers() {
    let path = |names: &[&str]| {
        let params = names.iter().map(|name| {
            format!("{{ name: {name}, in: query, schema: {{ type: string, enum: [{name}1, {name}2] }} }}")
        });
        let params = params.collect::<Vec<_>>().join(", ");
        format!(
            "/pets: {{ get: {{ operationId: list, parameters: [{params}], responses: {{ '204': {{ description: None }} }} }} }}"
        )
    };
    let before = State::first(&document(&[], &[&path(&["sort", "kind"])]));
    let after = before.next(&document(&[], &[&path(&["first", "kind", "sort"])]));
    for file in ["list_sort", "list_kind"] {
        let file = format!("src/api/models/{file}.rs");
        let rest = |state: &State| state.0[&file].replace(|c: char| c.is_ascii_digit(), "");
        assert_eq!(rest(&after), rest(&before));
    }
}

#[test]
fn members_values_and_parameters_keep_their_names_beside_what_comes_later() {
    let state = |members: &str, values: &str, params: &[&str]| {
        let pet = format!("Pet: {{ type: object, properties: {{ {members} }} }}");
        let kind = format!("Kind: {{ type: string, enum: [{values}] }}");
        let params = params
            .iter()
            .map(|name| format!("{{ name: {name}, in: query, schema: {{ type: string }} }}"));
        let params = params.collect::<Vec<_>>().join(", ");
        let get = format!(
            "/pets: {{ get: {{ operationId: list, parameters: [{params}], responses: {{ '200': {{ description: It, content: \
             {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Pet' }} }} }} }} }} }} }}"
        );
        document(&[&pet, &kind], &[&get])
    };
    let before = State::first(&state("fooBar: {}", "ACTIVE, on hold", &["fooBar", "body"]));
    let members = "foo_bar: {}, FooBar: {}, fooBar: {}, extra: {}";
    let values = "Active, active, ACTIVE, onHold, on hold";
    let params = ["foo_bar", "FooBar", "fooBar", "body", "Body"];
    let after = before.next(&state(members, values, &params));
    for state in [
        &before,
        &after,
        &after.next(&state(members, values, &params)),
    ] {
        let has = |file: &str, text: &str| {
            let is_seen = |c: &char| !c.is_whitespace();
            let code: String = state.0[file].chars().filter(is_seen).collect();
            assert!(code.contains(text), "{text} in:\n{}", state.0[file]);
        };
        has("src/api/models/pet.rs", "\"fooBar\"=>foo_bar:optional");
        has("src/api/models/pet.rs", "}extraextra}");
        has("src/api/models/kind.rs", "Active=\"ACTIVE\",");
        has("src/api/models/kind.rs", "OnHold=\"onhold\",");
        for (name, wire) in [("foo_bar", "fooBar"), ("body", "body")] {
            let set =
                format!("query(\"{wire}\",Style::Form,Explode::Yes,&Into::<String>::into({name})");
            has("src/api/operations/list.rs", &set);
        }
    }
}

#[test]
fn of_what_lies_in_a_type_the_lock_lists_what_is_not_spelt_as_most() {
    let members = "petName: {}, petKind: {}, petAge: {}, name: {}, '@id': {}, pet_size: {}";
    let pet = format!("Pet: {{ type: object, properties: {{ {members} }} }}");
    let state = State::first(&document(&[&pet], &[]));
    let lock = &state.0[PATH];
    let (_, fields) = lock
        .split_once("[apis.api.fields]\n")
        .expect("some are listed");
    assert_eq!(
        fields,
        "\"Pet @id\" = \"id\"\n\"Pet pet_size\" = \"pet_size\"\n\n[apis.api.spellings]\nfields = \"camelCase\"\n"
    );
}

#[test]
fn renaming_one_schema_renames_no_other() {
    let schema = |name: &str, member: &str| {
        format!("{name}: {{ type: object, properties: {{ {member}: {{ type: string }} }} }}")
    };
    let names = ["Pet", "pet", "PET", "p-et"];
    let lines: Vec<String> = names.iter().map(|name| schema(name, "m")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let before = State::first(&document(&lines, &[]));
    for (index, renamed) in names.iter().enumerate() {
        for new in ["Dog", "P_et", "p_e_t", "aPet"] {
            let other = schema(new, "m");
            let mut lines = lines.clone();
            lines[index] = &other;
            let after = before.next(&document(&lines, &[]));
            for name in names.iter().filter(|name| *name != renamed) {
                let at = format!("/components/schemas/{name}");
                assert_eq!(
                    after.named(&at),
                    before.named(&at),
                    "{renamed} is now {new}"
                );
            }
        }
    }
}

#[test]
fn schemas_of_other_files_keep_their_names() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let put = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("files can be written");
    };
    let other = |member: &str| {
        format!("Pet: {{ type: object, properties: {{ {member}: {{ type: string }} }} }}\n")
    };
    put("one.yaml", &other("a"));
    put("two.yaml", &other("b"));
    let answer = |path: &str, id: &str, file: &str| {
        format!(
            "{path}: {{ get: {{ operationId: {id}, responses: {{ '200': {{ description: It, content: {{ \
             application/json: {{ schema: {{ $ref: '{file}#/Pet' }} }} }} }} }} }} }}"
        )
    };
    let read = |text: &str| {
        put("api.yaml", text);
        Spec::read(&folder.path().join("api.yaml")).expect("the document can be read")
    };
    let one = answer("/one", "one", "one.yaml");
    let two = answer("/two", "two", "two.yaml");
    let before = State::of(&[read(&document(&[], &[&one]))], Lock::default());
    assert!(before.0.contains_key("src/api/models/pet.rs"));
    assert!(
        before.0[PATH].contains("\"one.yaml#/Pet\" = \"Pet\""),
        "{}",
        before.0[PATH]
    );

    let after = State::of(&[read(&document(&[], &[&two, &one]))], before.lock());
    let file = "src/api/operations/one.rs";
    assert_eq!(after.0[file], before.0[file]);
    assert!(after.0["src/api/models/pet.rs"].contains("\"a\" =>"));
}

#[test]
fn a_second_run_with_the_lock_of_the_first_changes_nothing() {
    let spec = |name: &&str| case::Case::open("cases", name).spec(name);
    let specs: Vec<Spec> = cases::NAMES.iter().map(spec).collect();
    let first = State::of(&specs, Lock::default());
    let second = State::of(&specs, first.lock());
    assert_eq!(first.changed(&second), [""; 0]);
    assert_eq!(first.0[PATH], second.0[PATH]);
}

#[test]
fn an_operation_that_is_added_adds_a_line_and_changes_those_of_its_api_that_tell_its_inputs() {
    let old = get("/a", "a", "a: { type: string }");
    let new = "/b: { delete: { operationId: b, responses: { '204': { description: Gone } } } }";
    let before = State::first(&document(&[], &[&old]));
    let after = before.next(&document(&[], &[&old, new]));
    let lines =
        |state: &State| -> Vec<String> { state.0[PATH].lines().map(str::to_owned).collect() };
    let (before, after) = (lines(&before), lines(&after));
    let new: Vec<&str> = after
        .iter()
        .filter(|line| !before.contains(line))
        .map(|line| line.split('=').next().unwrap_or_default().trim())
        .collect();
    assert_eq!(
        new,
        ["output", "document", "output", "\"/paths/~1b/delete\""]
    );
    assert_eq!(after.len(), before.len() + 1);
}

#[test]
fn whatever_is_in_a_lock_it_is_read_or_refused_and_names_stay_legal() {
    let one = get("/pet", "getPet", "a: { type: string }");
    let text = document(&["pet-store: { type: object }"], &[&one]);
    let state = State::first(&text);
    let lock = &state.0[PATH];
    for (from, to) in [
        ("\"GetPet\"", "\"pub fn\""),
        ("\"GetPet\"", "\"\""),
        ("\"GetPet\"", "\"self\""),
        ("\"GetPet\"", "[\"Self\", \"mod\", \"r#crate\"]"),
        ("\"GetPet\"", "[\"GetPet\"]"),
        ("\"GetPet\"", "[\"GetPet\", \"../x\", \"x\"]"),
        ("\"GetPet\"", "[]"),
        ("\"GetPet\"", "7"),
        ("\"GetPet\"", "{ name = \"A\", like = \"z\" }"),
        ("\"PetStore\"", "\"GetPet200Response\""),
        ("version = 1", "version = 2"),
        ("version = 1", ""),
        ("version = 1", "version = 1\nversion = 1"),
        ("[apis", "[[apis"),
        ("output", "<<<<<<< HEAD\noutput"),
        (
            "\"/paths/~1pet/get\"",
            "\"/paths/~1pet/get Error\" = \"fn\"\n\"/paths/~1pet/get\"",
        ),
    ] {
        let edited = lock.replacen(from, to, 1);
        assert_ne!(edited, *lock, "{from} is in the lock");
        match Lock::parse(&edited) {
            Err(why) => assert!(!why.to_string().is_empty()),
            Ok(lock) => {
                let after = State::made(&text, lock);
                assert_eq!(after.0.len(), state.0.len(), "{from} is {to}");
            }
        }
    }
    for cut in (0..lock.len()).step_by(7) {
        let _ = Lock::parse(lock.get(..cut).unwrap_or_default());
    }
}

#[test]
fn a_lock_that_cannot_be_read_says_the_line_and_what_to_do() {
    let state = State::first(&document(
        &[],
        &[&get("/pet", "getPet", "a: { type: string }")],
    ));
    let lock = &state.0[PATH];
    for (from, to, line, says) in [
        (
            "version = 1",
            "=======\nversion = 1",
            Some(4),
            "take either side",
        ),
        (
            "generator = ",
            "generator ",
            Some(5),
            "restore the file from version control",
        ),
        ("version = 1", "version = 9", None, "version 9"),
        (
            "\"GetPet\"",
            "[\"a b\", \"c\", \"d\"]",
            None,
            "at `/paths/~1pet/get`",
        ),
    ] {
        let why = Lock::parse(&lock.replacen(from, to, 1)).expect_err("the lock is broken");
        assert_eq!(why.line, line, "{why}");
        assert!(why.message.contains(says), "{why}");
    }
}
