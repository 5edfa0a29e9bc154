//! Compressed responses, which count by what they are when they are undone.
#![cfg(all(feature = "blocking", feature = "tower", feature = "gzip"))]

pub mod peer;
pub mod transports;

use std::io::Write as _;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use peer::{Answer, Peer};
use specmint_runtime::{Body, Delivery, Limits, TransportErrorKind, Upload, http};
use transports::{Awaited, OnThread, Subject, check_error};

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// A response that says that it is compressed.
fn compressed(body: &[u8]) -> Peer {
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-encoding: gzip";
    let mut answer = format!("{head}\r\ncontent-length: {length}\r\n\r\n").into_bytes();
    answer.extend_from_slice(body);
    Peer::start(Answer::Bytes(answer))
}

fn get(peer: &Peer) -> http::Request<Body> {
    http::Request::get(peer.url("/"))
        .body(Body::empty())
        .unwrap()
}

fn at_most(bytes: usize) -> Limits {
    let mut limits = Limits::default();
    limits.max_response_bytes = bytes;
    limits
}

/// Those whose HTTP library is the runtime's.
fn subjects() -> [Box<dyn Subject>; 3] {
    let (awaited, layered): (Awaited, Awaited) = (transports::awaited(), transports::layered());
    let blocking: OnThread = transports::blocking();
    [Box::new(awaited), Box::new(layered), Box::new(blocking)]
}

#[test]
fn a_compressed_response_is_asked_for_and_undone() {
    for on in subjects() {
        let peer = compressed(&gzip(b"{\"a\":1}"));
        let response = on.send(get(&peer), Limits::default()).unwrap();
        assert_eq!(response.body().as_bytes(), b"{\"a\":1}");
        assert_eq!(response.headers().get("content-encoding"), None);
        assert_eq!(response.headers().get("content-length"), None);
        assert!(peer.seen()[0].contains("accept-encoding: gzip\r\n"));
    }
}

#[test]
fn a_compressed_response_can_be_read_piece_by_piece() {
    let plain = b"0123456789".repeat(100_000);
    for on in subjects() {
        let peer = compressed(&gzip(&plain));
        let request = get(&peer).map(Upload::from);
        let mut body = on.open(request, Limits::default()).unwrap().into_body();
        assert_eq!(
            body.length(),
            None,
            "what is announced is the compressed length"
        );
        let (mut read, mut pieces) = (Vec::new(), 0);
        while let Some(piece) = on.chunk(&mut body).unwrap() {
            read.extend_from_slice(&piece);
            pieces += 1;
        }
        assert!(read == plain && pieces > 1);
    }
}

#[test]
fn the_cap_counts_what_comes_out_of_a_bomb() {
    let bomb = gzip(&vec![0; 32 << 20]);
    assert!(bomb.len() < 64 << 10);
    for on in subjects() {
        let peer = compressed(&bomb);
        let begun = Instant::now();
        let outcome = on.send(get(&peer), at_most(64 << 10));
        check_error(outcome, TransportErrorKind::TooLarge, Delivery::MaybeSent);
        assert!(
            begun.elapsed().as_secs() < 5,
            "no more than the cap is undone"
        );
    }
}

#[test]
fn a_compressed_response_of_the_greatest_length_is_taken() {
    for on in subjects() {
        let peer = compressed(&gzip(b"12345678"));
        assert_eq!(on.send(get(&peer), at_most(8)).unwrap().body().len(), 8);
        let outcome = on.send(get(&peer), at_most(7));
        check_error(outcome, TransportErrorKind::TooLarge, Delivery::MaybeSent);
    }
}

#[test]
fn a_response_that_is_not_as_it_says_is_no_response() {
    let whole = gzip(b"{\"a\":1}");
    let mut wrong_sum = whole.clone();
    let sum = whole.len() - 8;
    wrong_sum[sum] ^= 1;
    let cut = whole[..whole.len() - 4].to_vec();
    for body in [b"{\"a\":1}".to_vec(), wrong_sum, cut] {
        for on in subjects() {
            let outcome = on.send(get(&compressed(&body)), Limits::default());
            check_error(outcome, TransportErrorKind::Broken, Delivery::MaybeSent);
        }
    }
}

#[test]
fn a_caller_may_ask_for_no_compression() {
    for on in subjects() {
        let peer = Peer::json("{}");
        let mut request = get(&peer);
        let identity = http::HeaderValue::from_static("identity");
        request.headers_mut().insert("accept-encoding", identity);
        on.send(request, Limits::default()).unwrap();
        let seen = peer.seen().remove(0);
        assert!(
            seen.contains("accept-encoding: identity\r\n") && !seen.contains("gzip"),
            "{seen}"
        );
    }
}
