//! OpenAPI documents in, Rust client modules out.
//!
//! Six rooms in a row: [`load`], `lower`, [`model`], `plan`, `render`, [`write`]. See ARCHITECTURE.md.

pub mod cli;
pub mod diag;
pub mod file;
pub mod load;
pub mod lower;
pub mod model;
pub mod options;
pub mod plan;
pub mod pointer;
pub mod render;
pub mod spec;
pub mod write;

mod generate;

pub use generate::{Output, Refusal, Report, generate};
