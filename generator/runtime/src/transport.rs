//! Transports: what carries a request to a server and its response back.
//!
//! A transport sends what it is given, once: it follows no redirect, keeps no cookie, asks no proxy that
//! its maker did not name, tries nothing again after a byte was sent, and verifies certificates. It reads
//! no more than [`Limits::max_response_bytes`] of a body, and gives up after [`Limits::timeout`].
//!
//! What is streamed is not held to the one or the other: it may be as long as it likes and take as long as
//! it likes, as long as it goes on. `timeout` then counts up to the head of the response and anew from each piece
//! of the body that was sent, and [`Limits::idle_timeout`] between the pieces of the response.

#[cfg(feature = "blocking")]
pub mod blocking;
pub mod memory;
#[cfg(any(feature = "reqwest", feature = "tower"))]
mod pieces;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(feature = "tower")]
pub mod tower;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::park::block_on;
use super::{Body, Delivery, Download, TransportError, TransportErrorKind, Upload};

/// What a transport's answer comes in.
pub type Pending<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'a>>;

/// What a transport's answer comes in when its body is read piece by piece.
pub type PendingStream<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Download>, TransportError>> + Send + 'a>>;

/// How much of an upload is gathered for a transport that sends bodies whole.
const GATHERED: usize = 64 << 20;

/// How long a call may take and how long its response may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// From the start of connecting to the last byte of the body.
    pub timeout: Duration,
    /// For connecting and the TLS handshake.
    pub connect_timeout: Duration,
    /// How long a streamed response may be without a new piece.
    pub idle_timeout: Duration,
    /// The longest body, in bytes after any decompression.
    pub max_response_bytes: usize,
}

impl Default for Limits {
    /// 30 seconds, 10 of them for connecting, 60 between pieces, and 32 MiB.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            max_response_bytes: 32 << 20,
        }
    }
}

/// Carries requests without blocking. The module's documentation says what it owes.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and reads the whole response.
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Pending<'_>;

    /// Sends the body piece by piece, and hands the response over when its head is there.
    ///
    /// A transport that does not say how gathers the body, up to 64 MiB of it, and hands the whole response over as
    /// one piece.
    fn stream(&self, request: http::Request<Upload>, limits: Limits) -> PendingStream<'_> {
        Box::pin(async move {
            let (head, upload) = request.into_parts();
            let body = upload.gather(GATHERED).await.map_err(unsent)?;
            let request = http::Request::from_parts(head, body);
            Ok(self.send(request, limits).await?.map(Download::from))
        })
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Pending<'_> {
        (**self).send(request, limits)
    }

    fn stream(&self, request: http::Request<Upload>, limits: Limits) -> PendingStream<'_> {
        (**self).stream(request, limits)
    }
}

/// Carries requests on the calling thread. The module's documentation says what it owes.
pub trait BlockingTransport: Send + Sync + 'static {
    /// Sends the request and reads the whole response.
    ///
    /// # Errors
    /// No whole response came.
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError>;

    /// Sends the body piece by piece, and hands the response over when its head is there.
    ///
    /// A transport that does not say how gathers the body, up to 64 MiB of it, and hands the whole response over as
    /// one piece.
    ///
    /// # Errors
    /// No head of a response came.
    fn stream(
        &self,
        request: http::Request<Upload>,
        limits: Limits,
    ) -> Result<http::Response<Download>, TransportError> {
        let (head, upload) = request.into_parts();
        let body = block_on(upload.gather(GATHERED)).map_err(unsent)?;
        let request = http::Request::from_parts(head, body);
        Ok(self.send(request, limits)?.map(Download::from))
    }
}

impl<T: BlockingTransport + ?Sized> BlockingTransport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        (**self).send(request, limits)
    }

    fn stream(
        &self,
        request: http::Request<Upload>,
        limits: Limits,
    ) -> Result<http::Response<Download>, TransportError> {
        (**self).stream(request, limits)
    }
}

/// A body that could not be read before anything was sent.
fn unsent(error: super::UploadError) -> TransportError {
    TransportError::new(TransportErrorKind::Upload, Delivery::NotSent).with_source(error)
}
