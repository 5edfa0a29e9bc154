//! What a fake looks at before it answers: credentials, and what the description says of a request.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;

use super::super::json::write_text;
use super::super::param::{Explode, Style};
use super::super::rules::{Input, Walk};
use super::super::security::{KeyLocation, Scheme, SchemeKind};
use super::super::{DecodeError, Value};
use super::received::{Received, read_slot};
use super::spec::{FakeParam, FakeSpec, Need, Shape};

/// Why a request is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) kind: RefusalKind,
    pub(super) why: String,
}

/// What kind of refusal it is, which the status follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefusalKind {
    Credentials,
    MediaType,
    Request,
}

impl RefusalKind {
    /// The statuses that say it, the best first.
    pub(super) fn statuses(self) -> &'static [u16] {
        match self {
            Self::Credentials => &[401, 403, 422, 400],
            Self::MediaType => &[415, 400, 422],
            Self::Request => &[400, 422],
        }
    }
}

fn refuse(kind: RefusalKind, why: impl Into<String>) -> Result<(), Refusal> {
    let why = why.into();
    Err(Refusal { kind, why })
}

/// Looks at a request.
pub(super) fn check(fake: &FakeSpec, received: &Received) -> Result<(), Refusal> {
    check_credentials(fake, received)?;
    check_media_type(fake, received)?;
    let mut known = Vec::new();
    for param in fake.params {
        known.extend(check_param(param, received)?.map(|json| (param.input, json)));
    }
    known.extend(check_body(fake, received)?.map(|json| (Input::Body, json)));
    check_rules(fake, received, &known)
}

fn check_credentials(fake: &FakeSpec, received: &Received) -> Result<(), Refusal> {
    let alternatives = fake.spec.security;
    let in_body = || {
        let members = fake
            .spec
            .token
            .iter()
            .flat_map(|token| token.body_credentials);
        let body = read_slot::<Value>(received).unwrap_or_default();
        let is_set = |member: &&str| body.get(member).is_some_and(|value| *value != "");
        members.into_iter().any(is_set)
    };
    let fits = |scheme: &&Scheme| {
        is_credential(scheme, received) || (matches!(scheme.kind, SchemeKind::Basic) && in_body())
    };
    let is_met = |all: &&[&Scheme]| all.iter().all(fits);
    if alternatives.is_empty() || alternatives.iter().any(is_met) {
        return Ok(());
    }
    let names = |all: &&[&Scheme]| {
        let names: Vec<&str> = all.iter().map(|scheme| scheme.name).collect();
        names.join(" and ")
    };
    let names: Vec<String> = alternatives.iter().map(names).collect();
    let why = format!("it needs credentials for {}", names.join(", or for "));
    refuse(RefusalKind::Credentials, why)
}

/// Whether a request has something that is a credential of the scheme by its looks.
fn is_credential(scheme: &Scheme, received: &Received) -> bool {
    let authorized = |name: &str| {
        let value = received.header(AUTHORIZATION.as_str())?;
        let (found, rest) = value.split_once(' ')?;
        let rest = rest.trim();
        (found.eq_ignore_ascii_case(name) && !rest.is_empty()).then_some(rest)
    };
    match scheme.kind {
        SchemeKind::ApiKey { location, name } => {
            let key = match location {
                KeyLocation::Header => received.header(name),
                KeyLocation::Query => received.query(name),
                KeyLocation::Cookie => received.cookie(name),
            };
            key.is_some_and(|key| !key.is_empty())
        }
        SchemeKind::Basic => authorized("Basic")
            .and_then(|pair| STANDARD.decode(pair).ok())
            .is_some_and(|pair| pair.contains(&b':')),
        SchemeKind::Bearer => authorized("Bearer").is_some(),
        SchemeKind::Http(name) => authorized(name).is_some(),
        SchemeKind::MutualTls => true,
    }
}

fn check_media_type(fake: &FakeSpec, received: &Received) -> Result<(), Refusal> {
    let declared = fake.spec.request_types;
    if declared.is_empty() || received.bytes().is_empty() {
        return Ok(());
    }
    let sent = received.media_type();
    if declared.iter().any(|range| covers(range, sent)) {
        return Ok(());
    }
    let why = format!("its body is none of {}", declared.join(", "));
    refuse(RefusalKind::MediaType, why)
}

/// Whether a media type is one of a range, parameters aside (RFC 9110, section 12.5.1).
pub(super) fn covers(range: &str, media_type: &str) -> bool {
    let (range, media_type) = (essence(range), essence(media_type));
    match range.strip_suffix('*') {
        Some("*/") => true,
        Some(kind) if kind.ends_with('/') => media_type.starts_with(kind),
        _ => range == media_type,
    }
}

fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Looks at a parameter, and gives its JSON where it has one that can be looked at.
fn check_param(param: &FakeParam, received: &Received) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(texts) = texts(param, received) else {
        if param.need == Need::Required {
            refuse(
                RefusalKind::Request,
                format!("{} is missing", place(param.input)),
            )?;
        }
        return Ok(None);
    };
    let Some(json) = json_of(param, &texts) else {
        return Ok(None);
    };
    match (param.read)(&json) {
        Ok(json) => Ok(Some(json)),
        Err(error) => {
            let why = format!("{}: {}", place(param.input), error.problem());
            refuse(RefusalKind::Request, why)?;
            Ok(None)
        }
    }
}

fn place(input: Input) -> String {
    match input {
        Input::Path(name) => format!("the path parameter `{name}`"),
        Input::Query(name) => format!("the query parameter `{name}`"),
        Input::Header(name) => format!("the header `{name}`"),
        Input::Cookie(name) => format!("the cookie `{name}`"),
        _ => "the body".to_owned(),
    }
}

/// What was sent as a parameter; `None` if nothing was.
fn texts<'r>(param: &FakeParam, received: &'r Received) -> Option<Vec<Cow<'r, str>>> {
    let one = |text: Option<&'r str>| text.map(|text| vec![Cow::Borrowed(text)]);
    match param.input {
        Input::Path(name) => one(received.path(name)),
        Input::Header(name) => one(received.header(name)),
        Input::Cookie(name) => one(received.cookie(name)),
        Input::Query(name) => {
            let own = received.query_all(name);
            let inner = |(found, _): &(String, String)| {
                found
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('['))
            };
            let is_spread = param.shape == Shape::Other && param.explode == Explode::Yes;
            if own.is_empty() && (is_spread || received.pairs().iter().any(inner)) {
                return Some(Vec::new());
            }
            let own: Vec<_> = own.into_iter().map(Cow::Borrowed).collect();
            (!own.is_empty()).then_some(own)
        }
        Input::Body | Input::BodyAs(_) => None,
    }
}

/// The JSON of what was sent, with texts in place of all scalars; `None` if nobody can tell.
fn json_of(param: &FakeParam, texts: &[Cow<'_, str>]) -> Option<Vec<u8>> {
    let [first, ..] = texts else { return None };
    if param.style == Style::Json {
        return Some(first.as_bytes().to_vec());
    }
    let between = match param.style {
        Style::Simple | Style::Form | Style::Cookie => ',',
        Style::Text if param.shape == Shape::One => ',',
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        Style::TabDelimited => '\t',
        _ => return None,
    };
    let mut json = Vec::new();
    match param.shape {
        Shape::One | Shape::Wide if first.is_empty() => return None,
        Shape::One | Shape::Wide => write_text(first, &mut json),
        Shape::Many => {
            let in_query = matches!(param.input, Input::Query(_) | Input::Cookie(_));
            let items: Vec<&str> = if in_query && param.explode == Explode::Yes {
                texts.iter().map(AsRef::as_ref).collect()
            } else {
                first.split(between).map(str::trim).collect()
            };
            for (index, item) in items.into_iter().enumerate() {
                json.push(if index == 0 { b'[' } else { b',' });
                write_text(item, &mut json);
            }
            json.push(b']');
        }
        Shape::Other => return None,
    }
    Some(json)
}

fn check_body(fake: &FakeSpec, received: &Received) -> Result<Option<Vec<u8>>, Refusal> {
    if received.bytes().is_empty() {
        if fake.body.need == Need::Required {
            refuse(RefusalKind::Request, "it has no body")?;
        }
        return Ok(None);
    }
    let unfit = |error: DecodeError| Refusal {
        kind: RefusalKind::Request,
        why: format!("the body: {error}"),
    };
    (fake.body.read)(received).map_err(unfit)
}

fn check_rules(
    fake: &FakeSpec,
    received: &Received,
    known: &[(Input, Vec<u8>)],
) -> Result<(), Refusal> {
    let mut walk = Walk::default();
    for (input, rules) in (fake.rules)() {
        let about = match input {
            Input::BodyAs(media_type) if covers(media_type, received.media_type()) => Input::Body,
            input => *input,
        };
        if let Some((_, json)) = known.iter().find(|(known, _)| *known == about) {
            walk.json(&place(about), json, rules);
        }
    }
    match walk.finish() {
        Ok(()) => Ok(()),
        Err(violations) => refuse(RefusalKind::Request, violations.to_string()),
    }
}
