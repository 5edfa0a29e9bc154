//! Texts and numbers within their limits.

use super::super::example::placeholder;
use super::super::{patterns, rules};
use crate::model::{Kind, Limits, Schema, StringFormat};
use serde_json::{Number, Value};

/// The longest text that an example is given to keep to limits, in bytes.
const LONGEST_HINT: usize = 120;

/// What follows a text that is too short: what keys look like.
const PADDING: &str = "-0123456789abcdef";

/// Seconds that what expires lives, where nobody says.
pub(super) const LIFETIME: i64 = 3600;

/// What an example gives a scalar, where its limits allow less than any text or number.
pub(in super::super) fn hint(schema: &Schema, name: &str) -> Option<String> {
    rules::said(&schema.limits).next()?;
    let (value, usual) = match &schema.kind {
        Kind::String(StringFormat::Plain | StringFormat::Secret) => {
            let usual = placeholder(name);
            (text(&schema.limits, &usual)?, usual)
        }
        Kind::Integer(_) => (
            number(&schema.limits, name, 0, 1.0).to_string(),
            "1".to_owned(),
        ),
        _ => return None,
    };
    (value != usual && value.len() <= LONGEST_HINT).then_some(value)
}

/// A text that keeps to limits, the wanted one if it does. `None` if none was found.
fn text(limits: &Limits, wanted: &str) -> Option<String> {
    let said: Vec<(&str, &Value)> = rules::said(limits).collect();
    let get = |word: &str| said.iter().find(|(known, _)| *known == word);
    let count = |word: &str| get(word).and_then(|(_, value)| value.as_u64());
    let word = |word: &str| get(word).and_then(|(_, value)| value.as_str());
    let (least, most) = (count("minLength").unwrap_or(0), count("maxLength"));
    let most = most.unwrap_or(u64::MAX);
    let fits = |text: &str| {
        (least..=most).contains(&(text.chars().count() as u64))
            && word("pattern").is_none_or(|pattern| patterns::matches(pattern, text))
    };
    let of_format = word("format").and_then(of_format).unwrap_or(wanted);
    for text in [wanted, of_format] {
        if fits(text) && (word("format").is_none() || text == of_format) {
            return Some(text.to_owned());
        }
    }
    if let Some(pattern) = word("pattern") {
        return patterns::instances(pattern).find(|text| fits(text));
    }
    let least = usize::try_from(least).ok().filter(|least| *least <= 4096)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let missing = least.saturating_sub(of_format.chars().count());
    let padding = PADDING.chars().take(1).chain(PADDING[1..].chars().cycle());
    Some(
        of_format
            .chars()
            .chain(padding.take(missing))
            .take(most)
            .collect(),
    )
}

fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2026-01-31T12:00:00Z",
        "date" => "2026-01-31",
        "time" => "12:00:00Z",
        "duration" => "P1D",
        "uuid" => "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "email" | "idn-email" => "someone@example.com",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/",
        "hostname" | "idn-hostname" => "www.example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "json-pointer" => "/member",
        "regex" => "^.*$",
        "byte" => "Y29udGVudA==",
        _ => return None,
    })
}

/// A text of a format and its limits.
pub(super) fn string(
    format: StringFormat,
    limits: &Limits,
    name: &str,
    nth: usize,
) -> Option<String> {
    let fixed = match format {
        StringFormat::Base64 => "Y29udGVudA==",
        StringFormat::DateTime => "2026-01-31T12:00:00Z",
        StringFormat::Date => "2026-01-31",
        StringFormat::Uuid => "67e55044-10b1-426f-9247-bb680e5fe0c8",
        StringFormat::Integer(_) => "1",
        StringFormat::Decimal => "1.50",
        StringFormat::Plain | StringFormat::Secret | StringFormat::Binary => {
            let mut wanted = placeholder(name);
            if nth > 0 {
                wanted = format!("{wanted}-{nth}");
            }
            return text(limits, &wanted);
        }
    };
    Some(fixed.to_owned())
}

/// Whether a member says how long something lives.
pub(super) fn expires(name: &str) -> bool {
    name.to_ascii_lowercase().contains("expires")
}

/// A number within its limits; `unit` is 1 for whole ones and 0 for others.
pub(super) fn number(limits: &Limits, name: &str, nth: usize, unit: f64) -> Value {
    let get = |word: &str| {
        let found = rules::said(limits).find(|(known, _)| *known == word);
        found.and_then(|(_, value)| value.as_f64())
    };
    let mut wanted = if expires(name) { LIFETIME as f64 } else { 1.0 } + nth as f64;
    let step = get("multipleOf").filter(|step| *step > 0.0).unwrap_or(unit);
    let inside = if step > 0.0 { step } else { 0.5 };
    let least = get("minimum").or(get("exclusiveMinimum").map(|least| least + inside));
    let most = get("maximum").or(get("exclusiveMaximum").map(|most| most - inside));
    if let Some(most) = most {
        wanted = wanted.min(most);
    }
    if let Some(least) = least {
        wanted = wanted.max(least);
    }
    if step > 0.0 {
        let up = (wanted / step).ceil() * step;
        let is_over = most.is_some_and(|most| up > most);
        wanted = if is_over {
            (wanted / step).floor() * step
        } else {
            up
        };
    }
    if wanted.fract() == 0.0 && wanted.abs() < 9e15 {
        return Value::from(wanted as i64);
    }
    Number::from_f64(wanted).map_or(Value::from(1), Value::Number)
}
