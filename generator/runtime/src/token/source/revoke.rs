//! The end of a source: what it holds is forgotten, and revoked if the endpoint can.

use super::super::super::{Body, Secret};
use super::super::executor::block_on;
use super::super::flight::Role;
use super::super::machine::Failure;
use super::super::read::{kind_of, retry_after};
use super::super::{AccessToken, Event, Issued, Now, Refusal, TokenError, TokenErrorKind};
use super::exchange::Wire;
use super::{Inner, TokenSource};

/// What is no longer handed out and not revoked yet.
#[derive(Default)]
pub(super) struct Leftovers {
    tokens: Vec<Leftover>,
    /// Until when the endpoint is left alone, and why.
    pause: Option<(Now, TokenError)>,
    failures: u32,
}

/// The tokens of one answer.
#[derive(Clone)]
struct Leftover {
    access_token: Option<Secret>,
    refresh_token: Option<Secret>,
}

impl Leftovers {
    pub(super) fn add_issued(&mut self, issued: &Issued) {
        self.tokens.push(Leftover {
            access_token: Some(issued.access_token.clone()),
            refresh_token: issued.refresh_token.clone(),
        });
    }

    fn add(&mut self, access_token: Option<&AccessToken>, refresh_token: Option<Secret>) {
        let access_token = access_token.map(|token| Secret::from(token.expose()));
        if access_token.is_some() || refresh_token.is_some() {
            self.tokens.push(Leftover {
                access_token,
                refresh_token,
            });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The next to revoke, unless the endpoint is to be left alone.
    fn next(&self, now: Now) -> Result<Option<Leftover>, TokenError> {
        match &self.pause {
            Some((until, error)) if !now.reached(*until) => Err(error.clone()),
            _ => Ok(self.tokens.last().cloned()),
        }
    }
}

impl TokenSource {
    /// Closes the source: no token is handed out any more, and callers get [`TokenErrorKind::Closed`].
    ///
    /// What it held can still be [revoked](Self::revoke).
    pub fn close(&self) {
        let inner = self.inner();
        let mut ground = inner.lock();
        let was_closed = ground.machine.is_closed();
        let (access_token, refresh_token) = ground.machine.close();
        ground.leftovers.add(access_token.as_ref(), refresh_token);
        inner.show(&ground);
        drop(ground);
        if !was_closed {
            inner.tell(&Event::Closed);
        }
    }

    /// Closes the source and has the endpoint revoke what it issued (RFC 7009), the refresh token first.
    ///
    /// Whether or not the endpoint does, the tokens are forgotten here and in the store at once.
    ///
    /// # Errors
    /// The endpoint or the store could not be told. Calling again tries again, not before
    /// [`TokenError::retry_at`].
    pub async fn revoke(&self) -> Result<(), TokenError> {
        self.close();
        self.inner().revoke(Wire::Async).await
    }

    /// [`revoke`](Self::revoke) on the calling thread.
    ///
    /// # Errors
    /// As those of [`revoke`](Self::revoke).
    pub fn revoke_blocking(&self) -> Result<(), TokenError> {
        self.close();
        block_on(self.inner().revoke(Wire::Blocking))
    }
}

impl Inner {
    async fn revoke(&self, wire: Wire) -> Result<(), TokenError> {
        // What a flight in the air brings is revoked as well.
        let flight = {
            let ground = self.lock();
            let flight = ground.flight.as_ref();
            flight.map(|(_, flight)| flight.board(Role::Passenger))
        };
        if let Some(flight) = flight {
            drop(flight.await);
        }
        let erased = match &self.custody {
            Some(custody) => custody.erase().await,
            None => Ok(()),
        };
        self.revoke_leftovers(wire).await?;
        erased.map_err(|refusal| TokenError::new(refusal, 1, None))?;
        self.tell(&Event::Revoked);
        Ok(())
    }

    async fn revoke_leftovers(&self, wire: Wire) -> Result<(), TokenError> {
        loop {
            let now = self.now();
            let next = self.lock().leftovers.next(now)?;
            let Some(leftover) = next else {
                return Ok(());
            };
            let told = self.tell_endpoint(&leftover, wire).await;
            self.note_revoked(&leftover, told)?;
        }
    }

    async fn tell_endpoint(&self, leftover: &Leftover, wire: Wire) -> Result<(), Failure> {
        let access_token = leftover.access_token.as_ref();
        let refresh_token = leftover.refresh_token.as_ref();
        for request in self.endpoint.revocation(access_token, refresh_token)? {
            let response = self.settings.send(request, wire).await?;
            is_revoked(&response)?;
        }
        Ok(())
    }

    fn note_revoked(
        &self,
        leftover: &Leftover,
        told: Result<(), Failure>,
    ) -> Result<(), TokenError> {
        let (now, policy) = (self.now(), &self.settings.policy);
        let mut ground = self.lock();
        let left = &mut ground.leftovers;
        let Err(failure) = told else {
            left.failures = 0;
            left.pause = None;
            left.tokens.retain(|other| !other.is(leftover));
            return Ok(());
        };
        left.failures = left.failures.saturating_add(1);
        let asked = failure.refusal().retry_after.unwrap_or_default();
        let own = policy.backoff.after(left.failures);
        let retry_at = now.after(own.max(asked.min(policy.retry_after_most)));
        let error = failure.into_error(left.failures, Some(retry_at));
        left.pause = Some((retry_at, error.clone()));
        Err(error)
    }
}

impl Leftover {
    fn is(&self, other: &Self) -> bool {
        text(&self.access_token) == text(&other.access_token)
            && text(&self.refresh_token) == text(&other.refresh_token)
    }
}

fn text(secret: &Option<Secret>) -> Option<&str> {
    secret.as_ref().map(Secret::expose)
}

/// A success, which an endpoint also gives for a token that it does not know (RFC 7009, section 2.2).
fn is_revoked(response: &http::Response<Body>) -> Result<(), Refusal> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let kind = match status.is_redirection() {
        true => TokenErrorKind::Redirected,
        false => kind_of(None, status.as_u16()),
    };
    let mut refusal = Refusal::new(kind);
    refusal.status = Some(status.as_u16());
    refusal.retry_after = retry_after(response.headers());
    Err(refusal)
}
