//! A turn that was given without a store, for what nobody shares.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::super::super::Secret;
use super::super::Issued;
use super::super::custody::{self, Adopted, RightToken, Step, TurnEnd};
use super::super::deposit::Fingerprint;
use super::Left;

/// A turn without a lease.
pub(super) struct Alone(Arc<Mutex<Left>>);

impl Alone {
    pub(super) fn new(left: Arc<Mutex<Left>>) -> Self {
        Self(left)
    }
}

impl custody::Held for Alone {
    fn refresh_token(&self) -> RightToken<'_> {
        RightToken::Own
    }

    fn doubt(&self) -> Option<Duration> {
        None
    }

    fn failures(&self) -> u32 {
        0
    }

    fn refused(&mut self) -> Step<'_, Option<Adopted>> {
        Box::pin(async { Ok(None) })
    }

    /// Nothing is kept, but that a refresh token is nobody else's.
    fn commit<'a>(
        &'a mut self,
        presented: Option<&'a Secret>,
        issued: &'a Issued,
        _issued_at: Duration,
    ) -> Step<'a, Option<Adopted>> {
        let private = issued.refresh_token.as_ref().or(presented);
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.private = private.map(Fingerprint::of);
        Box::pin(async { Ok(None) })
    }

    fn release(self: Box<Self>, _ending: TurnEnd) -> Step<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}
