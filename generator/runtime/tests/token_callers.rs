//! Many callers of one source: those who go away take nothing along, and those who stay cause one request.
#![cfg(feature = "tokens")]

pub mod peer;
pub mod tokens;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Waker};
use std::thread;

use specmint_runtime::token::{AccessToken, TokenError, TokenErrorKind, TokenSource};
use tokens::{Does, HandClock, Later, Nowhere, Plain, Rings, Server, finish, poll_once, secs};

use Does::{Issues, Panics, Refuses};

type Caller<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Who flies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Crew {
    /// Those who wait.
    Callers,
    /// A task beside them.
    Task,
    /// A task beside them, whose runtime ends before it has done anything.
    LostTask,
}

/// A source whose refresh token rotates: `r1` is the right one, and `r2` after it.
struct Rotating {
    clock: HandClock,
    server: Server,
    source: TokenSource,
    later: Later,
    crew: Crew,
}

impl Rotating {
    fn new(crew: Crew, polls: usize) -> Self {
        let (clock, later) = (HandClock::new(), Later::default());
        let script = [
            Issues("t2", 3600, Some("r2")),
            Issues("t3", 3600, Some("r3")),
        ];
        let server = Server::new(script);
        server.pending(polls);
        let builder = TokenSource::builder(Plain {
            once: true,
            ..Plain::default()
        })
        .transport(server.clone())
        .clock(clock.clone())
        .refresh_token("r1");
        let builder = match crew {
            Crew::Callers => builder.executor(Nowhere),
            Crew::Task | Crew::LostTask => builder.executor(later.clone()),
        };
        let source = builder.build().unwrap();
        Self {
            clock,
            server,
            source,
            later,
            crew,
        }
    }

    fn caller(&self) -> Caller<'_> {
        Box::pin(self.source.token())
    }

    /// What goes on beside the callers.
    fn beside(&self) {
        match self.crew {
            Crew::Task => self.later.step(),
            Crew::Callers | Crew::LostTask => self.later.shut_down(),
        }
    }

    /// The next caller gets the token that was asked for, and the refresh token that came with it is presented next.
    fn check_nothing_is_lost(&self) {
        if self.crew == Crew::Task {
            self.later.run();
        }
        let mut next = self.caller();
        for _ in 0..100 {
            self.beside();
            if let Poll::Ready(outcome) = poll_once(next.as_mut()) {
                assert_eq!(outcome.unwrap().expose(), "t2");
                assert_eq!(self.server.asked(), ["r1"]);
                self.clock.pass(secs(3600));
                let mut after = self.caller();
                while poll_once(after.as_mut()).is_pending() {
                    self.beside();
                }
                assert_eq!(self.server.asked(), ["r2"]);
                return;
            }
        }
        panic!("it is wedged");
    }
}

#[test]
fn s33_a_caller_that_goes_away_at_any_await_point_loses_no_refresh_token() {
    for crew in [Crew::Callers, Crew::Task, Crew::LostTask] {
        for polls in 0..4 {
            for gone_after in 0..8 {
                let rotating = Rotating::new(crew, polls);
                let mut caller = rotating.caller();
                for _ in 0..gone_after {
                    if poll_once(caller.as_mut()).is_ready() {
                        break;
                    }
                    rotating.beside();
                }
                drop(caller);
                rotating.check_nothing_is_lost();
            }
        }
    }
}

#[test]
fn s33_every_order_of_three_callers_coming_and_going_loses_no_refresh_token() {
    // Each step is a caller that is polled (0, 1, 2), one that goes away (3, 4, 5), or the crew (6).
    let steps = 7_usize;
    for crew in [Crew::Callers, Crew::Task, Crew::LostTask] {
        for order in 0..steps.pow(4) {
            let rotating = Rotating::new(crew, 2);
            let mut callers: [Option<Caller<'_>>; 3] = [None, None, None];
            let mut order = order;
            for _ in 0..4 {
                match order % steps {
                    polled @ 0..3 => {
                        let caller = callers[polled].get_or_insert_with(|| rotating.caller());
                        if let Poll::Ready(outcome) = poll_once(caller.as_mut()) {
                            assert_eq!(outcome.unwrap().expose(), "t2");
                            callers[polled] = None;
                        }
                    }
                    gone @ 3..6 => callers[gone - 3] = None,
                    _ => rotating.beside(),
                }
                order /= steps;
            }
            drop(callers);
            rotating.check_nothing_is_lost();
        }
    }
}

#[test]
fn s33_those_who_wait_are_woken_when_whoever_flew_is_gone() {
    let rotating = Rotating::new(Crew::Task, 0);
    rotating.server.hold();
    let rings = Arc::new(Rings::default());
    let waker = Waker::from(Arc::clone(&rings));
    let mut waiting = rotating.caller();
    assert!(
        waiting
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    rotating.later.step();
    assert_eq!(rings.count(), 0);
    // The runtime ends, and who waits has to fly.
    rotating.later.shut_down();
    assert_eq!(rings.count(), 1);
    assert!(
        waiting
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    rotating.server.open();
    assert!(rings.count() > 1);
    assert_eq!(finish(waiting).unwrap().expose(), "t2");
    assert_eq!(rotating.server.asked(), ["r1"]);
}

#[test]
fn s33_a_caller_that_waits_without_being_polled_holds_up_nobody() {
    let rotating = Rotating::new(Crew::Callers, 0);
    rotating.server.hold();
    let mut stuck = rotating.caller();
    assert!(poll_once(stuck.as_mut()).is_pending());
    let rings = Arc::new(Rings::default());
    let waker = Waker::from(Arc::clone(&rings));
    let mut waiting = rotating.caller();
    assert!(
        waiting
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    // The last who polled the request is `waiting`, but the wake is for all.
    assert!(poll_once(stuck.as_mut()).is_pending());
    rotating.server.open();
    assert!(rings.count() > 0);
    assert_eq!(finish(waiting).unwrap().expose(), "t2");
}

#[test]
fn s10_a_panic_beside_the_callers_wakes_them_with_an_error() {
    let rotating = Rotating::new(Crew::Task, 0);
    let server = Server::new([Panics]);
    let source = TokenSource::builder(Plain::default())
        .transport(server)
        .executor(rotating.later.clone())
        .build()
        .unwrap();
    let mut caller: Caller<'_> = Box::pin(source.token());
    assert!(poll_once(caller.as_mut()).is_pending());
    rotating.later.run();
    assert_eq!(
        finish(caller).unwrap_err().kind(),
        TokenErrorKind::Unavailable
    );
}

#[test]
fn callers_that_block_share_one_request_and_one_failure() {
    for (does, expected) in [
        (Issues("t1", 3600, None), Ok("t1")),
        (
            Refuses(TokenErrorKind::Unavailable),
            Err(TokenErrorKind::Unavailable),
        ),
    ] {
        let server = Server::new([does]);
        server.hold();
        let source = TokenSource::builder(Plain::default())
            .blocking_transport(server.clone())
            .build()
            .unwrap();
        let all = Barrier::new(65);
        thread::scope(|scope| {
            let callers: Vec<_> = (0..64)
                .map(|_| {
                    scope.spawn(|| {
                        all.wait();
                        source.token_blocking()
                    })
                })
                .collect();
            all.wait();
            server.open();
            for caller in callers {
                let got = caller.join().unwrap();
                let got = got
                    .as_ref()
                    .map(AccessToken::expose)
                    .map_err(TokenError::kind);
                assert_eq!(got, expected);
            }
        });
        assert_eq!(server.asked(), ["initial"]);
    }
}

#[test]
fn a_caller_that_blocks_does_not_pay_for_a_renewal() {
    let clock = HandClock::new();
    let server = Server::new([Issues("t1", 3600, None), Issues("t2", 3600, None)]);
    let source = TokenSource::builder(Plain::default())
        .blocking_transport(server.clone())
        .clock(clock.clone())
        .build()
        .unwrap();
    assert_eq!(source.token_blocking().unwrap().expose(), "t1");
    clock.pass(secs(2900));
    server.hold();
    assert_eq!(source.token_blocking().unwrap().expose(), "t1");
    clock.pass(secs(700));
    // Now it is needed, and the thread that was started brings it.
    thread::scope(|scope| {
        let caller = scope.spawn(|| source.token_blocking());
        server.open();
        assert_eq!(caller.join().unwrap().unwrap().expose(), "t2");
    });
    assert_eq!(server.asked(), ["initial", "initial"]);
}

#[test]
fn a_source_with_a_blocking_transport_serves_callers_that_do_not_block() {
    let server = Server::new([Issues("t1", 3600, None)]);
    let source = TokenSource::builder(Plain::default())
        .blocking_transport(server)
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    assert_eq!(runtime.block_on(source.token()).unwrap().expose(), "t1");
}

#[cfg(feature = "reqwest")]
mod over_a_socket {
    use super::*;

    use peer::{Answer, Peer};
    use specmint_runtime::token::{Endpoint, Grant, Identity, Issued, Lifetime, Refusal};
    use specmint_runtime::{Body, BuildError, http};

    const CALLERS: usize = 10_000;

    /// Asks a server on loopback.
    struct AtUrl(String);

    impl Endpoint for AtUrl {
        fn request(&self, _: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
            Ok(http::Request::post(&self.0)
                .body(Body::from("grant"))
                .unwrap())
        }

        fn read(&self, _: Grant<'_>, it: &http::Response<Body>) -> Result<Issued, Refusal> {
            if !it.status().is_success() {
                return Err(Refusal::new(TokenErrorKind::Unavailable));
            }
            let mut issued = Issued::new(String::from_utf8(it.body().as_bytes().into()).unwrap());
            issued.lifetime = Lifetime::In(secs(3600));
            Ok(issued)
        }

        fn identify(&self, identity: &mut Identity) {
            identity.part("url", &self.0);
        }
    }

    /// All at once, on a runtime with several threads.
    fn ask_all(source: &TokenSource) -> Vec<Result<AccessToken, TokenError>> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let callers: Vec<_> = (0..CALLERS)
                .map(|_| {
                    let source = source.clone();
                    tokio::spawn(async move { source.token().await })
                })
                .collect();
            let mut outcomes = Vec::new();
            for caller in callers {
                outcomes.push(caller.await.unwrap());
            }
            outcomes
        })
    }

    fn source(peer: &Peer, clock: &HandClock) -> TokenSource {
        TokenSource::builder(AtUrl(peer.url("/token")))
            .clock(clock.clone())
            .build()
            .unwrap()
    }

    #[test]
    fn s38_ten_thousand_callers_at_expiry_cause_one_request() {
        let (peer, clock) = (Peer::json("token"), HandClock::new());
        let source = source(&peer, &clock);
        for expiry in 1..4 {
            for outcome in ask_all(&source) {
                assert_eq!(outcome.unwrap().expose(), "token");
            }
            assert_eq!(peer.seen().len(), expiry);
            clock.pass(secs(3600));
        }
    }

    #[test]
    fn s38_ten_thousand_callers_of_a_server_that_is_down_cause_one_request_a_step() {
        let down = "HTTP/1.1 503 Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let peer = Peer::start(Answer::Bytes(down.into()));
        let clock = HandClock::new();
        let source = source(&peer, &clock);
        for step in 1..5 {
            let mut retry_at = None;
            for outcome in ask_all(&source) {
                let error = outcome.unwrap_err();
                assert_eq!(error.kind(), TokenErrorKind::Unavailable);
                // The same error for all, however late they ask.
                assert_eq!(*retry_at.get_or_insert(error.retry_at()), error.retry_at());
            }
            assert_eq!(peer.seen().len(), step);
            clock.pass(secs(60));
        }
    }
}
