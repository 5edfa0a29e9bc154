//! The pages of documentation, in Markdown, below `docs/`: the list of APIs, and for each API an index, a page of
//! authorization, a page for each group of operations and one for each model.
//!
//! Every example on them is compiled: `src/API/pages.rs` makes doctests of them.

mod authorization;
mod cell;
mod index;
mod links;
mod models;
mod operations;
mod programs;
pub(super) mod rustdoc;

pub(super) use models::field_lines;
pub(super) use programs::doctest;

use super::code::cfg;
use super::error::Error;
use super::page::{ApisPage, ApisRow, DocsLink, Pages};
use super::{Module, crate_mark, mark};
use crate::file::File;
use crate::options::{Docs, Options};
use crate::plan::{Api, Gate, Group};
use links::{Links, Page};
use rayon::prelude::*;

/// What the pages of one API have in common.
struct Book<'a> {
    pages: &'a Pages,
    api: &'a Api,
    /// The name by which examples import the crate.
    krate: String,
    mark: String,
    links: Links<'a>,
}

impl Book<'_> {
    /// The links at the end of a section of `page`, whose first heading has the anchor `top`.
    fn back(&self, page: Page<'_>, top: &str) -> String {
        let index = Page::Index(self.api);
        format!(
            "[Back to top](#{top}) · [Index]({}) · [Models]({}) · [README]({})",
            page.link(index, "operations"),
            page.link(index, "models"),
            page.readme()
        )
    }
}

/// The pages of all APIs; none where they are not wanted.
pub(super) fn files(pages: &Pages, apis: &[Api], options: &Options) -> Result<Vec<File>, Error> {
    if options.docs == Docs::None || apis.is_empty() {
        return Ok(Vec::new());
    }
    let mut sorted: Vec<&Api> = apis.iter().collect();
    sorted.sort_by(|a, b| a.module.cmp(&b.module));
    let of_apis: Result<Vec<Vec<File>>, Error> = sorted
        .par_iter()
        .map(|api| of_api(pages, api, options))
        .collect();
    let mut files: Vec<File> = of_apis?.into_iter().flatten().collect();
    let rows = sorted.iter().map(|api| ApisRow {
        link: DocsLink {
            title: cell::escaped(&cell::link_text(&api.title)),
            to: Page::Apis.link(Page::Index(api), ""),
        },
        module: api.module.plain(),
        operations: api.operations.len(),
        models: api.models.len(),
    });
    let text = pages.docs_apis(&ApisPage {
        mark: &crate_mark(options),
        name: &options.name,
        apis: rows.collect(),
        readme: Page::Apis.readme(),
    })?;
    files.push(file(Page::Apis, text));
    Ok(files)
}

/// The pages of one API.
fn of_api(pages: &Pages, api: &Api, options: &Options) -> Result<Vec<File>, Error> {
    let mut book = Book {
        pages,
        api,
        krate: options.name.replace('-', "_"),
        mark: mark(&api.spec, options),
        links: Links::new(api),
    };
    let groups: Result<Vec<operations::Written>, Error> = (api.groups.par_iter())
        .map(|group| operations::page(&book, group))
        .collect();
    let mut files = Vec::new();
    for (group, written) in api.groups.iter().zip(groups?) {
        book.links.found(group, written.slugs);
        files.push(written.file);
    }
    let models: Result<Vec<File>, Error> = (api.models.par_iter())
        .map(|model| models::page(&book, model))
        .collect();
    files.extend(models?);
    files.push(authorization::page(&book)?);
    files.push(index::page(&book)?);
    Ok(files)
}

fn file(page: Page<'_>, text: String) -> File {
    File {
        path: page.path(),
        text,
    }
}

/// The file that makes doctests of an API's pages; none where there are no pages.
pub(super) fn doctests(module: &Module<'_>) -> Result<Option<File>, Error> {
    if module.docs == Docs::None {
        return Ok(None);
    }
    let api = module.api;
    let groups = api.groups.iter().map(|group| {
        let name = format!("operations_{}", group.page.plain());
        item(Page::Operations(api, group), &name, &group_gate(api, group))
    });
    let models = api.models.iter().map(|model| {
        let name = format!("model_{}", model.module.plain());
        item(Page::Model(api, model), &name, &model.gate)
    });
    let whole = match api.features.len() {
        1 => Gate::Open,
        _ => Gate::Any(vec![api.module.plain().to_owned()]),
    };
    let index = item(Page::Index(api), "index", &whole);
    let authorization = item(Page::Authorization(api), "authorization", &whole);
    let authorization = match authorization::needs_tokens(api) {
        true => format!("#[cfg(feature = \"tokens\")]\n{authorization}"),
        false => authorization,
    };
    let items = [index, authorization].into_iter();
    let items = items.chain(groups).chain(models).collect();
    let docs =
        vec!["The pages in `docs/`, for the compiler: it compiles their examples.".to_owned()];
    module.rust("pages.rs", docs, Vec::new(), items).map(Some)
}

/// A page as the docs of an item.
fn item(page: Page<'_>, name: &str, gate: &Gate) -> String {
    format!(
        "{}#[doc = include_str!(\"../../{}\")]\nmod {name} {{}}\n",
        cfg(gate),
        page.path()
    )
}

/// What all operations of a group are compiled with: the feature of its tag.
fn group_gate(api: &Api, group: &Group) -> Gate {
    let mut gates = group.operations.iter().map(|op| &api.operations[*op].gate);
    let Some(Gate::Any(first)) = gates.next() else {
        return Gate::Open;
    };
    let mut shared = first.clone();
    for gate in gates {
        if let Gate::Any(names) = gate {
            shared.retain(|name| names.contains(name));
        }
    }
    Gate::Any(shared)
}
