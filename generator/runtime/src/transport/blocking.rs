//! The blocking transport: the asynchronous one, driven on the calling thread.
//!
//! It is not another HTTP library, because those that block (ureq 3) write the bytes of each request to the
//! log at level trace, credentials and all, and cannot be told not to.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use super::super::error::{Delivery, TransportErrorKind};
use super::super::{Body, TransportError};
use super::reqwest::Reqwest;
use super::{BlockingTransport, Limits, Transport as _};

/// Sends requests on the calling thread, with or without a runtime around it.
pub struct Blocking {
    transport: Reqwest,
    runtime: OnceLock<Runtime>,
}

impl Blocking {
    /// Makes a transport. The certificates are loaded with the first request.
    pub fn new() -> Self {
        Self::with_client(Reqwest::new())
    }

    /// Takes an asynchronous transport with settings of the caller's.
    pub fn with_client(transport: Reqwest) -> Self {
        Self {
            transport,
            runtime: OnceLock::new(),
        }
    }

    fn runtime(&self) -> Result<&Runtime, TransportError> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                TransportError::new(TransportErrorKind::Other, Delivery::NotSent).with_source(error)
            })?;
        Ok(self.runtime.get_or_init(|| runtime))
    }
}

impl Default for Blocking {
    fn default() -> Self {
        Self::new()
    }
}

impl BlockingTransport for Blocking {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        let runtime = self.runtime()?;
        let exchange = self.transport.send(request, limits);
        if Handle::try_current().is_err() {
            return runtime.block_on(exchange);
        }
        // A thread that drives a runtime cannot drive a second one.
        std::thread::scope(|scope| {
            let joined = scope.spawn(|| runtime.block_on(exchange)).join();
            joined.unwrap_or_else(|_| {
                Err(TransportError::new(
                    TransportErrorKind::Other,
                    Delivery::MaybeSent,
                ))
            })
        })
    }
}

impl Drop for Blocking {
    /// Lets go of the runtime without waiting, which may be forbidden on this thread.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
