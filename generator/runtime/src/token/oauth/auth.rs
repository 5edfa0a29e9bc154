//! How a client proves who it is: one way per request (RFC 6749, section 2.3).

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use super::super::super::form::form_encoded;
use super::super::super::{BasicEncoding, BuildError, BuildErrorKind, Secret};
use super::super::Identity;
use super::assertion::{AssertionSigner, Statement};
use super::form::Form;
use super::setup::Surroundings;

/// The type of assertions that are JWTs (RFC 7523, section 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How a client proves who it is. `Debug` shows the method alone.
#[derive(Clone)]
pub struct ClientAuth {
    id: String,
    method: Method,
}

#[derive(Clone)]
enum Method {
    Basic(Secret, BasicEncoding),
    Post(Secret),
    Assertion(Arc<dyn AssertionSigner>, Audience),
    #[cfg(feature = "jwt")]
    SecretAssertion(Arc<dyn AssertionSigner>, Audience),
    Public,
    Tls,
    Anonymous,
}

/// To whom a client's assertions are said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Audience {
    /// The authorization server, by its issuer identifier.
    #[default]
    Issuer,
    /// The token endpoint's URL, for servers that know no better.
    TokenUrl,
    /// This text.
    Fixed(String),
}

impl ClientAuth {
    /// `client_secret_basic`: id and secret in the header, form-encoded as RFC 6749, section 2.3.1 demands.
    pub fn basic(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::new(id, Method::Basic(secret.into(), BasicEncoding::Form))
    }

    /// `client_secret_basic` for servers that do not decode: id and secret as they are.
    pub fn basic_raw(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::new(id, Method::Basic(secret.into(), BasicEncoding::Raw))
    }

    /// `client_secret_post`: id and secret in the form.
    pub fn post(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::new(id, Method::Post(secret.into()))
    }

    /// `private_key_jwt`: an assertion that the client signs (RFC 7523).
    pub fn private_key_jwt(id: impl Into<String>, signer: impl AssertionSigner) -> Self {
        Self::new(id, Method::Assertion(Arc::new(signer), Audience::Issuer))
    }

    /// `client_secret_jwt`: an assertion that is signed with the secret, by HS256 (RFC 7518, section 3.2).
    #[cfg(feature = "jwt")]
    pub fn client_secret_jwt(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        let signer = super::jwt::JwtSigner::hs256(&secret.into());
        Self::new(
            id,
            Method::SecretAssertion(Arc::new(signer), Audience::Issuer),
        )
    }

    /// `none`: a public client, which has an id and no secret.
    pub fn public(id: impl Into<String>) -> Self {
        Self::new(id, Method::Public)
    }

    /// `tls_client_auth`: a certificate, which the transport presents (RFC 8705).
    pub fn tls(id: impl Into<String>) -> Self {
        Self::new(id, Method::Tls)
    }

    /// Nothing, not even an id, for servers that ask for none.
    pub fn anonymous() -> Self {
        Self::new("", Method::Anonymous)
    }

    /// To whom assertions are said; the issuer unless set, which is what keeps one server from using an
    /// assertion at another (CVE-2025-27370).
    #[must_use]
    pub fn assertion_audience(mut self, audience: Audience) -> Self {
        match &mut self.method {
            Method::Assertion(_, known) => *known = audience,
            #[cfg(feature = "jwt")]
            Method::SecretAssertion(_, known) => *known = audience,
            _ => {}
        }
        self
    }

    /// The method's name in the registry of RFC 7591, section 2.
    pub fn method(&self) -> &'static str {
        match self.method {
            Method::Basic(..) => "client_secret_basic",
            Method::Post(_) => "client_secret_post",
            Method::Assertion(..) => "private_key_jwt",
            #[cfg(feature = "jwt")]
            Method::SecretAssertion(..) => "client_secret_jwt",
            Method::Public | Method::Anonymous => "none",
            Method::Tls => "tls_client_auth",
        }
    }

    /// The client's id, if it has one.
    pub fn client_id(&self) -> Option<&str> {
        Some(self.id.as_str()).filter(|id| !id.is_empty())
    }

    fn new(id: impl Into<String>, method: Method) -> Self {
        Self {
            id: id.into(),
            method,
        }
    }

    fn assertion(&self) -> Option<(&dyn AssertionSigner, &Audience)> {
        match &self.method {
            Method::Assertion(signer, audience) => Some((signer.as_ref(), audience)),
            #[cfg(feature = "jwt")]
            Method::SecretAssertion(signer, audience) => Some((signer.as_ref(), audience)),
            _ => None,
        }
    }

    /// Looks whether requests can be made with it.
    pub(super) fn check(&self, issuer: Option<&str>) -> Result<(), BuildError> {
        let refused = |message: &str| Err(BuildError::new(BuildErrorKind::Credential, message));
        if self.id.is_empty() && !matches!(self.method, Method::Anonymous) {
            return refused("the client's id is empty");
        }
        if let Method::Basic(secret, BasicEncoding::Raw) = &self.method {
            let is_control = |char: char| char.is_control();
            let has_colon = self.id.contains(':');
            if has_colon || self.id.contains(is_control) || secret.expose().contains(is_control) {
                return refused(
                    "the client's id has a colon, or its id or secret has control characters, which Basic cannot \
                     carry as they are (RFC 7617, section 2)",
                );
            }
        }
        match self.assertion() {
            Some((_, Audience::Issuer)) if issuer.is_none() => refused(
                "the client's assertions are meant for the issuer: say who it is with `issuer`, or choose another \
                 audience with `assertion_audience`",
            ),
            _ => Ok(()),
        }
    }

    /// Adds the proof to a request.
    pub(super) fn apply<'a>(
        &'a self,
        around: &Surroundings<'_>,
        form: &mut Form<'a>,
        headers: &mut HeaderMap,
    ) -> Result<(), BuildError> {
        match &self.method {
            Method::Anonymous => {}
            Method::Public | Method::Tls => form.put("client_id", &self.id),
            Method::Basic(secret, encoding) => {
                headers.insert(AUTHORIZATION, basic(&self.id, secret, *encoding)?);
            }
            Method::Post(secret) => {
                form.put("client_id", &self.id);
                form.put("client_secret", secret.expose());
            }
            _ => {
                if let Some((signer, audience)) = self.assertion() {
                    let claims = self.statement(audience, around);
                    let claims = claims.now(around.clock, around.entropy)?;
                    form.put("client_id", &self.id);
                    form.put("client_assertion_type", JWT_BEARER);
                    form.put_owned("client_assertion", signer.sign(&claims)?);
                }
            }
        }
        Ok(())
    }

    fn statement(&self, audience: &Audience, around: &Surroundings<'_>) -> Statement {
        Statement {
            issuer: self.id.clone(),
            subject: Some(self.id.clone()),
            audience: match audience {
                Audience::Issuer => around.issuer.unwrap_or_default().to_owned(),
                Audience::TokenUrl => around.url.uri().to_string(),
                Audience::Fixed(text) => text.clone(),
            },
            others: Vec::new(),
        }
    }

    /// Tells who the client is, and what proves it.
    pub(super) fn identify(&self, identity: &mut Identity) {
        identity.part("client_id", &self.id);
        identity.part("client_auth", self.method());
        match &self.method {
            Method::Basic(secret, encoding) => {
                identity.part("client_secret", secret.expose());
                identity.part("basic_encoding", format!("{encoding:?}"));
            }
            Method::Post(secret) => identity.part("client_secret", secret.expose()),
            Method::Anonymous => identity.part("client_anonymous", ""),
            _ => {}
        }
        if let Some((signer, audience)) = self.assertion() {
            identity.part("assertion_audience", format!("{audience:?}"));
            signer.identify(identity);
        }
    }
}

impl fmt::Debug for ClientAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientAuth({})", self.method())
    }
}

/// `Basic` and base64 of id, colon and secret, by the standard alphabet and padded.
fn basic(id: &str, secret: &Secret, encoding: BasicEncoding) -> Result<HeaderValue, BuildError> {
    let pair = Zeroizing::new(match encoding {
        BasicEncoding::Form => [
            form_encoded(id).as_str(),
            ":",
            form_encoded(secret.expose()).as_str(),
        ]
        .concat(),
        BasicEncoding::Raw => [id, ":", secret.expose()].concat(),
    });
    let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    let text = Zeroizing::new(["Basic ", &encoded].concat());
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        let message = "the client's id and secret cannot be written as a header";
        BuildError::new(BuildErrorKind::Credential, message)
    })?;
    value.set_sensitive(true);
    Ok(value)
}
