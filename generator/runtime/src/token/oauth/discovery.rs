//! Metadata of authorization servers: RFC 8414, and OpenID Connect Discovery 1.0.
//!
//! Metadata say where the endpoints are. They are believed where the issuer is, byte for byte, the one that was
//! asked, and where the endpoints are at home with it; and they lower nothing that is set here: neither how the
//! client proves who it is nor the algorithm that it signs with.

use std::fmt;

use http::header::{ACCEPT, HeaderValue};

use super::super::super::{Body, BuildError, BuildErrorKind, Transport};
use super::super::read::{self, Members, Value};
use super::super::{Refusal, TokenError};
use super::auth::ClientAuth;
use super::exchange::{refused, send, unmade};
use super::grant::OAuthGrant;
use super::setup::OAuthEndpointBuilder;
use super::url::TokenUrl;

/// What stands behind an OpenID provider's issuer.
const OPENID: &str = "/.well-known/openid-configuration";

/// An authorization server's issuer identifier: an https URL without query and fragment (RFC 8414, section 2).
#[derive(Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    url: TokenUrl,
}

/// Which document is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataDocument {
    /// `oauth-authorization-server` (RFC 8414).
    OAuth,
    /// `openid-configuration` (OpenID Connect Discovery 1.0).
    OpenId,
}

impl Issuer {
    /// Reads an issuer identifier.
    ///
    /// # Errors
    /// It is not an https URL, or has a query or a fragment.
    pub fn new(issuer: &str) -> Result<Self, BuildError> {
        Self::at(issuer, TokenUrl::new(issuer)?)
    }

    /// Reads the issuer identifier of a server on this machine, over http; see [`TokenUrl::loopback_http`].
    ///
    /// # Errors
    /// It is another URL.
    pub fn loopback_http(issuer: &str) -> Result<Self, BuildError> {
        Self::at(issuer, TokenUrl::loopback_http(issuer)?)
    }

    /// The issuer whose document is at this URL: an API's description names that and not the issuer.
    ///
    /// # Errors
    /// The URL does not end in `/.well-known/openid-configuration`, or is not https.
    pub fn of_openid_url(url: &str) -> Result<Self, BuildError> {
        Self::new(without_openid(url)?)
    }

    /// The same on this machine.
    pub(super) fn of_loopback_openid_url(url: &str) -> Result<Self, BuildError> {
        Self::loopback_http(without_openid(url)?)
    }

    fn at(text: &str, url: TokenUrl) -> Result<Self, BuildError> {
        if url.uri().query().is_some() {
            return Err(BuildError::new(
                BuildErrorKind::BaseUrl,
                "an issuer identifier has no query (RFC 8414, section 2)",
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }

    /// The identifier, as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The request for a document.
    ///
    /// # Errors
    /// The URL would be too long.
    pub fn request(&self, document: MetadataDocument) -> Result<http::Request<Body>, BuildError> {
        let issuer = self.text.trim_end_matches('/');
        let path = self.url.uri().path().trim_end_matches('/');
        let origin = issuer.strip_suffix(path).unwrap_or(issuer);
        let url = match document {
            // Before the path (RFC 8414, section 3.1), and behind it (OpenID Connect Discovery, section 4).
            MetadataDocument::OAuth => {
                [origin, "/.well-known/oauth-authorization-server", path].concat()
            }
            MetadataDocument::OpenId => [issuer, OPENID].concat(),
        };
        let mut request = http::Request::new(Body::empty());
        *request.uri_mut() = url.parse().map_err(|_| {
            BuildError::new(BuildErrorKind::BaseUrl, "the issuer's URL is too long")
        })?;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json);
        Ok(request)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issuer({})", self.text)
    }
}

fn without_openid(url: &str) -> Result<&str, BuildError> {
    url.strip_suffix(OPENID).ok_or_else(|| {
        BuildError::new(
            BuildErrorKind::BaseUrl,
            "the URL of an OpenID provider's metadata ends in /.well-known/openid-configuration",
        )
    })
}

/// Where an issuer's endpoints may be: at its own host and the hosts below it, unless more are named.
///
/// Which hosts belong to one owner cannot be told from their names without a list of all public suffixes, so
/// that hosts beside the issuer's are named here: `oauth2.googleapis.com` for `accounts.google.com`.
#[derive(Clone, Debug, Default)]
pub struct Trust(Vec<String>);

impl Trust {
    /// The issuer's own host and those below it.
    #[must_use]
    pub fn same_site() -> Self {
        Self::default()
    }

    /// And this host.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.0.push(host.into());
        self
    }

    fn covers(&self, issuer: &TokenUrl, endpoint: &TokenUrl) -> bool {
        let host = endpoint.host().to_ascii_lowercase();
        let home = issuer.host().to_ascii_lowercase();
        let is_below = host
            .strip_suffix(&home)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        is_below || self.0.iter().any(|known| known.eq_ignore_ascii_case(&host))
    }
}

/// What an authorization server says of itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Metadata {
    /// The issuer that was asked, and that says so.
    pub issuer: Issuer,
    /// `token_endpoint`
    pub token_endpoint: Option<TokenUrl>,
    /// `authorization_endpoint`
    pub authorization_endpoint: Option<TokenUrl>,
    /// `device_authorization_endpoint` (RFC 8628, section 4)
    pub device_authorization_endpoint: Option<TokenUrl>,
    /// `revocation_endpoint`
    pub revocation_endpoint: Option<TokenUrl>,
    /// `scopes_supported`
    pub scopes: Option<Vec<String>>,
    /// `grant_types_supported`
    pub grant_types: Option<Vec<String>>,
    /// `token_endpoint_auth_methods_supported`
    pub auth_methods: Option<Vec<String>>,
    /// `authorization_response_iss_parameter_supported` (RFC 9207, section 3)
    pub names_issuer_in_redirect: bool,
}

impl Metadata {
    /// Reads the answer to [`Issuer::request`].
    ///
    /// # Errors
    /// It is none, it speaks for another issuer, or an endpoint is not https or not where `trust` allows.
    pub fn read(
        issuer: &Issuer,
        response: &http::Response<Body>,
        trust: &Trust,
    ) -> Result<Self, Refusal> {
        let members = read::success(response, &[200], &[])?;
        let named = members.get("issuer").and_then(Value::text);
        if named.as_deref().map(String::as_str) != Some(issuer.as_str()) {
            return Err(read::malformed("the metadata speak for another issuer"));
        }
        let endpoint = |name: &str| endpoint(&members, name, issuer, trust);
        let list = |name: &str| {
            let items = members.get(name)?.items()?;
            let texts = items.iter().filter_map(Value::text);
            Some(texts.map(|text| text.to_string()).collect())
        };
        let names_issuer = members.get("authorization_response_iss_parameter_supported");
        Ok(Self {
            issuer: issuer.clone(),
            token_endpoint: endpoint("token_endpoint")?,
            authorization_endpoint: endpoint("authorization_endpoint")?,
            device_authorization_endpoint: endpoint("device_authorization_endpoint")?,
            revocation_endpoint: endpoint("revocation_endpoint")?,
            scopes: list("scopes_supported"),
            grant_types: list("grant_types_supported"),
            auth_methods: list("token_endpoint_auth_methods_supported"),
            names_issuer_in_redirect: names_issuer
                .and_then(Value::scalar)
                .is_some_and(|it| *it == "true"),
        })
    }

    /// Asks an authorization server what it says of itself: by RFC 8414, and as an OpenID provider where there is
    /// no such document.
    ///
    /// # Errors
    /// No answer came, or none that is believed.
    pub async fn fetch(
        issuer: &Issuer,
        transport: &dyn Transport,
        trust: &Trust,
    ) -> Result<Self, TokenError> {
        let ask = async |document| {
            let request = issuer.request(document).map_err(unmade)?;
            send(transport, request).await
        };
        let mut response = ask(MetadataDocument::OAuth).await?;
        if response.status() == http::StatusCode::NOT_FOUND {
            response = ask(MetadataDocument::OpenId).await?;
        }
        Self::read(issuer, &response, trust).map_err(refused)
    }

    /// An endpoint at the token endpoint, with the issuer for assertions and the place to revoke at.
    ///
    /// # Errors
    /// There is no token endpoint, or it does not take the grant, or the client's proof, as it is configured.
    /// Another one is not chosen.
    pub fn endpoint(
        &self,
        auth: ClientAuth,
        grant: impl Into<OAuthGrant>,
    ) -> Result<OAuthEndpointBuilder, BuildError> {
        let refused = |message: &str| BuildError::new(BuildErrorKind::Credential, message);
        let grant = grant.into();
        let url = self.token_endpoint.clone();
        let url = url.ok_or_else(|| refused("the authorization server has no token endpoint"))?;
        let lacks = |list: &Option<Vec<String>>, wanted: &str| {
            let list = list.as_deref();
            list.is_some_and(|list| !list.iter().any(|known| known == wanted))
        };
        if lacks(&self.auth_methods, auth.method()) {
            return Err(refused(
                "the authorization server does not take this way to prove who the client is",
            ));
        }
        if lacks(&self.grant_types, grant.grant_type()) {
            return Err(refused("the authorization server does not take this grant"));
        }
        let builder = OAuthEndpointBuilder::new(url, auth, grant).issuer(self.issuer.as_str());
        Ok(match self.revocation_endpoint.clone() {
            Some(url) => builder.revocation_url(url),
            None => builder,
        })
    }
}

/// One endpoint of the metadata. One that must not be trusted spoils all: somebody has meddled.
fn endpoint(
    members: &Members<'_>,
    name: &str,
    issuer: &Issuer,
    trust: &Trust,
) -> Result<Option<TokenUrl>, Refusal> {
    let Some(value) = members.get(name) else {
        return Ok(None);
    };
    let refused = || read::malformed("an endpoint of the metadata is not an https URL");
    let text = value.text().ok_or_else(refused)?;
    // Plain http leads from this machine to this machine, if at all.
    let url = match issuer.url.is_loopback_http() {
        true => TokenUrl::loopback_http(&text),
        false => TokenUrl::new(&text),
    };
    let url = url.map_err(|_| refused())?;
    match trust.covers(&issuer.url, &url) {
        true => Ok(Some(url)),
        false => Err(read::malformed(
            "an endpoint of the metadata is at another host than its issuer: name the host if it is meant",
        )),
    }
}
