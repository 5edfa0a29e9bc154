//! The members of bodies, walked from the outside in.

use std::collections::VecDeque;

use crate::model::{Field, Kind, Record, Schema, Shape, Type};

/// How many objects deep tokens and credentials are looked for.
const DEPTH: usize = 3;
/// How many members of one body are looked at: documents hold bodies without end.
const MOST: usize = 600;

/// A member of a body.
#[derive(Clone, Debug)]
pub(super) struct Member<'a> {
    /// The names that lead to it, its own the last.
    pub(super) path: Vec<&'a str>,
    /// The member.
    pub(super) field: &'a Field,
}

impl Member<'_> {
    /// The path with owned names.
    pub(super) fn owned(&self) -> Vec<String> {
        self.path.iter().map(|&name| name.to_owned()).collect()
    }
}

/// The members of a body, those further out first. Lists and maps are not looked into.
pub(super) fn members<'a>(types: &'a [Type], schema: &'a Schema) -> Vec<Member<'a>> {
    let mut found = Vec::new();
    let mut waiting: VecDeque<(Vec<&'a str>, &'a Schema)> = VecDeque::from([(Vec::new(), schema)]);
    while let Some((path, schema)) = waiting.pop_front() {
        for record in records(types, schema) {
            for field in &record.fields {
                if found.len() == MOST {
                    return found;
                }
                let mut path = path.clone();
                path.push(field.wire_name.as_str());
                if path.len() < DEPTH {
                    waiting.push_back((path.clone(), &field.schema));
                }
                found.push(Member { path, field });
            }
        }
    }
    found
}

/// The objects that a schema stands for: one, none, or those of a union's alternatives.
fn records<'a>(types: &'a [Type], schema: &'a Schema) -> Vec<&'a Record> {
    let mut found = Vec::new();
    let mut waiting = vec![schema];
    // Unions may hold themselves; a chain of names longer than this is a circle.
    for _ in 0..64 {
        let Some(schema) = waiting.pop() else { break };
        let Kind::Named(id) = schema.kind else {
            continue;
        };
        match types.get(id.0).map(|known| &known.shape) {
            Some(Shape::Record(record)) => found.push(record),
            Some(Shape::Alias(schema)) => waiting.push(schema),
            Some(Shape::Union(union)) => {
                waiting.extend(union.variants.iter().map(|variant| &variant.schema));
            }
            Some(Shape::Enum(_)) | None => {}
        }
    }
    found
}

/// What a schema is where names lead to something that is no object.
pub(super) fn scalar<'a>(types: &'a [Type], schema: &'a Schema) -> Option<&'a Kind> {
    let mut kind = &schema.kind;
    for _ in 0..32 {
        let Kind::Named(id) = kind else {
            return Some(kind);
        };
        match &types.get(id.0)?.shape {
            Shape::Alias(schema) => kind = &schema.kind,
            Shape::Record(_) | Shape::Enum(_) | Shape::Union(_) => return None,
        }
    }
    None
}

/// The texts that a member may be, where the document lists them.
pub(super) fn listed(types: &[Type], field: &Field) -> Vec<String> {
    if let Some(value) = &field.constant {
        return value.as_str().map(str::to_owned).into_iter().collect();
    }
    values(types, &field.schema)
}

/// The texts that a schema lists.
pub(super) fn values(types: &[Type], schema: &Schema) -> Vec<String> {
    let mut kind = &schema.kind;
    for _ in 0..32 {
        let Kind::Named(id) = kind else {
            return Vec::new();
        };
        match types.get(id.0).map(|known| &known.shape) {
            Some(Shape::Alias(schema)) => kind = &schema.kind,
            Some(Shape::Enum(listed)) => {
                let texts = listed.variants.iter();
                return texts
                    .filter_map(|variant| variant.value.as_str().map(str::to_owned))
                    .collect();
            }
            _ => return Vec::new(),
        }
    }
    Vec::new()
}

/// Whether a member may be a text. Kinds that the document leaves open may.
pub(super) fn may_be_text(types: &[Type], schema: &Schema) -> bool {
    match scalar(types, schema) {
        Some(kind) => matches!(kind, Kind::String(_) | Kind::Any),
        None => !values(types, schema).is_empty(),
    }
}
