//! Media types of responses: what came, and which of those that are declared it is.

use http::header::{self, HeaderMap};

/// The family of formats that several media types are in: what is declared as one is read as another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Json,
    Xml,
    Other,
}

/// A media type, such as `application/json; charset=utf-8` (RFC 9110, section 8.3.1).
#[derive(Clone, Copy)]
pub(super) struct MediaType<'a>(&'a str);

impl<'a> MediaType<'a> {
    /// What a response says that its body is; empty if it does not say, or not in ASCII.
    pub(super) fn of(headers: &'a HeaderMap) -> Self {
        let value = headers.get(header::CONTENT_TYPE);
        Self(
            value
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default(),
        )
    }

    /// Type and subtype as they were written.
    fn written(self) -> &'a str {
        self.0.split(';').next().unwrap_or_default().trim()
    }

    /// Type and subtype in lower case, without parameters.
    pub(super) fn essence(self) -> String {
        self.written().to_ascii_lowercase()
    }

    /// Whether the response does not say what its body is.
    pub(super) fn is_missing(self) -> bool {
        self.written().is_empty()
    }

    /// Whether it is `text/plain`, which servers also say of what they have no better word for.
    pub(super) fn is_plain_text(self) -> bool {
        self.written().eq_ignore_ascii_case("text/plain")
    }

    /// Whether it is `text/html`: a page for people.
    pub(super) fn is_page(self) -> bool {
        self.written().eq_ignore_ascii_case("text/html")
    }

    /// The value of a parameter, without its quotes.
    pub(super) fn parameter(self, name: &str) -> Option<&'a str> {
        self.parameters()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    fn parameters(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = self.0.split(';').skip(1);
        pairs.filter_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let value = value.trim();
            let bare = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
            Some((name.trim(), bare.unwrap_or(value)))
        })
    }

    fn family(self) -> Family {
        let essence = self.essence();
        let subtype = essence.rsplit('/').next().unwrap_or_default();
        let suffix = subtype.rsplit('+').next().unwrap_or_default();
        match (subtype, suffix) {
            ("json", _) | (_, "json") => Family::Json,
            ("xml", _) | (_, "xml") => Family::Xml,
            _ => Family::Other,
        }
    }

    /// How well this is what is declared; 0 if it is something else.
    fn fits(self, declared: MediaType<'_>) -> usize {
        let (own, other) = (self.essence(), declared.essence());
        if own.is_empty() {
            return 0;
        }
        if own == other {
            let agrees = |(name, value): (&str, &str)| {
                let said = self.parameter(name);
                said.is_some_and(|said| said.eq_ignore_ascii_case(value))
            };
            let (same, differ): (Vec<_>, Vec<_>) = declared.parameters().partition(|p| agrees(*p));
            return if differ.is_empty() { 5 + same.len() } else { 4 };
        }
        let family = self.family();
        if family != Family::Other && family == declared.family() {
            return 3;
        }
        match other.strip_suffix('*') {
            Some("*/") => 1,
            Some(prefix) if own.starts_with(prefix) => 2,
            _ => 0,
        }
    }

    /// Which of the declared media types this is: the same one, else one of the same format (RFC 6839), else
    /// a range that holds it. The first, if it is none of them or nothing is said.
    pub(super) fn choose(self, declared: &[&str]) -> usize {
        let mut best = (0, 0);
        for (index, declared) in declared.iter().enumerate() {
            let fit = self.fits(MediaType(declared));
            if fit > best.0 {
                best = (fit, index);
            }
        }
        best.1
    }
}
