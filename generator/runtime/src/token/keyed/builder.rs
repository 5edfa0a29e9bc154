//! How a map of tenants is set up.

use std::fmt;
use std::hash::{Hash, RandomState};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use super::super::super::error::BuildError;
use super::super::super::transport::{BlockingTransport, Limits, Transport};
use super::super::source::{Settings, settings_setters};
use super::super::{Clock, Event, Executor, RefreshPolicy, SystemTimer, Timer};
use super::gate::{Gated, Gates};
use super::shard::Shard;
use super::{Keyed, KeyedTokens, Make};

/// Makes a [`KeyedTokens`].
pub struct KeyedBuilder<K> {
    make: Box<Make<K>>,
    settings: Settings,
    timer: Arc<dyn Timer>,
    max_entries: usize,
    idle: Duration,
    flights_per_host: usize,
}

/// The most parts of a map.
const SHARDS: usize = 64;

impl<K: Hash + Eq + Clone + Send + Sync + 'static> KeyedBuilder<K> {
    pub(super) fn new(make: Box<Make<K>>) -> Self {
        Self {
            make,
            settings: Settings::default(),
            timer: Arc::new(SystemTimer),
            max_entries: 100_000,
            idle: Duration::from_secs(3600),
            flights_per_host: 64,
        }
    }

    /// The most tenants there are at a time; 100,000 unless set. Who was idle for longest, among some, makes room.
    #[must_use]
    pub fn max_entries(mut self, most: usize) -> Self {
        self.max_entries = most;
        self
    }

    /// How long a tenant is kept that nobody asks for; an hour unless set.
    #[must_use]
    pub fn idle(mut self, time: Duration) -> Self {
        self.idle = time;
        self
    }

    /// How many requests one host gets at a time; 64 unless set.
    #[must_use]
    pub fn flights_per_host(mut self, most: usize) -> Self {
        self.flights_per_host = most;
        self
    }

    settings_setters!();

    /// Lets time pass in another way.
    #[must_use]
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.timer = Arc::new(timer);
        self
    }

    /// Makes the map.
    ///
    /// # Errors
    /// There is no transport.
    pub fn build(self) -> Result<KeyedTokens<K>, BuildError> {
        let mut settings = self.settings;
        settings.find_transport()?;
        let gates = Gates::new(
            self.flights_per_host,
            settings.policy.retry_after_most,
            Arc::clone(&settings.clock),
            self.timer,
        );
        settings.transport = settings.transport.map(|transport| {
            let gates = Arc::clone(&gates);
            Arc::new(Gated { gates, transport }) as Arc<dyn Transport>
        });
        settings.blocking = settings.blocking.map(|transport| {
            let gates = Arc::clone(&gates);
            Arc::new(Gated { gates, transport }) as Arc<dyn BlockingTransport>
        });
        // A power of two, and no part so small that chance fills it up.
        let shards = (self.max_entries / 256).clamp(1, SHARDS);
        let shards = 1 << shards.ilog2();
        let most = (self.max_entries / shards).max(1);
        let shards = (0..shards).map(|_| RwLock::new(Shard::new(most)));
        Ok(KeyedTokens(Arc::new(Keyed {
            make: self.make,
            settings: Arc::new(settings),
            hasher: RandomState::new(),
            shards: shards.collect(),
            idle: self.idle,
        })))
    }
}

impl<K> fmt::Debug for KeyedBuilder<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedBuilder")
            .field("max_entries", &self.max_entries)
            .field("idle", &self.idle)
            .field("flights_per_host", &self.flights_per_host)
            .finish_non_exhaustive()
    }
}
