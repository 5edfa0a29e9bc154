//! Retries: which calls are sent again, and how long they wait before.
//!
//! A client sends each call once unless it is told otherwise. [`Retries`] looks at what came of an attempt and says
//! whether there is another; it sends nothing and does not wait by itself.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};

use super::call::{Call, Parts};
use super::clock::{Clock, SystemClock};
use super::error::{Delivery, Error, TransportErrorKind};
use super::timer::{SystemTimer, Timer, jittered, random};
use super::trace::pause;

/// The longest `Retry-After` that is told: ten years.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// How long to wait if the server names a moment by a date and does not say what time it has.
const UNKNOWN_WAIT: Duration = Duration::from_secs(60);

/// Times that double from one failure to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// After the first failure.
    pub first: Duration,
    /// After many.
    pub most: Duration,
}

impl Backoff {
    /// The time after this many failures in a row, counted from 1.
    pub(super) fn after(self, failures: u32) -> Duration {
        let doubled = 1_u32 << failures.saturating_sub(1).min(31);
        self.first.saturating_mul(doubled).min(self.most)
    }
}

/// Whether calls are sent again that failed, how often, and after which time.
///
/// A call is sent again only where that does no harm:
///
/// - after 429 (Too Many Requests), and after 503 with a `Retry-After`: the server did not do what was asked;
/// - if the request did not leave ([`Delivery::NotSent`]) for want of a connection;
/// - if its method is idempotent (RFC 9110, section 9.2.2) or it has an idempotency key: after 408, 429, 500, 502, 503
///   and 504, too, and after a connection that broke or took too long.
///
/// A body that can be read only once is never sent twice. Each attempt takes the token that is valid by then, and has
/// the call's timeout for itself, within [`total_time`](Self::total_time). What came of the last attempt is what
/// came of the call.
///
/// ```
/// # use specmint_runtime as runtime;
/// use std::time::Duration;
/// use runtime::RetryPolicy;
///
/// let patient = RetryPolicy::default().attempts(5).total_time(Duration::from_secs(120));
/// # let _ = patient;
/// ```
#[derive(Clone)]
pub struct RetryPolicy {
    attempts: u32,
    total: Duration,
    backoff: Backoff,
    retry_after_most: Duration,
    idempotency_key: Option<HeaderName>,
    timer: Arc<dyn Timer>,
    clock: Arc<dyn Clock>,
}

impl Default for RetryPolicy {
    /// Three attempts within 60 seconds, half a second between the first two, and no idempotency key.
    fn default() -> Self {
        Self {
            attempts: 3,
            total: Duration::from_secs(60),
            backoff: Backoff {
                first: Duration::from_millis(500),
                most: Duration::from_secs(20),
            },
            retry_after_most: Duration::from_secs(60),
            idempotency_key: None,
            timer: Arc::new(SystemTimer),
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("attempts", &self.attempts)
            .field("total_time", &self.total)
            .field("backoff", &self.backoff)
            .field("retry_after_most", &self.retry_after_most)
            .field("idempotency_key", &self.idempotency_key)
            .finish_non_exhaustive()
    }
}

impl RetryPolicy {
    /// Sends each call once.
    #[must_use]
    pub fn off() -> Self {
        Self::default().attempts(1)
    }

    /// How often a call is sent at most, the first time included; 3 unless set.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// How long a call may take with all its attempts and what lies between them; 60 seconds unless set. An attempt
    /// that would begin later is not made.
    #[must_use]
    pub fn total_time(mut self, time: Duration) -> Self {
        self.total = time;
        self
    }

    /// How long to wait where the server does not say; half a second to 20 seconds unless set. The time is drawn
    /// between a half and three halves of it, so that those who failed together do not come back together.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// The longest `Retry-After` that is waited for; 60 seconds unless set. Where the server asks for more, there is no
    /// other attempt.
    #[must_use]
    pub fn retry_after_most(mut self, time: Duration) -> Self {
        self.retry_after_most = time;
        self
    }

    /// Sends a key in this header (such as `idempotency-key`) with calls whose method is not idempotent, the same with
    /// all attempts of a call and another with every call, and treats them as idempotent. Only for APIs that promise
    /// to do once what comes twice with one key. A key that the caller gave is kept.
    #[must_use]
    pub fn idempotency_key(mut self, header: HeaderName) -> Self {
        self.idempotency_key = Some(header);
        self
    }

    /// Waits by another timer, such as one in a test.
    #[must_use]
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.timer = Arc::new(timer);
        self
    }

    /// Tells the time by another clock, such as one in a test.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How long to wait after `failures` attempts, of which the last came to this; `None` to give up.
    fn wait<B>(
        &self,
        nature: Nature,
        failures: u32,
        outcome: &Result<Response<B>, Error<Infallible>>,
    ) -> Option<Duration> {
        let drawn = || jittered(self.backoff.after(failures));
        match outcome {
            Ok(response) => {
                let asked = retry_after(response.headers());
                if !nature.repeats_after(response.status(), asked.is_some()) {
                    return None;
                }
                match asked {
                    Some(asked) => (asked <= self.retry_after_most).then_some(asked),
                    None => Some(drawn()),
                }
            }
            Err(Error::Transport(error)) => {
                let passes = matches!(
                    error.kind(),
                    TransportErrorKind::Connect
                        | TransportErrorKind::Timeout
                        | TransportErrorKind::Broken
                );
                let is_safe = error.delivery() == Delivery::NotSent || nature == Nature::Idempotent;
                (passes && is_safe).then(drawn)
            }
            Err(_) => None,
        }
    }
}

/// Whether a call that may have been carried out may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// Twice does what once does.
    Idempotent,
    /// Twice may do more than once.
    Other,
    /// The body is gone after the first time.
    Once,
}

impl Nature {
    fn of(parts: &Parts, key: Option<&HeaderName>) -> Self {
        let is_idempotent = matches!(
            parts.spec.method,
            "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE" | "QUERY"
        );
        if !parts.is_repeatable() {
            Self::Once
        } else if is_idempotent || key.is_some_and(|key| parts.headers.contains_key(key)) {
            Self::Idempotent
        } else {
            Self::Other
        }
    }

    fn repeats_after(self, status: StatusCode, is_told_when: bool) -> bool {
        match (self, status.as_u16()) {
            (Self::Once, _) => false,
            (_, 429) => true,
            (Self::Idempotent, 408 | 500 | 502 | 503 | 504) => true,
            (Self::Other, 503) => is_told_when,
            _ => false,
        }
    }
}

/// The attempts of one call.
pub(super) struct Retries(Option<Course>);

struct Course {
    policy: RetryPolicy,
    nature: Nature,
    failures: u32,
    began: Duration,
    /// What the caller gave one attempt.
    timeout: Duration,
}

impl Retries {
    /// Before the first attempt. The call gets its idempotency key, if it is to have one.
    pub(super) fn begin(call: &mut Call) -> Self {
        let parts = &mut *call.0;
        let policy = parts.retries.as_ref().or(parts.core.0.retries.as_ref());
        let Some(policy) = policy.filter(|policy| policy.attempts > 1).cloned() else {
            return Self(None);
        };
        let key = policy.idempotency_key.as_ref();
        if let Some(header) = key
            && Nature::of(parts, None) == Nature::Other
        {
            parts.headers.entry(header).or_insert_with(drawn_key);
        }
        let nature = Nature::of(parts, key);
        if nature == Nature::Once {
            return Self(None);
        }
        let timeout = call.limits().timeout;
        call.0.timeout = Some(timeout.min(policy.total));
        Self(Some(Course {
            nature,
            failures: 0,
            began: policy.clock.mono(),
            timeout,
            policy,
        }))
    }

    /// After an attempt: the pause before the next, if there is one.
    pub(super) fn after<B>(
        &mut self,
        call: &mut Call,
        outcome: &Result<Response<B>, Error<Infallible>>,
    ) -> Option<Pause> {
        let course = self.0.as_mut()?;
        let policy = &course.policy;
        course.failures += 1;
        if course.failures >= policy.attempts {
            return None;
        }
        let wait = policy.wait(course.nature, course.failures, outcome)?;
        let spent = policy.clock.mono().saturating_sub(course.began);
        let left = policy.total.checked_sub(spent)?.checked_sub(wait)?;
        if left.is_zero() {
            return None;
        }
        call.0.timeout = Some(course.timeout.min(left));
        Some(Pause {
            time: wait,
            timer: Arc::clone(&policy.timer),
        })
    }
}

/// The time between two attempts.
pub(super) struct Pause {
    time: Duration,
    timer: Arc<dyn Timer>,
}

impl Pause {
    /// Lets the time pass without holding a thread.
    pub(super) async fn pass(self) {
        pause(self.time);
        self.timer.sleep(self.time).await;
    }

    /// Lets the time pass on this thread.
    #[cfg(feature = "blocking")]
    pub(super) fn pass_blocking(self) {
        pause(self.time);
        self.timer.sleep_blocking(self.time);
    }
}

/// A key that nobody else has: a random UUID (RFC 9562, section 5.4).
fn drawn_key() -> HeaderValue {
    let bytes = (u128::from(random()) << 64) | u128::from(random());
    let key = uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid();
    let text = key.hyphenated().to_string();
    let mut value = HeaderValue::from_str(&text).expect("a UUID is ASCII");
    value.set_sensitive(true);
    value
}

/// Reads `Retry-After` (RFC 9110, section 10.2.3): how long the server wants to be left alone.
///
/// A date is held against the server's own `Date`, so that no clock here matters; without one it is a minute.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let Some(now) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        return Some(UNKNOWN_WAIT);
    };
    Some(until.duration_since(now).unwrap_or_default().min(LONGEST))
}
