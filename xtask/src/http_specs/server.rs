//! The suite's own server.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;

/// A server that runs as long as this lives.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    port: u16,
}

#[derive(Deserialize)]
struct Ready {
    port: u16,
}

/// The Node that is installed in `tests`, in that folder: the suite needs a newer one than most systems have. Where
/// the registry has none for the system, its own.
///
/// # Errors
/// The suite is not installed.
pub(super) fn node(tests: &Path) -> io::Result<Command> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win",
        system => system,
    };
    let processor = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "x64",
    };
    let package = tests.join(format!("node_modules/node-{system}-{processor}/bin"));
    let program = package.join(format!("node{}", std::env::consts::EXE_SUFFIX));
    if !tests.join("node_modules").is_dir() {
        return Err(io::Error::other(
            "the suite is not installed; run `npm ci --ignore-scripts` in tests/http-specs",
        ));
    }
    let mut command = match program.is_file() {
        true => Command::new(program),
        false => Command::new("node"),
    };
    command.current_dir(tests);
    Ok(command)
}

impl Server {
    /// Starts it and waits for the line that says where it is.
    ///
    /// # Errors
    /// The suite is not installed, or the server does not start.
    pub(super) fn start(tests: &Path) -> io::Result<Self> {
        let mut process = node(tests)?
            .arg("serve.js")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = process.stdin.take();
        let output = process.stdout.take().expect("the output is piped");
        let mut output = BufReader::new(output);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let ready: Ready = serde_json::from_str(&line)?;
        Ok(Self {
            process,
            input,
            output,
            port: ready.port,
        })
    }

    /// Where it is, as it says itself.
    pub(super) fn base_url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// What it thinks of each scenario: `pass`, `fail` or `not-implemented`.
    ///
    /// # Errors
    /// It has ended.
    pub(super) fn verdicts(&mut self) -> io::Result<BTreeMap<String, String>> {
        let input = self.input.as_mut().expect("it is there until the end");
        input.write_all(b"\n")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Server {
    /// Closes its input, which ends it.
    fn drop(&mut self) {
        drop(self.input.take());
        // It ended, or it was never there; both are what is wanted.
        let _ = self.process.wait();
    }
}
