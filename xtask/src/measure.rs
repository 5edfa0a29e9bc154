//! Commands, with what they take.
//!
//! The system says what a process took together with all that it waited for: so each command that is
//! measured gets a small process of its own, `cargo xtask measured`, that waits for nothing else.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use serde::{Deserialize, Serialize};

/// How much a command may take before it is ended.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Limits {
    /// Seconds that one process may take
    #[arg(long, value_name = "S", default_value_t = 900)]
    pub(crate) seconds: u64,
    /// Megabytes that one process may have at a time
    #[arg(long, value_name = "MB", default_value_t = 14_000)]
    pub(crate) memory: u64,
}

/// What a command took, and how it ended.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// From start to end, in seconds.
    pub(crate) seconds: f64,
    /// Processor time of the command and all that it waited for, in seconds.
    pub(crate) cpu_seconds: f64,
    /// The most memory that it, or one process that it waited for, had at a time, in megabytes.
    pub(crate) peak_mb: f64,
    /// Why it did not end well; `None` if it did.
    pub(crate) trouble: Option<String>,
}

/// A command to measure.
#[derive(Debug, Args)]
pub(crate) struct Measured {
    /// The file that the usage is written to
    #[arg(long)]
    record: PathBuf,
    #[command(flatten)]
    limits: Limits,
    /// The command
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

/// The command that runs `program` below this one's limits and leaves a record of what it took.
///
/// # Errors
/// This program has no path.
pub(crate) fn command(record: &Path, limits: Limits, program: &Path) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("measured").arg("--record").arg(record);
    command.args(["--seconds", &limits.seconds.to_string()]);
    command.args(["--memory", &limits.memory.to_string()]);
    command.arg("--").arg(program);
    Ok(command)
}

/// Reads what a command has left.
///
/// # Errors
/// There is no record, or it is not one.
pub(crate) fn read(record: &Path) -> io::Result<Usage> {
    Ok(serde_json::from_slice(&fs::read(record)?)?)
}

/// Runs the command and writes what it took.
///
/// # Errors
/// The command cannot be started, or the record not written.
pub(crate) fn run(measured: &Measured) -> io::Result<ExitCode> {
    let mut command = Command::new(&measured.command[0]);
    command.args(&measured.command[1..]);
    record(&mut command, &measured.record, measured.limits)
}

/// The same, for a command that is not spelt out. It must be the first that this process waits for.
///
/// # Errors
/// The command cannot be started, or the record not written.
pub(crate) fn record(command: &mut Command, record: &Path, limits: Limits) -> io::Result<ExitCode> {
    let start = Instant::now();
    let mut child = command.spawn()?;
    let (done, end) = mpsc::channel();
    let id = child.id();
    let watcher = thread::spawn(move || watch(id, limits, &end));
    let status = child.wait()?;
    let seconds = start.elapsed().as_secs_f64();
    drop(done);
    let over = watcher.join().expect("the watcher does not panic");
    let (cpu_seconds, peak_mb) = taken();
    let usage = Usage {
        seconds,
        cpu_seconds,
        peak_mb,
        trouble: over.or_else(|| trouble(status)),
    };
    fs::write(record, serde_json::to_vec(&usage)?)?;
    Ok(crate::exit_code(status))
}

fn trouble(status: ExitStatus) -> Option<String> {
    (!status.success()).then(|| status.to_string())
}

/// Ends the process when it is over a limit, and says which. Returns when `end` is closed.
fn watch(id: u32, limits: Limits, end: &mpsc::Receiver<()>) -> Option<String> {
    let start = Instant::now();
    while end.recv_timeout(Duration::from_millis(50)) == Err(RecvTimeoutError::Timeout) {
        let over = if start.elapsed().as_secs() >= limits.seconds {
            Some(format!("ended after {} s", limits.seconds))
        } else if resident_mb(id) > limits.memory {
            Some(format!("ended at {} MB", limits.memory))
        } else {
            None
        };
        if over.is_some() {
            end_process(id);
            return over;
        }
    }
    None
}

/// What a process has in memory, in megabytes; 0 where proc(5) does not tell.
fn resident_mb(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.unwrap_or_default() * 1024 / 1_000_000
}

#[cfg(unix)]
fn end_process(id: u32) {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    // It may have ended by itself: then there is nothing to end.
    if let Ok(id) = i32::try_from(id) {
        let _ = kill(Pid::from_raw(id), Signal::SIGKILL);
    }
}

/// Elsewhere limits are not kept.
#[cfg(not(unix))]
fn end_process(_: u32) {}

/// Processor seconds and peak megabytes of what this process has waited for (getrusage(2)).
#[cfg(unix)]
fn taken() -> (f64, f64) {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;
    let seconds = |time: TimeVal| {
        time.tv_sec() as f64 + f64::from(i32::try_from(time.tv_usec()).unwrap_or(0)) / 1e6
    };
    // Kibibytes, but on Apple's systems bytes.
    let unit = if cfg!(target_vendor = "apple") {
        1.0
    } else {
        1024.0
    };
    match getrusage(UsageWho::RUSAGE_CHILDREN) {
        Ok(usage) => (
            seconds(usage.user_time()) + seconds(usage.system_time()),
            usage.max_rss() as f64 * unit / 1e6,
        ),
        Err(_) => (0.0, 0.0),
    }
}

/// Elsewhere only the clock is known.
#[cfg(not(unix))]
fn taken() -> (f64, f64) {
    (0.0, 0.0)
}
