//! Device codes (RFC 8628): a user consents on another device, and this one asks until that has happened.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use http::Uri;

use super::super::super::{BlockingTransport, Body, Secret, Transport};
use super::super::read::{self, Unit, Value};
use super::super::{
    Clock, Endpoint as _, Grant, Issued, Lifetime, Now, OAuthErrorCode, Refusal, TokenError,
    TokenErrorKind,
};
use super::endpoint::OAuthEndpoint;
use super::exchange::{refused, send, send_blocking, unmade};

/// How long to wait between requests if the server does not say (RFC 8628, section 3.2).
const INTERVAL: Duration = Duration::from_secs(5);

/// What `slow_down` adds to that (RFC 8628, section 3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// The longest time between requests.
const LONGEST_INTERVAL: Duration = Duration::from_secs(300);

/// What a user needs to consent on another device. `Debug` shows none of it.
#[derive(Clone)]
#[non_exhaustive]
pub struct DeviceAuthorization {
    /// What the token is asked for with.
    pub device_code: Secret,
    /// What the user types in: visible ASCII characters and spaces.
    pub user_code: String,
    /// Where the user types it in: an http or https URL.
    pub verification_uri: String,
    /// The same with the code in it, to be shown as a link or a picture.
    pub verification_uri_complete: Option<String>,
    /// How long the codes are good for.
    pub lifetime: Duration,
    /// How long to wait between requests.
    pub interval: Duration,
}

impl DeviceAuthorization {
    /// Reads the answer to [`OAuthEndpoint::device_request`].
    ///
    /// # Errors
    /// It is an error, or holds what must not be shown to a user.
    pub fn read(response: &http::Response<Body>) -> Result<Self, Refusal> {
        let members = read::success(response, &[200], &[])?;
        let text = |name: &str| members.get(name).and_then(Value::text);
        let missing = || read::malformed("the answer lacks a member of RFC 8628, section 3.2");
        let url = |text: &str| match is_link(text) {
            true => Ok(text.to_owned()),
            false => Err(read::malformed("the user is not to be sent to this URL")),
        };
        let user_code = text("user_code").ok_or_else(missing)?;
        if user_code.is_empty() || !user_code.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(read::malformed(
                "the user's code has characters that nobody can type",
            ));
        }
        // Google's early answers have `verification_url`.
        let uri = text("verification_uri").or_else(|| text("verification_url"));
        let lifetime = match read::lifetime(members.get("expires_in"), Unit::Seconds)? {
            Lifetime::In(lifetime) => lifetime,
            _ => return Err(missing()),
        };
        let interval = match read::lifetime(members.get("interval"), Unit::Seconds)? {
            Lifetime::In(interval) if !interval.is_zero() => interval.min(LONGEST_INTERVAL),
            _ => INTERVAL,
        };
        let device_code = text("device_code").filter(|code| !code.is_empty());
        Ok(Self {
            device_code: Secret::from(device_code.ok_or_else(missing)?.as_str()),
            user_code: user_code.to_string(),
            verification_uri: url(&uri.ok_or_else(missing)?)?,
            verification_uri_complete: match text("verification_uri_complete") {
                Some(uri) => Some(url(&uri)?),
                None => None,
            },
            lifetime,
            interval,
        })
    }
}

impl fmt::Debug for DeviceAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceAuthorization")
            .field("lifetime", &self.lifetime)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

/// Whether a text is an http or https URL that can be printed.
fn is_link(text: &str) -> bool {
    let is_printable = text.bytes().all(|byte| byte.is_ascii_graphic());
    let uri = text.parse::<Uri>().ok().filter(|_| is_printable);
    uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("https" | "http")))
}

/// When to ask whether the user has consented, as a state machine: it knows no clock and no network.
pub struct DevicePolling {
    device_code: Secret,
    interval: Duration,
    next: Now,
    end: Now,
}

/// What there is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceStep {
    /// Wait until then.
    Wait(Now),
    /// Ask with [`OAuthEndpoint::device_token_request`], and tell what came of it.
    Ask,
    /// Nothing: the codes have run out, and the user has to begin anew.
    Expired,
}

impl DevicePolling {
    /// Begins when the answer with the codes has come.
    #[must_use]
    pub fn new(authorization: &DeviceAuthorization, now: Now) -> Self {
        Self {
            device_code: authorization.device_code.clone(),
            interval: authorization.interval,
            next: now.after(authorization.interval),
            end: now.after(authorization.lifetime),
        }
    }

    /// The code to ask with.
    pub fn device_code(&self) -> &Secret {
        &self.device_code
    }

    /// What there is to do at this moment.
    #[must_use]
    pub fn step(&self, now: Now) -> DeviceStep {
        if now.reached(self.end) {
            return DeviceStep::Expired;
        }
        // A wall clock that was set must not make it ask earlier.
        match now.mono >= self.next.mono {
            true => DeviceStep::Ask,
            false => DeviceStep::Wait(self.next),
        }
    }

    /// Takes an answer. `None` says to go on: the user has not consented yet, or the server wants to wait.
    pub fn answered(
        &mut self,
        now: Now,
        outcome: Result<Issued, Refusal>,
    ) -> Option<Result<Issued, Refusal>> {
        let refusal = match outcome {
            Ok(issued) => return Some(Ok(issued)),
            Err(refusal) => refusal,
        };
        match (&refusal.code, refusal.kind) {
            (Some(OAuthErrorCode::AuthorizationPending), _) => {}
            (_, TokenErrorKind::Throttled) => self.interval += SLOWER,
            (_, TokenErrorKind::Unavailable) => self.interval *= 2,
            _ => return Some(Err(refusal)),
        }
        self.wait(now, refusal.retry_after);
        None
    }

    /// Takes note that no answer came: it asks half as often from now on (RFC 8628, section 3.5).
    pub fn unanswered(&mut self, now: Now) {
        self.interval *= 2;
        self.wait(now, None);
    }

    fn wait(&mut self, now: Now, retry_after: Option<Duration>) {
        self.interval = self.interval.min(LONGEST_INTERVAL);
        self.next = now.after(self.interval.max(retry_after.unwrap_or_default()));
    }

    /// Asks until the user has consented or the codes have run out. `sleep` waits, by whatever the program has
    /// for that.
    ///
    /// # Errors
    /// The user refuses, the codes run out, or the server does not understand.
    pub async fn run<F: Future<Output = ()>>(
        mut self,
        endpoint: &OAuthEndpoint,
        transport: &dyn Transport,
        clock: &dyn Clock,
        mut sleep: impl FnMut(Duration) -> F,
    ) -> Result<Issued, TokenError> {
        loop {
            match self.step(clock.now()) {
                DeviceStep::Expired => return Err(refused(expired())),
                DeviceStep::Wait(at) => sleep(at.mono.saturating_sub(clock.now().mono)).await,
                DeviceStep::Ask => {
                    let request = endpoint.device_token_request(&self.device_code);
                    let outcome = send(transport, request.map_err(unmade)?).await;
                    if let Some(end) = self.take(endpoint, clock.now(), outcome) {
                        return end;
                    }
                }
            }
        }
    }

    /// [`run`](Self::run) on this thread.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    pub fn run_blocking(
        mut self,
        endpoint: &OAuthEndpoint,
        transport: &dyn BlockingTransport,
        clock: &dyn Clock,
        mut sleep: impl FnMut(Duration),
    ) -> Result<Issued, TokenError> {
        loop {
            match self.step(clock.now()) {
                DeviceStep::Expired => return Err(refused(expired())),
                DeviceStep::Wait(at) => sleep(at.mono.saturating_sub(clock.now().mono)),
                DeviceStep::Ask => {
                    let request = endpoint.device_token_request(&self.device_code);
                    let outcome = send_blocking(transport, request.map_err(unmade)?);
                    if let Some(end) = self.take(endpoint, clock.now(), outcome) {
                        return end;
                    }
                }
            }
        }
    }

    fn take(
        &mut self,
        endpoint: &OAuthEndpoint,
        now: Now,
        outcome: Result<http::Response<Body>, TokenError>,
    ) -> Option<Result<Issued, TokenError>> {
        match outcome {
            Ok(response) => {
                let outcome = endpoint.read(Grant::Initial, &response);
                let end = self.answered(now, outcome)?;
                Some(end.map_err(refused))
            }
            Err(error) if error.kind().is_transient() => {
                self.unanswered(now);
                None
            }
            Err(error) => Some(Err(error)),
        }
    }
}

fn expired() -> Refusal {
    Refusal {
        code: Some(OAuthErrorCode::ExpiredToken),
        ..Refusal::new(TokenErrorKind::ReauthRequired)
    }
}

impl fmt::Debug for DevicePolling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DevicePolling")
            .field("interval", &self.interval)
            .field("next", &self.next)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}
