//! OpenAPI documents in, Rust client modules out.
//!
//! Six rooms in a row, each a function from what comes in to what goes out: [`load`] reads a document,
//! [`lower`] understands it, [`model`] is what was understood, [`plan`] decides everything that is Rust,
//! [`render`] writes it as text, [`mod@write`] brings a folder up to date. [`generate`](fn@generate) is the
//! list of them. ARCHITECTURE.md is the map.
//!
//! ```
//! use specmint::load::Source;
//! use specmint::options::{Options, Runtime};
//! use specmint::spec::Spec;
//!
//! let document = "
//! openapi: 3.0.3
//! info: { title: Pets, version: '1' }
//! servers: [{ url: https://pets.example.com }]
//! paths:
//!   /pets/{id}:
//!     delete:
//!       operationId: removePet
//!       parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
//!       responses: { '204': { description: Gone } }
//! ";
//! let options = Options::new("pets-client", Runtime::Embedded, "specmint generate");
//! let output = specmint::generate(&[Spec::new(Source::new("pets.yaml", document))], &options)?;
//!
//! assert!(output.reports[0].diagnostics.list().is_empty());
//! let client = output.files.iter().find(|file| file.path == "src/pets/operations/remove_pet.rs");
//! assert!(client.is_some_and(|file| file.text.contains("pub fn remove_pet")));
//! # Ok::<(), specmint::Refusal>(())
//! ```

pub mod calls;
pub mod census;
pub mod cli;
pub mod diag;
pub mod file;
pub mod load;
pub mod lock;
pub mod lower;
pub mod model;
pub mod options;
pub mod plan;
pub mod pointer;
pub mod render;
pub mod review;
pub mod samples;
#[cfg(feature = "site")]
pub mod site;
pub mod spec;
pub mod write;

mod deep;
mod digest;
mod generate;

pub use generate::{
    Output, Refusal, Report, Reviewed, Revision, TokenOperation, calls, generate, review, samples,
    shown, tokens,
};
