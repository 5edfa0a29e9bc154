//! Assertions: texts that a client signs to say who it is, or whom it acts for (RFC 7521, RFC 7523).

use std::time::Duration;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::super::super::{BuildError, Secret};
use super::super::{Clock, Identity};
use super::entropy::{Entropy, unguessable};

/// How long an assertion is good for.
const LIFETIME: Duration = Duration::from_secs(60);

/// Claims that are set for every assertion and cannot be given by name.
const REGISTERED: [&str; 7] = ["aud", "exp", "iat", "iss", "jti", "nbf", "sub"];

/// What an assertion says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AssertionClaims {
    /// `iss`: who says it.
    pub issuer: String,
    /// `sub`: whom it is about.
    pub subject: Option<String>,
    /// `aud`: to whom it is said; one text and no list, so that no other server can take it for its own.
    pub audience: String,
    /// `jti`: never the same twice.
    pub id: String,
    /// `iat`, since 1970-01-01T00:00:00Z.
    pub issued_at: Duration,
    /// `exp`, since 1970-01-01T00:00:00Z.
    pub expires_at: Duration,
    /// Claims beside these.
    pub others: Vec<(String, Value)>,
}

impl AssertionClaims {
    /// The claims as the JSON of a JWT.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        for (name, value) in &self.others {
            put(name, value.clone());
        }
        put("iss", self.issuer.as_str().into());
        if let Some(subject) = &self.subject {
            put("sub", subject.as_str().into());
        }
        put("aud", self.audience.as_str().into());
        put("jti", self.id.as_str().into());
        put("iat", self.issued_at.as_secs().into());
        put("exp", self.expires_at.as_secs().into());
        Zeroizing::new(Value::Object(claims).to_string().into_bytes())
    }
}

/// Signs assertions, with an algorithm that its maker chose.
///
/// `JwtSigner`, behind the feature `jwt`, is one with the key in memory; implement it for keys that are
/// elsewhere. It is called anew for every attempt, as servers refuse an assertion that they have seen.
pub trait AssertionSigner: Send + Sync + 'static {
    /// The signed text.
    ///
    /// # Errors
    /// It cannot be signed; nothing is sent then. The error's text holds no key.
    fn sign(&self, claims: &AssertionClaims) -> Result<Secret, BuildError>;

    /// Tells which key signs, and how.
    fn identify(&self, identity: &mut Identity);
}

/// What of an assertion stays the same from attempt to attempt.
#[derive(Clone)]
pub(super) struct Statement {
    pub(super) issuer: String,
    pub(super) subject: Option<String>,
    pub(super) audience: String,
    pub(super) others: Vec<(String, Value)>,
}

impl Statement {
    /// The claims of one attempt.
    pub(super) fn now(
        &self,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<AssertionClaims, BuildError> {
        let issued_at = clock.now().wall;
        Ok(AssertionClaims {
            issuer: self.issuer.clone(),
            subject: self.subject.clone(),
            audience: self.audience.clone(),
            id: unguessable(entropy)?.expose().to_owned(),
            issued_at,
            expires_at: issued_at.saturating_add(LIFETIME),
            others: self.others.clone(),
        })
    }
}

/// Whether a claim is set for every assertion.
pub(super) fn is_registered(claim: &str) -> bool {
    REGISTERED.contains(&claim)
}
