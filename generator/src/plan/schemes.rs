//! Plans ways to authenticate.

use super::docs;
use super::kept::Ledger;
use super::names::{Rank, Scope, Wish};
use super::operations;
use super::tree::{Scheme, SchemeKind};
use crate::model;

/// Names of the methods that every builder of a client has, and what stands beside a scheme's constant. Its setter
/// stands among those of calls as well.
const BUILDERS_HAVE: &[&str] = &[
    "new",
    "build",
    "origin",
    "server",
    "credential",
    "transport",
    "blocking_transport",
    "connect_timeout",
    "idle_timeout",
    "layer",
    "max_response_bytes",
    "user_agent",
    "basic_encoding",
    "danger_allow_http",
    "danger_allow_secret_in_query",
    "body",
    "clone",
    "fmt",
    "from",
    "into",
    "API",
    "SPEC",
];

/// Plans the ways to authenticate, in the order of the model.
pub(super) fn plan_schemes(
    schemes: &[model::SecurityScheme],
    ledger: &mut Ledger<'_>,
) -> Vec<Scheme> {
    let words: Vec<[String; 1]> = schemes
        .iter()
        .map(|scheme| [scheme.wire_name.clone()])
        .collect();
    let wishes: Vec<Wish<'_>> = words
        .iter()
        .zip(schemes)
        .map(|(words, scheme)| Wish {
            words,
            rank: Rank::Named,
            at: &scheme.at,
        })
        .collect();
    let taken = [BUILDERS_HAVE, operations::CALLS_HAVE].concat();
    let names = ledger.schemes(&mut Scope::reserving(&taken), &wishes);
    schemes
        .iter()
        .zip(names)
        .map(|(scheme, names)| Scheme {
            constant: names[0].clone(),
            setter: names[1].clone(),
            docs: scheme_docs(scheme),
            wire_name: scheme.wire_name.clone(),
            kind: kind(&scheme.kind),
        })
        .collect()
}

fn kind(kind: &model::SchemeKind) -> SchemeKind {
    match kind {
        model::SchemeKind::ApiKey {
            location,
            wire_name,
        } => SchemeKind::ApiKey(operations::location(*location), wire_name.clone()),
        model::SchemeKind::Basic => SchemeKind::Basic,
        model::SchemeKind::Bearer
        | model::SchemeKind::OAuth2(_)
        | model::SchemeKind::OpenIdConnect(_) => SchemeKind::Bearer,
        model::SchemeKind::OtherHttp(name) => SchemeKind::Http(name.clone()),
        model::SchemeKind::MutualTls => SchemeKind::MutualTls,
    }
}

fn scheme_docs(scheme: &model::SecurityScheme) -> Vec<String> {
    let what = match &scheme.kind {
        model::SchemeKind::ApiKey { .. } => "an API key",
        model::SchemeKind::Basic => "a user name and a password (HTTP Basic, RFC 7617)",
        model::SchemeKind::Bearer => "a bearer token (RFC 6750)",
        model::SchemeKind::OAuth2(_) => {
            "an OAuth 2 access token, sent as a bearer token (RFC 6750)"
        }
        model::SchemeKind::OpenIdConnect(_) => {
            "an OpenID Connect token, sent as a bearer token (RFC 6750)"
        }
        model::SchemeKind::OtherHttp(_) => "what follows the scheme's name in `Authorization`",
        model::SchemeKind::MutualTls => "a client certificate, which the transport presents",
    };
    let first = format!(
        "Authenticates by {}: {what}.",
        docs::code(&scheme.wire_name)
    );
    let prose = scheme
        .description
        .as_deref()
        .map(docs::markdown)
        .unwrap_or_default();
    docs::join(vec![vec![first], prose])
}

/// The alternatives with schemes by index. A requirement of a scheme that is not there cannot be met, and
/// its alternative goes.
pub(super) fn alternatives(
    schemes: &[Scheme],
    security: &[Vec<model::Requirement>],
) -> Vec<Vec<usize>> {
    let index = |requirement: &model::Requirement| {
        schemes
            .iter()
            .position(|scheme| scheme.wire_name == requirement.scheme)
    };
    security
        .iter()
        .filter_map(|alternative| alternative.iter().map(index).collect())
        .collect()
}
