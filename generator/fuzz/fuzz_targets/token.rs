//! The answer of an authorization server: three digits of its status, its media type, `Retry-After`, `Date` and its body,
//! with zero bytes between them.
#![no_main]

use specmint_runtime::token::oauth::{
    ClientAuth, DeviceAuthorization, Issuer, Metadata, OAuthEndpoint, OAuthGrant, TokenUrl, Trust,
};
use specmint_runtime::token::{Endpoint, Grant};
use specmint_runtime::{Body, http};

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let Some((status, rest)) = answer.split_first_chunk::<3>() else {
        return;
    };
    let Ok(status) = http::StatusCode::from_bytes(status) else {
        return;
    };
    let mut parts = rest.splitn(4, |byte| *byte == 0);
    let mut response = http::Response::new(Body::empty());
    *response.status_mut() = status;
    for name in ["content-type", "retry-after", "date"] {
        if let Ok(value) = http::HeaderValue::from_bytes(parts.next().unwrap_or_default()) {
            response.headers_mut().insert(name, value);
        }
    }
    let response = response.map(|_| Body::from(parts.next().unwrap_or_default().to_vec()));
    read(&response);
});

/// Reads an answer in every way there is.
fn read(response: &http::Response<Body>) {
    let url = TokenUrl::new("https://a.example/token").expect("it is a URL");
    let endpoint = OAuthEndpoint::builder(
        url,
        ClientAuth::public("i"),
        OAuthGrant::client_credentials(),
    );
    let endpoint = endpoint.build().expect("it can be built");
    if let Ok(issued) = endpoint.read(Grant::Initial, response) {
        let token = issued.access_token.expose();
        assert!(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    let _ = DeviceAuthorization::read(response);
    let issuer = Issuer::new("https://a.example").expect("it is an issuer");
    let _ = Metadata::read(&issuer, response, &Trust::same_site());
}
