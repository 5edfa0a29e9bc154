//! The generated clients against real servers.
//!
//! Only with the feature `servers`, since they need Node (`npm ci --ignore-scripts` in tests/servers) and Debian's
//! redis-server; then `cargo test -p specmint-tests --features servers`.

mod faults;
mod fleet;
mod flows;
mod node;
mod oidc;
mod prism;
mod redis;
