//! Who flies flights while callers go on.

use std::future::Future;
use std::pin::Pin;
use std::thread;

pub(super) use super::super::park::block_on;

/// Something to run to its end.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs tasks beside their callers.
pub trait Executor: Send + Sync + 'static {
    /// Runs the task, or gives it back.
    ///
    /// # Errors
    /// It cannot be run now; whoever needs what it brings runs it.
    fn spawn(&self, task: Task) -> Result<(), Task>;
}

/// The tokio runtime that the caller runs in, if it does.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ambient;

impl Executor for Ambient {
    #[cfg(feature = "reqwest")]
    fn spawn(&self, task: Task) -> Result<(), Task> {
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                drop(runtime.spawn(task));
                Ok(())
            }
            Err(_) => Err(task),
        }
    }

    #[cfg(not(feature = "reqwest"))]
    fn spawn(&self, task: Task) -> Result<(), Task> {
        Err(task)
    }
}

/// A thread for each task, for transports that block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OwnThread;

impl Executor for OwnThread {
    fn spawn(&self, task: Task) -> Result<(), Task> {
        // The task is put in once the thread is there, so that it is not lost with a thread that cannot start.
        let (give, take) = std::sync::mpsc::sync_channel::<Task>(1);
        let thread = thread::Builder::new().name("token".to_owned());
        match thread.spawn(move || take.recv().map(block_on)) {
            Ok(_) => give.send(task).map_err(|unsent| unsent.0),
            Err(_) => Err(task),
        }
    }
}
