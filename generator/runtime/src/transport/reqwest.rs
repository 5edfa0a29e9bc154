//! The asynchronous transport: reqwest over rustls, with the certificates that the platform trusts.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::{Bytes, BytesMut};
use http::uri::{Authority, Scheme};
use http_body::Body as _;
use reqwest::redirect::Policy;
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::super::error::{Delivery, TransportErrorKind};
use super::super::timer::SystemTimer;
use super::super::upload::Progress;
use super::super::{Body, Download, TransportError, Upload, UploadError};
use super::pieces::{head_within, incoming, say_empty};
use super::{Limits, Pending, PendingStream, Transport};

/// Sends requests with reqwest: HTTP/1.1, no redirects, no cookies, no proxies from the environment. With the
/// feature `gzip` it asks for responses that are compressed by gzip, and undoes it.
///
/// It has to be awaited inside of a tokio runtime, and says so with
/// [`NoRuntime`](TransportErrorKind::NoRuntime) elsewhere.
pub struct Reqwest {
    ready: OnceLock<Result<Ready, String>>,
    origin: Origin,
}

/// A client, and why it can trust no certificate, if so.
struct Ready {
    client: reqwest::Client,
    trusts_none: Option<rustls::Error>,
}

impl Reqwest {
    /// Makes a transport. The certificates are loaded with the first request.
    pub fn new() -> Self {
        Self {
            ready: OnceLock::new(),
            origin: Origin::default(),
        }
    }

    /// Takes a client with settings of the caller's, such as a proxy or a client certificate.
    ///
    /// What the client does about redirects, cookies and certificates is the caller's to answer for.
    pub fn with_client(client: reqwest::Client) -> Self {
        let ready = Ready {
            client,
            trusts_none: None,
        };
        Self {
            ready: OnceLock::from(Ok(ready)),
            origin: Origin::default(),
        }
    }

    /// The client for a URL: a machine without certificates can still call itself over http.
    fn client(&self, url: &http::Uri, limits: Limits) -> Result<&reqwest::Client, TransportError> {
        let refused = |kind| TransportError::new(kind, Delivery::NotSent);
        let ready = self
            .ready
            .get_or_init(|| connect(limits).map_err(|error| error.to_string()));
        let ready = ready
            .as_ref()
            .map_err(|reason| refused(TransportErrorKind::Other).with_source(reason.as_str()))?;
        match &ready.trusts_none {
            Some(reason) if url.scheme() == Some(&Scheme::HTTPS) => {
                Err(refused(TransportErrorKind::Tls).with_source(reason.clone()))
            }
            _ => Ok(&ready.client),
        }
    }
}

impl Default for Reqwest {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for Reqwest {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Pending<'_> {
        Box::pin(async move {
            needs_runtime()?;
            let client = self.client(request.uri(), limits)?;
            let url = self.origin.url(request.uri())?;
            exchange(client, url, request, limits).await
        })
    }

    fn stream(&self, request: http::Request<Upload>, limits: Limits) -> PendingStream<'_> {
        Box::pin(async move {
            needs_runtime()?;
            stream(self.client(request.uri(), limits)?, request, limits).await
        })
    }
}

fn needs_runtime() -> Result<(), TransportError> {
    match tokio::runtime::Handle::try_current() {
        Ok(_) => Ok(()),
        Err(_) => Err(TransportError::new(
            TransportErrorKind::NoRuntime,
            Delivery::NotSent,
        )),
    }
}

/// A client with the ring provider of its own, so that no process-wide one has to be installed.
fn connect(limits: Limits) -> Result<Ready, Box<dyn StdError>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?;
    let (tls, trusts_none) = match tls.clone().with_platform_verifier() {
        Ok(tls) => (tls, None),
        Err(error) => (
            tls.with_root_certificates(rustls::RootCertStore::empty()),
            Some(error),
        ),
    };
    let builder = reqwest::Client::builder();
    // What is asked for and undone does not depend on what other crates want of reqwest.
    let builder = builder.no_brotli().no_deflate().no_zstd();
    #[cfg(feature = "gzip")]
    let builder = builder.gzip(true);
    #[cfg(not(feature = "gzip"))]
    let builder = builder.no_gzip();
    let client = builder
        .tls_backend_preconfigured(tls.with_no_client_auth())
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .connect_timeout(limits.connect_timeout)
        .build()?;
    Ok(Ready {
        client,
        trusts_none,
    })
}

async fn exchange(
    client: &reqwest::Client,
    url: reqwest::Url,
    mut request: http::Request<Body>,
    limits: Limits,
) -> Result<http::Response<Body>, TransportError> {
    if request.body().is_empty() {
        say_empty(&mut request);
    }
    let (parts, body) = request.into_parts();
    let mut request = reqwest::Request::new(parts.method, url);
    *request.headers_mut() = parts.headers;
    *request.body_mut() = Some(Bytes::from(body).into());
    *request.timeout_mut() = Some(limits.timeout);
    let mut response = client.execute(request).await.map_err(classify)?;
    let most = limits.max_response_bytes;
    if response
        .content_length()
        .is_some_and(|length| length > most as u64)
    {
        return Err(too_large());
    }
    // Most bodies come in one piece, which needs no copy.
    let first = response.chunk().await.map_err(classify)?;
    let mut body = first.unwrap_or_default();
    if body.len() > most {
        return Err(too_large());
    }
    if let Some(second) = response.chunk().await.map_err(classify)? {
        let mut pieces = BytesMut::from(body);
        let mut next = Some(second);
        while let Some(piece) = next {
            if piece.len() > most - pieces.len() {
                return Err(too_large());
            }
            pieces.extend_from_slice(&piece);
            next = response.chunk().await.map_err(classify)?;
        }
        body = pieces.freeze();
    }
    let mut whole = http::Response::new(Body::from(body));
    *whole.status_mut() = response.status();
    *whole.version_mut() = response.version();
    *whole.headers_mut() = std::mem::take(response.headers_mut());
    Ok(whole)
}

/// The origin of the last request as reqwest spells it: most requests of a client go to one, and reading a host takes as
/// long as all the rest of making a request.
#[derive(Default)]
struct Origin(Mutex<Option<(Scheme, Authority, reqwest::Url)>>);

impl Origin {
    fn url(&self, uri: &http::Uri) -> Result<reqwest::Url, TransportError> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((scheme, authority, url)) = &*last
            && uri.scheme() == Some(scheme)
            && uri.authority() == Some(authority)
        {
            let mut url = url.clone();
            drop(last);
            url.set_path(uri.path());
            url.set_query(uri.query());
            return Ok(url);
        }
        let url: reqwest::Url = uri.to_string().parse().map_err(|error| {
            TransportError::new(TransportErrorKind::Other, Delivery::NotSent).with_source(error)
        })?;
        if let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) {
            let mut origin = url.clone();
            origin.set_path("/");
            origin.set_query(None);
            *last = Some((scheme.clone(), authority.clone(), origin));
        }
        Ok(url)
    }
}

/// Sends a request whose body may come in pieces, up to the head of its response.
async fn stream(
    client: &reqwest::Client,
    request: http::Request<Upload>,
    limits: Limits,
) -> Result<http::Response<Download>, TransportError> {
    let progress = Progress::begin();
    let (head, upload) = request.into_parts();
    let body = match upload.into_whole() {
        Ok(whole) => reqwest::Body::from(Bytes::from(whole)),
        Err(mut upload) => {
            upload.watch(progress.clone());
            reqwest::Body::wrap(upload)
        }
    };
    let mut request = http::Request::from_parts(head, body);
    if request.body().is_end_stream() {
        say_empty(&mut request);
    }
    let request = reqwest::Request::try_from(request).map_err(classify)?;
    let exchange = async { client.execute(request).await.map_err(classify) };
    let response = head_within(exchange, limits.timeout, &progress, &SystemTimer).await?;
    let response = http::Response::from(response);
    Ok(response.map(|body| {
        incoming(body, classify).with_idle_timeout(limits.idle_timeout, Arc::new(SystemTimer))
    }))
}

fn too_large() -> TransportError {
    TransportError::new(TransportErrorKind::TooLarge, Delivery::MaybeSent)
}

/// What a reqwest error means; the URL, whose query may hold a secret, is taken out of it.
fn classify(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let delivery = match error.is_connect() || error.is_builder() {
        true => Delivery::NotSent,
        false => Delivery::MaybeSent,
    };
    let kind = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_builder() {
        TransportErrorKind::Other
    } else if has_cause(&error, |cause| cause.is::<UploadError>()) {
        TransportErrorKind::Upload
    } else if has_cause(&error, |cause| cause.is::<rustls::Error>()) {
        TransportErrorKind::Tls
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Broken
    };
    TransportError::new(kind, delivery).with_source(error)
}

/// Whether such an error is in the chain, also inside of an `io::Error`.
fn has_cause(
    error: &(dyn StdError + 'static),
    is_such: fn(&(dyn StdError + 'static)) -> bool,
) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if is_such(error) {
            return true;
        }
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}
