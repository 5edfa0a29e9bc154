//! What can go wrong with pages.

use std::error::Error as StdError;
use std::fmt;

/// Why nothing was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A template of the caller's is wrong.
    Template(TemplateError),
    /// The generator made something that is not Rust: a mistake of ours.
    Internal {
        /// What it was about: a type or an operation.
        thing: String,
        /// What the parser said.
        message: String,
    },
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The template's file name.
    pub template: String,
    /// What is wrong, with the line and the variable.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Template(error) => write!(f, "template `{}`: {}", error.template, error.message),
            Error::Internal { thing, message } => {
                write!(
                    f,
                    "internal error: the code for {thing} is not Rust ({message}); please report it"
                )
            }
        }
    }
}

impl StdError for Error {}

impl From<TemplateError> for Error {
    fn from(error: TemplateError) -> Self {
        Error::Template(error)
    }
}

/// The text of an error with its causes.
pub(super) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
