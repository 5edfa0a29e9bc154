//! What the caller decides.

use std::path::PathBuf;

use crate::lock::Lock;

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
    /// Whether each tag of an API is a cargo feature.
    pub tag_features: TagFeatures,
    /// Which pages of documentation stand beside the code.
    pub docs: Docs,
    /// What the crate was made from before: names that it has stay. [`Lock::default`] gives all names anew.
    pub lock: Lock,
}

impl Options {
    /// Options with the templates that are built in, features of tags where an API is large, and pages in Markdown.
    #[must_use]
    pub fn new(name: impl Into<String>, runtime: Runtime, command: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            runtime,
            templates: None,
            command: command.into(),
            tag_features: TagFeatures::default(),
            docs: Docs::default(),
            lock: Lock::default(),
        }
    }
}

/// Whether each tag of an API is a cargo feature, so that its users compile the tags that they use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagFeatures {
    /// In large APIs: 200 operations or more, and more than one tag.
    #[default]
    Auto,
    /// In every API with tags.
    On,
    /// In none.
    Off,
}

/// Which pages of documentation stand beside the code. What rustdoc shows is there in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Docs {
    /// Markdown below `docs/`: a page for each group of operations, for each model and for what they share.
    #[default]
    Markdown,
    /// None.
    None,
}
