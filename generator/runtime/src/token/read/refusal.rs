//! Errors: what the codes of the RFCs and of vendors mean, and what a status means without one.

use super::super::super::Body;
use super::super::super::json::Kind;
use super::super::{OAuthErrorCode, Refusal, TokenErrorKind};
use super::{Members, Value, retry_after};

/// What an error code of a vendor's means.
pub type VendorCode = (&'static str, OAuthErrorCode);

/// The most characters of a description that are kept.
const DESCRIPTION: usize = 256;

/// The most characters of a code that are kept.
const CODE: usize = 64;

/// Reads an error: the refusal of an answer whose body has an error in it, whatever its status, or whose status
/// is not one of `statuses`. `None` for a success.
///
/// `members` are those of the body, if they can be read.
pub fn refusal(
    response: &http::Response<Body>,
    members: Option<&Members<'_>>,
    statuses: &[u16],
    vendor: &[VendorCode],
) -> Option<Refusal> {
    let status = response.status().as_u16();
    let error = members.and_then(|members| error_of(members, vendor));
    if error.is_none() && statuses.contains(&status) {
        return None;
    }
    let kind = match &error {
        // An error of no known form that came as a success.
        Some(Found { code: None }) if (200..300).contains(&status) => {
            TokenErrorKind::RequestRejected
        }
        Some(Found { code }) => kind_of(code.as_ref(), status),
        None => kind_of(None, status),
    };
    let code = error.and_then(|error| error.code);
    let described = members.and_then(|members| members.get("error_description"));
    Some(Refusal {
        kind,
        code,
        status: Some(status),
        retry_after: retry_after(response.headers()),
        untrusted_description: described
            .and_then(Value::text)
            .and_then(|it| description(&it)),
        detail: None,
    })
}

/// An error in a body; its code may be missing or of no known form.
struct Found {
    code: Option<OAuthErrorCode>,
}

/// The error in a body. `null`, `false`, `0` and an empty string say that there is none.
fn error_of(members: &Members<'_>, vendor: &[VendorCode]) -> Option<Found> {
    let error = members.get("error")?;
    let code = |value: &Value<'_>| value.text().and_then(|text| error_code(&text, vendor));
    match error.kind() {
        Kind::String => {
            let text = error.text()?;
            let code = error_code(&text, vendor);
            (!text.is_empty()).then_some(Found { code })
        }
        Kind::Object => {
            let inner = error.members()?;
            let code = ["code", "type", "status"]
                .iter()
                .find_map(|name| inner.get(name).and_then(code));
            Some(Found { code })
        }
        Kind::Boolean | Kind::Number | Kind::Integer => {
            let spelled = error.scalar()?;
            let is_none = matches!(spelled.as_str(), "false" | "0");
            (!is_none).then_some(Found { code: None })
        }
        _ => Some(Found { code: None }),
    }
}

/// The code that a text stands for: `vendor` first, then the RFCs' own, then those of vendors that are known
/// for sending them with status 200. `None` for a text that cannot be a code.
pub fn error_code(text: &str, vendor: &[VendorCode]) -> Option<OAuthErrorCode> {
    use OAuthErrorCode as C;
    if let Some((_, code)) = vendor.iter().find(|(known, _)| *known == text) {
        return Some(code.clone());
    }
    Some(match text {
        "invalid_request" | "redirect_uri_mismatch" => C::InvalidRequest,
        "invalid_client"
        | "incorrect_client_credentials"
        | "bad_client_secret"
        | "invalid_client_id" => C::InvalidClient,
        // GitHub, Slack and OpenID Connect: a person has to come back.
        "invalid_grant"
        | "bad_refresh_token"
        | "bad_verification_code"
        | "incorrect_device_code"
        | "invalid_refresh_token"
        | "token_expired"
        | "token_revoked"
        | "invalid_code"
        | "interaction_required"
        | "login_required"
        | "consent_required"
        | "account_selection_required" => C::InvalidGrant,
        "unauthorized_client" => C::UnauthorizedClient,
        "unsupported_grant_type" => C::UnsupportedGrantType,
        "invalid_scope" => C::InvalidScope,
        "invalid_target" | "invalid_resource" => C::InvalidTarget,
        "authorization_pending" => C::AuthorizationPending,
        "slow_down" | "ratelimited" | "rate_limit_exceeded" | "too_many_requests" => C::SlowDown,
        "access_denied" => C::AccessDenied,
        "expired_token" => C::ExpiredToken,
        "use_dpop_nonce" => C::UseDpopNonce,
        "temporarily_unavailable" => C::TemporarilyUnavailable,
        "server_error" => C::ServerError,
        _ => {
            let is_code = !text.is_empty()
                && text.len() <= CODE
                && text.bytes().all(|byte| byte.is_ascii_graphic());
            return is_code.then(|| C::Other(text.into()));
        }
    })
}

/// What there is to do about an answer with this code and status. Too many requests are too many whatever else
/// is said; otherwise a code that is known counts more than the status.
pub fn kind_of(code: Option<&OAuthErrorCode>, status: u16) -> TokenErrorKind {
    use OAuthErrorCode as C;
    use TokenErrorKind as K;
    if status == 429 {
        return K::Throttled;
    }
    match code {
        Some(C::InvalidGrant | C::AccessDenied | C::ExpiredToken) => K::ReauthRequired,
        Some(C::InvalidClient | C::UnauthorizedClient) => K::ClientRejected,
        Some(
            C::InvalidRequest
            | C::UnsupportedGrantType
            | C::InvalidScope
            | C::InvalidTarget
            | C::UseDpopNonce,
        ) => K::RequestRejected,
        Some(C::SlowDown | C::AuthorizationPending) => K::Throttled,
        Some(C::TemporarilyUnavailable | C::ServerError) => K::Unavailable,
        Some(C::Other(_)) | None => match status {
            300..400 => K::Redirected,
            401 | 403 => K::ClientRejected,
            408 | 425 | 500.. => K::Unavailable,
            // An error that came as a success, and that nobody knows.
            200..300 if code.is_some() => K::RequestRejected,
            400..500 => K::RequestRejected,
            _ => K::Malformed,
        },
    }
}

/// A text of the server's, cut to 256 characters of those that RFC 6749, section 5.2 allows; the others are left
/// out, line ends among them.
pub fn description(text: &str) -> Option<Box<str>> {
    let allowed = |char: &char| matches!(char, ' '..='!' | '#'..='[' | ']'..='~');
    let kept: String = text.chars().filter(allowed).take(DESCRIPTION).collect();
    (!kept.is_empty()).then(|| kept.into())
}
