//! Identical inline schemas become one type.
//!
//! Documents repeat the same error body for each status of each operation. Records and unions that a
//! document did not name itself and that differ in nothing but prose are one type; enums too, where the
//! member that holds them is called alike. The shared type keeps the shortest, then the first name of the
//! alphabet, so that it does not depend on the order of the document.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::digest;
use crate::model::{
    Api, Called, Kind, Limits, Place, Record, Rest, Schema, Shape, Twin, Type, TypeId,
};

/// Makes identical inline types one, and leaves out those that are no longer used.
pub(super) fn share(api: &mut Api, places: &mut [Place]) {
    let mut stands_for: Vec<usize> = (0..api.types.len()).collect();
    for class in Classes::of(&api.types) {
        let best = class
            .members
            .iter()
            .copied()
            .min_by_key(|index| rank(&api.types[*index].called));
        let Some(best) = best else { continue };
        let others = class.members.iter().filter(|member| **member != best);
        api.types[best].twins = others.map(|other| twin(&api.types[*other])).collect();
        api.types[best].likeness = Some(class.likeness);
        for member in class.members {
            stands_for[member] = best;
        }
    }
    let kept = reindex(api, &stands_for);
    let mut visit = |id: &mut TypeId| id.0 = kept[stands_for[id.0]];
    walk(api, &mut visit);
    for place in places {
        walk_schema(&mut place.schema, &mut visit);
    }
}

fn twin(ty: &Type) -> Twin {
    Twin {
        at: ty.at.clone(),
        called: ty.called.clone(),
    }
}

fn rank(called: &Called) -> (usize, Vec<String>) {
    (called.0.len(), called.0.clone())
}

/// Drops the types that another stands for; returns where each of the others is now.
fn reindex(api: &mut Api, stands_for: &[usize]) -> Vec<usize> {
    let mut kept = vec![0; api.types.len()];
    let mut types = Vec::with_capacity(api.types.len());
    for (index, ty) in std::mem::take(&mut api.types).into_iter().enumerate() {
        if stands_for[index] == index {
            kept[index] = types.len();
            types.push(ty);
        }
    }
    api.types = types;
    kept
}

/// Shows every mention of a type.
fn walk(api: &mut Api, visit: &mut impl FnMut(&mut TypeId)) {
    for operation in &mut api.operations {
        for param in &mut operation.params {
            walk_schema(&mut param.schema, visit);
        }
        let bodies = operation.body.iter_mut().flat_map(|body| &mut body.content);
        let answers = operation
            .responses
            .iter_mut()
            .flat_map(|response| &mut response.content);
        for schema in bodies
            .chain(answers)
            .filter_map(|media| media.schema.as_mut())
        {
            walk_schema(schema, visit);
        }
        for header in operation
            .responses
            .iter_mut()
            .flat_map(|response| &mut response.headers)
        {
            walk_schema(&mut header.schema, visit);
        }
        let pages = operation.pagination.iter_mut();
        for items in pages.filter_map(|pages| pages.items.as_mut()) {
            walk_schema(&mut items.schema, visit);
        }
    }
    let sent = api.webhooks.iter_mut().flat_map(|sent| &mut sent.content);
    for schema in sent.filter_map(|media| media.schema.as_mut()) {
        walk_schema(schema, visit);
    }
    for ty in &mut api.types {
        match &mut ty.shape {
            Shape::Record(record) => {
                for field in &mut record.fields {
                    walk_schema(&mut field.schema, visit);
                }
                if let Rest::Typed(schema) = &mut record.rest {
                    walk_schema(schema, visit);
                }
            }
            Shape::Union(union) => union
                .variants
                .iter_mut()
                .for_each(|variant| walk_schema(&mut variant.schema, visit)),
            Shape::Alias(schema) => walk_schema(schema, visit),
            Shape::Enum(_) => {}
        }
    }
}

fn walk_schema(schema: &mut Schema, visit: &mut impl FnMut(&mut TypeId)) {
    match &mut schema.kind {
        Kind::Named(id) => visit(id),
        Kind::List(item) | Kind::Map(item) => walk_schema(item, visit),
        Kind::Tuple(items, rest) => {
            items.iter_mut().for_each(|item| walk_schema(item, visit));
            rest.iter_mut().for_each(|rest| walk_schema(rest, visit));
        }
        _ => {}
    }
}

/// The classes of inline types that differ in nothing but prose. What a type contains is written as its class, so
/// that each type is looked at once however deep it stands.
struct Classes<'a> {
    types: &'a [Type],
    found: Vec<Found>,
    /// The class of each text that says what a type is.
    numbers: HashMap<String, usize>,
    classes: Vec<Class>,
}

/// Inline types that differ in nothing but prose.
struct Class {
    /// The number of the text that says what they are.
    likeness: u64,
    members: Vec<usize>,
}

/// What is known of a type's class.
#[derive(Clone, Copy)]
enum Found {
    Nothing,
    /// It is being looked at: a type within itself is like no other.
    Open,
    Class(usize),
}

impl<'a> Classes<'a> {
    /// The members of each class, in the order of the first ones.
    fn of(types: &'a [Type]) -> Vec<Class> {
        let mut classes = Self {
            types,
            found: vec![Found::Nothing; types.len()],
            numbers: HashMap::new(),
            classes: Vec::new(),
        };
        for (index, ty) in types.iter().enumerate() {
            if !ty.named && !matches!(ty.shape, Shape::Alias(_)) {
                classes.class(index);
            }
        }
        classes.classes
    }

    /// The class of an inline type; `None` while it is looked at.
    fn class(&mut self, index: usize) -> Option<usize> {
        match self.found[index] {
            Found::Class(class) => return Some(class),
            Found::Open => return None,
            Found::Nothing => {}
        }
        self.found[index] = Found::Open;
        let mut text = String::new();
        self.write_type(&mut text, &self.types[index]);
        let next = self.classes.len();
        let likeness = digest::short(&text);
        let class = *self.numbers.entry(text).or_insert(next);
        if class == next {
            let members = Vec::new();
            self.classes.push(Class { likeness, members });
        }
        self.classes[class].members.push(index);
        self.found[index] = Found::Class(class);
        Some(class)
    }

    /// Writes what makes a type what it is.
    fn write_type(&mut self, text: &mut String, ty: &'a Type) {
        match &ty.shape {
            Shape::Record(record) => self.write_record(text, record),
            Shape::Enum(set) => {
                let _ = write!(text, "enum {:?} {:?}(", ty.called.0.last(), set.base);
                for variant in &set.variants {
                    let _ = write!(text, "{:?}={:?},", variant.called, variant.value);
                }
                text.push(')');
            }
            Shape::Union(union) => {
                let _ = write!(text, "union {:?}(", union.by);
                for variant in &union.variants {
                    let _ = write!(text, "{:?} {:?} ", variant.called, variant.tags);
                    self.write_schema(text, &variant.schema);
                }
                text.push(')');
            }
            Shape::Alias(schema) => self.write_schema(text, schema),
        }
    }

    fn write_record(&mut self, text: &mut String, record: &'a Record) {
        text.push_str("record(");
        for field in &record.fields {
            let flags = (field.required, field.read_only, field.write_only);
            let _ = write!(
                text,
                "{:?} {flags:?} {:?} ",
                field.wire_name, field.constant
            );
            self.write_schema(text, &field.schema);
        }
        match &record.rest {
            Rest::Any => text.push_str(" any"),
            Rest::Closed => text.push_str(" closed"),
            Rest::Typed(schema) => self.write_schema(text, schema),
        }
        text.push(')');
    }

    fn write_schema(&mut self, text: &mut String, schema: &'a Schema) {
        let _ = write!(text, "{} {:?} ", schema.nullable, schema.default);
        if let Some(xml) = &schema.xml {
            let _ = write!(text, "{xml:?} ");
        }
        if schema.limits != Limits::default() {
            let _ = write!(text, "{:?} ", schema.limits);
        }
        match &schema.kind {
            Kind::Named(TypeId(index)) => self.write_named(text, *index),
            Kind::List(item) | Kind::Map(item) => {
                let is_list = matches!(schema.kind, Kind::List(_));
                text.push_str(if is_list { "list(" } else { "map(" });
                self.write_schema(text, item);
                text.push(')');
            }
            Kind::Tuple(items, rest) => {
                text.push_str("tuple(");
                for item in items {
                    self.write_schema(text, item);
                }
                text.push('/');
                if let Some(rest) = rest {
                    self.write_schema(text, rest);
                }
                text.push(')');
            }
            kind => {
                let _ = write!(text, "{kind:?}");
            }
        }
        text.push(';');
    }

    fn write_named(&mut self, text: &mut String, index: usize) {
        let ty = &self.types[index];
        let class = match &ty.shape {
            _ if ty.named => None,
            Shape::Alias(schema) if matches!(self.found[index], Found::Nothing) => {
                self.found[index] = Found::Open;
                self.write_schema(text, schema);
                self.found[index] = Found::Nothing;
                return;
            }
            Shape::Alias(_) => None,
            _ => self.class(index),
        };
        let _ = match class {
            Some(class) => write!(text, "~{:x}", self.classes[class].likeness),
            None => write!(text, "{}", ty.at),
        };
    }
}
