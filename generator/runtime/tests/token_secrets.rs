//! No secret of a token call shows: not in `Debug`, not in an error and its sources, and not in what any library
//! under us logs at level trace.
#![cfg(all(feature = "blocking", feature = "jwt"))]

pub mod peer;
pub mod sink;

use std::fmt::{self, Debug};
use std::io::Write as _;
use std::net::TcpListener;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::GzEncoder;
use peer::{Answer, Peer};
use sink::chain;
use specmint_runtime::token::oauth::{
    AuthorizationCode, AuthorizationRequest, ClientAuth, DeviceAuthorization, DevicePolling,
    Extension, JwtSigner, OAuthEndpoint, OAuthEndpointBuilder, OAuthGrant, PendingAuthorization,
    SystemEntropy, TokenUrl,
};
use specmint_runtime::token::read::{self, Members};
use specmint_runtime::token::{
    Endpoint, Grant, Identity, Issued, Now, TokenError, TokenErrorKind, TokenSource,
};
use specmint_runtime::transport::blocking::Blocking;
use specmint_runtime::transport::reqwest::Reqwest;
use specmint_runtime::{BlockingTransport, Body, Credential, Limits, Secret, TransportError, http};

/// A secret with characters that every encoding changes.
const SECRET: &str = "Zq7+K x";

/// The secret, and all that it turns into on its way.
fn shapes() -> Vec<String> {
    let mut shapes: Vec<String> = ["Zq7", "Zq7%2BK", "Zq7+K"].map(str::to_owned).into();
    for pair in [
        SECRET.to_owned(),
        format!("id:{SECRET}"),
        "id:Zq7%2BK+x".to_owned(),
    ] {
        for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD] {
            shapes.push(engine.encode(&pair));
        }
    }
    shapes
}

#[track_caller]
fn check(what: &str, shown: &str) {
    for shape in shapes() {
        assert!(!shown.contains(&shape), "{what} shows `{shape}`:\n{shown}");
    }
}

#[track_caller]
fn sweep(what: &str, value: &dyn Debug) {
    check(what, &format!("{value:?} {value:#?}"));
}

fn token_url(url: &str) -> TokenUrl {
    TokenUrl::loopback_http(url).unwrap()
}

fn ways() -> Vec<ClientAuth> {
    let signer = JwtSigner::hs256(&SECRET.into()).key_id("k");
    vec![
        ClientAuth::basic("id", SECRET),
        ClientAuth::basic_raw("id", SECRET),
        ClientAuth::post("id", SECRET),
        ClientAuth::client_secret_jwt("id", SECRET),
        ClientAuth::private_key_jwt("id", signer),
        ClientAuth::public("id"),
    ]
}

fn grants() -> Vec<OAuthGrant> {
    let code = AuthorizationCode::new(SECRET, None, Some(SECRET.into()));
    vec![
        OAuthGrant::client_credentials(),
        OAuthGrant::danger_password("user", SECRET),
        OAuthGrant::danger_password_from("user", || Some(SECRET.into())),
        OAuthGrant::authorization_code(code),
        Extension::token_exchange(SECRET, "urn:x").into(),
        Extension::jwt_bearer("i", "a", JwtSigner::hs256(&SECRET.into())).into(),
    ]
}

fn endpoint(url: &str, auth: ClientAuth, grant: OAuthGrant) -> OAuthEndpointBuilder {
    OAuthEndpoint::builder(token_url(url), auth, grant)
        .issuer("https://auth.example.com")
        .param("tenant_key", SECRET)
}

const ISSUED: &str = r#"{"access_token":"Zq7t","token_type":"bearer","refresh_token":"Zq7r","id_token":"Zq7i",
    "scope":"a","expires_in":60}"#;

#[test]
fn s01_no_debug_of_a_type_that_holds_a_secret_shows_it() {
    let secret = Secret::from(SECRET);
    sweep("Secret", &secret);
    sweep("Credential", &Credential::basic("id", SECRET));
    sweep("JwtSigner", &JwtSigner::hs256(&secret));
    for auth in ways() {
        sweep("ClientAuth", &auth);
        for grant in grants() {
            sweep("OAuthGrant", &grant);
            let builder = endpoint("http://127.0.0.1/t?Zq7", auth.clone(), grant);
            sweep("OAuthEndpointBuilder", &builder);
            let endpoint = builder.build().unwrap();
            sweep("OAuthEndpoint", &endpoint);
            for grant in [Grant::Initial, Grant::Refresh(&secret)] {
                sweep("Grant", &grant);
                let request = endpoint.request(grant).unwrap();
                check(
                    "http::Request",
                    &format!("{:?} {:?}", request.headers(), request.body()),
                );
                for (name, value) in request.headers() {
                    assert_eq!(value.is_sensitive(), name == "authorization", "S5: {name}");
                }
            }
            let mut identity = Identity::default();
            endpoint.identify(&mut identity);
            sweep("Identity", &identity);
            let source = TokenSource::builder(endpoint)
                .refresh_token(SECRET)
                .build()
                .unwrap();
            sweep("TokenSource", &source);
        }
    }
    sweep("Extension", &Extension::new("urn:x").param("a", SECRET));
    sweep(
        "AuthorizationCode",
        &AuthorizationCode::new(SECRET, None, Some(SECRET.into())),
    );
    sweep(
        "PendingAuthorization",
        &PendingAuthorization::restore(SECRET, SECRET, "u", None),
    );
    let request = AuthorizationRequest::new(token_url("http://127.0.0.1/"), "id", "u");
    let (_, pending) = request.start(&SystemEntropy).unwrap();
    let verifier = pending.verifier().expose().to_owned();
    assert!(!format!("{pending:?}").contains(&verifier));
    let codes = r#"{"device_code":"Zq7d","user_code":"Zq7u","expires_in":9,"verification_uri":"https://a/Zq7"}"#;
    let codes = DeviceAuthorization::read(&http::Response::new(Body::from(codes))).unwrap();
    sweep("DeviceAuthorization", &codes);
    sweep("DevicePolling", &DevicePolling::new(&codes, Now::default()));
    let answer = http::Response::new(Body::from(ISSUED));
    let members = read::success(&answer, &[200], &[]).unwrap();
    sweep("Members", &members);
    for (_, value) in members.iter() {
        sweep("Value", value);
    }
    let plain = endpoint(
        "http://127.0.0.1/",
        ClientAuth::public("id"),
        OAuthGrant::client_credentials(),
    );
    let plain = plain.build().unwrap();
    let issued = plain.read(Grant::Initial, &answer).unwrap();
    sweep("Issued", &issued);
    let source = TokenSource::builder(plain).build().unwrap();
    sweep("AccessToken", &source.adopt(issued).unwrap());
}

#[test]
fn s09_no_request_has_a_secret_in_its_url() {
    for auth in ways() {
        for grant in grants() {
            let endpoint = endpoint("http://127.0.0.1/t", auth.clone(), grant);
            let endpoint = endpoint
                .revocation_url(token_url("http://127.0.0.1/r"))
                .build()
                .unwrap();
            let secret = Secret::from(SECRET);
            let mut requests = endpoint.revocation(Some(&secret), Some(&secret)).unwrap();
            requests.push(endpoint.request(Grant::Initial).unwrap());
            requests.push(endpoint.request(Grant::Refresh(&secret)).unwrap());
            requests.push(
                endpoint
                    .device_request(&token_url("http://127.0.0.1/d"))
                    .unwrap(),
            );
            requests.push(endpoint.device_token_request(&secret).unwrap());
            for request in requests {
                assert_eq!(request.uri().query(), None);
                check("a URL", &request.uri().to_string());
            }
        }
    }
}

#[test]
fn s22_s03_a_body_that_echoes_the_request_shows_in_no_error() {
    let endpoint = endpoint(
        "http://127.0.0.1/",
        ClientAuth::post("id", SECRET),
        OAuthGrant::client_credentials(),
    );
    let endpoint = endpoint.build().unwrap();
    let sent = endpoint.request(Grant::Initial).unwrap();
    let echo = String::from_utf8(sent.body().as_bytes().to_vec()).unwrap();
    for body in [
        serde_json::json!({"error": "invalid_client", "error_description": echo, "error_uri": echo}).to_string(),
        serde_json::json!({"error": SECRET, "error_description": SECRET}).to_string(),
        serde_json::json!({"error": "Zq7"}).to_string(),
        serde_json::json!({"access_token": SECRET, "token_type": "bearer"}).to_string(),
        serde_json::json!({"access_token": "t", "token_type": SECRET}).to_string(),
        serde_json::json!({"access_token": "t", "token_type": "bearer", "expires_in": SECRET}).to_string(),
        serde_json::json!({SECRET: 1}).to_string(),
        format!(r#"{{"{SECRET}": 1, "{SECRET}": 2}}"#),
        format!("<html>{echo}</html>"),
    ] {
        for status in [200, 400, 401, 500] {
            let mut answer = http::Response::new(Body::from(body.clone()));
            *answer.status_mut() = status.try_into().unwrap();
            let refusal = endpoint.read(Grant::Initial, &answer).expect_err(&body);
            sweep("Refusal", &refusal);
            check("TokenError", &chain(&TokenError::new(refusal, 1, None)));
        }
    }
    assert!(Members::json(b"{}").is_ok());
}

fn peers() -> Vec<(&'static str, Peer)> {
    let answering = |status: &str, body: &str| {
        let head = format!(
            "HTTP/1.1 {status}\r\nset-cookie: {SECRET}\r\nlocation: http://127.0.0.1:1/?Zq7"
        );
        Peer::answering(&format!("{head}\r\ncontent-length: {}", body.len()), body)
    };
    let echo = format!(r#"{{"error":"{SECRET}","error_description":"{SECRET}","{SECRET}":1}}"#);
    let half = format!("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{SECRET}");
    let endless = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    vec![
        ("a success", answering("200 OK", ISSUED)),
        ("a refusal", answering("400 Bad", &echo)),
        ("a refused client", answering("401 No", &echo)),
        (
            "a refusal that came as a success",
            answering("200 OK", &echo),
        ),
        ("a success that is not JSON", answering("200 OK", SECRET)),
        ("too many requests", answering("429 Slow", SECRET)),
        ("a server out of order", answering("503 Later", SECRET)),
        ("a redirect", answering("307 Moved", "")),
        (
            "a cut connection",
            Peer::start(Answer::Bytes(half.clone().into())),
        ),
        ("a slow server", Peer::start(Answer::Stall(half.into()))),
        (
            "a body without end",
            Peer::start(Answer::Endless(
                endless.into(),
                format!("7\r\n{SECRET}\r\n").into(),
            )),
        ),
        (
            "no HTTP",
            Peer::start(Answer::Bytes(format!("{SECRET}: {SECRET}\r\n\r\n").into())),
        ),
    ]
}

/// A transport that breaks down with the request in its hands.
struct Panics;

impl BlockingTransport for Panics {
    fn send(
        &self,
        _: http::Request<Body>,
        _: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        panic!("the transport broke down");
    }
}

fn show(outcome: Result<specmint_runtime::token::AccessToken, TokenError>) -> String {
    match outcome {
        Ok(token) => format!("{token:?} {token:#?}"),
        Err(error) => chain(&error),
    }
}

/// Runs a flow on both kinds of transport, and shows all there is to show of it.
fn run(url: &str, auth: &ClientAuth, grant: fn() -> OAuthGrant) -> String {
    let source = || {
        let endpoint = endpoint(url, auth.clone(), grant())
            .revocation_url(token_url(url))
            .build()
            .unwrap();
        let mut limits = Limits::default();
        limits.timeout = Duration::from_millis(300);
        limits.max_response_bytes = 4096;
        TokenSource::builder(endpoint).limits(limits)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let asynchronous = source().transport(Reqwest::new()).build().unwrap();
    let blocking = source()
        .blocking_transport(Blocking::new())
        .build()
        .unwrap();
    let mut shown = format!("{asynchronous:?} {blocking:?}");
    shown += &show(runtime.block_on(asynchronous.token()));
    shown += &show(blocking.token_blocking());
    for outcome in [
        runtime.block_on(asynchronous.revoke()),
        blocking.revoke_blocking(),
    ] {
        shown += &outcome.map_or_else(|error| chain(&error), |()| String::new());
    }
    shown
}

#[test]
fn s02_no_library_under_us_logs_a_secret_at_level_trace() {
    sink::listen();
    let password: fn() -> OAuthGrant = || OAuthGrant::danger_password("user", SECRET);
    let own: fn() -> OAuthGrant = OAuthGrant::client_credentials;
    for (what, peer) in peers() {
        for (auth, grant) in [
            (ClientAuth::basic("id", SECRET), password),
            (ClientAuth::post("id", SECRET), own),
            (ClientAuth::client_secret_jwt("id", SECRET), own),
        ] {
            check(what, &run(&peer.url("/"), &auth, grant));
        }
        assert!(
            peer.seen().concat().contains("Zq7"),
            "{what}: the secret was sent"
        );
    }
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    check(
        "no server",
        &run(
            &format!("http://{closed}/"),
            &ClientAuth::post("id", SECRET),
            password,
        ),
    );
    let endpoint = endpoint(
        "http://127.0.0.1/",
        ClientAuth::post("id", SECRET),
        password(),
    );
    let source = TokenSource::builder(endpoint.build().unwrap())
        .blocking_transport(Panics)
        .build()
        .unwrap();
    let outcome =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| source.token_blocking()));
    match outcome {
        Ok(outcome) => check("a panic", &show(outcome)),
        Err(panic) => check(
            "a panic",
            panic.downcast_ref::<&str>().copied().unwrap_or_default(),
        ),
    }
    let log = sink::heard();
    assert!(log.contains("connect"), "the sink is heard");
    check("the log", &log);
}

/// What a call to a server that answers with a redirect comes to, on both kinds of transport.
fn redirected(peer: &Peer) -> [TokenErrorKind; 2] {
    let source = || {
        let auth = ClientAuth::post("id", SECRET);
        let endpoint = endpoint(&peer.url("/"), auth, OAuthGrant::client_credentials());
        TokenSource::builder(endpoint.build().unwrap())
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let asynchronous = source().transport(Reqwest::new()).build().unwrap();
    let blocking = source()
        .blocking_transport(Blocking::new())
        .build()
        .unwrap();
    [
        runtime.block_on(asynchronous.token()).unwrap_err().kind(),
        blocking.token_blocking().unwrap_err().kind(),
    ]
}

#[test]
fn s12_a_redirect_is_not_followed_and_its_target_hears_nothing() {
    let other = Peer::json(ISSUED);
    for status in [300, 301, 302, 303, 305, 307, 308] {
        for target in [
            other.url("/token"),
            "/elsewhere".to_owned(),
            "file:///etc/passwd".to_owned(),
        ] {
            let head =
                format!("HTTP/1.1 {status} Moved\r\ncontent-length: 0\r\nlocation: {target}");
            let peer = Peer::answering(&head, "");
            assert_eq!(
                redirected(&peer),
                [TokenErrorKind::Redirected; 2],
                "{status} {target}"
            );
            assert_eq!(peer.seen().len(), 2, "once on each transport");
        }
    }
    assert!(other.seen().is_empty());
}

#[test]
fn s14_an_answer_without_end_is_cut_off() {
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"4000\r\n".as_slice(), &[b' '; 0x4000], b"\r\n"].concat();
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
    let zipped =
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    // Short as it comes and long when it is undone, which it is with the feature `gzip`.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    let bomb = encoder.finish().unwrap();
    let length = format!("{:x}\r\n", bomb.len());
    let zipped_chunk = [length.as_bytes(), &bomb, b"\r\n"].concat();
    for (what, answer) in [
        ("chunks", Answer::Endless(chunked, chunk)),
        ("a gigabyte", Answer::Stall(announced.into())),
        ("zipped chunks", Answer::Endless(zipped, zipped_chunk)),
    ] {
        let kinds = redirected(&Peer::start(answer));
        assert_eq!(kinds, [TokenErrorKind::TooLarge; 2], "{what}");
    }
}

/// A secret can be shown, written and compared by nobody: this compiles as long as that holds.
#[test]
fn s06_secrets_have_no_display_no_comparison_and_no_serialization() {
    trait Without<Marker> {
        fn it_has_none() {}
    }
    struct Display;
    struct Equal;
    struct Hashed;
    struct Written;
    impl<T: ?Sized> Without<()> for T {}
    impl<T: ?Sized + fmt::Display> Without<Display> for T {}
    impl<T: ?Sized + PartialEq> Without<Equal> for T {}
    impl<T: ?Sized + std::hash::Hash> Without<Hashed> for T {}
    impl<T: ?Sized + serde::Serialize> Without<Written> for T {}
    // With any of the traits there would be two candidates, and the call would be ambiguous.
    let _ = <Secret as Without<_>>::it_has_none;
    let _ = <Issued as Without<_>>::it_has_none;
    let _ = <ClientAuth as Without<_>>::it_has_none;
    let _ = <OAuthEndpoint as Without<_>>::it_has_none;
    let _ = <AuthorizationCode as Without<_>>::it_has_none;
    let _ = <PendingAuthorization as Without<_>>::it_has_none;
    let _ = <specmint_runtime::token::AccessToken as Without<_>>::it_has_none;
}
