//! Server-Sent Events as the WHATWG reads them: cut anywhere, asked for again, refused, broken and too long.
#![cfg(feature = "blocking")]

pub mod streams;

use runtime::Error;
use runtime::json::Problem;
use specmint_runtime as runtime;
use streams::{
    Answer, Fields, Script, Texts, Tick, Ticks, Waits, Whole, again, broken, events, word,
};
/// The texts of a response, cut into pieces of one size, awaited and on this thread.
async fn texts(bytes: &[u8], size: usize) -> Vec<String> {
    let pieces: Vec<Vec<u8>> = bytes.chunks(size).map(<[u8]>::to_vec).collect();
    let answer = Answer(200, "text/event-stream", pieces, None);
    let mut events = Texts {
        call: Script::new([answer.clone()]).call(),
    }
    .events()
    .await
    .unwrap();
    let mut words = Vec::new();
    while let Some(event) = events.next().await {
        words.push(word(event));
    }
    let blocking = Texts {
        call: Script::new([answer]).call(),
    }
    .send_events()
    .unwrap();
    assert_eq!(words, blocking.map(word).collect::<Vec<_>>());
    words
}

#[tokio::test]
async fn events_are_read_as_the_whatwg_has_it_however_they_are_cut() {
    #[rustfmt::skip]
    let table: &[(&[u8], &[&str])] = &[
        (b"data: a\n\n",                                &[r#"message#="a""#]),
        (b"data: a\r\n\r\ndata: b\r\rdata: c\n\n",      &[r#"message#="a""#, r#"message#="b""#, r#"message#="c""#]),
        (b"\xEF\xBB\xBFdata: a\n\n",                    &[r#"message#="a""#]), // a byte order mark
        (b"data:a\ndata: b\ndata\n\n",                  &[r#"message#="a\nb\n""#]), // lines, and one without a value
        (b"data:  a\n\n",                               &[r#"message#=" a""#]), // one space is taken off
        (b": a comment\ndata: a\n:\n\n",                &[r#"message#="a""#]),
        (b"event: add\ndata: a\n\ndata: b\n\n",         &[r#"add#="a""#, r#"message#="b""#]), // names do not last
        (b"id: 1\ndata: a\n\ndata: b\n\n",              &[r#"message#1="a""#, r#"message#1="b""#]), // identifiers do
        (b"id: 1\ndata: a\n\nid\ndata: b\n\n",          &[r#"message#1="a""#, r#"message#="b""#]),
        (b"id: 1\0\ndata: a\n\n",                       &[r#"message#="a""#]), // none has a null
        (b"event: x\n\ndata: a\n\n",                    &[r#"message#="a""#]), // without data there is no event
        (b"data\n\n",                                   &[r#"message#="""#]),
        (b"other: 1\ndata: a\n\n",                      &[r#"message#="a""#]),
        (b"data: a\n\ndata: b\n",                       &[r#"message#="a""#]), // one that is not whole is none
        (b"data: \xFF\xC3\xBC\n\n",                     &["message#=\"\u{FFFD}ü\""]),
        (b"",                                           &[]),
    ];
    for (bytes, expected) in table {
        for size in [1, 2, 3, 5, 64] {
            assert_eq!(
                texts(bytes, size).await,
                *expected,
                "{:?} by {size}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
}

#[tokio::test]
async fn events_of_json_are_values_and_one_that_is_none_does_not_end_them() {
    let script = Script::new([events(
        "data: {\"n\":1}\n\ndata: {\"n\":[]}\n\ndata: {\"n\":2}\n\ndata: [DONE]\n\ndata: {\"n\":3}\n\n",
    )]);
    let mut events = Ticks {
        call: script.call(),
    }
    .events()
    .await
    .unwrap();
    assert_eq!(events.status(), 200);
    let mut words = Vec::new();
    while let Some(event) = events.next().await {
        words.push(word(event));
    }
    assert_eq!(
        words,
        [
            "message#=Tick { n: 1 }",
            r#"Decode $.n "{\"n\":[]}""#,
            "message#=Tick { n: 2 }"
        ]
    );
    assert_eq!(
        script.seen("accept"),
        [Some("text/event-stream".to_owned())]
    );
}

#[tokio::test]
async fn an_event_may_be_an_object_of_its_fields() {
    let script = Script::new([events("event: tick\nid: 7\ndata: {\"n\":1}\n\n")]);
    let mut events = Whole {
        call: script.call(),
    }
    .events()
    .await
    .unwrap();
    let event = events.next().await.unwrap().unwrap();
    let fields = Fields {
        event: Some("tick".into()),
        id: Some("7".into()),
        data: Tick { n: 1 },
    };
    assert_eq!(event.data, fields);
}

#[tokio::test]
async fn an_event_that_is_too_long_ends_the_response() {
    for text in [
        format!("data: {}", "x".repeat(80)),
        format!("data: {0}\ndata: {0}\n", "x".repeat(40)),
    ] {
        let mut events = Texts {
            call: Script::new([events(&text)]).call(),
        }
        .events()
        .await
        .unwrap();
        assert_eq!(word(events.next().await.unwrap()), "Transport TooLarge");
        assert!(events.next().await.is_none());
    }
}

#[tokio::test]
async fn events_that_break_end_with_the_reason_unless_they_are_asked_for_again() {
    let script = Script::new([broken("data: a\n\ndata: half")]);
    let mut events = Texts {
        call: script.call(),
    }
    .events()
    .await
    .unwrap();
    assert_eq!(word(events.next().await.unwrap()), r#"message#="a""#);
    assert_eq!(word(events.next().await.unwrap()), "Transport Broken");
    assert!(events.next().await.is_none());
}

/// A connection that breaks, one that ends, one that is not there, one that is busy, and one that says it is over.
fn rough() -> Script {
    let busy = Answer(503, "text/plain", vec![b"later".to_vec()], None);
    let over = Answer(204, "", Vec::new(), None);
    Script::new([
        broken("retry: 40\nid: 1\ndata: a\n\ndata: half"),
        events("data: b\n\nid: 2\ndata: c\n\n"),
        busy,
        events(": nothing\n\n"),
        events("data: d\n\n"),
        over,
    ])
}

const ROUGH: [&str; 4] = [
    r#"message#1="a""#,
    r#"message#1="b""#,
    r#"message#2="c""#,
    r#"message#2="d""#,
];

fn check_rough(script: &Script, waits: &Waits) {
    let ids = [None, Some("1"), Some("2"), Some("2"), Some("2"), Some("2")];
    assert_eq!(
        script.seen("last-event-id"),
        ids.map(|id| id.map(str::to_owned))
    );
    // the server's wish, which doubles from one attempt without an event to the next
    assert_eq!(*waits.0.lock().unwrap(), [40, 40, 80, 160, 40]);
}

#[tokio::test]
async fn events_go_on_from_the_last_when_they_are_asked_for_again() {
    let (script, waits) = (rough(), Waits::default());
    let events = Texts {
        call: script.call(),
    }
    .events()
    .await
    .unwrap();
    let mut events = events.reconnecting(again(&waits, 5));
    let mut words = Vec::new();
    while let Some(event) = events.next().await {
        words.push(word(event));
    }
    assert_eq!(words, ROUGH);
    assert_eq!(events.last_event_id(), "2");
    check_rough(&script, &waits);
}

#[test]
fn events_go_on_from_the_last_on_the_calling_thread_too() {
    let (script, waits) = (rough(), Waits::default());
    let events = Texts {
        call: script.call(),
    }
    .send_events()
    .unwrap();
    let words: Vec<String> = events.reconnecting(again(&waits, 5)).map(word).collect();
    assert_eq!(words, ROUGH);
    check_rough(&script, &waits);
}

#[tokio::test]
async fn asking_again_ends_after_so_many_attempts_without_an_event() {
    let (script, waits) = (Script::new([events("data: a\n\n")]), Waits::default());
    let events = Texts {
        call: script.call(),
    }
    .events()
    .await
    .unwrap();
    let mut events = events.reconnecting(again(&waits, 3));
    assert_eq!(word(events.next().await.unwrap()), r#"message#="a""#);
    assert_eq!(word(events.next().await.unwrap()), "Transport Connect");
    assert!(events.next().await.is_none());
    assert_eq!(*waits.0.lock().unwrap(), [100, 200, 400]);
}

#[tokio::test]
async fn a_refusal_ends_asking_again() {
    let refusal = Answer(403, "application/json", vec![b"{}".to_vec()], None);
    let (script, waits) = (
        Script::new([events("data: a\n\n"), refusal]),
        Waits::default(),
    );
    let events = Texts {
        call: script.call(),
    }
    .events()
    .await
    .unwrap();
    let mut events = events.reconnecting(again(&waits, 3));
    events.next().await.unwrap().unwrap();
    assert_eq!(word(events.next().await.unwrap()), "Api 403");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn what_is_no_stream_of_events_is_kept() {
    let script = Script::new([Answer(200, "application/json", vec![b"{}".to_vec()], None)]);
    let error = Ticks {
        call: script.call(),
    }
    .events()
    .await
    .map(drop)
    .unwrap_err();
    let Error::Decode(failure) = error else {
        panic!("{error:?}")
    };
    assert_eq!(
        failure.error().problem(),
        &Problem::NotA {
            expected: "a stream"
        }
    );
    assert_eq!(failure.raw().body().as_bytes(), b"{}");
}
