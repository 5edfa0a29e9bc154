//! Responses as generated code reads them: by status and media type, in any charset, with their headers.
#![cfg(feature = "charset")]

use std::collections::BTreeMap;

use specmint_runtime as runtime;
use specmint_runtime::json::Problem;
use specmint_runtime::{
    ApiError, Body, DecodeError, Error, Operation, Reply, Response, Value, bytes::Bytes, finish,
    http,
};

/// A model, as the generator writes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    a: String,
}

runtime::record!(Thing { "a" => a: required } ..);

/// Reads a response to an operation whose success and failure are these functions.
macro_rules! operation {
    ($name:ident -> $output:ty, |$reply:ident| $read:expr) => {
        struct $name;
        impl Operation for $name {
            type Output = $output;
            type Failure = Option<Thing>;
            fn success($reply: &Reply) -> Result<Self::Output, DecodeError> {
                $read
            }
            fn failure(reply: &Reply) -> Result<Self::Failure, DecodeError> {
                match reply.status().as_u16() {
                    304 | 400..=499 => reply.json().map(Some),
                    _ => Ok(None),
                }
            }
            fn other() -> Self::Failure {
                None
            }
        }
    };
}

operation!(GetThing -> Thing, |reply| reply.json());
operation!(GetText -> String, |reply| reply.text());
operation!(GetName -> String, |reply| reply.json());
operation!(GetNumber -> i64, |reply| reply.json());
operation!(GetMaybe -> Option<Thing>, |reply| reply.json());
operation!(GetAny -> Value, |reply| reply.json());
operation!(GetFormat -> usize, |reply| Ok(reply.choose(&[
    "application/json", "text/csv", "image/*", "application/xml", "application/vnd.x+json; version=2", "*/*",
])));
operation!(GetBytes -> Bytes, |reply| reply.bytes());

fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> http::Response<Body> {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response
        .body(Body::from(body.into()))
        .expect("it is a response")
}

fn of_type(media_type: &str, body: impl Into<Vec<u8>>) -> http::Response<Body> {
    answer(200, &[("content-type", media_type)], body)
}

fn untyped(body: &str) -> http::Response<Body> {
    answer(200, &[], body)
}

fn body<O: Operation>(response: http::Response<Body>) -> O::Output {
    let response: Response<O::Output> =
        finish::<O>(response).unwrap_or_else(|error| panic!("{error:?}"));
    response.into_body()
}

fn failure<O: Operation>(response: http::Response<Body>) -> runtime::DecodeFailure {
    match finish::<O>(response) {
        Err(Error::Decode(failure)) => failure,
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("was read"),
    }
}

fn refusal<O: Operation>(response: http::Response<Body>) -> ApiError<O::Failure> {
    match finish::<O>(response) {
        Err(Error::Api(refusal)) => refusal,
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("was no refusal"),
    }
}

const THING: &str = r#"{"a":"ü"}"#;

fn thing() -> Thing {
    Thing { a: "ü".to_owned() }
}

#[test]
fn json_is_read_whatever_the_media_type_says() {
    let types = [
        "application/json",
        "application/vnd.x+json; v=1",
        "text/plain",
        "text/html",
        "Application/JSON; charset=UTF-8",
        "nonsense",
        "",
    ];
    for media_type in types {
        assert_eq!(
            body::<GetThing>(of_type(media_type, THING)),
            thing(),
            "{media_type:?}"
        );
    }
    assert_eq!(body::<GetThing>(untyped(THING)), thing());
}

#[test]
fn a_media_type_is_told_by_itself_then_by_its_format_then_by_a_range() {
    #[rustfmt::skip]
    let table = [
        // what comes                        which is declared
        ("application/json",                       0),
        ("application/json; charset=utf-8",        0),
        ("TEXT/CSV",                               1),
        ("image/png",                              2),
        ("text/xml",                               3), // the same format
        ("application/atom+xml",                   3),
        ("application/problem+json",               0), // the first of that format
        ("application/vnd.x+json; version=2",      4),
        ("application/vnd.x+json; version=\"2\"",  4),
        ("application/vnd.x+json; version=1",      4),
        ("application/pdf",                        5), // a range that holds all
        ("",                                       0), // nothing said: the first
    ];
    for (media_type, place) in table {
        assert_eq!(
            body::<GetFormat>(of_type(media_type, "")),
            place,
            "{media_type:?}"
        );
    }
    assert_eq!(body::<GetFormat>(untyped("")), 0);
}

#[test]
fn a_text_is_read_in_the_charset_that_it_says() {
    #[rustfmt::skip]
    let table: [(&str, &[u8], &str); 8] = [
        ("text/plain",                          b"\xC3\xBC",             "ü"),
        ("text/plain; charset=utf-8",           b"\xC3\xBC",             "ü"),
        ("text/plain; charset=ISO-8859-1",      b"\xFC",                 "ü"),
        ("text/plain; Charset=\"windows-1252\"", b"\x80",                "€"),
        ("text/plain; charset=shift_jis",       b"\x93\xFA\x96\x7B",     "日本"),
        ("text/plain; charset=utf-16le",        b"\xFC\x00",             "ü"),
        ("text/plain; charset=us-ascii",        b"\xEF\xBB\xBF\xC3\xBC", "ü"), // the mark says more
        ("text/plain",                          b"\xFE\xFF\x00\xFC",     "ü"),
    ];
    for (media_type, bytes, text) in table {
        assert_eq!(
            body::<GetText>(of_type(media_type, bytes)),
            text,
            "{media_type:?}"
        );
    }
}

#[test]
fn json_is_read_in_a_charset_that_it_should_not_have() {
    #[rustfmt::skip]
    let table: [(&str, &[u8]); 4] = [
        ("application/json; charset=iso-8859-1", b"{\"a\":\"\xFC\"}"),
        ("application/json; charset=iso-8859-1", THING.as_bytes()), // what it says is not so
        ("application/json",                     b"\xEF\xBB\xBF{\"a\":\"\xC3\xBC\"}"),
        ("application/json",                     b"\xFF\xFE{\0\"\0a\0\"\0:\0\"\0\xFC\0\"\0}\0"),
    ];
    for (media_type, bytes) in table {
        assert_eq!(
            body::<GetThing>(of_type(media_type, bytes)),
            thing(),
            "{media_type:?}"
        );
    }
    let wide: Vec<u8> = THING.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(
        body::<GetThing>(of_type("application/json; charset=utf-16be", wide)),
        thing()
    );
}

#[test]
fn a_text_that_is_not_in_its_charset_is_told() {
    let problem = |media_type, bytes: &[u8]| {
        *failure::<GetText>(of_type(media_type, bytes))
            .error()
            .problem()
    };
    assert_eq!(problem("text/plain", b"\xFC"), Problem::NotUtf8);
    assert_eq!(
        problem("text/plain; charset=shift_jis", b"\xFF"),
        Problem::NotInCharset
    );
    assert_eq!(
        problem("text/plain; charset=klingon", b"a"),
        Problem::UnknownCharset
    );
}

#[test]
fn plain_text_stands_for_a_value_that_it_spells() {
    assert_eq!(
        body::<GetName>(of_type("text/plain", "hello, you")),
        "hello, you"
    );
    assert_eq!(
        body::<GetName>(of_type("text/plain; charset=iso-8859-1", b"h\xFC")),
        "hü"
    );
    assert_eq!(body::<GetName>(of_type("text/plain", "true")), "true");
    assert_eq!(
        body::<GetName>(of_type("application/json", r#""hello""#)),
        "hello"
    );
    assert_eq!(body::<GetName>(untyped("hello")), "hello");
    assert_eq!(body::<GetNumber>(of_type("text/plain", "42")), 42);
    let failure = failure::<GetThing>(of_type("text/plain", "hello"));
    assert_eq!(
        failure.error().problem(),
        &Problem::Syntax { offset: 0 },
        "the error is that of JSON"
    );
}

#[test]
fn a_page_is_no_value_and_is_called_one() {
    let failure = failure::<GetAny>(of_type("text/html", "<h1>Sign in to the WiFi</h1>"));
    assert!(failure.to_string().contains("a page of HTML"), "{failure}");
    assert!(!format!("{failure:?}").contains("WiFi"));
}

#[test]
fn an_empty_body_is_null_to_a_type_that_has_it() {
    for status in [200, 204, 205] {
        assert_eq!(body::<GetMaybe>(answer(status, &[], "")), None);
        assert_eq!(body::<GetAny>(answer(status, &[], "")), Value::Null);
        assert_eq!(body::<GetText>(answer(status, &[], "")), "");
        assert_eq!(body::<GetBytes>(answer(status, &[], "")), "");
        let failure = failure::<GetThing>(answer(status, &[], ""));
        assert_eq!(failure.status(), status);
        assert_eq!(failure.error().problem(), &Problem::Empty);
    }
}

#[test]
fn a_failure_to_read_keeps_the_response_and_tells_the_place() {
    let failure = failure::<GetThing>(of_type("application/json", r#"{"a":[]}"#));
    assert_eq!(failure.path(), "$.a");
    assert_eq!(failure.raw().body().as_bytes(), br#"{"a":[]}"#);
    assert_eq!(failure.raw().headers()["content-type"], "application/json");
}

#[test]
fn errors_of_all_declared_statuses_share_a_type() {
    let declared = refusal::<GetThing>(answer(404, &[], THING));
    assert_eq!(
        (declared.status().as_u16(), declared.body()),
        (404, &Some(thing()))
    );
    let undeclared = refusal::<GetThing>(answer(500, &[], THING));
    assert_eq!(undeclared.body(), &None);
    assert!(undeclared.decode_error().is_none());
    let unread = refusal::<GetThing>(answer(404, &[], "<html>"));
    assert_eq!(unread.body(), &None);
    assert_eq!(
        unread.decode_error().map(DecodeError::path).as_deref(),
        Some("$")
    );
    assert_eq!(unread.raw().body().as_bytes(), b"<html>");
}

#[test]
fn a_response_that_has_not_changed_is_told_by_its_status() {
    let unchanged = refusal::<GetThing>(answer(304, &[("etag", "x")], ""));
    assert_eq!(unchanged.status(), 304);
    assert_eq!(unchanged.headers()["etag"], "x");
}

/// Headers, as the generator writes them.
#[derive(Clone, Debug, PartialEq)]
pub struct ThingHeaders {
    left: Option<i64>,
    seen: Option<Vec<String>>,
    spread: Option<BTreeMap<String, i64>>,
    paging: Option<Thing>,
    at: Option<runtime::DateTime>,
    sure: Option<bool>,
    link: Option<String>,
    cookie: Option<String>,
    odd: Option<String>,
}

runtime::response_headers! {
    ThingHeaders {
        "X-Rate-Limit" => left: Simple,
        "X-Seen" => seen: Simple,
        "X-Spread" => spread: Simple,
        "X-Paging" => paging: Json,
        "X-At" => at: Simple,
        "X-Sure" => sure: Simple,
        "Link" => link: Simple,
        "Set-Cookie" => cookie: Simple,
        "not a name" => odd: Simple,
    }
}

fn headers(headers: &[(&str, &str)]) -> Result<ThingHeaders, DecodeError> {
    let response = finish::<GetThing>(answer(200, headers, THING)).expect("the body is a thing");
    response.typed_headers()
}

#[test]
fn headers_are_values_of_their_types() {
    let read = headers(&[
        ("x-rate-limit", "12"),
        ("x-seen", "a, b"),
        ("x-seen", "c"),
        ("x-spread", "k,1,l,2"),
        ("x-paging", r#"{"a":"next"}"#),
        ("x-at", "2026-01-02T03:04:05Z"),
        ("x-sure", "true"),
        ("link", "<a>; rel=next"),
        ("link", "<b>; rel=last"),
        ("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"),
        ("set-cookie", "b=2"),
    ]);
    let read = read.expect("all are as declared");
    assert_eq!(read.left, Some(12));
    assert_eq!(read.seen, Some(["a", "b", "c"].map(String::from).to_vec()));
    assert_eq!(
        read.spread,
        Some([("k".to_owned(), 1), ("l".to_owned(), 2)].into())
    );
    assert_eq!(read.paging.map(|paging| paging.a).as_deref(), Some("next"));
    assert_eq!(
        read.at.map(|at| at.to_string()).as_deref(),
        Some("2026-01-02T03:04:05Z")
    );
    assert_eq!(read.sure, Some(true));
    assert_eq!(read.link.as_deref(), Some("<a>; rel=next, <b>; rel=last"));
    assert_eq!(
        read.cookie.as_deref(),
        Some("a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT")
    );
    let exploded = headers(&[("x-spread", "k=1,l=2")]).expect("it is as declared");
    assert_eq!(exploded.spread, read.spread);
}

#[test]
fn headers_that_are_not_there_are_none() {
    let read = headers(&[("x-rate-limit", ""), ("x-seen", "")]).expect("nothing is there");
    assert_eq!((read.left, read.link), (None, None));
    assert_eq!(
        read.odd, None,
        "a name that no header can have is no reason to panic"
    );
}

#[test]
fn a_wrong_header_fails_no_call_and_is_told_by_its_name() {
    let error = headers(&[("x-rate-limit", "s3cret")]).expect_err("it is no number");
    assert_eq!(error.path(), r#"headers["X-Rate-Limit"]"#);
    assert!(!format!("{error} {error:?}").contains("s3cret"));
    let refusal = refusal::<GetThing>(answer(404, &[("x-rate-limit", "0")], THING));
    let read: ThingHeaders = refusal.typed_headers().expect("it is a number");
    assert_eq!(read.left, Some(0));
}
