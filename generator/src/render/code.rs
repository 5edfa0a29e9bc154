//! The smallest pieces of code: names, docs, types.

use super::imports::Imports;
use crate::plan::{Boxing, Field, Gate, Ident, Presence, Type};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// A name as a token.
pub(super) fn ident(name: &Ident) -> proc_macro2::Ident {
    ident_text(name.as_str())
}

/// One of our own names, or of the runtime's, as a token.
pub(super) fn ident_text(name: &str) -> proc_macro2::Ident {
    match name.strip_prefix("r#") {
        Some(name) => proc_macro2::Ident::new_raw(name, Span::call_site()),
        None => proc_macro2::Ident::new(name, Span::call_site()),
    }
}

/// Stands between the lines of a doc comment until it is printed: what [`super::format`] makes lines of again.
/// Docs have no control characters.
pub(super) const LINE: char = '\u{1e}';

/// Lines as one doc comment. It is a single attribute, since reading one back for each line takes a good part
/// of all the time.
pub(super) fn docs(lines: &[String]) -> TokenStream {
    if lines.is_empty() {
        return TokenStream::new();
    }
    let mut text = String::with_capacity(lines.iter().map(|line| line.len() + 2).sum());
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push(LINE);
        }
        if !line.is_empty() {
            text.push(' ');
            text.push_str(line);
        }
    }
    quote!(#[doc = #text])
}

/// How a file names the types of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Models {
    /// By their names: the file imports them.
    Imported,
    /// Through `models::`.
    Qualified,
}

/// Where types are written: what the file imports, and how it names models.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) imports: &'a Imports,
    pub(super) models: Models,
}

/// Types from here on are `type_complexity` for clippy, whose threshold is 250.
const COMPLEX: u64 = 250;

/// How clippy counts a type: ten for each name in it, times how deep it stands.
fn complexity(ty: &Type, depth: u64) -> u64 {
    let below = match ty {
        Type::List(inner)
        | Type::Optional(inner)
        | Type::Nullable(inner)
        | Type::Quoted(inner)
        | Type::Boxed(inner) => complexity(inner, depth + 1),
        Type::Tuple(places) => places.iter().map(|ty| complexity(ty, depth + 1)).sum(),
        Type::OpenTuple(places, rest) => {
            let places: u64 = places.iter().map(|ty| complexity(ty, depth + 2)).sum();
            10 * (depth + 1) + places + complexity(rest, depth + 1)
        }
        Type::Map(inner) => 10 * (depth + 1) + complexity(inner, depth + 1),
        _ => 0,
    };
    10 * depth + below
}

/// A type as text, seen from the module of its API: `Vec<models::Pet>`. Types of the runtime and of std
/// stand by their bare names.
#[must_use]
pub fn type_text(ty: &Type) -> String {
    let place = Place {
        imports: &Imports::default(),
        models: Models::Qualified,
    };
    spelled(place, ty)
        .to_string()
        .replace(' ', "")
        .replace(',', ", ")
}

/// The type of an argument as text, as [`type_text`] has types.
#[must_use]
pub fn argument_text(ty: &Type) -> String {
    match converts(ty) {
        true => format!("impl Into<{}>", type_text(ty)),
        false => type_text(ty),
    }
}

/// A type.
pub(super) fn rust_type(place: Place<'_>, ty: &Type) -> TokenStream {
    if complexity(ty, 1) >= COMPLEX {
        place.imports.expect_complex_types();
    }
    spelled(place, ty)
}

fn spelled(place: Place<'_>, ty: &Type) -> TokenStream {
    let imports = place.imports;
    match ty {
        Type::Unit => quote!(()),
        Type::Bool => quote!(bool),
        Type::I8 => quote!(i8),
        Type::I16 => quote!(i16),
        Type::I32 => quote!(i32),
        Type::I64 => quote!(i64),
        Type::U8 => quote!(u8),
        Type::U16 => quote!(u16),
        Type::U32 => quote!(u32),
        Type::U64 => quote!(u64),
        Type::F32 => quote!(f32),
        Type::F64 => quote!(f64),
        Type::String => imports.std("string", "String"),
        Type::Secret => imports.runtime("Secret"),
        Type::Base64 => imports.runtime("Base64"),
        Type::Bytes => imports.take("crate::runtime::bytes", "Bytes"),
        Type::Part => imports.runtime("Part"),
        Type::Multipart => imports.runtime("Multipart"),
        Type::Upload => imports.runtime("Upload"),
        Type::DateTime => imports.runtime("DateTime"),
        Type::Date => imports.runtime("Date"),
        Type::Uuid => imports.runtime("Uuid"),
        Type::Value => imports.runtime("Value"),
        Type::Decimal => imports.runtime("Decimal"),
        Type::Extra => imports.runtime("Extra"),
        Type::Quoted(inner) => generic(&imports.runtime("Quoted"), place, inner),
        Type::Tuple(places) => tuple(place, places),
        Type::OpenTuple(places, rest) => {
            let (places, rest) = (tuple(place, places), spelled(place, rest));
            let tuple = imports.runtime("Tuple");
            quote!(#tuple<#places, #rest>)
        }
        Type::Named(name) => named(place, name),
        Type::List(inner) => generic(&imports.std("vec", "Vec"), place, inner),
        Type::Map(inner) => map(place, inner),
        Type::Optional(inner) => generic(&imports.std("option", "Option"), place, inner),
        Type::Nullable(inner) => generic(&imports.runtime("Nullable"), place, inner),
        Type::Boxed(inner) => generic(&imports.std("boxed", "Box"), place, inner),
    }
}

fn named(place: Place<'_>, name: &Ident) -> TokenStream {
    let name = ident(name);
    match place.models {
        Models::Imported => quote!(#name),
        Models::Qualified => quote!(models::#name),
    }
}

fn generic(outer: &TokenStream, place: Place<'_>, inner: &Type) -> TokenStream {
    let inner = spelled(place, inner);
    quote!(#outer<#inner>)
}

fn tuple(place: Place<'_>, places: &[Type]) -> TokenStream {
    let places = places.iter().map(|ty| spelled(place, ty));
    if places.len() == 1 {
        quote!((#(#places,)*))
    } else {
        quote!((#(#places),*))
    }
}

fn map(place: Place<'_>, inner: &Type) -> TokenStream {
    let map = place.imports.take("std::collections", "BTreeMap");
    let key = place.imports.std("string", "String");
    let inner = spelled(place, inner);
    quote!(#map<#key, #inner>)
}

/// The type of a field, with everything around it.
pub(super) fn field_type(place: Place<'_>, field: &Field) -> TokenStream {
    let mut ty = field.inner.clone();
    if field.boxed == Boxing::Boxed {
        ty = Type::Boxed(Box::new(ty));
    }
    let ty = match field.presence {
        Presence::Required => ty,
        Presence::RequiredNullable | Presence::Optional => Type::Optional(Box::new(ty)),
        Presence::OptionalNullable => Type::Nullable(Box::new(ty)),
    };
    rust_type(place, &ty)
}

/// The type of an argument: texts and bytes come as anything that converts into them.
pub(super) fn argument_type(place: Place<'_>, ty: &Type) -> TokenStream {
    let plain = rust_type(place, ty);
    if !converts(ty) {
        return plain;
    }
    let into = place.imports.std("convert", "Into");
    quote!(impl #into<#plain>)
}

/// Whether an argument of this type comes as `impl Into`.
pub(super) fn converts(ty: &Type) -> bool {
    ty.is_converted()
}

/// The attribute for functions with many parameters: how many the document decides.
pub(super) fn many_arguments(count: usize) -> TokenStream {
    if count <= 7 {
        return TokenStream::new();
    }
    quote!(#[expect(clippy::too_many_arguments, reason = "the API requires them all")])
}

/// The attribute for enums whose variants may differ in size: how much the document decides.
pub(super) fn sizes(payloads: usize) -> TokenStream {
    if payloads == 0 {
        return TokenStream::new();
    }
    quote!(#[allow(clippy::large_enum_variant, reason = "what the variants hold is the API's choice")])
}

/// The line before an item that is compiled with some features alone; empty for one that always is.
pub(super) fn cfg(gate: &Gate) -> String {
    let Gate::Any(features) = gate else {
        return String::new();
    };
    let features: Vec<String> = features
        .iter()
        .map(|name| format!("feature = {name:?}"))
        .collect();
    match features.as_slice() {
        [feature] => format!("#[cfg({feature})]\n"),
        features => format!("#[cfg(any({}))]\n", features.join(", ")),
    }
}
