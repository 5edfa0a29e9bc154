//! The pages of operations: one for each group.

use super::links::{Page, anchors, slug};
use super::rustdoc::{Place, below, in_table, line, lines};
use super::{Book, Error, File, Group, file};
use crate::plan::{Operation, Program};
use crate::render::format;
use crate::render::page::{DocsSection, DocsTab, OperationRow, OperationSection, OperationsPage};

/// A page, and where each operation is on it.
pub(super) struct Written {
    pub(super) file: File,
    /// The anchors, in the order of the group's operations.
    pub(super) slugs: Vec<String>,
}

/// The page of a group. Anchors are known once it is written: where they are not what was thought, it is written again.
pub(super) fn page(book: &Book<'_>, group: &Group) -> Result<Written, Error> {
    let operations = group.operations.iter();
    let operations = operations.map(|index| &book.api.operations[*index]);
    let here = Page::Operations(book.api, group);
    let sections: Result<Vec<OperationSection>, Error> = operations
        .clone()
        .map(|op| section(book, here, op))
        .collect();
    let wanted = operations
        .clone()
        .map(|op| slug(op.method.plain()))
        .collect();
    let mut slugs: Vec<String> = wanted;
    let mut page = OperationsPage {
        mark: &book.mark,
        title: &group.title,
        docs: &group.docs,
        servers: &book.api.base_uris,
        rows: operations.clone().zip(&slugs).map(row).collect(),
        operations: sections?,
        back: book.back(here, &slug(&group.title)),
    };
    let mut text = book.pages.docs_operations(&page)?;
    let found = anchors(&text);
    let mut headings = found.iter().filter(|(depth, ..)| *depth == 2);
    let mut is_other = false;
    for (op, slug) in operations.clone().zip(&mut slugs) {
        if let Some((.., found)) = headings.find(|(_, text, _)| *text == op.method.plain()) {
            is_other |= slug != found;
            slug.clone_from(found);
        }
    }
    drop(found);
    if is_other {
        page.rows = operations.zip(&slugs).map(row).collect();
        text = book.pages.docs_operations(&page)?;
    }
    Ok(Written {
        file: file(here, text),
        slugs,
    })
}

/// A row of the list of operations.
fn row((op, slug): (&Operation, &String)) -> OperationRow {
    let deprecated = match op.deprecated {
        crate::plan::Deprecation::Current => "",
        crate::plan::Deprecation::Deprecated => "**Deprecated.** ",
    };
    OperationRow {
        method: op.method.plain().to_owned(),
        to: format!("#{slug}"),
        verb: op.verb.clone(),
        path: in_table(&format!("`{}`", op.path.replace('`', "'"))),
        summary: in_table(&format!("{deprecated}{}", op.summary.join(" "))),
    }
}

fn section(book: &Book<'_>, page: Page<'_>, op: &Operation) -> Result<OperationSection, Error> {
    let place = Place::Page(&book.links, page);
    let docs = &op.docs;
    let tabs: Result<Vec<DocsTab>, Error> = docs.programs.iter().map(|one| tab(op, one)).collect();
    let sections = docs.sections.iter().map(|section| DocsSection {
        title: section.title,
        lines: lines(place, section),
    });
    Ok(OperationSection {
        method: op.method.plain().to_owned(),
        signature: line(place, &docs.signature),
        docs: below(&docs.prose),
        place: docs.place.clone(),
        tabs: tabs?,
        sections: sections.collect(),
    })
}

/// A program as a tab: whole, as a reader would write it into a file.
fn tab(op: &Operation, program: &Program) -> Result<DocsTab, Error> {
    let thing = format!("the example of `{}`", op.method);
    let statements = format::example(&program.statements, &thing)?;
    Ok(DocsTab {
        title: program.title,
        about: program.about,
        lines: whole(&statements),
    })
}

/// A program of formatted statements: the imports, and `main` with the rest.
pub(super) fn whole(statements: &[String]) -> Vec<String> {
    let imports = statements
        .iter()
        .take_while(|line| !line.is_empty())
        .count();
    let (imports, rest) = statements.split_at(imports);
    let head = [
        "",
        "#[tokio::main]",
        "async fn main() -> Result<(), Box<dyn std::error::Error>> {",
    ];
    let rest = rest.iter().skip(1).map(|line| match line.is_empty() {
        true => String::new(),
        false => format!("    {line}"),
    });
    let tail = ["    Ok(())", "}"];
    let mut lines = imports.to_vec();
    lines.extend(head.map(str::to_owned));
    lines.extend(rest);
    lines.extend(tail.map(str::to_owned));
    lines
}
