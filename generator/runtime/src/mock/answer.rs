//! Answers: what a fake says, and how it fails to.

use std::fmt;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use super::super::body::Syntax;
use super::super::json::{Slot, to_vec};
use super::super::{Body, ContentType};
use super::spec::{FakeAnswer, FakeOperation, Statuses};

/// What a fake answers. Its `Debug` shows the status alone: the rest may be secret.
#[derive(Clone)]
pub struct Answer {
    pub(super) response: Response<Body>,
    pub(super) delay: Duration,
    pub(super) fault: Option<Fault>,
}

/// How a fake fails instead of answering whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Closes the connection without a word.
    Hangup,
    /// Says nothing, and keeps the connection until the client gives up.
    Silence,
    /// Sends the head and half of the body, then closes the connection.
    Cut,
}

/// A body that an operation may answer with; implemented by generated code for each of them.
pub trait Replies<O> {
    /// The statuses that it is declared for, each with the media type that it has there.
    const DECLARED: &'static [(Statuses, &'static str)];

    /// Writes it in a media type.
    fn write(&self, media_type: &str) -> Body;
}

/// Writes a value as a body: as JSON, or as its text where the media type is one of texts.
pub fn write_slot(value: &dyn Slot, media_type: &str) -> Body {
    let json = to_vec(value);
    let is_text = ContentType::new(media_type.to_owned()).syntax() == Syntax::Text;
    let text = is_text.then(|| serde_json::from_slice::<String>(&json).ok());
    match text.flatten() {
        Some(text) => Body::from(text),
        None => Body::from(json),
    }
}

/// Writes a value as XML, or as [`write_slot`] does where the media type is none of XML.
#[cfg(feature = "xml")]
pub fn write_slot_or_xml(
    value: &dyn Slot,
    media_type: &str,
    root: &super::super::xml::Root,
) -> Body {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match essence.ends_with("/xml") || essence.ends_with("+xml") {
        true => {
            let xml = super::super::xml::from_json(&to_vec(value), root);
            xml.map_or(Body::empty(), |xml| Body::from(xml.to_vec()))
        }
        false => write_slot(value, media_type),
    }
}

impl Answer {
    /// The answer that the description declares for a status, with this body.
    ///
    /// # Errors
    /// The description declares no such body for the status.
    pub fn of<O: FakeOperation, T: Replies<O>>(status: u16, body: &T) -> Result<Self, ScriptError> {
        let covers = |((first, last), _): &&(Statuses, &str)| (*first..=*last).contains(&status);
        let declared = T::DECLARED.iter().find(covers);
        let code = StatusCode::from_u16(status).ok();
        let (Some((_, media_type)), Some(code)) = (declared, code) else {
            return Err(ScriptError::undeclared(
                O::FAKE.spec.id,
                status,
                T::DECLARED,
            ));
        };
        let shown = O::FAKE.answers.iter();
        let mut shown = shown.filter(|one| one.is_for(status) && one.media_type == *media_type);
        let headers = shown.next().map(|one| one.headers).unwrap_or_default();
        Ok(Self::new(code, media_type, headers, body.write(media_type)))
    }

    /// The answer that a document shows.
    pub(super) fn shown(answer: &FakeAnswer) -> Self {
        let code = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
        Self::new(code, answer.media_type, answer.headers, answer.body.into())
    }

    /// A text for people.
    pub(super) fn text(code: StatusCode, text: &str) -> Self {
        Self::new(code, "text/plain", &[], text.to_owned().into())
    }

    fn new(
        code: StatusCode,
        media_type: &str,
        headers: &[(&'static str, &'static str)],
        body: Body,
    ) -> Self {
        let mut response = Response::new(body);
        *response.status_mut() = code;
        let mut answer = Self::from(response);
        for (name, value) in headers {
            put(answer.response.headers_mut(), name, value);
        }
        if !media_type.is_empty() {
            put(
                answer.response.headers_mut(),
                CONTENT_TYPE.as_str(),
                media_type,
            );
        }
        answer
    }

    /// The same with a header, in place of any other with its name.
    ///
    /// # Errors
    /// It has characters that cannot be sent.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, ScriptError> {
        match put(self.response.headers_mut(), name, value) {
            true => Ok(self),
            false => Err(ScriptError::header(name)),
        }
    }

    /// The same after this time.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The same, failing on the way.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }
}

/// Sets a header, and says whether it could.
pub(super) fn put(headers: &mut HeaderMap, name: &str, value: &str) -> bool {
    let name = HeaderName::from_bytes(name.as_bytes());
    match (name, HeaderValue::from_str(value)) {
        (Ok(name), Ok(value)) => {
            headers.insert(name, value);
            true
        }
        _ => false,
    }
}

impl<B: Into<Body>> From<Response<B>> for Answer {
    /// Any response at all, declared or not.
    fn from(response: Response<B>) -> Self {
        Self {
            response: response.map(Into::into),
            delay: Duration::ZERO,
            fault: None,
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.response.status().as_u16())
            .field("delay", &self.delay)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

/// What a test told a fake, and what the description does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError(String);

impl ScriptError {
    fn undeclared(operation: &str, status: u16, declared: &[(Statuses, &str)]) -> Self {
        let declared: Vec<String> = declared
            .iter()
            .map(|((first, last), _)| match first == last {
                true => first.to_string(),
                false => format!("{first} to {last}"),
            })
            .collect();
        Self(format!(
            "`{operation}` does not answer {status} with this body: it is declared for {}; `reply_raw` \
             answers anything",
            declared.join(", ")
        ))
    }

    pub(super) fn header(name: &str) -> Self {
        let name = name.escape_default();
        Self(format!(
            "the header `{name}` or its value has characters that cannot be sent"
        ))
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ScriptError {}
