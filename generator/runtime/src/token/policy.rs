//! When tokens are renewed, and how often an endpoint may be asked.

use std::time::Duration;

use super::Backoff;

/// When tokens are renewed, and how often an endpoint may be asked. Every setting has a default that suits most
/// endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefreshPolicy {
    /// A token is renewed when this part of its lifetime is left, in percent; 20 unless set.
    pub ahead_percent: u8,
    /// It is renewed earlier by a random part of its lifetime up to this, in percent, so that not all do so at once;
    /// 10 unless set.
    pub jitter_percent: u8,
    /// A token is not handed out when it has less than this left; 30 seconds unless set.
    pub margin: Duration,
    /// The margin of a short-lived token: no more than this part of its lifetime, in percent; 10 unless set.
    pub margin_percent: u8,
    /// How long a token lives whose response does not say; 5 minutes unless set.
    pub assumed_lifetime: Duration,
    /// How long after a token was issued the next may be asked for at the earliest; 5 seconds unless set.
    pub floor: Duration,
    /// How long the endpoint is left alone after a failure that may pass: a random time between `first` and `first`
    /// doubled with each failure, up to `most`. 1 to 60 seconds unless set.
    pub backoff: Backoff,
    /// How long the endpoint is left alone after a failure that somebody has to mend: `first`, doubled with each
    /// failure, up to `most`. 5 seconds to 5 minutes unless set, and never for ever.
    pub terminal_hold: Backoff,
    /// The longest that a `Retry-After` is obeyed; 10 minutes unless set.
    pub retry_after_most: Duration,
    /// What becomes of a refresh token that was sent without an answer.
    pub in_doubt: InDoubt,
    /// For how long a token is handed out beyond its margin while no other can be had; not at all unless set.
    pub serve_expired: Duration,
}

/// What becomes of a refresh token that was sent without an answer. A server that replaces refresh tokens may have
/// spent it, and may revoke all that came of the same grant when it is presented again (RFC 9700, section 4.14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InDoubt {
    /// It may be presented again for this long: the server forgives a repetition for a while.
    AssumeGrace(Duration),
    /// It is never presented again.
    Reauth,
    /// It may always be presented again: the server does not replace refresh tokens.
    AskAgain,
}

impl Default for RefreshPolicy {
    fn default() -> Self {
        Self {
            ahead_percent: 20,
            jitter_percent: 10,
            margin: Duration::from_secs(30),
            margin_percent: 10,
            assumed_lifetime: Duration::from_secs(300),
            floor: Duration::from_secs(5),
            backoff: Backoff {
                first: Duration::from_secs(1),
                most: Duration::from_secs(60),
            },
            terminal_hold: Backoff {
                first: Duration::from_secs(5),
                most: Duration::from_secs(300),
            },
            retry_after_most: Duration::from_secs(600),
            in_doubt: InDoubt::AssumeGrace(Duration::from_secs(30)),
            serve_expired: Duration::ZERO,
        }
    }
}

impl RefreshPolicy {
    /// How long before its end a token of this lifetime is no longer handed out.
    pub(super) fn margin_of(&self, lifetime: Duration) -> Duration {
        self.margin.min(part(lifetime, self.margin_percent))
    }
}

/// `percent` hundredths of a time.
pub(super) fn part(of: Duration, percent: u8) -> Duration {
    // Divided first, so that nothing overflows; a lifetime is far longer than 100 ns.
    (of / 100).saturating_mul(u32::from(percent.min(100)))
}
