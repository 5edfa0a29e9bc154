//! Writes values of types: what stands where a document shows nothing.

use super::super::docs;
use super::super::names::Case;
use super::super::tree::{Field, Model, Payload, Presence, Shape, Type};
use super::super::words;
use super::{DEPTH, Example, Wanted, shown};

pub(super) fn payload(ex: Example<'_>, payload: &Payload, wanted: Wanted) -> String {
    match (payload, wanted) {
        (Payload::Slot(ty), _) => value(ex, ty, None, "body", wanted, 0),
        (Payload::Lines(ty), wanted) => {
            let item = value(ex, ty, None, "line", Wanted::Owned, 0);
            match wanted {
                Wanted::Into => format!("vec![{item}]"),
                Wanted::Owned => format!("vec![{item}].into()"),
            }
        }
        (Payload::Xml(xml), _) => value(ex, &xml.ty, None, "body", wanted, 0),
        (_, Wanted::Into) => "\"content\"".to_owned(),
        (_, Wanted::Owned) => "\"content\".into()".to_owned(),
    }
}

pub(super) fn value(
    ex: Example<'_>,
    ty: &Type,
    hint: Option<&str>,
    name: &str,
    wanted: Wanted,
    depth: usize,
) -> String {
    let owned = |text: String, how: &str| {
        if wanted == Wanted::Owned {
            text + how
        } else {
            text
        }
    };
    match ty {
        Type::Unit => "()".to_owned(),
        Type::Bool => "true".to_owned(),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => whole(ty, hint),
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => whole(ty, hint),
        Type::F32 | Type::F64 => "1.0".to_owned(),
        Type::String => owned(quoted(hint.unwrap_or(&placeholder(name))), ".to_owned()"),
        Type::Secret => owned(quoted(hint.unwrap_or(&placeholder(name))), ".into()"),
        Type::Base64 => "b\"content\".to_vec().into()".to_owned(),
        Type::Bytes | Type::Part | Type::Upload => owned("\"content\"".to_owned(), ".into()"),
        Type::Multipart => {
            let krate = &ex.cx.krate;
            format!("{krate}::runtime::Multipart::new().part(\"file\", \"content\")")
        }
        Type::DateTime => "\"2026-01-31T12:00:00Z\".parse()?".to_owned(),
        Type::Date => "\"2026-01-31\".parse()?".to_owned(),
        Type::Uuid => "\"67e55044-10b1-426f-9247-bb680e5fe0c8\".parse()?".to_owned(),
        Type::Value => format!("{}::runtime::Value::Null", ex.cx.krate),
        // a list may hold what it stands in
        Type::List(_) if depth >= DEPTH => "Vec::new()".to_owned(),
        Type::List(inner) => format!(
            "vec![{}]",
            value(ex, inner, hint, name, Wanted::Owned, depth + 1)
        ),
        Type::Decimal => "\"1.50\".parse()?".to_owned(),
        Type::Quoted(inner) if **inner == Type::Decimal => {
            format!("{}::runtime::Quoted(\"1.50\".parse()?)", ex.cx.krate)
        }
        Type::Quoted(_) => owned("1".to_owned(), ".into()"),
        Type::Tuple(types) => places(ex, types, name, depth),
        Type::OpenTuple(types, _) => {
            let places = places(ex, types, name, depth);
            format!("{}::runtime::Tuple::new({places})", ex.cx.krate)
        }
        Type::Map(_) | Type::Extra => "Default::default()".to_owned(),
        Type::Optional(_) => "None".to_owned(),
        Type::Nullable(_) => format!("{}::runtime::Nullable::Absent", ex.cx.krate),
        Type::Boxed(inner) => format!(
            "Box::new({})",
            value(ex, inner, hint, name, Wanted::Owned, depth + 1)
        ),
        Type::Named(ident) => match ex.cx.model(ident) {
            Some(model) => named(ex, model, name, depth + 1),
            None => "Default::default()".to_owned(),
        },
    }
}

/// A tuple, with its brackets.
fn places(ex: Example<'_>, types: &[Type], name: &str, depth: usize) -> String {
    let places: Vec<String> = types
        .iter()
        .map(|ty| value(ex, ty, None, name, Wanted::Owned, depth + 1))
        .collect();
    match places.as_slice() {
        [only] => format!("({only},)"),
        places => format!("({})", places.join(", ")),
    }
}

pub(super) fn named(ex: Example<'_>, model: &Model, name: &str, depth: usize) -> String {
    let ty = format!("models::{}", model.name);
    match &model.shape {
        Shape::Record(record) => {
            let taken = record.constructor.iter().flat_map(|new| &new.takes);
            let args: Vec<String> = taken
                .map(|index| member(ex, &record.fields[*index], depth))
                .collect();
            format!("{ty}::new({})", args.join(", "))
        }
        Shape::Texts(variants) => match variants.first() {
            Some(variant) => format!("{ty}::{}", variant.name),
            None => format!("{ty}::from(\"text\")"),
        },
        Shape::Integers(variants) => match variants.first() {
            Some(variant) => format!("{ty}::{}", variant.name),
            None => format!("{ty}::Unknown(1)"),
        },
        Shape::Scalars(variants) => match variants.first() {
            Some(variant) => format!("{ty}::{}", variant.name),
            None => format!("{ty}::Unknown({}::runtime::Value::Null)", ex.cx.krate),
        },
        Shape::Union(union) => match union.variants.first().filter(|_| depth < DEPTH) {
            Some(variant) => {
                format!(
                    "{ty}::{}({})",
                    variant.name,
                    value(ex, &variant.ty, None, name, Wanted::Owned, depth)
                )
            }
            None => format!("{ty}::Unknown({}::runtime::Value::Null)", ex.cx.krate),
        },
        Shape::Alias(aliased) => value(ex, aliased, None, name, Wanted::Owned, depth),
    }
}

pub(super) fn member(ex: Example<'_>, field: &Field, depth: usize) -> String {
    if field.presence == Presence::RequiredNullable {
        return "None".to_owned();
    }
    // the members are those of the body, and of what the document shows in it
    if let Some(shown) = shown::argument(ex, field, depth).filter(|_| ex.at == depth) {
        return shown;
    }
    let hint = field.example.as_deref();
    value(
        ex,
        &field.inner,
        hint,
        &field.wire_name,
        Wanted::Into,
        depth,
    )
}

/// A whole number that is wanted, if the type holds it, or one.
fn whole(ty: &Type, hint: Option<&str>) -> String {
    let most = match ty {
        Type::I8 => i64::from(i8::MAX),
        Type::U8 => i64::from(u8::MAX),
        Type::I16 => i64::from(i16::MAX),
        Type::U16 => i64::from(u16::MAX),
        Type::I32 => i64::from(i32::MAX),
        Type::U32 => i64::from(u32::MAX),
        _ => i64::MAX,
    };
    let fits = |text: &&str| text.parse::<i64>().is_ok_and(|it| (0..=most).contains(&it));
    hint.filter(fits).unwrap_or("1").to_owned()
}

/// A text that says what belongs here: `client-secret`.
pub(in super::super) fn placeholder(name: &str) -> String {
    let words = words::cased(name, Case::Field).replace('_', "-");
    if words.is_empty() {
        "text".to_owned()
    } else {
        words
    }
}

/// A text as a literal of Rust: letters of all languages as they are, and what shows nothing by its number.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || docs::turns_reading(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
