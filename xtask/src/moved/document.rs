//! What differs between two documents, node by node.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Cause;

/// How far a schema is followed into those that it is made of.
const DEEPEST: usize = 200;

/// What concerns all operations, or the API as a whole.
const WHOLE: &[&str] = &[
    "/info",
    "/servers",
    "/tags",
    "/security",
    "/externalDocs",
    "/components/securitySchemes",
];

/// Two states of a document.
pub(super) struct Difference<'a> {
    old: &'a Value,
    new: &'a Value,
    /// What is known already of operations and components.
    known: RefCell<BTreeMap<String, Cause>>,
    is_api_another: bool,
}

impl<'a> Difference<'a> {
    pub(super) fn new(old: &'a Value, new: &'a Value) -> Self {
        let differs = |at: &&str| old.pointer(at) != new.pointer(at);
        Self {
            old,
            new,
            known: RefCell::default(),
            is_api_another: WHOLE.iter().any(differs),
        }
    }

    /// Whether the API differs as a whole: its title, its servers, its security.
    pub(super) fn is_api_another(&self) -> bool {
        self.is_api_another
    }

    /// Why what is made of these pointers differs.
    pub(super) fn cause(&self, from: Option<&str>, to: Option<&str>) -> Cause {
        let (Some(from), Some(to)) = (from, to) else {
            return Cause::Own;
        };
        if from != to {
            return Cause::Own;
        }
        let unit: Vec<&str> = from.split('/').take(3).collect();
        let unit = unit.join("/");
        if let Some(cause) = self.known.borrow().get(&unit) {
            return *cause;
        }
        let differs = |reach| content(self.old, &unit, reach) != content(self.new, &unit, reach);
        let cause = match () {
            () if differs(Reach::Own) => Cause::Own,
            () if differs(Reach::Held) => Cause::Held,
            () => Cause::Nothing,
        };
        self.known.borrow_mut().insert(unit, cause);
        cause
    }
}

/// How far references are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// To what an operation or schema is made of: parameters, answers, parents, alternatives, names for other schemas.
    Own,
    /// To all that it holds, sends or receives.
    Held,
}

/// What the operation or component at `unit` is made of.
fn content<'v>(tree: &'v Value, unit: &str, reach: Reach) -> Vec<Option<&'v Value>> {
    let own = format!("/{unit}");
    let mut roots = vec![tree.pointer(&own)];
    if unit.starts_with("paths/") {
        let item = own.rsplit_once('/').map_or("", |(item, _)| item);
        let of_path =
            ["parameters", "servers"].map(|member| tree.pointer(&format!("{item}/{member}")));
        roots.extend(of_path);
        let of_api = ["/security", "/servers", "/components/securitySchemes"];
        roots.extend(of_api.map(|at| tree.pointer(at)));
    }
    let mut seen = BTreeSet::new();
    for root in roots.iter().flatten() {
        gather(tree, root, reach, &mut seen, 0);
    }
    let held = seen.iter().map(|at| tree.pointer(at));
    roots.extend(held);
    roots
}

/// Notes the components that a node refers to.
fn gather<'v>(
    tree: &'v Value,
    value: &'v Value,
    reach: Reach,
    seen: &mut BTreeSet<&'v str>,
    depth: usize,
) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Object(map) => {
            if let Some(at) = target(value) {
                let target = tree.pointer(at).unwrap_or(&Value::Null);
                if (reach == Reach::Held || is_inlined(target)) && seen.insert(at) {
                    gather(tree, target, reach, seen, depth + 1);
                }
            }
            for (key, value) in map {
                let is_part = ["allOf", "oneOf", "anyOf"].contains(&key.as_str());
                let parts = value.as_array().filter(|_| is_part && reach == Reach::Own);
                for at in parts.into_iter().flatten().filter_map(target) {
                    if seen.insert(at) {
                        let part = tree.pointer(at).unwrap_or(&Value::Null);
                        gather(tree, part, reach, seen, depth + 1);
                    }
                }
                gather(tree, value, reach, seen, depth + 1);
            }
        }
        Value::Array(list) => {
            for value in list {
                gather(tree, value, reach, seen, depth + 1);
            }
        }
        _ => {}
    }
}

/// What a node refers to.
fn target(node: &Value) -> Option<&str> {
    node.get("$ref")?.as_str()?.strip_prefix('#')
}

/// Whether a component has no type of its own, so that what refers to it takes it over.
fn is_inlined(component: &Value) -> bool {
    let has = |key: &&str| component.get(key).is_some();
    !["properties", "enum", "oneOf", "anyOf", "allOf"]
        .iter()
        .any(has)
}
