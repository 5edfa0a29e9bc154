//! What a file of Rust imports, collected while its code is written.
//!
//! A file may hold types with names that Rust or the runtime has as well; then the other one is written
//! with its whole path.

use super::code::ident_text;
use proc_macro2::TokenStream;
use quote::quote;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The imports of one file.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// The names that the file's own items have.
    own: BTreeSet<String>,
    /// What is imported, by module.
    used: RefCell<BTreeMap<String, BTreeSet<String>>>,
}

impl Imports {
    /// For a file whose own items, and imported models, have these names.
    pub(super) fn beside<'a>(own: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            own: own.into_iter().map(str::to_owned).collect(),
            used: RefCell::default(),
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

    /// The `use` items, `crate` before `std` before `super`.
    pub(super) fn items(&self) -> Vec<String> {
        let used = self.used.borrow();
        let one = |(module, names): (&String, &BTreeSet<String>)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            match names.as_slice() {
                [name] => format!("use {module}::{name};"),
                names => format!("use {module}::{{{}}};", names.join(", ")),
            }
        };
        used.iter().map(one).collect()
    }
}
