//! The `specmint` command; see `specmint --help`.

use std::io;
use std::process::ExitCode;

use specmint::cli::{self, Streams};

fn main() -> ExitCode {
    let mut streams = Streams {
        out: &mut io::stdout(),
        err: &mut io::stderr(),
    };
    ExitCode::from(cli::main(std::env::args_os(), &mut streams))
}
