//! Values that generated code writes down.

use super::code::{Place, ident};
use crate::plan::{Boxing, Field, Literal, Presence, Type};
use proc_macro2::TokenStream;
use quote::quote;

/// A literal in a place of this type.
pub(super) fn literal(place: Place<'_>, literal: &Literal, ty: &Type) -> TokenStream {
    match literal {
        Literal::Text(text) if *ty == Type::String => {
            let string = place.imports.std("string", "String");
            quote!(#string::from(#text))
        }
        Literal::Text(text) => quote!(#text.into()),
        Literal::Bool(bool) if *ty == Type::Value => quote!(#bool.into()),
        Literal::Bool(bool) => quote!(#bool),
        Literal::Integer(number) => {
            let number = proc_macro2::Literal::i128_unsuffixed(*number);
            quote!(#number)
        }
        Literal::Number(number) => {
            let number: TokenStream = format!("{number:?}")
                .parse()
                .expect("a finite number is a literal");
            quote!(#number)
        }
        Literal::Json(json) => quote!(crate::runtime::json::constant(#json)),
        Literal::Variant(ty, variant) => {
            let (ty, variant) = (ident(ty), ident(variant));
            quote!(#ty::#variant)
        }
    }
}

/// A literal that says its own type, as one of several in an enum.
pub(super) fn scalar(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) | Literal::Json(text) => proc_macro2::Literal::string(text).to_string(),
        Literal::Bool(bool) => bool.to_string(),
        Literal::Integer(number) if i64::try_from(*number).is_ok() => format!("{number}_i64"),
        Literal::Integer(number) => format!("{number}_u64"),
        Literal::Number(number) => format!("{number:?}_f64"),
        Literal::Variant(ty, variant) => format!("{ty}::{variant}"),
    }
}

/// What keeps unknown members, before there are any.
pub(super) fn empty(place: Place<'_>, ty: &Type) -> TokenStream {
    let ty = match ty {
        Type::Map(_) => place.imports.take("std::collections", "BTreeMap"),
        _ => place.imports.runtime("Extra"),
    };
    quote!(#ty::new())
}

/// `value` as a field holds it.
pub(super) fn wrapped(place: Place<'_>, field: &Field, value: TokenStream) -> TokenStream {
    let value = match field.boxed {
        Boxing::Inline => value,
        Boxing::Boxed => {
            let boxed = place.imports.std("boxed", "Box");
            quote!(#boxed::new(#value))
        }
    };
    match field.presence {
        Presence::Required => value,
        Presence::RequiredNullable | Presence::Optional => {
            let some = place.imports.std("option::Option", "Some");
            quote!(#some(#value))
        }
        Presence::OptionalNullable => {
            let nullable = place.imports.runtime("Nullable");
            quote!(#nullable::Value(#value))
        }
    }
}

/// What a field holds that nobody has set.
pub(super) fn unset(place: Place<'_>, field: &Field) -> TokenStream {
    match field.presence {
        Presence::OptionalNullable => {
            let nullable = place.imports.runtime("Nullable");
            quote!(#nullable::Absent)
        }
        _ => {
            let none = place.imports.std("option::Option", "None");
            quote!(#none)
        }
    }
}
