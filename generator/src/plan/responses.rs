//! Plans what success and failure are.

use super::context::Context;
use super::names::{Case, Rank, Scope, Wish};
use super::operations::Names;
use super::tree::{
    Failure, HeaderField, Headers, Output, Payload, Status, StatusVariant, Streaming, Style, Type,
};
use super::{docs, media, xml};
use crate::model;
use crate::pointer::Pointer;

/// What success is: one payload where all 2xx statuses share it, else an enum by status and media type.
///
/// `default` is a success only where no 2xx is declared.
pub(super) fn output(cx: &Context<'_>, op: &model::Operation, names: &Names) -> Output {
    let variants = variants(cx, &successes(op), Media::All);
    match shared(&variants) {
        Some(payload) => Output::Plain(payload.clone()),
        None if variants.is_empty() => Output::Plain(Payload::Empty),
        None => Output::Enum(names.output.clone(), variants),
    }
}

pub(super) fn successes(op: &model::Operation) -> Vec<&model::Response> {
    let of = |wanted: fn(model::Status) -> bool| {
        let responses = op.responses.iter();
        responses.filter(|r| wanted(r.status)).collect::<Vec<_>>()
    };
    let declared = of(is_success);
    if declared.is_empty() {
        return of(|status| status == model::Status::Default);
    }
    declared
}

/// The ways to read a success bit by bit, each once.
pub(super) fn streams(cx: &Context<'_>, op: &model::Operation) -> Vec<Streaming> {
    let mut out: Vec<Streaming> = Vec::new();
    for response in successes(op) {
        for content in &response.content {
            let payload = media::received(cx, &response.content, content);
            if let Some(streaming) = media::streaming(cx, content, &payload) {
                let same = |known: &Streaming| {
                    std::mem::discriminant(known) == std::mem::discriminant(&streaming)
                };
                if !out.iter().any(same) {
                    out.push(streaming);
                }
            }
        }
    }
    out
}

/// What failure is: one payload where all declared statuses that are no success share it, else a variant for
/// each of them.
pub(super) fn failure(cx: &Context<'_>, op: &model::Operation, names: &Names) -> Failure {
    let failures: Vec<&model::Response> = op
        .responses
        .iter()
        .filter(|r| !is_success(r.status))
        .collect();
    let variants = variants(cx, &failures, Media::First);
    match shared(&variants) {
        // who gets no body is still told the status
        Some(payload) if *payload != Payload::Empty => {
            let statuses = variants.iter().map(|variant| variant.status);
            Failure::Shared(payload.clone(), statuses.collect())
        }
        _ if variants.is_empty() => Failure::Undeclared,
        _ => Failure::Enum(names.error.clone(), variants),
    }
}

/// The payload that all variants hold.
fn shared(variants: &[StatusVariant]) -> Option<&Payload> {
    let (first, rest) = variants.split_first()?;
    let same = rest.iter().all(|other| other.payload == first.payload);
    same.then_some(&first.payload)
}

/// The headers that the responses declare, each once. One that is declared in two ways is a text.
pub(super) fn headers(cx: &Context<'_>, op: &model::Operation, names: &Names) -> Option<Headers> {
    let mut fields: Vec<(HeaderField, Pointer)> = Vec::new();
    for response in &op.responses {
        for header in &response.headers {
            let ty = header_type(cx, header);
            let same = |known: &&mut (HeaderField, Pointer)| {
                known.0.wire_name.eq_ignore_ascii_case(&header.wire_name)
            };
            if let Some((known, _)) = fields.iter_mut().find(same) {
                if known.ty != ty {
                    known.ty = Type::String;
                }
                continue;
            }
            let mut lines = docs::lines(&header.docs);
            if lines.is_empty() {
                lines.push(format!("The header {}.", docs::code(&header.wire_name)));
            }
            let field = HeaderField {
                name: names.headers.clone(),
                wire_name: header.wire_name.clone(),
                docs: lines,
                ty,
                style: match header.style {
                    model::Style::Json => Style::Json,
                    _ => Style::Simple,
                },
            };
            fields.push((field, response.at.push("headers").push(&header.wire_name)));
        }
    }
    if fields.is_empty() {
        return None;
    }
    let words: Vec<[String; 1]> = fields
        .iter()
        .map(|(field, _)| [field.wire_name.clone()])
        .collect();
    let wishes: Vec<Wish<'_>> = words
        .iter()
        .zip(&fields)
        .map(|(words, (_, at))| Wish {
            words,
            rank: Rank::Named,
            at,
        })
        .collect();
    let claimed = Scope::default().claim_all(&wishes, &[Case::Field]);
    let fields = fields.into_iter().zip(claimed.into_iter().flatten());
    Some(Headers {
        name: names.headers.clone(),
        fields: fields
            .map(|((field, _), name)| HeaderField { name, ..field })
            .collect(),
    })
}

/// What a header holds; without a schema a text.
pub(super) fn header_type(cx: &Context<'_>, header: &model::Header) -> Type {
    match cx.inner(&header.schema) {
        Type::Value => Type::String,
        ty => ty,
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
        for (media_types, payload) in payloads(cx, response, media) {
            let mut wish = word(response.status);
            if let Some(media_type) = media_types.first() {
                wish = format!("{wish} {}", media::word(&media::essence(media_type)));
            }
            out.push(StatusVariant {
                name: scope.claim(&wish, Case::Variant),
                docs: variant_docs(response),
                status: status(response.status),
                media_types,
                payload,
            });
        }
    }
    out
}

/// The different payloads of a response; with the media types of each, if there are several.
fn payloads(
    cx: &Context<'_>,
    response: &model::Response,
    media: Media,
) -> Vec<(Vec<String>, Payload)> {
    let mut out: Vec<(Vec<String>, Payload)> = Vec::new();
    // who wants events asks for them; without them, the other media types are all there is
    let is_stream =
        |content: &&model::Media| media::is_events(&media::essence(&content.media_type));
    let all = &response.content;
    let whole = all.iter().filter(|content| !is_stream(content));
    let streams = all.iter().filter(is_stream);
    let contents: Vec<&model::Media> = match whole.clone().next() {
        Some(_) => whole.collect(),
        None => streams.collect(),
    };
    for content in contents {
        let payload = media::received(cx, &response.content, content);
        let media_type = content.media_type.clone();
        let same = out
            .iter_mut()
            .find_map(|(list, known)| xml::join(known, &payload).then_some(list));
        match same {
            Some(media_types) => media_types.push(media_type),
            None => out.push((vec![media_type], payload)),
        }
    }
    if media == Media::First {
        let json = out
            .iter()
            .position(|(_, payload)| xml::is_json_too(payload))
            .unwrap_or(0);
        out = out.into_iter().skip(json).take(1).collect();
    }
    match out.as_mut_slice() {
        [] => vec![(Vec::new(), Payload::Empty)],
        [(media_types, _)] => {
            media_types.clear();
            out
        }
        _ => out,
    }
}

pub(super) fn status(status: model::Status) -> Status {
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
