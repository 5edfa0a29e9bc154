//! The module `oauth` of an API: where its tokens come from, as data.

use super::client::doctest;
use super::code::{docs, ident, ident_text};
use super::error::Error;
use super::imports::Imports;
use super::{Module, format};
use crate::file::File;
use crate::plan::{Gate, OAuthFlow, OAuthScheme};
use proc_macro2::TokenStream;
use quote::quote;

/// Where the runtime has OAuth 2.
const ROOM: &str = "crate::runtime::token::oauth";

/// `oauth.rs` of an API; nothing for an API without such schemes.
pub(super) fn file(module: &Module<'_>) -> Result<Option<File>, Error> {
    let oauth = &module.api.oauth;
    if oauth.schemes.is_empty() {
        return Ok(None);
    }
    let imports = Imports::default();
    let thing = format!("the OAuth 2 schemes of the API `{}`", module.api.module);
    let mut items = Vec::new();
    for one in &oauth.schemes {
        items.push(format::items(scheme(&imports, one), &thing)?);
    }
    for one in oauth.schemes.iter().filter(|one| !one.scopes.is_empty()) {
        items.push(format::items(scopes(one), &thing)?);
    }
    let example = format::example(&oauth.example, &thing)?;
    let first = "Where the tokens of the API come from: its schemes of OAuth 2 and OpenID Connect, and their scopes.";
    let lines = [vec![first.to_owned()], doctest(&example, &Gate::Open)].concat();
    module
        .rust("oauth.rs", lines, imports.items(), items)
        .map(Some)
}

fn scheme(imports: &Imports, scheme: &OAuthScheme) -> TokenStream {
    let ty = imports.take(ROOM, "OAuthScheme");
    let (lines, constant) = (docs(&scheme.docs), ident(&scheme.constant));
    let name = &scheme.wire_name;
    let flows = scheme.flows.iter().map(|one| flow(imports, scheme, one));
    let openid_url = optional(scheme.openid_url.as_ref());
    quote! {
        #lines
        pub static #constant: #ty = #ty::new(#name, &super::API, &[#(#flows),*], #openid_url);
    }
}

fn flow(imports: &Imports, scheme: &OAuthScheme, flow: &OAuthFlow) -> TokenStream {
    let ty = imports.take(ROOM, "OAuthFlow");
    let kinds = imports.take(ROOM, "FlowKind");
    let kind = ident_text(flow.kind);
    let token_url = optional(flow.token_url.as_ref());
    let refresh_url = optional(flow.refresh_url.as_ref());
    let authorization_url = optional(flow.authorization_url.as_ref());
    let module = ident(&scheme.module);
    let scopes = flow.scopes.iter().map(|scope| {
        let name = ident(&scheme.scopes[*scope].name);
        quote!(#module::#name)
    });
    quote! {
        #ty {
            kind: #kinds::#kind,
            token_url: #token_url,
            refresh_url: #refresh_url,
            authorization_url: #authorization_url,
            scopes: &[#(#scopes),*],
        }
    }
}

fn scopes(scheme: &OAuthScheme) -> TokenStream {
    let module = ident(&scheme.module);
    let about = docs(&[format!("The scopes of [`{}`].", scheme.constant)]);
    let constants = scheme.scopes.iter().map(|scope| {
        let (lines, name, text) = (docs(&scope.docs), ident(&scope.name), &scope.wire_name);
        quote! {
            #lines
            pub const #name: &str = #text;
        }
    });
    let like_file = (scheme.module.plain() == "oauth").then(
        || quote!(#[expect(clippy::module_inception, reason = "the scheme is called like this")]),
    );
    quote! {
        #about
        #like_file
        pub mod #module {
            #(#constants)*
        }
    }
}

fn optional(text: Option<&String>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
