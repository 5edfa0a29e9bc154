//! What stands beside a change stays as it was: names, files, and lines of lists.
//!
//! Small documents are made of names that are much alike, changed in one place, and generated again with the lock of the
//! state before. The documents are made from numbers, which are fixed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use specmint::load::Source;
use specmint::spec::Spec;
use xtask::moved::{Cause, Place, State, moved};

use crate::case::Case;
use crate::cases;

/// Names that want to be one, keywords, and names of our own things.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "foo_bar", "fooBar", "FooBar", "foo-bar", "FOO_BAR", "foo bar", "Foo_Bar", "foo.bar", "@fooBar", "_foo_bar",
    "id", "ID", "@id", "_id", "type", "Type", "self", "Self", "extra", "Extra", "body", "server", "new", "with_new",
    "2fa", "_2fa", "unknown", "Unknown", "models", "Client", "Error", "timeout", "", "+1", "-1", "é", "e",
    "FooBarError", "fooBarHeaders", "GetFooBar200Response", "con", "default",
];

/// Numbers that follow from a first one (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end as u64)).expect("it is below a size")
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.below(NAMES.len())]
    }
}

/// Something with a name; the number is what it is known by here, and stands in its description.
#[derive(Clone, Debug)]
struct Thing {
    number: usize,
    name: &'static str,
    /// Members, values, or parameters.
    inner: Vec<Thing>,
}

/// A list of things of which each has another name.
type Things = Vec<Thing>;

/// What a document has.
#[derive(Clone, Debug)]
struct Document {
    /// Objects, each with its members.
    objects: Things,
    /// Enums, each with its values.
    enums: Things,
    /// Operations, each with its parameters.
    operations: Things,
    tags: Things,
    scopes: Things,
    /// The first number that nothing has.
    next: usize,
}

impl Document {
    fn new(numbers: &mut Numbers) -> Self {
        let mut document = Self {
            objects: Vec::new(),
            enums: Vec::new(),
            operations: Vec::new(),
            tags: Vec::new(),
            scopes: Vec::new(),
            next: 0,
        };
        for _ in 0..12 + numbers.below(12) {
            document.insert(numbers);
        }
        document
    }

    /// One of the lists, with lists of what is in its things.
    fn list(&mut self, numbers: &mut Numbers) -> &mut Things {
        match numbers.below(5) {
            0 => &mut self.objects,
            1 => &mut self.enums,
            2 => &mut self.operations,
            3 => &mut self.tags,
            _ => &mut self.scopes,
        }
    }

    /// One of the lists, or one within a thing of it.
    fn any_list(&mut self, numbers: &mut Numbers) -> &mut Things {
        let is_inner = numbers.below(3) > 0;
        let kind = if is_inner { numbers.below(3) } else { 3 };
        let outer = match kind {
            0 => &mut self.objects,
            1 => &mut self.enums,
            2 => &mut self.operations,
            _ => return self.list(numbers),
        };
        match outer.len() {
            0 => outer,
            len => &mut outer[numbers.below(len)].inner,
        }
    }

    /// Puts a thing anywhere in a list, unless the list has its name.
    fn insert(&mut self, numbers: &mut Numbers) {
        let name = numbers.name();
        let number = self.next;
        self.next += 1;
        let list = self.any_list(numbers);
        if list.iter().all(|thing| thing.name != name) {
            let at = numbers.below(list.len() + 1);
            let inner = Vec::new();
            list.insert(
                at,
                Thing {
                    number,
                    name,
                    inner,
                },
            );
        }
    }

    fn remove(&mut self, numbers: &mut Numbers) {
        let list = self.any_list(numbers);
        if !list.is_empty() {
            let at = numbers.below(list.len());
            list.remove(at);
        }
    }

    /// A thing with another name is another thing.
    fn rename(&mut self, numbers: &mut Numbers) {
        let name = numbers.name();
        let number = self.next;
        self.next += 1;
        let list = self.any_list(numbers);
        if !list.is_empty() && list.iter().all(|thing| thing.name != name) {
            let at = numbers.below(list.len());
            list[at] = Thing {
                number,
                name,
                inner: list[at].inner.clone(),
            };
        }
    }

    /// The document; each thing says its number.
    fn json(&self) -> Value {
        let schemas = self.objects.iter().map(|object| {
            let members = object.inner.iter().map(|member| {
                let mut schema = json!({ "type": "string", "description": said(member.number) });
                if let Some(held) =
                    older(&self.enums, member.number).filter(|_| member.number % 2 == 0)
                {
                    schema = json!({ "$ref": format!("#/components/schemas/{}", held.name) });
                }
                (member.name.to_owned(), schema)
            });
            let members: Map<String, Value> = members.collect();
            let description = said(object.number);
            let schema =
                json!({ "type": "object", "description": description, "properties": members });
            (format!("{}Object", object.name), schema)
        });
        let enums = self.enums.iter().map(|one| {
            let values: Vec<&str> = one.inner.iter().map(|value| value.name).collect();
            let description = said(one.number);
            let mut schema = json!({ "type": "string", "description": description });
            if !values.is_empty() {
                schema["enum"] = json!(values);
            }
            (one.name.to_owned(), schema)
        });
        let schemas: Map<String, Value> = schemas.chain(enums).collect();
        let paths = self.operations.iter().map(|operation| {
            let params = operation.inner.iter().filter(|param| !param.name.is_empty());
            let params = params.map(|param| {
                let description = said(param.number);
                let schema = json!({ "type": "string" });
                json!({ "name": param.name, "in": "query", "description": description, "schema": schema })
            });
            let tag = older(&self.tags, operation.number);
            let tags: Vec<&str> = tag.map(|tag| tag.name).into_iter().collect();
            let answer = match older(&self.objects, operation.number) {
                Some(object) => json!({ "$ref": format!("#/components/schemas/{}Object", object.name) }),
                None => json!({ "type": "object", "properties": { "a": { "type": "string" } } }),
            };
            let get = json!({
                "operationId": operation.name,
                "summary": said(operation.number),
                "tags": tags,
                "parameters": params.collect::<Vec<_>>(),
                "responses": { "200": { "description": "It", "content": { "application/json": { "schema": answer } } } },
            });
            (format!("/path{}", operation.number), json!({ "get": get }))
        });
        let fixed = json!({ "delete": {
            "operationId": "fixed",
            "security": [{ "login": [] }],
            "responses": { "204": { "description": "Gone" } },
        } });
        let paths: Map<String, Value> = paths.chain([("/fixed".to_owned(), fixed)]).collect();
        let scopes = self.scopes.iter().filter(|scope| !scope.name.is_empty());
        let scopes = scopes.map(|scope| (scope.name.to_owned(), Value::from(said(scope.number))));
        let scopes: Map<String, Value> = scopes.collect();
        let flow = json!({ "tokenUrl": "https://auth.example.com/token", "scopes": scopes });
        let scheme = json!({ "type": "oauth2", "flows": { "clientCredentials": flow } });
        let tags = self
            .tags
            .iter()
            .map(|tag| json!({ "name": tag.name, "description": said(tag.number) }));
        json!({
            "openapi": "3.0.3",
            "info": { "title": "Pets", "version": "1" },
            "servers": [{ "url": "https://pets.example.com" }],
            "tags": tags.collect::<Vec<_>>(),
            "paths": paths,
            "components": { "schemas": schemas, "securitySchemes": { "login": scheme } },
        })
    }

    fn spec(&self) -> Spec {
        spec(&self.json())
    }
}

fn spec(document: &Value) -> Spec {
    let text = serde_json::to_string_pretty(document).expect("JSON can be written");
    Spec::new(Source::new("api.json", text))
}

/// The youngest of the things that are older than a number: what comes later refers to it, and nothing else changes.
fn older(list: &[Thing], number: usize) -> Option<&Thing> {
    let older = list
        .iter()
        .filter(|thing| thing.number < number && !thing.name.is_empty());
    older.max_by_key(|thing| thing.number)
}

fn said(number: usize) -> String {
    format!("Thing number {number}.")
}

/// What each thing is called in Rust, by its number; values by their enum's.
fn names(document: &Document, state: &State) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (path, text) in &state.files {
        if let Some(stem) = path.strip_prefix("src/api/models/") {
            for thing in document.objects.iter().chain(&document.enums) {
                let is_own =
                    |line: &str| line.starts_with("/// ") && line.contains(&said(thing.number));
                if text.lines().any(is_own) {
                    names.insert(format!("schema {}", thing.number), stem.to_owned());
                    values(thing, text, &mut names);
                }
            }
        }
        if !path.starts_with("docs/api/") {
            continue;
        }
        for line in text.lines().filter(|line| line.starts_with('|')) {
            if let (Some(number), Some(name)) = (number(line), line.split('`').nth(1)) {
                names.insert(format!("{} {number}", kind(path)), name.to_owned());
            }
        }
        let head = text.split("\n## ").next().unwrap_or_default();
        let head = head.lines().filter(|line| !line.starts_with('|'));
        for number in head
            .filter_map(number)
            .filter(|_| kind(path) == "of operation")
        {
            names.insert(format!("page {number}"), path.clone());
        }
    }
    names
}

/// The number that a line says.
fn number(line: &str) -> Option<&str> {
    line.split("Thing number ").nth(1)?.split('.').next()
}

fn kind(path: &str) -> &'static str {
    match path {
        path if path.contains("/models/") => "member",
        path if path.contains("/operations/") => "of operation",
        _ => "listed",
    }
}

/// The variants of an enum: `FooBar = "foo_bar",`.
fn values(thing: &Thing, text: &str, names: &mut BTreeMap<String, String>) {
    for line in text.lines() {
        let line = line.trim().trim_end_matches(',');
        if let Some((name, value)) = line.split_once(" = \"") {
            names.insert(format!("value {} \"{value}", thing.number), name.to_owned());
        }
    }
}

/// What is wrong with the second of two states.
fn faults(before: (&Document, &State), after: (&Document, &State)) -> Vec<String> {
    let (old, new) = (names(before.0, before.1), names(after.0, after.1));
    let renamed = old.iter().filter_map(|(thing, name)| {
        let now = new.get(thing).filter(|now| *now != name)?;
        Some(format!("{thing} was {name} and is {now}"))
    });
    let moved = moved(before.1, after.1).into_iter();
    let moved = moved.filter(|moved| moved.cause == Cause::Nothing);
    let moved = moved.map(|moved| format!("{}:\n  {}", moved.at, moved.lines.join("\n  ")));
    renamed.chain(moved).collect()
}

#[test]
fn what_is_put_beside_it_taken_away_or_renamed_changes_no_other_name_and_no_other_file() {
    for seed in 1..=24 {
        let mut numbers = Numbers(u64::wrapping_mul(seed, 0x9E37_79B9_7F4A_7C15));
        let mut document = Document::new(&mut numbers);
        let mut state = State::first(document.spec()).expect("it is a document");
        for _ in 0..3 {
            let mut next = document.clone();
            match numbers.below(4) {
                0 => next.remove(&mut numbers),
                1 => next.rename(&mut numbers),
                _ => next.insert(&mut numbers),
            }
            let after = state.next(next.spec()).expect("it is a document");
            let faults = faults((&document, &state), (&next, &after));
            assert!(
                faults.is_empty(),
                "with the numbers of {seed}:\n{}\nfrom {:#}\nto {:#}\n{}",
                faults.join("\n"),
                document.json(),
                next.json(),
                state.files[specmint::lock::PATH],
            );
            (document, state) = (next, after);
        }
    }
}

#[test]
fn the_order_of_schemas_and_paths_names_nothing() {
    for seed in 1..=8 {
        let mut numbers = Numbers(u64::wrapping_mul(seed, 0x2545_F491_4F6C_DD1D));
        let document = Document::new(&mut numbers);
        let mut other = document.clone();
        for list in [&mut other.objects, &mut other.enums, &mut other.operations] {
            list.reverse();
        }
        let state = State::first(document.spec()).expect("it is a document");
        for after in [state.next(other.spec()), State::first(other.spec())] {
            let after = after.expect("it is a document");
            assert_eq!(names(&document, &state), names(&other, &after), "{seed}");
            for moved in moved(&state, &after) {
                let is_list = moved.place == Place::List;
                assert!(is_list, "{seed}: {}:\n{}", moved.at, moved.lines.join("\n"));
            }
        }
    }
}

#[test]
fn a_schema_that_is_called_almost_as_another_moves_nothing_in_any_case() {
    let mut compared = 0;
    for (index, name) in cases::NAMES.iter().enumerate() {
        let spec = Case::open("cases", name).spec("api");
        let Ok(mut document) = serde_yaml::from_str::<Value>(&spec.source.text) else {
            continue;
        };
        let at = match document.get("swagger") {
            Some(_) => "/definitions",
            None => "/components/schemas",
        };
        let text = |document: &Value| {
            let mut spec = spec.clone();
            spec.source.text = document.to_string();
            spec
        };
        let state = State::first(text(&document)).expect("a case is a document");
        let Some(schemas) = document.pointer_mut(at).and_then(Value::as_object_mut) else {
            continue;
        };
        let Some(known) = schemas.keys().nth(index % schemas.len().max(1)).cloned() else {
            continue;
        };
        let alike = match index % 4 {
            0 => known.to_lowercase(),
            1 => known.to_uppercase(),
            2 => format!("{known}_"),
            _ => format!("_{known}"),
        };
        let new = json!({ "type": "object", "properties": { "new": { "type": "string" } } });
        if schemas.insert(alike.clone(), new).is_some() {
            continue;
        }
        compared += 1;
        let after = state.next(text(&document)).expect("it is still a document");
        let moved = moved(&state, &after).into_iter();
        let moved = moved.filter(|moved| moved.cause == Cause::Nothing);
        let moved = moved.map(|moved| format!("{}:\n  {}", moved.at, moved.lines.join("\n  ")));
        let moved: Vec<String> = moved.collect();
        assert!(
            moved.is_empty(),
            "{name} with `{alike}`:\n{}",
            moved.join("\n")
        );
    }
    assert!(compared > 60, "only {compared} cases have schemas");
}
