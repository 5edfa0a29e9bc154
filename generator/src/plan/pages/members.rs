//! What is told of the members of forms, which are parameters to those who send them.

use super::super::context::Context;
use super::super::tree::{self, Block, Cell, Presence, Sending, Word};
use super::super::{docs, media};
use super::notes;
use super::operations::on_page;
use super::words::{code, line, text};
use crate::model::{self, Kind, Shape, TypeId};

/// How many members are listed.
const MOST: usize = 40;

/// The members of a body that is sent as a form; none for any other.
pub(super) fn of_form(cx: &Context<'_>, body: &model::Body) -> Vec<Block> {
    let form = body.content.iter().find(|content| {
        let essence = media::essence(&content.media_type);
        essence == "application/x-www-form-urlencoded" || media::is_multipart(&essence)
    });
    let schema = form.and_then(|form| form.schema.as_ref());
    let Some(id) = schema.and_then(|schema| record(cx, schema)) else {
        return Vec::new();
    };
    let name = &cx.names[id.0].0;
    let Some(tree::Shape::Record(planned)) = cx.models.get(name).map(|model| &model.shape) else {
        return Vec::new();
    };
    let Shape::Record(known) = &cx.api.types[id.0].shape else {
        return Vec::new();
    };
    let sent = planned
        .fields
        .iter()
        .filter(|field| field.sending == Sending::Sent);
    let rows: Vec<Vec<Cell>> = sent
        .clone()
        .take(MOST)
        .map(|field| row(cx, known, field))
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let mut said = vec![
        text("Members of "),
        Word::Type(tree::Type::Named(name.clone())),
    ];
    let more = sent.count().saturating_sub(MOST);
    if more > 0 {
        said.push(text(format!(
            ", the first {MOST}; {more} more are on its page"
        )));
    }
    said.push(text(":"));
    let head = &["Name", "Type", "Description", "Notes"];
    vec![
        on_page(Block::Line(said)),
        on_page(Block::Table(head, rows)),
    ]
}

fn row(cx: &Context<'_>, known: &model::Record, field: &tree::Field) -> Vec<Cell> {
    let mut members = known.fields.iter();
    let known = members.find(|known| known.wire_name == field.wire_name);
    let mut name = vec![code(field.name.plain())];
    if field.name.plain() != field.wire_name {
        name.push(text(format!(", {}", docs::code(&field.wire_name))));
    }
    let mut said = vec![match field.presence {
        Presence::Required | Presence::RequiredNullable => "required".to_owned(),
        Presence::Optional | Presence::OptionalNullable => "optional".to_owned(),
    }];
    if known.is_some_and(|known| known.docs.deprecated) {
        said.push("**deprecated**".to_owned());
    }
    if let Some(known) = known {
        said.extend(notes::of_schema(cx, &known.schema, &field.inner));
    }
    let about = known.and_then(|known| {
        let docs = &known.docs;
        docs.description.as_deref().or(docs.summary.as_deref())
    });
    vec![
        name,
        vec![Word::Type(field.inner.clone())],
        line(about.map(docs::one_line).unwrap_or_default()),
        line(said.join(", ")),
    ]
}

/// The record that a schema is, through aliases.
fn record(cx: &Context<'_>, schema: &model::Schema) -> Option<TypeId> {
    let mut schema = schema;
    for _ in 0..=cx.api.types.len() {
        let Kind::Named(id) = &schema.kind else {
            return None;
        };
        match &cx.api.types[id.0].shape {
            Shape::Alias(next) => schema = next,
            Shape::Record(_) => return Some(*id),
            Shape::Enum(_) | Shape::Union(_) => return None,
        }
    }
    None
}
