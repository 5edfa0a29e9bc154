//! What templates show: the structs of their contexts, read as what they are, text with docs. So what is told of them,
//! and what templates of users are checked against, is what they have.

use std::collections::BTreeMap;

/// The version of all contexts. It changes when a field goes, is called otherwise or means something else, and not when
/// one comes.
pub const CONTEXT_VERSION: u32 = 1;

/// The files that hold the structs.
const SOURCES: [&str; 2] = [include_str!("../page.rs"), include_str!("docs.rs")];

/// What a template, or a part of one, shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// What the struct is called.
    pub name: String,
    /// The template, if it is the whole of one.
    pub template: Option<String>,
    /// What is told about it.
    pub about: String,
    /// Its fields.
    pub fields: Vec<ContextField>,
}

/// A field of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextField {
    /// Its name in templates.
    pub name: String,
    /// What it holds.
    pub kind: ContextKind,
    /// What is told about it.
    pub about: String,
}

/// What a field of a context holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextKind {
    /// A text.
    Text,
    /// A number.
    Number,
    /// A list of texts.
    Texts,
    /// What the struct of this name has.
    One(String),
    /// A list of what the struct of this name has.
    Many(String),
}

/// The contexts by the names of their structs.
#[must_use]
pub fn contexts() -> BTreeMap<String, Context> {
    let files = SOURCES.iter().map(|text| syn::parse_file(text));
    let items = files.flatten().flat_map(|file| file.items);
    let structs = items.filter_map(|item| match item {
        syn::Item::Struct(item) if is_shown(&item) => Some(context(&item)),
        _ => None,
    });
    structs
        .map(|context| (context.name.clone(), context))
        .collect()
}

/// Whether templates can show what a struct has.
fn is_shown(item: &syn::ItemStruct) -> bool {
    let derives = item.attrs.iter().filter(|it| it.path().is_ident("derive"));
    let mut is_shown = false;
    for derive in derives {
        let seen = derive.parse_nested_meta(|meta| {
            is_shown |= meta.path.is_ident("Serialize");
            Ok(())
        });
        is_shown &= seen.is_ok();
    }
    is_shown
}

fn context(item: &syn::ItemStruct) -> Context {
    let about = docs(&item.attrs);
    let template = about
        .strip_prefix("What `")
        .and_then(|rest| rest.split_once('`'))
        .filter(|(name, rest)| name.ends_with(".tera") && rest.starts_with(" shows"))
        .map(|(name, _)| name.to_owned());
    let fields = item.fields.iter().filter_map(|field| {
        Some(ContextField {
            name: field.ident.as_ref()?.to_string(),
            kind: kind(&field.ty)?,
            about: docs(&field.attrs),
        })
    });
    Context {
        name: item.ident.to_string(),
        template,
        about,
        fields: fields.collect(),
    }
}

/// What is told about something, in one line.
fn docs(attributes: &[syn::Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        });
    lines.collect::<Vec<_>>().join(" ")
}

fn kind(ty: &syn::Type) -> Option<ContextKind> {
    match ty {
        syn::Type::Reference(reference) => kind(&reference.elem),
        syn::Type::Slice(slice) => Some(many(kind(&slice.elem)?)),
        syn::Type::Path(path) => {
            let last = path.path.segments.last()?;
            let inner = match &last.arguments {
                syn::PathArguments::AngleBracketed(given) => {
                    given.args.iter().find_map(|one| match one {
                        syn::GenericArgument::Type(ty) => Some(ty),
                        _ => None,
                    })
                }
                _ => None,
            };
            Some(match (last.ident.to_string().as_str(), inner) {
                ("str" | "String", _) => ContextKind::Text,
                ("usize" | "u16" | "u32" | "u64", _) => ContextKind::Number,
                ("Vec", Some(inner)) => many(kind(inner)?),
                ("Option" | "Box", Some(inner)) => kind(inner)?,
                (name, _) => ContextKind::One(name.to_owned()),
            })
        }
        _ => None,
    }
}

fn many(kind: ContextKind) -> ContextKind {
    match kind {
        ContextKind::One(name) | ContextKind::Many(name) => ContextKind::Many(name),
        ContextKind::Text | ContextKind::Number | ContextKind::Texts => ContextKind::Texts,
    }
}
