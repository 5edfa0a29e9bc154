//! The repository's own commands: `cargo xtask generate`, `check` and `ci`.

mod ci;
mod generate;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use specmint::cli::Mode;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring generated/ up to date with specs/
    Generate,
    /// Fail, with the differences, if generated/ is not up to date
    Check,
    /// Run everything that must hold before a change lands
    Ci {
        /// Run these steps alone; `--list` names them
        #[arg(value_name = "STEP")]
        steps: Vec<String>,
        /// Name the steps
        #[arg(long)]
        list: bool,
    },
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Generate => ExitCode::from(generate::generate(Mode::Write)),
        Command::Check => ExitCode::from(generate::generate(Mode::Check)),
        Command::Ci { list: true, .. } => ci::list(),
        Command::Ci { steps, .. } => ci::run(&steps),
    }
}

/// The repository's root.
fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask/ is in the root").to_owned()
}
