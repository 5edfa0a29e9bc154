//! A library that blocks as a transport: ureq. The runtime does not bring it, because it writes the bytes of each
//! request to the log at level trace, credentials and all; this says what it takes to bring it along.

use std::io::{self, Read};

use specmint_runtime::{
    BlockingTransport, Body, Delivery, Download, Limits, TransportError, TransportErrorKind,
    Upload, http,
};
use ureq::config::AutoHeaderValue;
use ureq::{Agent, SendBody, Timeout};

/// Sends requests with ureq.
pub struct Ureq(Agent);

impl Default for Ureq {
    fn default() -> Self {
        Self::new()
    }
}

impl Ureq {
    /// An agent that follows nothing, keeps nothing and adds nothing.
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            .allow_non_standard_methods(true);
        Self(config.build().new_agent())
    }
}

impl BlockingTransport for Ureq {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        let request = request.map(|body| body.as_bytes().to_vec());
        let request = self
            .0
            .configure_request(request)
            .timeout_global(Some(limits.timeout))
            .timeout_connect(Some(limits.connect_timeout));
        let response = self
            .0
            .run(request.build())
            .map_err(|error| classify(&error))?;
        let (head, body) = response.map(download).into_parts();
        let body = body.gather_blocking(limits.max_response_bytes)?;
        Ok(http::Response::from_parts(head, body))
    }

    fn stream(
        &self,
        mut request: http::Request<Upload>,
        limits: Limits,
    ) -> Result<http::Response<Download>, TransportError> {
        if let Some(length) = request.body().length() {
            let length = http::HeaderValue::from(length);
            request.headers_mut().insert("content-length", length);
        }
        let request = request.map(|upload| SendBody::from_owned_reader(Outgoing::new(upload)));
        let request = self
            .0
            .configure_request(request)
            .timeout_recv_response(Some(limits.timeout))
            .timeout_connect(Some(limits.connect_timeout))
            .timeout_per_read(Some(limits.idle_timeout));
        let response = self
            .0
            .run(request.build())
            .map_err(|error| classify(&error))?;
        Ok(response.map(download))
    }
}

fn download(body: ureq::Body) -> Download {
    let length = body.content_length();
    let download = Download::from_read(Incoming(body.into_reader()));
    match length {
        Some(length) => download.with_length(length),
        None => download,
    }
}

/// A body that is sent, as a reader.
struct Outgoing {
    upload: Upload,
    piece: bytes::Bytes,
}

impl Outgoing {
    fn new(upload: Upload) -> Self {
        Self {
            upload,
            piece: bytes::Bytes::new(),
        }
    }
}

impl Read for Outgoing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.piece.is_empty() {
            let piece = self.upload.chunk_blocking().map_err(|error| {
                let kind = TransportErrorKind::Upload;
                let error = TransportError::new(kind, Delivery::MaybeSent).with_source(error);
                io::Error::other(error)
            })?;
            self.piece = piece.unwrap_or_default();
        }
        let piece = self.piece.split_to(buffer.len().min(self.piece.len()));
        buffer[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

/// A body that comes, with errors that a download understands.
struct Incoming(ureq::BodyReader<'static>);

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
            io::Error::other(match inner {
                Some(error) => classify(error),
                None => by_io(&error),
            })
        })
    }
}

fn classify(error: &ureq::Error) -> TransportError {
    use {Delivery as D, TransportErrorKind as K};
    let (kind, delivery) = match error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => (K::Connect, D::NotSent),
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => (K::Timeout, D::NotSent),
        ureq::Error::Timeout(_) => (K::Timeout, D::MaybeSent),
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => (K::Tls, D::NotSent),
        ureq::Error::Io(error) => return by_io(error),
        _ => (K::Broken, D::MaybeSent),
    };
    TransportError::new(kind, delivery)
}

fn by_io(error: &io::Error) -> TransportError {
    use {Delivery as D, TransportErrorKind as K};
    let inner = error.get_ref();
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<TransportError>()) {
        return TransportError::new(error.kind(), error.delivery());
    }
    let is_unknown_host = error.to_string().starts_with("failed to lookup address");
    let is_tls = inner.is_some_and(|inner| inner.is::<rustls::Error>());
    let (kind, delivery) = match error.kind() {
        _ if is_tls => (K::Tls, D::NotSent),
        _ if is_unknown_host => (K::Connect, D::NotSent),
        io::ErrorKind::ConnectionRefused => (K::Connect, D::NotSent),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => (K::Timeout, D::MaybeSent),
        _ => (K::Broken, D::MaybeSent),
    };
    TransportError::new(kind, delivery)
}
