//! The plan as data, third part: what values that are sent keep to.

use crate::plan::names::Ident;

/// One thing that a value keeps to, as `rules::Rule` of the runtime has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// A limit that is a count, such as `MaxLength`.
    Count(&'static str, u64),
    /// A limit that is a number, such as `Maximum`, as JSON spells it.
    Bound(&'static str, String),
    /// A pattern, as the document has it and as it is matched.
    Pattern(String, String),
    /// A format of a text.
    Format(String),
    /// No item twice.
    UniqueItems,
    /// The only values.
    Enum(Vec<String>),
    /// Members that must be there, although the type can do without.
    Required(Vec<String>),
    /// Members that must be there beside the first.
    DependentRequired(String, Vec<String>),
    /// What a member keeps to.
    Member(String, Vec<Rule>),
    /// What members keep to that have none of the names.
    Rest(Vec<String>, Vec<Rule>),
    /// What each item keeps to.
    Items(Vec<Rule>),
    /// What the first items keep to, each by its place, and what those after them do.
    Places(Vec<Vec<Rule>>, Vec<Rule>),
    /// What a type keeps to.
    Of(Ident),
    /// What alternatives keep to that a member names, by the text of the member.
    Tagged(String, Vec<(String, Vec<Rule>)>),
    /// `oneOf` or `anyOf`, and its alternatives.
    Choice(&'static str, Vec<Alternative>),
}

/// An alternative of a choice, and what tells it from the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The type of its values in the words of JSON Schema, if they have one.
    pub ty: Option<&'static str>,
    /// The members that its values cannot be without.
    pub needs: Vec<String>,
    /// What it keeps to.
    pub rules: Vec<Rule>,
}
