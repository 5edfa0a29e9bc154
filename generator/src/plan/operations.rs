//! Plans the operations: arguments, setters, bodies, security.

use super::context::Context;
use super::kept::{Kind, Ledger, OPERATION_CASES, Within};
use super::models;
use super::names::{Case, Ident, Rank, Scope, Wish};
use super::tree::{Deprecation, Fake, Gate, Operation, OperationDocs, Scheme, SpecReach};
use super::{docs, example, fakes, media, pages, pagination, responses, schemes, servers, tokens};
use crate::model;

mod bodies;
mod params;

use bodies::plan_body;
pub(super) use params::location;
use params::plan_params;

/// Names of the methods that every call has.
pub(super) const CALLS_HAVE: &[&str] = &[
    "call",
    "timeout",
    "retries",
    "extra_query",
    "accept",
    "content_type",
    "base_url",
    "request",
    "response",
    "raw",
    "send",
    "send_raw",
    "raw_stream",
    "send_raw_stream",
    "download",
    "send_download",
    "events",
    "records",
    "pages",
    "items",
    "send_events",
    "send_records",
    "send_pages",
    "send_items",
    "into_future",
    "part",
    "header",
    "validate",
    "token_source",
    "token_profile",
];

/// Names of methods that the client has, and those that clippy takes for operators.
const CLIENTS_HAVE: &[&str] = &[
    "new",
    "builder",
    "core",
    "as_ref",
    "borrow",
    "clone",
    "cmp",
    "deref",
    "eq",
    "fmt",
    "hash",
    "index",
    "ne",
    "operations",
];

/// The names that one operation takes in the module of operations.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// The call.
    pub(super) ty: Ident,
    /// The module and file.
    pub(super) module: Ident,
    /// The client's method.
    pub(super) method: Ident,
    /// The enum of failures.
    pub(super) error: Ident,
    /// The enum of successes.
    pub(super) output: Ident,
    /// The enum of bodies.
    pub(super) body: Ident,
    /// The struct of response headers.
    pub(super) headers: Ident,
}

/// Names all operations. Types that an operation may not need have their names kept free for it, so that
/// a new response does not rename another operation. Operations with names already go first, with their types, so
/// that no new operation takes the name of a type.
pub(super) fn names(operations: &[model::Operation], ledger: &mut Ledger<'_>) -> Vec<Names> {
    let mut scope = Scope::reserving(CLIENTS_HAVE);
    let given = ledger.operations();
    let (old, new): (Vec<usize>, Vec<usize>) =
        (0..operations.len()).partition(|index| given[*index].is_some());
    let mut named: Vec<(usize, Names)> = Vec::with_capacity(operations.len());
    for some in [old, new] {
        let given: Vec<_> = some.iter().map(|index| given[*index].clone()).collect();
        named.extend(name_some(operations, &some, &given, &mut scope, ledger));
    }
    named.sort_by_key(|(index, _)| *index);
    named.into_iter().map(|(_, names)| names).collect()
}

/// Names those operations that `some` lists, and what goes with them.
fn name_some(
    operations: &[model::Operation],
    some: &[usize],
    given: &[Option<Vec<String>>],
    scope: &mut Scope,
    ledger: &mut Ledger<'_>,
) -> Vec<(usize, Names)> {
    let wanted: Vec<Vec<String>> = some.iter().map(|op| wanted(&operations[*op])).collect();
    let wishes: Vec<Wish<'_>> = some
        .iter()
        .zip(&wanted)
        .map(|(op, words)| wish(&operations[*op], words))
        .collect();
    let own = scope.claim_anew(&wishes, given, OPERATION_CASES);
    for ((op, wish), names) in some.iter().zip(&wishes).zip(&own) {
        ledger.note_operation(*op, *wish, names);
    }
    let suffixes = ["Error", "Output", "Body", "Headers"];
    let derived: Vec<[Vec<String>; 4]> = own
        .iter()
        .map(|names| suffixes.map(|suffix| vec![names[0].plain().to_owned(), suffix.to_owned()]))
        .collect();
    let wishes = some.iter().zip(&derived).flat_map(|(op, words)| {
        let op = *op;
        words
            .iter()
            .map(move |words| (op, wish(&operations[op], words)))
    });
    let wishes: Vec<(usize, Wish<'_>)> = wishes.collect();
    let derived = ledger.with_operations(scope, &wishes);
    let all = some.iter().zip(own).zip(derived.chunks(4));
    all.map(|((op, own), derived)| {
        let names = Names {
            ty: own[0].clone(),
            module: own[1].clone(),
            method: own[2].clone(),
            error: derived[0].clone(),
            output: derived[1].clone(),
            body: derived[2].clone(),
            headers: derived[3].clone(),
        };
        (*op, names)
    })
    .collect()
}

fn wish<'a>(op: &'a model::Operation, words: &'a [String]) -> Wish<'a> {
    Wish {
        words,
        rank: Rank::Derived,
        at: &op.at,
    }
}

/// The words of an operation's name; the method goes with one that the client has already.
fn wanted(op: &model::Operation) -> Vec<String> {
    let mut words = op.called.0.clone();
    let name = Scope::default().claim(&words.join(" "), Case::Method);
    if CLIENTS_HAVE.contains(&name.plain()) {
        words.push(op.method.to_ascii_lowercase());
    }
    words
}

/// Names the parameters of all operations, each in the scope of its call.
pub(super) fn parameters(
    operations: &[model::Operation],
    names: &[Names],
    schemes: &[Scheme],
    ledger: &mut Ledger<'_>,
) -> Vec<Within> {
    let all = operations.iter().zip(names).map(|(op, names)| {
        let mut scope = Scope::reserving(&[CALLS_HAVE, models::SETTERS_AVOID].concat());
        for scheme in credentials(&schemes::alternatives(schemes, &op.security)) {
            scope.claim(schemes[scheme].setter.plain(), Case::Method);
        }
        params::within(op, &names.method, scope)
    });
    ledger.within(Kind::Parameters, all.collect())
}

/// The schemes of all alternatives, each once.
fn credentials(security: &[Vec<usize>]) -> Vec<usize> {
    let mut credentials: Vec<usize> = security.iter().flatten().copied().collect();
    credentials.sort_unstable();
    credentials.dedup();
    credentials
}

/// Plans one operation, of which `parameters` are named.
///
/// # Errors
/// Why it cannot be called.
pub(super) fn plan_operation(
    cx: &Context<'_>,
    module: &Ident,
    schemes: &[Scheme],
    op: &model::Operation,
    names: &Names,
    parameters: Within,
) -> Result<Operation, String> {
    if let Some(why) = obstacle(op) {
        return Err(format!("`{} {}` {why}", op.method, op.path));
    }
    let security = schemes::alternatives(schemes, &op.security);
    let credentials = credentials(&security);
    let Within {
        mut scope,
        names: of_params,
        ..
    } = parameters;
    let (args, setters) = plan_params(cx, &mut scope, &op.params, &of_params);
    let body = op
        .body
        .as_ref()
        .map(|body| plan_body(cx, &mut scope, body, names));
    let mut planned = Operation {
        at: op.at.clone(),
        method: names.method.clone(),
        name: names.ty.clone(),
        module: names.module.clone(),
        summary: summary(op),
        docs: OperationDocs::default(),
        example: Vec::new(),
        deprecated: if op.docs.deprecated {
            Deprecation::Deprecated
        } else {
            Deprecation::Current
        },
        verb: op.method.clone(),
        path: op.path.clone(),
        request_types: request_types(op),
        response_types: response_types(op),
        security,
        credentials,
        servers: op.servers.iter().map(servers::server).collect(),
        server: servers::setter(cx, &mut scope, op),
        scopes: scopes(cx, op),
        token: op.token.as_ref().and_then(tokens::profile),
        pages: (op.pagination.as_ref()).map(|known| pagination::pages(cx, known)),
        reach: SpecReach::Own,
        args,
        setters,
        body,
        output: responses::output(cx, op, names),
        failure: responses::failure(cx, op, names),
        streams: responses::streams(cx, op),
        headers: responses::headers(cx, op, names),
        gate: Gate::Open,
        rules: Vec::new(),
        fake: Fake::default(),
    };
    planned.fake = fakes::fake(cx, op, &planned);
    let programs = example::programs(cx, module, op, &planned, schemes);
    planned.example = programs.least();
    planned.docs = pages::about(cx, op, &planned, schemes, programs);
    if planned.token.is_some() {
        let lines = example::token_lines(cx, module, op, &planned, schemes);
        if let Some(token) = &mut planned.token {
            token.example = lines;
        }
    }
    Ok(planned)
}

/// The scopes that a token needs: those of the first alternative that takes one.
fn scopes(cx: &Context<'_>, op: &model::Operation) -> Vec<String> {
    let takes = |requirement: &&model::Requirement| {
        let mut schemes = cx.api.schemes.iter();
        let scheme = schemes.find(|scheme| scheme.wire_name == requirement.scheme);
        scheme.is_some_and(|scheme| {
            matches!(
                scheme.kind,
                model::SchemeKind::OAuth2(_)
                    | model::SchemeKind::OpenIdConnect(_)
                    | model::SchemeKind::Bearer
            )
        })
    };
    let first = op
        .security
        .iter()
        .find(|all| all.iter().any(|one| takes(&one)));
    let mut scopes: Vec<String> = Vec::new();
    for requirement in first.into_iter().flatten().filter(takes) {
        for scope in &requirement.scopes {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
    }
    scopes
}

/// Why an operation cannot be called as the document has it.
fn obstacle(op: &model::Operation) -> Option<String> {
    if !is_token(&op.method) {
        return Some("has a method that cannot be sent (RFC 9110, section 9.1)".to_owned());
    }
    if op.method == "CONNECT" {
        return Some("opens a tunnel, which is not a call".to_owned());
    }
    let mut rest = op.path.as_str();
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            return Some("has a brace in its path that is not closed".to_owned());
        };
        let known = |param: &model::Param| {
            param.location == model::Location::Path && param.wire_name == name
        };
        if !op.params.iter().any(known) {
            return Some(format!(
                "has `{{{name}}}` in its path and no parameter of that name"
            ));
        }
        rest = tail;
    }
    None
}

/// Whether a text is a token (RFC 9110, section 5.6.2), as methods are.
pub(super) fn is_token(text: &str) -> bool {
    let is_mark = |byte| b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
}

fn summary(op: &model::Operation) -> Vec<String> {
    let summary = op
        .docs
        .summary
        .as_deref()
        .or(op.docs.description.as_deref())
        .map(docs::one_line);
    match summary.filter(|line| !line.is_empty()) {
        Some(line) => vec![line],
        None => vec![format!(
            "Calls {}.",
            docs::code(&format!("{} {}", op.method, op.path))
        )],
    }
}

fn request_types(op: &model::Operation) -> Vec<String> {
    let content = op.body.iter().flat_map(|body| &body.content);
    unique(content.map(|media| media.media_type.clone()))
}

/// What is asked for: streams only if there is nothing else, since who wants one says so.
fn response_types(op: &model::Operation) -> Vec<String> {
    let content = op.responses.iter().flat_map(|response| &response.content);
    let all = unique(content.map(|media| media.media_type.clone()));
    let is_stream = |media_type: &String| media::is_events(&media::essence(media_type));
    if all.iter().all(is_stream) {
        return all;
    }
    all.into_iter()
        .filter(|media_type| !is_stream(media_type))
        .collect()
}

fn unique(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for text in texts {
        if !out.contains(&text) {
            out.push(text);
        }
    }
    out
}
