//! Where in a document something stands: a JSON pointer (RFC 6901).

use std::borrow::Borrow;
use std::fmt;

/// A JSON pointer (RFC 6901) into a document, such as `/paths/~1token/post`.
///
/// Tokens are kept escaped, so joining is cheap and printing is free.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads the text of a pointer, with or without the leading `#` of a URI fragment.
    ///
    /// Percent-encoding is not undone here: a `$ref` is decoded where it is read.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.strip_prefix('#').unwrap_or(text);
        if text.is_empty() || text.starts_with('/') {
            Self(text.to_owned())
        } else {
            Self(format!("/{text}"))
        }
    }

    /// Points at member `key` of what this points at.
    #[must_use]
    pub fn push(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + key.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        let mut rest = key;
        while let Some(at) = rest.find(['~', '/']) {
            text.push_str(&rest[..at]);
            text.push_str(if rest[at..].starts_with('~') {
                "~0"
            } else {
                "~1"
            });
            rest = &rest[at + 1..];
        }
        text.push_str(rest);
        Self(text)
    }

    /// Points at element `index` of what this points at.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The pointer to what holds this, or `None` for the whole document.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|at| Self(self.0[..at].to_owned()))
    }

    /// The unescaped tokens, from the outside in.
    pub fn tokens(&self) -> impl Iterator<Item = String> + '_ {
        self.0
            .split('/')
            .skip(1)
            .map(|token| match token.contains('~') {
                true => token.replace("~1", "/").replace("~0", "~"),
                false => token.to_owned(),
            })
    }

    /// The escaped text, empty for the whole document.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Pointer {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
