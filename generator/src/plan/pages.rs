//! Plans the pages of documentation.

mod authorization;
mod index;
mod members;
mod models;
mod notes;
mod operations;
mod responses;
mod servers;
mod words;

pub(super) use authorization::{Parts, plan as authorization};
pub(super) use index::plan as index;
pub(super) use models::{deprecation, docs as model_docs};
pub(super) use operations::about;
pub(super) use servers::base_uris;

use super::docs;
use super::kept::{Inner, Kind, Ledger, Within};
use super::names::{Rank, Scope};
use super::tree::Group;
use crate::model;
use crate::pointer::Pointer;

/// What stands beside the pages of groups where case does not count.
const TAKEN: &[&str] = &["readme"];

/// What operations without a tag are called together.
const UNTAGGED: &str = "default";

/// The operations by their first tags, in the order of the document; those without one come last. `tags` are those of
/// the operations that are planned, in their order.
pub(super) fn groups(
    api: &model::Api,
    tags: &[Vec<String>],
    ledger: &mut Ledger<'_>,
) -> Vec<Group> {
    let mut found: Vec<(&str, Vec<usize>)> = Vec::new();
    for (index, tags) in tags.iter().enumerate() {
        let mut tags = tags.iter().map(|tag| tag.trim());
        let tag = tags.find(|tag| !tag.is_empty()).unwrap_or_default();
        match found.iter_mut().find(|(known, _)| *known == tag) {
            Some((_, operations)) => operations.push(index),
            None => found.push((tag, vec![index])),
        }
    }
    let declared = |tag: &str| api.tags.iter().position(|known| known.name.trim() == tag);
    found.sort_by_key(|(tag, _)| (tag.is_empty(), declared(tag)));
    let at = Pointer::root().push("tags");
    let inner = found.iter().map(|(tag, _)| Inner {
        called: called(tag),
        among: if tag.is_empty() { "untagged" } else { "" },
        otherwise: None,
        rank: match tag.is_empty() {
            true => Rank::Derived,
            false => Rank::Named,
        },
        at: at.push(tag),
    });
    let within = Within {
        scope: Scope::reserving(TAKEN),
        inner: inner.collect(),
        ..Within::default()
    };
    let named = ledger.within(Kind::Pages, vec![within]).into_iter();
    let pages = named.flat_map(|within| within.names);
    let groups = found.into_iter().zip(pages);
    groups
        .map(|((tag, operations), page)| {
            let known = declared(tag).map(|index| &api.tags[index]);
            let prose = known.and_then(|tag| tag.description.as_deref());
            Group {
                title: title(tag),
                docs: prose.map(docs::markdown).unwrap_or_default(),
                page,
                operations,
            }
        })
        .collect()
}

fn called(tag: &str) -> String {
    match tag {
        "" => UNTAGGED.to_owned(),
        tag => tag.to_owned(),
    }
}

fn title(tag: &str) -> String {
    match docs::one_line(tag) {
        line if line.is_empty() => UNTAGGED.to_owned(),
        line => line,
    }
}
