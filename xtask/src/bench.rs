//! Measurements: `cargo xtask bench`.

pub(crate) mod models;
