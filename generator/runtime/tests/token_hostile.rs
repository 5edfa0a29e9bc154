//! Whatever a server answers, reading it ends, and ends in a token that can be used or in an error.
#![cfg(feature = "tokens")]

use proptest::prelude::*;
use specmint_runtime::token::oauth::{
    AuthorizationRequest, ClientAuth, DeviceAuthorization, DevicePolling, Issuer, Metadata,
    OAuthEndpoint, OAuthGrant, SystemEntropy, TokenUrl, Trust,
};
use specmint_runtime::token::read::LONGEST;
use specmint_runtime::token::{Endpoint, Grant, Issued, Lifetime, Now, Refusal};
use specmint_runtime::{Body, http};

fn endpoint() -> OAuthEndpoint {
    let url = TokenUrl::new("https://a.example/token").unwrap();
    OAuthEndpoint::builder(
        url,
        ClientAuth::public("i"),
        OAuthGrant::client_credentials(),
    )
    .scopes(["a"])
    .strict_scopes()
    .build()
    .unwrap()
}

fn response(status: u16, headers: &[(&str, Vec<u8>)], body: Vec<u8>) -> http::Response<Body> {
    let mut response = http::Response::new(Body::from(body));
    *response.status_mut() = status.try_into().unwrap();
    for (name, value) in headers {
        if let Ok(value) = http::HeaderValue::from_bytes(value) {
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Reads an answer in every way there is, and looks whether what comes of it can be used.
fn read(answer: &http::Response<Body>) -> Result<(), TestCaseError> {
    let endpoint = endpoint();
    for grant in [Grant::Initial, Grant::Refresh(&"r".into())] {
        usable(&endpoint.read(grant, answer))?;
    }
    if let Ok(codes) = DeviceAuthorization::read(answer) {
        prop_assert!(codes.lifetime <= LONGEST && !codes.interval.is_zero());
        let outcome = endpoint.read(Grant::Initial, answer);
        let _ = DevicePolling::new(&codes, Now::default()).answered(Now::default(), outcome);
    }
    let issuer = Issuer::new("https://a.example").unwrap();
    let _ = Metadata::read(&issuer, answer, &Trust::same_site());
    Ok(())
}

fn usable(outcome: &Result<Issued, Refusal>) -> Result<(), TestCaseError> {
    match outcome {
        Ok(issued) => {
            let token = issued.access_token.expose();
            prop_assert!(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
            if let Lifetime::In(span) = issued.lifetime {
                prop_assert!(span <= LONGEST);
            }
        }
        Err(refusal) => {
            let said = refusal.untrusted_description.as_deref().unwrap_or_default();
            prop_assert!(said.len() <= 256 && said.bytes().all(|byte| matches!(byte, b' '..=b'~')));
            prop_assert!(refusal.retry_after.unwrap_or_default() <= LONGEST);
        }
    }
    Ok(())
}

/// A value of JSON, or nearly.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "-?[0-9]{1,30}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,4})?",
        "\"[ -~]{0,12}\"",
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("\"bearer\"".to_owned()),
        Just("\"\\ud800\"".to_owned()),
        Just("\"invalid_grant\"".to_owned()),
        Just("\"https://a.example/x\"".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(","))),
            object(inner),
        ]
    })
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("access_token"),
        Just("token_type"),
        Just("expires_in"),
        Just("refresh_token"),
        Just("refresh_expires_in"),
        Just("scope"),
        Just("error"),
        Just("error_description"),
        Just("code"),
        Just("device_code"),
        Just("user_code"),
        Just("verification_uri"),
        Just("interval"),
        Just("issuer"),
        Just("token_endpoint"),
        Just("x"),
    ];
    proptest::collection::vec((name, value), 0..6).prop_map(|members| {
        let members = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => object(value()).prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..200),
        1 => "([a-z_]{1,12}=[ -~]{0,12}&?){0,6}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn s26_no_answer_makes_reading_panic(
        status in prop_oneof![3 => Just(200_u16), 1 => 100_u16..=999],
        retry_after in proptest::collection::vec(any::<u8>(), 0..12),
        date in "(Wed, 21 Oct [0-9]{4} 07:28:00 GMT)?",
        form in any::<bool>(),
        body in body(),
    ) {
        let media_type = match form {
            true => "application/x-www-form-urlencoded",
            false => "application/json",
        };
        let headers = [
            ("retry-after", retry_after),
            ("date", date.into_bytes()),
            ("content-type", media_type.into()),
        ];
        read(&response(status, &headers, body))?;
    }

    #[test]
    fn s26_no_redirect_makes_reading_panic(redirect in "[ -~]{0,80}", state in any::<bool>()) {
        let url = TokenUrl::new("https://a.example/authorize").unwrap();
        let request = AuthorizationRequest::new(url, "i", "https://me");
        let (_, pending) = request.start(&SystemEntropy).unwrap();
        let state = match state {
            true => format!("&state={}", pending.state().expose()),
            false => String::new(),
        };
        let _ = pending.finish(&format!("{redirect}{state}"));
    }
}

#[test]
fn s26_the_longest_answers_of_every_kind_are_read_to_an_end() {
    let most = 1 << 16;
    let fill = |piece: &str| piece.repeat(most / piece.len());
    for body in [
        fill("["),
        fill("{\"a\":"),
        format!("{{\"a\":[{}0]}}", fill("0,")),
        format!("{{\"a\":[{}{{}}]}}", fill("{},")),
        format!("{{\"a\":\"{}\"}}", fill("\\u0041")),
        format!(
            "{{\"access_token\":\"t\",\"token_type\":\"bearer\",\"expires_in\":{}}}",
            fill("9")
        ),
        format!("{{\"error\":\"{}\"}}", fill("x")),
        format!(
            "{{{}\"z\":0}}",
            (0..most / 10)
                .map(|at| format!("\"{at:x}\":0,"))
                .collect::<String>()
        ),
        fill("a=b&"),
        fill("%41"),
        fill(" "),
        fill("\u{0}"),
    ] {
        for media_type in ["application/json", "application/x-www-form-urlencoded"] {
            let headers = [("content-type", media_type.into())];
            for status in [200, 400] {
                read(&response(status, &headers, body.clone().into_bytes())).unwrap();
            }
        }
    }
}
