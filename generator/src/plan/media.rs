//! What travels in a media type.

use super::context::Context;
use super::tree::{Payload, Type};
use crate::model::{Kind, Media, Schema, StringFormat};

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
    matches!(
        essence,
        "application/x-www-form-urlencoded" | "multipart/form-data"
    )
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

/// What a response holds.
pub(super) fn received(cx: &Context<'_>, media: &Media) -> Payload {
    let essence = essence(&media.media_type);
    if is_json(&essence) {
        slot(cx, media.schema.as_ref())
    } else if is_text(&essence) && !media.schema.as_ref().is_some_and(is_binary) {
        Payload::Text
    } else {
        Payload::Bytes
    }
}

/// What a request holds.
pub(super) fn sent(cx: &Context<'_>, media: &Media) -> Payload {
    let essence = essence(&media.media_type);
    if is_json(&essence) || is_form(&essence) {
        slot(cx, media.schema.as_ref())
    } else {
        received(cx, media)
    }
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
