//! Decides when a token endpoint is asked, with what, and what callers get meanwhile. No network, no clock, no lock.
//!
//! Every function is told the time. A driver asks the machine for each caller, flies the [`FlightId`]s that it is
//! given, and tells how they ended; [`TokenSource`](super::TokenSource) is one.

mod draws;
mod failure;
mod means;
mod pause;
mod rest;
mod want;

use std::sync::Arc;
use std::time::Duration;

use super::super::Secret;
use super::access::Times;
use super::custody::RightToken;
use super::policy::part;
use super::{
    AccessToken, Issued, Lifetime, Now, RefreshPolicy, Refusal, TokenError, TokenErrorKind, TokenId,
};
use draws::Draws;
pub use failure::{Failure, Reach};
use means::{Asked, Stock};
pub use means::{Means, Repeats};
use pause::Pause;
pub(super) use rest::Rest;
pub use want::Want;

/// No token is believed to live longer than ten years.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// What a caller gets.
#[derive(Clone, Debug)]
pub enum Answer {
    /// This token.
    Serve(AccessToken),
    /// This token, and the caller flies the flight that renews it.
    ServeAndRefresh(AccessToken, FlightId),
    /// What the flight in the air brings.
    Wait,
    /// What this flight brings, which the caller flies.
    Start(FlightId),
    /// No token.
    Fail(TokenError),
}

/// One flight: the turn of asking the endpoint until it issued a token or failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlightId(u64);

/// How a flight goes on after an answer.
#[derive(Debug)]
pub enum Next {
    /// The endpoint is asked again, with what [`TokenMachine::means`] says now.
    Again,
    /// A token was issued. The refresh token is kept; once it is where it has to be, the token can be published.
    Granted(Granted),
    /// The flight failed, and all who wait for it get this.
    Failed(TokenError),
    /// The source was closed meanwhile; nobody uses what was issued.
    Late(Box<Issued>),
    /// This is no flight of the machine's, or no longer.
    Void,
}

/// A token that was issued and is not published yet.
#[derive(Debug)]
pub struct Granted {
    issued: Box<Issued>,
    sent_at: Now,
    rotated: bool,
}

/// What came of the rejection of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rejection {
    /// It is handed out no more.
    Dropped,
    /// It was issued a moment ago, and is kept until another may be asked for.
    TooSoon,
    /// It is not the current token.
    Superseded,
}

/// What one source knows, and the rules by which it acts.
#[derive(Clone, Debug)]
pub struct TokenMachine {
    policy: Arc<RefreshPolicy>,
    draws: Draws,
    last_id: u64,
    current: Option<AccessToken>,
    /// The token that was rejected last.
    unwanted: Option<AccessToken>,
    stock: Stock,
    flight: Option<Aloft>,
    issued_at: Option<Now>,
    pause: Pause,
    /// Why the endpoint cannot be asked at all.
    exhausted: Option<TokenError>,
    sharing: Sharing,
    closed: bool,
}

/// Whether tokens may also come from where others put them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sharing {
    /// Only the endpoint brings tokens.
    Alone,
    /// A store may bring one even when there is nothing left to ask the endpoint with.
    Shared,
}

/// What others know of a refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// How long ago it was presented without an answer, if so.
    pub doubt: Option<Duration>,
    /// How many turns in a row have failed.
    pub failures: u32,
}

#[derive(Clone, Copy, Debug)]
struct Aloft {
    id: FlightId,
    asked: Asked,
    /// Whether the endpoint may have seen a request that is not answered yet.
    sent: bool,
}

impl TokenMachine {
    /// A machine without a token. The seed is where its random choices and the identities of its tokens come from.
    #[must_use]
    pub fn new(policy: Arc<RefreshPolicy>, sharing: Sharing, seed: u64) -> Self {
        let mut draws = Draws(seed);
        Self {
            policy,
            last_id: draws.next(),
            draws,
            current: None,
            unwanted: None,
            stock: Stock::new(),
            flight: None,
            issued_at: None,
            pause: Pause::default(),
            exhausted: None,
            sharing,
            closed: false,
        }
    }

    /// Decides what a caller gets now.
    pub fn ask(&mut self, now: Now, want: &Want, repeats: Repeats) -> Answer {
        if self.closed {
            return Answer::Fail(self.closed_error());
        }
        let live = self.live(now).cloned();
        let wanted = live.clone().filter(|token| want.takes(token, now));
        if let Some(token) = &wanted
            && (self.flight.is_some() || !now.reached(token.times().refresh_at))
        {
            return Answer::Serve(token.clone());
        }
        if self.flight.is_some() {
            return Answer::Wait;
        }
        match (self.may_ask(now, repeats), wanted) {
            (Ok(()), Some(token)) => Answer::ServeAndRefresh(token, self.take_off()),
            (Ok(()), None) => Answer::Start(self.take_off()),
            (Err(_), Some(token)) => Answer::Serve(token),
            // A token that lives too short is better than none; one that must not be used is not.
            (Err(error), None) => match live.filter(|token| want.other_than != Some(token.id())) {
                Some(token) => Answer::Serve(token),
                None => Answer::Fail(error),
            },
        }
    }

    /// What the endpoint is asked with on this flight; nothing if nothing is left.
    pub fn means(&mut self, flight: FlightId, now: Now, repeats: Repeats) -> Option<Means> {
        let means = self.stock.next(now, &self.policy, repeats);
        let aloft = self.flight.as_mut().filter(|aloft| aloft.id == flight)?;
        aloft.asked = match means.as_ref()? {
            Means::Initial => Asked::Initial,
            Means::Refresh(_) => Asked::Refresh,
        };
        means
    }

    /// Takes the refresh token that a custody says is the right one, and what it knows of it.
    pub fn present(&mut self, flight: FlightId, now: Now, right: RightToken<'_>, known: Known) {
        if self.flight.is_none_or(|aloft| aloft.id != flight) {
            return;
        }
        match right {
            RightToken::Own => {}
            RightToken::This(refresh) => self.stock.put_if_other(refresh),
            RightToken::None => self.stock.refused(Asked::Refresh),
        }
        if let Some(ago) = known.doubt {
            self.stock.doubt(now.before(ago));
        }
        self.pause.at_least(known.failures);
    }

    /// Why nothing is left to ask with, when [`means`](Self::means) has nothing.
    #[must_use]
    pub fn gone(&self) -> TokenErrorKind {
        self.stock.gone()
    }

    /// Notes that a request goes out. When the flight is lost from here on, what it presents may be spent.
    pub fn sent(&mut self, flight: FlightId) {
        if let Some(aloft) = self.flight.as_mut().filter(|aloft| aloft.id == flight) {
            aloft.sent = true;
        }
    }

    /// Takes what an exchange brought: `sent_at` is when the request went out, from which a lifetime counts.
    ///
    /// After [`Next::Granted`] the new refresh token has replaced the old one.
    pub fn answered(
        &mut self,
        flight: FlightId,
        (sent_at, now): (Now, Now),
        result: Result<Issued, Failure>,
        repeats: Repeats,
    ) -> Next {
        let Some(aloft) = self.flight.as_mut().filter(|aloft| aloft.id == flight) else {
            return Next::Void;
        };
        aloft.sent = false;
        let asked = aloft.asked;
        let failure = match result {
            Ok(issued) if self.closed => {
                self.flight = None;
                return Next::Late(Box::new(issued));
            }
            Ok(issued) => {
                let rotated = asked == Asked::Refresh && issued.refresh_token.is_some();
                self.stock.issued(asked, issued.refresh_token.as_ref());
                return Next::Granted(Granted {
                    issued: Box::new(issued),
                    sent_at,
                    rotated,
                });
            }
            Err(failure) => failure,
        };
        if failure.means_refused() {
            self.stock.refused(asked);
            if asked == Asked::Refresh
                && self.stock.next(now, &self.policy, repeats).is_some()
                && !self.closed
            {
                return Next::Again;
            }
        }
        Next::Failed(self.fail(failure, asked, now, repeats))
    }

    /// Hands the token out from now on, and ends the flight that brought it. Nothing if this is no flight of the
    /// machine's any longer.
    ///
    /// # Errors
    /// The token cannot be sent, or has run out already. The refresh token is kept.
    pub fn publish(
        &mut self,
        flight: FlightId,
        granted: Granted,
        now: Now,
        requested: &[String],
    ) -> Option<Result<AccessToken, TokenError>> {
        self.is_aloft(flight).then(|| {
            let lifetime = self.lifetime(granted.issued.lifetime, granted.sent_at.wall);
            let times = self.times(granted.sent_at, Duration::ZERO, lifetime);
            self.put_out(*granted.issued, times, now, requested)
        })
    }

    /// Takes what a store brought in the place of an answer, and ends the flight. Nothing if this is no flight of the
    /// machine's any longer.
    ///
    /// `issued_at` is when it was issued, since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// As those of [`publish`](Self::publish).
    pub fn take_over(
        &mut self,
        flight: FlightId,
        issued: Issued,
        issued_at: Duration,
        now: Now,
        requested: &[String],
    ) -> Option<Result<AccessToken, TokenError>> {
        self.is_aloft(flight)
            .then(|| self.adopt(issued, issued_at, now, requested))
    }

    /// Takes over what was issued elsewhere, such as by a login. A flight in the air is no longer one.
    ///
    /// `issued_at` is when it was issued, since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// As those of [`publish`](Self::publish), or the machine is closed.
    pub fn adopt(
        &mut self,
        issued: Issued,
        issued_at: Duration,
        now: Now,
        requested: &[String],
    ) -> Result<AccessToken, TokenError> {
        if self.closed {
            return Err(self.closed_error());
        }
        if let Some(refresh) = &issued.refresh_token {
            self.seed(refresh.clone());
        }
        let lifetime = self.lifetime(issued.lifetime, issued_at);
        let age = now.wall.saturating_sub(issued_at);
        let times = self.times(now, age, lifetime);
        self.put_out(issued, times, now, requested)
    }

    /// Puts a refresh token in place of the one there was, such as after a new login. A flight in the air is no
    /// longer one, and the endpoint may be asked at once.
    pub fn seed(&mut self, refresh: Secret) {
        self.stock.put(refresh);
        self.flight = None;
        self.exhausted = None;
        self.issued_at = None;
        self.pause.over();
    }

    /// Notes that a flight ended without having been told an answer: its driver is gone.
    ///
    /// Returns what all who wait for it get, or nothing if this is no flight of the machine's.
    pub fn lost(&mut self, flight: FlightId, now: Now, repeats: Repeats) -> Option<TokenError> {
        let aloft = self.flight.filter(|aloft| aloft.id == flight)?;
        let reach = match aloft.sent {
            true => Reach::Unanswered,
            false => Reach::NotSent,
        };
        let failure = Failure::new(Refusal::new(TokenErrorKind::Unavailable), reach);
        Some(self.fail(failure, aloft.asked, now, repeats))
    }

    /// Takes a token out of use that an API does not take, if it is the current one and not brand new.
    pub fn reject(&mut self, token: TokenId, now: Now) -> Rejection {
        let Some(current) = self
            .current
            .as_ref()
            .filter(|current| current.id() == token)
        else {
            return Rejection::Superseded;
        };
        if !self.is_past_floor(now) {
            return Rejection::TooSoon;
        }
        self.unwanted = Some(current.clone());
        self.current = None;
        Rejection::Dropped
    }

    /// Ends everything: from now on callers get [`TokenErrorKind::Closed`]. Returns the tokens there were.
    pub fn close(&mut self) -> (Option<AccessToken>, Option<Secret>) {
        self.closed = true;
        self.unwanted = None;
        (self.current.take(), self.stock.take())
    }

    /// Whether everything has ended.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The token that is handed out now.
    #[must_use]
    pub fn current(&self) -> Option<&AccessToken> {
        self.current.as_ref()
    }

    /// The token that was rejected last, so that it is not taken from elsewhere again.
    #[must_use]
    pub fn unwanted(&self) -> Option<&AccessToken> {
        self.unwanted.as_ref()
    }

    /// The refresh token there is.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.stock.refresh()
    }

    /// Until when a reader of the current token need not ask, by the clock that never steps.
    #[must_use]
    pub fn look_at(&self) -> Option<Duration> {
        let times = self.current.as_ref()?.times();
        let end = times.serve_until.mono;
        if self.flight.is_some() || self.exhausted.is_some() {
            return Some(end);
        }
        let floor = self.issued_at.map(|at| at.after(self.policy.floor).mono);
        let pause = self.pause.until().map(|until| until.mono);
        let begin = times.refresh_at.mono;
        Some(
            begin
                .max(floor.unwrap_or_default())
                .max(pause.unwrap_or_default())
                .min(end),
        )
    }

    fn is_aloft(&self, flight: FlightId) -> bool {
        !self.closed && self.flight.is_some_and(|aloft| aloft.id == flight)
    }

    fn live(&self, now: Now) -> Option<&AccessToken> {
        let current = self.current.as_ref()?;
        (!now.reached(current.times().serve_until)).then_some(current)
    }

    fn is_past_floor(&self, now: Now) -> bool {
        let floor = self.policy.floor;
        self.issued_at.is_none_or(|at| now.reached(at.after(floor)))
    }

    /// Whether the endpoint may be asked now, or why not.
    fn may_ask(&mut self, now: Now, repeats: Repeats) -> Result<(), TokenError> {
        if let Some(error) = self.pause.error(now) {
            return Err(error.clone());
        }
        if !self.is_past_floor(now) {
            let retry_at = self.issued_at.map(|at| at.after(self.policy.floor));
            let refusal = Refusal::new(TokenErrorKind::Throttled);
            return Err(TokenError::new(refusal, self.pause.failures(), retry_at));
        }
        let nothing_left = self.stock.next(now, &self.policy, repeats).is_none();
        if nothing_left && self.sharing == Sharing::Alone {
            let gone = self.stock.gone();
            let failures = self.pause.failures();
            let error = self
                .exhausted
                .get_or_insert_with(|| TokenError::new(Refusal::new(gone), failures, None));
            return Err(error.clone());
        }
        self.exhausted = None;
        Ok(())
    }

    fn take_off(&mut self) -> FlightId {
        let id = FlightId(self.next_id());
        self.flight = Some(Aloft {
            id,
            asked: Asked::Initial,
            sent: false,
        });
        id
    }

    fn fail(&mut self, failure: Failure, asked: Asked, now: Now, repeats: Repeats) -> TokenError {
        self.flight = None;
        let mut failure = failure;
        if failure.reach() == Reach::Unanswered {
            let spent = self.stock.unanswered(asked, now, repeats);
            if spent && failure.refusal().kind.is_transient() {
                failure.refusal_mut().kind = TokenErrorKind::InDoubt;
            }
        }
        let until = self
            .pause
            .lengthen(failure.refusal(), now, &self.policy, &mut self.draws);
        let left = self.stock.next(now, &self.policy, repeats).is_some();
        let retries = !self.closed && (left || self.sharing == Sharing::Shared);
        let error = failure.into_error(self.pause.failures(), retries.then_some(until));
        if !retries {
            self.exhausted = Some(error.clone());
        }
        self.pause.keep(until, error.clone());
        error
    }

    fn put_out(
        &mut self,
        issued: Issued,
        times: Times,
        now: Now,
        requested: &[String],
    ) -> Result<AccessToken, TokenError> {
        self.flight = None;
        self.issued_at = Some(now);
        let id = TokenId::new(self.next_id());
        let useless = |kind| Failure::new(Refusal::new(kind), Reach::Answered);
        let failure = match AccessToken::new(id, times, issued, requested) {
            Ok(token) if !now.reached(times.serve_until) => {
                self.pause.over();
                self.exhausted = None;
                self.current = Some(token.clone());
                return Ok(token);
            }
            Ok(_) => useless(TokenErrorKind::Expired),
            Err(_) => useless(TokenErrorKind::Malformed),
        };
        Err(self.fail(failure, Asked::Refresh, now, Repeats::Yes))
    }

    fn lifetime(&self, stated: Lifetime, issued_at: Duration) -> Duration {
        let lifetime = match stated {
            Lifetime::Unstated => self.policy.assumed_lifetime,
            Lifetime::In(time) => time,
            Lifetime::At(moment) => moment.saturating_sub(issued_at),
        };
        lifetime.min(LONGEST)
    }

    /// The times of a token of this age at this moment.
    fn times(&mut self, at: Now, age: Duration, lifetime: Duration) -> Times {
        let policy = &self.policy;
        let ahead = part(lifetime, policy.ahead_percent);
        let jitter = self.draws.up_to(part(lifetime, policy.jitter_percent));
        let margin = policy.margin_of(lifetime);
        let moment =
            |before: Duration| at.after(lifetime.saturating_sub(before).saturating_sub(age));
        Times {
            refresh_at: moment(ahead.saturating_add(jitter)),
            serve_until: moment(margin).after(policy.serve_expired),
            expires: moment(Duration::ZERO),
        }
    }

    fn next_id(&mut self) -> u64 {
        self.last_id = self.last_id.wrapping_add(1);
        self.last_id
    }

    fn closed_error(&self) -> TokenError {
        TokenError::new(
            Refusal::new(TokenErrorKind::Closed),
            self.pause.failures(),
            None,
        )
    }
}

impl Granted {
    /// What was issued.
    #[must_use]
    pub fn issued(&self) -> &Issued {
        &self.issued
    }

    /// Whether a refresh token was replaced.
    #[must_use]
    pub fn rotated(&self) -> bool {
        self.rotated
    }

    /// When the request was sent, from which the lifetime counts.
    #[must_use]
    pub fn sent_at(&self) -> Now {
        self.sent_at
    }
}
