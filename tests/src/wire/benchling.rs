//! Benchling: Basic or credentials in the form, never both; errors that are objects.

use std::time::Duration;

use token_clients::benchling::models::{OAuthUnauthorizedErrorErrorType, TokenCreate};
use token_clients::benchling::operations::{GenerateToken, GenerateTokenError};
use token_clients::benchling::{Client, Error};

use super::server::{Answer, Recorded, Server};
use super::{faults, wait};

const TOKEN: &str = r#"{"access_token":"a1","expires_in":900,"token_type":"Bearer"}"#;

fn client(origin: &str) -> Client {
    let builder = Client::builder()
        .origin(origin)
        .expect("the server's origin is one");
    let builder = builder
        .oauth("never sent")
        .basic_api_key_auth("never sent", "");
    builder
        .basic_client_id_secret_auth("my id", "p:ss/wörd+")
        .build()
        .expect("nothing is missing")
}

fn generate_token(origin: &str) -> GenerateToken {
    client(origin).generate_token(TokenCreate::new())
}

/// What the server sees of a call.
fn sent(call: impl FnOnce(&Client) -> GenerateToken) -> Recorded {
    let server = Server::answering([Answer::json(200, TOKEN)]);
    wait(call(&client(&server.origin()))).expect("the answer is as documented");
    server.request()
}

#[test]
fn basic_is_form_encoded_before_base64() {
    // RFC 6749, section 2.3.1: `my+id:p%3Ass%2Fw%C3%B6rd%2B` in base64.
    assert_eq!(
        sent(|client| client.generate_token(TokenCreate::new())).text(),
        "POST /api/v2/token\n\
         accept: application/json\n\
         authorization: Basic bXkraWQ6cCUzQXNzJTJGdyVDMyVCNnJkJTJC\n\
         cache-control: no-store\n\
         content-length: 29\n\
         content-type: application/x-www-form-urlencoded\n\
         host: HOST\n\
         user-agent: AGENT\n\
         \n\
         grant_type=client_credentials"
    );
}

#[test]
fn credentials_in_the_form_stand_for_basic() {
    let request = sent(|client| {
        client.generate_token(TokenCreate::new().client_id("id").client_secret("secret"))
    });
    assert_eq!(request.header("authorization"), None);
    assert_eq!(
        String::from_utf8_lossy(&request.body),
        "grant_type=client_credentials&client_id=id&client_secret=secret"
    );
}

#[test]
fn two_ways_in_one_call_are_refused() {
    let client = client("http://127.0.0.1:9");
    let body = TokenCreate::new().client_id("id").client_secret("secret");
    let outcome = wait(
        client
            .generate_token(body)
            .basic_client_id_secret_auth("id", "secret"),
    );
    assert_eq!(faults::describe(outcome), "Build TwoCredentials");
}

#[test]
fn credentials_of_the_call_win_over_the_clients() {
    let request = sent(|client| {
        client
            .generate_token(TokenCreate::new())
            .basic_client_id_secret_auth("a", "b")
    });
    assert_eq!(request.header("authorization"), Some("Basic YTpi"));
}

#[test]
fn an_error_that_is_an_object_is_read() {
    let body = r#"{"error":{"type":"invalid_client","message":"No","userMessage":"Ask again"}}"#;
    let server = Server::answering([Answer::json(401, body)]);
    let Err(Error::Api(error)) = wait(generate_token(&server.origin())) else {
        panic!("401 is a refusal");
    };
    let GenerateTokenError::Status401(body) = error.into_body() else {
        panic!("401 is documented");
    };
    let error = body.error.expect("it was sent");
    assert_eq!(
        error.r#type,
        Some(OAuthUnauthorizedErrorErrorType::InvalidClient)
    );
    assert_eq!(error.user_message.as_deref(), Some("Ask again"));
}

#[test]
fn options_hold_for_one_call() {
    let server = Server::answering([Answer::json(200, TOKEN)]);
    let call = generate_token("http://127.0.0.1:9")
        .base_url(&format!("{}/elsewhere", server.origin()))
        .header("x-trace", "7")
        .accept("application/vnd.benchling+json");
    let raw = wait(call.raw()).expect("something came");
    assert_eq!(
        (raw.status().as_u16(), raw.body().as_bytes()),
        (200, TOKEN.as_bytes())
    );
    let request = server.request();
    assert_eq!(request.line, "POST /elsewhere/token");
    assert_eq!(request.header("x-trace"), Some("7"));
    assert_eq!(
        request.header("accept"),
        Some("application/vnd.benchling+json")
    );
}

#[test]
fn the_blocking_transport_sends_the_same_bytes() {
    let server = Server::answering([Answer::json(200, TOKEN)]);
    let token = generate_token(&server.origin())
        .send()
        .expect("the answer is as documented");
    assert_eq!(token.expires_in, Some(900));
    assert_eq!(
        server.request().text(),
        sent(|client| client.generate_token(TokenCreate::new())).text()
    );
}

#[test]
fn faulty_answers_are_told_apart() {
    faults::check(|origin: &str, timeout: Duration| generate_token(origin).timeout(timeout));
}

#[test]
fn faulty_answers_are_told_apart_on_the_calling_thread_too() {
    faults::check(|origin: &str, timeout: Duration| {
        std::future::ready(generate_token(origin).timeout(timeout).send())
    });
}
