//! Sources at rest, of which there may be a million: see [`Rest`].

use std::sync::Arc;

use super::super::Endpoint;
use super::super::custody::Custody;
use super::super::machine::Rest;
use super::{Settings, TokenSource};

impl TokenSource {
    /// What it takes to make this source again, if nobody else has it and nothing goes on.
    pub(in super::super) fn rest(&self) -> Option<Rest> {
        if self.is_shared() {
            return None;
        }
        let ground = self.inner().lock();
        if ground.flight.is_some() || !ground.leftovers.is_empty() {
            return None;
        }
        ground.machine.rest()
    }

    /// Whether somebody else has it.
    pub(in super::super) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// Whether it asks the endpoint just now.
    pub(in super::super) fn is_in_flight(&self) -> bool {
        self.inner().lock().flight.is_some()
    }

    /// Makes a source that goes on where another rested.
    pub(in super::super) fn resume(
        settings: Arc<Settings>,
        endpoint: Box<dyn Endpoint>,
        custody: Option<Arc<dyn Custody>>,
        rest: Rest,
    ) -> Self {
        let source = Self::with_settings(settings, endpoint, custody);
        let inner = source.inner();
        let mut ground = inner.lock();
        ground.machine.resume(rest);
        inner.show(&ground);
        drop(ground);
        source
    }
}
