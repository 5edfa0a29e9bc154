//! The blocking transport: the asynchronous one, driven on the calling thread.
//!
//! It is not another HTTP library, because those that block (ureq 3) write the bytes of each request to the
//! log at level trace, credentials and all, and cannot be told not to.

use std::future::{Future, poll_fn};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use tokio::runtime::{Builder, Handle, Runtime};

use super::super::download::Drive;
use super::super::error::{Delivery, TransportErrorKind};
use super::super::{Body, Download, TransportError, Upload};
use super::reqwest::Reqwest;
use super::{BlockingTransport, Limits, Transport};

/// Sends requests on the calling thread, with or without a runtime around it.
///
/// Nothing happens between calls: a streamed response is read from the network when it is read from.
pub struct Blocking {
    transport: Arc<dyn Transport>,
    engine: OnceLock<Arc<Engine>>,
}

impl Blocking {
    /// Makes a transport. The certificates are loaded with the first request.
    pub fn new() -> Self {
        Self::with_client(Reqwest::new())
    }

    /// Takes an asynchronous transport with settings of the caller's.
    pub fn with_client(transport: Reqwest) -> Self {
        Self::over(transport)
    }

    /// Drives any asynchronous transport, on a tokio runtime. It must be used by this one alone: connections that
    /// were made on one runtime do not work on another.
    pub fn over(transport: impl Transport) -> Self {
        Self {
            transport: Arc::new(transport),
            engine: OnceLock::new(),
        }
    }

    fn engine(&self) -> Result<&Arc<Engine>, TransportError> {
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                TransportError::new(TransportErrorKind::Other, Delivery::NotSent).with_source(error)
            })?;
        Ok(self.engine.get_or_init(|| Arc::new(Engine(Some(runtime)))))
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
        let engine = self.engine()?;
        engine.finish(self.transport.send(request, limits))
    }

    fn stream(
        &self,
        request: http::Request<Upload>,
        limits: Limits,
    ) -> Result<http::Response<Download>, TransportError> {
        let engine = self.engine()?;
        let response = engine.finish(self.transport.stream(request, limits))?;
        Ok(response.map(|download| download.driven_by(engine.clone())))
    }
}

fn broken() -> TransportError {
    TransportError::new(TransportErrorKind::Other, Delivery::MaybeSent)
}

/// The runtime, shared with the responses that are still read. `None` only while it is dropped.
struct Engine(Option<Runtime>);

impl Engine {
    /// Waits for a future; `None` if it panics beside a runtime that this thread drives.
    fn block_on<F>(&self, future: F) -> Option<F::Output>
    where
        F: Future<Output: Send> + Send,
    {
        let runtime = self.0.as_ref()?;
        if Handle::try_current().is_err() {
            return Some(runtime.block_on(future));
        }
        // A thread that drives a runtime cannot drive a second one.
        std::thread::scope(|scope| scope.spawn(|| runtime.block_on(future)).join().ok())
    }
}

impl Engine {
    /// Waits for an exchange. A connection that was given up is closed before it returns.
    fn finish<T: Send>(
        &self,
        exchange: impl Future<Output = Result<T, TransportError>> + Send,
    ) -> Result<T, TransportError> {
        let outcome = self.block_on(async {
            let outcome = exchange.await;
            if outcome.is_err() {
                tokio::task::yield_now().await;
            }
            outcome
        });
        outcome.unwrap_or_else(|| Err(broken()))
    }
}

impl Drive for Engine {
    fn drive(&self, turn: &mut (dyn FnMut(&mut Context<'_>) -> Poll<()> + Send)) {
        self.block_on(poll_fn(turn));
    }
}

impl Drop for Engine {
    /// Lets go of the runtime without waiting, which may be forbidden on this thread.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
