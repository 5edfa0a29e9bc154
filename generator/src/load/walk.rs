//! Visits the nodes of a tree along the grammar.

use serde_json::{Map, Value};

use super::grammar::{self, Kind, Shape, V30};
use super::trail::Trail;

/// Calls `visit` for each node of the tree, what is inside a node before the node itself.
///
/// `dialects` says by whose grammar; a node that is not an object where one should be is visited as well.
pub(super) fn nodes(
    value: &mut Value,
    shape: Shape,
    dialects: u8,
    trail: Trail<'_>,
    visit: &mut dyn FnMut(Kind, &mut Value, Trail<'_>),
) {
    match (shape, &mut *value) {
        (Shape::Node(kind) | Shape::BoolOr(kind), value) => {
            if let Value::Object(map) = value {
                for (key, value) in map {
                    if let Some(shape) = grammar::member(kind, key, dialects) {
                        nodes(value, shape, dialects, trail.key(key), visit);
                    }
                }
            }
            if matches!(shape, Shape::Node(_)) || value.is_object() {
                visit(kind, value, trail);
            }
        }
        (Shape::List(kind), Value::Array(list)) => {
            for (index, value) in list.iter_mut().enumerate() {
                nodes(
                    value,
                    Shape::Node(kind),
                    dialects,
                    trail.index(index),
                    visit,
                );
            }
        }
        (Shape::Map(kind), Value::Object(map)) => {
            for (key, value) in map {
                nodes(value, Shape::Node(kind), dialects, trail.key(key), visit);
            }
        }
        _ => {}
    }
}

/// Calls `visit` for each operation of a path item of the normal form.
pub(super) fn operations(
    item: &mut Map<String, Value>,
    trail: Trail<'_>,
    visit: &mut dyn FnMut(&mut Map<String, Value>, Trail<'_>),
) {
    for (key, value) in item {
        let shape = grammar::member(Kind::PathItem, key, V30);
        let at = trail.key(key);
        match (shape, value) {
            (Some(Shape::Node(Kind::Operation)), Value::Object(operation)) => visit(operation, at),
            (Some(Shape::Map(Kind::Operation)), Value::Object(map)) => {
                for (method, operation) in map {
                    if let Value::Object(operation) = operation {
                        visit(operation, at.key(method));
                    }
                }
            }
            _ => {}
        }
    }
}
