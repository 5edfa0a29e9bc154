//! Responses: as they came, and with their body read.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use http::StatusCode;
use http::header::{self, HeaderMap, HeaderName};

use zeroize::{Zeroize as _, Zeroizing};

use super::charset;
use super::json::{self, Slot, write_text};
use super::media::MediaType;
use super::stream;
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
        self.media().essence()
    }

    pub(super) fn media(&self) -> MediaType<'_> {
        MediaType::of(self.headers())
    }

    /// Which of the declared media types the body is of: the very one, else one of the same format, else a range
    /// that holds it; the first, if none is or the response does not say.
    pub fn choose(&self, declared: &[&str]) -> usize {
        self.media().choose(declared)
    }

    /// The body as JSON, whatever its media type says.
    ///
    /// A body that is no such JSON, and of which the response says that it is plain text or does not say what it
    /// is, is read as a string of JSON would be. An empty body is `null` to a type that has it.
    ///
    /// # Errors
    /// The body is empty, not JSON, or not a `T`.
    pub fn json<T: Slot>(&self) -> Result<T, DecodeError> {
        let (bytes, media) = (self.0.body().as_bytes(), self.media());
        let text = Utf8(charset::json(bytes, media)?);
        let error = match json::from_slice(&text.0) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        if bytes.is_empty() {
            return json::from_slice(b"null").map_err(|_| error);
        }
        if !media.is_plain_text() && !media.is_missing() {
            return Err(error);
        }
        let Ok(text) = self.text().map(Zeroizing::new) else {
            return Err(error);
        };
        let mut quoted = Zeroizing::new(Vec::with_capacity(text.len() + 2));
        write_text(&text, &mut quoted);
        json::from_slice(&quoted).map_err(|_| error)
    }

    /// All records of the body: a value for each line (JSON Lines), or for each text of a sequence (RFC 7464).
    ///
    /// # Errors
    /// A record is not a `T`; the error says which.
    pub fn records<T: Slot>(&self) -> Result<Vec<T>, DecodeError> {
        stream::read_records(self.0.body().as_bytes())
    }

    /// The body as text, by the charset that the response says, or else UTF-8.
    ///
    /// # Errors
    /// It is not in that charset, or there is none of that name.
    pub fn text(&self) -> Result<String, DecodeError> {
        let text = charset::text(self.0.body().as_bytes(), self.media())?;
        Ok(text.into_owned())
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

/// A body as UTF-8, wiped when dropped if it is a copy.
struct Utf8<'a>(Cow<'a, [u8]>);

impl Drop for Utf8<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(copy) = &mut self.0 {
            copy.zeroize();
        }
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

    /// The response as it came, taken out.
    pub(super) fn into_raw(self) -> http::Response<Body> {
        self.raw
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
