//! Measurements: `cargo xtask bench`.

mod growth;
mod models;
mod peers;
mod program;
mod watch;

use std::io;
use std::process::ExitCode;

use clap::Subcommand;

use crate::measure::Limits;
use crate::optimised;

/// What is measured.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// What models cost beside derived serde: check, build, size, decode and encode
    Models {
        /// How many models to write
        #[arg(long, default_value_t = models::MODELS)]
        count: usize,
        /// Leave out the release builds, which take minutes
        #[arg(long)]
        check_only: bool,
    },
    /// How the cost of generating grows with the document, from 10 kB to the largest of the corpus
    Growth {
        #[command(flatten)]
        limits: Limits,
    },
    /// What generating three large documents takes beside the fastest other generators, which are installed
    Peers {
        /// How often each generates each document, in turn
        #[arg(long, value_name = "N", default_value_t = peers::TIMES)]
        times: usize,
        /// Run `cargo check` on what we make of them
        #[arg(long)]
        check: bool,
        /// Run `cargo check` on what the others make of them as well, which takes minutes
        #[arg(long)]
        check_peers: bool,
        #[command(flatten)]
        limits: Limits,
    },
    /// How long people wait after saving a document, and for `generate` where nothing has changed
    Watch {
        /// How often each is measured
        #[arg(long, value_name = "N", default_value_t = watch::TIMES)]
        times: usize,
    },
}

/// Measures, and prints what was found.
///
/// # Errors
/// Something cannot be built, started, read or written.
pub(crate) fn run(asked: &Bench) -> io::Result<ExitCode> {
    match asked {
        Bench::Models { count, check_only } => {
            let stages = if *check_only {
                models::Stages::Check
            } else {
                models::Stages::All
            };
            models::models(*count, stages)?;
        }
        Bench::Growth { limits } => growth::growth(*limits)?,
        Bench::Peers {
            times,
            check,
            check_peers,
            limits,
        } => {
            let checks = match (check, check_peers) {
                (_, true) => peers::Checks::All,
                (true, false) => peers::Checks::Own,
                (false, false) => peers::Checks::Nothing,
            };
            peers::peers(*times, checks, *limits)?;
        }
        Bench::Watch { times } => {
            return optimised::run(|| watch::watch(*times).map(|()| ExitCode::SUCCESS));
        }
    }
    Ok(ExitCode::SUCCESS)
}
