//! The index of an API: where it is, all operations by group, all models.

use super::cell::{self, cell};
use super::links::{Page, slug};
use super::{Book, Error, File, file};
use crate::plan::{Deprecation, Group, Model, ServerDocs, WebhookDocs};
use crate::render::page::{
    DocsLink, IndexGroup, IndexModel, IndexOperation, IndexPage, IndexServer, IndexVariable,
};

/// Headings of the index that links of other pages lead to.
const ANCHORS: [&str; 2] = ["operations", "models"];

/// The index of an API.
pub(super) fn page(book: &Book<'_>) -> Result<File, Error> {
    let api = book.api;
    let page = Page::Index(api);
    let title = apart(&api.title, "API");
    let variables = api.index.servers.iter().flat_map(|server| {
        server.variables.iter().map(|variable| IndexVariable {
            name: cell::escaped(&variable.name),
            server: cell::escaped(&server.url),
            default: cell::escaped(&variable.default),
            allowed: cell::escaped(&variable.allowed.join(", ")),
            description: cell(&variable.prose).text,
        })
    });
    let text = book.pages.docs_index(&IndexPage {
        mark: &book.mark,
        title: &title,
        path: format!("{}::{}", book.krate, api.module),
        docs: without_anchors(&api.index.prose),
        place: &api.index.place,
        servers: api.index.servers.iter().map(server).collect(),
        variables: variables.collect(),
        groups: api.groups.iter().map(|one| group(book, one)).collect(),
        models: api.models.iter().map(|one| model(book, one)).collect(),
        webhooks: api
            .index
            .webhooks
            .iter()
            .map(|one| webhook(book, one))
            .collect(),
        authorization: page.link(Page::Authorization(api), ""),
        back: format!(
            "[Back to top](#{}) · [APIs]({}) · [README]({})",
            slug(&title),
            page.link(Page::Apis, ""),
            page.readme()
        ),
    })?;
    Ok(file(page, text))
}

/// A heading, with a word more where its anchor would be another's.
fn apart(title: &str, word: &str) -> String {
    match ANCHORS.contains(&slug(title).as_str()) {
        true => format!("{title} ({word})"),
        false => title.to_owned(),
    }
}

/// Prose in which no heading has the anchor of another.
fn without_anchors(lines: &[String]) -> Vec<String> {
    cell::with_headings(lines, |signs, text| {
        format!("{signs}{}", apart(text, "API"))
    })
}

fn server(server: &ServerDocs) -> IndexServer<'_> {
    IndexServer {
        url: cell::escaped(&server.url),
        variant: &server.variant,
        description: cell(&server.prose).text,
    }
}

fn group<'a>(book: &Book<'a>, group: &'a Group) -> IndexGroup {
    let page = Page::Index(book.api);
    let operations = group.operations.iter().map(|index| {
        let op = &book.api.operations[*index];
        IndexOperation {
            method: op.method.plain().to_owned(),
            to: book.links.operation(page, *index),
            verb: op.verb.clone(),
            path: cell::code(&op.path),
            summary: cell(&op.summary).text,
            deprecated: match op.deprecated {
                Deprecation::Deprecated => "**Deprecated.**",
                Deprecation::Current => "",
            },
        }
    });
    IndexGroup {
        title: apart(&cell::link_text(&group.title), "group"),
        to: page.link(Page::Operations(book.api, group), ""),
        operations: operations.collect(),
    }
}

fn model(book: &Book<'_>, model: &Model) -> IndexModel {
    let page = Page::Index(book.api);
    IndexModel {
        link: DocsLink {
            title: format!("`{}`", model.name.plain()),
            to: page.link(Page::Model(book.api, model), ""),
        },
        summary: cell::escaped(&model.page.summary),
        deprecated: match model.page.deprecated {
            Deprecation::Deprecated => "**Deprecated.**",
            Deprecation::Current => "",
        },
    }
}

fn webhook(book: &Book<'_>, webhook: &WebhookDocs) -> String {
    let body = match &webhook.body {
        Some(ty) => book.links.ty(Page::Index(book.api), ty),
        None => webhook.content.clone(),
    };
    match webhook.about.is_empty() {
        true => format!("{}, {body}", webhook.name),
        false => format!("{}, {body}: {}", webhook.name, webhook.about),
    }
}
