//! The fakes of the generated crate, as a program's tests use them.

#[cfg(feature = "mocks")]
mod every_case;
#[cfg(feature = "mocks")]
mod schemathesis;

use std::error::Error;
use std::time::Duration;

use token_clients::akeneo::models::{
    PostToken200Response, PostToken400Response, PostTokenRequest, RefreshTokenRequest,
};
use token_clients::runtime::http::Response;
use token_clients::runtime::mock::{Answer, Fault, Strictness};
use token_clients::runtime::{ContentType, Delivery, TransportErrorKind, json};
use token_clients::{akeneo, benchling, ix_api, oneshot, zenkipay};

type Outcome = Result<(), Box<dyn Error>>;

fn pim(server: &akeneo::mock::Server) -> akeneo::Client {
    let builder = server.builder().basic_auth("id", "secret");
    builder.build().expect("a fake's address is a base URL")
}

fn password() -> PostTokenRequest {
    PostTokenRequest::new("password", "ann", "secret")
}

#[test]
fn a_fake_answers_what_the_document_shows_and_counts() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    let token = pim(&server).post_token(password()).send()?;
    assert_eq!(token.status(), 200);
    assert_eq!(token.expires_in, Some(3600));
    assert_eq!(server.post_token().count(), 1);
    assert_eq!(server.refresh_token().count(), 0);
    assert_eq!(server.refused().len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_fake_serves_calls_that_are_awaited() -> Outcome {
    let server = zenkipay::mock::Server::new()?;
    let client = server.builder().build()?;
    let request = zenkipay::models::RequestTokenOAuth2::new("id", "secret", "client_credentials");
    let token = client.create_token(request).await?;
    assert_eq!(token.expires_in, 1800);
    Ok(())
}

#[test]
fn answers_are_given_in_the_order_they_were_told_and_the_last_one_stays() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    let refusal: PostToken400Response = json::from_slice(br#"{ "message": "not now" }"#)?;
    let token: PostToken200Response = json::from_slice(br#"{ "expires_in": 7 }"#)?;
    server.post_token().reply(422, refusal)?.reply(200, token)?;

    let client = pim(&server);
    let Err(akeneo::Error::Api(error)) = client.post_token(password()).send() else {
        return Err("the first answer is a refusal".into());
    };
    assert_eq!(error.status(), 422);
    let Some(refusal) = error.body() else {
        return Err("the refusal is typed".into());
    };
    assert_eq!(refusal.message.as_deref(), Some("not now"));
    for _ in 0..2 {
        assert_eq!(client.post_token(password()).send()?.expires_in, Some(7));
    }
    Ok(())
}

#[test]
fn a_body_that_is_not_declared_for_its_status_is_not_told() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    let told = server
        .post_token()
        .reply(404, PostToken400Response::default());
    let error = told.err().ok_or("404 is not declared")?;
    assert_eq!(
        error.to_string(),
        "`post_token` does not answer 404 with this body: it is declared for 400, 415, 422; `reply_raw` answers anything"
    );
    server
        .post_token()
        .reply_raw(Response::builder().status(404).body("no")?);
    let Err(akeneo::Error::Api(error)) = pim(&server).post_token(password()).send() else {
        return Err("404 is a refusal".into());
    };
    assert_eq!(error.status(), 404);
    Ok(())
}

#[test]
fn what_was_asked_is_read_as_its_type_be_it_json_or_a_form() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    let client = pim(&server);
    client.post_token(password()).send()?;
    let form = client
        .post_token(password())
        .content_type(ContentType::FORM);
    form.send()?;
    for asked in server.post_token().requests() {
        assert_eq!(asked.body()?.username, "ann");
        assert_eq!(asked.header("authorization"), Some("Basic aWQ6c2VjcmV0"));
    }
    let last = server.post_token().last().ok_or("two requests came")?;
    assert!(last.bytes().starts_with(b"grant_type=password&"));
    Ok(())
}

#[test]
fn an_answer_may_be_made_of_what_was_asked() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    server.post_token().reply_with(|asked| {
        let scope = asked.body().map(|body| body.username).ok();
        let mut token = PostToken200Response::default();
        token.scope = scope;
        let declared = Answer::of::<akeneo::operations::PostToken, _>(200, &token);
        declared.expect("200 is declared")
    });
    let token = pim(&server).post_token(password()).send()?;
    assert_eq!(token.scope.as_deref(), Some("ann"));
    Ok(())
}

#[test]
fn headers_and_delays_go_with_the_answer_told_last() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    let route = server.post_token().header("x-request", "7")?;
    route.reply_default().delay(Duration::from_secs(600));
    let client = pim(&server);
    let token = client.post_token(password()).send()?;
    assert_eq!(token.headers()["x-request"], "7");
    let slow = client
        .post_token(password())
        .timeout(Duration::from_millis(50));
    let Err(akeneo::Error::Transport(error)) = slow.send() else {
        return Err("ten minutes are too long".into());
    };
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert!(server.post_token().header("no header", "").is_err());
    Ok(())
}

#[test]
fn a_fake_fails_as_it_is_told() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    let route = server.post_token().fault(Fault::Hangup);
    route.fault(Fault::Cut).fault(Fault::Silence);
    let client = pim(&server);
    for _ in 0..3 {
        let call = client.post_token(password());
        let Err(akeneo::Error::Transport(error)) = call.timeout(Duration::from_millis(500)).send()
        else {
            return Err("no whole response came".into());
        };
        assert_eq!(error.delivery(), Delivery::MaybeSent);
    }
    server.post_token().reset();
    client.post_token(password()).send()?;
    assert_eq!(server.post_token().count(), 4);
    Ok(())
}

#[test]
fn a_request_without_credentials_gets_the_refusal_that_is_declared() -> Outcome {
    let server = benchling::mock::Server::new()?;
    let client = server
        .builder()
        .basic_client_id_secret_auth("id", "secret")
        .build()?;
    let request = || benchling::models::TokenCreate::new();
    client.generate_token(request()).send()?;

    let mut bare = client.generate_token(request()).request()?;
    bare.headers_mut().remove("authorization");
    let (status, headers) = sent(server.url(), "POST", "/token", "", &bare)?;
    assert_eq!(status, 401);
    assert!(
        headers.contains("www-authenticate: Basic realm=\"fake\""),
        "{headers}"
    );
    let refused = server.refused();
    assert_eq!(
        refused[0].refusal(),
        Some("it needs credentials for basicClientIdSecretAuth")
    );
    Ok(())
}

#[test]
fn a_request_that_breaks_the_description_gets_the_refusal_that_is_declared() -> Outcome {
    let server = ix_api::mock::Server::new()?;
    let client = server.builder().build()?;
    let request = ix_api::models::AuthTokenRequest::new("too short", "as well");
    let Err(ix_api::Error::Api(error)) = client.auth_token_create(request.clone()).send() else {
        return Err("the key is too short".into());
    };
    assert_eq!(error.status(), 400);
    let refused = server.refused();
    let why = refused[0].refusal().unwrap_or_default();
    assert!(why.contains("api_key"), "{why}");

    server.set_strictness(Strictness::Unchecked);
    client.auth_token_create(request).send()?;
    Ok(())
}

/// Sends a request by hand: status and head of the answer.
fn sent(
    url: &str,
    method: &str,
    path: &str,
    body: &str,
    like: &token_clients::runtime::http::Request<token_clients::runtime::Body>,
) -> Result<(u16, String), Box<dyn Error>> {
    use std::io::{Read as _, Write as _};
    let host = url.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(host)?;
    let headers: String = like
        .headers()
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}: {}\r\n", value.to_str().ok()?)))
        .collect();
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    write!(
        stream,
        "{head}{headers}content-length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.get(9..12).ok_or("no status")?.parse()?;
    let (head, _) = answer.split_once("\r\n\r\n").ok_or("no head")?;
    Ok((status, head.to_owned()))
}

#[test]
fn what_the_document_lacks_is_404_405_or_the_declared_refusal_of_a_media_type() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    let request = pim(&server).post_token(password()).request()?;
    let path = "/api/oauth/v1/token";
    assert_eq!(
        sent(server.url(), "POST", "/elsewhere", "{}", &request)?.0,
        404
    );
    let (status, head) = sent(server.url(), "DELETE", path, "", &request)?;
    assert_eq!(status, 405);
    assert!(head.contains("allow: POST"), "{head}");

    let mut request = pim(&server).post_token(password()).request()?;
    let headers = request.headers_mut();
    headers.insert("content-type", "application/cbor".parse()?);
    assert_eq!(sent(server.url(), "POST", path, "x", &request)?.0, 415);
    assert_eq!(server.refused().len(), 3);
    assert_eq!(
        server.post_token().count(),
        1,
        "the others are for no operation"
    );
    Ok(())
}

#[test]
fn operations_of_one_path_are_told_apart_by_what_they_take() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    let client = pim(&server);
    client
        .refresh_token(RefreshTokenRequest::new("renewing"))
        .send()?;
    client.post_token(password()).send()?;
    assert_eq!(server.refresh_token().count(), 1);
    assert_eq!(server.post_token().count(), 1);
    Ok(())
}

#[test]
fn a_fake_hands_out_tokens_to_a_token_source() -> Outcome {
    let server = benchling::mock::Server::new()?;
    let client = server
        .builder()
        .basic_client_id_secret_auth("id", "secret")
        .build()?;
    let request = benchling::models::TokenCreate::new();
    let source = client.generate_token(request).token_source().build()?;
    let (first, second) = (source.token_blocking()?, source.token_blocking()?);
    assert_eq!(first.id(), second.id());
    assert_eq!(server.generate_token().count(), 1);
    Ok(())
}

#[test]
fn a_test_waits_for_what_another_thread_asks() -> Outcome {
    let server = oneshot::mock::Server::new()?;
    assert!(!server.get_access_token().wait(1, Duration::ZERO));
    let client = server.builder().build()?;
    let asking = std::thread::spawn(move || {
        let request = oneshot::models::GetAccessTokenRequest::new();
        client.get_access_token(request).send().is_ok()
    });
    assert!(server.get_access_token().wait(1, Duration::from_secs(30)));
    assert!(asking.join().is_ok_and(|is_answered| is_answered));
    Ok(())
}

#[test]
fn a_fake_forgets_what_it_is_told_to_forget() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    server.post_token().fault(Fault::Hangup);
    assert!(pim(&server).post_token(password()).send().is_err());
    server.reset();
    assert!(pim(&server).post_token(password()).send().is_ok());
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[test]
fn a_fake_that_is_dropped_answers_no_more() -> Outcome {
    let server = akeneo::mock::Server::new()?;
    let client = pim(&server);
    drop(server);
    let Err(akeneo::Error::Transport(error)) = client.post_token(password()).send() else {
        return Err("nobody is there".into());
    };
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    Ok(())
}

#[test]
fn the_client_reads_every_answer_that_the_five_documents_show() -> Outcome {
    let mismatches = [
        akeneo::mock::Server::new()?.mismatches(),
        benchling::mock::Server::new()?.mismatches(),
        ix_api::mock::Server::new()?.mismatches(),
        oneshot::mock::Server::new()?.mismatches(),
        zenkipay::mock::Server::new()?.mismatches(),
    ];
    assert_eq!(mismatches.concat(), []);
    Ok(())
}
