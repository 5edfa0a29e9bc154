//! A text that must not be seen: a password, a token, a key.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A text that is wiped from memory when dropped and that no `Debug` shows.
///
/// There is deliberately no `Display`, `PartialEq`, `Hash`, `Deref` or `serde::Serialize`: the one
/// way to its text is [`Secret::expose`], which is easy to search for. It is written in requests,
/// as the specification of the API wants, and can be read back from a configuration file with serde.
#[derive(Clone, Default)]
pub struct Secret(SecretString);

impl Secret {
    /// Returns the text itself. Keep it no longer than needed, and out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl From<String> for Secret {
    /// Takes the text over. What `String` had reserved beyond its length is given back unwiped.
    fn from(text: String) -> Self {
        Self(SecretString::from(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(SecretString::from(text))
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer).map(Self::from)
    }
}
