//! Tower: services as transports, transports as services, and layers between them.
//!
//! A service takes an [`http::Request`] of an [`Upload`] and gives an [`http::Response`] of any body. Among the
//! request's extensions are its [`Limits`] and, of a call, the `&'static` [`OperationSpec`](super::super::OperationSpec).

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http_body::Body as HttpBody;
pub use tower_layer::Layer;
pub use tower_service::Service;

use super::super::error::{Delivery, TransportErrorKind};
use super::super::timer::{SystemTimer, Timer};
use super::super::upload::Progress;
use super::super::{Body, Download, TransportError, Upload, UploadError};
use super::pieces::{head_within, incoming, say_empty};
use super::{Limits, Pending, PendingStream, Transport};

/// An error of whatever type.
type Fault = Box<dyn StdError + Send + Sync>;

/// What an error of a service means; `None` for one that it does not know.
pub type Meaning = fn(&(dyn StdError + 'static)) -> Option<(TransportErrorKind, Delivery)>;

/// A service as a transport.
///
/// It holds the service to the whole timeout, the idle timeout and the longest body; connecting is the service's, which
/// finds the [`Limits`] among the request's extensions. So are redirects and cookies: it must follow none and keep
/// none. Errors of the service show in source chains, so they must tell neither URL nor headers nor body.
pub struct Tower<S> {
    service: Mutex<S>,
    meaning: Meaning,
    timer: Arc<dyn Timer>,
}

impl<S> Tower<S> {
    /// Takes a service over; each request is sent through a clone of it.
    pub fn new(service: S) -> Self {
        Self {
            service: Mutex::new(service),
            meaning: |_| None,
            timer: Arc::new(SystemTimer),
        }
    }

    /// Says what errors of the service mean. It is asked for those that are not made by a [`TransportError`], by the
    /// body of the request or by rustls. Where it does not know, an [`io::Error`] tells by its kind, and any other
    /// error is [`Other`](TransportErrorKind::Other), sent perhaps.
    #[must_use]
    pub fn meaning(mut self, meaning: Meaning) -> Self {
        self.meaning = meaning;
        self
    }

    /// Measures timeouts by another timer. The one unless set is tokio's where tokio polls, and else a thread for each
    /// call.
    #[must_use]
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.timer = Arc::new(timer);
        self
    }
}

impl<S> fmt::Debug for Tower<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tower { .. }")
    }
}

impl<S, B> Tower<S>
where
    S: Service<http::Request<Upload>, Response = http::Response<B>> + Clone,
    S::Error: Into<Fault>,
    B: HttpBody + Send + 'static,
    B::Error: Into<Fault>,
{
    /// Sends a request up to the head of its response.
    async fn exchange(
        &self,
        mut request: http::Request<Upload>,
        limits: Limits,
    ) -> Result<http::Response<Download>, TransportError> {
        let meaning = self.meaning;
        request.extensions_mut().insert(limits);
        if request.body().length() == Some(0) {
            say_empty(&mut request);
        }
        let mut service = {
            let service = self.service.lock().unwrap_or_else(PoisonError::into_inner);
            service.clone()
        };
        poll_fn(|cx| service.poll_ready(cx))
            .await
            .map_err(|error| classify(error.into(), Delivery::NotSent, meaning))?;
        let response = service.call(request).await;
        let response =
            response.map_err(|error| classify(error.into(), Delivery::MaybeSent, meaning))?;
        Ok(response.map(|body| {
            incoming(body, move |error: B::Error| {
                classify(error.into(), Delivery::MaybeSent, meaning)
            })
        }))
    }
}

impl<S, B> Transport for Tower<S>
where
    S: Service<http::Request<Upload>, Response = http::Response<B>> + Clone + Send + 'static,
    S::Error: Into<Fault>,
    S::Future: Send,
    B: HttpBody + Send + 'static,
    B::Data: Send,
    B::Error: Into<Fault>,
{
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Pending<'_> {
        Box::pin(async move {
            let progress = Progress::begin();
            let whole = async {
                let response = self.exchange(request.map(Upload::from), limits);
                let (head, body) = response.await?.into_parts();
                let body = body.gather(limits.max_response_bytes).await?;
                Ok(http::Response::from_parts(head, body))
            };
            head_within(whole, limits.timeout, &progress, &*self.timer).await
        })
    }

    fn stream(&self, mut request: http::Request<Upload>, limits: Limits) -> PendingStream<'_> {
        Box::pin(async move {
            let progress = Progress::begin();
            request.body_mut().watch(progress.clone());
            let head = self.exchange(request, limits);
            let response = head_within(head, limits.timeout, &progress, &*self.timer).await?;
            let timer = Arc::clone(&self.timer);
            Ok(response.map(|body| body.with_idle_timeout(limits.idle_timeout, timer)))
        })
    }
}

/// What an error means.
fn classify(error: Fault, otherwise: Delivery, meaning: Meaning) -> TransportError {
    let error = match error.downcast::<TransportError>() {
        Ok(error) => return *error,
        Err(error) => error,
    };
    let known = find(&*error, by_type)
        .or_else(|| meaning(&*error))
        .or_else(|| find(&*error, by_kind));
    let (kind, delivery) = known.unwrap_or((TransportErrorKind::Other, otherwise));
    TransportError::new(kind, delivery).with_source(error)
}

/// What the first error in the chain means of which that is known, also inside of an `io::Error`.
fn find(
    error: &(dyn StdError + 'static),
    known: Meaning,
) -> Option<(TransportErrorKind, Delivery)> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(meaning) = known(error) {
            return Some(meaning);
        }
        let io = error.downcast_ref::<io::Error>();
        next = match io.and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn by_type(error: &(dyn StdError + 'static)) -> Option<(TransportErrorKind, Delivery)> {
    if let Some(error) = error.downcast_ref::<TransportError>() {
        return Some((error.kind(), error.delivery()));
    }
    #[cfg(feature = "reqwest")]
    if error.is::<rustls::Error>() {
        return Some((TransportErrorKind::Tls, Delivery::NotSent));
    }
    let is_upload = error.is::<UploadError>();
    is_upload.then_some((TransportErrorKind::Upload, Delivery::MaybeSent))
}

fn by_kind(error: &(dyn StdError + 'static)) -> Option<(TransportErrorKind, Delivery)> {
    use io::ErrorKind as Io;
    match error.downcast_ref::<io::Error>()?.kind() {
        Io::ConnectionRefused
        | Io::HostUnreachable
        | Io::NetworkUnreachable
        | Io::AddrNotAvailable => Some((TransportErrorKind::Connect, Delivery::NotSent)),
        Io::ConnectionReset | Io::ConnectionAborted | Io::BrokenPipe | Io::UnexpectedEof => {
            Some((TransportErrorKind::Broken, Delivery::MaybeSent))
        }
        Io::TimedOut => Some((TransportErrorKind::Timeout, Delivery::MaybeSent)),
        _ => None,
    }
}

/// A transport as a service. Its limits are those among the request's extensions, or else the usual ones.
#[derive(Clone)]
pub struct TransportService(Arc<dyn Transport>);

impl TransportService {
    /// Takes a transport over.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
    }
}

impl fmt::Debug for TransportService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransportService { .. }")
    }
}

impl Service<http::Request<Upload>> for TransportService {
    type Response = http::Response<Download>;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Upload>) -> Self::Future {
        let transport = Arc::clone(&self.0);
        let limits = request.extensions().get().copied().unwrap_or_default();
        Box::pin(async move { transport.stream(request, limits).await })
    }
}

/// What can be put around a transport: every [`Layer`] that makes a service of HTTP from a [`TransportService`].
pub trait Around {
    /// The transport with the layer around it.
    fn around(&self, inner: TransportService) -> Box<dyn Transport>;
}

impl<L, S, B> Around for L
where
    L: Layer<TransportService, Service = S>,
    S: Service<http::Request<Upload>, Response = http::Response<B>> + Clone + Send + 'static,
    S::Error: Into<Fault>,
    S::Future: Send,
    B: HttpBody + Send + 'static,
    B::Data: Send,
    B::Error: Into<Fault>,
{
    fn around(&self, inner: TransportService) -> Box<dyn Transport> {
        Box::new(Tower::new(self.layer(inner)))
    }
}
