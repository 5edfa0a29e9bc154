//! Token sources of the generated clients: a token is obtained, kept and renewed, by each API's own operations.

use std::time::Duration;

use token_clients::runtime::token::{RefreshPolicy, Reject, SourceBuilder, TokenSource};
use token_clients::{akeneo, benchling, ix_api, oneshot, zenkipay};

use super::server::{Answer, Recorded, Server};
use super::wait;

/// A source whose tokens may be rejected right after they were issued.
fn built(source: SourceBuilder) -> TokenSource {
    let mut policy = RefreshPolicy::default();
    policy.floor = Duration::ZERO;
    source.policy(policy).build().expect("there is a transport")
}

/// Obtains a token, sees that it is kept, and has it renewed.
#[track_caller]
fn obtain_and_renew(server: Server, source: &TokenSource) -> Vec<Recorded> {
    let first = wait(source.token()).expect("the server issues one");
    assert_eq!(first.expose(), "a1");
    assert_eq!(wait(source.token()).expect("it is kept").id(), first.id());
    assert_eq!(source.try_cached().expect("it is kept").id(), first.id());
    source.reject(&first, Reject::Outdated);
    let second = source.token_blocking().expect("the server issues another");
    assert_eq!(second.expose(), "a2");
    server.requests()
}

fn told(requests: &[Recorded]) -> Vec<(String, Option<String>, String)> {
    let told = requests.iter().map(|request| {
        let authorization = request.header("authorization").map(str::to_owned);
        let body = String::from_utf8_lossy(&request.body).into_owned();
        (request.line.clone(), authorization, body)
    });
    told.collect()
}

fn row(line: &str, authorization: Option<&str>, body: &str) -> (String, Option<String>, String) {
    (
        line.to_owned(),
        authorization.map(str::to_owned),
        body.to_owned(),
    )
}

#[test]
fn akeneo_refreshes_by_its_own_operation_without_the_password() {
    let body = |n: u8| {
        format!(
            r#"{{"access_token":"a{n}","expires_in":3600,"token_type":"bearer","scope":null,"refresh_token":"r{n}"}}"#
        )
    };
    let server = Server::answering([Answer::json(200, &body(1)), Answer::json(200, &body(2))]);
    let client = akeneo::Client::builder()
        .base_url(&server.origin())
        .and_then(akeneo::ClientBuilder::build)
        .expect("nothing is missing");
    let call = client
        .post_token(akeneo::models::PostTokenRequest::new(
            "password", "julia", "p",
        ))
        .basic_auth("id", "p@ss");
    let source = built(call.token_source());
    let requests = obtain_and_renew(server, &source);
    let basic = Some("Basic aWQ6cCU0MHNz");
    assert_eq!(
        told(&requests),
        [
            row(
                "POST /api/oauth/v1/token",
                basic,
                r#"{"grant_type":"password","username":"julia","password":"p"}"#
            ),
            row(
                "POST /api/oauth/v1/token",
                basic,
                r#"{"grant_type":"refresh_token","refresh_token":"r1"}"#
            ),
        ]
    );
}

#[test]
fn one_shot_asks_again_by_its_form() {
    let body = |n: u8| {
        format!(
            r#"{{"access_token":"a{n}","token_type":"Bearer","expires_in":3600,"scope":"read:api"}}"#
        )
    };
    let server = Server::answering([Answer::json(200, &body(1)), Answer::json(200, &body(2))]);
    let client = oneshot::Client::builder()
        .base_url(&server.origin())
        .and_then(oneshot::ClientBuilder::build)
        .expect("nothing is missing");
    let request = oneshot::models::GetAccessTokenRequest::new()
        .client_id("key")
        .client_secret("s&t");
    let source = built(client.get_access_token(request).token_source());
    let requests = obtain_and_renew(server, &source);
    let asked = row(
        "POST /token",
        None,
        "grant_type=client_credentials&client_id=key&client_secret=s%26t",
    );
    assert_eq!(told(&requests), [asked.clone(), asked]);
}

#[test]
fn zenkipay_asks_again_by_json() {
    let body = |n: u8| format!(r#"{{"accessToken":"a{n}","tokenType":"Bearer","expiresIn":1800}}"#);
    let server = Server::answering([Answer::json(200, &body(1)), Answer::json(200, &body(2))]);
    let client = zenkipay::Client::builder()
        .base_url(&server.origin())
        .and_then(zenkipay::ClientBuilder::build)
        .expect("nothing is missing");
    let request = zenkipay::models::RequestTokenOAuth2::new("id", "secret", "client_credentials");
    let source = built(client.create_token(request).token_source());
    let requests = obtain_and_renew(server, &source);
    let asked = row(
        "POST /v1/oauth/tokens",
        None,
        r#"{"clientId":"id","clientSecret":"secret","grantType":"client_credentials"}"#,
    );
    assert_eq!(told(&requests), [asked.clone(), asked]);
}

#[test]
fn ix_api_refreshes_by_its_sibling() {
    let body = |n: u8| format!(r#"{{"access_token":"a{n}","refresh_token":"r{n}"}}"#);
    let server = Server::answering([Answer::json(201, &body(1)), Answer::json(201, &body(2))]);
    let client = ix_api::Client::builder()
        .base_url(&server.origin())
        .and_then(ix_api::ClientBuilder::build)
        .expect("nothing is missing");
    let request = ix_api::models::AuthTokenRequest::new("key", "secret");
    let source = built(client.auth_token_create(request).token_source());
    let requests = obtain_and_renew(server, &source);
    assert_eq!(
        told(&requests),
        [
            row(
                "POST /auth/token",
                None,
                r#"{"api_key":"key","api_secret":"secret"}"#
            ),
            row("POST /auth/refresh", None, r#"{"refresh_token":"r1"}"#),
        ]
    );
}

#[test]
fn benchling_asks_again_with_basic() {
    let body =
        |n: u8| format!(r#"{{"access_token":"a{n}","token_type":"Bearer","expires_in":900}}"#);
    let server = Server::answering([Answer::json(200, &body(1)), Answer::json(200, &body(2))]);
    let client = benchling::Client::builder()
        .base_url(&server.origin())
        .and_then(benchling::ClientBuilder::build)
        .expect("nothing is missing");
    let call = client
        .generate_token(benchling::models::TokenCreate::new())
        .basic_client_id_secret_auth("id", "secret");
    let source = built(call.token_source());
    let requests = obtain_and_renew(server, &source);
    let asked = row(
        "POST /token",
        Some("Basic aWQ6c2VjcmV0"),
        "grant_type=client_credentials",
    );
    assert_eq!(told(&requests), [asked.clone(), asked]);
}

/// Runs an example against a server that issues two tokens.
#[track_caller]
fn run(example: &str, status: u16, body: impl Fn(u8) -> String) {
    let server = Server::answering([
        Answer::json(status, &body(1)),
        Answer::json(status, &body(2)),
    ]);
    let output = std::process::Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--offline",
            "--package=token-clients",
            "--features=blocking",
            "--example",
            example,
        ])
        .current_dir(crate::repo::root())
        .env("BASE_URL", server.origin())
        .output()
        .expect("cargo can be started: it started this test");
    assert!(
        output.status.success(),
        "`{example}` fails:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(server.requests().len(), 2);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("obtained AccessToken") && said.contains("renewed AccessToken"),
        "{said}"
    );
    assert!(!said.contains("secret"), "no token is shown: {said}");
}

#[test]
fn the_examples_obtain_use_and_renew() {
    let standard = |n: u8| {
        format!(
            r#"{{"access_token":"a{n}secret","token_type":"Bearer","expires_in":900,"refresh_token":"r{n}"}}"#
        )
    };
    run("akeneo_tokens", 200, standard);
    run("benchling_tokens", 200, standard);
    run("ix_api_tokens", 201, standard);
    run("oneshot_tokens", 200, standard);
    run("zenkipay_tokens", 200, |n| {
        format!(r#"{{"accessToken":"a{n}secret","tokenType":"Bearer","expiresIn":900}}"#)
    });
}
