//! The sites of the generated crate and of the project's own book.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use specmint::cli;

use crate::{root, streams, target};

/// The sites, by the folder of each below the one for all.
const SITES: &[(&str, &str)] = &[("clients", "generated"), ("book", "generator/book")];

/// Makes each site, the clients' and the book's, in a folder of its own.
///
/// # Errors
/// Cargo cannot be asked for its target folder.
pub(crate) fn run(out: Option<PathBuf>) -> io::Result<ExitCode> {
    let out = match out {
        Some(out) => out,
        None => target()?.join("site"),
    };
    let mut worst = cli::DONE;
    for (name, folder) in SITES {
        let (mut stdout, mut stderr) = (io::stdout(), anstream::stderr());
        let mut streams = streams(&mut stdout, &mut stderr);
        worst = worst.max(cli::docs(
            &root().join(folder),
            &out.join(name),
            &mut streams,
        ));
    }
    Ok(ExitCode::from(worst))
}
