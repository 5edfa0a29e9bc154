//! What a table notes of a parameter beside its type.

use super::super::context::Context;
use super::super::tree::{Cell, Explode, Location, Param, PartEncoding, Shape, Style, Type};
use super::super::{docs, rules};
use super::words::{line, text};
use crate::model;

/// How many values of an enum are listed.
const MOST_VALUES: usize = 12;

/// Whether it must be given, its default, its limits, and how it is written if not as usual.
pub(super) fn of_parameter(cx: &Context<'_>, known: &model::Param, param: &Param) -> String {
    let mut notes = vec![match known.required {
        true => "required".to_owned(),
        false => "optional".to_owned(),
    }];
    if known.docs.deprecated {
        notes.push("**deprecated**".to_owned());
    }
    notes.extend(of_schema(cx, &known.schema, &param.ty));
    notes.extend(written(param.location, param.style, param.explode));
    if let Some((setter, _)) = &param.empty {
        notes.push(format!(
            "{} sends it without a value",
            docs::code(setter.plain())
        ));
    }
    notes.join(", ")
}

/// The default, the values and the limits of a schema.
pub(in super::super) fn of_schema(
    cx: &Context<'_>,
    schema: &model::Schema,
    ty: &Type,
) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(default) = schema.default.as_ref().filter(|_| *ty != Type::Secret) {
        notes.push(format!("default {}", docs::code(&docs::short(default))));
    }
    notes.extend(values(cx, ty));
    for (word, value) in rules::said(&schema.limits) {
        notes.push(docs::code(&format!("{word}: {}", docs::short(value))));
    }
    notes
}

/// The values of an enum, also of a list of them.
fn values(cx: &Context<'_>, ty: &Type) -> Option<String> {
    let mut ty = ty;
    for _ in 0..8 {
        ty = match ty {
            Type::List(inner) | Type::Optional(inner) | Type::Nullable(inner) => inner,
            Type::Named(name) => match &cx.models.get(name)?.shape {
                Shape::Alias(aliased) => aliased,
                Shape::Texts(variants) => {
                    return listed(variants.iter().map(|one| one.text.clone()));
                }
                Shape::Integers(variants) => {
                    return listed(variants.iter().map(|one| one.number.to_string()));
                }
                _ => return None,
            },
            _ => return None,
        };
    }
    None
}

fn listed(values: impl ExactSizeIterator<Item = String>) -> Option<String> {
    let count = values.len();
    let texts: Vec<String> = values
        .take(MOST_VALUES)
        .map(|text| docs::code(&text))
        .collect();
    match texts.as_slice() {
        [] => None,
        [one] => Some(format!("always {one}")),
        _ if count > MOST_VALUES => Some(format!(
            "one of {} and {} more",
            texts.join(", "),
            count - MOST_VALUES
        )),
        texts => Some(format!("one of {}", texts.join(", "))),
    }
}

/// How a parameter is written, where OpenAPI has another way unless said.
fn written(location: Location, style: Style, explode: Explode) -> Option<String> {
    let usual = match location {
        Location::Path | Location::Header => (Style::Simple, Explode::No),
        Location::Query | Location::Cookie => (Style::Form, Explode::Yes),
    };
    if (style, explode) == usual {
        return None;
    }
    Some(match style_name(style) {
        (name, true) if explode == Explode::Yes => format!("style `{name}`, exploded"),
        (name, true) => format!("style `{name}`"),
        (name, false) => format!("written as {name}"),
    })
}

/// What a style is called, and whether that is OpenAPI's word for it.
fn style_name(style: Style) -> (&'static str, bool) {
    match style {
        Style::Simple => ("simple", true),
        Style::Label => ("label", true),
        Style::Matrix => ("matrix", true),
        Style::Form => ("form", true),
        Style::SpaceDelimited => ("spaceDelimited", true),
        Style::PipeDelimited => ("pipeDelimited", true),
        Style::DeepObject => ("deepObject", true),
        Style::Cookie => ("cookie", true),
        Style::TabDelimited => ("a text with tabs between", false),
        Style::Json => ("JSON", false),
        Style::Text => ("plain text", false),
        Style::Urlencoded => ("a form in one text", false),
    }
}

/// A row of the table of parts with an encoding of their own.
pub(super) fn of_part(part: &PartEncoding) -> Option<Vec<Cell>> {
    let media_type = part.content_type.as_deref().map(docs::code);
    let style = part.style.map(|style| match style_name(style) {
        (name, true) => format!("style `{name}`"),
        (name, false) => name.to_owned(),
    });
    let said: Vec<String> = media_type.into_iter().chain(style).collect();
    let name = docs::code(&part.wire_name);
    (!said.is_empty()).then(|| vec![vec![text(name)], line(said.join(", "))])
}
