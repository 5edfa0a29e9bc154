//! What an API's description says of an OAuth 2 or OpenID Connect scheme, and endpoints made of it.

use super::super::super::server::BaseUrl;
use super::super::super::{ApiSpec, BuildError, BuildErrorKind, ServerSpec};
use super::auth::ClientAuth;
use super::authorize::AuthorizationRequest;
use super::discovery::Issuer;
use super::grant::OAuthGrant;
use super::setup::OAuthEndpointBuilder;
use super::url::TokenUrl;

/// A security scheme of type `oauth2` or `openIdConnect`. Generated code has a static for each.
#[derive(Clone, Debug)]
pub struct OAuthScheme {
    name: &'static str,
    api: &'static ApiSpec,
    flows: &'static [OAuthFlow],
    openid_url: Option<&'static str>,
    origin: Option<Origin>,
    variables: Vec<(String, String)>,
}

/// A flow of a scheme.
#[derive(Debug)]
pub struct OAuthFlow {
    /// Which one.
    pub kind: FlowKind,
    /// `tokenUrl`, as it is written; there is none for [`FlowKind::Implicit`].
    pub token_url: Option<&'static str>,
    /// `refreshUrl`
    pub refresh_url: Option<&'static str>,
    /// `authorizationUrl`, or `deviceAuthorizationUrl` for [`FlowKind::Device`].
    pub authorization_url: Option<&'static str>,
    /// The scopes that the flow knows.
    pub scopes: &'static [&'static str],
}

/// A kind of flow (OpenAPI 3.2, section 4.29).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlowKind {
    /// `clientCredentials`
    ClientCredentials,
    /// `password`
    Password,
    /// `authorizationCode`
    AuthorizationCode,
    /// `deviceAuthorization`
    Device,
    /// `implicit`, whose tokens come to a browser and not to this program (RFC 9700, section 2.1.2).
    Implicit,
}

/// Where a scheme's URLs are instead of where they are written.
#[derive(Clone, Debug)]
struct Origin {
    base: BaseUrl,
    scheme: OriginScheme,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OriginScheme {
    Https,
    LoopbackHttp,
}

impl OAuthScheme {
    /// What a description says of a scheme of an API. Generated code calls it.
    #[must_use]
    pub const fn new(
        name: &'static str,
        api: &'static ApiSpec,
        flows: &'static [OAuthFlow],
        openid_url: Option<&'static str>,
    ) -> Self {
        Self {
            name,
            api,
            flows,
            openid_url,
            origin: None,
            variables: Vec::new(),
        }
    }

    /// The scheme's name in the description.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The scheme's flows.
    pub fn flows(&self) -> &'static [OAuthFlow] {
        self.flows
    }

    /// The same scheme with this in place of scheme, host and port of all its URLs. A description with relative
    /// URLs and a relative server needs it, and so does one whose URLs are those of another environment.
    ///
    /// # Errors
    /// The text is not an https URL without a path.
    pub fn origin(&self, origin: &str) -> Result<Self, BuildError> {
        TokenUrl::new(origin)?;
        self.moved(origin, OriginScheme::Https)
    }

    /// The same scheme on this machine, over http; see [`TokenUrl::loopback_http`].
    ///
    /// # Errors
    /// The text is not http with a loopback address and without a path.
    pub fn loopback_http_origin(&self, origin: &str) -> Result<Self, BuildError> {
        TokenUrl::loopback_http(origin)?;
        self.moved(origin, OriginScheme::LoopbackHttp)
    }

    fn moved(&self, origin: &str, scheme: OriginScheme) -> Result<Self, BuildError> {
        let base = BaseUrl::parse_origin(origin)?;
        Ok(Self {
            origin: Some(Origin { base, scheme }),
            ..self.clone()
        })
    }

    /// The same scheme with a value for `{name}` in its URLs, such as a tenant.
    #[must_use]
    pub fn variable(&self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let mut scheme = self.clone();
        scheme.variables.push((name.into(), value.into()));
        scheme
    }

    /// An endpoint at the token URL of the flow that the grant belongs to, or, if there is no such flow, of the
    /// first that has one: servers take other grants there, too.
    ///
    /// # Errors
    /// No flow has a token URL, or it is not https.
    pub fn endpoint(
        &self,
        auth: ClientAuth,
        grant: impl Into<OAuthGrant>,
    ) -> Result<OAuthEndpointBuilder, BuildError> {
        let grant = grant.into();
        let kind = match grant.grant_type() {
            "client_credentials" => Some(FlowKind::ClientCredentials),
            "password" => Some(FlowKind::Password),
            "authorization_code" => Some(FlowKind::AuthorizationCode),
            _ => None,
        };
        let with_url = || self.flows.iter().filter(|flow| flow.token_url.is_some());
        let flow = with_url()
            .find(|flow| Some(flow.kind) == kind)
            .or_else(|| with_url().next());
        let Some(flow) = flow else {
            return Err(self.lacks("a token URL"));
        };
        let url = self.url(flow.token_url.unwrap_or_default())?;
        let refresh_url = flow.refresh_url.filter(|url| Some(*url) != flow.token_url);
        let builder = OAuthEndpointBuilder::new(url, auth, grant);
        match refresh_url {
            Some(url) => Ok(builder.refresh_url(self.url(url)?)),
            None => Ok(builder),
        }
    }

    /// A request for a user's consent, by the flow `authorizationCode`.
    ///
    /// # Errors
    /// There is no such flow, or its URL is not https.
    pub fn authorization_request(
        &self,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Result<AuthorizationRequest, BuildError> {
        let url = self.authorization_url(FlowKind::AuthorizationCode)?;
        Ok(AuthorizationRequest::new(url, client_id, redirect_uri))
    }

    /// Where a device asks for its codes; see [`OAuthEndpoint::device_request`](super::OAuthEndpoint::device_request).
    ///
    /// # Errors
    /// There is no flow for devices, or its URL is not https.
    pub fn device_url(&self) -> Result<TokenUrl, BuildError> {
        self.authorization_url(FlowKind::Device)
    }

    /// The OpenID provider, whose [`Metadata`](super::Metadata) say where its endpoints are.
    ///
    /// # Errors
    /// The scheme is not `openIdConnect`, or its URL is not that of an OpenID provider's metadata.
    pub fn issuer(&self) -> Result<Issuer, BuildError> {
        let Some(url) = self.openid_url else {
            return Err(self.lacks("the URL of an OpenID provider"));
        };
        let url = self.resolved(url)?;
        match self.is_loopback_http() {
            true => Issuer::of_loopback_openid_url(&url),
            false => Issuer::of_openid_url(&url),
        }
    }

    fn authorization_url(&self, kind: FlowKind) -> Result<TokenUrl, BuildError> {
        let flow = self.flows.iter().find(|flow| flow.kind == kind);
        match flow.and_then(|flow| flow.authorization_url) {
            Some(url) => self.url(url),
            None => Err(self.lacks("a flow of this kind with an authorization URL")),
        }
    }

    fn url(&self, reference: &'static str) -> Result<TokenUrl, BuildError> {
        let url = self.resolved(reference)?;
        match self.is_loopback_http() {
            true => TokenUrl::loopback_http(&url),
            false => TokenUrl::new(&url),
        }
    }

    fn is_loopback_http(&self) -> bool {
        let origin = self.origin.as_ref();
        origin.is_some_and(|origin| origin.scheme == OriginScheme::LoopbackHttp)
    }

    /// A URL of the description, with its variables and without being relative: to the API's first server, as
    /// OpenAPI 3.1, section 4.6 has it.
    fn resolved(&self, reference: &'static str) -> Result<String, BuildError> {
        let pairs: Vec<(&str, &str)> = self
            .variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let server = self.api.servers.first();
        let server = server.map(|server| server.url(&pairs)).unwrap_or_default();
        let reference = ServerSpec {
            url: reference,
            variables: &[],
        };
        let reference = reference.url(&pairs);
        let is_absolute = reference.contains("://") || reference.starts_with("//");
        let target = match is_absolute {
            true => path_of(&reference),
            false => joined(&path_of(&server), &reference),
        };
        match &self.origin {
            Some(origin) => Ok(origin.base.join(&target)),
            None if reference.starts_with("//") => Ok(["https:", &reference].concat()),
            None if is_absolute => Ok(reference),
            None => {
                let authority = server.split_once("//").map(|(scheme, rest)| {
                    let host = rest.split(['/', '?']).next().unwrap_or_default();
                    let scheme = if scheme.is_empty() { "https:" } else { scheme };
                    [scheme, "//", host].concat()
                });
                let origin = authority.ok_or_else(|| {
                    BuildError::new(
                        BuildErrorKind::OriginNeeded,
                        "the scheme's URLs are relative, and so is the API's server: say where they are with `origin`",
                    )
                })?;
                Ok([origin, target].concat())
            }
        }
    }

    fn lacks(&self, what: &str) -> BuildError {
        BuildError::new(
            BuildErrorKind::BaseUrl,
            format!("the security scheme `{}` has not {what}", self.name),
        )
    }
}

/// Path and query of a URL, be it relative or absolute.
fn path_of(url: &str) -> String {
    match url.split_once("//") {
        Some((_, rest)) => rest
            .find('/')
            .map_or("/", |slash| &rest[slash..])
            .to_owned(),
        None => url.to_owned(),
    }
}

/// A relative reference, seen from a path (RFC 3986, section 5.2): beside its last segment.
fn joined(base: &str, reference: &str) -> String {
    let folder = match reference.starts_with('/') {
        true => "",
        false => base.rsplit_once('/').map_or("", |(folder, _)| folder),
    };
    let (path, query) = match reference.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (reference, None),
    };
    let mut segments: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for segment in path.trim_start_matches('/').split('/') {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let mut out = ["/", &segments.join("/")].concat();
    if let Some(query) = query {
        out.push('?');
        out.push_str(query);
    }
    out
}
