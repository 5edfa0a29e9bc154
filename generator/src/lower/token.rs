//! Token endpoints: which operations hand out tokens, and where everything is in what they take and give.
//!
//! All of it is inferred from what the document says of an operation: whether a flow's `tokenUrl` names it, whether a
//! grant or a credential goes in and a token comes out, how it is secured beside the rest of the API, and what it is
//! called. `x-specmint-token` settles what cannot be inferred.

mod answer;
mod asked;
mod flow;
mod judge;
mod lifetime;
mod members;
mod refresh;
mod said;
mod words;

use std::collections::HashMap;

use serde_json::Value;

use super::Lower;
use super::secret::plain;
use crate::diag::Code;
use crate::model::{
    ClientAuth, Confidence, InputPlace, InputRole, Location, Operation, SchemeKind, SecurityScheme,
    Server, TokenCall, TokenCarrier, TokenKind, TokenLifetime, TokenPlace, TokenProfile, Type,
};
use answer::Answer;
use asked::Asked;
use judge::{Evidence, Standing, Verdict};

/// Request members that authenticate the client; an identifier alone does not.
const CLIENT: [&str; 2] = ["clientsecret", "clientassertion"];

/// What is known of an operation that hands out tokens.
struct Found {
    asked: Vec<Asked>,
    answer: Answer,
    verdict: Verdict,
}

/// The extension `x-specmint-token` by the index of the operation that has it.
pub(super) type Extensions = HashMap<usize, Value>;

/// The extension among those of an operation.
pub(super) fn extension(extensions: &indexmap::IndexMap<String, Value>) -> Option<&Value> {
    extensions.get(said::NAME)
}

/// Marks the operations that hand out tokens.
pub(super) fn recognise(cx: &mut Lower<'_>, servers: &[Server], operations: &mut [Operation]) {
    let extensions = std::mem::take(&mut cx.tokens);
    let named = flow::named_by_flows(cx, servers, operations);
    let usual = Usual {
        security: usual_security(operations),
        params: asked::Usual::of(operations),
    };
    let mut said: HashMap<usize, said::Said> = HashMap::new();
    let mut found: Vec<Option<Found>> = Vec::with_capacity(operations.len());
    for (index, operation) in operations.iter().enumerate() {
        let extension = extensions.get(&index);
        if let Some(read) = extension.and_then(|value| settled(cx, operation, value)) {
            said.insert(index, read);
        }
        let types = &cx.schemas.types;
        found.push(match extension {
            Some(Value::Bool(false)) => None,
            _ => look(
                cx,
                types,
                operation,
                named.get(&index),
                &usual,
                said.get(&index),
            ),
        });
    }
    let refreshes: Vec<_> = (0..operations.len())
        .map(|index| refresh::of(operations, &found, index))
        .collect();
    for (index, (known, refresh)) in found.into_iter().zip(refreshes).enumerate() {
        let Some(known) = known else { continue };
        let operation = &operations[index];
        let mut call = call(cx, operation, known);
        call.profile.refresh = refresh;
        if let Some(said) = said.remove(&index) {
            said.settle(&mut call);
        }
        operations[index].token = Some(call);
    }
}

/// Reads the extension, and reports what is wrong with it.
fn settled(cx: &mut Lower<'_>, operation: &Operation, value: &Value) -> Option<said::Said> {
    let at = operation.at.push(said::NAME);
    let Value::Object(members) = value else {
        if *value != Value::Bool(false) {
            let message = "it is `false`, or an object that says where the token is".to_owned();
            cx.schemas
                .diags
                .report(Code::InvalidTokenProfile, &at, message);
        }
        return None;
    };
    let mut faults = Vec::new();
    let read = said::read(members, &mut faults);
    for (key, wanted) in faults {
        let message = format!("`{key}` cannot be read; it must be {wanted}");
        cx.schemas
            .diags
            .report(Code::InvalidTokenProfile, &at.push(&key), message);
    }
    Some(read)
}

/// Looks at one operation.
fn look(
    cx: &Lower<'_>,
    types: &[Type],
    operation: &Operation,
    flow: Option<&(String, bool)>,
    usual: &Usual,
    said: Option<&said::Said>,
) -> Option<Found> {
    let answer = answer::read(types, &operation.responses);
    let asked = asked::read(types, operation, &usual.params);
    let standing = standing(&cx.schemes, operation, &usual.security);
    let evidence = Evidence {
        operation,
        asked: &asked,
        answer: &answer,
        standing,
        asks_for_consent: asked::asks_for_consent(types, operation),
        flow,
    };
    let verdict = judge::judge(&evidence);
    let verdict = match (verdict, said) {
        (Some(verdict), _) => verdict,
        (None, None) => return None,
        (None, Some(said)) => Verdict {
            kind: said.kind().unwrap_or(TokenKind::Issue),
            confidence: Confidence::Said,
            reasons: Vec::new(),
            token: said
                .token()
                .cloned()
                .or_else(|| answer.token.as_ref().map(|(place, _)| place.clone())),
        },
    };
    Some(Found {
        asked,
        answer,
        verdict,
    })
}

/// Makes the profile of what was found.
fn call(cx: &Lower<'_>, operation: &Operation, found: Found) -> TokenCall {
    let Found {
        asked,
        answer,
        verdict,
    } = found;
    let body_credentials = asked.iter().filter_map(|asked| match &asked.input.place {
        InputPlace::Body(path) => path
            .last()
            .filter(|name| CLIENT.contains(&plain(name).as_str()))
            .cloned(),
        _ => None,
    });
    let body_credentials = body_credentials.collect();
    let mut lifetimes = answer.lifetimes;
    let jwt = answer.is_jwt || speaks_of_jwt(cx, operation);
    if jwt && lifetimes.is_empty() {
        lifetimes.push(TokenLifetime::InToken);
    }
    let mut refresh_lifetimes = answer.refresh_lifetimes;
    if jwt && refresh_lifetimes.is_empty() && answer.refresh_token.is_some() {
        refresh_lifetimes.push(TokenLifetime::InToken);
    }
    let token = verdict
        .token
        .unwrap_or_else(|| TokenPlace::Body(vec!["access_token".to_owned()]));
    let client_auth = client_auth(&cx.schemes, operation, &asked);
    let profile = TokenProfile {
        statuses: answer.statuses,
        refresh_token: answer.refresh_token.filter(|place| *place != token),
        token,
        lifetimes,
        token_type: answer.token_type,
        refresh_lifetimes,
        scope: answer.scope,
        success: answer.success,
        inputs: asked.into_iter().map(|asked| asked.input).collect(),
        client_auth,
        refresh: None,
        carrier: carrier(&cx.schemes, operation),
    };
    TokenCall {
        kind: verdict.kind,
        confidence: verdict.confidence,
        reasons: verdict.reasons,
        body_credentials,
        profile,
    }
}

/// Whether the operation, its tags or the schemes of the API speak of JWTs.
fn speaks_of_jwt(cx: &Lower<'_>, operation: &Operation) -> bool {
    let tags = cx
        .document
        .openapi
        .tags
        .iter()
        .filter(|tag| operation.tags.contains(&tag.name));
    let tags = tags.filter_map(|tag| tag.description.as_deref());
    let formats = cx
        .components
        .security_schemes
        .values()
        .filter_map(|scheme| match scheme {
            openapiv3::ReferenceOr::Item(openapiv3::SecurityScheme::HTTP {
                bearer_format, ..
            }) => bearer_format.as_deref(),
            _ => None,
        });
    let own = [&operation.docs.summary, &operation.docs.description];
    own.into_iter()
        .filter_map(|text| text.as_deref())
        .chain(tags)
        .chain(formats)
        .any(answer::is_jwt)
}

/// How the client of an operation proves who it is.
fn client_auth(
    schemes: &[SecurityScheme],
    operation: &Operation,
    asked: &[Asked],
) -> Vec<ClientAuth> {
    let mut ways = Vec::new();
    for requirement in operation.security.iter().flatten() {
        let scheme = schemes
            .iter()
            .find(|scheme| scheme.wire_name == requirement.scheme);
        let way = match scheme.map(|scheme| &scheme.kind) {
            Some(SchemeKind::Basic) => ClientAuth::Basic(requirement.scheme.clone()),
            _ => ClientAuth::Scheme(requirement.scheme.clone()),
        };
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    let proves = |asked: &Asked| {
        matches!(
            asked.input.role,
            InputRole::ClientSecret | InputRole::ApiSecret | InputRole::ApiKey
        )
    };
    if asked.iter().any(proves) {
        ways.push(ClientAuth::Members);
    }
    ways
}

/// The API key that the token is, where the API has no bearer scheme.
fn carrier(schemes: &[SecurityScheme], operation: &Operation) -> Option<TokenCarrier> {
    let bearer = schemes.iter().any(|scheme| {
        matches!(
            scheme.kind,
            SchemeKind::Bearer | SchemeKind::OAuth2(_) | SchemeKind::OpenIdConnect(_)
        )
    });
    if bearer {
        return None;
    }
    let own = |scheme: &SecurityScheme| {
        let mut needed = operation.security.iter().flatten();
        needed.any(|requirement| requirement.scheme == scheme.wire_name)
    };
    let mut fitting =
        schemes
            .iter()
            .filter(|scheme| !own(scheme))
            .filter_map(|scheme| match &scheme.kind {
                SchemeKind::ApiKey {
                    location: Location::Header,
                    wire_name,
                } => {
                    let name = plain(wire_name);
                    let said = scheme.description.as_deref().unwrap_or_default();
                    let fits = name == "authorization"
                        || ["token", "session", "jwt", "auth"]
                            .iter()
                            .any(|word| name.contains(word));
                    let raw =
                        name != "authorization" || (!said.is_empty() && !said.contains("earer"));
                    let prefix = if raw { "" } else { "Bearer " };
                    fits.then(|| TokenCarrier {
                        scheme: scheme.wire_name.clone(),
                        prefix: prefix.to_owned(),
                    })
                }
                _ => None,
            });
    match (fitting.next(), fitting.next()) {
        (Some(carrier), None) => Some(carrier),
        _ => None,
    }
}

/// What is usual in an API.
struct Usual {
    security: UsualSecurity,
    params: asked::Usual,
}

/// How many operations of an API each scheme secures.
struct UsualSecurity {
    secured: usize,
    by_scheme: HashMap<String, usize>,
}

fn usual_security(operations: &[Operation]) -> UsualSecurity {
    let mut usual = UsualSecurity {
        secured: 0,
        by_scheme: HashMap::new(),
    };
    for operation in operations.iter().filter(|operation| is_secured(operation)) {
        usual.secured += 1;
        for requirement in operation.security.iter().flatten() {
            *usual
                .by_scheme
                .entry(requirement.scheme.clone())
                .or_default() += 1;
        }
    }
    usual
}

fn is_secured(operation: &Operation) -> bool {
    !operation.security.is_empty() && !operation.security.iter().any(Vec::is_empty)
}

fn standing(schemes: &[SecurityScheme], operation: &Operation, usual: &UsualSecurity) -> Standing {
    if !is_secured(operation) {
        return match usual.secured {
            0 => Standing::Unsaid,
            _ => Standing::Open,
        };
    }
    let is_basic = |name: &str| {
        let mut known = schemes.iter().filter(|scheme| scheme.wire_name == name);
        known.any(|scheme| scheme.kind == SchemeKind::Basic)
    };
    let basic: Vec<&str> = {
        let needed = operation.security.iter().flatten();
        needed
            .map(|requirement| requirement.scheme.as_str())
            .filter(|name| is_basic(name))
            .collect()
    };
    let elsewhere =
        |name: &&str| usual.by_scheme.get(*name).copied().unwrap_or(0) * 2 <= usual.secured;
    match basic.as_slice() {
        [] => Standing::Secured,
        names if names.iter().all(elsewhere) => Standing::BasicApart,
        _ => Standing::Basic,
    }
}
