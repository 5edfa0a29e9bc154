//! The API as plain data: what `lower` found out and `plan` decides over.
//!
//! No Rust names, no Rust types, no logic. Types live in one arena, [`Api::types`], and are named by
//! [`TypeId`]; everything else is a tree. Each thing that a diagnostic or a doc comment may speak of
//! carries `at`, its place in the document.

use crate::pointer::Pointer;
use serde_json::Value;

/// One API.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// Where the API lives; the first is the default. Never empty: without servers it holds `/`.
    pub servers: Vec<Server>,
    /// The tags that operations use, in the order of the document.
    pub tags: Vec<Tag>,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// The requests that the API sends by itself: `webhooks` and `callbacks`.
    pub webhooks: Vec<Webhook>,
    /// Every type that needs a definition of its own.
    pub types: Vec<Type>,
    /// `components.securitySchemes`, and those that `lower` understood from header parameters.
    pub schemes: Vec<SecurityScheme>,
}

/// The words that a name should be made of, outermost first: `["post_token", "200", "response"]`.
///
/// A wish, not a name: `plan` turns it into an identifier that is legal and free.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Called(pub Vec<String>);

/// What a document says about a thing in prose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Docs {
    /// `title`, or an operation's `summary`.
    pub summary: Option<String>,
    /// `description`, in CommonMark and untrusted.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `externalDocs.url`.
    pub link: Option<String>,
    /// An example value, if there is one.
    pub example: Option<Value>,
}

/// A base URL.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// Where it stands.
    pub at: Pointer,
    /// The words for its name, from its description or its host.
    pub called: Called,
    /// The URL as written, with `{variables}`; may be relative.
    pub url: String,
    /// `description`.
    pub description: Option<String>,
    /// The variables of `url`.
    pub variables: Vec<Variable>,
}

/// A variable of a server's URL.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// The name between the braces.
    pub wire_name: String,
    /// `default`.
    pub default: String,
    /// `enum`; empty if anything may be given.
    pub allowed: Vec<String>,
    /// `description`.
    pub description: Option<String>,
}

/// A tag, as operations use it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// `description`.
    pub description: Option<String>,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Where it stands.
    pub at: Pointer,
    /// The words of `operationId`, or of method and path where it is missing or not unique.
    pub called: Called,
    /// Its prose.
    pub docs: Docs,
    /// Its tags.
    pub tags: Vec<String>,
    /// The method in capitals: `POST`.
    pub method: String,
    /// The path template as written, without a fragment: `/pets/{petId}`.
    pub path: String,
    /// Servers of its own; empty if the API's hold.
    pub servers: Vec<Server>,
    /// Parameters, path-level ones included; those that OpenAPI reserves (Accept, Content-Type,
    /// Authorization) are not among them.
    pub params: Vec<Param>,
    /// The request body.
    pub body: Option<Body>,
    /// The responses by status.
    pub responses: Vec<Response>,
    /// The alternatives of which one must be met, each a list of schemes that go together. Empty: none is
    /// needed. An empty alternative: the call may go without.
    pub security: Vec<Vec<Requirement>>,
    /// What makes it a token endpoint, if it is one.
    pub token: Option<TokenCall>,
}

/// A request that the API sends, to an address that it was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Where it stands.
    pub at: Pointer,
    /// Its key under `webhooks`, or under `callbacks` of an operation.
    pub wire_name: String,
    /// The method in capitals.
    pub method: String,
    /// Its prose.
    pub docs: Docs,
    /// The body's media types, the preferred one first; empty if it has no body.
    pub content: Vec<Media>,
}

/// What `lower` knows about an operation that hands out tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenCall {
    /// Body members that authenticate the client (`client_secret`); set ones stand for a Basic header,
    /// since RFC 6749 (section 2.3) allows one way per request.
    pub body_credentials: Vec<String>,
}

/// A scheme that an operation asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// The key of [`SecurityScheme::wire_name`].
    pub scheme: String,
    /// The scopes it needs.
    pub scopes: Vec<String>,
}

/// A way to authenticate.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityScheme {
    /// Where it stands.
    pub at: Pointer,
    /// Its key under `components.securitySchemes`.
    pub wire_name: String,
    /// `description`.
    pub description: Option<String>,
    /// What it is.
    pub kind: SchemeKind,
}

/// What a security scheme is.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemeKind {
    /// A secret in a header, query parameter or cookie.
    ApiKey {
        /// Where it goes: never [`Location::Path`].
        location: Location,
        /// The name of the header, parameter or cookie.
        wire_name: String,
    },
    /// HTTP Basic (RFC 7617).
    Basic,
    /// HTTP Bearer (RFC 6750).
    Bearer,
    /// Another scheme of the `Authorization` header, such as `Digest`.
    OtherHttp(String),
    /// OAuth 2: sent as a bearer token.
    OAuth2(Vec<Flow>),
    /// OpenID Connect: sent as a bearer token.
    OpenIdConnect(String),
    /// A client certificate: the transport's business.
    MutualTls,
}

/// An OAuth 2 flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The key under `flows`: `clientCredentials`.
    pub kind: String,
    /// `tokenUrl` as written; may be relative.
    pub token_url: Option<String>,
    /// `refreshUrl` as written.
    pub refresh_url: Option<String>,
    /// `authorizationUrl` as written, or `deviceAuthorizationUrl` of the flow for devices (RFC 8628).
    pub authorization_url: Option<String>,
    /// Scope and description.
    pub scopes: Vec<(String, String)>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// How a parameter's value becomes text (OpenAPI 3.0, `style`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// `a,b`
    Simple,
    /// `.a.b`
    Label,
    /// `;x=a;x=b`
    Matrix,
    /// `x=a&x=b`
    Form,
    /// `x=a%20b`
    SpaceDelimited,
    /// `x=a|b`
    PipeDelimited,
    /// `x[k]=v`
    DeepObject,
    /// Tabs between (Swagger 2.0, `tsv`).
    TabDelimited,
    /// As a JSON text (`content: application/json`).
    Json,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Where it stands.
    pub at: Pointer,
    /// Its name on the wire.
    pub wire_name: String,
    /// Where it goes.
    pub location: Location,
    /// Whether the call must give it.
    pub required: bool,
    /// Its prose.
    pub docs: Docs,
    /// How it becomes text.
    pub style: Style,
    /// Whether arrays and objects are spread.
    pub explode: bool,
    /// Whether reserved characters go as they are.
    pub allow_reserved: bool,
    /// What it holds.
    pub schema: Schema,
}

/// A request body.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// Where it stands.
    pub at: Pointer,
    /// Whether the call must give it. `lower` also says so where the schema has required members, since a
    /// call without them cannot succeed.
    pub required: bool,
    /// Whether the document itself allows a call without it.
    pub may_be_left_out: bool,
    /// Its prose.
    pub docs: Docs,
    /// The media types, the preferred one first; never empty.
    pub content: Vec<Media>,
}

/// A media type and what it carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Media {
    /// Where it stands.
    pub at: Pointer,
    /// The media type as written, in lower case: `application/json`.
    pub media_type: String,
    /// What travels in it; `None` if the document does not say.
    pub schema: Option<Schema>,
    /// The parts with an `encoding` of their own, for forms.
    pub encoding: Vec<(String, Encoding)>,
    /// An example body.
    pub example: Option<Value>,
}

/// How one part of a form is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding {
    /// `contentType`.
    pub content_type: Option<String>,
    /// `style`.
    pub style: Option<Style>,
    /// `explode`.
    pub explode: bool,
}

/// Which statuses a response stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// One: `404`.
    Code(u16),
    /// A hundred: `4XX` is `Range(4)`.
    Range(u8),
    /// All that no other response stands for.
    Default,
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Where it stands.
    pub at: Pointer,
    /// Its status.
    pub status: Status,
    /// `description`.
    pub description: String,
    /// The media types; empty if it has no body or none is told.
    pub content: Vec<Media>,
    /// Response headers: name, whether it is always there, prose, what it holds.
    pub headers: Vec<Header>,
}

/// A response header.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its name.
    pub wire_name: String,
    /// Whether it is always there.
    pub required: bool,
    /// Its prose.
    pub docs: Docs,
    /// What it holds.
    pub schema: Schema,
}

/// The index of a type in [`Api::types`].
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
    /// Its prose.
    pub docs: Docs,
    /// What all its values keep to, beside what its members do.
    pub limits: Limits,
    /// What it is.
    pub shape: Shape,
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
    /// A type of [`Api::types`].
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
