//! Token endpoints: what an operation that hands out tokens takes and gives.

use super::Status;
use crate::pointer::Pointer;
use serde_json::Value;

/// What `lower` knows about an operation that hands out tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenCall {
    /// What it is.
    pub kind: TokenKind,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why, in words, the weightiest first.
    pub reasons: Vec<String>,
    /// Body members that authenticate the client (`client_secret`); set ones stand for a Basic header,
    /// since RFC 6749 (section 2.3) allows one way per request.
    pub body_credentials: Vec<String>,
    /// Where everything is.
    pub profile: TokenProfile,
}

/// What an operation that hands out tokens is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// A token endpoint of OAuth 2 (RFC 6749, section 3.2): it takes a grant.
    OAuth,
    /// A login or an exchange of the vendor's own: a credential goes in, a token comes out.
    Issue,
    /// A token is made behind other security, for somebody or something else: it makes no source by itself.
    Mint,
}

/// How sure a conclusion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It is a guess by names.
    Low,
    /// Names and shapes agree.
    Medium,
    /// The document can hardly mean anything else.
    High,
    /// `x-specmint-token` says so.
    Said,
}

/// Where an operation takes what, and where its answer holds what.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenProfile {
    /// The statuses of an answer with a token.
    pub statuses: Vec<Status>,
    /// The token.
    pub token: TokenPlace,
    /// How long it lives: the first of these that an answer has.
    pub lifetimes: Vec<TokenLifetime>,
    /// Its type (`Bearer`).
    pub token_type: Option<TokenPlace>,
    /// What renews it.
    pub refresh_token: Option<TokenPlace>,
    /// How long that lives.
    pub refresh_lifetimes: Vec<TokenLifetime>,
    /// What it may be used for.
    pub scope: Option<TokenScope>,
    /// What an answer must say to be a success, beside its status.
    pub success: Option<TokenSuccess>,
    /// The request's members that matter, in the order of the document.
    pub inputs: Vec<TokenInput>,
    /// The ways in which the client proves who it is; empty if it need not.
    pub client_auth: Vec<ClientAuth>,
    /// How a refresh is asked for; `None`: the token is asked for anew.
    pub refresh: Option<TokenRefresh>,
    /// The scheme, no bearer scheme by itself, that the token is sent with.
    pub carrier: Option<TokenCarrier>,
}

/// Where an answer holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// The names of the members that lead to it, from the outside in.
    Body(Vec<String>),
    /// The name of a header.
    Header(String),
    /// The body is it: a JSON string, or a text.
    WholeBody,
}

/// How an answer tells how long something lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenLifetime {
    /// By a value.
    At(TokenPlace, LifetimeUnit),
    /// The token is a JWT (RFC 7519), whose `exp` says it.
    InToken,
}

/// What a value that tells a lifetime counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LifetimeUnit {
    /// Milliseconds from now.
    Milliseconds,
    /// Seconds from now.
    Seconds,
    /// Minutes from now.
    Minutes,
    /// Hours from now.
    Hours,
    /// Days from now.
    Days,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMilliseconds,
    /// A moment (RFC 3339).
    DateTime,
    /// A span: `PT1H` (ISO 8601) or `3600s`.
    Span,
    /// The document does not say: seconds from now, a moment where the number is too large for that, or a text.
    Unclear,
}

/// Where the scopes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenScope {
    /// Their place.
    pub place: TokenPlace,
    /// How they are written.
    pub form: ScopeForm,
}

/// How scopes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeForm {
    /// One text, with spaces between (RFC 6749, section 3.3).
    Text,
    /// A list of texts.
    List,
}

/// A flag of an answer that must not say otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenSuccess {
    /// The names of the members that lead to it.
    pub path: Vec<String>,
    /// What it is where a token was issued.
    pub is: Value,
}

/// A member of the request.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenInput {
    /// Where it goes.
    pub place: InputPlace,
    /// What it is.
    pub role: InputRole,
    /// The only value that the document allows, if it is a text.
    pub constant: Option<String>,
}

/// Where a member of a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputPlace {
    /// Into the body: the names of the members that lead to it.
    Body(Vec<String>),
    /// Behind the question mark.
    Query(String),
    /// Into a header.
    Header(String),
    /// Into the path.
    Path(String),
}

/// What a member of a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InputRole {
    /// `grant_type`.
    GrantType,
    /// Who the client is.
    ClientId,
    /// What proves it.
    ClientSecret,
    /// Who the user is.
    Username,
    /// What proves it.
    Password,
    /// A key that says who asks, and mostly proves it.
    ApiKey,
    /// What goes with a key.
    ApiSecret,
    /// What renews a token.
    RefreshToken,
    /// An authorization code, or one of a device.
    Code,
    /// What goes with a code: `redirect_uri`, `code_verifier`.
    WithCode,
    /// A signed statement.
    Assertion,
    /// A password for once.
    OneTimePassword,
    /// Another token, in exchange.
    Token,
    /// The scopes that are wanted.
    Scope,
    /// Whom or what the token is for: `audience`, `resource`.
    Audience,
    /// Which customer of the vendor's.
    Tenant,
}

/// How a client proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// By the scheme of this name, which is Basic.
    Basic(String),
    /// By another scheme.
    Scheme(String),
    /// By members of the request.
    Members,
}

/// How a refresh is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenRefresh {
    /// The operation that is called, by its place; the same one where it is `None`.
    pub operation: Option<Pointer>,
    /// Where the refresh token goes.
    pub token: InputPlace,
    /// The texts that are set beside it.
    pub set: Vec<(InputPlace, String)>,
    /// The members of the first request's body that the refresh token stands for: the same operation is called
    /// without them, and they are not needed any more.
    pub drop: Vec<Vec<String>>,
    /// The body's members that another operation gets from the first one.
    pub keep: Vec<Vec<String>>,
}

/// The scheme that a token is sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCarrier {
    /// The key of the scheme.
    pub scheme: String,
    /// What stands before the token: `Bearer `.
    pub prefix: String,
}
