//! The index of an API: all operations by group, all models.

use super::links::Page;
use super::{Book, Error, File, file};
use crate::render::page::{DocsLink, IndexGroup, IndexPage};

/// The index of an API.
pub(super) fn page(book: &Book<'_>) -> Result<File, Error> {
    let api = book.api;
    let page = Page::Index(api);
    let groups = api.groups.iter().map(|group| IndexGroup {
        title: &group.title,
        to: page.link(Page::Operations(api, group), ""),
        operations: (group.operations.iter())
            .map(|index| DocsLink {
                title: format!("`{}`", api.operations[*index].method.plain()),
                to: book.links.operation(page, *index),
            })
            .collect(),
    });
    let models = api.models.iter().map(|model| DocsLink {
        title: format!("`{}`", model.name.plain()),
        to: page.link(Page::Model(api, model), ""),
    });
    let text = book.pages.docs_index(&IndexPage {
        mark: &book.mark,
        title: &api.title,
        groups: groups.collect(),
        models: models.collect(),
        authorization: page.link(Page::Authorization(api), ""),
    })?;
    Ok(file(page, text))
}
