//! The API as plain data: what `lower` found out and `plan` decides over.
//!
//! No Rust names, no Rust types, no logic. Types live in one arena, [`Api::types`], and are named by
//! [`TypeId`]; everything else is a tree. Each thing that a diagnostic or a doc comment may speak of
//! carries `at`, its place in the document.

mod pagination;
mod token;
mod types;

use crate::pointer::Pointer;
use serde_json::Value;

pub use pagination::*;
pub use token::*;
pub use types::*;

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
    /// `default`; `None` for a variable that is in the URL and not declared.
    pub default: Option<String>,
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
    /// What makes it hand out tokens, if it does.
    pub token: Option<TokenCall>,
    /// How its pages follow one another, if it answers in pages.
    pub pagination: Option<Pagination>,
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
    /// `bearerFormat`: what the document calls the format of a bearer token.
    pub bearer_format: Option<String>,
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
    /// `x=v` as it is (OpenAPI 3.2, cookies).
    Cookie,
    /// As a JSON text (`content: application/json`).
    Json,
    /// As a plain text (`content: text/plain`).
    Text,
    /// As a form in one text (`content: application/x-www-form-urlencoded`).
    Urlencoded,
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
    /// Whether it may go without a value, whatever the schema says.
    pub allow_empty: bool,
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
    /// Whether the schema is that of a list whose elements travel one by one (`itemSchema`).
    pub in_turn: bool,
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
    /// `allowReserved`.
    pub allow_reserved: bool,
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
    /// [`Style::Simple`], or [`Style::Json`] if it is described by `content`.
    pub style: Style,
    /// What it holds.
    pub schema: Schema,
}
