//! Where an authorization server is asked: only where nobody on the way can read along.

use std::fmt;
use std::net::IpAddr;

use http::Uri;

use super::super::super::server::has_dot_segment;
use super::super::super::{BuildError, BuildErrorKind};

/// A URL of an authorization server: its token endpoint, or another of its endpoints.
///
/// It is https, with a host, and without user and fragment (RFC 6749, section 3.2); a query is kept. `Debug`
/// leaves out the query.
///
/// ```
/// # use specmint_runtime::token::oauth::TokenUrl;
/// assert!(TokenUrl::new("https://auth.example.com/token?tenant=1").is_ok());
/// assert!(TokenUrl::new("http://auth.example.com/token").is_err());
/// assert!(TokenUrl::new("file:///etc/passwd").is_err());
/// assert!(TokenUrl::loopback_http("http://127.0.0.1:8080/token").is_ok());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TokenUrl(Uri);

impl TokenUrl {
    /// Reads an https URL.
    ///
    /// # Errors
    /// It has another scheme, a user, a fragment, no host, or `.` and `..` in its path. The text never repeats
    /// the URL.
    pub fn new(url: &str) -> Result<Self, BuildError> {
        let uri = parse(url)?;
        match uri.scheme_str() {
            Some("https") => Ok(Self(uri)),
            Some("http") => Err(BuildError::new(
                BuildErrorKind::PlainHttp,
                "the URL of an authorization server must begin with https://, as credentials go there",
            )),
            _ => Err(refused(
                "the URL of an authorization server must begin with https://",
            )),
        }
    }

    /// Reads an http URL whose host is a loopback address (127.0.0.0/8 or ::1), such as that of a server that a
    /// test has started. A name such as `localhost` is none: what it leads to is not in this program's hands.
    ///
    /// # Errors
    /// It is another URL.
    pub fn loopback_http(url: &str) -> Result<Self, BuildError> {
        let uri = parse(url)?;
        let host = uri.host().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
        match uri.scheme_str() == Some("http") && is_loopback {
            true => Ok(Self(uri)),
            false => Err(BuildError::new(
                BuildErrorKind::PlainHttp,
                "the URL is not http with a loopback address for its host",
            )),
        }
    }

    /// The host, without the port.
    pub fn host(&self) -> &str {
        self.0.host().unwrap_or_default()
    }

    /// The URL as it is asked, with its query.
    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }

    /// Whether it is plain http, to this very machine.
    pub(super) fn is_loopback_http(&self) -> bool {
        self.0.scheme_str() == Some("http")
    }
}

impl fmt::Debug for TokenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.scheme_str().unwrap_or_default();
        write!(f, "TokenUrl({scheme}://{}{})", self.host(), self.0.path())
    }
}

fn parse(url: &str) -> Result<Uri, BuildError> {
    if url.contains('#') {
        return Err(refused(
            "the URL of an authorization server must have no fragment (RFC 6749, section 3.2)",
        ));
    }
    if url.contains('\\') {
        return Err(refused(
            "the URL of an authorization server must have no backslash",
        ));
    }
    let uri: Uri = url
        .parse()
        .map_err(|_| refused("the URL of an authorization server is not a URL"))?;
    let Some(authority) = uri.authority().filter(|it| !it.host().is_empty()) else {
        return Err(refused("the URL of an authorization server has no host"));
    };
    if authority.as_str().contains('@') {
        return Err(refused(
            "the URL of an authorization server must hold no user and password: give credentials by `ClientAuth`",
        ));
    }
    if has_dot_segment(uri.path()) {
        return Err(refused(
            "the URL of an authorization server must hold no `.` or `..` segments",
        ));
    }
    Ok(uri)
}

fn refused(message: &str) -> BuildError {
    BuildError::new(BuildErrorKind::BaseUrl, message)
}
