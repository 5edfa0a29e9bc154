//! Threads with room for the deepest document.

use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The stack of each thread, in bytes; what is not used of it costs nothing. Reading the typed form takes some 20 KiB
/// for each of the 128 levels that a document may have, and half as much again for the copies in it; and a thread
/// that waits for others begins with other work on top of its own.
const STACK: usize = 64 << 20;

/// Runs `work`, and all that it does in parallel, on threads of ours, one for each core, however small the stack of
/// the caller is.
pub(crate) fn run<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    static THREADS: OnceLock<ThreadPool> = OnceLock::new();
    let threads = THREADS.get_or_init(|| {
        let threads = ThreadPoolBuilder::new().stack_size(STACK).build();
        threads.expect("threads can be started")
    });
    threads.install(work)
}
