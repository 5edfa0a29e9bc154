//! Stores of tokens that several processes share: what is kept there, and who may renew it.
//!
//! A store keeps one place for each key. In it are the sealed token with a version, and who is renewing it. Before a
//! token is renewed a [`Lease`] is taken, so that a refresh token is presented by one process at a time. Leases are
//! numbered: only the holder of the newest may [`commit`](TokenStore::commit), so one that slept through its time does
//! no harm when it wakes up.

#[cfg(all(unix, feature = "token-file"))]
pub mod file;
pub mod memory;
#[cfg(feature = "redis")]
pub mod redis;
mod slot;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use hmac::{Hmac, Mac as _};
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;

use super::super::timer::{Timer, jittered, random};
use super::Identity;

/// What a store's answer comes in.
pub type StoreAnswer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A store that processes share.
///
/// Each method is one atomic step for all that use the store. What it is given is sealed: it learns neither tokens
/// nor whose they are.
pub trait TokenStore: Send + Sync + 'static {
    /// What is there now.
    fn load<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, Versioned>;

    /// Takes the right to renew, if nobody has it.
    ///
    /// A lease that ran out without [`commit`](Self::commit) or [`release`](Self::release) was held by somebody who
    /// died or sleeps, and may have presented the refresh token. The next lease says so in [`Lease::doubt`], and all
    /// after it, until something is committed.
    ///
    /// An owner who holds the lease is given it again, under a new number and without a doubt on its own account: who
    /// got no answer asks again as the same owner. Who was given a lease takes another owner for the next.
    fn lease<'a>(
        &'a self,
        key: &'a StoreKey,
        owner: &'a OwnerId,
        terms: LeaseTerms,
    ) -> StoreAnswer<'a, LeaseGrant>;

    /// Puts a value there, if `lease` is the newest and the version is `expected`, and ends the lease.
    ///
    /// The value is gone `keep` later. Its version is the number of the lease. Committing again what was committed is
    /// [`Commit::Done`] again, so a caller who got no answer may repeat it. A lease that ran out is good as long as
    /// nobody took another.
    fn commit<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: &'a Lease,
        expected: u64,
        value: Sealed,
        keep: Duration,
    ) -> StoreAnswer<'a, Commit>;

    /// Ends a lease without a value; nothing happens if it is not the newest.
    fn release<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: &'a Lease,
        ending: Ending,
    ) -> StoreAnswer<'a, ()>;

    /// Removes all that is there, the lease as well: its holder can no longer commit.
    fn remove<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, ()>;

    /// Ends when the version is no longer `seen`, when nobody holds a lease, or after `within`.
    ///
    /// Without a better way it asks the store, at first every 20 ms and then less often, up to twice a second.
    fn changed<'a>(
        &'a self,
        key: &'a StoreKey,
        seen: u64,
        within: Duration,
        timer: &'a dyn Timer,
    ) -> StoreAnswer<'a, ()> {
        Box::pin(async move {
            let mut waited = Duration::ZERO;
            let mut pause = Duration::from_millis(20);
            while waited < within {
                let time = jittered(pause).min(within - waited);
                timer.sleep(time).await;
                waited += time;
                let now = self.load(key).await?;
                if now.version != seen || !now.leased {
                    break;
                }
                pause = (pause * 3 / 2).min(Duration::from_millis(500));
            }
            Ok(())
        })
    }
}

/// What a store holds under a key.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Versioned {
    /// Which value this is; 0 if there never was one. No two values of a key have the same version.
    pub version: u64,
    /// The value, unless it was never there or its time is over.
    pub value: Option<Sealed>,
    /// How long ago it was committed, by the store's clock.
    pub age: Duration,
    /// Whether somebody holds a lease.
    pub leased: bool,
}

/// For how long a lease is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTerms {
    /// After this time somebody else may take one; longer than the whole call to the token endpoint may take.
    pub ttl: Duration,
    /// How long the store remembers that a lease was never ended.
    pub remember: Duration,
}

/// How a request for a lease ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaseGrant {
    /// It is ours.
    Granted(Lease),
    /// Somebody else has it, for so long at most.
    Held(Duration),
    /// The last attempt failed, and nobody is to try again before so long.
    Resting(Duration),
}

/// The right to renew a token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// The number of the lease: larger than that of every lease of this key before it.
    pub fence: u64,
    /// How long ago a lease was given that was never ended, or ended in doubt, since the last commit.
    pub doubt: Option<Duration>,
    /// How many leases in a row have ended with a rest.
    pub failures: u32,
}

impl Lease {
    /// A lease as a store gives it.
    #[must_use]
    pub fn new(fence: u64, doubt: Option<Duration>, failures: u32) -> Self {
        Self {
            fence,
            doubt,
            failures,
        }
    }
}

/// How a lease ends without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// What became of the refresh token.
    pub spent: Spent,
    /// How long nobody is to try again; `None` if nothing failed.
    pub rest: Option<Duration>,
}

/// What became of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// It was not presented, or the server answered that it did nothing.
    No,
    /// It was presented, and no answer came.
    Perhaps,
}

/// How a commit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// The value is there for all.
    Done,
    /// There is another version than expected; nothing was changed.
    Conflict,
    /// Another lease was given since, or all was removed; nothing was changed.
    LeaseLost,
}

/// A token as it lies in a store, sealed by a [`Sealer`](super::Sealer).
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Box<[u8]>);

impl Sealed {
    /// What a store kept.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// What a store is to keep.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// Makes the keys of a store: HMAC-SHA256 of all that a token depends on, under a secret of the fleet's.
///
/// Who sees the store, and even knows a client's id and guesses its password, cannot tell from the keys whose tokens
/// are there. The secret has to stay as it is when the keys of the [`Sealer`](super::Sealer) change, or the tokens are
/// no longer found.
#[derive(Clone)]
pub struct StoreKeys(Zeroizing<[u8; 32]>);

impl StoreKeys {
    /// Keys under a secret of 32 random bytes.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// The key of what depends on `identity`.
    #[must_use]
    pub fn key(&self, identity: Identity) -> StoreKey {
        let mut hash = Hmac::<Sha256>::new_from_slice(self.0.as_slice())
            .expect("HMAC takes keys of any length");
        hash.update(&identity.digest());
        StoreKey(hash.finalize().into_bytes().into())
    }
}

impl fmt::Debug for StoreKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKeys(..)")
    }
}

/// Where a token is in a store. Says nothing of whose it is; its text is 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreKey([u8; 32]);

impl StoreKey {
    /// The key's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreKey({self})")
    }
}

/// Who holds a lease, for the eyes of who looks into the store: 128 random bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OwnerId(u128);

impl OwnerId {
    /// An owner that nobody else is.
    #[must_use]
    pub fn random() -> Self {
        Self(u128::from(random()) << 64 | u128::from(random()))
    }
}

impl fmt::Display for OwnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for OwnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnerId({self})")
    }
}

/// Why a store did not answer. Holds no value and no key of the store.
#[derive(Debug)]
pub struct StoreError {
    doing: &'static str,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StoreError {
    /// An error of which no more is known than what was being done, such as `"opening the folder"`.
    #[must_use]
    pub fn new(doing: &'static str) -> Self {
        Self {
            doing,
            source: None,
        }
    }

    /// An error with its cause, which must not hold what is secret.
    pub fn with_source(
        doing: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            doing,
            source: Some(source.into()),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store of tokens failed: {}", self.doing)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
