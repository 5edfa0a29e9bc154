//! Plans what success and failure are.

use super::context::Context;
use super::names::{Case, Scope};
use super::operations::Names;
use super::tree::{Failure, Output, Payload, Status, StatusVariant};
use super::{docs, media};
use crate::model;

/// What success is: one payload where all 2xx statuses share it, else an enum by status and media type.
///
/// `default` is a success only where no 2xx is declared.
pub(super) fn output(cx: &Context<'_>, op: &model::Operation, names: &Names) -> Output {
    let mut successes: Vec<&model::Response> = op
        .responses
        .iter()
        .filter(|r| is_success(r.status))
        .collect();
    if successes.is_empty() {
        successes = op
            .responses
            .iter()
            .filter(|r| r.status == model::Status::Default)
            .collect();
    }
    let variants = variants(cx, &successes, Media::All);
    match variants.split_first() {
        None => Output::Plain(Payload::Empty),
        Some((first, rest)) if rest.iter().all(|other| other.payload == first.payload) => {
            Output::Plain(first.payload.clone())
        }
        Some(_) => Output::Enum(names.output.clone(), variants),
    }
}

/// What failure is: a variant for each declared status that is no success.
pub(super) fn failure(cx: &Context<'_>, op: &model::Operation, names: &Names) -> Failure {
    let failures: Vec<&model::Response> = op
        .responses
        .iter()
        .filter(|r| !is_success(r.status))
        .collect();
    let variants = variants(cx, &failures, Media::First);
    if variants.is_empty() {
        Failure::Undeclared
    } else {
        Failure::Enum(names.error.clone(), variants)
    }
}

/// Whether a status of success is declared.
pub(super) fn has_success(op: &model::Operation) -> bool {
    op.responses
        .iter()
        .any(|response| is_success(response.status))
}

fn is_success(status: model::Status) -> bool {
    matches!(
        status,
        model::Status::Code(200..=299) | model::Status::Range(2)
    )
}

/// How many media types of a response count: errors come in one, whatever was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Media {
    All,
    First,
}

/// The variants, single statuses before ranges, and those before `default`.
fn variants(cx: &Context<'_>, responses: &[&model::Response], media: Media) -> Vec<StatusVariant> {
    let mut responses = responses.to_vec();
    responses.sort_by_key(|response| response.status);
    let mut scope = Scope::reserving(&["Other"]);
    let mut out = Vec::new();
    for response in responses {
        for (media_type, payload) in payloads(cx, response, media) {
            let mut wish = word(response.status);
            if let Some(media_type) = &media_type {
                wish = format!("{wish} {}", media::word(media_type));
            }
            out.push(StatusVariant {
                name: scope.claim(&wish, Case::Variant),
                docs: variant_docs(response),
                status: status(response.status),
                media_type,
                payload,
            });
        }
    }
    out
}

/// The different payloads of a response; with a media type each, if there are several.
fn payloads(
    cx: &Context<'_>,
    response: &model::Response,
    media: Media,
) -> Vec<(Option<String>, Payload)> {
    let mut out: Vec<(Option<String>, Payload)> = Vec::new();
    for content in &response.content {
        let payload = media::received(cx, content);
        if out.iter().all(|(_, known)| *known != payload) {
            out.push((Some(media::essence(&content.media_type)), payload));
        }
    }
    if media == Media::First {
        let json = out
            .iter()
            .position(|(_, payload)| matches!(payload, Payload::Slot(_)))
            .unwrap_or(0);
        out = out.into_iter().skip(json).take(1).collect();
    }
    match out.as_mut_slice() {
        [] => vec![(None, Payload::Empty)],
        [(media_type, _)] => {
            *media_type = None;
            out
        }
        _ => out,
    }
}

fn status(status: model::Status) -> Status {
    match status {
        model::Status::Code(code) => Status::Code(code),
        model::Status::Range(hundred) => Status::Range(hundred),
        model::Status::Default => Status::Default,
    }
}

fn word(status: model::Status) -> String {
    match status {
        model::Status::Code(code) => format!("status {code}"),
        model::Status::Range(hundred) => format!("status {hundred}xx"),
        model::Status::Default => "default".to_owned(),
    }
}

fn label(status: model::Status) -> String {
    match status {
        model::Status::Code(code) => code.to_string(),
        model::Status::Range(hundred) => format!("{hundred}XX"),
        model::Status::Default => "Any other status".to_owned(),
    }
}

fn variant_docs(response: &model::Response) -> Vec<String> {
    let line = docs::one_line(&response.description);
    if line.is_empty() {
        vec![format!("{}.", label(response.status))]
    } else {
        vec![format!("{}: {line}", label(response.status))]
    }
}

/// The statuses that an operation declares, as a list, with the headers that each has.
pub(super) fn docs(op: &model::Operation) -> Vec<String> {
    if op.responses.is_empty() {
        return Vec::new();
    }
    let mut out = vec!["# Responses".to_owned(), String::new()];
    for response in &op.responses {
        let mut line = format!("* {}", variant_docs(response).join(" "));
        if !response.headers.is_empty() {
            let names: Vec<String> = response
                .headers
                .iter()
                .map(|header| docs::code(&header.wire_name))
                .collect();
            line = format!("{line} (headers: {})", names.join(", "));
        }
        out.push(line);
    }
    out
}
