//! The plan as data: what the index of an API says beside its lists.

use super::Type;

/// What the index of an API says beside its lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexDocs {
    /// What the document says of the API, and its version.
    pub prose: Vec<String>,
    /// Where calls go unless they are told otherwise, in sentences.
    pub place: String,
    /// The servers, if there is a choice or there are variables.
    pub servers: Vec<ServerDocs>,
    /// The requests that the API sends by itself.
    pub webhooks: Vec<WebhookDocs>,
}

/// What there is to say of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerDocs {
    /// Its URL, as Markdown.
    pub url: String,
    /// The variant that chooses it.
    pub variant: String,
    /// What the document says of it.
    pub prose: Vec<String>,
    /// The variables of its URL.
    pub variables: Vec<VariableDocs>,
}

/// What there is to say of a variable of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableDocs {
    /// Its name, as Markdown.
    pub name: String,
    /// What it is unless it is set, as Markdown.
    pub default: String,
    /// What it may be, as Markdown; empty for anything.
    pub allowed: Vec<String>,
    /// What the document says of it.
    pub prose: Vec<String>,
}

/// What there is to say of a request that the API sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDocs {
    /// Its name and its method, as Markdown.
    pub name: String,
    /// The type of its body.
    pub body: Option<Type>,
    /// What its body is where that is no type.
    pub content: String,
    /// What the document says of it, in one line.
    pub about: String,
}
