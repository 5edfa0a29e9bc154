//! What is told of an operation: the same on its page and in rustdoc.

use super::super::context::Context;
use super::super::tree::{
    Block, BodyPresence, Cell, Failure, Location, Operation, OperationDocs, Param, Scheme,
    SchemeKind, Section, Word,
};
use super::super::{docs, example, pagination, tokens};
use super::words::{argument, around, body, code, joined, line, output, text};
use super::{members, notes, responses};
use crate::model;

/// How many setters a signature shows.
const MOST_SETTERS: usize = 6;

/// What is told of an operation that is planned but for this.
pub(in super::super) fn about(
    cx: &Context<'_>,
    op: &model::Operation,
    planned: &Operation,
    schemes: &[Scheme],
    programs: example::Programs,
) -> OperationDocs {
    let mut prose = docs::lines(&op.docs);
    if prose.is_empty() {
        prose.clone_from(&planned.summary);
    }
    let sections = [
        parameters(cx, op, planned),
        request_body(cx, op, planned),
        responses::returns(cx, op, planned),
        streams(planned),
        pages(op),
        authorization(op, planned, schemes),
        request_headers(planned),
        responses::details(cx, op),
        responses::errors(planned),
        token(cx, op),
        callbacks(cx, op),
    ];
    OperationDocs {
        signature: signature(planned),
        prose,
        place: place(op, planned),
        programs: programs.0,
        sections: sections.into_iter().flatten().collect(),
    }
}

fn section(title: &'static str, blocks: Vec<Block>) -> Option<Section> {
    (!blocks.is_empty()).then_some(Section { title, blocks })
}

/// What stands on pages alone.
pub(super) fn on_page(block: Block) -> Block {
    Block::OnPage(Box::new(block))
}

/// How the call is written, and what it comes to.
fn signature(planned: &Operation) -> Cell {
    let mut arguments: Vec<Cell> = Vec::new();
    for arg in &planned.args {
        let name = format!("{}: ", arg.name.plain());
        arguments.push([vec![code(name)], argument(&arg.ty)].concat());
    }
    let body_of = |presence| {
        planned
            .body
            .as_ref()
            .filter(move |body| body.presence == presence)
    };
    if let Some(given) = body_of(BodyPresence::Required) {
        let name = format!("{}: ", given.name.plain());
        arguments.push([vec![code(name)], body(&given.content)].concat());
    }
    let mut out = vec![code(format!("client.{}(", planned.method.plain()))];
    for (index, argument) in arguments.into_iter().enumerate() {
        out.extend((index > 0).then(|| code(", ")));
        out.extend(argument);
    }
    out.push(code(")"));
    let mut setters: Vec<Cell> = (planned.setters.iter())
        .map(|param| {
            around(
                &format!(".{}(", param.name.plain()),
                argument(&param.ty),
                ")",
            )
        })
        .collect();
    if let Some(given) = body_of(BodyPresence::Optional) {
        let name = format!(".{}(", given.name.plain());
        setters.push(around(&name, body(&given.content), ")"));
    }
    let is_cut = setters.len() > MOST_SETTERS;
    out.extend(setters.into_iter().take(MOST_SETTERS).flatten());
    out.extend(is_cut.then(|| code(".…")));
    out.push(text(" → "));
    out.extend(around(
        "Result<Response<",
        vec![output(&planned.output)],
        ">, Error<",
    ));
    out.extend(failure(&planned.failure));
    out.push(code(">>"));
    out
}

/// What a refusal holds.
pub(super) fn failure(failure: &Failure) -> Cell {
    match failure {
        Failure::Undeclared => vec![code("()")],
        Failure::Shared(payload, _) => {
            let ty = super::words::received(payload);
            around("Option<", vec![Word::Type(ty)], ">")
        }
        Failure::Enum(name, _) => vec![Word::Own(name.clone())],
    }
}

/// The method and path, where they stand, and servers of its own.
fn place(op: &model::Operation, planned: &Operation) -> Vec<String> {
    let request = docs::code(&format!("{} {}", op.method, op.path));
    let mut lines = vec![format!(
        "{request}, from {}.",
        docs::code(&op.at.to_string())
    )];
    if !op.servers.is_empty() {
        let urls: Vec<String> = op
            .servers
            .iter()
            .map(|server| docs::code(&server.url))
            .collect();
        let mut said = format!(
            "It goes to {} instead of the API's servers",
            urls.join(" or ")
        );
        if let Some(setter) = &planned.server {
            said = format!("{said}; {} chooses", docs::code(setter.name.plain()));
        }
        lines.extend([String::new(), format!("{said}.")]);
    }
    lines
}

/// All that a call can be given.
fn parameters(cx: &Context<'_>, op: &model::Operation, planned: &Operation) -> Option<Section> {
    let mut rows = Vec::new();
    let mut longer = Vec::new();
    let mut add = |param: &Param| {
        let (row, prose) = parameter(cx, op, param);
        rows.push(row);
        longer.extend(prose);
    };
    planned.args.iter().for_each(&mut add);
    planned.setters.iter().for_each(&mut add);
    if let Some(row) = body_row(op, planned) {
        let required = planned.args.len();
        let is_argument = planned
            .body
            .as_ref()
            .is_some_and(|body| body.presence == BodyPresence::Required);
        rows.insert(if is_argument { required } else { rows.len() }, row);
    }
    if rows.is_empty() {
        return None;
    }
    let mut blocks = vec![Block::Table(
        &["Name", "In", "Type", "Description", "Notes"],
        rows,
    )];
    blocks.extend(longer);
    section("Parameters", blocks)
}

/// A row of the table of parameters, and the prose that is too long for it.
fn parameter(cx: &Context<'_>, op: &model::Operation, param: &Param) -> (Vec<Cell>, Option<Block>) {
    let known = op.params.iter().find(|known| {
        known.wire_name == param.wire_name
            && super::super::operations::location(known.location) == param.location
    });
    let place = match param.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    let place = match param.name.plain() == param.wire_name {
        true => place.to_owned(),
        false => format!("{place}, {}", docs::code(&param.wire_name)),
    };
    let description = known.and_then(|known| known.docs.description.as_deref());
    let prose = description.map(docs::markdown).unwrap_or_default();
    let (first, is_longer) = docs::opening(&prose);
    let name = vec![code(param.name.plain())];
    let notes = known.map(|known| notes::of_parameter(cx, known, param));
    let row = vec![
        name.clone(),
        line(place),
        argument(&param.ty),
        line(first),
        line(notes.unwrap_or_default()),
    ];
    (row, is_longer.then(|| on_page(Block::Prose(name, prose))))
}

fn body_row(op: &model::Operation, planned: &Operation) -> Option<Vec<Cell>> {
    let (known, given) = (op.body.as_ref()?, planned.body.as_ref()?);
    let description = known.docs.description.as_deref();
    let mut notes = vec![match given.presence {
        BodyPresence::Required => "required".to_owned(),
        BodyPresence::Optional => "optional".to_owned(),
    }];
    if let Some(without) = &given.without {
        notes.push(format!("{} sends none", docs::code(without.plain())));
    }
    Some(vec![
        vec![code(given.name.plain())],
        line("body"),
        body(&given.content),
        line(description.map(docs::one_line).unwrap_or_default()),
        line(notes.join(", ")),
    ])
}

/// What travels in the body, by media type.
fn request_body(cx: &Context<'_>, op: &model::Operation, planned: &Operation) -> Option<Section> {
    let (known, given) = (op.body.as_ref()?, planned.body.as_ref()?);
    let several = planned.request_types.len() > 1;
    let row = |(index, media): (usize, &model::Media)| {
        let mut media_type = docs::code(&media.media_type);
        if index == 0 && several {
            media_type.push_str(" (default)");
        }
        vec![line(media_type), responses::sent_as(cx, given, media)]
    };
    let rows = known.content.iter().enumerate().map(row).collect();
    let mut blocks = vec![Block::Table(&["Media type", "Type"], rows)];
    let parts: Vec<Vec<Cell>> = given.encoding.iter().filter_map(notes::of_part).collect();
    if !parts.is_empty() {
        blocks.push(Block::Table(&["Member", "Written as"], parts));
    }
    if given.files == super::super::tree::Files::Taken {
        let said = "`part` adds parts beside those of the members, such as files.";
        blocks.push(Block::Line(line(said)));
    }
    blocks.extend(members::of_form(cx, known));
    section("Request body", blocks)
}

/// The ways to read a response bit by bit.
fn streams(planned: &Operation) -> Option<Section> {
    use super::super::tree::Streaming;
    let item = |stream: &Streaming| match stream {
        Streaming::Download => vec![
            code("download"),
            text(": the body as it comes, of any length"),
        ],
        Streaming::Events(_, ty) => vec![
            code("events"),
            text(": Server-Sent Events, each a "),
            Word::Type(ty.clone()),
        ],
        Streaming::Records(media_type, ty) => vec![
            code("records"),
            text(format!(
                ": the records of {}, each a ",
                docs::code(media_type)
            )),
            Word::Type(ty.clone()),
        ],
    };
    let items: Vec<Cell> = planned.streams.iter().map(item).collect();
    let blocks = (!items.is_empty()).then_some(Block::List(items));
    section("Streams", blocks.into_iter().collect())
}

fn pages(op: &model::Operation) -> Option<Section> {
    let said = pagination::said(op)?;
    section("Pages", vec![Block::Line(line(said))])
}

/// The alternatives, of schemes that go together.
fn authorization(
    op: &model::Operation,
    planned: &Operation,
    schemes: &[Scheme],
) -> Option<Section> {
    let scheme = |index: &usize, scopes: &[String]| {
        let mut out = vec![
            Word::Scheme(*index),
            text(format!(" ({})", kind(&schemes[*index].kind))),
        ];
        if !scopes.is_empty() {
            let scopes: Vec<String> = scopes.iter().map(|scope| docs::code(scope)).collect();
            out.push(text(format!(", scopes {}", scopes.join(", "))));
        }
        out
    };
    let alternative = |all: &Vec<usize>| match all.as_slice() {
        [] => line("none: the call may go without"),
        all => joined(
            all.iter()
                .map(|index| scheme(index, scopes(op, &schemes[*index])))
                .collect(),
            " and ",
        ),
    };
    let alternatives: Vec<Cell> = planned.security.iter().map(alternative).collect();
    let block = match alternatives.len() {
        0 => Block::Line(line("No authorization required")),
        1 => Block::Line(alternatives.into_iter().flatten().collect()),
        _ => Block::List(alternatives),
    };
    let several = matches!(block, Block::List(_)).then(|| Block::Line(line("One of:")));
    let mut blocks: Vec<Block> = several.into_iter().collect();
    blocks.push(block);
    if let Some(token) = &planned.token
        && !token.secrets.is_empty()
        && !planned.security.is_empty()
    {
        let members: Vec<String> = token.secrets.iter().map(|name| docs::code(name)).collect();
        blocks.push(Block::Line(line(format!(
            "Where the body has {}, it goes without `Authorization`: a client proves who it is in one way (RFC 6749, \
             section 2.3).",
            members.join(" or ")
        ))));
    }
    section("Authorization", blocks)
}

/// The scopes that an operation wants of a scheme.
fn scopes<'m>(op: &'m model::Operation, scheme: &Scheme) -> &'m [String] {
    let mut all = op.security.iter().flatten();
    let wanted = all.find(|one| one.scheme == scheme.wire_name && !one.scopes.is_empty());
    wanted.map(|one| one.scopes.as_slice()).unwrap_or_default()
}

fn kind(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey(location, name) => {
            let place = match location {
                Location::Header => "header",
                Location::Query => "query",
                Location::Cookie => "cookie",
                Location::Path => "path",
            };
            format!("API key in the {place} {}", docs::code(name))
        }
        SchemeKind::Basic => "HTTP Basic".to_owned(),
        SchemeKind::Bearer => "bearer token".to_owned(),
        SchemeKind::Http(name) => format!("{} in `Authorization`", docs::code(name)),
        SchemeKind::MutualTls => "certificate of the client".to_owned(),
    }
}

fn request_headers(planned: &Operation) -> Option<Section> {
    let listed = |types: &[String]| match types {
        [] => "not sent".to_owned(),
        types => types
            .iter()
            .map(|one| docs::code(one))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let mut content = listed(&planned.request_types);
    if planned.request_types.len() > 1 {
        content.push_str("; the first unless `content_type` says another");
    }
    let mut accept = listed(&planned.response_types);
    if planned.response_types.len() > 1 {
        accept.push_str("; `accept` asks for another");
    }
    let items = vec![
        line(format!("**Content-Type**: {content}")),
        line(format!("**Accept**: {accept}")),
    ];
    section("HTTP request headers", vec![Block::List(items)])
}

/// Where a token operation has what.
fn token(cx: &Context<'_>, op: &model::Operation) -> Option<Section> {
    let token = op.token.as_ref()?;
    let named = |at: &crate::pointer::Pointer| {
        let mut operations = cx.api.operations.iter();
        let other = operations.find(|operation| operation.at == *at);
        other.map_or_else(String::new, |other| {
            docs::code(&format!("{} {}", other.method, other.path))
        })
    };
    let rows = tokens::token_rows(token, &named);
    let rows = rows
        .into_iter()
        .map(|(what, how)| vec![line(what), line(how)]);
    let said = format!("This is {}:", tokens::token_kind(token.kind));
    section(
        "Token",
        vec![
            Block::Line(line(said)),
            Block::Table(&["what", "where and how"], rows.collect()),
        ],
    )
}

/// The requests that the API sends because of the operation.
fn callbacks(cx: &Context<'_>, op: &model::Operation) -> Option<Section> {
    let below = op.at.push("callbacks");
    let below = format!("{}/", below.as_str());
    let sent = cx.api.webhooks.iter();
    let sent = sent.filter(|webhook| webhook.at.as_str().starts_with(&below));
    let rows: Vec<Vec<Cell>> = sent
        .map(|webhook| {
            let body = webhook.content.first().map(|media| match &media.schema {
                Some(schema) => vec![Word::Type(cx.value(schema))],
                None => line(docs::code(&media.media_type)),
            });
            let about = webhook
                .docs
                .summary
                .as_deref()
                .or(webhook.docs.description.as_deref());
            vec![
                line(docs::code(&webhook.wire_name)),
                line(docs::code(&webhook.method)),
                body.unwrap_or_else(|| line("-")),
                line(about.map(docs::one_line).unwrap_or_default()),
            ]
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let said = "What the API sends to the address that it was told:";
    section(
        "Callbacks",
        vec![
            Block::Line(line(said)),
            Block::Table(&["Name", "Method", "Body", "Description"], rows),
        ],
    )
}
