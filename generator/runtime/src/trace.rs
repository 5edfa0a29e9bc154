//! Spans: what a program that traces sees of a call.
//!
//! There is a span for a call and, below it, one for each time that it is sent. Their fields are those of
//! OpenTelemetry's conventions for HTTP clients (semantic conventions 1.27, "HTTP spans") as far as they have few values
//! and can hold no secret: neither URL nor query nor header nor body is among them. Without the feature `tracing` this
//! is nothing.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use http::Response;

use super::call::Call;
use super::error::Error;

/// What comes of a call, or of sending it once.
type Outcome<B> = Result<Response<B>, Error<Infallible>>;

/// A span that is not entered yet.
pub(super) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Trace {
    /// The span of a call with all its attempts.
    #[cfg_attr(not(feature = "tracing"), allow(unused_variables))]
    pub(super) fn of_call(call: &Call) -> Self {
        Self {
            #[cfg(feature = "tracing")]
            span: spans::of_call(&call.0),
        }
    }

    /// The span of sending a call once more.
    #[cfg_attr(not(feature = "tracing"), allow(unused_variables))]
    pub(super) fn of_sending(call: &Call) -> Self {
        Self {
            #[cfg(feature = "tracing")]
            span: spans::of_sending(&call.0),
        }
    }

    /// Runs what the span is about, and takes down what came of it.
    pub(super) async fn around<B>(self, work: impl Future<Output = Outcome<B>>) -> Outcome<B> {
        #[cfg(feature = "tracing")]
        {
            use tracing::Instrument as _;
            let outcome = work.instrument(self.span.clone()).await;
            spans::end(&self.span, &outcome);
            outcome
        }
        #[cfg(not(feature = "tracing"))]
        work.await
    }

    /// [`around`](Self::around) on the calling thread.
    #[cfg(feature = "blocking")]
    pub(super) fn within<B>(self, work: impl FnOnce() -> Outcome<B>) -> Outcome<B> {
        #[cfg(feature = "tracing")]
        {
            let outcome = self.span.in_scope(work);
            spans::end(&self.span, &outcome);
            outcome
        }
        #[cfg(not(feature = "tracing"))]
        work()
    }
}

/// Says that a call is sent again after a time.
#[cfg_attr(not(feature = "tracing"), allow(unused_variables))]
pub(super) fn pause(time: Duration) {
    #[cfg(feature = "tracing")]
    spans::pause(time);
}

#[cfg(feature = "tracing")]
mod spans {
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    use http::Uri;
    use tracing::field::Empty;
    use tracing::{Span, debug, info_span};

    use super::super::call::Parts;
    use super::super::error::{Error, TransportErrorKind};
    use super::super::request::base_of;
    use super::Outcome;

    /// What all spans and events say they are from: the module would be another in each crate with a copy of it.
    const TARGET: &str = "specmint";

    pub(super) fn of_call(parts: &Parts) -> Span {
        let span = info_span!(
            target: TARGET,
            "call",
            otel.name = Empty,
            otel.kind = "internal",
            otel.status_code = Empty,
            api.name = parts.core.0.api.name,
            api.operation = parts.spec.id,
            http.request.method = parts.spec.method,
            url.template = template(parts),
            server.address = Empty,
            server.port = Empty,
            http.response.status_code = Empty,
            error.type = Empty,
        );
        place(&span, parts);
        span
    }

    pub(super) fn of_sending(parts: &Parts) -> Span {
        let span = info_span!(
            target: TARGET,
            "send",
            otel.name = Empty,
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = parts.spec.method,
            http.request.resend_count = Empty,
            url.template = template(parts),
            server.address = Empty,
            server.port = Empty,
            http.response.status_code = Empty,
            error.type = Empty,
        );
        let before = parts.sent.fetch_add(1, Ordering::Relaxed);
        if before > 0 {
            span.record("http.request.resend_count", before);
        }
        place(&span, parts);
        span
    }

    /// The path as the API's description has it, without a query.
    fn template(parts: &Parts) -> &'static str {
        let path = parts.spec.path;
        path.split(['?', '#']).next().unwrap_or(path)
    }

    fn place(span: &Span, parts: &Parts) {
        if span.is_disabled() {
            return;
        }
        let name = format!("{} {}", parts.spec.method, template(parts));
        span.record("otel.name", name.as_str());
        let base = base_of(parts).ok();
        let Some(uri) = base.and_then(|base| base.join("/").parse::<Uri>().ok()) else {
            return;
        };
        let port = uri.port_u16().unwrap_or(match uri.scheme_str() {
            Some("http") => 80,
            _ => 443,
        });
        span.record("server.address", uri.host());
        span.record("server.port", port);
    }

    pub(super) fn end<B>(span: &Span, outcome: &Outcome<B>) {
        let kind = match outcome {
            Ok(response) => {
                let status = response.status();
                span.record("http.response.status_code", status.as_u16());
                if !status.is_client_error() && !status.is_server_error() {
                    return;
                }
                span.record("error.type", status.as_str());
                span.record("otel.status_code", "ERROR");
                return;
            }
            Err(Error::Transport(error)) => match error.kind() {
                TransportErrorKind::Connect => "connect",
                TransportErrorKind::Tls => "tls",
                TransportErrorKind::Timeout => "timeout",
                TransportErrorKind::TooLarge => "too_large",
                TransportErrorKind::Broken => "broken",
                TransportErrorKind::NoRuntime => "no_runtime",
                _ => "transport",
            },
            #[cfg(feature = "tokens")]
            Err(Error::Token(_)) => "token",
            Err(_) => "build",
        };
        span.record("error.type", kind);
        span.record("otel.status_code", "ERROR");
    }

    pub(super) fn pause(time: Duration) {
        let wait = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        debug!(target: TARGET, wait_ms = wait, "the call is sent again");
    }
}
