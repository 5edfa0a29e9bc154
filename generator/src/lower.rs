//! The document to the model: references resolved, `allOf` merged, unions classified, security told apart.
//!
//! In: a [`Document`] in the normal form that `load` makes of every dialect (each `$ref` names a component
//! that exists). Out: [`crate::model::Api`], plain data. What cannot be understood is reported and takes the least
//! possible of the rest with it.

mod content;
mod facts;
mod headers;
mod limits;
mod operation;
mod pagination;
mod places;
mod schema;
mod secret;
mod security;
mod server;
mod shape;
mod share;
mod tags;
mod token;
mod union;
mod webhook;
mod xml;

use indexmap::IndexMap;
use openapiv3::{Components, ReferenceOr};

use crate::diag::Diagnostics;
use crate::load::Document;
use crate::model::{Api, Place, SecurityScheme, Tag};
use crate::pointer::Pointer;
use places::Places;
use schema::Schemas;

/// What the walk over one document carries along.
struct Lower<'d> {
    document: &'d Document,
    components: &'d Components,
    schemas: Schemas<'d>,
    schemes: Vec<SecurityScheme>,
    /// `x-specmint-token` of operations.
    tokens: token::Extensions,
    /// The operations as they stand in the document.
    specs: Vec<&'d openapiv3::Operation>,
}

/// Turns a document into the model of its API.
#[must_use]
pub fn lower(document: &Document, diags: &mut Diagnostics) -> Api {
    walk(document, Places::default(), diags).0
}

/// The same, with all places of the document that take values of a type, in the order of the walk. A place
/// that is come to more than once is there more than once.
#[must_use]
pub fn lower_with_places(document: &Document, diags: &mut Diagnostics) -> (Api, Vec<Place>) {
    walk(document, Places::asked(), diags)
}

fn walk(document: &Document, places: Places, diags: &mut Diagnostics) -> (Api, Vec<Place>) {
    let nothing = Components::default();
    let components = document.openapi.components.as_ref().unwrap_or(&nothing);
    let kept = typed_arena::Arena::new();
    let schemas = Schemas::new(&components.schemas, &kept, places, diags);
    let mut cx = Lower {
        document,
        components,
        schemas,
        schemes: Vec::new(),
        tokens: token::Extensions::new(),
        specs: Vec::new(),
    };
    cx.schemes = security::schemes(&mut cx);
    let mut operations = operation::operations(&mut cx);
    let spec = &document.openapi;
    let servers = server::servers(&Pointer::root(), &spec.servers);
    let webhooks = webhook::webhooks(&mut cx);
    cx.define_unused();
    cx.schemas.finish();
    tags::fill(&mut cx.schemas.types);
    token::recognise(&mut cx, &servers, &mut operations);
    pagination::recognise(&mut cx, &mut operations);
    let tags = tags(&cx, &operations);
    let mut api = Api {
        title: spec.info.title.clone(),
        version: spec.info.version.clone(),
        description: spec.info.description.clone(),
        servers: server::or_root(servers),
        tags,
        operations,
        webhooks,
        types: cx.schemas.types,
        schemes: cx.schemes,
    };
    let mut places = cx.schemas.places.into_list();
    share::share(&mut api, &mut places);
    (api, places)
}

impl<'d> Lower<'d> {
    /// Components that no operation leads to are part of the API as well, unless others are built from them.
    fn define_unused(&mut self) {
        self.schemas.finish();
        for name in self.components.schemas.keys() {
            if !self.schemas.is_used(name) {
                self.schemas.component(name);
            }
        }
    }
}

/// The tags that operations use: declared ones first, with their prose.
fn tags(cx: &Lower<'_>, operations: &[crate::model::Operation]) -> Vec<Tag> {
    let declared = &cx.document.openapi.tags;
    let used = |name: &str| {
        operations
            .iter()
            .any(|operation| operation.tags.iter().any(|tag| tag == name))
    };
    let mut tags: Vec<Tag> = declared
        .iter()
        .filter(|tag| used(&tag.name))
        .map(|tag| Tag {
            name: tag.name.clone(),
            description: tag.description.clone(),
        })
        .collect();
    for name in operations.iter().flat_map(|operation| &operation.tags) {
        if !tags.iter().any(|tag| tag.name == *name) {
            tags.push(Tag {
                name: name.clone(),
                description: None,
            });
        }
    }
    tags
}

/// Follows references between components of one kind to the thing itself, and says where that stands.
fn resolve<'d, T>(
    components: &'d IndexMap<String, ReferenceOr<T>>,
    kind: &str,
    at: &Pointer,
    found: &'d ReferenceOr<T>,
) -> Option<(Pointer, &'d T)> {
    let (mut at, mut found) = (at.clone(), found);
    for _ in 0..=components.len() {
        match found {
            ReferenceOr::Item(item) => return Some((at, item)),
            ReferenceOr::Reference { reference } => {
                let name = facts::component_of(reference)
                    .replace("~1", "/")
                    .replace("~0", "~");
                found = components.get(&name)?;
                at = Pointer::root().push("components").push(kind).push(&name);
            }
        }
    }
    None
}
