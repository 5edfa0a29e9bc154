//! Generated code as it should look, and what a caller sees of it. The modules below `sample/` are what the
//! generator's output is measured by.

use specmint_runtime as runtime;

#[path = "sample/akeneo/mod.rs"]
pub mod akeneo;
#[path = "sample/benchling/mod.rs"]
pub mod benchling;

use akeneo::operations::PostTokenError;
use runtime::transport::memory::Memory;
use runtime::{Body, BuildErrorKind, ContentType, http};

fn answer(status: u16, body: &'static str) -> Memory {
    Memory::new(move |_| {
        let response = http::Response::builder()
            .status(status)
            .body(Body::from(body));
        Ok(response.expect("the status is valid"))
    })
}

fn pim(transport: Memory) -> akeneo::Client {
    let builder = akeneo::Client::builder()
        .base_url("https://pim.example.com")
        .unwrap();
    builder
        .transport(transport)
        .basic_auth("id", "secret")
        .build()
        .unwrap()
}

fn password() -> akeneo::models::PostTokenRequest {
    akeneo::models::PostTokenRequest::new("ann", "p w+", "password")
}

fn tenant() -> benchling::ClientBuilder {
    let builder = benchling::Client::builder()
        .origin("https://tenant.example.com")
        .unwrap();
    builder.transport(answer(200, "{}"))
}

fn header<'a>(request: &'a http::Request<Body>, name: &str) -> &'a str {
    request
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

fn text(request: &http::Request<Body>) -> &str {
    std::str::from_utf8(request.body().as_bytes()).unwrap()
}

#[tokio::test]
async fn a_call_is_awaited_and_reads_like_its_body() {
    let client = pim(answer(
        200,
        r#"{"access_token":"t","expires_in":3600,"scope":null,"new":1}"#,
    ));
    let token = client.post_token(password()).await.unwrap();
    assert_eq!(token.status(), 200);
    assert_eq!(token.expires_in, Some(3600));
    assert_eq!(token.scope, None);
    assert_eq!(token.access_token.as_ref().unwrap().expose(), "t");
}

#[tokio::test]
async fn a_refusal_is_typed_by_its_status() {
    let client = pim(answer(422, r#"{"code":422,"message":"no such client"}"#));
    let Err(akeneo::Error::Api(error)) = client.post_token(password()).await else {
        panic!("not refused")
    };
    assert_eq!(error.status(), 422);
    let PostTokenError::Status422(problem) = error.body() else {
        panic!("not by status")
    };
    assert_eq!(problem.message.as_deref(), Some("no such client"));
    assert!(error.decode_error().is_none());
}

#[tokio::test]
async fn a_refusal_with_another_body_keeps_the_response_and_the_reason() {
    let client = pim(answer(400, "<html>"));
    let Err(akeneo::Error::Api(error)) = client.post_token(password()).await else {
        panic!("not refused")
    };
    assert!(matches!(error.body(), PostTokenError::Other));
    assert_eq!(error.raw().body().as_bytes(), b"<html>");
    assert!(error.decode_error().is_some());
}

#[tokio::test]
async fn an_empty_success_is_a_decode_failure() {
    let client = pim(answer(200, ""));
    let Err(akeneo::Error::Decode(failure)) = client.post_token(password()).await else {
        panic!("was read")
    };
    assert_eq!(
        (failure.status().as_u16(), failure.path().as_str()),
        (200, "$")
    );
    assert!(failure.error().to_string().contains("nothing"));
}

#[tokio::test]
async fn any_status_can_be_read_piece_by_piece() {
    let client = pim(answer(503, "later"));
    let response = client.post_token(password()).raw_stream().await.unwrap();
    assert_eq!(response.status(), 503);
    let mut body = response.into_body();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "later");
    assert_eq!(body.chunk().await.unwrap(), None);
}

#[tokio::test]
async fn any_status_comes_back_raw() {
    let client = pim(answer(503, "later"));
    let response = client.post_token(password()).raw().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.body().as_bytes()),
        (503, b"later".as_slice())
    );
}

#[test]
fn a_request_is_had_without_sending_it() {
    let request = pim(answer(200, ""))
        .post_token(password())
        .request()
        .unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://pim.example.com/api/oauth/v1/token");
    assert_eq!(header(&request, "content-type"), "application/json");
    assert_eq!(header(&request, "accept"), "application/json");
    assert_eq!(header(&request, "authorization"), "Basic aWQ6c2VjcmV0");
    assert_eq!(
        text(&request),
        r#"{"username":"ann","password":"p w+","grant_type":"password"}"#
    );
}

#[test]
fn the_caller_chooses_a_form() {
    let call = pim(answer(200, ""))
        .post_token(password())
        .content_type(ContentType::FORM);
    let request = call.request().unwrap();
    assert_eq!(
        header(&request, "content-type"),
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        text(&request),
        "username=ann&password=p+w%2B&grant_type=password"
    );
}

#[test]
fn a_response_that_came_by_other_means_is_read() {
    let response = http::Response::new(Body::from(r#"{"token_type":"bearer"}"#));
    let token = akeneo::operations::PostToken::response(response).unwrap();
    assert_eq!(token.token_type.as_deref(), Some("bearer"));
}

#[test]
fn a_relative_server_asks_for_its_origin() {
    let error = benchling::Client::builder().build().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::OriginNeeded);
    assert!(error.to_string().contains("origin("));
}

#[test]
fn an_origin_keeps_the_path_of_the_spec() {
    let client = tenant()
        .basic_client_id_secret_auth("a b", "s:+")
        .build()
        .unwrap();
    let request = client
        .generate_token(benchling::models::TokenCreate::new())
        .request()
        .unwrap();
    assert_eq!(request.uri(), "https://tenant.example.com/api/v2/token");
    assert_eq!(header(&request, "authorization"), "Basic YStiOnMlM0ElMkI=");
    assert_eq!(text(&request), "grant_type=client_credentials");
}

#[test]
fn a_secret_in_the_body_takes_the_place_of_basic() {
    let client = tenant()
        .basic_client_id_secret_auth("id", "secret")
        .build()
        .unwrap();
    let mut body = benchling::models::TokenCreate::new();
    body.client_id = Some("id".into());
    body.client_secret = Some("secret".into());
    let request = client.generate_token(body.clone()).request().unwrap();
    assert!(!request.headers().contains_key("authorization"));
    assert_eq!(
        text(&request),
        "grant_type=client_credentials&client_id=id&client_secret=secret"
    );
    let both = client
        .generate_token(body)
        .basic_client_id_secret_auth("id", "secret");
    assert_eq!(
        both.request().unwrap_err().kind(),
        BuildErrorKind::TwoCredentials
    );
}

#[test]
fn without_credentials_nothing_is_sent() {
    let client = tenant().build().unwrap();
    let error = client
        .generate_token(benchling::models::TokenCreate::new())
        .request()
        .unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::MissingCredentials);
    assert!(error.to_string().contains("`basicClientIdSecretAuth`"));
}

#[test]
fn parameters_go_where_they_belong() {
    let client = tenant().o_auth("token").build().unwrap();
    let call = client
        .archive_entry("a/b")
        .reason("not & needed")
        .notify(vec!["x".into(), "y z".into()]);
    let request = call.trace_id("7").session("s;1").request().unwrap();
    let uri = "https://tenant.example.com/api/v2/entries/a%2Fb:archive?reason=not%20%26%20needed&notify=x,y%20z";
    assert_eq!(request.uri(), uri);
    assert_eq!(header(&request, "x-trace-id"), "7");
    assert_eq!(header(&request, "cookie"), "session=s%3B1");
    assert_eq!(header(&request, "authorization"), "Bearer token");
    assert!(request.headers()["authorization"].is_sensitive());
}

#[test]
fn clients_and_calls_may_cross_threads() {
    fn check<T: Send + Sync>(_: &T) {}
    fn check_future<T: Send>(_: &T) {}
    fn check_error<T: std::error::Error + Send + Sync + 'static>() {}
    let client = pim(answer(200, "{}"));
    check(&client.clone());
    check(&client.post_token(password()));
    check_future(&client.post_token(password()).into_future());
    check_future(&client.post_token(password()).raw());
    check_future(&client.post_token(password()).raw_stream());
    check_error::<akeneo::Error<PostTokenError>>();
    check_error::<akeneo::BuildError>();
}

#[cfg(feature = "blocking")]
#[test]
fn the_same_call_is_sent_without_a_runtime() {
    let builder = akeneo::Client::builder()
        .base_url("https://pim.example.com")
        .unwrap();
    let builder = builder
        .blocking_transport(answer(200, "{}"))
        .basic_auth("id", "secret");
    let client = builder.build().unwrap();
    assert_eq!(client.post_token(password()).send().unwrap().status(), 200);
    assert_eq!(
        client.post_token(password()).send_raw().unwrap().status(),
        200
    );
    let response = client.post_token(password()).send_raw_stream().unwrap();
    let body = response.into_body().gather_blocking(2).unwrap();
    assert_eq!(body.as_bytes(), b"{}");
}
