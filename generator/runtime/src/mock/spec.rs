//! What the generator writes down for the fake of an operation.

use super::super::json::{self, Manner, Slot, read_value};
use super::super::operation::{Operation, OperationSpec, finish};
use super::super::param::{Explode, Style};
use super::super::rules::{CallRules, Input};
use super::super::{Body, DecodeError, Error};
use super::received::{Received, read_as};

/// An operation, as it tells about itself; implemented for every call.
pub trait Described: Operation {
    /// What the description says of it.
    const SPEC: &'static OperationSpec;

    /// What its body and its parameters keep to.
    fn rules() -> CallRules;
}

/// An operation with a fake; implemented by generated code.
pub trait FakeOperation: Described {
    /// What its body is read as.
    type Body;

    /// Its fake.
    const FAKE: &'static FakeSpec;

    /// Reads the body of a request.
    ///
    /// # Errors
    /// It is not what the operation declares.
    fn body(received: &Received) -> Result<Self::Body, DecodeError>;
}

/// The body of a request to an operation.
pub type BodyOf<O> = <O as FakeOperation>::Body;

/// What the fake of an operation knows.
#[derive(Debug)]
pub struct FakeSpec {
    /// What the client knows as well.
    pub spec: &'static OperationSpec,
    /// What the body and the parameters keep to.
    pub rules: fn() -> CallRules,
    /// The parameters.
    pub params: &'static [FakeParam],
    /// The body.
    pub body: FakeBody,
    /// The declared responses: single statuses before ranges, and those before `default`; of one status the
    /// preferred media type first.
    pub answers: &'static [FakeAnswer],
    /// Reads a response as the client does.
    pub check: fn(http::Response<Body>) -> Result<(), DecodeError>,
}

/// Whether a request can be without a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It cannot.
    Required,
    /// It can.
    Optional,
}

/// What kind of value a parameter has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One text, number or truth value.
    One,
    /// A list of those.
    Many,
    /// One text that may be several segments of the path.
    Wide,
    /// Something else: whether it is there is all that is looked at.
    Other,
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct FakeParam {
    /// Where it is, and its name.
    pub input: Input,
    /// Whether a request can be without it.
    pub need: Need,
    /// How it is written.
    pub style: Style,
    /// Whether lists are spread.
    pub explode: Explode,
    /// What kind of value it has.
    pub shape: Shape,
    /// Reads its JSON as its type, and writes it again: what was a text is a number where one is declared.
    pub read: fn(&[u8]) -> Result<Vec<u8>, DecodeError>,
}

/// The body of an operation's requests.
#[derive(Debug)]
pub struct FakeBody {
    /// Whether a request can be without it.
    pub need: Need,
    /// Reads it, and gives its JSON if it has one.
    pub read: fn(&Received) -> Result<Option<Vec<u8>>, DecodeError>,
}

/// The statuses that a response is declared for, from the first to the last.
pub type Statuses = (u16, u16);

/// A declared response.
#[derive(Debug)]
pub struct FakeAnswer {
    /// The statuses that it is declared for.
    pub statuses: Statuses,
    /// The one of them that the fake gives.
    pub status: u16,
    /// The media type; empty where there is no body.
    pub media_type: &'static str,
    /// The headers, as the document shows them.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body.
    pub body: &'static str,
}

impl FakeAnswer {
    pub(super) fn is_for(&self, status: u16) -> bool {
        (self.statuses.0..=self.statuses.1).contains(&status)
    }
}

/// Reads a parameter of this type and writes it again.
///
/// # Errors
/// It is no `T`.
pub fn param<T: Slot>(json: &[u8]) -> Result<Vec<u8>, DecodeError> {
    json::from_slice::<T>(json).map(|value| json::to_vec(&value))
}

/// Looks whether a body is a `T`: to the letter where it is JSON.
///
/// # Errors
/// It is not.
pub fn check_slot<T: Slot>(received: &Received) -> Result<Option<Vec<u8>>, DecodeError> {
    let json = read_as(received, &|json, manner| {
        let mut reader = json::Reader::new(json)?;
        reader.set_manner(manner);
        let value = read_value::<T>(&mut reader)?;
        reader.finish()?;
        Ok(match manner {
            Manner::Exact => json.to_vec(),
            Manner::Kind => json::to_vec(&value),
        })
    })?;
    Ok(Some(json))
}

/// Looks whether a body is text, and gives it as a JSON string.
///
/// # Errors
/// It is not UTF-8.
pub fn check_text(received: &Received) -> Result<Option<Vec<u8>>, DecodeError> {
    let mut out = Vec::new();
    json::write_text(&super::read_text(received)?, &mut out);
    Ok(Some(out))
}

/// Takes any body.
///
/// # Errors
/// None; the type is that of its siblings.
pub fn check_nothing(_: &Received) -> Result<Option<Vec<u8>>, DecodeError> {
    Ok(None)
}

/// Reads a response as the client does, and says whether it could.
///
/// # Errors
/// Its body is not what the operation declares.
pub fn check_answer<O: Operation>(response: http::Response<Body>) -> Result<(), DecodeError> {
    match finish::<O>(response) {
        Err(Error::Decode(failure)) => Err(failure.error().clone()),
        Err(Error::Api(refusal)) => refusal.decode_error().cloned().map_or(Ok(()), Err),
        _ => Ok(()),
    }
}
