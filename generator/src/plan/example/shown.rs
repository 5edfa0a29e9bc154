//! Writes values that a document shows as Rust: as far as they are values of the type, and never its secrets, which
//! may be real.

use super::super::tree::{Field, Model, Presence, Shape, Type, UnionBy};
use super::super::values::is_of;
use super::values::{member, quoted};
use super::{DEPTH, Example, LONGEST_TEXT, Wanted};
use crate::model::StringFormat;
use serde_json::{Map, Value};

/// How many items of a list are shown.
const MOST_ITEMS: usize = 3;

/// The expression of a value; `None` where it is none of the type, or says nothing.
pub(super) fn value(
    ex: Example<'_>,
    ty: &Type,
    shown: &Value,
    wanted: Wanted,
    depth: usize,
) -> Option<String> {
    if depth > DEPTH {
        return None;
    }
    match ty {
        Type::Bool => shown.as_bool().map(|it| it.to_string()),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => whole(ty, shown),
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => whole(ty, shown),
        Type::F32 | Type::F64 => fraction(ty, shown),
        Type::String => text(shown, wanted),
        Type::DateTime => parsed(StringFormat::DateTime, shown),
        Type::Date => parsed(StringFormat::Date, shown),
        Type::Uuid => parsed(StringFormat::Uuid, shown),
        Type::Value => any(ex, shown),
        Type::List(inner) => list(ex, inner, shown, depth),
        Type::Map(inner) => map(ex, inner, shown, depth),
        Type::Optional(_) if shown.is_null() => Some("None".to_owned()),
        Type::Optional(inner) => {
            let inner = value(ex, inner, shown, Wanted::Owned, depth + 1)?;
            Some(format!("Some({inner})"))
        }
        Type::Boxed(inner) => {
            let inner = value(ex, inner, shown, Wanted::Owned, depth + 1)?;
            Some(format!("Box::new({inner})"))
        }
        Type::Named(name) => named(ex, ex.cx.model(name)?, shown, wanted, depth + 1),
        _ => None,
    }
}

fn whole(ty: &Type, shown: &Value) -> Option<String> {
    let number = match (shown.as_i64(), shown.as_u64()) {
        (Some(number), _) => i128::from(number),
        (None, Some(number)) => i128::from(number),
        (None, None) => return None,
    };
    let range = match ty {
        Type::I8 => i128::from(i8::MIN)..=i128::from(i8::MAX),
        Type::I16 => i128::from(i16::MIN)..=i128::from(i16::MAX),
        Type::I32 => i128::from(i32::MIN)..=i128::from(i32::MAX),
        Type::U8 => 0..=i128::from(u8::MAX),
        Type::U16 => 0..=i128::from(u16::MAX),
        Type::U32 => 0..=i128::from(u32::MAX),
        Type::U64 => 0..=i128::from(u64::MAX),
        _ => i128::from(i64::MIN)..=i128::from(i64::MAX),
    };
    range.contains(&number).then(|| number.to_string())
}

fn fraction(ty: &Type, shown: &Value) -> Option<String> {
    let number = shown.as_f64().filter(|number| number.is_finite())?;
    let fits = *ty == Type::F64 || number.abs() <= f64::from(f32::MAX);
    fits.then(|| format!("{number:?}"))
}

fn text(shown: &Value, wanted: Wanted) -> Option<String> {
    let text = shown.as_str().filter(|text| text.len() <= LONGEST_TEXT)?;
    let text = quoted(text);
    Some(match wanted {
        Wanted::Owned => text + ".to_owned()",
        Wanted::Into => text,
    })
}

fn parsed(format: StringFormat, shown: &Value) -> Option<String> {
    let text = shown.as_str().filter(|text| is_of(format, text))?;
    Some(format!("{}.parse()?", quoted(text)))
}

/// A scalar for a place of any value.
fn any(ex: Example<'_>, shown: &Value) -> Option<String> {
    let inner = match shown {
        Value::String(_) => text(shown, Wanted::Into)?,
        Value::Bool(flag) => flag.to_string(),
        Value::Number(_) => whole(&Type::I32, shown)?,
        _ => return None,
    };
    Some(format!("{}::runtime::Value::from({inner})", ex.cx.krate))
}

fn list(ex: Example<'_>, inner: &Type, shown: &Value, depth: usize) -> Option<String> {
    let items = shown.as_array()?.iter().take(MOST_ITEMS);
    let items: Option<Vec<String>> = items
        .map(|item| value(ex, inner, item, Wanted::Owned, depth + 1))
        .collect();
    let items = items.filter(|items| !items.is_empty())?;
    Some(format!("vec![{}]", items.join(", ")))
}

fn map(ex: Example<'_>, inner: &Type, shown: &Value, depth: usize) -> Option<String> {
    let members = shown.as_object()?.iter().take(MOST_ITEMS);
    let members: Option<Vec<String>> = members
        .map(|(name, shown)| {
            let name = quoted(Some(name.as_str()).filter(|name| name.len() <= LONGEST_TEXT)?);
            let inner = value(ex, inner, shown, Wanted::Owned, depth + 1)?;
            Some(format!("({name}.to_owned(), {inner})"))
        })
        .collect();
    let members = members.filter(|members| !members.is_empty())?;
    Some(format!(
        "std::collections::BTreeMap::from([{}])",
        members.join(", ")
    ))
}

fn named(
    ex: Example<'_>,
    model: &Model,
    shown: &Value,
    wanted: Wanted,
    depth: usize,
) -> Option<String> {
    let ty = format!("models::{}", model.name);
    match &model.shape {
        Shape::Record(_) => record(ex, model, shown.as_object()?, depth),
        Shape::Texts(variants) => {
            let text = shown.as_str()?;
            let variant = variants.iter().find(|variant| variant.text == text)?;
            Some(format!("{ty}::{}", variant.name))
        }
        Shape::Integers(variants) => {
            let number = shown.as_i64()?;
            let variant = variants.iter().find(|variant| variant.number == number)?;
            Some(format!("{ty}::{}", variant.name))
        }
        Shape::Scalars(_) => None,
        Shape::Union(union) => union.variants.iter().find_map(|variant| {
            if let UnionBy::Tag(member) = &union.by {
                let tag = shown.get(member)?.as_str()?;
                variant.tags.iter().find(|own| *own == tag)?;
            }
            let inner = value(ex, &variant.ty, shown, Wanted::Owned, depth)?;
            Some(format!("{ty}::{}({inner})", variant.name))
        }),
        Shape::Alias(aliased) => value(ex, aliased, shown, wanted, depth),
    }
}

/// A struct with the members that the document shows, and those that it must have.
pub(super) fn record(
    ex: Example<'_>,
    model: &Model,
    members: &Map<String, Value>,
    depth: usize,
) -> Option<String> {
    let Shape::Record(record) = &model.shape else {
        return None;
    };
    let constructor = record.constructor.as_ref()?;
    let inside = Example {
        members: Some(members),
        at: depth,
        ..ex
    };
    let taken = constructor.takes.iter();
    let arguments: Vec<String> = taken
        .map(|index| member(inside, &record.fields[*index], depth))
        .collect();
    let mut out = format!("models::{}::new({})", model.name, arguments.join(", "));
    for (index, setter) in &constructor.setters {
        let field = &record.fields[*index];
        let is_set = constructor.takes.contains(index) || field.constant.is_some();
        if let Some(value) = of_member(inside, field, depth).filter(|_| !is_set) {
            out.push_str(&format!(".{setter}({value})"));
        }
    }
    Some(out)
}

/// What the document shows of a member, without what is around it; `None` if it shows nothing that fits.
pub(super) fn of_member(ex: Example<'_>, field: &Field, depth: usize) -> Option<String> {
    let shown = ex.members?.get(&field.wire_name)?;
    if shown.is_null() {
        return None;
    }
    value(ex, &field.inner, shown, Wanted::Into, depth)
}

/// The same as an argument of `new`.
pub(super) fn argument(ex: Example<'_>, field: &Field, depth: usize) -> Option<String> {
    match field.presence {
        Presence::RequiredNullable => None,
        _ => of_member(ex, field, depth),
    }
}
