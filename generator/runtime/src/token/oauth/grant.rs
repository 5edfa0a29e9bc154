//! Grants: by what a token is asked for the first time.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::super::super::{BuildError, BuildErrorKind, Secret};
use super::super::Identity;
use super::assertion::{AssertionSigner, Statement, is_registered};
use super::authorize::AuthorizationCode;
use super::form::{Form, Params};
use super::setup::Surroundings;

/// By what a token is asked for the first time. `Debug` shows the grant's name alone.
pub struct OAuthGrant(pub(super) Kind);

pub(super) enum Kind {
    ClientCredentials,
    /// Only ever renewed; the name of the session.
    RefreshToken(String),
    Password(String, Password),
    Code(Once<AuthorizationCode>),
    Extension(Extension),
}

/// Where a password comes from.
pub(super) enum Password {
    Kept(Once<Secret>),
    Asked(Arc<dyn Fn() -> Option<Secret> + Send + Sync>),
}

impl OAuthGrant {
    /// `client_credentials`: the client's own tokens (RFC 6749, section 4.4).
    #[must_use]
    pub fn client_credentials() -> Self {
        Self(Kind::ClientCredentials)
    }

    /// `refresh_token` alone: the source is given the first refresh token (RFC 6749, section 6).
    ///
    /// `session` says whose tokens these are, such as a user's id. Two sessions never share a token.
    pub fn refresh_token(session: impl Into<String>) -> Self {
        Self(Kind::RefreshToken(session.into()))
    }

    /// `authorization_code`: what a user's consent has led to (RFC 6749, section 4.1). A code is sent once.
    pub fn authorization_code(code: AuthorizationCode) -> Self {
        let mut identity = Identity::default();
        code.identify(&mut identity);
        Self(Kind::Code(Once::new(code, identity.digest())))
    }

    /// `password`: a user's name and password, in the hands of this program.
    ///
    /// # Danger
    /// RFC 9700, section 2.4 forbids this grant: the client sees the password, and the user learns to give it
    /// away. It is here for servers that know no other. The password is forgotten after the first answer with a
    /// refresh token; without one it stays, which RFC 6749, section 4.3.1 does not want:
    /// [`danger_password_from`](Self::danger_password_from) asks for it each time instead.
    pub fn danger_password(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        let password = password.into();
        let digest = Sha256::digest(password.expose()).into();
        Self(Kind::Password(
            user.into(),
            Password::Kept(Once::new(password, digest)),
        ))
    }

    /// `password`, which is asked for each time that it is needed and never kept.
    ///
    /// # Danger
    /// See [`danger_password`](Self::danger_password).
    pub fn danger_password_from(
        user: impl Into<String>,
        ask: impl Fn() -> Option<Secret> + Send + Sync + 'static,
    ) -> Self {
        Self(Kind::Password(user.into(), Password::Asked(Arc::new(ask))))
    }

    /// The value of `grant_type`.
    pub fn grant_type(&self) -> &str {
        match &self.0 {
            Kind::ClientCredentials => "client_credentials",
            Kind::RefreshToken(_) => "refresh_token",
            Kind::Password(..) => "password",
            Kind::Code(_) => "authorization_code",
            Kind::Extension(extension) => &extension.grant_type,
        }
    }

    /// Adds the parameters of the first request.
    pub(super) fn put<'a>(
        &'a self,
        form: &mut Form<'a>,
        around: &Surroundings<'_>,
    ) -> Result<(), BuildError> {
        form.put("grant_type", self.grant_type());
        match &self.0 {
            Kind::ClientCredentials => {}
            Kind::RefreshToken(_) => {
                return Err(missing(
                    "this endpoint renews tokens and has no first one: give the source a refresh token",
                ));
            }
            Kind::Password(user, password) => {
                let password = match password {
                    Password::Kept(kept) => kept.get(),
                    Password::Asked(ask) => ask(),
                };
                let password = password.ok_or_else(|| {
                    missing("the password is not known any more: a person must log in again")
                })?;
                form.put("username", user);
                form.put_owned("password", password);
            }
            Kind::Code(code) => {
                let code = code.get();
                code.ok_or_else(|| {
                    missing("the authorization code is spent: a person must log in again")
                })?
                .put(form);
            }
            Kind::Extension(extension) => extension.put(form, around)?,
        }
        Ok(())
    }

    /// Whether the first request says which scopes are wanted.
    pub(super) fn asks_for_scopes(&self) -> bool {
        !matches!(self.0, Kind::Code(_))
    }

    /// Whether a user has begun something that goes on by refresh tokens alone.
    pub(super) fn has_session(&self) -> bool {
        matches!(self.0, Kind::Code(_))
    }

    /// Whether there is a first token to be had without a refresh token.
    pub(super) fn begins(&self) -> bool {
        !matches!(self.0, Kind::RefreshToken(_))
    }

    /// Whether the first request may be sent again.
    pub(super) fn repeats(&self) -> bool {
        match &self.0 {
            Kind::ClientCredentials => true,
            Kind::RefreshToken(_) | Kind::Code(_) => false,
            Kind::Password(_, Password::Kept(kept)) => kept.get().is_some(),
            Kind::Password(_, Password::Asked(_)) => true,
            Kind::Extension(extension) => !extension.once,
        }
    }

    /// Forgets what can be sent only once.
    pub(super) fn spend(&self) {
        if let Kind::Code(code) = &self.0 {
            code.forget();
        }
    }

    /// Forgets what a refresh token replaces.
    pub(super) fn forget(&self) {
        self.spend();
        if let Kind::Password(_, Password::Kept(kept)) = &self.0 {
            kept.forget();
        }
    }

    /// Tells what the first request is about.
    pub(super) fn identify(&self, identity: &mut Identity) {
        identity.part("grant_type", self.grant_type());
        match &self.0 {
            Kind::ClientCredentials => {}
            Kind::RefreshToken(session) => identity.part("session", session),
            Kind::Password(user, password) => {
                identity.part("username", user);
                match password {
                    Password::Kept(kept) => identity.part("password", kept.digest),
                    Password::Asked(_) => identity.part("password_asked", ""),
                }
            }
            Kind::Code(code) => identity.part("code", code.digest),
            Kind::Extension(extension) => extension.identify(identity),
        }
    }
}

impl fmt::Debug for OAuthGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OAuthGrant({})", self.grant_type())
    }
}

impl From<Extension> for OAuthGrant {
    fn from(extension: Extension) -> Self {
        Self(Kind::Extension(extension))
    }
}

/// A grant of another RFC's or a vendor's: a type and parameters.
///
/// ```
/// # use specmint_runtime::token::oauth::{Extension, OAuthGrant};
/// let grant = OAuthGrant::from(
///     Extension::new("urn:example:api-key").param("api_key", "not a secret"),
/// );
/// assert_eq!(grant.grant_type(), "urn:example:api-key");
/// ```
pub struct Extension {
    pub(super) grant_type: String,
    pub(super) params: Params,
    assertion: Option<(Statement, Arc<dyn AssertionSigner>)>,
    once: bool,
}

impl Extension {
    /// A grant of this type.
    pub fn new(grant_type: impl Into<String>) -> Self {
        Self {
            grant_type: grant_type.into(),
            params: Vec::new(),
            assertion: None,
            once: false,
        }
    }

    /// `token-exchange`: a token for another (RFC 8693), of a type such as
    /// `urn:ietf:params:oauth:token-type:access_token`.
    pub fn token_exchange(subject_token: impl Into<Secret>, token_type: &str) -> Self {
        Self::new("urn:ietf:params:oauth:grant-type:token-exchange")
            .param("subject_token", subject_token)
            .param("subject_token_type", token_type)
    }

    /// `jwt-bearer`: an assertion that is signed anew for every attempt (RFC 7523, section 2.1). `issuer` says
    /// it, and it is meant for `audience`, the authorization server.
    pub fn jwt_bearer(
        issuer: impl Into<String>,
        audience: impl Into<String>,
        signer: impl AssertionSigner,
    ) -> Self {
        let statement = Statement {
            issuer: issuer.into(),
            subject: None,
            audience: audience.into(),
            others: Vec::new(),
        };
        Self {
            assertion: Some((statement, Arc::new(signer))),
            ..Self::new("urn:ietf:params:oauth:grant-type:jwt-bearer")
        }
    }

    /// Adds a parameter to the first request.
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// Says whom the assertion of `jwt-bearer` is about (`sub`).
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        if let Some((statement, _)) = &mut self.assertion {
            statement.subject = Some(subject.into());
        }
        self
    }

    /// Adds a claim to the assertion of `jwt-bearer`. `iss`, `sub`, `aud`, `jti`, `iat`, `nbf` and `exp` are not
    /// added: they are set for every assertion.
    #[must_use]
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let name = name.into();
        if let Some((statement, _)) = self.assertion.as_mut().filter(|_| !is_registered(&name)) {
            statement.others.retain(|(known, _)| *known != name);
            statement.others.push((name, value.into()));
        }
        self
    }

    /// Says that the first request can be sent only once, since what it holds is spent by it.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }

    fn put<'a>(&'a self, form: &mut Form<'a>, around: &Surroundings<'_>) -> Result<(), BuildError> {
        if let Some((statement, signer)) = &self.assertion {
            let claims = statement.now(around.clock, around.entropy)?;
            form.put_owned("assertion", signer.sign(&claims)?);
        }
        for (name, value) in &self.params {
            form.put(name, value.expose());
        }
        Ok(())
    }

    /// Whether an assertion takes the place of a parameter.
    pub(super) fn signs(&self) -> bool {
        self.assertion.is_some()
    }

    fn identify(&self, identity: &mut Identity) {
        identity.part("once", [u8::from(self.once)]);
        for (name, value) in sorted(&self.params) {
            identity.part("grant_param", name);
            identity.part("grant_value", value.expose());
        }
        if let Some((statement, signer)) = &self.assertion {
            identity.part("assertion_issuer", &statement.issuer);
            identity.part("assertion_audience", &statement.audience);
            if let Some(subject) = &statement.subject {
                identity.part("assertion_subject", subject);
            }
            for (name, value) in &statement.others {
                identity.part("assertion_claim", name);
                identity.part("assertion_value", value.to_string());
            }
            signer.identify(identity);
        }
    }
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.params.iter().map(|(name, _)| name).collect();
        f.debug_struct("Extension")
            .field("grant_type", &self.grant_type)
            .field("params", &names)
            .finish_non_exhaustive()
    }
}

/// Parameters in the order of their names.
pub(super) fn sorted(params: &Params) -> Vec<&(String, Secret)> {
    let mut sorted: Vec<_> = params.iter().collect();
    sorted.sort_by(|one, other| one.0.cmp(&other.0));
    sorted
}

/// A value that is forgotten at some time, and a digest of it that stays.
pub(super) struct Once<T> {
    value: Mutex<Option<T>>,
    digest: [u8; 32],
}

impl<T: Clone> Once<T> {
    fn new(value: T, digest: [u8; 32]) -> Self {
        Self {
            value: Mutex::new(Some(value)),
            digest,
        }
    }

    fn get(&self) -> Option<T> {
        self.lock().clone()
    }

    fn forget(&self) {
        drop(self.lock().take());
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        // Nothing in here can panic half way.
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn missing(message: &str) -> BuildError {
    BuildError::new(BuildErrorKind::MissingCredentials, message)
}
