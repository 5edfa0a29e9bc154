//! Files of hosts that the caller names: the only use of the network, and the only room with an HTTP library.
//!
//! https, or http to this machine itself; no credentials; redirects within the named hosts; bounded in time, size
//! and number; kept nowhere. What a host may be asked for is decided by the document, so nothing but its text
//! comes back: no answer is shown that is not read as a document.

mod document;

use std::net::IpAddr;
use std::time::Duration;

use ureq::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, LOCATION, TRANSFER_ENCODING};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, http};
use url::{Host, Url};

use super::files::Refusal;
use crate::diag::Code;

pub(in crate::load) use document::{check_document_url, fetch_document};

/// How long one file may take, redirects apart.
const LONGEST: Duration = Duration::from_secs(30);

/// How large one file may be, in bytes. The largest document of the public collections has 40 MB.
const LARGEST: u64 = 64 << 20;

/// How large all files may be together, in bytes.
const LARGEST_IN_ALL: u64 = 256 << 20;

/// How many files may be fetched for one document.
const MOST: usize = 500;

/// How many redirects may follow one another.
const MOST_REDIRECTS: usize = 5;

/// The hosts that may be asked, and what is left of the bounds.
pub(super) struct Remote {
    hosts: Vec<String>,
    files: usize,
    bytes: u64,
}

/// What a host answered.
pub(super) struct Fetched {
    /// Where the text was in the end: what relative references in it start from (RFC 3986, section 5.1.3).
    pub(super) url: String,
    pub(super) text: String,
}

/// The absolute form of a reference in the file at `base`.
pub(super) fn join(base: &str, reference: &str) -> Option<String> {
    let url = Url::parse(base).ok()?.join(reference).ok()?;
    Some(url.into())
}

fn refused(message: String) -> Refusal {
    Refusal {
        code: Code::RemoteReference,
        message,
    }
}

fn failed(url: &Url, reason: &str) -> Refusal {
    Refusal {
        code: Code::UnresolvedReference,
        message: format!("`{url}` cannot be fetched: {reason}"),
    }
}

impl Remote {
    /// `hosts` as the caller names them: `api.example.com`, or with a port that is not the scheme's own.
    pub(super) fn new(hosts: &[String]) -> Self {
        Self {
            hosts: hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
            files: 0,
            bytes: 0,
        }
    }

    /// Fetches a text.
    ///
    /// # Errors
    /// If the URL is not to be asked for, or gives no text.
    pub(super) fn fetch(&mut self, url: &str) -> Result<Fetched, Refusal> {
        let parsed = Url::parse(url);
        let mut url = parsed.map_err(|err| refused(format!("`{url}` is not a URL: {err}")))?;
        url.set_fragment(None);
        for _ in 0..=MOST_REDIRECTS {
            self.check(&url)?;
            let response = ask(&url, LONGEST).map_err(|why| failed(&url, &why))?;
            match redirect(&url, &response).map_err(|why| failed(&url, &why))? {
                Some(next) => url = next,
                None => return self.read(url, response),
            }
        }
        Err(failed(&url, "it redirects too often"))
    }

    /// Whether a URL may be asked for.
    fn check(&self, url: &Url) -> Result<(), Refusal> {
        let host = url.host_str().unwrap_or_default();
        if !matches!(url.scheme(), "http" | "https") || host.is_empty() {
            return Err(refused(format!(
                "`{url}` is neither a relative path nor a web address"
            )));
        }
        if !url.username().is_empty() || url.password().is_some() {
            let message = format!("a URL on `{host}` holds credentials, and is not fetched");
            return Err(refused(message));
        }
        let named = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        if !self.hosts.contains(&named) {
            return Err(refused(format!(
                "`{url}` is on the network, and `--allow-host` does not name `{named}`"
            )));
        }
        if url.scheme() == "http" && !is_loopback(url) {
            return Err(refused(format!("`{url}` is not fetched without TLS")));
        }
        Ok(())
    }

    fn read(&mut self, url: Url, mut response: http::Response<Body>) -> Result<Fetched, Refusal> {
        let status = response.status();
        if !status.is_success() {
            return Err(failed(&url, &format!("the answer is {status}")));
        }
        check_form(&url, &response).map_err(|why| failed(&url, &why))?;
        self.files += 1;
        let left = LARGEST_IN_ALL.saturating_sub(self.bytes).min(LARGEST);
        if self.files > MOST || left == 0 {
            return Err(failed(&url, "the document has too many or too large parts"));
        }
        let text = response.body_mut().with_config().limit(left).read_to_vec();
        let text = text.map_err(|err| failed(&url, &why(&err)))?;
        self.bytes += u64::try_from(text.len()).unwrap_or(u64::MAX);
        let text = String::from_utf8(text).map_err(|_| failed(&url, "the text is not UTF-8"))?;
        Ok(Fetched {
            url: url.into(),
            text,
        })
    }
}

/// Asks for a URL. An error is why there is no answer, without anything of the URL.
fn ask(url: &Url, longest: Duration) -> Result<http::Response<Body>, String> {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
    let mut config = Agent::config_builder()
        .timeout_global(Some(longest))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .user_agent(concat!("specmint/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls.build());
    if is_loopback(url) {
        config = config.proxy(None);
    }
    let agent: Agent = config.build().into();
    let answer = agent.get(url.as_str()).header("accept", "*/*").call();
    answer.map_err(|err| why(&err))
}

/// What went wrong, and what to do where a user could not know.
fn why(err: &ureq::Error) -> String {
    let text = err.to_string();
    match err {
        ureq::Error::Timeout(_) => "it takes too long".to_owned(),
        // The platform's own stores are asked on macOS and Windows.
        _ if cfg!(target_os = "linux") && text.contains("UnknownIssuer") => format!(
            "{text}; a file of certificates that are to be trusted instead of the system's may be named by `SSL_CERT_FILE`"
        ),
        _ => text,
    }
}

/// Refuses a body that was not asked for in this form, or of which nobody can tell whether it is whole.
///
/// One that ends with its connection may have been cut by whoever can end connections (RFC 9112, section 8); this library
/// does not tell such an end from TLS's own. To this machine that does not matter.
fn check_form(url: &Url, response: &http::Response<Body>) -> Result<(), String> {
    let headers = response.headers();
    let encoding = headers.get(CONTENT_ENCODING);
    match encoding.map(|encoding| encoding.to_str().unwrap_or("something")) {
        None | Some("" | "identity") => {}
        Some(encoding) => {
            return Err(format!(
                "it comes compressed with `{encoding}`, which was not asked for"
            ));
        }
    }
    let ends = [CONTENT_LENGTH, TRANSFER_ENCODING];
    if url.scheme() == "https" && !ends.iter().any(|name| headers.contains_key(name)) {
        return Err("it does not say where it ends, so that a cut would not show".to_owned());
    }
    Ok(())
}

/// Where the answer sends us, if it does (RFC 9110, section 15.4).
fn redirect(url: &Url, response: &http::Response<Body>) -> Result<Option<Url>, String> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(LOCATION);
    let location = location.and_then(|location| location.to_str().ok());
    let next = location.and_then(|location| url.join(location).ok());
    next.map(Some)
        .ok_or_else(|| "it redirects to nowhere".to_owned())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}
