//! The `specmint` command; see `specmint --help`.

use std::io;
use std::process::ExitCode;

use specmint::cli::{self, Progress, Streams};
use specmint::diag::Colors;

/// Documents are trees of many small things, which the system's allocator takes a third of the time for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut streams = Streams {
        out: &mut io::stdout(),
        err: &mut anstream::stderr(),
        // The stream takes them out again where they cannot be shown.
        colors: Colors::Ansi,
        progress: Progress::on_stderr(),
    };
    ExitCode::from(cli::main(std::env::args_os(), &mut streams))
}
