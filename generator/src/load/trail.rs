//! Where a walk is, without building a pointer for each node.

use crate::pointer::Pointer;

/// The way from the root to a node, as a chain of borrowed steps. A [`Pointer`] is made when it is needed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trail<'a> {
    /// The whole document.
    Root,
    /// What a pointer leads to.
    At(&'a Pointer),
    /// A member.
    Key(&'a Trail<'a>, &'a str),
    /// An element.
    Index(&'a Trail<'a>, usize),
}

impl<'a> Trail<'a> {
    /// The member `key` of what this leads to.
    pub(super) fn key(&'a self, key: &'a str) -> Trail<'a> {
        Trail::Key(self, key)
    }

    /// The element `index` of what this leads to.
    pub(super) fn index(&'a self, index: usize) -> Trail<'a> {
        Trail::Index(self, index)
    }

    /// The same way as a pointer.
    pub(super) fn pointer(&self) -> Pointer {
        match self {
            Trail::Root => Pointer::root(),
            Trail::At(pointer) => (*pointer).clone(),
            Trail::Key(parent, key) => parent.pointer().push(key),
            Trail::Index(parent, index) => parent.pointer().index(*index),
        }
    }
}
