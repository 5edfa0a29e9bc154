//! Assertions as JSON Web Tokens (RFC 7519), signed with a key in memory.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use ring::{error::KeyRejected, hmac};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::super::super::{BuildError, BuildErrorKind, Secret};
use super::super::Identity;
use super::assertion::{AssertionClaims, AssertionSigner};

/// How a JWT is signed (RFC 7518, section 3.1; RFC 8037). There is deliberately no `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the variants are the algorithms of the same name"
)]
pub enum JwtAlgorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    EdDSA,
}

/// Signs JWTs with a private key, or a secret, in memory. The algorithm is fixed by its maker.
pub struct JwtSigner {
    algorithm: &'static str,
    key: Key,
    header: Vec<(String, String)>,
    fingerprint: [u8; 32],
}

enum Key {
    Rsa(RsaKeyPair, &'static dyn signature::RsaEncoding),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Hmac(hmac::Key),
}

impl JwtSigner {
    /// Signs with a private key in PEM: PKCS #8, or PKCS #1 for RSA.
    ///
    /// # Errors
    /// The text holds no private key, or none that fits the algorithm.
    pub fn from_pem(algorithm: JwtAlgorithm, pem: &Secret) -> Result<Self, BuildError> {
        let der = PrivateKeyDer::from_pem_slice(pem.expose().as_bytes())
            .map_err(|_| refused("the text holds no private key in PEM"))?;
        let key = match &der {
            PrivateKeyDer::Pkcs8(der) => pkcs8(algorithm, der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => pkcs1(algorithm, der.secret_pkcs1_der()),
            _ => {
                return Err(refused(
                    "private keys are read as PKCS #8, or PKCS #1 for RSA",
                ));
            }
        };
        let key = key.map_err(|_| refused("the private key does not fit the algorithm"))?;
        let fingerprint = Sha256::digest(der.secret_der()).into();
        Ok(Self {
            algorithm: name(algorithm),
            key,
            header: Vec::new(),
            fingerprint,
        })
    }

    /// Signs with a secret that the server has, too: HS256.
    #[must_use]
    pub fn hs256(secret: &Secret) -> Self {
        let bytes = secret.expose().as_bytes();
        Self {
            algorithm: "HS256",
            key: Key::Hmac(hmac::Key::new(hmac::HMAC_SHA256, bytes)),
            header: Vec::new(),
            fingerprint: Sha256::digest(bytes).into(),
        }
    }

    /// Names the key to the server (`kid`).
    #[must_use]
    pub fn key_id(self, id: impl Into<String>) -> Self {
        self.put("kid", id.into())
    }

    /// Names the key's certificate to the server: base64url of its SHA-256 digest (`x5t#S256`).
    #[must_use]
    pub fn certificate_thumbprint(self, digest: &[u8; 32]) -> Self {
        self.put("x5t#S256", URL_SAFE_NO_PAD.encode(digest))
    }

    fn put(mut self, name: &str, value: String) -> Self {
        self.header.retain(|(known, _)| known != name);
        self.header.push((name.to_owned(), value));
        self
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, ring::error::Unspecified> {
        let random = SystemRandom::new();
        Ok(match &self.key {
            Key::Rsa(pair, padding) => {
                let mut out = vec![0; pair.public().modulus_len()];
                pair.sign(*padding, &random, message, &mut out)?;
                out
            }
            Key::Ecdsa(pair) => pair.sign(&random, message)?.as_ref().to_vec(),
            Key::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Key::Hmac(key) => hmac::sign(key, message).as_ref().to_vec(),
        })
    }
}

impl AssertionSigner for JwtSigner {
    fn sign(&self, claims: &AssertionClaims) -> Result<Secret, BuildError> {
        let mut header = Map::new();
        header.insert("alg".to_owned(), self.algorithm.into());
        header.insert("typ".to_owned(), "JWT".into());
        for (name, value) in &self.header {
            header.insert(name.clone(), value.as_str().into());
        }
        let header = URL_SAFE_NO_PAD.encode(Value::Object(header).to_string());
        let claims = Zeroizing::new(URL_SAFE_NO_PAD.encode(claims.to_json().as_slice()));
        let message = Zeroizing::new([header.as_str(), ".", &claims].concat());
        let signature = self
            .signature(message.as_bytes())
            .map_err(|_| refused("the assertion cannot be signed with the private key"))?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Ok(Secret::from([message.as_str(), ".", &signature].concat()))
    }

    fn identify(&self, identity: &mut Identity) {
        identity.part("jwt_alg", self.algorithm);
        identity.part("jwt_key", self.fingerprint);
        for (name, value) in &self.header {
            identity.part("jwt_header", name);
            identity.part("jwt_header_value", value);
        }
    }
}

impl fmt::Debug for JwtSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JwtSigner({})", self.algorithm)
    }
}

fn pkcs8(algorithm: JwtAlgorithm, der: &[u8]) -> Result<Key, KeyRejected> {
    use JwtAlgorithm as A;
    let ecdsa = |curve| EcdsaKeyPair::from_pkcs8(curve, der, &SystemRandom::new()).map(Key::Ecdsa);
    match algorithm {
        A::ES256 => ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
        A::ES384 => ecdsa(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
        A::EdDSA => Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Key::Ed25519),
        _ => RsaKeyPair::from_pkcs8(der).map(|pair| Key::Rsa(pair, padding(algorithm))),
    }
}

fn pkcs1(algorithm: JwtAlgorithm, der: &[u8]) -> Result<Key, KeyRejected> {
    use JwtAlgorithm as A;
    match algorithm {
        // Not an RSA algorithm: the same refusal as for a key of another kind.
        A::ES256 | A::ES384 | A::EdDSA => pkcs8(algorithm, der),
        _ => RsaKeyPair::from_der(der).map(|pair| Key::Rsa(pair, padding(algorithm))),
    }
}

fn padding(algorithm: JwtAlgorithm) -> &'static dyn signature::RsaEncoding {
    use JwtAlgorithm as A;
    match algorithm {
        A::RS384 => &signature::RSA_PKCS1_SHA384,
        A::RS512 => &signature::RSA_PKCS1_SHA512,
        A::PS256 => &signature::RSA_PSS_SHA256,
        A::PS384 => &signature::RSA_PSS_SHA384,
        A::PS512 => &signature::RSA_PSS_SHA512,
        _ => &signature::RSA_PKCS1_SHA256,
    }
}

fn name(algorithm: JwtAlgorithm) -> &'static str {
    use JwtAlgorithm as A;
    match algorithm {
        A::RS256 => "RS256",
        A::RS384 => "RS384",
        A::RS512 => "RS512",
        A::PS256 => "PS256",
        A::PS384 => "PS384",
        A::PS512 => "PS512",
        A::ES256 => "ES256",
        A::ES384 => "ES384",
        A::EdDSA => "EdDSA",
    }
}

fn refused(message: &str) -> BuildError {
    BuildError::new(BuildErrorKind::Credential, message)
}
