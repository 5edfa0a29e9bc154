//! Operations: one file each, and the index of them.

use super::code::{
    Models, Place, argument_type, cfg, converts, docs, ident, ident_text, many_arguments,
    rust_type, sizes,
};
use super::docs::rustdoc;
use super::error::Error;
use super::imports::Imports;
use super::{Module, client, format, xml};
use crate::file::File;
use crate::plan::{
    Body, BodyContent, BodyPresence, BodyVariant, Deprecation, Explode, Failure, Files, Gate,
    Ident, Location, Operation, Output, Param, Payload, Reserved, ServerSetter, Style, Type, Xml,
};
use proc_macro2::TokenStream;
use quote::quote;

mod replies;
mod spec;
mod ways;

/// What the emitters of one file need.
#[derive(Clone, Copy)]
struct Cx<'a> {
    module: &'a Module<'a>,
    op: &'a Operation,
    place: Place<'a>,
}

impl Cx<'_> {
    fn runtime(&self, name: &str) -> TokenStream {
        self.place.imports.runtime(name)
    }

    /// Something of the API's module.
    fn api(&self, name: &str) -> TokenStream {
        self.place
            .imports
            .take(&format!("crate::{}", self.module.api.module), name)
    }

    fn ty(&self, ty: &Type) -> TokenStream {
        let mut named = false;
        ty.each_name(&mut |_| named = true);
        if named {
            self.api("models");
        }
        rust_type(self.place, ty)
    }

    /// The root of a document, as an expression.
    fn xml_root(&self, payload: &Xml) -> TokenStream {
        self.ty(&payload.ty);
        self.runtime("xml");
        let root = xml::root("xml", "models", &payload.root);
        root.parse().expect("a root is an expression")
    }

    fn argument(&self, ty: &Type) -> TokenStream {
        self.ty(ty);
        argument_type(self.place, ty)
    }
}

/// The file of one operation.
pub(super) fn file(module: &Module<'_>, op: &Operation) -> Result<File, Error> {
    let own = own_names(op);
    let imports = Imports::beside(own.iter().map(|name| name.as_str()));
    let place = Place {
        imports: &imports,
        models: Models::Qualified,
    };
    let cx = Cx { module, op, place };
    let thing = format!("the operation `{}`", op.method);
    let example = format::example(&op.example, &thing)?;
    let items = |items: Vec<TokenStream>| -> Result<Vec<String>, Error> {
        let items = items.into_iter().filter(|tokens| !tokens.is_empty());
        items.map(|tokens| format::items(tokens, &thing)).collect()
    };
    let mut texts = items(vec![
        spec::spec(cx),
        method(cx, &example),
        call(cx),
        replies::operation(cx),
        ways::listed(cx),
    ])?;
    texts.push(ways::of_call(cx));
    texts.extend(replies::streams(cx));
    texts.extend(ways::token_way(cx));
    texts.extend(ways::page_ways(cx));
    texts.extend(items(vec![
        body_enum(cx),
        replies::output_enum(cx),
        replies::failure_enum(cx),
        replies::headers(cx),
    ])?);
    texts.extend(replies::headers_macro(cx));
    let path = format!("operations/{}.rs", op.module.plain());
    module.rust(&path, Vec::new(), imports.items(), texts)
}

/// The index of all operations.
pub(super) fn index(module: &Module<'_>) -> Result<File, Error> {
    let operations = &module.api.operations;
    let mut sorted: Vec<&Operation> = operations.iter().collect();
    sorted.sort_by(|a, b| a.module.cmp(&b.module));
    let modules: Vec<String> = sorted
        .iter()
        .map(|op| format!("{}mod {};", cfg(&op.gate), op.module))
        .collect();
    let names = sorted.iter().map(|op| {
        let mut names: Vec<&str> = own_names(op).into_iter().map(Ident::as_str).collect();
        names.sort_unstable();
        let gate = cfg(&op.gate);
        match names.as_slice() {
            [name] => format!("{gate}pub use {}::{name};", op.module),
            names => format!("{gate}pub use {}::{{{}}};", op.module, names.join(", ")),
        }
    });
    let names: Vec<String> = names.collect();
    let lines = vec![format!("The operations of {}.", module.api.title)];
    module.rust(
        "operations.rs",
        lines,
        Vec::new(),
        vec![modules.join("\n") + "\n", names.join("\n") + "\n"],
    )
}

/// The types that the file defines.
fn own_names(op: &Operation) -> Vec<&Ident> {
    let mut names = vec![&op.name];
    if let Some(Body {
        content: BodyContent::Choice(name, _),
        ..
    }) = &op.body
    {
        names.push(name);
    }
    if let Output::Enum(name, _) = &op.output {
        names.push(name);
    }
    if let Failure::Enum(name, _) = &op.failure {
        names.push(name);
    }
    names.extend(op.headers.as_ref().map(|headers| &headers.name));
    names
}

fn style(cx: Cx<'_>, style: Style) -> TokenStream {
    let variant = ident_text(match style {
        Style::Simple => "Simple",
        Style::Label => "Label",
        Style::Matrix => "Matrix",
        Style::Form => "Form",
        Style::SpaceDelimited => "SpaceDelimited",
        Style::PipeDelimited => "PipeDelimited",
        Style::DeepObject => "DeepObject",
        Style::TabDelimited => "TabDelimited",
        Style::Cookie => "Cookie",
        Style::Json => "Json",
        Style::Text => "Text",
        Style::Urlencoded => "Urlencoded",
    });
    let style = cx.runtime("Style");
    quote!(#style::#variant)
}

fn explode(cx: Cx<'_>, explode: Explode) -> TokenStream {
    let variant = ident_text(match explode {
        Explode::Yes => "Yes",
        Explode::No => "No",
    });
    let explode = cx.runtime("Explode");
    quote!(#explode::#variant)
}

/// The client's method: docs, example, and the call with all that it must be given.
fn method(cx: Cx<'_>, example: &[String]) -> TokenStream {
    let op = cx.op;
    let told = rustdoc::operation(cx.module.api, &op.docs);
    let lines = docs(&[told, client::doctest(example, &Gate::Open)].concat());
    let deprecated = (op.deprecated == Deprecation::Deprecated).then(|| quote!(#[deprecated]));
    let (client, call) = (cx.api("Client"), cx.runtime("Call"));
    let (method, name) = (ident(&op.method), ident(&op.name));
    let body = op
        .body
        .as_ref()
        .filter(|body| body.presence == BodyPresence::Required);
    let many = many_arguments(1 + op.args.len() + usize::from(body.is_some()));
    let args = op.args.iter().map(|param| arg(cx, &param.name, &param.ty));
    let body_arg = body.map(|body| body_argument(cx, body));
    let puts = op.args.iter().map(|param| put(cx, &quote!(call), param));
    let put_body = body.map(|body| put_body(cx, &quote!(call), body));
    let mutable = (!op.args.is_empty() || body.is_some()).then(|| quote!(mut));
    quote! {
        impl #client {
            #lines
            #deprecated
            #many
            pub fn #method(&self, #(#args,)* #body_arg) -> #name {
                let #mutable call = #call::new(&self.core, &SPEC);
                #(#puts)*
                #put_body
                #name { call }
            }
        }
    }
}

fn arg(cx: Cx<'_>, name: &Ident, ty: &Type) -> TokenStream {
    let (name, ty) = (ident(&name.argument()), cx.argument(ty));
    quote!(#name: #ty)
}

fn body_argument(cx: Cx<'_>, body: &Body) -> TokenStream {
    match &body.content {
        BodyContent::One(Payload::Lines(ty)) => {
            let (name, lines) = (ident(&body.name), lines_type(cx, ty));
            let into = cx.place.imports.std("convert", "Into");
            quote!(#name: impl #into<#lines>)
        }
        BodyContent::One(Payload::Bytes) => arg(cx, &body.name, &Type::Upload),
        BodyContent::One(payload) => arg(cx, &body.name, &payload.ty(Type::Secret)),
        BodyContent::Choice(choice, _) => {
            let (name, choice) = (ident(&body.name), ident(choice));
            quote!(#name: #choice)
        }
    }
}

fn lines_type(cx: Cx<'_>, item: &Type) -> TokenStream {
    let (sequence, item) = (cx.runtime("Sequence"), cx.ty(item));
    quote!(#sequence<#item>)
}

/// Gives a parameter to the call.
fn put(cx: Cx<'_>, call: &TokenStream, param: &Param) -> TokenStream {
    let wire_name = &param.wire_name;
    let put = ident_text(match (param.location, param.reserved) {
        (Location::Path, Reserved::Encoded) => "path",
        (Location::Path, Reserved::Kept) => "path_reserved",
        (Location::Query, Reserved::Encoded) => "query",
        (Location::Query, Reserved::Kept) => "query_reserved",
        (Location::Header, _) => "header_param",
        (Location::Cookie, _) => "cookie",
    });
    let (style, explode) = (style(cx, param.style), explode(cx, param.explode));
    let value = value(cx, &param.name, &param.ty);
    quote!(#call.#put(#wire_name, #style, #explode, &#value);)
}

/// The argument as a value of its type.
fn value(cx: Cx<'_>, name: &Ident, ty: &Type) -> TokenStream {
    let name = ident(&name.argument());
    if !converts(ty) {
        return quote!(#name);
    }
    let (into, ty) = (cx.place.imports.std("convert", "Into"), cx.ty(ty));
    quote!(#into::<#ty>::into(#name))
}

fn put_body(cx: Cx<'_>, call: &TokenStream, body: &Body) -> TokenStream {
    let name = ident(&body.name.argument());
    let encodings = (!body.encoding.is_empty()).then(|| quote!(#call.encodings(ENCODINGS);));
    let put = match &body.content {
        BodyContent::One(Payload::Slot(ty)) => {
            let value = value(cx, &body.name, ty);
            quote!(#call.json_body(&#value);)
        }
        BodyContent::One(Payload::Xml(xml)) => {
            let (value, root) = (value(cx, &body.name, &xml.ty), cx.xml_root(xml));
            quote!(#call.json_body(&#value); #call.xml(#root);)
        }
        BodyContent::One(payload) => put_payload(cx, call, payload, &quote!(#name)),
        BodyContent::Choice(choice, variants) => {
            let choice = ident(choice);
            let arms = variants
                .iter()
                .map(|variant| body_arm(cx, call, &choice, variant));
            quote!(match #name { #(#arms)* })
        }
    };
    quote!(#encodings #put)
}

fn put_payload(
    cx: Cx<'_>,
    call: &TokenStream,
    payload: &Payload,
    name: &TokenStream,
) -> TokenStream {
    match payload {
        Payload::Empty => TokenStream::new(),
        Payload::Slot(_) => quote!(#call.json_body(&#name);),
        Payload::Xml(xml) => {
            let root = cx.xml_root(xml);
            quote!(#call.json_body(&#name); #call.xml(#root);)
        }
        Payload::Text => quote!(#call.text_body(#name);),
        Payload::Bytes => quote!(#call.upload_body(#name);),
        Payload::Lines(_) => quote!(#call.lines_body(#name);),
    }
}

fn body_arm(
    cx: Cx<'_>,
    call: &TokenStream,
    choice: &proc_macro2::Ident,
    variant: &BodyVariant,
) -> TokenStream {
    let (name, media_type) = (ident(&variant.name), &variant.media_type);
    let content_type = cx.runtime("ContentType");
    let put = put_payload(cx, call, &variant.payload, &quote!(value));
    quote! {
        #choice::#name(value) => {
            #call.content_type(#content_type::from(#media_type));
            #put
        }
    }
}

/// The call: its type, its setters.
fn call(cx: Cx<'_>) -> TokenStream {
    let op = cx.op;
    let (name, call) = (ident(&op.name), cx.runtime("Call"));
    let target = format!("crate::{}::Client::{}", cx.module.api.module, op.method);
    let lines = docs(&[format!(
        "A call of [`Client::{}`]({target}).",
        op.method.plain()
    )]);
    let setters = setters(cx);
    let methods = (!setters.is_empty()).then(|| quote!(impl #name { #(#setters)* }));
    quote! {
        #lines
        #[must_use = "a call does nothing until it is awaited or sent"]
        pub struct #name {
            call: #call,
        }
        #methods
    }
}

fn setters(cx: Cx<'_>) -> Vec<TokenStream> {
    let op = cx.op;
    let params = op.setters.iter().map(|param| param_setter(cx, param));
    let optional = op
        .body
        .iter()
        .filter(|body| body.presence == BodyPresence::Optional);
    let body = optional.map(|body| body_setter(cx, body));
    let files = op
        .body
        .iter()
        .filter(|body| body.files == Files::Taken)
        .map(|_| part_setter(cx));
    let schemes = op.credentials.iter().map(|scheme| {
        let scheme = &cx.module.api.schemes[*scheme];
        cx.api(scheme.constant.as_str());
        let give = client::give(cx.place, scheme);
        client::scheme_setter(
            cx.place,
            scheme,
            &quote!(),
            &quote!(mut self),
            &quote! {
                self.call.credential(#give);
                self
            },
        )
    });
    let server = op.server.iter().map(|server| server_setter(cx, server));
    let all_params = op.args.iter().chain(&op.setters);
    let empty = all_params.filter_map(empty_setter);
    let without = op.body.iter().filter_map(|body| body.without.as_ref());
    let without = without.map(without_body);
    params
        .chain(empty)
        .chain(body)
        .chain(without)
        .chain(files)
        .chain(server)
        .chain(schemes)
        .collect()
}

fn param_setter(cx: Cx<'_>, param: &Param) -> TokenStream {
    let (lines, name) = (docs(&param.docs), ident(&param.name));
    let arg = arg(cx, &param.name, &param.ty);
    let put = put(cx, &quote!(self.call), param);
    quote! {
        #lines
        pub fn #name(mut self, #arg) -> Self {
            #put
            self
        }
    }
}

fn empty_setter(param: &Param) -> Option<TokenStream> {
    let (name, lines) = param.empty.as_ref()?;
    let (wire_name, name, lines) = (&param.wire_name, ident(name), docs(lines));
    Some(quote! {
        #lines
        pub fn #name(mut self) -> Self {
            self.call.query_empty(#wire_name);
            self
        }
    })
}

fn body_setter(cx: Cx<'_>, body: &Body) -> TokenStream {
    let (lines, name) = (docs(&body.docs), ident(&body.name));
    let arg = body_argument(cx, body);
    let put = put_body(cx, &quote!(self.call), body);
    quote! {
        #lines
        pub fn #name(mut self, #arg) -> Self {
            #put
            self
        }
    }
}

fn server_setter(cx: Cx<'_>, server: &ServerSetter) -> TokenStream {
    let (name, ty) = (ident(&server.name), ident(&server.ty));
    let (into, servers) = (cx.place.imports.std("convert", "Into"), cx.api("servers"));
    quote! {
        /// Chooses one of the operation's own servers; the first unless set.
        pub fn #name(mut self, server: impl #into<#servers::#ty>) -> Self {
            self.call.server(server.into().url());
            self
        }
    }
}

fn without_body(name: &Ident) -> TokenStream {
    let name = ident(name);
    quote! {
        /// Takes the body back: the API's description allows a call without one.
        pub fn #name(mut self) -> Self {
            self.call.no_body();
            self
        }
    }
}

fn part_setter(cx: Cx<'_>) -> TokenStream {
    let part = cx.argument(&Type::Part);
    quote! {
        /// Adds a part to the body, beside those of its members, and sends the body as `multipart`.
        pub fn part(mut self, name: &str, part: #part) -> Self {
            self.call.part(name, part);
            self
        }
    }
}

fn body_enum(cx: Cx<'_>) -> TokenStream {
    let Some(Body {
        content: BodyContent::Choice(name, variants),
        ..
    }) = &cx.op.body
    else {
        return TokenStream::new();
    };
    let lines = docs(&[format!("What [`{}`] sends.", cx.op.name.plain())]);
    let (name, sizes) = (ident(name), sizes(variants.len()));
    let is_repeatable =
        |variant: &BodyVariant| !matches!(variant.payload, Payload::Bytes | Payload::Lines(_));
    let clone = variants.iter().all(is_repeatable).then(|| quote!(Clone,));
    let variants = variants.iter().map(|variant| {
        let (docs, name) = (docs(&variant.docs), ident(&variant.name));
        let ty = match &variant.payload {
            Payload::Bytes => cx.ty(&Type::Upload),
            Payload::Lines(ty) => lines_type(cx, ty),
            payload => cx.ty(&payload.ty(Type::String)),
        };
        quote!(#docs #name(#ty))
    });
    quote! {
        #lines
        #[derive(#clone Debug)]
        #[non_exhaustive]
        #sizes
        pub enum #name {
            #(#variants,)*
        }
    }
}
