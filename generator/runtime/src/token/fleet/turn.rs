//! What the holder of a lease does, from the second look at the store to the end of the lease.

use std::sync::Arc;
use std::time::Duration;

use super::super::super::Secret;
use super::super::custody::{self, Adopted, Need, Presented, RightToken, Step, Turn, TurnEnd};
use super::super::deposit::{Deposit, Fingerprint};
use super::super::machine::Means;
use super::super::store::{Commit, Lease, Spent};
use super::super::{Issued, Lifetime, Now, Refusal, TokenErrorKind};
use super::{Found, Next, Shared, StoreTrouble, TRIES, Uncommitted};

/// A lease in hand.
pub(super) struct Held {
    shared: Arc<Shared>,
    lease: Lease,
    need: Need,
    found: Found,
    /// The refresh token that the endpoint says is no longer good.
    refused: Option<Fingerprint>,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    /// The lease has ended.
    Over,
}

impl Held {
    pub(super) fn new(shared: Arc<Shared>, lease: Lease, need: Need) -> Self {
        Self {
            shared,
            lease,
            need,
            found: Found {
                version: 0,
                deposit: None,
                issued_at: Duration::ZERO,
            },
            refused: None,
            stage: Stage::Open,
        }
    }

    /// Looks again, since what was there before the lease may be old; `asked` is when the lease was asked for.
    pub(super) async fn second_look(mut self, asked: Now) -> Result<Next, StoreTrouble> {
        let shared = Arc::clone(&self.shared);
        self.found = match shared.look().await {
            Ok(found) => found,
            Err(trouble) => {
                self.end(Spent::No, None).await;
                return Err(trouble);
            }
        };
        if let Some(adopted) = shared.suiting(&self.found, &self.need) {
            self.end(Spent::No, None).await;
            return Ok(Next::Turn(Turn::Adopt(adopted)));
        }
        let left = shared.left().uncommitted.take();
        if let Some(left) = left.filter(|left| left.expected == self.found.version) {
            return Ok(self.commit_late(left).await);
        }
        // A call that begins now has to end before the lease does.
        let policy = &shared.policy;
        let last = asked.after(policy.lease.saturating_sub(policy.call));
        if shared.now().reached(last) {
            self.end(Spent::No, None).await;
            return Ok(Next::Again);
        }
        Ok(Next::Turn(Turn::Ask(Box::new(self))))
    }

    /// Commits what could not be committed when it was issued.
    async fn commit_late(&mut self, left: Uncommitted) -> Next {
        let kept = self.keep(left.issued.clone(), left.issued_at).await;
        self.end(Spent::No, None).await;
        match kept {
            Ok(Some(adopted)) => Next::Turn(Turn::Adopt(adopted)),
            Ok(None) => Next::Turn(Turn::Adopt(Adopted {
                issued: left.issued,
                issued_at: left.issued_at,
            })),
            Err(refusal) => Next::Refused(refusal),
        }
    }

    /// The source's own refresh token.
    fn own(&self) -> Option<&Secret> {
        match &self.need.means {
            Some(Means::Refresh(token)) => Some(token),
            _ => None,
        }
    }

    /// Puts what was issued into the store; nobody has seen it before it is there.
    async fn keep(
        &mut self,
        issued: Issued,
        issued_at: Duration,
    ) -> Result<Option<Adopted>, Refusal> {
        let shared = Arc::clone(&self.shared);
        let rotates = issued.refresh_token.is_some();
        let now = shared.now().wall;
        let keep = self.lifetime(&issued, issued_at, now);
        if keep.is_zero() {
            // It has run out on arrival: nobody else has a use for it.
            return Ok(None);
        }
        let deposit = Deposit::Token {
            issued,
            waited: now.saturating_sub(issued_at),
        };
        let put = self.put(&deposit, keep).await;
        if let Ok(Commit::Done) = put {
            self.stage = Stage::Over;
            shared.left().private = None;
            return Ok(None);
        }
        let Deposit::Token { issued, .. } = deposit else {
            return Ok(None);
        };
        if !rotates {
            // Nothing was spent for it and nothing comes of it: it is good, also for one alone.
            return Ok(None);
        }
        if let Ok(Commit::Conflict | Commit::LeaseLost) = put {
            let now = shared.look().await;
            let now = now.map_err(|trouble| shared.trouble(&trouble))?;
            if now.version != self.found.version {
                // Others have moved on without it.
                return match shared.suiting(&now, &self.need) {
                    Some(adopted) => Ok(Some(adopted)),
                    None => Err(Refusal::new(TokenErrorKind::Unavailable)),
                };
            }
        }
        shared.left().uncommitted = Some(Uncommitted {
            issued,
            issued_at,
            expected: self.found.version,
        });
        match put {
            Ok(_) => Err(Refusal::new(TokenErrorKind::Unavailable)),
            Err(trouble) => Err(shared.trouble(&trouble)),
        }
    }

    /// How long the store keeps a token, from now: no longer than the token lives that lives longest.
    fn lifetime(&self, issued: &Issued, issued_at: Duration, now: Duration) -> Duration {
        let longest = self.shared.policy.keep;
        let (lifetime, unstated) = match issued.refresh_token {
            Some(_) => (issued.refresh_lifetime, longest),
            None => (issued.lifetime, self.need.assumed_lifetime()),
        };
        let end = match lifetime {
            Lifetime::Unstated => issued_at.saturating_add(unstated),
            Lifetime::In(time) => issued_at.saturating_add(time),
            Lifetime::At(moment) => moment,
        };
        end.saturating_sub(now).min(longest)
    }

    /// Commits, and tries again while the store does not answer.
    async fn put(&self, deposit: &Deposit, keep: Duration) -> Result<Commit, StoreTrouble> {
        let Shared {
            store, sealer, key, ..
        } = &*self.shared;
        let sealed = sealer.seal(key, &deposit.write());
        let sealed = sealed.map_err(StoreTrouble::Seal)?;
        let mut tries = 0;
        loop {
            let value = sealed.clone();
            let expected = self.found.version;
            let commit = store.commit(key, &self.lease, expected, value, keep).await;
            tries += 1;
            match commit {
                Ok(commit) => return Ok(commit),
                Err(error) if tries == TRIES => return Err(error.into()),
                Err(_) => self.shared.pause(tries).await,
            }
        }
    }

    /// Ends the lease, if it has not ended.
    async fn end(&mut self, spent: Spent, rest: Option<Duration>) {
        if self.stage == Stage::Open {
            self.stage = Stage::Over;
            let released = self.shared.release(&self.lease, spent, rest).await;
            if let Err(error) = released {
                drop(self.shared.trouble(&error.into()));
            }
        }
    }

    async fn look_again(&mut self) -> Result<Option<Adopted>, Refusal> {
        let shared = Arc::clone(&self.shared);
        let now = shared.look().await;
        let now = now.map_err(|trouble| shared.trouble(&trouble))?;
        if now.version == self.found.version {
            let token = match self.right() {
                RightToken::This(token) => Some(token),
                RightToken::Own => self.own(),
                RightToken::None => None,
            };
            self.refused = token.map(Fingerprint::of);
            return Ok(None);
        }
        self.end(Spent::No, None).await;
        match shared.suiting(&now, &self.need) {
            Some(adopted) => Ok(Some(adopted)),
            None => Err(Refusal::new(TokenErrorKind::Unavailable)),
        }
    }

    fn right(&self) -> RightToken<'_> {
        let own = self.own().map(Fingerprint::of);
        let private = self.shared.left().private;
        match &self.found.deposit {
            None => RightToken::Own,
            Some(_) if own.is_some() && own == private => RightToken::Own,
            Some(Deposit::Token { issued, .. }) => match &issued.refresh_token {
                Some(token) => RightToken::This(token),
                None => RightToken::None,
            },
            Some(Deposit::Spent { refresh_token }) if own == Some(*refresh_token) => {
                RightToken::None
            }
            Some(Deposit::Spent { .. }) => RightToken::Own,
        }
    }

    async fn finish(mut self, ending: TurnEnd) {
        match (ending, self.refused) {
            (TurnEnd::Settled, _) => self.end(Spent::No, None).await,
            (
                TurnEnd::Failed {
                    presented: Presented::Unharmed,
                    ..
                },
                Some(refresh_token),
            ) if self.stage == Stage::Open => {
                // Nobody else needs to present it.
                let spent = Deposit::Spent { refresh_token };
                let put = self.put(&spent, self.shared.policy.keep).await;
                match put {
                    Ok(Commit::Done) => self.stage = Stage::Over,
                    Ok(_) => {}
                    Err(trouble) => drop(self.shared.trouble(&trouble)),
                }
                self.end(Spent::No, None).await;
            }
            (TurnEnd::Failed { presented, rest }, _) => {
                let spent = match presented {
                    Presented::Unharmed => Spent::No,
                    Presented::InDoubt => Spent::Perhaps,
                };
                self.end(spent, Some(rest)).await;
            }
        }
    }
}

impl custody::Held for Held {
    fn refresh_token(&self) -> RightToken<'_> {
        self.right()
    }

    fn doubt(&self) -> Option<Duration> {
        self.lease.doubt
    }

    fn failures(&self) -> u32 {
        self.lease.failures
    }

    fn refused(&mut self) -> Step<'_, Option<Adopted>> {
        Box::pin(self.look_again())
    }

    fn commit<'a>(
        &'a mut self,
        presented: Option<&'a Secret>,
        issued: &'a Issued,
        issued_at: Duration,
    ) -> Step<'a, Option<Adopted>> {
        let mut issued = issued.clone();
        if issued.refresh_token.is_none() {
            issued.refresh_token = presented.cloned();
        }
        Box::pin(self.keep(issued, issued_at))
    }

    fn release(self: Box<Self>, ending: TurnEnd) -> Step<'static, ()> {
        Box::pin(async move {
            self.finish(ending).await;
            Ok(())
        })
    }
}
