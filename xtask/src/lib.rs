//! The generator with this repository's paths filled in: for `cargo xtask` and for the tests.

pub mod book;
pub mod case;
pub mod moved;
pub mod pages;
pub mod templates;

use std::io;
use std::path::Path;

use specmint::cli::{Format, Job, Mode, Place, Strictness};
use specmint::options::{Options, Runtime};
use specmint::spec::{self, Spec};

/// The command that brings `generated/` up to date.
pub const COMMAND: &str = "cargo xtask generate";

/// Where the crate is, seen from the root, and how a run reports.
#[must_use]
pub fn place(mode: Mode) -> Place<'static> {
    Place {
        out: Path::new("generated"),
        mode,
        format: Format::Human,
    }
}

/// Generates `generated/` from `specs/`, both below `root`.
///
/// # Errors
/// Any error of reading the specs, with the path in its text.
pub fn job(root: &Path, mode: Mode) -> io::Result<Job> {
    let specs = spec::find(&root.join("specs"))?
        .iter()
        .map(|path| Spec::read(path))
        .collect::<io::Result<_>>()?;
    Ok(Job {
        specs,
        out: root.join("generated"),
        options: Options::new(
            "token-clients",
            Runtime::Path("../generator/runtime".to_owned()),
            COMMAND,
        ),
        mode,
        strictness: Strictness::Whole,
        format: Format::Human,
        again: COMMAND.to_owned(),
    })
}
