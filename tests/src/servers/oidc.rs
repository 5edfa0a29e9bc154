//! Tokens from an authorization server that takes RFC 6749 at its word.

use token_clients::runtime::BasicEncoding;
use token_clients::{benchling, oneshot};

use super::node::Server;
use crate::wire::wait;

/// What the script says about one of its two servers.
struct Account {
    origin: String,
    client_id: String,
    client_secret: String,
}

fn account(server: &Server, method: &str) -> Account {
    let ready = &server.ready()[method];
    let text = |name: &str| {
        ready[name]
            .as_str()
            .expect("the script prints it")
            .to_owned()
    };
    Account {
        origin: format!("http://127.0.0.1:{}", ready["port"]),
        client_id: text("client_id"),
        client_secret: text("client_secret"),
    }
}

#[test]
fn basic_credentials_with_special_characters_get_a_token() {
    let server = Server::start("oidc.js", &[]);
    let Account {
        origin,
        client_id,
        client_secret,
    } = account(&server, "basic");
    let client = benchling::Client::builder()
        .origin(&origin)
        .unwrap()
        .basic_client_id_secret_auth(client_id, client_secret)
        .build()
        .unwrap();
    let answer = wait(client.generate_token(benchling::models::TokenCreate::new())).unwrap();
    assert!(answer.access_token.is_some());
}

#[test]
fn basic_credentials_that_are_not_form_encoded_are_refused() {
    let server = Server::start("oidc.js", &[]);
    let Account {
        origin,
        client_id,
        client_secret,
    } = account(&server, "basic");
    let client = benchling::Client::builder()
        .origin(&origin)
        .unwrap()
        // Without form-encoding, a colon in the id would end it (RFC 7617, section 2).
        .basic_client_id_secret_auth(client_id.replace(':', ""), client_secret)
        .basic_encoding(BasicEncoding::Raw)
        .build()
        .unwrap();
    let call = client.generate_token(benchling::models::TokenCreate::new());
    let answer = wait(call.raw()).unwrap();
    assert_eq!(answer.status(), 400);
}

#[test]
fn credentials_in_the_form_with_special_characters_get_a_token() {
    let server = Server::start("oidc.js", &[]);
    let Account {
        origin,
        client_id,
        client_secret,
    } = account(&server, "post");
    let client = oneshot::Client::builder()
        .base_url(&format!("{origin}/v0"))
        .unwrap()
        .build()
        .unwrap();
    let body = oneshot::models::GetAccessTokenRequest::new()
        .client_id(client_id)
        .client_secret(client_secret);
    let answer = wait(client.get_access_token(body)).unwrap();
    assert!(answer.access_token.is_some());
}

#[test]
fn credentials_in_the_form_leave_no_room_for_basic() {
    let server = Server::start("oidc.js", &[]);
    let Account {
        origin,
        client_id,
        client_secret,
    } = account(&server, "post");
    let body = benchling::models::TokenCreate::new()
        .client_id(client_id)
        .client_secret(client_secret);
    let client = benchling::Client::builder()
        .base_url(&format!("{origin}/v0"))
        .unwrap()
        .basic_client_id_secret_auth("another", "secret")
        .build()
        .unwrap();
    let answer = wait(client.generate_token(body)).unwrap();
    assert!(answer.access_token.is_some());
}
