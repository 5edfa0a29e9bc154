//! What the tests of calls have in common: operations, a server that answers by a list, and a clock of its own.
#![allow(dead_code, unreachable_pub, reason = "each test takes what it needs")]

use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use specmint_runtime::transport::Pending;
use specmint_runtime::{
    ApiSpec, BlockingTransport, Body, Clock, Core, CoreBuilder, Delivery, Limits, Now,
    OperationSpec, ServerSpec, Timer, Transport, TransportError, TransportErrorKind, http,
};

pub static API: ApiSpec = ApiSpec {
    name: "api",
    servers: &[ServerSpec {
        url: "https://x.example",
        variables: &[],
    }],
    schemes: &[],
    carrier: None,
};

/// An operation without security.
pub const fn operation(method: &'static str, path: &'static str) -> OperationSpec {
    OperationSpec {
        id: "operation",
        method,
        path,
        request_types: &["application/json"],
        response_types: &[],
        security: &[],
        scopes: &[],
        servers: &[],
        token: None,
    }
}

/// What comes of one attempt.
#[derive(Clone, Debug)]
pub enum Answer {
    Response(u16, Vec<(&'static str, String)>, String),
    Failure(TransportErrorKind, Delivery),
}

/// An answer without a body.
pub fn status(status: u16) -> Answer {
    Answer::Response(status, Vec::new(), String::new())
}

/// A successful answer.
pub fn json(body: impl Into<String>) -> Answer {
    Answer::Response(200, Vec::new(), body.into())
}

/// No answer.
pub fn fails(kind: TransportErrorKind, delivery: Delivery) -> Answer {
    Answer::Failure(kind, delivery)
}

impl Answer {
    /// With a header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        match &mut self {
            Self::Response(_, headers, _) => headers.push((name, value.into())),
            Self::Failure(..) => panic!("no answer has no header"),
        }
        self
    }

    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Response(status, ..) => Some(*status),
            Self::Failure(..) => None,
        }
    }

    fn give(self) -> Result<http::Response<Body>, TransportError> {
        match self {
            Self::Response(status, headers, body) => {
                let mut response = http::Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                Ok(response.body(Body::from(body)).unwrap())
            }
            Self::Failure(kind, delivery) => Err(TransportError::new(kind, delivery)),
        }
    }
}

/// A server that answers by a list, in turn, and with 200 once that is at its end. It keeps what it was asked.
#[derive(Clone)]
pub struct Script(Arc<Mutex<Played>>);

struct Played {
    answers: VecDeque<Answer>,
    seen: Vec<(http::Request<Body>, Limits)>,
}

impl Script {
    pub fn new(answers: &[Answer]) -> Self {
        Self(Arc::new(Mutex::new(Played {
            answers: answers.iter().cloned().collect(),
            seen: Vec::new(),
        })))
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<http::Request<Body>> {
        let played = self.0.lock().unwrap();
        played
            .seen
            .iter()
            .map(|(request, _)| request.clone())
            .collect()
    }

    /// The URLs that were asked so far.
    pub fn urls(&self) -> Vec<String> {
        let seen = self.seen();
        seen.iter()
            .map(|request| request.uri().to_string())
            .collect()
    }

    /// The limits of the requests so far.
    pub fn limits(&self) -> Vec<Limits> {
        let played = self.0.lock().unwrap();
        played.seen.iter().map(|(_, limits)| *limits).collect()
    }

    fn answer(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        let mut played = self.0.lock().unwrap();
        played.seen.push((request, limits));
        let answer = played.answers.pop_front();
        answer.unwrap_or_else(|| status(200)).give()
    }
}

impl Transport for Script {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Pending<'_> {
        Box::pin(std::future::ready(self.answer(request, limits)))
    }
}

impl BlockingTransport for Script {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        self.answer(request, limits)
    }
}

/// A client of [`API`] that asks this server both ways.
pub fn builder(script: &Script) -> CoreBuilder {
    CoreBuilder::new(&API)
        .transport(script.clone())
        .blocking_transport(script.clone())
}

pub fn client(script: &Script) -> Core {
    builder(script).build().unwrap()
}

/// A clock and a timer in one: time passes by waiting, at once.
#[derive(Clone, Default)]
pub struct Times(Arc<Mutex<Vec<Duration>>>);

impl Times {
    /// How long was waited, each time.
    pub fn waits(&self) -> Vec<Duration> {
        self.0.lock().unwrap().clone()
    }
}

impl Timer for Times {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.sleep_blocking(time);
        Box::pin(std::future::ready(()))
    }

    fn sleep_blocking(&self, time: Duration) {
        self.0.lock().unwrap().push(time);
    }
}

impl Clock for Times {
    fn now(&self) -> Now {
        let mono = self.0.lock().unwrap().iter().sum();
        Now { mono, wall: mono }
    }
}

/// Waits for a future on this thread, without any runtime.
pub fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(outcome) => return outcome,
            Poll::Pending => thread::park(),
        }
    }
}
