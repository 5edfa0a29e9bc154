//! Records of JSON Lines and of JSON text sequences, and files: cut anywhere, refused, broken and too long.
#![cfg(feature = "blocking")]

pub mod streams;

use runtime::{Body, DecodeError, Error, Operation, Reply, TransportErrorKind, Value, http};
use specmint_runtime as runtime;
use streams::{Answer, File, Lines, Script, Tick, Ticks, events, wrong};
/// The records of a response, cut into pieces of one size, awaited and on this thread.
async fn records(bytes: &[u8], size: usize) -> Vec<String> {
    let pieces: Vec<Vec<u8>> = bytes.chunks(size).map(<[u8]>::to_vec).collect();
    let answer = Answer(200, "application/jsonl", pieces, None);
    let word = |record: Result<Tick, Error<Option<Value>>>| match record {
        Ok(tick) => tick.n.to_string(),
        Err(error) => wrong(&error),
    };
    let mut records = Lines {
        call: Script::new([answer.clone()]).call(),
    }
    .records()
    .await
    .unwrap();
    let mut words = Vec::new();
    while let Some(record) = records.next().await {
        words.push(word(record));
    }
    let blocking = Lines {
        call: Script::new([answer]).call(),
    }
    .send_records()
    .unwrap();
    assert_eq!(words, blocking.map(word).collect::<Vec<_>>());
    words
}

#[tokio::test]
async fn records_are_read_line_by_line_or_as_a_sequence_however_they_are_cut() {
    #[rustfmt::skip]
    let table: &[(&[u8], &[&str])] = &[
        (b"{\"n\":1}\n{\"n\":2}\n",                        &["1", "2"]),
        (b"{\"n\":1}\r\n\n  {\"n\":2}",                    &["1", "2"]), // empty lines, and a last one without its end
        (b"\xEF\xBB\xBF{\"n\":1}\n",                       &["1"]),
        (b"{\"n\":1}\nno\n{\"n\":2}\n",                    &["1", "Decode $ \"no\"", "2"]),
        (b"\x1E{\"n\":1}\n\x1E{\n \"n\":\n2}\n",           &["1", "2"]), // RFC 7464: a record may have several lines
        (b"\x1E{\"n\":1}\x1E\x1E{\"n\":2}",                &["1", "2"]),
        (b"\x1E{\"n\":\x1E{\"n\":2}\n",                    &["Decode $ \"{\\\"n\\\":\"", "2"]), // cut short
        (b"\x1E{\"n\":1,\"s\":\"}\\\"\\n\"}\n",            &["1"]),
        (b"",                                              &[]),
    ];
    for (bytes, expected) in table {
        for size in [1, 2, 3, 7, 64] {
            let read = records(bytes, size).await;
            let read: Vec<String> = read
                .iter()
                .map(|word| word.replace("Decode $.n", "Decode $"))
                .collect();
            assert_eq!(
                read,
                *expected,
                "{:?} by {size}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
}

#[tokio::test]
async fn a_record_is_there_before_the_next_one_begins() {
    for text in ["{\"n\":1}\n", "\u{1E}{\"n\":1}\n"] {
        let answer = Answer(
            200,
            "application/json-seq",
            vec![text.into()],
            Some(TransportErrorKind::Broken),
        );
        let mut records = Lines {
            call: Script::new([answer]).call(),
        }
        .records()
        .await
        .unwrap();
        assert_eq!(records.next().await.unwrap().unwrap(), Tick { n: 1 });
        assert_eq!(
            wrong(&records.next().await.unwrap().unwrap_err()),
            "Transport Broken"
        );
        assert!(records.next().await.is_none());
    }
}

#[tokio::test]
async fn a_record_that_is_too_long_ends_the_response() {
    let mut records = {
        let answer = Answer(200, "application/jsonl", vec![vec![b' '; 80]], None);
        Lines {
            call: Script::new([answer]).call(),
        }
        .records()
        .await
        .unwrap()
    };
    assert_eq!(
        wrong(&records.next().await.unwrap().unwrap_err()),
        "Transport TooLarge"
    );
    assert!(records.next().await.is_none());
}

#[tokio::test]
async fn a_file_comes_as_it_is_and_may_be_of_any_length() {
    let piece = vec![b'x'; 60];
    let script = Script::new([Answer(200, "image/png", vec![piece.clone(), piece], None)]);
    let response = File {
        call: script.call(),
    }
    .download()
    .await
    .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "image/png");
    let mut file = response.into_body();
    let mut length = 0;
    while let Some(piece) = file.chunk().await.unwrap() {
        length += piece.len();
    }
    assert_eq!(length, 120, "the cap of 64 is for what is read whole");
}

#[tokio::test]
async fn streams_may_cross_threads() {
    fn check<T: Send + Sync>(_: &T) {}
    fn check_future<T: Send>(_: &T) {}
    let script = Script::new([events(""), events("")]);
    let opening = Ticks {
        call: script.call(),
    }
    .events();
    check_future(&opening);
    check(&opening.await.unwrap());
    let opening = Lines {
        call: script.call(),
    }
    .records();
    check_future(&opening);
    check(&opening.await.unwrap());
}

#[test]
fn awaited_records_are_a_list() {
    let reply = |text: &'static str| {
        struct All;
        impl Operation for All {
            type Output = Vec<Tick>;
            type Failure = ();
            fn success(reply: &Reply) -> Result<Vec<Tick>, DecodeError> {
                reply.records()
            }
            fn failure(_: &Reply) -> Result<(), DecodeError> {
                Ok(())
            }
            fn other() {}
        }
        runtime::finish::<All>(http::Response::new(Body::from(text)))
    };
    assert_eq!(
        reply("{\"n\":1}\n{\"n\":2}").unwrap().into_body(),
        [Tick { n: 1 }, Tick { n: 2 }]
    );
    let Err(Error::Decode(failure)) = reply("{\"n\":1}\n{\"n\":\"x\"}\n") else {
        panic!("was read")
    };
    assert_eq!(failure.path(), "$[1].n");
}

#[tokio::test]
async fn an_error_status_is_an_error_with_its_body_whatever_is_read() {
    let refusal = || {
        Answer(
            422,
            "application/json",
            vec![b"{\"why\":".to_vec(), b"1}".to_vec()],
            None,
        )
    };
    let script = Script::new([refusal(), refusal(), refusal(), refusal()]);
    let errors = [
        Ticks {
            call: script.call(),
        }
        .events()
        .await
        .map(drop)
        .unwrap_err(),
        Lines {
            call: script.call(),
        }
        .records()
        .await
        .map(drop)
        .unwrap_err(),
        File {
            call: script.call(),
        }
        .download()
        .await
        .map(drop)
        .unwrap_err(),
        File {
            call: script.call(),
        }
        .send_download()
        .map(drop)
        .unwrap_err(),
    ];
    for error in errors {
        let Error::Api(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(error.body().as_ref().unwrap()["why"], 1);
    }
}
