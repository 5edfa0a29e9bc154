//! Token calls trust whom the machine trusts, and nothing switches that off.
#![cfg(all(feature = "blocking", feature = "tokens"))]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use specmint_runtime::token::oauth::{ClientAuth, OAuthEndpoint, OAuthGrant, TokenUrl};
use specmint_runtime::token::{TokenErrorKind, TokenSource};

/// A server whose certificate nobody has signed but itself, and how many requests it has read.
fn self_signed() -> (String, Arc<AtomicUsize>) {
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = key.cert.der().clone();
    let secret = PrivatePkcs8KeyDer::from(key.signing_key.serialize_der());
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], secret.into())
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let requests = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream.unwrap());
            if stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                seen.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
            }
        }
    });
    (format!("https://localhost:{port}/token"), requests)
}

#[test]
fn s13_a_server_with_a_certificate_of_its_own_making_gets_no_credentials() {
    let (url, requests) = self_signed();
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
    assert_eq!(requests.load(Ordering::SeqCst), 0);
}
