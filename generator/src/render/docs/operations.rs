//! The pages of operations: one for each group.

use super::links::{Page, anchors, slug};
use super::{Book, Error, File, Group, file};
use crate::render::page::{OperationSection, OperationsPage};

/// A page, and where each operation is on it.
pub(super) struct Written {
    pub(super) file: File,
    /// The anchors, in the order of the group's operations.
    pub(super) slugs: Vec<String>,
}

/// The page of a group. Anchors are known once it is written: where they are not what was thought, it is written again.
pub(super) fn page(book: &Book<'_>, group: &Group) -> Result<Written, Error> {
    let page = Page::Operations(book.api, group);
    let methods = group
        .operations
        .iter()
        .map(|op| &book.api.operations[*op].method);
    let wanted: Vec<String> = methods.clone().map(|method| slug(method.plain())).collect();
    let mut slugs = wanted.clone();
    let mut text = written(book, group, &slugs)?;
    let found = anchors(&text);
    let mut headings = found.iter().filter(|(depth, ..)| *depth == 2);
    for (method, slug) in methods.zip(&mut slugs) {
        if let Some((.., found)) = headings.find(|(_, text, _)| *text == method.plain()) {
            slug.clone_from(found);
        }
    }
    drop(found);
    if slugs != wanted {
        text = written(book, group, &slugs)?;
    }
    let file = file(page, text);
    Ok(Written { file, slugs })
}

fn written(book: &Book<'_>, group: &Group, slugs: &[String]) -> Result<String, Error> {
    let page = Page::Operations(book.api, group);
    let operations = group.operations.iter().map(|op| &book.api.operations[*op]);
    let sections = operations.zip(slugs).map(|(op, slug)| OperationSection {
        method: op.method.plain(),
        slug: slug.clone(),
        docs: &op.docs,
    });
    book.pages.docs_operations(&OperationsPage {
        mark: &book.mark,
        title: &group.title,
        docs: &group.docs,
        operations: sections.collect(),
        back: book.back(page, &slug(&group.title)),
    })
}
