//! One request to an authorization server, with the limits of such requests.

use super::super::super::{
    BlockingTransport, Body, BuildError, Limits, Transport, TransportError, TransportErrorKind,
};
use super::super::{Refusal, TokenError, TokenErrorKind};

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 64 << 10;

fn limits() -> Limits {
    Limits {
        max_response_bytes: LONGEST_ANSWER,
        ..Limits::default()
    }
}

/// Sends a request and holds transports that are not ours to the cap.
pub(super) async fn send(
    transport: &dyn Transport,
    request: http::Request<Body>,
) -> Result<http::Response<Body>, TokenError> {
    cap(transport.send(request, limits()).await)
}

/// Sends a request on this thread.
pub(super) fn send_blocking(
    transport: &dyn BlockingTransport,
    request: http::Request<Body>,
) -> Result<http::Response<Body>, TokenError> {
    cap(transport.send(request, limits()))
}

fn cap(
    outcome: Result<http::Response<Body>, TransportError>,
) -> Result<http::Response<Body>, TokenError> {
    let response = outcome.map_err(failed)?;
    match response.body().len() > LONGEST_ANSWER {
        true => Err(refused(Refusal::new(TokenErrorKind::TooLarge))),
        false => Ok(response),
    }
}

fn failed(error: TransportError) -> TokenError {
    let kind = match error.kind() {
        TransportErrorKind::Timeout => TokenErrorKind::Timeout,
        TransportErrorKind::TooLarge => TokenErrorKind::TooLarge,
        TransportErrorKind::NoRuntime => TokenErrorKind::Config,
        _ => TokenErrorKind::Unavailable,
    };
    TokenError::with_source(Refusal::new(kind), 1, None, error)
}

/// The error of a request that cannot be made.
pub(super) fn unmade(error: BuildError) -> TokenError {
    TokenError::with_source(Refusal::new(TokenErrorKind::Config), 0, None, error)
}

/// The error of an answer.
pub(super) fn refused(refusal: Refusal) -> TokenError {
    TokenError::new(refusal, 1, None)
}
