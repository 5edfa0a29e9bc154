//! How a source is set up.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwapOption;

use super::super::super::Secret;
use super::super::super::client::{default_blocking_transport, default_transport};
use super::super::super::error::{BuildError, BuildErrorKind};
use super::super::super::transport::{BlockingTransport, Limits, Transport};
use super::super::custody::Custody;
use super::super::events::Observer;
use super::super::executor::Executor;
use super::super::machine::{Sharing, TokenMachine};
use super::super::{Clock, Endpoint, Event, RefreshPolicy, SystemClock};
use super::revoke::Leftovers;
use super::{Ground, Inner, Owner, TokenSource};

/// The longest answer that is read unless the limits say otherwise, in bytes.
const RESPONSE: usize = 64 << 10;

/// The longest answer that the limits may allow, in bytes.
const LONGEST_RESPONSE: usize = 1 << 20;

/// What many sources may have in common.
#[derive(Clone)]
pub(in super::super) struct Settings {
    pub(in super::super) transport: Option<Arc<dyn Transport>>,
    pub(in super::super) blocking: Option<Arc<dyn BlockingTransport>>,
    pub(in super::super) clock: Arc<dyn Clock>,
    pub(in super::super) policy: Arc<RefreshPolicy>,
    pub(in super::super) limits: Limits,
    pub(in super::super) executor: Option<Arc<dyn Executor>>,
    pub(in super::super) observer: Option<Arc<Observer>>,
}

/// Makes a [`TokenSource`].
pub struct SourceBuilder {
    settings: Settings,
    endpoint: Box<dyn Endpoint>,
    custody: Option<Arc<dyn Custody>>,
    refresh_token: Option<Secret>,
}

impl Default for Settings {
    fn default() -> Self {
        let limits = Limits {
            max_response_bytes: RESPONSE,
            ..Limits::default()
        };
        Self {
            transport: None,
            blocking: None,
            clock: Arc::new(SystemClock),
            policy: Arc::new(RefreshPolicy::default()),
            limits,
            executor: None,
            observer: None,
        }
    }
}

/// The setters of a builder with [`Settings`].
macro_rules! settings_setters {
    () => {
        /// Sends token requests through `transport`; through one of the library's unless set.
        #[must_use]
        pub fn transport(mut self, transport: impl Transport) -> Self {
            self.settings.transport = Some(Arc::new(transport));
            self
        }

        /// Sends the token requests of callers that block through `transport`; through one of the library's unless set.
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

        /// When tokens are renewed, and how often the endpoint may be asked.
        #[must_use]
        pub fn policy(mut self, policy: RefreshPolicy) -> Self {
            self.settings.policy = Arc::new(policy);
            self
        }

        /// How long a token request may take and how long its answer may be: 30 seconds and 64 KiB unless set, and at
        /// most 1 MiB.
        #[must_use]
        pub fn limits(mut self, limits: Limits) -> Self {
            self.settings.set_limits(limits);
            self
        }

        /// Runs token requests beside their callers. Unless set, they run on the tokio runtime of the caller, and
        /// on a thread of their own where the transport blocks; where there is neither, on those who wait for them.
        #[must_use]
        pub fn executor(mut self, executor: impl Executor) -> Self {
            self.settings.executor = Some(Arc::new(executor));
            self
        }

        /// Is told what happens. It is called without a lock held, and should be quick.
        #[must_use]
        pub fn on_event(mut self, observer: impl Fn(&Event) + Send + Sync + 'static) -> Self {
            self.settings.observer = Some(Arc::new(observer));
            self
        }
    };
}
pub(in super::super) use settings_setters;

impl Settings {
    pub(in super::super) fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        let longest = &mut self.limits.max_response_bytes;
        *longest = (*longest).min(LONGEST_RESPONSE);
    }

    /// Takes the library's own transports where none was given.
    pub(in super::super) fn find_transport(&mut self) -> Result<(), BuildError> {
        if self.transport.is_none() && self.blocking.is_none() {
            self.transport = default_transport().map(Arc::from);
            self.blocking = default_blocking_transport().map(Arc::from);
        }
        if self.transport.is_none() && self.blocking.is_none() {
            return Err(BuildError::new(
                BuildErrorKind::NoTransport,
                "there is no transport for tokens: switch on the feature `reqwest` or `blocking`, or give one with \
                 `transport` or `blocking_transport`",
            ));
        }
        Ok(())
    }
}

impl SourceBuilder {
    pub(super) fn new(endpoint: Box<dyn Endpoint>) -> Self {
        Self {
            settings: Settings::default(),
            endpoint,
            custody: None,
            refresh_token: None,
        }
    }

    settings_setters!();

    /// Begins with a refresh token, such as one that was kept since the last login.
    #[must_use]
    pub fn refresh_token(mut self, refresh_token: impl Into<Secret>) -> Self {
        self.refresh_token = Some(refresh_token.into());
        self
    }

    /// Shares what is issued with other processes.
    #[must_use]
    pub fn custody(mut self, custody: impl Custody) -> Self {
        self.custody = Some(Arc::new(custody));
        self
    }

    /// Makes the source. Nothing is sent until somebody asks for a token.
    ///
    /// # Errors
    /// There is no transport.
    pub fn build(mut self) -> Result<TokenSource, BuildError> {
        self.settings.find_transport()?;
        let settings = Arc::new(self.settings);
        let source = TokenSource::with_settings(settings, self.endpoint, self.custody);
        if let Some(refresh_token) = self.refresh_token {
            source.seed(refresh_token);
        }
        Ok(source)
    }
}

impl fmt::Debug for SourceBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceBuilder")
            .field("policy", &self.settings.policy)
            .field("limits", &self.settings.limits)
            .finish_non_exhaustive()
    }
}

impl TokenSource {
    /// A source with settings that it may share with others; they name a transport.
    pub(in super::super) fn with_settings(
        settings: Arc<Settings>,
        endpoint: Box<dyn Endpoint>,
        custody: Option<Arc<dyn Custody>>,
    ) -> Self {
        let sharing = match &custody {
            Some(_) => Sharing::Shared,
            None => Sharing::Alone,
        };
        let policy = Arc::clone(&settings.policy);
        Self(Arc::new(Owner(Arc::new(Inner {
            settings,
            endpoint,
            custody,
            published: ArcSwapOption::empty(),
            wall_checked: AtomicU64::new(u64::MAX),
            ground: Mutex::new(Ground {
                machine: TokenMachine::new(policy, sharing, random()),
                flight: None,
                leftovers: Leftovers::default(),
            }),
        }))))
    }
}

/// 64 bits of the keys with which the standard library guards its maps.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
