//! IX-API: two operations, 201, a relative server, no security over a global bearer.

use std::time::Duration;

use token_clients::ix_api::models::{
    AuthTokenCreate401ResponseType, AuthTokenRequest, RefreshTokenRequest,
};
use token_clients::ix_api::operations::{AuthTokenCreate, AuthTokenCreateError, AuthTokenRefresh};
use token_clients::ix_api::{Client, Error};
use token_clients::runtime::BuildErrorKind;

use super::server::{Answer, Server};
use super::{faults, wait};

const TOKENS: &str = r#"{"access_token":"a1","refresh_token":"r2"}"#;

fn client(origin: &str) -> Client {
    let builder = Client::builder()
        .origin(origin)
        .expect("the server's origin is one");
    builder
        .bearer("never sent")
        .build()
        .expect("nothing is missing")
}

fn create(origin: &str) -> AuthTokenCreate {
    client(origin).auth_token_create(AuthTokenRequest::new("key", "secret"))
}

fn refresh(origin: &str) -> AuthTokenRefresh {
    client(origin).auth_token_refresh(RefreshTokenRequest::new("r1"))
}

#[test]
fn a_key_is_traded_for_tokens_and_no_bearer_is_sent() {
    let server = Server::answering([Answer::json(201, TOKENS)]);
    let tokens = wait(create(&server.origin())).expect("the answer is as documented");
    assert_eq!(
        (tokens.status().as_u16(), tokens.refresh_token.expose()),
        (201, "r2")
    );
    assert_eq!(
        server.request().text(),
        "POST /api/v2/auth/token\n\
         accept: application/json\n\
         cache-control: no-store\n\
         content-length: 39\n\
         content-type: application/json\n\
         host: HOST\n\
         user-agent: AGENT\n\
         \n\
         {\"api_key\":\"key\",\"api_secret\":\"secret\"}"
    );
}

#[test]
fn a_key_that_is_too_short_is_told_by_place_and_limit_before_anything_is_sent() {
    let found = create("https://ix.example.com").validate();
    let found = found.expect_err("the document wants 16 and 86 characters");
    assert_eq!(
        format!("{found:?}"),
        "[Violation($.api_key: minLength: 16), Violation($.api_secret: minLength: 86)]"
    );
    let keys = AuthTokenRequest::new("k".repeat(16), "s".repeat(86));
    assert_eq!(keys.validate(), Ok(()));
}

#[test]
fn a_refresh_token_is_traded_for_tokens() {
    let server = Server::answering([Answer::json(201, TOKENS)]);
    wait(refresh(&server.origin())).expect("the answer is as documented");
    let request = server.request();
    assert_eq!(request.line, "POST /api/v2/auth/refresh");
    assert_eq!(request.header("authorization"), None);
    assert_eq!(
        String::from_utf8_lossy(&request.body),
        r#"{"refresh_token":"r1"}"#
    );
}

#[test]
fn a_problem_is_read_with_its_kind() {
    let body = r#"{"type":"https://errors.ix-api.net/v2/signature-expired.html","title":"Too late","status":401}"#;
    let server = Server::answering([Answer::new(401, "application/problem+json", body)]);
    let Err(Error::Api(error)) = wait(create(&server.origin())) else {
        panic!("401 is a refusal");
    };
    let AuthTokenCreateError::Status401(problem) = error.into_body() else {
        panic!("401 is documented");
    };
    assert_eq!(
        problem.r#type,
        AuthTokenCreate401ResponseType::SignatureExpired
    );
    assert_eq!(problem.status, Some(401));
}

#[test]
fn a_relative_server_demands_an_origin() {
    let error = Client::builder()
        .build()
        .expect_err("nobody knows where the exchange is");
    assert_eq!(error.kind(), BuildErrorKind::OriginNeeded);
    assert!(error.to_string().contains("origin"), "{error}");
}

#[test]
fn faulty_answers_to_create_are_told_apart() {
    faults::check(|origin: &str, timeout: Duration| create(origin).timeout(timeout));
}

#[test]
fn faulty_answers_to_refresh_are_told_apart() {
    faults::check(|origin: &str, timeout: Duration| refresh(origin).timeout(timeout));
}
