//! How an operation reads its responses.

use super::Cx;
use crate::plan::{
    EventData, Failure, HeaderField, Ident, Output, Payload, Status, StatusVariant, Streaming,
    Style, Type,
};
use crate::render::code::{docs, ident, ident_text, sizes};
use crate::render::xml;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// `impl Operation`.
pub(super) fn operation(cx: Cx<'_>) -> TokenStream {
    let (operation, reply, error) = (
        cx.runtime("Operation"),
        cx.runtime("Reply"),
        cx.runtime("DecodeError"),
    );
    let result = cx.place.imports.std("result", "Result");
    let name = ident(&cx.op.name);
    let (output, read) = success(cx);
    let (failure, read_failure, other) = failure(cx);
    quote! {
        impl #operation for #name {
            type Output = #output;
            type Failure = #failure;

            fn success(reply: &#reply) -> #result<Self::Output, #error> {
                #read
            }

            fn failure(reply: &#reply) -> #result<Self::Failure, #error> {
                #read_failure
            }

            fn other() -> Self::Failure {
                #other
            }
        }
    }
}

/// The output's type, and how it is read.
fn success(cx: Cx<'_>) -> (TokenStream, TokenStream) {
    match &cx.op.output {
        Output::Plain(payload) => (cx.ty(&payload.ty(Type::String)), read_plain(cx, payload)),
        Output::Enum(name, variants) => {
            let ty = ident(name);
            (quote!(#ty), read_by_status(cx, name, variants))
        }
    }
}

/// The failure's type, how it is read, and what it is when it cannot be read.
fn failure(cx: Cx<'_>) -> (TokenStream, TokenStream, TokenStream) {
    match &cx.op.failure {
        Failure::Undeclared => (quote!(()), read_plain(cx, &Payload::Empty), quote!()),
        Failure::Shared(payload, statuses) => shared_failure(cx, payload, statuses),
        Failure::Enum(name, variants) => {
            let ty = ident(name);
            (
                quote!(#ty),
                read_by_status(cx, name, variants),
                quote!(#ty::Other),
            )
        }
    }
}

/// A failure that is the same for all declared statuses: nothing for any other status.
fn shared_failure(
    cx: Cx<'_>,
    payload: &Payload,
    statuses: &[Status],
) -> (TokenStream, TokenStream, TokenStream) {
    let imports = cx.place.imports;
    let (option, some, none) = (
        imports.std("option", "Option"),
        imports.std("option::Option", "Some"),
        imports.std("option::Option", "None"),
    );
    let ty = cx.ty(&payload.ty(Type::String));
    let read = read_plain(cx, payload);
    let read = quote!(#read.map(#some));
    let read = if statuses.contains(&Status::Default) {
        read
    } else {
        let declared: BTreeSet<u16> = statuses
            .iter()
            .copied()
            .filter_map(codes_of)
            .flatten()
            .collect();
        let patterns = runs(&declared.into_iter().collect::<Vec<_>>());
        let ok = imports.std("result::Result", "Ok");
        quote! {
            match reply.status().as_u16() {
                #(#patterns)|* => #read,
                _ => #ok(#none),
            }
        }
    };
    (quote!(#option<#ty>), read, none)
}

fn read_plain(cx: Cx<'_>, payload: &Payload) -> TokenStream {
    match payload {
        Payload::Empty => {
            let ok = cx.place.imports.std("result::Result", "Ok");
            quote! {
                let _ = reply;
                #ok(())
            }
        }
        Payload::Slot(_) => quote!(reply.json()),
        Payload::Xml(xml) => {
            let (read, root) = (ident_text(xml::reading(xml.beside)), cx.xml_root(xml));
            quote!(reply.#read(#root))
        }
        Payload::Text => quote!(reply.text()),
        Payload::Bytes => quote!(reply.bytes()),
        Payload::Lines(_) => quote!(reply.records()),
    }
}

/// A `match` over the status: single ones before ranges, and `Other` for all that is not declared.
fn read_by_status(cx: Cx<'_>, name: &Ident, variants: &[StatusVariant]) -> TokenStream {
    let mut by_status: BTreeMap<Status, Vec<&StatusVariant>> = BTreeMap::new();
    for variant in variants {
        by_status.entry(variant.status).or_default().push(variant);
    }
    let codes: Vec<u16> = by_status.keys().filter_map(code).collect();
    let default = by_status
        .remove(&Status::Default)
        .map(|variants| read_one_of(cx, name, &variants));
    let other = default.clone().unwrap_or_else(|| {
        let (name, ok) = (ident(name), cx.place.imports.std("result::Result", "Ok"));
        quote!(#ok(#name::Other))
    });
    if by_status.is_empty() {
        let unread = variants
            .iter()
            .all(|variant| variant.payload == Payload::Empty);
        let unread = unread.then(|| quote!(let _ = reply;));
        return quote!(#unread #other);
    }
    let arms = by_status.iter().map(|(status, variants)| {
        let (pattern, read) = (pattern(*status, &codes), read_one_of(cx, name, variants));
        quote!(#pattern => #read,)
    });
    quote! {
        match reply.status().as_u16() {
            #(#arms)*
            _ => #other,
        }
    }
}

fn code(status: &Status) -> Option<u16> {
    match status {
        Status::Code(code) => Some(*code),
        Status::Range(_) | Status::Default => None,
    }
}

/// The codes that a status of a response stands for; `default` is no set of codes.
fn codes_of(status: Status) -> Option<RangeInclusive<u16>> {
    match status {
        Status::Code(code) => Some(code..=code),
        Status::Range(digit) => {
            let hundred = u16::from(digit) * 100;
            Some(hundred..=hundred + 99)
        }
        Status::Default => None,
    }
}

/// The statuses of a response; a range leaves out those that have a response of their own.
fn pattern(status: Status, single: &[u16]) -> TokenStream {
    let Some(codes) = codes_of(status) else {
        return quote!(_);
    };
    let left_out = |code: &u16| matches!(status, Status::Range(_)) && single.contains(code);
    let codes: Vec<u16> = codes.filter(|code| !left_out(code)).collect();
    let patterns = runs(&codes);
    quote!(#(#patterns)|*)
}

/// Patterns of single numbers in ascending order; three and more that follow one another are a span.
fn runs(numbers: &[u16]) -> Vec<TokenStream> {
    let follow = |one: &u16, next: &u16| one.checked_add(1) == Some(*next);
    let patterns = numbers.chunk_by(follow).flat_map(|run| match run {
        [first, _, .., last] => vec![span(*first, *last)],
        few => few.iter().map(|number| span(*number, *number)).collect(),
    });
    patterns.collect()
}

fn span(from: u16, to: u16) -> TokenStream {
    let (first, last) = (Literal::u16_unsuffixed(from), Literal::u16_unsuffixed(to));
    if from == to {
        quote!(#first)
    } else {
        quote!(#first..=#last)
    }
}

/// Reads a status that has one payload, or one for each media type: the first is for all others.
fn read_one_of(cx: Cx<'_>, name: &Ident, variants: &[&StatusVariant]) -> TokenStream {
    let (first, rest) = variants.split_first().expect("a status has a variant");
    let fallback = read_variant(cx, name, first);
    if rest.is_empty() {
        return fallback;
    }
    let mut declared: Vec<&str> = Vec::new();
    let mut arms = Vec::new();
    for variant in variants {
        let from = declared.len();
        declared.extend(variant.media_types.iter().map(String::as_str));
        if !std::ptr::eq(*variant, *first) {
            let places: Vec<u16> = (from..declared.len())
                .filter_map(|place| u16::try_from(place).ok())
                .collect();
            let places = runs(&places);
            let read = read_variant(cx, name, variant);
            arms.push(quote!(#(#places)|* => #read,));
        }
    }
    quote! {
        match reply.choose(&[#(#declared),*]) {
            #(#arms)*
            _ => #fallback,
        }
    }
}

fn read_variant(cx: Cx<'_>, name: &Ident, variant: &StatusVariant) -> TokenStream {
    let (name, variant_name) = (ident(name), ident(&variant.name));
    match &variant.payload {
        Payload::Empty => {
            let ok = cx.place.imports.std("result::Result", "Ok");
            quote!(#ok(#name::#variant_name))
        }
        payload => {
            let read = read_plain(cx, payload);
            quote!(#read.map(#name::#variant_name))
        }
    }
}

/// The enum of successes, where statuses differ.
pub(super) fn output_enum(cx: Cx<'_>) -> TokenStream {
    let Output::Enum(name, variants) = &cx.op.output else {
        return TokenStream::new();
    };
    let line = format!(
        "What a successful [`{}`] gives, by status.",
        cx.op.name.plain()
    );
    let other = "Another successful status than those declared. Its body is in the response.";
    status_enum(cx, name, variants, &line, other)
}

/// The enum of failures.
pub(super) fn failure_enum(cx: Cx<'_>) -> TokenStream {
    let Failure::Enum(name, variants) = &cx.op.failure else {
        return TokenStream::new();
    };
    let line = format!("What a failed [`{}`] gives, by status.", cx.op.name.plain());
    let other =
        "A status that is not declared, or a body that is not what is declared for its status.";
    status_enum(cx, name, variants, &line, other)
}

fn status_enum(
    cx: Cx<'_>,
    name: &Ident,
    variants: &[StatusVariant],
    line: &str,
    other: &str,
) -> TokenStream {
    let name = ident(name);
    let (lines, other) = (docs(&[line.to_owned()]), docs(&[other.to_owned()]));
    let sizes = sizes(
        variants
            .iter()
            .filter(|variant| matches!(variant.payload, Payload::Slot(_) | Payload::Xml(_)))
            .count(),
    );
    let variants = variants.iter().map(|variant| status_variant(cx, variant));
    quote! {
        #lines
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        #sizes
        pub enum #name {
            #(#variants,)*
            #other
            Other,
        }
    }
}

fn status_variant(cx: Cx<'_>, variant: &StatusVariant) -> TokenStream {
    let (docs, name) = (docs(&variant.docs), ident(&variant.name));
    match &variant.payload {
        Payload::Empty => quote!(#docs #name),
        payload => {
            let ty = cx.ty(&payload.ty(Type::String));
            quote!(#docs #name(#ty))
        }
    }
}

/// The struct of response headers.
pub(super) fn headers(cx: Cx<'_>) -> TokenStream {
    let Some(headers) = &cx.op.headers else {
        return TokenStream::new();
    };
    let call = cx.op.name.plain();
    let lines = docs(&[
        format!("The headers that responses to [`{call}`] may have."),
        String::new(),
        "`typed_headers` of a response, and of an error, reads them.".to_owned(),
    ]);
    let name = ident(&headers.name);
    let fields = headers.fields.iter().map(|field| {
        let (lines, name) = (docs(&field.docs), ident(&field.name));
        let ty = cx.ty(&Type::Optional(Box::new(field.ty.clone())));
        quote!(#lines pub #name: #ty)
    });
    quote! {
        #lines
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
        }
    }
}

/// The macro that reads them.
pub(super) fn headers_macro(cx: Cx<'_>) -> Option<String> {
    let headers = cx.op.headers.as_ref()?;
    let field = |field: &HeaderField| {
        let style = match field.style {
            Style::Json => "Json",
            _ => "Simple",
        };
        let name = Literal::string(&field.wire_name);
        format!("        {name} => {}: {style},\n", field.name)
    };
    let lines: String = headers.fields.iter().map(field).collect();
    let name = &headers.name;
    Some(format!(
        "crate::runtime::response_headers! {{\n    {name} {{\n{lines}    }}\n}}\n"
    ))
}

/// The macros for reading a success bit by bit.
pub(super) fn streams(cx: Cx<'_>) -> Option<String> {
    let name = &cx.op.name;
    let spelled = |ty: &Type| cx.ty(ty).to_string().replace(' ', "").replace(',', ", ");
    let line = |stream: &Streaming| match stream {
        Streaming::Download => format!("crate::runtime::download_operation!({name});\n"),
        Streaming::Events(data, ty) => {
            let data = match data {
                EventData::Json => "Json",
                EventData::Text => "Text",
                EventData::Fields => "Fields",
            };
            let ty = spelled(ty);
            format!("crate::runtime::event_operation!({name}: {data} {ty});\n")
        }
        Streaming::Records(media_type, ty) => {
            let (media_type, ty) = (Literal::string(media_type), spelled(ty));
            format!("crate::runtime::record_operation!({name}: {media_type} {ty});\n")
        }
    };
    let lines: String = cx.op.streams.iter().map(line).collect();
    (!lines.is_empty()).then_some(lines)
}
