//! The plan as data: the pages of documentation.

use super::super::names::Ident;
use super::Type;

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

/// What is told of an operation, on its page and in rustdoc.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OperationDocs {
    /// How it is called, in one line.
    pub signature: Cell,
    /// Its summary and description, whether the document advises against it, and where to read more.
    pub prose: Vec<String>,
    /// Its method and path, and where it stands in the document.
    pub place: Vec<String>,
    /// Complete programs.
    pub programs: Vec<Program>,
    /// Everything else, in its order.
    pub sections: Vec<Section>,
}

/// A program that shows how an operation is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What it shows.
    pub title: &'static str,
    /// What there is to say about it, if anything.
    pub about: &'static str,
    /// Its statements, as lines of Rust: imports first.
    pub statements: Vec<String>,
}

/// A section of docs, below a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// What stands below it.
    pub blocks: Vec<Block>,
}

/// A part of a section, with an empty line around it.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Line(Cell),
    /// A list.
    List(Vec<Cell>),
    /// A table: its head, and its rows of as many cells.
    Table(&'static [&'static str], Vec<Vec<Cell>>),
    /// Prose of the document for which a table has no room: what it is about, and its lines.
    Prose(Cell, Vec<String>),
    /// What stands on pages alone, since rustdoc has it elsewhere.
    OnPage(Box<Block>),
}

/// A line of docs, of parts that stand side by side.
pub type Cell = Vec<Word>;

/// A part of a line of docs.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// Markdown.
    Text(String),
    /// Code, without backticks in it.
    Code(String),
    /// A type, as code.
    Type(Type),
    /// A type that stands beside the operation, as code.
    Own(Ident),
    /// A way to authenticate, by its place in [`super::Api::schemes`].
    Scheme(usize),
}
