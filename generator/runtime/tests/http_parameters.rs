//! Parameters and bodies: OpenAPI's style table, path templates, forms and media types.

pub mod offline;

use offline::{API, json, operation, send};
use specmint_runtime::{
    BuildErrorKind, Call, ContentType, CoreBuilder, Explode, OperationSpec, Style,
};

static PLAIN: OperationSpec = operation("/", &[]);
static ONE: OperationSpec = operation("/{p}", &[]);

fn target(spec: &'static OperationSpec, fill: impl FnOnce(&mut Call)) -> String {
    let request = send(spec, fill).unwrap();
    request.uri().path_and_query().unwrap().to_string()
}

const LIST: &str = r#"["blue","black","b n"]"#;
const OBJECT: &str = r#"{"R":100,"G":null,"B":true}"#;

#[test]
fn queries_follow_the_style_table() {
    use Explode::{No, Yes};
    use Style::{
        DeepObject, Form, Json, PipeDelimited, SpaceDelimited, TabDelimited, Text, Urlencoded,
    };
    #[rustfmt::skip]
    let table = [
        (Form,           Yes, r#""a b&c=d/é""#,                "q=a%20b%26c%3Dd%2F%C3%A9"),
        (Form,           Yes, r#""""#,                         "q="),
        (Form,           Yes, "1.50",                          "q=1.50"),
        (Form,           Yes, "18446744073709551615",          "q=18446744073709551615"),
        (Form,           Yes, LIST,                            "q=blue&q=black&q=b%20n"),
        (Form,           No,  LIST,                            "q=blue,black,b%20n"),
        (Form,           Yes, OBJECT,                          "R=100&B=true"),
        (Form,           No,  OBJECT,                          "q=R,100,B,true"),
        (Form,           No,  r#"["a,b"]"#,                    "q=a%2Cb"),
        (Form,           Yes, r#"[{"a":[1]}]"#,                "q=%7B%22a%22%3A%5B1%5D%7D"),
        (SpaceDelimited, No,  LIST,                            "q=blue%20black%20b%20n"),
        (SpaceDelimited, No,  OBJECT,                          "q=R%20100%20B%20true"),
        (SpaceDelimited, Yes, LIST,                            "q=blue&q=black&q=b%20n"),
        (PipeDelimited,  No,  LIST,                            "q=blue%7Cblack%7Cb%20n"),
        (PipeDelimited,  No,  OBJECT,                          "q=R%7C100%7CB%7Ctrue"),
        (TabDelimited,   No,  LIST,                            "q=blue%09black%09b%20n"),
        (DeepObject,     Yes, OBJECT,                          "q%5BR%5D=100&q%5BB%5D=true"),
        (DeepObject,     Yes, r#"{"a":{"b":1},"c":[2,3]}"#,    "q%5Ba%5D%5Bb%5D=1&q%5Bc%5D%5B0%5D=2&q%5Bc%5D%5B1%5D=3"),
        (DeepObject,     Yes, r#"["a",null,"b"]"#,             "q%5B0%5D=a&q%5B1%5D=b"),
        (DeepObject,     Yes, r#"[{"a":1,"b":[]},{"a":2}]"#,   "q%5B0%5D%5Ba%5D=1&q%5B1%5D%5Ba%5D=2"),
        (DeepObject,     Yes, r#"[["a"],["b"]]"#,              "q%5B0%5D%5B0%5D=a&q%5B1%5D%5B0%5D=b"),
        (DeepObject,     Yes, "7",                             "q=7"),
        (Form,           Yes, r#"{"a":[1,2],"o":{"x":[1]}}"#,  "a=1&a=2&o=%7B%22x%22%3A%5B1%5D%7D"),
        (Json,           No,  r#"{"a":"b c"}"#,                "q=%7B%22a%22%3A%22b%20c%22%7D"),
        (Json,           No,  r#""a\"b""#,                     "q=%22a%5C%22b%22"),
        (Text,           No,  r#""a b""#,                      "q=a%20b"),
        (Text,           No,  "[1]",                           "q=%5B1%5D"),
        (Urlencoded,     No,  r#"{"a":"b c","l":[1,"&"]}"#,    "q=a%3Db%2Bc%26l%3D1%26l%3D%2526"),
    ];
    for (style, explode, value, expected) in table {
        let found = target(&PLAIN, |call| call.query("q", style, explode, &json(value)));
        assert_eq!(
            found,
            format!("/?{expected}"),
            "{style:?} {explode:?} {value}"
        );
    }
}

#[test]
fn what_has_no_value_is_left_out_of_the_query() {
    for value in ["null", "[]", "{}", "[null]"] {
        let found = target(&PLAIN, |call| {
            call.query("q", Style::Form, Explode::Yes, &json(value))
        });
        assert_eq!(found, "/", "{value}");
    }
    let absent: Option<String> = None;
    assert_eq!(
        target(&PLAIN, |call| call.query(
            "q",
            Style::Form,
            Explode::Yes,
            &absent
        )),
        "/"
    );
}

#[test]
fn paths_follow_the_style_table() {
    use Explode::{No, Yes};
    use Style::{Json, Label, Matrix, Simple};
    #[rustfmt::skip]
    let table = [
        (Simple, No,  r#""a/b c""#, "a%2Fb%20c"),
        (Simple, No,  LIST,         "blue,black,b%20n"),
        (Simple, Yes, LIST,         "blue,black,b%20n"),
        (Simple, No,  OBJECT,       "R,100,B,true"),
        (Simple, Yes, OBJECT,       "R=100,B=true"),
        (Label,  No,  r#""blue""#,  ".blue"),
        (Label,  No,  LIST,         ".blue,black,b%20n"),
        (Label,  Yes, LIST,         ".blue.black.b%20n"),
        (Label,  No,  OBJECT,       ".R,100,B,true"),
        (Label,  Yes, OBJECT,       ".R=100.B=true"),
        (Matrix, No,  r#""blue""#,  ";p=blue"),
        (Matrix, No,  r#""""#,      ";p"),
        (Matrix, No,  LIST,         ";p=blue,black,b%20n"),
        (Matrix, Yes, LIST,         ";p=blue;p=black;p=b%20n"),
        (Matrix, No,  OBJECT,       ";p=R,100,B,true"),
        (Matrix, Yes, OBJECT,       ";R=100;B=true"),
        (Json,   No,  "[1]",        "%5B1%5D"),
    ];
    for (style, explode, value, expected) in table {
        let found = target(&ONE, |call| call.path("p", style, explode, &json(value)));
        assert_eq!(
            found,
            format!("/{expected}"),
            "{style:?} {explode:?} {value}"
        );
    }
}

#[test]
fn a_path_parameter_cannot_lead_to_another_path() {
    for value in ["", ".", ".."] {
        let value = value.to_owned();
        let outcome = send(&ONE, |call| {
            call.path("p", Style::Simple, Explode::No, &value)
        });
        assert_eq!(
            outcome.unwrap_err().kind(),
            BuildErrorKind::Parameter,
            "{value:?}"
        );
    }
    assert_eq!(
        send(&ONE, |_| ()).unwrap_err().kind(),
        BuildErrorKind::Parameter
    );
    let text = send(&ONE, |_| ()).unwrap_err().to_string();
    assert!(text.contains("`p`"), "{text}");
}

#[test]
fn templates_hold_several_parameters_colons_queries_and_odd_characters() {
    static SEVERAL: OperationSpec = operation("/{a}.{b}:go/", &[]);
    static QUERY: OperationSpec = operation("/do?action={a}&x=1#not-sent", &[]);
    static ODD: OperationSpec = operation("/Ünï code/{a}/100%25|x", &[]);
    let fill = |call: &mut Call| {
        call.path("a", Style::Simple, Explode::No, &"1?".to_owned());
        call.path("b", Style::Simple, Explode::No, &"2".to_owned());
    };
    assert_eq!(target(&SEVERAL, fill), "/1%3F.2:go/");
    let with_query = |call: &mut Call| {
        fill(call);
        call.query("$top", Style::Form, Explode::Yes, &3_i64);
    };
    assert_eq!(target(&QUERY, with_query), "/do?action=1%3F&x=1&$top=3");
    assert_eq!(target(&ODD, fill), "/%C3%9Cn%C3%AF%20code/1%3F/100%25%7Cx");
}

#[test]
fn reserved_characters_stand_where_they_may() {
    let value = "a/b?c=d%20e%&f#g[h]".to_owned();
    let found = target(&PLAIN, |call| {
        call.query_reserved("q", Style::Form, Explode::Yes, &value)
    });
    assert_eq!(found, "/?q=a/b?c=d%20e%25%26f%23g%5Bh%5D");
}

#[test]
fn a_path_parameter_with_reserved_characters_may_be_several_segments_and_stays_a_path() {
    let reserved = |value: &str| {
        let value = value.to_owned();
        send(&ONE, |call| {
            call.path_reserved("p", Style::Simple, Explode::No, &value)
        })
    };
    let path = reserved("a/b c;d=e&f+g%2Fh%?i#j").unwrap();
    assert_eq!(path.uri().path(), "/a/b%20c;d=e&f+g%2Fh%25%3Fi%23j");
    assert_eq!(path.uri().query(), None);
    for value in ["", "a/../b", "..", "%2e%2E/a", "a/."] {
        let kind = reserved(value).unwrap_err().kind();
        assert_eq!(kind, BuildErrorKind::Parameter, "{value:?}");
    }
}

#[test]
fn a_parameter_without_a_value_has_its_name_alone() {
    let found = target(&PLAIN, |call| {
        call.query("all[]", Style::Form, Explode::Yes, &json("[1,2]"));
        call.query_empty("flag");
    });
    assert_eq!(found, "/?all%5B%5D=1&all%5B%5D=2&flag=");
}

#[test]
fn a_cookie_may_go_as_it_is() {
    let cookie = |style, value: &str| {
        let value = value.to_owned();
        send(&PLAIN, |call| call.cookie("c", style, Explode::Yes, &value))
    };
    let as_it_is = cookie(Style::Cookie, "a=b%20c/+").unwrap();
    assert_eq!(as_it_is.headers()["cookie"], "c=a=b%20c/+");
    let encoded = cookie(Style::Form, "a=b%20c/+").unwrap();
    assert_eq!(encoded.headers()["cookie"], "c=a%3Db%2520c%2F%2B");
    let two = cookie(Style::Cookie, "a; admin=1").unwrap_err();
    assert_eq!(two.kind(), BuildErrorKind::Parameter);
}

#[test]
fn a_parameter_set_twice_is_sent_once() {
    let found = target(&PLAIN, |call| {
        call.query("q", Style::Form, Explode::Yes, &1_i64);
        call.query("q", Style::Form, Explode::Yes, &2_i64);
    });
    assert_eq!(found, "/?q=2");
}

#[test]
fn headers_and_cookies_carry_values_as_they_are_allowed_to() {
    let request = send(&PLAIN, |call| {
        call.header_param("X-List", Style::Simple, Explode::No, &json(LIST));
        call.header_param("X-Object", Style::Simple, Explode::Yes, &json(OBJECT));
        call.cookie("a", Style::Form, Explode::No, &json(LIST));
        call.cookie("b", Style::Form, Explode::Yes, &"1;2".to_owned());
    });
    let request = request.unwrap();
    let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-list"), "blue,black,b n");
    assert_eq!(header("x-object"), "R=100,B=true");
    assert_eq!(header("cookie"), "a=blue,black,b%20n; b=1%3B2");
}

#[test]
fn a_header_cannot_be_split() {
    for value in ["a\r\nb: c", "a\nb", "a\0b"] {
        let value = value.to_owned();
        let outcome = send(&PLAIN, |call| {
            call.header_param("X-A", Style::Simple, Explode::No, &value)
        });
        assert_eq!(
            outcome.unwrap_err().kind(),
            BuildErrorKind::Header,
            "{value:?}"
        );
        let outcome = send(&PLAIN, |call| call.header("x-a", &value));
        assert_eq!(
            outcome.unwrap_err().kind(),
            BuildErrorKind::Header,
            "{value:?}"
        );
    }
    let outcome = send(&PLAIN, |call| call.header("content-length", "3"));
    assert_eq!(outcome.unwrap_err().kind(), BuildErrorKind::Header);
}

#[test]
fn a_media_type_that_no_header_can_hold_is_refused() {
    static ODD: OperationSpec = OperationSpec {
        id: "odd",
        method: "GET",
        path: "/",
        request_types: &[],
        response_types: &["aplicación/json"],
        security: &[],
        scopes: &[],
        servers: &[],
        token: None,
    };
    // `é` is sent as its UTF-8 bytes, which is what servers expect; a line end cannot be sent.
    assert!(send(&ODD, |_| ()).is_ok());
    let outcome = send(&PLAIN, |call| call.accept("a\nb"));
    assert_eq!(outcome.unwrap_err().kind(), BuildErrorKind::Header);
}

#[test]
fn a_callers_header_replaces_the_runtimes() {
    let request = send(&PLAIN, |call| call.header("Accept", "text/csv")).unwrap();
    assert_eq!(
        request
            .headers()
            .get_all("accept")
            .iter()
            .collect::<Vec<_>>(),
        ["text/csv"]
    );
}

#[test]
fn no_text_panics_and_none_escapes_its_place() {
    const PIECES: [&str; 24] = [
        "",
        "a",
        "/",
        "..",
        ".",
        "%",
        "%2e",
        "?",
        "#",
        "&",
        "=",
        "+",
        " ",
        "\0",
        "\r\n",
        "é",
        "\u{1F600}",
        "{p}",
        "}",
        "\"",
        "\\",
        ";",
        "@",
        "\u{7f}",
    ];
    let mut seed = 7_usize;
    let mut next = || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        PIECES[(seed >> 33) % PIECES.len()]
    };
    for _ in 0..2_000 {
        let text = [next(), next(), next(), next()].concat();
        let _ = CoreBuilder::new(&API).base_url(&text);
        let _ = CoreBuilder::new(&API).origin(&format!("https://{text}"));
        let outcome = send(&ONE, |call| {
            call.path("p", Style::Simple, Explode::No, &text);
            call.query("q", Style::DeepObject, Explode::Yes, &text);
            call.query_reserved("r", Style::Form, Explode::Yes, &text);
            call.cookie("c", Style::Form, Explode::Yes, &text);
        });
        let Ok(request) = outcome else { continue };
        let uri = request.uri();
        assert_eq!(uri.host(), Some("x.example"), "{text:?}");
        assert_eq!(uri.path().matches('/').count(), 1, "{text:?}");
        assert_eq!(uri.query().unwrap().matches('&').count(), 1, "{text:?}");
        let _ = send(&ONE, |call| call.header(&text, &text));
        let _ = send(&ONE, |call| {
            call.content_type(ContentType::new(text.clone()))
        });
    }
}
