//! The values that a document shows, each with the Rust type that stands for its place.
//!
//! In: the normal form of a document, and the type of each place. Out: a [`Sample`] for each `example` and
//! `default` of a schema, and for each of the `example` and `examples` of parameters, headers and media types
//! that hold JSON or a form. Values in places without a type of their own (a branch of `allOf`, an alternative
//! that shares members with its siblings) are no samples.
//!
//! Whether a value is valid for its schemas is not looked at here: documents are full of those that are not.

use serde_json::Value;

use crate::model::Holder;
use crate::plan::Place;
use crate::pointer::Pointer;
use crate::render;

/// The values that one document shows.
#[derive(Clone, Debug)]
pub struct Samples {
    /// The module of the API, which types are relative to.
    pub module: String,
    /// The document in its normal form: OpenAPI 3.0, all references into its own components.
    pub document: Value,
    /// The values, in the order of the places' pointers.
    pub list: Vec<Sample>,
}

/// A value that a document shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Where it stands in the normal form.
    pub at: Pointer,
    /// The Rust type of its place, seen from the module of the API: `Vec<models::Pet>`. Types of the runtime
    /// and of std stand by their bare names.
    pub rust_type: String,
    /// The schemas in the normal form that describe it, all of which hold.
    pub schemas: Vec<Pointer>,
    /// The value.
    pub value: Value,
}

impl Samples {
    /// Those of a document in its normal form.
    pub(crate) fn new(module: &str, document: Value, places: &[Place]) -> Self {
        Self {
            module: module.to_owned(),
            list: samples(&document, places),
            document,
        }
    }
}

fn samples(document: &Value, places: &[Place]) -> Vec<Sample> {
    let mut list = Vec::new();
    for place in places {
        let described = |schema: &Pointer| document.pointer(schema.as_str()).is_some();
        let Some(node) = document.pointer(place.at.as_str()) else {
            continue;
        };
        if !place.schemas.iter().all(described) {
            continue;
        }
        for (at, value) in shown(document, place, node) {
            list.push(Sample {
                at,
                rust_type: render::type_text(&place.ty),
                schemas: place.schemas.clone(),
                value: value.clone(),
            });
        }
    }
    list
}

/// The values that stand at a place, and where.
fn shown<'d>(document: &'d Value, place: &Place, node: &'d Value) -> Vec<(Pointer, &'d Value)> {
    let member = |name: &str| Some((place.at.push(name), node.get(name)?));
    let mut list: Vec<(Pointer, &Value)> = member("example").into_iter().collect();
    if place.holder == Holder::Schema {
        list.extend(member("default"));
        return list;
    }
    let named = node.get("examples").and_then(Value::as_object);
    for (name, example) in named.into_iter().flatten() {
        let mut at = place.at.push("examples").push(name);
        let mut example = example;
        if let Some(reference) = example.get("$ref").and_then(Value::as_str) {
            at = Pointer::parse(reference);
            example = document.pointer(at.as_str()).unwrap_or(&Value::Null);
        }
        list.extend(example.get("value").map(|value| (at.push("value"), value)));
    }
    list
}
