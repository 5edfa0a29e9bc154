//! The call as one would write it with reqwest and derived serde.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, USER_AGENT,
};
use reqwest::redirect::Policy;
use rustls_platform_verifier::BuilderVerifierExt as _;
use serde::{Deserialize, Serialize};
use std::hint::black_box;

#[derive(Serialize)]
struct Wanted {
    username: String,
    password: String,
    grant_type: String,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "they are read, which is what costs")]
struct Token {
    access_token: Option<String>,
    expires_in: Option<i64>,
    token_type: Option<String>,
    scope: Option<String>,
    refresh_token: Option<String>,
}

/// The call's client.
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
    authorization: HeaderValue,
}

impl Client {
    /// A client of the server at `base`.
    pub(crate) fn new(base: &str) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the versions are supported");
        let tls = match tls.clone().with_platform_verifier() {
            Ok(tls) => tls,
            Err(_) => tls.with_root_certificates(rustls::RootCertStore::empty()),
        };
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.with_no_client_auth())
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .expect("the settings fit together");
        Self {
            http,
            url: format!("{base}/api/oauth/v1/token"),
            authorization: HeaderValue::from_static("Basic aWQ6c2VjcmV0"),
        }
    }

    /// Asks for a token.
    pub(crate) async fn token(&self) {
        let wanted = Wanted {
            username: "ann".to_owned(),
            password: "p w+".to_owned(),
            grant_type: "password".to_owned(),
        };
        let body = serde_json::to_vec(&wanted).expect("texts can be written");
        let request = self
            .http
            .post(&self.url)
            .timeout(Duration::from_secs(30))
            .header(USER_AGENT, "specmint-akeneo")
            .header(ACCEPT, "application/json")
            .header(CACHE_CONTROL, "no-store")
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let response = request.send().await.expect("an answer");
        let response = response.error_for_status().expect("a success");
        let body = response.bytes().await.expect("a whole body");
        let token: Token = serde_json::from_slice(&body).expect("a token");
        assert!(black_box(token.access_token.is_some()));
    }
}
