//! What a discriminator says of the members of its alternatives.
//!
//! In: all types. Out: the same, where a type that a union tells by a tag has that tag as the constant of its
//! member, so that callers need not give it.

use std::collections::BTreeMap;

use crate::model::{Kind, Schema, Shape, Type, UnionBy};

/// Fills in the constants. Where unions disagree about the tags of a type, it has none.
pub(super) fn fill(types: &mut [Type]) {
    let mut told: BTreeMap<(usize, String), Option<Vec<String>>> = BTreeMap::new();
    for ty in types.iter() {
        let Shape::Union(union) = &ty.shape else {
            continue;
        };
        let UnionBy::Tag(member) = &union.by else {
            continue;
        };
        for variant in &union.variants {
            if let Some(record) = record(types, &variant.schema) {
                told.entry((record, member.clone()))
                    .and_modify(|known| *known = known.take().filter(|tags| *tags == variant.tags))
                    .or_insert_with(|| Some(variant.tags.clone()));
            }
        }
    }
    for ((index, member), tags) in told {
        let Shape::Record(record) = &mut types[index].shape else {
            continue;
        };
        let field = record
            .fields
            .iter_mut()
            .find(|field| field.wire_name == member);
        if let (Some(field), Some(tag)) = (field, tags.unwrap_or_default().first()) {
            field.constant.get_or_insert_with(|| tag.as_str().into());
        }
    }
}

/// The record that a schema names, through aliases.
fn record(types: &[Type], schema: &Schema) -> Option<usize> {
    let mut kind = &schema.kind;
    for _ in 0..=types.len() {
        let Kind::Named(id) = kind else { return None };
        match &types[id.0].shape {
            Shape::Alias(schema) => kind = &schema.kind,
            Shape::Record(_) => return Some(id.0),
            Shape::Enum(_) | Shape::Union(_) => return None,
        }
    }
    None
}
