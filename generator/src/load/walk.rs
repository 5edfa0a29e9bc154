//! Visits the nodes of a tree along the grammar.

use serde_json::{Map, Value};

use super::grammar::{self, Kind, Shape, V30};
use super::trail::Trail;
use crate::pointer::Pointer;

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

/// Shows what is directly inside a value: its key (empty in a list), its place in the grammar, and itself.
pub(super) fn inside<'t>(
    value: &'t Value,
    shape: Shape,
    dialects: u8,
    see: &mut dyn FnMut(&'t str, Shape, &'t Value),
) {
    match (shape, value) {
        (Shape::Node(kind) | Shape::BoolOr(kind), Value::Object(map)) => {
            for (key, value) in map {
                if let Some(shape) = grammar::member(kind, key, dialects) {
                    see(key, shape, value);
                }
            }
        }
        (Shape::List(kind), Value::Array(list)) => list
            .iter()
            .for_each(|value| see("", Shape::Node(kind), value)),
        (Shape::Map(kind), Value::Object(map)) => map
            .iter()
            .for_each(|(key, value)| see(key, Shape::Node(kind), value)),
        _ => {}
    }
}

/// An operation where it stands.
pub(super) struct Operation<'t> {
    /// The key of its path item.
    pub(super) path: &'t str,
    /// Its key.
    pub(super) method: &'t str,
    /// Where it is: in the path item, or in a map of the path item.
    pub(super) at: Pointer,
    pub(super) map: &'t Map<String, Value>,
}

/// The operations in the path items that a member of the document holds.
pub(super) fn operations_below<'t>(
    tree: &'t Value,
    holder: &str,
    dialects: u8,
) -> Vec<Operation<'t>> {
    let root = Pointer::root().push(holder);
    let mut found = Vec::new();
    let mut add = |path, method, at, value: &'t Value| {
        let map = value.as_object();
        found.extend(map.map(|map| Operation {
            path,
            method,
            at,
            map,
        }));
    };
    let items = tree.get(holder).and_then(Value::as_object);
    for (path, item) in items.into_iter().flatten() {
        let item_at = root.push(path);
        let item_shape = Shape::Node(Kind::PathItem);
        inside(item, item_shape, dialects, &mut |key, shape, value| {
            let at = item_at.push(key);
            match (shape, value) {
                (Shape::Node(Kind::Operation), _) => add(path, key, at, value),
                (Shape::Map(Kind::Operation), Value::Object(map)) => map
                    .iter()
                    .for_each(|(method, value)| add(path, method, at.push(method), value)),
                _ => {}
            }
        });
    }
    found
}
