//! Plans what the index of an API says beside its lists: where calls go, and what the API sends by itself.

use super::super::context::Context;
use super::super::docs;
use super::super::tree::{IndexDocs, ServerDocs, Servers, VariableDocs, WebhookDocs};
use crate::model;

/// Plans it.
pub(in super::super) fn plan(cx: &Context<'_>, prose: Vec<String>, choices: &Servers) -> IndexDocs {
    let names = choices.own.iter().flat_map(|choice| {
        let variants = choice.variants.iter();
        variants.map(|variant| format!("`servers::{}::{}`", choice.name, variant.name))
    });
    let servers = cx.api.servers.iter().zip(names);
    IndexDocs {
        prose,
        place: place(&cx.api.servers),
        servers: servers
            .map(|(server, name)| docs_of(server, name))
            .collect(),
        webhooks: cx.api.webhooks.iter().map(|one| webhook(cx, one)).collect(),
    }
}

fn place(servers: &[model::Server]) -> String {
    let url = servers.first().map_or("/", |server| server.url.as_str());
    let code = docs::code(url);
    if url.contains("://") || url.starts_with("//") {
        return format!(
            "All URIs are relative to {code}, unless a client is told otherwise by `base_url`."
        );
    }
    match url {
        "/" => "The document does not say where the API is: a client is told by `origin`, or by `base_url`."
            .to_owned(),
        _ => format!(
            "All URIs are relative to {code} on a host that the document does not name: a client is told by `origin`."
        ),
    }
}

fn docs_of(server: &model::Server, variant: String) -> ServerDocs {
    let markdown = |text: &Option<String>| text.as_deref().map(docs::markdown).unwrap_or_default();
    let variable = |variable: &model::Variable| VariableDocs {
        name: docs::code(&variable.wire_name),
        default: match &variable.default {
            Some(default) => docs::code(default),
            None => "none: it must be given".to_owned(),
        },
        allowed: variable
            .allowed
            .iter()
            .map(|value| docs::code(value))
            .collect(),
        prose: markdown(&variable.description),
    };
    ServerDocs {
        url: docs::code(&server.url),
        variant,
        prose: markdown(&server.description),
        variables: server.variables.iter().map(variable).collect(),
    }
}

fn webhook(cx: &Context<'_>, webhook: &model::Webhook) -> WebhookDocs {
    let schemas = webhook
        .content
        .iter()
        .find_map(|media| media.schema.as_ref());
    let about = webhook.docs.summary.as_deref();
    let about = about.or(webhook.docs.description.as_deref());
    WebhookDocs {
        name: format!(
            "{} ({})",
            docs::code(&webhook.wire_name),
            docs::code(&webhook.method)
        ),
        body: schemas.map(|schema| cx.value(schema)),
        content: match webhook.content.first() {
            Some(media) => docs::code(&media.media_type),
            None => "no body".to_owned(),
        },
        about: about.map(docs::one_line).unwrap_or_default(),
    }
}
