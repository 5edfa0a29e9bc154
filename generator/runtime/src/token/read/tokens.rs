//! Tokens, their types and their scopes.

use super::super::super::Secret;
use super::super::super::json::Kind;
use super::super::{Refusal, TokenType};
use super::{Members, Value, malformed};

/// Reads an access token: one or more visible ASCII characters.
///
/// This is stricter than `1*VSCHAR` (RFC 6749, appendix A.12), which allows spaces, as no header could hold
/// such a token, and kinder than `b64token` (RFC 6750, section 2.1), as vendors put `!` and `|` into theirs.
///
/// # Errors
/// It is missing, empty, not a string, or holds other characters.
pub fn access_token(value: Option<&Value<'_>>) -> Result<Secret, Refusal> {
    let missing = || malformed("the answer has no access token");
    let text = value.ok_or_else(missing)?.text();
    let text = text.ok_or_else(|| malformed("the access token is not a string"))?;
    if text.is_empty() {
        return Err(missing());
    }
    match text.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(Secret::from(text.as_str())),
        false => Err(malformed(
            "the access token has characters that no token has",
        )),
    }
}

/// Reads a refresh token, `1*VSCHAR` (RFC 6749, appendix A.17); an empty string is none.
///
/// # Errors
/// It is not a string, or holds other characters.
pub fn refresh_token(value: Option<&Value<'_>>) -> Result<Option<Secret>, Refusal> {
    let Some(value) = value else {
        return Ok(None);
    };
    let text = value.text();
    let text = text.ok_or_else(|| malformed("the refresh token is not a string"))?;
    match text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        true if text.is_empty() => Ok(None),
        true => Ok(Some(Secret::from(text.as_str()))),
        false => Err(malformed(
            "the refresh token has characters that no token has",
        )),
    }
}

/// Reads a token's type: `bearer` in any case. `unstated` is what a missing one means, if it means anything.
///
/// # Errors
/// It is missing and that means nothing, or it is another one, such as `mac` or `N_A`: a client must not use a
/// token of a type that it does not understand (RFC 6749, section 7.1).
pub fn token_type(
    value: Option<&Value<'_>>,
    unstated: Option<TokenType>,
) -> Result<TokenType, Refusal> {
    let Some(value) = value else {
        return unstated.ok_or_else(|| malformed("the answer does not tell the token's type"));
    };
    match value.text() {
        Some(text) if text.eq_ignore_ascii_case("bearer") => Ok(TokenType::Bearer),
        _ => Err(malformed("the token's type is not a known one")),
    }
}

/// Reads scopes: a string with spaces between them, or also `separator` where a vendor has another; or a list
/// of strings. A missing value is `None`, and an empty one says that none was granted.
///
/// # Errors
/// The value is of another kind.
pub fn scope(
    value: Option<&Value<'_>>,
    separator: Option<char>,
) -> Result<Option<Vec<String>>, Refusal> {
    let refused = || malformed("the scope is neither a string nor a list of strings");
    let Some(value) = value else {
        return Ok(None);
    };
    let texts = match value.items() {
        Some(items) => items.iter().map(Value::text).collect::<Option<Vec<_>>>(),
        None => value.text().map(|text| vec![text]),
    };
    let mut scopes = Vec::new();
    for text in texts.ok_or_else(refused)? {
        let parts = text.split(|char| char == ' ' || Some(char) == separator);
        scopes.extend(parts.filter(|it| !it.is_empty()).map(str::to_owned));
    }
    Ok(Some(scopes))
}

/// The strings, numbers and truth values among the members that are not in `known`, all of them secret.
pub fn extra(members: &Members<'_>, known: &[&str]) -> Vec<(String, Secret)> {
    let others = members.iter().filter(|(name, value)| {
        !known.contains(name) && !matches!(value.kind(), Kind::Array | Kind::Object)
    });
    others
        .filter_map(|(name, value)| Some((name.to_owned(), Secret::from(value.scalar()?.as_str()))))
        .collect()
}
