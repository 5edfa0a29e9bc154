//! The plan as data, third part: what the fakes of operations know beside what their calls do.

use super::{Api, Explode, Location, Operation, Style, Type, XmlRoot};

/// The fake of an operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fake {
    /// The parameters, in the order path, query, header, cookie.
    pub params: Vec<FakeParam>,
    /// The body.
    pub body: FakeBody,
    /// The declared responses: single statuses before ranges, and those before `default`.
    pub answers: Vec<FakeAnswer>,
    /// The bodies that may be answered, each type once.
    pub replies: Vec<FakeReply>,
    /// A test of a program that calls the operation, as lines of Rust; for one operation of an API.
    pub example: Vec<String>,
}

impl Api {
    /// The operation that the API's example of a test is about, if one can be sent.
    #[must_use]
    pub fn shown_with_fake(&self) -> Option<&Operation> {
        let mut operations = self.operations.iter();
        operations.find(|op| !op.fake.example.is_empty())
    }
}

/// A parameter, as a fake looks at it.
#[derive(Clone, Debug, PartialEq)]
pub struct FakeParam {
    /// Where it is.
    pub location: Location,
    /// Its name on the wire.
    pub wire_name: String,
    /// Whether a request can be without it.
    pub need: Need,
    /// How it is written.
    pub style: Style,
    /// Whether lists are spread.
    pub explode: Explode,
    /// What kind of value it has.
    pub shape: ParamShape,
    /// What it holds.
    pub ty: Type,
}

/// Whether a request can be without a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Need {
    /// It cannot.
    Required,
    /// It can.
    #[default]
    Optional,
}

/// What kind of value a parameter has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamShape {
    /// A scalar.
    One,
    /// A list of scalars.
    Many,
    /// A text that may be several segments of the path.
    Wide,
    /// Something else.
    Other,
}

/// The body, as a fake looks at it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FakeBody {
    /// Whether a request can be without it.
    pub need: Need,
    /// What it is read as.
    pub kind: FakeKind,
}

/// How a body is read or written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FakeKind {
    /// There is none.
    #[default]
    Nothing,
    /// As a value of a type.
    Slot(Type),
    /// As text.
    Text,
    /// As bytes.
    Bytes,
}

/// A declared response.
#[derive(Clone, Debug, PartialEq)]
pub struct FakeAnswer {
    /// The statuses that it is declared for, from the first to the last.
    pub statuses: (u16, u16),
    /// The one of them that the fake gives.
    pub status: u16,
    /// The media type; empty where there is no body.
    pub media_type: String,
    /// The headers, as the document shows them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// A body that may be answered.
#[derive(Clone, Debug, PartialEq)]
pub struct FakeReply {
    /// How it is written.
    pub kind: FakeKind,
    /// The statuses that it is declared for, each with its media type.
    pub declared: Vec<((u16, u16), String)>,
    /// The root that it has as XML.
    pub xml: Option<XmlRoot>,
}
