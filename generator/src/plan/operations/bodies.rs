//! Plans the bodies of requests.

use super::super::context::Context;
use super::super::names::{Case, Scope};
use super::super::tree::{
    Body, BodyContent, BodyPresence, BodyVariant, Files, PartEncoding, Payload,
};
use super::super::{docs, media, xml};
use super::Names;
use super::params::{explode, reserved, style};
use crate::model;

/// Plans the body of an operation.
pub(super) fn plan_body(
    cx: &Context<'_>,
    scope: &mut Scope,
    body: &model::Body,
    names: &Names,
) -> Body {
    let content = content(cx, body, names);
    let mut lines = docs::lines(&body.docs);
    if lines.is_empty() {
        lines.push("The body of the request.".to_owned());
    }
    Body {
        name: scope.claim_or("body", "request body", Case::Method),
        docs: lines,
        presence: if body.required {
            BodyPresence::Required
        } else {
            BodyPresence::Optional
        },
        content,
        encoding: encodings(body),
        files: files(body),
        without: (body.required && body.may_be_left_out)
            .then(|| scope.claim_or("without body", "without request body", Case::Method)),
    }
}

/// One type for all media types, or an enum with a variant for each that is written in a way of its own.
fn content(cx: &Context<'_>, body: &model::Body, names: &Names) -> BodyContent {
    let sent = body.content.iter();
    let sent: Vec<_> = sent.map(|media| (media, media::sent(cx, media))).collect();
    let mut whole = sent
        .first()
        .map_or(Payload::Empty, |(_, first)| first.clone());
    let mut payloads = sent.iter();
    match sent.as_slice() {
        [] => BodyContent::One(whole),
        _ if payloads.all(|(_, payload)| xml::join(&mut whole, payload)) => BodyContent::One(whole),
        _ => {
            let mut kinds: Vec<(Payload, Vec<&model::Media>)> = Vec::new();
            for (media, payload) in sent {
                let same = kinds.iter_mut().find(|(known, list)| {
                    *known == payload && media::is_written_alike(list[0], media)
                });
                match same {
                    Some((_, list)) => list.push(media),
                    None => kinds.push((payload, vec![media])),
                }
            }
            BodyContent::Choice(names.body.clone(), body_variants(kinds))
        }
    }
}

fn body_variants(kinds: Vec<(Payload, Vec<&model::Media>)>) -> Vec<BodyVariant> {
    let mut scope = Scope::default();
    kinds
        .into_iter()
        .map(|(payload, media)| BodyVariant {
            name: scope.claim(
                &media::word(&media::essence(&media[0].media_type)),
                Case::Variant,
            ),
            docs: vec![format!("Sent as {}.", docs::code(&media[0].media_type))],
            media_type: media[0].media_type.clone(),
            payload,
        })
        .collect()
}

/// The encodings of all forms, each member once.
fn encodings(body: &model::Body) -> Vec<PartEncoding> {
    let mut out: Vec<PartEncoding> = Vec::new();
    for (member, encoding) in body.content.iter().flat_map(|media| &media.encoding) {
        if out.iter().all(|known| known.wire_name != *member) {
            out.push(PartEncoding {
                wire_name: member.clone(),
                content_type: encoding.content_type.clone(),
                style: encoding.style.map(style),
                explode: explode(encoding.explode),
                reserved: reserved(encoding.allow_reserved),
            });
        }
    }
    out
}

/// Whether the body can carry parts beside its members.
fn files(body: &model::Body) -> Files {
    let multipart = |media: &model::Media| media::is_multipart(&media.media_type);
    if body.content.iter().any(multipart) {
        Files::Taken
    } else {
        Files::Refused
    }
}
