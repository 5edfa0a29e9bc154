//! What the templates of the pages of documentation show. Every string is finished Markdown.

use serde::Serialize;

/// A link.
#[derive(Debug, Serialize)]
pub(in super::super) struct DocsLink {
    /// What is shown.
    pub(in super::super) title: String,
    /// Where it leads.
    pub(in super::super) to: String,
}

/// What `docs_apis.md.tera` shows: the list of APIs.
#[derive(Debug, Serialize)]
pub(in super::super) struct ApisPage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(in super::super) mark: &'a str,
    /// The package's name.
    pub(in super::super) name: &'a str,
    /// The APIs.
    pub(in super::super) apis: Vec<ApisRow<'a>>,
    /// Where the README of the crate is.
    pub(in super::super) readme: String,
}

/// An API in `docs_apis.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct ApisRow<'a> {
    /// Its index.
    pub(in super::super) link: DocsLink,
    /// Its module and feature.
    pub(in super::super) module: &'a str,
    /// How many operations it has.
    pub(in super::super) operations: usize,
    /// How many models it has.
    pub(in super::super) models: usize,
}

/// What `docs_index.md.tera` shows: the index of an API.
#[derive(Debug, Serialize)]
pub(in super::super) struct IndexPage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(in super::super) mark: &'a str,
    /// The API's title.
    pub(in super::super) title: &'a str,
    /// How programs import its module.
    pub(in super::super) path: String,
    /// What is told about it.
    pub(in super::super) docs: Vec<String>,
    /// Where calls go unless they are told otherwise.
    pub(in super::super) place: &'a str,
    /// The servers, if there is a choice or there are variables.
    pub(in super::super) servers: Vec<IndexServer<'a>>,
    /// The variables of their URLs.
    pub(in super::super) variables: Vec<IndexVariable>,
    /// The operations by group.
    pub(in super::super) groups: Vec<IndexGroup>,
    /// The models.
    pub(in super::super) models: Vec<IndexModel>,
    /// The requests that the API sends by itself, as items of a list.
    pub(in super::super) webhooks: Vec<String>,
    /// Where the page of authorization is.
    pub(in super::super) authorization: String,
    /// The links at the end.
    pub(in super::super) back: String,
}

/// A server in `docs_index.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct IndexServer<'a> {
    /// Its URL.
    pub(in super::super) url: String,
    /// What chooses it.
    pub(in super::super) variant: &'a str,
    /// What is told about it, in one line.
    pub(in super::super) description: String,
}

/// A variable of a server in `docs_index.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct IndexVariable {
    /// Its name.
    pub(in super::super) name: String,
    /// The URL that it is in.
    pub(in super::super) server: String,
    /// What it is unless it is set.
    pub(in super::super) default: String,
    /// What it may be; empty for anything.
    pub(in super::super) allowed: String,
    /// What is told about it, in one line.
    pub(in super::super) description: String,
}

/// A group of operations in `docs_index.md.tera`.
#[derive(Debug, Serialize)]
pub(in super::super) struct IndexGroup {
    /// What the group is called.
    pub(in super::super) title: String,
    /// Where its page is.
    pub(in super::super) to: String,
    /// Its operations.
    pub(in super::super) operations: Vec<IndexOperation>,
}

/// An operation in `docs_index.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct IndexOperation {
    /// Its method.
    pub(in super::super) method: String,
    /// Where it is told about.
    pub(in super::super) to: String,
    /// `GET`, `POST`, …
    pub(in super::super) verb: String,
    /// Its path.
    pub(in super::super) path: String,
    /// What it does, in one line.
    pub(in super::super) summary: String,
    /// That it is deprecated, if it is.
    pub(in super::super) deprecated: &'static str,
}

/// A model in `docs_index.md.tera`: an item of a list.
#[derive(Debug, Serialize)]
pub(in super::super) struct IndexModel {
    /// Its page.
    pub(in super::super) link: DocsLink,
    /// What it is, in one line; often empty.
    pub(in super::super) summary: String,
    /// That it is deprecated, if it is.
    pub(in super::super) deprecated: &'static str,
}

/// What `docs_authorization.md.tera` shows.
#[derive(Debug, Serialize)]
pub(in super::super) struct AuthorizationPage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(in super::super) mark: &'a str,
    /// The API's title.
    pub(in super::super) title: &'a str,
    /// What holds for all schemes, each a sentence.
    pub(in super::super) summary: Vec<String>,
    /// The schemes, each with the heading that links lead to.
    pub(in super::super) schemes: Vec<SchemeSection<'a>>,
    /// The operations that hand out tokens.
    pub(in super::super) tokens: Vec<TokenSection<'a>>,
    /// The heads of the table of needs; none if there is no scheme.
    pub(in super::super) columns: Vec<String>,
    /// The rows of the table of needs, each with its cells in one line.
    pub(in super::super) rows: Vec<String>,
    /// The operations that need nothing, as items of a list.
    pub(in super::super) open: Vec<String>,
    /// The links at the end.
    pub(in super::super) back: String,
}

/// A scheme in `docs_authorization.md.tera`.
#[derive(Debug, Serialize)]
pub(in super::super) struct SchemeSection<'a> {
    /// The setter, which is the heading.
    pub(in super::super) name: &'a str,
    /// What it is, and where it goes.
    pub(in super::super) about: String,
    /// What the document says of it.
    pub(in super::super) prose: Vec<String>,
    /// Where its credential comes from; may be empty.
    pub(in super::super) origin: String,
    /// Its flows, if it is OAuth 2.
    pub(in super::super) flows: Vec<FlowRow>,
    /// Its scopes.
    pub(in super::super) scopes: Vec<ScopeRow>,
    /// Programs that have tokens come from where the document says.
    pub(in super::super) sources: Vec<Tab<'a>>,
    /// Programs that give the credential.
    pub(in super::super) ways: Vec<Tab<'a>>,
}

/// A flow in `docs_authorization.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct FlowRow {
    /// What it is called.
    pub(in super::super) title: &'static str,
    /// Its URLs, and what they are for.
    pub(in super::super) urls: String,
    /// Its scopes.
    pub(in super::super) scopes: String,
}

/// A scope in `docs_authorization.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct ScopeRow {
    /// The scope.
    pub(in super::super) scope: String,
    /// Its constant.
    pub(in super::super) constant: String,
    /// What is told about it, in one line.
    pub(in super::super) description: String,
}

/// A program under a title: one of several ways.
#[derive(Debug, Serialize)]
pub(in super::super) struct Tab<'a> {
    /// What it is about.
    pub(in super::super) title: &'a str,
    /// Its lines.
    pub(in super::super) lines: Vec<String>,
}

/// An operation that hands out tokens, in `docs_authorization.md.tera`.
#[derive(Debug, Serialize)]
pub(in super::super) struct TokenSection<'a> {
    /// The operation, as a link.
    pub(in super::super) operation: String,
    /// What it is, in words.
    pub(in super::super) kind: &'a str,
    /// What is where in its answers, and what goes in.
    pub(in super::super) rows: Vec<TokenRow>,
    /// The lines of a program; none if it makes no token source.
    pub(in super::super) example: Vec<String>,
}

/// A fact of an operation that hands out tokens, in `docs_authorization.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct TokenRow {
    /// What it is about.
    pub(in super::super) what: &'static str,
    /// Where it is, or how it is done.
    pub(in super::super) how: String,
}

/// What `docs_operations.md.tera` shows: a group of operations.
#[derive(Debug, Serialize)]
pub(in super::super) struct OperationsPage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(in super::super) mark: &'a str,
    /// The group's title.
    pub(in super::super) title: &'a str,
    /// What is told about the group.
    pub(in super::super) docs: &'a [String],
    /// Where the API lives: all servers, and their variables.
    pub(in super::super) servers: &'a [String],
    /// The list of operations: a table, one row each.
    pub(in super::super) rows: Vec<OperationRow>,
    /// The operations.
    pub(in super::super) operations: Vec<OperationSection>,
    /// The links at the end of each section.
    pub(in super::super) back: String,
}

/// A row of the list of operations in `docs_operations.md.tera`. Nothing in it ends a cell of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct OperationRow {
    /// The method of the client.
    pub(in super::super) method: String,
    /// Where its section is.
    pub(in super::super) to: String,
    /// `GET`, `POST`, …
    pub(in super::super) verb: String,
    /// The path, as code.
    pub(in super::super) path: String,
    /// The summary, in one line.
    pub(in super::super) summary: String,
}

/// An operation in `docs_operations.md.tera`.
#[derive(Debug, Serialize)]
pub(in super::super) struct OperationSection {
    /// The method of the client, which is the heading.
    pub(in super::super) method: String,
    /// How it is called and what it comes to, in one line.
    pub(in super::super) signature: String,
    /// Its summary and description.
    pub(in super::super) docs: Vec<String>,
    /// Its method and path, and where it stands in the document.
    pub(in super::super) place: Vec<String>,
    /// Its example: programs that show it in different ways.
    pub(in super::super) tabs: Vec<DocsTab>,
    /// Everything else, in its order.
    pub(in super::super) sections: Vec<DocsSection>,
}

/// A way to show something.
#[derive(Debug, Serialize)]
pub(in super::super) struct DocsTab {
    /// What it shows.
    pub(in super::super) title: &'static str,
    /// What there is to say about it; may be empty.
    pub(in super::super) about: &'static str,
    /// Its lines of Rust.
    pub(in super::super) lines: Vec<String>,
}

/// A section of a page.
#[derive(Debug, Serialize)]
pub(in super::super) struct DocsSection {
    /// Its heading.
    pub(in super::super) title: &'static str,
    /// Its lines; the first is empty.
    pub(in super::super) lines: Vec<String>,
}

/// What `docs_model.md.tera` shows: a model.
#[derive(Debug, Serialize)]
pub(in super::super) struct ModelDocsPage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(in super::super) mark: &'a str,
    /// The type.
    pub(in super::super) name: &'a str,
    /// How programs import it.
    pub(in super::super) path: String,
    /// What is told about it.
    pub(in super::super) docs: &'a [String],
    /// What else is to be known of it, each a sentence.
    pub(in super::super) notes: Vec<String>,
    /// What it is, in a sentence; empty for an object with members.
    pub(in super::super) kind: String,
    /// The members of an object.
    pub(in super::super) properties: Vec<ModelProperty>,
    /// The members of which there is more to tell than their lines hold.
    pub(in super::super) details: Vec<ModelDetail<'a>>,
    /// The values of an enum.
    pub(in super::super) values: Vec<ModelValue>,
    /// The types that it may be.
    pub(in super::super) alternatives: Vec<ModelAlternative<'a>>,
    /// What becomes of anything else, in a sentence; may be empty.
    pub(in super::super) rest: String,
    /// The lines of a value as JSON; none if there is nothing to show.
    pub(in super::super) json: &'a [String],
    /// The lines of the same value as XML; none if it never travels so.
    pub(in super::super) xml: &'a [String],
    /// The lines of a program; none if there is nothing to show.
    pub(in super::super) example: Vec<String>,
    /// Where the API has it, as items of a list.
    pub(in super::super) used_by: Vec<String>,
    /// The links at the end.
    pub(in super::super) back: String,
}

/// A member in `docs_model.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct ModelProperty {
    /// The field, and its name on the wire where it is another.
    pub(in super::super) name: String,
    /// Its type, with links.
    pub(in super::super) ty: String,
    /// What is told about it, in one line.
    pub(in super::super) description: String,
    /// Whether it must be there, and what its values keep to.
    pub(in super::super) notes: String,
}

/// A member in `docs_model.md.tera`: what is told about it beside the table.
#[derive(Debug, Serialize)]
pub(in super::super) struct ModelDetail<'a> {
    /// The field.
    pub(in super::super) name: &'a str,
    /// All that is told about it.
    pub(in super::super) lines: &'a [String],
}

/// A value of an enum in `docs_model.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct ModelValue {
    /// The variant.
    pub(in super::super) name: String,
    /// The value on the wire.
    pub(in super::super) value: String,
    /// What is told about it, in one line.
    pub(in super::super) description: String,
}

/// An alternative in `docs_model.md.tera`: a row of a table.
#[derive(Debug, Serialize)]
pub(in super::super) struct ModelAlternative<'a> {
    /// The variant.
    pub(in super::super) name: &'a str,
    /// What it holds, with links.
    pub(in super::super) ty: String,
    /// The texts that name it, if there is a member for that.
    pub(in super::super) tags: String,
}
