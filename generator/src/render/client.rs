//! The module of an API: its client, its builder, its servers and its ways to authenticate.

use super::code::{Models, Place, cfg, docs, ident, ident_text};
use super::error::Error;
use super::imports::Imports;
use super::{Module, format};
use crate::file::File;
use crate::options::Docs;
use crate::plan::{Gate, Location, Scheme, SchemeKind, Server, ServerChoice};
use proc_macro2::TokenStream;
use quote::quote;

/// `mod.rs` of an API.
pub(super) fn file(module: &Module<'_>) -> Result<File, Error> {
    let api = module.api;
    let imports = Imports::default();
    let place = Place {
        imports: &imports,
        models: Models::Qualified,
    };
    let thing = format!("the API `{}`", api.module);
    let example = match api.operations.first() {
        Some(op) => format::example(&op.example, &thing)?,
        None => Vec::new(),
    };
    let schemes: Vec<TokenStream> = api
        .schemes
        .iter()
        .map(|scheme| scheme_static(place, scheme))
        .collect();
    let groups = [
        quote!(#(#schemes)*),
        api_static(place, module),
        client(place, module),
        builder(place),
        quote!(crate::runtime::client_builder!(ClientBuilder => Client);),
        builder_setters(place, module),
    ];
    let mut items = vec![doors(module)];
    for tokens in groups.into_iter().filter(|tokens| !tokens.is_empty()) {
        items.push(format::items(tokens, &thing)?);
    }
    let gate = api.operations.first().map_or(&Gate::Open, |op| &op.gate);
    let lines = [api.docs.clone(), doctest(&example, gate)].concat();
    module.rust("mod.rs", lines, imports.items(), items)
}

/// The modules, and what callers need of the runtime by name.
fn doors(module: &Module<'_>) -> String {
    let models = if module.api.models.is_empty() {
        ""
    } else {
        "pub mod models;\n"
    };
    let oauth = if module.api.oauth.schemes.is_empty() {
        ""
    } else {
        "#[cfg(feature = \"tokens\")]\npub mod oauth;\n"
    };
    let mock = if module.api.operations.is_empty() {
        ""
    } else {
        "#[cfg(feature = \"mock\")]\npub mod mock;\n"
    };
    let pages = match module.docs {
        Docs::Markdown => "#[cfg(doctest)]\nmod pages;\n",
        Docs::None => "",
    };
    let choices = &module.api.choices;
    let servers = if choices.is_empty() {
        ""
    } else {
        "pub mod servers;\n"
    };
    let server = match &choices.own {
        Some(choice) => format!("pub use servers::{};\n", choice.name),
        None => String::new(),
    };
    format!(
        "{mock}{models}{oauth}pub mod operations;\n{pages}{servers}\n#[doc(no_inline)]\npub use crate::runtime::{{ApiError, BuildError, \
         ContentType, Error, Response}};\n{server}"
    )
}

/// The lines of an example as a doctest that is compiled, with what `gate` says, and not run.
pub(super) fn doctest(example: &[String], gate: &Gate) -> Vec<String> {
    if example.is_empty() {
        return Vec::new();
    }
    let head = ["", "# Example", "", "```no_run"];
    let tail = ["# Ok(())", "# }", "```"];
    let text = head.into_iter().map(str::to_owned);
    text.chain(cfg(gate).lines().map(|line| format!("# {line}")))
        .chain(["# async fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned()])
        .chain(example.iter().cloned())
        .chain(tail.into_iter().map(str::to_owned))
        .collect()
}

fn scheme_static(place: Place<'_>, scheme: &Scheme) -> TokenStream {
    let (constant, name) = (ident(&scheme.constant), &scheme.wire_name);
    let (ty, kind) = (
        place.imports.runtime("Scheme"),
        scheme_kind(place, &scheme.kind),
    );
    quote! {
        static #constant: #ty = #ty { name: #name, kind: #kind };
    }
}

fn scheme_kind(place: Place<'_>, kind: &SchemeKind) -> TokenStream {
    let ty = place.imports.runtime("SchemeKind");
    match kind {
        SchemeKind::ApiKey(location, name) => {
            let location = key_location(place, *location);
            quote!(#ty::ApiKey { location: #location, name: #name })
        }
        SchemeKind::Basic => quote!(#ty::Basic),
        SchemeKind::Bearer => quote!(#ty::Bearer),
        SchemeKind::Http(name) => quote!(#ty::Http(#name)),
        SchemeKind::MutualTls => quote!(#ty::MutualTls),
    }
}

fn key_location(place: Place<'_>, location: Location) -> TokenStream {
    let ty = place.imports.runtime("KeyLocation");
    let variant = ident_text(match location {
        Location::Path | Location::Header => "Header",
        Location::Query => "Query",
        Location::Cookie => "Cookie",
    });
    quote!(#ty::#variant)
}

fn api_static(place: Place<'_>, module: &Module<'_>) -> TokenStream {
    let ty = place.imports.runtime("ApiSpec");
    let name = module.api.module.plain();
    let servers = module.api.servers.iter().map(|one| server(place, one));
    let schemes = module.api.schemes.iter().map(|scheme| {
        let constant = ident(&scheme.constant);
        quote!(&#constant)
    });
    let carrier = match &module.api.carrier {
        Some(constant) => {
            let some = place.imports.std("option::Option", "Some");
            let constant = ident(constant);
            quote!(#some(&#constant))
        }
        None => place.imports.std("option::Option", "None"),
    };
    quote! {
        static API: #ty = #ty {
            name: #name,
            servers: &[#(#servers),*],
            schemes: &[#(#schemes),*],
            carrier: #carrier,
        };
    }
}

/// A server as the runtime knows it.
pub(super) fn server(place: Place<'_>, server: &Server) -> TokenStream {
    let (ty, url) = (place.imports.runtime("ServerSpec"), &server.url);
    let variables = server.variables.iter().map(|(name, default)| {
        let ty = place.imports.runtime("ServerVariable");
        quote!(#ty { name: #name, default: #default })
    });
    quote!(#ty { url: #url, variables: &[#(#variables),*] })
}

fn client(place: Place<'_>, module: &Module<'_>) -> TokenStream {
    let (core, builder) = (
        place.imports.runtime("Core"),
        place.imports.runtime("CoreBuilder"),
    );
    let unused = if module.api.operations.is_empty() {
        quote!(#[expect(dead_code, reason = "the API has no operations that could use it")])
    } else if module.api.features.len() > 1 {
        quote!(#[allow(dead_code, reason = "operations use it, which are features")])
    } else {
        TokenStream::new()
    };
    quote! {
        /// A client of the API. Cloning it is cheap, and all clones share their connections.
        #[derive(Clone, Debug)]
        pub struct Client {
            #unused
            core: #core,
        }

        impl Client {
            /// Begins a client. Nothing is sent before the first call.
            #[must_use]
            pub fn builder() -> ClientBuilder {
                ClientBuilder { inner: #builder::new(&API) }
            }
        }
    }
}

fn builder(place: Place<'_>) -> TokenStream {
    let inner = place.imports.runtime("CoreBuilder");
    quote! {
        /// Settings of a client in the making.
        #[derive(Debug)]
        pub struct ClientBuilder {
            inner: #inner,
        }
    }
}

fn builder_setters(place: Place<'_>, module: &Module<'_>) -> TokenStream {
    let schemes = module.api.schemes.iter().map(|scheme| {
        let give = give(place, scheme);
        let body = quote!(Self { inner: self.inner.credential(#give) });
        scheme_setter(place, scheme, &quote!(#[must_use]), &quote!(self), &body)
    });
    let server = module
        .api
        .choices
        .own
        .as_ref()
        .map(|choice| server_setter(place, choice));
    let setters: Vec<TokenStream> = server.into_iter().chain(schemes).collect();
    if setters.is_empty() {
        return TokenStream::new();
    }
    quote!(impl ClientBuilder { #(#setters)* })
}

fn server_setter(place: Place<'_>, choice: &ServerChoice) -> TokenStream {
    let (into, name) = (place.imports.std("convert", "Into"), ident(&choice.name));
    quote! {
        /// Chooses one of the API's servers. Operations with servers of their own keep to those.
        #[must_use]
        pub fn server(self, server: impl #into<servers::#name>) -> Self {
            Self { inner: self.inner.server(server.into().url()) }
        }
    }
}

/// The setter of a scheme, on the builder or on a call.
pub(super) fn scheme_setter(
    place: Place<'_>,
    scheme: &Scheme,
    attribute: &TokenStream,
    receiver: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let (docs, name) = (docs(&scheme.docs), ident(&scheme.setter));
    let args = scheme_arguments(place, &scheme.kind);
    quote! {
        #docs
        #attribute
        pub fn #name(#receiver, #args) -> Self {
            #body
        }
    }
}

fn scheme_arguments(place: Place<'_>, kind: &SchemeKind) -> TokenStream {
    if *kind == SchemeKind::MutualTls {
        return TokenStream::new();
    }
    let (into, secret) = (
        place.imports.std("convert", "Into"),
        place.imports.runtime("Secret"),
    );
    let string = place.imports.std("string", "String");
    match kind {
        SchemeKind::Basic => quote!(user: impl #into<#string>, password: impl #into<#secret>),
        SchemeKind::ApiKey(..) => quote!(key: impl #into<#secret>),
        SchemeKind::Http(_) => quote!(credentials: impl #into<#secret>),
        SchemeKind::Bearer | SchemeKind::MutualTls => quote!(token: impl #into<#secret>),
    }
}

/// Scheme and credential, as arguments.
pub(super) fn give(place: Place<'_>, scheme: &Scheme) -> TokenStream {
    let (constant, credential) = (ident(&scheme.constant), place.imports.runtime("Credential"));
    match scheme.kind {
        SchemeKind::Basic => quote!(&#constant, #credential::basic(user, password)),
        SchemeKind::ApiKey(..) => quote!(&#constant, #credential::api_key(key)),
        SchemeKind::Bearer => quote!(&#constant, #credential::bearer(token)),
        SchemeKind::Http(_) => quote!(&#constant, #credential::http(credentials)),
        SchemeKind::MutualTls => quote!(&#constant, #credential::by_transport()),
    }
}
