//! The command as a process, which can be waited for, killed and run out of room.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::repo;

/// How long something may take that should be a matter of milliseconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// A file that holds the command.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_specmint-process"))
}

/// A process of the command.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
}

/// How a process ended, and what it said on stderr.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code; `None` if it was killed.
    pub(crate) code: Option<i32>,
    /// What it said after what was heard.
    pub(crate) said: String,
}

impl Running {
    /// Starts `specmint` with these arguments.
    pub(crate) fn start<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        Self::spawn(Command::new(program()).args(args))
    }

    /// Starts a command that is, or becomes, `specmint`.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command was built");
        let said = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        Self { child, lines }
    }

    /// Waits for a line that holds `part`, and returns all that was said up to it.
    #[track_caller]
    pub(crate) fn hear(&self, part: &str) -> String {
        let mut said = String::new();
        while !said.contains(part) {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => said = format!("{said}{line}\n"),
                Err(_) => panic!("no word of `{part}`, but:\n{said}"),
            }
        }
        said
    }

    /// Kills the process once `moment` has passed, as the system does: no code of its own runs any more. Returns
    /// whether it was still at work.
    pub(crate) fn kill_after(mut self, moment: Duration) -> bool {
        let start = std::time::Instant::now();
        loop {
            let left = moment.saturating_sub(start.elapsed());
            match self.lines.recv_timeout(left) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        self.child.kill().expect("it is a child of ours");
        let status = self.child.wait().expect("it is a child of ours");
        status.code().is_none()
    }

    /// What the system calls it.
    #[cfg(unix)]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub(crate) fn is_at_work(&mut self) -> bool {
        let status = self.child.try_wait().expect("it is a child of ours");
        status.is_none()
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        let mut said = String::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => said = format!("{said}{line}\n"),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end, after saying:\n{said}"),
            }
        }
        let status = self.child.wait().expect("it is a child of ours");
        Ended {
            code: status.code(),
            said,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The arguments that generate `spec` into `out`, with as few files as there may be.
pub(crate) fn generate(spec: &Path, out: &Path) -> Vec<OsString> {
    let mut args: Vec<OsString> = vec!["generate".into(), spec.into(), "--out".into(), out.into()];
    args.extend(["--runtime".into(), "path:../runtime".into()]);
    args
}

/// Every file below `dir`, dot files included, by its path in it.
pub(crate) fn tree(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in repo::entries(dir) {
        if path.is_dir() {
            let name = repo::name(&path);
            let below = tree(&path).into_iter();
            found.extend(below.map(|(path, bytes)| (Path::new(&name).join(path), bytes)));
        } else if let Ok(bytes) = fs::read(&path) {
            found.insert(PathBuf::from(repo::name(&path)), bytes);
        }
    }
    found
}

/// A document with a `word` in each of its operations and models, and in some of their names.
pub(crate) fn document(word: &str) -> String {
    let mut paths = String::new();
    let mut schemas = String::new();
    for number in 0..12 {
        let name = if number < 8 { "pet" } else { word };
        paths.push_str(&format!(
            "  /{name}{number}:
    get:
      operationId: {name}{number}
      description: {word}
      responses: {{ '200': {{ description: It, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/{name}{number}' }} }} }} }} }}
"
        ));
        schemas.push_str(&format!(
            "    {name}{number}: {{ type: object, description: {word}, properties: {{ {word}: {{ type: string }} }} }}\n"
        ));
    }
    format!(
        "openapi: 3.0.3
info: {{ title: Pets, version: '1' }}
servers: [{{ url: https://pets.example.com }}]
paths:
{paths}components:
  schemas:
{schemas}"
    )
}
