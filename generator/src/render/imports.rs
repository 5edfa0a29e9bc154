//! What a file of Rust imports, collected while its code is written.
//!
//! A file may hold types with names that Rust or the runtime has as well; then the other one is written
//! with its whole path.

use super::code::ident_text;
use proc_macro2::TokenStream;
use quote::quote;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// The attribute of a file with types that clippy finds too complex.
const COMPLEX_TYPES: &str =
    "#![allow(clippy::type_complexity, reason = \"the lists of the API nest as deep\")]\n";

/// The imports of one file.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// The names that the file's own items have.
    own: BTreeSet<String>,
    /// What is imported, by module.
    used: RefCell<BTreeMap<String, BTreeSet<String>>>,
    /// Whether there is a type that clippy finds too complex: how deep lists nest the document decides.
    complex: Cell<bool>,
}

impl Imports {
    /// For a file whose own items, and imported models, have these names.
    pub(super) fn beside<'a>(own: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            own: own.into_iter().map(str::to_owned).collect(),
            used: RefCell::default(),
            complex: Cell::new(false),
        }
    }

    /// Something that every Rust file has without an import: `std("option", "Option")`.
    pub(super) fn std(&self, module: &str, name: &str) -> TokenStream {
        let name_ident = ident_text(name);
        if !self.own.contains(name) {
            return quote!(#name_ident);
        }
        let module: TokenStream = module.parse().expect("paths of modules are our own");
        quote!(::std::#module::#name_ident)
    }

    /// Something of the runtime's root.
    pub(super) fn runtime(&self, name: &str) -> TokenStream {
        self.take("crate::runtime", name)
    }

    /// Something of another module, by its path.
    pub(super) fn take(&self, module: &str, name: &str) -> TokenStream {
        let ident = ident_text(name);
        if self.own.contains(name) {
            let module: TokenStream = module.parse().expect("paths of modules are our own");
            return quote!(#module::#ident);
        }
        self.used
            .borrow_mut()
            .entry(module.to_owned())
            .or_default()
            .insert(name.to_owned());
        quote!(#ident)
    }

    /// Says that a type of the file nests deeper than clippy likes.
    pub(super) fn expect_complex_types(&self) {
        self.complex.set(true);
    }

    /// What stands before the file's items: the `use` items, `crate` before `std` before `super`.
    pub(super) fn items(&self) -> Vec<String> {
        let used = self.used.borrow();
        let one = |(module, names): (&String, &BTreeSet<String>)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            match names.as_slice() {
                [name] => format!("use {module}::{name};"),
                names => format!("use {module}::{{{}}};", names.join(", ")),
            }
        };
        let complex = self.complex.get().then(|| COMPLEX_TYPES.to_owned());
        complex.into_iter().chain(used.iter().map(one)).collect()
    }
}
