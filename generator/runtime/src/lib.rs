//! The hand-written half of every client that specmint generates.

// Values and JSON: what a body is made of.
mod extra;
#[macro_use]
pub mod json;
mod secret;

pub use extra::Extra;
pub use json::{Base64, Date, DateTime, DecodeError, Nullable, Uuid};
pub use secret::Secret;
pub use serde;
pub use serde_json::Value;
