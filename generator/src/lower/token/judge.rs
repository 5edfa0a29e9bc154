//! The verdict: what an operation is, how sure that is, and why.

use super::answer::Answer;
use super::asked::{self, Asked};
use super::words::{self, Named, Said};
use crate::model::{Confidence, InputPlace, InputRole, Operation, TokenKind, TokenPlace};

/// How an operation is secured, seen beside the others of its API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It needs nothing, and others do.
    Open,
    /// Nothing in the document needs anything, or no operation says so.
    Unsaid,
    /// By Basic, and others are secured otherwise.
    BasicApart,
    /// By Basic among others, as the rest of the API is.
    Basic,
    /// In another way.
    Secured,
}

/// Everything that is known about an operation before the verdict.
pub(super) struct Evidence<'a> {
    pub(super) operation: &'a Operation,
    pub(super) asked: &'a [Asked],
    pub(super) answer: &'a Answer,
    pub(super) standing: Standing,
    /// A person is asked for consent here.
    pub(super) asks_for_consent: bool,
    /// What a flow's `tokenUrl` says: the scheme, and whether the URL is just that of the operation.
    pub(super) flow: Option<&'a (String, bool)>,
}

/// A verdict.
pub(super) struct Verdict {
    pub(super) kind: TokenKind,
    pub(super) confidence: Confidence,
    pub(super) reasons: Vec<String>,
    /// The token, where the answer does not say it plainly.
    pub(super) token: Option<TokenPlace>,
}

/// What the operation's path and name say.
pub(super) struct Names {
    /// The last words of the path.
    path: Said,
    /// The operation's own name.
    own: Said,
    /// The path's last word is a parameter.
    ends_in_parameter: bool,
    /// There is a parameter in the path.
    has_parameter: bool,
    /// The path ends with a plural, to which things are added.
    is_collection: bool,
}

impl Names {
    pub(super) fn of(operation: &Operation) -> Self {
        let path = operation.path.split('?').next().unwrap_or_default();
        let segments: Vec<&str> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let is_parameter = |segment: &&&str| segment.starts_with('{') && segment.ends_with('}');
        let fixed: Vec<&str> = segments
            .iter()
            .filter(|segment| !is_parameter(segment))
            .copied()
            .collect();
        let last = &fixed[fixed.len().saturating_sub(2)..];
        let without_braces = |text: &str| {
            text.split(['{', '}'])
                .step_by(2)
                .collect::<Vec<_>>()
                .join(" ")
        };
        let final_words = fixed
            .last()
            .map(|segment| words::words(&without_braces(segment)))
            .unwrap_or_default();
        Self {
            path: words::said(&without_braces(&last.join(" "))),
            own: words::said(&operation.called.0.join(" ")),
            ends_in_parameter: segments
                .last()
                .is_some_and(|segment| is_parameter(&segment)),
            has_parameter: path.contains('{'),
            is_collection: final_words
                .last()
                .is_some_and(|word| word == "tokens" || word.ends_with("tokens")),
        }
    }

    fn speak(&self) -> bool {
        let any = |said: &Said| said.login || said.token || said.other_token;
        any(&self.path) || any(&self.own)
    }

    /// They speak of a login or a token for whoever asks.
    fn speak_plainly(&self) -> bool {
        (self.path.login || self.path.token || self.own.token || self.own.login)
            && !self.path.other_token
    }
}

/// Decides. `None`: the operation hands out no token.
pub(super) fn judge(evidence: &Evidence<'_>) -> Option<Verdict> {
    let names = Names::of(evidence.operation);
    by_flow(evidence)
        .or_else(|| by_grant(evidence, &names))
        .or_else(|| {
            let against = names.path.against || names.own.against;
            let readable = matches!(evidence.operation.method.as_str(), "GET" | "POST" | "PUT");
            if against || !readable {
                return None;
            }
            by_credential(evidence, &names).or_else(|| by_text(evidence, &names))
        })
}

/// A flow's `tokenUrl` names it.
fn by_flow(evidence: &Evidence<'_>) -> Option<Verdict> {
    let (scheme, exact) = evidence.flow?;
    if !exact && grant_reason(evidence).is_none() && matches!(evidence.standing, Standing::Secured)
    {
        return None;
    }
    let token = match &evidence.answer.token {
        Some((place, _)) => place.clone(),
        None if evidence.answer.is_unsaid => standard(),
        None => return by_issue(evidence),
    };
    let reason = match exact {
        true => format!("the scheme `{scheme}` names it as its `tokenUrl`"),
        false => format!("the `tokenUrl` of the scheme `{scheme}` ends with its path"),
    };
    let mut reasons = vec![reason];
    reasons.extend(grant_reason(evidence));
    reasons.extend(answer_reason(evidence));
    Some(Verdict {
        kind: TokenKind::OAuth,
        confidence: Confidence::High,
        reasons,
        token: Some(token),
    })
}

/// The answer holds what RFC 6749 (section 5.1) calls the token, though the document does not say so.
fn standard() -> TokenPlace {
    TokenPlace::Body(vec!["access_token".to_owned()])
}

fn by_issue(evidence: &Evidence<'_>) -> Option<Verdict> {
    let token = evidence.answer.refresh_token.clone()?;
    let mut reasons: Vec<String> = grant_reason(evidence).into_iter().collect();
    reasons.push("the answer has nothing but what renews tokens".to_owned());
    Some(Verdict {
        kind: TokenKind::OAuth,
        confidence: Confidence::Medium,
        reasons,
        token: Some(token),
    })
}

/// A grant goes in.
fn by_grant(evidence: &Evidence<'_>, names: &Names) -> Option<Verdict> {
    let grant = grant_reason(evidence)?;
    let method = evidence.operation.method.as_str();
    if !matches!(method, "GET" | "POST" | "PUT") {
        return None;
    }
    let token = match &evidence.answer.token {
        Some((place, _)) => place.clone(),
        None if evidence.answer.is_unsaid
            && names.speak()
            && !(names.path.against || names.own.against) =>
        {
            standard()
        }
        None => return by_issue(evidence),
    };
    let confidence = match &evidence.answer.token {
        Some(_) => Confidence::High,
        None => Confidence::Medium,
    };
    let mut reasons = vec![grant];
    if evidence.answer.is_unsaid {
        reasons.push(
            "the document does not say what the answer holds; RFC 6749, section 5.1 does"
                .to_owned(),
        );
    }
    reasons.extend(answer_reason(evidence));
    Some(Verdict {
        kind: TokenKind::OAuth,
        confidence,
        reasons,
        token: Some(token),
    })
}

/// A credential goes in, or none is needed, and a token comes out.
fn by_credential(evidence: &Evidence<'_>, names: &Names) -> Option<Verdict> {
    let (place, named) = evidence.answer.token.as_ref()?;
    let strong = evidence.answer.is_strong();
    let is_deep = matches!(place, TokenPlace::Body(path) if path.len() > 2);
    let fits = match is_deep {
        true => names.path.token || names.own.token || (names.speak() && proves_at_once(evidence)),
        false => {
            names.speak()
                || (strong && (proves_at_once(evidence) || is_bare_answer(evidence, place)))
        }
    };
    if !fits || evidence.asks_for_consent {
        return None;
    }
    let proof = proves(evidence).or_else(|| exchanged(evidence, names));
    let by_word = names.path.token || names.own.token || !names.has_parameter;
    let bare = names.speak_plainly() && !names.is_collection && !evidence.answer.is_resource;
    let (kind, reason) = match (proof, evidence.standing) {
        (Some(proof), _) => (TokenKind::Issue, proof),
        (None, Standing::BasicApart) if names.speak_plainly() && by_word => (
            TokenKind::Issue,
            "it is secured by Basic, and the rest of the API is not".to_owned(),
        ),
        (None, Standing::Basic) if names.speak_plainly() && by_word && !names.is_collection => (
            TokenKind::Issue,
            "it can be called with Basic, and its name speaks of a login or a token".to_owned(),
        ),
        (None, Standing::Open) if bare || (strong && !names.has_parameter) => (
            TokenKind::Issue,
            "it needs no security, and other operations do".to_owned(),
        ),
        (None, Standing::Unsaid) if bare && !names.has_parameter => (
            TokenKind::Issue,
            "its name speaks of a login or a token, and the document names no security for it"
                .to_owned(),
        ),
        (None, _) => (
            TokenKind::Mint,
            "no credential goes in: it stands behind security of another kind".to_owned(),
        ),
    };
    let is_read = evidence.operation.method == "GET"
        && (names.is_collection || (names.ends_in_parameter && !strong));
    if kind == TokenKind::Mint && is_read {
        return None;
    }
    let confidence = match (kind, strong, named) {
        (TokenKind::Mint, ..) => Confidence::Medium,
        (_, true, _) => Confidence::High,
        (_, false, _) if proves(evidence).is_some() => Confidence::Medium,
        _ => Confidence::Low,
    };
    let mut reasons = vec![reason];
    reasons.extend(answer_reason(evidence));
    Some(Verdict {
        kind,
        confidence,
        reasons,
        token: Some(place.clone()),
    })
}

/// A password goes in, and one text comes out.
fn by_text(evidence: &Evidence<'_>, names: &Names) -> Option<Verdict> {
    let secret = evidence.asked.iter().any(|asked| {
        matches!(
            asked.input.role,
            InputRole::Password | InputRole::ClientSecret | InputRole::ApiSecret
        )
    });
    if !evidence.answer.is_text
        || evidence.answer.token.is_some()
        || !secret
        || !names.speak_plainly()
    {
        return None;
    }
    let reasons = vec![proves(evidence)?, "the answer is one text".to_owned()];
    Some(Verdict {
        kind: TokenKind::Issue,
        confidence: Confidence::Low,
        reasons,
        token: Some(TokenPlace::WholeBody),
    })
}

/// The credential that goes in.
fn proves(evidence: &Evidence<'_>) -> Option<String> {
    let found: Vec<String> = evidence
        .asked
        .iter()
        .filter(|asked| asked::proves(asked))
        .map(name)
        .collect();
    (!found.is_empty()).then(|| format!("a credential goes in ({})", found.join(", ")))
}

/// Whether something is made that is nothing but a token.
fn is_bare_answer(evidence: &Evidence<'_>, place: &TokenPlace) -> bool {
    let is_outside = matches!(place, TokenPlace::Body(path) if path.len() == 1);
    is_outside && !evidence.answer.is_resource && evidence.operation.method == "POST"
}

/// Whether a credential goes in that stands for itself, and not in some object that is described.
fn proves_at_once(evidence: &Evidence<'_>) -> bool {
    let is_nested =
        |asked: &Asked| matches!(&asked.input.place, InputPlace::Body(path) if path.len() > 1);
    evidence
        .asked
        .iter()
        .any(|asked| asked::proves(asked) && !is_nested(asked))
}

/// The token that is exchanged: by name, or where nothing else secures the operation.
fn exchanged(evidence: &Evidence<'_>, names: &Names) -> Option<String> {
    let open = matches!(evidence.standing, Standing::Open | Standing::Unsaid);
    let token = evidence
        .asked
        .iter()
        .find(|asked| asked.input.role == InputRole::Token)?;
    let by_name = names.path.exchange || names.own.exchange;
    let by_login = open && !names.has_parameter && (names.path.login || names.own.login);
    let checks = names.path.check || names.own.check;
    ((by_name || by_login) && !checks).then(|| format!("another token goes in ({})", name(token)))
}

fn grant_reason(evidence: &Evidence<'_>) -> Option<String> {
    let grant = evidence
        .asked
        .iter()
        .find(|asked| asked.input.role == InputRole::GrantType)?;
    Some(match grant.listed.as_slice() {
        [] => format!("a grant goes in ({})", name(grant)),
        listed => format!("a grant goes in ({}: {})", name(grant), listed.join(", ")),
    })
}

fn answer_reason(evidence: &Evidence<'_>) -> Option<String> {
    let (place, named) = evidence.answer.token.as_ref()?;
    let mut beside = Vec::new();
    if !evidence.answer.lifetimes.is_empty() {
        beside.push("a lifetime");
    }
    if evidence.answer.token_type.is_some() {
        beside.push("a type");
    }
    if evidence.answer.refresh_token.is_some() {
        beside.push("a refresh token");
    }
    let what = match named {
        Named::AccessToken => "an access token",
        Named::Token => "a token",
    };
    let at = match place {
        TokenPlace::Body(path) => format!("`{}`", path.join(".")),
        TokenPlace::Header(name) => format!("header `{name}`"),
        TokenPlace::WholeBody => "the body".to_owned(),
    };
    Some(match beside.as_slice() {
        [] => format!("the answer has {what} ({at})"),
        beside => format!("the answer has {what} ({at}) with {}", beside.join(", ")),
    })
}

fn name(asked: &Asked) -> String {
    match &asked.input.place {
        InputPlace::Body(path) => format!("`{}`", path.join(".")),
        InputPlace::Query(name) => format!("query `{name}`"),
        InputPlace::Header(name) => format!("header `{name}`"),
        InputPlace::Path(name) => format!("path `{name}`"),
    }
}
