//! The second walk: every reference gets its final text, and hoists get their places.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::files::{Files, Refusal, Target};
use super::{ANY_DIALECT, Kind, Refs, Shape, is_uri, reference};
use crate::diag::Code;
use crate::load::trail::Trail;
use crate::load::{Place, grammar};
use crate::pointer::Pointer;

/// How deep copies may stand in copies.
const DEEPEST_COPY: usize = 4;

/// How many nodes all copies may have together: copies of copies grow without bound in a small document.
const MOST_COPIED: usize = 1_000_000;

/// Whether a node stays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Keep,
    Drop,
}

/// Where the walk is: in the file that is read, and in the document that is made.
#[derive(Clone, Copy)]
struct Here<'a> {
    file: usize,
    source: Trail<'a>,
    normal: Trail<'a>,
    /// The first node of a hoist, which is not replaced by a reference to itself.
    top: bool,
}

impl<'a> Here<'a> {
    fn key(&'a self, key: &'a str) -> Here<'a> {
        Here {
            source: self.source.key(key),
            normal: self.normal.key(key),
            top: false,
            ..*self
        }
    }

    fn index(&'a self, index: usize) -> Here<'a> {
        Here {
            source: self.source.index(index),
            normal: self.normal.index(index),
            top: false,
            ..*self
        }
    }
}

/// Rewrites the document and adds what is hoisted.
pub(super) fn rewrite(mut cx: Refs<'_>, tree: Rc<Value>) -> Value {
    let is_plain = cx.visited.is_empty() && !cx.files.identities(0).has_resources();
    let mut document = if is_plain {
        drop(cx.files.release_document());
        Rc::unwrap_or_clone(tree)
    } else {
        (*tree).clone()
    };
    let hoists = cx.hoists.clone();
    let mut rewriter = Rewriter {
        names: names(&cx, &document),
        cx,
        copying: Vec::new(),
        copied: 0,
    };
    let here = Here {
        file: 0,
        source: Trail::Root,
        normal: Trail::Root,
        top: false,
    };
    rewriter.value(&mut document, Shape::Node(Kind::Document), &here);
    for ((target, kind), name) in hoists {
        rewriter.hoist(&mut document, &target, kind, &name);
    }
    document
}

/// The names of the document's schemas, for mappings that name them without a URI.
fn names(cx: &Refs<'_>, document: &Value) -> Vec<String> {
    let schemas = cx
        .dialect
        .container(Kind::Schema)
        .and_then(|holder| document.pointer(holder));
    schemas
        .and_then(Value::as_object)
        .map(|map| map.keys().cloned().collect())
        .unwrap_or_default()
}

struct Rewriter<'a> {
    cx: Refs<'a>,
    names: Vec<String>,
    /// What is being copied in, from the outside in.
    copying: Vec<Target>,
    /// How many nodes have been copied.
    copied: usize,
}

impl Rewriter<'_> {
    /// Puts a hoist into its place.
    fn hoist(&mut self, document: &mut Value, target: &Target, kind: Kind, name: &str) {
        let holder = Pointer::parse(
            self.cx
                .dialect
                .container(kind)
                .expect("only such kinds are hoisted"),
        );
        let at = holder.push(name);
        let tree = Rc::clone(&self.cx.files.get(target.file).tree);
        let mut content = Files::node(&tree, &target.at).cloned().unwrap_or_default();
        self.note_origin(target, &at);
        let here = Here {
            file: target.file,
            source: Trail::At(&target.at),
            normal: Trail::At(&at),
            top: true,
        };
        if self.value(&mut content, Shape::Node(kind), &here) == Fate::Keep {
            let mut holders = document;
            for token in holder.tokens() {
                if !holders.get(&token).is_some_and(Value::is_object) {
                    holders[token.as_str()] = Value::Object(Map::new());
                }
                holders = &mut holders[token.as_str()];
            }
            holders[name] = content;
        }
    }

    fn note_origin(&mut self, target: &Target, at: &Pointer) {
        let id = self.cx.files.get(target.file).id;
        let origins = self.cx.diags.origins_mut();
        if target.file == 0 {
            origins.moved(&target.at, at);
        } else {
            origins.set(
                at,
                Place {
                    file: id,
                    at: target.at.clone(),
                },
            );
        }
    }

    fn value(&mut self, value: &mut Value, shape: Shape, here: &Here<'_>) -> Fate {
        match (shape, value) {
            (Shape::Node(kind) | Shape::BoolOr(kind), value @ Value::Object(_)) => {
                self.node(value, shape, kind, here)
            }
            (Shape::List(kind), Value::Array(list)) => {
                let kept: Vec<bool> = list
                    .iter_mut()
                    .enumerate()
                    .map(|(index, value)| {
                        self.value(value, Shape::Node(kind), &here.index(index)) == Fate::Keep
                    })
                    .collect();
                if kept.contains(&false) {
                    self.cx
                        .diags
                        .origins_mut()
                        .shifted(&here.normal.pointer(), &kept);
                    let mut kept = kept.iter();
                    list.retain(|_| kept.next().copied().unwrap_or(true));
                }
                Fate::Keep
            }
            (Shape::Map(kind), value @ Value::Object(_)) => {
                if reference(value).is_some() {
                    return self.copy(value, shape, here);
                }
                if let Value::Object(map) = value {
                    self.members(map, here, |_| Some(Shape::Node(kind)));
                }
                Fate::Keep
            }
            _ => Fate::Keep,
        }
    }

    fn members(
        &mut self,
        map: &mut Map<String, Value>,
        here: &Here<'_>,
        shape: impl Fn(&str) -> Option<Shape>,
    ) {
        let mut dropped = Vec::new();
        for (key, value) in map.iter_mut() {
            if let Some(shape) = shape(key)
                && self.value(value, shape, &here.key(key)) == Fate::Drop
            {
                dropped.push(key.clone());
            }
        }
        dropped.iter().for_each(|key| drop(map.shift_remove(key)));
    }

    fn node(&mut self, value: &mut Value, shape: Shape, kind: Kind, here: &Here<'_>) -> Fate {
        let referable = self.cx.dialect.container(kind).is_some();
        if referable && !here.top && !self.cx.hoists.is_empty() {
            let target = Target {
                file: here.file,
                at: here.source.pointer(),
            };
            if let Some(name) = self.cx.hoists.get(&(target, kind)) {
                *value = Value::Object(Map::from_iter([(
                    "$ref".to_owned(),
                    self.text(kind, name).into(),
                )]));
                return Fate::Keep;
            }
        }
        if reference(value).is_some() {
            if !referable {
                return self.copy(value, shape, here);
            }
            if self.reference(value, kind, here) == Fate::Drop {
                return Fate::Drop;
            }
        }
        if let Value::Object(map) = value {
            if kind == Kind::Discriminator
                && let Some(Value::Object(mapping)) = map.get_mut("mapping")
            {
                self.mapping(mapping, &here.key("mapping"));
            }
            self.members(map, here, |key| grammar::member(kind, key, ANY_DIALECT));
        }
        Fate::Keep
    }

    /// Gives a reference its final text.
    fn reference(&mut self, value: &mut Value, kind: Kind, here: &Here<'_>) -> Fate {
        let text = reference(value).unwrap_or_default().to_owned();
        let found = self.name(here, &text, kind);
        let Value::Object(map) = value else {
            return Fate::Keep;
        };
        let key = if map.contains_key("$ref") {
            "$ref"
        } else {
            "$dynamicRef"
        };
        let at = here.key(key);
        if key == "$dynamicRef" {
            map.shift_remove(key);
            let message = format!("`{text}` is dynamic; it is followed as a plain reference");
            self.report(Code::DynamicReference, &at, message);
        }
        match found {
            Ok(name) => {
                map.insert("$ref".to_owned(), self.text(kind, &name).into());
                Fate::Keep
            }
            Err(refusal) => {
                map.shift_remove("$ref");
                self.report(refusal.code, &at, refusal.message);
                if kind == Kind::Schema {
                    Fate::Keep
                } else {
                    Fate::Drop
                }
            }
        }
    }

    /// The name of the component that a reference leads to.
    fn name(&mut self, here: &Here<'_>, text: &str, kind: Kind) -> Result<String, Refusal> {
        let target = self.cx.lookup_kind(here.file, text, kind, here.source)?;
        let name = self.cx.component(&target, kind);
        let hoisted = || self.cx.hoists.get(&(target.clone(), kind)).cloned();
        name.or_else(hoisted).ok_or_else(|| Refusal {
            code: Code::UnresolvedReference,
            message: format!("`{text}` leads to nothing"),
        })
    }

    fn text(&self, kind: Kind, name: &str) -> String {
        let holder = self
            .cx
            .dialect
            .container(kind)
            .expect("only such kinds are referred to");
        Pointer::parse(holder).push(name).to_string()
    }

    /// Puts what a reference leads to in its place; members beside the reference win.
    fn copy(&mut self, value: &mut Value, shape: Shape, here: &Here<'_>) -> Fate {
        let text = reference(value).unwrap_or_default().to_owned();
        let target = match self.cx.lookup(here.file, &text, here.source) {
            Ok(target) if self.copying.contains(&target) || self.copying.len() >= DEEPEST_COPY => {
                Err(Refusal {
                    code: Code::UnresolvedReference,
                    message: format!("`{text}` leads in a circle"),
                })
            }
            found => found,
        };
        let target = match target {
            Ok(target) => target,
            Err(refusal) => {
                self.report(refusal.code, &here.key("$ref"), refusal.message);
                let Value::Object(beside) = value else {
                    return Fate::Drop;
                };
                beside.shift_remove("$ref");
                beside.shift_remove("$dynamicRef");
                return if beside.is_empty() {
                    Fate::Drop
                } else {
                    self.value(value, shape, here)
                };
            }
        };
        let at = here.normal.pointer();
        let Value::Object(mut beside) = value.take() else {
            return Fate::Drop;
        };
        beside.shift_remove("$ref");
        let places: Vec<_> = beside
            .keys()
            .map(|key| self.cx.diags.origins().place(&at.push(key)))
            .collect();
        let Some(kind) = shape.kind() else {
            return Fate::Drop;
        };
        let each = |key: &str| match shape {
            Shape::Map(_) => Some(Shape::Node(kind)),
            _ => grammar::member(kind, key, ANY_DIALECT),
        };
        self.members(&mut beside, here, each);
        let tree = Rc::clone(&self.cx.files.get(target.file).tree);
        self.copied += Files::node(&tree, &target.at).map_or(0, size);
        if self.copied > MOST_COPIED {
            let message = format!("`{text}` is copied too often");
            self.report(Code::UnresolvedReference, &here.key("$ref"), message);
            return Fate::Drop;
        }
        let mut content = Files::node(&tree, &target.at).cloned().unwrap_or_default();
        self.note_origin(&target, &at);
        let inside = Here {
            file: target.file,
            source: Trail::At(&target.at),
            normal: here.normal,
            top: true,
        };
        self.copying.push(target.clone());
        let fate = self.value(&mut content, shape, &inside);
        self.copying.pop();
        for ((key, member), place) in beside.into_iter().zip(places) {
            if let (Value::Object(map), Some(place)) = (&mut content, place) {
                self.cx.diags.origins_mut().set(&at.push(&key), place);
                map.insert(key, member);
            }
        }
        *value = content;
        fate
    }

    /// Makes the values of a discriminator's mapping references.
    fn mapping(&mut self, mapping: &mut Map<String, Value>, here: &Here<'_>) {
        let mut dropped = Vec::new();
        for (key, value) in mapping.iter_mut() {
            let Value::String(text) = value else { continue };
            let found = if self.names.contains(text) {
                Ok(text.clone())
            } else if is_uri(text) {
                self.name(here, text, Kind::Schema)
            } else {
                let message = format!("`{text}` is not the name of a schema");
                Err(Refusal {
                    code: Code::UnresolvedReference,
                    message,
                })
            };
            match found {
                Ok(name) => *text = self.text(Kind::Schema, &name),
                Err(refusal) => {
                    self.report(refusal.code, &here.key(key), refusal.message);
                    dropped.push(key.clone());
                }
            }
        }
        dropped
            .iter()
            .for_each(|key| drop(mapping.shift_remove(key)));
    }

    fn report(&mut self, code: Code, here: &Here<'_>, message: String) {
        let at = here.source.pointer();
        let place = match here.file {
            0 => self.cx.diags.origins().place(&at),
            file => Some(Place {
                file: self.cx.files.get(file).id,
                at,
            }),
        };
        if let Some(place) = place {
            self.cx.diags.report_place(code, place, message);
        }
    }
}

/// How many nodes a tree has.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}
