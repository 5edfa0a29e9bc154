//! The generated clients against real servers.
//!
//! Only with the feature `servers`, since they need Node: `npm ci --ignore-scripts` in tests/servers, then
//! `cargo test -p specmint-tests --features servers`.

mod node;
mod oidc;
mod prism;
