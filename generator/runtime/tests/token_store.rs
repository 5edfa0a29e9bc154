//! The stores in memory and in a folder, by what every store owes.

pub mod store_contract;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use specmint_runtime::token::store::memory::MemoryStore;
use specmint_runtime::token::{Clock, Now, TokenStore};
use store_contract::Site;

/// A clock that goes on when it is told to.
#[derive(Clone, Default)]
struct HandClock(Arc<Mutex<Now>>);

impl HandClock {
    fn pass(&self, time: Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now.after(time);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Now {
        *self.0.lock().unwrap()
    }
}

struct Memory {
    store: Arc<MemoryStore>,
    clock: HandClock,
}

impl Memory {
    fn new() -> Self {
        let clock = HandClock::default();
        Self {
            store: Arc::new(MemoryStore::with_clock(clock.clone())),
            clock,
        }
    }
}

impl Site for Memory {
    fn store(&self) -> Arc<dyn TokenStore> {
        self.store.clone()
    }

    async fn pass(&self, time: Duration) {
        self.clock.pass(time);
    }
}

mod memory {
    use crate::store_contract;

    store_contract::store_contract!(super::Memory::new());
}

#[tokio::test]
async fn s44_what_is_over_leaves_memory() {
    let site = Memory::new();
    for tenant in 0..10_000 {
        let key = store_contract::key(&tenant.to_string());
        let owner = specmint_runtime::token::store::OwnerId::random();
        let terms = specmint_runtime::token::store::LeaseTerms {
            ttl: Duration::from_secs(1),
            remember: Duration::ZERO,
        };
        site.store.lease(&key, &owner, terms).await.unwrap();
        site.clock.pass(Duration::from_millis(100));
    }
    assert!(site.store.len() < 128, "{} keys", site.store.len());
}

#[cfg(all(unix, feature = "token-file"))]
mod file {
    use specmint_runtime::token::store::file::FileStore;
    use tempfile::TempDir;

    use super::*;

    struct Folder {
        folder: TempDir,
        clock: HandClock,
    }

    impl Folder {
        fn new() -> Self {
            Self {
                folder: TempDir::new().unwrap(),
                clock: HandClock::default(),
            }
        }
    }

    impl Site for Folder {
        /// Each step of a test is done by a store of its own, as by another process.
        fn store(&self) -> Arc<dyn TokenStore> {
            let folder = self.folder.path().join("tokens");
            Arc::new(FileStore::open_with_clock(folder, self.clock.clone()).unwrap())
        }

        async fn pass(&self, time: Duration) {
            self.clock.pass(time);
        }
    }

    store_contract::store_contract!(super::file::Folder::new());
}
