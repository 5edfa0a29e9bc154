//! What the fleet writes into its store, before it is sealed.

use std::fmt;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::Secret;
use super::{Issued, Lifetime, TokenType};

/// What lies under a key.
#[derive(Clone)]
pub(super) enum Deposit {
    /// A token, and how long before it was committed its request was sent.
    Token { issued: Issued, waited: Duration },
    /// The family of this refresh token is no longer good: nobody needs to present it.
    Spent { refresh_token: Fingerprint },
}

impl fmt::Debug for Deposit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token { .. } => "Token(..)",
            Self::Spent { .. } => "Spent(..)",
        })
    }
}

/// A digest by which a refresh token is known again; it is only ever written sealed.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(token: &Secret) -> Self {
        Self(Sha256::digest(token.expose()).into())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written<T, S> {
    Token {
        access_token: S,
        custom: bool,
        lifetime: Life,
        refresh_token: Option<S>,
        refresh_lifetime: Life,
        scope: Option<Vec<T>>,
        extra: Vec<(T, S)>,
        waited_ms: u64,
    },
    Spent {
        refresh_token: Fingerprint,
    },
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Life {
    Unstated,
    InMs(u64),
    AtMs(u64),
}

impl From<Lifetime> for Life {
    fn from(lifetime: Lifetime) -> Self {
        match lifetime {
            Lifetime::Unstated => Self::Unstated,
            Lifetime::In(time) => Self::InMs(millis(time)),
            Lifetime::At(moment) => Self::AtMs(millis(moment)),
        }
    }
}

impl From<Life> for Lifetime {
    fn from(life: Life) -> Self {
        match life {
            Life::Unstated => Self::Unstated,
            Life::InMs(time) => Self::In(Duration::from_millis(time)),
            Life::AtMs(moment) => Self::At(Duration::from_millis(moment)),
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Deposit {
    /// The bytes to seal.
    pub(super) fn write(&self) -> Zeroizing<Vec<u8>> {
        let written = match self {
            Self::Token { issued, waited } => Written::Token {
                access_token: issued.access_token.expose(),
                custom: issued.token_type == TokenType::Custom,
                lifetime: issued.lifetime.into(),
                refresh_token: issued.refresh_token.as_ref().map(Secret::expose),
                refresh_lifetime: issued.refresh_lifetime.into(),
                scope: issued
                    .scope
                    .as_ref()
                    .map(|scopes| scopes.iter().map(String::as_str).collect()),
                extra: issued
                    .extra
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.expose()))
                    .collect(),
                waited_ms: millis(*waited),
            },
            Self::Spent { refresh_token } => Written::Spent {
                refresh_token: *refresh_token,
            },
        };
        // Counted first, so that no half-grown buffer with a token in it is given back unwiped.
        let mut length = Length(0);
        let counted = serde_json::to_writer(&mut length, &written);
        let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
        counted
            .and_then(|()| serde_json::to_writer(&mut *bytes, &written))
            .expect("texts and numbers can be written as JSON");
        bytes
    }

    /// What [`write`](Self::write) wrote; `None` if it is something else, such as from another version.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let written: Written<String, Secret> = serde_json::from_slice(bytes).ok()?;
        Some(match written {
            Written::Token {
                access_token,
                custom,
                lifetime,
                refresh_token,
                refresh_lifetime,
                scope,
                extra,
                waited_ms,
            } => {
                let mut issued = Issued::new(access_token);
                if custom {
                    issued.token_type = TokenType::Custom;
                }
                issued.lifetime = lifetime.into();
                issued.refresh_token = refresh_token;
                issued.refresh_lifetime = refresh_lifetime.into();
                issued.scope = scope;
                issued.extra = extra;
                Self::Token {
                    issued,
                    waited: Duration::from_millis(waited_ms),
                }
            }
            Written::Spent { refresh_token } => Self::Spent { refresh_token },
        })
    }
}

/// Counts what is written.
struct Length(usize);

impl std::io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
