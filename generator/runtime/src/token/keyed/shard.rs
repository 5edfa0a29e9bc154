//! A part of the map under a lock of its own: who is there, who goes.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hashbrown::HashTable;

use super::super::{Now, TokenSource};
use super::packed::Packed;
use super::seconds;

/// A part of the map.
pub(super) struct Shard<K> {
    table: HashTable<Entry<K>>,
    /// Where the search for who goes continues.
    hand: usize,
    awake: usize,
    most: usize,
    most_awake: usize,
}

struct Entry<K> {
    key: K,
    /// When it was last asked for.
    used: AtomicU32,
    state: State,
}

/// How a tenant is kept.
pub(super) enum State {
    Resting(Packed),
    Awake(TokenSource),
}

/// There is no room, and nobody who could go.
pub(super) struct Full;

/// Among how many the one is found that was idle for longest.
const SAMPLE: usize = 16;

impl State {
    /// Whether nobody needs it just now.
    fn can_go(&self) -> bool {
        match self {
            Self::Resting(_) => true,
            Self::Awake(source) => !source.is_shared() && !source.is_in_flight(),
        }
    }
}

impl<K: Eq> Shard<K> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            table: HashTable::new(),
            hand: 0,
            awake: 0,
            most,
            most_awake: (most / 16).max(SAMPLE).min(most),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// How a tenant is kept, and that it is asked for.
    pub(super) fn look(&self, hash: u64, key: &K, now: Now) -> Option<&State> {
        let entry = self.table.find(hash, |entry| entry.key == *key)?;
        entry.used.store(seconds(now), Ordering::Relaxed);
        Some(&entry.state)
    }

    /// How a tenant is kept.
    pub(super) fn find(&self, hash: u64, key: &K) -> Option<&State> {
        let entry = self.table.find(hash, |entry| entry.key == *key)?;
        Some(&entry.state)
    }

    /// Puts a source in the place of a tenant, which may be new.
    pub(super) fn wake(
        &mut self,
        hash: u64,
        key: &K,
        source: TokenSource,
        now: Now,
        hasher: impl Fn(&K) -> u64,
    ) -> Result<(), Full>
    where
        K: Clone,
    {
        if self.awake >= self.most_awake {
            self.calm();
        }
        let state = State::Awake(source);
        if let Some(entry) = self.table.find_mut(hash, |entry| entry.key == *key) {
            if matches!(entry.state, State::Resting(_)) {
                self.awake += 1;
            }
            entry.state = state;
            return Ok(());
        }
        if self.table.len() >= self.most && !self.evict(|_| true) {
            return Err(Full);
        }
        let entry = Entry {
            key: key.clone(),
            used: AtomicU32::new(seconds(now)),
            state,
        };
        self.table
            .insert_unique(hash, entry, |entry| hasher(&entry.key));
        self.awake += 1;
        Ok(())
    }

    /// Packs a tenant up, if nothing goes on.
    pub(super) fn settle(&mut self, hash: u64, key: &K) {
        if let Some(entry) = self.table.find_mut(hash, |entry| entry.key == *key)
            && pack(&mut entry.state)
        {
            self.awake -= 1;
        }
    }

    pub(super) fn remove(&mut self, hash: u64, key: &K) {
        if let Ok(entry) = self.table.find_entry(hash, |entry| entry.key == *key) {
            let (entry, _) = entry.remove();
            self.gone(&entry.state);
        }
    }

    /// Looks at so many places; packs up who has come to rest, and removes who was idle for long.
    pub(super) fn sweep(&mut self, places: usize, now: Now, idle: Duration) {
        let idle = u32::try_from(idle.as_secs()).unwrap_or(u32::MAX);
        for _ in 0..places.min(self.table.num_buckets()) {
            let place = self.next_place();
            let Some(entry) = self.table.get_bucket_mut(place) else {
                continue;
            };
            if pack(&mut entry.state) {
                self.awake -= 1;
            }
            let unused = seconds(now).saturating_sub(*entry.used.get_mut());
            if unused > idle && entry.state.can_go() {
                self.remove_at(place);
            }
        }
    }

    /// Gives memory back that most of the map no longer needs.
    pub(super) fn shrink(&mut self, hasher: impl Fn(&K) -> u64) {
        if self.table.len() < self.table.capacity() / 4 {
            self.table.shrink_to_fit(|entry| hasher(&entry.key));
        }
    }

    /// Packs up who has come to rest, or removes who fails and nobody needs: many who are awake take too much memory.
    fn calm(&mut self) {
        for _ in 0..self.table.num_buckets() {
            let place = self.next_place();
            if let Some(entry) = self.table.get_bucket_mut(place)
                && pack(&mut entry.state)
            {
                self.awake -= 1;
                return;
            }
            let awake = self.table.get_bucket(place);
            let awake = awake.is_some_and(|entry| matches!(entry.state, State::Awake(_)));
            if awake && self.evict(|state| matches!(state, State::Awake(_))) {
                return;
            }
        }
    }

    /// Removes the one that was idle for longest among the next few that can go.
    fn evict(&mut self, of: impl Fn(&State) -> bool) -> bool {
        let mut seen = 0;
        let mut oldest: Option<(u32, usize)> = None;
        for _ in 0..self.table.num_buckets() {
            let place = self.next_place();
            let Some(entry) = self.table.get_bucket(place) else {
                continue;
            };
            if !of(&entry.state) || !entry.state.can_go() {
                continue;
            }
            let used = entry.used.load(Ordering::Relaxed);
            if oldest.is_none_or(|(other, _)| used < other) {
                oldest = Some((used, place));
            }
            seen += 1;
            if seen == SAMPLE {
                break;
            }
        }
        oldest.is_some_and(|(_, place)| self.remove_at(place))
    }

    fn next_place(&mut self) -> usize {
        self.hand = (self.hand + 1) % self.table.num_buckets().max(1);
        self.hand
    }

    fn remove_at(&mut self, place: usize) -> bool {
        let Ok(entry) = self.table.get_bucket_entry(place) else {
            return false;
        };
        let (entry, _) = entry.remove();
        self.gone(&entry.state);
        true
    }

    fn gone(&mut self, state: &State) {
        if matches!(state, State::Awake(_)) {
            self.awake -= 1;
        }
    }
}

/// Packs a source up, if nothing goes on; tells whether it did.
fn pack(state: &mut State) -> bool {
    let packed = match state {
        State::Awake(source) => source.rest().and_then(|rest| Packed::new(&rest)),
        State::Resting(_) => None,
    };
    let is_packed = packed.is_some();
    if let Some(packed) = packed {
        *state = State::Resting(packed);
    }
    is_packed
}
