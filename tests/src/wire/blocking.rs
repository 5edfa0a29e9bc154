//! On the calling thread, each operation sends what it sends when it is awaited, and makes of the answer what
//! it makes of it then.

use std::time::Duration;

use token_clients::{akeneo, benchling, ix_api, oneshot, zenkipay};

use super::faults::describe;
use super::server::{Answer, Server};
use super::wait;

/// Answers that fit every operation here: a token under each name, with and without the optional members.
fn answers() -> [(&'static str, Answer); 6] {
    let token = r#"{"access_token":"a","refresh_token":"r","accessToken":"a","tokenType":"Bearer","expiresIn":1}"#;
    let nulls = r#"{"access_token":"a","refresh_token":"r","accessToken":"a","tokenType":"Bearer","expiresIn":1,
        "expires_in":null,"token_type":null,"scope":null,"refreshToken":null,"refreshExpiresIn":null}"#;
    [
        ("a token", Answer::json(200, token)),
        ("created", Answer::json(201, token)),
        ("null for optional members", Answer::json(200, nulls)),
        ("a refusal", Answer::json(400, "{}")),
        ("no body", Answer::empty(200)),
        ("a cut body", Answer::cut(200, token)),
    ]
}

/// Makes the call in both ways for each answer and compares what was sent and what came of it.
macro_rules! same {
    ($call:expr) => {
        for (what, answer) in answers() {
            let server = Server::answering([answer.clone()]);
            let awaited = describe(wait($call(server.origin())));
            let awaited_request = server.request().text();
            let server = Server::answering([answer]);
            let sent = describe($call(server.origin()).send());
            assert_eq!(sent, awaited, "{what}");
            assert_eq!(server.request().text(), awaited_request, "{what}");
            if what == "null for optional members" {
                assert!(sent.starts_with("Ok 200"), "{what}: {sent}");
            }
        }
        let server = Server::answering([Answer::Silence]);
        let call = $call(server.origin()).timeout(Duration::from_millis(100));
        assert_eq!(describe(call.send()), "Transport Timeout");
        drop(server.requests());
    };
}

const ORIGIN: &str = "the server's origin is a URL";
const COMPLETE: &str = "nothing is missing";

#[test]
fn akeneo_is_called_both_ways() {
    let client = |origin: String| {
        let builder = akeneo::Client::builder().base_url(&origin).expect(ORIGIN);
        builder.basic_auth("id", "secret").build().expect(COMPLETE)
    };
    same!(
        |origin| client(origin).post_token(akeneo::models::PostTokenRequest::new(
            "password", "julia", "secret"
        ))
    );
    same!(|origin| client(origin).refresh_token(akeneo::models::RefreshTokenRequest::new("r")));
}

#[test]
fn oneshot_is_called_both_ways() {
    same!(|origin: String| {
        let builder = oneshot::Client::builder().base_url(&origin).expect(ORIGIN);
        let body = oneshot::models::GetAccessTokenRequest::new();
        let body = body.client_id("key").client_secret("secret");
        builder.build().expect(COMPLETE).get_access_token(body)
    });
}

#[test]
fn zenkipay_is_called_both_ways() {
    same!(|origin: String| {
        let builder = zenkipay::Client::builder().base_url(&origin).expect(ORIGIN);
        let body = zenkipay::models::RequestTokenOAuth2::new("id", "secret", "client_credentials");
        builder.build().expect(COMPLETE).create_token(body)
    });
}

#[test]
fn ix_api_is_called_both_ways() {
    let client = |origin: String| {
        let builder = ix_api::Client::builder().origin(&origin).expect(ORIGIN);
        builder.build().expect(COMPLETE)
    };
    same!(|origin| client(origin)
        .auth_token_create(ix_api::models::AuthTokenRequest::new("key", "secret")));
    same!(|origin| client(origin).auth_token_refresh(ix_api::models::RefreshTokenRequest::new("r")));
}

#[test]
fn benchling_is_called_both_ways() {
    let client = |origin: String| {
        let builder = benchling::Client::builder().origin(&origin).expect(ORIGIN);
        let builder = builder.basic_client_id_secret_auth("id", "secret");
        builder.build().expect(COMPLETE)
    };
    same!(|origin| client(origin).generate_token(benchling::models::TokenCreate::new()));
}
