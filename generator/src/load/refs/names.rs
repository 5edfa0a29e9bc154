//! Names for what is hoisted: short where nothing else wants them, and never by the order of the document.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::files::Target;
use super::{Kind, Refs, reference};
use crate::load::trail::Trail;
use crate::pointer::Pointer;

/// Words of a pointer that say where something stands and nothing about what it is.
const STRUCTURE: &[&str] = &[
    "paths",
    "components",
    "schemas",
    "definitions",
    "$defs",
    "properties",
    "content",
    "schema",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "examples",
    "securitySchemes",
    "links",
    "requestBody",
];

/// The kinds that have components.
pub(super) const KINDS: &[Kind] = &[
    Kind::Schema,
    Kind::Response,
    Kind::Parameter,
    Kind::Example,
    Kind::RequestBody,
    Kind::Header,
    Kind::SecurityScheme,
    Kind::Link,
];

/// How many ways there are to call a target, from short to long.
const WAYS: usize = 3;

/// Gives each hoist its name: that of a component which is nothing but a reference to it, else the shortest
/// that nothing else wants, else a numbered one.
pub(super) fn give(cx: &mut Refs<'_>, document: &Value) {
    if cx.hoists.is_empty() {
        return;
    }
    let mut taken = HashSet::new();
    for kind in KINDS.iter().copied() {
        let Some(holder) = cx.dialect.container(kind) else {
            continue;
        };
        let Some(Value::Object(components)) = document.pointer(holder) else {
            continue;
        };
        for (name, value) in components {
            taken.insert((kind, name.clone()));
            give_alias(cx, kind, &Pointer::parse(holder).push(name), name, value);
        }
    }
    for way in 0..WAYS {
        give_wishes(cx, way, &mut taken);
    }
    give_numbers(cx, &mut taken);
}

/// A component that is nothing but a reference to something elsewhere gives it its name.
fn give_alias(cx: &mut Refs<'_>, kind: Kind, at: &Pointer, name: &str, value: &Value) {
    let Some(text) = reference(value).map(str::to_owned) else {
        return;
    };
    let Ok(target) = cx.lookup(0, &text, Trail::At(at)) else {
        return;
    };
    if let Some(given) = cx.hoists.get_mut(&(target, kind))
        && given.is_empty()
    {
        name.clone_into(given);
    }
}

/// Gives the names that only one hoist wants.
fn give_wishes(cx: &mut Refs<'_>, way: usize, taken: &mut HashSet<(Kind, String)>) {
    let nameless = |name: &String| name.is_empty();
    let wishes: Vec<_> = cx
        .hoists
        .iter()
        .filter(|(_, name)| nameless(name))
        .map(|((target, kind), _)| (*kind, wish(cx, target, way)))
        .collect();
    let mut wanted: HashMap<&(Kind, String), usize> = HashMap::new();
    wishes
        .iter()
        .for_each(|wish| *wanted.entry(wish).or_default() += 1);
    let granted: Vec<_> = wishes
        .iter()
        .map(|wish| wanted[wish] == 1 && !taken.contains(wish))
        .collect();
    let nameless = cx.hoists.values_mut().filter(|name| nameless(name));
    for ((name, wish), granted) in nameless.zip(wishes).zip(granted) {
        if granted {
            name.clone_from(&wish.1);
            taken.insert(wish);
        }
    }
}

/// Numbers what is left, in the order of files and places.
fn give_numbers(cx: &mut Refs<'_>, taken: &mut HashSet<(Kind, String)>) {
    let mut left: Vec<_> = cx
        .hoists
        .iter()
        .filter(|(_, name)| name.is_empty())
        .map(|(key, _)| key.clone())
        .collect();
    left.sort_by_key(|(target, kind)| {
        (
            cx.files.get(target.file).shown.clone(),
            target.at.clone(),
            *kind,
        )
    });
    for (target, kind) in left {
        let base = wish(cx, &target, WAYS - 1);
        let free = (2..).map(|number| format!("{base}_{number}"));
        let name = free
            .filter(|name| !taken.contains(&(kind, name.clone())))
            .find(|name| !name.is_empty())
            .expect("there are more numbers than names");
        taken.insert((kind, name.clone()));
        cx.hoists.insert((target, kind), name);
    }
}

/// What a target could be called: by its pointer; by its file and its pointer; by its path and its pointer.
fn wish(cx: &Refs<'_>, target: &Target, way: usize) -> String {
    let shown = cx.files.get(target.file).shown.with_extension("");
    let mut parts: Vec<String> = shown
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.retain(|part| part != "." && part != "..");
    let words: Vec<String> = target
        .at
        .tokens()
        .filter(|token| !STRUCTURE.contains(&token.as_str()))
        .filter(|token| token.starts_with('/') || !token.contains('/'))
        .collect();
    let from_file = match way {
        0 if !words.is_empty() => 0,
        0 => 1,
        1 if !words.is_empty() => 1,
        1 => 2,
        _ => parts.len(),
    };
    let parts = parts.split_off(parts.len().saturating_sub(from_file));
    legal(&parts.into_iter().chain(words).collect::<Vec<_>>().join("_"))
}

/// A text as a legal name of a component.
fn legal(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '.' | '-') {
            name.push(c);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    match name.trim_matches('_') {
        "" => "hoisted".to_owned(),
        name => name.to_owned(),
    }
}
