//! What time it is, by two clocks: one that never steps, and one that goes on while the machine sleeps.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A moment by two clocks. A token has run out when either of them says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Since some moment in the past, by a clock that is never set; it may stand still while the machine sleeps.
    pub mono: Duration,
    /// Since 1970-01-01T00:00:00Z, by a clock that may be set forwards and backwards.
    pub wall: Duration,
}

impl Now {
    /// The moment `by` later on both clocks.
    #[must_use]
    pub fn after(self, by: Duration) -> Self {
        Self {
            mono: self.mono.saturating_add(by),
            wall: self.wall.saturating_add(by),
        }
    }

    /// The moment `by` earlier on both clocks, as far as they go back.
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        Self {
            mono: self.mono.saturating_sub(by),
            wall: self.wall.saturating_sub(by),
        }
    }

    /// Whether either clock has come to `at`.
    #[must_use]
    pub fn reached(self, at: Self) -> bool {
        self.mono >= at.mono || self.wall >= at.wall
    }
}

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// What time it is.
    fn now(&self) -> Now;

    /// [`Now::mono`] alone, where it is cheaper to read one clock.
    fn mono(&self) -> Duration {
        self.now().mono
    }
}

/// The machine's own clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Now {
        Now {
            mono: self.mono(),
            // Before 1970 the clock is not set; such a wall clock never says that a token lives longer.
            wall: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }

    fn mono(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}
