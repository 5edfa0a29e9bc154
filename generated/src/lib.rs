//! Placeholder until the first generation.
pub use specmint_runtime as runtime;
