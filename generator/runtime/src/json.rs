//! JSON: how the values of a client are read from and written to a body.
//!
//! In: bytes and a type that is a [`Slot`]. Out: the value, or a [`DecodeError`] that says where and
//! what was expected and never what was there. Writing cannot fail.
//!
//! What is written is exactly what the type says; reading is kinder, since documents lie. A number may come
//! as a string that holds it and nothing else (`"3600"`), a truth value as `"true"` or `"false"`, a string
//! as a number, and dates and times in any spelling. Only while the variants of a union without tag are
//! tried does every value have to be just what is declared, for what it is is the evidence.
//!
//! A slot is object-safe, so the code that walks objects exists once and not once for each type;
//! that is what makes thousands of models cheap to compile. Generated types become slots through
//! [`record!`](super::record), [`text_enum!`](super::text_enum), [`int_enum!`](super::int_enum),
//! [`value_enum!`](super::value_enum) and [`union!`](super::union). With the feature `serde` they get
//! serde's traits by a bridge as well; it is a feature because the two impls cost the compiler a quarter
//! of what a model costs it in all.

mod base64;
#[cfg(feature = "serde")]
mod bridge;
#[macro_use]
mod choice;
mod collection;
mod decimal;
pub(super) mod edit;
mod error;
pub(super) mod find;
mod nullable;
mod number;
mod quoted;
mod reader;
#[macro_use]
mod record;
mod scalar;
#[cfg(feature = "serde")]
mod serde_impls;
#[macro_use]
mod serde_macros;
mod time;
mod tuple;
#[macro_use]
mod union;
mod uuid;
mod value;
mod write;

pub use self::base64::Base64;
#[cfg(feature = "serde")]
pub use self::bridge::{deserialize, serialize};
pub use self::choice::{admit, constant, same};
pub use self::decimal::{Decimal, NotADecimal};
pub(crate) use self::error::Step;
pub use self::error::{DecodeError, Kind, Problem};
pub use self::nullable::Nullable;
pub use self::quoted::Quoted;
#[cfg(feature = "mock")]
pub(crate) use self::reader::Manner;
pub use self::reader::{MAX_DEPTH, Reader};
pub use self::record::{ExtraMembers, Member, Members, read_record, write_record};
pub use self::time::{Date, DateTime, NotATime};
pub use self::tuple::{Places, Tuple};
pub use self::union::{Trials, read_tag, unknown_tag, write_tagged};
pub use self::write::{Goal, Writer, write_text};
pub use ::uuid::Uuid;

use std::cell::Cell;

use zeroize::{Zeroize as _, Zeroizing};

/// A place for a value: it can be filled from JSON and written as JSON.
pub trait Slot {
    /// Returns a value to fill: empty, zero or absent. It is never seen by a caller.
    ///
    /// An object is made with all its required members. A type that requires itself, by way of
    /// boxes alone, has no finite value: `blank` would never return, and no JSON could be read as it.
    fn blank() -> Self
    where
        Self: Sized;

    /// Fills the slot with the next value of the reader.
    ///
    /// # Errors
    /// The value is not what the slot holds, or not JSON. The slot may be half filled then.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError>;

    /// Appends the value as JSON.
    fn write(&self, out: &mut Writer<'_>);

    /// Returns whether an optional member with this value is left out.
    fn is_absent(&self) -> bool {
        false
    }

    /// Returns whether `null` is a value like others, which an `Option` tells from nothing.
    fn holds_null() -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// Reads the one value that the bytes hold. A byte order mark before it is skipped (RFC 8259, section 8.1).
///
/// # Errors
/// The bytes are not JSON, hold more than one value, or the value is not a `T`.
pub fn from_slice<T: Slot>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut value = T::blank();
    read_into(bytes, &mut value)?;
    Ok(value)
}

/// Fills a slot with the one value that the bytes hold.
///
/// # Errors
/// As for [`from_slice`]. The slot may be half filled then.
pub fn read_into(bytes: &[u8], slot: &mut dyn Slot) -> Result<(), DecodeError> {
    let mut reader = Reader::new(bytes)?;
    slot.read(&mut reader)?;
    reader.finish()
}

/// Returns the value as JSON.
#[must_use]
pub fn to_vec(value: &dyn Slot) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    value.write(&mut Writer::new(&mut out, Goal::Anywhere));
    out
}

/// Returns the value as requests hold it: without the members that only the server sets (`readOnly`), in
/// memory that is wiped when dropped.
///
/// It is written in a buffer that each thread keeps, and moves from there once its length is known: what has to be
/// wiped is as long as the text. The buffer begins with 4 KiB. A longer text moves as it grows and leaves unwiped
/// memory behind.
#[must_use]
pub fn to_request(value: &dyn Slot) -> Zeroizing<Vec<u8>> {
    wiped(|buffer| value.write(&mut Writer::new(buffer, Goal::Request)))
}

/// Returns the value as requests hold it, with the parts that stand beside it and are marked in it.
pub(super) fn to_request_with_parts(
    value: &dyn Slot,
    parts: &mut Vec<super::part::Part>,
) -> Zeroizing<Vec<u8>> {
    wiped(|buffer| value.write(&mut Writer::beside_parts(buffer, parts)))
}

/// What is written, as long as it is and in memory that is wiped when dropped.
fn wiped(write: impl FnOnce(&mut Vec<u8>)) -> Zeroizing<Vec<u8>> {
    thread_local! {
        static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    }
    // Who is asked while another value is written finds no buffer and takes a new one.
    let mut buffer = BUFFER.take();
    buffer.reserve(4096);
    write(&mut buffer);
    let text = Zeroizing::new(buffer.clone());
    buffer.as_mut_slice().zeroize();
    buffer.clear();
    BUFFER.set(buffer);
    text
}

/// Reads the next value of the reader.
///
/// # Errors
/// The value is not a `T`, or not JSON.
pub fn read_value<T: Slot>(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
    let mut value = T::blank();
    value.read(reader)?;
    Ok(value)
}
