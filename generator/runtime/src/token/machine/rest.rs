//! A machine at rest: the little that is left to know when there is a token, and nothing goes on.

use super::super::super::Secret;
use super::super::AccessToken;
use super::{Now, TokenMachine};

/// What a machine knows that has a token, no flight, and nothing to regret.
pub(in super::super) struct Rest {
    pub(in super::super) token: AccessToken,
    pub(in super::super) refresh_token: Option<Secret>,
    /// Whether the refresh token is not spent by use.
    pub(in super::super) lasts: bool,
    /// Whether the initial grant was used up, unless it repeats.
    pub(in super::super) initial_spent: bool,
    /// When the token was issued or adopted.
    pub(in super::super) issued_at: Now,
}

impl TokenMachine {
    /// All that there is to know, if that is little.
    pub(in super::super) fn rest(&self) -> Option<Rest> {
        let busy = self.flight.is_some() || self.closed;
        let failing = self.exhausted.is_some() || self.pause.failures() > 0;
        let (refresh_token, lasts, initial_spent) = self.stock.rest()?;
        if busy || failing {
            return None;
        }
        Some(Rest {
            token: self.current.clone()?,
            refresh_token,
            lasts,
            initial_spent,
            issued_at: self.issued_at?,
        })
    }

    /// Goes on from where another rested; the token is the same to whoever has it.
    pub(in super::super) fn resume(&mut self, rest: Rest) {
        self.current = Some(rest.token);
        self.issued_at = Some(rest.issued_at);
        self.stock
            .resume(rest.refresh_token, rest.lasts, rest.initial_spent);
    }
}
