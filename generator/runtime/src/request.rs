//! The last step of a call without IO: its parts become an [`http::Request`].

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, COOKIE, HeaderValue};
use zeroize::Zeroizing;

use super::Upload;
use super::call::{Parts, Payload};
use super::client::Danger;
use super::error::{BuildError, BuildErrorKind};
use super::node::Node;
use super::param::{Place, encode};
use super::payload;
use super::security::{
    BasicEncoding, Credential, KeyLocation, SchemeKind, Sinks, Wish, apply, choose,
};
use super::server::{BaseUrl, has_dot_segment};

/// Makes the request of a call, with what the spec says of its operation among the extensions.
pub(super) fn assemble(
    parts: &Parts,
    token: Option<&Credential>,
) -> Result<http::Request<Upload>, BuildError> {
    if let Some(fault) = &parts.fault {
        return Err(fault.clone());
    }
    let shared = &parts.core.0;
    let base = base_of(parts)?;
    let mut headers = shared.headers.clone();
    headers.entry(ACCEPT).or_insert(accept(parts)?);
    if parts.spec.token.is_some() {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.extend(parts.headers.clone());
    let body = payload::body(parts, &mut headers)?;
    let mut query = query_of(parts);
    let mut cookies: Vec<_> = parts.cookies.iter().map(|(_, pair)| pair.clone()).collect();
    let mut sinks = Sinks {
        headers: &mut headers,
        query: &mut query,
        cookies: &mut cookies,
    };
    let is_secret = secure(parts, token, &mut sinks)?;
    if is_secret && shared.plain_http == Danger::Refused && !base.is_confidential() {
        return Err(BuildError::new(
            BuildErrorKind::PlainHttp,
            "this call would show secrets to everybody on the way: use an https URL, or allow it with \
             `danger_allow_http`",
        ));
    }
    if !cookies.is_empty() {
        headers.insert(COOKIE, cookie(&cookies)?);
    }
    let mut request = http::Request::new(body);
    *request.method_mut() = method(parts)?;
    *request.uri_mut() = match &parts.page {
        Some(page) => beside(page, &query)?,
        None => target(parts, &base, &query)?,
    };
    *request.headers_mut() = headers;
    request.extensions_mut().insert(parts.spec);
    Ok(request)
}

pub(super) fn base_of(parts: &Parts) -> Result<BaseUrl, BuildError> {
    let shared = &parts.core.0;
    match &parts.base {
        Some(base) => Ok(base.clone()),
        None => shared.base.resolve(
            parts.server.as_deref(),
            parts.spec.servers,
            shared.api.servers,
        ),
    }
}

/// The pairs of the query but for credentials. The URL of a page that was linked to has those of the call by itself.
fn query_of(parts: &Parts) -> Vec<Zeroizing<String>> {
    let shared = &parts.core.0.extra_query;
    if parts.page.is_some() {
        return shared.clone();
    }
    let given = parts.query.iter().map(|(_, pair)| pair);
    let extra = shared.iter().chain(&parts.extra_query);
    given.chain(extra).cloned().collect()
}

/// The URL that a call goes to, without credentials.
pub(super) fn url_of(parts: &Parts) -> Result<http::Uri, BuildError> {
    match &parts.page {
        Some(page) => Ok(page.clone()),
        None => target(parts, &base_of(parts)?, &query_of(parts)),
    }
}

/// The URL of a page with those pairs in its query that it does not have.
fn beside(page: &http::Uri, query: &[Zeroizing<String>]) -> Result<http::Uri, BuildError> {
    fn name(pair: &str) -> &str {
        pair.split('=').next().unwrap_or_default()
    }
    let mut url = Zeroizing::new(page.to_string());
    let own = page.query().unwrap_or_default();
    let mut before = if page.query().is_some() { '&' } else { '?' };
    for pair in query {
        if own.split('&').all(|known| name(known) != name(pair)) {
            url.push(before);
            url.push_str(pair);
            before = '&';
        }
    }
    url.parse().map_err(|_| {
        BuildError::new(
            BuildErrorKind::NextPage,
            "the URL of the next page is too long",
        )
    })
}

fn method(parts: &Parts) -> Result<http::Method, BuildError> {
    http::Method::from_bytes(parts.spec.method.as_bytes()).map_err(|_| {
        BuildError::new(
            BuildErrorKind::Parameter,
            format!("`{}` cannot be a method", parts.spec.method),
        )
    })
}

/// Whether a token would be among the credentials.
#[cfg(feature = "tokens")]
pub(super) fn needs_token(parts: &Parts) -> bool {
    let shared = &parts.core.0;
    let token = Credential::by_transport();
    let chosen = choose(&Wish {
        alternatives: parts.spec.security,
        of_call: &parts.credentials,
        of_client: &shared.credentials,
        token: Some((&token, shared.api.carrier)),
        body_authenticates: body_authenticates(parts),
    });
    let is_token = |(_, credential): &(_, &Credential)| std::ptr::eq(*credential, &raw const token);
    !parts.headers.contains_key(AUTHORIZATION)
        && chosen.is_ok_and(|chosen| chosen.iter().any(is_token))
}

/// Applies the credentials; says whether the request holds a secret now.
fn secure(
    parts: &Parts,
    token: Option<&Credential>,
    sinks: &mut Sinks<'_>,
) -> Result<bool, BuildError> {
    let shared = &parts.core.0;
    let by_hand = sinks.headers.contains_key(AUTHORIZATION);
    let body_authenticates = body_authenticates(parts);
    if by_hand && body_authenticates {
        return Err(BuildError::new(
            BuildErrorKind::TwoCredentials,
            "this call has an `Authorization` header and a client secret in its body: leave one of them off \
             (RFC 6749, section 2.3)",
        ));
    }
    let chosen = choose(&Wish {
        alternatives: parts.spec.security,
        of_call: &parts.credentials,
        of_client: &shared.credentials,
        token: token.map(|token| (token, shared.api.carrier)),
        body_authenticates,
    })?;
    let encoding = match parts.spec.token {
        Some(_) => shared.basic_encoding,
        None => BasicEncoding::Raw,
    };
    for (scheme, credential) in &chosen {
        let in_query = matches!(
            scheme.kind,
            SchemeKind::ApiKey {
                location: KeyLocation::Query,
                ..
            }
        );
        if in_query && shared.secret_in_query == Danger::Refused {
            return Err(BuildError::new(
                BuildErrorKind::CredentialInQuery,
                format!(
                    "`{}` puts its key into the URL, where servers and proxies log it: allow it with \
                     `danger_allow_secret_in_query`",
                    scheme.name
                ),
            ));
        }
        apply(scheme, credential, encoding, sinks)?;
    }
    Ok(by_hand || !chosen.is_empty() || parts.spec.token.is_some())
}

/// Whether the body of a token call holds one of the client's secrets.
fn body_authenticates(parts: &Parts) -> bool {
    let (Some(token), Payload::Json(json)) = (&parts.spec.token, &parts.body) else {
        return false;
    };
    if token.body_credentials.is_empty() {
        return false;
    }
    let Some(Node::Object(members, _)) = Node::parse(json) else {
        return false;
    };
    members.iter().any(|(name, value)| {
        let is_set = value.text().is_some_and(|text| !text.is_empty());
        is_set && token.body_credentials.contains(&name.as_str())
    })
}

fn accept(parts: &Parts) -> Result<HeaderValue, BuildError> {
    match parts.spec.response_types {
        [] if parts.spec.token.is_some() => Ok(HeaderValue::from_static("application/json")),
        [] => Ok(HeaderValue::from_static("*/*")),
        [one] => header_value("Accept", one),
        several => header_value("Accept", &several.join(", ")),
    }
}

fn cookie(cookies: &[Zeroizing<String>]) -> Result<HeaderValue, BuildError> {
    let texts: Vec<&str> = cookies.iter().map(|cookie| cookie.as_str()).collect();
    let mut value = header_value("Cookie", &Zeroizing::new(texts.join("; ")))?;
    value.set_sensitive(true);
    Ok(value)
}

fn header_value(name: &str, value: &str) -> Result<HeaderValue, BuildError> {
    HeaderValue::from_str(value).map_err(|_| {
        BuildError::new(
            BuildErrorKind::Header,
            format!("`{name}` has characters that cannot be sent"),
        )
    })
}

/// The URL: base, filled path, and queries from the path, the parameters and the credentials.
fn target(
    parts: &Parts,
    base: &BaseUrl,
    query: &[Zeroizing<String>],
) -> Result<http::Uri, BuildError> {
    let template = parts.spec.path.split('#').next().unwrap_or_default();
    let (path, fixed_query) = match template.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (template, None),
    };
    let mut target = Zeroizing::new(String::with_capacity(128));
    fill(parts, path, &mut target)?;
    if has_dot_segment(&target) {
        return Err(BuildError::new(
            BuildErrorKind::Parameter,
            "a path parameter is `.` or `..`, which would call another path",
        ));
    }
    let mut before = '?';
    if let Some(fixed) = fixed_query.filter(|fixed| !fixed.is_empty()) {
        target.push(before);
        before = '&';
        fill(parts, fixed, &mut target)?;
    }
    for pair in query {
        target.push(before);
        before = '&';
        target.push_str(pair);
    }
    let url = Zeroizing::new(base.join(&target).into_bytes());
    http::Uri::from_maybe_shared(Bytes::from_owner(url)).map_err(|_| {
        BuildError::new(
            BuildErrorKind::Parameter,
            "the URL of this call is too long or has no valid form",
        )
    })
}

/// Copies a template onto `out` with its `{name}`s filled and anything that a URL cannot hold encoded.
fn fill(parts: &Parts, template: &str, out: &mut String) -> Result<(), BuildError> {
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        encode_literal(literal, out);
        let value = parts.path.iter().find(|(given, _)| *given == name);
        match value {
            Some((_, value)) if !value.is_empty() => out.push_str(value),
            _ => {
                let message = format!("the path parameter `{name}` is missing or empty");
                return Err(BuildError::new(BuildErrorKind::Parameter, message));
            }
        }
        rest = behind;
    }
    encode_literal(rest, out);
    Ok(())
}

/// Text of the spec's own: only what has no place in a path or query (RFC 3986, section 3.3) is encoded.
fn encode_literal(text: &str, out: &mut String) {
    let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"/:@!$&'()*+,;=?%-._~".contains(&byte);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !stays(byte)) {
        let (plain, other) = rest.split_at(at);
        out.push_str(plain);
        let length = other.chars().next().map_or(0, char::len_utf8);
        encode(Place::Path, &other[..length], out);
        rest = &other[length..];
    }
    out.push_str(rest);
}
