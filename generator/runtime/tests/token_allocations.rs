//! What reading a cached token costs the allocator: nothing.
#![cfg(feature = "tokens")]

pub mod tokens;

use std::pin::pin;

use specmint_runtime::token::TokenSource;
use tokens::{Does, Plain, Server, finish, poll_once};

#[test]
fn a_cached_token_is_read_without_an_allocation() {
    let source = TokenSource::builder(Plain::default())
        .transport(Server::new([Does::Issues("t1", 3600, None)]))
        .build()
        .unwrap();
    finish(source.token()).unwrap();
    let count = allocation_counter::measure(|| {
        for _ in 0..1000 {
            assert_eq!(source.try_cached().unwrap().header(), "Bearer t1");
            let ready = pin!(source.token());
            assert!(poll_once(ready).is_ready());
            assert_eq!(
                source.token_blocking().unwrap().header().clone(),
                "Bearer t1"
            );
        }
    });
    assert_eq!((count.count_total, count.bytes_total), (0, 0));
}
