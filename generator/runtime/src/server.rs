//! Servers and base URLs: which host a call goes to, and how its path is joined on.

use http::Uri;

use super::error::{BuildError, BuildErrorKind};

/// A server of an API or of an operation.
#[derive(Debug)]
pub struct ServerSpec {
    /// The URL, with `{name}` for variables; relative when it has no scheme and host.
    pub url: &'static str,
    /// The variables of the URL.
    pub variables: &'static [ServerVariable],
}

/// A variable in a server's URL.
#[derive(Debug)]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: &'static str,
    /// What it is when nobody says.
    pub default: &'static str,
}

impl ServerSpec {
    /// The URL with `values` in place of its variables, and their defaults where there is no value.
    ///
    /// A value that would lead to another host than the URL is meant for, such as `evil.example/` for a
    /// tenant, is not filled in; making a client of that URL fails.
    pub fn url(&self, values: &[(&str, &str)]) -> String {
        let mut url = String::with_capacity(self.url.len());
        let mut rest = self.url;
        while let Some((literal, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else {
                break;
            };
            url.push_str(literal);
            match self.value(name, values) {
                Some(value) if fits(&url, value, behind) => url.push_str(value),
                _ => url.extend(["{", name, "}"]),
            }
            rest = behind;
        }
        url.push_str(rest);
        url
    }

    fn value<'a>(&self, name: &str, values: &[(&str, &'a str)]) -> Option<&'a str>
    where
        Self: 'a,
    {
        let given = values.iter().find(|(given, _)| *given == name);
        let declared = || self.variables.iter().find(|variable| variable.name == name);
        given
            .map(|(_, value)| *value)
            .or_else(|| declared().map(|variable| variable.default))
    }
}

/// Whether a value may stand between two parts of a URL: within the host, it must not end it.
fn fits(before: &str, value: &str, behind: &str) -> bool {
    let is_in_path = match before.split_once("://") {
        Some((_, host)) => host.contains('/'),
        None => before.contains('/') || !behind.contains("://"),
    };
    !value.contains(['?', '#', '@', '\\']) && (is_in_path || !value.contains('/'))
}

/// Where a client's calls go, as far as the caller said.
#[derive(Clone, Debug, Default)]
pub(super) struct Base {
    /// To this URL, whatever the spec says.
    pub(super) url: Option<BaseUrl>,
    /// To this origin, on the server's path.
    pub(super) origin: Option<BaseUrl>,
    /// To this server of the spec; operations with servers of their own keep those.
    pub(super) server: Option<String>,
}

impl Base {
    /// The base URL of an operation with `own` servers, of which a call may have chosen one, in an API with `shared`
    /// ones.
    pub(super) fn resolve(
        &self,
        of_call: Option<&str>,
        own: &[ServerSpec],
        shared: &[ServerSpec],
    ) -> Result<BaseUrl, BuildError> {
        if let Some(url) = &self.url {
            return Ok(url.clone());
        }
        let server = match (of_call, own, &self.server, shared) {
            (Some(chosen), ..) => chosen.to_owned(),
            (None, [own, ..], ..) => own.url(&[]),
            (None, [], Some(chosen), _) => chosen.clone(),
            (None, [], None, [shared, ..]) => shared.url(&[]),
            (None, [], None, []) => "/".to_owned(),
        };
        match &self.origin {
            Some(origin) => origin.with_path_of(&server),
            None => BaseUrl::parse(&server),
        }
    }
}

/// An absolute http or https URL without user, query and fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BaseUrl {
    /// `https://host:port`
    origin: String,
    /// Empty, or `/a/b` without a slash at its end.
    path: String,
}

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    /// `OriginNeeded` for a relative URL, `BaseUrl` for any other that cannot be used. The text never
    /// repeats the URL, as it may hold a password.
    pub(super) fn parse(url: &str) -> Result<Self, BuildError> {
        let url = url.trim();
        let absolute = match url.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None => url.to_owned(),
        };
        let Some((scheme, _)) = absolute.split_once("://") else {
            return Err(BuildError::new(
                BuildErrorKind::OriginNeeded,
                "the API's server is relative: say where it is with `origin(\"https://host\")`, \
                 or with `base_url(\"https://host/path\")`",
            ));
        };
        if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
            return Err(refused(
                "the base URL must begin with https:// (or http://)",
            ));
        }
        if absolute.contains(['?', '#', '\\']) {
            return Err(refused(
                "the base URL must have neither query nor fragment nor backslash",
            ));
        }
        if absolute.contains(['{', '}']) {
            return Err(refused(
                "the base URL has a variable without a usable value: choose a server, or call `base_url`",
            ));
        }
        let uri: Uri = absolute.parse().map_err(|_| {
            refused("the base URL is not a URL (hosts beyond ASCII are written in punycode)")
        })?;
        let authority = uri
            .authority()
            .filter(|authority| !authority.host().is_empty());
        let Some(authority) = authority else {
            return Err(refused("the base URL has no host"));
        };
        if authority.as_str().contains('@') {
            return Err(refused(
                "the base URL must hold no user and password: give credentials by their own methods",
            ));
        }
        let path = uri.path().trim_end_matches('/');
        if has_dot_segment(path) {
            return Err(refused("the base URL must hold no `.` or `..` segments"));
        }
        Ok(Self {
            origin: format!("{}://{}", scheme.to_ascii_lowercase(), authority),
            path: path.to_owned(),
        })
    }

    /// Reads an origin: a base URL without a path.
    pub(super) fn parse_origin(url: &str) -> Result<Self, BuildError> {
        let url = Self::parse(url)?;
        if url.path.is_empty() {
            return Ok(url);
        }
        Err(refused(
            "the origin must have no path: leave it off, or call `base_url` to replace the API's own",
        ))
    }

    /// This origin with the path of a server of the spec, be it relative or absolute.
    fn with_path_of(&self, server: &str) -> Result<Self, BuildError> {
        let host = server
            .split_once("://")
            .map(|(_, host)| host)
            .or(server.strip_prefix("//"));
        let path = match host {
            Some(host) => host.find('/').map_or("", |slash| &host[slash..]),
            None => server.trim_start_matches("./"),
        };
        Self::parse(&format!("{}/{}", self.origin, path.trim_start_matches('/')))
    }

    /// The URL of a path and query that begin with a slash, both encoded.
    pub(super) fn join(&self, path_and_query: &str) -> String {
        let slash = if path_and_query.starts_with('/') {
            ""
        } else {
            "/"
        };
        [&self.origin, &self.path, slash, path_and_query].concat()
    }

    /// Whether secrets may go there: over https, or to this very machine.
    pub(super) fn is_confidential(&self) -> bool {
        let Some(rest) = self.origin.strip_prefix("http://") else {
            return true;
        };
        let host = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, _)) => host,
            None => rest.split(':').next().unwrap_or_default(),
        };
        host.eq_ignore_ascii_case("localhost")
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

/// Whether a segment is `.` or `..`, also when percent-encoded: URL libraries would walk up the path.
pub(super) fn has_dot_segment(path: &str) -> bool {
    path.split('/')
        .filter(|segment| segment.starts_with(['.', '%']))
        .any(|segment| {
            let plain = segment.to_ascii_lowercase().replace("%2e", ".");
            plain == "." || plain == ".."
        })
}

fn refused(message: &str) -> BuildError {
    BuildError::new(BuildErrorKind::BaseUrl, message)
}
