//! Bodies of requests: forms, parts, lines, texts, and the media types that they are sent as.

pub mod offline;

use offline::{API, Json, json, operation, send};
use specmint_runtime::json::{Problem, Reader, Slot, Writer};
use specmint_runtime::transport::{Pending, PendingStream};
use specmint_runtime::{
    Body, BuildErrorKind, Call, ContentType, CoreBuilder, DecodeError, Encoding, Explode, Limits,
    Multipart, OperationSpec, Part, Reserved, Sequence, Stream, Style, Transport, Upload, bytes,
    http,
};

static PLAIN: OperationSpec = operation("/", &[]);

fn sent(request: &http::Request<Body>) -> (&str, &str) {
    let content_type = request
        .headers()
        .get("content-type")
        .map_or("", |value| value.to_str().unwrap());
    (
        content_type,
        std::str::from_utf8(request.body().as_bytes()).unwrap(),
    )
}

const MEMBERS: &str = r#"{"a":"b c&d/","n":null,"l":[1,2],"o":{"x":"y"},"t":true,"e":""}"#;

#[test]
fn a_form_has_the_members_in_their_order() {
    static FORM: OperationSpec = operation("/", &["application/x-www-form-urlencoded"]);
    let request = send(&FORM, |call| call.json_body(&json(MEMBERS))).unwrap();
    let form = "a=b+c%26d%2F&l=1&l=2&o=%7B%22x%22%3A%22y%22%7D&t=true&e=";
    assert_eq!(sent(&request), ("application/x-www-form-urlencoded", form));
    let request = send(&FORM, |call| {
        call.json_body(&json(MEMBERS));
        call.encodings(&[
            Encoding {
                member: "l",
                content_type: None,
                style: Some(Style::Form),
                explode: Explode::No,
                reserved: Reserved::Encoded,
            },
            Encoding {
                member: "a",
                content_type: None,
                style: Some(Style::Form),
                explode: Explode::Yes,
                reserved: Reserved::Kept,
            },
            Encoding {
                member: "o",
                content_type: None,
                style: Some(Style::DeepObject),
                explode: Explode::Yes,
                reserved: Reserved::Encoded,
            },
        ]);
    });
    assert_eq!(
        sent(&request.unwrap()).1,
        "a=b+c%26d/&l=1,2&o%5Bx%5D=y&t=true&e="
    );
}

#[test]
fn the_body_takes_the_first_media_type_that_fits_it() {
    static TYPES: OperationSpec = operation(
        "/",
        &[
            "application/xml",
            "application/vnd.x+json; v=1",
            "text/plain",
        ],
    );
    let body = |body: &dyn Slot| send(&TYPES, |call| call.json_body(body)).unwrap();
    assert_eq!(
        sent(&body(&json("[1]"))),
        ("application/vnd.x+json; v=1", "[1]")
    );
    let text = send(&TYPES, |call| call.text_body("<a/>")).unwrap();
    assert_eq!(sent(&text), ("application/xml", "<a/>"));
    let bytes = send(&PLAIN, |call| call.bytes_body("raw")).unwrap();
    assert_eq!(sent(&bytes), ("application/octet-stream", "raw"));
    assert_eq!(sent(&send(&TYPES, |_| ()).unwrap()), ("", ""));
}

#[test]
fn a_body_that_cannot_be_written_as_asked_says_so() {
    for content_type in [
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let outcome = send(&PLAIN, |call| {
            call.json_body(&json("[1]"));
            call.content_type(ContentType::from(content_type));
        });
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), BuildErrorKind::ContentType);
        assert!(error.to_string().contains(content_type), "{error}");
    }
}

static UPLOAD: OperationSpec = operation("/", &["multipart/form-data"]);

/// A member that is a file beside others, as generated models have it.
#[derive(Clone, Debug, PartialEq)]
struct Photo {
    title: String,
    file: Part,
    more: Vec<Part>,
    about: Json,
}

impl Slot for Photo {
    fn blank() -> Self {
        Self::new("")
    }

    fn read(&mut self, _: &mut Reader<'_>) -> Result<(), DecodeError> {
        Err(Problem::Empty.into())
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.extend_from_slice(b"{\"title\":");
        self.title.write(out);
        out.extend_from_slice(b",\"file\":");
        self.file.write(out);
        out.extend_from_slice(b",\"more\":");
        self.more.write(out);
        out.extend_from_slice(b",\"about\":");
        self.about.write(out);
        out.push(b'}');
    }
}

impl Photo {
    fn new(file: impl Into<Part>) -> Self {
        Self {
            title: "a".to_owned(),
            file: file.into(),
            more: Vec::new(),
            about: json(r#"{"x":1}"#),
        }
    }
}

/// The bytes that a transport gets, whatever they come from.
async fn streamed(
    spec: &'static OperationSpec,
    fill: impl FnOnce(&mut Call),
) -> (String, Option<u64>, String) {
    let (tell, told) = std::sync::mpsc::channel();
    let core = CoreBuilder::new(&API).transport(Telling(tell)).build();
    let mut call = Call::new(&core.unwrap(), spec);
    fill(&mut call);
    let _ = call.execute().await.unwrap();
    told.recv().unwrap()
}

/// A transport that tells what it was given.
struct Telling(std::sync::mpsc::Sender<(String, Option<u64>, String)>);

impl Transport for Telling {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Pending<'_> {
        let request = request.map(Upload::from);
        Box::pin(async move {
            let (head, body) = self.stream(request, limits).await?.into_parts();
            let _ = body;
            Ok(http::Response::from_parts(head, Body::empty()))
        })
    }

    fn stream(&self, request: http::Request<Upload>, _: Limits) -> PendingStream<'_> {
        Box::pin(async move {
            let (head, mut upload) = request.into_parts();
            let content_type = head.headers["content-type"].to_str().unwrap().to_owned();
            let length = upload.length();
            let mut text = Vec::new();
            while let Some(piece) = upload.chunk().await.unwrap() {
                text.extend_from_slice(&piece);
            }
            let text = String::from_utf8(text).unwrap();
            self.0.send((content_type, length, text)).unwrap();
            Ok(http::Response::new(Body::empty().into()))
        })
    }
}

/// A stream of these pieces.
struct Pieces(Vec<&'static str>);

impl Stream for Pieces {
    type Item = Result<bytes::Bytes, std::io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let piece = (!self.0.is_empty()).then(|| self.0.remove(0));
        std::task::Poll::Ready(piece.map(|piece| Ok(bytes::Bytes::from(piece))))
    }
}

#[test]
fn a_multipart_body_has_a_part_for_each_member_in_their_order() {
    let mut photo = Photo::new(Part::new("specmint-boundary-0").file_name("a\"b.txt"));
    photo.more = vec![
        Part::new("1")
            .content_type("image/png")
            .header("X-Page", "1"),
        Part::text("2"),
    ];
    let request = send(&UPLOAD, |call| call.json_body(&photo)).unwrap();
    let expected = "--specmint-boundary-1\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na\r\n\
        --specmint-boundary-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b.txt\"\r\n\
        Content-Type: application/octet-stream\r\n\r\nspecmint-boundary-0\r\n\
        --specmint-boundary-1\r\nContent-Disposition: form-data; name=\"more\"; filename=\"more\"\r\n\
        Content-Type: image/png\r\nX-Page: 1\r\n\r\n1\r\n\
        --specmint-boundary-1\r\nContent-Disposition: form-data; name=\"more\"\r\n\r\n2\r\n\
        --specmint-boundary-1\r\nContent-Disposition: form-data; name=\"about\"\r\n\
        Content-Type: application/json\r\n\r\n{\"x\":1}\r\n--specmint-boundary-1--\r\n";
    let whole_type = "multipart/form-data; boundary=specmint-boundary-1";
    assert_eq!(sent(&request), (whole_type, expected));
}

#[test]
fn members_and_parts_go_as_their_encodings_say() {
    let encoding = |member, content_type, style| Encoding {
        member,
        content_type,
        style,
        explode: Explode::Yes,
        reserved: Reserved::Encoded,
    };
    let encodings = Box::leak(Box::new([
        encoding("file", Some("image/png"), None),
        encoding("more", Some("image/png, image/jpeg"), None),
        encoding("title", Some("text/markdown"), None),
        encoding("about", None, Some(Style::DeepObject)),
    ]));
    let mut photo = Photo::new("png");
    photo.more = vec![Part::new("either")];
    let request = send(&UPLOAD, |call| {
        call.json_body(&photo);
        call.encodings(encodings);
    });
    let request = request.unwrap();
    let body = sent(&request).1;
    for expected in [
        "name=\"title\"\r\nContent-Type: text/markdown\r\n\r\na\r\n",
        "name=\"file\"; filename=\"file\"\r\nContent-Type: image/png\r\n\r\npng\r\n",
        "filename=\"more\"\r\nContent-Type: application/octet-stream\r\n\r\neither\r\n",
        "name=\"about[x]\"\r\n\r\n1\r\n",
    ] {
        assert!(body.contains(expected), "{expected}\nis not in\n{body}");
    }
}

#[tokio::test]
async fn a_part_may_come_from_a_stream_and_its_boundary_cannot_be_guessed() {
    let part = || Part::new(Upload::from_stream(Pieces(vec!["a", "b"])));
    let of = async || streamed(&UPLOAD, |call| call.json_body(&Photo::new(part()))).await;
    let (content_type, length, body) = of().await;
    let (_, boundary) = content_type.split_once("boundary=").unwrap();
    assert_eq!(length, None);
    assert!(body.starts_with(&format!("--{boundary}\r\n")), "{body}");
    assert!(body.contains("\r\n\r\nab\r\n--"), "{body}");
    assert!(body.contains("\r\n\r\n{\"x\":1}\r\n--"), "{body}");
    assert!(body.ends_with(&format!("--{boundary}--\r\n")), "{body}");
    assert_ne!(of().await.0, content_type);
}

#[tokio::test]
async fn a_part_may_come_from_a_file_whose_length_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rows.csv");
    std::fs::write(&path, "1,2\n").unwrap();
    assert!(Part::from_path(dir.path()).is_err());
    let part = Part::from_path(&path).unwrap();
    let (_, length, body) = streamed(&UPLOAD, |call| call.json_body(&Photo::new(part))).await;
    assert_eq!(length, Some(body.len() as u64));
    assert!(body.contains("filename=\"rows.csv\""), "{body}");
    assert!(body.contains("\r\n\r\n1,2\n\r\n--"), "{body}");
}

#[test]
fn a_stream_is_good_for_one_sending() {
    let part = Part::new(Upload::from_stream(Pieces(vec!["a"])));
    assert_eq!(part, part.clone());
    assert_ne!(part, Part::new(Upload::from_stream(Pieces(vec!["a"]))));
    let request = send(&UPLOAD, |call| call.json_body(&Photo::new(part)));
    assert_eq!(request.unwrap_err().kind(), BuildErrorKind::Upload);
}

#[test]
fn texts_cannot_pass_for_parts() {
    let mut photo = Photo::new("file");
    photo.title = r#""\u00700""#.to_owned();
    photo.about = json(r#"{"x":"\\u00700"}"#);
    let request = send(&UPLOAD, |call| call.json_body(&photo)).unwrap();
    let body = sent(&request).1;
    assert!(body.contains("\r\n\r\n\"\\u00700\"\r\n"), "{body}");
    assert!(body.contains(r#"{"x":"\\u00700"}"#), "{body}");
}

#[test]
fn a_part_inside_of_a_value_is_its_text() {
    let nested = vec![vec![Part::new("a")], vec![Part::new("b")]];
    static MIXED: OperationSpec = operation("/", &["multipart/mixed"]);
    let request = send(&MIXED, |call| call.json_body(&nested)).unwrap();
    let body = sent(&request).1;
    assert!(body.contains("\r\n\r\n[\"a\"]\r\n"), "{body}");
    assert!(body.contains("\r\n\r\n[\"b\"]\r\n"), "{body}");
}

#[test]
fn a_part_is_its_text_in_json_and_in_forms() {
    static EITHER: OperationSpec = operation(
        "/",
        &["application/json", "application/x-www-form-urlencoded"],
    );
    let photo = Photo::new("a \"b\"");
    let json = send(&EITHER, |call| call.json_body(&photo)).unwrap();
    let expected = r#"{"title":"a","file":"a \"b\"","more":[],"about":{"x":1}}"#;
    assert_eq!(sent(&json), ("application/json", expected));
    let form = send(&EITHER, |call| {
        call.json_body(&photo);
        call.content_type(ContentType::FORM);
    });
    let expected = "title=a&file=a+%22b%22&about=%7B%22x%22%3A1%7D";
    assert_eq!(sent(&form.unwrap()).1, expected);
    let bytes = send(&EITHER, |call| call.json_body(&Photo::new(vec![0xFF])));
    assert_eq!(bytes.unwrap_err().kind(), BuildErrorKind::ContentType);
}

#[test]
fn parts_that_no_description_names_may_be_added() {
    let body = Multipart::new().part("b", Part::json(&7_i64));
    let request = send(&UPLOAD, |call| {
        call.json_body(&body.part("b", Part::text("t")));
        call.part("f", Part::new("x").without_file_name());
    });
    let expected = "--specmint-boundary-0\r\nContent-Disposition: form-data; name=\"b\"\r\n\
        Content-Type: application/json\r\n\r\n7\r\n\
        --specmint-boundary-0\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nt\r\n\
        --specmint-boundary-0\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nx\r\n\
        --specmint-boundary-0--\r\n";
    assert_eq!(sent(&request.unwrap()).1, expected);
    // a part makes any body multipart
    let request = send(&PLAIN, |call| call.part("f", "x")).unwrap();
    assert!(
        sent(&request)
            .0
            .starts_with("multipart/form-data; boundary=")
    );
}

#[test]
fn parts_can_be_read_from_json_as_texts() {
    let read = |json: &str| specmint_runtime::json::from_slice::<Multipart>(json.as_bytes());
    let parts = read(r#"{"a":"b","c":1}"#).unwrap();
    assert_eq!(parts, Multipart::new().part("a", "b").part("c", "1"));
    let file = read(r#""text""#).unwrap();
    assert_eq!(file, Multipart::new().part("file", "text"));
    let json = specmint_runtime::json::to_vec(&file);
    assert_eq!(json, br#"{"file":"text"}"#);
    assert!(read("[]").is_err());
}

#[test]
fn parts_without_names_stand_in_their_order() {
    static RELATED: OperationSpec = operation("/", &["multipart/related"]);
    let parts = vec![
        Part::json(&1_i64),
        Part::new("png").content_type("image/png"),
    ];
    let request = send(&RELATED, |call| call.json_body(&parts)).unwrap();
    let expected = "--specmint-boundary-0\r\nContent-Type: application/json\r\n\r\n1\r\n\
        --specmint-boundary-0\r\nContent-Type: image/png\r\n\r\npng\r\n--specmint-boundary-0--\r\n";
    let whole_type = "multipart/related; boundary=specmint-boundary-0; type=\"application/json\"";
    assert_eq!(sent(&request), (whole_type, expected));
    static MIXED: OperationSpec = operation("/", &["multipart/mixed"]);
    let request = send(&MIXED, |call| call.json_body(&json(r#"["a",{"b":1}]"#))).unwrap();
    let expected = "--specmint-boundary-0\r\nContent-Type: text/plain\r\n\r\na\r\n\
        --specmint-boundary-0\r\nContent-Type: application/json\r\n\r\n{\"b\":1}\r\n\
        --specmint-boundary-0--\r\n";
    assert_eq!(sent(&request).1, expected);
}

#[test]
fn a_part_cannot_bring_headers_that_end_its_head() {
    for part in [
        Part::new("x").header("X-A", "a\r\n\r\nb"),
        Part::new("x").header("X A", "a"),
        Part::new("x").content_type("a\nb"),
    ] {
        let outcome = send(&UPLOAD, |call| call.part("f", part));
        assert_eq!(outcome.unwrap_err().kind(), BuildErrorKind::Header);
    }
    let request = send(&UPLOAD, |call| {
        call.part("n\r\n\"", Part::new("x").file_name("f\r\n\""));
    });
    let request = request.unwrap();
    let expected = "name=\"n%0D%0A%22\"; filename=\"f%0D%0A%22\"\r\n";
    assert!(sent(&request).1.contains(expected), "{}", sent(&request).1);
}

#[tokio::test]
async fn many_values_go_one_a_line() {
    static LINES: OperationSpec = operation("/", &["application/x-ndjson"]);
    static SEQUENCE: OperationSpec = operation("/", &["application/json-seq"]);
    let request = send(&LINES, |call| call.lines_body(vec![1_i64, 2])).unwrap();
    assert_eq!(sent(&request), ("application/x-ndjson", "1\n2\n"));
    let request = send(&SEQUENCE, |call| call.lines_body(vec![1_i64, 2])).unwrap();
    assert_eq!(sent(&request).1, "\u{1E}1\n\u{1E}2\n");
    let texts = || Sequence::from_iter(["a\nb".to_owned(), String::new()]);
    let (_, length, body) = streamed(&LINES, |call| call.lines_body(texts())).await;
    assert_eq!((length, body.as_str()), (None, "\"a\\nb\"\n\"\"\n"));
    let (_, _, body) = streamed(&SEQUENCE, |call| call.lines_body(texts())).await;
    assert_eq!(body, "\u{1E}\"a\\nb\"\n\u{1E}\"\"\n");
}

#[test]
fn a_range_is_no_media_type_to_send() {
    static IMAGE: OperationSpec = operation("/", &["image/*"]);
    static ANY: OperationSpec = operation("/", &["*/*"]);
    static SUFFIX: OperationSpec = operation("/", &["application/*+json"]);
    let error = send(&IMAGE, |call| call.upload_body("png")).unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::ContentType);
    assert!(error.to_string().contains("`image/*`"), "{error}");
    // as a variant of a body that is one of several
    let chosen = send(&PLAIN, |call| {
        call.content_type(ContentType::from("image/*"));
        call.upload_body("png");
    });
    assert_eq!(chosen.unwrap_err().kind(), BuildErrorKind::ContentType);
    let request = send(&IMAGE, |call| {
        call.upload_body("png");
        call.content_type(ContentType::from("image/png"));
    });
    assert_eq!(sent(&request.unwrap()), ("image/png", "png"));
    let request = send(&ANY, |call| call.upload_body("png")).unwrap();
    assert_eq!(sent(&request).0, "application/octet-stream");
    for spec in [&ANY, &SUFFIX] {
        let request = send(spec, |call| call.json_body(&json("{}"))).unwrap();
        assert_eq!(sent(&request), ("application/json", "{}"));
    }
}

#[test]
fn texts_go_in_their_charset() {
    static LATIN: OperationSpec = operation("/", &["text/plain; charset=ISO-8859-1"]);
    static TEXT: OperationSpec = operation("/", &["text/csv"]);
    let request = send(&LATIN, |call| call.text_body("é")).unwrap();
    assert_eq!(request.body().as_bytes(), [0xE9]);
    let error = send(&LATIN, |call| call.text_body("€")).unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::ContentType);
    let plain = send(&TEXT, |call| call.text_body("e")).unwrap();
    assert_eq!(sent(&plain), ("text/csv", "e"));
    let beyond = send(&TEXT, |call| call.text_body("é")).unwrap();
    assert_eq!(sent(&beyond), ("text/csv; charset=utf-8", "é"));
}

#[test]
fn a_scalar_may_be_a_text_and_a_text_may_be_a_form() {
    static TEXT: OperationSpec = operation("/", &["text/plain"]);
    static FORM: OperationSpec = operation("/", &["application/x-www-form-urlencoded"]);
    let request = send(&TEXT, |call| call.json_body(&json("1.50"))).unwrap();
    assert_eq!(sent(&request), ("text/plain", "1.50"));
    let request = send(&FORM, |call| call.text_body("a=1&b")).unwrap();
    assert_eq!(
        sent(&request),
        ("application/x-www-form-urlencoded", "a=1&b")
    );
}

#[test]
fn any_method_may_have_a_body() {
    for method in ["GET", "DELETE", "HEAD", "QUERY"] {
        let spec = Box::leak(Box::new(OperationSpec {
            method,
            ..operation("/", &["application/json"])
        }));
        let request = send(spec, |call| call.json_body(&json("{}"))).unwrap();
        assert_eq!(
            (request.method().as_str(), sent(&request).1),
            (method, "{}")
        );
    }
}
