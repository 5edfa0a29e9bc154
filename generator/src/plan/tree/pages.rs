//! The plan as data: the pages of documentation.

use super::super::names::Ident;

/// Operations that stand on one page: those with the same first tag, or those without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they are called together, as Markdown in one line.
    pub title: String,
    /// What is told about them.
    pub docs: Vec<String>,
    /// The stem of the page. No two pages of an API have the same, also where case does not count.
    pub page: Ident,
    /// The operations, by their place in [`super::Api::operations`]; never empty.
    pub operations: Vec<usize>,
}
