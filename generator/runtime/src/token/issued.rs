//! What a token endpoint hands out.

use std::fmt;
use std::time::Duration;

use super::super::Secret;

/// What a token endpoint issued, as its response says.
///
/// `Debug` shows neither the tokens nor what came beside them.
#[derive(Clone)]
#[non_exhaustive]
pub struct Issued {
    /// The token: one or more visible ASCII characters.
    pub access_token: Secret,
    /// How it is used.
    pub token_type: TokenType,
    /// How long it lives.
    pub lifetime: Lifetime,
    /// What renews it, if the response has one.
    pub refresh_token: Option<Secret>,
    /// How long the refresh token lives.
    pub refresh_lifetime: Lifetime,
    /// The scopes that were granted; `None` if the response does not say (RFC 6749, section 5.1: those asked for).
    pub scope: Option<Vec<String>>,
    /// Other texts and scalars of the response by name, such as `id_token` or a tenant; secret, since nobody knows.
    pub extra: Vec<(String, Secret)>,
}

impl Issued {
    /// A bearer token of which nothing else is known.
    #[must_use]
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self {
            access_token: access_token.into(),
            token_type: TokenType::Bearer,
            lifetime: Lifetime::Unstated,
            refresh_token: None,
            refresh_lifetime: Lifetime::Unstated,
            scope: None,
            extra: Vec::new(),
        }
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.extra.iter().map(|(name, _)| name).collect();
        f.debug_struct("Issued")
            .field("token_type", &self.token_type)
            .field("lifetime", &self.lifetime)
            .field("scope", &self.scope)
            .field("renewable", &self.refresh_token.is_some())
            .field("extra", &names)
            .finish_non_exhaustive()
    }
}

/// How a token is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenType {
    /// As RFC 6750 says.
    #[default]
    Bearer,
    /// As the API's description says: in a header or a parameter of its own.
    Custom,
}

/// How long a token lives, as its response says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifetime {
    /// The response does not say.
    #[default]
    Unstated,
    /// From when the request was sent.
    In(Duration),
    /// Until a moment, since 1970-01-01T00:00:00Z.
    At(Duration),
}
