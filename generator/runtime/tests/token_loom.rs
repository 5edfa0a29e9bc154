//! Flights under every order in which threads can meet in them (as far as two preemptions a run lead).
//!
//! The source of the flights is compiled here once more, with locks that loom watches in place of the real ones.
#![cfg(feature = "tokens")]

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use loom::future::block_on;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::thread;
use specmint_runtime::token::machine::{Answer, FlightId, Next, Repeats, Sharing, TokenMachine};
use specmint_runtime::token::{Issued, Now, RefreshPolicy, TokenId, Want};

use flight::{Course, Flight, Role};

/// The locks of the flights.
mod sync {
    pub(super) use loom::sync::Mutex;
}

#[allow(dead_code, reason = "a flight can do more than is tried here")]
#[path = "../src/token/flight.rs"]
mod flight;

/// Runs it in every order.
fn in_every_order(run: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(run);
}

/// A server that answers when it is told to.
#[derive(Default)]
struct Server {
    answered: AtomicBool,
    waker: sync::Mutex<Option<Waker>>,
    polled_after_the_end: AtomicBool,
}

impl Server {
    fn course(self: &Arc<Self>) -> Course<u32> {
        let server = Arc::clone(self);
        Box::pin(poll_fn(move |cx| {
            *server.waker.lock().unwrap() = Some(cx.waker().clone());
            match server.answered.load(Ordering::SeqCst) {
                true => {
                    assert!(!server.polled_after_the_end.swap(true, Ordering::SeqCst));
                    Poll::Ready(7)
                }
                false => Poll::Pending,
            }
        }))
    }

    fn answer(&self) {
        self.answered.store(true, Ordering::SeqCst);
        let waker = self.waker.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn s33_all_who_wait_are_woken_whoever_polled_last() {
    in_every_order(|| {
        let server = Arc::new(Server::default());
        let flight = Flight::new(server.course());
        let other = flight.board(Role::Passenger);
        let waits = thread::spawn(move || block_on(other));
        let own = flight.board(Role::Passenger);
        let answers = thread::spawn(move || server.answer());
        assert_eq!(block_on(own), 7);
        assert_eq!(waits.join().unwrap(), 7);
        answers.join().unwrap();
    });
}

#[test]
fn s33_one_who_goes_away_takes_no_wake_along() {
    in_every_order(|| {
        let server = Arc::new(Server::default());
        let flight = Flight::new(server.course());
        let mut leaving = flight.board(Role::Passenger);
        let own = flight.board(Role::Passenger);
        let goes = thread::spawn(move || {
            let _ = poll_once(&mut leaving);
            drop(leaving);
        });
        let answers = thread::spawn(move || server.answer());
        assert_eq!(block_on(own), 7);
        goes.join().unwrap();
        answers.join().unwrap();
    });
}

#[test]
fn s33_when_the_pilot_is_lost_those_who_wait_fly_on() {
    in_every_order(|| {
        let server = Arc::new(Server::default());
        let flight = Flight::new(server.course());
        let mut pilot = flight.board(Role::Pilot);
        let own = flight.board(Role::Passenger);
        let lost = thread::spawn(move || {
            let _ = poll_once(&mut pilot);
            drop(pilot);
        });
        let answers = thread::spawn(move || server.answer());
        assert_eq!(block_on(own), 7);
        lost.join().unwrap();
        answers.join().unwrap();
    });
}

/// A source in short: the machine, the flight and what is published, as `source.rs` has them.
struct Source {
    ground: sync::Mutex<(TokenMachine, Option<Arc<Flight<TokenId>>>)>,
    published: sync::Mutex<Option<TokenId>>,
    requests: AtomicUsize,
}

impl Source {
    fn new() -> Arc<Self> {
        let machine = TokenMachine::new(Arc::new(RefreshPolicy::default()), Sharing::Alone, 3);
        Arc::new(Self {
            ground: sync::Mutex::new((machine, None)),
            published: sync::Mutex::new(None),
            requests: AtomicUsize::new(0),
        })
    }

    fn token(self: &Arc<Self>) -> TokenId {
        let waiter = {
            let mut ground = self.ground.lock().unwrap();
            match ground.0.ask(Now::default(), &Want::default(), Repeats::Yes) {
                Answer::Serve(token) => return token.id(),
                Answer::Wait => ground.1.as_ref().unwrap().board(Role::Passenger),
                Answer::Start(id) => {
                    let flight = Flight::new(self.course(id));
                    let waiter = flight.board(Role::Passenger);
                    ground.1 = Some(flight);
                    waiter
                }
                answer => panic!("{answer:?}"),
            }
        };
        block_on(waiter)
    }

    fn course(self: &Arc<Self>, id: FlightId) -> Course<TokenId> {
        let source = Arc::clone(self);
        Box::pin(async move {
            source.requests.fetch_add(1, Ordering::SeqCst);
            let mut ground = source.ground.lock().unwrap();
            let now = Now::default();
            ground.0.means(id, now, Repeats::Yes).unwrap();
            ground.0.sent(id);
            let result = Ok(Issued::new("t"));
            let next = ground.0.answered(id, (now, now), result, Repeats::Yes);
            let Next::Granted(granted) = next else {
                panic!("{next:?}")
            };
            let token = ground.0.publish(id, granted, now, &[]).unwrap().unwrap();
            ground.1 = None;
            *source.published.lock().unwrap() = Some(token.id());
            token.id()
        })
    }
}

#[test]
fn s38_callers_at_once_cause_one_request_and_what_they_get_is_published_before() {
    in_every_order(|| {
        let source = Source::new();
        let other = Arc::clone(&source);
        let waits = thread::spawn(move || {
            let token = other.token();
            assert_eq!(*other.published.lock().unwrap(), Some(token));
            token
        });
        let token = source.token();
        assert_eq!(*source.published.lock().unwrap(), Some(token));
        assert_eq!(waits.join().unwrap(), token);
        assert_eq!(source.requests.load(Ordering::SeqCst), 1);
    });
}
