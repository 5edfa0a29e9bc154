//! What is told of an operation, as lines of Markdown: with links to pages, or with those that rustdoc looks up.

use super::links::{Links, Page, rustdoc_type};
use crate::plan::{Api, Block, Cell, OperationDocs, Section, Type, Word};
use std::fmt::Write as _;

/// Where docs stand, and so what links in them are.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// On a page.
    Page(&'a Links<'a>, Page<'a>),
    /// In Rust, in the module of operations.
    Rustdoc(&'a Api),
}

/// What is told of an operation in rustdoc, but for its example.
pub(in super::super) fn operation(api: &Api, docs: &OperationDocs) -> Vec<String> {
    let place = Place::Rustdoc(api);
    let mut out = docs.prose.clone();
    out.push(String::new());
    out.extend(docs.place.iter().cloned());
    for section in &docs.sections {
        out.extend([String::new(), format!("# {}", section.title)]);
        out.extend(lines(place, section));
    }
    out
}

/// The lines below the heading of a section; the first is empty.
pub(super) fn lines(place: Place<'_>, section: &Section) -> Vec<String> {
    let mut out = Vec::new();
    for one in &section.blocks {
        block(place, one, &mut out);
    }
    out
}

fn block(place: Place<'_>, block: &Block, out: &mut Vec<String>) {
    match block {
        Block::Line(cell) => out.extend([String::new(), line(place, cell)]),
        Block::List(items) => {
            out.push(String::new());
            out.extend(items.iter().map(|item| format!("* {}", line(place, item))));
        }
        Block::Table(head, rows) => table(place, head, rows, out),
        Block::Prose(about, prose) => {
            let about = format!("{}:", line(place, about));
            out.extend([String::new(), about, String::new()]);
            out.extend(below(prose));
        }
        Block::OnPage(inner) => {
            if let Place::Page(..) = place {
                self::block(place, inner, out);
            }
        }
    }
}

fn table(place: Place<'_>, head: &[&str], rows: &[Vec<Cell>], out: &mut Vec<String>) {
    out.push(String::new());
    out.push(format!("| {} |", head.join(" | ")));
    out.push(format!("|{}", "---|".repeat(head.len())));
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| in_table(&line(place, cell)))
            .collect();
        out.push(format!("| {} |", cells.join(" | ")));
    }
}

/// A line in a cell: what would end the cell is escaped, also in code (GFM 0.29, section 4.10).
pub(super) fn in_table(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut is_escaped = false;
    for c in line.trim_start_matches('#').trim().chars() {
        if c == '|' && !is_escaped {
            out.push('\\');
        }
        is_escaped = c == '\\' && !is_escaped;
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}

/// Prose below a heading of the page: its own headings are deeper.
pub(super) fn below(prose: &[String]) -> Vec<String> {
    let mut fence = 0;
    let deeper = prose.iter().map(|line| {
        let ticks = line
            .trim_start()
            .bytes()
            .take_while(|byte| *byte == b'`')
            .count();
        match ticks {
            3.. if fence == 0 => fence = ticks,
            _ if fence > 0 && ticks >= fence => fence = 0,
            _ => {}
        }
        let depth = line.bytes().take_while(|byte| *byte == b'#').count();
        match depth {
            1..6 if fence == 0 && line[depth..].starts_with(' ') => format!("#{line}"),
            _ => line.clone(),
        }
    });
    deeper.collect()
}

/// A line; code that stands side by side is one piece.
pub(super) fn line(place: Place<'_>, cell: &[Word]) -> String {
    let mut out = String::new();
    let mut code = false;
    for word in cell {
        let part = part(place, word);
        if part.is_empty() {
            continue;
        }
        // two pieces of code that touch would be one with backticks in it
        if code && part.starts_with('`') && out.ends_with('`') {
            out.pop();
            out.push_str(&part[1..]);
        } else {
            out.push_str(&part);
        }
        code = !matches!(word, Word::Text(_));
    }
    out
}

fn part(place: Place<'_>, word: &Word) -> String {
    match (word, place) {
        (Word::Text(text), _) => text.clone(),
        (Word::Code(code), _) => format!("`{code}`"),
        (Word::Type(ty), place) => type_text(place, ty),
        (Word::Own(name), Place::Page(..)) => format!("`{name}`"),
        (Word::Own(name), Place::Rustdoc(_)) => format!("[`{name}`]"),
        (Word::Scheme(index), Place::Page(links, page)) => {
            let scheme = &links.api().schemes[*index];
            let name = code_text(&scheme.wire_name);
            let to = page.link(
                Page::Authorization(links.api()),
                &super::links::slug(scheme.setter.plain()),
            );
            format!("[{name}]({to})")
        }
        (Word::Scheme(index), Place::Rustdoc(api)) => {
            let scheme = &api.schemes[*index];
            let name = code_text(&scheme.wire_name);
            format!(
                "[{name}](crate::{}::ClientBuilder::{})",
                api.module, scheme.setter
            )
        }
    }
}

fn type_text(place: Place<'_>, ty: &Type) -> String {
    match place {
        Place::Page(links, page) => links.ty(page, ty),
        Place::Rustdoc(api) => rustdoc_type(api, ty),
    }
}

/// A name of the document as code.
fn code_text(name: &str) -> String {
    let mut out = String::from("`");
    for c in name.chars().filter(|c| !c.is_control()) {
        let _ = out.write_char(if c == '`' { '\'' } else { c });
    }
    out.push('`');
    out
}
