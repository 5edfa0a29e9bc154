//! The store in Redis, by what every store owes, and what Redis gets to see.

#[path = "../../../generator/runtime/tests/store_contract/mod.rs"]
mod store_contract;

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use specmint_runtime::token::TokenStore;
use specmint_runtime::token::store::redis::RedisStore;
use specmint_runtime::token::store::{LeaseGrant, LeaseTerms, OwnerId};
use store_contract::{Site, key, value};
use tempfile::TempDir;

/// A Redis of its own, on a socket in a folder of its own, that lives as long as this and keeps nothing on disk.
pub(super) struct Redis {
    process: Child,
    folder: TempDir,
}

impl Redis {
    /// Starts a server.
    ///
    /// # Panics
    /// If it is not installed: whoever asks for these tests means to run them.
    #[track_caller]
    pub(super) fn start() -> Self {
        let folder = TempDir::new().expect("there is room for a folder");
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no"])
            .args(["--unixsocket", "redis.sock", "--dir", "."])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|err| panic!("running `redis-server` (apt-get install it): {err}"));
        Self { process, folder }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    pub(super) fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Connects, as soon as the server listens.
    pub(super) async fn connect(&self) -> RedisStore {
        let start = Instant::now();
        loop {
            match RedisStore::connect(&self.url()).await {
                Ok(store) => return store,
                Err(error) if start.elapsed() > Duration::from_secs(20) => panic!("{error:?}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// What a command prints.
    fn ask(&self, command: &[&str]) -> String {
        let output = Command::new("redis-cli")
            .arg("-s")
            .arg(self.socket())
            .args(command)
            .output()
            .unwrap_or_else(|err| panic!("running `redis-cli`: {err}"));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It ended, or it was never there; both are what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Live {
    redis: Redis,
    store: Arc<RedisStore>,
}

impl Live {
    async fn start() -> Self {
        let redis = Redis::start();
        let store = Arc::new(redis.connect().await);
        Self { redis, store }
    }
}

impl Site for Live {
    fn store(&self) -> Arc<dyn TokenStore> {
        self.store.clone()
    }

    /// Redis has no clock that could be set.
    async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

store_contract::store_contract!(Live::start().await);

const TERMS: LeaseTerms = LeaseTerms {
    ttl: Duration::from_secs(60),
    remember: Duration::from_secs(60),
};

#[tokio::test]
async fn s45_a_value_lives_no_longer_in_redis_than_it_may_be_kept() {
    let site = Live::start().await;
    let keep = Duration::from_secs(30);
    let owner = OwnerId::random();
    let grant = site.store.lease(&key("a"), &owner, TERMS).await.unwrap();
    let LeaseGrant::Granted(lease) = grant else {
        panic!("no lease: {grant:?}");
    };
    let (key, value) = (key("a"), value("one"));
    let commit = site.store.commit(&key, &lease, 0, value, keep);
    commit.await.unwrap();
    // Another lease does not lengthen the life of the value.
    site.store
        .lease(&key, &OwnerId::random(), TERMS)
        .await
        .unwrap();
    let place = format!("token:{{{key}}}:value");
    let left: u128 = site.redis.ask(&["PTTL", &place]).parse().unwrap();
    assert!(left > 0 && left <= keep.as_millis(), "{left} ms");
}

#[tokio::test]
async fn s45_everything_in_redis_has_an_end_and_a_name_that_tells_nothing() {
    let site = Live::start().await;
    let owner = OwnerId::random();
    let key = key("sentinel-client");
    site.store.lease(&key, &owner, TERMS).await.unwrap();
    let names = site.redis.ask(&["KEYS", "*"]);
    assert_eq!(names, format!("token:{{{key}}}"));
    let left: i64 = site.redis.ask(&["PTTL", &names]).parse().unwrap();
    assert!(left > 0, "{left}");
    let all = site.redis.ask(&["HGETALL", &names]);
    assert!(!all.contains("sentinel"), "{all}");
}

#[tokio::test]
async fn an_error_of_redis_holds_nothing_of_what_was_sent() {
    let mut site = Live::start().await;
    site.redis.process.kill().unwrap();
    let owner = OwnerId::random();
    let key = key("a");
    let error = site.store.lease(&key, &owner, TERMS).await.unwrap_err();
    let said = format!("{error} {error:?}");
    assert!(
        !said.contains(&key.to_string()) && !said.contains("redis.sock"),
        "{said}"
    );
}
