//! Zenkipay: camelCase JSON, members that are required and never there.

use std::time::Duration;

use token_clients::zenkipay::models::RequestTokenOAuth2;
use token_clients::zenkipay::operations::CreateToken;
use token_clients::zenkipay::{Client, Error};

use super::server::{Answer, Server};
use super::{faults, wait};

fn create_token(origin: &str) -> CreateToken {
    let builder = Client::builder()
        .base_url(&format!("{origin}/"))
        .expect("the server's origin is a URL");
    let client = builder.build().expect("nothing is missing");
    client.create_token(RequestTokenOAuth2::new(
        "id",
        "secret",
        "client_credentials",
    ))
}

#[test]
fn names_are_camel_case_on_the_wire_and_a_trailing_slash_does_no_harm() {
    let server = Server::answering([Answer::json(
        200,
        r#"{"accessToken":"a1","tokenType":"Bearer","expiresIn":1800}"#,
    )]);
    let token =
        wait(create_token(&server.origin())).expect("members that are never there are not missed");
    assert_eq!(
        (token.access_token.expose(), token.expires_in),
        ("a1", 1800)
    );
    assert_eq!(
        server.request().text(),
        "POST /v1/oauth/tokens\n\
         accept: application/json\n\
         cache-control: no-store\n\
         content-length: 74\n\
         content-type: application/json\n\
         host: HOST\n\
         user-agent: AGENT\n\
         \n\
         {\"clientId\":\"id\",\"clientSecret\":\"secret\",\"grantType\":\"client_credentials\"}"
    );
}

#[test]
fn a_missing_required_member_is_named() {
    let server = Server::answering([Answer::json(
        200,
        r#"{"accessToken":"a1","tokenType":"Bearer"}"#,
    )]);
    let Err(Error::Decode(error)) = wait(create_token(&server.origin())) else {
        panic!("`expiresIn` is missing");
    };
    assert!(
        error.error().to_string().contains("expiresIn"),
        "{}",
        error.error()
    );
}

#[test]
fn each_documented_refusal_has_the_same_body() {
    for status in [400, 500] {
        let body = r#"{"error":"unauthorized_client","errorDescription":"Invalid identity"}"#;
        let server = Server::answering([Answer::json(status, body)]);
        let Err(Error::Api(error)) = wait(create_token(&server.origin())) else {
            panic!("{status} is a refusal");
        };
        let body = error.into_body().expect("the status is documented");
        assert_eq!(body.error_description, "Invalid identity");
    }
}

#[test]
fn faulty_answers_are_told_apart() {
    faults::check(|origin: &str, timeout: Duration| create_token(origin).timeout(timeout));
}
