//! Authorization codes: how a user is asked for consent, and how the answer is believed (RFC 6749, section 4.1,
//! with PKCE by S256 of RFC 7636 and the issuer of RFC 9207).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::super::super::form::form_encoded;
use super::super::super::{BuildError, BuildErrorKind, Secret};
use super::super::read::{self, Members};
use super::super::{Identity, OAuthErrorCode};
use super::entropy::{Entropy, unguessable};
use super::form::Form;
use super::url::TokenUrl;

/// Names that the request sets itself, or that must never stand in a URL.
const RESERVED: [&str; 14] = [
    "access_token",
    "client_assertion",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "redirect_uri",
    "refresh_token",
    "resource",
    "response_type",
    "scope",
    "state",
];

/// A request for a user's consent.
///
/// ```
/// # use specmint_runtime as runtime;
/// use runtime::token::oauth::{AuthorizationRequest, SystemEntropy, TokenUrl};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let url = TokenUrl::new("https://auth.example.com/authorize")?;
/// let request = AuthorizationRequest::new(url, "an id", "https://app.example.com/back")
///     .scopes(["openid"])
///     .issuer("https://auth.example.com");
/// let (url, pending) = request.start(&SystemEntropy)?;
/// // Send the user to `url`, keep `pending` in the user's session, and when the user is back:
/// # let state = pending.state().expose().to_owned();
/// # let back = format!("https://app.example.com/back?code=c&state={state}&iss=https%3A%2F%2Fauth.example.com");
/// let code = pending.finish(&back)?;
/// # let _ = (url, code);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct AuthorizationRequest {
    url: TokenUrl,
    client_id: String,
    redirect_uri: String,
    scopes: Vec<String>,
    resources: Vec<String>,
    params: Vec<(String, String)>,
    issuer: Option<String>,
    issuer_rule: IssuerRule,
}

/// Whether the redirect must name the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IssuerRule {
    IfThere,
    Demanded,
}

impl AuthorizationRequest {
    /// A request to the authorization endpoint at `url`, from where the user comes back to `redirect_uri`.
    pub fn new(
        url: TokenUrl,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            url,
            client_id: client_id.into(),
            redirect_uri: redirect_uri.into(),
            scopes: Vec::new(),
            resources: Vec::new(),
            params: Vec::new(),
            issuer: None,
            issuer_rule: IssuerRule::IfThere,
        }
    }

    /// Asks for consent to these scopes.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Asks for consent to the use of this resource (RFC 8707), beside others.
    pub fn resource(mut self, uri: impl Into<String>) -> Self {
        self.resources.push(uri.into());
        self
    }

    /// Adds a parameter, such as `prompt`. It stands in a URL: no secret belongs there.
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// Says who the authorization server is. A redirect that names another issuer is refused (RFC 9207).
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Refuses a redirect that does not name the issuer: for servers whose metadata say
    /// `authorization_response_iss_parameter_supported`.
    pub fn demand_issuer(mut self) -> Self {
        self.issuer_rule = IssuerRule::Demanded;
        self
    }

    /// The URL to send the user to, and what is needed when the user comes back.
    ///
    /// # Errors
    /// A parameter takes the place of another or is there twice, or there is no randomness.
    pub fn start(
        self,
        entropy: &dyn Entropy,
    ) -> Result<(String, PendingAuthorization), BuildError> {
        self.check()?;
        let state = unguessable(entropy)?;
        let verifier = unguessable(entropy)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose()));
        let mut url = self.url.uri().to_string();
        let mut before = match self.url.uri().query() {
            Some(_) => '&',
            None => '?',
        };
        let mut put = |name: &str, value: &str| {
            url.push(before);
            before = '&';
            url.push_str(&form_encoded(name));
            url.push('=');
            url.push_str(&form_encoded(value));
        };
        put("response_type", "code");
        put("client_id", &self.client_id);
        put("redirect_uri", &self.redirect_uri);
        if !self.scopes.is_empty() {
            put("scope", &self.scopes.join(" "));
        }
        put("state", state.expose());
        put("code_challenge", &challenge);
        put("code_challenge_method", "S256");
        for resource in &self.resources {
            put("resource", resource);
        }
        for (name, value) in &self.params {
            put(name, value);
        }
        let pending = PendingAuthorization {
            state,
            verifier,
            redirect_uri: self.redirect_uri,
            issuer: self.issuer,
            issuer_rule: self.issuer_rule,
        };
        Ok((url, pending))
    }

    fn check(&self) -> Result<(), BuildError> {
        let refused = |message: String| Err(BuildError::new(BuildErrorKind::Parameter, message));
        let mut seen: Vec<&str> = Vec::new();
        for (name, _) in &self.params {
            let is = |known: &&str| known.eq_ignore_ascii_case(name);
            if name.is_empty() || RESERVED.iter().any(&is) {
                return refused(format!("`{name}` cannot be given by its name"));
            }
            if seen.iter().any(is) {
                return refused(format!("the parameter `{name}` is given twice"));
            }
            seen.push(name);
        }
        if self.issuer_rule == IssuerRule::Demanded && self.issuer.is_none() {
            return refused(
                "the issuer is demanded and not known: say who it is with `issuer`".to_owned(),
            );
        }
        Ok(())
    }
}

/// What is needed when the user comes back. Keep it in the user's own session: whoever has it can use the code.
#[derive(Clone)]
pub struct PendingAuthorization {
    state: Secret,
    verifier: Secret,
    redirect_uri: String,
    issuer: Option<String>,
    issuer_rule: IssuerRule,
}

impl PendingAuthorization {
    /// What a session has kept: [`state`](Self::state) and [`verifier`](Self::verifier), and the redirect URI
    /// and the issuer of the request.
    pub fn restore(
        state: impl Into<Secret>,
        verifier: impl Into<Secret>,
        redirect_uri: impl Into<String>,
        issuer: Option<String>,
    ) -> Self {
        Self {
            state: state.into(),
            verifier: verifier.into(),
            redirect_uri: redirect_uri.into(),
            issuer,
            issuer_rule: IssuerRule::IfThere,
        }
    }

    /// Refuses a redirect that does not name the issuer, as [`AuthorizationRequest::demand_issuer`] does.
    #[must_use]
    pub fn demand_issuer(mut self) -> Self {
        self.issuer_rule = IssuerRule::Demanded;
        self
    }

    /// The value that ties the redirect to this request.
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// The value that ties the code to this request (RFC 7636).
    pub fn verifier(&self) -> &Secret {
        &self.verifier
    }

    /// Reads the URL that the user came back to, or its query alone, and takes the code out of it.
    ///
    /// # Errors
    /// It belongs to another request, comes from another issuer, or holds an error.
    pub fn finish(self, redirect: &str) -> Result<AuthorizationCode, AuthorizationError> {
        use AuthorizationError as E;
        let before_fragment = redirect.split('#').next().unwrap_or_default();
        let query = match before_fragment.split_once('?') {
            Some((_, query)) => query,
            None => before_fragment,
        };
        let members = Members::form(query.as_bytes()).map_err(|_| E::Malformed)?;
        let text = |name: &str| members.get(name).and_then(read::Value::text);
        let state = text("state").ok_or(E::StateMismatch)?;
        if !same(state.as_bytes(), self.state.expose().as_bytes()) {
            return Err(E::StateMismatch);
        }
        match (text("iss"), &self.issuer) {
            (Some(found), Some(expected)) if *found != *expected => return Err(E::IssuerMismatch),
            (None, _) if self.issuer_rule == IssuerRule::Demanded => return Err(E::IssuerMismatch),
            _ => {}
        }
        if let Some(error) = text("error") {
            return Err(E::Refused {
                code: read::error_code(&error, &[]),
                untrusted_description: text("error_description")
                    .and_then(|it| read::description(&it)),
            });
        }
        let code = text("code")
            .filter(|code| !code.is_empty())
            .ok_or(E::Malformed)?;
        Ok(AuthorizationCode {
            code: Secret::from(code.as_str()),
            redirect_uri: Some(self.redirect_uri),
            verifier: Some(self.verifier),
        })
    }
}

impl fmt::Debug for PendingAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingAuthorization(..)")
    }
}

/// Whether two texts are the same, in a time that tells no more than their lengths.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differing = one
        .iter()
        .zip(other)
        .fold(0, |all, (one, other)| all | (one ^ other));
    one.len() == other.len() && std::hint::black_box(differing) == 0
}

/// An authorization code, which is good for one request.
#[derive(Clone)]
pub struct AuthorizationCode {
    code: Secret,
    redirect_uri: Option<String>,
    verifier: Option<Secret>,
}

impl AuthorizationCode {
    /// A code that came by other means, with the redirect URI of its request and the verifier of PKCE.
    pub fn new(
        code: impl Into<Secret>,
        redirect_uri: Option<String>,
        verifier: Option<Secret>,
    ) -> Self {
        Self {
            code: code.into(),
            redirect_uri,
            verifier,
        }
    }

    /// Adds the parameters of the token request.
    pub(super) fn put(self, form: &mut Form<'_>) {
        form.put_owned("code", self.code);
        if let Some(redirect_uri) = self.redirect_uri {
            form.put_owned("redirect_uri", redirect_uri);
        }
        if let Some(verifier) = self.verifier {
            form.put_owned("code_verifier", verifier);
        }
    }

    pub(super) fn identify(&self, identity: &mut Identity) {
        identity.part("code", self.code.expose());
        if let Some(redirect_uri) = &self.redirect_uri {
            identity.part("redirect_uri", redirect_uri);
        }
        if let Some(verifier) = &self.verifier {
            identity.part("code_verifier", verifier.expose());
        }
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizationCode(..)")
    }
}

/// Why a redirect gives no code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// It belongs to another request, or somebody made it up.
    StateMismatch,
    /// It comes from another authorization server than was asked (RFC 9207).
    IssuerMismatch,
    /// The server says no.
    Refused {
        /// The error code.
        code: Option<OAuthErrorCode>,
        /// What the server says, or whoever made the URL: at most 256 characters.
        untrusted_description: Option<Box<str>>,
    },
    /// It has no code, or a parameter twice.
    Malformed,
}

impl fmt::Display for AuthorizationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StateMismatch => "the redirect does not belong to this request",
            Self::IssuerMismatch => "the redirect comes from another authorization server",
            Self::Refused { .. } => "the authorization server refuses",
            Self::Malformed => "the redirect has no code, or a parameter twice",
        })
    }
}

impl std::error::Error for AuthorizationError {}
