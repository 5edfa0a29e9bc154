//! Numbers, as exact as their types.

use super::Slot;
use super::error::{DecodeError, Kind, Problem};
use super::reader::Reader;
use super::write::{Writer, write_plain};

macro_rules! integers {
    ($($ty:ident),*) => {$(
        /// Also reads a number with a fraction of zero or an exponent, such as `3600.0`: to JSON
        /// Schema that is an integer too (draft 2020-12, validation, section 6.1.1).
        impl Slot for $ty {
            fn blank() -> Self {
                0
            }
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
                *self = integer(reader.number(Kind::Integer)?, stringify!($ty))?
                    .try_into()
                    .map_err(|_| Problem::OutOfRange { expected: stringify!($ty) })?;
                Ok(())
            }
            fn write(&self, out: &mut Writer<'_>) {
                write_plain(self, out);
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

/// JSON has no infinity and no NaN: they are written as `null`, as serde_json does, and a number
/// too large for the type is an error when read.
impl Slot for f64 {
    fn blank() -> Self {
        0.0
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = reader.float()?;
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        write_plain(self, out);
    }
}

/// As for `f64`.
impl Slot for f32 {
    fn blank() -> Self {
        0.0
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        match text(reader.number(Kind::Number)?).parse::<Self>() {
            Ok(number) if number.is_finite() => *self = number,
            _ => return Err(Problem::OutOfRange { expected: "f32" }.into()),
        }
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        write_plain(self, out);
    }
}

/// Reads an integer that is spelled as the grammar of JSON has it.
pub(crate) fn integer(spelled: &[u8], expected: &'static str) -> Result<i128, DecodeError> {
    let (sign, digits) = match spelled.strip_prefix(b"-") {
        Some(digits) => (-1, digits),
        None => (1, spelled),
    };
    if digits.len() > 19 {
        return unusual_integer(spelled, expected);
    }
    let mut number = 0_u64;
    for &digit in digits {
        if !digit.is_ascii_digit() {
            return unusual_integer(spelled, expected);
        }
        number = number * 10 + u64::from(digit - b'0');
    }
    Ok(i128::from(number) * sign)
}

/// Reads a long integer, or a number with a fraction or an exponent that is an integer all the same.
#[cold]
fn unusual_integer(spelled: &[u8], expected: &'static str) -> Result<i128, DecodeError> {
    /// Up to this every integer has an `f64` of its own (2 to the power of 53).
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let out_of_range = || DecodeError::from(Problem::OutOfRange { expected });
    let text = text(spelled);
    if !text.contains(['.', 'e', 'E']) {
        return text.parse().map_err(|_| out_of_range());
    }
    let number: f64 = text.parse().map_err(|_| out_of_range())?;
    if number.is_finite() && number.fract() != 0.0 {
        let (expected, found) = (Kind::Integer, Kind::Number);
        return Err(Problem::Mismatch { expected, found }.into());
    }
    if number.abs() > EXACT {
        return Err(out_of_range());
    }
    Ok(number as i128)
}

/// Reads a number that is spelled as the grammar of JSON has it, as the nearest `f64`.
pub(crate) fn float(spelled: &[u8]) -> Result<f64, DecodeError> {
    if let Some(number) = short_float(spelled) {
        return Ok(number);
    }
    match text(spelled).parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(Problem::OutOfRange { expected: "f64" }.into()),
    }
}

/// Reads a number of up to 15 digits without exponent: its digits and the power of ten that they are
/// divided by are both exact then, so the quotient is the nearest `f64` (Clinger's fast path).
fn short_float(spelled: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    let digits = spelled.strip_prefix(b"-").unwrap_or(spelled);
    if digits.len() > 16 {
        return None;
    }
    let (mut number, mut point) = (0_u64, digits.len());
    for (at, &digit) in digits.iter().enumerate() {
        match digit {
            b'0'..=b'9' => number = number * 10 + u64::from(digit - b'0'),
            b'.' => point = at + 1,
            _ => return None,
        }
    }
    if number >= 1 << 53 {
        return None;
    }
    let quotient = number as f64 / POWERS.get(digits.len() - point)?;
    Some(if digits.len() < spelled.len() {
        -quotient
    } else {
        quotient
    })
}

/// The grammar of numbers is ASCII, so this is never empty in its place.
fn text(spelled: &[u8]) -> &str {
    std::str::from_utf8(spelled).unwrap_or_default()
}
