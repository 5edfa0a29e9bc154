//! How a map of tenants is set up.

use std::fmt;
use std::hash::{Hash, RandomState};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use super::super::super::client::{default_blocking_transport, default_transport};
use super::super::super::error::{BuildError, BuildErrorKind};
use super::super::super::transport::{BlockingTransport, Limits, Transport};
use super::super::source::Settings;
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

    /// Sends token requests through `transport`; through one of the library's unless set.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.settings.transport = Some(Arc::new(transport));
        self
    }

    /// Sends the token requests of callers that block through `transport`.
    #[must_use]
    pub fn blocking_transport(mut self, transport: impl BlockingTransport) -> Self {
        self.settings.blocking = Some(Arc::new(transport));
        self
    }

    /// Tells the time by another clock, such as one in a test.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Lets time pass in another way.
    #[must_use]
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.timer = Arc::new(timer);
        self
    }

    /// When tokens are renewed, and how often an endpoint may be asked.
    #[must_use]
    pub fn policy(mut self, policy: RefreshPolicy) -> Self {
        self.settings.policy = Arc::new(policy);
        self
    }

    /// How long a token request may take and how long its answer may be, as of
    /// [`SourceBuilder::limits`](super::super::SourceBuilder::limits).
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.set_limits(limits);
        self
    }

    /// Runs token requests beside their callers.
    #[must_use]
    pub fn executor(mut self, executor: impl Executor) -> Self {
        self.settings.executor = Some(Arc::new(executor));
        self
    }

    /// Is told what happens, to whichever tenant. It is called without a lock held, and should be quick.
    #[must_use]
    pub fn on_event(mut self, observer: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Arc::new(observer));
        self
    }

    /// Makes the map.
    ///
    /// # Errors
    /// There is no transport.
    pub fn build(self) -> Result<KeyedTokens<K>, BuildError> {
        let mut settings = self.settings;
        if settings.transport.is_none() && settings.blocking.is_none() {
            settings.transport = default_transport().map(Arc::from);
            settings.blocking = default_blocking_transport().map(Arc::from);
        }
        if settings.transport.is_none() && settings.blocking.is_none() {
            return Err(BuildError::new(
                BuildErrorKind::NoTransport,
                "the tokens have no transport: switch on the feature `reqwest` or `blocking`, or give one with \
                 `transport` or `blocking_transport`",
            ));
        }
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
