//! How long things last: numbers in every spelling, and never for ever.

use std::time::Duration;

use super::super::super::json::Kind;
use super::super::{Lifetime, Refusal};
use super::{Value, malformed};

/// The longest that a token is taken to live: ten years. What claims more is cut to it.
pub const LONGEST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// The end of the year 9999, in seconds since 1970: no moment is later.
const LAST_MOMENT: u64 = 253_402_300_799;

/// What a number that tells a lifetime counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// Seconds from when the request was sent.
    Seconds,
    /// Milliseconds from when the request was sent.
    Milliseconds,
    /// Minutes from when the request was sent.
    Minutes,
    /// Seconds since 1970-01-01T00:00:00Z, at the end.
    EpochSeconds,
    /// Milliseconds since 1970-01-01T00:00:00Z, at the end.
    EpochMilliseconds,
}

/// Reads a lifetime: a number, or a string that holds one and nothing else. Fractions are cut off, so that a
/// token never lives longer than is said.
///
/// 0 is a token that has run out; more than [`LONGEST`] is cut to it; a missing value, `null` and an empty
/// string are [`Lifetime::Unstated`].
///
/// # Errors
/// The value is negative, not a number, or of another kind.
pub fn lifetime(value: Option<&Value<'_>>, unit: Unit) -> Result<Lifetime, Refusal> {
    let Some(count) = value.map(count).transpose()?.flatten() else {
        return Ok(Lifetime::Unstated);
    };
    let span = |duration: Duration| Lifetime::In(duration.min(LONGEST));
    let moment = |duration: Duration| Lifetime::At(duration.min(Duration::from_secs(LAST_MOMENT)));
    Ok(match unit {
        Unit::Seconds => span(Duration::from_secs(count)),
        Unit::Milliseconds => span(Duration::from_millis(count)),
        Unit::Minutes => span(Duration::from_secs(count.saturating_mul(60))),
        Unit::EpochSeconds => moment(Duration::from_secs(count)),
        Unit::EpochMilliseconds => moment(Duration::from_millis(count)),
    })
}

/// A count that is not negative; greater ones than fit are cut.
fn count(value: &Value<'_>) -> Result<Option<u64>, Refusal> {
    let refused = || malformed("a lifetime in the answer is negative or not a number");
    if value.kind() == Kind::Boolean {
        return Err(refused());
    }
    let spelled = value.scalar().ok_or_else(refused)?;
    let spelled = spelled.trim();
    if spelled.is_empty() {
        return Ok(None);
    }
    if let Ok(count) = spelled.parse() {
        return Ok(Some(count));
    }
    // Rust reads `inf` and `nan`, too.
    let is_numeric = |char: char| char.is_ascii_digit() || "+-.eE".contains(char);
    let number = spelled.parse::<f64>().ok();
    let number = number.filter(|number| spelled.chars().all(is_numeric) && *number >= 0.0);
    // A cast of a float cuts off its fraction and ends at the greatest integer.
    number.map(|number| Some(number as u64)).ok_or_else(refused)
}
