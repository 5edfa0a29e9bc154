//! Tower: layers around a client's transport, services as transports, transports as services.
#![cfg(all(feature = "blocking", feature = "tower"))]

mod calls;
pub mod peer;

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use calls::{API, operation};
use peer::{Answer, Peer};
use specmint_runtime::transport::blocking::Blocking;
use specmint_runtime::transport::memory::Memory;
use specmint_runtime::transport::reqwest::Reqwest;
use specmint_runtime::transport::tower::{Service, Tower, TransportService};
use specmint_runtime::{
    Body, BuildErrorKind, Call, CoreBuilder, Delivery, Download, Error, Limits, OperationSpec,
    Transport, TransportErrorKind, Upload, http,
};
use tower::layer::layer_fn;
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower::{ServiceBuilder, ServiceExt as _};

static READ: OperationSpec = operation("GET", "/things");
static WRITE: OperationSpec = operation("POST", "/things");

/// What layers have noted, in order.
type Notes = Arc<Mutex<Vec<String>>>;

/// Notes its name and the operation of each request.
#[derive(Clone)]
struct Noting<S> {
    name: &'static str,
    notes: Notes,
    inner: S,
}

impl<S: Service<http::Request<Upload>>> Service<http::Request<Upload>> for Noting<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: http::Request<Upload>) -> S::Future {
        let operation = request.extensions().get::<&'static OperationSpec>();
        let path = operation.map_or("none", |operation| operation.path);
        let noted = format!("{} {path}", self.name);
        self.notes.lock().unwrap().push(noted);
        let name = http::HeaderValue::from_static(self.name);
        request.headers_mut().append("x-layer", name);
        self.inner.call(request)
    }
}

fn noting(
    name: &'static str,
    notes: &Notes,
) -> impl tower::Layer<TransportService, Service = Noting<TransportService>> {
    let notes = Arc::clone(notes);
    layer_fn(move |inner| Noting {
        name,
        notes: Arc::clone(&notes),
        inner,
    })
}

fn tokio() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Answers with the layers that a request went through.
fn echo() -> Memory {
    Memory::new(|request| {
        let layers = request.headers().get_all("x-layer");
        let layers: Vec<_> = layers.iter().map(|name| name.to_str().unwrap()).collect();
        Ok(http::Response::new(Body::from(layers.join(" "))))
    })
}

#[tokio::test]
async fn layers_see_each_request_and_its_operation_the_last_one_first() {
    let notes = Notes::default();
    let core = CoreBuilder::new(&API)
        .transport(echo())
        .layer(noting("inner", &notes))
        .layer(noting("outer", &notes))
        .build()
        .unwrap();
    let response = Call::new(&core, &READ).execute().await.unwrap();
    assert_eq!(response.body().as_bytes(), b"outer inner");
    assert_eq!(*notes.lock().unwrap(), ["outer /things", "inner /things"]);
}

#[test]
fn layers_go_around_blocking_calls_too() {
    let peer = Peer::json("{}");
    let notes = Notes::default();
    let core = CoreBuilder::new(&API)
        .base_url(&peer.url(""))
        .unwrap()
        .layer(noting("inner", &notes))
        .layer(noting("outer", &notes))
        .build()
        .unwrap();
    let mut call = Call::new(&core, &WRITE);
    call.upload_body(Upload::from_read(std::io::Cursor::new("body")));
    assert_eq!(call.execute_blocking().unwrap().body().as_bytes(), b"{}");
    let response = Call::new(&core, &READ).execute_stream_blocking();
    let body = response.unwrap().into_body().gather_blocking(9).unwrap();
    assert_eq!(body.as_bytes(), b"{}");
    tokio().block_on(Call::new(&core, &READ).execute()).unwrap();
    let expected = ["outer /things", "inner /things"].repeat(3);
    assert_eq!(*notes.lock().unwrap(), expected);
    for seen in peer.seen() {
        assert!(
            seen.contains("x-layer: outer\r\nx-layer: inner\r\n"),
            "{seen}"
        );
    }
}

#[test]
fn no_transport_goes_past_layers() {
    let notes = Notes::default();
    let layered = || CoreBuilder::new(&API).layer(noting("layer", &notes));
    let before = CoreBuilder::new(&API)
        .blocking_transport(echo())
        .layer(noting("layer", &notes));
    let replaced = layered().transport(echo());
    for builder in [layered().blocking_transport(echo()), before, replaced] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), BuildErrorKind::NoTransport);
    }
    // One that drives layers of its own makes no trouble with an asynchronous transport that has none.
    let driven = Blocking::over(Tower::new(TransportService::new(Reqwest::new())));
    assert!(
        CoreBuilder::new(&API)
            .blocking_transport(driven)
            .build()
            .is_ok()
    );
}

#[tokio::test]
async fn layers_of_tower_itself_fit() {
    let peer = Peer::start(Answer::Stall(Vec::new()));
    let layers = ServiceBuilder::new()
        .layer(TimeoutLayer::new(Duration::from_millis(50)))
        .layer(ConcurrencyLimitLayer::new(1))
        .into_inner();
    let core = CoreBuilder::new(&API)
        .base_url(&peer.url(""))
        .unwrap()
        .layer(layers)
        .build()
        .unwrap();
    let Error::Transport(error) = Call::new(&core, &READ).execute().await.unwrap_err() else {
        panic!("no response comes");
    };
    assert_eq!(
        (error.kind(), error.delivery()),
        (TransportErrorKind::Other, Delivery::MaybeSent)
    );
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.is::<tower::timeout::error::Elapsed>());
}

#[tokio::test]
async fn errors_of_the_transport_come_through_layers_as_they_are() {
    let notes = Notes::default();
    let core = CoreBuilder::new(&API)
        .base_url("http://127.0.0.1:1")
        .unwrap()
        .layer(noting("layer", &notes))
        .build()
        .unwrap();
    let Error::Transport(error) = Call::new(&core, &READ).execute().await.unwrap_err() else {
        panic!("nothing listens");
    };
    assert_eq!(
        (error.kind(), error.delivery()),
        (TransportErrorKind::Connect, Delivery::NotSent)
    );
}

#[tokio::test]
async fn limits_of_a_call_are_kept_and_told() {
    let peer = Peer::start(Answer::Stall(Vec::new()));
    let told: Arc<Mutex<Vec<Limits>>> = Arc::default();
    let keep = Arc::clone(&told);
    let looking = layer_fn(move |inner: TransportService| {
        let keep = Arc::clone(&keep);
        inner.map_request(move |request: http::Request<Upload>| {
            keep.lock()
                .unwrap()
                .extend(request.extensions().get::<Limits>());
            request
        })
    });
    let core = CoreBuilder::new(&API)
        .base_url(&peer.url(""))
        .unwrap()
        .layer(looking)
        .build()
        .unwrap();
    let mut call = Call::new(&core, &READ);
    call.timeout(Duration::from_millis(100));
    let Error::Transport(error) = call.execute().await.unwrap_err() else {
        panic!("no response comes");
    };
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert_eq!(told.lock().unwrap()[0].timeout, Duration::from_millis(100));
}

/// Answers each request with its own body.
#[derive(Clone)]
struct Mirror;

impl Service<http::Request<Upload>> for Mirror {
    type Response = http::Response<Upload>;
    type Error = Infallible;
    type Future = Ready<Result<http::Response<Upload>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Upload>) -> Self::Future {
        ready(Ok(http::Response::new(request.into_body())))
    }
}

#[tokio::test]
async fn any_service_is_a_transport() {
    let core = CoreBuilder::new(&API)
        .transport(Tower::new(Mirror))
        .max_response_bytes(4)
        .build()
        .unwrap();
    let call = |body: &'static str| {
        let mut call = Call::new(&core, &WRITE);
        call.upload_body(body);
        call
    };
    let response = call("body").execute().await.unwrap();
    assert_eq!(response.body().as_bytes(), b"body");
    let mut download = call("a body").execute_stream().await.unwrap().into_body();
    assert_eq!(download.chunk().await.unwrap().unwrap(), "a body");
    let Error::Transport(error) = call("a body").execute().await.unwrap_err() else {
        panic!("the body is too long");
    };
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[tokio::test]
async fn any_transport_is_a_service() {
    let service = TransportService::new(echo());
    let request = http::Request::get("http://x.example/").header("x-layer", "none");
    let response: http::Response<Download> = service
        .oneshot(request.body(Upload::default()).unwrap())
        .await
        .unwrap();
    let body = response.into_body().gather(9).await.unwrap();
    assert_eq!(body.as_bytes(), b"none");
}

#[test]
fn transports_of_services_can_be_shared() {
    fn check<T: Send + Sync + 'static>(_: T) {}
    check(Tower::new(Mirror));
    check(TransportService::new(echo()));
    check(Box::new(Tower::new(Mirror)) as Box<dyn Transport>);
}
