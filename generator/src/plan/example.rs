//! Writes the example of an operation: a client, the call with everything that it must be given, a look at
//! the answer. Render formats it and rustdoc compiles it.

use super::models::Context;
use super::names::{Case, Ident};
use super::tree::{
    BodyContent, BodyPresence, Field, Model, Operation, Payload, Scheme, SchemeKind, Shape, Type,
};
use super::{docs, words};
use crate::model;

/// How deep examples go into types before they give an empty value.
const DEPTH: usize = 6;

/// Whether the place takes anything that converts, or the type itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Into,
    Owned,
}

/// The statements of an example.
pub(super) fn lines(
    cx: &Context<'_>,
    module: &Ident,
    op: &model::Operation,
    planned: &Operation,
    schemes: &[Scheme],
) -> Vec<String> {
    let mut call = Vec::new();
    for arg in &planned.args {
        let hint = op
            .params
            .iter()
            .find(|param| param.wire_name == arg.wire_name)
            .and_then(|param| docs::example(&param.docs, &arg.ty));
        call.push(value(
            cx,
            &arg.ty,
            hint.as_deref(),
            &arg.wire_name,
            Wanted::Into,
            0,
        ));
    }
    if let Some(body) = planned
        .body
        .as_ref()
        .filter(|body| body.presence == BodyPresence::Required)
    {
        match &body.content {
            BodyContent::One(Payload::Empty) => {}
            BodyContent::One(content) => call.push(payload(cx, content)),
            BodyContent::Choice(name, variants) => {
                let first = variants.first().expect("a choice has several variants");
                let content = payload(cx, &first.payload);
                let into = if matches!(first.payload, Payload::Slot(_)) {
                    ""
                } else {
                    ".into()"
                };
                call.push(format!(
                    "operations::{name}::{}({content}{into})",
                    first.name
                ));
            }
        }
    }
    let call = call.join(", ");
    let mut imports = vec!["Client"];
    if call.contains("models::") {
        imports.push("models");
    }
    if call.contains("operations::") {
        imports.push("operations");
    }
    vec![
        format!("use {}::{}::{{{}}};", cx.krate, module, imports.join(", ")),
        format!(
            "let client = Client::builder(){}.build()?;",
            settings(cx, planned, schemes)
        ),
        format!("let response = client.{}({call}).await?;", planned.method),
        "println!(\"{response:?}\");".to_owned(),
    ]
}

/// What the client must be told before it can make the call.
fn settings(cx: &Context<'_>, planned: &Operation, schemes: &[Scheme]) -> String {
    let own = planned.servers.first().map(|server| server.url.as_str());
    let server = own
        .or(cx.api.servers.first().map(|server| server.url.as_str()))
        .unwrap_or("/");
    let mut out = match server {
        url if url.starts_with("https://") || url.starts_with("//") => String::new(),
        url if url.contains("://") => ".base_url(\"https://api.example.com\")?".to_owned(),
        _ => ".origin(\"https://api.example.com\")?".to_owned(),
    };
    for scheme in planned.security.first().into_iter().flatten() {
        let scheme = &schemes[*scheme];
        let arguments = match scheme.kind {
            SchemeKind::Basic => "\"user\", \"password\"",
            SchemeKind::ApiKey(..) => "\"key\"",
            SchemeKind::Bearer => "\"token\"",
            SchemeKind::Http(_) => "\"credentials\"",
            SchemeKind::MutualTls => "",
        };
        out.push_str(&format!(".{}({arguments})", scheme.setter));
    }
    out
}

fn payload(cx: &Context<'_>, payload: &Payload) -> String {
    match payload {
        Payload::Slot(ty) => value(cx, ty, None, "body", Wanted::Into, 0),
        Payload::Text | Payload::Bytes | Payload::Empty => "\"content\"".to_owned(),
    }
}

fn value(
    cx: &Context<'_>,
    ty: &Type,
    hint: Option<&str>,
    name: &str,
    wanted: Wanted,
    depth: usize,
) -> String {
    let owned = |text: String, how: &str| {
        if wanted == Wanted::Owned {
            text + how
        } else {
            text
        }
    };
    match ty {
        Type::Unit => "()".to_owned(),
        Type::Bool => "true".to_owned(),
        Type::I32 | Type::I64 | Type::U32 | Type::U64 => "1".to_owned(),
        Type::F32 | Type::F64 => "1.0".to_owned(),
        Type::String => owned(quoted(hint.unwrap_or(&placeholder(name))), ".to_owned()"),
        Type::Secret => owned(quoted(&placeholder(name)), ".into()"),
        Type::Base64 => "b\"content\".to_vec().into()".to_owned(),
        Type::Bytes => owned("\"content\"".to_owned(), ".into()"),
        Type::DateTime => "\"2026-01-31T12:00:00Z\".parse()?".to_owned(),
        Type::Date => "\"2026-01-31\".parse()?".to_owned(),
        Type::Uuid => "\"67e55044-10b1-426f-9247-bb680e5fe0c8\".parse()?".to_owned(),
        Type::Value => format!("{}::runtime::Value::Null", cx.krate),
        Type::List(inner) => format!(
            "vec![{}]",
            value(cx, inner, hint, name, Wanted::Owned, depth + 1)
        ),
        Type::Map(_) => "Default::default()".to_owned(),
        Type::Optional(_) => "None".to_owned(),
        Type::Nullable(_) => format!("{}::runtime::Nullable::Absent", cx.krate),
        Type::Boxed(inner) => format!(
            "Box::new({})",
            value(cx, inner, hint, name, Wanted::Owned, depth + 1)
        ),
        Type::Named(ident) => match cx.model(ident) {
            Some(model) => named(cx, model, name, depth + 1),
            None => "Default::default()".to_owned(),
        },
    }
}

fn named(cx: &Context<'_>, model: &Model, name: &str, depth: usize) -> String {
    let ty = format!("models::{}", model.name);
    match &model.shape {
        Shape::Record(record) => {
            let taken = record.constructor.iter().flat_map(|new| &new.takes);
            let args: Vec<String> = taken
                .map(|index| member(cx, &record.fields[*index], depth))
                .collect();
            format!("{ty}::new({})", args.join(", "))
        }
        Shape::Texts(variants) => match variants.first() {
            Some(variant) => format!("{ty}::{}", variant.name),
            None => format!("{ty}::from(\"text\")"),
        },
        Shape::Integers(variants) => match variants.first() {
            Some(variant) => format!("{ty}::{}", variant.name),
            None => format!("{ty}::Unknown(1)"),
        },
        Shape::Union(union) => match union.variants.first().filter(|_| depth < DEPTH) {
            Some(variant) => {
                format!(
                    "{ty}::{}({})",
                    variant.name,
                    value(cx, &variant.ty, None, name, Wanted::Owned, depth)
                )
            }
            None => format!("{ty}::Unknown({}::runtime::Value::Null)", cx.krate),
        },
        Shape::Alias(aliased) => value(cx, aliased, None, name, Wanted::Owned, depth),
    }
}

fn member(cx: &Context<'_>, field: &Field, depth: usize) -> String {
    match field.presence {
        super::tree::Presence::RequiredNullable => "None".to_owned(),
        _ => value(
            cx,
            &field.inner,
            field.example.as_deref(),
            &field.wire_name,
            Wanted::Into,
            depth,
        ),
    }
}

/// A text that says what belongs here: `client-secret`.
fn placeholder(name: &str) -> String {
    let words = words::cased(name, Case::Field).replace('_', "-");
    if words.is_empty() {
        "text".to_owned()
    } else {
        words
    }
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

impl Context<'_> {
    /// The type of this name.
    fn model(&self, name: &Ident) -> Option<&Model> {
        self.models.get(name)
    }
}
