//! Writes the example of an operation: a client, the call with everything that it must be given, a look at
//! the answer. Render formats it and rustdoc compiles it.

mod access;
mod model_value;
mod programs;
mod shown;
mod values;

pub(super) use access::{Call, of_oauth, of_scheme, of_token};
pub(super) use model_value::{Making, of_model};
pub(super) use programs::{Programs, programs};
pub(super) use values::placeholder;

use super::context::Context;
use super::docs;
use super::names::Ident;
use super::tree::{
    BodyContent, BodyPresence, Location, Model, Operation, Param, Payload, Rule, Scheme, SchemeKind,
};
use super::values::Side;
use crate::model;
use serde_json::{Map, Value};
use values::{payload, value};

/// How deep examples go into types before they give an empty value.
const DEPTH: usize = 6;

/// The longest text of a document that examples repeat, in bytes.
const LONGEST_TEXT: usize = 120;

/// What examples are made of: the plan so far, and the members of an example that the document shows.
#[derive(Clone, Copy)]
struct Example<'a> {
    cx: &'a Context<'a>,
    members: Option<&'a Map<String, Value>>,
    /// How deep the type stands whose members they are.
    at: usize,
}

impl<'a> Example<'a> {
    /// With what the document shows of a type.
    fn with(cx: &'a Context<'a>, members: Option<&'a Map<String, Value>>) -> Self {
        Self { cx, members, at: 1 }
    }

    /// Without anything that the document shows.
    fn bare(cx: &'a Context<'a>) -> Self {
        Self {
            cx,
            members: None,
            at: 1,
        }
    }

    /// With what the document shows of an operation's body.
    fn of(cx: &'a Context<'a>, op: &'a model::Operation) -> Self {
        let mut content = op.body.iter().flat_map(|body| &body.content);
        let members = content.find_map(|media| media.example.as_ref()?.as_object());
        Self { cx, members, at: 1 }
    }
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
    let imports: Vec<&str> = others.copied().chain(["mock"]).collect();
    let list = sorted(&imports);
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
        format!("use {krate}::{module}::{};", sorted(&imports)),
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
    Parts {
        imports: named_in(&call),
        call: format!("{}({call})", planned.method),
    }
}

/// What an expression of a call needs of the API's module.
fn named_in(call: &str) -> Vec<&'static str> {
    let mut imports = vec!["Client"];
    imports.extend(
        call.contains("(ContentType::from(")
            .then_some("ContentType"),
    );
    imports.extend(call.contains("models::").then_some("models"));
    imports.extend(call.contains("operations::").then_some("operations"));
    imports
}

/// Names as an import has them.
fn sorted(names: &[&str]) -> String {
    let mut names = names.to_vec();
    names.sort_unstable();
    match names.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("{{{}}}", several.join(", ")),
    }
}

/// What the call must be given.
fn arguments(cx: &Context<'_>, op: &model::Operation, planned: &Operation) -> Vec<String> {
    let ex = Example::of(cx, op);
    let args = planned.args.iter();
    let mut call: Vec<String> = args.map(|arg| argument(cx, op, arg)).collect();
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

/// A parameter that must be given: as the document shows it, or a value of its type.
fn argument(cx: &Context<'_>, op: &model::Operation, arg: &Param) -> String {
    let ex = Example::bare(cx);
    let known = known(op, arg);
    let example = known.and_then(|known| example_of(cx, known));
    let shown = example.and_then(|example| shown::value(ex, &arg.ty, &example, Wanted::Into, 0));
    shown.unwrap_or_else(|| {
        let hint = known.and_then(|known| hint(cx, known, arg));
        value(
            ex,
            &arg.ty,
            hint.as_deref(),
            &arg.wire_name,
            Wanted::Into,
            0,
        )
    })
}

/// What the document says of a parameter.
fn known<'m>(op: &'m model::Operation, param: &Param) -> Option<&'m model::Param> {
    op.params.iter().find(|known| {
        known.wire_name == param.wire_name
            && super::operations::location(known.location) == param.location
    })
}

/// The example of a parameter, if it is a value of its schema.
fn example_of(cx: &Context<'_>, known: &model::Param) -> Option<Value> {
    let example = known.docs.example.as_ref()?;
    super::values::shown_by(cx, Side::Caller, &known.schema, example)
}

/// A text that an example gives a parameter.
fn hint(cx: &Context<'_>, known: &model::Param, param: &Param) -> Option<String> {
    let shown = docs::example(&known.docs, &param.ty);
    let shown = shown.filter(|_| example_of(cx, known).is_some());
    shown.or_else(|| super::values::hint(&known.schema, &param.wire_name))
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
    let is_client = planned.token.is_some();
    first
        .map(|scheme| match &schemes[*scheme] {
            // who asks for a token is the client, and no user
            own if is_client && own.kind == SchemeKind::Basic => {
                format!(".{}(\"client-id\", \"client-secret\")", own.setter)
            }
            other => credential(other),
        })
        .collect()
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

impl Context<'_> {
    /// The type of this name.
    fn model(&self, name: &Ident) -> Option<&Model> {
        self.models.get(name)
    }
}
