//! What is told of the responses of an operation: what success and failure give, and all that is declared.

use super::super::context::Context;
use super::super::tree::{
    Block, Body, BodyContent, Cell, Failure, Operation, Output, Payload, Section, Status,
    StatusVariant, Word,
};
use super::super::{docs, media, responses};
use super::operations::{failure, on_page};
use super::words::{around, code, joined, line, output, received, text};
use crate::model;

/// What success gives, by status and media type.
pub(super) fn returns(
    cx: &Context<'_>,
    op: &model::Operation,
    planned: &Operation,
) -> Option<Section> {
    let said = around("Response<", vec![output(&planned.output)], ">");
    let mut rows = Vec::new();
    for response in responses::successes(op) {
        if response.content.is_empty() {
            let ty = success(&planned.output, response, None, &Payload::Empty);
            rows.push(vec![line(status(response.status)), line("-"), ty]);
        }
        for content in &response.content {
            let payload = media::received(cx, &response.content, content);
            let ty = success(&planned.output, response, Some(content), &payload);
            let media_type = docs::code(&content.media_type);
            rows.push(vec![line(status(response.status)), line(media_type), ty]);
        }
    }
    let mut blocks = vec![Block::Line(said)];
    if !rows.is_empty() {
        blocks.push(Block::Table(&["Status code", "Media type", "Type"], rows));
    }
    Some(Section {
        title: "Return type",
        blocks,
    })
}

/// What a success is read as: the variant, where there is an enum.
fn success(
    success: &Output,
    response: &model::Response,
    content: Option<&model::Media>,
    payload: &Payload,
) -> Cell {
    if content.is_some_and(|content| media::is_events(&media::essence(&content.media_type))) {
        return vec![text("events, by "), code("events")];
    }
    let Output::Enum(name, variants) = success else {
        return vec![Word::Type(received(payload))];
    };
    let status = responses::status(response.status);
    let mut own = variants.iter().filter(|variant| variant.status == status);
    let named = |variant: &&StatusVariant| {
        let media_type = content.map(|content| &content.media_type);
        variant.media_types.is_empty()
            || media_type.is_some_and(|one| variant.media_types.contains(one))
    };
    let variant = own.clone().find(named).or_else(|| own.next());
    match variant {
        Some(variant) => of_variant(name.plain(), variant),
        None => vec![Word::Type(received(payload))],
    }
}

fn of_variant(of: &str, variant: &StatusVariant) -> Cell {
    let name = format!("{of}::{}", variant.name.plain());
    match &variant.payload {
        Payload::Empty => vec![code(name)],
        payload => around(
            &format!("{name}("),
            vec![Word::Type(received(payload))],
            ")",
        ),
    }
}

/// What a body is given as, where it is sent as this media type.
pub(super) fn sent_as(cx: &Context<'_>, body: &Body, content: &model::Media) -> Cell {
    let payload = media::sent(cx, content);
    let BodyContent::Choice(name, variants) = &body.content else {
        return super::words::body(&body.content);
    };
    let by_name = variants
        .iter()
        .find(|variant| variant.media_type == content.media_type);
    let variant = by_name.or_else(|| variants.iter().find(|variant| variant.payload == payload));
    match variant {
        Some(variant) => {
            let held = match &variant.payload {
                Payload::Bytes => vec![code("Upload")],
                Payload::Lines(ty) => around("Sequence<", vec![Word::Type(ty.clone())], ">"),
                payload => vec![Word::Type(received(payload))],
            };
            around(
                &format!("{}::{}(", name.plain(), variant.name.plain()),
                held,
                ")",
            )
        }
        None => vec![Word::Own(name.clone())],
    }
}

/// All declared responses.
pub(super) fn details(cx: &Context<'_>, op: &model::Operation) -> Option<Section> {
    if op.responses.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    let mut rows = Vec::new();
    for response in &op.responses {
        let prose = docs::markdown(&response.description);
        let (first, is_longer) = docs::opening(&prose);
        if is_longer {
            let about = line(docs::code(&status(response.status)));
            blocks.push(on_page(Block::Prose(about, prose)));
        }
        rows.push(vec![
            line(status(response.status)),
            line(first),
            bodies(cx, response),
            headers(cx, response),
        ]);
    }
    let head = &["Status code", "Description", "Type", "Response headers"];
    blocks.insert(0, Block::Table(head, rows));
    let said = op.responses.iter().flat_map(|response| &response.headers);
    let mut told: Vec<(&str, Cell)> = Vec::new();
    for header in said {
        let about = header
            .docs
            .description
            .as_deref()
            .map(docs::one_line)
            .unwrap_or_default();
        let is_known = told
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(&header.wire_name));
        if !about.is_empty() && !is_known {
            let name = docs::code(&header.wire_name);
            told.push((&header.wire_name, line(format!("{name}: {about}"))));
        }
    }
    if !told.is_empty() {
        blocks.push(Block::List(
            told.into_iter().map(|(_, line)| line).collect(),
        ));
    }
    Some(Section {
        title: "HTTP response details",
        blocks,
    })
}

/// What a response holds, by media type where there are several.
fn bodies(cx: &Context<'_>, response: &model::Response) -> Cell {
    let mut kinds: Vec<(Word, Vec<String>)> = Vec::new();
    for content in &response.content {
        let payload = media::received(cx, &response.content, content);
        let word = match media::is_events(&media::essence(&content.media_type)) {
            true => text("events"),
            false => Word::Type(received(&payload)),
        };
        let media_type = docs::code(&content.media_type);
        match kinds.iter_mut().find(|(known, _)| *known == word) {
            Some((_, media_types)) => media_types.push(media_type),
            None => kinds.push((word, vec![media_type])),
        }
    }
    if kinds.is_empty() {
        return line("-");
    }
    let kind = |(word, media_types): (Word, Vec<String>)| {
        vec![word, text(format!(" as {}", media_types.join(", ")))]
    };
    joined(kinds.into_iter().map(kind).collect(), "; ")
}

fn headers(cx: &Context<'_>, response: &model::Response) -> Cell {
    let header = |header: &model::Header| {
        let ty = responses::header_type(cx, header);
        vec![
            text(docs::code(&header.wire_name)),
            text(" "),
            Word::Type(ty),
        ]
    };
    match response.headers.as_slice() {
        [] => line("-"),
        headers => joined(headers.iter().map(header).collect(), "; "),
    }
}

/// What a refusal gives, by status.
pub(super) fn errors(planned: &Operation) -> Option<Section> {
    let ty = around("Error<", failure(&planned.failure), ">");
    let mut blocks = vec![Block::Line(ty)];
    match &planned.failure {
        Failure::Undeclared => blocks.push(Block::Line(line(
            "No error is declared: `Error::Api` holds the status and the response as it came.",
        ))),
        Failure::Shared(payload, statuses) => {
            let each: Vec<String> = statuses
                .iter()
                .map(|status| planned_status(*status))
                .collect();
            let ty = Word::Type(received(payload));
            let mut said = vec![text("`body()` of `Error::Api` is `Some` "), ty];
            said.push(text(match statuses.contains(&Status::Default) {
                true => ", whatever the status".to_owned(),
                false => format!(" for status {}, and `None` for any other", each.join(", ")),
            }));
            said.push(text("."));
            blocks.push(Block::Line(said));
        }
        Failure::Enum(name, variants) => {
            let of = name.plain();
            let row = |variant: &StatusVariant| {
                vec![
                    line(planned_status(variant.status)),
                    of_variant(of, variant),
                ]
            };
            let mut rows: Vec<Vec<Cell>> = variants.iter().map(row).collect();
            let other = "any other, or a body that is not what is declared";
            rows.push(vec![line(other), vec![code(format!("{of}::Other"))]]);
            let said = "`body()` of `Error::Api` is, by status:";
            blocks.push(Block::Line(line(said)));
            blocks.push(Block::Table(&["Status code", "Variant"], rows));
        }
    }
    if let Some(headers) = &planned.headers {
        let said = vec![
            code("typed_headers"),
            text(" of the response, and of the error, gives "),
            Word::Own(headers.name.clone()),
            text("."),
        ];
        blocks.push(Block::Line(said));
    }
    Some(Section {
        title: "Errors",
        blocks,
    })
}

/// A status, as tables have it.
fn status(status: model::Status) -> String {
    planned_status(responses::status(status))
}

fn planned_status(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(hundred) => format!("{hundred}XX"),
        Status::Default => "any other".to_owned(),
    }
}
