//! A transport for tests: a function from request to response.

use std::future::ready;

use super::super::{Body, TransportError};
use super::{BlockingTransport, Limits, Pending, Transport};

type Answer =
    dyn Fn(http::Request<Body>) -> Result<http::Response<Body>, TransportError> + Send + Sync;

/// Answers each request by a function, without a network. Serves as either kind of transport.
pub struct Memory(Box<Answer>);

impl Memory {
    /// Makes a transport of a function.
    pub fn new<F>(answer: F) -> Self
    where
        F: Fn(http::Request<Body>) -> Result<http::Response<Body>, TransportError>
            + Send
            + Sync
            + 'static,
    {
        Self(Box::new(answer))
    }
}

impl Transport for Memory {
    fn send(&self, request: http::Request<Body>, _limits: Limits) -> Pending<'_> {
        Box::pin(ready((self.0)(request)))
    }
}

impl BlockingTransport for Memory {
    fn send(
        &self,
        request: http::Request<Body>,
        _limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        (self.0)(request)
    }
}
