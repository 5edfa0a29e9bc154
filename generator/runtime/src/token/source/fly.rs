//! Flights: from the turn to ask an endpoint to the token that is handed out.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::super::custody::{Adopted, Held, Need, Presented, Turn, TurnEnd};
use super::super::flight::Course;
use super::super::machine::{Failure, FlightId, Granted, Known, Means, Next, Reach};
use super::super::{Event, Meanwhile, Now, Refusal, TokenError, TokenErrorKind};
use super::exchange::Wire;
use super::{Inner, Outcome};

/// A flight's future. When it panics or is dropped half way, the machine is told.
struct Flown {
    course: Pin<Box<dyn Future<Output = Outcome> + Send>>,
    inner: Arc<Inner>,
    id: FlightId,
    over: bool,
}

/// Where a turn leads.
enum Leave {
    Ask(Option<Box<dyn Held>>),
    Land(Outcome),
}

impl Future for Flown {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let this = self.get_mut();
        let polled = catch_unwind(AssertUnwindSafe(|| this.course.as_mut().poll(cx)));
        let outcome = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(outcome)) => outcome,
            // What panicked, such as a transport, said why by itself; its words may hold secrets. If it was an
            // observer that was told of the landing, the flight is none any more.
            Err(_panic) => match this.inner.lose(this.id) {
                Some(error) => Err(error),
                None => this.inner.superseded(this.id),
            },
        };
        this.over = true;
        Poll::Ready(outcome)
    }
}

impl Drop for Flown {
    fn drop(&mut self) {
        if !self.over {
            drop(self.inner.lose(self.id));
        }
    }
}

impl Inner {
    /// What a flight does, to be polled by whoever flies it.
    pub(super) fn course(self: &Arc<Self>, id: FlightId, wire: Wire) -> Course<Outcome> {
        let inner = Arc::clone(self);
        Box::pin(Flown {
            course: Box::pin(async move { inner.fly(id, wire).await }),
            inner: Arc::clone(self),
            id,
            over: false,
        })
    }

    async fn fly(&self, id: FlightId, wire: Wire) -> Outcome {
        let mut held = match self.take_turn(id).await {
            Leave::Ask(held) => held,
            Leave::Land(outcome) => return outcome,
        };
        let (outcome, presented) = self.ask_endpoint(id, wire, &mut held).await;
        if let Some(held) = held {
            let ending = match &outcome {
                Ok(_) => TurnEnd::Settled,
                Err(error) => {
                    let now = self.now();
                    let rest = error.retry_at().map(|at| at.mono.saturating_sub(now.mono));
                    TurnEnd::Failed {
                        presented,
                        rest: rest.unwrap_or_default(),
                    }
                }
            };
            // If it fails, others wait until the turn runs out by itself.
            drop(held.release(ending).await);
        }
        outcome
    }

    /// Waits for the turn to ask.
    async fn take_turn(&self, id: FlightId) -> Leave {
        let Some(custody) = &self.custody else {
            return Leave::Ask(None);
        };
        let need = {
            let (now, repeats) = (self.now(), self.repeats());
            let machine = &mut self.lock().machine;
            Need {
                means: machine.means(id, now, repeats),
                unwanted: machine.unwanted().cloned(),
                current: machine.current().cloned(),
                policy: Arc::clone(&self.settings.policy),
            }
        };
        match custody.turn(need).await {
            Ok(Turn::Ask(held)) => {
                let known = Known {
                    doubt: held.doubt(),
                    failures: held.failures(),
                };
                let now = self.now();
                let refresh_token = held.refresh_token();
                self.lock().machine.present(id, now, refresh_token, known);
                Leave::Ask(Some(held))
            }
            Ok(Turn::Adopt(adopted)) => Leave::Land(self.land_adopted(id, adopted)),
            Err(refusal) => Leave::Land(self.land_failed(id, refusal)),
        }
    }

    /// Asks the endpoint until it has issued a token or nothing is left to ask with now.
    async fn ask_endpoint(
        &self,
        id: FlightId,
        wire: Wire,
        held: &mut Option<Box<dyn Held>>,
    ) -> (Outcome, Presented) {
        loop {
            let (now, repeats) = (self.now(), self.repeats());
            let means = self.lock().machine.means(id, now, repeats);
            let Some(means) = means else {
                let gone = self.lock().machine.gone();
                return (
                    self.land_failed(id, Refusal::new(gone)),
                    Presented::Unharmed,
                );
            };
            let (times, result) = self.exchange(id, &means, wire).await;
            let presented = match (&means, &result) {
                (Means::Refresh(_), Err(failure)) if failure.reach() == Reach::Unanswered => {
                    Presented::InDoubt
                }
                _ => Presented::Unharmed,
            };
            if let (Means::Refresh(_), Err(failure), Some(held)) = (&means, &result, &mut *held)
                && failure.means_refused()
            {
                match held.refused().await {
                    Ok(None) => {}
                    Ok(Some(adopted)) => return (self.land_adopted(id, adopted), presented),
                    Err(refusal) => return (self.land_failed(id, refusal), presented),
                }
            }
            let next = self.lock().machine.answered(id, times, result, repeats);
            let outcome = match next {
                Next::Again => continue,
                Next::Granted(granted) => self.land_granted(id, granted, &means, held).await,
                Next::Failed(error) => self.land(id, Err(error)),
                Next::Late(issued) => {
                    self.lock().leftovers.add_issued(&issued);
                    self.land(id, Err(closed()))
                }
                Next::Void => self.superseded(id),
            };
            return (outcome, presented);
        }
    }

    /// Has what was issued kept where it must be, and hands it out.
    async fn land_granted(
        &self,
        id: FlightId,
        granted: Granted,
        means: &Means,
        held: &mut Option<Box<dyn Held>>,
    ) -> Outcome {
        let issued_at = granted.sent_at().wall;
        if let Some(held) = held {
            let presented = match means {
                Means::Refresh(token) => Some(token),
                Means::Initial => None,
            };
            match held.commit(presented, granted.issued(), issued_at).await {
                Ok(None) => {}
                Ok(Some(adopted)) => return self.land_adopted(id, adopted),
                Err(refusal) => return self.land_failed(id, refusal),
            }
        }
        if granted.issued().refresh_token.is_some() {
            self.endpoint.forget();
        }
        if granted.rotated() {
            self.tell(&Event::Rotated);
        }
        let now = self.now();
        let scopes = self.endpoint.scopes();
        let published = {
            let mut ground = self.lock();
            if ground.machine.is_closed() {
                ground.leftovers.add_issued(granted.issued());
            }
            ground.machine.publish(id, granted, now, scopes)
        };
        match published {
            Some(outcome) => self.land(id, outcome),
            None => self.superseded(id),
        }
    }

    fn land_adopted(&self, id: FlightId, adopted: Adopted) -> Outcome {
        let Adopted { issued, issued_at } = adopted;
        let (now, scopes) = (self.now(), self.endpoint.scopes());
        let taken = self
            .lock()
            .machine
            .take_over(id, issued, issued_at, now, scopes);
        match taken {
            Some(outcome) => self.land(id, outcome),
            None => self.superseded(id),
        }
    }

    fn land_failed(&self, id: FlightId, refusal: Refusal) -> Outcome {
        let (now, repeats) = (self.now(), self.repeats());
        let failure = Failure::new(refusal, Reach::NotSent);
        let next = self
            .lock()
            .machine
            .answered(id, (now, now), Err(failure), repeats);
        match next {
            Next::Failed(error) => self.land(id, Err(error)),
            _ => self.superseded(id),
        }
    }

    /// What those get who waited for a flight in whose place something else came: a login, or the end.
    fn superseded(&self, id: FlightId) -> Outcome {
        let mut ground = self.lock();
        ground.forget_flight(id);
        match ground.machine.current() {
            Some(token) => Ok(token.clone()),
            None if ground.machine.is_closed() => Err(closed()),
            None => {
                let refusal = Refusal::new(TokenErrorKind::Unavailable);
                Err(TokenError::new(refusal, 0, Some(self.now())))
            }
        }
    }

    /// Shows what came of a flight, which the machine knows already.
    fn land(&self, id: FlightId, outcome: Outcome) -> Outcome {
        let mut ground = self.lock();
        ground.forget_flight(id);
        self.show(&ground);
        drop(ground);
        self.tell_outcome(&outcome, self.now());
        outcome
    }

    /// Ends a flight whose driver is gone, if it is one.
    fn lose(&self, id: FlightId) -> Option<TokenError> {
        let (now, repeats) = (self.now(), self.repeats());
        let mut ground = self.lock();
        let error = ground.machine.lost(id, now, repeats)?;
        ground.forget_flight(id);
        self.show(&ground);
        drop(ground);
        self.tell_outcome(&Err(error.clone()), now);
        Some(error)
    }

    pub(super) fn tell_outcome(&self, outcome: &Outcome, now: Now) {
        match outcome {
            Ok(token) => self.tell(&Event::Issued {
                token: token.id(),
                expires: token.expires(),
            }),
            Err(error) => {
                let good = self.published.load();
                let good = good
                    .as_ref()
                    .is_some_and(|held| self.serves(held, now.mono));
                self.tell(&Event::Failed {
                    error: error.clone(),
                    meanwhile: match good {
                        true => Meanwhile::Token,
                        false => Meanwhile::Error,
                    },
                });
            }
        }
    }
}

fn closed() -> TokenError {
    TokenError::new(Refusal::new(TokenErrorKind::Closed), 0, None)
}
