//! No secret shows: not in `Debug`, not in an error and its sources, and not in what any library under us
//! logs at level trace. One test, as the log and the subscriber are the process's.
#![cfg(feature = "blocking")]

pub mod peer;
pub mod sink;
use specmint_runtime as runtime;
#[path = "sample/akeneo/mod.rs"]
pub mod akeneo;
#[path = "sample/benchling/mod.rs"]
pub mod benchling;

use std::fmt::Write as _;
use std::net::TcpListener;
use std::time::Duration;

use peer::{Answer, Peer};
use runtime::{BuildError, ContentType};
use sink::chain;

/// A secret, and all that it turns into on its way.
const SECRET: &str = "Zq7+K x";
const SHAPES: [&str; 5] = [
    "Zq7+K x",
    "Zq7%2BK+x",
    "Zq7%2BK%20x",
    "aWQ6WnE3JTJCSyt4",
    "Zq7",
];

#[track_caller]
fn check(what: &str, shown: &str) {
    for shape in SHAPES {
        assert!(!shown.contains(shape), "{what} shows `{shape}`:\n{shown}");
    }
}

fn build(builder: akeneo::ClientBuilder, url: &str) -> Result<akeneo::Client, BuildError> {
    let builder = builder
        .base_url(url)?
        .basic_auth("id", SECRET)
        .timeout(Duration::from_millis(300));
    builder
        .header("x-tenant-key", SECRET)
        .max_response_bytes(4096)
        .build()
}

fn body() -> akeneo::models::PostTokenRequest {
    akeneo::models::PostTokenRequest::new("ann", SECRET, "password")
}

/// Runs a call in both ways and shows all there is to show of it.
fn show(url: &str, content_type: &ContentType) -> String {
    let builder = akeneo::Client::builder();
    let mut shown = format!("{builder:?}");
    let client = build(builder, url).unwrap();
    let call = || client.post_token(body()).content_type(content_type.clone());
    let request = call().request();
    write!(shown, "{client:?} {:?} {:?} {request:?}", body(), call()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for outcome in [call().send(), runtime.block_on(async { call().await })] {
        match outcome {
            Ok(token) => write!(shown, "{token:?} {token:#?} {:?}", token.raw()).unwrap(),
            Err(error) => shown.push_str(&chain(&error)),
        }
    }
    match call().send_raw() {
        Ok(response) => write!(shown, "{response:?}").unwrap(),
        Err(error) => shown.push_str(&chain(&error)),
    }
    shown
}

fn peers() -> Vec<(&'static str, Peer)> {
    let token =
        format!(r#"{{"access_token":"{SECRET}","refresh_token":"{SECRET}","new":"{SECRET}"}}"#);
    let echo = format!(r#"{{"code":400,"message":"{SECRET} is wrong","{SECRET}":1}}"#);
    let broken = format!(r#"{{"access_token":"{SECRET}","expires_in":"{SECRET}"}}"#);
    let head = |status: &str| {
        format!("HTTP/1.1 {status}\r\nset-cookie: {SECRET}\r\nlocation: http://x/?{SECRET}")
    };
    let answering = |status: &str, body: &str| {
        let head = head(status);
        Peer::answering(&format!("{head}\r\ncontent-length: {}", body.len()), body)
    };
    let half = format!("{}\r\ncontent-length: 99\r\n\r\n{SECRET}", head("200 OK"));
    let endless = head("200 OK") + "\r\ntransfer-encoding: chunked\r\n\r\n";
    vec![
        ("a success", answering("200 OK", &token)),
        ("a refusal", answering("400 Bad", &echo)),
        (
            "a refusal that is not declared",
            answering("418 Teapot", &echo),
        ),
        ("a refusal that is not JSON", answering("422 Bad", SECRET)),
        (
            "a success that cannot be read",
            answering("200 OK", &broken),
        ),
        ("a success that is not JSON", answering("200 OK", SECRET)),
        ("an empty success", answering("200 OK", "")),
        ("a redirect", answering("307 Moved", "")),
        (
            "a cut connection",
            Peer::start(Answer::Bytes(half.clone().into())),
        ),
        ("a slow server", Peer::start(Answer::Stall(half.into()))),
        (
            "a body without end",
            Peer::start(Answer::Endless(
                endless.into(),
                format!("7\r\n{SECRET}\r\n").into(),
            )),
        ),
        (
            "no HTTP",
            Peer::start(Answer::Bytes(format!("{SECRET}: {SECRET}\r\n\r\n").into())),
        ),
    ]
}

#[test]
fn no_secret_shows_anywhere() {
    sink::listen();
    for content_type in [ContentType::JSON, ContentType::FORM] {
        for (what, peer) in peers() {
            check(what, &show(&peer.url(""), &content_type));
            let sent = peer.seen().concat();
            assert!(sent.contains("Zq7"), "{what}: the secret was sent");
        }
        let closed = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        check(
            "no server",
            &show(&format!("http://{closed}"), &content_type),
        );
    }
    let shown = build(akeneo::Client::builder(), &format!("https://u:{SECRET}@x")).unwrap_err();
    check("a refused URL", &chain(&shown));
    let log = sink::heard();
    assert!(log.contains("connect"), "the sink is heard");
    check("the log", &log);
}
