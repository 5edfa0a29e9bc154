//! What every transport owes, tried over real sockets with each of ours.
#![cfg(all(feature = "blocking", feature = "tower"))]

pub mod peer;
pub mod tls;
#[macro_use]
pub mod transports;

use std::net::TcpListener;
use std::sync::Arc;

use peer::{Answer, Peer};
use rustls::crypto::ring;
use specmint_runtime::transport::blocking::Blocking;
use specmint_runtime::transport::reqwest::Reqwest;
use specmint_runtime::{
    BlockingTransport, Body, Delivery, Limits, Transport, TransportErrorKind, http,
};
use transports::{Subject as _, check_error, short, tokio};

fn get(url: &str) -> http::Request<Body> {
    http::Request::get(url).body(Body::empty()).unwrap()
}

fn at_most(bytes: usize) -> Limits {
    let mut limits = Limits::default();
    limits.max_response_bytes = bytes;
    limits
}

each_transport! { [awaited blocking layered hyper of_ureq] {
    it_sends_what_it_is_given_and_no_more(on) {
        let peer = Peer::json("{}");
        let request = http::Request::post(peer.url("/a%2Fb:c/?q=1%20&r=%27"))
            .header("accept", "application/json")
            .header("user-agent", "me")
            .header("x-key", "k")
            .body(Body::from("a=1&b=2"))
            .unwrap();
        let response = on.send(request, Limits::default()).unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_bytes()), (200, b"{}".as_slice()));
        assert_eq!(response.headers()["content-type"], "application/json");
        let seen = peer.seen().remove(0);
        let (head, sent) = seen.split_once("\r\n\r\n").unwrap();
        let mut lines: Vec<_> = head.split("\r\n").collect();
        assert_eq!(lines.remove(0), "POST /a%2Fb:c/?q=1%20&r=%27 HTTP/1.1");
        // What the feature `gzip` is there for.
        lines.retain(|line| *line != "accept-encoding: gzip" || !cfg!(feature = "gzip"));
        lines.sort_unstable();
        let host = format!("host: {}", peer.address);
        let expected = ["accept: application/json", "content-length: 7", &host, "user-agent: me", "x-key: k"];
        assert_eq!((lines.as_slice(), sent), (expected.as_slice(), "a=1&b=2"));
    }

    it_sends_a_post_without_a_body_with_its_length(on) {
        let peer = Peer::answering("HTTP/1.1 204 No Content", "");
        let request = http::Request::post(peer.url("/")).body(Body::empty()).unwrap();
        let response = on.send(request, Limits::default()).unwrap();
        assert_eq!((response.status().as_u16(), response.body().len()), (204, 0));
        assert!(peer.seen()[0].contains("content-length: 0\r\n"));
    }

    it_returns_an_error_status_with_its_body(on) {
        let peer = Peer::answering("HTTP/1.1 503 Later\r\ncontent-length: 4", "wait");
        let response = on.send(get(&peer.url("/")), Limits::default()).unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_bytes()), (503, b"wait".as_slice()));
    }

    it_follows_no_redirect(on) {
        let other = Peer::json("{}");
        for status in [301, 302, 303, 307, 308] {
            let head = format!("HTTP/1.1 {status} Moved\r\ncontent-length: 0\r\nlocation: {}", other.url("/"));
            let peer = Peer::answering(&head, "");
            let request = http::Request::post(peer.url("/")).body(Body::from("secret")).unwrap();
            assert_eq!(on.send(request, Limits::default()).unwrap().status(), status);
            assert_eq!(peer.seen().len(), 1);
        }
        assert!(other.seen().is_empty());
    }

    it_takes_a_body_of_the_greatest_length(on) {
        let peer = Peer::json("12345678");
        assert_eq!(on.send(get(&peer.url("/")), at_most(8)).unwrap().body().len(), 8);
    }

    it_refuses_a_body_that_says_it_is_too_long(on) {
        let peer = Peer::start(Answer::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".into()));
        check_error(on.send(get(&peer.url("/")), at_most(8)), TransportErrorKind::TooLarge, Delivery::MaybeSent);
    }

    it_stops_reading_a_body_that_does_not_end(on) {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        let peer = Peer::start(Answer::Endless(head, b"4\r\nmore\r\n".to_vec()));
        check_error(on.send(get(&peer.url("/")), at_most(999)), TransportErrorKind::TooLarge, Delivery::MaybeSent);
    }

    it_gives_up_on_a_server_that_is_silent(on) {
        let peer = Peer::start(Answer::Stall(Vec::new()));
        check_error(on.send(get(&peer.url("/")), short()), TransportErrorKind::Timeout, Delivery::MaybeSent);
    }

    it_gives_up_on_a_body_that_stalls(on) {
        let peer = Peer::start(Answer::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".into()));
        check_error(on.send(get(&peer.url("/")), short()), TransportErrorKind::Timeout, Delivery::MaybeSent);
    }

    it_says_that_a_connection_was_cut(on) {
        for sent in ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", "what?\r\n\r\n"] {
            let peer = Peer::start(Answer::Bytes(sent.into()));
            let outcome = on.send(get(&peer.url("/")), Limits::default());
            check_error(outcome, TransportErrorKind::Broken, Delivery::MaybeSent);
            assert_eq!(peer.seen().len(), 1, "nothing is sent twice");
        }
    }

    it_says_that_nothing_listens(on) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        check_error(on.send(get(&url), Limits::default()), TransportErrorKind::Connect, Delivery::NotSent);
    }

    it_says_that_a_host_has_no_address(on) {
        let outcome = on.send(get("http://nowhere.invalid/"), Limits::default());
        check_error(outcome, TransportErrorKind::Connect, Delivery::NotSent);
    }

    it_refuses_a_certificate_that_nobody_vouches_for(on) {
        let server = tls::self_signed();
        check_error(on.send(get(&server.origin), Limits::default()), TransportErrorKind::Tls, Delivery::NotSent);
    }

    it_names_no_url_in_its_errors(on) {
        let error = on.send(get("http://nowhere.invalid/?key=s3cret"), Limits::default()).unwrap_err();
        let mut shown = format!("{error} {error:?}");
        let mut next = std::error::Error::source(&error);
        while let Some(error) = next {
            shown.push_str(&format!(" {error} {error:?}"));
            next = error.source();
        }
        assert!(!shown.contains("s3cret"), "{shown}");
    }

    it_keeps_no_cookie_for_the_next_request(on) {
        let peer = Peer::answering("HTTP/1.1 200 OK\r\nset-cookie: a=b\r\ncontent-length: 0", "");
        for _ in 0..2 {
            on.send(get(&peer.url("/")), Limits::default()).unwrap();
        }
        assert!(!peer.seen()[1].contains("cookie"));
    }

    it_sends_a_body_with_any_method(on) {
        for method in ["GET", "HEAD", "DELETE", "OPTIONS", "PATCH", "QUERY", "PURGE"] {
            let peer = Peer::answering("HTTP/1.1 204 No Content", "");
            let request = http::Request::builder().method(method).uri(peer.url("/"));
            on.send(request.body(Body::from("body")).unwrap(), Limits::default()).unwrap();
            let seen = peer.seen().remove(0);
            assert!(seen.starts_with(&format!("{method} / ")), "{seen}");
            assert!(seen.contains("content-length: 4\r\n") && seen.ends_with("\r\n\r\nbody"), "{seen}");
        }
    }

    it_waits_for_no_body_where_there_is_none(on) {
        let head = |status: &str| format!("HTTP/1.1 {status}\r\ncontent-length: 5\r\ncontent-encoding: gzip\r\n\r\n");
        for (method, status) in [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")] {
            let peer = Peer::start(Answer::Stall(head(status).into()));
            let request = http::Request::builder().method(method).uri(peer.url("/"));
            let response = on.send(request.body(Body::empty()).unwrap(), Limits::default()).unwrap();
            assert_eq!(response.body().len(), 0, "{method} {status}");
            assert!(status.starts_with(response.status().as_str()));
        }
    }

    it_goes_past_interim_responses(on) {
        let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
        let peer = Peer::answering(&format!("{interim}HTTP/1.1 200 OK\r\ncontent-length: 2"), "{}");
        let request = http::Request::post(peer.url("/")).header("expect", "100-continue");
        let response = on.send(request.body(Body::from("body")).unwrap(), Limits::default()).unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_bytes()), (200, b"{}".as_slice()));
        assert_eq!(response.headers().get("link"), None);
    }

    it_gives_up_on_a_server_that_trickles(on) {
        for head in ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n"] {
            let peer = Peer::start(Answer::Trickle(head.into(), b"a: b\r\n".into()));
            check_error(on.send(get(&peer.url("/")), short()), TransportErrorKind::Timeout, Delivery::MaybeSent);
            peer.wait_for_hangup();
        }
    }

    it_refuses_a_head_that_does_not_end(on) {
        for line in ["a: b\r\n", "a"] {
            let peer = Peer::start(Answer::Endless(b"HTTP/1.1 200 OK\r\n".into(), line.repeat(1000).into()));
            check_error(on.send(get(&peer.url("/")), Limits::default()), TransportErrorKind::Broken, Delivery::MaybeSent);
            peer.wait_for_hangup();
        }
    }

    it_refuses_what_is_not_http(on) {
        let hostile = [
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} ",
            "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}no end",
            "HTTP/1.1 20 OK\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/3.7 200 OK\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\na\0b: c\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\n: c\r\ncontent-length: 2\r\n\r\n{}",
            "SSH-2.0-OpenSSH_9.9\r\n",
        ];
        for answer in hostile {
            let peer = Peer::start(Answer::Bytes(answer.into()));
            let outcome = on.send(get(&peer.url("/")), Limits::default());
            let error = outcome.err().unwrap_or_else(|| panic!("taken for a response: {answer:?}"));
            assert_eq!((error.kind(), error.delivery()), (TransportErrorKind::Broken, Delivery::MaybeSent), "{answer:?}");
        }
    }

    it_takes_no_byte_behind_the_end_of_a_response(on) {
        let peer = Peer::start(Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 500 No\r\n\r\n".into()));
        for _ in 0..2 {
            let response = on.send(get(&peer.url("/")), Limits::default()).unwrap();
            assert_eq!((response.status().as_u16(), response.body().as_bytes()), (200, b"{}".as_slice()));
        }
    }

    it_ends_where_a_server_hangs_up_on_a_long_body(on) {
        let peer = Peer::start(Answer::Refuse(b"HTTP/1.1 413 Too Long\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".into()));
        let request = http::Request::post(peer.url("/")).body(Body::from(vec![b'a'; 8 << 20])).unwrap();
        // The answer may be lost with the connection; what counts is that there is an end.
        match on.send(request, Limits::default()) {
            Ok(response) => assert_eq!(response.status(), 413),
            Err(error) => assert_eq!((error.kind(), error.delivery()), (TransportErrorKind::Broken, Delivery::MaybeSent)),
        }
    }
}}

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

#[test]
fn connecting_ends_with_its_own_timeout() {
    let mut limits = Limits::default();
    limits.connect_timeout = std::time::Duration::from_millis(300);
    for via in [transports::awaited(), transports::layered()] {
        // It accepts, and says nothing while hands are to be shaken.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}/", silent.local_addr().unwrap());
        let outcome = via.send(get(&url), limits);
        check_error(outcome, TransportErrorKind::Timeout, Delivery::NotSent);
    }
}
