//! Numbers that go as strings, since not every reader of JSON keeps 64 bits (RFC 8259, section 6).

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::Slot;
use super::error::{DecodeError, Kind, Problem};
use super::reader::{Manner, Reader};
use super::write::Writer;

/// A number that stands between quotes in JSON (`type: string, format: int64`): `Quoted(5)` is `"5"`.
///
/// A plain number is read as well.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quoted<T>(pub T);

impl<T> Deref for Quoted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Quoted<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Quoted<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: fmt::Debug> fmt::Debug for Quoted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for Quoted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Slot> Slot for Quoted<T> {
    fn blank() -> Self {
        Self(T::blank())
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        let found = reader.kind()?;
        if reader.manner() == Manner::Exact && found != Kind::String {
            let expected = Kind::String;
            return Err(Problem::Mismatch { expected, found }.into());
        }
        // a number reads what stands between quotes, if it need not be just a number
        let before = reader.set_manner(Manner::Kind);
        let outcome = self.0.read(reader);
        reader.set_manner(before);
        outcome
    }
    fn write(&self, out: &mut Writer<'_>) {
        out.push(b'"');
        self.0.write(out);
        out.push(b'"');
    }
}
