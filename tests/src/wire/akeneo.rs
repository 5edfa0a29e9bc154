//! Akeneo: JSON or form by choice, Basic that the document hides in a header parameter.

use std::time::Duration;

use token_clients::akeneo::models::{PostTokenRequest, RefreshTokenRequest};
use token_clients::akeneo::operations::{PostToken, RefreshToken};
use token_clients::akeneo::{Client, Error};
use token_clients::runtime::ContentType;

use super::server::{Answer, Server};
use super::{faults, wait};

fn client(origin: &str) -> Client {
    let builder = Client::builder()
        .base_url(origin)
        .expect("the server's origin is a URL");
    builder
        .basic_auth("id", "p@ss")
        .build()
        .expect("nothing is missing")
}

fn post_token(origin: &str) -> PostToken {
    client(origin).post_token(PostTokenRequest::new("password", "julia", "a&b=c ü"))
}

fn refresh_token(origin: &str) -> RefreshToken {
    client(origin).refresh_token(RefreshTokenRequest::new("r1"))
}

const TOKEN: &str = r#"{"access_token":"a1","expires_in":3600,"token_type":"bearer","scope":null,"refresh_token":"r1"}"#;

#[test]
fn post_token_sends_json_by_default() {
    let server = Server::answering([Answer::json(200, TOKEN)]);
    let token = wait(post_token(&server.origin())).expect("the answer is as documented");
    assert_eq!(
        token.access_token.as_ref().map(|secret| secret.expose()),
        Some("a1")
    );
    assert_eq!(token.expires_in, Some(3600));
    assert_eq!(
        token.scope, None,
        "null is tolerated for an optional member"
    );
    assert_eq!(
        server.request().text(),
        "POST /api/oauth/v1/token\n\
         accept: application/json\n\
         authorization: Basic aWQ6cCU0MHNz\n\
         cache-control: no-store\n\
         content-length: 66\n\
         content-type: application/json\n\
         host: HOST\n\
         user-agent: AGENT\n\
         \n\
         {\"grant_type\":\"password\",\"username\":\"julia\",\"password\":\"a&b=c ü\"}"
    );
}

#[test]
fn post_token_sends_a_form_when_asked_to() {
    let server = Server::answering([Answer::json(200, TOKEN)]);
    wait(post_token(&server.origin()).content_type(ContentType::FORM))
        .expect("the answer is as documented");
    let request = server.request();
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        String::from_utf8_lossy(&request.body),
        "grant_type=password&username=julia&password=a%26b%3Dc+%C3%BC"
    );
}

#[test]
fn refresh_token_asks_at_the_same_place_without_a_password() {
    let server = Server::answering([Answer::json(200, TOKEN)]);
    wait(refresh_token(&server.origin())).expect("the answer is as documented");
    let request = server.request();
    assert_eq!(request.line, "POST /api/oauth/v1/token");
    assert_eq!(
        String::from_utf8_lossy(&request.body),
        r#"{"grant_type":"refresh_token","refresh_token":"r1"}"#
    );
}

#[test]
fn each_documented_refusal_has_the_same_body() {
    for status in [400, 415, 422] {
        let server = Server::answering([Answer::json(
            status,
            r#"{"code":422,"message":"No such client"}"#,
        )]);
        let Err(Error::Api(error)) = wait(post_token(&server.origin())) else {
            panic!("{status} is a refusal");
        };
        assert_eq!(error.status(), status);
        let body = error.into_body().expect("the status is documented");
        assert_eq!(body.message.as_deref(), Some("No such client"));
    }
}

#[test]
fn unknown_members_of_an_answer_are_kept() {
    let server = Server::answering([Answer::json(
        200,
        r#"{"access_token":"a1","_links":{"a":1}}"#,
    )]);
    let token = wait(post_token(&server.origin())).expect("the answer is as documented");
    assert!(token.extra.get("_links").is_some());
}

#[test]
fn without_credentials_nothing_is_sent() {
    let client = Client::builder()
        .base_url("http://127.0.0.1:9")
        .expect("it is a URL")
        .build()
        .expect("it is whole");
    let outcome = wait(client.post_token(PostTokenRequest::new("password", "julia", "secret")));
    assert_eq!(faults::describe(outcome), "Build MissingCredentials");
}

#[test]
fn faulty_answers_to_post_token_are_told_apart() {
    faults::check(|origin: &str, timeout: Duration| post_token(origin).timeout(timeout));
}

#[test]
fn faulty_answers_to_refresh_token_are_told_apart() {
    faults::check(|origin: &str, timeout: Duration| refresh_token(origin).timeout(timeout));
}
