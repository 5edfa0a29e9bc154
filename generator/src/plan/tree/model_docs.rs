//! The plan as data: what the page of a type and its rustdoc show beside what its definition says.

use super::super::names::Ident;
use super::Deprecation;

/// What is told of a type beside its definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelDocs {
    /// What the document says of it, in one line that is not long; nothing, often.
    pub summary: String,
    /// Whether the document advises against it.
    pub deprecated: Deprecation,
    /// A value of it as JSON, in lines; none where it is never JSON, or no example is short enough to help.
    pub json: Vec<String>,
    /// The same value as XML, in lines; none where it never travels so.
    pub xml: Vec<String>,
    /// A program that makes a value, or reads one.
    pub example: ModelExample,
    /// Where the API has it.
    pub used_by: UsedBy,
}

/// A program about a type, which needs no network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelExample {
    /// Its statements; none if there is no value to show.
    pub lines: Vec<String>,
    /// The lines of the text that stands for [`ModelExample::TEXT`] in them; none if there is no such text.
    pub text: Vec<String>,
    /// Whether it can fail.
    pub failing: Failing,
}

impl ModelExample {
    /// What stands in the statements where the text belongs.
    pub const TEXT: &'static str = "\"the text\"";
}

/// Whether statements can fail, and so need a function that returns a `Result`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Failing {
    /// They cannot.
    #[default]
    Never,
    /// They can.
    Maybe,
}

/// Where an API has a type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsedBy {
    /// Operations, by their place in [`super::Api::operations`], and what it is to them.
    pub operations: Vec<(usize, Vec<Role>)>,
    /// How many operations more there are than those.
    pub more_operations: usize,
    /// Types that hold it.
    pub models: Vec<Ident>,
    /// How many types more there are than those.
    pub more_models: usize,
    /// The requests that the API sends by itself with it, by their names, as Markdown.
    pub webhooks: Vec<String>,
}

/// What a type is to an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A parameter holds it.
    Parameter,
    /// The body of the request does.
    Body,
    /// A success does.
    Success,
    /// A refusal does.
    Failure,
    /// A header of a response does.
    Header,
}
