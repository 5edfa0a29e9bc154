//! What stands around a flight when many processes share what one grant was issued.
//!
//! A source asks its custody for a turn before it presents anything, and has what was issued committed before it
//! hands it out. Custody decides whose turn it is; the source never presents a refresh token out of turn.
//! When a store cannot be reached, custody decides as well: it gives a turn for what spends nothing, and none for a
//! refresh token.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::super::Secret;
use super::machine::Means;
use super::{AccessToken, Issued, Lifetime, Now, RefreshPolicy, Refusal};

/// What a step of a custody comes in.
pub type Step<'a, T> = Pin<Box<dyn Future<Output = Result<T, Refusal>> + Send + 'a>>;

/// Keeps what one grant was issued where many processes share it.
pub trait Custody: Send + Sync + 'static {
    /// Waits until it is this source's turn to ask the endpoint, or until another source was issued a token.
    ///
    /// # Errors
    /// Neither can be found out; nothing is sent then.
    fn turn<'a>(&'a self, need: Need) -> Step<'a, Turn>;

    /// Forgets what is kept, because it is being revoked.
    ///
    /// # Errors
    /// It cannot be forgotten now.
    fn erase(&self) -> Step<'_, ()>;
}

/// What a source needs a turn for. It holds secrets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Need {
    /// What the source would ask with; nothing if it has nothing left.
    pub means: Option<Means>,
    /// The token that an API has rejected; it is not to be adopted again.
    pub unwanted: Option<AccessToken>,
    /// The token that is still handed out, if one is: another is wanted ahead of its end.
    pub current: Option<AccessToken>,
    pub(super) policy: Arc<RefreshPolicy>,
}

impl Need {
    /// Whether a token that was issued at `issued_at` (since 1970-01-01T00:00:00Z) will do: it would be handed out, it
    /// is not the one that was rejected, and it lives longer than the one there is.
    #[must_use]
    pub fn suits(&self, issued: &Issued, issued_at: Duration, now: Now) -> bool {
        let is = |token: &AccessToken| token.expose() == issued.access_token.expose();
        if self.unwanted.as_ref().is_some_and(is) || self.current.as_ref().is_some_and(is) {
            return false;
        }
        let end = match issued.lifetime {
            Lifetime::Unstated => issued_at.saturating_add(self.assumed_lifetime()),
            Lifetime::In(time) => issued_at.saturating_add(time),
            Lifetime::At(moment) => moment,
        };
        let margin = self.policy.margin_of(end.saturating_sub(issued_at));
        let outlives = |token: &AccessToken| end > token.expires().wall;
        now.wall < end.saturating_sub(margin) && self.current.as_ref().is_none_or(outlives)
    }

    /// How long a token lives of which the response does not say.
    #[must_use]
    pub fn assumed_lifetime(&self) -> Duration {
        self.policy.assumed_lifetime
    }
}

/// Whose turn it is.
pub enum Turn {
    /// The source's: it asks the endpoint, and nobody else does until this is released.
    Ask(Box<dyn Held>),
    /// Another source was issued this.
    Adopt(Adopted),
}

/// What another source was issued.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// The tokens.
    pub issued: Issued,
    /// When they were issued, since 1970-01-01T00:00:00Z.
    pub issued_at: Duration,
}

/// A turn that a source has. Dropping it without [`release`](Held::release) lets others wait until it runs out.
pub trait Held: Send {
    /// The refresh token that is the right one.
    fn refresh_token(&self) -> RightToken<'_>;

    /// How long ago somebody presented it without hearing an answer, if so.
    fn doubt(&self) -> Option<Duration>;

    /// How many turns in a row have failed, whoever had them.
    fn failures(&self) -> u32;

    /// Looks again, because the endpoint says that the refresh token is no longer good: has another used it?
    ///
    /// # Errors
    /// It cannot be found out.
    fn refused(&mut self) -> Step<'_, Option<Adopted>>;

    /// Keeps what was issued at `issued_at` (since 1970-01-01T00:00:00Z), before anybody is handed it. If it has no
    /// refresh token, the one that was presented for it stays (RFC 6749, section 6). What comes back is adopted instead.
    ///
    /// # Errors
    /// It is not kept, and not handed out. The source has the new refresh token and shows it at the next turn.
    fn commit<'a>(
        &'a mut self,
        presented: Option<&'a Secret>,
        issued: &'a Issued,
        issued_at: Duration,
    ) -> Step<'a, Option<Adopted>>;

    /// Lets others have their turn.
    ///
    /// # Errors
    /// They have to wait until the turn runs out.
    fn release(self: Box<Self>, ending: TurnEnd) -> Step<'static, ()>;
}

/// Which refresh token is the right one.
#[derive(Clone, Copy, Debug)]
pub enum RightToken<'a> {
    /// The source's own, if it has one.
    Own,
    /// This one, instead of the source's own.
    This(&'a Secret),
    /// None: the source's own is spent or was never good.
    None,
}

/// How a turn ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnEnd {
    /// A token is there for all.
    Settled,
    /// No token was issued.
    Failed {
        /// Whether the refresh token may be spent.
        presented: Presented,
        /// How long nobody is to ask.
        rest: Duration,
    },
}

/// What is known of a refresh token after a turn without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// It is as it was: it was not sent, or the endpoint said that it did nothing.
    Unharmed,
    /// It was sent, and no answer came.
    InDoubt,
}
