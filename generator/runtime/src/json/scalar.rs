//! Booleans, numbers and strings.

use super::super::secret::Secret;
use super::Slot;
use super::error::{DecodeError, Kind, Problem};
use super::reader::Reader;
use super::write::{write_plain, write_text};

impl Slot for bool {
    fn blank() -> Self {
        false
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = reader.boolean()?;
        Ok(())
    }
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl Slot for String {
    fn blank() -> Self {
        Self::new()
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = reader.text()?.to_owned();
        Ok(())
    }
    fn write(&self, out: &mut Vec<u8>) {
        write_text(self, out);
    }
}

impl Slot for Secret {
    fn blank() -> Self {
        Self::default()
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = Self::from(reader.text()?);
        Ok(())
    }
    fn write(&self, out: &mut Vec<u8>) {
        write_text(self.expose(), out);
    }
}

/// Any value, of which nothing is kept; written as `null`.
impl Slot for () {
    fn blank() -> Self {}
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        reader.skip()
    }
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"null");
    }
}

macro_rules! integers {
    ($($ty:ident),*) => {$(
        /// Also reads a number with a fraction of zero or an exponent, such as `3600.0`: to JSON
        /// Schema that is an integer too (draft 2020-12, validation, section 6.1.1).
        impl Slot for $ty {
            fn blank() -> Self {
                0
            }
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
                let text = reader.number(Kind::Integer)?;
                *self = match text.parse() {
                    Ok(number) => number,
                    Err(_) => Self::try_from(integral(text, stringify!($ty))?)
                        .map_err(|_| Problem::OutOfRange { expected: stringify!($ty) })?,
                };
                Ok(())
            }
            fn write(&self, out: &mut Vec<u8>) {
                write_plain(self, out);
            }
        }
    )*};
}

integers!(i32, i64, u32, u64);

/// Reads a number that is not spelled as an integer of the type and may still be one.
#[cold]
fn integral(text: &str, expected: &'static str) -> Result<i128, DecodeError> {
    /// Below this every integer has its own `f64` (2 to the power of 53).
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !text.contains(['.', 'e', 'E']) {
        return text
            .parse()
            .map_err(|_| Problem::OutOfRange { expected }.into());
    }
    let number: f64 = text.parse().map_err(|_| Problem::OutOfRange { expected })?;
    if number.fract() != 0.0 {
        return Err(Problem::Mismatch {
            expected: Kind::Integer,
            found: Kind::Number,
        }
        .into());
    }
    if number.abs() > EXACT {
        return Err(Problem::OutOfRange { expected }.into());
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    Ok(number as i128)
}

macro_rules! floats {
    ($($ty:ident),*) => {$(
        /// JSON has no infinity and no NaN: they are written as `null`, as serde_json does, and a
        /// number too large for the type is an error when read.
        impl Slot for $ty {
            fn blank() -> Self {
                0.0
            }
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
                match reader.number(Kind::Number)?.parse::<Self>() {
                    Ok(number) if number.is_finite() => *self = number,
                    _ => return Err(Problem::OutOfRange { expected: stringify!($ty) }.into()),
                }
                Ok(())
            }
            fn write(&self, out: &mut Vec<u8>) {
                write_plain(self, out);
            }
        }
    )*};
}

floats!(f32, f64);
