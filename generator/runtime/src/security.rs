//! Security schemes and credentials: what is applied to a call, and what keeps it from being sent.

use std::fmt;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::Secret;
use super::error::{BuildError, BuildErrorKind};
use super::form::form_encoded;
use super::param::{Place, encode};

/// A security scheme of an API. Its name tells it from the others.
#[derive(Debug)]
pub struct Scheme {
    /// The scheme's name in the spec.
    pub name: &'static str,
    /// How it authenticates.
    pub kind: SchemeKind,
}

/// How a scheme authenticates.
#[derive(Debug)]
pub enum SchemeKind {
    /// A key under a name.
    ApiKey {
        /// Where the key goes.
        location: KeyLocation,
        /// The name of the header, the query parameter or the cookie.
        name: &'static str,
    },
    /// HTTP Basic (RFC 7617).
    Basic,
    /// A bearer token (RFC 6750), also by OAuth 2 and OpenID Connect.
    Bearer,
    /// Another HTTP scheme, by its name, such as `Digest`; the caller gives what follows the name.
    Http(&'static str),
    /// A client certificate, which the transport presents.
    MutualTls,
}

/// Where an API key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyLocation {
    /// In a header.
    Header,
    /// In the URL's query; needs `danger_allow_secret_in_query`.
    Query,
    /// In a cookie.
    Cookie,
}

/// How the client's id and secret are written in Basic on token calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BasicEncoding {
    /// Form-encoded before base64, as RFC 6749, section 2.3.1 demands.
    #[default]
    Form,
    /// As they are, for servers that do not decode them.
    Raw,
}

/// What a caller gives for a scheme. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Credential {
    kind: Kind,
    /// The header that it was last sent in.
    sent: OnceLock<Sent>,
}

/// A credential as the header of a scheme.
#[derive(Clone)]
struct Sent {
    scheme: &'static str,
    encoding: BasicEncoding,
    value: HeaderValue,
}

#[derive(Clone)]
enum Kind {
    Basic {
        user: Secret,
        password: Secret,
    },
    Token(Secret),
    ByTransport,
    #[cfg(feature = "tokens")]
    Issued(super::token::AccessToken),
}

impl Credential {
    fn of(kind: Kind) -> Self {
        Self {
            kind,
            sent: OnceLock::new(),
        }
    }

    /// The header that it is sent in, made once for a scheme and wiped with the last that holds it.
    fn header(
        &self,
        scheme: &Scheme,
        encoding: BasicEncoding,
        text: impl FnOnce() -> Result<Zeroizing<String>, BuildError>,
    ) -> Result<HeaderValue, BuildError> {
        if let Some(sent) = self.sent.get()
            && (sent.scheme, sent.encoding) == (scheme.name, encoding)
        {
            return Ok(sent.value.clone());
        }
        let value = sensitive(scheme, &text()?)?;
        let _ = self.sent.set(Sent {
            scheme: scheme.name,
            encoding,
            value: value.clone(),
        });
        Ok(value)
    }

    /// A user (or client id) and a password (or client secret).
    pub fn basic(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::of(Kind::Basic {
            user: Secret::from(user.into()),
            password: password.into(),
        })
    }

    /// A bearer token.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self::of(Kind::Token(token.into()))
    }

    /// An API key.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self::of(Kind::Token(key.into()))
    }

    /// What follows the scheme's name in `Authorization`, for [`SchemeKind::Http`].
    pub fn http(credentials: impl Into<Secret>) -> Self {
        Self::of(Kind::Token(credentials.into()))
    }

    /// A token that a source handed out.
    #[cfg(feature = "tokens")]
    pub(super) fn issued(token: super::token::AccessToken) -> Self {
        Self::of(Kind::Issued(token))
    }

    /// The word that the transport presents a client certificate, for [`SchemeKind::MutualTls`].
    pub fn by_transport() -> Self {
        Self::of(Kind::ByTransport)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(..)")
    }
}

/// Credentials by scheme; a later one replaces an earlier one of the same scheme.
#[derive(Clone, Debug, Default)]
pub(super) struct Keyring(Vec<(&'static Scheme, Credential)>);

impl Keyring {
    pub(super) fn put(&mut self, scheme: &'static Scheme, credential: Credential) {
        self.0.retain(|(kept, _)| kept.name != scheme.name);
        self.0.push((scheme, credential));
    }

    fn get(&self, scheme: &Scheme) -> Option<&Credential> {
        self.0
            .iter()
            .find(|(kept, _)| kept.name == scheme.name)
            .map(|(_, credential)| credential)
    }

    fn holds_basic(&self) -> bool {
        self.0
            .iter()
            .any(|(scheme, _)| matches!(scheme.kind, SchemeKind::Basic))
    }
}

/// What the choice among an operation's alternatives depends on.
pub(super) struct Wish<'a> {
    pub(super) alternatives: &'static [&'static [&'static Scheme]],
    pub(super) of_call: &'a Keyring,
    pub(super) of_client: &'a Keyring,
    /// A token for schemes without a credential of their own, and the scheme that takes it beside bearer ones.
    pub(super) token: Option<(&'a Credential, Option<&'static Scheme>)>,
    /// The body of a token call holds the client's secret.
    pub(super) body_authenticates: bool,
}

impl<'a> Wish<'a> {
    /// The token, if it is what the scheme asks for.
    fn token_for(&self, scheme: &Scheme) -> Option<&'a Credential> {
        let (token, carrier) = self.token?;
        let takes = matches!(scheme.kind, SchemeKind::Bearer)
            || carrier.is_some_and(|carrier| carrier.name == scheme.name);
        takes.then_some(token)
    }
}

type Chosen<'a> = Vec<(&'static Scheme, &'a Credential)>;

/// The credentials to apply: of the alternatives that have all theirs the first that uses one of the
/// call's own, else the first; an empty alternative comes last.
pub(super) fn choose<'a>(wish: &Wish<'a>) -> Result<Chosen<'a>, BuildError> {
    if wish.body_authenticates && wish.of_call.holds_basic() {
        return Err(BuildError::new(
            BuildErrorKind::TwoCredentials,
            "this call was given Basic credentials and a client secret in its body: leave one of them off \
             (RFC 6749, section 2.3)",
        ));
    }
    let mut found: Option<Chosen<'a>> = None;
    for alternative in wish.alternatives {
        let Some((chosen, is_own)) = satisfy(wish, alternative) else {
            continue;
        };
        if is_own {
            return Ok(chosen);
        }
        if !alternative.is_empty() && found.is_none() {
            found = Some(chosen);
        }
    }
    let may_go_without =
        wish.alternatives.is_empty() || wish.alternatives.iter().any(|all| all.is_empty());
    match found {
        Some(chosen) => Ok(chosen),
        None if may_go_without => Ok(Vec::new()),
        None => Err(missing(wish.alternatives)),
    }
}

/// The credentials of one alternative, and whether one of them is the call's own.
fn satisfy<'a>(
    wish: &Wish<'a>,
    alternative: &'static [&'static Scheme],
) -> Option<(Chosen<'a>, bool)> {
    let mut chosen = Vec::new();
    let mut is_own = false;
    for &scheme in alternative {
        if wish.body_authenticates && matches!(scheme.kind, SchemeKind::Basic) {
            continue;
        }
        let own = wish.of_call.get(scheme);
        is_own |= own.is_some();
        let given = own.or_else(|| wish.of_client.get(scheme));
        chosen.push((scheme, given.or_else(|| wish.token_for(scheme))?));
    }
    Some((chosen, is_own))
}

fn missing(alternatives: &[&[&Scheme]]) -> BuildError {
    let named: Vec<_> = alternatives
        .iter()
        .map(|all| {
            all.iter()
                .map(|scheme| format!("`{}`", scheme.name))
                .collect::<Vec<_>>()
                .join(" and ")
        })
        .collect();
    BuildError::new(
        BuildErrorKind::MissingCredentials,
        format!(
            "this call needs credentials for {}: give them to the client or to the call",
            named.join(", or ")
        ),
    )
}

/// Where credentials end up in a request.
pub(super) struct Sinks<'a> {
    pub(super) headers: &'a mut HeaderMap,
    pub(super) query: &'a mut Vec<Zeroizing<String>>,
    pub(super) cookies: &'a mut Vec<Zeroizing<String>>,
}

/// Writes one credential where its scheme says.
pub(super) fn apply(
    scheme: &Scheme,
    credential: &Credential,
    encoding: BasicEncoding,
    sinks: &mut Sinks<'_>,
) -> Result<(), BuildError> {
    match (&scheme.kind, &credential.kind) {
        (SchemeKind::Basic, Kind::Basic { user, password }) => {
            let text = || basic(scheme, user, password, encoding);
            authorize(credential.header(scheme, encoding, text)?, sinks.headers)
        }
        (SchemeKind::Bearer, Kind::Token(token)) => {
            let text = || {
                Ok(Zeroizing::new(
                    ["Bearer ", visible(scheme, token)?].concat(),
                ))
            };
            authorize(credential.header(scheme, encoding, text)?, sinks.headers)
        }
        (SchemeKind::Http(name), Kind::Token(rest)) => {
            let text = || Ok(Zeroizing::new([name, " ", rest.expose()].concat()));
            authorize(credential.header(scheme, encoding, text)?, sinks.headers)
        }
        (SchemeKind::ApiKey { location, name }, Kind::Token(key)) => {
            apply_key(scheme, *location, name, key, sinks)
        }
        #[cfg(feature = "tokens")]
        (SchemeKind::Bearer, Kind::Issued(token)) => {
            let token = Secret::from(token.expose());
            let value = Zeroizing::new(["Bearer ", visible(scheme, &token)?].concat());
            authorize(sensitive(scheme, &value)?, sinks.headers)
        }
        #[cfg(feature = "tokens")]
        (SchemeKind::ApiKey { location, name }, Kind::Issued(token)) => {
            let key = token.header().to_str().unwrap_or_default();
            apply_key(scheme, *location, name, &Secret::from(key), sinks)
        }
        (SchemeKind::MutualTls, Kind::ByTransport) => Ok(()),
        _ => Err(unfit(scheme, "was given a credential of another kind")),
    }
}

fn apply_key(
    scheme: &Scheme,
    location: KeyLocation,
    name: &str,
    key: &Secret,
    sinks: &mut Sinks<'_>,
) -> Result<(), BuildError> {
    let pair = |place| {
        let mut pair = Zeroizing::new(String::new());
        encode(place, name, &mut pair);
        pair.push('=');
        encode(place, key.expose(), &mut pair);
        pair
    };
    match location {
        KeyLocation::Query => replace(sinks.query, pair(Place::Query)),
        KeyLocation::Cookie => replace(sinks.cookies, pair(Place::Cookie)),
        KeyLocation::Header => {
            let header = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| unfit(scheme, "names a header that is none"))?;
            sinks
                .headers
                .insert(header, sensitive(scheme, key.expose())?);
        }
    }
    Ok(())
}

/// Adds a pair in place of those with its name, as a header would be: documents list keys among the parameters as
/// well, and give one key two schemes.
fn replace(pairs: &mut Vec<Zeroizing<String>>, pair: Zeroizing<String>) {
    let name = pair.split('=').next();
    pairs.retain(|known| known.split('=').next() != name);
    pairs.push(pair);
}

fn authorize(value: HeaderValue, headers: &mut HeaderMap) -> Result<(), BuildError> {
    if headers.insert(AUTHORIZATION, value).is_some() {
        return Err(BuildError::new(
            BuildErrorKind::TwoCredentials,
            "this call would have two `Authorization` headers: leave one of the credentials off",
        ));
    }
    Ok(())
}

fn basic(
    scheme: &Scheme,
    user: &Secret,
    password: &Secret,
    encoding: BasicEncoding,
) -> Result<Zeroizing<String>, BuildError> {
    let pair = match encoding {
        BasicEncoding::Form => [
            form_encoded(user.expose()).as_str(),
            ":",
            form_encoded(password.expose()).as_str(),
        ]
        .concat(),
        BasicEncoding::Raw => {
            let is_control = |c: char| c.is_control();
            if user.expose().contains(':')
                || user.expose().contains(is_control)
                || password.expose().contains(is_control)
            {
                return Err(unfit(
                    scheme,
                    "has a colon in the user, or control characters (RFC 7617, section 2)",
                ));
            }
            [user.expose(), ":", password.expose()].concat()
        }
    };
    let pair = Zeroizing::new(pair);
    let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    Ok(Zeroizing::new(["Basic ", &encoded].concat()))
}

/// A token of one or more visible ASCII characters (RFC 6749, appendix A.12, without the space).
fn visible<'a>(scheme: &Scheme, token: &'a Secret) -> Result<&'a str, BuildError> {
    let token = token.expose();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(unfit(
            scheme,
            "must be one or more visible ASCII characters",
        ));
    }
    Ok(token)
}

fn sensitive(scheme: &Scheme, value: &str) -> Result<HeaderValue, BuildError> {
    let is_sendable = !value.is_empty()
        && value
            .bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_graphic());
    let wiped = Bytes::from_owner(Zeroizing::new(value.as_bytes().to_vec()));
    let value = HeaderValue::from_maybe_shared(wiped).ok();
    let mut value = value.filter(|_| is_sendable).ok_or_else(|| {
        unfit(
            scheme,
            "is empty or has characters that a header cannot carry",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn unfit(scheme: &Scheme, what: &str) -> BuildError {
    BuildError::new(
        BuildErrorKind::Credential,
        format!("the credential for `{}` {what}", scheme.name),
    )
}
