//! Commands without a process, which would take the most of the time.

use std::ffi::OsString;

use specmint::cli::{self, Progress, Streams};
use specmint::diag::Colors;

/// How a command ended, and what it said.
pub(crate) struct Said {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).expect("stdout holds one JSON object")
    }
}

/// Runs a command with nobody who watches.
pub(crate) fn said(command: impl FnOnce(&mut Streams<'_>) -> u8) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = command(&mut Streams {
        out: &mut out,
        err: &mut err,
        colors: Colors::Plain,
        progress: Progress::Hidden,
    });
    let text = |bytes| String::from_utf8(bytes).expect("the command speaks UTF-8");
    Said {
        code,
        out: text(out),
        err: text(err),
    }
}

/// Runs `specmint`.
pub(crate) fn specmint<S: Into<OsString>>(args: impl IntoIterator<Item = S>) -> Said {
    let program = OsString::from("specmint");
    let args = std::iter::once(program).chain(args.into_iter().map(Into::into));
    said(|streams| cli::main(args, streams))
}
