//! What the runtime must know of an operation before it is called.

use super::{Cx, explode, style};
use crate::plan::{PartEncoding, Reserved, SpecReach};
use crate::render::client;
use proc_macro2::TokenStream;
use quote::quote;

/// What the runtime must know of the operation.
pub(super) fn spec(cx: Cx<'_>) -> TokenStream {
    let op = cx.op;
    let spec = cx.runtime("OperationSpec");
    let (id, verb, path) = (op.method.plain(), &op.verb, &op.path);
    let (requests, responses) = (&op.request_types, &op.response_types);
    let security = op.security.iter().map(|schemes| alternative(cx, schemes));
    let servers = op
        .servers
        .iter()
        .map(|server| client::server(cx.place, server));
    let token = token(cx);
    let scopes = &op.scopes;
    let reach = match op.reach {
        SpecReach::Own => TokenStream::new(),
        SpecReach::Siblings => quote!(pub(super)),
    };
    let encodings = encodings(cx);
    quote! {
        #reach static SPEC: #spec = #spec {
            id: #id,
            method: #verb,
            path: #path,
            request_types: &[#(#requests),*],
            response_types: &[#(#responses),*],
            security: &[#(#security),*],
            scopes: &[#(#scopes),*],
            servers: &[#(#servers),*],
            token: #token,
        };
        #encodings
    }
}

fn alternative(cx: Cx<'_>, schemes: &[usize]) -> TokenStream {
    let schemes = schemes.iter().map(|scheme| {
        let constant = cx.api(cx.module.api.schemes[*scheme].constant.as_str());
        quote!(&#constant)
    });
    quote!(&[#(#schemes),*])
}

fn token(cx: Cx<'_>) -> TokenStream {
    let Some(token) = &cx.op.token else {
        return cx.place.imports.std("option::Option", "None");
    };
    let secrets = &token.secrets;
    let (some, call) = (
        cx.place.imports.std("option::Option", "Some"),
        cx.runtime("TokenCall"),
    );
    quote!(#some(#call { body_credentials: &[#(#secrets),*] }))
}

fn encodings(cx: Cx<'_>) -> TokenStream {
    let list = cx
        .op
        .body
        .as_ref()
        .map(|body| body.encoding.as_slice())
        .unwrap_or_default();
    if list.is_empty() {
        return TokenStream::new();
    }
    let encoding = cx.runtime("Encoding");
    let list = list.iter().map(|part| part_encoding(cx, part));
    quote! {
        static ENCODINGS: &[#encoding] = &[#(#list),*];
    }
}

fn part_encoding(cx: Cx<'_>, part: &PartEncoding) -> TokenStream {
    let (encoding, member) = (cx.runtime("Encoding"), &part.wire_name);
    let style = optional(cx, part.style.map(|known| style(cx, known)));
    let explode = explode(cx, part.explode);
    let reserved = cx.runtime("Reserved");
    let reserved = match part.reserved {
        Reserved::Encoded => quote!(#reserved::Encoded),
        Reserved::Kept => quote!(#reserved::Kept),
    };
    let content_type = optional(
        cx,
        part.content_type
            .as_ref()
            .map(|media_type| quote!(#media_type)),
    );
    quote!(#encoding { member: #member, style: #style, explode: #explode, reserved: #reserved, content_type: #content_type })
}

fn optional(cx: Cx<'_>, value: Option<TokenStream>) -> TokenStream {
    let std = |name| cx.place.imports.std("option::Option", name);
    match value {
        Some(value) => {
            let some = std("Some");
            quote!(#some(#value))
        }
        None => std("None"),
    }
}
