//! Plans what is told of types beside their definitions: values of them, programs, and where the API has them.

use super::super::context::Context;
use super::super::example::{self, Making};
use super::super::names::Ident;
use super::super::tree::{
    Deprecation, Model, ModelDocs, ModelExample, Operation, Role, Shape, Type, UsedBy,
};
use super::super::values::{Extent, Side, made_by, shown_by};
use super::super::{docs as prose, xml};
use crate::model::{self, Kind, Limits, Schema, TypeId};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Where types stand that are no operation's.
const COMPONENTS: &str = "/components/";

/// The longest value that a page shows, in bytes.
const LONGEST: usize = 4096;

/// The longest value that a program repeats beside a page that shows it, in bytes.
const LONGEST_READ: usize = 600;

/// The most operations, and the most types, that a page lists as those that use a type.
const MOST_USES: usize = 40;

/// What is told of every type, in the order of the types; `operations` are those that are planned.
pub(in super::super) fn docs(
    cx: &Context<'_>,
    module: &Ident,
    operations: &[Operation],
) -> BTreeMap<Ident, ModelDocs> {
    let shown = shown_values(cx.api);
    let mut uses = uses(cx, operations);
    let planned: Vec<(Ident, ModelDocs)> = (0..cx.api.types.len())
        .into_par_iter()
        .filter_map(|id| {
            let model = cx.models.get(&cx.names[id].0)?;
            let values = shown.get(&TypeId(id)).map_or(&[][..], Vec::as_slice);
            let docs = of_type(cx, module, TypeId(id), model, values);
            Some((model.name.clone(), docs))
        })
        .collect();
    let mut planned: BTreeMap<Ident, ModelDocs> = planned.into_iter().collect();
    for (name, docs) in &mut planned {
        docs.used_by = uses.remove(name).unwrap_or_default();
    }
    planned
}

/// The values that the document shows of each type: its own example, and bodies that are of it where it stands in an
/// operation. A type among the components is many operations': the page of one would change with the example of another.
fn shown_values(api: &model::Api) -> BTreeMap<TypeId, Vec<&Value>> {
    let mut shown: BTreeMap<TypeId, Vec<&Value>> = BTreeMap::new();
    for (id, ty) in api.types.iter().enumerate() {
        if let Some(example) = &ty.docs.example {
            shown.entry(TypeId(id)).or_default().push(example);
        }
    }
    // by their places, as the order of paths says nothing
    let mut operations: Vec<&model::Operation> = api.operations.iter().collect();
    operations.sort_by(|a, b| a.at.cmp(&b.at));
    let bodies = operations.iter().flat_map(|op| &op.body);
    let sent = bodies.flat_map(|body| &body.content);
    let responses = operations.iter().flat_map(|op| &op.responses);
    let received = responses.flat_map(|response| &response.content);
    for media in sent.chain(received) {
        if let (Some(Kind::Named(id)), Some(example)) = (
            media.schema.as_ref().map(|schema| &schema.kind),
            &media.example,
        ) {
            if api.types[id.0].at.as_str().starts_with(COMPONENTS) {
                continue;
            }
            let known = shown.entry(*id).or_default();
            // the first will do, and a second should it be none
            if known.len() < 4 {
                known.push(example);
            }
        }
    }
    shown
}

fn of_type(
    cx: &Context<'_>,
    module: &Ident,
    id: TypeId,
    model: &Model,
    shown: &[&Value],
) -> ModelDocs {
    let schema = Schema {
        kind: Kind::Named(id),
        nullable: false,
        default: None,
        limits: Limits::default(),
        xml: None,
    };
    let is_sent = cx.graph.is_sent(id);
    let side = match is_sent && !cx.graph.is_received(id) {
        true => Side::Caller,
        false => Side::Server,
    };
    let is_json = !cx.graph.is_parted(id) && !holds_parts(model);
    let value = is_json.then(|| value(cx, side, &schema, shown)).flatten();
    let json = value.as_ref().map(json).unwrap_or_default();
    let read = match value.as_ref() {
        Some(value) if json_length(value) > LONGEST_READ => {
            let bare = made_by(cx, side, &schema, "body", Extent::Bare);
            bare.map_or_else(|| json.clone(), |bare| self::json(&bare))
        }
        _ => json.clone(),
    };
    let xml = match (&model.xml, &value) {
        (Some(_), Some(value)) => xml::sample(cx, &schema, value).map(|text| elements(&text)),
        _ => None,
    };
    let making = match is_sent {
        true => Making::ByCallers,
        false => Making::ByServers,
    };
    let members = value.as_ref().and_then(Value::as_object);
    let example = match is_named_enum(&model.shape) {
        true => example::of_model(cx, module, model, Making::ByCallers, &[], None),
        false => example::of_model(cx, module, model, making, &read, members),
    };
    let said = &cx.api.types[id.0].docs;
    let summary = said.summary.as_deref().or(said.description.as_deref());
    ModelDocs {
        summary: summary.map(prose::brief).unwrap_or_default(),
        deprecated: deprecation(said.deprecated),
        json,
        xml: xml.unwrap_or_default(),
        example: short(example),
        used_by: UsedBy::default(),
    }
}

/// Whether the document advises against a thing.
pub(in super::super) fn deprecation(is_deprecated: bool) -> Deprecation {
    match is_deprecated {
        true => Deprecation::Deprecated,
        false => Deprecation::Current,
    }
}

/// Callers can make values of enums, whoever sends them.
fn is_named_enum(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Texts(_) | Shape::Integers(_) | Shape::Scalars(_)
    )
}

/// An example that is too long to help is none.
fn short(example: ModelExample) -> ModelExample {
    let length: usize = example
        .lines
        .iter()
        .chain(&example.text)
        .map(String::len)
        .sum();
    match length > LONGEST {
        true => ModelExample::default(),
        false => example,
    }
}

/// Whether there are raw parts in it, which JSON has no place for.
fn holds_parts(model: &Model) -> bool {
    let is_part = |ty: &Type| match ty {
        Type::Part | Type::Multipart | Type::Upload | Type::Bytes => true,
        Type::List(inner) | Type::Map(inner) => matches!(**inner, Type::Part),
        _ => false,
    };
    match &model.shape {
        Shape::Record(record) => {
            let rest = record.rest.iter().map(|(_, ty)| ty);
            let mut types = record.fields.iter().map(|field| &field.inner).chain(rest);
            types.any(is_part)
        }
        Shape::Alias(ty) => is_part(ty),
        _ => false,
    }
}

/// A value of the schema, as this side sends it: what the document shows, if it is one and says something, or else one
/// that is made. `None` if all are too long, or there is none.
fn value(cx: &Context<'_>, side: Side, schema: &Schema, shown: &[&Value]) -> Option<Value> {
    let says = |value: &Value| !matches!(value, Value::Object(members) if members.is_empty());
    let is_short = |value: &Value| json_length(value) <= LONGEST;
    let mut shown = shown
        .iter()
        .filter_map(|value| shown_by(cx, side, schema, value));
    let made = |extent| made_by(cx, side, schema, "body", extent).filter(is_short);
    shown
        .find(|value| says(value) && is_short(value))
        .or_else(|| made(Extent::Once))
        .or_else(|| made(Extent::Own))
        .or_else(|| made(Extent::Bare))
}

fn json_length(value: &Value) -> usize {
    serde_json::to_string_pretty(value).map_or(0, |text| text.len())
}

/// A value as people set it. What would turn the direction of reading, or is not to be seen, is escaped.
fn json(value: &Value) -> Vec<String> {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => safe.push('\n'),
            char if prose::is_unseen(char) => safe.push_str(&format!("\\u{:04x}", u32::from(char))),
            char => safe.push(char),
        }
    }
    safe.lines().map(str::to_owned).collect()
}

/// A document of XML with an element on each line.
fn elements(text: &str) -> Vec<String> {
    let safe: String = text
        .chars()
        .filter(|char| !prose::is_unseen(*char))
        .collect();
    let mut lines = Vec::new();
    let mut depth = 0_usize;
    let mut rest = safe.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(line_of_xml(rest));
        let closes = line.starts_with("</");
        if closes {
            depth = depth.saturating_sub(1);
        }
        lines.push(format!("{}{line}", "  ".repeat(depth)));
        let is_open = !closes && !line.ends_with("/>") && !line.contains("</");
        depth += usize::from(is_open);
        rest = tail;
    }
    lines
}

/// Where the first line ends: behind a tag that another follows, unless it holds nothing.
fn line_of_xml(text: &str) -> usize {
    let ends = text.match_indices("><").map(|(at, _)| at + 1);
    let mut breaks = ends.filter(|end| {
        let is_empty = !text.starts_with("</")
            && !text[..*end].contains("</")
            && text[*end..].starts_with("</");
        !is_empty
    });
    breaks.next().unwrap_or(text.len())
}

/// Where the API has each type.
fn uses(cx: &Context<'_>, operations: &[Operation]) -> BTreeMap<Ident, UsedBy> {
    let mut roles: BTreeMap<&Ident, BTreeMap<usize, BTreeSet<Role>>> = BTreeMap::new();
    for (index, op) in operations.iter().enumerate() {
        op.each_type(&mut |role, ty| {
            ty.each_name(&mut |name| {
                let of_type = roles.entry(name).or_default();
                of_type.entry(index).or_default().insert(role);
            });
        });
    }
    let mut used: BTreeMap<Ident, UsedBy> = BTreeMap::new();
    for (name, operations) in roles {
        let used = used.entry(name.clone()).or_default();
        used.more_operations = operations.len().saturating_sub(MOST_USES);
        let listed = operations.into_iter().take(MOST_USES);
        used.operations = listed
            .map(|(index, roles)| (index, roles.into_iter().collect()))
            .collect();
    }
    for model in cx.models.values() {
        for held in &model.uses {
            let used = used.entry(held.clone()).or_default();
            match used.models.len() < MOST_USES {
                true => used.models.push(model.name.clone()),
                false => used.more_models += 1,
            }
        }
    }
    for webhook in &cx.api.webhooks {
        let schemas = webhook.content.iter().flat_map(|media| &media.schema);
        let types: Vec<Type> = schemas.map(|schema| cx.value(schema)).collect();
        let mut names: BTreeSet<&Ident> = BTreeSet::new();
        for ty in &types {
            ty.each_name(&mut |name| {
                names.insert(name);
            });
        }
        for name in names {
            let used = used.entry(name.clone()).or_default();
            used.webhooks.push(prose::code(&webhook.wire_name));
        }
    }
    used
}
