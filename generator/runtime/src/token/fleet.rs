//! How the processes of a fleet share a token: one of them asks for it, and the others get what it got.
//!
//! A renewal looks into the store first, and takes what is there if it will do. Else it takes a lease, looks again, asks
//! the token endpoint, and commits the answer to the store before anybody uses it. Who gets no lease waits for the store
//! to change, and never presents the refresh token. So a refresh token is presented by one process at a time, and by one
//! process alone as long as none of them dies or sleeps in the middle.
//!
//! # What can be promised when a process dies
//!
//! - Before it took the lease, or after it committed: nothing is lost, nothing is in doubt.
//! - With the lease in hand: the others wait until the lease runs out. Then it is unknown whether the refresh token was
//!   presented, and they act as [`RefreshPolicy::in_doubt`](super::RefreshPolicy::in_doubt) says. With
//!   [`InDoubt::Reauth`](super::InDoubt::Reauth) it is never presented twice: they go on by the initial grant where that
//!   repeats, and else the error is [`InDoubt`](TokenErrorKind::InDoubt). A new token that the server made for the dead
//!   process is lost, and no client can get it back: only a server that accepts the old refresh token for some time
//!   heals this, which [`InDoubt::AssumeGrace`](super::InDoubt::AssumeGrace) is for.
//! - A process that was stopped rather than killed looks at its clock before it asks, and cannot commit once another
//!   has taken the lease. Should it be stopped right after that look, for longer than the lease, it still presents the
//!   refresh token; with `Reauth` nobody else did.
//!
//! # When the store is out of order
//!
//! What spends nothing goes on: each process asks by the initial grant for a token of its own. A refresh token that
//! others know is not presented, and the error is [`Store`](TokenErrorKind::Store). What was issued but could not be
//! committed is not handed out either; it is kept, and committed at the next turn if nobody has moved on.

mod alone;
mod turn;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alone::Alone;
use turn::Held;

use super::custody::{Adopted, Custody, Need, Step, Turn};
use super::deposit::{Deposit, Fingerprint};
use super::machine::Means;
use super::store::{
    Ending, LeaseGrant, LeaseTerms, OwnerId, Spent, StoreError, StoreKey, TokenStore, Versioned,
};
use super::{
    Clock, Issued, Now, Refusal, SealError, Sealer, SystemClock, SystemTimer, Timer, TokenErrorKind,
};

/// How long a fleet waits and remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FleetPolicy {
    /// The longest time that a call to the token endpoint takes: no less than the source's
    /// [`Limits::timeout`](super::super::Limits::timeout). 30 seconds unless set.
    pub call: Duration,
    /// For how long a lease is taken: longer than `call`, by what the store needs before and after. 40 seconds unless
    /// set.
    pub lease: Duration,
    /// How long others are waited for: longer than `lease`, or the death of one is the failure of all. 60 seconds
    /// unless set.
    pub patience: Duration,
    /// How long a refresh token is kept at most, and how long it is remembered that one may be spent. 90 days unless
    /// set.
    pub keep: Duration,
}

impl Default for FleetPolicy {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(30),
            lease: Duration::from_secs(40),
            patience: Duration::from_secs(60),
            keep: Duration::from_secs(90 * 24 * 3600),
        }
    }
}

/// What is wrong with a store.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreTrouble {
    /// It did not answer.
    Store(StoreError),
    /// What is in it cannot be opened.
    Seal(SealError),
    /// What is in it was opened and is nothing that we know: another version wrote it.
    Unknown,
}

impl fmt::Display for StoreTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Seal(error) => error.fmt(f),
            Self::Unknown => f.write_str("what is in the store of tokens is from another version"),
        }
    }
}

impl std::error::Error for StoreTrouble {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => error.source(),
            Self::Seal(_) | Self::Unknown => None,
        }
    }
}

impl From<StoreError> for StoreTrouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// One token that a fleet shares: the [`Custody`] of a source that stands for it in this process.
///
/// ```
/// # #[cfg(feature = "token-seal")] {
/// use specmint_runtime::token::store::memory::MemoryStore;
/// use specmint_runtime::token::{Fleet, Identity, KeyRing, SealingKey, StoreKeys};
///
/// # let (secret, key) = ([1; 32], [2; 32]);
/// // All processes of the fleet have the same two secrets.
/// let keys = StoreKeys::new(secret);
/// let sealer = KeyRing::sealing(SealingKey::new(1, key));
///
/// let mut identity = Identity::default();
/// identity.part("token endpoint", "https://login.example/token");
/// identity.part("client", "my-client");
/// let fleet = Fleet::new(MemoryStore::new(), sealer, keys.key(identity));
/// // TokenSource::builder(endpoint).custody(fleet)
/// # }
/// ```
#[derive(Clone)]
pub struct Fleet(Arc<Shared>);

struct Shared {
    store: Arc<dyn TokenStore>,
    sealer: Arc<dyn Sealer>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    key: StoreKey,
    policy: FleetPolicy,
    observer: Arc<dyn Fn(&StoreTrouble) + Send + Sync>,
    left: Arc<Mutex<Left>>,
}

/// What a turn leaves to the next.
#[derive(Default)]
struct Left {
    /// Who asked for a lease and got no answer.
    owner: Option<OwnerId>,
    /// What was issued and could not be committed.
    uncommitted: Option<Uncommitted>,
    /// A refresh token that was issued while there was no store, so that nobody else has it.
    private: Option<Fingerprint>,
}

struct Uncommitted {
    issued: Issued,
    issued_at: Duration,
    /// The version that it is the successor of.
    expected: u64,
}

/// What is in the store.
struct Found {
    version: u64,
    deposit: Option<Deposit>,
    /// When the token was asked for, since 1970.
    issued_at: Duration,
}

/// Where an attempt leads.
enum Next {
    Turn(Turn),
    Refused(Refusal),
    /// Somebody else was there: look again.
    Again,
}

impl Fleet {
    /// The token at `key` of `store`.
    pub fn new(store: impl TokenStore, sealer: impl Sealer, key: StoreKey) -> Self {
        Self::with_shared(Arc::new(store), Arc::new(sealer), key)
    }

    /// The token at `key` of a store that others use as well.
    pub fn with_shared(store: Arc<dyn TokenStore>, sealer: Arc<dyn Sealer>, key: StoreKey) -> Self {
        Self(Arc::new(Shared {
            store,
            sealer,
            clock: Arc::new(SystemClock),
            timer: Arc::new(SystemTimer),
            key,
            policy: FleetPolicy::default(),
            observer: Arc::new(|_| ()),
            left: Arc::default(),
        }))
    }

    /// How long it waits and remembers.
    #[must_use]
    pub fn policy(self, policy: FleetPolicy) -> Self {
        self.with(|shared| shared.policy = policy)
    }

    /// Tells the time by another clock, such as one in a test: that of the source.
    #[must_use]
    pub fn clock(self, clock: impl Clock) -> Self {
        self.with(|shared| shared.clock = Arc::new(clock))
    }

    /// Lets time pass in another way.
    #[must_use]
    pub fn timer(self, timer: impl Timer) -> Self {
        self.with(|shared| shared.timer = Arc::new(timer))
    }

    /// Is told what is wrong with the store, which callers get as [`TokenErrorKind::Store`] or not at all.
    #[must_use]
    pub fn on_trouble(self, observer: impl Fn(&StoreTrouble) + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.observer = Arc::new(observer))
    }

    fn with(self, change: impl FnOnce(&mut Shared)) -> Self {
        let mut shared = Arc::unwrap_or_clone(self.0);
        change(&mut shared);
        Self(Arc::new(shared))
    }
}

impl Clone for Shared {
    fn clone(&self) -> Self {
        Self {
            store: Arc::clone(&self.store),
            sealer: Arc::clone(&self.sealer),
            clock: Arc::clone(&self.clock),
            timer: Arc::clone(&self.timer),
            key: self.key,
            policy: self.policy.clone(),
            observer: Arc::clone(&self.observer),
            left: Arc::clone(&self.left),
        }
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("key", &self.0.key)
            .field("policy", &self.0.policy)
            .finish_non_exhaustive()
    }
}

impl Custody for Fleet {
    fn turn(&self, need: Need) -> Step<'_, Turn> {
        Box::pin(self.0.turn(need))
    }

    fn erase(&self) -> Step<'_, ()> {
        Box::pin(async move {
            *self.0.left() = Left::default();
            let removed = self.0.store.remove(&self.0.key).await;
            removed.map_err(|error| self.0.trouble(&error.into()))
        })
    }
}

impl Shared {
    fn left(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Now {
        self.clock.now()
    }

    /// Tells what is wrong with the store; callers get the refusal.
    fn trouble(&self, trouble: &StoreTrouble) -> Refusal {
        (self.observer)(trouble);
        Refusal::new(TokenErrorKind::Store)
    }

    async fn turn(self: &Arc<Self>, need: Need) -> Result<Turn, Refusal> {
        let give_up = self.now().after(self.policy.patience);
        loop {
            match self.attempt(&need, give_up).await {
                Ok(Next::Turn(turn)) => return Ok(turn),
                Ok(Next::Refused(refusal)) => return Err(refusal),
                Ok(Next::Again) => {}
                Err(trouble) => return self.without_store(&need, &trouble),
            }
        }
    }

    /// Looks into the store, and takes a lease if nobody else has one.
    async fn attempt(self: &Arc<Self>, need: &Need, give_up: Now) -> Result<Next, StoreTrouble> {
        let found = self.look().await?;
        if let Some(adopted) = self.suiting(&found, need) {
            return Ok(Next::Turn(Turn::Adopt(adopted)));
        }
        let asked = self.now();
        match self.lease().await? {
            LeaseGrant::Granted(lease) => {
                let held = Held::new(Arc::clone(self), lease, need.clone());
                held.second_look(asked).await
            }
            LeaseGrant::Held(_) if asked.reached(give_up) => {
                Ok(Next::Refused(Refusal::new(TokenErrorKind::Timeout)))
            }
            LeaseGrant::Held(time) => {
                let left = give_up.mono.saturating_sub(asked.mono);
                self.store
                    .changed(&self.key, found.version, time.min(left), &*self.timer)
                    .await?;
                Ok(Next::Again)
            }
            LeaseGrant::Resting(time) => {
                let mut refusal = Refusal::new(TokenErrorKind::Unavailable);
                refusal.retry_after = Some(time);
                Ok(Next::Refused(refusal))
            }
        }
    }

    async fn lease(&self) -> Result<LeaseGrant, StoreError> {
        // Who got no answer may have been given the lease: only as the same owner is it given again.
        let owner = self.left().owner.take().unwrap_or_else(OwnerId::random);
        let terms = LeaseTerms {
            ttl: self.policy.lease,
            remember: self.policy.keep,
        };
        let grant = self.store.lease(&self.key, &owner, terms).await;
        if grant.is_err() {
            self.left().owner = Some(owner);
        }
        grant
    }

    async fn look(&self) -> Result<Found, StoreTrouble> {
        let Versioned {
            version,
            value,
            age,
            ..
        } = self.store.load(&self.key).await?;
        let deposit = match value {
            Some(sealed) => {
                let plain = self.sealer.open(&self.key, &sealed);
                let plain = plain.map_err(StoreTrouble::Seal)?;
                Some(Deposit::read(&plain).ok_or(StoreTrouble::Unknown)?)
            }
            None => None,
        };
        let waited = match &deposit {
            Some(Deposit::Token { waited, .. }) => *waited,
            _ => Duration::ZERO,
        };
        let issued_at = self.now().wall.saturating_sub(age).saturating_sub(waited);
        Ok(Found {
            version,
            deposit,
            issued_at,
        })
    }

    /// The token that is there, if it will do.
    fn suiting(&self, found: &Found, need: &Need) -> Option<Adopted> {
        match &found.deposit {
            Some(Deposit::Token { issued, .. })
                if need.suits(issued, found.issued_at, self.now()) =>
            {
                Some(Adopted {
                    issued: issued.clone(),
                    issued_at: found.issued_at,
                })
            }
            _ => None,
        }
    }

    /// What there is without a store: a turn for what nobody shares, and none for a refresh token that others know.
    fn without_store(
        self: &Arc<Self>,
        need: &Need,
        trouble: &StoreTrouble,
    ) -> Result<Turn, Refusal> {
        let refusal = self.trouble(trouble);
        let private = self.left().private;
        let spends_nothing = match &need.means {
            Some(Means::Initial) => true,
            Some(Means::Refresh(token)) => private == Some(Fingerprint::of(token)),
            None => false,
        };
        if spends_nothing {
            let left = Arc::clone(&self.left);
            Ok(Turn::Ask(Box::new(Alone::new(left))))
        } else {
            Err(refusal)
        }
    }

    /// Ends a lease. If the store does not answer it runs out by itself, and a doubt is left.
    async fn release(
        &self,
        lease: &super::store::Lease,
        spent: Spent,
        rest: Option<Duration>,
    ) -> Result<(), StoreError> {
        let ending = Ending { spent, rest };
        let mut tries = 0;
        loop {
            let released = self.store.release(&self.key, lease, ending).await;
            tries += 1;
            if released.is_ok() || tries == TRIES {
                return released;
            }
            self.pause(tries).await;
        }
    }

    /// From 50 ms on, twice as long each time: a second and a half in all.
    async fn pause(&self, tries: u32) {
        let time = Duration::from_millis(25) * (1 << tries);
        self.timer.sleep(super::super::timer::jittered(time)).await;
    }
}

/// How often a step is tried that must not be lost.
const TRIES: u32 = 6;
