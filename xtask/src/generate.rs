//! The generator with this repository's paths filled in.

use std::io;
use std::path::Path;

use specmint::cli::{Format, Job, Mode, REFUSED, Strictness, run};
use specmint::options::{Options, Runtime};
use specmint::spec::{self, Spec};

const COMMAND: &str = "cargo xtask generate";

/// Generates `generated/` from `specs/`, or checks it. Returns the exit code; everything has been reported.
pub(crate) fn generate(mode: Mode) -> u8 {
    // Paths in reports are as people type them: relative to the root.
    let job = std::env::set_current_dir(crate::root()).and_then(|()| job(mode));
    match job {
        Ok(job) => run(&job),
        Err(err) => {
            eprintln!("error: {err}");
            REFUSED
        }
    }
}

fn job(mode: Mode) -> io::Result<Job> {
    let specs = spec::find(Path::new("specs"))?
        .iter()
        .map(|path| Spec::read(path))
        .collect::<io::Result<_>>()?;
    Ok(Job {
        specs,
        out: "generated".into(),
        options: Options {
            name: "token-clients".to_owned(),
            runtime: Runtime::Path("../generator/runtime".to_owned()),
            templates: None,
            command: COMMAND.to_owned(),
        },
        mode,
        strictness: Strictness::Strict,
        format: Format::Human,
        again: COMMAND.to_owned(),
    })
}
