//! Where calls go and with which credentials, and what keeps them from being sent.

use specmint_runtime::transport::memory::Memory;
use specmint_runtime::{
    ApiSpec, BasicEncoding, Body, BuildError, BuildErrorKind, Call, Core, CoreBuilder, Credential,
    Explode, KeyLocation, OperationSpec, Scheme, SchemeKind, ServerSpec, ServerVariable, Style,
    TokenCall, http,
};

static BASIC: Scheme = Scheme {
    name: "basic",
    kind: SchemeKind::Basic,
};
static BEARER: Scheme = Scheme {
    name: "bearer",
    kind: SchemeKind::Bearer,
};
static DIGEST: Scheme = Scheme {
    name: "digest",
    kind: SchemeKind::Http("Digest"),
};
static MUTUAL: Scheme = Scheme {
    name: "mutual",
    kind: SchemeKind::MutualTls,
};
static KEY: Scheme = key(KeyLocation::Header, "X-Key");
static QUERY: Scheme = key(KeyLocation::Query, "api key");
static COOKIE: Scheme = key(KeyLocation::Cookie, "sid");

const fn key(location: KeyLocation, name: &'static str) -> Scheme {
    Scheme {
        name,
        kind: SchemeKind::ApiKey { location, name },
    }
}

type Alternatives = &'static [&'static [&'static Scheme]];

const fn operation(security: Alternatives, token: Option<TokenCall>) -> OperationSpec {
    OperationSpec {
        id: "operation",
        method: "GET",
        path: "/p",
        request_types: &[],
        response_types: &[],
        security,
        scopes: &[],
        servers: &[],
        token,
    }
}

static API: ApiSpec = api(&[server("https://x.example/v1/")]);

const fn server(url: &'static str) -> ServerSpec {
    ServerSpec {
        url,
        variables: &[],
    }
}

const fn api(servers: &'static [ServerSpec]) -> ApiSpec {
    ApiSpec {
        name: "api",
        servers,
        schemes: &[],
        carrier: None,
    }
}

fn builder(api: &'static ApiSpec) -> CoreBuilder {
    CoreBuilder::new(api).transport(Memory::new(|_| Ok(http::Response::new(Body::empty()))))
}

fn request(
    core: CoreBuilder,
    spec: &'static OperationSpec,
) -> Result<http::Request<Body>, BuildError> {
    Call::new(&core.build()?, spec).request()
}

fn header(request: &http::Request<Body>, name: &str) -> String {
    request
        .headers()
        .get(name)
        .map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

#[track_caller]
fn check_refused(outcome: Result<http::Request<Body>, BuildError>, kind: BuildErrorKind) {
    assert_eq!(outcome.unwrap_err().kind(), kind);
}

#[test]
fn base_urls_that_could_mislead_are_refused() {
    for url in [
        "ftp://x",
        "file:///etc/passwd",
        "https://",
        "https://u:p@x",
        "https://x/?q",
        "https://x/#f",
        "https://x\\@y",
        "https://x/../y",
        "https://x/%2E%2e/y",
        "https://{tenant}.x",
        "https://ü.example",
        "",
    ] {
        assert!(builder(&API).base_url(url).is_err(), "{url:?}");
    }
    assert!(builder(&API).origin("https://x/path").is_err());
}

#[test]
fn paths_are_joined_with_one_slash() {
    static PLAIN: OperationSpec = operation(&[], None);
    for (base, expected) in [
        ("https://h", "https://h/p"),
        ("https://h/", "https://h/p"),
        ("HTTPS://h:8443/a/b//", "https://h:8443/a/b/p"),
        ("http://[::1]:80/a", "http://[::1]:80/a/p"),
    ] {
        let request = request(builder(&API).base_url(base).unwrap(), &PLAIN).unwrap();
        assert_eq!(request.uri().to_string(), expected, "{base}");
    }
}

#[test]
fn an_origin_replaces_the_host_and_keeps_the_path() {
    static PLAIN: OperationSpec = operation(&[], None);
    static RELATIVE: ApiSpec = api(&[server("./api/v2")]);
    static OF_THE_SCHEME: ApiSpec = api(&[server("//cdn.example/api")]);
    let at = |api| {
        request(builder(api).origin("https://h").unwrap(), &PLAIN)
            .unwrap()
            .uri()
            .to_string()
    };
    assert_eq!(at(&API), "https://h/v1/p");
    assert_eq!(at(&RELATIVE), "https://h/api/v2/p");
    assert_eq!(at(&OF_THE_SCHEME), "https://h/api/p");
    check_refused(
        request(builder(&RELATIVE), &PLAIN),
        BuildErrorKind::OriginNeeded,
    );
}

#[test]
fn servers_of_an_operation_come_before_those_of_the_api() {
    static OWN: OperationSpec = OperationSpec {
        id: "own",
        method: "GET",
        path: "/p",
        request_types: &[],
        response_types: &[],
        security: &[],
        scopes: &[],
        servers: &[server("https://own.example")],
        token: None,
    };
    let at = |core| request(core, &OWN).unwrap().uri().to_string();
    assert_eq!(at(builder(&API)), "https://own.example/p");
    assert_eq!(
        at(builder(&API).server("https://chosen.example".into())),
        "https://own.example/p"
    );
    assert_eq!(
        at(builder(&API).base_url("https://mine.example").unwrap()),
        "https://mine.example/p"
    );
}

#[test]
fn variables_of_a_server_have_defaults() {
    let region = ServerVariable {
        name: "region",
        default: "eu",
    };
    let port = ServerVariable {
        name: "port",
        default: "443",
    };
    let variables = [region, port];
    let spec = ServerSpec {
        url: "https://{region}.x:{port}",
        variables: Box::leak(Box::new(variables)),
    };
    assert_eq!(spec.url(&[("region", "us")]), "https://us.x:443");
}

#[test]
fn a_value_of_a_variable_cannot_lead_to_another_host() {
    static SPEC: ServerSpec = ServerSpec {
        url: "https://{tenant}.x/{path}",
        variables: &[],
    };
    for tenant in [
        "evil.example/",
        "a@evil.example",
        "evil.example?",
        "evil.example#",
        "evil.example\\",
    ] {
        let url = SPEC.url(&[("tenant", tenant), ("path", "v1")]);
        assert_eq!(url, "https://{tenant}.x/v1");
        assert_eq!(
            builder(&API).server(url).build().unwrap_err().kind(),
            BuildErrorKind::BaseUrl
        );
    }
    assert_eq!(
        SPEC.url(&[("tenant", "a"), ("path", "v1/b")]),
        "https://a.x/v1/b"
    );
    let whole = ServerSpec {
        url: "{base}/v1",
        variables: &[],
    };
    assert_eq!(whole.url(&[("base", "https://a.x/b")]), "https://a.x/b/v1");
    let scheme = ServerSpec {
        url: "{scheme}://x",
        variables: &[],
    };
    assert_eq!(scheme.url(&[("scheme", "http")]), "http://x");
    assert_eq!(
        scheme.url(&[("scheme", "http://evil.example/")]),
        "{scheme}://x"
    );
}

#[test]
fn an_origin_goes_with_a_chosen_server() {
    static PLAIN: OperationSpec = operation(&[], None);
    let at = |core| request(core, &PLAIN).unwrap().uri().to_string();
    let chosen = || builder(&API).server("https://{tenant}.x/v2".into());
    assert_eq!(at(chosen().origin("https://h").unwrap()), "https://h/v2/p");
    assert_eq!(
        at(builder(&API)
            .origin("https://h")
            .unwrap()
            .server("/v3".into())),
        "https://h/v3/p"
    );
}

#[test]
fn a_call_may_go_elsewhere_alone() {
    static PLAIN: OperationSpec = operation(&[], None);
    let core = builder(&API).build().unwrap();
    let mut call = Call::new(&core, &PLAIN);
    call.base_url("https://elsewhere.example");
    assert_eq!(call.request().unwrap().uri(), "https://elsewhere.example/p");
}

#[test]
fn the_first_alternative_with_all_its_credentials_is_applied() {
    static SPEC: OperationSpec = operation(&[&[&BASIC, &KEY], &[&BEARER]], None);
    let with = |keys: &[(&'static Scheme, Credential)]| {
        let mut core = builder(&API);
        for (scheme, credential) in keys {
            core = core.credential(scheme, credential.clone());
        }
        request(core, &SPEC)
    };
    let (basic, key, bearer) = (
        (&BASIC, Credential::basic("Aladdin", "open sesame")),
        (&KEY, Credential::api_key("k e y")),
        (&BEARER, Credential::bearer("token")),
    );
    let both = with(&[basic.clone(), key, bearer.clone()]).unwrap();
    assert_eq!(
        header(&both, "authorization"),
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    );
    assert_eq!(header(&both, "x-key"), "k e y");
    assert!(
        both.headers()["x-key"].is_sensitive() && both.headers()["authorization"].is_sensitive()
    );
    assert_eq!(
        header(&with(&[basic.clone(), bearer]).unwrap(), "authorization"),
        "Bearer token"
    );
    let error = with(&[basic]).unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::MissingCredentials);
    assert!(
        error
            .to_string()
            .contains("`basic` and `X-Key`, or `bearer`"),
        "{error}"
    );
}

#[test]
fn credentials_of_the_call_come_before_those_of_the_client() {
    static SPEC: OperationSpec = operation(&[&[&BASIC], &[&BEARER]], None);
    let core = builder(&API)
        .credential(&BASIC, Credential::basic("u", "p"))
        .build()
        .unwrap();
    let mut call = Call::new(&core, &SPEC);
    call.credential(&BEARER, Credential::bearer("mine"));
    assert_eq!(
        header(&call.request().unwrap(), "authorization"),
        "Bearer mine"
    );
}

#[test]
fn what_needs_no_credentials_gets_none_and_what_may_have_them_gets_them() {
    static NONE: OperationSpec = operation(&[], None);
    static MAYBE: OperationSpec = operation(&[&[], &[&BEARER]], None);
    let with = || builder(&API).credential(&BEARER, Credential::bearer("t"));
    assert_eq!(
        header(&request(with(), &NONE).unwrap(), "authorization"),
        ""
    );
    assert_eq!(
        header(&request(with(), &MAYBE).unwrap(), "authorization"),
        "Bearer t"
    );
    assert_eq!(
        header(&request(builder(&API), &MAYBE).unwrap(), "authorization"),
        ""
    );
}

#[test]
fn basic_is_form_encoded_on_token_calls_alone() {
    static TOKEN: OperationSpec = operation(
        &[&[&BASIC]],
        Some(TokenCall {
            body_credentials: &[],
        }),
    );
    static OTHER: OperationSpec = operation(&[&[&BASIC]], None);
    let core = || builder(&API).credential(&BASIC, Credential::basic("a b+%", "&=/~*é-._:"));
    let encoded = |core, spec| header(&request(core, spec).unwrap(), "authorization");
    // a+b%2B%25:%26%3D%2F%7E*%C3%A9-._%3A
    let form = "Basic YStiJTJCJTI1OiUyNiUzRCUyRiU3RSolQzMlQTktLl8lM0E=";
    let raw = "Basic YSBiKyU6Jj0vfirDqS0uXzo=";
    assert_eq!(encoded(core(), &TOKEN), form);
    assert_eq!(
        encoded(core().basic_encoding(BasicEncoding::Raw), &TOKEN),
        raw
    );
    assert_eq!(encoded(core(), &OTHER), raw);
}

#[test]
fn keys_go_where_the_scheme_says() {
    static IN_COOKIE: OperationSpec = operation(&[&[&COOKIE]], None);
    static IN_QUERY: OperationSpec = operation(&[&[&QUERY]], None);
    static IN_DIGEST: OperationSpec = operation(&[&[&DIGEST, &MUTUAL]], None);
    let cookie = builder(&API).credential(&COOKIE, Credential::api_key("a;b"));
    assert_eq!(
        header(&request(cookie, &IN_COOKIE).unwrap(), "cookie"),
        "sid=a%3Bb"
    );
    let query = || builder(&API).credential(&QUERY, Credential::api_key("a&b"));
    check_refused(
        request(query(), &IN_QUERY),
        BuildErrorKind::CredentialInQuery,
    );
    let allowed = request(query().danger_allow_secret_in_query(), &IN_QUERY).unwrap();
    assert_eq!(allowed.uri().query(), Some("api%20key=a%26b"));
    let digest = builder(&API)
        .credential(&DIGEST, Credential::http("username=\"u\""))
        .credential(&MUTUAL, Credential::by_transport());
    assert_eq!(
        header(&request(digest, &IN_DIGEST).unwrap(), "authorization"),
        "Digest username=\"u\""
    );
}

#[test]
fn a_key_stands_in_place_of_a_parameter_and_of_another_key_with_its_name() {
    static TWIN: Scheme = key(KeyLocation::Query, "api key");
    static BOTH: OperationSpec = operation(&[&[&QUERY, &TWIN]], None);
    let core = builder(&API)
        .danger_allow_secret_in_query()
        .credential(&QUERY, Credential::api_key("one"))
        .credential(&TWIN, Credential::api_key("two"));
    let mut call = Call::new(&core.build().unwrap(), &BOTH);
    let given = "three".to_owned();
    call.query("api key", Style::Form, Explode::Yes, &given);
    call.query("api", Style::Form, Explode::Yes, &given);
    let request = call.request().unwrap();
    assert_eq!(request.uri().query(), Some("api=three&api%20key=two"));
}

#[test]
fn credentials_that_cannot_be_sent_are_refused() {
    static BY_KEY: OperationSpec = operation(&[&[&KEY]], None);
    static BY_TOKEN: OperationSpec = operation(&[&[&BEARER]], None);
    static BY_BASIC: OperationSpec = operation(&[&[&BASIC]], None);
    for bad in ["", "a\r\nb: c", "a\0", "é", "a\tb"] {
        let key = builder(&API).credential(&KEY, Credential::api_key(bad));
        check_refused(request(key, &BY_KEY), BuildErrorKind::Credential);
        let token = builder(&API).credential(&BEARER, Credential::bearer(bad));
        check_refused(request(token, &BY_TOKEN), BuildErrorKind::Credential);
    }
    let basic = builder(&API).credential(&BASIC, Credential::basic("a:b", "c"));
    check_refused(request(basic, &BY_BASIC), BuildErrorKind::Credential);
    let of_another_kind = builder(&API).credential(&BEARER, Credential::basic("a", "b"));
    check_refused(
        request(of_another_kind, &BY_TOKEN),
        BuildErrorKind::Credential,
    );
}

#[test]
fn secrets_go_over_plain_http_to_this_machine_alone() {
    static SECURED: OperationSpec = operation(&[&[&BEARER]], None);
    static TOKEN: OperationSpec = operation(
        &[],
        Some(TokenCall {
            body_credentials: &[],
        }),
    );
    static PLAIN: OperationSpec = operation(&[], None);
    let at = |url: &str| {
        builder(&API)
            .credential(&BEARER, Credential::bearer("t"))
            .base_url(url)
            .unwrap()
    };
    for far in [
        "http://x.example",
        "http://10.0.0.1",
        "http://localhost.example",
        "http://[::2]",
    ] {
        check_refused(request(at(far), &SECURED), BuildErrorKind::PlainHttp);
        check_refused(request(at(far), &TOKEN), BuildErrorKind::PlainHttp);
        assert!(request(at(far), &PLAIN).is_ok(), "{far}");
        assert!(
            request(at(far).danger_allow_http(), &SECURED).is_ok(),
            "{far}"
        );
        let by_hand = builder(&API)
            .base_url(far)
            .unwrap()
            .header("authorization", "x");
        check_refused(request(by_hand, &PLAIN), BuildErrorKind::PlainHttp);
    }
    for near in [
        "http://127.0.0.1:1",
        "http://127.9.9.9",
        "http://[::1]:1",
        "http://LOCALHOST:1",
    ] {
        assert!(request(at(near), &SECURED).is_ok(), "{near}");
    }
}

#[test]
fn an_authorization_header_by_hand_and_a_credential_do_not_go_together() {
    static SPEC: OperationSpec = operation(&[&[&BEARER]], None);
    let core = builder(&API)
        .header("Authorization", "x")
        .credential(&BEARER, Credential::bearer("t"));
    check_refused(request(core, &SPEC), BuildErrorKind::TwoCredentials);
}

#[test]
fn a_response_of_a_token_call_is_capped_more_closely() {
    static TOKEN: OperationSpec = operation(
        &[],
        Some(TokenCall {
            body_credentials: &[],
        }),
    );
    static PLAIN: OperationSpec = operation(&[], None);
    let core = |length: usize| -> CoreBuilder {
        let transport = move |_| Ok(http::Response::new(Body::from(vec![b' '; length])));
        CoreBuilder::new(&API).transport(Memory::new(transport))
    };
    let fits = |core: Core, spec| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(Call::new(&core, spec).execute()).is_ok()
    };
    assert!(fits(core(64 << 10).build().unwrap(), &TOKEN));
    assert!(!fits(core((64 << 10) + 1).build().unwrap(), &TOKEN));
    assert!(fits(core((64 << 10) + 1).build().unwrap(), &PLAIN));
    let generous = |length| core(length).max_response_bytes(9 << 20).build().unwrap();
    assert!(fits(generous(1 << 20), &TOKEN));
    assert!(!fits(generous((1 << 20) + 1), &TOKEN));
    assert!(fits(generous(9 << 20), &PLAIN));
}

#[test]
fn settings_that_cannot_be_used_come_out_of_build() {
    let error = builder(&API).user_agent("a\nb").build().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Header);
    let error = builder(&API)
        .server("https://{region}.x".into())
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::BaseUrl);
}

#[cfg(not(feature = "reqwest"))]
#[test]
fn a_client_without_a_transport_says_how_to_get_one() {
    let error = CoreBuilder::new(&API).build().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::NoTransport);
    assert!(error.to_string().contains("`reqwest`") && error.to_string().contains("`transport`"));
}
