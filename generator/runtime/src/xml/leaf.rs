//! Texts of elements and attributes as JSON values.

use super::super::json::write_text;
use super::Shape;
use super::member::{Member, Need};

/// What may stand for a text that is empty, where none can be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blank {
    Null,
    Text,
}

/// A text that is a member; of a list, its items with white space between them.
pub(super) fn of_text(text: &str, member: &Member, out: &mut Vec<u8>) {
    let blank = match member.need {
        Need::Required => Blank::Text,
        Need::Optional | Need::Nullable => Blank::Null,
    };
    let (Shape::List(_, of) | Shape::Places(_, _, of)) = &member.shape else {
        return leaf_json(text, &member.shape, blank, out);
    };
    out.push(b'[');
    for (at, item) in text.split_whitespace().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        leaf_json(item, of, Blank::Text, out);
    }
    out.push(b']');
}

/// A text as the JSON value of its shape. What is none is written as a text, so that reading it as the value
/// says what is wrong.
pub(super) fn leaf_json(text: &str, shape: &Shape, blank: Blank, out: &mut Vec<u8>) {
    let trimmed = text.trim();
    let is_number = matches!(shape, Shape::Number | Shape::Bool);
    let is_plain = matches!(shape, Shape::Text | Shape::Any);
    if trimmed.is_empty() && !is_plain && (is_number || blank == Blank::Null) {
        out.extend_from_slice(b"null");
        return;
    }
    match shape {
        Shape::Number => match number(trimmed) {
            Some(number) => out.extend_from_slice(number.as_bytes()),
            None => write_text(trimmed, out),
        },
        Shape::Bool => match boolean(trimmed) {
            Some(true) => out.extend_from_slice(b"true"),
            Some(false) => out.extend_from_slice(b"false"),
            None => write_text(trimmed, out),
        },
        Shape::OneOf(values) => match one_of(trimmed, values) {
            Some(value) => out.extend_from_slice(value.as_bytes()),
            None => write_text(trimmed, out),
        },
        Shape::Token => write_text(trimmed, out),
        _ => write_text(text, out),
    }
}

/// A number as JSON spells it (XML Schema also has `+1`, `01`, `.5` and `5.`).
pub(super) fn number(text: &str) -> Option<String> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let at = rest.find(['e', 'E']).unwrap_or(rest.len());
    let (digits, exponent) = rest.split_at(at);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let power = exponent.get(1..).unwrap_or_default();
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    if !exponent.is_empty() && (power.is_empty() || !all_digits(power)) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}{exponent}"))
}

pub(super) fn boolean(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if is("true") => Some(true),
        _ if is("false") => Some(false),
        _ => None,
    }
}

/// The JSON value that a text spells.
pub(super) fn one_of(text: &str, values: &[&'static str]) -> Option<&'static str> {
    let spells = |value: &&&str| value.trim_matches('"') == text;
    values.iter().find(spells).copied()
}

impl Shape {
    pub(super) fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// Whether the shape is a text, with nothing in it.
    pub(super) fn is_leaf(&self) -> bool {
        matches!(
            self,
            Self::Text | Self::Token | Self::Number | Self::Bool | Self::OneOf(_)
        )
    }
}
