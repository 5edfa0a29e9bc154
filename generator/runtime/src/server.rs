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
    pub fn url(&self, values: &[(&str, &str)]) -> String {
        let mut url = self.url.to_owned();
        for variable in self.variables {
            let given = values.iter().find(|(name, _)| *name == variable.name);
            let value = given.map_or(variable.default, |(_, value)| value);
            url = url.replace(&format!("{{{}}}", variable.name), value);
        }
        url
    }
}

/// Where a client's calls go.
#[derive(Clone, Debug, Default)]
pub(super) enum Base {
    /// To the server that the spec names first.
    #[default]
    Spec,
    /// To a server of the spec that the caller chose; operations with servers of their own keep them.
    Server(String),
    /// To this origin, on the spec's path.
    Origin(BaseUrl),
    /// To this URL, whatever the spec says.
    Url(BaseUrl),
}

impl Base {
    /// The base URL of an operation with `own` servers in an API with `shared` ones.
    pub(super) fn resolve(
        &self,
        own: &[ServerSpec],
        shared: &[ServerSpec],
    ) -> Result<BaseUrl, BuildError> {
        let spec = own
            .first()
            .or(shared.first())
            .map_or_else(|| "/".to_owned(), |server| server.url(&[]));
        match self {
            Base::Url(url) => Ok(url.clone()),
            Base::Origin(origin) => origin.with_path_of(&spec),
            Base::Server(server) if own.is_empty() => BaseUrl::parse(server),
            Base::Server(_) | Base::Spec => BaseUrl::parse(&spec),
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
                "the base URL has a variable without a value: choose a server, or call `base_url`",
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
        let is_absolute = server.contains("://") || server.starts_with("//");
        let path = if is_absolute {
            Self::parse(server)?.path
        } else {
            let relative = server.trim_start_matches("./").trim_start_matches('/');
            Self::parse(&format!("{}/{relative}", self.origin))?.path
        };
        Ok(Self {
            origin: self.origin.clone(),
            path,
        })
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
    path.split('/').any(|segment| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    })
}

fn refused(message: &str) -> BuildError {
    BuildError::new(BuildErrorKind::BaseUrl, message)
}
