//! Transports: what carries a request to a server and its response back.
//!
//! A transport sends what it is given, once: it follows no redirect, keeps no cookie, asks no proxy that
//! its maker did not name, tries nothing again after a byte was sent, and verifies certificates. It reads
//! no more than [`Limits::max_response_bytes`] of a body, and gives up after [`Limits::timeout`].

#[cfg(feature = "blocking")]
pub mod blocking;
pub mod memory;
#[cfg(feature = "reqwest")]
pub mod reqwest;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::{Body, TransportError};

/// What a transport's answer comes in.
pub type Pending<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'a>>;

/// How long a call may take and how long its response may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// From the start of connecting to the last byte of the body.
    pub timeout: Duration,
    /// For connecting and the TLS handshake.
    pub connect_timeout: Duration,
    /// The longest body, in bytes after any decompression.
    pub max_response_bytes: usize,
}

impl Default for Limits {
    /// 30 seconds, 10 of them for connecting, and 32 MiB.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_response_bytes: 32 << 20,
        }
    }
}

/// Carries requests without blocking. The module's documentation says what it owes.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and reads the whole response.
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Pending<'_>;
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
}
