//! Links to other pages: read from headers, and followed to the same origin only.

use http::Uri;
use http::header::{HeaderMap, LINK};
use http::uri::{Authority, Scheme};

use super::super::error::{BuildError, BuildErrorKind};

/// The target of the first link in the `Link` headers whose relation is `next` (RFC 8288, section 3).
pub(super) fn next_of(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(LINK).iter();
    let mut texts = lines.filter_map(|line| std::str::from_utf8(line.as_bytes()).ok());
    texts.find_map(next_in)
}

/// The target of the first link to `next` in one header. A link about something else than the page itself
/// (`anchor`) is not followed.
fn next_in(text: &str) -> Option<String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let (target, behind) = rest.strip_prefix('<')?.split_once('>')?;
        let (params, behind) = params(behind);
        let param = |wanted: &str| {
            let mut params = params.iter();
            let found = params.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value)
        };
        let is_next = param("rel").is_some_and(|rel| {
            let mut relations = rel.split_ascii_whitespace();
            relations.any(|relation| relation.eq_ignore_ascii_case("next"))
        });
        if is_next && param("anchor").is_none() {
            return Some(target.trim().to_owned());
        }
        rest = behind;
    }
}

/// The parameters of a link, and what follows behind its comma.
fn params(text: &str) -> (Vec<(String, String)>, &str) {
    let mut params = Vec::new();
    let mut rest = text.trim_start();
    while let Some(behind) = rest.strip_prefix(';') {
        let end = behind.find(['=', ';', ',']).unwrap_or(behind.len());
        let name = behind[..end].trim().to_owned();
        let mut value = String::new();
        rest = &behind[end..];
        if let Some(behind) = rest.strip_prefix('=') {
            let behind = behind.trim_start();
            rest = match behind.strip_prefix('"') {
                Some(quoted) => unquote(quoted, &mut value),
                None => {
                    let end = behind.find([';', ',']).unwrap_or(behind.len());
                    value.push_str(behind[..end].trim_end());
                    &behind[end..]
                }
            };
        }
        params.push((name, value));
        rest = rest.trim_start();
    }
    (params, rest)
}

/// Reads a quoted string behind its first quotation mark; returns what follows its last.
fn unquote<'t>(text: &'t str, value: &mut String) -> &'t str {
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return &text[at + 1..],
            '\\' => value.extend(chars.next().map(|(_, char)| char)),
            char => value.push(char),
        }
    }
    ""
}

/// Where a link in the answer to a URL leads (RFC 3986, section 5.2), its fragment left out.
///
/// Servers behind proxies often take themselves for http servers: a link to http on the same host is one to https where
/// the answer came that way.
///
/// # Errors
/// It is no URL, or leads to another origin; the text repeats neither.
pub(super) fn follow(here: &Uri, link: &str) -> Result<Uri, BuildError> {
    let unusable = || refused("the link to the next page is no URL");
    let link = link.split('#').next().unwrap_or_default().trim();
    let (scheme, authority) = match (here.scheme(), here.authority()) {
        (Some(scheme), Some(authority)) => (scheme, authority),
        _ => return Err(unusable()),
    };
    let (there, path) = match split_origin(link) {
        Some((origin, path)) => (Some(origin), path),
        None => (None, link),
    };
    if let Some((named, host)) = there {
        let host: Authority = host.parse().map_err(|_| unusable())?;
        let named = match named {
            Some(named) => Scheme::try_from(named.to_ascii_lowercase().as_str()),
            None => Ok(scheme.clone()),
        };
        let named = named.map_err(|_| unusable())?;
        if !is_same(scheme, authority, &named, &host) {
            return Err(refused(
                "the link to the next page leads to another origin than the page came from, and is not followed",
            ));
        }
    }
    let path_and_query = match (there, path.as_bytes().first()) {
        (Some(_), None | Some(b'?')) => format!("/{path}"),
        (Some(_), _) | (None, Some(b'/')) => path.to_owned(),
        (None, None) => here
            .path_and_query()
            .map_or("/", |it| it.as_str())
            .to_owned(),
        (None, Some(b'?')) => format!("{}{path}", here.path()),
        (None, _) => {
            let folder = here
                .path()
                .rfind('/')
                .map_or("/", |slash| &here.path()[..=slash]);
            format!("{folder}{path}")
        }
    };
    let url = format!("{scheme}://{authority}{}", plain(&path_and_query));
    url.parse().map_err(|_| unusable())
}

/// The scheme, if it is said, and the authority of a URL that has one, and what follows.
fn split_origin(url: &str) -> Option<((Option<&str>, &str), &str)> {
    let (scheme, rest) = match url.strip_prefix("//") {
        Some(rest) => (None, rest),
        None => {
            let (scheme, rest) = url.split_once("://")?;
            let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
            if !scheme.bytes().all(is_scheme) {
                return None;
            }
            (Some(scheme), rest)
        }
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    Some(((scheme, &rest[..end]), &rest[end..]))
}

/// Whether two origins are the same (RFC 6454, section 5), or differ in that one says http in place of our https.
fn is_same(scheme: &Scheme, authority: &Authority, named: &Scheme, host: &Authority) -> bool {
    let port = |scheme: &Scheme, authority: &Authority| {
        authority.port_u16().unwrap_or(match scheme.as_str() {
            "https" => 443,
            _ => 80,
        })
    };
    let same_port = port(scheme, authority) == port(named, host);
    let upgraded = scheme == &Scheme::HTTPS
        && named == &Scheme::HTTP
        && port(scheme, authority) == 443
        && port(named, host) == 80;
    !host.as_str().contains('@')
        && authority.host().eq_ignore_ascii_case(host.host())
        && ((scheme == named && same_port) || upgraded)
}

/// Path and query without `.` and `..` segments, and with anything encoded that a URL cannot hold.
fn plain(path_and_query: &str) -> String {
    let (path, query) = match path_and_query.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path_and_query, None),
    };
    let mut segments: Vec<&str> = Vec::new();
    let mut ends_open = false;
    for segment in path.split('/').skip(1) {
        let walked = segment.to_ascii_lowercase().replace("%2e", ".");
        ends_open = matches!(walked.as_str(), "." | "..");
        match walked.as_str() {
            "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    let mut out = String::with_capacity(path_and_query.len() + 1);
    for segment in &segments {
        out.push('/');
        encode(segment, &mut out);
    }
    if segments.is_empty() || ends_open {
        out.push('/');
    }
    if let Some(query) = query {
        out.push('?');
        encode(query, &mut out);
    }
    out
}

/// Encodes what no URL holds, and lets everything else be what it is.
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'Z' | b'_' | b'a'..=b'z' | b'~' | b'[' | b']' => {
                out.push(char::from(byte));
            }
            byte => {
                out.push('%');
                for half in [byte >> 4, byte & 15] {
                    let digit = char::from_digit(u32::from(half), 16).unwrap_or('0');
                    out.push(digit.to_ascii_uppercase());
                }
            }
        }
    }
}

fn refused(message: &str) -> BuildError {
    BuildError::new(BuildErrorKind::NextPage, message)
}
