//! What an endpoint is made of, and what may go together.

use std::sync::Arc;

use http::header::HeaderValue;

use super::super::super::{BuildError, BuildErrorKind, Secret};
use super::super::read::VendorCode;
use super::super::{Clock, OAuthErrorCode, SystemClock, TokenType};
use super::auth::ClientAuth;
use super::endpoint::OAuthEndpoint;
use super::entropy::{Entropy, SystemEntropy};
use super::form::{self, GivenTo, Params};
use super::grant::{Kind, OAuthGrant};
use super::url::TokenUrl;

/// Makes an [`OAuthEndpoint`].
#[must_use]
pub struct OAuthEndpointBuilder(pub(super) Setup);

/// All that an endpoint is made of.
pub(super) struct Setup {
    pub(super) url: TokenUrl,
    pub(super) auth: ClientAuth,
    pub(super) grant: OAuthGrant,
    pub(super) scopes: Vec<String>,
    pub(super) separator: Option<char>,
    pub(super) resources: Vec<String>,
    pub(super) audiences: Vec<String>,
    pub(super) params: Params,
    pub(super) issuer: Option<String>,
    pub(super) session: Option<String>,
    pub(super) refresh_url: Option<TokenUrl>,
    pub(super) revocation: Option<TokenUrl>,
    pub(super) unstated_type: Option<TokenType>,
    pub(super) vendor: Vec<VendorCode>,
    pub(super) statuses: Vec<u16>,
    pub(super) scope_rule: ScopeRule,
    pub(super) user_agent: Option<String>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
}

/// What becomes of a token with fewer scopes than were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeRule {
    /// It is used, and says what it was granted.
    Told,
    /// It is refused.
    Strict,
}

/// What a request is made in the midst of.
pub(super) struct Surroundings<'a> {
    pub(super) url: &'a TokenUrl,
    pub(super) issuer: Option<&'a str>,
    pub(super) clock: &'a dyn Clock,
    pub(super) entropy: &'a dyn Entropy,
}

impl OAuthEndpointBuilder {
    pub(super) fn new(url: TokenUrl, auth: ClientAuth, grant: OAuthGrant) -> Self {
        Self(Setup {
            url,
            auth,
            grant,
            scopes: Vec::new(),
            separator: None,
            resources: Vec::new(),
            audiences: Vec::new(),
            params: Vec::new(),
            issuer: None,
            session: None,
            refresh_url: None,
            revocation: None,
            unstated_type: None,
            vendor: Vec::new(),
            statuses: vec![200],
            scope_rule: ScopeRule::Told,
            user_agent: None,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        })
    }

    /// Asks for these scopes, and no others.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.0.scopes = Vec::new();
        for scope in scopes {
            let scope = scope.into();
            if !self.0.scopes.contains(&scope) {
                self.0.scopes.push(scope);
            }
        }
        self
    }

    /// Puts this between scopes where a vendor wants no space, such as a comma.
    pub fn scope_separator(mut self, separator: char) -> Self {
        self.0.separator = Some(separator);
        self
    }

    /// Refuses a token with fewer scopes than were asked for. Unless set, such a token is used, and says what it
    /// was granted.
    pub fn strict_scopes(mut self) -> Self {
        self.0.scope_rule = ScopeRule::Strict;
        self
    }

    /// Asks for a token for this resource (RFC 8707), beside others.
    pub fn resource(mut self, uri: impl Into<String>) -> Self {
        self.0.resources.push(uri.into());
        self
    }

    /// Asks for a token for this audience (RFC 8693, and what vendors make of it), beside others.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.0.audiences.push(audience.into());
        self
    }

    /// Adds a parameter to every token request. Names that have methods of their own are refused by
    /// [`build`](Self::build).
    pub fn param(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.0.params.push((name.into(), value.into()));
        self
    }

    /// Names the authorization server: its issuer identifier (RFC 8414, section 2).
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.0.issuer = Some(issuer.into());
        self
    }

    /// Says whose tokens these are, such as a user's id, so that they are found again by
    /// [`OAuthGrant::refresh_token`] with the same session.
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.0.session = Some(session.into());
        self
    }

    /// Renews tokens there, and not at the token endpoint (OpenAPI's `refreshUrl`).
    pub fn refresh_url(mut self, url: TokenUrl) -> Self {
        self.0.refresh_url = Some(url);
        self
    }

    /// Revokes tokens there (RFC 7009).
    pub fn revocation_url(mut self, url: TokenUrl) -> Self {
        self.0.revocation = Some(url);
        self
    }

    /// Takes a token of which the server does not tell the type for a bearer token.
    pub fn unstated_type_is_bearer(mut self) -> Self {
        self.0.unstated_type = Some(TokenType::Bearer);
        self
    }

    /// Says what an error code of the vendor's means.
    pub fn vendor_code(mut self, code: &'static str, meaning: OAuthErrorCode) -> Self {
        self.0.vendor.retain(|(known, _)| *known != code);
        self.0.vendor.push((code, meaning));
        self
    }

    /// Takes answers with these statuses for successes; 200 alone unless set (RFC 6749, section 5.1).
    pub fn success_statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.0.statuses = statuses.into_iter().collect();
        self
    }

    /// Names the program to the server.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.0.user_agent = Some(name.into());
        self
    }

    /// Tells the time for assertions; the machine's own clock unless set.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.0.clock = Arc::new(clock);
        self
    }

    /// Gives the random bytes for assertions; the operating system's unless set.
    pub fn entropy(mut self, entropy: impl Entropy) -> Self {
        self.0.entropy = Arc::new(entropy);
        self
    }

    /// Makes the endpoint.
    ///
    /// # Errors
    /// A parameter takes the place of another or is there twice, a scope or a credential has characters that
    /// cannot be sent, or an assertion has no audience.
    pub fn build(self) -> Result<OAuthEndpoint, BuildError> {
        let setup = self.0;
        setup.auth.check(setup.issuer.as_deref())?;
        let none = Vec::new();
        let of_grant = match &setup.grant.0 {
            Kind::Extension(extension) => &extension.params,
            _ => &none,
        };
        form::check(&[
            (&setup.params, GivenTo::Endpoint),
            (of_grant, GivenTo::Extension),
        ])?;
        setup.check_extension()?;
        setup.check_scopes()?;
        if let Some(name) = &setup.user_agent {
            HeaderValue::from_str(name).map_err(|_| {
                let message = "`user-agent` has characters that cannot be sent";
                BuildError::new(BuildErrorKind::Header, message)
            })?;
        }
        Ok(OAuthEndpoint(setup))
    }
}

impl std::fmt::Debug for OAuthEndpointBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("OAuthEndpointBuilder")
            .field(&self.0)
            .finish()
    }
}

impl Setup {
    pub(super) fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            url: &self.url,
            issuer: self.issuer.as_deref(),
            clock: self.clock.as_ref(),
            entropy: self.entropy.as_ref(),
        }
    }

    /// A grant of a type of its own must not pass for another, and an assertion is there once.
    fn check_extension(&self) -> Result<(), BuildError> {
        const TYPED: [&str; 5] = [
            "",
            "authorization_code",
            "client_credentials",
            "password",
            "refresh_token",
        ];
        let refused = |message| Err(BuildError::new(BuildErrorKind::Parameter, message));
        let Kind::Extension(extension) = &self.grant.0 else {
            return Ok(());
        };
        if TYPED.contains(&extension.grant_type.as_str()) {
            return refused("the grant has a constructor of its own: use that one");
        }
        let names_assertion = |(name, _): &(String, Secret)| name.eq_ignore_ascii_case("assertion");
        if extension.signs() && extension.params.iter().any(names_assertion) {
            return refused(
                "`assertion` is signed for every request and cannot be given by its name",
            );
        }
        Ok(())
    }

    /// Scopes are `1*NQCHAR` (RFC 6749, appendix A.4), and hold no separator.
    fn check_scopes(&self) -> Result<(), BuildError> {
        let allowed = |char: char| {
            matches!(char, '!' | '#'..='[' | ']'..='~') && Some(char) != self.separator
        };
        match self
            .scopes
            .iter()
            .all(|scope| !scope.is_empty() && scope.chars().all(allowed))
        {
            true => Ok(()),
            false => Err(BuildError::new(
                BuildErrorKind::Parameter,
                "a scope is empty or has characters that no scope has: give each by itself (RFC 6749, section 3.3)",
            )),
        }
    }
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.params.iter().map(|(name, _)| name).collect();
        f.debug_struct("OAuth")
            .field("url", &self.url)
            .field("auth", &self.auth)
            .field("grant", &self.grant)
            .field("scopes", &self.scopes)
            .field("params", &names)
            .finish_non_exhaustive()
    }
}
