//! References: after this, each `$ref` names a component of the document, of the kind that its place asks for.
//!
//! References into other places of the document or into other files are *hoisted*: what they lead to becomes
//! a component under a name of its own, and its old place, if it is in the document, refers to it. Where the
//! normal form has no components of a kind (path items, callbacks), what is referred to is copied in.
//!
//! Two walks: `collect` follows every reference once and gives names; `rewrite` changes the trees.

mod files;
mod identity;
mod names;
#[cfg(not(feature = "network"))]
#[path = "refs/offline.rs"]
mod remote;
#[cfg(feature = "network")]
mod remote;
mod rewrite;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Value;

pub(in crate::load) use self::remote::{check_document_url, fetch_document};

use self::files::{Files, Refusal, Target};
use super::dialect::Dialect;
use super::grammar::{self, Kind, Shape};
use super::trail::Trail;
use super::{FileId, LoadOptions, Source};
use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// All dialects of the grammar: references are followed before dialects are converted.
const ANY_DIALECT: u8 = u8::MAX;

/// Makes every `$ref` of the document the plain name of a component of its own.
pub(super) fn resolve(
    id: FileId,
    source: &Source,
    tree: Value,
    dialect: Dialect,
    options: &LoadOptions,
    diags: &mut Diagnostics,
) -> Value {
    let tree = Rc::new(tree);
    let files = Files::new(id, source, Rc::clone(&tree), options);
    let mut cx = Refs {
        dialect,
        files,
        resolved: HashMap::new(),
        checked: HashMap::new(),
        hoists: IndexMap::new(),
        visited: HashSet::new(),
        pending: vec![(
            Target {
                file: 0,
                at: Pointer::root(),
            },
            Shape::Node(Kind::Document),
        )],
        diags,
    };
    cx.collect();
    names::give(&mut cx, &tree);
    rewrite::rewrite(cx, tree)
}

/// What is known about the references of a document.
struct Refs<'a> {
    dialect: Dialect,
    files: Files,
    /// What each text in each file leads to.
    resolved: HashMap<(usize, String), Result<Target, Refusal>>,
    /// The same, where a node of a kind is wanted.
    checked: HashMap<(usize, String, Kind), Result<Target, Refusal>>,
    /// What has to become a component, and under which name.
    hoists: IndexMap<(Target, Kind), String>,
    /// The places that `collect` has walked from.
    visited: HashSet<(Target, Kind)>,
    /// The places that it has yet to walk from.
    pending: Vec<(Target, Shape)>,
    diags: &'a mut Diagnostics,
}

impl Refs<'_> {
    fn collect(&mut self) {
        while let Some((target, shape)) = self.pending.pop() {
            let tree = Rc::clone(&self.files.get(target.file).tree);
            if let Some(value) = Files::node(&tree, &target.at) {
                self.collect_value(target.file, value, shape, Trail::At(&target.at));
            }
        }
    }

    fn collect_value(&mut self, file: usize, value: &Value, shape: Shape, trail: Trail<'_>) {
        match (shape, value) {
            (Shape::Node(kind) | Shape::BoolOr(kind), Value::Object(map)) => {
                if let Some(text) = reference(value) {
                    self.collect_reference(file, text, shape, kind, trail);
                }
                for (key, value) in map {
                    if kind == Kind::Discriminator && key == "mapping" {
                        self.collect_mapping(file, value, trail);
                    } else if let Some(shape) = grammar::member(kind, key, ANY_DIALECT) {
                        self.collect_value(file, value, shape, trail.key(key));
                    }
                }
            }
            (Shape::List(kind), Value::Array(list)) => {
                for (index, value) in list.iter().enumerate() {
                    self.collect_value(file, value, Shape::Node(kind), trail.index(index));
                }
            }
            (Shape::Map(kind), Value::Object(map)) => {
                if let Some(text) = reference(value) {
                    self.collect_inlined(file, text, shape, trail);
                }
                for (key, value) in map {
                    self.collect_value(file, value, Shape::Node(kind), trail.key(key));
                }
            }
            _ => {}
        }
    }

    fn collect_reference(
        &mut self,
        file: usize,
        text: &str,
        shape: Shape,
        kind: Kind,
        trail: Trail<'_>,
    ) {
        if self.dialect.container(kind).is_none() {
            return self.collect_inlined(file, text, shape, trail);
        }
        let Ok(target) = self.lookup_kind(file, text, kind, trail) else {
            return;
        };
        if self.component(&target, kind).is_some() {
            return;
        }
        if self.visited.insert((target.clone(), kind)) {
            self.hoists.insert((target.clone(), kind), String::new());
            self.pending.push((target, Shape::Node(kind)));
        }
    }

    /// What is copied in is only looked through; the copy is made by `rewrite`.
    fn collect_inlined(&mut self, file: usize, text: &str, shape: Shape, trail: Trail<'_>) {
        let Ok(target) = self.lookup(file, text, trail) else {
            return;
        };
        let Some(kind) = shape.kind() else { return };
        if self.visited.insert((target.clone(), kind)) {
            self.pending.push((target, shape));
        }
    }

    fn collect_mapping(&mut self, file: usize, mapping: &Value, trail: Trail<'_>) {
        for text in mapping
            .as_object()
            .into_iter()
            .flat_map(|map| map.values())
            .filter_map(Value::as_str)
        {
            if is_uri(text) {
                self.collect_reference(file, text, Shape::Node(Kind::Schema), Kind::Schema, trail);
            }
        }
    }

    /// What `text` leads to from its place.
    fn lookup(&mut self, file: usize, text: &str, trail: Trail<'_>) -> Result<Target, Refusal> {
        if let Some(at) = self.by_identity(file, text, trail) {
            return Ok(Target { file, at });
        }
        let key = (file, text.to_owned());
        if let Some(known) = self.resolved.get(&key) {
            return known
                .clone()
                .or_else(|refusal| self.nearby(file, text, trail).ok_or(refusal));
        }
        let found = self.files.resolve(file, text, self.diags);
        self.resolved.insert(key, found.clone());
        found.or_else(|refusal| self.nearby(file, text, trail).ok_or(refusal))
    }

    /// What `text` leads to because of the `$id` of a schema around it.
    fn by_identity(&mut self, file: usize, text: &str, trail: Trail<'_>) -> Option<Pointer> {
        let identities = self.files.identities(file);
        if !identities.is_inside(trail) {
            return None;
        }
        identities.lookup(&self.files.get(file).tree, text, trail)
    }

    /// What `text` leads to where a node of `kind` is wanted: not to a component of another kind, and not in
    /// a circle of references.
    fn lookup_kind(
        &mut self,
        file: usize,
        text: &str,
        kind: Kind,
        trail: Trail<'_>,
    ) -> Result<Target, Refusal> {
        if self.files.identities(file).is_inside(trail) {
            return self.check_kind(file, text, kind, trail);
        }
        let key = (file, text.to_owned(), kind);
        if let Some(known) = self.checked.get(&key) {
            return known.clone();
        }
        let found = self.check_kind(file, text, kind, trail);
        if matches!(self.resolved.get(&(file, text.to_owned())), Some(Ok(_))) {
            self.checked.insert(key, found.clone());
        }
        found
    }

    fn check_kind(
        &mut self,
        file: usize,
        text: &str,
        kind: Kind,
        trail: Trail<'_>,
    ) -> Result<Target, Refusal> {
        let first = self.lookup(file, text, trail)?;
        let refusal = |message| Refusal {
            code: Code::UnresolvedReference,
            message,
        };
        let other = names::KINDS
            .iter()
            .find(|other| **other != kind && self.component(&first, **other).is_some());
        if let Some(other) = other {
            let (is, wanted) = (grammar::one(*other), grammar::one(kind));
            return Err(refusal(format!("`{text}` is {is}, not {wanted}")));
        }
        let mut seen = vec![first.clone()];
        loop {
            let last = seen.last().expect("it begins with one").clone();
            let tree = Rc::clone(&self.files.get(last.file).tree);
            let Some(next) = Files::node(&tree, &last.at).and_then(reference) else {
                return Ok(first);
            };
            match self.lookup(last.file, next, Trail::At(&last.at)) {
                Ok(target) if seen.contains(&target) => {
                    return Err(refusal(format!("`{text}` leads in a circle")));
                }
                Ok(target) => seen.push(target),
                Err(_) if kind == Kind::Schema => return Ok(first),
                Err(refusal) => return Err(refusal),
            }
        }
    }

    /// `#/$defs/X` as schemas have it that were pasted in whole: relative to a schema around the reference.
    fn nearby(&self, file: usize, text: &str, trail: Trail<'_>) -> Option<Target> {
        let local = text.strip_prefix("#/")?;
        if !local.starts_with("$defs/") && !local.starts_with("definitions/") {
            return None;
        }
        let tree = &self.files.get(file).tree;
        let mut around = Some(trail.pointer());
        while let Some(holder) = around {
            let at = Pointer::parse(&format!("{}/{local}", holder.as_str()));
            if tree.pointer(at.as_str()).is_some() {
                return Some(Target { file, at });
            }
            around = holder.parent();
        }
        None
    }

    /// The name of the component that `target` is, if it is one of the document's and of that kind.
    fn component(&self, target: &Target, kind: Kind) -> Option<String> {
        if target.file != 0 {
            return None;
        }
        let name = target
            .at
            .as_str()
            .strip_prefix(self.dialect.container(kind)?)?
            .strip_prefix('/')?;
        (!name.contains('/')).then(|| target.at.tokens().last().unwrap_or_default())
    }
}

/// The text of a node's `$ref`, or of the `$dynamicRef` that stands for one.
fn reference(value: &Value) -> Option<&str> {
    let map = value.as_object()?;
    map.get("$ref").or_else(|| map.get("$dynamicRef"))?.as_str()
}

/// Whether a mapping's value is a URI reference and not the bare name of a schema.
fn is_uri(text: &str) -> bool {
    text.contains(['/', '#'])
        || [".json", ".yaml", ".yml"]
            .iter()
            .any(|end| text.ends_with(end))
}
