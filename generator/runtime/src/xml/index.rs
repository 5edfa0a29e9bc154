//! Which member an element or an attribute is, told by its name.

use std::collections::HashMap;
use std::rc::Rc;

use super::member::{Member, Node};
use super::name::Name;
use super::tree::Document;
use super::{Model, Shape};

/// The members of a record by the local names that they may have.
pub(super) struct Index {
    elements: Names,
    attributes: Names,
}

/// For each local name the members that may be called so: those that are, before those that have it as another
/// name.
type Names = HashMap<&'static str, Vec<(usize, Name<'static>, Rank)>>;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Own,
    Other,
}

/// The indices that one walk has made, by the address of their model.
#[derive(Default)]
pub(super) struct Indices(HashMap<usize, Rc<Index>>);

impl Indices {
    pub(super) fn of(&mut self, members: &'static [Member]) -> Rc<Index> {
        let address = members.as_ptr() as usize;
        let index = self.0.entry(address);
        Rc::clone(index.or_insert_with(|| Rc::new(Index::new(members))))
    }
}

impl Index {
    fn new(members: &'static [Member]) -> Self {
        let mut index = Self {
            elements: Names::new(),
            attributes: Names::new(),
        };
        for (at, member) in members.iter().enumerate() {
            index.add(at, member);
        }
        for names in index
            .elements
            .values_mut()
            .chain(index.attributes.values_mut())
        {
            names.sort_by_key(|(at, _, rank)| (*rank, *at));
        }
        index
    }

    fn add(&mut self, at: usize, member: &'static Member) {
        let list = match member.node {
            Node::Text | Node::Cdata => return,
            Node::Attribute => &mut self.attributes,
            Node::Element | Node::Inline => &mut self.elements,
        };
        let mut put = |text: &'static str, rank| {
            let name = Name::of(text);
            let known = list.entry(name.local).or_default();
            if !known.iter().any(|(other, _, _)| *other == at) {
                known.push((at, name, rank));
            }
        };
        match (member.node, items_of(&member.shape)) {
            // an object that stands nowhere is known by its members
            (Node::Inline, None) => return,
            (Node::Inline, Some(item)) => {
                put(item, Rank::Own);
                put(member.name, Rank::Other);
            }
            (_, Some(item)) => {
                put(member.name, Rank::Own);
                put(item, Rank::Other);
            }
            (_, None) => put(member.name, Rank::Own),
        }
        put(member.json, Rank::Other);
    }

    /// The member that an element is.
    pub(super) fn element(&self, document: &Document, space: usize, local: &str) -> Option<usize> {
        find(&self.elements, document.uri(space), local)
    }

    /// The member that an attribute is.
    pub(super) fn attribute(
        &self,
        document: &Document,
        space: usize,
        local: &str,
    ) -> Option<usize> {
        find(&self.attributes, document.uri(space), local)
    }
}

/// The first that is in the namespace, else the first.
fn find(names: &Names, uri: &str, local: &str) -> Option<usize> {
    let names = names.get(local)?;
    let first = names.first()?;
    let mut same = names.iter().filter(|(_, _, rank)| *rank == first.2);
    let exact = same.find(|(_, name, _)| name.namespace == uri);
    Some(exact.unwrap_or(first).0)
}

/// The name of a list's items.
pub(super) fn items_of(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::List(item, _) | Shape::Places(item, _, _) => Some(item),
        _ => None,
    }
}

/// The members of a record.
pub(super) fn members(shape: &Shape) -> Option<(&'static [Member], &'static Option<Shape>)> {
    match shape {
        Shape::Of(model) => match model() {
            Model::Record(members, rest) => Some((members, rest)),
            Model::Choice(..) => None,
        },
        _ => None,
    }
}
