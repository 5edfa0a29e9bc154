//! What the caller decides.

use std::path::PathBuf;

/// How generated code reaches the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// Its sources are copied into `src/runtime/`.
    Embedded,
    /// A path dependency on `specmint-runtime`, written as given.
    Path(String),
    /// A dependency on a published `specmint-runtime`.
    Version(String),
}

/// What the caller decides about a crate of clients.
#[derive(Clone, Debug)]
pub struct Options {
    /// The package's name.
    pub name: String,
    /// How generated code reaches the runtime.
    pub runtime: Runtime,
    /// Templates that stand for the built-in ones of the same file name.
    pub templates: Option<PathBuf>,
    /// The command that `@generated` lines and failures name.
    pub command: String,
}
