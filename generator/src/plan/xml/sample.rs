//! A value of a schema as XML, for the fakes of tests: what a server would send.

use super::super::context::Context;
use super::super::tree::XmlNode;
use super::{DEEPEST, Usage, item_name, node, root};
use crate::model::{Kind, Record, Rest, Schema, Shape, UnionBy};
use serde_json::Value;

/// The document of a value; `None` if a name in it can stand in no XML.
pub(in crate::plan) fn sample(cx: &Context<'_>, schema: &Schema, value: &Value) -> Option<String> {
    let usage = Usage::of(cx, schema);
    let root = root(cx, schema, &usage);
    let mut out = String::new();
    let local = match usage.kind {
        Kind::List(item) => Usage::of(cx, item).component.unwrap_or("item"),
        _ => "item",
    };
    element(cx, (&root.name, local), &usage, value, &mut out, 0)?;
    Some(out)
}

/// An element: its name, and what items in it are called that have no name of their own.
fn element(
    cx: &Context<'_>,
    (name, local): (&str, &str),
    usage: &Usage<'_>,
    value: &Value,
    out: &mut String,
    depth: usize,
) -> Option<()> {
    let tag = open(name, "", out)?;
    if let Some(record) = record(cx, usage, value, depth) {
        for field in &record.fields {
            let usage = Usage::of(cx, &field.schema);
            let given = value.get(&field.wire_name).filter(|it| !it.is_null());
            if let Some(given) = given
                && node(&usage) == XmlNode::Attribute
            {
                attribute(&usage.qualified(&field.wire_name), given, out)?;
            }
        }
    }
    out.push('>');
    content(cx, local, usage, value, out, depth)?;
    out.push_str(&format!("</{tag}>"));
    Some(())
}

fn content(
    cx: &Context<'_>,
    local: &str,
    usage: &Usage<'_>,
    value: &Value,
    out: &mut String,
    depth: usize,
) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    if let Some(record) = record(cx, usage, value, depth) {
        return members(cx, record, value, out, depth);
    }
    match (usage.kind, value) {
        (Kind::List(item), Value::Array(items)) => {
            let name = item_name(cx, usage, local, item);
            let inner = Usage::of(cx, item);
            for value in items {
                element(cx, (&name, local), &inner, value, out, depth + 1)?;
            }
        }
        (Kind::Map(inner), Value::Object(given)) => {
            let inner = Usage::of(cx, inner);
            for (name, value) in given {
                element(cx, (name, local), &inner, value, out, depth + 1)?;
            }
        }
        (_, Value::Object(given)) => {
            for (name, value) in given {
                element(cx, (name, local), usage, value, out, depth + 1)?;
            }
        }
        (_, Value::Array(items)) => {
            for value in items {
                element(cx, (local, local), usage, value, out, depth + 1)?;
            }
        }
        (_, scalar) => text(scalar, out),
    }
    Some(())
}

fn members(
    cx: &Context<'_>,
    record: &Record,
    value: &Value,
    out: &mut String,
    depth: usize,
) -> Option<()> {
    for field in &record.fields {
        let Some(given) = value.get(&field.wire_name).filter(|it| !it.is_null()) else {
            continue;
        };
        let usage = Usage::of(cx, &field.schema);
        let (wire_name, depth) = (&field.wire_name, depth + 1);
        match node(&usage) {
            XmlNode::Attribute => {}
            XmlNode::Text | XmlNode::Cdata => text(given, out),
            XmlNode::Inline => content(cx, wire_name, &usage, given, out, depth)?,
            XmlNode::Element => {
                let local = usage.name.unwrap_or(wire_name);
                let name = usage.qualified(wire_name);
                element(cx, (&name, local), &usage, given, out, depth)?;
            }
        }
    }
    let Rest::Typed(rest) = &record.rest else {
        return Some(());
    };
    let rest = Usage::of(cx, rest);
    for (name, value) in value.as_object().into_iter().flatten() {
        if !record.fields.iter().any(|field| field.wire_name == *name) {
            element(cx, (name, "item"), &rest, value, out, depth + 1)?;
        }
    }
    Some(())
}

/// The object that a value is, of a union the one that its tag names, or else the first.
fn record<'c>(
    cx: &Context<'c>,
    usage: &Usage<'c>,
    value: &Value,
    depth: usize,
) -> Option<&'c Record> {
    let Kind::Named(id) = usage.kind else {
        return None;
    };
    match &cx.api.types[id.0].shape {
        Shape::Record(record) => value.is_object().then_some(record),
        Shape::Union(union) if depth <= DEEPEST => {
            let tag = match &union.by {
                UnionBy::Tag(member) => value.get(member).and_then(Value::as_str),
                UnionBy::Only | UnionBy::First => None,
            };
            let mut variants = union.variants.iter();
            let named = tag.and_then(|tag| {
                variants.find(|variant| variant.tags.iter().any(|known| known == tag))
            });
            let variant = named.or(union.variants.first())?;
            record_of(cx, &variant.schema, value, depth + 1)
        }
        _ => None,
    }
}

fn record_of<'c>(
    cx: &Context<'c>,
    schema: &'c Schema,
    value: &Value,
    depth: usize,
) -> Option<&'c Record> {
    record(cx, &Usage::of(cx, schema), value, depth)
}

fn attribute(name: &str, value: &Value, out: &mut String) -> Option<()> {
    let mut opened = String::new();
    // its declarations of namespaces stand before it
    let name = open(name, "ns", &mut opened)?;
    let declarations = opened.strip_prefix(&format!("<{name}"))?;
    out.push_str(&format!("{declarations} {name}=\""));
    text(value, out);
    out.push('"');
    Some(())
}

/// Begins a tag and returns its name with prefix; a namespace without prefix gets this one.
fn open(name: &str, prefix: &str, out: &mut String) -> Option<String> {
    let (namespace, qualified) = match name.strip_prefix('{') {
        Some(rest) => rest.rsplit_once('}')?,
        None => ("", name),
    };
    let tag = match qualified.contains(':') || prefix.is_empty() || namespace.is_empty() {
        true => qualified.to_owned(),
        false => format!("{prefix}:{qualified}"),
    };
    let is_name = |part: &str| {
        let is_start = |char: char| char.is_ascii_alphabetic() || char == '_';
        part.starts_with(is_start)
            && part
                .chars()
                .all(|char| is_start(char) || char.is_ascii_digit() || "-.".contains(char))
    };
    let (prefix, local) = tag.split_once(':').unwrap_or(("", &tag));
    if !is_name(local) || !(prefix.is_empty() || is_name(prefix)) {
        return None;
    }
    out.push_str(&format!("<{tag}"));
    if !namespace.is_empty() && prefix != "xml" {
        let colon = if prefix.is_empty() { "" } else { ":" };
        out.push_str(&format!(" xmlns{colon}{prefix}=\""));
        text(&Value::from(namespace), out);
        out.push('"');
    }
    Some(tag)
}

fn text(value: &Value, out: &mut String) {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items = items.iter().map(|item| match item {
                Value::String(text) => text.clone(),
                item => item.to_string(),
            });
            items.collect::<Vec<_>>().join(" ")
        }
        value => value.to_string(),
    };
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(char))),
            char if char.is_control() => {}
            char => out.push(char),
        }
    }
}
