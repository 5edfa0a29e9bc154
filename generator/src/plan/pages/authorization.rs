//! Plans what the page of authorization says: each scheme, the operations that hand out tokens, and who needs what.

use super::super::context::Context;
use super::super::example::{self, Call};
use super::super::names::Ident;
use super::super::tree::{
    Authorization, FlowDocs, Group, Location, NeedColumns, NeedRow, Needs, OAuth, OAuthFlow,
    OAuthScheme, Operation, Operations, Scheme, SchemeDocs, SchemeKind, ScopeDocs, TokenDocs,
};
use super::super::{docs, tokens};
use crate::model;
use crate::pointer::Pointer;
use std::collections::{BTreeMap, HashMap};

/// The most schemes that have a column each.
const MOST_COLUMNS: usize = 6;

/// From how many operations on the table of needs has a row for each group, and not for each operation.
const MANY: usize = 60;

/// The most single operations that one row, or one list, names.
const MOST_NAMED: usize = 20;

/// What the page is made of.
pub(in super::super) struct Parts<'a> {
    pub(in super::super) cx: &'a Context<'a>,
    pub(in super::super) module: &'a Ident,
    pub(in super::super) schemes: &'a [Scheme],
    pub(in super::super) oauth: &'a OAuth,
    pub(in super::super) operations: &'a [Operation],
    pub(in super::super) groups: &'a [Group],
}

/// Plans the page.
pub(in super::super) fn plan(parts: &Parts<'_>) -> Authorization {
    let in_document: HashMap<&Pointer, &model::Operation> = (parts.cx.api.operations.iter())
        .map(|op| (&op.at, op))
        .collect();
    let calls: Vec<Call<'_>> = (parts.operations.iter())
        .filter_map(|planned| {
            let op = in_document.get(&planned.at)?;
            Some(Call { op, planned })
        })
        .collect();
    let schemes = parts.cx.api.schemes.iter().enumerate();
    Authorization {
        schemes: schemes
            .map(|(index, scheme)| scheme_docs(parts, index, scheme, &calls))
            .collect(),
        tokens: token_docs(parts, &calls),
        operations: calls.len(),
        needs: needs(parts),
        open: open(parts),
    }
}

fn scheme_docs(
    parts: &Parts<'_>,
    index: usize,
    scheme: &model::SecurityScheme,
    calls: &[Call<'_>],
) -> SchemeDocs {
    let asking = || {
        let asks = |call: &&Call<'_>| call.planned.credentials.contains(&index);
        calls.iter().filter(asks)
    };
    // the simplest shows best how the credential goes
    let shown = asking().min_by_key(|call| {
        let together = call
            .planned
            .security
            .iter()
            .find(|all| all.contains(&index));
        let body = call.planned.body.is_some();
        (
            together.map_or(0, Vec::len),
            call.planned.args.len() + usize::from(body),
        )
    });
    let (client, call) =
        example::of_scheme(parts.cx, parts.module, parts.schemes, index, shown.copied());
    let planned = &parts.schemes[index];
    let oauth = parts
        .oauth
        .schemes
        .iter()
        .find(|one| one.wire_name == planned.wire_name);
    let prose = scheme
        .description
        .as_deref()
        .map(docs::markdown)
        .unwrap_or_default();
    let handed_out = handed_out(scheme, planned, calls);
    SchemeDocs {
        what: what(scheme, planned),
        origin: origin(scheme, oauth, &prose, &handed_out),
        handed_out,
        flows: oauth.map(flows).unwrap_or_default(),
        scopes: oauth.map(scopes).unwrap_or_default(),
        sources: oauth
            .map(|one| example::of_oauth(parts.cx, parts.module, one))
            .unwrap_or_default(),
        prose,
        client,
        call,
        asked_by: asking().count(),
    }
}

/// What a scheme is, and where its credential goes.
fn what(scheme: &model::SecurityScheme, planned: &Scheme) -> Vec<String> {
    let header = "the header `Authorization`";
    let name = docs::code(&scheme.wire_name);
    let mut said = vec![match (&scheme.kind, &planned.kind) {
        (_, SchemeKind::ApiKey(location, key)) => {
            let key = docs::code(key);
            match location {
                Location::Query => {
                    format!("{name} is an API key in the parameter {key} of the query.")
                }
                Location::Cookie => format!("{name} is an API key in the cookie {key}."),
                Location::Header | Location::Path => {
                    format!("{name} is an API key in the header {key}.")
                }
            }
        }
        (_, SchemeKind::Basic) => {
            format!(
                "{name} is a user name and a password, sent in {header} (HTTP Basic, RFC 7617)."
            )
        }
        (model::SchemeKind::OAuth2(_), _) => format!(
            "{name} is an access token of OAuth 2, sent in {header} as a bearer token (RFC 6750)."
        ),
        (model::SchemeKind::OpenIdConnect(_), _) => format!(
            "{name} is a token of OpenID Connect, sent in {header} as a bearer token (RFC 6750)."
        ),
        (_, SchemeKind::Bearer) => {
            format!("{name} is a bearer token, sent in {header} (RFC 6750).")
        }
        (_, SchemeKind::Http(scheme)) => format!(
            "{name} is the scheme {} of {header}; what follows its name there is the credential.",
            docs::code(scheme)
        ),
        (_, SchemeKind::MutualTls) => format!(
            "{name} is a certificate of the client, which the transport presents (mutual TLS, RFC 8446)."
        ),
    }];
    if let Some(format) = scheme
        .bearer_format
        .as_deref()
        .filter(|it| !it.trim().is_empty())
    {
        said.push(format!(
            "The document calls the format of the token {}.",
            docs::code(format)
        ));
    }
    if let SchemeKind::ApiKey(Location::Query, _) = planned.kind {
        said.push(
            "Servers and proxies log the query: a client sends no key there unless \
             `danger_allow_secret_in_query` lets it."
                .to_owned(),
        );
    }
    said
}

/// Where a credential comes from, as far as the document says.
fn origin(
    scheme: &model::SecurityScheme,
    oauth: Option<&OAuthScheme>,
    prose: &[String],
    handed_out: &[usize],
) -> Vec<String> {
    if scheme.kind == model::SchemeKind::MutualTls {
        return vec![
            "The certificate and its key are the transport's: \
             `runtime::transport::reqwest::Reqwest::with_client` takes a client of reqwest that has them \
             (`reqwest::ClientBuilder::identity`), and `Client::builder().transport(…)` takes the transport. \
             The setter says that it is there."
                .to_owned(),
        ];
    }
    let mut said = Vec::new();
    if let Some(url) = oauth.and_then(|one| one.openid_url.as_ref()) {
        said.push(format!(
            "The metadata of its provider are at {}.",
            docs::code(url)
        ));
    }
    if let Some(one) = oauth {
        let constant = docs::code(&format!("oauth::{}", one.constant));
        said.push(match one.flows.is_empty() && one.openid_url.is_none() {
            true => "The document does not say where tokens come from.".to_owned(),
            false => format!(
                "The static {constant} (feature `tokens`) knows where tokens come from, and makes endpoints for \
                 token sources."
            ),
        });
        if one.flows.iter().any(|flow| flow.kind == "Device") {
            said.push(format!(
                "For devices without a browser, {constant} has `device_url`, and \
                 `runtime::token::oauth::DevicePolling` waits for the user."
            ));
        }
    } else if handed_out.is_empty() && prose.is_empty() {
        said.push("The document does not say where it comes from; ask the vendor.".to_owned());
    }
    said
}

/// The operations whose tokens a scheme sends.
fn handed_out(scheme: &model::SecurityScheme, planned: &Scheme, calls: &[Call<'_>]) -> Vec<usize> {
    // tokens of a provider are not handed out by an operation
    let is_open = matches!(scheme.kind, model::SchemeKind::OpenIdConnect(_));
    let carriers = calls.iter().enumerate().filter(|(_, call)| {
        let Some(token) = &call.op.token else {
            return false;
        };
        match &token.profile.carrier {
            Some(carrier) => carrier.scheme == scheme.wire_name,
            None => planned.kind == SchemeKind::Bearer && !is_open && call.planned.token.is_some(),
        }
    });
    carriers.map(|(index, _)| index).collect()
}

fn flows(scheme: &OAuthScheme) -> Vec<FlowDocs> {
    let flow = |flow: &OAuthFlow| {
        let urls = [
            ("authorization", &flow.authorization_url),
            ("tokens", &flow.token_url),
            ("refresh", &flow.refresh_url),
        ];
        let urls = urls.into_iter();
        FlowDocs {
            title: match flow.kind {
                "ClientCredentials" => "client credentials",
                "Password" => "a user's password, which RFC 9700 forbids",
                "AuthorizationCode" => "authorization code",
                "Device" => "device code",
                _ => "implicit, whose tokens come to a browser",
            },
            urls: urls
                .filter_map(|(what, url)| Some((what, docs::code(url.as_ref()?))))
                .collect(),
            scopes: flow.scopes.clone(),
        }
    };
    scheme.flows.iter().map(flow).collect()
}

fn scopes(scheme: &OAuthScheme) -> Vec<ScopeDocs> {
    let scope = |scope: &super::super::tree::OAuthScope| {
        // the last line of the docs is the scope itself
        let prose = scope.docs.len().saturating_sub(1);
        let mut prose = scope.docs[..prose].to_vec();
        while prose.last().is_some_and(String::is_empty) {
            prose.pop();
        }
        ScopeDocs {
            wire_name: scope.wire_name.clone(),
            constant: format!("oauth::{}::{}", scheme.module, scope.name),
            prose,
        }
    };
    scheme.scopes.iter().map(scope).collect()
}

fn token_docs(parts: &Parts<'_>, calls: &[Call<'_>]) -> Vec<TokenDocs> {
    let with_token = calls.iter().enumerate();
    let with_token = with_token.filter_map(|(index, call)| {
        let token = call.op.token.as_ref()?;
        let named = |at: &Pointer| {
            let other = calls.iter().find(|other| other.op.at == *at);
            other.map_or_else(String::new, |other| {
                docs::code(&format!("{} {}", other.op.method, other.op.path))
            })
        };
        Some(TokenDocs {
            operation: index,
            method: call.planned.method.clone(),
            kind: tokens::token_kind(token.kind),
            rows: tokens::token_rows(token, &named),
            example: match call.planned.token {
                Some(_) => example::of_token(parts.cx, parts.module, parts.schemes, *call),
                None => Vec::new(),
            },
        })
    });
    with_token.collect()
}

/// What an operation needs: alternatives, and scopes.
type Need<'a> = (&'a [Vec<usize>], &'a [String]);

fn need(op: &Operation) -> Need<'_> {
    (&op.security, &op.scopes)
}

fn needs(parts: &Parts<'_>) -> Needs {
    let columns = match parts.schemes.len() {
        0 => return Needs::default(),
        few if few <= MOST_COLUMNS => NeedColumns::Schemes,
        _ => NeedColumns::Words,
    };
    let row = |of: Operations, (alternatives, scopes): Need<'_>| NeedRow {
        of,
        alternatives: alternatives.to_vec(),
        scopes: scopes.to_vec(),
    };
    let mut rows = Vec::new();
    if parts.operations.len() < MANY {
        for index in parts.groups.iter().flat_map(|group| &group.operations) {
            let of = Operations {
                single: vec![*index],
                ..Operations::default()
            };
            rows.push(row(of, need(&parts.operations[*index])));
        }
        return Needs { columns, rows };
    }
    for (place, group) in parts.groups.iter().enumerate() {
        let mut kinds: BTreeMap<Need<'_>, Vec<usize>> = BTreeMap::new();
        for index in &group.operations {
            let known = kinds.entry(need(&parts.operations[*index])).or_default();
            known.push(*index);
        }
        let mut kinds: Vec<(Need<'_>, Vec<usize>)> = kinds.into_iter().collect();
        kinds.sort_by_key(|(_, operations)| std::cmp::Reverse(operations.len()));
        let is_all = kinds.len() == 1;
        for (nth, (need, operations)) in kinds.into_iter().enumerate() {
            let count = operations.len();
            let of = match nth {
                0 if is_all => Operations {
                    groups: vec![(place, count)],
                    ..Operations::default()
                },
                0 if count > 1 => Operations {
                    others: vec![(place, count)],
                    ..Operations::default()
                },
                _ => named(operations),
            };
            rows.push(row(of, need));
        }
    }
    Needs { columns, rows }
}

/// Single operations by their names, as far as they are few.
fn named(mut operations: Vec<usize>) -> Operations {
    let more = operations.len().saturating_sub(MOST_NAMED);
    operations.truncate(MOST_NAMED);
    Operations {
        single: operations,
        more,
        ..Operations::default()
    }
}

/// The operations that need nothing: whole groups of them by the group, if there are many.
fn open(parts: &Parts<'_>) -> Operations {
    let is_open = |index: &usize| {
        let security = &parts.operations[*index].security;
        security.is_empty() || security.iter().all(Vec::is_empty)
    };
    let all = parts.groups.iter().flat_map(|group| &group.operations);
    if all.clone().filter(|index| is_open(index)).count() <= MOST_NAMED {
        return named(all.copied().filter(|index| is_open(index)).collect());
    }
    let mut single = Vec::new();
    let mut groups = Vec::new();
    for (place, group) in parts.groups.iter().enumerate() {
        let of_group: Vec<usize> = group
            .operations
            .iter()
            .copied()
            .filter(|it| is_open(it))
            .collect();
        match of_group.len() == group.operations.len() {
            true => groups.push((place, of_group.len())),
            false => single.extend(of_group),
        }
    }
    Operations {
        groups,
        ..named(single)
    }
}
