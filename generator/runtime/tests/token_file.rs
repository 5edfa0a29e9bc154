//! The store in a folder: who can read it, what it refuses, and what a crash leaves.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::time::Duration;

use specmint_runtime::token::store::file::FileStore;
use specmint_runtime::token::store::{Commit, Lease, LeaseGrant, LeaseTerms, OwnerId, Sealed};
use specmint_runtime::token::{Identity, StoreKey, StoreKeys, TokenStore};
use tempfile::TempDir;

const TERMS: LeaseTerms = LeaseTerms {
    ttl: Duration::from_secs(60),
    remember: Duration::from_secs(60),
};

fn key(name: &str) -> StoreKey {
    let mut identity = Identity::default();
    identity.part("name", name);
    StoreKeys::new([7; 32]).key(identity)
}

fn value(text: &str) -> Sealed {
    Sealed::new(text.as_bytes())
}

struct Place {
    outside: TempDir,
    store: FileStore,
}

impl Place {
    fn new() -> Self {
        let outside = TempDir::new().unwrap();
        let store = FileStore::open(outside.path().join("tokens")).unwrap();
        Self { outside, store }
    }

    fn folder(&self) -> PathBuf {
        self.outside.path().join("tokens")
    }

    fn token(&self) -> PathBuf {
        self.folder().join(format!("{}.token", key("a")))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    async fn lease(&self) -> Lease {
        let owner = OwnerId::random();
        match self.store.lease(&key("a"), &owner, TERMS).await.unwrap() {
            LeaseGrant::Granted(lease) => lease,
            other => panic!("no lease: {other:?}"),
        }
    }

    async fn put(&self, expected: u64, text: &str) -> u64 {
        let lease = self.lease().await;
        let keep = Duration::from_secs(60);
        let key = key("a");
        let commit = self.store.commit(&key, &lease, expected, value(text), keep);
        assert_eq!(commit.await.unwrap(), Commit::Done);
        lease.fence
    }
}

fn mode(path: &PathBuf) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn s48_the_user_alone_can_read_and_write() {
    let place = Place::new();
    place.put(0, "one").await;
    assert_eq!(mode(&place.folder()), 0o700);
    for name in place.names() {
        assert_eq!(mode(&place.folder().join(&name)), 0o600, "{name}");
    }
    assert!(place.names().iter().any(|name| name.ends_with(".token")));
}

#[tokio::test]
async fn s48_names_and_files_say_nothing_of_whose_token_it_is() {
    let place = Place::new();
    place.put(0, "one").await;
    for name in place.names() {
        let hidden = name.split('.').next().unwrap();
        assert!(hidden.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    }
}

#[tokio::test]
async fn s48_a_link_in_place_of_a_token_is_refused_and_what_it_leads_to_stays() {
    let place = Place::new();
    let elsewhere = place.outside.path().join("elsewhere");
    fs::write(&elsewhere, "theirs").unwrap();
    fs::set_permissions(&elsewhere, Permissions::from_mode(0o600)).unwrap();
    symlink(&elsewhere, place.token()).unwrap();
    assert!(place.store.load(&key("a")).await.is_err());
    let owner = OwnerId::random();
    assert!(place.store.lease(&key("a"), &owner, TERMS).await.is_err());
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "theirs");
}

#[tokio::test]
async fn s48_a_link_in_place_of_a_lock_is_refused() {
    let place = Place::new();
    let elsewhere = place.outside.path().join("elsewhere");
    let digit = &key("a").to_string()[..1];
    symlink(&elsewhere, place.folder().join(format!("{digit}.lock"))).unwrap();
    let owner = OwnerId::random();
    assert!(place.store.lease(&key("a"), &owner, TERMS).await.is_err());
    assert!(!elsewhere.exists());
}

#[test]
fn s48_a_link_in_place_of_the_folder_is_refused() {
    let outside = TempDir::new().unwrap();
    let link = outside.path().join("link");
    symlink(outside.path(), &link).unwrap();
    assert!(FileStore::open(&link).is_err());
}

#[test]
fn s48_a_folder_that_others_can_write_is_refused() {
    let outside = TempDir::new().unwrap();
    let open = outside.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, Permissions::from_mode(0o777)).unwrap();
    assert!(FileStore::open(&open).is_err());
}

#[tokio::test]
async fn s48_a_token_that_others_can_read_is_refused() {
    let place = Place::new();
    place.put(0, "one").await;
    fs::set_permissions(place.token(), Permissions::from_mode(0o644)).unwrap();
    assert!(place.store.load(&key("a")).await.is_err());
}

#[tokio::test]
async fn s48_a_half_written_token_beside_its_place_is_not_read_and_goes_away() {
    let place = Place::new();
    place.put(0, "one").await;
    let unfinished = place.folder().join(format!("{}.x.new", key("a")));
    fs::write(&unfinished, "token 1 ").unwrap();
    let found = place.store.load(&key("a")).await.unwrap();
    assert_eq!(found.value, Some(value("one")));
    FileStore::open(place.folder()).unwrap();
    assert!(!unfinished.exists());
    assert!(place.token().exists());
}

/// Every way to cut the file short, and every byte of it changed.
#[tokio::test]
async fn s48_a_torn_token_is_no_token_and_leaves_a_doubt() {
    let place = Place::new();
    place.put(0, "one").await;
    let whole = fs::read(place.token()).unwrap();
    let cut = (0..whole.len()).map(|length| whole[..length].to_vec());
    let changed = (0..whole.len()).map(|at| {
        let mut torn = whole.clone();
        torn[at] ^= 1;
        torn
    });
    for torn in cut.chain(changed) {
        fs::write(place.token(), &torn).unwrap();
        let found = place.store.load(&key("a")).await.unwrap();
        assert_eq!((found.version, found.value), (0, None));
    }
    assert!(place.lease().await.doubt.is_some());
}

#[tokio::test]
async fn s48_a_torn_token_is_healed_by_the_next_commit() {
    let place = Place::new();
    place.put(0, "one").await;
    fs::write(place.token(), "token 1").unwrap();
    place.put(0, "two").await;
    let found = place.store.load(&key("a")).await.unwrap();
    assert_eq!(found.value, Some(value("two")));
    assert_eq!(place.lease().await.doubt, None);
}

/// Threads with a store each are to the lock of the operating system what processes are.
#[test]
fn s31_steps_of_many_do_not_mix() {
    let place = Place::new();
    let fences: Vec<Vec<u64>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|_| {
                let folder = place.folder();
                scope.spawn(move || take_turns(&folder))
            })
            .collect();
        workers.into_iter().map(|w| w.join().unwrap()).collect()
    });
    let mut all: Vec<u64> = fences.concat();
    all.sort_unstable();
    let count = all.len();
    all.dedup();
    assert_eq!((all.len(), count), (8 * 10, 8 * 10));
}

/// Commits ten times, each time on top of what is there.
fn take_turns(folder: &std::path::Path) -> Vec<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let store = FileStore::open(folder).unwrap();
    let mut fences = Vec::new();
    runtime.block_on(async {
        while fences.len() < 10 {
            let owner = OwnerId::random();
            let grant = store.lease(&key("a"), &owner, TERMS).await.unwrap();
            let LeaseGrant::Granted(lease) = grant else {
                tokio::task::yield_now().await;
                continue;
            };
            let found = store.load(&key("a")).await.unwrap();
            let (key, keep) = (key("a"), Duration::from_secs(60));
            let commit = store.commit(&key, &lease, found.version, value("x"), keep);
            assert_eq!(commit.await.unwrap(), Commit::Done);
            fences.push(lease.fence);
        }
    });
    fences
}

#[tokio::test]
async fn s44_what_is_over_leaves_the_folder() {
    let place = Place::new();
    let lease = place.lease().await;
    let moment = Duration::from_millis(1);
    let key = key("a");
    let commit = place.store.commit(&key, &lease, 0, value("one"), moment);
    assert_eq!(commit.await.unwrap(), Commit::Done);
    let over = std::time::Instant::now();
    while over.elapsed() < 2 * moment {
        tokio::task::yield_now().await;
    }
    FileStore::open(place.folder()).unwrap();
    assert!(!place.token().exists());
}
