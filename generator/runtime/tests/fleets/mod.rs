//! Sources of several processes that share a token through a store, polled by hand.
//!
//! Each process is a source of its own. Every step of the store and of the network takes two polls, and a test decides
//! whose turn it is to be polled, who is killed and who sleeps. The server rotates refresh tokens and revokes
//! everything when one comes back.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use crate::tokens::{HandClock, Nowhere, poll_once, secs};
use specmint_runtime::token::store::memory::MemoryStore;
use specmint_runtime::token::store::{
    Commit, Ending, Lease, LeaseGrant, LeaseTerms, OwnerId, Sealed, StoreAnswer, StoreError,
    Versioned,
};
use specmint_runtime::token::{
    AccessToken, Endpoint, Fleet, Grant, Identity, InDoubt, Issued, KeyRing, Lifetime,
    RefreshPolicy, Refusal, SealingKey, StoreKey, StoreKeys, Timer, TokenError, TokenErrorKind,
    TokenSource, TokenStore,
};
use specmint_runtime::transport::Pending;
use specmint_runtime::{
    Body, BuildError, Delivery, Limits, Secret, Transport, TransportError, TransportErrorKind, http,
};

/// Pending once.
pub(crate) async fn step() {
    let mut first = true;
    std::future::poll_fn(move |_| {
        if std::mem::take(&mut first) {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}

/// A token server that rotates, notices reuse, and writes everything down.
#[derive(Clone, Default)]
pub(crate) struct Server(pub(crate) Arc<Mutex<Books>>);

#[derive(Default)]
pub(crate) struct Books {
    /// How many requests were begun.
    pub(crate) begun: u32,
    pub(crate) issued: u32,
    pub(crate) live: Vec<String>,
    /// What was presented, in order.
    pub(crate) presented: Vec<String>,
    pub(crate) reused: bool,
    pub(crate) mood: Mood,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Fine,
    /// Rotates, and the answer is lost.
    Swallows,
    /// Answers with 503.
    Busy,
    /// Issues no refresh tokens.
    Plain,
    /// Issues the refresh token once, and takes it for ever.
    Lasting,
}

impl Server {
    pub(crate) fn with_refresh_token(token: &str) -> Self {
        let server = Self::default();
        let mut books = server.0.lock().unwrap();
        books.live.push(token.to_owned());
        drop(books);
        server
    }

    pub(crate) fn mood(&self, mood: Mood) {
        self.0.lock().unwrap().mood = mood;
    }

    pub(crate) fn presented(&self) -> Vec<String> {
        self.0.lock().unwrap().presented.clone()
    }

    #[track_caller]
    pub(crate) fn saw_each_refresh_token_once(&self) {
        let books = self.0.lock().unwrap();
        assert!(!books.reused, "{:?}", books.presented);
    }

    fn answer(&self, presented: &str) -> Result<http::Response<Body>, TransportError> {
        let mut books = self.0.lock().unwrap();
        books.presented.push(presented.to_owned());
        let status = |status: u16| {
            let mut response = http::Response::new(Body::empty());
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            Ok(response)
        };
        if books.mood == Mood::Busy {
            return status(503);
        }
        let lasts = books.mood == Mood::Lasting;
        if presented != "initial" {
            let known = books.live.iter().position(|token| token == presented);
            match known {
                Some(_) if lasts => {}
                Some(place) => drop(books.live.remove(place)),
                None => {
                    books.reused |= presented.starts_with('r');
                    books.live.clear();
                    return status(400);
                }
            }
        }
        books.issued += 1;
        let number = books.issued;
        let mut text = format!("a{number}");
        if books.mood != Mood::Plain && !(lasts && presented != "initial") {
            text = format!("a{number} r{number}");
            books.live.push(format!("r{number}"));
        }
        if books.mood == Mood::Swallows {
            let kind = TransportErrorKind::Timeout;
            return Err(TransportError::new(kind, Delivery::MaybeSent));
        }
        Ok(http::Response::new(Body::from(text)))
    }
}

impl Transport for Server {
    fn send(&self, request: http::Request<Body>, _limits: Limits) -> Pending<'_> {
        Box::pin(async move {
            self.0.lock().unwrap().begun += 1;
            step().await;
            let presented = std::str::from_utf8(request.body().as_bytes()).unwrap();
            let answer = self.answer(presented);
            step().await;
            answer
        })
    }
}

/// Reads the server's answers.
pub(crate) struct Site {
    pub(crate) repeats: bool,
    pub(crate) begins: bool,
}

impl Endpoint for Site {
    fn request(&self, grant: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
        let presented = match grant {
            Grant::Initial => "initial".to_owned(),
            Grant::Refresh(token) => token.expose().to_owned(),
        };
        Ok(http::Request::new(Body::from(presented)))
    }

    fn read(&self, _: Grant<'_>, response: &http::Response<Body>) -> Result<Issued, Refusal> {
        match response.status().as_u16() {
            200 => {}
            503 => return Err(Refusal::new(TokenErrorKind::Unavailable)),
            _ => return Err(Refusal::new(TokenErrorKind::ReauthRequired)),
        }
        let text = std::str::from_utf8(response.body().as_bytes()).unwrap();
        let mut tokens = text.split(' ');
        let mut issued = Issued::new(tokens.next().unwrap());
        issued.lifetime = Lifetime::In(secs(3600));
        issued.refresh_token = tokens.next().map(Secret::from);
        Ok(issued)
    }

    fn begins(&self) -> bool {
        self.begins
    }

    fn repeats(&self) -> bool {
        self.repeats
    }

    fn identify(&self, _: &mut Identity) {}
}

/// A store whose steps take two polls, and which can be out of order.
pub(crate) struct SlowStore {
    pub(crate) store: MemoryStore,
    pub(crate) down: AtomicBool,
    pub(crate) commits_fail: AtomicBool,
}

impl SlowStore {
    /// Does a step at its first poll and answers at the second: what is killed in between has done it.
    fn slow<'a, T: Send + 'a>(
        &'a self,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'a,
    ) -> StoreAnswer<'a, T> {
        Box::pin(async move {
            if self.down.load(Ordering::Relaxed) {
                return Err(StoreError::new("answering"));
            }
            let result = work.await;
            step().await;
            result
        })
    }
}

impl TokenStore for SlowStore {
    fn load<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, Versioned> {
        self.slow(self.store.load(key))
    }

    fn lease<'a>(
        &'a self,
        key: &'a StoreKey,
        owner: &'a OwnerId,
        terms: LeaseTerms,
    ) -> StoreAnswer<'a, LeaseGrant> {
        self.slow(self.store.lease(key, owner, terms))
    }

    fn commit<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: &'a Lease,
        expected: u64,
        value: Sealed,
        keep: Duration,
    ) -> StoreAnswer<'a, Commit> {
        if self.commits_fail.load(Ordering::Relaxed) {
            return Box::pin(async { Err(StoreError::new("committing")) });
        }
        self.slow(self.store.commit(key, lease, expected, value, keep))
    }

    fn release<'a>(
        &'a self,
        key: &'a StoreKey,
        lease: &'a Lease,
        ending: Ending,
    ) -> StoreAnswer<'a, ()> {
        self.slow(self.store.release(key, lease, ending))
    }

    fn remove<'a>(&'a self, key: &'a StoreKey) -> StoreAnswer<'a, ()> {
        self.slow(self.store.remove(key))
    }
}

/// Sleeping takes a poll, and lets the time of everybody pass.
pub(crate) struct HandTimer(HandClock);

impl Timer for HandTimer {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            step().await;
            self.0.pass(time);
        })
    }
}

/// A server, a store, and what it takes to be a process that uses them.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) store: Arc<SlowStore>,
    pub(crate) clock: HandClock,
    pub(crate) repeats: bool,
    pub(crate) seeded: bool,
    pub(crate) in_doubt: InDoubt,
}

impl World {
    /// Processes that can begin anew by themselves.
    pub(crate) fn repeating() -> Self {
        let clock = HandClock::new();
        Self {
            server: Server::default(),
            store: Arc::new(SlowStore {
                store: MemoryStore::with_clock(clock.clone()),
                down: AtomicBool::new(false),
                commits_fail: AtomicBool::new(false),
            }),
            clock,
            repeats: true,
            seeded: false,
            in_doubt: InDoubt::Reauth,
        }
    }

    /// Processes that were all given the refresh token `r0`, and have nothing else.
    pub(crate) fn seeded() -> Self {
        Self {
            server: Server::with_refresh_token("r0"),
            repeats: false,
            seeded: true,
            ..Self::repeating()
        }
    }

    pub(crate) fn member(&self) -> TokenSource {
        let keys = StoreKeys::new([1; 32]);
        let sealer = KeyRing::sealing(SealingKey::new(1, [2; 32]));
        let key = keys.key(Identity::default());
        let fleet = Fleet::with_shared(self.store.clone(), Arc::new(sealer), key)
            .clock(self.clock.clone())
            .timer(HandTimer(self.clock.clone()));
        let mut policy = RefreshPolicy::default();
        policy.in_doubt = self.in_doubt;
        let builder = TokenSource::builder(Site {
            repeats: self.repeats,
            begins: !self.seeded,
        })
        .transport(self.server.clone())
        .clock(self.clock.clone())
        .policy(policy)
        .executor(Nowhere)
        .custody(fleet);
        match self.seeded {
            false => builder.build().unwrap(),
            true => builder.refresh_token("r0").build().unwrap(),
        }
    }
}

pub(crate) type Asking = Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>>>>;

pub(crate) fn asking(source: &TokenSource) -> Asking {
    let source = source.clone();
    Box::pin(async move { source.token().await })
}

/// Polls to the end.
#[track_caller]
pub(crate) fn end<T>(future: &mut Pin<Box<dyn Future<Output = T>>>) -> T {
    for _ in 0..2_000 {
        if let Poll::Ready(output) = poll_once(future.as_mut()) {
            return output;
        }
    }
    panic!("it never ends");
}

#[track_caller]
pub(crate) fn token_of(source: &TokenSource) -> Result<String, TokenErrorKind> {
    let token = end(&mut asking(source));
    token
        .map(|token| token.expose().to_owned())
        .map_err(|error| error.kind())
}
