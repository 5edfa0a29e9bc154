//! Calls whose bodies are sent, or whose responses are read, piece by piece.
#![cfg(feature = "blocking")]

mod calls;

use std::io::{Cursor, Write as _};

use calls::{Script, Times, block_on, builder, client, json, operation, status};
use specmint_runtime::{
    Body, BuildErrorKind, Call, Delivery, Download, Error, OperationSpec, RetryPolicy,
    TransportErrorKind, Upload, http,
};

static READ: OperationSpec = operation("GET", "/things");
static WRITE: OperationSpec = operation("PUT", "/things");

/// A body that is good for once.
fn once() -> Upload {
    Upload::from_read(Cursor::new("body"))
}

fn bodies(script: &Script) -> Vec<String> {
    let texts = script.seen().into_iter();
    let texts = texts.map(|request| String::from_utf8(request.body().as_bytes().to_vec()));
    texts.map(Result::unwrap).collect()
}

#[test]
fn a_call_sends_what_a_reader_reads() {
    let script = Script::new(&[json("1"), json("2")]);
    let core = client(&script);
    let call = || {
        let mut call = Call::new(&core, &WRITE);
        call.upload_body(once());
        call
    };
    assert_eq!(block_on(call().execute()).unwrap().body().as_bytes(), b"1");
    assert_eq!(call().execute_blocking().unwrap().body().as_bytes(), b"2");
    assert_eq!(bodies(&script), ["body", "body"]);
}

#[test]
fn an_upload_goes_as_the_declared_media_type_or_the_chosen_one() {
    static IMAGE: OperationSpec = OperationSpec {
        request_types: &["image/png", "image/jpeg"],
        ..operation("PUT", "/image")
    };
    let script = Script::new(&[]);
    let core = client(&script);
    for chosen in [None, Some("image/jpeg"), Some("application/json")] {
        let mut call = Call::new(&core, &IMAGE);
        call.upload_body(once());
        if let Some(chosen) = chosen {
            call.content_type(chosen.into());
        }
        call.execute_blocking().unwrap();
    }
    let seen = script.seen();
    let types: Vec<_> = seen
        .iter()
        .map(|seen| &seen.headers()["content-type"])
        .collect();
    assert_eq!(types, ["image/png", "image/jpeg", "application/json"]);
}

#[test]
fn a_call_hands_its_response_over_piece_by_piece_whatever_its_status() {
    let script = Script::new(&[json("{}"), status(404).with("x-secret", "s3cret")]);
    let core = client(&script);
    let response = block_on(Call::new(&core, &READ).execute_stream()).unwrap();
    let mut body = response.into_body();
    assert_eq!(block_on(body.chunk()).unwrap().unwrap(), "{}");
    let response = Call::new(&core, &READ).execute_stream_blocking().unwrap();
    assert_eq!(response.status(), 404);
    assert!(!format!("{response:?}").contains("s3cret"));
}

#[test]
fn a_streamed_response_has_no_cap_and_a_gathered_one_has() {
    let script = Script::new(&[json("12345"), json("12345")]);
    let core = builder(&script).max_response_bytes(4).build().unwrap();
    let mut response = block_on(Call::new(&core, &READ).execute_stream()).unwrap();
    assert_eq!(
        block_on(response.body_mut().chunk()).unwrap().unwrap(),
        "12345"
    );
    let mut call = Call::new(&core, &WRITE);
    call.upload_body(once());
    let Error::Transport(error) = block_on(call.execute()).unwrap_err() else {
        panic!("the response is too long");
    };
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn a_body_that_is_good_for_once_is_sent_once() {
    let times = Times::default();
    let policy = RetryPolicy::default().timer(times.clone()).clock(times);
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().write_all(b"file").unwrap();
    let table: [(Upload, &[&str]); 3] = [
        (once(), &["body"]),
        (Upload::from_path(file.path()).unwrap(), &["file", "file"]),
        (Upload::concat(["a".into(), "b".into()]), &["ab", "ab"]),
    ];
    for (upload, expected) in table {
        let script = Script::new(&[status(503), status(200)]);
        let core = builder(&script).retries(policy.clone()).build().unwrap();
        let mut call = Call::new(&core, &WRITE);
        call.upload_body(upload);
        block_on(call.execute_stream()).unwrap();
        assert_eq!(bodies(&script), expected);
    }
}

#[test]
fn a_streamed_response_is_retried_by_its_head() {
    let times = Times::default();
    let script = Script::new(&[status(503), json("{}")]);
    let policy = RetryPolicy::default().timer(times.clone()).clock(times);
    let core = builder(&script).retries(policy).build().unwrap();
    let response = Call::new(&core, &READ).execute_stream_blocking().unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(script.seen().len(), 2);
}

#[test]
fn a_request_that_is_sent_piece_by_piece_cannot_be_shown() {
    let core = client(&Script::new(&[]));
    let mut call = Call::new(&core, &WRITE);
    call.upload_body(once());
    assert_eq!(call.request().unwrap_err().kind(), BuildErrorKind::Upload);
    call.upload_body(Upload::concat(["in ".into(), "memory".into()]));
    assert_eq!(call.request().unwrap().body().as_bytes(), b"in memory");
    call.upload_body(once());
    call.no_body();
    assert_eq!(call.request().unwrap().body(), &Body::empty());
}

#[test]
fn a_body_that_cannot_be_read_is_an_error_of_the_transport() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    let script = Script::new(&[]);
    let mut call = Call::new(&client(&script), &WRITE);
    call.upload_body(Upload::from_read(Broken));
    let Error::Transport(error) = call.execute_blocking().unwrap_err() else {
        panic!("nothing was sent");
    };
    assert_eq!(
        (error.kind(), error.delivery()),
        (TransportErrorKind::Upload, Delivery::NotSent)
    );
    assert!(script.seen().is_empty());
}

#[test]
fn transports_find_the_operation_among_the_extensions() {
    let script = Script::new(&[]);
    Call::new(&client(&script), &READ)
        .execute_blocking()
        .unwrap();
    let seen: Vec<http::Request<Body>> = script.seen();
    let operation = seen[0]
        .extensions()
        .get::<&'static OperationSpec>()
        .unwrap();
    assert!(std::ptr::eq(*operation, &raw const READ));
}

#[test]
fn what_is_awaited_can_be_sent_to_other_threads() {
    fn check<T: Send>(_: T) {}
    let core = client(&Script::new(&[]));
    let call = || Call::new(&core, &READ);
    check(call());
    check(call().execute());
    check(call().execute_stream());
    check(once().chunk());
    check(Download::from(Body::empty()).chunk());
    check(Download::from(Body::empty()).gather(0));
}
