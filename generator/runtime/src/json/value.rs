//! Values that a specification says nothing about.

use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::collection::read_members;
use super::error::{DecodeError, Kind, Problem};
use super::number::{float, integer};
use super::reader::Reader;
use super::write::{Writer, write_plain};
use super::{Slot, read_value};

impl Slot for Value {
    fn blank() -> Self {
        Self::Null
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = match reader.kind()? {
            Kind::Null => {
                reader.null()?;
                Self::Null
            }
            Kind::Boolean => Self::Bool(reader.boolean()?),
            Kind::Integer | Kind::Number => Self::Number(number(reader)?),
            Kind::String => Self::String(reader.text()?.to_owned()),
            Kind::Array => Self::Array(read_value(reader)?),
            Kind::Object => Self::Object(read_value(reader)?),
        };
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        write_plain(self, out);
    }
    fn holds_null() -> bool {
        true
    }
}

/// An object of which nothing is known.
impl Slot for Map<String, Value> {
    fn blank() -> Self {
        Self::new()
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        self.clear();
        read_members(reader, &mut |name, reader| match self.entry(name) {
            Entry::Vacant(place) => {
                place.insert(read_value(reader)?);
                Ok(())
            }
            Entry::Occupied(_) => Err(Problem::DuplicateMember.into()),
        })
    }
    fn write(&self, out: &mut Writer<'_>) {
        write_plain(self, out);
    }
}

/// Reads a number as the narrowest type that holds it: integers as such up to 64 bits, else `f64`.
fn number(reader: &mut Reader<'_>) -> Result<Number, DecodeError> {
    let spelled = reader.number(Kind::Number)?;
    // `-0` is not the integer 0.
    let whole = spelled != b"-0"
        && !spelled
            .iter()
            .any(|byte| matches!(byte, b'.' | b'e' | b'E'));
    if whole && let Some(number) = integer(spelled, "i128").ok().and_then(Number::from_i128) {
        return Ok(number);
    }
    Number::from_f64(float(spelled)?).ok_or_else(|| Problem::OutOfRange { expected: "f64" }.into())
}
