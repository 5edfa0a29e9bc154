//! Writes the example of an operation: a client, the call with everything that it must be given, a look at
//! the answer. Render formats it and rustdoc compiles it.

use super::context::Context;
use super::names::{Case, Ident};
use super::tree::{
    BodyContent, BodyPresence, Field, Location, Model, Operation, Payload, Presence, Rule, Scheme,
    SchemeKind, Shape, Type,
};
use super::{docs, values, words};
use crate::model;
use serde_json::{Map, Value};

mod access;
mod model_value;

pub(super) use access::{Call, of_oauth, of_scheme, of_token};
pub(super) use model_value::{Making, of_model};

/// How deep examples go into types before they give an empty value.
const DEPTH: usize = 6;

/// The longest text of a document that examples repeat, in bytes.
const LONGEST_TEXT: usize = 120;

/// What examples are made of: the plan so far, and the members of the document's own example body.
#[derive(Clone, Copy)]
struct Example<'a> {
    cx: &'a Context<'a>,
    members: Option<&'a Map<String, Value>>,
}

/// Whether the place takes anything that converts, or the type itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Into,
    Owned,
}

/// What an example of an operation is made of.
struct Parts {
    imports: Vec<&'static str>,
    call: String,
}

/// The statements of an example.
pub(super) fn lines(
    cx: &Context<'_>,
    module: &Ident,
    op: &model::Operation,
    planned: &Operation,
    schemes: &[Scheme],
) -> Vec<String> {
    let Parts { imports, call } = parts(cx, op, planned);
    vec![
        format!("use {}::{}::{{{}}};", cx.krate, module, imports.join(", ")),
        format!(
            "let client = Client::builder(){}{}.build()?;",
            server(cx, planned),
            credentials(planned, schemes)
        ),
        format!("let response = client.{call}.await?;"),
        "println!(\"{response:?}\");".to_owned(),
    ]
}

/// The statements of a test that needs no vendor: the calls go to a fake.
pub(super) fn fake_lines(
    cx: &Context<'_>,
    module: &Ident,
    op: &model::Operation,
    planned: &Operation,
    schemes: &[Scheme],
) -> Vec<String> {
    let Parts { imports, call } = parts(cx, op, planned);
    let others = imports.iter().filter(|name| **name != "Client");
    let mut imports: Vec<&str> = others.copied().chain(["mock"]).collect();
    imports.sort_unstable();
    let list = match imports.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("{{{}}}", several.join(", ")),
    };
    let first = planned.security.first().into_iter().flatten();
    let in_query = |scheme: &usize| {
        matches!(
            schemes[*scheme].kind,
            SchemeKind::ApiKey(Location::Query, _)
        )
    };
    let danger = match first.into_iter().any(in_query) {
        true => ".danger_allow_secret_in_query()",
        false => "",
    };
    let method = &planned.method;
    let rules = planned.rules.iter().flat_map(|(_, rules)| rules);
    let is_kept = rules.into_iter().all(|rule| is_kept(cx, rule, 0));
    let unchecked = format!(
        "server.set_strictness({}::runtime::mock::Strictness::Unchecked);",
        cx.krate
    );
    let mut lines = vec![
        format!("use {}::{module}::{list};", cx.krate),
        "let server = mock::Server::new()?;".to_owned(),
    ];
    lines.extend((!is_kept).then_some(unchecked));
    lines.extend([
        format!(
            "let client = server.builder(){danger}{}.build()?;",
            credentials(planned, schemes)
        ),
        format!("let response = client.{call}.send()?;"),
        "println!(\"{response:?}\");".to_owned(),
        format!("assert_eq!(server.{method}().count(), 1);"),
    ]);
    lines
}

/// Whether examples keep to a rule: they do to those of texts and numbers that stand alone.
fn is_kept(cx: &Context<'_>, rule: &Rule, depth: usize) -> bool {
    let all = |rules: &[Rule]| rules.iter().all(|rule| is_kept(cx, rule, depth + 1));
    match rule {
        Rule::Count(name, _) => name.ends_with("Length"),
        Rule::Bound(..) | Rule::Enum(_) | Rule::Format(_) | Rule::Pattern(..) => true,
        Rule::Member(_, rules) => all(rules),
        Rule::Of(name) if depth < DEPTH => cx.model(name).is_none_or(|model| all(&model.rules)),
        _ => false,
    }
}

/// Whether examples have credentials that an operation can be sent with.
pub(super) fn is_sendable(planned: &Operation, schemes: &[Scheme]) -> bool {
    let first = planned.security.first().into_iter().flatten();
    first
        .into_iter()
        .all(|scheme| match &schemes[*scheme].kind {
            SchemeKind::ApiKey(_, name) | SchemeKind::Http(name) => {
                super::operations::is_token(name)
            }
            SchemeKind::Basic | SchemeKind::Bearer => true,
            SchemeKind::MutualTls => true,
        })
}

/// The statements of a program that obtains a token by an operation, uses it and renews it.
pub(super) fn token_lines(
    cx: &Context<'_>,
    module: &Ident,
    op: &model::Operation,
    planned: &Operation,
    schemes: &[Scheme],
) -> Vec<String> {
    let Parts { imports, call } = parts(cx, op, planned);
    let krate = &cx.krate;
    vec![
        format!("use {krate}::{module}::{{{}}};", imports.join(", ")),
        format!("use {krate}::runtime::token::{{RefreshPolicy, Reject}};"),
        "let url = std::env::var(\"BASE_URL\")?;".to_owned(),
        format!(
            "let client = Client::builder().base_url(&url)?{}.build()?;",
            credentials(planned, schemes)
        ),
        "let mut policy = RefreshPolicy::default();".to_owned(),
        "policy.floor = std::time::Duration::ZERO;".to_owned(),
        format!("let source = client.{call}.token_source().policy(policy).build()?;"),
        "let token = source.token_blocking()?;".to_owned(),
        "println!(\"obtained {token:?}\");".to_owned(),
        "let again = source.token_blocking()?;".to_owned(),
        "assert_eq!(again.id(), token.id());".to_owned(),
        "let _api = Client::builder().base_url(&url)?.token_source(source.clone()).build()?;"
            .to_owned(),
        "println!(\"sent as {:?}\", token.header());".to_owned(),
        "source.reject(&token, Reject::Outdated);".to_owned(),
        "let renewed = source.token_blocking()?;".to_owned(),
        "println!(\"renewed {renewed:?}\");".to_owned(),
        "assert_ne!(renewed.id(), token.id());".to_owned(),
    ]
}

fn parts(cx: &Context<'_>, op: &model::Operation, planned: &Operation) -> Parts {
    let call = arguments(cx, op, planned).join(", ");
    let mut imports = vec!["Client"];
    if call.contains("models::") {
        imports.push("models");
    }
    if call.contains("operations::") {
        imports.push("operations");
    }
    let call = format!("{}({call})", planned.method);
    Parts { imports, call }
}

/// What the call must be given.
fn arguments(cx: &Context<'_>, op: &model::Operation, planned: &Operation) -> Vec<String> {
    let content = op.body.iter().flat_map(|body| &body.content);
    let members = content
        .filter_map(|media| media.example.as_ref()?.as_object())
        .next();
    let ex = Example { cx, members };
    let mut call = Vec::new();
    for arg in &planned.args {
        let hint = op
            .params
            .iter()
            .find(|param| param.wire_name == arg.wire_name)
            .and_then(|param| {
                let shown = docs::example(&param.docs, &arg.ty);
                shown.or_else(|| values::hint(&param.schema, &arg.wire_name))
            });
        call.push(value(
            ex,
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
            BodyContent::One(content) => call.push(payload(ex, content, Wanted::Into)),
            BodyContent::Choice(name, variants) => {
                let first = variants.first().expect("a choice has several variants");
                let content = payload(ex, &first.payload, Wanted::Owned);
                call.push(format!("operations::{name}::{}({content})", first.name));
            }
        }
    }
    call
}

/// Where the client goes, if it must be told.
fn server(cx: &Context<'_>, planned: &Operation) -> String {
    match planned.servers.first() {
        Some(own) => place(&own.url),
        None => api_server(cx),
    }
}

/// Where a client goes that calls operations without servers of their own.
fn api_server(cx: &Context<'_>) -> String {
    place(cx.api.servers.first().map_or("/", |server| &server.url))
}

fn place(server: &str) -> String {
    match server {
        url if url.starts_with("https://") || url.starts_with("//") => String::new(),
        url if url.contains("://") => ".base_url(\"https://api.example.com\")?".to_owned(),
        _ => ".origin(\"https://api.example.com\")?".to_owned(),
    }
}

/// The credentials that the client must have before it can make the call.
fn credentials(planned: &Operation, schemes: &[Scheme]) -> String {
    let first = planned.security.first().into_iter().flatten();
    first.map(|scheme| credential(&schemes[*scheme])).collect()
}

/// The setter of a scheme, with something to show for a credential.
fn credential(scheme: &Scheme) -> String {
    let arguments = match scheme.kind {
        SchemeKind::Basic => "\"user\", \"password\"",
        SchemeKind::ApiKey(..) => "\"key\"",
        SchemeKind::Bearer => "\"token\"",
        SchemeKind::Http(_) => "\"credentials\"",
        SchemeKind::MutualTls => "",
    };
    format!(".{}({arguments})", scheme.setter)
}

fn payload(ex: Example<'_>, payload: &Payload, wanted: Wanted) -> String {
    match (payload, wanted) {
        (Payload::Slot(ty), _) => value(ex, ty, None, "body", wanted, 0),
        (Payload::Lines(ty), wanted) => {
            let item = value(ex, ty, None, "line", Wanted::Owned, 0);
            match wanted {
                Wanted::Into => format!("vec![{item}]"),
                Wanted::Owned => format!("vec![{item}].into()"),
            }
        }
        (Payload::Xml(xml), _) => value(ex, &xml.ty, None, "body", wanted, 0),
        (_, Wanted::Into) => "\"content\"".to_owned(),
        (_, Wanted::Owned) => "\"content\".into()".to_owned(),
    }
}

fn value(
    ex: Example<'_>,
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
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => whole(ty, hint),
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => whole(ty, hint),
        Type::F32 | Type::F64 => "1.0".to_owned(),
        Type::String => owned(quoted(hint.unwrap_or(&placeholder(name))), ".to_owned()"),
        Type::Secret => owned(quoted(hint.unwrap_or(&placeholder(name))), ".into()"),
        Type::Base64 => "b\"content\".to_vec().into()".to_owned(),
        Type::Bytes | Type::Part | Type::Upload => owned("\"content\"".to_owned(), ".into()"),
        Type::Multipart => {
            let krate = &ex.cx.krate;
            format!("{krate}::runtime::Multipart::new().part(\"file\", \"content\")")
        }
        Type::DateTime => "\"2026-01-31T12:00:00Z\".parse()?".to_owned(),
        Type::Date => "\"2026-01-31\".parse()?".to_owned(),
        Type::Uuid => "\"67e55044-10b1-426f-9247-bb680e5fe0c8\".parse()?".to_owned(),
        Type::Value => format!("{}::runtime::Value::Null", ex.cx.krate),
        Type::List(inner) => format!(
            "vec![{}]",
            value(ex, inner, hint, name, Wanted::Owned, depth + 1)
        ),
        Type::Decimal => "\"1.50\".parse()?".to_owned(),
        Type::Quoted(inner) if **inner == Type::Decimal => {
            format!("{}::runtime::Quoted(\"1.50\".parse()?)", ex.cx.krate)
        }
        Type::Quoted(_) => owned("1".to_owned(), ".into()"),
        Type::Tuple(types) => places(ex, types, name, depth),
        Type::OpenTuple(types, _) => {
            let places = places(ex, types, name, depth);
            format!("{}::runtime::Tuple::new({places})", ex.cx.krate)
        }
        Type::Map(_) | Type::Extra => "Default::default()".to_owned(),
        Type::Optional(_) => "None".to_owned(),
        Type::Nullable(_) => format!("{}::runtime::Nullable::Absent", ex.cx.krate),
        Type::Boxed(inner) => format!(
            "Box::new({})",
            value(ex, inner, hint, name, Wanted::Owned, depth + 1)
        ),
        Type::Named(ident) => match ex.cx.model(ident) {
            Some(model) => named(ex, model, name, depth + 1),
            None => "Default::default()".to_owned(),
        },
    }
}

/// A tuple, with its brackets.
fn places(ex: Example<'_>, types: &[Type], name: &str, depth: usize) -> String {
    let places: Vec<String> = types
        .iter()
        .map(|ty| value(ex, ty, None, name, Wanted::Owned, depth + 1))
        .collect();
    match places.as_slice() {
        [only] => format!("({only},)"),
        places => format!("({})", places.join(", ")),
    }
}

fn named(ex: Example<'_>, model: &Model, name: &str, depth: usize) -> String {
    let ty = format!("models::{}", model.name);
    match &model.shape {
        Shape::Record(record) => {
            let taken = record.constructor.iter().flat_map(|new| &new.takes);
            let args: Vec<String> = taken
                .map(|index| member(ex, &record.fields[*index], depth))
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
        Shape::Scalars(variants) => match variants.first() {
            Some(variant) => format!("{ty}::{}", variant.name),
            None => format!("{ty}::Unknown({}::runtime::Value::Null)", ex.cx.krate),
        },
        Shape::Union(union) => match union.variants.first().filter(|_| depth < DEPTH) {
            Some(variant) => {
                format!(
                    "{ty}::{}({})",
                    variant.name,
                    value(ex, &variant.ty, None, name, Wanted::Owned, depth)
                )
            }
            None => format!("{ty}::Unknown({}::runtime::Value::Null)", ex.cx.krate),
        },
        Shape::Alias(aliased) => value(ex, aliased, None, name, Wanted::Owned, depth),
    }
}

fn member(ex: Example<'_>, field: &Field, depth: usize) -> String {
    if field.presence == Presence::RequiredNullable {
        return "None".to_owned();
    }
    let shown = ex
        .members
        .filter(|_| depth == 1)
        .and_then(|members| members.get(&field.wire_name));
    // those in documents may be real
    let shown = shown
        .filter(|_| field.inner != Type::Secret)
        .and_then(Value::as_str)
        .filter(|text| text.len() <= LONGEST_TEXT);
    let hint = shown.or(field.example.as_deref());
    value(
        ex,
        &field.inner,
        hint,
        &field.wire_name,
        Wanted::Into,
        depth,
    )
}

/// A whole number that is wanted, if the type holds it, or one.
fn whole(ty: &Type, hint: Option<&str>) -> String {
    let most = match ty {
        Type::I8 => i64::from(i8::MAX),
        Type::U8 => i64::from(u8::MAX),
        Type::I16 => i64::from(i16::MAX),
        Type::U16 => i64::from(u16::MAX),
        Type::I32 => i64::from(i32::MAX),
        Type::U32 => i64::from(u32::MAX),
        _ => i64::MAX,
    };
    let fits = |text: &&str| text.parse::<i64>().is_ok_and(|it| (0..=most).contains(&it));
    hint.filter(fits).unwrap_or("1").to_owned()
}

/// A text that says what belongs here: `client-secret`.
pub(super) fn placeholder(name: &str) -> String {
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
