//! Responses: as they came, and with their body read.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use http::StatusCode;
use http::header::{self, HeaderMap, HeaderName};

use super::json::{self, Problem, Slot};
use super::{Body, DecodeError};

/// Headers that never hold a secret and may show in `Debug`.
const PLAIN: [HeaderName; 7] = [
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::DATE,
    header::RETRY_AFTER,
    header::CACHE_CONTROL,
    header::SERVER,
    header::TRANSFER_ENCODING,
];

/// A response whose body is not read yet: what generated code reads from.
pub struct Reply(http::Response<Body>);

/// Marks headers as sensitive, so that no `Debug` shows their values.
pub(super) fn mark<B>(mut raw: http::Response<B>) -> http::Response<B> {
    for (name, value) in raw.headers_mut() {
        value.set_sensitive(!PLAIN.contains(name));
    }
    raw
}

impl Reply {
    /// Takes a response over.
    pub(super) fn new(raw: http::Response<Body>) -> Self {
        Self(mark(raw))
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The body's media type in lower case without parameters; empty if the response names none.
    pub fn media_type(&self) -> String {
        let value = self.0.headers().get(header::CONTENT_TYPE);
        let text = value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        text.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    }

    /// The body as JSON, whatever its media type says.
    ///
    /// # Errors
    /// The body is empty, not JSON, or not a `T`.
    pub fn json<T: Slot>(&self) -> Result<T, DecodeError> {
        json::from_slice(self.0.body().as_bytes())
    }

    /// The body as text.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn text(&self) -> Result<String, DecodeError> {
        let text = std::str::from_utf8(self.0.body().as_bytes());
        text.map(str::to_owned).map_err(|_| Problem::NotUtf8.into())
    }

    /// The body as it is.
    ///
    /// # Errors
    /// None; the type is that of its siblings.
    pub fn bytes(&self) -> Result<Bytes, DecodeError> {
        Ok(self.0.body().clone().into())
    }

    /// The response itself.
    pub(super) fn into_raw(self) -> http::Response<Body> {
        self.0
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status().as_u16())
            .finish_non_exhaustive()
    }
}

/// A successful response: its body by [`Deref`], its status and its headers.
pub struct Response<T> {
    body: T,
    raw: http::Response<Body>,
}

impl<T> Response<T> {
    pub(super) fn new(body: T, raw: http::Response<Body>) -> Self {
        Self { body, raw }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.raw.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.raw.headers()
    }

    /// The response as it came; its body may hold secrets.
    pub fn raw(&self) -> &http::Response<Body> {
        &self.raw
    }

    /// The body, taken out.
    pub fn into_body(self) -> T {
        self.body
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status().as_u16())
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
