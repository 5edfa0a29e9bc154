//! Routes: what a test says and asks of one operation.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::Response;

use super::super::Body;
use super::answer::{Answer, Fault, Replies, ScriptError};
use super::received::Asked;
use super::spec::FakeOperation;
use super::world::{State, Step, World};

/// One operation of a fake: what it is to answer, and what it was asked.
///
/// Answers are given in the order they were told, one for each request, and the last one for all that follow.
/// An operation that was told nothing answers as the description shows.
pub struct Route<'f, O> {
    world: &'f World,
    index: usize,
    operation: PhantomData<fn() -> O>,
}

impl<'f, O: FakeOperation> Route<'f, O> {
    pub(super) fn new(world: &'f World) -> Self {
        let index = world.index(O::FAKE);
        Self {
            world,
            index: index.expect("a fake has all operations of its API"),
            operation: PhantomData,
        }
    }

    fn step(self, step: Step) -> Self {
        self.world.state().steps[self.index].push_back(step);
        self
    }

    /// Answers with a declared status and the body that is declared for it.
    ///
    /// # Errors
    /// The description does not declare this body for the status; [`reply_raw`](Self::reply_raw) answers
    /// anything.
    pub fn reply<T: Replies<O>>(self, status: u16, body: T) -> Result<Self, ScriptError> {
        let answer = Answer::of::<O, T>(status, &body)?;
        Ok(self.step(Step::Answer(answer)))
    }

    /// Answers with any response at all, be it declared or not.
    pub fn reply_raw<B: Into<Body>>(self, response: Response<B>) -> Self {
        self.step(Step::Answer(Answer::from(response)))
    }

    /// Answers as the description shows: between other answers, or after them.
    pub fn reply_default(self) -> Self {
        self.step(Step::Shown)
    }

    /// Answers with what a function makes of the request.
    pub fn reply_with<F>(self, answer: F) -> Self
    where
        F: Fn(&Asked<O>) -> Answer + Send + Sync + 'static,
    {
        self.step(Step::By(Arc::new(move |received| {
            answer(&Asked::new(received.clone()))
        })))
    }

    /// Fails instead of answering.
    pub fn fault(self, fault: Fault) -> Self {
        let whole = Answer::from(Response::new(Body::from("{\"cut\": \"in the middle\"}")));
        self.step(Step::Answer(whole.fault(fault)))
    }

    /// Takes this long before the answer that was told last, or before the one that the description shows.
    pub fn delay(self, delay: Duration) -> Self {
        self.change(move |answer| answer.delay(delay))
    }

    /// Gives the answer that was told last, or the one that the description shows, another header.
    ///
    /// # Errors
    /// It has characters that cannot be sent.
    pub fn header(self, name: &str, value: &str) -> Result<Self, ScriptError> {
        Answer::from(Response::new("")).header(name, value)?;
        let (name, value) = (name.to_owned(), value.to_owned());
        Ok(self.change(move |answer| answer.clone().header(&name, &value).unwrap_or(answer)))
    }

    /// Changes the answer that was told last.
    fn change(self, change: impl Fn(Answer) -> Answer + Send + Sync + 'static) -> Self {
        let mut state = self.world.state();
        let steps = &mut state.steps[self.index];
        let fake = self.world.operations[self.index].fake;
        let changed = match steps.pop_back().unwrap_or(Step::Shown) {
            Step::Answer(answer) => Step::Answer(change(answer)),
            Step::By(answer) => Step::By(Arc::new(move |received| change(answer(received)))),
            Step::Shown => Step::By(Arc::new(move |received| {
                change(super::world::success(fake, received))
            })),
        };
        steps.push_back(changed);
        drop(state);
        self
    }

    /// Forgets what it was told; what was asked stays.
    pub fn reset(self) -> Self {
        self.world.state().steps[self.index].clear();
        self
    }

    /// How many requests came, refused ones included.
    pub fn count(&self) -> usize {
        count(&self.world.state(), self.index)
    }

    /// The requests that came, in their order, refused ones included.
    pub fn requests(&self) -> Vec<Asked<O>> {
        let state = self.world.state();
        let own = state
            .log
            .iter()
            .filter(|(index, _)| *index == Some(self.index));
        own.map(|(_, received)| Asked::new(received.clone()))
            .collect()
    }

    /// The request that came last.
    pub fn last(&self) -> Option<Asked<O>> {
        self.requests().pop()
    }

    /// Waits until so many requests came; says whether they did within this time.
    pub fn wait(&self, requests: usize, patience: Duration) -> bool {
        let index = self.index;
        self.world
            .wait(patience, |state| count(state, index) >= requests)
    }
}

fn count(state: &State, index: usize) -> usize {
    let own = state.log.iter().filter(|(found, _)| *found == Some(index));
    own.count()
}

impl<O: FakeOperation> fmt::Debug for Route<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route")
            .field("operation", &O::FAKE.spec.id)
            .field("count", &self.count())
            .finish_non_exhaustive()
    }
}
