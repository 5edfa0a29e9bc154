//! Calls that are sent with the tokens of a source, and token operations as endpoints.
#![cfg(feature = "tokens")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use specmint_runtime::token::profile::{Input, RefreshBy};
use specmint_runtime::token::{Advice, OperationEndpoint, TokenProfile, TokenSource};
use specmint_runtime::transport::Pending;
use specmint_runtime::transport::memory::Memory;
use specmint_runtime::{
    ApiSpec, Backoff, Body, BuildErrorKind, Call, CoreBuilder, Credential, DecodeError, Error,
    KeyLocation, Limits, NextPage, Operation, OperationSpec, Paged, Pages, Paging, Reply,
    RetryPolicy, Scheme, SchemeKind, ServerSpec, TokenCall, Transport, Upload, Value, http,
};

static BEARER: Scheme = Scheme {
    name: "bearer",
    kind: SchemeKind::Bearer,
};
static KEY: Scheme = Scheme {
    name: "key",
    kind: SchemeKind::ApiKey {
        location: KeyLocation::Header,
        name: "X-Session",
    },
};
static API: ApiSpec = ApiSpec {
    name: "api",
    servers: &[ServerSpec {
        url: "https://x.example",
        variables: &[],
    }],
    schemes: &[&BEARER, &KEY],
    carrier: Some(&KEY),
};

const fn operation(
    path: &'static str,
    security: &'static [&'static [&'static Scheme]],
    scopes: &'static [&'static str],
    token: Option<TokenCall>,
) -> OperationSpec {
    OperationSpec {
        id: path,
        method: "POST",
        path,
        request_types: &["application/json"],
        response_types: &[],
        security,
        scopes,
        servers: &[],
        token,
    }
}

static LOGIN: OperationSpec = operation(
    "/login",
    &[],
    &[],
    Some(TokenCall {
        body_credentials: &[],
    }),
);
static RENEW: OperationSpec = operation(
    "/renew",
    &[],
    &[],
    Some(TokenCall {
        body_credentials: &[],
    }),
);
static THINGS: OperationSpec = operation("/things", &[&[&BEARER]], &["read"], None);
static KEYED: OperationSpec = operation("/keyed", &[&[&KEY]], &[], None);
static OPEN: OperationSpec = operation("/open", &[], &[], None);

static PROFILE: TokenProfile = TokenProfile {
    refresh: Some(RefreshBy {
        operation: Some(&RENEW),
        token: Input::InBody(&["refresh_token"]),
        set: &[(Input::InBody(&["grant_type"]), "refresh_token")],
        drop: &[&["user"], &["password"]],
        keep: &[&["tenant"]],
    }),
    ..TokenProfile::STANDARD
};

/// What came: the path, `Authorization` or `X-Session`, and the body.
type Seen = Arc<Mutex<Vec<(String, String, String)>>>;

/// A transport that several clients share.
#[derive(Clone)]
struct Wire(Arc<Memory>);

impl Transport for Wire {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Pending<'_> {
        Transport::send(&*self.0, request, limits)
    }
}

/// A server that issues `t1`, `t2`, … and answers calls with what `judge` says of their token.
fn server(judge: impl Fn(&str) -> http::Response<Body> + Send + Sync + 'static) -> (Wire, Seen) {
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    let memory = Memory::new(move |request| {
        let header = |name: &str| {
            let value = request.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned())
        };
        let token = header("authorization")
            .or_else(|| header("x-session"))
            .unwrap_or_default();
        let body = String::from_utf8(request.body().as_bytes().to_vec()).unwrap();
        let path = request.uri().path().to_owned();
        let mut log = log.lock().unwrap();
        log.push((path.clone(), token.clone(), body));
        if !matches!(path.as_str(), "/login" | "/renew") {
            return Ok(judge(&token));
        }
        let issued = log
            .iter()
            .filter(|(path, ..)| path == "/login" || path == "/renew")
            .count();
        let body = format!(
            r#"{{"access_token": "t{issued}", "token_type": "bearer", "expires_in": 3600, "refresh_token": "r{issued}"}}"#
        );
        Ok(http::Response::new(Body::from(body)))
    });
    (Wire(Arc::new(memory)), seen)
}

fn ok(_: &str) -> http::Response<Body> {
    http::Response::new(Body::from("{}".to_owned()))
}

fn status(status: u16) -> http::Response<Body> {
    let mut response = http::Response::new(Body::empty());
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn credentials() -> Value {
    let text = r#"{"password": "p\"w", "tenant": 7, "user": "u"}"#;
    serde_json::from_str(text).unwrap()
}

fn login(memory: Wire) -> OperationEndpoint {
    let core = CoreBuilder::new(&API).transport(memory).build().unwrap();
    let mut call = Call::new(&core, &LOGIN);
    call.json_body(&credentials());
    OperationEndpoint::new(call, &PROFILE)
}

fn source(memory: Wire) -> TokenSource {
    login(memory).source().policy(eager()).build().unwrap()
}

/// Lets a token be rejected right after it was issued.
fn eager() -> specmint_runtime::token::RefreshPolicy {
    let mut policy = specmint_runtime::token::RefreshPolicy::default();
    policy.floor = std::time::Duration::ZERO;
    policy
}

async fn send(
    core: CoreBuilder,
    spec: &'static OperationSpec,
) -> Result<u16, Error<std::convert::Infallible>> {
    let response = Call::new(&core.build().unwrap(), spec).execute().await?;
    Ok(response.status().as_u16())
}

fn paths(seen: &Seen) -> Vec<String> {
    seen.lock()
        .unwrap()
        .iter()
        .map(|(path, ..)| path.clone())
        .collect()
}

#[tokio::test]
async fn a_source_asks_once_and_refreshes_by_the_sibling_without_the_password() {
    let (memory, seen) = server(ok);
    let source = source(memory);
    let first = source.token().await.unwrap();
    let again = source.token().await.unwrap();
    assert_eq!(first.id(), again.id());
    source.reject(&first, specmint_runtime::token::Reject::Outdated);
    let next = source.token().await.unwrap();
    assert_eq!(next.expose(), "t2");
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].2, r#"{"password":"p\"w","tenant":7,"user":"u"}"#);
    assert_eq!(seen[1].0, "/renew");
    assert_eq!(
        seen[1].2,
        r#"{"tenant":7,"grant_type":"refresh_token","refresh_token":"r1"}"#
    );
}

#[tokio::test]
async fn s05_headers_with_a_token_are_sensitive() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let memory = Wire(Arc::new(Memory::new(move |request| {
        let headers = request.headers();
        let names = ["authorization", "x-session"];
        let found = names.iter().filter_map(|name| headers.get(*name));
        log.lock()
            .unwrap()
            .extend(found.map(|value| (value.clone(), value.is_sensitive())));
        Ok(http::Response::new(Body::from(
            r#"{"access_token": "t", "token_type": "bearer"}"#.to_owned(),
        )))
    })));
    for spec in [&THINGS, &KEYED] {
        let core = CoreBuilder::new(&API)
            .transport(memory.clone())
            .token_source(source(memory.clone()));
        assert_eq!(send(core, spec).await.unwrap(), 200);
    }
    let seen = seen.lock().unwrap();
    let told = seen
        .iter()
        .map(|(value, sensitive)| (value.to_str().unwrap(), *sensitive));
    assert_eq!(told.collect::<Vec<_>>(), [("Bearer t", true); 2]);
    assert!(!format!("{seen:?}").contains("Bearer"));
}

#[tokio::test]
async fn s28_a_token_goes_only_where_the_client_goes_and_never_over_plain_http() {
    let (memory, seen) = server(ok);
    let source = source(memory.clone());
    let core = || {
        CoreBuilder::new(&API)
            .transport(memory.clone())
            .token_source(source.clone())
    };
    assert_eq!(send(core(), &THINGS).await.unwrap(), 200);
    assert_eq!(send(core(), &OPEN).await.unwrap(), 200);
    let plain = core().base_url("http://x.example").unwrap();
    let refused = send(plain, &THINGS).await.unwrap_err();
    assert!(matches!(refused, Error::Build(error) if error.kind() == BuildErrorKind::PlainHttp));
    let seen = seen.lock().unwrap();
    let sent: Vec<_> = seen
        .iter()
        .map(|(path, token, _)| (path.as_str(), token.as_str()))
        .collect();
    assert_eq!(
        sent,
        [("/login", ""), ("/things", "Bearer t1"), ("/open", "")]
    );
}

#[tokio::test]
async fn s28_a_redirect_is_answered_and_not_followed_with_the_token() {
    let (memory, seen) = server(|_| {
        let mut response = status(302);
        let elsewhere = "https://elsewhere.example/".parse().unwrap();
        response.headers_mut().insert("location", elsewhere);
        response
    });
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory));
    assert_eq!(send(core, &THINGS).await.unwrap(), 302);
    assert_eq!(paths(&seen), ["/login", "/things"]);
}

#[tokio::test]
async fn s29_without_a_token_nothing_is_sent() {
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    let memory = Memory::new(move |request| {
        let path = request.uri().path().to_owned();
        log.lock()
            .unwrap()
            .push((path, String::new(), String::new()));
        let mut response =
            http::Response::new(Body::from(r#"{"error": "invalid_client"}"#.to_owned()));
        *response.status_mut() = 401.try_into().unwrap();
        Ok(response)
    });
    let memory = Wire(Arc::new(memory));
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory));
    let refused = send(core, &THINGS).await.unwrap_err();
    assert!(matches!(refused, Error::Token(error) if error.advice() == Advice::FixCredentials));
    assert_eq!(paths(&seen), ["/login"]);
}

#[tokio::test]
async fn s41_a_token_that_is_not_taken_is_replaced_and_the_call_repeated_once() {
    let (memory, seen) = server(|token| match token {
        "Bearer t1" => status(401),
        _ => ok(token),
    });
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory));
    assert_eq!(send(core, &THINGS).await.unwrap(), 200);
    assert_eq!(paths(&seen), ["/login", "/things", "/renew", "/things"]);

    let (memory, seen) = server(|_| status(401));
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory));
    assert_eq!(send(core, &THINGS).await.unwrap(), 401);
    assert_eq!(
        paths(&seen),
        ["/login", "/things", "/renew", "/things"],
        "not a third time"
    );
}

#[tokio::test]
async fn a_body_that_is_good_for_once_is_not_repeated_with_another_token() {
    let (memory, seen) = server(|_| status(401));
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory))
        .build()
        .unwrap();
    let mut call = Call::new(&core, &THINGS);
    call.upload_body(Upload::from_read(std::io::Cursor::new("once")));
    assert_eq!(call.execute().await.unwrap().status(), 401);
    assert_eq!(paths(&seen), ["/login", "/things"]);
    let mut call = Call::new(&core, &THINGS);
    call.upload_body("again and again");
    assert_eq!(call.execute_stream().await.unwrap().status(), 401);
    let sent: Vec<_> = paths(&seen).split_off(2);
    assert_eq!(sent, ["/renew", "/things", "/renew", "/things"]);
}

#[tokio::test]
async fn a_retried_call_takes_the_token_that_is_valid_by_then() {
    let asked = AtomicUsize::new(0);
    let (memory, seen) =
        server(
            move |token| match (asked.fetch_add(1, Ordering::Relaxed), token) {
                (0 | 2, _) => status(429),
                (_, "Bearer t1") => status(401),
                _ => ok(token),
            },
        );
    let soon = RetryPolicy::default().backoff(Backoff {
        first: Duration::from_millis(1),
        most: Duration::from_millis(1),
    });
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory))
        .retries(soon);
    assert_eq!(send(core, &THINGS).await.unwrap(), 200);
    let seen = seen.lock().unwrap();
    let calls = seen.iter().filter(|(path, ..)| path == "/things");
    let tokens: Vec<&str> = calls.map(|(_, token, _)| token.as_str()).collect();
    assert_eq!(tokens, ["Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"]);
}

#[tokio::test]
async fn each_page_takes_the_token_that_is_valid_by_then() {
    struct Things;

    impl Operation for Things {
        type Output = Value;
        type Failure = ();

        fn success(reply: &Reply) -> Result<Value, DecodeError> {
            reply.json()
        }

        fn failure(_: &Reply) -> Result<(), DecodeError> {
            Ok(())
        }

        fn other() {}
    }

    impl Paged for Things {
        fn paging() -> &'static Paging {
            static PAGING: Paging = Paging {
                items: None,
                next: NextPage::Link,
                more: None,
            };
            &PAGING
        }
    }

    let asked = AtomicUsize::new(0);
    let (memory, seen) =
        server(
            move |token| match (asked.fetch_add(1, Ordering::Relaxed), token) {
                (1, _) => status(401),
                (page, _) => {
                    let mut response = ok(token);
                    let link = format!("<?page={page}>; rel=next").parse().unwrap();
                    if page < 3 {
                        response.headers_mut().insert("link", link);
                    }
                    response
                }
            },
        );
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory));
    let mut pages = Pages::<Things>::new(Call::new(&core.build().unwrap(), &THINGS));
    let mut count = 0;
    while let Some(page) = pages.next().await {
        page.unwrap();
        count += 1;
    }
    assert_eq!(count, 3);
    let seen = seen.lock().unwrap();
    let calls = seen.iter().filter(|(path, ..)| path == "/things");
    let tokens: Vec<&str> = calls.map(|(_, token, _)| token.as_str()).collect();
    assert_eq!(tokens, ["Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"]);
}

#[tokio::test]
async fn s41_a_call_is_not_repeated_for_403_or_for_want_of_a_scope() {
    let (memory, seen) = server(|_| status(403));
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory));
    assert_eq!(send(core, &THINGS).await.unwrap(), 403);
    assert_eq!(paths(&seen), ["/login", "/things"]);

    let (memory, seen) = server(|_| {
        let mut response = status(401);
        let challenge = r#"Bearer error="insufficient_scope", scope="write""#;
        response
            .headers_mut()
            .insert("www-authenticate", challenge.parse().unwrap());
        response
    });
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory));
    assert_eq!(send(core, &THINGS).await.unwrap(), 401);
    assert_eq!(paths(&seen), ["/login", "/things"]);
}

#[tokio::test]
async fn a_credential_of_its_own_comes_before_a_token() {
    let (memory, seen) = server(ok);
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .token_source(source(memory));
    let core = core.credential(&BEARER, Credential::bearer("mine"));
    assert_eq!(send(core, &THINGS).await.unwrap(), 200);
    assert_eq!(seen.lock().unwrap()[0].1, "Bearer mine");
}

#[tokio::test]
async fn a_token_may_go_into_a_header_of_the_apis_own() {
    static CUSTOM: TokenProfile = TokenProfile {
        usage: specmint_runtime::token::TokenType::Custom,
        ..TokenProfile::STANDARD
    };
    let (memory, seen) = server(ok);
    let core = CoreBuilder::new(&API)
        .transport(memory.clone())
        .build()
        .unwrap();
    let mut call = Call::new(&core, &LOGIN);
    call.json_body(&credentials());
    let source = OperationEndpoint::new(call, &CUSTOM)
        .source()
        .build()
        .unwrap();
    let core = CoreBuilder::new(&API)
        .transport(memory)
        .token_source(source);
    assert_eq!(send(core, &KEYED).await.unwrap(), 200);
    assert_eq!(seen.lock().unwrap()[1].1, "t1");
}
