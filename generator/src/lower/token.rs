//! Token endpoints: which operations hand out tokens.
//!
//! An operation is one when an OAuth 2 flow's `tokenUrl` names it, or when its request and its response look
//! like one: a credential or a grant goes in, a token comes out.

use super::Lower;
use super::secret::plain;
use crate::model::{
    Body, Kind, Operation, Record, Response, SchemeKind, Server, Shape, Status, TokenCall,
};

/// Response members that hold a token, as [`plain`] writes them.
const TOKENS: [&str; 5] = [
    "accesstoken",
    "authtoken",
    "sessiontoken",
    "tenantaccesstoken",
    "token",
];
/// Request members that ask for one.
const ASKS: [&str; 9] = [
    "grant",
    "granttype",
    "clientsecret",
    "apisecret",
    "appsecret",
    "password",
    "refreshtoken",
    "secretkey",
    "assertion",
];
/// Request members that authenticate the client; an identifier alone does not.
const CLIENT: [&str; 2] = ["clientsecret", "clientassertion"];

/// Marks the token endpoints among `operations`.
pub(super) fn recognise(cx: &mut Lower<'_>, servers: &[Server], operations: &mut [Operation]) {
    let mut named = vec![false; operations.len()];
    let urls: Vec<(usize, String)> = cx
        .schemes
        .iter()
        .enumerate()
        .flat_map(|(index, scheme)| match &scheme.kind {
            SchemeKind::OAuth2(flows) => flows
                .iter()
                .filter_map(|flow| flow.token_url.clone())
                .map(|url| (index, url))
                .collect(),
            _ => Vec::new(),
        })
        .collect();
    for (scheme, url) in urls {
        if url.is_empty() {
            continue;
        }
        let Some((index, exact)) = named_by(&url, servers, operations) else {
            continue;
        };
        named[index] = true;
        if !exact {
            let operation = &operations[index];
            let said = format!(
                "`tokenUrl` is `{url}`, which no server of the document joined with `{}` gives; calls go to the operation",
                operation.path
            );
            cx.report_token_url(scheme, said);
        }
    }
    for (operation, named) in operations.iter_mut().zip(named) {
        let members = request_members(cx, operation.body.as_ref());
        if named || looks_like_one(cx, operation, &members) {
            let body_credentials = members
                .into_iter()
                .filter(|member| CLIENT.contains(&plain(member).as_str()))
                .collect();
            operation.token = Some(TokenCall { body_credentials });
        }
    }
}

/// The operation that a `tokenUrl` means, and whether a server joined with its path gives just that URL.
fn named_by(url: &str, servers: &[Server], operations: &[Operation]) -> Option<(usize, bool)> {
    let posts = || {
        operations
            .iter()
            .enumerate()
            .filter(|(_, operation)| operation.method == "POST")
    };
    let path_of = |url: &str| match url.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .map_or(String::new(), |slash| rest[slash..].to_owned()),
        None => url.to_owned(),
    };
    let wanted = url.trim_end_matches('/');
    let mut near = None;
    for (index, operation) in posts() {
        let path = operation.path.trim_end_matches('/');
        for server in operation.servers.iter().chain(servers) {
            let joined = format!("{}{path}", server.url.trim_end_matches('/'));
            // a relative tokenUrl is meant against the origin, as relative servers are
            if joined == wanted || (!wanted.contains("://") && path_of(&joined) == wanted) {
                return Some((index, true));
            }
        }
        if near.is_none() && !path.is_empty() && path_of(wanted).ends_with(path) {
            near = Some((index, false));
        }
    }
    near
}

fn looks_like_one(cx: &Lower<'_>, operation: &Operation, members: &[String]) -> bool {
    let asks = members
        .iter()
        .any(|member| ASKS.contains(&plain(member).as_str()))
        || operation
            .params
            .iter()
            .any(|param| ASKS.contains(&plain(&param.wire_name).as_str()));
    asks && operation
        .responses
        .iter()
        .filter(|response| is_success(response))
        .any(|response| gives_token(cx, response))
}

fn is_success(response: &Response) -> bool {
    matches!(response.status, Status::Code(200..=299) | Status::Range(2))
}

fn gives_token(cx: &Lower<'_>, response: &Response) -> bool {
    response
        .content
        .iter()
        .filter_map(|media| media.schema.as_ref())
        .any(|schema| {
            record_of(cx, &schema.kind).is_some_and(|record| {
                record
                    .fields
                    .iter()
                    .any(|field| TOKENS.contains(&plain(&field.wire_name).as_str()))
            })
        })
}

fn request_members(cx: &Lower<'_>, body: Option<&Body>) -> Vec<String> {
    let schema = body.and_then(|body| body.content.iter().find_map(|media| media.schema.as_ref()));
    schema
        .and_then(|schema| record_of(cx, &schema.kind))
        .map(|record| {
            record
                .fields
                .iter()
                .map(|field| field.wire_name.clone())
                .collect()
        })
        .unwrap_or_default()
}

fn record_of<'a>(cx: &'a Lower<'_>, kind: &Kind) -> Option<&'a Record> {
    let mut kind = kind;
    for _ in 0..32 {
        let Kind::Named(id) = kind else { return None };
        match &cx.schemas.types[id.0].shape {
            Shape::Record(record) => return Some(record),
            Shape::Alias(schema) => kind = &schema.kind,
            Shape::Enum(_) | Shape::Union(_) => return None,
        }
    }
    None
}
