//! Identical inline schemas become one type.
//!
//! Documents repeat the same error body for each status of each operation. Records and unions that a
//! document did not name itself and that differ in nothing but prose are one type; enums too, where the
//! member that holds them is called alike. The shared type keeps the shortest, then the first name of the
//! alphabet, so that it does not depend on the order of the document.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::model::{Api, Called, Kind, Place, Record, Rest, Schema, Shape, Type, TypeId};

/// Deeper nesting than this is not compared.
const DEEPEST: usize = 16;

/// Makes identical inline types one, and leaves out those that are no longer used.
pub(super) fn share(api: &mut Api, places: &mut [Place]) {
    let mut stands_for: Vec<usize> = (0..api.types.len()).collect();
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    let mut keys: Vec<String> = Vec::new();
    for (index, ty) in api.types.iter().enumerate() {
        if ty.named || matches!(ty.shape, Shape::Alias(_)) {
            continue;
        }
        let mut key = String::new();
        if write_type(&mut key, &api.types, ty, 0).is_none() {
            continue;
        }
        let group = groups.entry(key.clone()).or_default();
        if group.is_empty() {
            keys.push(key);
        }
        group.push(index);
    }
    for key in keys {
        let members = &groups[&key];
        let best = members
            .iter()
            .copied()
            .min_by_key(|index| rank(&api.types[*index].called));
        for member in members {
            stands_for[*member] = best.unwrap_or(*member);
        }
    }
    let kept = reindex(api, &stands_for);
    let mut visit = |id: &mut TypeId| id.0 = kept[stands_for[id.0]];
    walk(api, &mut visit);
    for place in places {
        walk_schema(&mut place.schema, &mut visit);
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

/// Writes what makes a type what it is; `None` if it is nested too deeply to compare.
fn write_type(key: &mut String, types: &[Type], ty: &Type, depth: usize) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    match &ty.shape {
        Shape::Record(record) => write_record(key, types, record, depth)?,
        Shape::Enum(set) => {
            let _ = write!(key, "enum {:?} {:?}(", ty.called.0.last(), set.base);
            for variant in &set.variants {
                let _ = write!(key, "{:?}={:?},", variant.called, variant.value);
            }
            key.push(')');
        }
        Shape::Union(union) => {
            let _ = write!(key, "union {:?}(", union.by);
            for variant in &union.variants {
                let _ = write!(key, "{:?} {:?} ", variant.called, variant.tags);
                write_schema(key, types, &variant.schema, depth)?;
            }
            key.push(')');
        }
        Shape::Alias(schema) => write_schema(key, types, schema, depth)?,
    }
    Some(())
}

fn write_record(key: &mut String, types: &[Type], record: &Record, depth: usize) -> Option<()> {
    key.push_str("record(");
    for field in &record.fields {
        let flags = (field.required, field.read_only, field.write_only);
        let _ = write!(key, "{:?} {flags:?} {:?} ", field.wire_name, field.constant);
        write_schema(key, types, &field.schema, depth)?;
    }
    match &record.rest {
        Rest::Any => key.push_str(" any"),
        Rest::Closed => key.push_str(" closed"),
        Rest::Typed(schema) => write_schema(key, types, schema, depth)?,
    }
    key.push(')');
    Some(())
}

fn write_schema(key: &mut String, types: &[Type], schema: &Schema, depth: usize) -> Option<()> {
    let _ = write!(
        key,
        "{} {:?} {:?} ",
        schema.nullable, schema.default, schema.limits
    );
    match &schema.kind {
        Kind::Named(TypeId(index)) if types[*index].named => {
            let _ = write!(key, "#{index}");
        }
        Kind::Named(TypeId(index)) => write_type(key, types, &types[*index], depth + 1)?,
        Kind::List(item) | Kind::Map(item) => {
            key.push_str(if matches!(schema.kind, Kind::List(_)) {
                "list("
            } else {
                "map("
            });
            write_schema(key, types, item, depth)?;
            key.push(')');
        }
        Kind::Tuple(items, rest) => {
            key.push_str("tuple(");
            items
                .iter()
                .try_for_each(|item| write_schema(key, types, item, depth))?;
            key.push('/');
            rest.iter()
                .try_for_each(|rest| write_schema(key, types, rest, depth))?;
            key.push(')');
        }
        kind => {
            let _ = write!(key, "{kind:?}");
        }
    }
    key.push(';');
    Some(())
}
