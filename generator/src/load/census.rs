//! Counts the operations and the schemas of a tree along the grammar, and what became of each.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::grammar::{self, Kind, Shape};
use super::origins::Place;
use super::walk;
use crate::census::{Operations, Schemas};
use crate::diag::{Code, Diagnostic, Diagnostics, Reading, Readings, Severity};
use crate::pointer::Pointer;

/// By whose grammar: the tree may be of any dialect, or in the normal form.
const ANY_DIALECT: u8 = u8::MAX;

/// The members that no call is made of.
const UNSEEN: &[(Kind, &str)] = &[
    (Kind::Document, "webhooks"),
    (Kind::Document, "x-webhooks"),
    (Kind::Operation, "callbacks"),
    (Kind::Response, "links"),
    (Kind::Encoding, "headers"),
];

/// Where the operations below `paths` are.
pub(super) fn operations(tree: &Value) -> Vec<Pointer> {
    let found = walk::operations_below(tree, "paths", ANY_DIALECT);
    found.into_iter().map(|operation| operation.at).collect()
}

/// Where they came from: the same wherever they are moved.
pub(super) fn origins(operations: &[Pointer], diags: &Diagnostics) -> Vec<Place> {
    let places = operations.iter().map(|at| diags.origins().place(at));
    places.flatten().collect()
}

/// Notes which of the operations `before` are not among those `after`, with a diagnostic or without.
pub(super) fn note_refused(before: Vec<Place>, after: &[Place], diags: &mut Diagnostics) {
    let mut left: HashMap<&Place, usize> = HashMap::new();
    for place in after {
        *left.entry(place).or_default() += 1;
    }
    let total = before.len();
    let mut gone = Vec::new();
    for place in before {
        match left.get_mut(&place) {
            Some(count) if *count > 0 => *count -= 1,
            _ => gone.push(place),
        }
    }
    let (told, lost): (Vec<_>, Vec<_>) = gone.iter().partition(|place| {
        let list = diags.list().iter();
        let mut places = list.filter_map(|told| match told.normal() {
            Some(at) => diags.origins().place(at),
            None => told.place().cloned(),
        });
        places.any(|told| told.file == place.file && are_near(&told.at, &place.at))
    });
    let told = told.len();
    let lost = lost.iter().map(|place| place.at.to_string()).collect();
    let readings = diags.readings_mut();
    readings.operations = total;
    readings.refused = told;
    readings.lost = lost;
}

/// Whether one of two places is in the other.
fn are_near(a: &Pointer, b: &Pointer) -> bool {
    is_within(a, b) || is_within(b, a)
}

/// What became of the operations of a document, of which those in `tree` are left.
pub(super) fn operations_of(tree: &Value, diags: &Diagnostics) -> Operations {
    let readings = diags.readings();
    let mut census = Operations {
        total: readings.operations,
        refused: readings.refused,
        excluded: readings.excluded,
        unaccounted: readings.lost.clone(),
        ..Operations::default()
    };
    for at in operations(tree) {
        let mut told = diags.list().iter().filter_map(Diagnostic::normal);
        if readings.generated.contains(&at) {
            census.generated += 1;
        } else if told.any(|told| are_near(told, &at)) {
            census.refused += 1;
        } else {
            census.unaccounted.push(at.to_string());
        }
    }
    census
}

fn is_within(at: &Pointer, holder: &Pointer) -> bool {
    let rest = at.as_str().strip_prefix(holder.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// How many schema objects there are in a tree.
pub(super) fn count(tree: &Value) -> usize {
    count_in(tree, Shape::Node(Kind::Document))
}

fn count_in(value: &Value, shape: Shape) -> usize {
    let mut count = match (shape, value) {
        (Shape::Node(kind) | Shape::BoolOr(kind), Value::Object(map)) => {
            usize::from(is_schema(kind, map))
        }
        _ => 0,
    };
    walk::inside(value, shape, ANY_DIALECT, &mut |_, shape, value| {
        count += count_in(value, shape);
    });
    count
}

fn is_schema(kind: Kind, map: &Map<String, Value>) -> bool {
    kind == Kind::Schema && !map.contains_key("$ref")
}

/// What became of the schemas of a tree in the normal form.
pub(super) fn schemas(tree: &Value, diags: &Diagnostics) -> Schemas {
    let mut codes: HashMap<&str, Code> = HashMap::new();
    for diagnostic in diags.list() {
        if let Some(at) = diagnostic.normal() {
            codes.entry(at.as_str()).or_insert(diagnostic.code);
        }
    }
    let excluded = diags.readings().excluded_schemas;
    let mut count = Count {
        path: String::new(),
        seen: seen(tree),
        codes,
        readings: diags.readings(),
        census: Schemas {
            excluded,
            total: excluded,
            ..Schemas::default()
        },
    };
    count.value(tree, Shape::Node(Kind::Document), Around::default());
    count.census
}

/// What holds for all schemas at a place that nobody read.
#[derive(Clone, Copy, Default)]
struct Around {
    /// Why they were not.
    code: Option<Code>,
    /// Whether no call leads there.
    unused: bool,
}

struct Count<'a> {
    /// The pointer of the place.
    path: String,
    /// The components that calls are made of.
    seen: HashSet<String>,
    codes: HashMap<&'a str, Code>,
    readings: &'a Readings,
    census: Schemas,
}

impl Count<'_> {
    fn value(&mut self, value: &Value, shape: Shape, around: Around) {
        match (shape, value) {
            (Shape::Node(kind) | Shape::BoolOr(kind), Value::Object(map)) => {
                self.node(map, kind, around);
            }
            (Shape::List(kind), Value::Array(list)) => {
                let around = self.told(around);
                for (index, value) in list.iter().enumerate() {
                    self.inside(&index.to_string(), value, Shape::Node(kind), around);
                }
            }
            (Shape::Map(kind), Value::Object(map)) => {
                let around = self.told(around);
                for (key, value) in map {
                    let around = Around {
                        unused: around.unused || is_ignored(kind, key),
                        ..around
                    };
                    self.inside(key, value, Shape::Node(kind), around);
                }
            }
            _ => {}
        }
    }

    fn inside(&mut self, key: &str, value: &Value, shape: Shape, around: Around) {
        let length = self.path.len();
        self.path.push('/');
        self.path
            .push_str(&key.replace('~', "~0").replace('/', "~1"));
        self.value(value, shape, around);
        self.path.truncate(length);
    }

    fn node(&mut self, map: &Map<String, Value>, kind: Kind, around: Around) {
        if map.contains_key("$ref") && grammar::container(kind).is_some() {
            return;
        }
        let mut around = self.told(around);
        if is_schema(kind, map) {
            around = self.schema(map, around);
        }
        around.unused |= self.is_unused(map, kind);
        for (key, value) in map {
            if let Some(shape) = grammar::member(kind, key, grammar::V30) {
                let unseen = UNSEEN.contains(&(kind, key.as_str()));
                let around = Around {
                    unused: around.unused || unseen,
                    ..around
                };
                self.inside(key, value, shape, around);
            }
        }
    }

    /// What a diagnostic at this place explains.
    fn told(&self, around: Around) -> Around {
        Around {
            code: self.codes.get(self.path.as_str()).copied().or(around.code),
            ..around
        }
    }

    /// Counts a schema. What it explains holds for those inside it.
    fn schema(&mut self, map: &Map<String, Value>, around: Around) -> Around {
        self.census.total += 1;
        let own = self.codes.get(self.path.as_str()).copied();
        let reading = self.readings.of(&self.path);
        match (reading, around.code) {
            (Some(Reading::Typed), _) => self.census.typed += 1,
            (Some(Reading::Free | Reading::Any), _) => match self.loss(map) {
                Some(code) => *self.census.any_json.entry(code.as_str()).or_default() += 1,
                None => self.census.free += 1,
            },
            (None, Some(code)) => *self.census.left_out.entry(code.as_str()).or_default() += 1,
            (None, None) if around.unused => self.census.unused += 1,
            (None, None) => self.census.unaccounted.push(format!("#{}", self.path)),
        }
        match reading {
            Some(_) => Around {
                code: own,
                ..around
            },
            None => around,
        }
    }

    /// Why a schema that says something takes any JSON value.
    fn loss(&self, map: &Map<String, Value>) -> Option<Code> {
        let keywords = map.keys().map(|key| format!("{}/{key}", self.path));
        let mut codes = [self.path.clone()].into_iter().chain(keywords);
        let code = codes.find_map(|at| self.codes.get(at.as_str()).copied());
        code.filter(|code| code.severity() <= Severity::Downgrade)
    }

    /// Whether no call leads to a node: a component that nothing refers to, or the parameters of no operation.
    fn is_unused(&self, map: &Map<String, Value>, kind: Kind) -> bool {
        let is_operation = |key: &String| {
            let shape = grammar::member(Kind::PathItem, key, grammar::V30);
            shape.and_then(Shape::kind) == Some(Kind::Operation)
        };
        let is_component = self.path.starts_with("/components/")
            && !self.path.starts_with("/components/schemas/")
            && self.path.matches('/').count() == 3;
        (is_component && !self.seen.contains(&format!("#{}", self.path)))
            || (kind == Kind::PathItem && !map.keys().any(is_operation))
    }
}

/// The header of a response that its media types stand for (OpenAPI 3.0, Response Object).
fn is_ignored(kind: Kind, key: &str) -> bool {
    kind == Kind::Header && key.eq_ignore_ascii_case("content-type")
}

/// The components that calls are made of, schemas apart, as references name them.
fn seen(tree: &Value) -> HashSet<String> {
    let mut seen = HashSet::new();
    let mut open = Vec::new();
    if let Some(paths) = tree.get("paths") {
        refer(paths, Shape::Node(Kind::Paths), &mut open);
    }
    while let Some((reference, kind)) = open.pop() {
        let at = Pointer::parse(&reference);
        if let Some(component) = tree.pointer(at.as_str())
            && seen.insert(reference)
        {
            refer(component, Shape::Node(kind), &mut open);
        }
    }
    seen
}

/// The references in what calls are made of.
fn refer(value: &Value, shape: Shape, found: &mut Vec<(String, Kind)>) {
    if matches!(shape, Shape::Node(Kind::Schema) | Shape::BoolOr(_)) {
        return;
    }
    if let Shape::Node(kind) = shape
        && let Some(Value::String(reference)) = value.get("$ref")
        && grammar::container(kind).is_some()
    {
        found.push((reference.clone(), kind));
        return;
    }
    walk::inside(value, shape, grammar::V30, &mut |key, inner, value| {
        let unseen = match shape {
            Shape::Node(kind) => UNSEEN.contains(&(kind, key)),
            Shape::Map(kind) => is_ignored(kind, key),
            _ => false,
        };
        if !unseen {
            refer(value, inner, found);
        }
    });
}
