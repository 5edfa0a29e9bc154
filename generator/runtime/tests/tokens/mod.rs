//! What the tests of token sources have in common: an endpoint, a server and a clock that do as they are told.
#![allow(dead_code, unreachable_pub, reason = "each test takes what it needs")]

pub mod bench;

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, UNIX_EPOCH};

use specmint_runtime::token::{
    Clock, Endpoint, Executor, Grant, Identity, Issued, Lifetime, Now, Refusal, Task,
    TokenErrorKind,
};
use specmint_runtime::transport::Pending;
use specmint_runtime::{
    BlockingTransport, Body, BuildError, Delivery, Limits, Secret, Transport, TransportError,
    TransportErrorKind, http,
};

/// Seconds.
pub const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A moment by both clocks, `seconds` after the tests begin.
pub fn at(seconds: f64) -> Now {
    let time = Duration::from_secs_f64(seconds);
    Now {
        mono: time,
        wall: Duration::from_secs(1_800_000_000) + time,
    }
}

/// A clock that stands still until it is set.
#[derive(Clone)]
pub struct HandClock(Arc<Mutex<Now>>);

impl Default for HandClock {
    fn default() -> Self {
        Self::new()
    }
}

impl HandClock {
    /// Some time after both clocks began.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(at(1000.0))))
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now.after(time);
    }

    /// The machine sleeps: only one clock goes on.
    pub fn suspend(&self, time: Duration) {
        self.0.lock().unwrap().wall += time;
    }

    /// Somebody sets the clock back.
    pub fn set_back(&self, time: Duration) {
        self.0.lock().unwrap().wall -= time;
    }
}

impl Clock for HandClock {
    fn now(&self) -> Now {
        *self.0.lock().unwrap()
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Does {
    /// Issues a token: its text, its lifetime in seconds, and a refresh token.
    Issues(&'static str, u64, Option<&'static str>),
    /// Issues a token that ends at the one moment, and says that it is the other, in seconds since 1970.
    IssuesUntil(&'static str, u64, u64),
    /// Refuses.
    Refuses(TokenErrorKind),
    /// Refuses, and wants to be left alone for so many seconds.
    RefusesFor(TokenErrorKind, u64),
    /// Takes the request and never answers it.
    Swallows,
    /// Cannot be reached.
    IsAway,
    /// Answers with success and a body that cannot be read.
    Mumbles,
    /// The transport panics.
    Panics,
}

/// What the server is and was asked; it is the transport as well.
#[derive(Clone, Default)]
pub struct Server(Arc<ServerState>);

#[derive(Default)]
struct ServerState {
    script: Mutex<VecDeque<Does>>,
    /// What each request presented: `initial`, or the refresh token.
    seen: Mutex<Vec<String>>,
    /// How often an answer is pending before it comes.
    delay: AtomicUsize,
    gate: Mutex<bool>,
    opened: Condvar,
    wakers: Mutex<Vec<Waker>>,
    closed_gate: AtomicBool,
}

impl Server {
    /// A server that does this, request by request.
    pub fn new(script: impl IntoIterator<Item = Does>) -> Self {
        let server = Self::default();
        server.0.script.lock().unwrap().extend(script);
        server
    }

    /// What it does with the next requests.
    pub fn then(&self, does: Does) {
        self.0.script.lock().unwrap().push_back(does);
    }

    /// Each answer takes so many polls.
    pub fn pending(&self, polls: usize) {
        self.0.delay.store(polls, Ordering::SeqCst);
    }

    /// No answer comes until the gate is opened.
    pub fn hold(&self) {
        self.0.closed_gate.store(true, Ordering::SeqCst);
    }

    /// Lets all answers out.
    pub fn open(&self) {
        self.0.closed_gate.store(false, Ordering::SeqCst);
        *self.0.gate.lock().unwrap() = true;
        self.0.opened.notify_all();
        for waker in self.0.wakers.lock().unwrap().drain(..) {
            waker.wake();
        }
    }

    /// What it was asked with, from the last time that this was called.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.seen.lock().unwrap())
    }

    /// Notes what it is asked with, and tells what it does.
    pub fn does(&self, presented: &str) -> Does {
        let does = self.0.script.lock().unwrap().pop_front();
        let does = does.unwrap_or_else(|| panic!("nobody expects `{presented}`"));
        if !matches!(does, Does::IsAway) {
            self.0.seen.lock().unwrap().push(presented.to_owned());
        }
        does
    }

    fn answer(
        &self,
        request: &http::Request<Body>,
    ) -> Result<http::Response<Body>, TransportError> {
        let does = self.does(std::str::from_utf8(request.body().as_bytes()).unwrap());
        let kind = match does {
            Does::IsAway => {
                return Err(TransportError::new(
                    TransportErrorKind::Connect,
                    Delivery::NotSent,
                ));
            }
            Does::Swallows => {
                return Err(TransportError::new(
                    TransportErrorKind::Timeout,
                    Delivery::MaybeSent,
                ));
            }
            Does::Panics => panic!("the transport panics"),
            other => other,
        };
        let mut response = http::Response::new(Body::empty());
        if let Does::IssuesUntil(_, _, now) = kind {
            let date = httpdate::fmt_http_date(UNIX_EPOCH + secs(now));
            response.headers_mut().insert("date", date.parse().unwrap());
        }
        response.extensions_mut().insert(kind);
        Ok(response)
    }
}

impl Transport for Server {
    fn send(&self, request: http::Request<Body>, _limits: Limits) -> Pending<'_> {
        let mut polls = self.0.delay.load(Ordering::SeqCst);
        Box::pin(std::future::poll_fn(move |cx| {
            if self.0.closed_gate.load(Ordering::SeqCst) {
                self.0.wakers.lock().unwrap().push(cx.waker().clone());
                return Poll::Pending;
            }
            if polls > 0 {
                polls -= 1;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(self.answer(&request))
        }))
    }
}

impl BlockingTransport for Server {
    fn send(
        &self,
        request: http::Request<Body>,
        _limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        let mut open = self.0.gate.lock().unwrap();
        while self.0.closed_gate.load(Ordering::SeqCst) && !*open {
            open = self.0.opened.wait(open).unwrap();
        }
        drop(open);
        self.answer(&request)
    }
}

/// An endpoint whose requests say what they present, and whose answers say what they are.
#[derive(Clone, Default)]
pub struct Plain {
    /// Whether the initial grant is good once only.
    pub once: bool,
    /// Whether it was told to forget what the initial grant needs.
    pub forgotten: Arc<AtomicBool>,
}

impl Endpoint for Plain {
    fn request(&self, grant: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
        let presented = match grant {
            Grant::Initial => "initial".to_owned(),
            Grant::Refresh(token) => token.expose().to_owned(),
        };
        Ok(http::Request::new(Body::from(presented)))
    }

    fn read(&self, _: Grant<'_>, response: &http::Response<Body>) -> Result<Issued, Refusal> {
        let refusal = |kind| Err(Refusal::new(kind));
        match response.extensions().get::<Does>().unwrap() {
            Does::Issues(token, lifetime, refresh_token) => {
                let mut issued = Issued::new(*token);
                issued.lifetime = Lifetime::In(secs(*lifetime));
                issued.refresh_token = refresh_token.map(Secret::from);
                Ok(issued)
            }
            Does::IssuesUntil(token, end, _) => {
                let mut issued = Issued::new(*token);
                issued.lifetime = Lifetime::At(secs(*end));
                Ok(issued)
            }
            Does::Refuses(kind) => refusal(*kind),
            Does::RefusesFor(kind, seconds) => {
                let mut refusal = Refusal::new(*kind);
                refusal.retry_after = Some(secs(*seconds));
                Err(refusal)
            }
            Does::Mumbles => {
                let mut refusal = Refusal::new(TokenErrorKind::Malformed);
                refusal.status = Some(200);
                Err(refusal)
            }
            other => panic!("{other:?} is no answer"),
        }
    }

    fn revocation(
        &self,
        access_token: Option<&Secret>,
        refresh_token: Option<&Secret>,
    ) -> Result<Vec<http::Request<Body>>, BuildError> {
        let tokens = refresh_token.into_iter().chain(access_token);
        let revoke = |token: &Secret| Body::from(format!("revoke {}", token.expose()));
        Ok(tokens
            .map(|token| http::Request::new(revoke(token)))
            .collect())
    }

    fn repeats(&self) -> bool {
        !self.once
    }

    fn forget(&self) {
        self.forgotten.store(true, Ordering::SeqCst);
    }

    fn identify(&self, identity: &mut Identity) {
        identity.part("endpoint", "plain");
    }
}

/// Keeps tasks until it is told to run them.
#[derive(Clone, Default)]
pub struct Later(Arc<Mutex<Vec<Task>>>);

impl Later {
    /// Polls each task once, and drops those that are done.
    pub fn step(&self) {
        let mut tasks = std::mem::take(&mut *self.0.lock().unwrap());
        tasks.retain_mut(|task| poll_once(task.as_mut()).is_pending());
        self.0.lock().unwrap().append(&mut tasks);
    }

    /// Polls until nothing is left.
    pub fn run(&self) {
        while self.tasks() > 0 {
            self.step();
        }
    }

    /// How many tasks there are.
    pub fn tasks(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// The runtime ends, and all that runs in it with it.
    pub fn shut_down(&self) {
        self.0.lock().unwrap().clear();
    }
}

impl Executor for Later {
    fn spawn(&self, task: Task) -> Result<(), Task> {
        self.0.lock().unwrap().push(task);
        Ok(())
    }
}

/// Runs nothing.
pub struct Nowhere;

impl Executor for Nowhere {
    fn spawn(&self, task: Task) -> Result<(), Task> {
        Err(task)
    }
}

/// Polls with a waker that does nothing.
pub fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// A waker that counts.
#[derive(Default)]
pub struct Rings(AtomicUsize);

impl Rings {
    /// How often it was woken.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Rings {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Polls until it is done, without waiting.
pub fn finish<F: Future>(future: F) -> F::Output {
    let mut future = Box::pin(future);
    for _ in 0..10_000 {
        if let Poll::Ready(output) = poll_once(future.as_mut()) {
            return output;
        }
    }
    panic!("it never ends");
}
