//! What the stages note for the census while they work: nothing is reported, everything is counted.

use std::collections::{HashMap, HashSet};

use crate::pointer::Pointer;

/// What became of a schema that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reading {
    /// It says nothing, so it takes any JSON value.
    Free,
    /// It says something, and any JSON value was made of it.
    Any,
    /// It is a type, or a part of one.
    Typed,
}

/// The notes on one document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readings {
    schemas: HashMap<Pointer, Reading>,
    /// Operations of the document, before anything was taken out of it.
    pub(crate) operations: usize,
    /// Operations that `load` refused, each with a diagnostic.
    pub(crate) refused: usize,
    /// Operations that `load` lost, which it must not.
    pub(crate) lost: Vec<String>,
    /// Operations that the caller did not select.
    pub(crate) excluded: usize,
    /// Schemas that went with them.
    pub(crate) excluded_schemas: usize,
    /// Operations that the client has a method for.
    pub(crate) generated: HashSet<Pointer>,
}

impl Readings {
    /// Notes what became of schemas. One that is read more than once is what it is at best.
    pub(crate) fn note(&mut self, places: &[Pointer], reading: Reading) {
        for at in places {
            match self.schemas.get_mut(at) {
                Some(known) => *known = reading.max(*known),
                None => {
                    self.schemas.insert(at.clone(), reading);
                }
            }
        }
    }

    /// What became of the schema at `at`; `None` if nobody read it.
    pub(crate) fn of(&self, at: &str) -> Option<Reading> {
        self.schemas.get(at).copied()
    }
}
