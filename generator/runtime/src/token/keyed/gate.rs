//! What stands before a host: so many requests at a time, and none while it wants to be left alone.

use std::collections::HashMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_lock::{Semaphore, SemaphoreGuardArc};
use http::header::{HeaderValue, RETRY_AFTER};

use super::super::super::transport::{BlockingTransport, Limits, Pending, Transport};
use super::super::super::{Body, TransportError};
use super::super::read::retry_after;
use super::super::{Clock, Now, Timer};

/// The gates of all hosts.
pub(super) struct Gates {
    hosts: Mutex<Hosts>,
    at_a_time: usize,
    longest_rest: Duration,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
}

struct Hosts {
    by_name: HashMap<String, Arc<Host>>,
    /// At how many those are removed that nobody needs.
    sweep_at: usize,
}

struct Host {
    places: Arc<Semaphore>,
    /// Until when it wants to be left alone.
    rest: Mutex<Option<Now>>,
}

impl Host {
    fn rest(&self) -> MutexGuard<'_, Option<Now>> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long it is to be left alone.
    fn resting(&self, now: Now) -> Option<Duration> {
        let until = self.rest().filter(|until| !now.reached(*until))?;
        Some(until.mono.saturating_sub(now.mono))
    }
}

/// How many hosts are remembered before any are looked through.
const HOSTS: usize = 64;

impl Gates {
    pub(super) fn new(
        at_a_time: usize,
        longest_rest: Duration,
        clock: Arc<dyn Clock>,
        timer: Arc<dyn Timer>,
    ) -> Arc<Self> {
        let hosts = Hosts {
            by_name: HashMap::new(),
            sweep_at: HOSTS,
        };
        Arc::new(Self {
            hosts: Mutex::new(hosts),
            at_a_time: at_a_time.max(1),
            longest_rest,
            clock,
            timer,
        })
    }

    fn host(&self, request: &http::Request<Body>) -> Arc<Host> {
        let name = request.uri().authority().map_or("", |name| name.as_str());
        let now = self.clock.now();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.by_name.get(name) {
            return Arc::clone(host);
        }
        if hosts.by_name.len() >= hosts.sweep_at {
            let needed =
                |host: &Arc<Host>| Arc::strong_count(host) > 1 || host.resting(now).is_some();
            hosts.by_name.retain(|_, host| needed(host));
            hosts.sweep_at = (2 * hosts.by_name.len()).max(HOSTS);
        }
        let host = Arc::new(Host {
            places: Arc::new(Semaphore::new(self.at_a_time)),
            rest: Mutex::new(None),
        });
        hosts.by_name.insert(name.to_owned(), Arc::clone(&host));
        host
    }

    /// Notes whether the host wants to be left alone.
    fn note(&self, host: &Host, response: &http::Response<Body>) {
        if !matches!(response.status().as_u16(), 429 | 503) {
            return;
        }
        if let Some(time) = retry_after(response.headers()) {
            let until = self.clock.now().after(time.min(self.longest_rest));
            let mut rest = host.rest();
            if rest.is_none_or(|known| until.mono > known.mono) {
                *rest = Some(until);
            }
        }
    }

    /// A place at the host, if one is free before `patience` is over.
    async fn place(&self, host: &Host, patience: Duration) -> Option<SemaphoreGuardArc> {
        if let Some(place) = host.places.try_acquire_arc() {
            return Some(place);
        }
        let mut place = pin!(host.places.acquire_arc());
        let mut bell: Pin<Box<_>> = self.timer.sleep(patience);
        std::future::poll_fn(|cx| match place.as_mut().poll(cx) {
            Poll::Ready(place) => Poll::Ready(Some(place)),
            Poll::Pending => bell.as_mut().poll(cx).map(|()| None),
        })
        .await
    }
}

/// What the host would have answered, had it been asked: too many requests.
fn answer_for(time: Duration) -> http::Response<Body> {
    let seconds = time.as_secs().saturating_add(1);
    let mut response = http::Response::new(Body::empty());
    *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// How long a request waits for its turn before it is told to come again.
const COME_AGAIN: Duration = Duration::from_secs(1);

/// A transport behind the gates.
pub(super) struct Gated<T> {
    pub(super) gates: Arc<Gates>,
    pub(super) transport: T,
}

impl Transport for Gated<Arc<dyn Transport>> {
    fn send(&self, request: http::Request<Body>, mut limits: Limits) -> Pending<'_> {
        Box::pin(async move {
            let gates = &self.gates;
            let host = gates.host(&request);
            if let Some(time) = host.resting(gates.clock.now()) {
                return Ok(answer_for(time));
            }
            // Both the wait and the call keep within the limit that the caller reckons with.
            let began = gates.clock.now();
            let Some(_place) = gates.place(&host, limits.timeout / 2).await else {
                return Ok(answer_for(COME_AGAIN));
            };
            let now = gates.clock.now();
            if let Some(time) = host.resting(now) {
                return Ok(answer_for(time));
            }
            let waited = now.mono.saturating_sub(began.mono);
            limits.timeout = limits.timeout.saturating_sub(waited);
            let response = self.transport.send(request, limits).await?;
            gates.note(&host, &response);
            Ok(response)
        })
    }
}

impl BlockingTransport for Gated<Arc<dyn BlockingTransport>> {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        let host = self.gates.host(&request);
        let _place = host.places.acquire_arc_blocking();
        if let Some(time) = host.resting(self.gates.clock.now()) {
            return Ok(answer_for(time));
        }
        let response = self.transport.send(request, limits)?;
        self.gates.note(&host, &response);
        Ok(response)
    }
}
