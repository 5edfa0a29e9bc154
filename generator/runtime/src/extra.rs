//! Members that a server sends and a specification does not name.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::json::{DecodeError, ExtraMembers, Reader, Slot, Writer};

/// The members of an object that its type does not declare, by name.
///
/// They are kept when read and written again after the declared ones, so nothing a server sends is
/// lost on the way back. `Debug` shows the names alone: a value may be a secret that nobody declared.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(BTreeMap<String, Value>);

impl Extra {
    /// Returns no members.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Returns the member of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Sets a member and returns what it was before. A name that the type itself declares is not
    /// written: the declared member is the one that counts.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.0.insert(name.into(), value.into())
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// Returns the members in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns how many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the members as a map.
    #[must_use]
    pub fn into_map(self) -> BTreeMap<String, Value> {
        self.0
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl From<BTreeMap<String, Value>> for Extra {
    fn from(members: BTreeMap<String, Value>) -> Self {
        Self(members)
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Extra {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(members: I) -> Self {
        Self(
            members
                .into_iter()
                .map(|(n, v)| (n.into(), v.into()))
                .collect(),
        )
    }
}

impl ExtraMembers for Extra {
    fn read_member(&mut self, name: String, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        self.0.read_member(name, reader)
    }
    fn each(&self, see: &mut dyn FnMut(&str, &dyn Slot)) {
        self.0.each(see);
    }
}

impl Slot for Extra {
    fn blank() -> Self {
        Self::new()
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        self.0.read(reader)
    }
    fn write(&self, out: &mut Writer<'_>) {
        self.0.write(out);
    }
}
