//! Access tokens as they are handed out: ready to be sent, and shown to nobody.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

use super::super::Secret;
use super::{Issued, Now, TokenType};

/// A token that a source handed out. Cloning it is cheap; the text is wiped from memory with the last clone.
#[derive(Clone)]
pub struct AccessToken(Arc<Held>);

/// Tells tokens apart without their text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenId(u64);

/// When a token is renewed, and until when it is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) refresh_at: Now,
    pub(super) serve_until: Now,
    pub(super) expires: Now,
}

/// What all clones of a token share.
pub(super) struct Held {
    id: TokenId,
    times: Times,
    token_type: TokenType,
    header: HeaderValue,
    /// Where the token begins in the header's value.
    starts: usize,
    granted: Option<Box<[String]>>,
    requested: Box<[String]>,
    extra: Box<[(String, Secret)]>,
    /// From when on a reader has to ask the machine what to do, in nanoseconds of the clock that never steps.
    look_at: AtomicU64,
}

/// What stands beside a token.
#[derive(Default, serde::Deserialize)]
pub(super) struct Beside {
    granted: Option<Box<[String]>>,
    requested: Box<[String]>,
    extra: Box<[(String, Secret)]>,
}

impl Beside {
    /// Reads what [`AccessToken::beside`] wrote.
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }
}

/// The value of the header that sends a token, and where in it the token begins.
fn header(token_type: TokenType, text: &str) -> Result<(HeaderValue, usize), Unsendable> {
    let scheme = match token_type {
        TokenType::Bearer => "Bearer ",
        TokenType::Custom => "",
    };
    let mut line = Zeroizing::new(Vec::with_capacity(scheme.len() + text.len()));
    line.extend_from_slice(scheme.as_bytes());
    line.extend_from_slice(text.as_bytes());
    let mut header =
        HeaderValue::from_maybe_shared(Bytes::from_owner(line)).map_err(|_invalid| Unsendable)?;
    header.set_sensitive(true);
    Ok((header, scheme.len()))
}

/// The text is not one that can be sent.
#[derive(Debug)]
pub(super) struct Unsendable;

impl AccessToken {
    /// A token out of what was issued.
    pub(super) fn new(
        id: TokenId,
        times: Times,
        issued: Issued,
        requested: &[String],
    ) -> Result<Self, Unsendable> {
        let text = issued.access_token.expose();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Unsendable);
        }
        let (header, starts) = header(issued.token_type, text)?;
        Ok(Self(Arc::new(Held {
            id,
            times,
            token_type: issued.token_type,
            header,
            starts,
            granted: issued.scope.map(Vec::into_boxed_slice),
            requested: requested.into(),
            extra: issued.extra.into_boxed_slice(),
            look_at: AtomicU64::new(nanos(times.refresh_at.mono)),
        })))
    }

    /// A token that was one before, so that its text can be sent.
    pub(super) fn again(
        id: TokenId,
        times: Times,
        token_type: TokenType,
        text: &str,
        beside: Option<Beside>,
    ) -> Self {
        let (header, starts) = header(token_type, text).expect("it was made of this text before");
        let beside = beside.unwrap_or_default();
        Self(Arc::new(Held {
            id,
            times,
            token_type,
            header,
            starts,
            granted: beside.granted,
            requested: beside.requested,
            extra: beside.extra,
            look_at: AtomicU64::new(nanos(times.refresh_at.mono)),
        }))
    }

    /// What stands beside the token as JSON, if anything does.
    pub(super) fn beside(&self) -> Option<Zeroizing<Vec<u8>>> {
        let held = &self.0;
        if held.granted.is_none() && held.requested.is_empty() && held.extra.is_empty() {
            return None;
        }
        let extra: Vec<_> = held
            .extra
            .iter()
            .map(|(name, text)| (name, text.expose()))
            .collect();
        let written = serde_json::to_vec(&(&held.granted, &held.requested, extra));
        Some(Zeroizing::new(
            written.expect("texts can be written as JSON"),
        ))
    }

    pub(super) fn from_held(held: Arc<Held>) -> Self {
        Self(held)
    }

    pub(super) fn held(&self) -> &Arc<Held> {
        &self.0
    }

    /// Which token it is.
    #[must_use]
    pub fn id(&self) -> TokenId {
        self.0.id
    }

    /// The value of a header that sends it, marked as sensitive: `Bearer` and the token, or for a
    /// [`Custom`](TokenType::Custom) one the token alone.
    #[must_use]
    pub fn header(&self) -> &HeaderValue {
        &self.0.header
    }

    /// The token itself. Keep it no longer than needed, and out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        // The text was checked to be visible ASCII when the token was made.
        self.0
            .header
            .to_str()
            .map_or("", |line| &line[self.0.starts..])
    }

    /// How it is used.
    #[must_use]
    pub fn token_type(&self) -> TokenType {
        self.0.token_type
    }

    /// When it runs out; the source stops handing it out earlier.
    #[must_use]
    pub fn expires(&self) -> Now {
        self.0.times.expires
    }

    /// The scopes that the response says were granted; `None` if it does not say, which means those that were
    /// asked for (RFC 6749, section 5.1). It may be fewer, and it may be none.
    #[must_use]
    pub fn granted(&self) -> Option<&[String]> {
        self.0.granted.as_deref()
    }

    /// The scopes that were asked for.
    #[must_use]
    pub fn requested(&self) -> &[String] {
        &self.0.requested
    }

    /// A text that came beside the token, such as `id_token`.
    #[must_use]
    pub fn extra(&self, name: &str) -> Option<&Secret> {
        let mut extra = self.0.extra.iter();
        extra.find(|(known, _)| known == name).map(|(_, text)| text)
    }

    pub(super) fn times(&self) -> Times {
        self.0.times
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("id", &self.0.id)
            .field("expires", &self.0.times.expires)
            .field("granted", &self.0.granted)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({:016x})", self.0)
    }
}

impl TokenId {
    pub(super) fn new(number: u64) -> Self {
        Self(number)
    }

    pub(super) fn number(self) -> u64 {
        self.0
    }
}

impl Held {
    pub(super) fn times(&self) -> &Times {
        &self.times
    }

    /// Whether the machine has to be asked at this moment of the clock that never steps.
    pub(super) fn is_due(&self, mono: Duration) -> bool {
        nanos(mono) >= self.look_at.load(Ordering::Relaxed)
    }

    /// Lets readers pass until then without asking the machine.
    pub(super) fn look_at(&self, mono: Duration) {
        self.look_at.store(nanos(mono), Ordering::Relaxed);
    }
}

/// Nanoseconds, of which 64 bits hold 584 years.
pub(super) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
