//! What became of the ways to authenticate.

use super::{Effect, Finding, Kind, Place, Turn};
use crate::model::{Api, Flow, Location, SchemeKind, SecurityScheme};
use crate::plan::doc_code;

/// Compares the schemes of two states.
pub(super) fn compare(old: &Api, new: &Api, found: &mut Vec<Finding>) {
    for before in &old.schemes {
        let mut news = new.schemes.iter();
        match news.find(|after| after.wire_name == before.wire_name) {
            Some(after) => scheme(before, after, found),
            None => found.push(finding(
                before,
                Kind::SchemeRemoved,
                "is gone",
                Turn::Changed,
            )),
        }
    }
    for after in &new.schemes {
        if !old
            .schemes
            .iter()
            .any(|one| one.wire_name == after.wire_name)
        {
            let message = format!("is new: {}", words(&after.kind));
            found.push(finding(after, Kind::SchemeAdded, message, Turn::Changed));
            if is_in_query(&after.kind) {
                let message = "its key goes into the URL, where logs keep it";
                found.push(finding(after, Kind::SecretInQuery, message, Turn::Weaker));
            }
        }
    }
}

fn finding(scheme: &SecurityScheme, kind: Kind, message: impl Into<String>, turn: Turn) -> Finding {
    Finding::new(kind, Place::Scheme(scheme.wire_name.clone()), message)
        .at(&scheme.at)
        .security(turn)
}

fn scheme(old: &SecurityScheme, new: &SecurityScheme, found: &mut Vec<Finding>) {
    if old.kind == new.kind {
        return;
    }
    match (&old.kind, &new.kind) {
        (SchemeKind::OAuth2(before), SchemeKind::OAuth2(after)) => {
            flows(new, before, after, found);
        }
        (SchemeKind::OpenIdConnect(before), SchemeKind::OpenIdConnect(after)) => {
            moved(new, "the OpenID Connect URL", before, after, found);
        }
        _ => {
            let message = format!("is {} instead of {}", words(&new.kind), words(&old.kind));
            let (kind, turn) = match strength(&new.kind).cmp(&strength(&old.kind)) {
                std::cmp::Ordering::Less => (Kind::SchemeWeakened, Turn::Weaker),
                _ => (Kind::SchemeChanged, Turn::Changed),
            };
            found.push(finding(new, kind, message, turn).wire(Effect::Breaking));
            if is_in_query(&new.kind) && !is_in_query(&old.kind) {
                let message = "its key goes into the URL, where logs keep it";
                found.push(finding(new, Kind::SecretInQuery, message, Turn::Weaker));
            }
        }
    }
}

fn is_in_query(kind: &SchemeKind) -> bool {
    matches!(
        kind,
        SchemeKind::ApiKey {
            location: Location::Query,
            ..
        }
    )
}

/// How well a way to authenticate keeps its secret, the more the better: certificates never send it, tokens run
/// out, digests hide it, keys and passwords go as they are, and what stands in a URL is in every log.
pub(super) fn strength(kind: &SchemeKind) -> u8 {
    match kind {
        SchemeKind::MutualTls => 6,
        SchemeKind::OAuth2(_) | SchemeKind::OpenIdConnect(_) => 5,
        SchemeKind::Bearer => 4,
        SchemeKind::OtherHttp(_) => 3,
        SchemeKind::ApiKey { location, .. } => match location {
            Location::Query | Location::Path => 0,
            Location::Header | Location::Cookie => 2,
        },
        SchemeKind::Basic => 1,
    }
}

/// What a way to authenticate is called.
pub(super) fn words(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey {
            location,
            wire_name,
        } => format!(
            "a key in the {} {}",
            super::places::in_words(*location),
            doc_code(wire_name)
        ),
        SchemeKind::Basic => "HTTP Basic".to_owned(),
        SchemeKind::Bearer => "HTTP Bearer".to_owned(),
        SchemeKind::OtherHttp(name) => format!("HTTP {}", doc_code(name)),
        SchemeKind::OAuth2(_) => "OAuth 2".to_owned(),
        SchemeKind::OpenIdConnect(_) => "OpenID Connect".to_owned(),
        SchemeKind::MutualTls => "a client certificate".to_owned(),
    }
}

fn flows(scheme: &SecurityScheme, old: &[Flow], new: &[Flow], found: &mut Vec<Finding>) {
    for before in old {
        match new.iter().find(|after| after.kind == before.kind) {
            Some(after) => flow(scheme, before, after, found),
            None => {
                let message = format!("the flow {} is gone", doc_code(&before.kind));
                let finding = finding(scheme, Kind::SchemeChanged, message, Turn::Changed);
                found.push(finding.wire(Effect::Breaking));
            }
        }
    }
    for after in new {
        if old.iter().any(|before| before.kind == after.kind) {
            continue;
        }
        let message = format!("the flow {} is new", doc_code(&after.kind));
        // what RFC 9700 (sections 2.1.2 and 2.4) says not to use
        let is_weak = matches!(after.kind.as_str(), "implicit" | "password");
        let (kind, turn) = match is_weak {
            true => (Kind::SchemeWeakened, Turn::Weaker),
            false => (Kind::SchemeChanged, Turn::Changed),
        };
        found.push(finding(scheme, kind, message, turn).wire(Effect::Compatible));
    }
}

fn flow(scheme: &SecurityScheme, old: &Flow, new: &Flow, found: &mut Vec<Finding>) {
    let urls = [
        ("token URL", &old.token_url, &new.token_url),
        ("refresh URL", &old.refresh_url, &new.refresh_url),
        (
            "authorization URL",
            &old.authorization_url,
            &new.authorization_url,
        ),
    ];
    for (what, before, after) in urls {
        let text = |url: &Option<String>| url.clone().unwrap_or_default();
        let what = format!("the {what} of the flow {}", doc_code(&new.kind));
        moved(scheme, &what, &text(before), &text(after), found);
    }
    let scopes = |flow: &Flow| -> Vec<String> {
        flow.scopes.iter().map(|(scope, _)| scope.clone()).collect()
    };
    let (before, after) = (scopes(old), scopes(new));
    let list = |scopes: Vec<&String>| {
        let scopes: Vec<String> = scopes.into_iter().map(|scope| doc_code(scope)).collect();
        scopes.join(", ")
    };
    let came: Vec<&String> = after.iter().filter(|one| !before.contains(one)).collect();
    let gone: Vec<&String> = before.iter().filter(|one| !after.contains(one)).collect();
    let flow = doc_code(&new.kind);
    if !came.is_empty() {
        let message = format!("the flow {flow} knows more scopes: {}", list(came));
        found.push(finding(scheme, Kind::ScopesWidened, message, Turn::Changed));
    }
    if !gone.is_empty() {
        let message = format!("the flow {flow} no longer knows the scopes {}", list(gone));
        let finding = finding(scheme, Kind::ScopesNarrowed, message, Turn::Changed);
        found.push(finding.wire(Effect::Breaking));
    }
}

fn moved(scheme: &SecurityScheme, what: &str, old: &str, new: &str, found: &mut Vec<Finding>) {
    if old == new {
        return;
    }
    let text = |url: &str| match url {
        "" => "none".to_owned(),
        url => doc_code(url),
    };
    let message = format!("{what} is {} instead of {}", text(new), text(old));
    let effect = match old {
        "" => Effect::Compatible,
        _ => Effect::Breaking,
    };
    let finding = finding(scheme, Kind::TokenUrlMoved, message, Turn::Weaker);
    found.push(finding.wire(effect));
}
