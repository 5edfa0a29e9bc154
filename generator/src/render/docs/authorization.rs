//! The page that says how callers of an API say who they are.

use super::cell;
use super::links::{Page, slug};
use super::programs::{Wait, waiting};
use super::{Book, Error, File, file};
use crate::plan::{NeedColumns, NeedRow, Operations, SchemeDocs, ScopeDocs, TokenDocs};
use crate::render::page::{
    AuthorizationPage, FlowRow, SchemeSection, ScopeRow, Tab, TokenRow, TokenSection,
};

/// The heading above the operations that hand out tokens, as an anchor. Setters have no hyphens.
const TOKENS: &str = "operations-that-hand-out-tokens";

/// The page of an API.
pub(super) fn page(book: &Book<'_>) -> Result<File, Error> {
    let here = Page::Authorization(book.api);
    let about = &book.api.authorization;
    let schemes = book.api.schemes.iter().zip(&about.schemes);
    let schemes: Result<Vec<SchemeSection<'_>>, Error> = schemes
        .map(|(scheme, docs)| section(book, scheme.setter.plain(), docs))
        .collect();
    let tokens: Result<Vec<TokenSection<'_>>, Error> =
        about.tokens.iter().map(|one| token(book, one)).collect();
    let (columns, rows) = needs(book);
    let text = book.pages.docs_authorization(&AuthorizationPage {
        mark: &book.mark,
        title: &book.api.title,
        summary: summary(book),
        schemes: schemes?,
        tokens: tokens?,
        columns,
        rows,
        open: match book.api.schemes.is_empty() {
            true => Vec::new(),
            false => listed(book, &about.open),
        },
        back: book.back(here, &slug(&format!("Authorization of {}", book.api.title))),
    })?;
    Ok(file(here, text))
}

/// Whether programs on the page use what the feature `tokens` has.
pub(super) fn needs_tokens(api: &crate::plan::Api) -> bool {
    let about = &api.authorization;
    about
        .schemes
        .iter()
        .any(|scheme| !scheme.sources.is_empty())
        || about.tokens.iter().any(|token| !token.example.is_empty())
}

/// What holds for all schemes.
fn summary(book: &Book<'_>) -> Vec<String> {
    let about = &book.api.authorization;
    if book.api.schemes.is_empty() {
        let mut said = vec![
            "The document declares no way to authenticate: no operation needs a credential."
                .to_owned(),
        ];
        if !about.tokens.is_empty() {
            said.push(format!(
                "It has [operations that hand out tokens](#{TOKENS}), though."
            ));
        }
        return said;
    }
    vec![
        "A credential is given to a client, for all its calls, or to a single call. What an operation asks for is sent \
         with it, and nothing else; of several ways the first is taken for which all credentials are there."
            .to_owned(),
    ]
}

fn section<'a>(
    book: &Book<'a>,
    name: &'a str,
    docs: &'a SchemeDocs,
) -> Result<SchemeSection<'a>, Error> {
    let thing = format!("the page of the scheme `{name}`");
    let mut about = docs.what.join(" ");
    if docs.asked_by == 0 {
        about.push_str(" No operation asks for it.");
    }
    let mut origin = docs.origin.clone();
    if !docs.handed_out.is_empty() {
        let here = Page::Authorization(book.api);
        let by = docs
            .handed_out
            .iter()
            .map(|index| operation(book, here, *index));
        origin.push(format!(
            "Handed out by {}: see [operations that hand out tokens](#{TOKENS}).",
            by.collect::<Vec<_>>().join(", ")
        ));
    }
    let mut sources = Vec::new();
    for (title, lines) in &docs.sources {
        let wait = Wait::Never;
        sources.push(Tab {
            title,
            lines: waiting(lines, wait, &thing)?,
        });
    }
    let wait = match docs.call.is_empty() {
        true => Wait::Never,
        false => Wait::Tokio,
    };
    let mut ways = vec![Tab {
        title: "For a client",
        lines: waiting(&docs.client, wait, &thing)?,
    }];
    if !docs.call.is_empty() {
        ways.push(Tab {
            title: "For one call",
            lines: waiting(&docs.call, wait, &thing)?,
        });
    }
    let flow = |flow: &crate::plan::FlowDocs| {
        let urls: Vec<String> = flow
            .urls
            .iter()
            .map(|(what, url)| format!("{what} at {}", cell::escaped(url)))
            .collect();
        let scopes: Vec<String> = flow
            .scopes
            .iter()
            .filter_map(|scope| Some(cell::code(&docs.scopes.get(*scope)?.wire_name)))
            .collect();
        FlowRow {
            title: flow.title,
            urls: urls.join(", "),
            scopes: scopes.join(", "),
        }
    };
    Ok(SchemeSection {
        name,
        about,
        prose: without_headings(&docs.prose),
        origin: origin.join(" "),
        flows: docs.flows.iter().map(flow).collect(),
        scopes: docs.scopes.iter().map(scope).collect(),
        sources,
        ways,
    })
}

fn scope(scope: &ScopeDocs) -> ScopeRow {
    ScopeRow {
        scope: cell::code(&scope.wire_name),
        constant: format!("`{}`", scope.constant),
        description: cell::cell(&scope.prose).text,
    }
}

/// Prose whose headings are bold lines: the anchors of the page are its own.
fn without_headings(lines: &[String]) -> Vec<String> {
    cell::with_headings(lines, |_, text| format!("**{text}**"))
}

fn token<'a>(book: &Book<'a>, token: &'a TokenDocs) -> Result<TokenSection<'a>, Error> {
    let here = Page::Authorization(book.api);
    let thing = format!("the token program of `{}`", token.method);
    let row = |(what, how): &(&'static str, String)| TokenRow {
        what,
        how: cell::escaped(how),
    };
    Ok(TokenSection {
        operation: operation(book, here, token.operation),
        kind: token.kind,
        rows: token.rows.iter().map(row).collect(),
        example: waiting(&token.example, Wait::Tokio, &thing)?,
    })
}

/// A link to an operation.
fn operation(book: &Book<'_>, here: Page<'_>, index: usize) -> String {
    let method = book.api.operations[index].method.plain();
    format!("[`{method}`]({})", book.links.operation(here, index))
}

/// The table of needs: its columns, and its rows of cells.
fn needs(book: &Book<'_>) -> (Vec<String>, Vec<String>) {
    let needs = &book.api.authorization.needs;
    if needs.rows.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let has_scopes = needs.rows.iter().any(|row| !row.scopes.is_empty());
    let mut columns = vec!["Operation".to_owned()];
    let schemes = book.api.schemes.iter();
    let link = |setter: &str| format!("[`{setter}`](#{setter})");
    match needs.columns {
        NeedColumns::Schemes => {
            columns.extend(schemes.map(|scheme| link(scheme.setter.plain())));
            columns.push("nothing".to_owned());
        }
        NeedColumns::Words => columns.push("Needs".to_owned()),
    }
    if has_scopes {
        columns.push("Scopes".to_owned());
    }
    let rows = needs.rows.iter().map(|row| {
        let mut cells = vec![listed(book, &row.of).join(", ")];
        match needs.columns {
            NeedColumns::Schemes => cells.extend(ways(book, row)),
            NeedColumns::Words => cells.push(in_words(book, row)),
        }
        if has_scopes {
            let scopes: Vec<String> = row.scopes.iter().map(|one| cell::code(one)).collect();
            cells.push(scopes.join(", "));
        }
        cells.join(" | ")
    });
    (columns, rows.collect())
}

/// For each scheme, and for none, the ways that it belongs to, by number; or that it is the only way.
fn ways(book: &Book<'_>, row: &NeedRow) -> Vec<String> {
    let count = book.api.schemes.len();
    let none = vec![Vec::new()];
    let alternatives = match row.alternatives.is_empty() {
        true => &none,
        false => &row.alternatives,
    };
    let numbers = |belongs: &dyn Fn(&Vec<usize>) -> bool| match alternatives.as_slice() {
        [only] if belongs(only) => "yes".to_owned(),
        [_] => String::new(),
        several => {
            let numbers = several.iter().enumerate();
            let numbers = numbers.filter(|(_, all)| belongs(all));
            let numbers: Vec<String> = numbers.map(|(at, _)| format!("way {}", at + 1)).collect();
            numbers.join(", ")
        }
    };
    let mut cells: Vec<String> = (0..count)
        .map(|scheme| numbers(&|all: &Vec<usize>| all.contains(&scheme)))
        .collect();
    cells.push(numbers(&|all: &Vec<usize>| all.is_empty()));
    cells
}

fn in_words(book: &Book<'_>, row: &NeedRow) -> String {
    let name = |index: &usize| {
        let setter = book.api.schemes[*index].setter.plain();
        format!("[`{setter}`](#{setter})")
    };
    let ways: Vec<String> = row
        .alternatives
        .iter()
        .map(|all| match all.as_slice() {
            [] => "nothing".to_owned(),
            all => all.iter().map(name).collect::<Vec<_>>().join(" and "),
        })
        .collect();
    match ways.is_empty() {
        true => "nothing".to_owned(),
        false => ways.join(", or "),
    }
}

/// Operations as links.
fn listed(book: &Book<'_>, operations: &Operations) -> Vec<String> {
    let here = Page::Authorization(book.api);
    let group = |place: &usize| {
        let group = &book.api.groups[*place];
        let to = here.link(Page::Operations(book.api, group), "");
        format!("[{}]({to})", cell::escaped(&cell::link_text(&group.title)))
    };
    let whole = operations.groups.iter().map(|(place, count)| match count {
        1 => format!("{}: its only operation", group(place)),
        count => format!("{}: all {count} operations", group(place)),
    });
    let others = (operations.others.iter())
        .map(|(place, count)| format!("{}: the other {count} operations", group(place)));
    let single = operations
        .single
        .iter()
        .map(|index| operation(book, here, *index));
    let mut items: Vec<String> = whole.chain(others).chain(single).collect();
    if operations.more > 0 {
        items.push(format!("and {} more", operations.more));
    }
    items
}
