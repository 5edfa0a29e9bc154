//! What we tell people about their documents.
//!
//! Every stage reports into one [`Diagnostics`]; nothing is thrown. A report names a [`Code`], a place and
//! a sentence; `print` turns places into lines and excerpts. Codes are stable: people search for them.

mod code;

pub use code::Code;

use crate::pointer::Pointer;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something was left out of the output.
    Error,
    /// Something was mended, ignored or downgraded.
    Warning,
}

/// One problem of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// Where, in the document as the stages see it (see `load::Origins` for the way back to the file).
    pub at: Pointer,
    /// What happened, in one sentence: lower-case start, names in backticks, no full stop.
    pub message: String,
}

/// The problems of one document, in the order of their discovery until [`Diagnostics::sort`].
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a problem. The same problem at the same place is kept once.
    pub fn report(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        let diagnostic = Diagnostic { code, at: at.clone(), message: message.into() };
        if !self.list.contains(&diagnostic) {
            self.list.push(diagnostic);
        }
    }

    /// Everything reported so far.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }
}
