//! The plan as data: what the page says of how callers say who they are.

use super::super::names::Ident;

/// What the page of authorization says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorization {
    /// What there is to say of each scheme, in the order of [`super::Api::schemes`].
    pub schemes: Vec<SchemeDocs>,
    /// The operations that hand out tokens.
    pub tokens: Vec<TokenDocs>,
    /// How many operations there are.
    pub operations: usize,
    /// Which operations need which schemes.
    pub needs: Needs,
    /// Those that need none.
    pub open: Operations,
}

/// What there is to say of a scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemeDocs {
    /// What it is, and where it goes: sentences of Markdown.
    pub what: Vec<String>,
    /// What the document says of it.
    pub prose: Vec<String>,
    /// Where its credential comes from: sentences of Markdown.
    pub origin: Vec<String>,
    /// The operations that hand it out, by their place in [`super::Api::operations`].
    pub handed_out: Vec<usize>,
    /// The flows of OAuth 2.
    pub flows: Vec<FlowDocs>,
    /// The scopes.
    pub scopes: Vec<ScopeDocs>,
    /// Programs that have tokens come from where the document says, each with its title.
    pub sources: Vec<(String, Vec<String>)>,
    /// A program that gives the credential to a client.
    pub client: Vec<String>,
    /// A program that gives it to one call; empty if no operation asks for it.
    pub call: Vec<String>,
    /// How many operations ask for it.
    pub asked_by: usize,
}

/// A flow of OAuth 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowDocs {
    /// What it is called.
    pub title: &'static str,
    /// What its URLs are for, and they.
    pub urls: Vec<(&'static str, String)>,
    /// Its scopes, by their place in [`SchemeDocs::scopes`].
    pub scopes: Vec<usize>,
}

/// A scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeDocs {
    /// The scope as it is asked for.
    pub wire_name: String,
    /// Its constant, from the API's module on.
    pub constant: String,
    /// What the document says of it.
    pub prose: Vec<String>,
}

/// An operation that hands out tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenDocs {
    /// The operation, by its place in [`super::Api::operations`].
    pub operation: usize,
    /// Its method.
    pub method: Ident,
    /// What it is, in words.
    pub kind: &'static str,
    /// What is where in its answers, and what goes in.
    pub rows: Vec<(&'static str, String)>,
    /// A program that makes a source of tokens of it; none if it makes no source.
    pub example: Vec<String>,
}

/// Which operations need which schemes: a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Whether there is a column for each scheme, or one in words for all of them.
    pub columns: NeedColumns,
    /// The rows.
    pub rows: Vec<NeedRow>,
}

/// What the columns of the table of needs are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NeedColumns {
    /// One for each scheme, and one for none.
    #[default]
    Schemes,
    /// One for all.
    Words,
}

/// A row of the table of needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedRow {
    /// Whose row it is.
    pub of: Operations,
    /// The alternatives, each of schemes (by index) that go together; one without any means that nothing is needed.
    pub alternatives: Vec<Vec<usize>>,
    /// The scopes that a token needs.
    pub scopes: Vec<String>,
}

/// Operations, in lists and tables that may be of a thousand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operations {
    /// Groups of which all are meant, by their place in [`super::Api::groups`], with their count.
    pub groups: Vec<(usize, usize)>,
    /// Groups of which all others are meant, with their count.
    pub others: Vec<(usize, usize)>,
    /// Single operations, by their place in [`super::Api::operations`].
    pub single: Vec<usize>,
    /// How many more there are.
    pub more: usize,
}
