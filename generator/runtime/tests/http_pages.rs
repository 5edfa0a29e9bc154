//! Pages that follow one another, by each of the ways in which servers say what comes next.
#![cfg(feature = "blocking")]

mod calls;

use calls::{Answer, Script, client, fails, json, operation, status};
use futures_core::Stream;
use specmint_runtime::{
    BuildErrorKind, Call, Core, CoreBuilder, DecodeError, Delivery, Error, Explode, Items,
    ItemsBlocking, Listed, NextPage, Operation, OperationSpec, PageInput, PagePlace, Paged, Pages,
    PagesBlocking, Paging, Reply, Style, TransportErrorKind, Undeclared, Value,
};

static GET: OperationSpec = operation("GET", "/v1/things");
static POST: OperationSpec = operation("POST", "/search");

/// Operations that answer any JSON with whole numbers in it.
macro_rules! operations {
    ($($name:ident $paging:expr;)*) => {
        $(
            struct $name;

            impl Operation for $name {
                type Output = Value;
                type Failure = Undeclared;

                fn success(reply: &Reply) -> Result<Value, DecodeError> {
                    reply.json()
                }

                fn failure(_: &Reply) -> Result<Undeclared, DecodeError> {
                    Ok(Undeclared)
                }

                fn other() -> Undeclared {
                    Undeclared
                }
            }

            impl Paged for $name {
                fn paging() -> &'static Paging {
                    static PAGING: Paging = $paging;
                    &PAGING
                }
            }

            impl Listed for $name {
                type Item = i64;
            }
        )*
    };
}

const fn paging(next: NextPage) -> Paging {
    Paging {
        items: Some(&["data"]),
        next,
        more: None,
    }
}

operations! {
    ByLink Paging { items: Some(&[]), next: NextPage::Link, more: None };
    ByUrl paging(NextPage::Url(PagePlace::Body(&["links", "next"])));
    ByCursor paging(NextPage::Cursor { from: PagePlace::Body(&["next"]), to: PageInput::Query("cursor") });
    ByHeader paging(NextPage::Cursor { from: PagePlace::Header("x-next"), to: PageInput::Query("cursor") });
    ByBody paging(NextPage::Cursor { from: PagePlace::Body(&["next"]), to: PageInput::Body(&["page", "after"]) });
    ByLast Paging {
        items: Some(&["data"]),
        next: NextPage::Cursor { from: PagePlace::LastItem(&[]), to: PageInput::Query("after") },
        more: Some(&["more"]),
    };
    ByOffset paging(NextPage::Offset { to: PageInput::Query("offset"), total: None });
    ByTotal paging(NextPage::Offset { to: PageInput::Query("offset"), total: Some(&["total"]) });
    ByNumber paging(NextPage::Number { to: PageInput::Query("page"), first: 1, pages: None });
    ByPages paging(NextPage::Number { to: PageInput::Query("page"), first: 0, pages: Some(&["pages"]) });
}

/// What was asked and what came, the same both ways.
struct Walked {
    asked: Vec<String>,
    items: Vec<i64>,
    error: Option<Error<Undeclared>>,
}

/// Walks through all items, awaited and on this thread, and through all pages.
#[track_caller]
fn walk<O: Listed<Item = i64, Failure = Undeclared>>(
    answers: &[Answer],
    call: impl Fn(&Core) -> Call,
) -> Walked {
    let script = Script::new(answers);
    let (mut items, mut error) = (Vec::new(), None);
    for item in ItemsBlocking::<O>::new(call(&client(&script))) {
        match item {
            Ok(item) => items.push(item),
            Err(found) => error = Some(found),
        }
    }
    let asked = script.urls();

    let script = Script::new(answers);
    let mut stream = Items::<O>::new(call(&client(&script)));
    let (mut again, mut failed) = (Vec::new(), false);
    while let Some(item) = calls::block_on(stream.next()) {
        match item {
            Ok(item) => again.push(item),
            Err(_) => failed = true,
        }
    }
    assert_eq!((&again, failed), (&items, error.is_some()));
    assert_eq!(script.urls(), asked);

    let script = Script::new(answers);
    let mut pages = Pages::<O>::new(call(&client(&script)));
    while calls::block_on(pages.next()).is_some() {}
    assert_eq!(script.urls(), asked);
    Walked {
        asked,
        items,
        error,
    }
}

fn get(core: &Core) -> Call {
    Call::new(core, &GET)
}

/// A call that says already where to begin.
fn from(name: &'static str, value: &'static str) -> impl Fn(&Core) -> Call {
    move |core| {
        let mut call = get(core);
        call.query("q", Style::Form, Explode::Yes, &"a b".to_owned());
        call.query(name, Style::Form, Explode::Yes, &value.to_owned());
        call
    }
}

#[track_caller]
fn check(walked: &Walked, asked: &[&str], items: &[i64]) {
    assert!(walked.error.is_none(), "{:?}", walked.error);
    let asked: Vec<String> = asked
        .iter()
        .map(|path| format!("https://x.example{path}"))
        .collect();
    assert_eq!((&walked.asked, walked.items.as_slice()), (&asked, items));
}

#[test]
fn the_next_page_is_where_the_link_header_says() {
    let linked = |body: &str, link: &str| json(body).with("link", link);
    let walked = walk::<ByLink>(
        &[
            linked(
                "[1,2]",
                r#"<https://x.example/v1/things?page=9>; rel="last", </v1/things?page=2&q=a%20b>; title="a, \"b\"; rel=prev"; rel="next foo""#,
            ),
            linked("[3]", r#"<?page=3>; REL=NEXT"#).with("link", "</elsewhere>; rel=prev"),
            linked("[]", r#"<things/4>; rel=next"#),
            linked("[4]", r#"</v1/things?page=1>; rel="prev first""#),
        ],
        get,
    );
    let asked = [
        "/v1/things",
        "/v1/things?page=2&q=a%20b",
        "/v1/things?page=3",
        "/v1/things/4",
    ];
    check(&walked, &asked, &[1, 2, 3, 4]);
}

#[test]
fn links_that_say_no_next_page_end_the_walk() {
    for link in [
        "",
        ",",
        "<",
        "<>; rel=next",
        "</a>",
        "</a>; rel",
        "</a>; rel=\"next",
        "</a>; rel=nextish",
        "</a>; rel=prev; rel=next",
        "</a>; rel=next; anchor=\"#other\"",
        "no link; rel=next",
    ] {
        let walked = walk::<ByLink>(&[json("[1]").with("link", link)], get);
        let asked: &[&str] = match link {
            // a quotation that is not closed says what it says
            "</a>; rel=\"next" => &["/v1/things", "/a"],
            _ => &["/v1/things"],
        };
        assert_eq!(walked.asked.len(), asked.len(), "{link}");
    }
}

#[test]
fn a_url_in_the_body_is_followed_as_it_is() {
    let page =
        |items: &str, next: &str| json(format!(r#"{{"data":{items},"links":{{"next":{next}}}}}"#));
    let walked = walk::<ByUrl>(
        &[
            page(
                "[1]",
                r#""https://X.example:443/v1/things?c=a%2Fb&d=e|f ü#part""#,
            ),
            page("[2]", r#""//x.example/v1/../v2/./things""#),
            page("[3]", r#""http://x.example/v2/things/%2e%2E?x""#),
            page("[4]", r#""https://x.example?y=1""#),
            page("[5]", "null"),
        ],
        get,
    );
    let asked = [
        "/v1/things",
        "/v1/things?c=a%2Fb&d=e%7Cf%20%C3%BC",
        "/v2/things",
        "/v2/?x",
        "/?y=1",
    ];
    check(&walked, &asked, &[1, 2, 3, 4, 5]);
    for end in ["\"\"", "false", "\" \""] {
        assert_eq!(
            walk::<ByUrl>(&[page("[1]", end)], get).asked.len(),
            1,
            "{end}"
        );
    }
    let no_links = json(r#"{"data":[7]}"#);
    assert_eq!(walk::<ByUrl>(&[no_links], get).items, [7]);
}

#[test]
fn a_link_to_another_origin_is_an_error_after_its_page_and_nothing_is_sent() {
    for link in [
        "https://y.example/v1/things?page=2",
        "https://x.example.evil/",
        "https://x.example:8443/v1/things",
        "http://x.example:8080/v1/things",
        "https://user@x.example/",
        "ftp://x.example/",
        "//y.example/v1",
        "https://x.example@y.example/",
        "https://[::1]/",
    ] {
        let page = json("[1]").with("link", format!("<{link}>; rel=next"));
        let walked = walk::<ByLink>(&[page], get);
        assert_eq!(
            (walked.asked.len(), walked.items.as_slice()),
            (1, [1].as_slice()),
            "{link}"
        );
        let Some(Error::Build(error)) = walked.error else {
            panic!("{link}: {:?}", walked.error)
        };
        assert_eq!(error.kind(), BuildErrorKind::NextPage);
        assert!(!error.to_string().contains("example"), "{error}");
    }
}

#[test]
fn a_page_by_link_keeps_headers_and_what_every_query_of_the_client_has() {
    let linked = json("[1]").with("link", "</v1/things?page=2&version=9>; rel=next");
    let script = Script::new(&[linked, json("[2]")]);
    let core: Core = CoreBuilder::new(&calls::API)
        .blocking_transport(script.clone())
        .extra_query("version", "1")
        .extra_query("plan", "b")
        .build()
        .unwrap();
    let mut call = get(&core);
    call.extra_query("filter", "x");
    call.header("x-tenant", "t");
    let items: Result<Vec<i64>, _> = ItemsBlocking::<ByLink>::new(call).collect();
    assert_eq!(items.unwrap(), [1, 2]);
    assert_eq!(
        script.urls(),
        [
            "https://x.example/v1/things?version=1&plan=b&filter=x",
            "https://x.example/v1/things?page=2&version=9&plan=b",
        ]
    );
    assert_eq!(script.seen()[1].headers()["x-tenant"], "t");
}

#[test]
fn a_cursor_goes_into_the_query_beside_all_else() {
    let page = |items: &str, next: &str| json(format!(r#"{{"next":{next},"data":{items}}}"#));
    let walked = walk::<ByCursor>(
        &[
            page("[1]", r#""a=\u00e9&""#),
            page("[]", "18446744073709551616"),
            page("[2]", "\"\""),
        ],
        from("other", "1"),
    );
    let asked = [
        "/v1/things?q=a%20b&other=1",
        "/v1/things?q=a%20b&other=1&cursor=a%3D%C3%A9%26",
        "/v1/things?q=a%20b&other=1&cursor=18446744073709551616",
    ];
    check(&walked, &asked, &[1, 2]);
}

#[test]
fn a_cursor_of_0_is_the_end_but_an_item_of_0_is_not() {
    let page = |items: &str| json(format!(r#"{{"next":0,"data":{items},"more":true}}"#));
    let walked = walk::<ByCursor>(&[page("[1]")], get);
    check(&walked, &["/v1/things"], &[1]);
    let walked = walk::<ByLast>(&[page("[1,0]"), page("[]")], get);
    check(&walked, &["/v1/things", "/v1/things?after=0"], &[1, 0]);
}

#[test]
fn a_cursor_may_come_in_a_header() {
    let walked = walk::<ByHeader>(
        &[
            json(r#"{"data":[1]}"#).with("x-next", "n 1"),
            json(r#"{"data":[2]}"#),
        ],
        get,
    );
    check(&walked, &["/v1/things", "/v1/things?cursor=n%201"], &[1, 2]);
}

#[test]
fn a_cursor_may_go_into_the_body_as_it_is_spelled() {
    let answers = [
        json(r#"{"next":{"k":1.50},"data":[1]}"#),
        json(r#"{"next":null,"data":[2]}"#),
    ];
    let script = Script::new(&answers);
    let mut call = Call::new(&client(&script), &POST);
    call.json_body(&Value::from_iter([("q", "x")]));
    let items: Result<Vec<i64>, _> = ItemsBlocking::<ByBody>::new(call).collect();
    assert_eq!(items.unwrap(), [1, 2]);
    let bodies: Vec<String> = script
        .seen()
        .iter()
        .map(|request| String::from_utf8(request.body().as_bytes().to_vec()).unwrap())
        .collect();
    assert_eq!(
        bodies,
        [r#"{"q":"x"}"#, r#"{"q":"x","page":{"after":{"k":1.50}}}"#]
    );
}

#[test]
fn the_last_item_may_be_the_cursor_and_a_flag_the_end() {
    let page = |items: &str, more: &str| json(format!(r#"{{"data":{items},"more":{more}}}"#));
    let walked = walk::<ByLast>(&[page("[1,2]", "true"), page("[3,4]", "false")], get);
    check(
        &walked,
        &["/v1/things", "/v1/things?after=2"],
        &[1, 2, 3, 4],
    );
    let walked = walk::<ByLast>(&[page("[1]", "true"), page("[]", "true")], get);
    check(&walked, &["/v1/things", "/v1/things?after=1"], &[1]);
}

#[test]
fn an_offset_goes_up_by_the_items_that_came_until_none_come() {
    let page = |items: &str| json(format!(r#"{{"data":{items}}}"#));
    let walked = walk::<ByOffset>(&[page("[1,2]"), page("[3]"), page("[]")], get);
    check(
        &walked,
        &["/v1/things", "/v1/things?offset=2", "/v1/things?offset=3"],
        &[1, 2, 3],
    );
    let walked = walk::<ByOffset>(&[page("[1,2]"), page("[]")], from("offset", "40"));
    let asked = [
        "/v1/things?q=a%20b&offset=40",
        "/v1/things?q=a%20b&offset=42",
    ];
    check(&walked, &asked, &[1, 2]);
}

#[test]
fn an_offset_ends_where_the_server_says_how_many_there_are() {
    let page = |items: &str| json(format!(r#"{{"data":{items},"total":3}}"#));
    let walked = walk::<ByTotal>(&[page("[1,2]"), page("[3]")], get);
    check(&walked, &["/v1/things", "/v1/things?offset=2"], &[1, 2, 3]);
}

#[test]
fn pages_are_numbered_until_one_is_empty_or_they_are_all_there() {
    let page = |items: &str| json(format!(r#"{{"data":{items},"pages":"2"}}"#));
    let walked = walk::<ByNumber>(&[page("[1,2]"), page("[3]"), page("[]")], get);
    check(
        &walked,
        &["/v1/things", "/v1/things?page=2", "/v1/things?page=3"],
        &[1, 2, 3],
    );
    let walked = walk::<ByNumber>(&[page("[1]"), page("[]")], from("page", "7"));
    let asked = ["/v1/things?q=a%20b&page=7", "/v1/things?q=a%20b&page=8"];
    check(&walked, &asked, &[1]);
    let walked = walk::<ByPages>(&[page("[1,2]"), page("[3]")], get);
    check(&walked, &["/v1/things", "/v1/things?page=1"], &[1, 2, 3]);
}

#[test]
fn a_walk_ends_where_it_was_before() {
    let linked = |link: &str| json("[1]").with("link", format!("<{link}>; rel=next"));
    let circle = [
        linked("?page=2"),
        linked("?page=3"),
        linked("?page=2"),
        linked("?page=4"),
    ];
    assert_eq!(walk::<ByLink>(&circle, get).asked.len(), 3);
    assert_eq!(
        walk::<ByLink>(&[linked("/v1/things")], get).asked.len(),
        1,
        "itself"
    );
    let cursor = || json(r#"{"data":[1],"next":"c"}"#);
    assert_eq!(
        walk::<ByCursor>(&[cursor(), cursor(), cursor()], get)
            .asked
            .len(),
        2
    );
    let walked = walk::<ByCursor>(&[cursor()], from("cursor", "c"));
    assert_eq!(walked.asked.len(), 1, "what it was asked for with");
    // a server that does not know the parameter answers the first page for ever
    let same = || json(r#"{"data":[1,2],"pages":9}"#);
    let walked = walk::<ByOffset>(&[same(), same(), same()], get);
    assert_eq!((walked.asked.len(), walked.items), (2, vec![1, 2]));
    assert_eq!(
        walk::<ByPages>(&[same(), same(), same()], get).items,
        [1, 2]
    );
}

#[test]
fn an_error_is_told_once_and_ends_the_walk() {
    let first = || json(r#"{"data":[1],"next":"c"}"#);
    let walked = walk::<ByCursor>(&[first(), status(500), first()], get);
    assert_eq!(
        (walked.asked.len(), walked.items.as_slice()),
        (2, [1].as_slice())
    );
    assert!(matches!(walked.error, Some(Error::Api(error)) if error.status() == 500));
    let broken = fails(TransportErrorKind::Broken, Delivery::MaybeSent);
    let walked = walk::<ByCursor>(&[first(), broken, first()], get);
    assert!(matches!(walked.error, Some(Error::Transport(_))) && walked.asked.len() == 2);
}

#[test]
fn an_item_that_cannot_be_read_is_an_error_that_knows_its_place() {
    let page = json(r#"{"next":"c","data":[1,{}]}"#);
    let script = Script::new(&[page]);
    let outcome: Result<Vec<i64>, _> =
        ItemsBlocking::<ByCursor>::new(get(&client(&script))).collect();
    let Err(Error::Decode(error)) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error.path(), "$.data[1]");
    assert_eq!(script.seen().len(), 1);
}

#[test]
fn a_page_of_another_form_is_given_and_the_walk_ends_with_an_error() {
    for body in ["[]", "7", "\"x\"", r#"{"next"}"#, r#"{"next":"#] {
        let script = Script::new(&[json(body)]);
        let pages: Vec<_> = PagesBlocking::<ByCursor>::new(get(&client(&script))).collect();
        assert!(pages.last().unwrap().is_err(), "{body}");
        assert_eq!(script.seen().len(), 1);
    }
}

#[test]
fn nothing_is_sent_before_a_page_is_wanted() {
    let script = Script::new(&[
        json(r#"{"data":[1,2],"next":"c"}"#),
        json(r#"{"data":[3]}"#),
    ]);
    let mut items = Items::<ByCursor>::new(get(&client(&script)));
    let sent = || script.seen().len();
    assert_eq!(sent(), 0);
    let mut next = || calls::block_on(items.next()).map(Result::unwrap);
    assert_eq!((next(), sent(), next(), sent()), (Some(1), 1, Some(2), 1));
    assert_eq!((next(), sent(), next(), sent()), (Some(3), 2, None, 2));
    assert_eq!((next(), sent()), (None, 2), "it stays at its end");
}

#[test]
fn pages_and_items_are_streams_that_may_move_between_threads() {
    fn stream<S: Stream + Send + Unpin + 'static>() {}
    stream::<Pages<ByLink>>();
    stream::<Items<ByLink>>();
}
