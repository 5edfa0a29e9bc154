//! Plans pages: how the next is asked for, as Rust, and in words.

use super::context::Context;
use super::docs;
use super::tree::Pages;
use crate::model::{self, NextPage, PageInput, PagePlace, Pagination};

/// Plans how the pages of an operation follow one another.
pub(super) fn pages(cx: &Context<'_>, pagination: &Pagination) -> Pages {
    let items = pagination.items.as_ref();
    let fields = vec![
        format!("items: {}", optional(items.map(|items| &items.path))),
        format!("next: {}", next(&pagination.next)),
        format!("more: {}", optional(pagination.more.as_ref())),
    ];
    Pages {
        fields,
        item: items.map(|items| cx.value(&items.schema)),
    }
}

fn next(next: &NextPage) -> String {
    match next {
        NextPage::Link => "Link".to_owned(),
        NextPage::Url(from) => format!("Url({})", place(from)),
        NextPage::Cursor(from, to) => {
            format!("Cursor {{ from: {}, to: {} }}", place(from), input(to))
        }
        NextPage::Offset(to, total) => {
            let total = optional(total.as_ref());
            format!("Offset {{ to: {}, total: {total} }}", input(to))
        }
        NextPage::Number(to, first, pages) => {
            let pages = optional(pages.as_ref());
            format!(
                "Number {{ to: {}, first: {first}, pages: {pages} }}",
                input(to)
            )
        }
    }
}

fn place(place: &PagePlace) -> String {
    match place {
        PagePlace::Body(names) => format!("PagePlace::Body({})", path(names)),
        PagePlace::Header(name) => format!("PagePlace::Header({name:?})"),
        PagePlace::LastItem(names) => format!("PagePlace::LastItem({})", path(names)),
    }
}

fn input(input: &PageInput) -> String {
    match input {
        PageInput::Query(name) => format!("PageInput::Query({name:?})"),
        PageInput::Body(names) => format!("PageInput::Body({})", path(names)),
    }
}

fn optional(names: Option<&Vec<String>>) -> String {
    match names {
        Some(names) => format!("Some({})", path(names)),
        None => "None".to_owned(),
    }
}

fn path(names: &[String]) -> String {
    format!("&{names:?}")
}

/// What the docs of an operation say of its pages, if it has any.
pub(super) fn said(op: &model::Operation) -> Option<String> {
    let pagination = op.pagination.as_ref()?;
    let by = match &pagination.next {
        NextPage::Link => "the `Link` header".to_owned(),
        NextPage::Url(from) => format!("the URL in {}", told(from)),
        NextPage::Cursor(from, to) => {
            format!("{}, which goes into {}", told(from), given(to))
        }
        NextPage::Offset(to, _) => format!("the number of items before it in {}", given(to)),
        NextPage::Number(to, ..) => format!("its number in {}", given(to)),
    };
    let items = match &pagination.items {
        Some(items) if items.path.is_empty() => "; `items` walks through what is in them",
        Some(items) => &format!(
            "; `items` walks through what {} holds",
            spelled(&items.path)
        ),
        None => "",
    };
    Some(format!(
        "`pages` walks through all pages{items}. The next page is asked for by {by}."
    ))
}

fn told(place: &PagePlace) -> String {
    match place {
        PagePlace::Body(names) => spelled(names),
        PagePlace::Header(name) => format!("the header {}", docs::code(name)),
        PagePlace::LastItem(names) if names.is_empty() => "the last item".to_owned(),
        PagePlace::LastItem(names) => format!("{} of the last item", spelled(names)),
    }
}

fn given(input: &PageInput) -> String {
    match input {
        PageInput::Query(name) => format!("the parameter {}", docs::code(name)),
        PageInput::Body(names) => format!("{} of the body", spelled(names)),
    }
}

fn spelled(names: &[String]) -> String {
    docs::code(&names.join("."))
}
