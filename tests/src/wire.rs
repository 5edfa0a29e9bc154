//! The generated clients on real sockets.
//!
//! A server records what comes, byte for byte, and answers what the test says: see [`server`].

mod akeneo;
mod benchling;
mod blocking;
mod faults;
mod ix_api;
mod oneshot;
mod secrets;
pub(crate) mod server;
pub(crate) mod tls;
mod tokens;
mod zenkipay;

use std::future::IntoFuture;

/// Waits for a call on a runtime of its own.
pub(crate) fn wait<F: IntoFuture>(call: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made")
        .block_on(async { call.await })
}
