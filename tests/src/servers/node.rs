//! Starting the scripts of `tests/servers/`, and ending them.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::Value;

use crate::repo;

/// A script that runs as long as this lives.
pub(crate) struct Server {
    process: Child,
    input: Option<ChildStdin>,
    ready: Value,
}

impl Server {
    /// Starts a script and waits for the line that says where it is.
    ///
    /// # Panics
    /// If there is no Node, or the packages are not installed: whoever asks for these tests means to run them.
    #[track_caller]
    pub(crate) fn start(script: &str, arguments: &[&str]) -> Self {
        let folder = repo::root().join("tests/servers");
        assert!(
            folder.join("node_modules").is_dir(),
            "the servers are not installed; run `npm ci --ignore-scripts` in tests/servers"
        );
        let mut process = Command::new("node")
            .arg(script)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|err| panic!("running `node {script}`: {err}"));
        let input = process.stdin.take();
        let output = process.stdout.take().expect("the output is piped");
        let mut line = String::new();
        BufReader::new(output)
            .read_line(&mut line)
            .unwrap_or_else(|err| panic!("reading from `node {script}`: {err}"));
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut said = String::new();
            if let Some(mut errors) = process.stderr.take() {
                let _ = errors.read_to_string(&mut said);
            }
            panic!("`node {script}` did not start:\n{said}")
        });
        Self {
            process,
            input,
            ready,
        }
    }

    /// What the script said about itself.
    pub(crate) fn ready(&self) -> &Value {
        &self.ready
    }
}

impl Drop for Server {
    /// Closes the script's input, which ends it.
    fn drop(&mut self) {
        drop(self.input.take());
        // It ended, or it was never there; both are what is wanted.
        let _ = self.process.wait();
    }
}
