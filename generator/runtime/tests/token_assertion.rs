//! Assertions: what a client signs to say who it is, anew for every attempt.
#![cfg(feature = "jwt")]

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::{hmac, signature};
use serde_json::{Value, json};
use specmint_runtime::token::oauth::{
    AssertionClaims, AssertionSigner, Audience, ClientAuth, Entropy, Extension, JwtAlgorithm,
    JwtSigner, OAuthEndpoint, OAuthEndpointBuilder, OAuthGrant, TokenUrl,
};
use specmint_runtime::token::{Clock, Endpoint, Grant, Identity, Now};
use specmint_runtime::{BuildError, BuildErrorKind, Secret};

const URL: &str = "https://auth.example.com/token";

fn builder(auth: ClientAuth, grant: impl Into<OAuthGrant>) -> OAuthEndpointBuilder {
    OAuthEndpoint::builder(TokenUrl::new(URL).unwrap(), auth, grant)
}

fn client_credentials(auth: ClientAuth) -> OAuthEndpointBuilder {
    builder(auth, OAuthGrant::client_credentials())
}

/// The body of the first request.
fn initial(endpoint: &OAuthEndpoint) -> String {
    let request = endpoint.request(Grant::Initial).unwrap();
    String::from_utf8(request.body().as_bytes().to_vec()).unwrap()
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Now {
        let wall = Duration::from_millis(1_700_000_000_900);
        Now {
            mono: Duration::ZERO,
            wall,
        }
    }
}

/// The claims of the assertion under a name in a form.
fn claims(body: &str, name: &str) -> (Value, Value, String) {
    let pair = body
        .split('&')
        .find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    let token = pair.unwrap().to_owned();
    let mut parts = token
        .split('.')
        .map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut json = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (json(), json(), token.clone())
}

#[test]
fn s19_each_attempt_has_a_fresh_assertion_for_the_issuer_alone() {
    let auth = ClientAuth::client_secret_jwt("i", "Zq7secret");
    let endpoint = client_credentials(auth)
        .issuer("https://auth.example.com")
        .clock(Noon)
        .build()
        .unwrap();
    let mut seen = Vec::new();
    for _ in 0..100 {
        let (header, body, _) = claims(&initial(&endpoint), "client_assertion");
        assert_eq!(header, json!({"alg": "HS256", "typ": "JWT"}));
        let jti = body["jti"].as_str().unwrap().to_owned();
        assert_eq!(
            body,
            json!({
                "iss": "i", "sub": "i", "aud": "https://auth.example.com", "jti": jti,
                "iat": 1_700_000_000, "exp": 1_700_000_060,
            })
        );
        assert!(!seen.contains(&jti));
        seen.push(jti);
    }
    let without_issuer = client_credentials(ClientAuth::client_secret_jwt("i", "s")).build();
    assert_eq!(
        without_issuer.unwrap_err().kind(),
        BuildErrorKind::Credential
    );
    for (audience, expected) in [
        (Audience::TokenUrl, URL),
        (Audience::Fixed("x".into()), "x"),
    ] {
        let auth = ClientAuth::client_secret_jwt("i", "s").assertion_audience(audience);
        let endpoint = client_credentials(auth).build().unwrap();
        let (_, body, _) = claims(&initial(&endpoint), "client_assertion");
        assert_eq!(body["aud"], expected);
    }
}

#[test]
fn s19_assertions_of_jwt_bearer_are_fresh_too_and_keep_their_registered_claims() {
    let grant = Extension::jwt_bearer(
        "service",
        "https://auth.example.com",
        JwtSigner::hs256(&"s".into()).key_id("k"),
    )
    .subject("user")
    .claim("scope", "a b")
    .claim("aud", "evil")
    .claim("exp", 9_999_999_999_u64);
    let endpoint = builder(ClientAuth::anonymous(), grant)
        .clock(Noon)
        .build()
        .unwrap();
    let (header, first, _) = claims(&initial(&endpoint), "assertion");
    let (_, second, _) = claims(&initial(&endpoint), "assertion");
    assert_eq!(header["kid"], "k");
    assert_eq!(
        (&first["sub"], &first["aud"], &first["exp"], &first["scope"]),
        (
            &json!("user"),
            &json!("https://auth.example.com"),
            &json!(1_700_000_060),
            &json!("a b")
        )
    );
    assert_ne!(first["jti"], second["jti"]);
}

fn pem(der: &[u8]) -> String {
    let lines = STANDARD.encode(der);
    format!("-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n")
}

#[test]
fn assertions_are_signed_by_the_algorithm_that_was_chosen() {
    let signed = |signer: JwtSigner| {
        let auth = ClientAuth::private_key_jwt("i", signer);
        let endpoint = client_credentials(auth)
            .issuer("https://a")
            .build()
            .unwrap();
        let (header, _, token) = claims(&initial(&endpoint), "client_assertion");
        let (message, tail) = token.rsplit_once('.').unwrap();
        (
            header,
            message.to_owned(),
            URL_SAFE_NO_PAD.decode(tail).unwrap(),
        )
    };
    let (_, message, tag) = signed(JwtSigner::hs256(&"key".into()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"key");
    hmac::verify(&key, message.as_bytes(), &tag).unwrap();
    for (algorithm, name, kind, verify) in [
        (
            JwtAlgorithm::ES256,
            "ES256",
            &rcgen::PKCS_ECDSA_P256_SHA256,
            &signature::ECDSA_P256_SHA256_FIXED as &dyn signature::VerificationAlgorithm,
        ),
        (
            JwtAlgorithm::ES384,
            "ES384",
            &rcgen::PKCS_ECDSA_P384_SHA384,
            &signature::ECDSA_P384_SHA384_FIXED,
        ),
        (
            JwtAlgorithm::EdDSA,
            "EdDSA",
            &rcgen::PKCS_ED25519,
            &signature::ED25519,
        ),
    ] {
        let pair = rcgen::KeyPair::generate_for(kind).unwrap();
        let signer = JwtSigner::from_pem(algorithm, &pem(&pair.serialize_der()).into()).unwrap();
        let (header, message, tag) = signed(signer);
        assert_eq!(header["alg"], name);
        let public = signature::UnparsedPublicKey::new(verify, pair.public_key_raw());
        public.verify(message.as_bytes(), &tag).unwrap();
        assert!(
            JwtSigner::from_pem(JwtAlgorithm::RS256, &pem(&pair.serialize_der()).into()).is_err()
        );
    }
    for pem in [
        "",
        "Zq7",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        let error = JwtSigner::from_pem(JwtAlgorithm::ES256, &pem.into()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("Zq7"));
    }
}

struct Broken;

impl Entropy for Broken {
    fn fill(&self, _: &mut [u8]) -> Result<(), BuildError> {
        Err(BuildError::new(
            BuildErrorKind::Credential,
            "no random bytes",
        ))
    }
}

impl AssertionSigner for Broken {
    fn sign(&self, _: &AssertionClaims) -> Result<Secret, BuildError> {
        Err(BuildError::new(
            BuildErrorKind::Credential,
            "the key is elsewhere",
        ))
    }
    fn identify(&self, identity: &mut Identity) {
        identity.part("broken", "");
    }
}

#[test]
fn a_signer_that_fails_or_a_machine_without_randomness_sends_nothing() {
    let auth = ClientAuth::private_key_jwt("i", Broken);
    let endpoint = client_credentials(auth)
        .issuer("https://a")
        .build()
        .unwrap();
    assert!(endpoint.request(Grant::Initial).is_err());
    let auth = ClientAuth::client_secret_jwt("i", "s");
    let endpoint = client_credentials(auth)
        .issuer("https://a")
        .entropy(Broken)
        .build()
        .unwrap();
    assert!(endpoint.request(Grant::Initial).is_err());
}
