//! The `specmint` command; see `specmint --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    specmint::cli::main(std::env::args_os())
}
