//! The plan as data, second half: operations, their parameters, bodies and responses.

use super::{Fake, Gate, Location, OperationDocs, Role, Rule, Server, Type, Xml};
use crate::plan::names::Ident;
use crate::pointer::Pointer;

/// An operation, and the file that holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Where it stands in the document.
    pub at: Pointer,
    /// The method of the client.
    pub method: Ident,
    /// The call's type.
    pub name: Ident,
    /// The module, and the stem of the file.
    pub module: Ident,
    /// Docs of the method: the first lines.
    pub summary: Vec<String>,
    /// All that there is to tell.
    pub docs: OperationDocs,
    /// The example of what a call needs at least, as lines of Rust.
    pub example: Vec<String>,
    /// Whether the document advises against it.
    pub deprecated: Deprecation,
    /// `GET`, `POST`, …
    pub verb: String,
    /// The path template.
    pub path: String,
    /// The media types of requests, the default first.
    pub request_types: Vec<String>,
    /// The media types of responses.
    pub response_types: Vec<String>,
    /// The alternatives, each of schemes (by index) that go together.
    pub security: Vec<Vec<usize>>,
    /// The schemes of all alternatives, by index, each once.
    pub credentials: Vec<usize>,
    /// Servers of its own.
    pub servers: Vec<Server>,
    /// The setter that chooses one of them, where there is a choice.
    pub server: Option<ServerSetter>,
    /// The scopes that a token needs for it.
    pub scopes: Vec<String>,
    /// What there is to know if it is a token call.
    pub token: Option<TokenProfile>,
    /// How its pages follow one another, if it answers in pages.
    pub pages: Option<Pages>,
    /// Who uses what the runtime knows of it.
    pub reach: SpecReach,
    /// Required parameters, in the order of arguments.
    pub args: Vec<Param>,
    /// Optional parameters.
    pub setters: Vec<Param>,
    /// The body.
    pub body: Option<Body>,
    /// What success is.
    pub output: Output,
    /// What failure is.
    pub failure: Failure,
    /// The ways to read a success bit by bit.
    pub streams: Vec<Streaming>,
    /// The headers that its responses declare.
    pub headers: Option<Headers>,
    /// What it is compiled with.
    pub gate: Gate,
    /// What the parameters and the body keep to.
    pub rules: Vec<(Input, Vec<Rule>)>,
    /// Its fake.
    pub fake: Fake,
}

/// The setter of a call that chooses among the operation's own servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSetter {
    /// The setter.
    pub name: Ident,
    /// What it takes, in the module `servers`.
    pub ty: Ident,
}

/// Whether the document advises against using something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deprecation {
    /// It does not.
    #[default]
    Current,
    /// It does.
    Deprecated,
}

/// A token call.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenProfile {
    /// The members of the body that are credentials of the client.
    pub secrets: Vec<String>,
    /// The fields of the runtime's profile, as lines of Rust.
    pub fields: Vec<String>,
    /// A program that obtains a token, uses it and renews it, as lines of Rust.
    pub example: Vec<String>,
    /// The field that says how a refresh is asked for.
    pub refresh: Option<String>,
}

/// How the pages of an operation follow one another.
#[derive(Clone, Debug, PartialEq)]
pub struct Pages {
    /// The fields of what the runtime knows of it, as lines of Rust.
    pub fields: Vec<String>,
    /// An item, if pages are lists of items.
    pub item: Option<Type>,
}

/// Who uses what the runtime knows of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecReach {
    /// The operation itself.
    Own,
    /// Other operations, too.
    Siblings,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// The argument or setter.
    pub name: Ident,
    /// Its name on the wire.
    pub wire_name: String,
    /// Its docs.
    pub docs: Vec<String>,
    /// What it holds.
    pub ty: Type,
    /// Where it goes.
    pub location: Location,
    /// How it becomes text.
    pub style: Style,
    /// Whether lists and objects are spread.
    pub explode: Explode,
    /// Whether reserved characters go as they are.
    pub reserved: Reserved,
    /// The setter that sends it without a value, and its docs, where the document allows that and the type has
    /// no empty text.
    pub empty: Option<(Ident, Vec<String>)>,
}

/// How a value becomes text (OpenAPI 3.0, `style`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the styles are OpenAPI's")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    TabDelimited,
    Cookie,
    Json,
    Text,
    Urlencoded,
}

/// Whether lists and objects are spread over several parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explode {
    /// One parameter.
    No,
    /// One for each element or member.
    Yes,
}

/// Whether the characters that RFC 3986 reserves are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// They are.
    Encoded,
    /// They go as they are.
    Kept,
}

/// A request body.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The argument or setter.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// Whether it is an argument or a setter.
    pub presence: BodyPresence,
    /// What it holds.
    pub content: BodyContent,
    /// The parts with an encoding of their own.
    pub encoding: Vec<PartEncoding>,
    /// Whether it carries files beside its members.
    pub files: Files,
    /// The setter that takes a required body back, where the document allows a call without it.
    pub without: Option<Ident>,
}

/// Whether a body carries files beside its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// It does not.
    Refused,
    /// It does: `multipart`.
    Taken,
}

/// Whether a body is an argument or a setter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyPresence {
    /// An argument.
    Required,
    /// A setter.
    Optional,
}

/// What rules of a call are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The body, whatever it is sent as.
    Body,
    /// The body, if it is sent as this media type.
    BodyAs(String),
    /// A parameter, by its name on the wire.
    Param(Location, String),
}

/// What a body holds.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyContent {
    /// The same for all media types.
    One(Payload),
    /// An enum of this name, with a variant for each kind of payload.
    Choice(Ident, Vec<BodyVariant>),
}

/// A kind of payload of an operation that takes several.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyVariant {
    /// The variant.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// The media type that it goes with.
    pub media_type: String,
    /// What it holds.
    pub payload: Payload,
}

/// What travels in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing.
    Empty,
    /// A value that is written as JSON, form or multipart.
    Slot(Type),
    /// A value that is written as XML.
    Xml(Box<Xml>),
    /// A text.
    Text,
    /// Raw bytes.
    Bytes,
    /// Many values, each on a line of its own.
    Lines(Type),
}

impl Payload {
    /// Shows each type that it names.
    fn each_type<'o>(&'o self, role: Role, see: &mut dyn FnMut(Role, &'o Type)) {
        match self {
            Self::Slot(ty) | Self::Lines(ty) => see(role, ty),
            Self::Xml(xml) => see(role, &xml.ty),
            Self::Empty | Self::Text | Self::Bytes => {}
        }
    }

    /// The type of its values; `text` for texts, which are given and received differently.
    #[must_use]
    pub fn ty(&self, text: Type) -> Type {
        match self {
            Self::Empty => Type::Unit,
            Self::Slot(ty) => ty.clone(),
            Self::Xml(xml) => xml.ty.clone(),
            Self::Text => text,
            Self::Bytes => Type::Bytes,
            Self::Lines(ty) => Type::List(Box::new(ty.clone())),
        }
    }
}

/// How one part of a form is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartEncoding {
    /// The part.
    pub wire_name: String,
    /// Its media type.
    pub content_type: Option<String>,
    /// Its style.
    pub style: Option<Style>,
    /// Whether lists and objects are spread.
    pub explode: Explode,
    /// Whether reserved characters go as they are.
    pub reserved: Reserved,
}

/// What success is.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// The same for every status.
    Plain(Payload),
    /// An enum of this name.
    Enum(Ident, Vec<StatusVariant>),
}

/// What failure is.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// Nothing is declared.
    Undeclared,
    /// The same payload for all of these statuses, with the default among them standing for all others.
    Shared(Payload, Vec<Status>),
    /// An enum of this name.
    Enum(Ident, Vec<StatusVariant>),
}

/// A declared response.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusVariant {
    /// The variant.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// The statuses.
    pub status: Status,
    /// The media types that tell it from others of the same status; empty if there is no other.
    pub media_types: Vec<String>,
    /// What it holds.
    pub payload: Payload,
}

/// A way to read a response bit by bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Streaming {
    /// As bytes.
    Download,
    /// As Server-Sent Events that hold values of a type.
    Events(EventData, Type),
    /// As values of a type, in this media type.
    Records(String, Type),
}

/// What the value of an event is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventData {
    /// Its data, which are JSON.
    Json,
    /// Its data as a text.
    Text,
    /// An object of its fields.
    Fields,
}

/// The headers that the responses of an operation declare: a struct with a field for each.
#[derive(Clone, Debug, PartialEq)]
pub struct Headers {
    /// The struct.
    pub name: Ident,
    /// The headers.
    pub fields: Vec<HeaderField>,
}

/// A response header as a field, which is `None` where the response lacks it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderField {
    /// The field.
    pub name: Ident,
    /// The header.
    pub wire_name: String,
    /// Its docs.
    pub docs: Vec<String>,
    /// What it holds.
    pub ty: Type,
    /// How it is written: simple, or as JSON.
    pub style: Style,
}

/// Which statuses a response stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One.
    Code(u16),
    /// A hundred: 4 for 400 to 499.
    Range(u8),
    /// All others.
    Default,
}

impl Operation {
    /// Shows each type that the operation names, and what it is to it.
    pub fn each_type<'o>(&'o self, see: &mut dyn FnMut(Role, &'o Type)) {
        for param in self.args.iter().chain(&self.setters) {
            see(Role::Parameter, &param.ty);
        }
        match self.body.as_ref().map(|body| &body.content) {
            Some(BodyContent::One(payload)) => payload.each_type(Role::Body, see),
            Some(BodyContent::Choice(_, variants)) => {
                for variant in variants {
                    variant.payload.each_type(Role::Body, see);
                }
            }
            None => {}
        }
        match &self.output {
            Output::Plain(payload) => payload.each_type(Role::Success, see),
            Output::Enum(_, variants) => {
                for variant in variants {
                    variant.payload.each_type(Role::Success, see);
                }
            }
        }
        for stream in &self.streams {
            if let Streaming::Events(_, ty) | Streaming::Records(_, ty) = stream {
                see(Role::Success, ty);
            }
        }
        match &self.failure {
            Failure::Undeclared => {}
            Failure::Shared(payload, _) => payload.each_type(Role::Failure, see),
            Failure::Enum(_, variants) => {
                for variant in variants {
                    variant.payload.each_type(Role::Failure, see);
                }
            }
        }
        for header in self.headers.iter().flat_map(|headers| &headers.fields) {
            see(Role::Header, &header.ty);
        }
    }
}
