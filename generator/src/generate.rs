//! The stages in order.

use std::fmt;

use crate::diag::{Diagnostics, Severity};
use crate::file::File;
use crate::load::{self, Document, LoadOptions};
use crate::options::Options;
use crate::spec::Spec;

/// What was generated, and what there is to say about it.
#[derive(Debug, Default)]
pub struct Output {
    /// The files of the crate, sorted by path.
    pub files: Vec<File>,
    /// What was found in each document, in the order of the documents.
    pub reports: Vec<Report>,
}

/// What was found in one document.
#[derive(Debug)]
pub struct Report {
    /// The document, as the caller named it.
    pub path: String,
    /// Its problems, and the way to their lines.
    pub diagnostics: Diagnostics,
    /// Whether there is a module for it. Without one, `files` are not the whole crate.
    pub made: bool,
}

impl Report {
    /// Whether something was left out.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        let mut codes = self
            .diagnostics
            .list()
            .iter()
            .map(|diagnostic| diagnostic.code);
        codes.any(|code| code.severity() == Severity::Error)
    }

    /// The problems as people read them, sorted by place.
    #[must_use]
    pub fn print(&self) -> String {
        let list = self.diagnostics.list().iter();
        list.map(|diagnostic| {
            format!(
                "{}: {}: {}\n",
                self.path,
                diagnostic.code.as_str(),
                diagnostic.message
            )
        })
        .collect()
    }
}

/// Why nothing could be generated, for a reason that is in no document.
#[derive(Debug)]
pub enum Refusal {
    /// Two documents want to be the same module.
    SameModule {
        /// The module.
        module: String,
        /// The documents, as the caller named them.
        paths: [String; 2],
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameModule {
                module,
                paths: [first, second],
            } => write!(
                f,
                "`{first}` and `{second}` would both be the module `{module}`; rename one of the files"
            ),
        }
    }
}

impl std::error::Error for Refusal {}

/// Makes a crate with a module for each document.
///
/// Problems of a document are in its [`Report`]; a document of which nothing can be read has no module.
///
/// # Errors
/// A [`Refusal`] for mistakes that are in no document.
pub fn generate(specs: &[Spec], options: &Options) -> Result<Output, Refusal> {
    let _ = options;
    let mut output = Output::default();
    for spec in specs {
        let mut diagnostics = Diagnostics::default();
        let document = read(spec, &mut diagnostics);
        output.reports.push(Report {
            path: spec.source.path.clone(),
            diagnostics,
            made: document.is_some(),
        });
    }
    Ok(output)
}

fn read(spec: &Spec, diagnostics: &mut Diagnostics) -> Option<Document> {
    let options = LoadOptions {
        root: spec.root.clone(),
    };
    load::load(&spec.source, spec.overlay.as_ref(), &options, diagnostics)
}
