//! Bodies that travel piece by piece, up and down, awaited and on the calling thread.
#![cfg(all(feature = "blocking", feature = "tower"))]

pub mod peer;
#[macro_use]
pub mod transports;

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, Read as _, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use peer::{Answer, Peer};
use specmint_runtime::transport::blocking::Blocking;
use specmint_runtime::transport::memory::Memory;
use specmint_runtime::transport::reqwest::Reqwest;
use specmint_runtime::{
    BlockingTransport, Body, Delivery, Download, Limits, Stream, Transport, TransportError,
    TransportErrorKind, Upload, http,
};
use transports::{Subject as _, short, tokio};

/// The pieces of a stream.
struct Items(VecDeque<io::Result<Bytes>>);

impl Stream for Items {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front())
    }
}

fn items(texts: &[&'static str]) -> Items {
    Items(texts.iter().map(|text| Ok((*text).into())).collect())
}

fn post(url: &str, upload: impl Into<Upload>) -> http::Request<Upload> {
    http::Request::post(url).body(upload.into()).unwrap()
}

fn get(url: &str) -> http::Request<Upload> {
    http::Request::get(url).body(Upload::default()).unwrap()
}

fn no_content() -> Peer {
    Peer::answering("HTTP/1.1 204 No Content", "")
}

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk(text: &str) -> Vec<u8> {
    format!("{:x}\r\n{text}\r\n", text.len()).into()
}

fn stepwise(texts: &[&str]) -> Peer {
    let mut pieces: Vec<_> = texts.iter().map(|text| chunk(text)).collect();
    pieces.push(b"0\r\n\r\n".to_vec());
    Peer::start(Answer::Stepwise(CHUNKED.into(), pieces))
}

/// Fails unless it is this error, of a request that may have arrived.
#[track_caller]
fn check_error<T>(outcome: Result<T, TransportError>, kind: TransportErrorKind) {
    transports::check_error(outcome, kind, Delivery::MaybeSent);
}

each_transport! { [awaited blocking layered hyper of_ureq] {
    a_response_is_read_while_it_comes(way) {
        let peer = stepwise(&["one", "two"]);
        let response = way.open(get(&peer.url("/")), Limits::default()).unwrap();
        assert_eq!(response.status(), 200);
        let mut body = response.into_body();
        for text in ["one", "two"] {
            peer.step();
            assert_eq!(way.chunk(&mut body).unwrap().unwrap(), text);
        }
        peer.step();
        assert_eq!(way.chunk(&mut body).unwrap(), None);
        assert_eq!(way.chunk(&mut body).unwrap(), None);
    }

    a_streamed_body_without_a_length_goes_in_chunks(way) {
        let peer = no_content();
        let upload = Upload::from_stream(items(&["one", "", "three"]));
        way.open(post(&peer.url("/"), upload), Limits::default()).unwrap();
        let seen = peer.seen().remove(0);
        assert!(seen.contains("transfer-encoding: chunked\r\n"), "{seen}");
        assert!(seen.ends_with("\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"), "{seen}");
    }

    a_streamed_body_of_known_length_goes_with_it(way) {
        let peer = no_content();
        let upload = Upload::from_stream(items(&["one", "three"])).with_length(8);
        way.open(post(&peer.url("/"), upload), Limits::default()).unwrap();
        let seen = peer.seen().remove(0);
        assert!(seen.contains("content-length: 8\r\n") && seen.ends_with("\r\n\r\nonethree"), "{seen}");
    }

    a_file_is_sent_from_its_path(way) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let content = "0123456789abcdef".repeat(10_000);
        file.write_all(content.as_bytes()).unwrap();
        let peer = no_content();
        let upload = Upload::from_path(file.path()).unwrap();
        let again = upload.repeat().unwrap();
        for upload in [upload, again] {
            way.open(post(&peer.url("/"), upload), Limits::default()).unwrap();
        }
        for seen in peer.seen() {
            assert!(seen.contains("content-length: 160000\r\n"));
            assert!(seen.ends_with(&format!("\r\n\r\n{content}")));
        }
    }

    parts_of_all_kinds_make_one_body(way) {
        let peer = no_content();
        let upload = Upload::concat([
            Upload::from("a"),
            Upload::from_read(io::Cursor::new("b")).with_length(1),
            Upload::from_stream(items(&["c", "d"])).with_length(2),
            Upload::from(vec![b'e']),
        ]);
        way.open(post(&peer.url("/"), upload), Limits::default()).unwrap();
        let seen = peer.seen().remove(0);
        assert!(seen.contains("content-length: 5\r\n") && seen.ends_with("\r\n\r\nabcde"), "{seen}");
    }

    an_empty_body_goes_with_its_length(way) {
        let peer = no_content();
        way.open(post(&peer.url("/"), Upload::default()), Limits::default()).unwrap();
        assert!(peer.seen()[0].contains("content-length: 0\r\n"));
    }

    a_body_that_cannot_be_read_breaks_the_call_off(way) {
        let peer = no_content();
        let broken = Items(VecDeque::from([Ok("one".into()), Err(io::Error::other("gone"))]));
        let outcome = way.open(post(&peer.url("/"), Upload::from_stream(broken)), Limits::default());
        check_error(outcome, TransportErrorKind::Upload);
        assert!(peer.seen().is_empty());
    }

    a_body_of_another_length_than_was_said_breaks_the_call_off(way) {
        for length in [2, 4] {
            let peer = no_content();
            let upload = Upload::from_stream(items(&["one"])).with_length(length);
            let outcome = way.open(post(&peer.url("/"), upload), Limits::default());
            check_error(outcome, TransportErrorKind::Upload);
            assert!(peer.seen().is_empty());
        }
    }

    a_server_that_sends_no_head_is_given_up(way) {
        let peer = Peer::start(Answer::Stall(Vec::new()));
        let upload = Upload::from_stream(items(&["one"]));
        check_error(way.open(post(&peer.url("/"), upload), short()), TransportErrorKind::Timeout);
    }

    a_response_without_a_new_piece_is_given_up(way) {
        let mut stalled = CHUNKED.to_vec();
        stalled.extend(chunk("one"));
        let peer = Peer::start(Answer::Stall(stalled));
        let mut body = way.open(get(&peer.url("/")), short()).unwrap().into_body();
        assert_eq!(way.chunk(&mut body).unwrap().unwrap(), "one");
        check_error(way.chunk(&mut body), TransportErrorKind::Timeout);
        assert_eq!(way.chunk(&mut body).unwrap(), None);
        peer.wait_for_hangup();
    }

    a_response_that_is_cut_is_no_whole_one(way) {
        let mut cut = CHUNKED.to_vec();
        cut.extend(chunk("one"));
        let peer = Peer::start(Answer::Bytes(cut));
        let mut body = way.open(get(&peer.url("/")), Limits::default()).unwrap().into_body();
        assert_eq!(way.chunk(&mut body).unwrap().unwrap(), "one");
        check_error(way.chunk(&mut body), TransportErrorKind::Broken);
    }

    a_cap_holds_where_one_is_set(way) {
        let peer = Peer::start(Answer::Endless(CHUNKED.into(), chunk("four")));
        let mut body = way.open(get(&peer.url("/")), Limits::default()).unwrap().into_body();
        body.set_max_bytes(9);
        let mut read = 0;
        let outcome = loop {
            match way.chunk(&mut body) {
                Ok(piece) => read += piece.unwrap().len(),
                Err(error) => break Err::<(), _>(error),
            }
        };
        check_error(outcome, TransportErrorKind::TooLarge);
        assert!(read <= 9);
        peer.wait_for_hangup();
    }

    a_response_may_take_longer_than_a_whole_one(way) {
        let peer = Peer::start(Answer::Trickle(CHUNKED.into(), chunk("a")));
        let begun = Instant::now();
        let mut body = way.open(get(&peer.url("/")), short()).unwrap().into_body();
        while begun.elapsed() < 2 * short().timeout {
            assert_eq!(way.chunk(&mut body).unwrap().unwrap(), "a");
        }
    }

    a_body_may_take_longer_than_a_whole_one(way) {
        /// Reads a byte at a time until its time is over.
        struct Long(Instant);
        impl io::Read for Long {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                buffer[0] = b'a';
                Ok(usize::from(self.0.elapsed() < 2 * short().timeout))
            }
        }
        let peer = no_content();
        let upload = Upload::from_read(Long(Instant::now()));
        way.open(post(&peer.url("/"), upload), short()).unwrap();
        assert!(peer.seen()[0].ends_with("1\r\na\r\n0\r\n\r\n"));
    }

    dropping_a_response_hangs_up(way) {
        let peer = Peer::start(Answer::Stall(CHUNKED.into()));
        let response = way.open(get(&peer.url("/")), Limits::default()).unwrap();
        drop(response);
        peer.wait_for_hangup();
    }
}}

#[test]
fn a_response_is_a_reader() {
    let peer = stepwise(&["one", "two"]);
    let transport = Blocking::new();
    let response = BlockingTransport::stream(&transport, get(&peer.url("/")), Limits::default());
    let mut body = response.unwrap().into_body();
    peer.step();
    let mut first = [0; 2];
    body.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"on");
    assert_eq!(
        body.chunk_blocking().unwrap().unwrap(),
        "e",
        "what was read ahead is not lost"
    );
    peer.step();
    peer.step();
    let mut rest = String::new();
    body.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "two");
}

#[test]
fn a_response_can_be_read_where_its_transport_is_gone_and_inside_of_a_runtime() {
    let peer = stepwise(&["one"]);
    tokio().block_on(async {
        let transport = Blocking::new();
        let response =
            BlockingTransport::stream(&transport, get(&peer.url("/")), Limits::default());
        drop(transport);
        let mut body = response.unwrap().into_body();
        peer.step();
        assert_eq!(body.chunk_blocking().unwrap().unwrap(), "one");
    });
}

#[test]
fn a_transport_that_sends_bodies_whole_serves_streams_too() {
    let memory = || {
        Memory::new(|request| {
            assert_eq!(request.body().as_bytes(), b"onetwo");
            Ok(http::Response::new(Body::from("answer")))
        })
    };
    let upload = || Upload::from_stream(items(&["one", "two"]));
    let request = || post("http://localhost/", upload());
    let response = tokio().block_on(Transport::stream(&memory(), request(), Limits::default()));
    let body = tokio().block_on(response.unwrap().into_body().gather(6));
    assert_eq!(body.unwrap().as_bytes(), b"answer");
    let response = BlockingTransport::stream(&memory(), request(), Limits::default());
    let body = response.unwrap().into_body().gather_blocking(6);
    assert_eq!(body.unwrap().as_bytes(), b"answer");
    let broken = Items(VecDeque::from([Err(io::Error::other("gone"))]));
    let request = post("http://localhost/", Upload::from_stream(broken));
    let error = BlockingTransport::stream(&memory(), request, Limits::default()).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (TransportErrorKind::Upload, Delivery::NotSent)
    );
}

#[test]
fn an_upload_shows_its_length_and_nothing_else() {
    let secret = Upload::concat([
        Upload::from("s3cret"),
        Upload::from_stream(items(&["s3cret"])),
    ]);
    assert_eq!(format!("{secret:?}"), "Upload(any number of bytes)");
    assert_eq!(format!("{:?}", secret.with_length(12)), "Upload(12 bytes)");
    let sent = Download::from(Bytes::from("s3cret"));
    assert_eq!(format!("{sent:?}"), "Download { .. }");
}

#[test]
fn an_upload_that_is_in_memory_is_a_body() {
    let whole = Upload::concat([Upload::from("one"), Upload::from(String::from("two"))]);
    assert_eq!(whole.into_whole().unwrap().as_bytes(), b"onetwo");
    let once = Upload::from_stream(items(&["one"]));
    assert!(once.repeat().is_none());
    let mut once = once.into_whole().unwrap_err();
    let first = tokio().block_on(poll_fn(|cx| once.poll_chunk(cx)));
    assert_eq!(first.unwrap().unwrap(), "one");
}

#[test]
fn what_is_no_file_makes_no_upload() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Upload::from_path(folder.path()).is_err());
    assert!(Upload::from_path(folder.path().join("none")).is_err());
}

#[test]
fn streams_can_be_sent_to_other_threads() {
    fn check<T: Send + Sync + Unpin>() {}
    check::<Upload>();
    check::<Download>();
}

#[test]
fn dropping_a_call_that_is_being_sent_hangs_up() {
    /// Sends one piece, and says so when the next is asked for, which never comes.
    struct Stuck(Option<std::sync::mpsc::Sender<()>>, bool);
    impl Stream for Stuck {
        type Item = io::Result<Bytes>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            if !std::mem::replace(&mut self.1, true) {
                return Poll::Ready(Some(Ok("one".into())));
            }
            if let Some(asked) = self.0.take() {
                asked.send(()).unwrap();
            }
            Poll::Pending
        }
    }
    let peer = no_content();
    let runtime = tokio();
    let (asked, wait) = std::sync::mpsc::channel();
    let request = post(
        &peer.url("/"),
        Upload::from_stream(Stuck(Some(asked), false)),
    );
    let call = runtime.spawn(async move {
        let transport = Reqwest::new();
        Transport::stream(&transport, request, Limits::default()).await
    });
    wait.recv().unwrap();
    call.abort();
    peer.wait_for_hangup();
    assert!(peer.seen().is_empty());
}
