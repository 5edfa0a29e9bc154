//! Plans the fakes of operations: what they look at, and what they answer.

use super::context::Context;
use super::tree::{
    Body, BodyContent, Fake, FakeAnswer, FakeBody, FakeKind, FakeParam, FakeReply, Location, Need,
    Operation, Param, ParamShape, Payload, Reserved, Shape, Type,
};
use super::values::{Extent, made, shown};
use super::{media, responses, xml};
use crate::model::{self, Media, Status};
use serde_json::Value;

/// The longest example of a document that becomes an answer, and the longest answer that is made of all
/// members, in bytes.
const LONGEST: usize = 4096;

/// Plans the fake of an operation.
pub(super) fn fake(cx: &Context<'_>, op: &model::Operation, planned: &Operation) -> Fake {
    let (answers, replies) = answers(cx, op);
    Fake {
        params: params(cx, planned),
        body: body(op, planned.body.as_ref()),
        answers,
        replies,
        example: Vec::new(),
    }
}

fn params(cx: &Context<'_>, planned: &Operation) -> Vec<FakeParam> {
    let param = |param: &Param, need| FakeParam {
        location: param.location,
        wire_name: param.wire_name.clone(),
        need,
        style: param.style,
        explode: param.explode,
        shape: match (param.location, param.reserved) {
            (Location::Path, Reserved::Kept) => ParamShape::Wide,
            _ => shape(cx, &param.ty),
        },
        ty: param.ty.clone(),
    };
    let required = planned.args.iter().map(|arg| param(arg, Need::Required));
    let optional = planned.setters.iter().map(|arg| param(arg, Need::Optional));
    let mut params: Vec<FakeParam> = required.chain(optional).collect();
    params.sort_by_key(|param| param.location);
    params
}

/// What kind of value a type has, as it is written in one text.
fn shape(cx: &Context<'_>, ty: &Type) -> ParamShape {
    match plain(cx, ty, 0) {
        Type::List(inner) if is_scalar(cx, &inner) => ParamShape::Many,
        ty if is_scalar(cx, &ty) => ParamShape::One,
        _ => ParamShape::Other,
    }
}

fn is_scalar(cx: &Context<'_>, ty: &Type) -> bool {
    match plain(cx, ty, 0) {
        Type::Named(name) => cx.models.get(&name).is_some_and(|model| {
            matches!(
                model.shape,
                Shape::Texts(_) | Shape::Integers(_) | Shape::Scalars(_)
            )
        }),
        Type::List(_)
        | Type::Map(_)
        | Type::Tuple(_)
        | Type::OpenTuple(..)
        | Type::Extra
        | Type::Part
        | Type::Upload
        | Type::Value
        | Type::Unit => false,
        Type::Optional(inner) | Type::Nullable(inner) | Type::Boxed(inner) => is_scalar(cx, &inner),
        _ => true,
    }
}

/// The type with its aliases followed, inside and out: types that Rust takes for the same are the same.
fn plain(cx: &Context<'_>, ty: &Type, depth: usize) -> Type {
    if depth > 32 {
        return ty.clone();
    }
    let inner = |ty: &Type| Box::new(plain(cx, ty, depth + 1));
    let all = |types: &[Type]| types.iter().map(|ty| plain(cx, ty, depth + 1)).collect();
    match ty {
        Type::Named(name) => match cx.models.get(name).map(|model| &model.shape) {
            Some(Shape::Alias(aliased)) => plain(cx, aliased, depth + 1),
            _ => ty.clone(),
        },
        Type::List(ty) => Type::List(inner(ty)),
        Type::Map(ty) => Type::Map(inner(ty)),
        Type::Optional(ty) => Type::Optional(inner(ty)),
        Type::Nullable(ty) => Type::Nullable(inner(ty)),
        Type::Boxed(ty) => Type::Boxed(inner(ty)),
        Type::Quoted(ty) => Type::Quoted(inner(ty)),
        Type::Tuple(types) => Type::Tuple(all(types)),
        Type::OpenTuple(types, rest) => Type::OpenTuple(all(types), inner(rest)),
        _ => ty.clone(),
    }
}

fn body(op: &model::Operation, planned: Option<&Body>) -> FakeBody {
    let is_needed = |body: &model::Body| body.required && !body.may_be_left_out;
    FakeBody {
        need: match op.body.as_ref().is_some_and(is_needed) {
            true => Need::Required,
            false => Need::Optional,
        },
        kind: match planned.map(|body| &body.content) {
            None => FakeKind::Nothing,
            Some(BodyContent::One(payload)) => kind(payload),
            Some(BodyContent::Choice(..)) => FakeKind::Bytes,
        },
    }
}

fn kind(payload: &Payload) -> FakeKind {
    match payload {
        Payload::Empty => FakeKind::Nothing,
        Payload::Slot(ty) => FakeKind::Slot(ty.clone()),
        Payload::Text => FakeKind::Text,
        Payload::Xml(_) | Payload::Bytes | Payload::Lines(_) => FakeKind::Bytes,
    }
}

/// The declared responses, and the types of their bodies.
fn answers(cx: &Context<'_>, op: &model::Operation) -> (Vec<FakeAnswer>, Vec<FakeReply>) {
    let mut declared: Vec<&model::Response> = op.responses.iter().collect();
    declared.sort_by_key(|response| response.status);
    let mut answers: Vec<FakeAnswer> = Vec::new();
    let mut replies: Vec<FakeReply> = Vec::new();
    for response in declared {
        let statuses = statuses(response.status);
        let contents: Vec<Option<&Media>> = match response.content.as_slice() {
            [] => vec![None],
            content => content.iter().map(Some).collect(),
        };
        for content in contents {
            let payload = content.map_or(Payload::Empty, |media| {
                media::received(cx, &response.content, media)
            });
            let media_type = content.map_or_else(String::new, |media| concrete(media, &payload));
            let is_known =
                |known: &FakeAnswer| known.statuses == statuses && known.media_type == media_type;
            if answers.iter().any(is_known) {
                continue;
            }
            let kind = written(cx, &payload);
            let xml = match &payload {
                Payload::Xml(xml) => Some(xml.root.clone()),
                _ => None,
            };
            match replies.iter_mut().find(|reply| reply.kind == kind) {
                Some(reply) => {
                    reply.declared.push((statuses, media_type.clone()));
                    reply.xml = reply.xml.take().or(xml);
                }
                None => replies.push(FakeReply {
                    kind,
                    declared: vec![(statuses, media_type.clone())],
                    xml,
                }),
            }
            answers.push(FakeAnswer {
                statuses,
                status: status(op, response.status),
                media_type,
                headers: headers(cx, response),
                body: content.map_or_else(String::new, |media| text(cx, media, &payload)),
            });
        }
    }
    (answers, replies)
}

/// How a payload is written: types by what Rust takes them for, and texts as what they are.
fn written(cx: &Context<'_>, payload: &Payload) -> FakeKind {
    if let Payload::Xml(xml) = payload {
        return FakeKind::Slot(plain(cx, &xml.ty, 0));
    }
    match kind(payload) {
        FakeKind::Slot(ty) => FakeKind::Slot(plain(cx, &ty, 0)),
        FakeKind::Text => FakeKind::Slot(Type::String),
        kind => kind,
    }
}

fn statuses(status: Status) -> (u16, u16) {
    match status {
        Status::Code(code) => (code, code),
        Status::Range(hundred) => (u16::from(hundred) * 100, u16::from(hundred) * 100 + 99),
        Status::Default => (0, 999),
    }
}

/// The status that a fake gives for a response: of a range the first that has no response of its own.
fn status(op: &model::Operation, status: Status) -> u16 {
    let is_own = |code: &u16| {
        let mut responses = op.responses.iter();
        responses.any(|response| response.status == Status::Code(*code))
    };
    match status {
        Status::Code(code) => code,
        Status::Range(hundred) => {
            let first = u16::from(hundred) * 100;
            (first..first + 100)
                .find(|code| !is_own(code))
                .unwrap_or(first)
        }
        Status::Default if responses::has_success(op) => 500,
        Status::Default => 200,
    }
}

/// A media type of a range.
fn concrete(media: &Media, payload: &Payload) -> String {
    let media_type = &media.media_type;
    if !media_type.contains('*') {
        return media_type.clone();
    }
    match (payload, media::essence(media_type).as_str()) {
        (Payload::Slot(_), _) => "application/json".to_owned(),
        (_, "image/*") => "image/png".to_owned(),
        (_, "text/*") => "text/plain".to_owned(),
        _ => "application/octet-stream".to_owned(),
    }
}

/// The headers that must be there, and those that the document has an example of.
fn headers(cx: &Context<'_>, response: &model::Response) -> Vec<(String, String)> {
    let header = |header: &model::Header| {
        if !header.required && header.docs.example.is_none() {
            return None;
        }
        let example = header.docs.example.as_ref();
        let value = example
            .and_then(|example| shown(cx, &header.schema, example))
            .or_else(|| made(cx, &header.schema, &header.wire_name, Extent::Bare))?;
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => return None,
        };
        let is_sendable = text
            .bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_graphic());
        is_sendable.then(|| (header.wire_name.clone(), text))
    };
    response.headers.iter().filter_map(header).collect()
}

/// The body that a fake answers with: what the document shows if it is one, or else one that is made.
fn text(cx: &Context<'_>, media: &Media, payload: &Payload) -> String {
    let Some(schema) = media.schema.as_ref() else {
        return match payload {
            Payload::Slot(_) | Payload::Xml(_) => "{}".to_owned(),
            Payload::Empty => String::new(),
            _ => "content".to_owned(),
        };
    };
    if matches!(payload, Payload::Lines(_)) {
        return lines(cx, media, schema);
    }
    let example = media.example.as_ref();
    let is_xml = matches!(payload, Payload::Xml(_));
    if !is_xml && !matches!(payload, Payload::Slot(_)) {
        return match example {
            Some(Value::String(text)) if text.len() <= LONGEST => text.clone(),
            _ => "content".to_owned(),
        };
    }
    if let (true, Some(Value::String(text))) = (is_xml, example) {
        return text.clone();
    }
    let written = |value: Value| match is_xml {
        true => xml::sample(cx, schema, &value),
        false => Some(value.to_string()),
    };
    let short = |value: Value| written(value).filter(|text| text.len() <= LONGEST);
    let made = |extent| made(cx, schema, "body", extent);
    example
        .and_then(|example| short(shown(cx, schema, example)?))
        .or_else(|| short(made(Extent::Full)?))
        .or_else(|| written(made(Extent::Bare)?))
        .unwrap_or_else(|| if is_xml { "<root/>" } else { "{}" }.to_owned())
}

/// Records one after the other (JSON Lines; RFC 7464): those that the document shows, or one that is made.
fn lines(cx: &Context<'_>, media: &Media, schema: &model::Schema) -> String {
    let listed = match &media.example {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let mut records: Vec<Value> = listed
        .iter()
        .filter_map(|record| shown(cx, schema, record))
        .filter(|record| record.to_string().len() <= LONGEST)
        .collect();
    if records.is_empty() {
        records.extend(made(cx, schema, "line", Extent::Bare));
    }
    let before = match media::essence(&media.media_type).ends_with("json-seq") {
        true => "\u{1e}",
        false => "",
    };
    let lines = records.iter().map(|record| format!("{before}{record}\n"));
    lines.collect()
}
