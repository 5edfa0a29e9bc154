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
#[doc(hidden)]
pub use {
    __specmint_int_enum as int_enum, __specmint_json_from_serde as json_from_serde,
    __specmint_json_to_serde as json_to_serde, __specmint_record as record,
    __specmint_text_enum as text_enum, __specmint_union as union,
};
