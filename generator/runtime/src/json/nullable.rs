//! A member that may be absent, `null` or a value, and where the difference counts.

use super::error::DecodeError;
use super::reader::Reader;
use super::write::Writer;
use super::{Slot, read_value};

/// An optional member that may also be `null`. In an update, absent commonly means "leave it" and
/// `null` means "remove it".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nullable<T> {
    /// The member is not there.
    #[default]
    Absent,
    /// The member is `null`.
    Null,
    /// The member has a value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns the value, if there is one.
    pub const fn as_option(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Returns the value, if there is one. The difference between absent and `null` is lost.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Returns whether the member is not there.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Returns whether the member is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Slot> Slot for Nullable<T> {
    fn blank() -> Self {
        Self::Absent
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = if reader.null()? {
            Self::Null
        } else {
            Self::Value(read_value(reader)?)
        };
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        match self {
            Self::Value(value) => value.write(out),
            Self::Absent | Self::Null => out.extend_from_slice(b"null"),
        }
    }
    fn is_absent(&self) -> bool {
        self.is_absent()
    }
}
