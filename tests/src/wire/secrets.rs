//! No secret shows anywhere: not in `Debug`, not in an error, not in a log.

use std::error::Error as StdError;
use std::fmt::Debug;
use std::sync::{Mutex, Once, PoisonError};

use token_clients::{akeneo, benchling, ix_api, oneshot, zenkipay};

use super::server::{Answer, Server};
use super::wait;

/// A text that stands for every secret, and that nothing else contains.
const SENTINEL: &str = "s3ntinel";

/// The same in base64, as the second half of `id:s3ntinel`, where Basic hides it.
const SENTINEL_IN_BASIC: &str = "aWQ6czNudGluZWw";

/// What a hostile or careless server may answer: every documented name with the secret in it.
const ECHO: &str = r#"{"access_token":"s3ntinel","accessToken":"s3ntinel","refresh_token":"s3ntinel","token_type":"Bearer","tokenType":"Bearer","expiresIn":1}"#;

/// Everything that libraries log, at the finest level.
static LOGGED: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Collector;

impl log::Log for Collector {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
        logged.push(format!("{}: {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

fn collect_logs() {
    static START: Once = Once::new();
    START.call_once(|| {
        log::set_logger(&Collector).expect("nobody else sets a logger");
        log::set_max_level(log::LevelFilter::Trace);
    });
}

/// Fails if a text holds the secret in any spelling.
#[track_caller]
fn check(what: &str, text: &str) {
    for spelling in [SENTINEL, SENTINEL_IN_BASIC] {
        assert!(!text.contains(spelling), "{what} shows a secret: {text}");
    }
}

#[track_caller]
fn check_debug(what: &str, value: &impl Debug) {
    check(what, &format!("{value:?}"));
    check(what, &format!("{value:#?}"));
}

#[track_caller]
fn check_error(error: &(dyn StdError + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        check("an error's text", &error.to_string());
        check_debug("an error", &error);
        next = error.source();
    }
}

/// Sends a call to a server that echoes secrets, in every way that answers differ, and looks at all it gives.
macro_rules! sweep {
    ($client:expr, $call:expr) => {{
        collect_logs();
        let answers = [
            Answer::json(200, ECHO),
            Answer::json(200, &ECHO[..40]),
            Answer::json(
                200,
                r#"{"access_token":["s3ntinel"],"accessToken":["s3ntinel"]}"#,
            ),
            Answer::json(
                200,
                r#"{"access_token":"s3ntinel","access_token":"s3ntinel"}"#,
            ),
            Answer::new(200, "text/html", SENTINEL),
            Answer::new(418, "text/plain", SENTINEL),
            Answer::json(400, r#"["s3ntinel"]"#),
            Answer::empty(302).header("location", "https://elsewhere.example/?s3ntinel"),
            Answer::cut(200, SENTINEL),
            Answer::Bytes(SENTINEL.as_bytes().to_vec()),
        ];
        for answer in answers {
            let server = Server::answering([answer]);
            let client = $client(&server.origin());
            check_debug("a client", &client);
            let call = $call(&client);
            check_debug("a call", &call);
            check_debug(
                "a request",
                &call.request().expect("the request can be made"),
            );
            match wait(call) {
                Ok(response) => check_debug("a response", &response),
                Err(error) => check_error(&error),
            }
            let request = server.request();
            let body = String::from_utf8_lossy(&request.body);
            let basic = request.header("authorization").unwrap_or_default();
            assert!(
                body.contains(SENTINEL) || basic.contains(SENTINEL_IN_BASIC),
                "the secret was sent"
            );
        }
        let logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
        logged.iter().for_each(|line| check("a log", line));
    }};
}

#[test]
fn akeneo_shows_none() {
    let body = || akeneo::models::PostTokenRequest::new("password", "julia", SENTINEL);
    check_debug("a body", &body());
    sweep!(
        |origin: &str| {
            let builder = akeneo::Client::builder()
                .base_url(origin)
                .expect("it is a URL")
                .basic_auth("id", SENTINEL);
            check_debug("a builder", &builder);
            builder.build().expect("nothing is missing")
        },
        |client: &akeneo::Client| client.post_token(body())
    );
}

#[test]
fn akeneo_shows_none_when_it_refreshes() {
    let body = || akeneo::models::RefreshTokenRequest::new(SENTINEL);
    check_debug("a body", &body());
    sweep!(
        |origin: &str| {
            let builder = akeneo::Client::builder()
                .base_url(origin)
                .expect("it is a URL");
            builder
                .basic_auth("id", SENTINEL)
                .build()
                .expect("nothing is missing")
        },
        |client: &akeneo::Client| client.refresh_token(body())
    );
}

#[test]
fn oneshot_shows_none() {
    let body = || {
        oneshot::models::GetAccessTokenRequest::new()
            .client_id("id")
            .client_secret(SENTINEL)
    };
    check_debug("a body", &body());
    sweep!(
        |origin: &str| oneshot::Client::builder()
            .base_url(origin)
            .expect("it is a URL")
            .build()
            .expect("nothing is missing"),
        |client: &oneshot::Client| client.get_access_token(body())
    );
}

#[test]
fn zenkipay_shows_none() {
    let body = || zenkipay::models::RequestTokenOAuth2::new("id", SENTINEL, "client_credentials");
    check_debug("a body", &body());
    sweep!(
        |origin: &str| zenkipay::Client::builder()
            .base_url(origin)
            .expect("it is a URL")
            .build()
            .expect("nothing is missing"),
        |client: &zenkipay::Client| client.create_token(body())
    );
}

#[test]
fn ix_api_shows_none() {
    let body = || ix_api::models::AuthTokenRequest::new("key", SENTINEL);
    check_debug("a body", &body());
    sweep!(
        |origin: &str| ix_api::Client::builder()
            .origin(origin)
            .expect("it is one")
            .build()
            .expect("nothing is missing"),
        |client: &ix_api::Client| client.auth_token_create(body())
    );
}

#[test]
fn ix_api_shows_none_when_it_refreshes() {
    let body = || ix_api::models::RefreshTokenRequest::new(SENTINEL);
    check_debug("a body", &body());
    sweep!(
        |origin: &str| ix_api::Client::builder()
            .origin(origin)
            .expect("it is one")
            .build()
            .expect("nothing is missing"),
        |client: &ix_api::Client| client.auth_token_refresh(body())
    );
}

#[test]
fn benchling_shows_none() {
    sweep!(
        |origin: &str| {
            let builder = benchling::Client::builder()
                .origin(origin)
                .expect("it is one");
            builder
                .basic_client_id_secret_auth("id", SENTINEL)
                .build()
                .expect("nothing is missing")
        },
        |client: &benchling::Client| client.generate_token(benchling::models::TokenCreate::new())
    );
}
