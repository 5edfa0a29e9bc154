//! Why an exchange with an endpoint issued no token, and how far it got.

use super::super::super::error::{BuildError, Delivery, TransportError, TransportErrorKind};
use super::super::{Now, Refusal, TokenError, TokenErrorKind};

/// Why an exchange with an endpoint issued no token.
#[derive(Debug)]
pub struct Failure {
    refusal: Refusal,
    reach: Reach,
    cause: Option<Cause>,
}

/// How far an exchange got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Nothing was sent.
    NotSent,
    /// The endpoint may have seen the request, and what it did is not known.
    Unanswered,
    /// The endpoint refused.
    Answered,
}

#[derive(Debug)]
enum Cause {
    Build(BuildError),
    Transport(TransportError),
}

impl Failure {
    /// A failure of which no cause is known.
    #[must_use]
    pub fn new(refusal: Refusal, reach: Reach) -> Self {
        Self {
            refusal,
            reach,
            cause: None,
        }
    }

    /// What there is to do.
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// How far the exchange got.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Whether the endpoint says that what it was asked with is no longer good.
    #[must_use]
    pub fn means_refused(&self) -> bool {
        self.reach == Reach::Answered && self.refusal.kind == TokenErrorKind::ReauthRequired
    }

    pub(super) fn refusal_mut(&mut self) -> &mut Refusal {
        &mut self.refusal
    }

    pub(in super::super) fn into_error(self, attempts: u32, retry_at: Option<Now>) -> TokenError {
        match self.cause {
            Some(Cause::Build(error)) => {
                TokenError::with_source(self.refusal, attempts, retry_at, error)
            }
            Some(Cause::Transport(error)) => {
                TokenError::with_source(self.refusal, attempts, retry_at, error)
            }
            None => TokenError::new(self.refusal, attempts, retry_at),
        }
    }
}

impl From<Refusal> for Failure {
    /// An answer. One of success that cannot be read leaves open what was issued.
    fn from(refusal: Refusal) -> Self {
        let success = refusal
            .status
            .is_some_and(|status| (200..300).contains(&status));
        let unread = matches!(
            refusal.kind,
            TokenErrorKind::Malformed | TokenErrorKind::TooLarge
        );
        let reach = match success && unread {
            true => Reach::Unanswered,
            false => Reach::Answered,
        };
        Self::new(refusal, reach)
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        Self {
            refusal: Refusal::new(TokenErrorKind::Config),
            reach: Reach::NotSent,
            cause: Some(Cause::Build(error)),
        }
    }
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        let kind = match error.kind() {
            TransportErrorKind::Timeout => TokenErrorKind::Timeout,
            TransportErrorKind::TooLarge => TokenErrorKind::TooLarge,
            TransportErrorKind::NoRuntime => TokenErrorKind::Config,
            TransportErrorKind::Connect
            | TransportErrorKind::Tls
            | TransportErrorKind::Broken
            | TransportErrorKind::Upload
            | TransportErrorKind::Other => TokenErrorKind::Unavailable,
        };
        Self {
            refusal: Refusal::new(kind),
            reach: match error.delivery() {
                Delivery::NotSent => Reach::NotSent,
                Delivery::MaybeSent => Reach::Unanswered,
            },
            cause: Some(Cause::Transport(error)),
        }
    }
}
