//! Requests as they came, for tests to look at.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HeaderMap};

use super::super::body::Syntax;
use super::super::json::{self, Manner, Problem, Slot, read_value};
use super::super::{Body, ContentType, DecodeError};
use super::form;
use super::path::{Held, pairs};
use super::spec::{BodyOf, FakeOperation};

/// A request that came to a fake. Its `Debug` shows method and path alone: the rest may be secret.
pub struct Received {
    request: http::Request<Body>,
    path: Held,
    query: Vec<(String, String)>,
    refusal: Option<String>,
}

impl Received {
    pub(super) fn new(request: http::Request<Body>) -> Self {
        let query = pairs(request.uri().query().unwrap_or_default());
        Self {
            request,
            path: Held::new(),
            query,
            refusal: None,
        }
    }

    pub(super) fn hold(&mut self, path: Held) {
        self.path = path;
    }

    pub(super) fn refuse(&mut self, why: String) {
        self.refusal = Some(why);
    }

    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.query
    }

    /// The request itself.
    pub fn raw(&self) -> &http::Request<Body> {
        &self.request
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// A header's text: the first of this name; `None` also if it is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    /// What stands in the path for `{name}`, decoded.
    pub fn path(&self, name: &str) -> Option<&str> {
        value(&self.path, name)
    }

    /// What the query says of a name, decoded; the first, if there are several.
    pub fn query(&self, name: &str) -> Option<&str> {
        value(&self.query, name)
    }

    /// All that the query says of a name, decoded.
    pub fn query_all(&self, name: &str) -> Vec<&str> {
        let named = self.query.iter().filter(|(found, _)| found == name);
        named.map(|(_, text)| text.as_str()).collect()
    }

    /// A cookie, as it was sent.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers().get_all(COOKIE).into_iter();
        cookies
            .filter_map(|cookies| cookies.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find_map(|(found, text)| (found == name).then_some(text))
    }

    /// The body, byte for byte.
    pub fn bytes(&self) -> &[u8] {
        self.request.body().as_bytes()
    }

    /// Why the fake refused the request; `None` if it did not.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// The body's media type as it was sent.
    pub(super) fn media_type(&self) -> &str {
        self.header(CONTENT_TYPE.as_str()).unwrap_or_default()
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("method", self.request.method())
            .field("path", &self.request.uri().path())
            .field("refusal", &self.refusal)
            .finish_non_exhaustive()
    }
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = pairs.iter().find(|(found, _)| found == name);
    found.map(|(_, text)| text.as_str())
}

/// A request to an operation: a [`Received`] whose body is of the operation's type.
pub struct Asked<O> {
    received: Arc<Received>,
    operation: PhantomData<fn() -> O>,
}

impl<O> Asked<O> {
    pub(super) fn new(received: Arc<Received>) -> Self {
        Self {
            received,
            operation: PhantomData,
        }
    }
}

impl<O: FakeOperation> Asked<O> {
    /// The body: JSON, or a form as the object that it was made from.
    ///
    /// # Errors
    /// It is not what the operation declares.
    pub fn body(&self) -> Result<BodyOf<O>, DecodeError> {
        O::body(&self.received)
    }
}

impl<O> Clone for Asked<O> {
    fn clone(&self) -> Self {
        Self::new(self.received.clone())
    }
}

impl<O> Deref for Asked<O> {
    type Target = Received;

    fn deref(&self) -> &Received {
        &self.received
    }
}

impl<O> fmt::Debug for Asked<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.received.fmt(f)
    }
}

/// Reads a body as JSON, whatever it came as, and as closely as that allows.
pub(super) fn read_as<R>(received: &Received, read: form::Read<'_, R>) -> Result<R, DecodeError> {
    let media_type = received.media_type();
    match ContentType::new(media_type.to_owned()).syntax() {
        Syntax::Form => form::read(&form::urlencoded(&read_text(received)?), read),
        Syntax::Multipart => {
            let pairs = form::multipart(media_type, received.bytes());
            form::read(&pairs.ok_or(Problem::Truncated)?, read)
        }
        Syntax::Text => {
            let mut json = Vec::new();
            json::write_text(&read_text(received)?, &mut json);
            read(&json, Manner::Kind)
        }
        _ => read(received.bytes(), Manner::Exact),
    }
}

/// Reads a body as a `T`.
///
/// # Errors
/// It is no `T`.
pub fn read_slot<T: Slot>(received: &Received) -> Result<T, DecodeError> {
    read_as(received, &|json, _| {
        let mut reader = json::Reader::new(json)?;
        let value = read_value::<T>(&mut reader)?;
        reader.finish()?;
        Ok(value)
    })
}

/// Reads a body as text.
///
/// # Errors
/// It is not UTF-8.
pub fn read_text(received: &Received) -> Result<String, DecodeError> {
    let text = std::str::from_utf8(received.bytes());
    text.map(str::to_owned).map_err(|_| Problem::NotUtf8.into())
}

/// The body as it is.
///
/// # Errors
/// None; the type is that of its siblings.
pub fn read_bytes(received: &Received) -> Result<Bytes, DecodeError> {
    Ok(received.raw().body().clone().into())
}

/// No body.
///
/// # Errors
/// None; the type is that of its siblings.
pub fn read_nothing(_: &Received) -> Result<(), DecodeError> {
    Ok(())
}
