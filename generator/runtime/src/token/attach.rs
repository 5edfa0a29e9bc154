//! Tokens on calls: which source a call's token is from, and what happens when an API does not take it.

use std::convert::Infallible;

use http::StatusCode;
use http::header::WWW_AUTHENTICATE;

use super::super::Credential;
use super::super::call::{Call, Parts, Reading};
use super::super::error::Error;
use super::super::request::needs_token;
use super::{Reject, Rejection, TokenSource, Want};

/// The source that a call's token comes from, if its security is met by one.
pub(in super::super) fn source_of(parts: &Parts) -> Option<&TokenSource> {
    let sources = &parts.core.0.tokens;
    // The call that gets a token cannot wait for it.
    if sources.is_empty() || parts.spec.token.is_some() || !needs_token(parts) {
        return None;
    }
    Some(least(sources, parts.spec.scopes))
}

/// Of the sources that ask for all that is needed the one that asks for the least. One that does not say what it
/// asks for comes after them, and if there is none of them either, the first may know better.
fn least<'a>(sources: &'a [TokenSource], needed: &[&str]) -> &'a TokenSource {
    let covers = |source: &&TokenSource| {
        let scopes = source.scopes();
        !scopes.is_empty()
            && needed
                .iter()
                .all(|scope| scopes.iter().any(|known| known == scope))
    };
    let fewest = sources
        .iter()
        .filter(covers)
        .min_by_key(|source| source.scopes().len());
    let unsaid = || sources.iter().find(|source| source.scopes().is_empty());
    fewest.or_else(unsaid).unwrap_or(&sources[0])
}

/// The credential of a token that is at hand; nothing is asked for.
pub(in super::super) fn at_hand(parts: &Parts) -> Option<Credential> {
    let token = source_of(parts)?.try_cached()?;
    Some(Credential::issued(token))
}

/// Sends a call with a token, and once more with another if the API does not take the first and the body can go again.
pub(in super::super) async fn execute<R: Reading>(
    call: &Call,
    source: &TokenSource,
) -> Result<http::Response<R::Body>, Error<Infallible>> {
    let token = source.token().await?;
    let credential = Credential::issued(token.clone());
    let response = R::send(call, Some(&credential)).await?;
    if !is_rejected(&response) || source.reject(&token, Reject::Unauthorized) == Rejection::TooSoon
    {
        return Ok(response);
    }
    if !call.0.is_repeatable() {
        return Ok(response);
    }
    match source.token_with(&Want::other_than(&token)).await {
        Ok(next) if next.id() != token.id() => {
            drop(response);
            R::send(call, Some(&Credential::issued(next))).await
        }
        _ => Ok(response),
    }
}

/// [`execute`] on the calling thread.
#[cfg(feature = "blocking")]
pub(in super::super) fn execute_blocking<R: Reading>(
    call: &Call,
    source: &TokenSource,
) -> Result<http::Response<R::Body>, Error<Infallible>> {
    let token = source.token_blocking()?;
    let response = R::send_blocking(call, Some(&Credential::issued(token.clone())))?;
    if !is_rejected(&response) || source.reject(&token, Reject::Unauthorized) == Rejection::TooSoon
    {
        return Ok(response);
    }
    if !call.0.is_repeatable() {
        return Ok(response);
    }
    match source.token_with_blocking(&Want::other_than(&token)) {
        Ok(next) if next.id() != token.id() => {
            drop(response);
            R::send_blocking(call, Some(&Credential::issued(next)))
        }
        _ => Ok(response),
    }
}

/// Whether another token may help: 401, and not for want of a scope (RFC 6750, section 3.1).
fn is_rejected<B>(response: &http::Response<B>) -> bool {
    let challenges = response.headers().get_all(WWW_AUTHENTICATE);
    let for_scope = challenges.iter().any(|challenge| {
        let wanted = b"insufficient_scope";
        let mut windows = challenge.as_bytes().windows(wanted.len());
        windows.any(|window| window.eq_ignore_ascii_case(wanted))
    });
    response.status() == StatusCode::UNAUTHORIZED && !for_scope
}
