//! The operations that the flows of the schemes name as their token endpoints.

use std::collections::HashMap;

use super::super::Lower;
use crate::model::{Operation, SchemeKind, Server};

/// The operations that some `tokenUrl` means, each with the scheme that names it and whether the URL is just that of
/// the operation. URLs that lead elsewhere than they must mean are reported.
pub(super) fn named_by_flows(
    cx: &mut Lower<'_>,
    servers: &[Server],
    operations: &[Operation],
) -> HashMap<usize, (String, bool)> {
    let mut named = HashMap::new();
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
        let name = cx.schemes[scheme].wire_name.clone();
        named.entry(index).or_insert((name, exact));
        if !exact {
            let operation = &operations[index];
            let said = format!(
                "`tokenUrl` is `{url}`, which no server of the document joined with `{}` gives; calls go to the operation",
                operation.path
            );
            cx.report_token_url(scheme, said);
        }
    }
    named
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
        let own = operation.servers.iter().chain(servers);
        let at_home = own.map(|server| server.url.as_str()).any(|server| {
            match (host(wanted), host(server)) {
                (Some(wanted), Some(server)) => wanted.eq_ignore_ascii_case(server),
                _ => true,
            }
        });
        if near.is_none() && at_home && !path.is_empty() && path_of(wanted).ends_with(path) {
            near = Some((index, false));
        }
    }
    near
}

/// The host of an absolute URL, with its port.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}
