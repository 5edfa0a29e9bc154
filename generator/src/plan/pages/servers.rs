//! What is told of where an API lives.

use super::super::docs;
use crate::model::{Server, Variable};

/// All servers with their variables, as lines of Markdown.
pub(in super::super) fn base_uris(servers: &[Server]) -> Vec<String> {
    let mut lines = match servers {
        [] => Vec::new(),
        [only] => {
            let mut said = format!("All URIs are relative to {}", docs::code(&only.url));
            if let Some(about) = about(only.description.as_deref()) {
                said.push_str(&format!(" ({about})"));
            }
            vec![said + "."]
        }
        several => {
            let items = several.iter().enumerate().map(|(index, server)| {
                let mut item = format!("* {}", docs::code(&server.url));
                if index == 0 {
                    item.push_str(" (default)");
                }
                match about(server.description.as_deref()) {
                    Some(about) => format!("{item}: {about}"),
                    None => item,
                }
            });
            let head = ["All URIs are relative to one of:".to_owned(), String::new()];
            head.into_iter().chain(items).collect()
        }
    };
    let mut variables: Vec<&Variable> = Vec::new();
    for variable in servers.iter().flat_map(|server| &server.variables) {
        if !variables.contains(&variable) {
            variables.push(variable);
        }
    }
    if !variables.is_empty() {
        let head = [
            "",
            "| Variable | Default | Values | Description |",
            "|---|---|---|---|",
        ];
        lines.extend(head.map(str::to_owned));
        lines.extend(variables.into_iter().map(row));
    }
    let is_relative =
        |server: &Server| !server.url.contains("://") && !server.url.starts_with("//");
    if servers.iter().any(is_relative) {
        let said = "What has no host is relative to the one that the client is given: `origin` or `base_url`.";
        lines.extend([String::new(), said.to_owned()]);
    }
    lines
}

fn row(variable: &Variable) -> String {
    let default = match &variable.default {
        Some(default) => docs::code(default),
        None => "must be given".to_owned(),
    };
    let values: Vec<String> = variable
        .allowed
        .iter()
        .map(|value| docs::code(value))
        .collect();
    let about = about(variable.description.as_deref()).unwrap_or_default();
    let cells = [
        docs::code(&variable.wire_name),
        default,
        values.join(", "),
        about,
    ];
    let cells = cells.map(|cell| cell.replace("\\|", "|").replace('|', "\\|"));
    format!("| {} |", cells.join(" | "))
}

fn about(description: Option<&str>) -> Option<String> {
    let line = docs::one_line(description?);
    let line = line.trim_end_matches('.');
    (!line.is_empty()).then(|| line.to_owned())
}
