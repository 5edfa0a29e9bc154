//! Lifetimes in the words of vendors: numbers of anything, moments, spans, and what a JWT says of itself.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::super::super::json::{Date, DateTime};
use super::super::read::{self, LONGEST, Members, Unit, Value, malformed};
use super::super::{Lifetime, Refusal};
use super::Counts;

/// The number from which on it tells a moment in seconds: no token lives for thirty years.
const MOMENT: f64 = 1e9;
/// The number from which on it tells a moment in milliseconds.
const MOMENT_IN_MILLISECONDS: f64 = 1e11;

/// Reads a lifetime; `null`, an empty text and no value at all say nothing.
pub(super) fn read(value: Option<&Value<'_>>, counts: Counts) -> Result<Lifetime, Refusal> {
    let text = value.and_then(Value::scalar);
    let text = text.as_ref().map_or("", |text| text.trim());
    let number = |unit| read::lifetime(value, unit);
    let many = |seconds: u32| {
        let minutes = number(Unit::Seconds)?;
        Ok(match minutes {
            Lifetime::In(count) => Lifetime::In(count.saturating_mul(seconds).min(LONGEST)),
            other => other,
        })
    };
    match counts {
        Counts::Milliseconds => number(Unit::Milliseconds),
        // Servers that should say a number may say a moment, and it is plain which.
        Counts::Seconds if is_moment(text) => moment(text),
        Counts::Seconds => number(Unit::Seconds),
        Counts::Minutes => number(Unit::Minutes),
        Counts::Hours => many(3_600),
        Counts::Days => many(86_400),
        Counts::EpochSeconds | Counts::EpochMilliseconds if is_moment(text) => moment(text),
        Counts::EpochSeconds => number(Unit::EpochSeconds),
        Counts::EpochMilliseconds => number(Unit::EpochMilliseconds),
        Counts::DateTime | Counts::Span | Counts::Unclear => match text.parse::<f64>() {
            Ok(count) if count >= MOMENT_IN_MILLISECONDS => number(Unit::EpochMilliseconds),
            Ok(count) if count >= MOMENT => number(Unit::EpochSeconds),
            Ok(_) => number(Unit::Seconds),
            Err(_) if value.is_some() && text.is_empty() => number(Unit::Seconds),
            Err(_) if text.is_empty() => Ok(Lifetime::Unstated),
            Err(_) if is_moment(text) => moment(text),
            Err(_) => span(text),
        },
    }
}

/// Whether a text begins as dates do: `2026-`.
fn is_moment(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-'
}

/// A moment. Without an offset it is in UTC, as servers mean it; one before 1970 has passed.
fn moment(text: &str) -> Result<Lifetime, Refusal> {
    let refused = || malformed("a lifetime in the answer is not a moment");
    let spelled: String = text.replacen(' ', "T", 1).replace(' ', "");
    let seconds = match spelled.parse::<Date>() {
        Ok(date) => date.unix_days().map(|days| days * 86_400),
        Err(_) => {
            let at = |text: &str| text.parse::<DateTime>().ok()?.unix_seconds();
            at(&spelled).or_else(|| at(&format!("{spelled}Z")))
        }
    };
    let seconds = seconds.ok_or_else(refused)?;
    let since = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    Ok(Lifetime::At(since))
}

/// A span: `3600s`, or days and less of ISO 8601. Months have no length.
fn span(text: &str) -> Result<Lifetime, Refusal> {
    let refused = || malformed("a lifetime in the answer is neither a number, a moment nor a span");
    if let Some(seconds) = text.strip_suffix('s')
        && let Some(span) = seconds_of(seconds, 1.0)
    {
        return Ok(Lifetime::In(span));
    }
    let rest = text.strip_prefix('P').ok_or_else(refused)?;
    let (days, times) = rest.split_once('T').unwrap_or((rest, ""));
    let mut total = Duration::ZERO;
    let parts = [
        (days, [('W', 604_800.0), ('D', 86_400.0), ('D', 86_400.0)]),
        (times, [('H', 3_600.0), ('M', 60.0), ('S', 1.0)]),
    ];
    let mut found = false;
    for (mut rest, units) in parts {
        for (mark, seconds) in units {
            if let Some((count, after)) = rest.split_once(mark) {
                let part = seconds_of(count, seconds).ok_or_else(refused)?;
                total = total.saturating_add(part);
                rest = after;
                found = true;
            }
        }
        if !rest.is_empty() {
            return Err(refused());
        }
    }
    match found {
        true => Ok(Lifetime::In(total.min(LONGEST))),
        false => Err(refused()),
    }
}

fn seconds_of(count: &str, seconds: f64) -> Option<Duration> {
    let plain = !count.is_empty()
        && count
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let count: f64 = plain.then(|| count.parse().ok())??;
    let span = Duration::try_from_secs_f64((count * seconds).floor());
    Some(span.unwrap_or(LONGEST).min(LONGEST))
}

/// What `exp` of a JWT says (RFC 7519, section 4.1.4); nothing if the token is none, or says nothing that can be read.
pub(super) fn of_jwt(token: &str) -> Lifetime {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Lifetime::Unstated;
    };
    let Ok(claims) = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')) else {
        return Lifetime::Unstated;
    };
    let claims = Zeroizing::new(claims);
    let Ok(members) = Members::json(&claims) else {
        return Lifetime::Unstated;
    };
    read::lifetime(members.get("exp"), Unit::EpochSeconds).unwrap_or_default()
}
