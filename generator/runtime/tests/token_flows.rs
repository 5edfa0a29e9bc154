//! What leads to a token by way of a person or of metadata: authorization codes, device codes, discovery.
#![cfg(feature = "tokens")]

use std::cell::RefCell;
use std::time::Duration;

use specmint_runtime::token::oauth::{
    AuthorizationError, AuthorizationRequest, ClientAuth, DeviceAuthorization, DevicePolling,
    DeviceStep, Entropy, Issuer, Metadata, MetadataDocument, OAuthEndpoint, OAuthGrant,
    SystemEntropy, TokenUrl, Trust,
};
use specmint_runtime::token::{
    Clock, Endpoint, Grant, Issued, Now, OAuthErrorCode, Refusal, TokenErrorKind,
};
use specmint_runtime::{
    BlockingTransport, Body, BuildError, Limits, Transport, TransportError, http, transport,
};

fn answer(status: u16, body: &str) -> http::Response<Body> {
    let mut response = http::Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn request() -> AuthorizationRequest {
    let url = TokenUrl::new("https://auth.example.com/authorize?tenant=t").unwrap();
    AuthorizationRequest::new(url, "an id", "https://app.example.com/back")
        .scopes(["a", "b"])
        .issuer("https://auth.example.com")
}

/// The bytes of the example in RFC 7636, appendix B.
struct Rfc7636;

impl Entropy for Rfc7636 {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), BuildError> {
        bytes.copy_from_slice(&[
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212,
            37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ]);
        Ok(())
    }
}

#[test]
fn a_user_is_sent_off_with_a_challenge_and_never_with_the_verifier() {
    let (url, pending) = request().param("prompt", "log in").start(&Rfc7636).unwrap();
    assert_eq!(
        pending.verifier().expose(),
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    assert_eq!(
        url,
        "https://auth.example.com/authorize?tenant=t&response_type=code&client_id=an+id\
         &redirect_uri=https%3A%2F%2Fapp.example.com%2Fback&scope=a+b\
         &state=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&prompt=log+in"
    );
    let (url, pending) = request().start(&SystemEntropy).unwrap();
    assert_ne!(pending.state().expose(), pending.verifier().expose());
    assert!(!url.contains(pending.verifier().expose()));
    for name in [
        "state",
        "client_secret",
        "code_challenge",
        "response_type",
        "Scope",
        "",
    ] {
        assert!(
            request().param(name, "x").start(&SystemEntropy).is_err(),
            "{name}"
        );
    }
    assert!(
        request()
            .param("a", "1")
            .param("a", "2")
            .start(&SystemEntropy)
            .is_err()
    );
}

#[test]
fn a_redirect_is_believed_if_it_belongs_to_the_request() {
    use AuthorizationError as E;
    let (_, pending) = request().start(&SystemEntropy).unwrap();
    let state = pending.state().expose().to_owned();
    let issuer = "iss=https%3A%2F%2Fauth.example.com";
    let back = |query: &str| {
        pending
            .clone()
            .finish(&format!("https://app.example.com/back?{query}"))
    };
    assert!(back(&format!("code=c&state={state}&{issuer}")).is_ok());
    assert!(back(&format!("code=c&state={state}#_=_")).is_ok());
    assert!(
        pending
            .clone()
            .finish(&format!("code=c&state={state}"))
            .is_ok()
    );
    #[rustfmt::skip]
    let table = [
        ("code=c".to_owned(),                                             E::StateMismatch),
        ("code=c&state=".to_owned(),                                      E::StateMismatch),
        (format!("code=c&state={state}x"),                                E::StateMismatch),
        ("error=access_denied".to_owned(),                                E::StateMismatch),
        (format!("code=c&state={state}&iss=https%3A%2F%2Fevil.example"),  E::IssuerMismatch),
        (format!("code=c&state={state}&iss=https%3A%2F%2Fauth.example.com%2F"), E::IssuerMismatch),
        (format!("state={state}"),                                        E::Malformed),
        (format!("code=&state={state}"),                                  E::Malformed),
        (format!("code=c&code=d&state={state}"),                          E::Malformed),
        (format!("code=c&state={state}&state={state}"),                   E::Malformed),
        (format!("state={state}&error=access_denied&error_description=no%0A"),
         E::Refused { code: Some(OAuthErrorCode::AccessDenied), untrusted_description: Some("no".into()) }),
    ];
    for (query, expected) in table {
        assert_eq!(back(&query).unwrap_err(), expected, "{query}");
    }
    let strict = pending.clone().demand_issuer();
    assert_eq!(
        strict.finish(&format!("code=c&state={state}")).unwrap_err(),
        E::IssuerMismatch
    );
}

#[test]
fn a_code_of_a_restored_session_is_sent_with_its_verifier() {
    let (_, pending) = request().start(&SystemEntropy).unwrap();
    let state = pending.state().expose().to_owned();
    let verifier = pending.verifier().expose().to_owned();
    let restored = specmint_runtime::token::oauth::PendingAuthorization::restore(
        state.as_str(),
        verifier.as_str(),
        "https://app.example.com/back",
        None,
    );
    let code = restored.finish(&format!("?code=c&state={state}")).unwrap();
    let url = TokenUrl::new("https://auth.example.com/token").unwrap();
    let grant = OAuthGrant::authorization_code(code);
    let endpoint = OAuthEndpoint::builder(url, ClientAuth::public("an id"), grant)
        .build()
        .unwrap();
    let request = endpoint.request(Grant::Initial).unwrap();
    let body = String::from_utf8(request.body().as_bytes().to_vec()).unwrap();
    assert!(
        body.ends_with(&format!("&code_verifier={verifier}&client_id=an+id")),
        "{body}"
    );
}

const CODES: &str = r#"{"device_code": "d", "user_code": "AB CD", "expires_in": 60, "interval": 5,
    "verification_uri": "https://auth.example.com/device",
    "verification_uri_complete": "https://auth.example.com/device?user_code=ABCD"}"#;

fn at(seconds: u64) -> Now {
    Now::default().after(Duration::from_secs(seconds))
}

fn pending() -> Result<Issued, Refusal> {
    refused(
        OAuthErrorCode::AuthorizationPending,
        TokenErrorKind::Throttled,
    )
}

fn refused(code: OAuthErrorCode, kind: TokenErrorKind) -> Result<Issued, Refusal> {
    let mut refusal = Refusal::new(kind);
    refusal.code = Some(code);
    Err(refusal)
}

#[test]
fn a_device_asks_no_more_often_than_the_server_wants() {
    let codes = DeviceAuthorization::read(&answer(200, CODES)).unwrap();
    let mut polling = DevicePolling::new(&codes, at(0));
    assert_eq!(polling.step(at(4)), DeviceStep::Wait(at(5)));
    assert_eq!(polling.step(at(5)), DeviceStep::Ask);
    assert!(polling.answered(at(5), pending()).is_none());
    assert_eq!(polling.step(at(6)), DeviceStep::Wait(at(10)));
    let slow = refused(OAuthErrorCode::SlowDown, TokenErrorKind::Throttled);
    assert!(polling.answered(at(10), slow).is_none());
    assert_eq!(
        polling.step(at(10)),
        DeviceStep::Wait(at(20)),
        "five seconds more"
    );
    assert!(polling.answered(at(20), pending()).is_none());
    assert_eq!(
        polling.step(at(20)),
        DeviceStep::Wait(at(30)),
        "and they stay"
    );
    polling.unanswered(at(30));
    assert_eq!(
        polling.step(at(30)),
        DeviceStep::Wait(at(50)),
        "twice as long without an answer"
    );
    let mut later = Refusal::new(TokenErrorKind::Unavailable);
    later.retry_after = Some(Duration::from_secs(55));
    assert!(polling.answered(at(50), Err(later)).is_none());
    assert_eq!(polling.step(at(59)), DeviceStep::Wait(at(105)));
    assert_eq!(polling.step(at(60)), DeviceStep::Expired);
    let mut slept = at(10);
    slept.wall = Duration::from_secs(3600);
    assert_eq!(
        polling.step(slept),
        DeviceStep::Expired,
        "the machine slept"
    );
}

#[test]
fn a_device_stops_when_the_user_has_decided() {
    let codes = DeviceAuthorization::read(&answer(200, CODES)).unwrap();
    let mut polling = DevicePolling::new(&codes, at(0));
    for code in [
        OAuthErrorCode::AccessDenied,
        OAuthErrorCode::ExpiredToken,
        OAuthErrorCode::InvalidGrant,
    ] {
        let end = polling.answered(at(5), refused(code, TokenErrorKind::ReauthRequired));
        assert!(end.unwrap().is_err());
    }
    assert!(
        polling
            .answered(at(5), Ok(Issued::new("t")))
            .unwrap()
            .is_ok()
    );
}

#[test]
fn codes_that_must_not_be_shown_to_a_user_are_refused() {
    let with = |name: &str, value: serde_json::Value| {
        let mut codes: serde_json::Value = serde_json::from_str(CODES).unwrap();
        codes[name] = value;
        DeviceAuthorization::read(&answer(200, &codes.to_string()))
    };
    for uri in ["javascript:alert(1)", "https://a/\u{1b}[2J", "/device", ""] {
        assert!(with("verification_uri", uri.into()).is_err(), "{uri}");
        assert!(
            with("verification_uri_complete", uri.into()).is_err(),
            "{uri}"
        );
    }
    for name in ["device_code", "user_code", "verification_uri", "expires_in"] {
        assert!(with(name, serde_json::Value::Null).is_err(), "{name}");
    }
    assert!(with("user_code", "\u{1b}[2J".into()).is_err());
    assert_eq!(
        with("interval", serde_json::Value::Null)
            .unwrap()
            .interval
            .as_secs(),
        5
    );
    assert_eq!(with("interval", 0.into()).unwrap().interval.as_secs(), 5);
    let shown = format!("{:?}", with("device_code", "Zq7".into()).unwrap());
    assert!(
        !shown.contains("Zq7") && !shown.contains("AB CD"),
        "{shown}"
    );
}

/// A clock that stands still while nobody sleeps, and a server that gives one answer after the other.
struct Script {
    now: std::sync::Mutex<Now>,
    answers: std::sync::Mutex<Vec<http::Response<Body>>>,
    asked: std::sync::Mutex<Vec<(u64, String)>>,
}

impl Script {
    fn new(answers: &[(u16, &str)]) -> Self {
        let answers = answers
            .iter()
            .rev()
            .map(|(status, body)| answer(*status, body));
        Self {
            now: Default::default(),
            answers: std::sync::Mutex::new(answers.collect()),
            asked: Default::default(),
        }
    }
}

impl Clock for &'static Script {
    fn now(&self) -> Now {
        *self.now.lock().unwrap()
    }
}

impl BlockingTransport for &'static Script {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        let at = self.now.lock().unwrap().mono.as_secs();
        let body = String::from_utf8(request.body().as_bytes().to_vec()).unwrap();
        let asked = if body.is_empty() {
            request.uri().to_string()
        } else {
            body
        };
        self.asked.lock().unwrap().push((at, asked));
        Ok(self
            .answers
            .lock()
            .unwrap()
            .pop()
            .expect("no more is asked than there are answers"))
    }
}

impl Transport for &'static Script {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> transport::Pending<'_> {
        let outcome = BlockingTransport::send(self, request, limits);
        Box::pin(std::future::ready(outcome))
    }
}

fn script(answers: &[(u16, &str)]) -> &'static Script {
    Box::leak(Box::new(Script::new(answers)))
}

#[test]
fn a_device_is_driven_to_its_token_on_both_kinds_of_transport() {
    let url = TokenUrl::new("https://auth.example.com/token").unwrap();
    let endpoint =
        OAuthEndpoint::builder(url, ClientAuth::public("i"), OAuthGrant::refresh_token("u"))
            .scopes(["a"])
            .build()
            .unwrap();
    let device = TokenUrl::new("https://auth.example.com/device").unwrap();
    let request = endpoint.device_request(&device).unwrap();
    assert_eq!(request.body().as_bytes(), b"scope=a&client_id=i");
    let pending = (400, r#"{"error": "authorization_pending"}"#);
    let answers = [
        pending,
        (400, r#"{"error": "slow_down"}"#),
        pending,
        (
            200,
            r#"{"access_token": "t", "token_type": "bearer", "refresh_token": "r"}"#,
        ),
    ];
    let codes = DeviceAuthorization::read(&answer(200, CODES)).unwrap();
    let polling = || DevicePolling::new(&codes, at(0));
    let ask = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d&client_id=i";
    let expected = [5, 10, 20, 30].map(|at| (at, ask.to_owned()));

    let script_one = script(&answers);
    let sleep = |span: Duration| {
        let mut now = script_one.now.lock().unwrap();
        *now = now.after(span);
    };
    let issued = polling()
        .run_blocking(&endpoint, &script_one, &script_one, sleep)
        .unwrap();
    assert_eq!(issued.access_token.expose(), "t");
    assert_eq!(*script_one.asked.lock().unwrap(), expected);

    let script_two = script(&answers);
    let slept = RefCell::new(Vec::new());
    let sleep = |span: Duration| {
        slept.borrow_mut().push(span.as_secs());
        let mut now = script_two.now.lock().unwrap();
        *now = now.after(span);
        std::future::ready(())
    };
    let run = polling().run(&endpoint, &script_two, &script_two, sleep);
    let issued = now_or_never(run).unwrap();
    assert_eq!(issued.refresh_token.unwrap().expose(), "r");
    assert_eq!(*script_two.asked.lock().unwrap(), expected);
    assert_eq!(*slept.borrow(), [5, 5, 10, 10]);
}

/// Polls a future that has nothing to wait for.
fn now_or_never<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("it waits for something"),
    }
}

fn metadata(json: &str, trust: &Trust) -> Result<Metadata, Refusal> {
    let issuer = Issuer::new("https://auth.example.com/t").unwrap();
    Metadata::read(&issuer, &answer(200, json), trust)
}

#[test]
fn s25_metadata_speak_for_the_issuer_that_was_asked_byte_for_byte() {
    let same_site = Trust::same_site();
    assert!(metadata(r#"{"issuer": "https://auth.example.com/t"}"#, &same_site).is_ok());
    for json in [
        r#"{"issuer": "https://auth.example.com/t/"}"#,
        r#"{"issuer": "https://AUTH.example.com/t"}"#,
        r#"{"issuer": "https://evil.example/t"}"#,
        r#"{"issuer": ["https://auth.example.com/t"]}"#,
        r#"{"issuer": "https://auth.example.com/t", "issuer": "https://auth.example.com/t"}"#,
        r#"{"issuer": null}"#,
        "{}",
        "<html>",
    ] {
        assert_eq!(
            metadata(json, &same_site).unwrap_err().kind,
            TokenErrorKind::Malformed,
            "{json}"
        );
    }
}

#[test]
fn s25_endpoints_are_https_and_at_home_with_the_issuer() {
    let read = |url: &str, trust: &Trust| {
        let json =
            serde_json::json!({"issuer": "https://auth.example.com/t", "token_endpoint": url});
        metadata(&json.to_string(), trust)
    };
    let same_site = Trust::same_site();
    #[rustfmt::skip]
    let table = [
        ("https://auth.example.com/token",       true),
        ("https://AUTH.example.com:8443/token",  true),
        ("https://eu.auth.example.com/token",    true),
        ("https://evilauth.example.com/token",   false),
        ("https://example.com/token",            false),
        ("https://auth.example.com.evil.org/t",  false),
        ("https://oauth2.googleapis.com/token",  false),
        ("http://auth.example.com/token",        false),
        ("http://127.0.0.1/token",               false),
        ("https://a@auth.example.com/token",     false),
        ("/token",                               false),
    ];
    for (url, is_home) in table {
        assert_eq!(read(url, &same_site).is_ok(), is_home, "{url}");
    }
    let trust = Trust::same_site().host("oauth2.googleapis.com");
    assert!(read("https://oauth2.googleapis.com/token", &trust).is_ok());
}

#[test]
fn s25_metadata_lower_nothing_that_is_configured() {
    let json = r#"{"issuer": "https://auth.example.com/t", "token_endpoint": "https://auth.example.com/token",
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["none"],
        "grant_types_supported": ["client_credentials"],
        "revocation_endpoint": "https://auth.example.com/revoke"}"#;
    let metadata = metadata(json, &Trust::same_site()).unwrap();
    let client = OAuthGrant::client_credentials;
    let basic = metadata
        .endpoint(ClientAuth::basic("i", "s"), client())
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(basic.revocation(Some(&"a".into()), None).unwrap().len(), 1);
    assert!(
        metadata
            .endpoint(ClientAuth::post("i", "s"), client())
            .is_err(),
        "no other is tried"
    );
    let password = OAuthGrant::danger_password("u", "p");
    assert!(
        metadata
            .endpoint(ClientAuth::basic("i", "s"), password)
            .is_err()
    );
}

#[test]
fn metadata_are_asked_for_where_the_rfcs_have_them() {
    #[rustfmt::skip]
    let table = [
        ("https://a.example",      "https://a.example/.well-known/oauth-authorization-server",     "https://a.example/.well-known/openid-configuration"),
        ("https://a.example/",     "https://a.example/.well-known/oauth-authorization-server",     "https://a.example/.well-known/openid-configuration"),
        ("https://a.example/x/y",  "https://a.example/.well-known/oauth-authorization-server/x/y", "https://a.example/x/y/.well-known/openid-configuration"),
    ];
    for (issuer, oauth, openid) in table {
        let issuer = Issuer::new(issuer).unwrap();
        for (document, url) in [
            (MetadataDocument::OAuth, oauth),
            (MetadataDocument::OpenId, openid),
        ] {
            assert_eq!(issuer.request(document).unwrap().uri().to_string(), url);
        }
    }
    let known =
        Issuer::of_openid_url("https://a.example/x/.well-known/openid-configuration").unwrap();
    assert_eq!(known.as_str(), "https://a.example/x");
    for url in [
        "https://a.example/openid.json",
        "http://a.example/.well-known/openid-configuration",
    ] {
        assert!(Issuer::of_openid_url(url).is_err(), "{url}");
    }
    assert!(Issuer::new("https://a.example/?x").is_err());
    assert!(Issuer::new("http://a.example").is_err());
}

#[test]
fn the_openid_document_is_asked_for_where_there_is_no_other() {
    let server = script(&[(404, ""), (200, r#"{"issuer": "https://a.example"}"#)]);
    let issuer = Issuer::new("https://a.example").unwrap();
    let fetch = Metadata::fetch(&issuer, &server, &Trust::same_site()).await_now();
    assert_eq!(fetch.unwrap().issuer.as_str(), "https://a.example");
    assert_eq!(server.asked.lock().unwrap().len(), 2);
    let server = script(&[(500, "")]);
    let fetch = Metadata::fetch(&issuer, &server, &Trust::same_site()).await_now();
    assert_eq!(fetch.unwrap_err().kind(), TokenErrorKind::Unavailable);
}

trait AwaitNow: Future + Sized {
    fn await_now(self) -> Self::Output {
        now_or_never(self)
    }
}

impl<F: Future> AwaitNow for F {}
