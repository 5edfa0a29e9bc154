//! A store in Redis, for processes on many machines.

use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{FromRedisValue, Script, ScriptInvocation};
use tokio::runtime::Handle;

use super::{
    Commit, Ending, Lease, LeaseGrant, LeaseTerms, OwnerId, Sealed, Spent, StoreAnswer, StoreError,
    StoreKey, TokenStore, Versioned,
};

/// Keeps tokens in Redis 5 or newer, or what speaks its protocol.
///
/// Two keys for each token, `PREFIX{KEY}` and `PREFIX{KEY}:value`, which a cluster keeps together: who renews, and the
/// sealed value, which lives no longer than it may be kept. Each step is one script, and the clock is the server's.
///
/// Steps are taken on the tokio runtime in which the store was made, so callers need not be on one.
///
/// A lease is as good as the server's memory: what a failover loses, such as a lease that was given a moment before,
/// may be given twice. Where that must not be, wait for replicas (`min-replicas-to-write`) or use a single server with
/// `appendonly yes`.
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    runtime: Handle,
    prefix: String,
}

/// How long an answer or a connection may take.
const PATIENCE: Duration = Duration::from_secs(2);

impl RedisStore {
    /// A store on the server of a URL such as `redis://localhost:6379` or `unix:///run/redis.sock`. An answer or a
    /// connection takes 2 seconds at most.
    ///
    /// # Errors
    /// The URL is none, the server cannot be reached, or this is not on a tokio runtime.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let client = redis::Client::open(url).map_err(|error| failed("reading its URL", &error))?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let connection = ConnectionManager::new_with_config(client, config)
            .await
            .map_err(|error| failed("connecting", &error))?;
        Self::on(connection)
    }

    /// A store on a connection of your own making, for TLS, another timeout or a Sentinel.
    ///
    /// # Errors
    /// This is not on a tokio runtime.
    pub fn on(connection: ConnectionManager) -> Result<Self, StoreError> {
        let runtime = Handle::try_current()
            .map_err(|error| StoreError::with_source("finding the tokio runtime", error))?;
        Ok(Self {
            connection,
            runtime,
            prefix: "token:".to_owned(),
        })
    }

    /// Puts this before all keys, instead of `token:`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Runs a script on the keys of a token.
    async fn run<T: FromRedisValue + Send + 'static>(
        &self,
        doing: &'static str,
        script: &'static LazyLock<Script>,
        key: &StoreKey,
        arguments: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<T, StoreError> {
        let place = format!("{}{{{key}}}", self.prefix);
        let mut connection = self.connection.clone();
        let mut call = script.prepare_invoke();
        call.key(format!("{place}:value")).key(place);
        arguments(&mut call);
        let answer = self
            .runtime
            .spawn(async move { call.invoke_async(&mut connection).await });
        match answer.await {
            Ok(answer) => answer.map_err(|error| failed(doing, &error)),
            Err(ended) => Err(StoreError::with_source(doing, ended)),
        }
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// The kind of the error alone: its text may hold what was sent, and the server's URL with a password.
fn failed(doing: &'static str, error: &redis::RedisError) -> StoreError {
    StoreError::with_source(doing, format!("Redis: {:?}", error.kind()))
}

fn millis(time: Duration) -> u64 {
    // Numbers above 2^53 are not exact in Lua; this is more than a thousand years.
    u64::try_from(time.as_millis())
        .unwrap_or(u64::MAX)
        .min(1 << 45)
}

static LOAD: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slot = redis.call('HMGET', KEYS[2], 'version', 'since', 'open_until')
local value = redis.call('GET', KEYS[1])
local age = math.max(0, now - (tonumber(slot[2]) or now))
local leased = slot[3] and now < tonumber(slot[3])
return {slot[1] or '0', value or '', age, leased and 1 or 0}
",
    )
});

static LEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local owner, ttl, remember = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local slot = redis.call('HMGET', KEYS[2], 'fence', 'doubt', 'failures', 'rest', 'owner', 'given', 'open_until')
local doubt = slot[2]
if slot[7] and slot[5] ~= owner then
  local open_until = tonumber(slot[7])
  if now < open_until then return {1, '0', open_until - now, 0} end
  if not doubt then
    doubt = slot[6]
    redis.call('HSET', KEYS[2], 'doubt', doubt)
  end
end
local rest = tonumber(slot[4] or '0')
if now < rest then return {2, '0', rest - now, 0} end
local fence = math.max(tonumber(slot[1] or '0') + 1, time[1] * 1000000 + time[2])
fence = string.format('%.0f', fence)
redis.call('HSET', KEYS[2], 'fence', fence, 'owner', owner, 'given', string.format('%.0f', now),
  'open_until', string.format('%.0f', now + ttl))
if redis.call('PTTL', KEYS[2]) < ttl + remember then redis.call('PEXPIRE', KEYS[2], ttl + remember) end
local age = -1
if doubt then age = math.max(0, now - tonumber(doubt)) end
return {0, fence, age, tonumber(slot[3] or '0')}
",
    )
});

static COMMIT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local fence, expected, value, keep = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local slot = redis.call('HMGET', KEYS[2], 'fence', 'version', 'open_until')
if slot[2] == fence then return 0 end
if slot[1] ~= fence or not slot[3] then return 2 end
if (slot[2] or '0') ~= expected then return 1 end
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('SET', KEYS[1], value, 'PX', keep)
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'fence', fence, 'version', fence, 'since', now)
redis.call('PEXPIRE', KEYS[2], keep)
return 0
",
    )
});

static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local fence, perhaps, rest = ARGV[1], ARGV[2], tonumber(ARGV[3])
local slot = redis.call('HMGET', KEYS[2], 'fence', 'open_until', 'doubt')
if slot[1] ~= fence or not slot[2] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HDEL', KEYS[2], 'owner', 'given', 'open_until')
local doubt = slot[3]
if perhaps == '1' and not doubt then
  doubt = string.format('%.0f', now)
  redis.call('HSET', KEYS[2], 'doubt', doubt)
end
local worth = tonumber(ARGV[4])
if rest >= 0 then
  redis.call('HINCRBY', KEYS[2], 'failures', 1)
  redis.call('HSET', KEYS[2], 'rest', string.format('%.0f', now + rest))
  worth = 2 * rest + worth
end
if doubt or redis.call('EXISTS', KEYS[1]) == 1 then
  if redis.call('PTTL', KEYS[2]) < worth then redis.call('PEXPIRE', KEYS[2], worth) end
else
  redis.call('PEXPIRE', KEYS[2], worth)
end
return 0
",
    )
});

static REMOVE: LazyLock<Script> =
    LazyLock::new(|| Script::new("return redis.call('DEL', KEYS[1], KEYS[2])"));

impl TokenStore for RedisStore {
    fn load<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, Versioned> {
        Box::pin(async move {
            let (version, value, age, leased): (u64, Vec<u8>, u64, u8) =
                self.run("loading", &LOAD, key, |_| ()).await?;
            Ok(Versioned {
                version,
                value: Some(value)
                    .filter(|value| !value.is_empty())
                    .map(Sealed::new),
                age: Duration::from_millis(age),
                leased: leased == 1,
            })
        })
    }

    fn lease<'a>(
        &'a self,
        key: &'a StoreKey,
        owner: &'a OwnerId,
        terms: LeaseTerms,
    ) -> StoreAnswer<'a, LeaseGrant> {
        Box::pin(async move {
            let (grant, fence, time, failures): (u8, u64, i64, u32) = self
                .run("leasing", &LEASE, key, |call| {
                    call.arg(owner.to_string());
                    call.arg(millis(terms.ttl)).arg(millis(terms.remember));
                })
                .await?;
            let time = u64::try_from(time).ok().map(Duration::from_millis);
            Ok(match grant {
                0 => LeaseGrant::Granted(Lease::new(fence, time, failures)),
                1 => LeaseGrant::Held(time.unwrap_or_default()),
                _ => LeaseGrant::Resting(time.unwrap_or_default()),
            })
        })
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
            let commit: u8 = self
                .run("committing", &COMMIT, key, |call| {
                    call.arg(lease.fence).arg(expected).arg(value.as_bytes());
                    call.arg(millis(keep).max(1));
                })
                .await?;
            Ok(match commit {
                0 => Commit::Done,
                1 => Commit::Conflict,
                _ => Commit::LeaseLost,
            })
        })
    }

    fn release<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: &'a Lease,
        ending: Ending,
    ) -> StoreAnswer<'a, ()> {
        Box::pin(async move {
            let rest = ending.rest.map_or(-1, |rest| millis(rest) as i64);
            let _: u8 = self
                .run("releasing", &RELEASE, key, |call| {
                    call.arg(lease.fence);
                    call.arg(u8::from(ending.spent == Spent::Perhaps));
                    call.arg(rest).arg(millis(super::slot::REMEMBERED));
                })
                .await?;
            Ok(())
        })
    }

    fn remove<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, ()> {
        Box::pin(async move {
            let _: u8 = self.run("removing", &REMOVE, key, |_| ()).await?;
            Ok(())
        })
    }
}
