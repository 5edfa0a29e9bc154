//! Texts that a schema allows.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value};

use super::values::Words;

/// Texts of each format.
#[rustfmt::skip]
const FORMATS: &[(&str, &[&str])] = &[
    ("date-time", &["2026-01-31T12:00:00Z", "2026-02-01T08:30:00.5Z", "2026-03-01T00:00:00+02:00"]),
    ("date",      &["2026-01-31", "2026-02-01", "2024-02-29"]),
    ("time",      &["12:00:00Z", "08:30:00Z", "23:59:59Z"]),
    ("duration",  &["P1DT2H", "PT15M", "P3W"]),
    ("uuid",      &["67e55044-10b1-426f-9247-bb680e5fe0c8", "0d8f23a0-697f-43ae-802e-48f3756dd729"]),
    ("byte",      &["Y29udGVudA==", "bW9yZQ=="]),
    ("email",     &["mira@example.com", "ada@example.org"]),
    ("uri",       &["https://example.com/a?b=c", "https://example.org/"]),
    ("url",       &["https://example.com/a?b=c", "https://example.org/"]),
    ("uri-reference", &["/a?b=c", "/d"]),
    ("hostname",  &["example.com", "example.org"]),
    ("ipv4",      &["192.0.2.1", "192.0.2.2"]),
    ("ipv6",      &["2001:db8::1", "2001:db8::2"]),
    ("ip",        &["192.0.2.1", "192.0.2.2"]),
    ("decimal",   &["1.50", "2"]),
    ("int32",     &["1", "2"]),
    ("int64",     &["1", "2"]),
    ("json-pointer", &["/a/b", "/c"]),
    ("regex",     &["^a+$", "b"]),
];

/// Texts that nothing is said about, with characters that have to be encoded in a URL, a form, a header or JSON.
const ANY: &[&str] = &[
    "a b&c=d/e?f#g+h%25;i\"j",
    "[k]{l}|m\\n^o~p'q(r)*s!t$u@v:w",
    "plain",
];

const LETTERS: &[&str] = &["text", "more", "others"];

/// How many texts are drawn for a pattern until one is as long as it should be.
const DRAWS: usize = 40;

/// The `salt`th text that a schema allows; `None` if none is found.
pub(super) fn text(flat: &Map<String, Value>, words: Words, salt: usize) -> Option<String> {
    let bound = |key| flat.get(key).and_then(Value::as_u64);
    let length = |key| bound(key).and_then(|bound| usize::try_from(bound).ok());
    let (least, most) = (
        length("minLength").unwrap_or(0),
        length("maxLength").unwrap_or(usize::MAX),
    );
    if let Some(pattern) = flat.get("pattern").and_then(Value::as_str)
        && let Some(text) = of_pattern(pattern, least, most, salt)
    {
        return Some(text);
    }
    let format = flat
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let known = FORMATS.iter().find(|(name, _)| *name == format);
    let list = match (known, words) {
        (Some((_, texts)), _) => texts,
        (None, Words::Any) => ANY,
        (None, Words::Letters) => LETTERS,
    };
    let mut text = list[salt % list.len()].to_owned();
    if known.is_none() {
        while text.chars().count() < least.min(100_000) {
            text.push('x');
        }
        text = text.chars().take(most).collect();
        let end = text.trim_end().len();
        text.truncate(usize::max(end, usize::from(end == 0)));
    }
    Some(text)
}

/// A text that matches a pattern and is as long as it should be.
fn of_pattern(pattern: &str, least: usize, most: usize, salt: usize) -> Option<String> {
    let unanchored = pattern.strip_prefix('^').unwrap_or(pattern);
    let unanchored = unanchored.strip_suffix('$').unwrap_or(unanchored);
    // Any character may be one that no header holds.
    let plain = unanchored
        .replace(".*", "[a-z]{0,8}")
        .replace(".+", "[a-z]{1,8}");
    let strategy = string_regex(&plain)
        .ok()
        .or_else(|| string_regex(unanchored).ok())?;
    let mut runner = TestRunner::deterministic();
    let mut drawn = Vec::new();
    for _ in 0..DRAWS {
        let text = strategy.new_tree(&mut runner).ok()?.current();
        if (least..=most).contains(&text.chars().count()) && !drawn.contains(&text) {
            drawn.push(text);
        }
    }
    // Texts that need no encoding come first: what is not said must not be what fails.
    drawn.sort_by_key(|text| {
        (
            !text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            text.is_empty(),
        )
    });
    drawn.into_iter().nth(salt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_keep_to_what_their_schemas_say() {
        #[rustfmt::skip]
        let table = [
            json!({ "pattern": "^[A-Z]{3}$" }),
            json!({ "pattern": "^\\d{2}-\\d{2}$", "maxLength": 5 }),
            json!({ "minLength": 40 }),
            json!({ "maxLength": 1 }),
        ];
        let lengths = [3, 5, 40, 1];
        for (schema, length) in table.iter().zip(lengths) {
            let map = schema.as_object().expect("a schema is an object");
            let text = text(map, Words::Any, 0).expect("there is a text");
            assert_eq!(text.chars().count(), length, "{schema}: {text}");
        }
    }
}
