//! Which cargo features switch on what of an API.
//!
//! An API is one feature. A large one has a feature for each of its tags as well: the operations of the tag, and
//! the models that they lead to, are compiled with it. The API's own feature switches on all of them, and what
//! has no tag. What every tag needs stands behind the *frame*, a feature that each of the others switches on.

use std::collections::{BTreeMap, BTreeSet};

use super::docs;
use super::kept::Ledger;
use super::names::{Ident, Rank, Scope, Wish};
use super::tree::{
    Api, BodyContent, Failure, Feature, Gate, Operation, Output, Payload, Streaming,
};
use crate::options::TagFeatures;
use crate::pointer::Pointer;

/// From how many operations on an API is large.
pub(super) const LARGE: usize = 200;

/// A model of more tags than this is compiled with each of them, and does not list them: nearly every tag would
/// bring it anyway, and each new one would change its line.
const MOST_LISTED: usize = 8;

/// The one feature of an API, with those of the runtime that it cannot do without.
pub(super) fn one(module: &Ident, needs: Vec<String>) -> Vec<Feature> {
    vec![Feature {
        name: module.plain().to_owned(),
        enables: needs,
        tag: None,
    }]
}

/// Gives a large API its features; `tags` are those of the operations, in their order.
pub(super) fn split(
    api: &mut Api,
    tags: &[Vec<String>],
    wanted: TagFeatures,
    ledger: &mut Ledger<'_>,
) {
    let all: BTreeSet<&str> = tags.iter().flatten().map(|tag| tag.trim()).collect();
    let all: Vec<&str> = all.into_iter().filter(|tag| !tag.is_empty()).collect();
    let splits = match wanted {
        TagFeatures::Off => false,
        TagFeatures::On => !all.is_empty(),
        TagFeatures::Auto => all.len() > 1 && api.operations.len() >= LARGE,
    };
    if !splits {
        return;
    }
    let whole = api.module.plain().to_owned();
    let names = names(&whole, &all, ledger);
    let of_operations: Vec<BTreeSet<usize>> = tags
        .iter()
        .map(|tags| {
            let place = |tag: &String| all.binary_search(&tag.trim()).ok();
            tags.iter().filter_map(place).collect()
        })
        .collect();
    let listed = |tags: &BTreeSet<usize>| {
        let mut listed: Vec<String> = tags.iter().map(|tag| names[*tag].clone()).collect();
        if listed.is_empty() {
            listed.push(whole.clone());
        }
        listed.sort_unstable();
        Gate::Any(listed)
    };
    let of_models = models(api, &of_operations, all.len());
    for (model, tags) in api.models.iter_mut().zip(&of_models) {
        model.gate = if tags.len() > MOST_LISTED {
            Gate::Open
        } else {
            listed(tags)
        };
    }
    for (operation, tags) in api.operations.iter_mut().zip(&of_operations) {
        operation.gate = listed(tags);
    }
    api.frame = format!("_{whole}");
    let needs = api.features.iter().flat_map(|one| one.enables.clone());
    api.features = features(&api.frame, needs.collect(), &whole, &all, &names);
}

/// The features of the tags: the module's name, and the tag's.
fn names(whole: &str, tags: &[&str], ledger: &mut Ledger<'_>) -> Vec<String> {
    let words: Vec<[String; 1]> = tags.iter().map(|tag| [(*tag).to_owned()]).collect();
    let places: Vec<Pointer> = tags
        .iter()
        .map(|tag| Pointer::root().push("tags").push(tag))
        .collect();
    let wishes: Vec<Wish<'_>> = words
        .iter()
        .zip(&places)
        .map(|(words, at)| Wish {
            words,
            rank: Rank::Named,
            at,
        })
        .collect();
    let named = ledger.tags(&mut Scope::default(), &wishes);
    let named = named.iter().flatten();
    // behind the module's name nothing is a keyword
    let kebab = |name: &Ident| name.plain().trim_end_matches('_').replace('_', "-");
    named
        .map(|name| format!("{whole}-{}", kebab(name)))
        .collect()
}

fn features(
    frame: &str,
    needs: Vec<String>,
    whole: &str,
    tags: &[&str],
    names: &[String],
) -> Vec<Feature> {
    let of_tags: BTreeMap<&String, &str> = names.iter().zip(tags.iter().copied()).collect();
    let enables = [frame.to_owned()].into_iter();
    let mut features = vec![
        Feature {
            name: frame.to_owned(),
            enables: needs,
            tag: None,
        },
        Feature {
            name: whole.to_owned(),
            enables: enables
                .chain(of_tags.keys().map(|name| (*name).clone()))
                .collect(),
            tag: None,
        },
    ];
    features.extend(of_tags.into_iter().map(|(name, tag)| Feature {
        name: name.clone(),
        enables: vec![frame.to_owned()],
        tag: Some(docs::code(tag).replace('|', r"\|")),
    }));
    features
}

/// The tags whose operations lead to each model.
fn models(api: &Api, of_operations: &[BTreeSet<usize>], tags: usize) -> Vec<BTreeSet<usize>> {
    let by_name: BTreeMap<&Ident, usize> = api
        .models
        .iter()
        .enumerate()
        .map(|(index, model)| (&model.name, index))
        .collect();
    let mut found = vec![BTreeSet::new(); api.models.len()];
    for tag in 0..tags {
        let tagged = api.operations.iter().zip(of_operations);
        let mut open: Vec<&Ident> = tagged
            .filter(|(_, tags)| tags.contains(&tag))
            .flat_map(|(operation, _)| named(operation))
            .collect();
        while let Some(name) = open.pop() {
            if let Some(index) = by_name.get(name)
                && found[*index].insert(tag)
            {
                open.extend(&api.models[*index].uses);
            }
        }
    }
    found
}

/// The models that an operation names.
fn named(operation: &Operation) -> Vec<&Ident> {
    let mut payloads: Vec<&Payload> = Vec::new();
    match operation.body.as_ref().map(|body| &body.content) {
        Some(BodyContent::One(payload)) => payloads.push(payload),
        Some(BodyContent::Choice(_, variants)) => {
            payloads.extend(variants.iter().map(|variant| &variant.payload));
        }
        None => {}
    }
    match &operation.output {
        Output::Plain(payload) => payloads.push(payload),
        Output::Enum(_, variants) => {
            payloads.extend(variants.iter().map(|variant| &variant.payload));
        }
    }
    match &operation.failure {
        Failure::Undeclared => {}
        Failure::Shared(payload, _) => payloads.push(payload),
        Failure::Enum(_, variants) => {
            payloads.extend(variants.iter().map(|variant| &variant.payload));
        }
    }
    let headers = operation.headers.iter().flat_map(|headers| &headers.fields);
    let params = operation.args.iter().chain(&operation.setters);
    let types = params.map(|param| &param.ty);
    let types = types.chain(headers.map(|header| &header.ty));
    let streams = operation.streams.iter().filter_map(|stream| match stream {
        Streaming::Download => None,
        Streaming::Events(_, ty) | Streaming::Records(_, ty) => Some(ty),
    });
    let types = types.chain(streams);
    let carried = payloads.into_iter().filter_map(|payload| match payload {
        Payload::Slot(ty) | Payload::Lines(ty) => Some(ty),
        Payload::Xml(xml) => Some(&xml.ty),
        Payload::Empty | Payload::Text | Payload::Bytes => None,
    });
    let mut names = Vec::new();
    for ty in types.chain(carried) {
        ty.each_name(&mut |name| names.push(name));
    }
    names
}
