//! The schemes of a description: where their URLs lead.
#![cfg(feature = "tokens")]

use specmint_runtime::token::oauth::{
    AuthorizationCode, ClientAuth, FlowKind, OAuthFlow, OAuthGrant, OAuthScheme, SystemEntropy,
};
use specmint_runtime::token::{Endpoint, Grant};
use specmint_runtime::{ApiSpec, BuildErrorKind, ServerSpec};

const fn api(servers: &'static [ServerSpec]) -> ApiSpec {
    ApiSpec {
        name: "test",
        servers,
        schemes: &[],
        carrier: None,
    }
}

const fn server(url: &'static str) -> ServerSpec {
    ServerSpec {
        url,
        variables: &[],
    }
}

static ABSOLUTE: ApiSpec = api(&[server("https://api.example.com/v1")]);
static RELATIVE: ApiSpec = api(&[server("/v1")]);

const fn flow(kind: FlowKind, token_url: &'static str) -> OAuthFlow {
    OAuthFlow {
        kind,
        token_url: Some(token_url),
        refresh_url: None,
        authorization_url: None,
        scopes: &[],
    }
}

fn scheme(api: &'static ApiSpec, token_url: &'static str) -> OAuthScheme {
    let flows = vec![flow(FlowKind::ClientCredentials, token_url)];
    OAuthScheme::new("test", api, Vec::leak(flows), None)
}

fn token_url(scheme: &OAuthScheme) -> Result<String, BuildErrorKind> {
    let grant = OAuthGrant::client_credentials();
    let endpoint = scheme
        .endpoint(ClientAuth::public("i"), grant)
        .map_err(|error| error.kind())?;
    let endpoint = endpoint.build().unwrap();
    Ok(endpoint.request(Grant::Initial).unwrap().uri().to_string())
}

#[test]
fn relative_urls_are_seen_from_the_server() {
    #[rustfmt::skip]
    let table = [
        ("https://auth.example.com/token", "https://auth.example.com/token"),
        ("//auth.example.com/token",       "https://auth.example.com/token"),
        ("/token?a=b",                     "https://api.example.com/token?a=b"),
        ("token",                          "https://api.example.com/token"),
        ("./oauth/token",                  "https://api.example.com/oauth/token"),
        ("../../token",                    "https://api.example.com/token"),
    ];
    for (url, expected) in table {
        assert_eq!(
            token_url(&scheme(&ABSOLUTE, url)).as_deref(),
            Ok(expected),
            "{url}"
        );
    }
    assert_eq!(
        token_url(&scheme(&RELATIVE, "/token")),
        Err(BuildErrorKind::OriginNeeded)
    );
    let moved = scheme(&RELATIVE, "/token")
        .origin("https://eu.example.com:8443")
        .unwrap();
    assert_eq!(
        token_url(&moved).as_deref(),
        Ok("https://eu.example.com:8443/token")
    );
    let moved = scheme(&ABSOLUTE, "https://auth.example.com/a/token?b")
        .origin("https://eu.example.com")
        .unwrap();
    assert_eq!(
        token_url(&moved).as_deref(),
        Ok("https://eu.example.com/a/token?b")
    );
}

#[test]
fn s11_a_scheme_leads_to_https_or_to_this_machine_by_a_method_of_its_own() {
    let plain = scheme(&ABSOLUTE, "http://auth.example.com/token");
    assert_eq!(token_url(&plain), Err(BuildErrorKind::PlainHttp));
    for origin in [
        "http://auth.example.com",
        "http://127.0.0.1",
        "https://a@b",
        "https://a/b",
        "file://a",
    ] {
        assert!(plain.origin(origin).is_err(), "{origin}");
    }
    assert!(plain.loopback_http_origin("http://example.com").is_err());
    let local = plain.loopback_http_origin("http://127.0.0.1:8080").unwrap();
    assert_eq!(
        token_url(&local).as_deref(),
        Ok("http://127.0.0.1:8080/token")
    );
    assert_eq!(
        token_url(&plain.origin("https://auth.example.com").unwrap()).as_deref(),
        Ok("https://auth.example.com/token")
    );
}

#[test]
fn a_tenant_is_filled_in_where_it_leads_to_no_other_host() {
    let tenant = scheme(&ABSOLUTE, "https://{tenant}.example.com/{tenant}/token");
    assert!(token_url(&tenant).is_err());
    assert_eq!(
        token_url(&tenant.variable("tenant", "t")).as_deref(),
        Ok("https://t.example.com/t/token")
    );
    for evil in ["evil.example/", "a@b", "a?b", "a#b", "evil.example\\"] {
        assert!(
            token_url(&tenant.variable("tenant", evil)).is_err(),
            "{evil}"
        );
    }
}

#[test]
fn a_grant_goes_to_the_url_of_its_flow() {
    static FLOWS: &[OAuthFlow] = &[
        flow(FlowKind::ClientCredentials, "https://a.example/client"),
        OAuthFlow {
            kind: FlowKind::AuthorizationCode,
            token_url: Some("https://a.example/code"),
            refresh_url: Some("https://a.example/refresh"),
            authorization_url: Some("https://a.example/authorize"),
            scopes: &[],
        },
        OAuthFlow {
            kind: FlowKind::Device,
            token_url: Some("https://a.example/token"),
            refresh_url: None,
            authorization_url: Some("https://a.example/device"),
            scopes: &[],
        },
    ];
    let scheme = OAuthScheme::new("test", &ABSOLUTE, FLOWS, None);
    let urls = |grant: OAuthGrant| {
        let endpoint = scheme
            .endpoint(ClientAuth::public("i"), grant)
            .unwrap()
            .build()
            .unwrap();
        [Grant::Initial, Grant::Refresh(&"r".into())].map(|grant| {
            let request = endpoint.request(grant).ok();
            request.map_or_else(String::new, |request| request.uri().path().to_owned())
        })
    };
    assert_eq!(
        urls(OAuthGrant::client_credentials()),
        ["/client", "/client"]
    );
    let code = AuthorizationCode::new("c", None, None);
    assert_eq!(
        urls(OAuthGrant::authorization_code(code)),
        ["/code", "/refresh"]
    );
    assert_eq!(
        urls(OAuthGrant::danger_password("u", "p")),
        ["/client", "/client"]
    );
    assert_eq!(scheme.device_url().unwrap().host(), "a.example");
    let (url, _) = scheme
        .authorization_request("i", "https://me")
        .unwrap()
        .start(&SystemEntropy)
        .unwrap();
    assert!(url.starts_with("https://a.example/authorize?"));
    assert!(scheme.issuer().is_err());
    let none = OAuthScheme::new(
        "test",
        &ABSOLUTE,
        &[],
        Some("https://a.example/x/.well-known/openid-configuration"),
    );
    assert_eq!(none.issuer().unwrap().as_str(), "https://a.example/x");
    assert!(
        none.endpoint(ClientAuth::public("i"), OAuthGrant::client_credentials())
            .is_err()
    );
    assert!(none.device_url().is_err() && none.authorization_request("i", "u").is_err());
}
