//! What a source tells about itself.

use super::machine::Rejection;
use super::{Now, TokenError, TokenId};

/// What happened to a source. There is no secret in it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A token was issued, or taken over from elsewhere, and is handed out from now on.
    Issued {
        /// Which one.
        token: TokenId,
        /// When it runs out.
        expires: Now,
    },
    /// A refresh token was replaced by a new one.
    Rotated,
    /// No token was issued.
    Failed {
        /// Why.
        error: TokenError,
        /// What callers get meanwhile.
        meanwhile: Meanwhile,
    },
    /// A token was rejected by an API.
    Rejected {
        /// Which one.
        token: TokenId,
        /// What its user says.
        why: Reject,
        /// What came of it.
        rejection: Rejection,
    },
    /// The source was closed, and no token is handed out any more.
    Closed,
    /// The endpoint has revoked the tokens.
    Revoked,
}

/// What callers get while no token can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meanwhile {
    /// The token that is still good.
    Token,
    /// The error.
    Error,
}

/// Why a token is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reject {
    /// The API answered with 401, and not for want of a scope (RFC 6750, section 3.1).
    Unauthorized,
    /// Its user knows that it is no longer good, such as after a change of rights.
    Outdated,
}

/// Is told what happens. It is called between two steps of the source, without a lock: it should be quick.
pub(super) type Observer = dyn Fn(&Event) + Send + Sync;
