//! `x-specmint-token`: what cannot be inferred, said by the document or an overlay.

use serde_json::{Map, Value};

use crate::model::{
    Confidence, LifetimeUnit, ScopeForm, TokenCall, TokenCarrier, TokenKind, TokenLifetime,
    TokenPlace, TokenScope, TokenSuccess,
};

/// The name of the extension.
pub(super) const NAME: &str = "x-specmint-token";

/// What the extension says, read.
#[derive(Debug, Default)]
pub(super) struct Said {
    kind: Option<TokenKind>,
    token: Option<TokenPlace>,
    token_type: Option<Option<TokenPlace>>,
    refresh_token: Option<Option<TokenPlace>>,
    scope: Option<Option<TokenScope>>,
    lifetime: Option<Option<TokenLifetime>>,
    refresh_lifetime: Option<Option<TokenLifetime>>,
    success: Option<Option<TokenSuccess>>,
    carrier: Option<TokenCarrier>,
    refreshes: Option<bool>,
}

/// Reads the extension. What is wrong with it goes to `faults`, as the member's name and what it should be.
pub(super) fn read(said: &Map<String, Value>, faults: &mut Vec<(String, &'static str)>) -> Said {
    let mut read = Said::default();
    for (key, value) in said {
        let fault = match key.as_str() {
            "kind" => set(&mut read.kind, kind(value), "`oauth`, `issue` or `mint`"),
            "token" => set(&mut read.token, place(value), PLACE),
            "tokenType" => set(&mut read.token_type, or_none(value, place), PLACE),
            "refreshToken" => set(&mut read.refresh_token, or_none(value, place), PLACE),
            "scope" => set(&mut read.scope, or_none(value, scope), PLACE),
            "lifetime" => set(&mut read.lifetime, or_none(value, lifetime), LIFETIME),
            "refreshLifetime" => set(
                &mut read.refresh_lifetime,
                or_none(value, lifetime),
                LIFETIME,
            ),
            "success" => set(
                &mut read.success,
                or_none(value, success),
                "`{ at: PLACE, is: VALUE }`, or null",
            ),
            "carrier" => set(
                &mut read.carrier,
                carrier(value),
                "`{ scheme: NAME, prefix: TEXT }`, where the text is empty or `Bearer `",
            ),
            "refresh" => set(&mut read.refreshes, value.as_bool(), "true or false"),
            _ => Some(
                "kind, token, tokenType, refreshToken, scope, lifetime, refreshLifetime, success, carrier or refresh",
            ),
        };
        if let Some(wanted) = fault {
            faults.push((key.clone(), wanted));
        }
    }
    read
}

const PLACE: &str = "a JSON pointer into the body (`/data/token`), `header:NAME`, or an empty text for the whole body";
const LIFETIME: &str = "`{ at: PLACE, unit: UNIT }`, `jwt`, or null";

fn set<T>(slot: &mut Option<T>, value: Option<T>, wanted: &'static str) -> Option<&'static str> {
    let fault = value.is_none().then_some(wanted);
    *slot = value;
    fault
}

fn or_none<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Option<T>> {
    match value {
        Value::Null => Some(None),
        value => read(value).map(Some),
    }
}

fn kind(value: &Value) -> Option<TokenKind> {
    match value.as_str()? {
        "oauth" => Some(TokenKind::OAuth),
        "issue" => Some(TokenKind::Issue),
        "mint" => Some(TokenKind::Mint),
        _ => None,
    }
}

fn place(value: &Value) -> Option<TokenPlace> {
    let text = value.as_str()?;
    if text.is_empty() {
        return Some(TokenPlace::WholeBody);
    }
    if let Some(name) = text.strip_prefix("header:") {
        let name = name.trim();
        return (!name.is_empty()).then(|| TokenPlace::Header(name.to_owned()));
    }
    pointer(text).map(TokenPlace::Body)
}

/// The tokens of a JSON pointer (RFC 6901).
fn pointer(text: &str) -> Option<Vec<String>> {
    let tokens = text.strip_prefix('/')?.split('/');
    Some(
        tokens
            .map(|token| token.replace("~1", "/").replace("~0", "~"))
            .collect(),
    )
}

fn scope(value: &Value) -> Option<TokenScope> {
    let (text, form) = match value {
        Value::Object(object) => {
            let form = match object.get("form").and_then(Value::as_str) {
                Some("list") => ScopeForm::List,
                Some("text") | None => ScopeForm::Text,
                Some(_) => return None,
            };
            (object.get("at")?, form)
        }
        text => (text, ScopeForm::Text),
    };
    Some(TokenScope {
        place: place(text)?,
        form,
    })
}

fn lifetime(value: &Value) -> Option<TokenLifetime> {
    if value.as_str() == Some("jwt") {
        return Some(TokenLifetime::InToken);
    }
    let unit = match value
        .get("unit")
        .and_then(Value::as_str)
        .unwrap_or("seconds")
    {
        "milliseconds" => LifetimeUnit::Milliseconds,
        "seconds" => LifetimeUnit::Seconds,
        "minutes" => LifetimeUnit::Minutes,
        "hours" => LifetimeUnit::Hours,
        "days" => LifetimeUnit::Days,
        "epoch-seconds" => LifetimeUnit::EpochSeconds,
        "epoch-milliseconds" => LifetimeUnit::EpochMilliseconds,
        "date-time" => LifetimeUnit::DateTime,
        "span" => LifetimeUnit::Span,
        "unclear" => LifetimeUnit::Unclear,
        _ => return None,
    };
    Some(TokenLifetime::At(place(value.get("at")?)?, unit))
}

fn success(value: &Value) -> Option<TokenSuccess> {
    let path = pointer(value.get("at")?.as_str()?)?;
    let is = value.get("is")?;
    let scalar = matches!(is, Value::Bool(_) | Value::Number(_) | Value::String(_));
    scalar.then(|| TokenSuccess {
        path,
        is: is.clone(),
    })
}

fn carrier(value: &Value) -> Option<TokenCarrier> {
    let prefix = value.get("prefix").map_or(Some(""), Value::as_str)?;
    let known = matches!(prefix.trim_end(), "" | "Bearer");
    known.then_some(())?;
    Some(TokenCarrier {
        scheme: value.get("scheme")?.as_str()?.to_owned(),
        prefix: match prefix.is_empty() {
            true => String::new(),
            false => "Bearer ".to_owned(),
        },
    })
}

impl Said {
    /// The kind, if it is said.
    pub(super) fn kind(&self) -> Option<TokenKind> {
        self.kind
    }

    /// The place of the token, if it is said.
    pub(super) fn token(&self) -> Option<&TokenPlace> {
        self.token.as_ref()
    }

    /// Settles what was inferred.
    pub(super) fn settle(self, call: &mut TokenCall) {
        call.confidence = Confidence::Said;
        call.reasons.insert(0, format!("`{NAME}` says so"));
        let profile = &mut call.profile;
        if let Some(kind) = self.kind {
            call.kind = kind;
        }
        if let Some(token) = self.token {
            profile.token = token;
        }
        replace(&mut profile.token_type, self.token_type);
        replace(&mut profile.refresh_token, self.refresh_token);
        replace(&mut profile.scope, self.scope);
        replace(&mut profile.success, self.success);
        if let Some(lifetime) = self.lifetime {
            profile.lifetimes = lifetime.into_iter().collect();
        }
        if let Some(lifetime) = self.refresh_lifetime {
            profile.refresh_lifetimes = lifetime.into_iter().collect();
        }
        if let Some(carrier) = self.carrier {
            profile.carrier = Some(carrier);
        }
        if self.refreshes == Some(false) {
            profile.refresh = None;
        }
    }
}

fn replace<T>(slot: &mut Option<T>, said: Option<Option<T>>) {
    if let Some(said) = said {
        *slot = said;
    }
}
