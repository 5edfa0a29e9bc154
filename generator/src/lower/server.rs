//! Servers and their variables.

use crate::model::{Called, Server, Variable};
use crate::pointer::Pointer;

/// Lowers the servers that stand under `holder`.
pub(super) fn servers(holder: &Pointer, servers: &[openapiv3::Server]) -> Vec<Server> {
    let at = holder.push("servers");
    servers
        .iter()
        .enumerate()
        .map(|(index, server)| lowered(&at.index(index), server))
        .collect()
}

/// Without servers, OpenAPI means the root of whatever host the document came from.
pub(super) fn or_root(mut servers: Vec<Server>) -> Vec<Server> {
    if servers.is_empty() {
        servers.push(Server {
            at: Pointer::root(),
            called: Called(vec!["root".to_owned()]),
            url: "/".to_owned(),
            description: None,
            variables: Vec::new(),
        });
    }
    servers
}

fn lowered(at: &Pointer, server: &openapiv3::Server) -> Server {
    let declared = server.variables.iter().flatten();
    let mut variables: Vec<Variable> = declared
        .map(|(name, variable)| Variable {
            wire_name: name.clone(),
            default: Some(variable.default.clone()),
            allowed: variable.enumeration.clone(),
            description: variable.description.clone(),
        })
        .collect();
    for name in between_braces(&server.url) {
        if variables.iter().all(|known| known.wire_name != name) {
            variables.push(Variable {
                wire_name: name.to_owned(),
                default: None,
                allowed: Vec::new(),
                description: None,
            });
        }
    }
    Server {
        at: at.clone(),
        called: called(server),
        url: server.url.clone(),
        description: server.description.clone(),
        variables,
    }
}

/// The names of the variables in a URL, in their order.
fn between_braces(url: &str) -> impl Iterator<Item = &str> {
    url.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .filter(|name| !name.is_empty())
}

/// A short description makes the better name; otherwise the URL has to serve.
fn called(server: &openapiv3::Server) -> Called {
    if let Some(description) = &server.description {
        let words: Vec<String> = description
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        if (1..=4).contains(&words.len()) {
            return Called(words);
        }
    }
    let host = server.url.split("://").last().unwrap_or(&server.url);
    Called(
        host.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
    )
}
