//! Waiting: the one thing between requests that needs a runtime, and what makes many wait for different times.

use std::collections::hash_map::RandomState;
use std::future::Future;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Lets time pass without holding a thread.
pub trait Timer: Send + Sync + 'static {
    /// Ends after `time`, and not much later.
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// Returns after `time`, on the calling thread.
    fn sleep_blocking(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// Sleeps by the tokio runtime that polls, and where there is none, or no feature that brings tokio, on a thread for
/// each sleep.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemTimer;

impl Timer for SystemTimer {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            #[cfg(any(feature = "reqwest", feature = "redis"))]
            if tokio::runtime::Handle::try_current().is_ok() {
                return tokio::time::sleep(time).await;
            }
            // Where no thread can be had, no time passes: who waits looks again at once.
            drop(on_thread(move || std::thread::sleep(time)).await);
        })
    }
}

/// The result of a thread.
struct OnThread<T>(Arc<Mutex<Desk<T>>>);

/// What a thread and who waits for it share.
struct Desk<T> {
    result: Option<T>,
    waiting: Option<Waker>,
}

/// Starts a thread for one piece of work, which must not panic; waiting for it holds no other.
///
/// # Errors
/// There is no thread to be had.
pub(super) async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let desk = Arc::new(Mutex::new(Desk {
        result: None,
        waiting: None,
    }));
    let theirs = Arc::clone(&desk);
    let thread = std::thread::Builder::new().name("specmint".to_owned());
    thread.spawn(move || {
        let result = work();
        let mut desk = theirs.lock().unwrap_or_else(PoisonError::into_inner);
        desk.result = Some(result);
        if let Some(waker) = desk.waiting.take() {
            drop(desk);
            waker.wake();
        }
    })?;
    Ok(OnThread(desk).await)
}

impl<T> Future for OnThread<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match desk.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                desk.waiting = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// A number that nobody else has: 64 bits of the keys with which the standard library guards its maps.
pub(super) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Between a half and three halves of `time`.
pub(super) fn jittered(time: Duration) -> Duration {
    let share = (random() >> 32) as f64 / f64::from(u32::MAX);
    time.mul_f64(0.5 + share)
}
