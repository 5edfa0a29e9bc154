//! Brings a document in the form of OpenAPI 3.0 into a shape that can always be read.
//!
//! A walk along the grammar: values of the wrong type are converted where their meaning is plain and left out
//! where it is not; what a node must have and lacks is supplied, or the node is left out. Each such mend is
//! reported where it happens. `null` counts as not being there.

mod nodes;
mod operations;
mod schemas;

use std::collections::HashSet;

use serde_json::{Map, Number, Value};

use self::operations::Parameters;
use super::grammar::{self, Kind, Shape, V30};
use super::trail::Trail;
use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// How often leaving out one component may cost another one.
const MOST_ROUNDS: usize = 16;

/// Mends a document in place.
///
/// Where a component had to go, what refers to it goes too: such documents are walked again.
pub(super) fn mend(tree: &mut Value, diags: &mut Diagnostics) {
    let mut mender = Mender {
        parameters: Parameters::of(tree),
        left: components(tree),
        diags,
    };
    for _ in 0..MOST_ROUNDS {
        mender.value(tree, Shape::Node(Kind::Document), Trail::Root);
        let left = components(tree);
        if left.len() == mender.left.len() {
            return;
        }
        mender.left = left;
    }
}

/// The components of a document, as references name them.
fn components(tree: &Value) -> HashSet<String> {
    let root = Pointer::parse("/components");
    let kinds = tree
        .get("components")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    kinds
        .filter_map(|(kind, members)| Some((root.push(kind), members.as_object()?)))
        .flat_map(|(at, members)| members.keys().map(move |name| at.push(name).to_string()))
        .collect()
}

/// Whether a value stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Keep,
    Drop,
}

/// What becomes of the key of a member.
enum Renamed {
    Same,
    To(String),
    Drop,
}

struct Mender<'a> {
    parameters: Parameters,
    /// The components that are left.
    left: HashSet<String>,
    diags: &'a mut Diagnostics,
}

impl Mender<'_> {
    fn report(&mut self, code: Code, trail: Trail<'_>, message: impl Into<String>) {
        if let Some(place) = self.diags.origins().place(&trail.pointer()) {
            self.diags.report_place(code, place, message);
        }
    }

    fn value(&mut self, value: &mut Value, shape: Shape, trail: Trail<'_>) -> Fate {
        if value.is_null() && shape != Shape::Any {
            return match shape {
                Shape::Node(Kind::Schema | Kind::Response | Kind::Callback | Kind::Example) => {
                    *value = Value::Object(Map::new());
                    self.value(value, shape, trail)
                }
                _ => Fate::Drop,
            };
        }
        match shape {
            Shape::Any => Fate::Keep,
            Shape::Text | Shape::Bool | Shape::Number | Shape::Count => {
                self.scalar(value, shape, trail)
            }
            Shape::Values | Shape::Texts | Shape::List(_) | Shape::Requirements => {
                self.list(value, shape, trail)
            }
            Shape::BoolOr(_) if value.is_boolean() => Fate::Keep,
            Shape::BoolOr(kind) if !value.is_object() => {
                let is_bool =
                    value.is_string() && self.scalar(value, Shape::Bool, trail) == Fate::Keep;
                if is_bool {
                    Fate::Keep
                } else {
                    self.wrong(value, Shape::BoolOr(kind), trail)
                }
            }
            Shape::BoolOr(kind) | Shape::Node(kind) => self.node(value, kind, trail),
            Shape::TextMap | Shape::AnyMap | Shape::Map(_) => self.map(value, shape, trail),
        }
    }

    fn scalar(&mut self, value: &mut Value, shape: Shape, trail: Trail<'_>) -> Fate {
        let mended = match (shape, &*value) {
            (Shape::Text, Value::String(_))
            | (Shape::Bool, Value::Bool(_))
            | (Shape::Number, Value::Number(_)) => return Fate::Keep,
            (Shape::Text, Value::Number(_) | Value::Bool(_)) => {
                Some(Value::String(value.to_string()))
            }
            (Shape::Bool, Value::String(text)) => text
                .trim()
                .to_ascii_lowercase()
                .parse()
                .ok()
                .map(Value::Bool),
            (Shape::Number, Value::String(text)) => text.trim().parse().ok().map(Value::Number),
            (Shape::Count, value) => match count(value) {
                Some(_) if value.is_u64() => return Fate::Keep,
                count => count.map(|count| Value::Number(Number::from(count))),
            },
            _ => None,
        };
        let Some(mended) = mended else {
            return self.wrong(value, shape, trail);
        };
        if !(shape == Shape::Text && value.is_number()) {
            let message = format!("`{value}` is taken for {}", shape_called(shape));
            self.report(Code::WrongType, trail, message);
        }
        *value = mended;
        Fate::Keep
    }

    fn list(&mut self, value: &mut Value, shape: Shape, trail: Trail<'_>) -> Fate {
        if !value.is_array() {
            let one = match (shape, &*value) {
                (_, Value::Object(map)) if map.is_empty() => Vec::new(),
                (Shape::Texts, Value::String(_))
                | (Shape::Values, Value::String(_) | Value::Number(_) | Value::Bool(_))
                | (Shape::List(_) | Shape::Requirements, Value::Object(_)) => vec![value.clone()],
                _ => return self.wrong(value, shape, trail),
            };
            if !one.is_empty() {
                self.report(
                    Code::WrongType,
                    trail,
                    "one value is taken for a list of one",
                );
            }
            *value = Value::Array(one);
        }
        let Value::Array(list) = value else {
            return Fate::Drop;
        };
        let element = match shape {
            Shape::Texts => Shape::Text,
            Shape::List(kind) => Shape::Node(kind),
            Shape::Requirements => Shape::AnyMap,
            _ => return Fate::Keep,
        };
        let kept: Vec<bool> = list
            .iter_mut()
            .enumerate()
            .map(|(index, value)| self.value(value, element, trail.index(index)) == Fate::Keep)
            .collect();
        self.close_up(list, &kept, trail);
        if shape == Shape::Requirements {
            list.iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(mend_requirement);
        }
        Fate::Keep
    }

    /// Takes elements out of a list.
    fn close_up(&mut self, list: &mut Vec<Value>, kept: &[bool], trail: Trail<'_>) {
        if kept.contains(&false) {
            self.diags.origins_mut().shifted(&trail.pointer(), kept);
            let mut kept = kept.iter();
            list.retain(|_| kept.next().copied().unwrap_or(true));
        }
    }

    fn map(&mut self, value: &mut Value, shape: Shape, trail: Trail<'_>) -> Fate {
        if value.as_array().is_some_and(Vec::is_empty) {
            *value = Value::Object(Map::new());
        }
        let Value::Object(map) = value else {
            return self.wrong(value, shape, trail);
        };
        let element = match shape {
            Shape::TextMap => Shape::Text,
            Shape::Map(kind) => Shape::Node(kind),
            _ => return Fate::Keep,
        };
        if element == Shape::Node(Kind::MediaType) {
            self.mend_media_types(map, trail);
        }
        self.members(map, trail, |_| Some(element));
        Fate::Keep
    }

    fn members(
        &mut self,
        map: &mut Map<String, Value>,
        trail: Trail<'_>,
        shape: impl Fn(&str) -> Option<Shape>,
    ) {
        let mut dropped = Vec::new();
        for (key, value) in map.iter_mut() {
            if let Some(shape) = shape(key)
                && self.value(value, shape, trail.key(key)) == Fate::Drop
            {
                dropped.push(key.clone());
            }
        }
        dropped.iter().for_each(|key| drop(map.shift_remove(key)));
    }

    fn node(&mut self, value: &mut Value, kind: Kind, trail: Trail<'_>) -> Fate {
        if kind == Kind::Discriminator && value.is_string() {
            self.report(
                Code::WrongType,
                trail,
                "a name is taken for a discriminator with that `propertyName`",
            );
            *value = Value::Object(Map::from_iter([("propertyName".to_owned(), value.take())]));
        }
        let Value::Object(map) = value else {
            let fate = self.wrong(value, Shape::Node(kind), trail);
            if kind == Kind::Schema {
                *value = Value::Object(Map::new());
                return Fate::Keep;
            }
            return fate;
        };
        if map
            .get("$ref")
            .is_some_and(|reference| !reference.is_string())
        {
            self.report(Code::WrongType, trail.key("$ref"), "a reference is a text");
            map.shift_remove("$ref");
        }
        if grammar::container(kind).is_some() && map.contains_key("$ref") {
            return self.reference(map, kind, trail);
        }
        self.before(map, kind, trail);
        let mut unknown = Vec::new();
        for key in map.keys() {
            if !key.starts_with("x-") && grammar::member(kind, key, V30).is_none() {
                unknown.push(key.clone());
            }
        }
        for key in unknown {
            let message = format!("`{key}` is not a keyword of {}", grammar::one(kind));
            self.report(Code::UnknownKeyword, trail.key(&key), message);
            map.shift_remove(&key);
        }
        self.members(map, trail, |key| grammar::member(kind, key, V30));
        self.after(map, kind, trail)
    }

    /// A reference goes with the component that it names.
    fn reference(&mut self, map: &mut Map<String, Value>, kind: Kind, trail: Trail<'_>) -> Fate {
        let name = text(map, "$ref").unwrap_or_default();
        if self.left.contains(name) {
            return Fate::Keep;
        }
        let message = format!("`{name}` had to be left out");
        self.report(Code::UnresolvedReference, trail.key("$ref"), message);
        map.clear();
        if kind == Kind::Schema {
            Fate::Keep
        } else {
            Fate::Drop
        }
    }

    /// Renames the members of a map, in their order.
    fn rename(
        &mut self,
        map: &mut Map<String, Value>,
        trail: Trail<'_>,
        mut rename: impl FnMut(&mut Self, &str) -> Renamed,
    ) {
        let names: Vec<_> = map.keys().map(|key| rename(self, key)).collect();
        if names.iter().all(|name| matches!(name, Renamed::Same)) {
            return;
        }
        let at = trail.pointer();
        let old = std::mem::take(map);
        for ((key, value), name) in old.into_iter().zip(names) {
            let name = match name {
                Renamed::Same => key,
                Renamed::Drop => continue,
                Renamed::To(name) if map.contains_key(&name) => continue,
                Renamed::To(name) => {
                    self.diags
                        .origins_mut()
                        .moved(&at.push(&key), &at.push(&name));
                    name
                }
            };
            map.insert(name, value);
        }
    }

    fn wrong(&mut self, value: &Value, shape: Shape, trail: Trail<'_>) -> Fate {
        let message = format!(
            "{} stands where {} belongs",
            value_called(value),
            shape_called(shape)
        );
        self.report(Code::WrongType, trail, message);
        Fate::Drop
    }
}

/// A whole number from 0, also as a float or a text.
fn count(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| {
            let float = number.as_f64()?;
            // beyond 2^53 the float is not the number that was written, but all the same a bound
            (float >= 0.0 && float.fract() == 0.0).then_some(float as u64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The scopes of a requirement are a list, even if there are none.
fn mend_requirement(requirement: &mut Map<String, Value>) {
    for scopes in requirement.values_mut() {
        match scopes {
            Value::Array(list) => list.retain(Value::is_string),
            Value::String(_) => *scopes = Value::Array(vec![scopes.take()]),
            _ => *scopes = Value::Array(Vec::new()),
        }
    }
}

fn value_called(value: &Value) -> &'static str {
    match value {
        Value::Null => "`null`",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

fn shape_called(shape: Shape) -> String {
    match shape {
        Shape::Text => "a text".to_owned(),
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Count => "a whole number from 0".to_owned(),
        Shape::Any => "a value".to_owned(),
        Shape::Values => "a list of values".to_owned(),
        Shape::Texts => "a list of texts".to_owned(),
        Shape::TextMap => "a mapping to texts".to_owned(),
        Shape::AnyMap => "a mapping".to_owned(),
        Shape::Requirements => "a list of security requirements".to_owned(),
        Shape::Node(kind) => grammar::one(kind),
        Shape::List(kind) => format!("a list of {}s", grammar::called(kind)),
        Shape::Map(kind) => format!("a mapping to {}s", grammar::called(kind)),
        Shape::BoolOr(kind) => format!("`true`, `false` or {}", grammar::one(kind)),
    }
}

/// A member's text.
fn text<'m>(map: &'m Map<String, Value>, key: &str) -> Option<&'m str> {
    map.get(key)?.as_str()
}

/// The pointer of a component's name: `#/components/parameters/limit` is `limit`.
fn component_name(reference: &str) -> Option<String> {
    Pointer::parse(reference).tokens().last()
}
