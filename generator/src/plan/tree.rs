//! The plan as data: everything that generated code is made of, with nothing left to decide.
//!
//! Docs are finished lines without the comment sign. Types are Rust types, expressions are literals.

mod authorization;
mod calls;
mod fakes;
mod guide;
mod index;
mod model_docs;
mod oauth;
mod pages;
mod rules;
mod servers;
mod xml;

pub use authorization::*;
pub use calls::*;
pub use fakes::*;
pub use guide::Guide;
pub use index::*;
pub use model_docs::*;
pub use oauth::*;
pub use pages::*;
pub use rules::*;
pub use servers::*;
pub use xml::*;

use super::names::Ident;
use crate::lock::Names;

/// One API: a module of the generated crate, and a feature of the same name.
#[derive(Clone, Debug, PartialEq)]
pub struct Api {
    /// The module.
    pub module: Ident,
    /// The spec that it was made from, as `@generated` lines name it.
    pub spec: String,
    /// `info.title` in one line, for lists.
    pub title: String,
    /// The module's docs.
    pub docs: Vec<String>,
    /// What its index says beside its lists.
    pub index: IndexDocs,
    /// What is told beside the title on the page of types: the requests that the API sends by itself.
    pub models_docs: Vec<String>,
    /// The servers to choose from.
    pub choices: Servers,
    /// The servers, the default first.
    pub servers: Vec<Server>,
    /// The servers and their variables, as lines of Markdown.
    pub base_uris: Vec<String>,
    /// The ways to authenticate.
    pub schemes: Vec<Scheme>,
    /// Where tokens for those of them come from that are OAuth 2 or OpenID Connect.
    pub oauth: OAuth,
    /// The constant of the scheme that tokens are sent with, where that is no bearer scheme.
    pub carrier: Option<Ident>,
    /// What the page of authorization says.
    pub authorization: Authorization,
    /// The operations.
    pub operations: Vec<Operation>,
    /// The operations by the pages that they stand on, each on one.
    pub groups: Vec<Group>,
    /// The types.
    pub models: Vec<Model>,
    /// What the README shows of it.
    pub guide: Guide,
    /// The type that each of the model's became, in their order.
    pub types: Vec<Ident>,
    /// At most how many types stand inside each other, those of the standard library among them.
    pub nesting: usize,
    /// The feature that the module stands behind.
    pub frame: String,
    /// Its features; those of tags sorted by name.
    pub features: Vec<Feature>,
    /// The names that were given, for the lock.
    pub names: Names,
}

/// A cargo feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// The features that it switches on.
    pub enables: Vec<String>,
    /// The tag that it is for, as Markdown.
    pub tag: Option<String>,
}

/// What a part of an API is compiled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The API's module.
    Open,
    /// Any of these features.
    Any(Vec<String>),
}

/// A base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// As written, with `{variables}`.
    pub url: String,
    /// Each variable and its default.
    pub variables: Vec<(String, String)>,
}

/// A way to authenticate.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheme {
    /// The static.
    pub constant: Ident,
    /// The setter, on the client's builder and on calls.
    pub setter: Ident,
    /// The setter's docs.
    pub docs: Vec<String>,
    /// Its key in the document.
    pub wire_name: String,
    /// What it is.
    pub kind: SchemeKind,
}

/// What a way to authenticate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// A secret in a place of the request.
    ApiKey(Location, String),
    /// A user's name and password.
    Basic,
    /// A bearer token.
    Bearer,
    /// Another scheme of the `Authorization` header, by its name.
    Http(String),
    /// A client certificate.
    MutualTls,
}

/// Where a parameter or a key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// Into the path.
    Path,
    /// Behind the question mark.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// A Rust type where it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the types of the same name")]
pub enum Type {
    Unit,
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    Decimal,
    String,
    Secret,
    Base64,
    Bytes,
    Part,
    Multipart,
    Upload,
    DateTime,
    Date,
    Uuid,
    Value,
    Extra,
    Named(Ident),
    Quoted(Box<Type>),
    Tuple(Vec<Type>),
    /// Places, and what follows them.
    OpenTuple(Vec<Type>, Box<Type>),
    List(Box<Type>),
    Map(Box<Type>),
    Optional(Box<Type>),
    Nullable(Box<Type>),
    Boxed(Box<Type>),
}

impl Type {
    /// Whether an argument of this type comes as `impl Into`.
    #[must_use]
    pub fn is_converted(&self) -> bool {
        matches!(
            self,
            Self::String | Self::Secret | Self::Bytes | Self::Part | Self::Upload | Self::Quoted(_)
        )
    }

    /// Shows the name of each defined type in it.
    pub fn each_name<'t>(&'t self, see: &mut dyn FnMut(&'t Ident)) {
        match self {
            Self::Named(name) => see(name),
            Self::List(inner)
            | Self::Map(inner)
            | Self::Optional(inner)
            | Self::Nullable(inner)
            | Self::Quoted(inner)
            | Self::Boxed(inner) => inner.each_name(see),
            Self::Tuple(places) => places.iter().for_each(|place| place.each_name(see)),
            Self::OpenTuple(places, rest) => {
                places.iter().for_each(|place| place.each_name(see));
                rest.each_name(see);
            }
            _ => {}
        }
    }
}

/// A value that generated code writes down.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A text, for anything that texts convert into.
    Text(String),
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A number.
    Number(f64),
    /// A variant of an enum without payload.
    Variant(Ident, Ident),
    /// Any JSON, as a text.
    Json(String),
}

/// A type with a definition of its own, and the file that holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The type.
    pub name: Ident,
    /// The module, and the stem of the file.
    pub module: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// Whether a secret is inside: then it is neither compared nor serialised.
    pub secret: Secrecy,
    /// What it is.
    pub shape: Shape,
    /// The types of the same API that it names.
    pub uses: Vec<Ident>,
    /// What it is compiled with.
    pub gate: Gate,
    /// What its values keep to; empty for what no request holds and for enums, which have theirs from the runtime.
    pub rules: Vec<Rule>,
    /// How its values stand in XML, if they ever do.
    pub xml: Option<XmlModel>,
    /// What its page and its rustdoc show beside its definition.
    pub page: ModelDocs,
}

/// Whether a type holds a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// It holds none.
    Open,
    /// It holds one, itself or in what it contains.
    Secret,
}

/// What a defined type is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A struct.
    Record(Record),
    /// An enum of texts.
    Texts(Vec<TextVariant>),
    /// An enum of whole numbers.
    Integers(Vec<IntegerVariant>),
    /// An enum of scalars of any kind.
    Scalars(Vec<ScalarVariant>),
    /// An enum of types.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
}

/// A struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The members.
    pub fields: Vec<Field>,
    /// The field that keeps unknown members, and its type.
    pub rest: Option<(Ident, Type)>,
    /// How a value of it is made.
    pub default: DefaultBy,
    /// The constructor; `None` for what only servers make.
    pub constructor: Option<Constructor>,
}

/// How a struct implements `Default`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultBy {
    /// Not at all: something is required.
    Absent,
    /// By derive.
    Derive,
    /// By `new`, since constants must be filled in.
    Constructor,
}

/// `new`, and the setters.
#[derive(Clone, Debug, PartialEq)]
pub struct Constructor {
    /// The fields that `new` takes, by index, in order.
    pub takes: Vec<usize>,
    /// The fields with setters, by index, and the setters' names.
    pub setters: Vec<(usize, Ident)>,
}

/// A member of a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The field.
    pub name: Ident,
    /// Its name on the wire.
    pub wire_name: String,
    /// What the document says about it; nothing, often.
    pub prose: Vec<String>,
    /// Who sets it and who sees it.
    pub access: Access,
    /// What its values keep to, and its default, each as Markdown in one line.
    pub limits: Vec<String>,
    /// Whether the document advises against it.
    pub deprecated: Deprecation,
    /// How it can be missing.
    pub presence: Presence,
    /// Whether requests hold it.
    pub sending: Sending,
    /// The type inside `Option` or `Nullable`, without the box.
    pub inner: Type,
    /// Whether it is on a cycle of types and so needs a box.
    pub boxed: Boxing,
    /// What `new` fills it with.
    pub constant: Option<Literal>,
    /// What an example gives it.
    pub example: Option<String>,
}

/// Whether a value stands behind a `Box`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boxing {
    /// In place.
    Inline,
    /// Behind a `Box`, since its type contains itself.
    Boxed,
}

/// Who sets a member and who sees it, as the document has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Both sides may do both.
    Open,
    /// Only the server sets it: `readOnly`.
    ReadOnly,
    /// The server never shows it: `writeOnly`.
    WriteOnly,
}

/// Whether requests hold a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// If it is set.
    Sent,
    /// Never: only the server sets it.
    ReadOnly,
}

/// How a member can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// `T`: always there.
    Required,
    /// `Option<T>`: always there, perhaps `null`.
    RequiredNullable,
    /// `Option<T>`: there or not.
    Optional,
    /// `Nullable<T>`: not there, `null`, or there.
    OptionalNullable,
}

/// A text and its variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextVariant {
    /// The variant.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// The text on the wire.
    pub text: String,
}

/// A whole number and its variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegerVariant {
    /// The variant.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// The number on the wire.
    pub number: i64,
}

/// A scalar and its variant.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalarVariant {
    /// The variant.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// The value on the wire.
    pub value: Literal,
}

/// An enum of types.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// How one is told from another.
    pub by: UnionBy,
    /// The alternatives.
    pub variants: Vec<UnionVariant>,
}

/// How the alternatives of a union are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnionBy {
    /// By the text of this member.
    Tag(String),
    /// Exactly one must fit.
    Only,
    /// The first that fits.
    First,
}

/// An alternative of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct UnionVariant {
    /// The variant.
    pub name: Ident,
    /// Its docs.
    pub docs: Vec<String>,
    /// What it holds, box included.
    pub ty: Type,
    /// The texts of the tag that name it.
    pub tags: Vec<String>,
}
