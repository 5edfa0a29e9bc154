//! The macros that give a call its ways: options, limits, tokens, pages.

use super::Cx;
use crate::render::code::ident;
use crate::render::rules;
use proc_macro2::TokenStream;
use quote::quote;

/// The macro that gives the call its options and its limits, set as people set it.
pub(super) fn of_call(cx: Cx<'_>) -> String {
    let name = &cx.op.name;
    if cx.op.rules.is_empty() {
        return format!("crate::runtime::operation!({name});\n");
    }
    let models = format!("crate::{}::models", cx.module.api.module);
    let rules = cx.op.rules.iter();
    let lines: String = rules
        .map(|(input, rules)| format!("        {},\n", rules::of_input(&models, input, rules)))
        .collect();
    format!("crate::runtime::operation! {{\n    {name} [\n{lines}    ]\n}}\n")
}

/// The macro that gives the call its token source.
pub(super) fn token_way(cx: Cx<'_>) -> Option<String> {
    let token = cx.op.token.as_ref()?;
    let fields = token.fields.iter().chain(&token.refresh);
    let lines: String = fields.map(|field| format!("        {field},\n")).collect();
    let name = &cx.op.name;
    Some(format!(
        "crate::runtime::token_operation! {{\n    {name} {{\n{lines}    }}\n}}\n"
    ))
}

/// What the pages of an operation are lists of.
pub(super) fn listed(cx: Cx<'_>) -> TokenStream {
    let pages = cx.op.pages.as_ref();
    let Some(item) = pages.and_then(|pages| pages.item.as_ref()) else {
        return TokenStream::new();
    };
    let (listed, name, item) = (cx.runtime("Listed"), ident(&cx.op.name), cx.ty(item));
    quote! {
        impl #listed for #name {
            type Item = #item;
        }
    }
}

/// The macros that give the call its ways through pages.
pub(super) fn page_ways(cx: Cx<'_>) -> Option<String> {
    let (pages, name) = (cx.op.pages.as_ref()?, &cx.op.name);
    let lines: String = pages
        .fields
        .iter()
        .map(|field| format!("        {field},\n"))
        .collect();
    let mut text =
        format!("crate::runtime::paged_operation! {{\n    {name} {{\n{lines}    }}\n}}\n");
    if pages.item.is_some() {
        text = format!("{text}\ncrate::runtime::listed_operation!({name});\n");
    }
    Some(text)
}
