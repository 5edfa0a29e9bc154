//! Token calls trust whom the machine trusts, and nothing switches that off.
#![cfg(all(feature = "blocking", feature = "tokens"))]

pub mod tls;

use std::sync::atomic::Ordering;

use specmint_runtime::token::oauth::{ClientAuth, OAuthEndpoint, OAuthGrant, TokenUrl};
use specmint_runtime::token::{TokenErrorKind, TokenSource};

#[test]
fn s13_a_server_with_a_certificate_of_its_own_making_gets_no_credentials() {
    let server = tls::self_signed();
    let url = format!("{}/token", server.origin);
    let source = || {
        let auth = ClientAuth::post("id", "secret");
        let grant = OAuthGrant::client_credentials();
        let endpoint = OAuthEndpoint::builder(TokenUrl::new(&url).unwrap(), auth, grant);
        TokenSource::builder(endpoint.build().unwrap())
            .build()
            .unwrap()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let asynchronous = source();
    for error in [
        runtime.block_on(asynchronous.token()).unwrap_err(),
        source().token_blocking().unwrap_err(),
    ] {
        assert_eq!(error.kind(), TokenErrorKind::Unavailable, "{error:?}");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("TLS"), "{cause}");
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}
