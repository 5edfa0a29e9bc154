//! `specmint review`: two documents in, a report and a verdict out.

use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::generate::Revision;
use crate::load::{Pattern, Selection, Source};
use crate::options::{Options, Runtime};
use crate::review::{Finding, Review};
use crate::spec::Spec;

use super::{DONE, REFUSED, Streams};

/// A change was found that is denied.
const DENIED: u8 = super::OUT_OF_DATE;

/// What is asked for.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The document as it was; NAME.overlay.yaml beside it is applied to it
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The document as it is; NAME.overlay.yaml beside it is applied to it
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// An OpenAPI Overlay to apply to both, instead of those beside them; given twice, to OLD and to NEW
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// Compare these operations alone: tag:GLOB, id:GLOB, path:GLOB or 'path:METHOD GLOB'; repeatable
    #[arg(long, value_name = "PATTERN")]
    only: Vec<Pattern>,
    /// Leave these operations out, also of those that --only names; repeatable
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<Pattern>,
    /// The folder that references to other files may not leave; each document's own if it is left out
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// A host that references may lead to, as HOST or HOST:PORT, over https; repeatable
    #[arg(long = "allow-host", value_name = "HOST")]
    hosts: Vec<String>,
    #[command(flatten)]
    look: Look,
}

/// How a review is told, and what it may not find.
#[derive(Clone, Debug, clap::Args)]
pub struct Look {
    /// What to write: a comment for a pull request, or one JSON object
    #[arg(long = "format", value_enum, default_value = "markdown")]
    pub shape: Shape,
    /// Fail with exit code 1 if a change breaks anybody, or weakens or moves security; repeatable
    #[arg(long, value_enum, value_name = "WHAT")]
    pub deny: Vec<Denied>,
}

/// What a review is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// A comment for a pull request.
    Markdown,
    /// One object for programs.
    Json,
}

/// A change that is not to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Denied {
    /// It breaks programs that use the crate, or old clients before a new server.
    Breaking,
    /// It is about security, and no improvement.
    Security,
}

impl Denied {
    fn is(self, finding: &Finding) -> bool {
        match self {
            Self::Breaking => finding.breaks(),
            Self::Security => finding.worries(),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Breaking => "break somebody",
            Self::Security => "touch security",
        }
    }
}

/// Compares two documents.
pub(super) fn run(args: &Args, streams: &mut Streams<'_>) -> u8 {
    match states(args) {
        Ok(states) => {
            let [old, new] = states
                .each_ref()
                .map(std::slice::from_ref)
                .map(|specs| Revision { specs, lock: None });
            look(&old, &new, &options(), &args.look, streams)
        }
        Err(err) => {
            streams.say(&format!("error: {err}\n"));
            REFUSED
        }
    }
}

fn options() -> Options {
    Options::new("client", Runtime::Embedded, "specmint generate")
}

fn states(args: &Args) -> io::Result<[Spec; 2]> {
    let (for_old, for_new) = match args.overlay.as_slice() {
        [] => (None, None),
        [both] => (Some(both), Some(both)),
        [old, new] => (Some(old), Some(new)),
        _ => {
            let text = "`--overlay` is given more than twice: there are two documents";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
    };
    let mut old = state(&args.old, for_old, args)?;
    let new = state(&args.new, for_new, args)?;
    // what a file is called says nothing of the API: the two are one module
    old.name.clone_from(&new.name);
    Ok([old, new])
}

fn state(path: &Path, overlay: Option<&PathBuf>, args: &Args) -> io::Result<Spec> {
    let mut spec = Spec::read(path)?;
    if let Some(overlay) = overlay {
        spec.overlay = Some(Source::read(overlay)?);
    }
    spec.root.clone_from(&args.root);
    spec.hosts.clone_from(&args.hosts);
    spec.selection = Selection {
        only: args.only.clone(),
        exclude: args.exclude.clone(),
    };
    Ok(spec)
}

/// Compares two revisions of the documents of a crate and tells what came of it. Returns the exit code.
///
/// What is wrong with documents that can be read is `generate`'s to say.
#[must_use]
pub fn look(
    old: &Revision<'_>,
    new: &Revision<'_>,
    options: &Options,
    look: &Look,
    streams: &mut Streams<'_>,
) -> u8 {
    let reviewed = crate::generate::review(old, new, options);
    let Some(review) = reviewed.review else {
        for diagnostics in &reviewed.refused {
            streams.say(&diagnostics.print(streams.colors));
        }
        streams.say("error: there is nothing to compare\n");
        return REFUSED;
    };
    streams.answer(&match look.shape {
        Shape::Markdown => crate::review::markdown(&review),
        Shape::Json => crate::review::json(&review),
    });
    verdict(&review, &look.deny, streams)
}

fn verdict(review: &Review, deny: &[Denied], streams: &mut Streams<'_>) -> u8 {
    let mut code = DONE;
    for denied in deny {
        let count = review.findings().filter(|one| denied.is(one)).count();
        if count > 0 {
            let text = format!("error: denied: changes that {}: {count}\n", denied.word());
            streams.say(&text);
            code = DENIED;
        }
    }
    code
}
