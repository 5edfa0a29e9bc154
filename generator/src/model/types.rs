//! What values look like: the types of an API, and the schemas where they are used.

use super::{Called, Docs};
use crate::pointer::Pointer;
use serde_json::Value;

/// The index of a type in [`Api::types`](super::Api::types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// A type with a definition of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Where it stands (the first place, where equal ones are shared).
    pub at: Pointer,
    /// The words of its name.
    pub called: Called,
    /// Whether the document named it itself (a component): such names win over derived ones.
    pub named: bool,
    /// The other places where it stands, where equal ones are shared.
    pub twins: Vec<Twin>,
    /// What it is but for its prose, as a number that is the same wherever it stands; `None` for components.
    pub likeness: Option<u64>,
    /// Its prose.
    pub docs: Docs,
    /// What all its values keep to, beside what its members do.
    pub limits: Limits,
    /// How its values stand in XML, if the document says so.
    pub xml: Option<Box<Xml>>,
    /// What it is.
    pub shape: Shape,
}

/// Another place of a type, as if it stood there alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Twin {
    /// The place.
    pub at: Pointer,
    /// The words of its name.
    pub called: Called,
}

/// What a defined type is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// An object with members.
    Record(Record),
    /// One of a set of values.
    Enum(Enum),
    /// One of several schemas.
    Union(Union),
    /// Another name for a schema.
    Alias(Schema),
}

/// A schema where it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// What values it takes.
    pub kind: Kind,
    /// Whether `null` is one of them.
    pub nullable: bool,
    /// `default`.
    pub default: Option<Value>,
    /// Constraints, for the docs and for validation on demand.
    pub limits: Limits,
    /// How its values stand in XML, if the document says so here.
    pub xml: Option<Box<Xml>>,
}

/// How values stand in XML (OpenAPI 3.2, section 4.26; `nodeType` is the newer word for `attribute`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Xml {
    /// `name`.
    pub name: Option<String>,
    /// `namespace`.
    pub namespace: Option<String>,
    /// `prefix`.
    pub prefix: Option<String>,
    /// What kind of node they are.
    pub node: Option<XmlNode>,
    /// Whether an element stands around the items of a list.
    pub wrapped: Option<bool>,
}

/// A kind of node in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XmlNode {
    /// An element.
    Element,
    /// An attribute.
    Attribute,
    /// The text of an element.
    Text,
    /// The same as a CDATA section.
    Cdata,
    /// None: what it holds stands in the element around it.
    None,
}

/// What values a schema takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Any JSON value.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer(IntegerFormat),
    /// A number.
    Number(NumberFormat),
    /// A text.
    String(StringFormat),
    /// A list of one kind of thing.
    List(Box<Schema>),
    /// A list of fixed places, then of the rest, if the document says what that is.
    Tuple(Vec<Schema>, Option<Box<Schema>>),
    /// An object with keys that nobody knows beforehand.
    Map(Box<Schema>),
    /// A type of [`Api::types`](super::Api::types).
    Named(TypeId),
}

/// The width of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntegerFormat {
    /// `int8`.
    I8,
    /// `int16`.
    I16,
    /// `int32`.
    I32,
    /// `int64`, and those that do not say.
    I64,
    /// `uint8`.
    U8,
    /// `uint16`.
    U16,
    /// `uint32`.
    U32,
    /// `uint64`.
    U64,
}

/// The precision of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberFormat {
    /// `float`.
    F32,
    /// `double`, and those that do not say.
    F64,
    /// `decimal`: every digit counts.
    Decimal,
}

/// What a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StringFormat {
    /// Nothing in particular, or a format that is kept as text.
    Plain,
    /// A credential or a token: never printed.
    Secret,
    /// `byte`: base64 text.
    Base64,
    /// `binary`: raw bytes, outside JSON.
    Binary,
    /// `date-time` (RFC 3339).
    DateTime,
    /// `date` (RFC 3339 full-date).
    Date,
    /// `uuid`.
    Uuid,
    /// The digits of a whole number, such as `int64`.
    Integer(IntegerFormat),
    /// `decimal`: the digits of a number.
    Decimal,
}

/// What a value must keep to; told in the docs, checked on demand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Human-readable constraints in the words of JSON Schema, such as `maxLength: 30`.
    pub said: Vec<(String, Value)>,
}

/// An object with members.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The members, in the order of the document.
    pub fields: Vec<Field>,
    /// What other members may be there.
    pub rest: Rest,
}

/// Members beside the named ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Rest {
    /// Any (the default): kept.
    Any,
    /// All of this schema: kept.
    Typed(Box<Schema>),
    /// None (`additionalProperties: false`): tolerated when read, and kept out of the type.
    Closed,
}

/// A member of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where it stands.
    pub at: Pointer,
    /// Its name on the wire.
    pub wire_name: String,
    /// Whether it is always there.
    pub required: bool,
    /// `readOnly`: the server sets it.
    pub read_only: bool,
    /// `writeOnly`: the server never shows it.
    pub write_only: bool,
    /// Its prose.
    pub docs: Docs,
    /// What it holds.
    pub schema: Schema,
    /// The only value that the document allows, or the one that names the type among the alternatives of a
    /// union: sent unless the caller sets another.
    pub constant: Option<Value>,
}

/// A set of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// What the values are.
    pub base: EnumBase,
    /// The values, without doubles, in the order of the document.
    pub variants: Vec<Variant>,
}

/// What the values of an enum are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EnumBase {
    /// Texts.
    String,
    /// Whole numbers.
    Integer,
    /// Any scalars: texts, numbers and truth values side by side.
    Scalar,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The value.
    pub value: Value,
    /// The words of its name (`x-enum-varnames`, or made from the value).
    pub called: Called,
    /// Its prose (`x-enum-descriptions`).
    pub description: Option<String>,
}

/// One of several schemas.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// How one is told from another.
    pub by: UnionBy,
    /// The alternatives.
    pub variants: Vec<UnionVariant>,
}

/// How the alternatives of a union are told apart.
#[derive(Clone, Debug, PartialEq)]
pub enum UnionBy {
    /// The text of this member names the alternative ([`UnionVariant::tags`]).
    Tag(String),
    /// `oneOf`: exactly one must fit.
    Only,
    /// `anyOf`: the first that fits.
    First,
}

/// An alternative of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct UnionVariant {
    /// The words of its name.
    pub called: Called,
    /// The tag values that name it, for [`UnionBy::Tag`].
    pub tags: Vec<String>,
    /// What it holds.
    pub schema: Schema,
}

/// A place of the document that takes values, and what it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where it stands.
    pub at: Pointer,
    /// What stands there.
    pub holder: Holder,
    /// The schemas that describe it, all of which hold.
    pub schemas: Vec<Pointer>,
    /// What it takes, without default and limits.
    pub schema: Schema,
}

/// What takes values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A schema, wherever it stands: a component, a member, an item.
    Schema,
    /// A parameter.
    Parameter,
    /// A response header.
    Header,
    /// A media type of a body, as written, in lower case.
    Media(String),
}
