//! How long an endpoint is left alone after a failure.

use super::super::{Now, RefreshPolicy, Refusal, TokenError, TokenErrorKind};
use super::Draws;

/// The failures in a row, and until when the endpoint is left alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Pause {
    failures: u32,
    until: Option<(Now, TokenError)>,
}

impl Pause {
    /// Begins anew: a token was issued.
    pub(super) fn over(&mut self) {
        *self = Self::default();
    }

    /// Takes over how many failures others have seen.
    pub(super) fn at_least(&mut self, failures: u32) {
        self.failures = self.failures.max(failures);
    }

    /// The error that all get while the endpoint is left alone.
    pub(super) fn error(&self, now: Now) -> Option<&TokenError> {
        let (until, error) = self.until.as_ref()?;
        (!now.reached(*until)).then_some(error)
    }

    pub(super) fn until(&self) -> Option<Now> {
        self.until.as_ref().map(|(until, _)| *until)
    }

    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    /// Notes a failure and tells until when the endpoint is left alone.
    pub(super) fn lengthen(
        &mut self,
        refusal: &Refusal,
        now: Now,
        policy: &RefreshPolicy,
        draws: &mut Draws,
    ) -> Now {
        self.failures = self.failures.saturating_add(1);
        let passes = refusal.kind.is_transient() || refusal.kind == TokenErrorKind::InDoubt;
        let own = if passes {
            let most = policy.backoff.after(self.failures.saturating_add(1));
            let least = policy.backoff.first.min(most);
            least + draws.up_to(most - least)
        } else {
            policy.terminal_hold.after(self.failures)
        };
        let asked = refusal.retry_after.unwrap_or_default();
        now.after(own.max(asked.min(policy.retry_after_most)))
    }

    /// Keeps the error for all who ask until then.
    pub(super) fn keep(&mut self, until: Now, error: TokenError) {
        self.until = Some((until, error));
    }
}
