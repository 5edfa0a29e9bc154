//! 1Shot: credentials in a form, servers to choose from, refusals without a body.

use std::time::Duration;

use token_clients::oneshot::models::{GetAccessToken200ResponseTokenType, GetAccessTokenRequest};
use token_clients::oneshot::operations::{GetAccessToken, GetAccessTokenError};
use token_clients::oneshot::{Client, Error, Server as Choice};

use super::server::{Answer, Server};
use super::{faults, wait};

fn get_access_token(origin: &str) -> GetAccessToken {
    let builder = Client::builder()
        .base_url(&format!("{origin}/v0"))
        .expect("the server's origin is a URL");
    let client = builder.build().expect("nothing is missing");
    client.get_access_token(
        GetAccessTokenRequest::new()
            .client_id("key")
            .client_secret("se cret"),
    )
}

#[test]
fn the_form_holds_the_credentials_and_the_only_grant() {
    let server = Server::answering([Answer::json(
        200,
        r#"{"access_token":"a1","token_type":"Bearer","expires_in":3600}"#,
    )]);
    let token = wait(get_access_token(&server.origin())).expect("the answer is as documented");
    assert_eq!(
        token.token_type,
        Some(GetAccessToken200ResponseTokenType::Bearer)
    );
    assert_eq!(
        server.request().text(),
        "POST /v0/token\n\
         accept: application/json\n\
         cache-control: no-store\n\
         content-length: 65\n\
         content-type: application/x-www-form-urlencoded\n\
         host: HOST\n\
         user-agent: AGENT\n\
         \n\
         grant_type=client_credentials&client_id=key&client_secret=se+cret"
    );
}

#[test]
fn an_unknown_token_type_is_kept() {
    let server = Server::answering([Answer::json(
        200,
        r#"{"access_token":"a1","token_type":"bearer"}"#,
    )]);
    let token = wait(get_access_token(&server.origin())).expect("the answer is as documented");
    assert_eq!(
        token.token_type.as_ref().map(|kind| kind.as_str()),
        Some("bearer")
    );
}

#[test]
fn documented_refusals_without_a_body_have_a_variant_and_keep_the_raw_answer() {
    let server = Server::answering([Answer::new(401, "text/plain", "who are you?")]);
    let Err(Error::Api(error)) = wait(get_access_token(&server.origin())) else {
        panic!("401 is a refusal");
    };
    assert!(matches!(error.body(), GetAccessTokenError::Status401));
    assert_eq!(error.raw().body().as_ref(), b"who are you?");
}

#[test]
fn the_servers_of_the_document_are_a_choice() {
    let sent_to = |builder: token_clients::oneshot::ClientBuilder| {
        let client = builder.build().expect("nothing is missing");
        let call = client.get_access_token(GetAccessTokenRequest::new());
        call.request()
            .expect("the request can be made")
            .uri()
            .to_string()
    };
    assert_eq!(
        sent_to(Client::builder()),
        "https://api.1shotapi.dev/v0/token"
    );
    assert_eq!(
        sent_to(Client::builder().server(Choice::Production)),
        "https://api.1shotapi.com/v0/token"
    );
}

#[test]
fn faulty_answers_are_told_apart() {
    faults::check(|origin: &str, timeout: Duration| get_access_token(origin).timeout(timeout));
}
