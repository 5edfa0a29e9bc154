//! The pages of models.

use super::links::{Page, slug};
use super::{Book, Error, File, file};
use crate::plan::Model;
use crate::render::page::ModelDocsPage;

/// The page of a model.
pub(super) fn page(book: &Book<'_>, model: &Model) -> Result<File, Error> {
    let page = Page::Model(book.api, model);
    let name = model.name.plain();
    let text = book.pages.docs_model(&ModelDocsPage {
        mark: &book.mark,
        name,
        docs: &model.docs,
        back: book.back(page, &slug(name)),
    })?;
    Ok(file(page, text))
}
