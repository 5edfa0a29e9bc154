//! Visits the nodes of a tree along the grammar.

use serde_json::Value;

use super::grammar::{self, Kind, Shape};
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
