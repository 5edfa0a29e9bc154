//! Sources: what callers get tokens from.

mod builder;
mod exchange;
mod fly;
mod rest;
mod revoke;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;

use super::super::Secret;
use super::access::{Held, nanos};
use super::custody::Custody;
use super::executor::{Ambient, Executor, OwnThread, Task, block_on};
use super::flight::{Flight, Role, Waiter};
use super::machine::{Answer, FlightId, Rejection, Repeats, TokenMachine, Want};
use super::{
    AccessToken, Endpoint, Event, Identity, Issued, Now, Refusal, Reject, TokenError,
    TokenErrorKind,
};
pub use builder::SourceBuilder;
pub(super) use builder::{Settings, settings_setters};
use exchange::Wire;
use revoke::Leftovers;

/// For how long a reader believes that the clock that may be set was not.
const WALL_CHECK: Duration = Duration::from_millis(100);

/// Hands out the tokens of one grant at one endpoint.
///
/// A token is asked for when the first caller needs it, by one request however many callers wait, and is renewed
/// before it runs out while callers still get the one that there is. What was asked for is the source's own: a caller
/// that goes away takes nothing from the others, and loses no refresh token. Cloning a source is cheap; all clones
/// share everything.
///
/// ```
/// use std::time::Duration;
///
/// use specmint_runtime::token::{Endpoint, Grant, Identity, Issued, Lifetime, Refusal, Reject, TokenSource};
/// use specmint_runtime::transport::memory::Memory;
/// use specmint_runtime::{Body, BuildError, http};
///
/// /// Says how to ask, and reads what comes back.
/// struct Login;
///
/// impl Endpoint for Login {
///     fn request(&self, _: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
///         let mut request = http::Request::new(Body::from("user=me&key=mine"));
///         *request.method_mut() = http::Method::POST;
///         *request.uri_mut() = http::Uri::from_static("https://login.example/token");
///         Ok(request)
///     }
///
///     fn read(&self, _: Grant<'_>, response: &http::Response<Body>) -> Result<Issued, Refusal> {
///         let text = String::from_utf8_lossy(response.body().as_bytes());
///         let mut issued = Issued::new(&*text);
///         issued.lifetime = Lifetime::In(Duration::from_secs(3600));
///         Ok(issued)
///     }
///
///     fn identify(&self, identity: &mut Identity) {
///         identity.part("url", "https://login.example/token");
///         identity.part("key", "mine");
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let source = TokenSource::builder(Login)
///     // In a program, leave this out: the transport of the features `reqwest` and `blocking` is taken.
///     .transport(Memory::new(|_| Ok(http::Response::new(Body::from("abc")))))
///     .build()?;
/// // `source.token().await?` where callers do not block.
/// let token = source.token_blocking()?;
/// let request = http::Request::get("https://api.example/pets").header("authorization", token.header());
/// # let _ = request;
/// // If the API answers with 401, the next caller gets another token.
/// source.reject(&token, Reject::Unauthorized);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TokenSource(Arc<Owner>);

/// What all clones share. With the last of them a flight that nobody waits for is given up.
struct Owner(Arc<Inner>);

/// What the flights share as well.
pub(super) struct Inner {
    settings: Arc<Settings>,
    endpoint: Box<dyn Endpoint>,
    custody: Option<Arc<dyn Custody>>,
    published: ArcSwapOption<Held>,
    /// When the clock that may be set was last looked at, in nanoseconds of the one that never steps.
    wall_checked: AtomicU64,
    ground: Mutex<Ground>,
}

/// What only one at a time may touch.
struct Ground {
    machine: TokenMachine,
    flight: Option<(FlightId, Arc<Flight<Outcome>>)>,
    leftovers: Leftovers,
}

/// What a flight brings.
type Outcome = Result<AccessToken, TokenError>;

/// What a caller gets of the source.
enum Reply {
    /// This.
    Have(Outcome),
    /// What a flight brings; if it brings nothing, the token that is still good.
    Await(Waiter<Outcome>, Option<AccessToken>),
}

/// What a caller sets off.
struct Departure {
    reply: Reply,
    /// What flies, to be given to an executor.
    task: Option<Task>,
    /// A flight that is no longer one. It tells so when it is dropped, which must not happen under the lock.
    former: Option<(FlightId, Arc<Flight<Outcome>>)>,
}

impl From<Reply> for Departure {
    fn from(reply: Reply) -> Self {
        Self {
            reply,
            task: None,
            former: None,
        }
    }
}

impl TokenSource {
    /// Begins a source for an endpoint.
    pub fn builder(endpoint: impl Endpoint) -> SourceBuilder {
        SourceBuilder::new(Box::new(endpoint))
    }

    /// The current token, if there is one that is still good. It takes no lock, allocates nothing and asks nobody:
    /// renewing is left to [`token`](Self::token).
    #[must_use]
    pub fn try_cached(&self) -> Option<AccessToken> {
        let published = self.inner().published.load();
        let held = published.as_ref()?;
        self.inner()
            .serves(held, self.inner().settings.clock.mono())
            .then(|| AccessToken::from_held(Arc::clone(held)))
    }

    /// A token that is good, asked for only if there is none. Waiting for it can be given up at any time.
    ///
    /// # Errors
    /// There is none, and [`TokenError::advice`] says what to do. Until [`TokenError::retry_at`] all callers get the
    /// same error.
    pub async fn token(&self) -> Result<AccessToken, TokenError> {
        match self.inner().unless_due() {
            Some(token) => Ok(token),
            None => self.token_with(&Want::default()).await,
        }
    }

    /// A token of a certain kind, such as another than one.
    ///
    /// # Errors
    /// As those of [`token`](Self::token).
    pub async fn token_with(&self, want: &Want) -> Result<AccessToken, TokenError> {
        match self.inner().ask(want, Wire::Async) {
            Reply::Have(outcome) => outcome,
            Reply::Await(waiter, meanwhile) => or_else(waiter.await, meanwhile),
        }
    }

    /// [`token`](Self::token) on the calling thread.
    ///
    /// # Errors
    /// As those of [`token`](Self::token).
    pub fn token_blocking(&self) -> Result<AccessToken, TokenError> {
        match self.inner().unless_due() {
            Some(token) => Ok(token),
            None => self.token_with_blocking(&Want::default()),
        }
    }

    /// [`token_with`](Self::token_with) on the calling thread.
    ///
    /// # Errors
    /// As those of [`token`](Self::token).
    pub fn token_with_blocking(&self, want: &Want) -> Result<AccessToken, TokenError> {
        match self.inner().ask(want, Wire::Blocking) {
            Reply::Have(outcome) => outcome,
            Reply::Await(waiter, meanwhile) => or_else(block_on(waiter), meanwhile),
        }
    }

    /// Gives a token back that an API does not take, so that the next caller gets another.
    ///
    /// It acts only if `used` is the current token, and not on one that was issued a moment ago. Do not reject for
    /// 403 or for want of a scope (RFC 6750, section 3.1): a new token would not help.
    pub fn reject(&self, used: &AccessToken, why: Reject) -> Rejection {
        let inner = self.inner();
        let now = inner.settings.clock.now();
        let mut ground = inner.lock();
        let rejection = ground.machine.reject(used.id(), now);
        inner.show(&ground);
        drop(ground);
        let token = used.id();
        inner.tell(&Event::Rejected {
            token,
            why,
            rejection,
        });
        rejection
    }

    /// Takes over what was issued elsewhere, such as by a login, in place of what there is.
    ///
    /// # Errors
    /// The token cannot be sent, or has run out already.
    pub fn adopt(&self, issued: Issued) -> Result<AccessToken, TokenError> {
        let inner = self.inner();
        let (now, scopes) = (inner.now(), inner.endpoint.scopes());
        let mut ground = inner.lock();
        let outcome = ground.machine.adopt(issued, now.wall, now, scopes);
        // A flight in the air was for what this replaces.
        let flight = ground.flight.take();
        inner.show(&ground);
        drop(ground);
        drop(flight);
        inner.tell_outcome(&outcome, now);
        outcome
    }

    /// Puts a refresh token in place of the one there is, such as after a new login.
    pub fn seed(&self, refresh_token: Secret) {
        let mut ground = self.inner().lock();
        ground.machine.seed(refresh_token);
        let flight = ground.flight.take();
        self.inner().show(&ground);
        drop(ground);
        drop(flight);
    }

    /// The scopes that are asked for, if any are.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        self.inner().endpoint.scopes()
    }

    /// Tells all that the tokens depend on; see [`Endpoint::identify`].
    pub fn identify(&self, identity: &mut Identity) {
        self.inner().endpoint.identify(identity);
    }

    fn inner(&self) -> &Arc<Inner> {
        &self.0.0
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current = self.try_cached();
        f.debug_struct("TokenSource")
            .field("current", &current)
            .finish_non_exhaustive()
    }
}

impl Drop for Owner {
    /// A flight holds what it flies for; one that nobody flies would hold it for ever.
    fn drop(&mut self) {
        let flight = self.0.lock().flight.take();
        if let Some((_, flight)) = flight
            && flight.is_deserted()
        {
            flight.abandon();
        }
    }
}

impl Inner {
    /// Whether this token may be handed out.
    fn serves(&self, held: &Held, mono: Duration) -> bool {
        let end = held.times().serve_until;
        if mono >= end.mono {
            return false;
        }
        let checked = self.wall_checked.load(Ordering::Relaxed);
        if nanos(mono).abs_diff(checked) < nanos(WALL_CHECK) {
            return true;
        }
        let good = self.settings.clock.now().wall < end.wall;
        if good {
            self.wall_checked.store(nanos(mono), Ordering::Relaxed);
        }
        good
    }

    /// The current token, unless the machine has to be asked.
    fn unless_due(&self) -> Option<AccessToken> {
        let published = self.published.load();
        let held = published.as_ref()?;
        let mono = self.settings.clock.mono();
        (!held.is_due(mono) && self.serves(held, mono))
            .then(|| AccessToken::from_held(Arc::clone(held)))
    }

    /// Asks the machine for a caller, and sets off the flight that it wants.
    fn ask(self: &Arc<Self>, want: &Want, wire: Wire) -> Reply {
        let (now, repeats) = (self.now(), self.repeats());
        let mut ground = self.lock();
        let Departure {
            reply,
            task,
            former,
        } = match ground.machine.ask(now, want, repeats) {
            Answer::Fail(error) => Reply::Have(Err(error)).into(),
            Answer::Serve(token) => ground.carry_on(token).into(),
            Answer::Wait => ground.join().into(),
            Answer::Start(id) => self.set_off(&mut ground, id, wire, None),
            Answer::ServeAndRefresh(token, id) => self.set_off(&mut ground, id, wire, Some(token)),
        };
        self.show(&ground);
        drop(ground);
        drop(former);
        match (task.map(|task| self.spawn(task, wire)), reply) {
            // The flight goes on by itself, and the token is good.
            (Some(Ok(())), Reply::Await(_, Some(token))) => Reply::Have(Ok(token)),
            (_, reply) => reply,
        }
    }

    /// Makes a flight, and the task that flies it unless the caller does.
    fn set_off(
        self: &Arc<Self>,
        ground: &mut Ground,
        id: FlightId,
        wire: Wire,
        meanwhile: Option<AccessToken>,
    ) -> Departure {
        let flight = Flight::new(self.course(id, wire));
        // A caller that blocks and needs the token is as good a thread as any.
        let task: Option<Task> = (wire == Wire::Async || meanwhile.is_some()).then(|| {
            let pilot = flight.board(Role::Pilot);
            let task: Task = Box::pin(async move { drop(pilot.await) });
            task
        });
        let reply = Reply::Await(flight.board(Role::Passenger), meanwhile);
        Departure {
            reply,
            task,
            former: ground.flight.replace((id, flight)),
        }
    }

    fn spawn(&self, task: Task, wire: Wire) -> Result<(), ()> {
        let settings = &self.settings;
        let spawned = match &settings.executor {
            Some(executor) => executor.spawn(task),
            None if settings.line(wire).is_blocking() => OwnThread.spawn(task),
            None => Ambient.spawn(task),
        };
        // With the task goes its pilot, and those who wait fly themselves.
        spawned.map_err(drop)
    }

    /// Hands out what the machine holds from now on.
    fn show(&self, ground: &Ground) {
        let current = ground.machine.current().map(AccessToken::held);
        if let (Some(held), Some(mono)) = (current, ground.machine.look_at()) {
            let flown = ground
                .flight
                .as_ref()
                .is_none_or(|(_, flight)| flight.is_piloted());
            held.look_at(if flown { mono } else { Duration::ZERO });
        }
        let shown = self.published.load();
        let same = match (shown.as_ref(), current) {
            (Some(shown), Some(current)) => Arc::ptr_eq(shown, current),
            (shown, current) => shown.is_none() && current.is_none(),
        };
        if !same {
            self.published.store(current.cloned());
        }
    }

    fn repeats(&self) -> Repeats {
        match self.endpoint.begins() {
            true => self.endpoint.repeats().into(),
            false => Repeats::Never,
        }
    }

    fn now(&self) -> Now {
        self.settings.clock.now()
    }

    fn lock(&self) -> MutexGuard<'_, Ground> {
        self.ground.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: &Event) {
        if let Some(observer) = &self.settings.observer {
            observer(event);
        }
    }
}

impl Ground {
    /// A token while another is being fetched; whoever finds that nobody flies goes on with the flight.
    fn carry_on(&self, token: AccessToken) -> Reply {
        match &self.flight {
            Some((_, flight)) if flight.is_deserted() => {
                Reply::Await(flight.board(Role::Passenger), Some(token))
            }
            _ => Reply::Have(Ok(token)),
        }
    }

    /// Notes that this flight is over.
    fn forget_flight(&mut self, id: FlightId) {
        self.flight.take_if(|(flying, _)| *flying == id);
    }

    fn join(&self) -> Reply {
        match &self.flight {
            Some((_, flight)) => Reply::Await(flight.board(Role::Passenger), None),
            // A flight that is given up tells the machine, so this does not last.
            None => {
                let refusal = Refusal::new(TokenErrorKind::Unavailable);
                Reply::Have(Err(TokenError::new(refusal, 0, None)))
            }
        }
    }
}

/// What a flight brought, or the token that was good when it set off.
fn or_else(outcome: Outcome, meanwhile: Option<AccessToken>) -> Outcome {
    match (outcome, meanwhile) {
        (Err(_), Some(token)) => Ok(token),
        (outcome, _) => outcome,
    }
}
