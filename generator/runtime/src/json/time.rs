//! Dates and times as texts that are known to be well formed (RFC 3339).
//!
//! They keep the spelling, so offset and digits survive a round trip, and cost no dependency: a
//! program with a calendar crate of its own parses [`DateTime::as_str`] with it. What a program makes is
//! well formed; what a server sends is kept as it is, for one odd date should not cost a whole answer.

use std::fmt;
use std::str::FromStr;

use super::Slot;
use super::error::{DecodeError, Problem};
use super::reader::{Manner, Reader};
use super::write::{Writer, write_text};

/// A date and time (RFC 3339, section 5.6), such as `2024-02-29T23:59:60.5+01:00`; the offset from UTC may
/// be missing (ISO 8601, local time).
///
/// Two are equal if they are spelled alike; compare [`DateTime::unix_seconds`] for the same moment. One that
/// was read may be spelled in any way.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DateTime(String);

/// A day of the Gregorian calendar (RFC 3339, section 5.6, `full-date`), such as `2024-02-29`. Days are
/// ordered. One that was read may be spelled in any way.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(String);

/// A text that is not a date, or not a date and time, of RFC 3339. It does not show the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATime(&'static str);

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}", self.0)
    }
}

impl std::error::Error for NotATime {}

const DATE_TIME: &str = "a date-time of RFC 3339";
const DATE: &str = "a date of RFC 3339";

impl DateTime {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the whole seconds since 1970-01-01T00:00:00Z, before which they are negative. A leap
    /// second counts as the first second of the next minute. `None` if the text has no offset or is not a
    /// date-time.
    #[must_use]
    pub fn unix_seconds(&self) -> Option<i64> {
        let (local, offset) = moment(self.0.as_bytes())?;
        Some(local - offset?)
    }
}

impl Date {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the days since 1970-01-01, before which they are negative. `None` if the text is not a date.
    #[must_use]
    pub fn unix_days(&self) -> Option<i64> {
        day(self.0.as_bytes())
    }
}

macro_rules! spelled {
    ($ty:ident, $check:ident, $blank:literal, $expected:ident) => {
        impl FromStr for $ty {
            type Err = NotATime;

            fn from_str(text: &str) -> Result<Self, NotATime> {
                match $check(text.as_bytes()) {
                    Some(_) => Ok(Self(text.to_owned())),
                    None => Err(NotATime($expected)),
                }
            }
        }

        impl fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Slot for $ty {
            fn blank() -> Self {
                Self(String::from($blank))
            }
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
                let exact = reader.manner() == Manner::Exact;
                let text = reader.text()?;
                if exact && $check(text.as_bytes()).is_none() {
                    return Err(Problem::NotA {
                        expected: $expected,
                    }
                    .into());
                }
                self.0.clear();
                self.0.push_str(text);
                Ok(())
            }
            fn write(&self, out: &mut Writer<'_>) {
                write_text(&self.0, out);
            }
        }
    };
}

spelled!(DateTime, moment, "1970-01-01T00:00:00Z", DATE_TIME);
spelled!(Date, day, "1970-01-01", DATE);

/// Returns the seconds since 1970 by the clock there, and the seconds that it is ahead of UTC, of a text
/// that is a `date-time`. A space may stand for the `T` (RFC 3339, section 5.6, notes); the offset may be
/// missing.
fn moment(text: &[u8]) -> Option<(i64, Option<i64>)> {
    let (date, rest) = text.split_at_checked(10)?;
    let (clock, rest) = rest.split_at_checked(9)?;
    let [b'T' | b't' | b' ', h1, h2, b':', m1, m2, b':', s1, s2] = *clock else {
        return None;
    };
    let hour = digits(&[h1, h2], 23)?;
    let minute = digits(&[m1, m2], 59)?;
    let second = digits(&[s1, s2], 60)?;
    let offset = match *without_fraction(rest)? {
        [] => None,
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let away = digits(&[h1, h2], 23)? * 3600 + digits(&[m1, m2], 59)? * 60;
            Some(if sign == b'-' { -away } else { away })
        }
        _ => return None,
    };
    let local = ((day(date)? * 24 + hour) * 60 + minute) * 60 + second;
    Some((local, offset))
}

fn without_fraction(text: &[u8]) -> Option<&[u8]> {
    let Some(fraction) = text.strip_prefix(b".") else {
        return Some(text);
    };
    let len = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
    (len > 0).then(|| &fraction[len..])
}

/// Returns the days since 1970 of a text that is a `full-date`.
fn day(text: &[u8]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else {
        return None;
    };
    let year = digits(&[y1, y2, y3, y4], 9999)?;
    let month = digits(&[m1, m2], 12)?;
    let of_month = digits(&[d1, d2], 31)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        0 => return None,
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if of_month == 0 || of_month > length {
        return None;
    }
    // A year that begins in March has its leap day at the end.
    let year = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + of_month - 1;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(year * 365 + leaps + of_year - 719_468)
}

fn digits(text: &[u8], most: i64) -> Option<i64> {
    let mut number = 0;
    for &digit in text {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
    }
    (number <= most).then_some(number)
}
