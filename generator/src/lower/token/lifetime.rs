//! Lifetimes: which values tell how long a token lives, and what they count.

use serde_json::Value;

use super::super::secret::plain;
use super::members::{Member, scalar};
use crate::model::{Kind, LifetimeUnit, StringFormat, Type};

/// What a name says of a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// It counts from now: `expires_in`.
    In,
    /// It is a moment: `expires_at`.
    At,
    /// It may be either: `expires`.
    Either,
}

/// Whether a member tells how long a token lives, of which token, and how.
pub(super) fn of_member(types: &[Type], member: &Member<'_>) -> Option<(bool, LifetimeUnit)> {
    let (of_refresh, when) = when(&plain(&member.field.wire_name))?;
    let kind = match scalar(types, &member.field.schema) {
        Some(kind @ (Kind::Integer(_) | Kind::Number(_) | Kind::String(_) | Kind::Any)) => kind,
        _ => return None,
    };
    let docs = &member.field.docs;
    let example = docs
        .example
        .as_ref()
        .or(member.field.schema.default.as_ref());
    let said = docs.description.as_deref().or(docs.summary.as_deref());
    Some((
        of_refresh,
        unit(when, Some(kind), &member.field.wire_name, said, example),
    ))
}

pub(super) fn when(name: &str) -> Option<(bool, When)> {
    let (of_refresh, rest) = match name
        .strip_prefix("refreshtoken")
        .or_else(|| name.strip_prefix("refresh"))
    {
        Some(rest) => (true, rest),
        None => (false, name),
    };
    let rest = match rest.strip_prefix("jwt") {
        Some(rest) => rest,
        None => match rest.find("token") {
            Some(at) if rest[..at].len() <= 8 => &rest[at + "token".len()..],
            _ => rest
                .strip_prefix("access")
                .or_else(|| rest.strip_prefix("session"))
                .unwrap_or(rest),
        },
    };
    let when = match rest {
        "expiresin"
        | "expirein"
        | "expiresinseconds"
        | "expiresinsec"
        | "expiresinms"
        | "expiresinmilliseconds"
        | "expirationseconds"
        | "expiryseconds"
        | "ttl"
        | "ttlseconds"
        | "ttlsecs"
        | "lifetime"
        | "lifetimeseconds"
        | "lifespan"
        | "timetolive"
        | "validfor"
        | "validity"
        | "expirationinseconds"
        | "expiresafter"
        | "maxage"
        | "validityperiod"
        | "expirationin"
        | "expiryin"
        | "lifetimeinseconds"
        | "validityseconds"
        | "expireseconds"
        | "expiressec" => When::In,
        "expiresat"
        | "expireat"
        | "expirationdate"
        | "expirationtime"
        | "expiretime"
        | "expirestime"
        | "expirytime"
        | "expirydate"
        | "expiredate"
        | "expireson"
        | "expiryon"
        | "expiresondate"
        | "validuntil"
        | "validto"
        | "exp"
        | "expiresutc"
        | "expirationdatetime"
        | "expirydatetime"
        | "expirationtimestamp"
        | "expirytimestamp"
        | "expiretimestamp"
        | "expirestimestamp"
        | "expirationat"
        | "expiredat"
        | "expiryat"
        | "expiresdate" => When::At,
        "expires" | "expire" | "expiry" | "expiration" => When::Either,
        _ => return None,
    };
    Some((of_refresh, when))
}

pub(super) fn unit(
    when: When,
    kind: Option<&Kind>,
    name: &str,
    said: Option<&str>,
    example: Option<&Value>,
) -> LifetimeUnit {
    let text = format!("{name} {}", said.unwrap_or_default()).to_ascii_lowercase();
    let says = |wanted: &str| text.contains(wanted);
    let in_ms = says("millisecond") || says("in ms") || plain(name).ends_with("ms");
    match kind {
        Some(Kind::String(StringFormat::DateTime | StringFormat::Date)) => {
            return LifetimeUnit::DateTime;
        }
        Some(Kind::String(StringFormat::Plain))
            if said.is_some_and(|said| said.contains("ISO 8601 duration")) =>
        {
            return LifetimeUnit::Span;
        }
        _ => {}
    }
    let number = example.and_then(|value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    });
    if let Some(Value::String(text)) = example
        && number.is_none()
    {
        let is_span = text.starts_with('P')
            || (text.ends_with('s') && text.as_bytes().first().is_some_and(u8::is_ascii_digit));
        if is_span {
            return LifetimeUnit::Span;
        }
        if text.contains('-') && text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            return LifetimeUnit::DateTime;
        }
    }
    let epoch = || {
        if in_ms || number.is_some_and(|number| number >= 1e11) {
            LifetimeUnit::EpochMilliseconds
        } else {
            LifetimeUnit::EpochSeconds
        }
    };
    let is_epoch = ["epoch", "unix", "timestamp", "since 1970"]
        .iter()
        .any(|word| says(word))
        || number.is_some_and(|number| number >= 1e9);
    match when {
        When::In if number.is_some_and(|number| number >= 1e9) => epoch(),
        When::In if in_ms => LifetimeUnit::Milliseconds,
        When::In if says("second") => LifetimeUnit::Seconds,
        When::In if says("minute") => LifetimeUnit::Minutes,
        When::In if says("in hours") || says("of hours") => LifetimeUnit::Hours,
        When::In if says("in days") || says("of days") => LifetimeUnit::Days,
        When::In => LifetimeUnit::Seconds,
        When::At if matches!(kind, Some(Kind::String(StringFormat::Plain))) && !is_epoch => {
            LifetimeUnit::Unclear
        }
        When::At if is_epoch || in_ms => epoch(),
        When::Either if is_epoch => epoch(),
        When::Either
            if number.is_some() || says("second") || says("millisecond") || says("minute") =>
        {
            unit(When::In, kind, name, said, example)
        }
        When::At | When::Either => LifetimeUnit::Unclear,
    }
}
