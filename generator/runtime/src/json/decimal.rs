//! Numbers of which every digit counts.

use std::fmt;
use std::str::FromStr;

use super::Slot;
use super::error::{DecodeError, Kind};
use super::reader::Reader;
use super::write::Writer;

/// A number that keeps its digits (`format: decimal`): `0.10` stays `0.10`. A program that calculates parses
/// [`Decimal::as_str`] with the decimal crate of its choice.
///
/// Two are equal if they are spelled alike.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(String);

/// A text that is not a decimal number. It does not show the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADecimal(());

impl Decimal {
    /// Returns the number as it is spelled, by the grammar of JSON (RFC 8259, section 6).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the nearest `f64`, which may be infinite.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for NotADecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number")
    }
}

impl std::error::Error for NotADecimal {}

impl FromStr for Decimal {
    type Err = NotADecimal;

    /// Reads a number of JSON. A plus before it is dropped, and a zero put before a point that stands first.
    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let plain = text.strip_prefix('+').unwrap_or(text);
        let text = match plain.strip_prefix("-.") {
            Some(fraction) => format!("-0.{fraction}"),
            None if plain.starts_with('.') => format!("0{plain}"),
            None => plain.to_owned(),
        };
        match is_number(text.as_bytes()) {
            true => Ok(Self(text)),
            false => Err(NotADecimal(())),
        }
    }
}

macro_rules! from_integers {
    ($($ty:ident),*) => {$(
        impl From<$ty> for Decimal {
            fn from(number: $ty) -> Self {
                Self(number.to_string())
            }
        }
    )*};
}

from_integers!(i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Written as a number; [`Quoted`](super::Quoted) writes it as a string.
impl Slot for Decimal {
    fn blank() -> Self {
        Self(String::from("0"))
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        let spelled = reader.number(Kind::Number)?;
        self.0.clear();
        self.0.push_str(std::str::from_utf8(spelled).unwrap_or("0"));
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        out.extend_from_slice(self.0.as_bytes());
    }
}

/// Whether the text is a number and nothing else, by the grammar of RFC 8259, section 6.
pub(crate) fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|c| c.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text[0] == b'0') {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    let [b'e' | b'E', exponent @ ..] = rest else {
        return rest.is_empty();
    };
    let exponent = match exponent {
        [b'+' | b'-', exponent @ ..] => exponent,
        exponent => exponent,
    };
    !exponent.is_empty() && digits(exponent) == exponent.len()
}
