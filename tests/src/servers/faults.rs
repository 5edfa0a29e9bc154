//! Prism as a source of faults: the answers that each document declares beside the good one, and values made up.

use token_clients::runtime::token::{Advice, TokenErrorKind as Kind, TokenSource};
use token_clients::{akeneo, benchling, ix_api, oneshot, zenkipay};

use super::node::Server;
use crate::wire::wait;

const NAMES: [&str; 5] = ["akeneo", "benchling", "ix_api", "oneshot", "zenkipay"];

/// A source by the token call of an API, whose requests say what Prism is to answer.
fn source(servers: &Server, name: &str, prefer: &str) -> TokenSource {
    let port = servers.ready()[name].as_u64();
    let url = format!(
        "http://127.0.0.1:{}",
        port.expect("the script prints the port")
    );
    macro_rules! client {
        ($api:ident, $path:literal) => {
            $api::Client::builder()
                .base_url(&format!("{url}{}", $path))
                .unwrap()
                .header("Prefer", prefer)
                .build()
                .unwrap()
        };
    }
    let source = match name {
        "akeneo" => client!(akeneo, "")
            .post_token(akeneo::models::PostTokenRequest::new("password", "u", "p"))
            .basic_auth("id", "secret")
            .token_source(),
        "benchling" => client!(benchling, "/api/v2")
            .generate_token(benchling::models::TokenCreate::new())
            .basic_client_id_secret_auth("id", "secret")
            .token_source(),
        "ix_api" => client!(ix_api, "/api/v2")
            .auth_token_create(ix_api::models::AuthTokenRequest::new(
                "k".repeat(16),
                "s".repeat(86),
            ))
            .token_source(),
        "oneshot" => client!(oneshot, "/v0")
            .get_access_token(
                oneshot::models::GetAccessTokenRequest::new()
                    .client_id("id")
                    .client_secret("secret"),
            )
            .token_source(),
        _ => client!(zenkipay, "/")
            .create_token(zenkipay::models::RequestTokenOAuth2::new(
                "id",
                "secret",
                "client_credentials",
            ))
            .token_source(),
    };
    source.build().unwrap()
}

#[test]
fn every_refusal_that_a_document_declares_says_what_to_do() {
    let servers = Server::start("prism.js", &NAMES);
    #[rustfmt::skip]
    let table = [
        ("akeneo",    400, Kind::RequestRejected),
        ("akeneo",    415, Kind::RequestRejected),
        ("akeneo",    422, Kind::RequestRejected),
        ("benchling", 400, Kind::RequestRejected),
        ("benchling", 401, Kind::ClientRejected),
        ("ix_api",    400, Kind::RequestRejected),
        ("ix_api",    401, Kind::ClientRejected),
        ("oneshot",   400, Kind::RequestRejected),
        ("oneshot",   401, Kind::ClientRejected),
        ("oneshot",   403, Kind::ClientRejected),
        // The document's example of an error is `unauthorized_client`, and a code that is known counts most.
        ("zenkipay",  400, Kind::ClientRejected),
        ("zenkipay",  500, Kind::ClientRejected),
    ];
    let told = table.map(|(name, status, _)| {
        let source = source(&servers, name, &format!("code={status}"));
        let error = wait(source.token()).unwrap_err();
        assert_eq!(error.status(), Some(status), "{name}");
        assert!(source.try_cached().is_none(), "{name}");
        (name, status, error.kind())
    });
    assert_eq!(told, table);
}

#[test]
fn values_that_nobody_would_send_make_a_token_or_an_error() {
    let servers = Server::start("prism.js", &NAMES);
    for name in NAMES {
        for _ in 0..20 {
            let source = source(&servers, name, "dynamic=true");
            match wait(source.token()) {
                Ok(token) => assert!(
                    token.expose().bytes().all(|byte| byte.is_ascii_graphic()),
                    "{name}: {token:?}"
                ),
                Err(error) => {
                    assert_ne!(error.advice(), Advice::FixCredentials, "{name}: {error:?}")
                }
            }
        }
    }
}
