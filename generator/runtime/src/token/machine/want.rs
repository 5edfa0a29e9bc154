//! Which token a caller takes.

use std::time::Duration;

use super::super::{AccessToken, Now, TokenId};

/// What a caller wants of a token.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Want {
    /// How long it has to live at least, as far as the endpoint's tokens live that long.
    pub min_ttl: Duration,
    /// Which token it must not be.
    pub other_than: Option<TokenId>,
}

impl Want {
    /// Any token but this one.
    #[must_use]
    pub fn other_than(token: &AccessToken) -> Self {
        Self {
            other_than: Some(token.id()),
            ..Self::default()
        }
    }

    /// A token that lives at least this long.
    #[must_use]
    pub fn living(min_ttl: Duration) -> Self {
        Self {
            min_ttl,
            ..Self::default()
        }
    }

    pub(super) fn takes(&self, token: &AccessToken, now: Now) -> bool {
        let end = token.expires();
        let long_enough = self.min_ttl.is_zero() || !now.after(self.min_ttl).reached(end);
        long_enough && self.other_than != Some(token.id())
    }
}
