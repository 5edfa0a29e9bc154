//! Plans token operations: the profile as Rust, and as a table for people.

use super::docs;
use super::names::Ident;
use super::operations::Names;
use super::tree::{Gate, Operation, SpecReach, TokenProfile};
use crate::model::{
    Api, ClientAuth, InputPlace, InputRole, LifetimeUnit, ScopeForm, Status, TokenCall, TokenInput,
    TokenKind, TokenLifetime, TokenPlace, TokenRefresh,
};
use crate::pointer::Pointer;

/// Plans the profile of an operation, if it makes a source.
pub(super) fn profile(token: &TokenCall) -> Option<TokenProfile> {
    (token.kind != TokenKind::Mint).then(|| TokenProfile {
        secrets: token.body_credentials.clone(),
        fields: fields(token),
        example: Vec::new(),
        refresh: None,
    })
}

/// The fields of the runtime's profile in which it differs from one that finds the token alone.
fn fields(token: &TokenCall) -> Vec<String> {
    let profile = &token.profile;
    let mut fields = Vec::new();
    let statuses: Option<Vec<u16>> = profile
        .statuses
        .iter()
        .map(|status| match status {
            Status::Code(code) => Some(*code),
            Status::Range(_) | Status::Default => None,
        })
        .collect();
    if let Some(statuses) = statuses.filter(|statuses| !statuses.is_empty()) {
        fields.push(format!("statuses: &{statuses:?}"));
    }
    fields.push(format!("token: {}", place(&profile.token)));
    if !profile.lifetimes.is_empty() {
        fields.push(format!("lifetimes: {}", lifetimes(&profile.lifetimes)));
    }
    let optional = |name: &str, place_of: Option<&TokenPlace>| {
        place_of.map(|known| format!("{name}: Some({})", place(known)))
    };
    fields.extend(optional("token_type", profile.token_type.as_ref()));
    fields.extend(optional("refresh_token", profile.refresh_token.as_ref()));
    if !profile.refresh_lifetimes.is_empty() {
        fields.push(format!(
            "refresh_lifetimes: {}",
            lifetimes(&profile.refresh_lifetimes)
        ));
    }
    fields.extend(optional(
        "scope",
        profile.scope.as_ref().map(|scope| &scope.place),
    ));
    if let Some(success) = &profile.success {
        let is = match &success.is {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        fields.push(format!("success: Some(({}, {is:?}))", path(&success.path)));
    }
    let custom = profile
        .carrier
        .as_ref()
        .is_some_and(|carrier| carrier.prefix.is_empty());
    if custom {
        fields.push("usage: crate::runtime::token::TokenType::Custom".to_owned());
    }
    let once: Vec<String> = profile
        .inputs
        .iter()
        .filter_map(|input| match (&input.place, input.role) {
            (InputPlace::Body(names), InputRole::Code | InputRole::OneTimePassword) => {
                Some(path(names))
            }
            _ => None,
        })
        .collect();
    if !once.is_empty() {
        fields.push(format!("once: &[{}]", once.join(", ")));
    }
    fields
}

fn path(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("&[{}]", names.join(", "))
}

fn place(place: &TokenPlace) -> String {
    match place {
        TokenPlace::Body(names) => format!("Body({})", path(names)),
        TokenPlace::Header(name) => format!("Header({name:?})"),
        TokenPlace::WholeBody => "WholeBody".to_owned(),
    }
}

fn lifetimes(lifetimes: &[TokenLifetime]) -> String {
    let each = lifetimes.iter().map(|lifetime| match lifetime {
        TokenLifetime::At(at, unit) => format!("At({}, {unit:?})", place(at)),
        TokenLifetime::InToken => "InToken".to_owned(),
    });
    format!("&[{}]", each.collect::<Vec<_>>().join(", "))
}

/// Puts the ways to refresh into the profiles, as far as the operations that they call are there whenever they are.
pub(super) fn link(api: &Api, names: &[Names], planned: &mut [Operation]) {
    let module_of = |at: &Pointer| {
        let mut known = api.operations.iter().zip(names);
        known
            .find(|(operation, _)| operation.at == *at)
            .map(|(_, names)| names.module.clone())
    };
    for (operation, names) in api.operations.iter().zip(names) {
        let Some(refresh) = operation
            .token
            .as_ref()
            .and_then(|token| token.profile.refresh.as_ref())
        else {
            continue;
        };
        let Some(own) = planned
            .iter()
            .position(|planned| planned.module == names.module)
        else {
            continue;
        };
        let other = match &refresh.operation {
            None => None,
            Some(at) => {
                let found =
                    module_of(at).and_then(|module| reach(planned, &module, &planned[own].gate));
                let Some(found) = found else { continue };
                Some(found)
            }
        };
        let module = other.map(|other| planned[other].module.clone());
        let Some(line) = refresh_line(refresh, module.as_ref()) else {
            continue;
        };
        if let Some(token) = &mut planned[own].token {
            token.refresh = Some(line);
            if let Some(other) = other {
                planned[other].reach = SpecReach::Siblings;
            }
        }
    }
}

/// The operation in that module, if it is compiled wherever one behind `gate` is.
fn reach(planned: &[Operation], module: &Ident, gate: &Gate) -> Option<usize> {
    let at = planned
        .iter()
        .position(|planned| planned.module == *module)?;
    let known = &planned[at].gate;
    (*known == Gate::Open || known == gate).then_some(at)
}

fn refresh_line(refresh: &TokenRefresh, module: Option<&Ident>) -> Option<String> {
    let operation = match module {
        Some(module) => format!("Some(&super::{module}::SPEC)"),
        None => "None".to_owned(),
    };
    let token = input(&refresh.token)?;
    let set: Option<Vec<String>> = refresh
        .set
        .iter()
        .map(|(at, text)| Some(format!("({}, {text:?})", input(at)?)))
        .collect();
    let paths = |list: &[Vec<String>]| {
        list.iter()
            .map(|names| path(names))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Some(format!(
        "refresh: Some(RefreshBy {{ operation: {operation}, token: {token}, set: &[{}], drop: &[{}], keep: &[{}] }})",
        set?.join(", "),
        paths(&refresh.drop),
        paths(&refresh.keep),
    ))
}

/// `None` for the path: what is sent cannot stand in it.
fn input(input: &InputPlace) -> Option<String> {
    Some(match input {
        InputPlace::Body(names) => format!("InBody({})", path(names)),
        InputPlace::Query(name) => format!("InQuery({name:?})"),
        InputPlace::Header(name) => format!("InHeader({name:?})"),
        InputPlace::Path(_) => return None,
    })
}

/// What is known of an operation that hands out tokens, for people: what, and where it is or how it is done. `named`
/// says what an operation is called.
#[must_use]
pub fn token_rows(
    token: &TokenCall,
    named: &dyn Fn(&Pointer) -> String,
) -> Vec<(&'static str, String)> {
    let profile = &token.profile;
    let mut rows = vec![("token", said_place(&profile.token))];
    rows.push(("lifetime", said_lifetimes(&profile.lifetimes)));
    rows.extend(
        profile
            .token_type
            .as_ref()
            .map(|place| ("type", said_place(place))),
    );
    rows.extend(
        profile
            .refresh_token
            .as_ref()
            .map(|place| ("refresh token", said_place(place))),
    );
    if profile.refresh_token.is_some() && !profile.refresh_lifetimes.is_empty() {
        rows.push(("its lifetime", said_lifetimes(&profile.refresh_lifetimes)));
    }
    rows.extend(profile.scope.as_ref().map(|scope| {
        let form = match scope.form {
            ScopeForm::Text => "a text with spaces",
            ScopeForm::List => "a list",
        };
        ("scope", format!("{}, {form}", said_place(&scope.place)))
    }));
    if let Some(success) = &profile.success {
        rows.push((
            "success",
            format!(
                "{} is {}",
                docs::code(&success.path.join(".")),
                docs::code(&success.is.to_string())
            ),
        ));
    }
    let inputs: Vec<String> = profile.inputs.iter().map(said_input).collect();
    if !inputs.is_empty() {
        rows.push(("goes in", inputs.join(", ")));
    }
    let ways: Vec<String> = profile
        .client_auth
        .iter()
        .map(|way| match way {
            ClientAuth::Basic(scheme) => format!("Basic ({})", docs::code(scheme)),
            ClientAuth::Scheme(scheme) => format!("the scheme {}", docs::code(scheme)),
            ClientAuth::Members => "members of the request".to_owned(),
        })
        .collect();
    if !ways.is_empty() {
        rows.push(("client", ways.join(", or ")));
    }
    if token.kind != TokenKind::Mint {
        rows.push(("refresh", said_refresh(profile.refresh.as_ref(), named)));
    }
    if let Some(carrier) = &profile.carrier {
        let how = match carrier.prefix.as_str() {
            "" => "as it is".to_owned(),
            prefix => format!("behind {}", docs::code(prefix.trim())),
        };
        rows.push((
            "sent by",
            format!("the scheme {}, {how}", docs::code(&carrier.scheme)),
        ));
    }
    rows
}

/// What an operation is, in words.
#[must_use]
pub fn token_kind(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::OAuth => "a token endpoint of OAuth 2",
        TokenKind::Issue => "a login or an exchange that hands out tokens",
        TokenKind::Mint => "a token made behind other security",
    }
}

fn said_place(place: &TokenPlace) -> String {
    match place {
        TokenPlace::Body(names) => docs::code(&names.join(".")),
        TokenPlace::Header(name) => format!("the header {}", docs::code(name)),
        TokenPlace::WholeBody => "the whole body".to_owned(),
    }
}

fn said_lifetimes(lifetimes: &[TokenLifetime]) -> String {
    let each: Vec<String> = lifetimes
        .iter()
        .map(|lifetime| match lifetime {
            TokenLifetime::At(place, unit) => {
                format!("{}, {}", said_place(place), said_unit(*unit))
            }
            TokenLifetime::InToken => "`exp` of the token, a JWT".to_owned(),
        })
        .collect();
    match each.as_slice() {
        [] => "not told".to_owned(),
        each => each.join(", or "),
    }
}

fn said_unit(unit: LifetimeUnit) -> &'static str {
    match unit {
        LifetimeUnit::Milliseconds => "in milliseconds",
        LifetimeUnit::Seconds => "in seconds",
        LifetimeUnit::Minutes => "in minutes",
        LifetimeUnit::Hours => "in hours",
        LifetimeUnit::Days => "in days",
        LifetimeUnit::EpochSeconds => "a moment in seconds since 1970",
        LifetimeUnit::EpochMilliseconds => "a moment in milliseconds since 1970",
        LifetimeUnit::DateTime => "a moment (RFC 3339)",
        LifetimeUnit::Span => "a span (`PT1H` or `3600s`)",
        LifetimeUnit::Unclear => "in seconds or a moment, as the value looks",
    }
}

fn said_input(input: &TokenInput) -> String {
    let role = match input.role {
        InputRole::GrantType => "grant type",
        InputRole::ClientId => "client id",
        InputRole::ClientSecret => "client secret",
        InputRole::Username => "user",
        InputRole::Password => "password",
        InputRole::ApiKey => "API key",
        InputRole::ApiSecret => "secret of the key",
        InputRole::RefreshToken => "refresh token",
        InputRole::Code => "code",
        InputRole::WithCode => "what goes with the code",
        InputRole::Assertion => "assertion",
        InputRole::OneTimePassword => "password for once",
        InputRole::Token => "token",
        InputRole::Scope => "scope",
        InputRole::Audience => "audience",
        InputRole::Tenant => "tenant",
    };
    let place = said_input_place(&input.place);
    match &input.constant {
        Some(constant) => format!("{role} {place} = {}", docs::code(constant)),
        None => format!("{role} {place}"),
    }
}

fn said_input_place(place: &InputPlace) -> String {
    match place {
        InputPlace::Body(names) => docs::code(&names.join(".")),
        InputPlace::Query(name) => format!("{} (query)", docs::code(name)),
        InputPlace::Header(name) => format!("{} (header)", docs::code(name)),
        InputPlace::Path(name) => format!("{} (path)", docs::code(name)),
    }
}

fn said_refresh(refresh: Option<&TokenRefresh>, named: &dyn Fn(&Pointer) -> String) -> String {
    let Some(refresh) = refresh else {
        return "the token is asked for anew".to_owned();
    };
    let by = match &refresh.operation {
        Some(at) => named(at),
        None => "the same operation".to_owned(),
    };
    let mut with = vec![said_input_place(&refresh.token)];
    with.extend(
        refresh
            .set
            .iter()
            .map(|(place, text)| format!("{} = {}", said_input_place(place), docs::code(text))),
    );
    let mut said = format!("{by} with {}", with.join(", "));
    if refresh.operation.is_none() && !refresh.drop.is_empty() {
        let without: Vec<String> = refresh
            .drop
            .iter()
            .map(|names| docs::code(&names.join(".")))
            .collect();
        said.push_str(&format!(", without {}", without.join(", ")));
    }
    said
}
