//! A token endpoint of RFC 6749: its requests, and what its answers mean.

use std::fmt;

use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};

use super::super::super::{Body, BuildError, Secret};
use super::super::read::{self, Members, Unit};
use super::super::{
    Endpoint, Grant, Identity, Issued, Lifetime, OAuthErrorCode, Refusal, TokenErrorKind,
};
use super::auth::ClientAuth;
use super::form::Form;
use super::grant::{OAuthGrant, sorted};
use super::setup::{OAuthEndpointBuilder, ScopeRule, Setup};
use super::url::TokenUrl;

/// The members of an answer that RFC 6749, section 5.1 names, and those that tell a refresh token's lifetime at
/// GitHub and at Keycloak.
const KNOWN: [&str; 7] = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "refresh_token_expires_in",
    "refresh_expires_in",
];

/// The grant type of device codes.
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Whether a request says which scopes are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AskForScopes {
    Yes,
    No,
}

/// A token endpoint of OAuth 2 with a client, a grant and all parameters.
///
/// `Debug` shows neither credentials nor the values of parameters.
pub struct OAuthEndpoint(pub(super) Setup);

impl OAuthEndpoint {
    /// An endpoint at `url`, which the client asks for tokens by `grant`.
    pub fn builder(
        url: TokenUrl,
        auth: ClientAuth,
        grant: impl Into<OAuthGrant>,
    ) -> OAuthEndpointBuilder {
        OAuthEndpointBuilder::new(url, auth, grant.into())
    }

    /// Asks for a device code at `url`, the device authorization endpoint (RFC 8628, section 3.1).
    /// [`DeviceAuthorization::read`](super::DeviceAuthorization::read) reads the answer.
    ///
    /// # Errors
    /// The request cannot be made.
    pub fn device_request(&self, url: &TokenUrl) -> Result<http::Request<Body>, BuildError> {
        let mut form = Form::default();
        self.put_wishes(&mut form, AskForScopes::Yes);
        self.post(url, form)
    }

    /// Asks whether the user has consented (RFC 8628, section 3.4). [`read`](Endpoint::read) reads the answer.
    ///
    /// # Errors
    /// The request cannot be made.
    pub fn device_token_request(
        &self,
        device_code: &Secret,
    ) -> Result<http::Request<Body>, BuildError> {
        let mut form = Form::default();
        form.put("grant_type", DEVICE_CODE);
        form.put_owned("device_code", device_code.clone());
        self.put_wishes(&mut form, AskForScopes::No);
        self.post(&self.0.url, form)
    }

    /// Adds what is wanted of the token.
    fn put_wishes<'a>(&'a self, form: &mut Form<'a>, ask_for_scopes: AskForScopes) {
        let setup = &self.0;
        let scope = self.scope();
        if ask_for_scopes == AskForScopes::Yes && !scope.is_empty() {
            form.put_owned("scope", scope);
        }
        for resource in &setup.resources {
            form.put("resource", resource);
        }
        for audience in &setup.audiences {
            form.put("audience", audience);
        }
        for (name, value) in &setup.params {
            form.put(name, value.expose());
        }
    }

    /// The scopes in one text, as they are sent.
    fn scope(&self) -> String {
        let separator = self.0.separator.unwrap_or(' ');
        self.0.scopes.join(separator.encode_utf8(&mut [0; 4]))
    }

    /// Makes a request of a form, with the client's proof in it or beside it.
    fn post<'a>(
        &'a self,
        url: &TokenUrl,
        mut form: Form<'a>,
    ) -> Result<http::Request<Body>, BuildError> {
        let setup = &self.0;
        let mut headers = HeaderMap::new();
        let plain = HeaderValue::from_static;
        headers.insert(ACCEPT, plain("application/json"));
        headers.insert(CACHE_CONTROL, plain("no-store"));
        headers.insert(CONTENT_TYPE, plain("application/x-www-form-urlencoded"));
        if let Some(Ok(name)) = setup.user_agent.as_deref().map(HeaderValue::from_str) {
            headers.insert(USER_AGENT, name);
        }
        setup
            .auth
            .apply(&setup.surroundings(), &mut form, &mut headers)?;
        let mut request = http::Request::new(form.body());
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = url.uri().clone();
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn issued(&self, members: &Members<'_>) -> Result<Issued, Refusal> {
        let mut issued = Issued::new(read::access_token(members.get("access_token"))?);
        issued.token_type = read::token_type(members.get("token_type"), self.0.unstated_type)?;
        issued.lifetime = read::lifetime(members.get("expires_in"), Unit::Seconds)?;
        issued.refresh_token = read::refresh_token(members.get("refresh_token"))?;
        issued.refresh_lifetime = refresh_lifetime(members);
        issued.scope = read::scope(members.get("scope"), self.0.separator)?;
        issued.extra = read::extra(members, &KNOWN);
        match (&issued.scope, self.0.scope_rule) {
            (Some(granted), ScopeRule::Strict)
                if !self.0.scopes.iter().all(|scope| granted.contains(scope)) =>
            {
                Err(Refusal {
                    code: Some(OAuthErrorCode::InvalidScope),
                    detail: Some("fewer scopes were granted than asked for"),
                    ..Refusal::new(TokenErrorKind::RequestRejected)
                })
            }
            _ => Ok(issued),
        }
    }
}

/// How long the refresh token lives, if the answer says so in a way that vendors are known for. At Keycloak, 0 says
/// that it does not run out.
fn refresh_lifetime(members: &Members<'_>) -> Lifetime {
    let names = ["refresh_token_expires_in", "refresh_expires_in"];
    let value = names.iter().find_map(|name| members.get(name));
    match read::lifetime(value, Unit::Seconds) {
        Ok(Lifetime::In(span)) if !span.is_zero() => Lifetime::In(span),
        _ => Lifetime::Unstated,
    }
}

impl Endpoint for OAuthEndpoint {
    fn request(&self, grant: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
        let setup = &self.0;
        let mut form = Form::default();
        match grant {
            Grant::Initial => setup.grant.put(&mut form, &setup.surroundings())?,
            Grant::Refresh(token) => {
                form.put("grant_type", "refresh_token");
                form.put_owned("refresh_token", token.clone());
            }
        }
        // A refresh is for the scopes that were granted (RFC 6749, section 6), a code for those that were
        // consented to.
        let ask_for_scopes = match grant {
            Grant::Initial if setup.grant.asks_for_scopes() => AskForScopes::Yes,
            _ => AskForScopes::No,
        };
        self.put_wishes(&mut form, ask_for_scopes);
        let url = match grant {
            Grant::Initial => &setup.url,
            Grant::Refresh(_) => setup.refresh_url.as_ref().unwrap_or(&setup.url),
        };
        self.post(url, form)
    }

    fn read(&self, grant: Grant<'_>, response: &http::Response<Body>) -> Result<Issued, Refusal> {
        let setup = &self.0;
        let outcome = read::success(response, &setup.statuses, &setup.vendor)
            .and_then(|members| self.issued(&members))
            .map_err(|refusal| Refusal {
                status: Some(response.status().as_u16()),
                ..refusal
            });
        let is_final = match &outcome {
            Ok(_) => true,
            Err(refusal) => !refusal.kind.is_transient(),
        };
        if matches!(grant, Grant::Initial) && is_final {
            setup.grant.spend();
        }
        outcome
    }

    fn revocation(
        &self,
        access_token: Option<&Secret>,
        refresh_token: Option<&Secret>,
    ) -> Result<Vec<http::Request<Body>>, BuildError> {
        let Some(url) = &self.0.revocation else {
            return Ok(Vec::new());
        };
        let refresh = refresh_token.map(|token| (token, "refresh_token"));
        let access = access_token.map(|token| (token, "access_token"));
        let tokens = refresh.into_iter().chain(access);
        let request = |(token, hint): (&Secret, &'static str)| {
            let mut form = Form::default();
            form.put_owned("token", token.clone());
            form.put("token_type_hint", hint);
            self.post(url, form)
        };
        tokens.map(request).collect()
    }

    fn begins(&self) -> bool {
        self.0.grant.begins()
    }

    fn repeats(&self) -> bool {
        self.0.grant.repeats()
    }

    fn forget(&self) {
        self.0.grant.forget();
    }

    fn scopes(&self) -> &[String] {
        &self.0.scopes
    }

    fn identify(&self, identity: &mut Identity) {
        let setup = &self.0;
        identity.part("token_url", setup.url.uri().to_string());
        setup.auth.identify(identity);
        match &setup.session {
            // A session is the same whatever it began with.
            Some(session) if setup.grant.has_session() => {
                identity.part("grant_type", "refresh_token");
                identity.part("session", session);
            }
            session => {
                setup.grant.identify(identity);
                each(identity, "session", session);
            }
        }
        let mut scopes: Vec<&str> = setup.scopes.iter().map(String::as_str).collect();
        scopes.sort_unstable();
        each(identity, "scope", &scopes);
        each(identity, "resource", &setup.resources);
        each(identity, "audience", &setup.audiences);
        for (name, value) in sorted(&setup.params) {
            identity.part("param", name);
            identity.part("value", value.expose());
        }
        each(identity, "issuer", &setup.issuer);
        let refresh = setup.refresh_url.as_ref();
        each(
            identity,
            "refresh_url",
            &refresh.map(|url| url.uri().to_string()),
        );
        let revocation = setup.revocation.as_ref();
        each(
            identity,
            "revocation_url",
            &revocation.map(|url| url.uri().to_string()),
        );
        each(identity, "user_agent", &setup.user_agent);
        let separator = setup.separator.map(String::from);
        each(identity, "scope_separator", &separator);
        identity.part("scope_rule", format!("{:?}", setup.scope_rule));
        identity.part("unstated_type", format!("{:?}", setup.unstated_type));
        for status in &setup.statuses {
            identity.part("status", status.to_be_bytes());
        }
        for (code, meaning) in &setup.vendor {
            identity.part("vendor_code", code);
            identity.part("meaning", meaning.as_str());
        }
    }
}

/// Adds parts of one name.
fn each<'a, T: AsRef<str> + 'a>(
    identity: &mut Identity,
    name: &str,
    values: impl IntoIterator<Item = &'a T>,
) {
    for value in values {
        identity.part(name, value.as_ref());
    }
}

impl fmt::Debug for OAuthEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OAuthEndpoint").field(&self.0).finish()
    }
}
