//! What we tell people about their documents.
//!
//! Every stage reports into one [`Diagnostics`]; nothing is thrown. A report names a [`Code`], a place and
//! a sentence; `print` turns places into lines and excerpts. Codes are stable: people search for them.

mod code;
mod print;
mod readings;

pub use code::Code;
pub use print::{Colors, Report};
pub(crate) use readings::{Reading, Readings};

use std::collections::HashSet;

use crate::load::{FileId, Origins, Place};
use crate::pointer::Pointer;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something was left out of the output.
    Error,
    /// Something came out as less than the document says; told as a warning, and refused by `--strict`.
    Downgrade,
    /// Something was mended or is worth a look, and nothing that the document says was lost.
    Warning,
}

/// One problem of one document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// Where, in the document as the stage that reports it sees it.
    pub at: Pointer,
    /// What happened, in one sentence: lower-case start, names in backticks, no full stop.
    pub message: String,
    /// Where in the files, if the reporter knew.
    spot: Option<Spot>,
}

/// A spot in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Spot {
    /// A node.
    Node(Place),
    /// A byte.
    Byte(FileId, usize),
}

impl Diagnostic {
    /// Where it is in the normal form, if the reporter saw that.
    pub(crate) fn normal(&self) -> Option<&Pointer> {
        self.spot.is_none().then_some(&self.at)
    }

    /// Where it is in the files, if the reporter saw those.
    pub(crate) fn place(&self) -> Option<&Place> {
        match &self.spot {
            Some(Spot::Node(place)) => Some(place),
            _ => None,
        }
    }
}

/// The problems of one document in the order of their discovery, and the way back to its files.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    seen: HashSet<Diagnostic>,
    origins: Origins,
    readings: Readings,
}

impl Diagnostics {
    /// Adds a problem. The same problem at the same place is kept once.
    pub fn report(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.add(Diagnostic {
            code,
            at: at.clone(),
            message: message.into(),
            spot: None,
        });
    }

    /// Adds a problem of a node of a file.
    pub(crate) fn report_place(&mut self, code: Code, place: Place, message: impl Into<String>) {
        let at = place.at.clone();
        self.add(Diagnostic {
            code,
            at,
            message: message.into(),
            spot: Some(Spot::Node(place)),
        });
    }

    /// Adds a problem of the text of a file, at a byte.
    pub(crate) fn report_offset(
        &mut self,
        code: Code,
        file: FileId,
        offset: usize,
        message: impl Into<String>,
    ) {
        let spot = Some(Spot::Byte(file, offset));
        self.add(Diagnostic {
            code,
            at: Pointer::root(),
            message: message.into(),
            spot,
        });
    }

    fn add(&mut self, diagnostic: Diagnostic) {
        if self.seen.insert(diagnostic.clone()) {
            self.list.push(diagnostic);
        }
    }

    /// Everything reported so far.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// The files of the document, and what of them became what of its normal form.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// The same, for `load` to fill.
    pub(crate) fn origins_mut(&mut self) -> &mut Origins {
        &mut self.origins
    }

    /// What the stages note for the census.
    pub(crate) fn readings(&self) -> &Readings {
        &self.readings
    }

    /// The same, for the stages to fill.
    pub(crate) fn readings_mut(&mut self) -> &mut Readings {
        &mut self.readings
    }
}
