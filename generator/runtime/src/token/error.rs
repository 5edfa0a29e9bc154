//! Why there is no token, by what there is to do about it.
//!
//! Nothing here holds a request, a response or a secret. What the server said in words is kept apart, under a name
//! that says that it is not to be trusted.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Now;

/// Why a token endpoint issued no token, as its answer says; [`Endpoint::read`](super::Endpoint::read) makes it.
///
/// `Debug` leaves out what the server says in words.
#[derive(Clone)]
pub struct Refusal {
    /// What there is to do.
    pub kind: TokenErrorKind,
    /// The error code of RFC 6749, or the one that the vendor's means.
    pub code: Option<OAuthErrorCode>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// How long the server wants to be left alone (RFC 9110, section 10.2.3), counted from when the answer came.
    pub retry_after: Option<Duration>,
    /// What the server says: at most 256 characters of those that RFC 6749 allows.
    pub untrusted_description: Option<Box<str>>,
    /// What is wrong with the answer or the request, in words of the endpoint's own and none of the server's.
    pub detail: Option<&'static str>,
}

impl Refusal {
    /// A refusal of which no more is known.
    #[must_use]
    pub fn new(kind: TokenErrorKind) -> Self {
        Self {
            kind,
            code: None,
            status: None,
            retry_after: None,
            untrusted_description: None,
            detail: None,
        }
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("kind", &self.kind)
            .field("code", &self.code)
            .field("status", &self.status)
            .field("retry_after", &self.retry_after)
            .field("detail", &self.detail)
            .finish_non_exhaustive()
    }
}

/// Why there is no token. Cloning it is cheap: all who wait for one token get the same error.
#[derive(Clone)]
pub struct TokenError(Arc<Fault>);

struct Fault {
    refusal: Refusal,
    retry_at: Option<Now>,
    attempts: u32,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TokenError {
    /// An error after an attempt that failed, and when the next may be made.
    pub fn new(refusal: Refusal, attempts: u32, retry_at: Option<Now>) -> Self {
        Self(Arc::new(Fault {
            refusal,
            retry_at,
            attempts,
            source: None,
        }))
    }

    /// An error that a [`BuildError`](super::super::BuildError) or a [`TransportError`](super::super::TransportError)
    /// is behind.
    pub fn with_source(
        refusal: Refusal,
        attempts: u32,
        retry_at: Option<Now>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Fault {
            refusal,
            retry_at,
            attempts,
            source: Some(Box::new(source)),
        }))
    }

    /// What there is to do.
    pub fn kind(&self) -> TokenErrorKind {
        self.0.refusal.kind
    }

    /// What there is to do, as one of few answers.
    pub fn advice(&self) -> Advice {
        self.kind().advice()
    }

    /// The error code of the answer.
    pub fn code(&self) -> Option<&OAuthErrorCode> {
        self.0.refusal.code.as_ref()
    }

    /// The status of the answer, if one came.
    pub fn status(&self) -> Option<u16> {
        self.0.refusal.status
    }

    /// When the source asks again; nobody's call makes it ask earlier.
    pub fn retry_at(&self) -> Option<Now> {
        self.0.retry_at
    }

    /// How many requests in a row have failed.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// What the server says in words: cut to 256 characters, without control characters. It may be a lie, and it
    /// may hold what was sent; keep it out of logs.
    pub fn untrusted_description(&self) -> Option<&str> {
        self.0.refusal.untrusted_description.as_deref()
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenError")
            .field("kind", &self.kind())
            .field("code", &self.code())
            .field("status", &self.status())
            .field("retry_at", &self.retry_at())
            .field("attempts", &self.attempts())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().words())?;
        match self.0.refusal.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenErrorKind {
    /// The grant is no longer good and nothing is left to try (`invalid_grant`).
    ReauthRequired,
    /// The client is not known, or may not do this (`invalid_client`, `unauthorized_client`).
    ClientRejected,
    /// The request is wrong (`invalid_request`, `invalid_scope`, `unsupported_grant_type`).
    RequestRejected,
    /// Too many requests (429, `slow_down`).
    Throttled,
    /// The server is out of order (5xx), or cannot be reached.
    Unavailable,
    /// No answer came in time, and nothing was spent by asking.
    Timeout,
    /// What may be asked only once was sent and no answer came: it may be spent or not.
    InDoubt,
    /// The answer cannot be read as what the endpoint declares.
    Malformed,
    /// The answer is a redirect, which is not followed: it would take the credentials along.
    Redirected,
    /// The answer is longer than allowed.
    TooLarge,
    /// The token that was issued has run out already: the server's lifetimes or one of the clocks are wrong.
    Expired,
    /// The store of tokens failed.
    Store,
    /// The request cannot be made.
    Config,
    /// The source was closed.
    Closed,
}

/// What there is to do when there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Nothing: the source tries again by itself when the time has come.
    Wait,
    /// Let the user log in again, or give a new grant.
    Reauthenticate,
    /// Correct the client's credentials.
    FixCredentials,
    /// Correct the request or the configuration.
    FixRequest,
    /// Ask the server's owner: its answers are not what it promises.
    ReportServer,
}

impl TokenErrorKind {
    /// What there is to do.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            Self::ReauthRequired | Self::InDoubt => Advice::Reauthenticate,
            Self::ClientRejected => Advice::FixCredentials,
            Self::RequestRejected | Self::Config | Self::Closed => Advice::FixRequest,
            Self::Throttled | Self::Unavailable | Self::Timeout | Self::Store => Advice::Wait,
            Self::Malformed | Self::Redirected | Self::TooLarge | Self::Expired => {
                Advice::ReportServer
            }
        }
    }

    /// Whether asking again, later and unchanged, may help.
    #[must_use]
    pub fn is_transient(self) -> bool {
        self.advice() == Advice::Wait
    }

    fn words(self) -> &'static str {
        match self {
            Self::ReauthRequired => "the grant is no longer good: authenticate anew",
            Self::ClientRejected => {
                "the token endpoint rejects the client: correct its credentials"
            }
            Self::RequestRejected => "the token endpoint rejects the request: correct it",
            Self::Throttled => "the token endpoint was asked too often: wait",
            Self::Unavailable => "the token endpoint cannot be reached or is out of order: wait",
            Self::Timeout => "the token endpoint did not answer in time",
            Self::InDoubt => "the token endpoint did not answer, and what was sent may be spent",
            Self::Malformed => "the token endpoint's answer cannot be read",
            Self::Redirected => "the token endpoint answers with a redirect, which is not followed",
            Self::TooLarge => "the token endpoint's answer is too long",
            Self::Expired => {
                "the token endpoint issues tokens that have run out: compare the clocks"
            }
            Self::Store => "the store of tokens failed",
            Self::Config => "the token request cannot be made",
            Self::Closed => "the token source is closed",
        }
    }
}

/// An error code of a token endpoint (RFC 6749, section 5.2; RFC 8628, section 3.5; RFC 8707; RFC 9449).
///
/// `Debug` does not show a vendor's code, as a server may put there what it was sent.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants are the codes of the same name")]
pub enum OAuthErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
    InvalidTarget,
    AuthorizationPending,
    SlowDown,
    AccessDenied,
    ExpiredToken,
    UseDpopNonce,
    TemporarilyUnavailable,
    ServerError,
    /// A code of the vendor's: at most 64 visible ASCII characters.
    Other(Box<str>),
}

impl OAuthErrorCode {
    /// The code as it is sent. What [`Other`](Self::Other) holds is not to be trusted.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::AccessDenied => "access_denied",
            Self::ExpiredToken => "expired_token",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
            Self::Other(code) => code,
        }
    }
}

impl fmt::Debug for OAuthErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Other(_) => "Other(..)",
            known => known.as_str(),
        })
    }
}
