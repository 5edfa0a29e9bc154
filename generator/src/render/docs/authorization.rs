//! The page that says how callers of an API say who they are.

use super::links::Page;
use super::{Book, Error, File, file};
use crate::render::page::{AuthorizationPage, SchemeSection};

/// The page of an API.
pub(super) fn page(book: &Book<'_>) -> Result<File, Error> {
    let schemes = book.api.schemes.iter().map(|scheme| SchemeSection {
        name: scheme.setter.plain(),
        docs: &scheme.docs,
    });
    let text = book.pages.docs_authorization(&AuthorizationPage {
        mark: &book.mark,
        title: &book.api.title,
        schemes: schemes.collect(),
    })?;
    Ok(file(Page::Authorization(book.api), text))
}
