//! The plan as data: servers to choose from, and the variables of their URLs.

use crate::plan::names::Ident;

/// The servers to choose from: the module `servers`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Servers {
    /// The enum of the API's own; `None` where there is nothing to choose.
    pub own: Option<ServerChoice>,
    /// The enums of those that operations have instead.
    pub of_operations: Vec<ServerChoice>,
    /// Those with variables.
    pub templates: Vec<ServerTemplate>,
    /// The variables with listed values.
    pub values: Vec<VariableValues>,
}

impl Servers {
    /// Whether there is nothing to choose.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own.is_none() && self.of_operations.is_empty() && self.templates.is_empty()
    }
}

/// An enum of servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerChoice {
    /// The enum.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// One for each server.
    pub variants: Vec<ServerVariant>,
}

/// A server to choose by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariant {
    /// Its name.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// Where it is.
    pub place: ServerPlace,
}

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerPlace {
    /// At this URL.
    Fixed(String),
    /// Where the variables lead that this struct holds.
    Template(Ident),
}

/// A server whose URL has variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerTemplate {
    /// The struct.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// The URL, as written.
    pub url: String,
    /// The variables.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// The field.
    pub name: Ident,
    /// The name between the braces.
    pub wire_name: String,
    /// Its docs.
    pub docs: Vec<String>,
    /// What it holds.
    pub content: VariableContent,
}

/// What a variable holds, and what it is when nobody says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableContent {
    /// A text that must be given.
    Needed,
    /// A text with a default.
    Text(String),
    /// A value of this enum; by default this variant.
    Listed(Ident, Ident),
}

/// The values that a variable may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableValues {
    /// The enum.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// One for each value.
    pub values: Vec<VariableValue>,
}

/// A value that a variable may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableValue {
    /// The variant.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// What stands in the URL.
    pub text: String,
}
