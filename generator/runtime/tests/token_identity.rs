//! Two endpoints share a token only if nothing about them differs.
#![cfg(feature = "jwt")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use specmint_runtime::token::oauth::{
    Audience, AuthorizationCode, ClientAuth, Extension, JwtSigner, OAuthEndpoint, OAuthGrant,
    TokenUrl,
};
use specmint_runtime::token::{Endpoint, Identity, OAuthErrorCode};

/// All that an endpoint can be made of, as plain values.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Configuration {
    url: String,
    auth: Auth,
    grant: Granted,
    scopes: BTreeSet<String>,
    separator: Option<char>,
    resources: Vec<String>,
    audiences: Vec<String>,
    params: BTreeMap<String, String>,
    issuer: String,
    session: Option<String>,
    refresh_url: Option<String>,
    revocation_url: Option<String>,
    bearer_unless_stated: bool,
    vendor: bool,
    statuses: Vec<u16>,
    strict: bool,
    user_agent: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Auth {
    Basic(String, String),
    Raw(String, String),
    Post(String, String),
    Key(String, String, Option<String>, Option<String>),
    SecretJwt(String, String),
    Public(String),
    Tls(String),
    Anonymous,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Granted {
    Client,
    Refresh(String),
    Password(String, String),
    Asked(String),
    Code(String, Option<String>, Option<String>),
    Extension(String, BTreeMap<String, String>, bool),
    JwtBearer(String, String, Option<String>, Option<String>, String),
}

/// Few letters, so that texts are often alike, and lists of them often read alike.
fn text() -> impl Strategy<Value = String> + Clone {
    "[ab]{1,3}"
}

fn url() -> impl Strategy<Value = String> + Clone {
    "https://[ab]{1,2}\\.example/[ab]{0,2}(\\?[ab]{1,2})?"
}

fn optional<S: Strategy + Clone>(strategy: S) -> impl Strategy<Value = Option<S::Value>>
where
    S::Value: Clone,
{
    proptest::option::of(strategy)
}

fn auth() -> impl Strategy<Value = Auth> {
    prop_oneof![
        (text(), text()).prop_map(|(id, secret)| Auth::Basic(id, secret)),
        (text(), text()).prop_map(|(id, secret)| Auth::Raw(id, secret)),
        (text(), text()).prop_map(|(id, secret)| Auth::Post(id, secret)),
        (text(), text(), optional(text()), optional(text()))
            .prop_map(|(id, key, kid, audience)| Auth::Key(id, key, kid, audience)),
        (text(), text()).prop_map(|(id, secret)| Auth::SecretJwt(id, secret)),
        text().prop_map(Auth::Public),
        text().prop_map(Auth::Tls),
        Just(Auth::Anonymous),
    ]
}

fn params(prefix: &'static str) -> impl Strategy<Value = BTreeMap<String, String>> {
    let name = text().prop_map(move |name| format!("{prefix}{name}"));
    proptest::collection::btree_map(name, text(), 0..3)
}

fn granted() -> impl Strategy<Value = Granted> {
    prop_oneof![
        Just(Granted::Client),
        text().prop_map(Granted::Refresh),
        (text(), text()).prop_map(|(user, password)| Granted::Password(user, password)),
        text().prop_map(Granted::Asked),
        (text(), optional(text()), optional(text()))
            .prop_map(|(code, redirect, verifier)| Granted::Code(code, redirect, verifier)),
        (text(), params("g"), any::<bool>())
            .prop_map(|(kind, params, once)| Granted::Extension(kind, params, once)),
        (text(), text(), optional(text()), optional(text()), text()).prop_map(
            |(issuer, audience, subject, claim, key)| {
                Granted::JwtBearer(issuer, audience, subject, claim, key)
            }
        ),
    ]
}

fn configuration() -> impl Strategy<Value = Configuration> {
    let one = (
        url(),
        auth(),
        granted(),
        proptest::collection::btree_set(text(), 0..3),
        optional(prop_oneof![Just(','), Just(';')]),
        proptest::collection::vec(text(), 0..3),
        proptest::collection::vec(text(), 0..3),
        params("p"),
    );
    let other = (
        text(),
        optional(text()),
        optional(url()),
        optional(url()),
        any::<bool>(),
        any::<bool>(),
        prop_oneof![Just(vec![200]), Just(vec![200, 201])],
        any::<bool>(),
        optional(text()),
    );
    (one, other).prop_map(|(one, other)| Configuration {
        url: one.0,
        auth: one.1,
        grant: one.2,
        scopes: one.3,
        separator: one.4,
        resources: one.5,
        audiences: one.6,
        params: one.7,
        issuer: other.0,
        session: other.1,
        refresh_url: other.2,
        revocation_url: other.3,
        bearer_unless_stated: other.4,
        vendor: other.5,
        statuses: other.6,
        strict: other.7,
        user_agent: other.8,
    })
}

impl Configuration {
    fn digest(&self) -> [u8; 32] {
        let token_url = |url: &String| TokenUrl::new(url).unwrap();
        let mut builder = OAuthEndpoint::builder(token_url(&self.url), self.auth(), self.grant())
            .scopes(&self.scopes)
            .issuer(&self.issuer)
            .success_statuses(self.statuses.clone());
        for resource in &self.resources {
            builder = builder.resource(resource);
        }
        for audience in &self.audiences {
            builder = builder.audience(audience);
        }
        for (name, value) in &self.params {
            builder = builder.param(name, value.as_str());
        }
        if let Some(separator) = self.separator {
            builder = builder.scope_separator(separator);
        }
        if let Some(session) = &self.session {
            builder = builder.session(session);
        }
        if let Some(url) = &self.refresh_url {
            builder = builder.refresh_url(token_url(url));
        }
        if let Some(url) = &self.revocation_url {
            builder = builder.revocation_url(token_url(url));
        }
        if self.bearer_unless_stated {
            builder = builder.unstated_type_is_bearer();
        }
        if self.vendor {
            builder = builder.vendor_code("E1", OAuthErrorCode::InvalidGrant);
        }
        if self.strict {
            builder = builder.strict_scopes();
        }
        if let Some(name) = &self.user_agent {
            builder = builder.user_agent(name);
        }
        let mut identity = Identity::default();
        builder.build().unwrap().identify(&mut identity);
        identity.digest()
    }

    fn auth(&self) -> ClientAuth {
        match &self.auth {
            Auth::Basic(id, secret) => ClientAuth::basic(id, secret.as_str()),
            Auth::Raw(id, secret) => ClientAuth::basic_raw(id, secret.as_str()),
            Auth::Post(id, secret) => ClientAuth::post(id, secret.as_str()),
            Auth::Key(id, key, kid, audience) => {
                let mut signer = JwtSigner::hs256(&key.as_str().into());
                if let Some(kid) = kid {
                    signer = signer.key_id(kid);
                }
                let auth = ClientAuth::private_key_jwt(id, signer);
                match audience {
                    Some(text) => auth.assertion_audience(Audience::Fixed(text.clone())),
                    None => auth,
                }
            }
            Auth::SecretJwt(id, secret) => ClientAuth::client_secret_jwt(id, secret.as_str()),
            Auth::Public(id) => ClientAuth::public(id),
            Auth::Tls(id) => ClientAuth::tls(id),
            Auth::Anonymous => ClientAuth::anonymous(),
        }
    }

    fn grant(&self) -> OAuthGrant {
        match &self.grant {
            Granted::Client => OAuthGrant::client_credentials(),
            Granted::Refresh(session) => OAuthGrant::refresh_token(session),
            Granted::Password(user, password) => {
                OAuthGrant::danger_password(user, password.as_str())
            }
            Granted::Asked(user) => OAuthGrant::danger_password_from(user, || None),
            Granted::Code(code, redirect, verifier) => {
                let verifier = verifier.as_deref().map(Into::into);
                let code = AuthorizationCode::new(code.as_str(), redirect.clone(), verifier);
                OAuthGrant::authorization_code(code)
            }
            Granted::Extension(kind, params, once) => {
                let mut grant = Extension::new(kind);
                for (name, value) in params {
                    grant = grant.param(name, value.as_str());
                }
                match once {
                    true => grant.once().into(),
                    false => grant.into(),
                }
            }
            Granted::JwtBearer(issuer, audience, subject, claim, key) => {
                let signer = JwtSigner::hs256(&key.as_str().into());
                let mut grant = Extension::jwt_bearer(issuer, audience, signer);
                if let Some(subject) = subject {
                    grant = grant.subject(subject);
                }
                if let Some(claim) = claim {
                    grant = grant.claim("scope", claim.as_str());
                }
                grant.into()
            }
        }
    }

    /// What of the grant counts where a session is named: the session.
    fn named(mut self) -> Self {
        if let (Granted::Code(..), Some(session)) = (&self.grant, &self.session) {
            self.grant = Granted::Refresh(session.clone());
            self.session = None;
        }
        self
    }
}

/// Every change of one field.
fn changes(from: &Configuration, to: &Configuration) -> Vec<Configuration> {
    let mut all = Vec::new();
    macro_rules! change {
        ($($field:ident)*) => {
            $({
                let mut one = from.clone();
                one.$field = to.$field.clone();
                all.push(one);
            })*
        };
    }
    change! {
        url auth grant scopes separator resources audiences params issuer session refresh_url
        revocation_url bearer_unless_stated vendor statuses strict user_agent
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn s27_two_endpoints_that_differ_in_one_field_never_share_an_identity(
        from in configuration(),
        to in configuration(),
    ) {
        let digest = from.digest();
        for changed in changes(&from, &to) {
            let is_same = changed.clone().named() == from.clone().named();
            prop_assert_eq!(changed.digest() == digest, is_same, "{:?}", changed);
        }
        prop_assert_eq!(from.clone().digest(), digest);
    }
}

#[test]
fn s27_a_session_is_found_again_whatever_it_began_with() {
    let digest = |grant: OAuthGrant, session: Option<&str>| {
        let url = TokenUrl::new("https://a.example/token").unwrap();
        let mut builder = OAuthEndpoint::builder(url, ClientAuth::public("i"), grant);
        if let Some(session) = session {
            builder = builder.session(session);
        }
        let mut identity = Identity::default();
        builder.build().unwrap().identify(&mut identity);
        identity.digest()
    };
    let code =
        |code: &str| OAuthGrant::authorization_code(AuthorizationCode::new(code, None, None));
    let later = digest(OAuthGrant::refresh_token("u"), None);
    assert_eq!(digest(code("c"), Some("u")), later);
    assert_ne!(digest(code("c"), Some("v")), later);
    assert_ne!(digest(code("c"), None), digest(code("d"), None));
}
