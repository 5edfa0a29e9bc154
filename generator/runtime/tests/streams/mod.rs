//! A client without a network whose responses come in pieces, by a script, and calls of it as the generator writes
//! them.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use runtime::bytes::Bytes;
use runtime::transport::PendingStream;
use runtime::{
    ApiSpec, Backoff, Body, Call, CoreBuilder, DecodeError, Delivery, Download, Error, Event,
    Limits, Operation, OperationSpec, Reconnect, Reply, ServerSpec, Timer, Transport,
    TransportError, TransportErrorKind, Upload, Value, http,
};
use specmint_runtime as runtime;

static API: ApiSpec = ApiSpec {
    name: "api",
    servers: &[ServerSpec {
        url: "https://x.example",
        variables: &[],
    }],
    schemes: &[],
    carrier: None,
};

static SPEC: OperationSpec = OperationSpec {
    id: "watch",
    method: "GET",
    path: "/",
    request_types: &[],
    response_types: &["application/json"],
    security: &[],
    scopes: &[],
    servers: &[],
    token: None,
};

/// Calls as the generator writes them.
macro_rules! call {
    ($name:ident, $macro:ident!($($of:tt)*)) => {
        /// A call.
        pub struct $name {
            /// What is sent.
            pub call: Call,
        }

        impl Operation for $name {
            type Output = Value;
            type Failure = Option<Value>;
            fn success(reply: &Reply) -> Result<Value, DecodeError> {
                reply.json()
            }
            fn failure(reply: &Reply) -> Result<Self::Failure, DecodeError> {
                reply.json().map(Some)
            }
            fn other() -> Self::Failure {
                None
            }
        }

        runtime::operation!($name);
        runtime::$macro!($($of)*);
    };
}

/// What events hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// How many.
    pub n: i64,
}
runtime::record!(Tick { "n" => n: required } ..);

/// An event with its fields, as OpenAPI 3.2 describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    /// Its name.
    pub event: Option<String>,
    /// Its identifier.
    pub id: Option<String>,
    /// What it holds.
    pub data: Tick,
}
runtime::record!(Fields { "event" => event: optional, "id" => id: optional, "data" => data: required } ..);

call!(Texts, event_operation!(Texts: Text String));
call!(Ticks, event_operation!(Ticks: Json Tick));
call!(Whole, event_operation!(Whole: Fields Fields));
call!(Lines, record_operation!(Lines: "application/jsonl" Tick));
call!(File, download_operation!(File));

/// A response: its status, its media type, its pieces; at the end the connection closes or breaks.
#[derive(Clone)]
pub struct Answer(
    pub u16,
    pub &'static str,
    pub Vec<Vec<u8>>,
    pub Option<TransportErrorKind>,
);

/// A response of this text, which ends.
pub fn events(text: &str) -> Answer {
    Answer(
        200,
        "text/event-stream",
        vec![text.as_bytes().to_vec()],
        None,
    )
}

/// A response of this text, which breaks.
pub fn broken(text: &str) -> Answer {
    Answer(
        200,
        "text/event-stream",
        vec![text.as_bytes().to_vec()],
        Some(TransportErrorKind::Broken),
    )
}

struct Pieces(VecDeque<Result<Bytes, TransportError>>);

impl futures_core::Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front())
    }
}

/// Answers in turn, and keeps the headers of requests.
#[derive(Clone, Default)]
pub struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    seen: Arc<Mutex<Vec<http::HeaderMap>>>,
}

impl Script {
    /// Answers in this order, and then not at all.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let script = Self::default();
        script.answers.lock().unwrap().extend(answers);
        script
    }

    /// A call of a client with this script for both transports.
    pub fn call(&self) -> Call {
        let client = CoreBuilder::new(&API)
            .max_response_bytes(64)
            .transport(self.clone())
            .blocking_transport(self.clone());
        Call::new(&client.build().unwrap(), &SPEC)
    }

    /// The next answer.
    pub fn answer(
        &self,
        headers: http::HeaderMap,
    ) -> Result<http::Response<Download>, TransportError> {
        self.seen.lock().unwrap().push(headers);
        let Some(Answer(status, media_type, pieces, end)) =
            self.answers.lock().unwrap().pop_front()
        else {
            return Err(TransportError::new(
                TransportErrorKind::Connect,
                Delivery::NotSent,
            ));
        };
        let mut pieces: VecDeque<_> = pieces
            .into_iter()
            .map(|piece| Ok(Bytes::from(piece)))
            .collect();
        pieces.extend(end.map(|kind| Err(TransportError::new(kind, Delivery::MaybeSent))));
        let response = http::Response::builder()
            .status(status)
            .header("content-type", media_type);
        Ok(response
            .body(Download::from_stream(Pieces(pieces)))
            .unwrap())
    }

    /// The values of a header in the requests so far.
    pub fn seen(&self, name: &str) -> Vec<Option<String>> {
        let seen = self.seen.lock().unwrap();
        let text = |headers: &http::HeaderMap| {
            headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        seen.iter().map(text).collect()
    }
}

impl Transport for Script {
    fn send(&self, _: http::Request<Body>, _: Limits) -> runtime::transport::Pending<'_> {
        panic!("all is streamed")
    }

    fn stream(&self, request: http::Request<Upload>, _: Limits) -> PendingStream<'_> {
        Box::pin(std::future::ready(self.answer(request.headers().clone())))
    }
}

impl runtime::BlockingTransport for Script {
    fn send(
        &self,
        _: http::Request<Body>,
        _: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        panic!("all is streamed")
    }

    fn stream(
        &self,
        request: http::Request<Upload>,
        _: Limits,
    ) -> Result<http::Response<Download>, TransportError> {
        self.answer(request.headers().clone())
    }
}

/// Lets no time pass, and remembers how much should have.
#[derive(Clone, Default)]
pub struct Waits(pub Arc<Mutex<Vec<u64>>>);

impl Timer for Waits {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.lock().unwrap().push(time.as_millis() as u64);
        Box::pin(std::future::ready(()))
    }

    fn sleep_blocking(&self, time: Duration) {
        self.0.lock().unwrap().push(time.as_millis() as u64);
    }
}

/// Asking again by a clock without time.
pub fn again(waits: &Waits, attempts: u32) -> Reconnect {
    let wait = Backoff {
        first: Duration::from_millis(100),
        most: Duration::from_millis(1000),
    };
    Reconnect::default()
        .attempts(attempts)
        .wait(wait)
        .timer(waits.clone())
}

/// What came, in words that a table can hold: `name#id=data`, or what went wrong.
pub fn word<T: std::fmt::Debug>(item: Result<Event<T>, Error<Option<Value>>>) -> String {
    match item {
        Ok(event) => format!("{}#{}={:?}", event.event, event.id, event.data),
        Err(error) => wrong(&error),
    }
}

/// What went wrong, in words that a table can hold.
pub fn wrong(error: &Error<Option<Value>>) -> String {
    match error {
        Error::Api(error) => format!("Api {}", error.status().as_u16()),
        Error::Decode(failure) => format!(
            "Decode {} {:?}",
            failure.path(),
            String::from_utf8_lossy(failure.raw().body().as_bytes())
        ),
        Error::Transport(error) => format!("Transport {:?}", error.kind()),
        error => format!("{error:?}"),
    }
}
