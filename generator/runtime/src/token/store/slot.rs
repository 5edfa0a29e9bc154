//! One place of a store, and what each step makes of it. Times are of the store's clock, since 1970.
//!
//! The rules are here once, for stores that run them in this process; Redis runs the same rules as a script.

use std::time::Duration;

use super::{Commit, Ending, Lease, LeaseGrant, LeaseTerms, OwnerId, Sealed, Spent, Versioned};

/// How long a place is kept for its numbers alone: those of leases go on, and a failure counts for the next rest.
pub(super) const REMEMBERED: Duration = Duration::from_secs(60);

/// What a store knows of one key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    /// The number of the newest lease.
    pub(super) fence: u64,
    /// The number of the lease that committed last.
    pub(super) version: u64,
    /// Since when it is unknown whether the refresh token was spent.
    pub(super) doubt: Option<Duration>,
    /// How many leases in a row ended with a rest.
    pub(super) failures: u32,
    /// Until when nobody is to try.
    pub(super) rest: Duration,
    pub(super) open: Option<Open>,
    pub(super) kept: Option<Kept>,
    /// Until when something of this is worth knowing.
    pub(super) until: Duration,
}

/// A lease that was not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) owner: String,
    pub(super) given: Duration,
    pub(super) until: Duration,
}

/// A value, and when it came and goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) value: Sealed,
    pub(super) since: Duration,
    pub(super) until: Duration,
}

impl Slot {
    /// Forgets what is over; all of it, if nothing is worth knowing any more.
    pub(super) fn expire(&mut self, now: Duration) {
        if self.kept.as_ref().is_some_and(|kept| kept.until <= now) {
            self.kept = None;
        }
        if self.until <= now {
            *self = Self::default();
        }
    }

    pub(super) fn load(&self, now: Duration) -> Versioned {
        let kept = self.kept.as_ref().filter(|kept| now < kept.until);
        Versioned {
            version: self.version,
            value: kept.map(|kept| kept.value.clone()),
            age: kept.map_or(Duration::ZERO, |kept| now.saturating_sub(kept.since)),
            leased: self.open.as_ref().is_some_and(|open| now < open.until),
        }
    }

    pub(super) fn lease(
        &mut self,
        owner: &OwnerId,
        terms: LeaseTerms,
        now: Duration,
    ) -> LeaseGrant {
        let owner = owner.to_string();
        if let Some(open) = self.open.as_ref().filter(|open| open.owner != owner) {
            if now < open.until {
                return LeaseGrant::Held(open.until - now);
            }
            self.doubt.get_or_insert(open.given);
        }
        if now < self.rest {
            return LeaseGrant::Resting(self.rest - now);
        }
        self.fence = next_number(self.fence, now);
        let until = now.saturating_add(terms.ttl);
        self.open = Some(Open {
            owner,
            given: now,
            until,
        });
        self.until = self.until.max(until.saturating_add(terms.remember));
        let doubt = self.doubt.map(|since| now.saturating_sub(since));
        LeaseGrant::Granted(Lease::new(self.fence, doubt, self.failures))
    }

    pub(super) fn commit(
        &mut self,
        lease: &Lease,
        expected: u64,
        value: Sealed,
        keep: Duration,
        now: Duration,
    ) -> Commit {
        if self.version == lease.fence {
            return Commit::Done;
        }
        if self.fence != lease.fence || self.open.is_none() {
            return Commit::LeaseLost;
        }
        if self.version != expected {
            return Commit::Conflict;
        }
        let until = now.saturating_add(keep);
        *self = Self {
            fence: self.fence,
            version: lease.fence,
            kept: Some(Kept {
                value,
                since: now,
                until,
            }),
            until,
            ..Self::default()
        };
        Commit::Done
    }

    pub(super) fn release(&mut self, lease: &Lease, ending: Ending, now: Duration) {
        if self.fence != lease.fence || self.open.is_none() {
            return;
        }
        self.open = None;
        if ending.spent == Spent::Perhaps {
            self.doubt.get_or_insert(now);
        }
        let mut worth = now.saturating_add(REMEMBERED);
        if let Some(rest) = ending.rest {
            self.failures = self.failures.saturating_add(1);
            self.rest = now.saturating_add(rest);
            worth = self.rest.saturating_add(rest).saturating_add(REMEMBERED);
        }
        self.until = if self.kept.is_none() && self.doubt.is_none() {
            worth
        } else {
            self.until.max(worth)
        };
    }
}

/// The number after `last`: the time in microseconds, so that numbers go on where a place was lost with all in it.
fn next_number(last: u64, now: Duration) -> u64 {
    let micros = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
    micros.max(last.saturating_add(1))
}
