//! What every store of tokens owes, one function for each behaviour. A store passes by passing all of them.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use specmint_runtime::token::store::{
    Commit, Ending, Lease, LeaseGrant, LeaseTerms, OwnerId, Sealed, Spent, Versioned,
};
use specmint_runtime::token::{Identity, StoreKey, StoreKeys, Timer, TokenStore};

/// Where a store is tried: an empty one, and a way to let its time pass.
pub(crate) trait Site {
    /// The store.
    fn store(&self) -> Arc<dyn TokenStore>;

    /// Lets the store's clock go on.
    async fn pass(&self, time: Duration);
}

/// Makes a test of each behaviour, for one kind of site; `store_contract` has to be in scope.
macro_rules! store_contract {
    ($site:expr) => {
        store_contract::store_contract!($site;
            s31_one_at_a_time_holds_a_lease,
            s31_a_released_lease_goes_to_the_next_at_once,
            s31_a_lease_that_ran_out_leaves_a_doubt,
            s31_a_doubt_stays_until_something_is_committed,
            s31_a_doubt_that_was_told_is_as_old_as_the_telling,
            s31_who_got_no_answer_asks_again_and_leaves_no_doubt,
            s45_a_value_is_gone_when_its_time_is_over,
            s47_a_holder_whose_lease_went_to_another_cannot_commit,
            s47_a_holder_whose_lease_went_to_another_cannot_release_it,
            s47_a_lease_that_ran_out_commits_if_nobody_took_another,
            s47_nobody_commits_after_removal,
            s47_a_lease_commits_once,
            a_place_is_empty_at_first,
            what_was_committed_is_found_with_its_version_and_age,
            versions_and_leases_grow_also_over_a_removal,
            a_commit_to_another_version_is_a_conflict,
            a_failure_lets_everybody_rest_and_is_counted,
            a_commit_ends_rest_and_failures,
            keys_are_apart,
            waiting_ends_with_a_commit,
            waiting_ends_with_a_release,
            waiting_ends_when_its_time_is_over,
        );
    };
    ($site:expr; $($name:ident,)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                store_contract::$name(&$site).await;
            }
        )*
    };
}
pub(crate) use store_contract;

/// Short enough to be waited for where time cannot be moved, and long enough for a slow machine.
const TTL: Duration = Duration::from_millis(400);
const TERMS: LeaseTerms = LeaseTerms {
    ttl: TTL,
    remember: Duration::from_secs(60),
};
const KEEP: Duration = Duration::from_secs(60);
const UNUSED: Ending = Ending {
    spent: Spent::No,
    rest: None,
};

pub(crate) fn key(name: &str) -> StoreKey {
    let mut identity = Identity::default();
    identity.part("name", name);
    StoreKeys::new([7; 32]).key(identity)
}

pub(crate) fn value(text: &str) -> Sealed {
    Sealed::new(text.as_bytes())
}

async fn grant(store: &dyn TokenStore) -> LeaseGrant {
    let owner = OwnerId::random();
    store.lease(&key("a"), &owner, TERMS).await.unwrap()
}

#[track_caller]
fn granted(grant: LeaseGrant) -> Lease {
    match grant {
        LeaseGrant::Granted(lease) => lease,
        other => panic!("no lease: {other:?}"),
    }
}

async fn lease(store: &dyn TokenStore) -> Lease {
    granted(grant(store).await)
}

async fn commit(store: &dyn TokenStore, lease: &Lease, expected: u64, text: &str) -> Commit {
    let key = key("a");
    let commit = store.commit(&key, lease, expected, value(text), KEEP);
    commit.await.unwrap()
}

async fn load(store: &dyn TokenStore) -> Versioned {
    store.load(&key("a")).await.unwrap()
}

async fn release(store: &dyn TokenStore, lease: &Lease, ending: Ending) {
    store.release(&key("a"), lease, ending).await.unwrap();
}

pub(crate) async fn a_place_is_empty_at_first(site: &impl Site) {
    let found = load(&*site.store()).await;
    assert_eq!((found.version, found.value, found.leased), (0, None, false));
}

pub(crate) async fn what_was_committed_is_found_with_its_version_and_age(site: &impl Site) {
    let store = site.store();
    let lease = lease(&*store).await;
    assert!(load(&*store).await.leased);
    assert_eq!(commit(&*store, &lease, 0, "one").await, Commit::Done);
    site.pass(TTL).await;
    let found = load(&*store).await;
    assert_eq!(found.version, lease.fence);
    assert_eq!(found.value, Some(value("one")));
    assert!(found.age >= TTL && found.age < 10 * TTL, "{:?}", found.age);
    assert!(!found.leased);
}

pub(crate) async fn s31_one_at_a_time_holds_a_lease(site: &impl Site) {
    let store = site.store();
    lease(&*store).await;
    match grant(&*store).await {
        LeaseGrant::Held(time) => assert!(time <= TTL, "{time:?}"),
        other => panic!("given twice: {other:?}"),
    }
}

pub(crate) async fn s31_a_released_lease_goes_to_the_next_at_once(site: &impl Site) {
    let store = site.store();
    let first = lease(&*store).await;
    release(&*store, &first, UNUSED).await;
    let second = lease(&*store).await;
    assert_eq!((second.doubt, second.failures), (None, 0));
    assert!(second.fence > first.fence);
}

pub(crate) async fn s31_a_lease_that_ran_out_leaves_a_doubt(site: &impl Site) {
    let store = site.store();
    lease(&*store).await;
    site.pass(2 * TTL).await;
    let second = lease(&*store).await;
    let doubt = second.doubt.expect("the first never ended");
    assert!(doubt >= 2 * TTL && doubt < 20 * TTL, "{doubt:?}");
}

pub(crate) async fn s31_a_doubt_stays_until_something_is_committed(site: &impl Site) {
    let store = site.store();
    lease(&*store).await;
    site.pass(2 * TTL).await;
    let second = lease(&*store).await;
    release(&*store, &second, UNUSED).await;
    let third = lease(&*store).await;
    assert!(third.doubt.is_some());
    assert_eq!(commit(&*store, &third, 0, "one").await, Commit::Done);
    assert_eq!(lease(&*store).await.doubt, None);
}

pub(crate) async fn s31_a_doubt_that_was_told_is_as_old_as_the_telling(site: &impl Site) {
    let store = site.store();
    let first = lease(&*store).await;
    let perhaps = Ending {
        spent: Spent::Perhaps,
        rest: None,
    };
    release(&*store, &first, perhaps).await;
    site.pass(TTL).await;
    let doubt = lease(&*store).await.doubt.expect("it was told");
    assert!(doubt >= TTL && doubt < 10 * TTL, "{doubt:?}");
}

pub(crate) async fn s31_who_got_no_answer_asks_again_and_leaves_no_doubt(site: &impl Site) {
    let store = site.store();
    let owner = OwnerId::random();
    let ask = async || store.lease(&key("a"), &owner, TERMS).await.unwrap();
    let unheard = granted(ask().await);
    let heard = granted(ask().await);
    assert!(heard.fence > unheard.fence);
    site.pass(2 * TTL).await;
    assert_eq!(granted(ask().await).doubt, None);
    assert!(matches!(grant(&*store).await, LeaseGrant::Held(_)));
}

pub(crate) async fn s45_a_value_is_gone_when_its_time_is_over(site: &impl Site) {
    let store = site.store();
    let lease = lease(&*store).await;
    let (key, value) = (key("a"), value("one"));
    let commit = store.commit(&key, &lease, 0, value, TTL);
    assert_eq!(commit.await.unwrap(), Commit::Done);
    assert!(load(&*store).await.value.is_some());
    site.pass(2 * TTL).await;
    assert_eq!(load(&*store).await.value, None);
}

pub(crate) async fn s47_a_holder_whose_lease_went_to_another_cannot_commit(site: &impl Site) {
    let store = site.store();
    let paused = lease(&*store).await;
    site.pass(2 * TTL).await;
    let next = lease(&*store).await;
    assert_eq!(commit(&*store, &paused, 0, "late").await, Commit::LeaseLost);
    assert_eq!(commit(&*store, &next, 0, "next").await, Commit::Done);
    let late = commit(&*store, &paused, next.fence, "later").await;
    assert_eq!(late, Commit::LeaseLost);
    assert_eq!(load(&*store).await.value, Some(value("next")));
}

pub(crate) async fn s47_a_holder_whose_lease_went_to_another_cannot_release_it(site: &impl Site) {
    let store = site.store();
    let paused = lease(&*store).await;
    site.pass(2 * TTL).await;
    lease(&*store).await;
    release(&*store, &paused, UNUSED).await;
    assert!(matches!(grant(&*store).await, LeaseGrant::Held(_)));
}

pub(crate) async fn s47_a_lease_that_ran_out_commits_if_nobody_took_another(site: &impl Site) {
    let store = site.store();
    let slow = lease(&*store).await;
    site.pass(2 * TTL).await;
    assert_eq!(commit(&*store, &slow, 0, "slow").await, Commit::Done);
    assert_eq!(lease(&*store).await.doubt, None);
}

pub(crate) async fn s47_nobody_commits_after_removal(site: &impl Site) {
    let store = site.store();
    let lease = lease(&*store).await;
    store.remove(&key("a")).await.unwrap();
    assert_eq!(commit(&*store, &lease, 0, "late").await, Commit::LeaseLost);
    assert_eq!(load(&*store).await.value, None);
}

pub(crate) async fn s47_a_lease_commits_once(site: &impl Site) {
    let store = site.store();
    let first = lease(&*store).await;
    assert_eq!(commit(&*store, &first, 0, "one").await, Commit::Done);
    // The same again is what a caller does who got no answer.
    assert_eq!(commit(&*store, &first, 0, "one").await, Commit::Done);
    let again = commit(&*store, &first, first.fence, "two").await;
    assert_eq!(
        (again, load(&*store).await.value),
        (Commit::Done, Some(value("one")))
    );
    let second = lease(&*store).await;
    let two = commit(&*store, &second, first.fence, "two").await;
    assert_eq!(two, Commit::Done);
    let late = commit(&*store, &first, second.fence, "one").await;
    assert_eq!(late, Commit::LeaseLost);
}

pub(crate) async fn versions_and_leases_grow_also_over_a_removal(site: &impl Site) {
    let store = site.store();
    let first = lease(&*store).await;
    commit(&*store, &first, 0, "one").await;
    store.remove(&key("a")).await.unwrap();
    assert_eq!(load(&*store).await.version, 0);
    // Numbers are taken from the clock, which has to have moved.
    site.pass(Duration::from_millis(1)).await;
    let second = lease(&*store).await;
    assert!(second.fence > first.fence);
}

pub(crate) async fn a_commit_to_another_version_is_a_conflict(site: &impl Site) {
    let store = site.store();
    let first = lease(&*store).await;
    commit(&*store, &first, 0, "one").await;
    let second = lease(&*store).await;
    assert_eq!(commit(&*store, &second, 0, "two").await, Commit::Conflict);
    assert_eq!(load(&*store).await.value, Some(value("one")));
}

pub(crate) async fn a_failure_lets_everybody_rest_and_is_counted(site: &impl Site) {
    let store = site.store();
    let failed = Ending {
        spent: Spent::No,
        rest: Some(TTL),
    };
    for failures in 0..3 {
        let lease = lease(&*store).await;
        assert_eq!(lease.failures, failures);
        release(&*store, &lease, failed).await;
        match grant(&*store).await {
            LeaseGrant::Resting(time) => assert!(time <= TTL, "{time:?}"),
            other => panic!("no rest: {other:?}"),
        }
        site.pass(2 * TTL).await;
    }
}

pub(crate) async fn a_commit_ends_rest_and_failures(site: &impl Site) {
    let store = site.store();
    let failed = Ending {
        spent: Spent::No,
        rest: Some(TTL),
    };
    let first = lease(&*store).await;
    release(&*store, &first, failed).await;
    site.pass(2 * TTL).await;
    let second = lease(&*store).await;
    commit(&*store, &second, 0, "one").await;
    assert_eq!(lease(&*store).await.failures, 0);
}

pub(crate) async fn keys_are_apart(site: &impl Site) {
    let store = site.store();
    let lease = lease(&*store).await;
    commit(&*store, &lease, 0, "one").await;
    let other = store.load(&key("b")).await.unwrap();
    assert_eq!((other.version, other.value), (0, None));
    let other = key("b");
    let stolen = store.commit(&other, &lease, 0, value("one"), KEEP);
    assert_eq!(stolen.await.unwrap(), Commit::LeaseLost);
}

/// A timer that does something at its first pause, and lets no time pass.
struct Meanwhile<F> {
    act: F,
    pauses: AtomicUsize,
}

impl<F> Timer for Meanwhile<F>
where
    F: Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync + 'static,
{
    fn sleep(&self, _time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        match self.pauses.fetch_add(1, Ordering::Relaxed) {
            0 => (self.act)(),
            _ => Box::pin(async {}),
        }
    }
}

fn meanwhile<F>(act: F) -> Meanwhile<F>
where
    F: Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync + 'static,
{
    Meanwhile {
        act,
        pauses: AtomicUsize::new(0),
    }
}

pub(crate) async fn waiting_ends_with_a_commit(site: &impl Site) {
    let store = site.store();
    let held = lease(&*store).await;
    let (theirs, lease) = (Arc::clone(&store), held.clone());
    let timer = meanwhile(move || {
        let (store, lease) = (Arc::clone(&theirs), lease.clone());
        Box::pin(async move {
            commit(&*store, &lease, 0, "one").await;
        })
    });
    let day = Duration::from_secs(86_400);
    store.changed(&key("a"), 0, day, &timer).await.unwrap();
    assert_eq!(load(&*store).await.version, held.fence);
    assert_eq!(timer.pauses.into_inner(), 1);
}

pub(crate) async fn waiting_ends_with_a_release(site: &impl Site) {
    let store = site.store();
    let held = lease(&*store).await;
    let theirs = Arc::clone(&store);
    let timer = meanwhile(move || {
        let (store, lease) = (Arc::clone(&theirs), held.clone());
        Box::pin(async move { release(&*store, &lease, UNUSED).await })
    });
    let day = Duration::from_secs(86_400);
    store.changed(&key("a"), 0, day, &timer).await.unwrap();
    assert!(!load(&*store).await.leased);
}

pub(crate) async fn waiting_ends_when_its_time_is_over(site: &impl Site) {
    let store = site.store();
    lease(&*store).await;
    let timer = meanwhile(|| Box::pin(async {}));
    store.changed(&key("a"), 0, TTL / 4, &timer).await.unwrap();
    assert!(load(&*store).await.leased);
}
