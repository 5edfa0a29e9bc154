//! Schemas to types: what values a place takes, and which of them need a definition of their own.
//!
//! A place may be described by several schemas at once (`allOf`, an overridden property, siblings). They are
//! gathered first, references apart from schemas of their own; only when more than a single reference
//! remains is anything merged. Components are defined from a queue, so a chain of references costs no stack.

use std::collections::{HashMap, HashSet, VecDeque};

use indexmap::IndexMap;
use openapiv3::{AnySchema, ReferenceOr, Schema as SpecSchema, SchemaData, SchemaKind};
use serde_json::Value;
use typed_arena::Arena;

use super::facts::{self, Facts, Node, Part};
use super::places::Places;
use super::xml;
use crate::diag::{Code, Diagnostics, Reading};
use crate::model::{Called, Docs, Kind, Limits, Schema, Shape, Type, TypeId};
use crate::pointer::Pointer;

/// How far `allOf` may lead from component to component; real documents stay below ten.
const DEEPEST: usize = 100;

/// How deep schemas may stand in each other without a name; real documents stay below twenty.
const DEEPEST_NESTING: usize = 40;

/// Turns schemas into types; one for a document.
pub(super) struct Schemas<'d> {
    pub(super) components: &'d IndexMap<String, ReferenceOr<SpecSchema>>,
    /// Schemas that `openapiv3` has no place for, once they are read.
    kept: &'d Arena<ReferenceOr<SpecSchema>>,
    pub(super) diags: &'d mut Diagnostics,
    pub(super) types: Vec<Type>,
    by_component: HashMap<&'d str, TypeId>,
    pub(super) by_place: HashMap<String, Schema>,
    pub(super) places: Places,
    queue: VecDeque<(&'d str, TypeId)>,
    children: Option<HashMap<&'d str, Vec<&'d str>>>,
    built_upon: HashSet<&'d str>,
    /// The choices whose alternatives are being looked at, the outermost first.
    pub(super) choosing: Vec<Pointer>,
    depth: usize,
}

/// A schema where it is used, with what the place itself says about it.
#[derive(Clone, Debug)]
pub(super) struct Usage {
    pub(super) schema: Schema,
    pub(super) docs: Docs,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) constant: Option<Value>,
}

/// What describes one place: references, schemas of its own, and what is only prose.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered<'d> {
    pub(super) references: Vec<(Pointer, &'d str)>,
    pub(super) own: Vec<Facts<'d>>,
    pub(super) prose: Facts<'d>,
    /// Where all the schemas are, those that are only prose too.
    pub(super) places: Vec<Pointer>,
}

/// Adds a word to a wish.
pub(super) fn within(called: &Called, word: &str) -> Called {
    let mut words = called.0.clone();
    words.push(word.to_owned());
    Called(words)
}

/// A schema without constraints.
pub(super) fn bare(kind: Kind) -> Schema {
    Schema {
        kind,
        nullable: false,
        default: None,
        limits: Limits::default(),
        xml: None,
    }
}

impl<'d> Schemas<'d> {
    pub(super) fn new(
        components: &'d IndexMap<String, ReferenceOr<SpecSchema>>,
        kept: &'d Arena<ReferenceOr<SpecSchema>>,
        places: Places,
        diags: &'d mut Diagnostics,
    ) -> Self {
        Self {
            components,
            kept,
            diags,
            types: Vec::new(),
            by_component: HashMap::new(),
            by_place: HashMap::new(),
            places,
            queue: VecDeque::new(),
            children: None,
            built_upon: HashSet::new(),
            choosing: Vec::new(),
            depth: 0,
        }
    }

    /// A schema that stands in an extension, where `load` puts what OpenAPI 3.0 has no word for.
    pub(super) fn kept(&mut self, at: &Pointer, value: &Value) -> Part<'d> {
        let schema = serde_json::from_value(value.clone()).unwrap_or_else(|err| {
            let said = format!("the schema cannot be read: {err}");
            self.diags.report(Code::UnreadableNode, at, said);
            ReferenceOr::Item(SpecSchema {
                schema_data: SchemaData::default(),
                schema_kind: SchemaKind::Any(AnySchema::default()),
            })
        });
        Part::new(at.clone(), self.kept.alloc(schema))
    }

    /// What the place takes that all of `parts` describe.
    pub(super) fn usage(&mut self, parts: &[Part<'d>], called: &Called) -> Usage {
        let gathered = self.gather(parts);
        if self.depth >= DEEPEST_NESTING {
            let said = "the schema is nested too deeply, and is read as any value";
            self.diags
                .report(Code::NestedTooDeeply, &gathered.prose.at, said);
            return self.resolve(Gathered::default(), called);
        }
        self.depth += 1;
        let usage = self.resolve(gathered, called);
        self.depth -= 1;
        self.places.schema(parts, &usage);
        usage
    }

    /// Defines the components that are used and not yet defined.
    pub(super) fn finish(&mut self) {
        while let Some((name, id)) = self.queue.pop_front() {
            self.define(name, id);
        }
    }

    /// The type of a component, defined sooner or later.
    pub(super) fn component(&mut self, name: &'d str) -> TypeId {
        if let Some(id) = self.by_component.get(name) {
            return *id;
        }
        let id = self.allocate(
            &component_place(name),
            Called(vec![name.to_owned()]),
            Docs::default(),
        );
        self.types[id.0].named = true;
        self.by_component.insert(name, id);
        self.queue.push_back((name, id));
        id
    }

    /// The key of the component that a reference names, its escapes (RFC 6901) undone.
    pub(super) fn key_of(&self, name: &'d str) -> &'d str {
        if !name.contains('~') || self.components.contains_key(name) {
            return name;
        }
        let key = name.replace("~1", "/").replace("~0", "~");
        let known = self.components.get_key_value(&key);
        known.map_or(name, |(key, _)| key.as_str())
    }

    pub(super) fn allocate(&mut self, at: &Pointer, called: Called, docs: Docs) -> TypeId {
        let shape = Shape::Alias(bare(Kind::Any));
        self.types.push(Type {
            at: at.clone(),
            called,
            named: false,
            twins: Vec::new(),
            likeness: None,
            docs,
            limits: Limits::default(),
            xml: None,
            shape,
        });
        TypeId(self.types.len() - 1)
    }

    /// Whether something already leads to the component, or is built from it.
    pub(super) fn is_used(&mut self, name: &str) -> bool {
        self.by_component.contains_key(name)
            || self.built_upon.contains(name)
            || !self.children_of(name).is_empty()
    }

    fn define(&mut self, name: &'d str, id: TypeId) {
        let Some(schema) = self.components.get(name) else {
            return;
        };
        let part = Part::new(component_place(name), schema);
        let gathered = self.gather(std::slice::from_ref(&part));
        let called = self.types[id.0].called.clone();
        let mut docs = gathered.prose.docs.clone();
        for facts in &gathered.own {
            facts::join_docs(&mut docs, &facts.docs);
        }
        self.types[id.0].docs = docs;
        let mut said = gathered.prose.xml.clone();
        for facts in &gathered.own {
            xml::join(&mut said, facts.xml.clone());
        }
        self.types[id.0].xml = said;
        let family = gathered
            .own
            .iter()
            .any(|facts| facts.discriminator.is_some() && facts.choices.is_empty());
        if family && let Some(shape) = self.family(name, &gathered) {
            self.note_typed(&gathered.places);
            self.types[id.0].shape = shape;
            self.places.typed(&[part], &bare(Kind::Named(id)));
            return;
        }
        let usage = self.resolve_into(gathered, &called, Some(id));
        let named = Schema {
            nullable: usage.schema.nullable,
            ..bare(Kind::Named(id))
        };
        self.places.typed(&[part], &named);
        if matches!(usage.schema.kind, Kind::Named(same) if same == id) {
            self.types[id.0].limits = usage.schema.limits;
        } else {
            self.types[id.0].shape = Shape::Alias(usage.schema);
        }
    }

    pub(super) fn gather(&mut self, parts: &[Part<'d>]) -> Gathered<'d> {
        let mut gathered = Gathered::default();
        for part in parts {
            self.gather_part(part, &mut gathered);
        }
        if gathered.prose.at == Pointer::root()
            && let Some(first) = parts.first()
        {
            gathered.prose.at = first.at.clone();
        }
        gathered
    }

    fn gather_part(&mut self, part: &Part<'d>, gathered: &mut Gathered<'d>) {
        match part.node {
            Node::Component(name) => {
                let name = self.key_of(name);
                if !gathered.references.iter().any(|(_, known)| *known == name) {
                    gathered.references.push((part.at.clone(), name));
                }
            }
            Node::Inline(schema) => {
                gathered.places.push(part.at.clone());
                let (facts, all_of) = facts::read(&part.at, schema);
                if facts.not {
                    self.diags.report(
                        Code::NotIgnored,
                        &part.at.push("not"),
                        "`not` is told in the docs only",
                    );
                }
                // `type: object` beside `allOf` says what its branches say again
                let only_object = !all_of.is_empty() && facts.ty.as_deref() == Some("object") && {
                    let mut rest = facts.clone();
                    rest.ty = None;
                    rest.is_trivial()
                };
                if facts.is_trivial() || only_object {
                    let conflicts = gathered.prose.merge(Facts { ty: None, ..facts });
                    debug_assert!(conflicts.is_empty(), "prose has no keywords to differ on");
                } else if !gathered.own.iter().any(|known| known.at == facts.at) {
                    gathered.own.push(facts);
                }
                for branch in &all_of {
                    self.gather_part(branch, gathered);
                }
            }
        }
    }

    pub(super) fn resolve(&mut self, gathered: Gathered<'d>, called: &Called) -> Usage {
        self.resolve_into(gathered, called, None)
    }

    pub(super) fn resolve_into(
        &mut self,
        gathered: Gathered<'d>,
        called: &Called,
        slot: Option<TypeId>,
    ) -> Usage {
        let Gathered {
            references,
            mut own,
            prose,
            places,
        } = gathered;
        let says_nothing = references.is_empty() && own.is_empty();
        let mut usage = Usage {
            schema: bare(Kind::Any),
            docs: prose.docs,
            read_only: prose.read_only,
            write_only: prose.write_only,
            constant: None,
        };
        usage.schema.xml = prose.xml;
        let mut default = prose.default;
        let mut nullable = prose.nullable;
        // who adds nothing to a base type with a discriminator is one of its family all the same, and not
        // another name for the family
        let only_base = match (references.as_slice(), slot) {
            ([(_, base)], Some(_)) if own.is_empty() && !places.is_empty() => Some(*base),
            _ => None,
        };
        let joins = only_base.is_some_and(|base| self.heads_a_family(base));
        if references.len() + own.len() == 1 && !joins {
            if let Some((_, name)) = references.first() {
                let (with_null, constant) = self.told_by_component(name);
                nullable |= with_null;
                usage.constant = constant;
                let id = self.component(name);
                usage.schema.kind = Kind::Named(id);
            } else if let Some(facts) = own.pop() {
                self.tell(&mut usage, &facts);
                default = default.or_else(|| facts.default.clone());
                nullable |= facts.nullable;
                let said = usage.schema.xml.take();
                usage.schema = self.build(facts, called, slot);
                usage.schema.xml = said;
            }
        } else if !(references.is_empty() && own.is_empty()) {
            let places: Vec<String> = own.iter().map(Facts::key).collect();
            let names: Vec<&str> = references.iter().map(|(_, name)| *name).collect();
            let key = format!("{} {}", places.join(" "), names.join(" "));
            let at = own.last().map_or(prose.at, |facts| facts.at.clone());
            let wish = own.iter().rev().find_map(|facts| facts.called.clone());
            let mut merged = self.merge_all(&references, own);
            merged.called = wish;
            merged.at = at;
            merged.key = Some(key);
            self.tell(&mut usage, &merged);
            default = default.or_else(|| merged.default.clone());
            nullable |= merged.nullable;
            let said = usage.schema.xml.take();
            usage.schema = self.build(merged, called, slot);
            usage.schema.xml = said;
        }
        let reading = match usage.schema.kind {
            _ if says_nothing => Reading::Free,
            Kind::Any => Reading::Any,
            _ => Reading::Typed,
        };
        self.diags.readings_mut().note(&places, reading);
        usage.schema.nullable |= nullable;
        usage.schema.default = default;
        usage
    }

    fn tell(&self, usage: &mut Usage, facts: &Facts<'d>) {
        facts::join_docs(&mut usage.docs, &facts.docs);
        usage.read_only |= facts.read_only;
        usage.write_only |= facts.write_only;
        usage.constant = only_value(facts);
        xml::join(&mut usage.schema.xml, facts.xml.clone());
    }

    /// What a reference brings along that belongs to the place: whether `null` is allowed, and a constant.
    fn told_by_component(&mut self, name: &'d str) -> (bool, Option<Value>) {
        let mut name = name;
        let mut nullable = false;
        for _ in 0..DEEPEST {
            let Some(schema) = self.components.get(name) else {
                break;
            };
            let part = Part::new(component_place(name), schema);
            let gathered = self.gather(std::slice::from_ref(&part));
            nullable |= gathered.prose.nullable || gathered.own.iter().any(|facts| facts.nullable);
            match (gathered.references.as_slice(), gathered.own.as_slice()) {
                ([(_, next)], []) => name = next,
                ([], [facts]) => return (nullable, only_value(facts)),
                _ => break,
            }
        }
        (nullable, None)
    }

    fn merge_all(&mut self, references: &[(Pointer, &'d str)], own: Vec<Facts<'d>>) -> Facts<'d> {
        let mut merged = Facts::default();
        for (at, name) in references {
            let base = self.flatten(name, &mut Vec::new());
            self.merge(&mut merged, base, at);
        }
        for facts in own {
            let at = facts.at.clone();
            self.merge(&mut merged, facts, &at);
        }
        merged
    }

    pub(super) fn merge(&mut self, into: &mut Facts<'d>, from: Facts<'d>, at: &Pointer) {
        for keyword in into.merge(from) {
            let said = format!(
                "the branches of `allOf` disagree about `{keyword}`; the first is believed"
            );
            self.diags.report(Code::AllOfConflict, at, said);
        }
    }

    /// Notes for the census that schemas are types, or parts of one.
    pub(super) fn note_typed(&mut self, places: &[Pointer]) {
        self.diags.readings_mut().note(places, Reading::Typed);
    }

    /// All that a component says about an object that builds on it.
    fn flatten(&mut self, name: &'d str, seen: &mut Vec<&'d str>) -> Facts<'d> {
        if seen.contains(&name) || seen.len() >= DEEPEST {
            let said = format!("`{name}` is built on itself through `allOf`");
            self.diags
                .report(Code::AllOfCycle, &component_place(name), said);
            return Facts::default();
        }
        let Some(schema) = self.components.get(name) else {
            return Facts::default();
        };
        seen.push(name);
        self.built_upon.insert(name);
        let part = Part::new(component_place(name), schema);
        let gathered = self.gather(std::slice::from_ref(&part));
        self.note_typed(&gathered.places);
        let mut merged = Facts::default();
        for (at, base) in &gathered.references {
            let base = self.flatten(base, seen);
            self.merge(&mut merged, base, at);
        }
        for mut facts in gathered.own {
            // who builds on a union with a discriminator is one of its variants, not the union
            facts
                .choices
                .retain(|choice| choice.discriminator.is_none());
            facts.docs = Docs::default();
            // nor is it called like it
            facts.xml = None;
            let at = facts.at.clone();
            self.merge(&mut merged, facts, &at);
        }
        seen.pop();
        merged
    }

    /// The components that build on `name` through `allOf`, directly, in the order of the document.
    pub(super) fn children_of(&mut self, name: &str) -> Vec<&'d str> {
        if self.children.is_none() {
            let mut children: HashMap<&'d str, Vec<&'d str>> = HashMap::new();
            let schemas = self.components.iter();
            for (child, schema) in schemas.filter(|(_, schema)| schema.as_item().is_some()) {
                let part = Part::new(component_place(child), schema);
                for (_, base) in self.gather(std::slice::from_ref(&part)).references {
                    if base != child.as_str() {
                        children.entry(base).or_default().push(child);
                    }
                }
            }
            self.children = Some(children);
        }
        self.children
            .as_ref()
            .and_then(|children| children.get(name))
            .cloned()
            .unwrap_or_default()
    }
}

pub(super) fn component_place(name: &str) -> Pointer {
    Pointer::root()
        .push("components")
        .push("schemas")
        .push(name)
}

/// The only value that `facts` allow; `null` only if there is nothing else.
pub(super) fn only_value(facts: &Facts<'_>) -> Option<Value> {
    if facts.is_null() {
        return Some(Value::Null);
    }
    let mut values = facts
        .values
        .iter()
        .flatten()
        .filter(|value| !value.is_null());
    let first = values.next()?;
    values.next().is_none().then(|| first.clone())
}
