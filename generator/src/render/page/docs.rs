//! What the templates of the pages of documentation show. Every string is finished Markdown.

use serde::Serialize;

/// A link of a list.
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
    /// The indexes of the APIs.
    pub(in super::super) apis: Vec<DocsLink>,
}

/// What `docs_index.md.tera` shows: the index of an API.
#[derive(Debug, Serialize)]
pub(in super::super) struct IndexPage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(in super::super) mark: &'a str,
    /// The API's title.
    pub(in super::super) title: &'a str,
    /// The operations by group.
    pub(in super::super) groups: Vec<IndexGroup<'a>>,
    /// The models.
    pub(in super::super) models: Vec<DocsLink>,
    /// Where the page of authorization is.
    pub(in super::super) authorization: String,
}

/// A group of operations in `docs_index.md.tera`.
#[derive(Debug, Serialize)]
pub(in super::super) struct IndexGroup<'a> {
    /// What the group is called.
    pub(in super::super) title: &'a str,
    /// Where its page is.
    pub(in super::super) to: String,
    /// Its operations.
    pub(in super::super) operations: Vec<DocsLink>,
}

/// What `docs_authorization.md.tera` shows.
#[derive(Debug, Serialize)]
pub(in super::super) struct AuthorizationPage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(in super::super) mark: &'a str,
    /// The API's title.
    pub(in super::super) title: &'a str,
    /// The schemes, each with the heading that links lead to.
    pub(in super::super) schemes: Vec<SchemeSection<'a>>,
}

/// A scheme in `docs_authorization.md.tera`.
#[derive(Debug, Serialize)]
pub(in super::super) struct SchemeSection<'a> {
    /// The setter, which is the heading.
    pub(in super::super) name: &'a str,
    /// What is told about it.
    pub(in super::super) docs: &'a [String],
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
    /// The operations.
    pub(in super::super) operations: Vec<OperationSection<'a>>,
    /// The links at the end of each section.
    pub(in super::super) back: String,
}

/// An operation in `docs_operations.md.tera`.
#[derive(Debug, Serialize)]
pub(in super::super) struct OperationSection<'a> {
    /// The method, which is the heading.
    pub(in super::super) method: &'a str,
    /// Where the heading is, for links.
    pub(in super::super) slug: String,
    /// What is told about it.
    pub(in super::super) docs: &'a [String],
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
