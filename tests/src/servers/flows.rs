//! Every grant and every way to prove who a client is, at an authorization server that takes the RFCs at their word.

use std::time::Duration;

use specmint_runtime::token::oauth::{
    AuthorizationRequest, ClientAuth, DeviceAuthorization, DevicePolling, Issuer, JwtAlgorithm,
    JwtSigner, Metadata, OAuthEndpoint, OAuthEndpointBuilder, OAuthGrant, SystemEntropy, Trust,
};
use specmint_runtime::token::{
    Clock, Endpoint, Grant, Issued, Now, Refusal, SystemClock, TokenErrorKind, TokenSource,
};
use specmint_runtime::transport::reqwest::Reqwest;
use specmint_runtime::{Body, Limits, Secret, Transport, http};

use super::node::Server;
use crate::wire::wait;

/// The server of `flows.js`, as its metadata describe it.
struct Flows {
    server: Server,
    metadata: Metadata,
}

impl Flows {
    #[track_caller]
    fn start() -> Self {
        let server = Server::start("flows.js", &[]);
        let issuer = Issuer::loopback_http(text(server.ready(), "issuer")).unwrap();
        let fetch = async { Metadata::fetch(&issuer, &Reqwest::new(), &Trust::same_site()).await };
        let metadata = wait(fetch).unwrap();
        Self { server, metadata }
    }

    /// Id and secret of a client.
    fn client(&self, name: &str) -> (&str, &str) {
        let client = &self.server.ready()["clients"][name];
        (text(client, "id"), text(client, "secret"))
    }

    fn own(&self, auth: ClientAuth) -> OAuthEndpoint {
        let builder = self
            .metadata
            .endpoint(auth, OAuthGrant::client_credentials());
        builder.unwrap().build().unwrap()
    }

    /// The text that the user's browser ends up with.
    fn user(&self, what: &str, url: &str) -> String {
        let desk = text(self.server.ready(), "user");
        let url: String = url
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        let request = http::Request::get(format!("{desk}/?{what}={url}"));
        let answer = send(request.body(Body::empty()).unwrap());
        let text = String::from_utf8(answer.body().as_bytes().to_vec()).unwrap();
        assert_eq!(answer.status(), 200, "{text}");
        text
    }

    /// An endpoint for a code that a user has just consented to.
    fn consented(&self, client: &str, auth: &dyn Fn() -> ClientAuth) -> OAuthEndpointBuilder {
        let (id, _) = self.client(client);
        let url = self.metadata.authorization_endpoint.clone().unwrap();
        let back = text(self.server.ready(), "redirect_uri");
        let request = AuthorizationRequest::new(url, id, back)
            .scopes(["openid", "offline_access", "orders.read"])
            .param("prompt", "consent")
            .issuer(self.metadata.issuer.as_str());
        assert!(self.metadata.names_issuer_in_redirect);
        let (url, pending) = request.demand_issuer().start(&SystemEntropy).unwrap();
        let code = pending.finish(&self.user("redirect", &url)).unwrap();
        let grant = OAuthGrant::authorization_code(code);
        self.metadata.endpoint(auth(), grant).unwrap()
    }

    fn app(&self) -> ClientAuth {
        let (id, secret) = self.client("app");
        ClientAuth::basic(id, secret)
    }
}

fn text<'a>(json: &'a serde_json::Value, name: &str) -> &'a str {
    json[name].as_str().expect("the script prints it")
}

fn send(request: http::Request<Body>) -> http::Response<Body> {
    wait(async { Reqwest::new().send(request, Limits::default()).await }).unwrap()
}

fn ask(endpoint: &OAuthEndpoint, grant: Grant<'_>) -> Result<Issued, Refusal> {
    let answer = send(endpoint.request(grant).unwrap());
    endpoint.read(grant, &answer)
}

#[test]
fn every_way_to_prove_who_a_client_is_gets_a_token() {
    let flows = Flows::start();
    let key = Secret::from(text(flows.server.ready(), "private_key"));
    let signer = JwtSigner::from_pem(JwtAlgorithm::RS256, &key)
        .unwrap()
        .key_id("own");
    let (basic, basic_secret) = flows.client("client_secret_basic");
    let (post, post_secret) = flows.client("client_secret_post");
    let (shared, shared_secret) = flows.client("client_secret_jwt");
    let (private, _) = flows.client("private_key_jwt");
    for auth in [
        ClientAuth::basic(basic, basic_secret),
        ClientAuth::post(post, post_secret),
        ClientAuth::client_secret_jwt(shared, shared_secret),
        ClientAuth::private_key_jwt(private, signer),
    ] {
        let method = auth.method();
        let endpoint = flows.own(auth);
        for attempt in 0..3 {
            let issued = ask(&endpoint, Grant::Initial);
            let issued =
                issued.unwrap_or_else(|refusal| panic!("{method}, {attempt}: {refusal:?}"));
            assert!(!issued.access_token.expose().is_empty());
        }
    }
}

#[test]
fn a_wrong_secret_and_raw_basic_are_refused_as_the_clients_fault() {
    let flows = Flows::start();
    let (id, secret) = flows.client("client_secret_basic");
    for auth in [
        ClientAuth::basic(id, "another"),
        ClientAuth::basic_raw(id.replace(':', ""), secret),
    ] {
        let refusal = ask(&flows.own(auth), Grant::Initial).unwrap_err();
        let kinds = [
            TokenErrorKind::ClientRejected,
            TokenErrorKind::RequestRejected,
        ];
        assert!(kinds.contains(&refusal.kind), "{refusal:?}");
    }
}

#[test]
fn s19_the_server_refuses_an_assertion_that_it_has_seen() {
    let flows = Flows::start();
    let (id, secret) = flows.client("client_secret_jwt");
    let endpoint = flows.own(ClientAuth::client_secret_jwt(id, secret));
    let request = || endpoint.request(Grant::Initial).unwrap();
    let once = request();
    let mut again = http::Request::new(once.body().clone());
    *again.method_mut() = once.method().clone();
    *again.uri_mut() = once.uri().clone();
    *again.headers_mut() = once.headers().clone();
    assert_eq!(send(once).status(), 200);
    assert_eq!(send(again).status(), 401, "the same assertion");
    assert_eq!(send(request()).status(), 200, "a fresh one");
}

#[test]
fn a_code_with_its_verifier_gets_tokens_once() {
    let flows = Flows::start();
    for client in ["app", "public"] {
        let auth = || match client {
            "app" => flows.app(),
            _ => ClientAuth::public("public"),
        };
        let endpoint = flows.consented(client, &auth).build().unwrap();
        let request = endpoint.request(Grant::Initial).unwrap();
        let issued = ask(&endpoint, Grant::Initial).unwrap();
        assert!(issued.refresh_token.is_some());
        assert!(
            endpoint.request(Grant::Initial).is_err(),
            "the code is spent"
        );
        let refusal = endpoint.read(Grant::Initial, &send(request)).unwrap_err();
        assert_eq!(refusal.kind, TokenErrorKind::ReauthRequired);
    }
}

#[test]
fn a_refresh_token_that_was_presented_twice_ends_its_family() {
    let flows = Flows::start();
    let endpoint = flows.consented("app", &|| flows.app()).build().unwrap();
    let first = ask(&endpoint, Grant::Initial)
        .unwrap()
        .refresh_token
        .unwrap();
    let second = ask(&endpoint, Grant::Refresh(&first))
        .unwrap()
        .refresh_token
        .unwrap();
    assert_ne!(first.expose(), second.expose(), "the server rotates");
    let refusal = ask(&endpoint, Grant::Refresh(&first)).unwrap_err();
    assert_eq!(refusal.kind, TokenErrorKind::ReauthRequired);
    let refusal = ask(&endpoint, Grant::Refresh(&second)).unwrap_err();
    assert_eq!(
        refusal.kind,
        TokenErrorKind::ReauthRequired,
        "and so is all that came of it"
    );
}

#[test]
fn a_source_that_begins_with_a_code_goes_on_with_refresh_tokens_and_revokes() {
    let flows = Flows::start();
    let endpoint = flows
        .consented("app", &|| flows.app())
        .session("mira")
        .build()
        .unwrap();
    let source = TokenSource::builder(endpoint).build().unwrap();
    wait(async {
        source.token().await.unwrap();
        source.revoke().await.unwrap();
        assert!(source.try_cached().is_none());
        assert!(source.token().await.is_err(), "a person must consent anew");
    });
}

/// Time that goes by when somebody sleeps, so that nobody has to.
struct Patience(std::sync::Mutex<Now>);

impl Clock for Patience {
    fn now(&self) -> Now {
        *self.0.lock().unwrap()
    }
}

#[test]
fn a_device_gets_its_token_when_the_user_has_consented() {
    let flows = Flows::start();
    let endpoint = flows
        .metadata
        .endpoint(flows.app(), OAuthGrant::refresh_token("mira"))
        .unwrap()
        .scopes(["openid", "offline_access"])
        .build()
        .unwrap();
    let url = flows
        .metadata
        .device_authorization_endpoint
        .clone()
        .unwrap();
    let answer = send(endpoint.device_request(&url).unwrap());
    let codes = DeviceAuthorization::read(&answer).unwrap();
    let clock = Patience(std::sync::Mutex::new(SystemClock.now()));
    let polling = DevicePolling::new(&codes, clock.now());
    let naps = std::cell::Cell::new(0);
    let issued = wait(async {
        let sleep = |span: Duration| {
            let mut now = clock.0.lock().unwrap();
            *now = now.after(span);
            naps.set(naps.get() + 1);
            if naps.get() == 2 {
                // The first request found nobody; now the user is there.
                let link = codes.verification_uri_complete.clone().unwrap();
                let said = std::thread::scope(|scope| {
                    scope.spawn(|| flows.user("device", &link)).join().unwrap()
                });
                assert_eq!(said, "ok");
            }
            std::future::ready(())
        };
        polling.run(&endpoint, &Reqwest::new(), &clock, sleep).await
    });
    let issued = issued.unwrap();
    assert!(naps.get() >= 2);
    let renewed = ask(&endpoint, Grant::Refresh(&issued.refresh_token.unwrap())).unwrap();
    assert!(!renewed.access_token.expose().is_empty());
}

#[test]
fn metadata_of_this_server_are_not_those_of_another() {
    let flows = Flows::start();
    let origin = flows.metadata.issuer.as_str();
    let issuer = Issuer::loopback_http(&format!("{origin}/")).unwrap();
    let fetch = async { Metadata::fetch(&issuer, &Reqwest::new(), &Trust::same_site()).await };
    assert_eq!(wait(fetch).unwrap_err().kind(), TokenErrorKind::Malformed);
}
