//! `specmint overlay`.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::diag::Diagnostics;
use crate::load::{Difference, Source, overlay_between};
use crate::spec;
use crate::write;

use super::{DONE, REFUSED, Streams};

/// What `--help` says about an overlay that is made.
const DIFF: &str = "Write the overlay that makes an edited copy of a document

Edit a copy of the document, in any way, and let this say as an OpenAPI Overlay 1.0 what was changed: applied to the \
document it gives the copy again, but for the order of members. `specmint overlay diff pets.edited.yaml --out \
pets.overlay.yaml` finds pets.yaml beside the copy.";

#[derive(Subcommand)]
pub(super) enum Overlay {
    #[command(about = "Write the overlay that makes an edited copy of a document", long_about = DIFF)]
    Diff(Diff),
}

#[derive(Args)]
pub(super) struct Diff {
    /// The document and the edited copy; of a copy NAME.edited.yaml the document may be left out
    #[arg(value_names = ["SPEC", "EDITED"], num_args = 1..=2, required = true)]
    files: Vec<PathBuf>,
    /// The file of the overlay, which must not be there yet; standard output if it is left out
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(command: &Overlay, streams: &mut Streams<'_>) -> u8 {
    let Overlay::Diff(args) = command;
    diff(args, streams).unwrap_or_else(|err| {
        streams.say(&format!("error: {err}\n"));
        REFUSED
    })
}

fn diff(args: &Diff, streams: &mut Streams<'_>) -> io::Result<u8> {
    let (original, edited) = sources(&args.files)?;
    let mut diags = Diagnostics::default();
    let difference = overlay_between(&original, &edited, &mut diags);
    streams.say(&diags.print(streams.colors));
    match difference {
        None => Ok(REFUSED),
        Some(Difference::None) => {
            streams.say("the copy says what the document says: no overlay is needed\n");
            Ok(DONE)
        }
        Some(Difference::Unsayable) => Err(invalid("a document and its copy are objects".into())),
        Some(Difference::Overlay(text)) => hand_out(&text, args.out.as_deref(), streams),
    }
}

fn hand_out(text: &str, out: Option<&Path>, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Some(out) = out else {
        streams.answer(text);
        return Ok(DONE);
    };
    let name = out.file_name().map(|name| name.to_string_lossy());
    let name = name.ok_or_else(|| invalid(format!("`{}` is no file", out.display())))?;
    let folder = out.parent().unwrap_or(Path::new(""));
    write::create(folder, &[(name.into_owned(), text.to_owned())])?;
    streams.say(&format!("`{}` is written\n", out.display()));
    Ok(DONE)
}

/// The document and the copy.
fn sources(files: &[PathBuf]) -> io::Result<(Source, Source)> {
    let (original, edited) = match files {
        [original, edited] => (original.clone(), edited),
        [edited, ..] => {
            let found = spec::original_of(edited).ok_or_else(|| {
                let text = "is no copy NAME.edited.yaml with the document NAME.yaml or NAME.json beside it; name both";
                invalid(format!("`{}` {text}", edited.display()))
            });
            (found?, edited)
        }
        [] => return Err(invalid("name the edited copy".to_owned())),
    };
    Ok((Source::read(&original)?, Source::read(edited)?))
}

fn invalid(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}
