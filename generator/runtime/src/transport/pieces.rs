//! Bodies of requests and responses on their way through a library that has types of its own for them.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use futures_core::Stream;

use super::super::error::{Delivery, TransportErrorKind};
use super::super::timer::Timer;
use super::super::upload::Progress;
use super::super::{Download, TransportError};

/// Waits for the head of a response. The time counts anew whenever a piece of the request's body is sent.
pub(super) async fn head_within<T>(
    exchange: impl Future<Output = Result<T, TransportError>>,
    time: Duration,
    progress: &Progress,
    timer: &dyn Timer,
) -> Result<T, TransportError> {
    let mut exchange = pin!(exchange);
    let mut alarm = timer.sleep(time);
    poll_fn(|cx| {
        if let Poll::Ready(outcome) = exchange.as_mut().poll(cx) {
            return Poll::Ready(outcome);
        }
        loop {
            ready!(alarm.as_mut().poll(cx));
            let left = progress.left(time);
            if left.is_zero() {
                let kind = TransportErrorKind::Timeout;
                return Poll::Ready(Err(TransportError::new(kind, Delivery::MaybeSent)));
            }
            alarm = timer.sleep(left);
        }
    })
    .await
}

/// Sends the length of an empty body where the method lets one expect more (RFC 9110, section 8.6).
pub(super) fn say_empty<B>(request: &mut http::Request<B>) {
    if matches!(request.method().as_str(), "POST" | "PUT" | "PATCH") {
        let none = http::HeaderValue::from_static("0");
        request
            .headers_mut()
            .insert(http::header::CONTENT_LENGTH, none);
    }
}

/// The pieces of a response; trailers are left out.
struct Incoming<B, F> {
    body: Pin<Box<B>>,
    classify: F,
}

/// A body of a library, and what its errors mean, as a response of ours.
pub(super) fn incoming<B, F>(body: B, classify: F) -> Download
where
    B: http_body::Body + Send + 'static,
    F: Fn(B::Error) -> TransportError + Send + Unpin + 'static,
{
    let length = body.size_hint().exact();
    let download = Download::from_stream(Incoming {
        body: Box::pin(body),
        classify,
    });
    match length {
        Some(length) => download.with_length(length),
        None => download,
    }
}

impl<B, F> Stream for Incoming<B, F>
where
    B: http_body::Body,
    F: Fn(B::Error) -> TransportError + Unpin,
{
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(self.body.as_mut().poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if let Ok(mut piece) = frame.into_data() {
                        return Poll::Ready(Some(Ok(piece.copy_to_bytes(piece.remaining()))));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err((self.classify)(error)))),
                None => return Poll::Ready(None),
            }
        }
    }
}
