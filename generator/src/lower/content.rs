//! What travels: request bodies, responses, their media types and headers.

use indexmap::IndexMap;
use openapiv3::{
    Example, Header as SpecHeader, MediaType, Operation as SpecOperation, ParameterSchemaOrContent,
    QueryStyle, ReferenceOr, RequestBody, Response as SpecResponse, Schema as SpecSchema,
    StatusCode,
};
use serde_json::Value;

use super::facts::Part;
use super::schema::{Usage, bare, within};
use super::{Lower, resolve, secret};
use crate::diag::Code;
use crate::model::{
    Body, Called, Docs, Encoding, Header, Holder, Kind, Media, Response, Schema, Shape, Status,
    StringFormat, Style,
};
use crate::pointer::Pointer;

pub(super) fn any_usage() -> Usage {
    Usage {
        schema: bare(Kind::Any),
        docs: Docs::default(),
        read_only: false,
        write_only: false,
        constant: None,
    }
}

pub(super) fn usage_of<'d>(
    cx: &mut Lower<'d>,
    at: &Pointer,
    schema: &'d ReferenceOr<SpecSchema>,
    called: &Called,
) -> Usage {
    let part = Part::new(at.clone(), schema);
    cx.schemas.usage(&[part], called)
}

pub(super) fn request_body<'d>(
    cx: &mut Lower<'d>,
    at: &Pointer,
    body: &'d RequestBody,
    called: &Called,
) -> Option<Body> {
    let mut content = content(cx, &at.push("content"), &body.content, called);
    if content.is_empty() {
        cx.schemas.diags.report(
            Code::BodyWithoutContent,
            at,
            "the request body has no media type and is left out",
        );
        return None;
    }
    content.sort_by_key(|media| preference(&media.media_type));
    let docs = Docs {
        description: body.description.clone(),
        ..Docs::default()
    };
    Some(Body {
        at: at.clone(),
        required: body.required,
        may_be_left_out: !body.required,
        docs,
        content,
    })
}

/// A body whose members are required is needed, whatever `required` says about the body itself.
pub(super) fn require_if_needed(cx: &mut Lower<'_>, body: &mut Body) {
    if body.required {
        return;
    }
    cx.schemas.finish();
    let needed = body.content.iter().any(|media| {
        media
            .schema
            .as_ref()
            .is_some_and(|schema| has_required(cx, schema))
    });
    if needed {
        let said = "the body is optional though its schema has required members; calls take it as required";
        cx.schemas
            .diags
            .report(Code::OptionalBodyNeeded, &body.at, said);
        body.required = true;
    }
}

fn has_required(cx: &Lower<'_>, schema: &Schema) -> bool {
    let mut kind = &schema.kind;
    for _ in 0..32 {
        let Kind::Named(id) = kind else { return false };
        match &cx.schemas.types[id.0].shape {
            Shape::Record(record) => {
                return record
                    .fields
                    .iter()
                    .any(|field| field.required && !field.read_only);
            }
            Shape::Alias(schema) => kind = &schema.kind,
            Shape::Enum(_) | Shape::Union(_) => return false,
        }
    }
    false
}

fn preference(media_type: &str) -> usize {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "application/json" => 0,
        json if json.ends_with("+json") => 1,
        "application/x-www-form-urlencoded" => 2,
        "multipart/form-data" => 3,
        _ => 4,
    }
}

fn content<'d>(
    cx: &mut Lower<'d>,
    at: &Pointer,
    content: &'d IndexMap<String, MediaType>,
    called: &Called,
) -> Vec<Media> {
    let mut list = Vec::with_capacity(content.len());
    for (media_type, media) in content {
        let at = at.push(media_type);
        let written = media_type.trim().to_ascii_lowercase();
        let schema = media.schema.as_ref().map(|schema| {
            let described = at.push("schema");
            let schema = usage_of(cx, &described, schema, called).schema;
            let holder = || Holder::Media(written.clone());
            cx.schemas.places.holder(&at, described, &schema, holder);
            schema
        });
        let encoding = media
            .encoding
            .iter()
            .map(|(part, encoding)| {
                let own = encoding.extensions.get("x-specmint-style");
                let style = encoding.style.as_ref().map(|style| match style {
                    _ if own.is_some_and(|own| own == "tabDelimited") => Style::TabDelimited,
                    QueryStyle::Form => Style::Form,
                    QueryStyle::SpaceDelimited => Style::SpaceDelimited,
                    QueryStyle::PipeDelimited => Style::PipeDelimited,
                    QueryStyle::DeepObject => Style::DeepObject,
                });
                (
                    part.clone(),
                    Encoding {
                        content_type: encoding.content_type.clone(),
                        style,
                        explode: encoding.explode,
                        allow_reserved: encoding.allow_reserved,
                    },
                )
            })
            .collect();
        list.push(Media {
            at,
            media_type: written,
            schema,
            in_turn: media.extensions.contains_key("x-specmint-items"),
            encoding,
            example: media
                .example
                .clone()
                .or_else(|| first_example(&media.examples)),
        });
    }
    list
}

pub(super) fn first_example(examples: &IndexMap<String, ReferenceOr<Example>>) -> Option<Value> {
    examples.values().find_map(|example| match example {
        ReferenceOr::Item(example) => example.value.clone(),
        ReferenceOr::Reference { .. } => None,
    })
}

pub(super) fn responses<'d>(
    cx: &mut Lower<'d>,
    at: &Pointer,
    method: &str,
    operation: &'d SpecOperation,
    called: &Called,
) -> Vec<Response> {
    let at = at.push("responses");
    let spec = &operation.responses;
    let mut list: Vec<Response> = Vec::new();
    for (code, response) in &spec.responses {
        let status = match code {
            StatusCode::Code(code) => Status::Code(*code),
            StatusCode::Range(hundred) => Status::Range(u8::try_from(*hundred).unwrap_or_default()),
        };
        list.extend(response_of(
            cx,
            &at.push(&code.to_string()),
            (method, status),
            response,
            called,
        ));
    }
    if let Some(response) = &spec.default {
        list.extend(response_of(
            cx,
            &at.push("default"),
            (method, Status::Default),
            response,
            called,
        ));
    }
    list.sort_by_key(|response| response.status);
    list
}

fn response_of<'d>(
    cx: &mut Lower<'d>,
    at: &Pointer,
    (method, status): (&str, Status),
    response: &'d ReferenceOr<SpecResponse>,
    called: &Called,
) -> Option<Response> {
    // a shared response is called after itself, not after the operation that names it first
    let called = match response {
        ReferenceOr::Reference { reference } => Called(vec![
            super::facts::component_of(reference).to_owned(),
            "response".to_owned(),
        ]),
        ReferenceOr::Item(_) => within(&within(called, &status_word(status)), "response"),
    };
    let (at, response) = resolve(&cx.components.responses, "responses", at, response)?;
    let content_at = at.push("content");
    let content = if response.content.is_empty() || has_body(method, status) {
        content(cx, &content_at, &response.content, &called)
    } else {
        let said = "such a response has no body, so its content is left out";
        cx.schemas
            .diags
            .report(Code::ContentNeverSent, &content_at, said);
        Vec::new()
    };
    let mut headers = Vec::new();
    for (name, header) in &response.headers {
        if name.eq_ignore_ascii_case("content-type") {
            continue;
        }
        let header_at = at.push("headers").push(name);
        let Some((at, header)) = resolve(&cx.components.headers, "headers", &header_at, header)
        else {
            continue;
        };
        headers.push(header_of(cx, &at, name, header, &called));
    }
    Some(Response {
        at,
        status,
        description: response.description.clone(),
        content,
        headers,
    })
}

/// Whether responses to this method with this status have a body (RFC 9110, sections 6.4.1 and 15.3.6).
fn has_body(method: &str, status: Status) -> bool {
    method != "HEAD"
        && !matches!(
            status,
            Status::Code(100..=199 | 204 | 205 | 304) | Status::Range(1)
        )
}

fn header_of<'d>(
    cx: &mut Lower<'d>,
    at: &Pointer,
    name: &str,
    header: &'d SpecHeader,
    called: &Called,
) -> Header {
    let mut style = Style::Simple;
    let mut usage = match &header.format {
        ParameterSchemaOrContent::Schema(schema) => {
            let described = at.push("schema");
            let usage = usage_of(cx, &described, schema, &within(called, name));
            let places = &mut cx.schemas.places;
            places.holder(at, described, &usage.schema, || Holder::Header);
            usage
        }
        ParameterSchemaOrContent::Content(content) => {
            style = Style::Json;
            let described = content.first().and_then(|(media_type, media)| {
                let at = at.push("content").push(media_type).push("schema");
                Some((at, media.schema.as_ref()?))
            });
            described.map_or_else(any_usage, |(at, schema)| {
                usage_of(cx, &at, schema, &within(called, name))
            })
        }
    };
    let own = name.to_ascii_lowercase();
    let is_secret = secret::is_secret(own.strip_prefix("x-").unwrap_or(&own));
    if is_secret && cx.schemas.is_plain_text(&usage.schema.kind) {
        usage.schema.kind = Kind::String(StringFormat::Secret);
    }
    Header {
        wire_name: name.to_owned(),
        required: header.required,
        docs: Docs {
            description: header.description.clone(),
            ..usage.docs
        },
        style,
        schema: usage.schema,
    }
}

fn status_word(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(hundred) => format!("{hundred}xx"),
        Status::Default => "default".to_owned(),
    }
}
