//! The tokens of many tenants, in bounded memory.

mod builder;
mod gate;
mod packed;
mod shard;

use std::fmt;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use super::super::Secret;
use super::super::error::BuildError;
use super::custody::Custody;
use super::source::Settings;
use super::{
    AccessToken, Endpoint, Now, Refusal, Reject, Rejection, TokenError, TokenErrorKind, TokenSource,
};
pub use builder::KeyedBuilder;
use shard::{Shard, State};

/// The tokens of many tenants, each found by its key.
///
/// A tenant at rest, whose token is good, takes a small piece of memory: its token's length and about 150 bytes. A
/// [`TokenSource`] is made for it when its token has to be renewed, and packed up again afterwards. There is no task and
/// no timer for a tenant: who is not asked for is not renewed, and goes when it was idle for long, or when there is no
/// room for another. A refresh token that nobody else has goes with it; give such tenants a
/// [`custody`](Tenant::custody), such as a [`Fleet`](super::Fleet).
///
/// All requests to one host share a gate: so many at a time, and none while the host wants to be left alone
/// (`Retry-After` with a status of 429 or 503). Until then tenants without a good token get
/// [`TokenErrorKind::Throttled`].
///
/// Keys are hashed with keys of their own (SipHash), so tenants who choose their names cannot make them collide.
pub struct KeyedTokens<K>(Arc<Keyed<K>>);

/// Makes the tenant of a key.
type Make<K> = dyn Fn(&K) -> Result<Tenant, BuildError> + Send + Sync;

struct Keyed<K> {
    make: Box<Make<K>>,
    settings: Arc<Settings>,
    hasher: RandomState,
    shards: Box<[RwLock<Shard<K>>]>,
    idle: Duration,
}

/// What it takes to ask for the tokens of one tenant.
pub struct Tenant {
    endpoint: Box<dyn Endpoint>,
    custody: Option<Arc<dyn Custody>>,
    refresh_token: Option<Secret>,
}

impl Tenant {
    /// A tenant whose tokens come from an endpoint.
    pub fn new(endpoint: impl Endpoint) -> Self {
        Self {
            endpoint: Box::new(endpoint),
            custody: None,
            refresh_token: None,
        }
    }

    /// Shares what is issued with other processes.
    #[must_use]
    pub fn custody(mut self, custody: impl Custody) -> Self {
        self.custody = Some(Arc::new(custody));
        self
    }

    /// Begins with a refresh token.
    #[must_use]
    pub fn refresh_token(mut self, refresh_token: impl Into<Secret>) -> Self {
        self.refresh_token = Some(refresh_token.into());
        self
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tenant(..)")
    }
}

/// What a look at a tenant shows.
enum Glance {
    Token(AccessToken),
    Source(TokenSource),
    /// It has to be woken, or is not there.
    Nothing,
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> KeyedTokens<K> {
    /// Begins a map whose tenants are made by `make`, again each time that one has to ask for a token after a rest.
    /// For a key it always makes the same endpoint.
    pub fn builder(
        make: impl Fn(&K) -> Result<Tenant, BuildError> + Send + Sync + 'static,
    ) -> KeyedBuilder<K> {
        KeyedBuilder::new(Box::new(make))
    }

    /// The current token of a tenant, if there is one that is still good. It asks nobody: renewing is left to
    /// [`token`](Self::token).
    #[must_use]
    pub fn try_cached(&self, key: &K) -> Option<AccessToken> {
        match self.glance(key) {
            Glance::Token(token) => Some(token),
            Glance::Source(source) => source.try_cached(),
            Glance::Nothing => None,
        }
    }

    /// A token of a tenant that is good, asked for only if there is none.
    ///
    /// # Errors
    /// As those of [`TokenSource::token`]. [`TokenErrorKind::Throttled`] if there is no room for another tenant, since
    /// all that are there are asking.
    pub async fn token(&self, key: &K) -> Result<AccessToken, TokenError> {
        let source = match self.glance(key) {
            Glance::Token(token) => return Ok(token),
            Glance::Source(source) => source,
            Glance::Nothing => self.source(key)?,
        };
        let token = source.token().await;
        self.settle(key, source);
        token
    }

    /// [`token`](Self::token) on the calling thread.
    ///
    /// # Errors
    /// As those of [`token`](Self::token).
    pub fn token_blocking(&self, key: &K) -> Result<AccessToken, TokenError> {
        let source = match self.glance(key) {
            Glance::Token(token) => return Ok(token),
            Glance::Source(source) => source,
            Glance::Nothing => self.source(key)?,
        };
        let token = source.token_blocking();
        self.settle(key, source);
        token
    }

    /// The source of a tenant, for all else that a source can do. As long as somebody has it, the tenant stays.
    ///
    /// # Errors
    /// The tenant cannot be made, or there is no room for another.
    pub fn source(&self, key: &K) -> Result<TokenSource, TokenError> {
        let keyed = &*self.0;
        let now = keyed.settings.clock.now();
        // Not under the lock: it is not our code.
        let tenant = (keyed.make)(key);
        let tenant = tenant.map_err(|error| {
            TokenError::with_source(Refusal::new(TokenErrorKind::Config), 0, None, error)
        })?;
        let hash = keyed.hasher.hash_one(key);
        let mut shard = keyed.write(hash);
        let state = match shard.find(hash, key) {
            Some(State::Awake(source)) => return Ok(source.clone()),
            Some(State::Resting(packed)) => Some(packed.unpack()),
            None => None,
        };
        let settings = Arc::clone(&keyed.settings);
        let source = match state {
            Some(rest) => TokenSource::resume(settings, tenant.endpoint, tenant.custody, rest),
            None => {
                let source = TokenSource::with_settings(settings, tenant.endpoint, tenant.custody);
                if let Some(refresh_token) = tenant.refresh_token {
                    source.seed(refresh_token);
                }
                source
            }
        };
        match shard.wake(hash, key, source.clone(), now, |key| {
            keyed.hasher.hash_one(key)
        }) {
            Ok(()) => Ok(source),
            Err(shard::Full) => {
                let refusal = Refusal::new(TokenErrorKind::Throttled);
                Err(TokenError::new(refusal, 0, Some(now)))
            }
        }
    }

    /// Gives a token back that an API does not take; see [`TokenSource::reject`].
    pub fn reject(&self, key: &K, used: &AccessToken, why: Reject) -> Rejection {
        match self.glance(key) {
            Glance::Token(token) if token.id() != used.id() => Rejection::Superseded,
            _ => match self.source(key) {
                Ok(source) => source.reject(used, why),
                Err(_) => Rejection::Superseded,
            },
        }
    }

    /// Forgets a tenant. Whoever has its source keeps it, and shares it no more.
    pub fn forget(&self, key: &K) {
        let hash = self.0.hasher.hash_one(key);
        self.0.write(hash).remove(hash, key);
    }

    /// Removes all tenants that were idle for long. Without it they go little by little, while others come.
    pub fn sweep(&self) {
        let now = self.0.settings.clock.now();
        for shard in &self.0.shards {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            shard.sweep(usize::MAX, now, self.0.idle);
            shard.shrink(|key| self.0.hasher.hash_one(key));
        }
    }

    /// How many tenants there are.
    #[must_use]
    pub fn len(&self) -> usize {
        let shards = self.0.shards.iter();
        shards.map(|shard| read(shard).len()).sum()
    }

    /// Whether there is no tenant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn glance(&self, key: &K) -> Glance {
        let keyed = &*self.0;
        let now = keyed.settings.clock.now();
        let hash = keyed.hasher.hash_one(key);
        let shard = read(keyed.shard(hash));
        match shard.look(hash, key, now) {
            Some(State::Resting(packed)) if packed.serves(now) => Glance::Token(packed.token()),
            Some(State::Awake(source)) => Glance::Source(source.clone()),
            _ => Glance::Nothing,
        }
    }

    /// Packs a tenant up, if nothing goes on.
    fn settle(&self, key: &K, source: TokenSource) {
        let keyed = &*self.0;
        let now = keyed.settings.clock.now();
        let hash = keyed.hasher.hash_one(key);
        let mut shard = keyed.write(hash);
        // Under the lock, so that the last of many who waited packs it up.
        drop(source);
        shard.settle(hash, key);
        shard.sweep(STEPS, now, keyed.idle);
    }
}

/// How many places are looked at for idle tenants whenever one comes to rest.
const STEPS: usize = 8;

impl<K> Keyed<K> {
    fn shard(&self, hash: u64) -> &RwLock<Shard<K>> {
        // The table takes the lowest bits and the highest seven.
        let index = (hash >> 32) as usize & (self.shards.len() - 1);
        &self.shards[index]
    }

    fn write(&self, hash: u64) -> RwLockWriteGuard<'_, Shard<K>> {
        let shard = self.shard(hash);
        shard.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read<K>(shard: &RwLock<Shard<K>>) -> RwLockReadGuard<'_, Shard<K>> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}

/// The time since the last use is told in seconds.
fn seconds(now: Now) -> u32 {
    u32::try_from(now.mono.as_secs()).unwrap_or(u32::MAX)
}

impl<K> Clone for KeyedTokens<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> fmt::Debug for KeyedTokens<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedTokens(..)")
    }
}
