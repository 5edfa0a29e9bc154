//! What every transport owes, tried over real sockets with each of ours.
#![cfg(feature = "blocking")]

pub mod peer;
pub mod tls;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use peer::{Answer, Peer};
use rustls::crypto::ring;
use specmint_runtime::transport::blocking::Blocking;
use specmint_runtime::transport::reqwest::Reqwest;
use specmint_runtime::{
    BlockingTransport, Body, Delivery, Limits, Transport, TransportError, TransportErrorKind, http,
};

type Outcome = Result<http::Response<Body>, TransportError>;

fn tokio() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn with_reqwest(request: http::Request<Body>, limits: Limits) -> Outcome {
    tokio().block_on(Reqwest::new().send(request, limits))
}

fn with_blocking(request: http::Request<Body>, limits: Limits) -> Outcome {
    Blocking::new().send(request, limits)
}

fn get(url: &str) -> http::Request<Body> {
    http::Request::get(url).body(Body::empty()).unwrap()
}

fn short() -> Limits {
    let mut limits = Limits::default();
    limits.timeout = Duration::from_millis(300);
    limits
}

fn at_most(bytes: usize) -> Limits {
    let mut limits = Limits::default();
    limits.max_response_bytes = bytes;
    limits
}

#[track_caller]
fn check_error(outcome: Outcome, kind: TransportErrorKind, delivery: Delivery) {
    let error = outcome.expect_err("no response");
    assert_eq!(
        (error.kind(), error.delivery()),
        (kind, delivery),
        "{error:?}"
    );
}

/// The same behaviour of both.
macro_rules! both {
    ($($name:ident($send:ident) $body:block)*) => {
        mod reqwest {
            use super::*;
            $(#[test] fn $name() { let $send = with_reqwest; $body })*
        }
        mod blocking {
            use super::*;
            $(#[test] fn $name() { let $send = with_blocking; $body })*
        }
    };
}

both! {
    it_sends_what_it_is_given_and_no_more(send) {
        let peer = Peer::json("{}");
        let request = http::Request::post(peer.url("/a%2Fb:c/?q=1%20&r=%27"))
            .header("accept", "application/json")
            .header("user-agent", "me")
            .header("x-key", "k")
            .body(Body::from("a=1&b=2"))
            .unwrap();
        let response = send(request, Limits::default()).unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_bytes()), (200, b"{}".as_slice()));
        assert_eq!(response.headers()["content-type"], "application/json");
        let expected = format!(
            "POST /a%2Fb:c/?q=1%20&r=%27 HTTP/1.1\r\naccept: application/json\r\nuser-agent: me\r\n\
             x-key: k\r\nhost: {}\r\ncontent-length: 7\r\n\r\na=1&b=2",
            peer.address
        );
        assert_eq!(peer.seen(), [expected]);
    }

    it_sends_a_post_without_a_body_with_its_length(send) {
        let peer = Peer::answering("HTTP/1.1 204 No Content", "");
        let request = http::Request::post(peer.url("/")).body(Body::empty()).unwrap();
        let response = send(request, Limits::default()).unwrap();
        assert_eq!((response.status().as_u16(), response.body().len()), (204, 0));
        assert!(peer.seen()[0].contains("content-length: 0\r\n"));
    }

    it_returns_an_error_status_with_its_body(send) {
        let peer = Peer::answering("HTTP/1.1 503 Later\r\ncontent-length: 4", "wait");
        let response = send(get(&peer.url("/")), Limits::default()).unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_bytes()), (503, b"wait".as_slice()));
    }

    it_follows_no_redirect(send) {
        let other = Peer::json("{}");
        for status in [301, 302, 303, 307, 308] {
            let head = format!("HTTP/1.1 {status} Moved\r\ncontent-length: 0\r\nlocation: {}", other.url("/"));
            let peer = Peer::answering(&head, "");
            let request = http::Request::post(peer.url("/")).body(Body::from("secret")).unwrap();
            assert_eq!(send(request, Limits::default()).unwrap().status(), status);
            assert_eq!(peer.seen().len(), 1);
        }
        assert!(other.seen().is_empty());
    }

    it_takes_a_body_of_the_greatest_length(send) {
        let peer = Peer::json("12345678");
        assert_eq!(send(get(&peer.url("/")), at_most(8)).unwrap().body().len(), 8);
    }

    it_refuses_a_body_that_says_it_is_too_long(send) {
        let peer = Peer::start(Answer::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".into()));
        check_error(send(get(&peer.url("/")), at_most(8)), TransportErrorKind::TooLarge, Delivery::MaybeSent);
    }

    it_stops_reading_a_body_that_does_not_end(send) {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        let peer = Peer::start(Answer::Endless(head, b"4\r\nmore\r\n".to_vec()));
        check_error(send(get(&peer.url("/")), at_most(999)), TransportErrorKind::TooLarge, Delivery::MaybeSent);
    }

    it_gives_up_on_a_server_that_is_silent(send) {
        let peer = Peer::start(Answer::Stall(Vec::new()));
        check_error(send(get(&peer.url("/")), short()), TransportErrorKind::Timeout, Delivery::MaybeSent);
    }

    it_gives_up_on_a_body_that_stalls(send) {
        let peer = Peer::start(Answer::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".into()));
        check_error(send(get(&peer.url("/")), short()), TransportErrorKind::Timeout, Delivery::MaybeSent);
    }

    it_says_that_a_connection_was_cut(send) {
        for sent in ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", "what?\r\n\r\n"] {
            let peer = Peer::start(Answer::Bytes(sent.into()));
            let outcome = send(get(&peer.url("/")), Limits::default());
            check_error(outcome, TransportErrorKind::Broken, Delivery::MaybeSent);
            assert_eq!(peer.seen().len(), 1, "nothing is sent twice");
        }
    }

    it_says_that_nothing_listens(send) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        check_error(send(get(&url), Limits::default()), TransportErrorKind::Connect, Delivery::NotSent);
    }

    it_says_that_a_host_has_no_address(send) {
        let outcome = send(get("http://nowhere.invalid/"), Limits::default());
        check_error(outcome, TransportErrorKind::Connect, Delivery::NotSent);
    }

    it_refuses_a_certificate_that_nobody_vouches_for(send) {
        let server = tls::self_signed();
        check_error(send(get(&server.origin), Limits::default()), TransportErrorKind::Tls, Delivery::NotSent);
    }

    it_names_no_url_in_its_errors(send) {
        let error = send(get("http://nowhere.invalid/?key=s3cret"), Limits::default()).unwrap_err();
        let mut shown = format!("{error} {error:?}");
        let mut next = std::error::Error::source(&error);
        while let Some(error) = next {
            shown.push_str(&format!(" {error} {error:?}"));
            next = error.source();
        }
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}

#[test]
fn a_client_of_the_callers_own_trusts_whom_the_caller_trusts() {
    let server = tls::self_signed();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(server.certificate).unwrap();
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = ::reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .build()
        .unwrap();
    let transport = Blocking::with_client(Reqwest::with_client(client));
    let response = transport
        .send(get(&server.origin), Limits::default())
        .unwrap();
    assert_eq!(response.body().as_bytes(), b"{}");
}

#[test]
fn one_connection_keeps_no_cookie_for_the_next_request() {
    let peer = Peer::answering(
        "HTTP/1.1 200 OK\r\nset-cookie: a=b\r\ncontent-length: 0",
        "",
    );
    let transport = Blocking::new();
    for _ in 0..2 {
        transport
            .send(get(&peer.url("/")), Limits::default())
            .unwrap();
    }
    assert!(!peer.seen()[1].contains("cookie"));
}

#[test]
fn awaiting_outside_of_a_runtime_says_what_is_missing() {
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    let transport = Reqwest::new();
    let mut pending = transport.send(get("http://127.0.0.1:1/"), Limits::default());
    let std::task::Poll::Ready(outcome) = pending.as_mut().poll(&mut context) else {
        panic!("pending")
    };
    check_error(outcome, TransportErrorKind::NoRuntime, Delivery::NotSent);
}

#[test]
fn the_blocking_transport_works_and_is_dropped_inside_of_a_runtime() {
    let peer = Peer::json("{}");
    tokio().block_on(async {
        let response = Blocking::new()
            .send(get(&peer.url("/")), Limits::default())
            .unwrap();
        assert_eq!(response.status(), 200);
    });
}

#[test]
fn the_blocking_transport_serves_many_threads() {
    let peer = Peer::json("{}");
    let transport = Blocking::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                transport
                    .send(get(&peer.url("/")), Limits::default())
                    .unwrap()
            });
        }
    });
    assert_eq!(peer.seen().len(), 8);
}
