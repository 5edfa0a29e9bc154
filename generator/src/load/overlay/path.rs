//! Where something stands, as a JSONPath query (RFC 9535) that people can read.

use super::list::Name;

/// A query that selects one node.
#[derive(Clone, Debug)]
pub(super) struct Path(String);

impl Path {
    pub(super) fn root() -> Self {
        Self("$".to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// A member of the object: `$.info`, `$.paths['/pets']`.
    pub(super) fn member(&self, key: &str) -> Self {
        Self(format!("{}{}", self.0, segment(key)))
    }

    /// An element of the list by its place.
    pub(super) fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// An element of the list by its name: `$.tags[?@.name == 'pets']`.
    pub(super) fn filter(&self, name: &Name<'_>) -> Self {
        let tests = name
            .iter()
            .map(|(key, value)| format!("@{} == {}", segment(key), quoted(value)));
        Self(format!(
            "{}[?{}]",
            self.0,
            tests.collect::<Vec<_>>().join(" && ")
        ))
    }

    /// An element of a list of texts: `$.required[?@ == 'name']`.
    pub(super) fn element(&self, text: &str) -> Self {
        Self(format!("{}[?@ == {}]", self.0, quoted(text)))
    }
}

/// A member's step: by the shorthand of RFC 9535, section 2.5.1, where its name allows that.
fn segment(key: &str) -> String {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
    let plain = key.starts_with(starts) && key.chars().all(|c| starts(c) || c.is_ascii_digit());
    if plain {
        format!(".{key}")
    } else {
        format!("[{}]", quoted(key))
    }
}

/// A text between single quotes, as RFC 9535, section 2.3.1.1, has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}
