//! Bodies piece by piece, both ways.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as _, Frame, SizeHint};
use tokio::time::{Instant, sleep, sleep_until};

use super::super::super::error::{Delivery, TransportErrorKind};
use super::super::super::{Download, TransportError, Upload, UploadError};
use super::super::Limits;
use super::{classify, say_empty};

/// Sends a request whose body may come in pieces, up to the head of its response.
pub(super) async fn exchange(
    client: &reqwest::Client,
    request: http::Request<Upload>,
    limits: Limits,
) -> Result<http::Response<Download>, TransportError> {
    let progress = Progress::default();
    let (head, upload) = request.into_parts();
    let body = match upload.into_whole() {
        Ok(whole) => reqwest::Body::from(Bytes::from(whole)),
        Err(upload) => reqwest::Body::wrap(Watched {
            upload,
            progress: progress.clone(),
        }),
    };
    let mut request = http::Request::from_parts(head, body);
    if request.body().is_end_stream() {
        say_empty(&mut request);
    }
    let request = reqwest::Request::try_from(request).map_err(classify)?;
    let response = head_of(client.execute(request), limits.timeout, &progress).await?;
    let response = http::Response::from(response);
    Ok(response.map(|body| {
        let download = Download::from_stream(Incoming(body));
        download.with_idle_timeout(limits.idle_timeout, |time| Box::pin(sleep(time)))
    }))
}

/// Waits for the head of the response. The time counts anew whenever a piece of the request's body is sent.
async fn head_of(
    exchange: impl Future<Output = reqwest::Result<reqwest::Response>>,
    timeout: Duration,
    progress: &Progress,
) -> Result<reqwest::Response, TransportError> {
    let mut exchange = pin!(exchange);
    let mut alarm = pin!(sleep_until(progress.plus(timeout)));
    poll_fn(|cx| {
        if let Poll::Ready(outcome) = exchange.as_mut().poll(cx) {
            return Poll::Ready(outcome.map_err(classify));
        }
        loop {
            ready!(alarm.as_mut().poll(cx));
            let end = progress.plus(timeout);
            if end <= Instant::now() {
                let kind = TransportErrorKind::Timeout;
                return Poll::Ready(Err(TransportError::new(kind, Delivery::MaybeSent)));
            }
            alarm.as_mut().reset(end);
        }
    })
    .await
}

/// When the last piece was sent.
#[derive(Clone)]
struct Progress(Arc<Mutex<Instant>>);

/// As good as never.
const NEVER: Duration = Duration::from_secs(86400 * 365 * 30);

impl Progress {
    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn plus(&self, time: Duration) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) + time.min(NEVER)
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

/// An upload that notes when a piece of it goes.
struct Watched {
    upload: Upload,
    progress: Progress,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = UploadError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UploadError>>> {
        let piece = ready!(Pin::new(&mut self.upload).poll_frame(cx));
        self.progress.note();
        Poll::Ready(piece)
    }

    fn is_end_stream(&self) -> bool {
        self.upload.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        http_body::Body::size_hint(&self.upload)
    }
}

/// The pieces of a response; trailers are left out.
struct Incoming(reqwest::Body);

impl Stream for Incoming {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        return Poll::Ready(Some(Ok(piece)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(classify(error)))),
                None => return Poll::Ready(None),
            }
        }
    }
}
