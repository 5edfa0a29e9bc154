//! The data of Server-Sent Events that are JSON.
//!
//! OpenAPI 3.2 describes an event by its fields, of which `data` is a text; that the text is JSON, and of what kind,
//! stands in `contentMediaType` and `contentSchema`. A client reads it as what it is, so that schema takes the place.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::diag::Diagnostics;
use crate::pointer::Pointer;

/// Puts what the data of events hold in the place of the text that holds it.
pub(super) fn open_data(tree: &mut Value, diags: &mut Diagnostics) {
    let mut open = Vec::new();
    find(tree, &Pointer::root(), &mut open);
    let mut seen = HashSet::new();
    while let Some(at) = open.pop() {
        if !seen.insert(at.clone()) {
            continue;
        }
        let Some(Value::Object(schema)) = tree.pointer_mut(at.as_str()) else {
            continue;
        };
        if let Some(local) = schema.get("$ref").and_then(Value::as_str) {
            open.extend(local.strip_prefix('#').map(Pointer::parse));
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let branches = schema.get(key).and_then(Value::as_array);
            let count = branches.map_or(0, Vec::len);
            open.extend((0..count).map(|index| at.push(key).index(index)));
        }
        let data = schema
            .get_mut("properties")
            .and_then(|all| all.get_mut("data"));
        if let Some(Value::Object(data)) = data
            && let Some(content) = content_of(data)
        {
            let place = at.push("properties").push("data");
            let origins = diags.origins_mut();
            origins.moved(&place.push("contentSchema"), &place);
            *data = content;
        }
    }
}

/// The schemas of the events of all media types of events.
fn find(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let at = at.push(key);
                if key == "text/event-stream" && value.get("itemSchema").is_some() {
                    found.push(at.push("itemSchema"));
                } else {
                    find(value, &at, found);
                }
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                find(value, &at.index(index), found);
            }
        }
        _ => {}
    }
}

/// What the text of a schema holds, if that is JSON.
fn content_of(data: &mut Map<String, Value>) -> Option<Map<String, Value>> {
    let media_type = data.get("contentMediaType").and_then(Value::as_str);
    let is_json =
        media_type.is_none_or(|said| said == "application/json" || said.ends_with("+json"));
    if !is_json || !data.get("contentSchema").is_some_and(Value::is_object) {
        return None;
    }
    match data.shift_remove("contentSchema") {
        Some(Value::Object(content)) => Some(content),
        _ => None,
    }
}
