//! One document, from the URL that its owner wrote down: the same library and the same TLS as for references, and rules of
//! its own, since nobody but that URL decides who is asked.

use std::time::{Duration, Instant};

use url::Url;

use super::{MOST_REDIRECTS, ask, check_form, is_loopback, redirect, why};

/// How long it may take, redirects and all.
const LONGEST: Duration = Duration::from_secs(60);

/// How large a document may be, in bytes.
const LARGEST: u64 = crate::load::upstream::LARGEST;

/// What names of parameters hold that are there to be secret.
#[rustfmt::skip]
const SECRET: &[&str] = &[
    "token", "secret", "password", "passwd", "signature", "credential", "apikey", "accesskey", "authorization",
];

/// Such names that are parts of others.
const SECRET_WHOLE: &[&str] = &["key", "sig", "auth", "pwd", "pass"];

/// Whether a URL may be asked for.
///
/// # Errors
/// Why not, without anything of the URL.
pub(in crate::load) fn check_document_url(url: &str) -> Result<(), String> {
    document_url(url).map(drop)
}

/// Fetches a document.
///
/// # Errors
/// Why there is none, without anything of the URL.
pub(in crate::load) fn fetch_document(url: &str) -> Result<Vec<u8>, String> {
    fetch_within(url, LONGEST)
}

fn fetch_within(url: &str, longest: Duration) -> Result<Vec<u8>, String> {
    let mut url = document_url(url)?;
    let end = Instant::now() + longest;
    for _ in 0..=MOST_REDIRECTS {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err("it takes too long".to_owned());
        }
        let mut response = ask(&url, left)?;
        if let Some(next) = redirect(&url, &response)? {
            check_next(&url, &next)?;
            url = next;
            continue;
        }
        let status = response.status();
        if status.as_u16() != 200 {
            return Err(format!("the answer is {status}"));
        }
        check_form(&url, &response)?;
        let body = response.body_mut().with_config().limit(LARGEST);
        return body.read_to_vec().map_err(|err| why(&err));
    }
    Err("it redirects too often".to_owned())
}

fn document_url(url: &str) -> Result<Url, String> {
    let mut url = Url::parse(url).map_err(|err| format!("the URL is none: {err}"))?;
    url.set_fragment(None);
    check(&url)?;
    Ok(url)
}

fn check(url: &Url) -> Result<(), String> {
    if url.host_str().is_none_or(str::is_empty) {
        return Err("the URL has no host".to_owned());
    }
    let in_query = url.query_pairs().any(|(name, _)| is_secret(&name));
    if !url.username().is_empty() || url.password().is_some() || in_query {
        return Err("the URL holds credentials, which do not belong into a repository".to_owned());
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        _ => Err("documents are fetched over https alone".to_owned()),
    }
}

fn is_secret(name: &str) -> bool {
    let mut plain = name.to_ascii_lowercase();
    plain.retain(|c| c.is_ascii_alphanumeric());
    SECRET.iter().any(|word| plain.contains(word)) || SECRET_WHOLE.contains(&plain.as_str())
}

/// Whether one URL may send us on to another: on the same host, and not away from TLS.
fn check_next(url: &Url, next: &Url) -> Result<(), String> {
    let same = next.scheme() == url.scheme()
        && next.port_or_known_default() == url.port_or_known_default();
    let safer = url.scheme() == "http" && next.scheme() == "https";
    if next.host() == url.host() && (same || safer) {
        return check(next);
    }
    Err("it redirects to somewhere else, which is not followed".to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// A server that begins to answer the one request that comes, and then keeps its caller waiting.
    fn beginning(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody calls");
            let mut request = [0; 1024];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer.as_bytes());
            // Until the caller hangs up.
            while stream.read(&mut request).is_ok_and(|read| read > 0) {}
        });
        format!("http://{address}/pets.yaml")
    }

    #[test]
    fn who_does_not_come_to_an_end_is_given_up() {
        for answer in [
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nopenapi: 3.0.3\n",
            "HTTP/1.1 200 OK\r\n\r\nopenapi: 3.0.3\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nf\r\nopenapi: 3.0.3\n\r\n",
        ] {
            let fetched = fetch_within(&beginning(answer), Duration::from_millis(40));
            let why = fetched.expect_err("there is no whole document");
            assert_eq!(why, "it takes too long", "{answer:?}");
        }
    }
}
