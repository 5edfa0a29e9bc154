//! What is told of the requests that the API sends by itself: their names, and the types of their bodies.

use super::context::Context;
use super::docs;
use super::tree::Type;
use crate::model::Webhook;

/// The lines of the page of types; none if the API sends nothing.
pub(super) fn lines(cx: &Context<'_>) -> Vec<String> {
    let sent = &cx.api.webhooks;
    if sent.is_empty() {
        return Vec::new();
    }
    let head = [
        "# What the API sends",
        "",
        "Requests that the API makes by itself, to an address that it was told. Who receives them reads their",
        "bodies with `runtime::json::from_slice`, or with serde, into these types:",
        "",
    ];
    let head = head.into_iter().map(str::to_owned);
    head.chain(sent.iter().map(|webhook| line(cx, webhook)))
        .collect()
}

fn line(cx: &Context<'_>, webhook: &Webhook) -> String {
    let name = docs::code(&webhook.wire_name);
    let method = docs::code(&webhook.method);
    let body = webhook
        .content
        .iter()
        .find_map(|media| media.schema.as_ref());
    let body = match (body, webhook.content.first()) {
        (Some(schema), _) => told(&cx.value(schema)),
        (None, Some(media)) => docs::code(&media.media_type),
        (None, None) => "no body".to_owned(),
    };
    let about = webhook
        .docs
        .summary
        .as_deref()
        .or(webhook.docs.description.as_deref())
        .map(docs::one_line)
        .filter(|about| !about.is_empty());
    match about {
        Some(about) => format!("- {name} ({method}), {body}: {about}"),
        None => format!("- {name} ({method}), {body}"),
    }
}

/// A type in words, its name as a link.
fn told(ty: &Type) -> String {
    match ty {
        Type::Named(name) => format!("[`{name}`]"),
        Type::List(inner) => format!("a list of {}", told(inner)),
        Type::Map(inner) => format!("an object with members of {}", told(inner)),
        Type::Optional(inner) | Type::Nullable(inner) | Type::Boxed(inner) => told(inner),
        Type::Tuple(_) | Type::OpenTuple(..) => "a list".to_owned(),
        Type::Unit => "no body".to_owned(),
        Type::Value | Type::Extra => "any JSON value".to_owned(),
        Type::Bytes | Type::Part | Type::Upload => "bytes".to_owned(),
        _ => "a single value".to_owned(),
    }
}
