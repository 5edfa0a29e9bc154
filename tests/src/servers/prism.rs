//! Every operation, as Prism sees it: a request that the document does not allow shows in a header of the answer.

use serde_json::Value;
use token_clients::runtime::ContentType;
use token_clients::runtime::http::HeaderMap;
use token_clients::{akeneo, benchling, ix_api, oneshot, zenkipay};

use super::node::Server;
use crate::wire::wait;

/// Mocks one document; gives the server and the URL of its root.
#[track_caller]
fn mock(name: &str) -> (Server, String) {
    let server = Server::start("prism.js", &[name]);
    let port = server.ready()[name]
        .as_u64()
        .expect("the script prints the port");
    (server, format!("http://127.0.0.1:{port}"))
}

/// What Prism finds wrong with the request; not what it finds wrong with its own answer.
fn violations(headers: &HeaderMap) -> Vec<String> {
    let Some(header) = headers.get("sl-violations") else {
        return Vec::new();
    };
    let text = header.to_str().expect("Prism writes ASCII");
    let found: Vec<Value> = serde_json::from_str(text).expect("Prism writes JSON");
    found
        .iter()
        .filter(|violation| violation["location"][0] == "request")
        .map(|violation| format!("{}: {}", violation["location"], violation["message"]))
        .collect()
}

const NONE: Vec<String> = Vec::new();

#[test]
fn akeneo_takes_a_password_grant_in_json_and_in_form() {
    let (_server, url) = mock("akeneo");
    let client = akeneo::Client::builder()
        .base_url(&url)
        .unwrap()
        .build()
        .unwrap();
    for content_type in [ContentType::JSON, ContentType::FORM] {
        let body =
            akeneo::models::PostTokenRequest::new("password", "mira", "not a password: +%&=é");
        let answer = wait(
            client
                .post_token(body)
                .basic_auth("an id: +%&=/~*", "not a secret: +%&=/~*")
                .content_type(content_type),
        )
        .unwrap();
        assert_eq!(violations(answer.headers()), NONE);
        assert_eq!(answer.token_type.as_deref(), Some("bearer"));
    }
}

#[test]
fn oneshot_takes_a_form() {
    let (_server, url) = mock("oneshot");
    let client = oneshot::Client::builder()
        .base_url(&format!("{url}/v0"))
        .unwrap()
        .build()
        .unwrap();
    let body = oneshot::models::GetAccessTokenRequest::new()
        .client_id("an id: +%&=/~*")
        .client_secret("not a secret: +%&=/~*");
    let answer = wait(client.get_access_token(body)).unwrap();
    assert_eq!(violations(answer.headers()), NONE);
    assert!(answer.access_token.is_some());
}

#[test]
fn zenkipay_takes_json_with_its_own_names() {
    let (_server, url) = mock("zenkipay");
    let client = zenkipay::Client::builder()
        .base_url(&format!("{url}/"))
        .unwrap()
        .build()
        .unwrap();
    let body =
        zenkipay::models::RequestTokenOAuth2::new("an id", "not a secret", "client_credentials");
    let answer = wait(client.create_token(body)).unwrap();
    assert_eq!(violations(answer.headers()), NONE);
    assert_eq!(answer.expires_in, 1800);
}

#[test]
fn ix_api_makes_and_refreshes_tokens_below_the_path_of_its_relative_server() {
    let (_server, url) = mock("ix_api");
    let client = ix_api::Client::builder()
        .origin(&url)
        .unwrap()
        .build()
        .unwrap();
    let body = ix_api::models::AuthTokenRequest::new("k".repeat(16), "s".repeat(86));
    let made = wait(client.auth_token_create(body)).unwrap();
    assert_eq!(violations(made.headers()), NONE);
    assert_eq!(made.status(), 201);
    let body = ix_api::models::RefreshTokenRequest::new(made.refresh_token.clone());
    let renewed = wait(client.auth_token_refresh(body)).unwrap();
    assert_eq!(violations(renewed.headers()), NONE);
    assert_eq!(renewed.status(), 201);
}

#[test]
fn benchling_takes_a_form_with_basic() {
    let (_server, url) = mock("benchling");
    let client = benchling::Client::builder()
        .origin(&url)
        .unwrap()
        .build()
        .unwrap();
    let answer = wait(
        client
            .generate_token(benchling::models::TokenCreate::new())
            .basic_client_id_secret_auth("an id", "not a secret"),
    )
    .unwrap();
    assert_eq!(violations(answer.headers()), NONE);
    assert_eq!(answer.expires_in, Some(900));
}

#[test]
fn a_request_that_the_document_does_not_allow_is_noticed() {
    let (_server, url) = mock("ix_api");
    let client = ix_api::Client::builder()
        .origin(&url)
        .unwrap()
        .build()
        .unwrap();
    let body = ix_api::models::AuthTokenRequest::new("short", "s".repeat(86));
    let answer = wait(client.auth_token_create(body).raw()).unwrap();
    assert_eq!(
        violations(answer.headers()),
        [
            r#"["request","body","api_key"]: "Request body property api_key must NOT have fewer than 16 characters""#
        ],
    );
}
