//! The module `servers` of an API: enums of its servers, and the variables of their URLs.

use super::code::{docs, ident};
use super::error::Error;
use super::imports::Imports;
use super::{Module, format};
use crate::file::File;
use crate::plan::{
    Ident, ServerChoice, ServerPlace, ServerTemplate, ServerVariant, VariableContent,
    VariableValues,
};
use proc_macro2::TokenStream;
use quote::quote;

/// `servers.rs` of an API; nothing where there is nothing to choose.
pub(super) fn file(module: &Module<'_>) -> Result<Option<File>, Error> {
    let servers = &module.api.choices;
    if servers.is_empty() {
        return Ok(None);
    }
    let thing = format!("the servers of the API `{}`", module.api.module);
    let imports = Imports::default();
    let mut items = Vec::new();
    for one in servers.own.iter().chain(&servers.of_operations) {
        items.push(format::items(choice(one), &thing)?);
    }
    for one in &servers.templates {
        items.push(format::items(template(one), &thing)?);
        items.push(template_ways(one));
    }
    for one in &servers.values {
        items.push(format::items(values(one), &thing)?);
        items.push(value_ways(one));
    }
    let lines = vec![
        "The servers that the API's description names, and the values of the variables in their URLs.".to_owned(),
    ];
    module
        .rust("servers.rs", lines, imports.items(), items)
        .map(Some)
}

fn choice(choice: &ServerChoice) -> TokenStream {
    let (lines, name) = (docs(&choice.docs), ident(&choice.name));
    let variants = choice.variants.iter().map(variant);
    let arms = choice.variants.iter().map(url);
    let conversions = choice
        .variants
        .iter()
        .filter_map(|variant| conversion(&choice.name, variant));
    quote! {
        #lines
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
        }

        impl #name {
            /// Returns the server's base URL.
            #[must_use]
            pub fn url(&self) -> String {
                match self {
                    #(#arms,)*
                }
            }
        }

        #(#conversions)*
    }
}

fn variant(variant: &ServerVariant) -> TokenStream {
    let (lines, name) = (docs(&variant.docs), ident(&variant.name));
    match &variant.place {
        ServerPlace::Fixed(_) => quote!(#lines #name),
        ServerPlace::Template(template) => {
            let template = ident(template);
            quote!(#lines #name(#template))
        }
    }
}

fn url(variant: &ServerVariant) -> TokenStream {
    let name = ident(&variant.name);
    match &variant.place {
        ServerPlace::Fixed(url) => quote!(Self::#name => String::from(#url)),
        ServerPlace::Template(_) => quote!(Self::#name(server) => server.url()),
    }
}

fn conversion(choice: &Ident, variant: &ServerVariant) -> Option<TokenStream> {
    let ServerPlace::Template(template) = &variant.place else {
        return None;
    };
    let (choice, name, template) = (ident(choice), ident(&variant.name), ident(template));
    Some(quote! {
        impl From<#template> for #choice {
            fn from(server: #template) -> Self {
                Self::#name(server)
            }
        }
    })
}

fn template(template: &ServerTemplate) -> TokenStream {
    let (lines, name) = (docs(&template.docs), ident(&template.name));
    let fields = template.variables.iter().map(|variable| {
        let (lines, name) = (docs(&variable.docs), ident(&variable.name));
        let ty = match &variable.content {
            VariableContent::Needed | VariableContent::Text(_) => quote!(String),
            VariableContent::Listed(ty, _) => {
                let ty = ident(ty);
                quote!(#ty)
            }
        };
        quote!(#lines pub #name: #ty)
    });
    quote! {
        #lines
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
        }
    }
}

/// The macro that gives a server its constructor, its setters and its URL, set as people set it.
fn template_ways(template: &ServerTemplate) -> String {
    let text = |text: &str| proc_macro2::Literal::string(text).to_string();
    let mut lines = format!(
        "crate::runtime::server! {{\n    {} = {} {{\n",
        template.name,
        text(&template.url)
    );
    let mut usual = String::new();
    for variable in &template.variables {
        let (name, wire_name) = (&variable.name, text(&variable.wire_name));
        match &variable.content {
            VariableContent::Needed => lines += &format!("        [{name} = {wire_name}]\n"),
            VariableContent::Text(default) => {
                let default = text(default);
                usual += &format!("        {name}: String = {wire_name}, {default};\n");
            }
            VariableContent::Listed(ty, default) => {
                usual += &format!("        {name}: {ty} = {wire_name}, {ty}::{default};\n");
            }
        }
    }
    lines + &usual + "    }\n}\n"
}

fn values(values: &VariableValues) -> TokenStream {
    let (lines, name) = (docs(&values.docs), ident(&values.name));
    let variants = values.values.iter().map(|value| {
        let (lines, variant) = (docs(&value.docs), ident(&value.name));
        quote!(#lines #variant)
    });
    quote! {
        #lines
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
        }
    }
}

/// The macro that makes texts of values and values of texts, set as people set it.
fn value_ways(values: &VariableValues) -> String {
    let mut lines = format!(
        "crate::runtime::server_variable! {{\n    {} {{\n",
        values.name
    );
    for value in &values.values {
        let text = proc_macro2::Literal::string(&value.text);
        lines += &format!("        {} = {text},\n", value.name);
    }
    lines + "    }\n}\n"
}
