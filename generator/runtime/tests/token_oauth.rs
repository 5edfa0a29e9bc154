//! What token requests of OAuth 2 hold, and what they never hold.
#![cfg(feature = "jwt")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use specmint_runtime::token::oauth::{
    AuthorizationCode, ClientAuth, Extension, JwtSigner, OAuthEndpoint, OAuthEndpointBuilder,
    OAuthGrant, TokenUrl,
};
use specmint_runtime::token::{
    Endpoint, Grant, Identity, Issued, OAuthErrorCode, Refusal, TokenErrorKind,
};
use specmint_runtime::{Body, BuildErrorKind, Secret, http};

const URL: &str = "https://auth.example.com/token";

fn builder(auth: ClientAuth, grant: impl Into<OAuthGrant>) -> OAuthEndpointBuilder {
    OAuthEndpoint::builder(TokenUrl::new(URL).unwrap(), auth, grant)
}

fn client_credentials(auth: ClientAuth) -> OAuthEndpointBuilder {
    builder(auth, OAuthGrant::client_credentials())
}

/// The body of a request, and its headers as `name: value` where they are not secret.
fn shown(request: &http::Request<Body>) -> String {
    String::from_utf8(request.body().as_bytes().to_vec()).unwrap()
}

fn initial(endpoint: &OAuthEndpoint) -> String {
    shown(&endpoint.request(Grant::Initial).unwrap())
}

fn answer(status: u16, body: &str) -> http::Response<Body> {
    let mut response = http::Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn read(endpoint: &OAuthEndpoint, body: &str) -> Result<Issued, Refusal> {
    endpoint.read(Grant::Initial, &answer(200, body))
}

const TOKEN: &str = r#"{"access_token": "t", "token_type": "bearer"}"#;
const RENEWABLE: &str = r#"{"access_token": "t", "token_type": "bearer", "refresh_token": "r"}"#;

#[test]
fn s11_token_urls_are_https_without_user_and_fragment() {
    #[rustfmt::skip]
    let table = [
        ("https://auth.example.com/token",          true),
        ("https://auth.example.com:8443/t?a=b",     true),
        ("https://[2001:db8::1]/token",             true),
        ("http://auth.example.com/token",           false),
        ("http://127.0.0.1/token",                  false),
        ("file:///etc/passwd",                      false),
        ("data:text/plain,x",                       false),
        ("ftp://auth.example.com/token",            false),
        ("javascript:alert(1)",                     false),
        ("https://user:pw@auth.example.com/token",  false),
        ("https://auth.example.com/token#part",     false),
        ("https://auth.example.com\\@evil.example", false),
        ("https://auth.example.com/a/../token",     false),
        ("https://auth.example.com/a/%2e%2e/token", false),
        ("https://auth.example.com/to ken",         false),
        ("https:///token",                          false),
        ("//auth.example.com/token",                false),
        ("/token",                                  false),
        ("",                                        false),
    ];
    for (url, is_one) in table {
        assert_eq!(TokenUrl::new(url).is_ok(), is_one, "{url}");
    }
    #[rustfmt::skip]
    let loopback = [
        ("http://127.0.0.1:8080/token", true),
        ("http://127.8.9.1/token",      true),
        ("http://[::1]:8080/token",     true),
        ("http://localhost/token",      false),
        ("http://10.0.0.1/token",       false),
        ("http://127.0.0.1.nip.io/",    false),
        ("https://127.0.0.1/token",     false),
    ];
    for (url, is_one) in loopback {
        assert_eq!(TokenUrl::loopback_http(url).is_ok(), is_one, "{url}");
    }
    let url = TokenUrl::new("https://auth.example.com/t?tenant=a%20b").unwrap();
    let endpoint = OAuthEndpoint::builder(
        url,
        ClientAuth::public("i"),
        OAuthGrant::client_credentials(),
    );
    let request = endpoint.build().unwrap().request(Grant::Initial).unwrap();
    assert_eq!(
        request.uri().to_string(),
        "https://auth.example.com/t?tenant=a%20b"
    );
    let error = TokenUrl::new("https://user:Zq7@auth.example.com/").unwrap_err();
    assert!(!format!("{error:?} {error}").contains("Zq7"));
}

#[test]
fn s05_basic_is_a_sensitive_header() {
    let auth = ClientAuth::basic("id", "secret");
    let endpoint = client_credentials(auth).build().unwrap();
    let request = endpoint.request(Grant::Initial).unwrap();
    assert!(request.headers()["authorization"].is_sensitive());
}

#[test]
fn s16_basic_is_base64_of_the_form_encoded_id_and_secret() {
    #[rustfmt::skip]
    let table = [
        ("id",    "secret",   "id:secret"),
        ("a b",   "c:d",      "a+b:c%3Ad"),
        ("a+b",   "100%",     "a%2Bb:100%25"),
        ("a&b",   "c=d/e",    "a%26b:c%3Dd%2Fe"),
        ("~",     "*",        "%7E:*"),
        ("é",     "-._",      "%C3%A9:-._"),
        ("a\r\n", "\0",       "a%0D%0A:%00"),
    ];
    for (id, secret, pair) in table {
        let endpoint = client_credentials(ClientAuth::basic(id, secret))
            .build()
            .unwrap();
        let request = endpoint.request(Grant::Initial).unwrap();
        let value = &request.headers()["authorization"];
        assert_eq!(value, &format!("Basic {}", STANDARD.encode(pair)), "{pair}");
    }
    let raw = client_credentials(ClientAuth::basic_raw("a+b", "c:d%"))
        .build()
        .unwrap();
    let request = raw.request(Grant::Initial).unwrap();
    let expected = format!("Basic {}", STANDARD.encode("a+b:c:d%"));
    assert_eq!(request.headers()["authorization"], expected);
}

#[test]
fn s17_what_cannot_be_encoded_is_refused_before_anything_is_sent() {
    for auth in [
        ClientAuth::basic_raw("a:b", "secret"),
        ClientAuth::basic_raw("a\r\nx: y", "secret"),
        ClientAuth::basic_raw("a", "s\0"),
        ClientAuth::basic("", "secret"),
        ClientAuth::post("", "secret"),
        ClientAuth::public(""),
    ] {
        let error = client_credentials(auth).build().unwrap_err();
        assert_eq!(error.kind(), BuildErrorKind::Credential);
    }
    for scope in ["", "a b", "a\n", "é", "\"", "\\"] {
        let endpoint = client_credentials(ClientAuth::public("i")).scopes([scope]);
        assert!(endpoint.build().is_err(), "{scope:?}");
    }
    let endpoint = client_credentials(ClientAuth::post("a\r\nb&c=d", "é&grant_type=x"))
        .param("x&y", "1&2=\r\n\0")
        .build()
        .unwrap();
    assert_eq!(
        initial(&endpoint),
        "grant_type=client_credentials&x%26y=1%262%3D%0D%0A%00\
         &client_id=a%0D%0Ab%26c%3Dd&client_secret=%C3%A9%26grant_type%3Dx"
    );
    let endpoint = client_credentials(ClientAuth::public("i")).user_agent("a\r\nb");
    assert_eq!(endpoint.build().unwrap_err().kind(), BuildErrorKind::Header);
}

#[test]
fn s15_a_client_proves_who_it_is_in_one_way_per_request() {
    let secret = "Zq7secret";
    let signer = || JwtSigner::hs256(&secret.into());
    let methods = [
        (ClientAuth::basic("i", secret), "client_secret_basic"),
        (ClientAuth::basic_raw("i", secret), "client_secret_basic"),
        (ClientAuth::post("i", secret), "client_secret_post"),
        (
            ClientAuth::private_key_jwt("i", signer()),
            "private_key_jwt",
        ),
        (
            ClientAuth::client_secret_jwt("i", secret),
            "client_secret_jwt",
        ),
        (ClientAuth::public("i"), "none"),
        (ClientAuth::tls("i"), "tls_client_auth"),
        (ClientAuth::anonymous(), "none"),
    ];
    for (auth, name) in methods {
        assert_eq!(auth.method(), name);
        let endpoint = client_credentials(auth)
            .issuer("https://auth.example.com")
            .build()
            .unwrap();
        let refresh = Secret::from("r");
        for grant in [Grant::Initial, Grant::Refresh(&refresh)] {
            let request = endpoint.request(grant).unwrap();
            let body = shown(&request);
            let proofs = [
                request.headers().contains_key("authorization"),
                body.contains("client_secret="),
                body.contains("client_assertion="),
            ];
            let expected = match name {
                "none" | "tls_client_auth" => 0,
                _ => 1,
            };
            assert_eq!(proofs.iter().filter(|&&it| it).count(), expected, "{name}");
            assert_eq!(
                body.matches("client_id=").count(),
                usize::from(body.contains("client_id"))
            );
            assert!(!request.uri().to_string().contains("Zq7"), "S9");
        }
    }
}

#[test]
fn s18_a_parameter_by_name_takes_the_place_of_no_other() {
    for name in [
        "grant_type",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "scope",
        "resource",
        "audience",
        "refresh_token",
        "username",
        "password",
        "code",
        "redirect_uri",
        "code_verifier",
        "device_code",
        "assertion",
        "token",
        "Grant_Type",
        "",
    ] {
        let error = client_credentials(ClientAuth::public("i"))
            .param(name, "x")
            .build();
        assert_eq!(
            error.unwrap_err().kind(),
            BuildErrorKind::Parameter,
            "{name}"
        );
    }
    for name in [
        "grant_type",
        "client_id",
        "client_secret",
        "scope",
        "refresh_token",
        "audience",
    ] {
        let grant = Extension::new("urn:example:x").param(name, "x");
        assert!(
            builder(ClientAuth::public("i"), grant).build().is_err(),
            "{name}"
        );
    }
    let twice = client_credentials(ClientAuth::public("i"))
        .param("a", "1")
        .param("a", "2");
    assert!(twice.build().is_err());
    let grant = Extension::new("urn:example:x").param("a", "1");
    assert!(
        builder(ClientAuth::public("i"), grant)
            .param("a", "2")
            .build()
            .is_err()
    );
    let signed = Extension::jwt_bearer("i", "a", JwtSigner::hs256(&"s".into()));
    assert!(
        builder(ClientAuth::anonymous(), signed.param("assertion", "x"))
            .build()
            .is_err()
    );
    for typed in [
        "client_credentials",
        "password",
        "refresh_token",
        "authorization_code",
        "",
    ] {
        assert!(
            builder(ClientAuth::public("i"), Extension::new(typed))
                .build()
                .is_err(),
            "{typed}"
        );
    }
}

#[test]
fn s20_requests_are_not_stored_and_ask_for_json() {
    let endpoint = client_credentials(ClientAuth::public("i"))
        .user_agent("me/1")
        .build()
        .unwrap();
    let request = endpoint.request(Grant::Initial).unwrap();
    assert_eq!(request.method(), "POST");
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    assert_eq!(
        headers,
        [
            "accept: application/json",
            "cache-control: no-store",
            "content-type: application/x-www-form-urlencoded",
            "user-agent: me/1",
        ]
    );
}

#[test]
fn each_grant_has_its_parameters() {
    let public = || ClientAuth::public("i");
    #[rustfmt::skip]
    let table: [(OAuthGrant, &str); 6] = [
        (OAuthGrant::client_credentials(), "grant_type=client_credentials&scope=a+b"),
        (OAuthGrant::danger_password("u", "p w"), "grant_type=password&username=u&password=p+w&scope=a+b"),
        (OAuthGrant::danger_password_from("u", || Some("p".into())), "grant_type=password&username=u&password=p&scope=a+b"),
        (OAuthGrant::authorization_code(AuthorizationCode::new("c", Some("https://me/b".into()), Some("v".into()))),
         "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fme%2Fb&code_verifier=v"),
        (Extension::token_exchange("s", "urn:t").param("actor_token", "x").into(),
         "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=s&subject_token_type=urn%3At&actor_token=x&scope=a+b"),
        (Extension::new("urn:x").param("password", "p").into(), "grant_type=urn%3Ax&password=p&scope=a+b"),
    ];
    for (grant, expected) in table {
        let endpoint = builder(public(), grant)
            .scopes(["a", "b", "a"])
            .build()
            .unwrap();
        assert_eq!(initial(&endpoint), format!("{expected}&client_id=i"));
        let refresh = shown(&endpoint.request(Grant::Refresh(&"r&".into())).unwrap());
        assert_eq!(
            refresh,
            "grant_type=refresh_token&refresh_token=r%26&client_id=i"
        );
    }
    let renewed = builder(public(), OAuthGrant::refresh_token("u"))
        .build()
        .unwrap();
    let error = renewed.request(Grant::Initial).unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::MissingCredentials);
    assert!(!renewed.repeats());
    let endpoint = client_credentials(public())
        .scopes(["a", "b"])
        .scope_separator(',')
        .resource("https://one")
        .resource("https://two")
        .audience("aud")
        .param("tenant", "t")
        .build()
        .unwrap();
    assert_eq!(
        initial(&endpoint),
        "grant_type=client_credentials&scope=a%2Cb&resource=https%3A%2F%2Fone&resource=https%3A%2F%2Ftwo\
         &audience=aud&tenant=t&client_id=i"
    );
}

#[test]
fn s36_a_password_is_forgotten_once_a_refresh_token_takes_its_place() {
    let endpoint = builder(
        ClientAuth::public("i"),
        OAuthGrant::danger_password("u", "p"),
    )
    .build()
    .unwrap();
    assert!(endpoint.repeats());
    let before = digest(&endpoint);
    read(&endpoint, TOKEN).unwrap();
    assert!(
        endpoint.request(Grant::Initial).is_ok(),
        "nothing takes its place yet"
    );
    read(&endpoint, RENEWABLE).unwrap();
    endpoint.forget();
    assert!(!endpoint.repeats());
    let error = endpoint.request(Grant::Initial).unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::MissingCredentials);
    assert!(endpoint.request(Grant::Refresh(&"r".into())).is_ok());
    assert_eq!(digest(&endpoint), before, "its tokens are found again");
    let asked = OAuthGrant::danger_password_from("u", || None);
    let endpoint = builder(ClientAuth::public("i"), asked).build().unwrap();
    endpoint.forget();
    assert!(endpoint.repeats() && endpoint.request(Grant::Initial).is_err());
}

#[test]
fn an_authorization_code_is_spent_by_an_answer_and_not_by_a_server_that_is_out_of_order() {
    let code = AuthorizationCode::new("c", None, None);
    let endpoint = builder(
        ClientAuth::public("i"),
        OAuthGrant::authorization_code(code),
    )
    .build()
    .unwrap();
    assert!(!endpoint.repeats());
    let refusal = endpoint.read(Grant::Initial, &answer(503, "")).unwrap_err();
    assert_eq!(refusal.kind, TokenErrorKind::Unavailable);
    assert!(endpoint.request(Grant::Initial).is_ok());
    read(&endpoint, TOKEN).unwrap();
    assert!(endpoint.request(Grant::Initial).is_err());
}

#[test]
fn answers_are_read_as_rfc_6749_has_them() {
    let endpoint = client_credentials(ClientAuth::public("i"))
        .scopes(["a", "b"])
        .build()
        .unwrap();
    let body = r#"{"access_token": "t", "token_type": "Bearer", "expires_in": "3600", "refresh_token": "r",
        "refresh_expires_in": 0, "scope": "a", "id_token": "x"}"#;
    let issued = read(&endpoint, body).unwrap();
    assert_eq!(issued.access_token.expose(), "t");
    assert_eq!(issued.scope.as_deref(), Some(["a".to_owned()].as_slice()));
    assert_eq!(issued.extra.len(), 1);
    assert_eq!(issued.refresh_token.unwrap().expose(), "r");
    let refusal = read(&endpoint, r#"{"access_token": "t"}"#).unwrap_err();
    assert_eq!(
        (refusal.kind, refusal.status),
        (TokenErrorKind::Malformed, Some(200))
    );
    let created = endpoint
        .read(Grant::Initial, &answer(201, TOKEN))
        .unwrap_err();
    assert_eq!(created.kind, TokenErrorKind::Malformed);
    let kind = client_credentials(ClientAuth::public("i"))
        .unstated_type_is_bearer()
        .success_statuses([200, 201])
        .vendor_code("E1", OAuthErrorCode::InvalidGrant)
        .build()
        .unwrap();
    assert!(
        kind.read(Grant::Initial, &answer(201, r#"{"access_token": "t"}"#))
            .is_ok()
    );
    let refusal = read(&kind, r#"{"error": "E1"}"#).unwrap_err();
    assert_eq!(refusal.kind, TokenErrorKind::ReauthRequired);
}

#[test]
fn s23_fewer_scopes_are_told_and_refused_where_that_is_wanted() {
    let body = r#"{"access_token": "t", "token_type": "bearer", "scope": "a"}"#;
    let unstated = TOKEN;
    let scopes = |builder: OAuthEndpointBuilder| builder.scopes(["a", "b"]);
    let endpoint = scopes(client_credentials(ClientAuth::public("i")))
        .build()
        .unwrap();
    assert_eq!(
        read(&endpoint, body).unwrap().scope,
        Some(vec!["a".to_owned()])
    );
    assert_eq!(read(&endpoint, unstated).unwrap().scope, None);
    let strict = scopes(client_credentials(ClientAuth::public("i")))
        .strict_scopes()
        .build()
        .unwrap();
    let refusal = read(&strict, body).unwrap_err();
    assert_eq!(refusal.code, Some(OAuthErrorCode::InvalidScope));
    assert!(read(&strict, unstated).is_ok());
}

#[test]
fn s37_the_refresh_token_is_revoked_first() {
    let url = TokenUrl::new("https://auth.example.com/revoke").unwrap();
    let endpoint = client_credentials(ClientAuth::post("i", "s"))
        .revocation_url(url)
        .build()
        .unwrap();
    let requests = endpoint
        .revocation(Some(&"a".into()), Some(&"r".into()))
        .unwrap();
    let shown: Vec<_> = requests
        .iter()
        .map(|it| format!("{} {}", it.uri(), shown(it)))
        .collect();
    assert_eq!(
        shown,
        [
            "https://auth.example.com/revoke token=r&token_type_hint=refresh_token&client_id=i&client_secret=s",
            "https://auth.example.com/revoke token=a&token_type_hint=access_token&client_id=i&client_secret=s",
        ]
    );
    let none = client_credentials(ClientAuth::public("i")).build().unwrap();
    assert!(none.revocation(Some(&"a".into()), None).unwrap().is_empty());
}

fn digest(endpoint: &OAuthEndpoint) -> [u8; 32] {
    let mut identity = Identity::default();
    endpoint.identify(&mut identity);
    identity.digest()
}
