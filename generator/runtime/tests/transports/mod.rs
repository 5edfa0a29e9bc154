//! The conformance kit: every transport that is ours, or that ours make of others, behind one interface.

pub mod ureq;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error as LegacyError};
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use specmint_runtime::transport::blocking::Blocking;
use specmint_runtime::transport::reqwest::Reqwest;
use specmint_runtime::transport::tower::{Tower, TransportService};
use specmint_runtime::{
    BlockingTransport, Body, Delivery, Download, Limits, Transport, TransportError,
    TransportErrorKind, Upload, http,
};
use tokio::runtime::{Builder, Runtime};

/// A transport, and what waits for it.
pub trait Subject {
    /// Sends a request and reads the whole response.
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError>;

    /// Sends a request, up to the head of its response.
    fn open(
        &self,
        request: http::Request<Upload>,
        limits: Limits,
    ) -> Result<http::Response<Download>, TransportError>;

    /// The next piece of a response.
    fn chunk(&self, download: &mut Download) -> Result<Option<Bytes>, TransportError>;
}

/// An asynchronous transport and a runtime.
pub struct Awaited(Runtime, Box<dyn Transport>);

impl Awaited {
    fn new(transport: impl Transport) -> Self {
        Self(tokio(), Box::new(transport))
    }
}

impl Subject for Awaited {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        self.0.block_on(self.1.send(request, limits))
    }

    fn open(
        &self,
        request: http::Request<Upload>,
        limits: Limits,
    ) -> Result<http::Response<Download>, TransportError> {
        self.0.block_on(self.1.stream(request, limits))
    }

    fn chunk(&self, download: &mut Download) -> Result<Option<Bytes>, TransportError> {
        self.0.block_on(download.chunk())
    }
}

/// A transport that blocks.
pub struct OnThread(Box<dyn BlockingTransport>);

impl Subject for OnThread {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        self.0.send(request, limits)
    }

    fn open(
        &self,
        request: http::Request<Upload>,
        limits: Limits,
    ) -> Result<http::Response<Download>, TransportError> {
        self.0.stream(request, limits)
    }

    fn chunk(&self, download: &mut Download) -> Result<Option<Bytes>, TransportError> {
        download.chunk_blocking()
    }
}

/// A runtime whose threads go on while a test does something else.
pub fn tokio() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// The asynchronous transport.
pub fn awaited() -> Awaited {
    Awaited::new(Reqwest::new())
}

/// The blocking transport.
pub fn blocking() -> OnThread {
    OnThread(Box::new(Blocking::new()))
}

/// A library that blocks.
pub fn of_ureq() -> OnThread {
    OnThread(Box::new(ureq::Ureq::new()))
}

/// The asynchronous transport as a service, and that as a transport again: what layers go around.
pub fn layered() -> Awaited {
    Awaited::new(Tower::new(TransportService::new(Reqwest::new())))
}

/// A tower service that nobody here wrote: hyper's client, which trusts no certificate.
pub fn hyper() -> Awaited {
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .build();
    let client: Client<HttpsConnector<HttpConnector>, Upload> =
        Client::builder(TokioExecutor::new()).build(connector);
    Awaited::new(Tower::new(client).meaning(meaning_of_hyper))
}

/// What errors of hyper mean where their chain has no error that speaks for itself.
fn meaning_of_hyper(error: &(dyn StdError + 'static)) -> Option<(TransportErrorKind, Delivery)> {
    let is_connect = error
        .downcast_ref::<LegacyError>()
        .is_some_and(LegacyError::is_connect);
    if is_connect {
        return Some((TransportErrorKind::Connect, Delivery::NotSent));
    }
    let is_hypers = |error: &(dyn StdError + 'static)| error.is::<::hyper::Error>();
    let found = is_hypers(error) || error.source().is_some_and(is_hypers);
    found.then_some((TransportErrorKind::Broken, Delivery::MaybeSent))
}

/// Limits with short times.
pub fn short() -> Limits {
    let mut limits = Limits::default();
    limits.timeout = Duration::from_millis(300);
    limits.idle_timeout = Duration::from_millis(300);
    limits
}

/// Fails unless it is this error.
#[track_caller]
pub fn check_error<T>(
    outcome: Result<T, TransportError>,
    kind: TransportErrorKind,
    delivery: Delivery,
) {
    let error = outcome.err().expect("no response");
    assert_eq!(
        (error.kind(), error.delivery()),
        (kind, delivery),
        "{error:?}"
    );
}

/// Tests that are run with each of some transports.
#[allow(unused_macros, reason = "not every test is run with each")]
macro_rules! each_transport {
    ([$($via:ident)*] $tests:tt) => {
        $(mod $via {
            use super::*;
            one_transport! { $via $tests }
        })*
    };
}

#[allow(unused_macros, reason = "not every test is run with each")]
macro_rules! one_transport {
    ($via:ident { $($name:ident($subject:ident) $body:block)* }) => {
        $(#[test] fn $name() { let $subject = transports::$via(); $body })*
    };
}
