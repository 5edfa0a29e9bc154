//! OAuth 2 and OpenID Connect: what an API says of where its tokens come from.

use super::super::names::Ident;

/// The module `oauth` of an API.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OAuth {
    /// The statements of its example.
    pub example: Vec<String>,
    /// The schemes. Without any there is no module.
    pub schemes: Vec<OAuthScheme>,
}

/// A scheme of type `oauth2` or `openIdConnect`.
#[derive(Clone, Debug, PartialEq)]
pub struct OAuthScheme {
    /// The static.
    pub constant: Ident,
    /// The module of its scopes.
    pub module: Ident,
    /// The static's docs.
    pub docs: Vec<String>,
    /// Its key in the document.
    pub wire_name: String,
    /// The flows of `oauth2`.
    pub flows: Vec<OAuthFlow>,
    /// `openIdConnectUrl`
    pub openid_url: Option<String>,
    /// All its scopes.
    pub scopes: Vec<OAuthScope>,
}

/// A flow.
#[derive(Clone, Debug, PartialEq)]
pub struct OAuthFlow {
    /// The variant of the runtime's `FlowKind`.
    pub kind: &'static str,
    /// `tokenUrl`
    pub token_url: Option<String>,
    /// `refreshUrl`
    pub refresh_url: Option<String>,
    /// `authorizationUrl` or `deviceAuthorizationUrl`
    pub authorization_url: Option<String>,
    /// Its scopes, by their place in [`OAuthScheme::scopes`].
    pub scopes: Vec<usize>,
}

/// A scope.
#[derive(Clone, Debug, PartialEq)]
pub struct OAuthScope {
    /// The constant.
    pub name: Ident,
    /// The scope as it is asked for.
    pub wire_name: String,
    /// Its docs.
    pub docs: Vec<String>,
}
