//! The store in Redis, by what every store owes, and what Redis gets to see.

#[path = "../../../generator/runtime/tests/store_contract/mod.rs"]
mod store_contract;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use specmint_runtime::token::store::redis::RedisStore;
use specmint_runtime::token::store::{LeaseGrant, LeaseTerms, OwnerId};
use specmint_runtime::token::{SystemTimer, Timer, TokenStore};
use store_contract::{Site, key, value};
use tempfile::TempDir;

/// A Redis of its own, on a socket in a folder of its own, that lives as long as this and keeps nothing on disk.
pub(super) struct Redis {
    process: Child,
    _log: BufReader<ChildStdout>,
    folder: TempDir,
}

impl Redis {
    /// Starts a server and waits until it says that it is ready.
    ///
    /// # Panics
    /// If it is not installed or does not start: whoever asks for these tests means to run them.
    #[track_caller]
    pub(super) fn start() -> Self {
        let folder = TempDir::new().expect("there is room for a folder");
        let mut process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no"])
            .args(["--unixsocket", "redis.sock", "--dir", "."])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|err| panic!("running `redis-server` (apt-get install it): {err}"));
        let mut log = BufReader::new(process.stdout.take().expect("the output is piped"));
        let mut said = String::new();
        while !said.contains("eady to accept connections") {
            let read = log.read_line(&mut said).expect("Redis writes ASCII");
            assert!(read > 0, "Redis did not start:\n{said}");
        }
        Self {
            process,
            _log: log,
            folder,
        }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    pub(super) fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
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
        let store = Arc::new(RedisStore::connect(&redis.url()).await.unwrap());
        Self { redis, store }
    }
}

impl Site for Live {
    fn store(&self) -> Arc<dyn TokenStore> {
        self.store.clone()
    }

    /// Redis has no clock that could be set.
    async fn pass(&self, time: Duration) {
        SystemTimer.sleep(time).await;
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
