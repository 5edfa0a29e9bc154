//! The normal form as `openapiv3`'s types, piece by piece: what cannot be read costs nothing else.

use indexmap::IndexMap;
use openapiv3::{Components, OpenAPI, PathItem, ReferenceOr};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::grammar::METHODS;
use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// Reads the typed form of a mended tree.
pub(super) fn read(tree: &Value, diags: &mut Diagnostics) -> OpenAPI {
    let root = Pointer::root();
    let mut frame = Map::new();
    let Value::Object(document) = tree else {
        return OpenAPI::default();
    };
    for (key, value) in document
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "paths" | "components"))
    {
        frame.insert(key.clone(), value.clone());
    }
    frame.insert("paths".to_owned(), Value::Object(Map::new()));
    let mut openapi: OpenAPI = piece(&Value::Object(frame), &root, diags).unwrap_or_default();
    if let Some(Value::Object(paths)) = document.get("paths") {
        let at = root.push("paths");
        for (path, item) in paths {
            if path.starts_with("x-") {
                openapi.paths.extensions.insert(path.clone(), item.clone());
            } else if let Some(item) = path_item(item, &at.push(path), diags) {
                openapi
                    .paths
                    .paths
                    .insert(path.clone(), ReferenceOr::Item(item));
            }
        }
    }
    if let Some(Value::Object(components)) = document.get("components") {
        openapi.components = Some(read_components(components, &root.push("components"), diags));
    }
    openapi
}

fn piece<T: DeserializeOwned>(value: &Value, at: &Pointer, diags: &mut Diagnostics) -> Option<T> {
    T::deserialize(value)
        .map_err(|err| diags.report(Code::UnreadableNode, at, err.to_string()))
        .ok()
}

fn path_item(item: &Value, at: &Pointer, diags: &mut Diagnostics) -> Option<PathItem> {
    let Value::Object(map) = item else {
        return None;
    };
    let mut frame = Map::new();
    for (key, value) in map
        .iter()
        .filter(|(key, _)| !METHODS.contains(&key.as_str()))
    {
        frame.insert(key.clone(), value.clone());
    }
    let mut item: PathItem = piece(&Value::Object(frame), at, diags)?;
    for method in METHODS {
        let Some(operation) = map.get(*method) else {
            continue;
        };
        let operation = piece(operation, &at.push(method), diags);
        let slot = match *method {
            "get" => &mut item.get,
            "put" => &mut item.put,
            "post" => &mut item.post,
            "delete" => &mut item.delete,
            "options" => &mut item.options,
            "head" => &mut item.head,
            "patch" => &mut item.patch,
            _ => &mut item.trace,
        };
        *slot = operation;
    }
    Some(item)
}

fn read_components(map: &Map<String, Value>, at: &Pointer, diags: &mut Diagnostics) -> Components {
    let mut components = Components::default();
    for (kind, members) in map {
        let Value::Object(members) = members else {
            continue;
        };
        let at = at.push(kind);
        match kind.as_str() {
            "schemas" => components.schemas = all(members, &at, diags),
            "responses" => components.responses = all(members, &at, diags),
            "parameters" => components.parameters = all(members, &at, diags),
            "examples" => components.examples = all(members, &at, diags),
            "requestBodies" => components.request_bodies = all(members, &at, diags),
            "headers" => components.headers = all(members, &at, diags),
            "securitySchemes" => components.security_schemes = all(members, &at, diags),
            "links" => components.links = all(members, &at, diags),
            "callbacks" => components.callbacks = all(members, &at, diags),
            _ => {}
        }
    }
    let extensions = map.iter().filter(|(key, _)| key.starts_with("x-"));
    components.extensions = extensions
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    components
}

fn all<T: DeserializeOwned>(
    members: &Map<String, Value>,
    at: &Pointer,
    diags: &mut Diagnostics,
) -> IndexMap<String, T> {
    let read = |(name, value): (&String, &Value)| {
        Some((name.clone(), piece(value, &at.push(name), diags)?))
    };
    members.iter().filter_map(read).collect()
}
