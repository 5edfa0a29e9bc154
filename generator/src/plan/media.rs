//! What travels in a media type.

use super::context::Context;
use super::tree::{EventData, Payload, Streaming, Type};
use super::xml;
use crate::model::{Kind, Media, Schema, Shape, StringFormat};

/// The media type without parameters, in lower case.
pub(super) fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether it is JSON (RFC 8259), also by suffix (RFC 6839), or anything.
fn is_json(essence: &str) -> bool {
    matches!(
        essence,
        "application/json" | "text/json" | "*/*" | "application/*"
    ) || essence.ends_with("+json")
}

fn is_form(essence: &str) -> bool {
    essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/")
}

/// Whether bodies of this media type have parts.
pub(super) fn is_multipart(media_type: &str) -> bool {
    essence(media_type).starts_with("multipart/")
}

/// Whether it is many JSON texts.
pub(super) fn is_lines(essence: &str) -> bool {
    matches!(
        essence,
        "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/json-lines"
            | "application/ndjson"
            | "application/x-ndjson"
            | "application/json-seq"
            | "text/jsonl"
            | "text/x-ndjson"
    ) || essence.ends_with("+json-seq")
}

fn is_text(essence: &str) -> bool {
    essence.starts_with("text/")
        || essence.ends_with("+xml")
        || matches!(
            essence,
            "application/xml"
                | "application/yaml"
                | "application/x-yaml"
                | "application/javascript"
                | "application/x-www-form-urlencoded"
                | "application/jwt"
        )
}

fn is_binary(schema: &Schema) -> bool {
    matches!(schema.kind, Kind::String(StringFormat::Binary))
}

/// Whether what travels in this media type, one way or the other, is a value of the schema's type.
pub(super) fn is_value(media_type: &str, schema: &Schema) -> bool {
    let essence = essence(media_type);
    (is_json(&essence) || is_form(&essence)) && !is_binary(schema)
}

fn slot(cx: &Context<'_>, schema: Option<&Schema>) -> Payload {
    match schema {
        Some(schema) if is_binary(schema) => Payload::Bytes,
        Some(schema) => Payload::Slot(cx.value(schema)),
        None => Payload::Slot(Type::Value),
    }
}

/// What a response holds; `all` are the media types that it may come in.
pub(super) fn received(cx: &Context<'_>, all: &[Media], media: &Media) -> Payload {
    let essence = essence(&media.media_type);
    match &media.schema {
        // a range that says no more may be a picture as well
        None if essence.ends_with("/*") => Payload::Bytes,
        Some(schema) if is_plain_text(&essence) && is_value_as_text(cx, all, schema) => {
            Payload::Slot(cx.value(schema))
        }
        schema if is_lines(&essence) && !is_whole_text(cx, media) => {
            Payload::Lines(record(cx, schema.as_ref()))
        }
        schema => opened(cx, &essence, schema.as_ref()),
    }
}

fn opened(cx: &Context<'_>, essence: &str, schema: Option<&Schema>) -> Payload {
    if xml::is_xml(essence)
        && let Some(payload) = schema.and_then(|schema| xml::payload(cx, schema))
    {
        return payload;
    }
    if is_json(essence) {
        slot(cx, schema)
    } else if is_text(essence) && !schema.is_some_and(is_binary) {
        Payload::Text
    } else {
        Payload::Bytes
    }
}

fn is_plain_text(essence: &str) -> bool {
    essence == "text/plain"
}

/// Whether plain text spells a value of the schema: a scalar that is no text, or what comes as JSON just the same.
/// Servers that list each format they have for each answer write as plain text what they would write as JSON.
fn is_value_as_text(cx: &Context<'_>, all: &[Media], schema: &Schema) -> bool {
    if is_binary(schema) {
        return false;
    }
    let ty = cx.value(schema);
    let twin = |other: &Media| {
        let other_schema = other.schema.as_ref();
        is_json(&essence(&other.media_type))
            && other_schema.is_some_and(|schema| !is_binary(schema) && cx.value(schema) == ty)
    };
    is_scalar(cx, root(cx, schema)) || all.iter().any(twin)
}

/// Whether it is Server-Sent Events.
pub(super) fn is_events(essence: &str) -> bool {
    essence == "text/event-stream"
}

/// What the records of a media type are: the elements of a list, or what the schema says.
fn record(cx: &Context<'_>, schema: Option<&Schema>) -> Type {
    let root = schema.map(|schema| root(cx, schema));
    match (root.map(|root| &root.kind), schema) {
        (Some(Kind::List(item)), _) => cx.value(item),
        (_, Some(schema)) => cx.value(schema),
        (_, None) => Type::Value,
    }
}

/// How a response in a media type is read bit by bit.
pub(super) fn streaming(cx: &Context<'_>, media: &Media, payload: &Payload) -> Option<Streaming> {
    let essence = essence(&media.media_type);
    if is_events(&essence) {
        let (data, ty) = event(cx, media);
        return Some(Streaming::Events(data, ty));
    }
    match payload {
        Payload::Lines(ty) => Some(Streaming::Records(media.media_type.clone(), ty.clone())),
        Payload::Bytes => Some(Streaming::Download),
        _ => None,
    }
}

/// What an event holds. A schema says it of the data, unless it has the names of an event's fields.
fn event(cx: &Context<'_>, media: &Media) -> (EventData, Type) {
    let Some(schema) = &media.schema else {
        return (EventData::Text, Type::String);
    };
    let item = match &root(cx, schema).kind {
        Kind::List(item) => item,
        _ => schema,
    };
    let needed: &[&str] = if media.in_turn {
        &["data"]
    } else {
        &["data", "event"]
    };
    match cx.value(item) {
        ty if has_fields(cx, item, needed, 0) => (EventData::Fields, ty),
        Type::String => (EventData::Text, Type::String),
        ty => (EventData::Json, ty),
    }
}

/// Whether all alternatives of a schema are objects with fields of an event alone (WHATWG HTML, section 9.2.6), and
/// with all of those that are needed.
fn has_fields(cx: &Context<'_>, schema: &Schema, needed: &[&str], depth: usize) -> bool {
    const FIELDS: [&str; 4] = ["data", "event", "id", "retry"];
    let Kind::Named(id) = &root(cx, schema).kind else {
        return false;
    };
    match &cx.api.types[id.0].shape {
        Shape::Record(record) => {
            let names = || record.fields.iter().map(|field| field.wire_name.as_str());
            names().all(|name| FIELDS.contains(&name))
                && needed
                    .iter()
                    .all(|needed| names().any(|name| name == *needed))
        }
        Shape::Union(union) => {
            let mut variants = union.variants.iter();
            depth < 8 && variants.all(|variant| has_fields(cx, &variant.schema, needed, depth + 1))
        }
        Shape::Enum(_) | Shape::Alias(_) => false,
    }
}

/// What a request holds.
pub(super) fn sent(cx: &Context<'_>, media: &Media) -> Payload {
    let essence = essence(&media.media_type);
    let schema = media.schema.as_ref();
    let root = schema.map(|schema| root(cx, schema));
    if essence.starts_with("multipart/") {
        parts(cx, &essence, schema, root)
    } else if is_lines(&essence) && !is_whole_text(cx, media) {
        Payload::Lines(record(cx, schema))
    } else if is_form(&essence) && is_whole_text(cx, media) {
        Payload::Text
    } else if is_json(&essence)
        || is_form(&essence)
        || (essence == "text/plain" && root.is_some_and(|root| is_scalar(cx, root)))
    {
        slot(cx, schema)
    } else {
        opened(cx, &essence, media.schema.as_ref())
    }
}

/// What a schema is, through aliases.
fn root<'s>(cx: &Context<'s>, schema: &'s Schema) -> &'s Schema {
    let mut schema = schema;
    for _ in 0..=cx.api.types.len() {
        match &schema.kind {
            Kind::Named(id) => match &cx.api.types[id.0].shape {
                Shape::Alias(next) => schema = next,
                _ => break,
            },
            _ => break,
        }
    }
    schema
}

/// Whether the whole is one text, whatever is in it.
fn is_whole_text(cx: &Context<'_>, media: &Media) -> bool {
    let root = media.schema.as_ref().map(|schema| root(cx, schema));
    !media.in_turn && root.is_some_and(|root| matches!(root.kind, Kind::String(_)))
}

/// Whether values are scalars that have a type of their own and are one text each.
fn is_scalar(cx: &Context<'_>, schema: &Schema) -> bool {
    match &schema.kind {
        Kind::Bool | Kind::Integer(_) | Kind::Number(_) => !schema.nullable,
        Kind::String(format) => !matches!(
            format,
            StringFormat::Plain | StringFormat::Binary | StringFormat::Secret
        ),
        Kind::Named(id) => matches!(cx.api.types[id.0].shape, Shape::Enum(_)) && !schema.nullable,
        _ => false,
    }
}

/// What a body of parts is made of: the members of a type, a list where parts need no names, or any parts where
/// the document says no more of them.
fn parts(
    cx: &Context<'_>,
    essence: &str,
    schema: Option<&Schema>,
    root: Option<&Schema>,
) -> Payload {
    let has_names = essence == "multipart/form-data";
    Payload::Slot(match (root.map(|root| &root.kind), schema) {
        (Some(Kind::Map(member)), _) if cx.part(member) == Some(Type::Part) => Type::Multipart,
        (Some(Kind::Named(_) | Kind::Map(_)), Some(schema)) => cx.value(schema),
        (Some(Kind::List(item)), Some(schema)) if !has_names => match cx.part(item) {
            Some(part) => Type::List(Box::new(part)),
            None => cx.value(schema),
        },
        _ => Type::Multipart,
    })
}

/// The word for a media type in names: `json` of `application/problem+json`.
pub(super) fn word(essence: &str) -> String {
    match essence {
        "application/x-www-form-urlencoded" => "form".to_owned(),
        "application/octet-stream" => "bytes".to_owned(),
        "text/plain" => "text".to_owned(),
        "*/*" => "any".to_owned(),
        _ => {
            let subtype = essence.rsplit('/').next().unwrap_or(essence);
            subtype.trim_end_matches("-data").to_owned()
        }
    }
}

/// Whether a value is written in the same way in both media types.
pub(super) fn is_written_alike(one: &Media, other: &Media) -> bool {
    let way = |media: &Media| {
        let essence = essence(&media.media_type);
        match essence.as_str() {
            json if is_json(json) => 0,
            "application/x-www-form-urlencoded" => 1,
            parts if parts.starts_with("multipart/") => 2,
            _ => 3,
        }
    };
    way(one) == way(other)
}
