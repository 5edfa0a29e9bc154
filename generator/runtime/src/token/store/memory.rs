//! A store in memory, for the sources of one process, and for tests.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::super::{Clock, SystemClock};
use super::slot::Slot;
use super::{
    Commit, Ending, Lease, LeaseGrant, LeaseTerms, OwnerId, Sealed, StoreAnswer, StoreKey,
    TokenStore, Versioned,
};

/// Keeps tokens in memory.
///
/// Sources that share one of these behave like processes that share another store. What is over is removed when the
/// number of keys has doubled, so the memory is at most twice that of what lives.
pub struct MemoryStore {
    slots: Mutex<Slots>,
    clock: Box<dyn Clock>,
}

struct Slots {
    by_key: HashMap<StoreKey, Slot>,
    /// At how many keys those are removed that are over.
    sweep_at: usize,
}

impl MemoryStore {
    /// A store without a token.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(SystemClock)
    }

    /// A store that takes the time from `clock`: its wall clock alone.
    pub fn with_clock(clock: impl Clock) -> Self {
        Self {
            slots: Mutex::new(Slots {
                by_key: HashMap::new(),
                sweep_at: 64,
            }),
            clock: Box::new(clock),
        }
    }

    /// How many keys something is kept for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots().by_key.len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.clock.now().wall
    }

    fn step<T>(&self, key: &StoreKey, step: impl FnOnce(&mut Slot, Duration) -> T) -> T {
        let mut slots = self.slots();
        let now = self.now();
        if slots.by_key.len() >= slots.sweep_at {
            slots.by_key.retain(|_, slot| now < slot.until);
            slots.sweep_at = (2 * slots.by_key.len()).max(64);
        }
        let slot = slots.by_key.entry(*key).or_default();
        slot.expire(now);
        let result = step(slot, now);
        if slot.until <= now {
            slots.by_key.remove(key);
        }
        result
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl TokenStore for MemoryStore {
    fn load<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, Versioned> {
        Box::pin(async move { Ok(self.step(key, |slot, now| slot.load(now))) })
    }

    fn lease<'a>(
        &'a self,
        key: &'a StoreKey,
        owner: &'a OwnerId,
        terms: LeaseTerms,
    ) -> StoreAnswer<'a, LeaseGrant> {
        Box::pin(async move { Ok(self.step(key, |slot, now| slot.lease(owner, terms, now))) })
    }

    fn commit<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: &'a Lease,
        expected: u64,
        value: Sealed,
        keep: Duration,
    ) -> StoreAnswer<'a, Commit> {
        Box::pin(async move {
            Ok(self.step(key, |slot, now| {
                slot.commit(lease, expected, value, keep, now)
            }))
        })
    }

    fn release<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: &'a Lease,
        ending: Ending,
    ) -> StoreAnswer<'a, ()> {
        Box::pin(async move {
            self.step(key, |slot, now| slot.release(lease, ending, now));
            Ok(())
        })
    }

    fn remove<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, ()> {
        Box::pin(async move {
            self.slots().by_key.remove(key);
            Ok(())
        })
    }
}
