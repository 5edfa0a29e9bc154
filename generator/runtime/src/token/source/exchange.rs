//! One request to an endpoint and its answer.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use super::super::super::transport::{BlockingTransport, Transport};
use super::super::super::{Body, Delivery, TransportError, TransportErrorKind};
use super::super::machine::{Failure, FlightId, Means};
use super::super::{Grant, Issued, Lifetime, Now};
use super::{Inner, Settings};

/// Whether the caller can wait without holding its thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Async,
    Blocking,
}

/// The transport that suits a caller.
pub(super) enum Line<'a> {
    Async(&'a Arc<dyn Transport>),
    Blocking(&'a Arc<dyn BlockingTransport>),
    Missing,
}

impl Settings {
    /// The transport that suits this caller, or the other if there is only one.
    pub(super) fn line(&self, wire: Wire) -> Line<'_> {
        match (wire, &self.transport, &self.blocking) {
            (Wire::Async, Some(transport), _) | (Wire::Blocking, Some(transport), None) => {
                Line::Async(transport)
            }
            (_, _, Some(transport)) => Line::Blocking(transport),
            (_, None, None) => Line::Missing,
        }
    }

    pub(super) async fn send(
        &self,
        request: http::Request<Body>,
        wire: Wire,
    ) -> Result<http::Response<Body>, TransportError> {
        let response = match self.line(wire) {
            Line::Async(transport) => transport.send(request, self.limits).await?,
            Line::Blocking(transport) => transport.send(request, self.limits)?,
            Line::Missing => {
                let kind = TransportErrorKind::Other;
                return Err(TransportError::new(kind, Delivery::NotSent));
            }
        };
        // A transport of the user's may have read more than it should.
        if response.body().len() > self.limits.max_response_bytes {
            let kind = TransportErrorKind::TooLarge;
            return Err(TransportError::new(kind, Delivery::MaybeSent));
        }
        Ok(response)
    }
}

impl Line<'_> {
    pub(super) fn is_blocking(&self) -> bool {
        matches!(self, Self::Blocking(_))
    }
}

impl Inner {
    /// Asks the endpoint once. Returns when the request went out and when the answer came.
    pub(super) async fn exchange(
        &self,
        id: FlightId,
        means: &Means,
        wire: Wire,
    ) -> ((Now, Now), Result<Issued, Failure>) {
        let grant = match means {
            Means::Initial => Grant::Initial,
            Means::Refresh(refresh_token) => Grant::Refresh(refresh_token),
        };
        let request = match self.endpoint.request(grant) {
            Ok(request) => request,
            Err(error) => {
                let now = self.now();
                return ((now, now), Err(error.into()));
            }
        };
        self.lock().machine.sent(id);
        let sent_at = self.now();
        let result = match self.settings.send(request, wire).await {
            Ok(response) => match self.endpoint.read(grant, &response) {
                Ok(issued) => Ok(by_its_own_clock(issued, response.headers())),
                Err(refusal) => Err(refusal.into()),
            },
            Err(error) => Err(error.into()),
        };
        ((sent_at, self.now()), result)
    }
}

/// Counts a lifetime that ends at a moment by the clock of the server that named the moment, as far as it tells
/// (RFC 9110, section 6.6.1): a clock here that is wrong makes no token too old or too young.
fn by_its_own_clock(mut issued: Issued, headers: &http::HeaderMap) -> Issued {
    let date = headers.get(http::header::DATE);
    let date = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let date = date.and_then(|date| date.duration_since(UNIX_EPOCH).ok());
    if let (Lifetime::At(end), Some(date)) = (issued.lifetime, date) {
        issued.lifetime = Lifetime::In(end.saturating_sub(date));
    }
    issued
}
