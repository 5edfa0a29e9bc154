//! Sources of several processes that share a token through a store, in every order of their steps that matters.
//!
//! Each process is a source of its own. Every step of the store and of the network takes two polls, and a test decides
//! whose turn it is to be polled, who is killed and who sleeps. The server rotates refresh tokens and revokes
//! everything when one comes back.

mod tokens;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use specmint_runtime::token::store::memory::MemoryStore;
use specmint_runtime::token::store::{
    Commit, Ending, Lease, LeaseGrant, LeaseTerms, OwnerId, Sealed, StoreAnswer, StoreError,
    Versioned,
};
use specmint_runtime::token::{
    AccessToken, Endpoint, Fleet, Grant, Identity, InDoubt, Issued, KeyRing, Lifetime,
    RefreshPolicy, Refusal, Reject, SealingKey, StoreKey, StoreKeys, Timer, TokenError,
    TokenErrorKind, TokenSource, TokenStore,
};
use specmint_runtime::transport::Pending;
use specmint_runtime::{
    Body, BuildError, Delivery, Limits, Secret, Transport, TransportError, TransportErrorKind, http,
};
use tokens::{HandClock, Nowhere, poll_once, secs};

/// Pending once.
async fn step() {
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
struct Server(Arc<Mutex<Books>>);

#[derive(Default)]
struct Books {
    issued: u32,
    live: Vec<String>,
    /// What was presented, in order.
    presented: Vec<String>,
    reused: bool,
    /// Whether there is no other way than a refresh token.
    refuses_initial: bool,
    mood: Mood,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Mood {
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
    fn with_refresh_token(token: &str) -> Self {
        let server = Self::default();
        let mut books = server.0.lock().unwrap();
        books.live.push(token.to_owned());
        books.refuses_initial = true;
        drop(books);
        server
    }

    fn mood(&self, mood: Mood) {
        self.0.lock().unwrap().mood = mood;
    }

    fn presented(&self) -> Vec<String> {
        self.0.lock().unwrap().presented.clone()
    }

    fn refresh_tokens_presented(&self) -> Vec<String> {
        let mut presented = self.presented();
        presented.retain(|token| token != "initial");
        presented
    }

    #[track_caller]
    fn saw_each_refresh_token_once(&self) {
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
        if presented == "initial" && books.refuses_initial {
            return status(400);
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
            step().await;
            let presented = std::str::from_utf8(request.body().as_bytes()).unwrap();
            let answer = self.answer(presented);
            step().await;
            answer
        })
    }
}

/// Reads the server's answers.
struct Site {
    repeats: bool,
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

    fn repeats(&self) -> bool {
        self.repeats
    }

    fn identify(&self, _: &mut Identity) {}
}

/// A store whose steps take two polls, and which can be out of order.
struct SlowStore {
    store: MemoryStore,
    down: AtomicBool,
    commits_fail: AtomicBool,
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
struct HandTimer(HandClock);

impl Timer for HandTimer {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            step().await;
            self.0.pass(time);
        })
    }
}

/// A server, a store, and what it takes to be a process that uses them.
struct World {
    server: Server,
    store: Arc<SlowStore>,
    clock: HandClock,
    repeats: bool,
    seeded: bool,
    in_doubt: InDoubt,
}

impl World {
    /// Processes that can begin anew by themselves.
    fn repeating() -> Self {
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
    fn seeded() -> Self {
        Self {
            server: Server::with_refresh_token("r0"),
            repeats: false,
            seeded: true,
            ..Self::repeating()
        }
    }

    fn process(&self) -> TokenSource {
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
        })
        .transport(self.server.clone())
        .clock(self.clock.clone())
        .policy(policy)
        .executor(Nowhere)
        .custody(fleet);
        match self.seeded {
            false => builder.build().unwrap(),
            // The initial grant was used long ago, for the refresh token, and is good no more.
            true => builder.refresh_token("r0").build().unwrap(),
        }
    }
}

type Asking = Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>>>>;

fn asking(source: &TokenSource) -> Asking {
    let source = source.clone();
    Box::pin(async move { source.token().await })
}

/// Polls to the end.
#[track_caller]
fn end<T>(future: &mut Pin<Box<dyn Future<Output = T>>>) -> T {
    for _ in 0..2_000 {
        if let Poll::Ready(output) = poll_once(future.as_mut()) {
            return output;
        }
    }
    panic!("it never ends");
}

#[track_caller]
fn token_of(source: &TokenSource) -> Result<String, TokenErrorKind> {
    let token = end(&mut asking(source));
    token
        .map(|token| token.expose().to_owned())
        .map_err(|error| error.kind())
}

#[test]
fn s31_the_others_get_what_one_was_issued() {
    let world = World::repeating();
    let tokens: Vec<_> = (0..20).map(|_| token_of(&world.process())).collect();
    assert_eq!(tokens, vec![Ok("a1".to_owned()); 20]);
    assert_eq!(world.server.presented(), ["initial"]);
}

#[test]
fn s31_each_refresh_token_is_presented_once_when_processes_renew_in_turn() {
    let world = World::seeded();
    let sources: Vec<_> = (0..5).map(|_| world.process()).collect();
    for hour in 1..=20 {
        for source in &sources {
            assert_eq!(token_of(source), Ok(format!("a{hour}")));
        }
        world.clock.pass(secs(3600));
    }
    world.server.saw_each_refresh_token_once();
    assert_eq!(world.server.presented().len(), 20);
}

/// Runs two processes; at the given numbers of polls the other one goes on, and after the last they take turns.
fn run_alternating(world: &World, switches: &[usize]) -> [Result<String, TokenErrorKind>; 2] {
    let mut asking = [(); 2].map(|()| Some(asking(&world.process())));
    let mut results = [None, None];
    let mut turn = 0;
    for polls in 0.. {
        assert!(polls < 4_000, "it never ends");
        let last = switches.iter().all(|switch| *switch < polls);
        if last || switches.contains(&polls) {
            turn = 1 - turn;
        }
        let Some(future) = &mut asking[turn] else {
            continue;
        };
        if let Poll::Ready(result) = poll_once(future.as_mut()) {
            let text = result.map(|token| token.expose().to_owned());
            results[turn] = Some(text.map_err(|error| error.kind()));
            asking[turn] = None;
            if asking[1 - turn].is_none() {
                break;
            }
        }
    }
    results.map(|result| result.expect("both have ended"))
}

/// All orders of two processes with three switches before they take turns.
#[test]
fn s31_no_order_of_steps_presents_a_refresh_token_twice() {
    let longest = 26;
    let mut orders = 0;
    for first in 0..longest {
        for second in first + 1..longest {
            for third in second + 1..longest {
                let world = World::seeded();
                let results = run_alternating(&world, &[first, second, third]);
                assert_eq!(results, [Ok("a1".into()), Ok("a1".into())]);
                assert_eq!(world.server.presented(), ["r0"]);
                orders += 1;
            }
        }
    }
    assert_eq!(orders, 2_600);
}

/// How many polls a process takes from asking to its token.
fn polls_alone(world: &World) -> usize {
    let mut asking = asking(&world.process());
    (1..)
        .find(|_| poll_once(asking.as_mut()).is_ready())
        .unwrap()
}

#[test]
fn s31_a_process_killed_at_any_point_never_makes_another_present_the_same_refresh_token() {
    for killed_at in 0..polls_alone(&World::seeded()) {
        let world = World::seeded();
        let mut dying = asking(&world.process());
        for _ in 0..killed_at {
            assert!(poll_once(dying.as_mut()).is_pending());
        }
        std::mem::forget(dying);
        let next = token_of(&world.process());
        world.server.saw_each_refresh_token_once();
        let presented = world.server.refresh_tokens_presented();
        assert!(presented.len() <= 1, "{killed_at}: {presented:?}");
        match next {
            Ok(token) => assert_eq!(token, "a1"),
            Err(kind) => assert_eq!(kind, TokenErrorKind::ReauthRequired, "{killed_at}"),
        }
    }
}

#[test]
fn s31_a_process_killed_at_any_point_is_survived_where_the_grant_repeats() {
    let mut world = World::repeating();
    token_of(&world.process()).unwrap();
    world.clock.pass(secs(3600));
    let polls = polls_alone(&world);
    for killed_at in 0..polls {
        world = World::repeating();
        token_of(&world.process()).unwrap();
        world.clock.pass(secs(3600));
        let mut dying = asking(&world.process());
        for _ in 0..killed_at {
            assert!(poll_once(dying.as_mut()).is_pending());
        }
        std::mem::forget(dying);
        assert!(token_of(&world.process()).is_ok(), "{killed_at}");
        world.server.saw_each_refresh_token_once();
    }
}

#[test]
fn s47_a_process_that_slept_at_any_point_does_not_undo_what_others_did() {
    for asleep_at in 0..polls_alone(&World::repeating()) {
        let world = World::repeating();
        let sleeper = world.process();
        let mut sleeping = asking(&sleeper);
        for _ in 0..asleep_at {
            assert!(poll_once(sleeping.as_mut()).is_pending());
        }
        world.clock.pass(secs(100));
        let other = token_of(&world.process()).unwrap();
        let slept = end(&mut sleeping).unwrap().expose().to_owned();
        let third = token_of(&world.process()).unwrap();
        assert_eq!(third, other, "asleep at {asleep_at}");
        // What the sleeper hands out is what all have, or what it was issued before it fell asleep.
        assert!(slept == other || asleep_at > 0, "asleep at {asleep_at}");
        world.server.saw_each_refresh_token_once();
    }
}

#[test]
fn s32_a_token_is_in_the_store_before_anybody_is_handed_it() {
    let world = World::repeating();
    let mut first = asking(&world.process());
    loop {
        let before = finish_load(&world).version;
        if let Poll::Ready(token) = poll_once(first.as_mut()) {
            assert_eq!(token.unwrap().expose(), "a1");
            assert_ne!(before, 0, "it was handed out before it was committed");
            break;
        }
    }
}

fn finish_load(world: &World) -> Versioned {
    let key = StoreKeys::new([1; 32]).key(Identity::default());
    tokens::finish(world.store.store.load(&key)).unwrap()
}

#[test]
fn s32_an_answer_without_a_refresh_token_leaves_the_old_one() {
    let world = World::repeating();
    world.server.mood(Mood::Lasting);
    for _ in 0..3 {
        token_of(&world.process()).unwrap();
        world.clock.pass(secs(3600));
    }
    assert_eq!(world.server.presented(), ["initial", "r1", "r1"]);
}

#[test]
fn s34_a_refresh_token_that_is_no_longer_good_is_presented_by_one_process_alone() {
    let world = World::seeded();
    world.server.0.lock().unwrap().live.clear();
    for _ in 0..5 {
        let kind = token_of(&world.process()).unwrap_err();
        assert_eq!(kind, TokenErrorKind::ReauthRequired);
        world.clock.pass(secs(600));
    }
    assert_eq!(world.server.refresh_tokens_presented(), ["r0"]);
}

#[test]
fn s34_after_a_refusal_one_begins_anew_for_all_where_the_grant_repeats() {
    let world = World::repeating();
    token_of(&world.process()).unwrap();
    world.server.0.lock().unwrap().live.clear();
    world.clock.pass(secs(3600));
    for _ in 0..3 {
        assert_eq!(token_of(&world.process()), Ok("a2".to_owned()));
    }
    assert_eq!(world.server.presented(), ["initial", "r1", "initial"]);
}

#[test]
fn s35_a_refresh_token_without_an_answer_is_not_presented_again_by_anybody() {
    let world = World::seeded();
    world.server.mood(Mood::Swallows);
    let source = world.process();
    let kind = token_of(&source).unwrap_err();
    assert_eq!(kind, TokenErrorKind::InDoubt);
    world.server.mood(Mood::Fine);
    for process in [source, world.process(), world.process()] {
        world.clock.pass(secs(120));
        let kind = token_of(&process).unwrap_err();
        assert_eq!(kind, TokenErrorKind::ReauthRequired);
    }
    assert_eq!(world.server.refresh_tokens_presented(), ["r0"]);
}

#[test]
fn s35_within_the_grace_of_the_server_it_is_presented_again() {
    let mut world = World::repeating();
    world.repeats = false;
    world.in_doubt = InDoubt::AssumeGrace(secs(60));
    let source = world.process();
    assert_eq!(token_of(&source), Ok("a1".to_owned()));
    world.clock.pass(secs(3600));
    world.server.mood(Mood::Swallows);
    token_of(&source).unwrap_err();
    world.server.mood(Mood::Fine);
    // The server forgives.
    world.server.0.lock().unwrap().live.push("r1".to_owned());
    world.clock.pass(secs(10));
    assert!(token_of(&source).is_ok());
    assert_eq!(world.server.refresh_tokens_presented(), ["r1", "r1"]);
}

#[test]
fn s38_a_failure_is_a_failure_for_all_until_the_rest_is_over() {
    let world = World::repeating();
    world.server.mood(Mood::Busy);
    for _ in 0..50 {
        let kind = token_of(&world.process()).unwrap_err();
        assert_eq!(kind, TokenErrorKind::Unavailable);
    }
    assert_eq!(world.server.presented().len(), 1);
    world.server.mood(Mood::Fine);
    world.clock.pass(secs(60));
    assert_eq!(token_of(&world.process()), Ok("a1".to_owned()));
}

#[test]
fn s41_a_rejected_token_is_not_taken_from_the_store_again() {
    let world = World::repeating();
    let source = world.process();
    let token = end(&mut asking(&source)).unwrap();
    world.clock.pass(secs(60));
    source.reject(&token, Reject::Unauthorized);
    assert_eq!(token_of(&source), Ok("a2".to_owned()));
    assert_eq!(token_of(&world.process()), Ok("a2".to_owned()));
}

#[test]
fn s46_without_a_store_each_process_asks_for_itself_what_spends_nothing() {
    let world = World::repeating();
    world.server.mood(Mood::Plain);
    world.store.down.store(true, Ordering::Relaxed);
    assert_eq!(token_of(&world.process()), Ok("a1".to_owned()));
    assert_eq!(token_of(&world.process()), Ok("a2".to_owned()));
    world.store.down.store(false, Ordering::Relaxed);
    assert_eq!(token_of(&world.process()), Ok("a3".to_owned()));
    assert_eq!(token_of(&world.process()), Ok("a3".to_owned()));
}

#[test]
fn s46_without_a_store_no_refresh_token_is_presented() {
    let world = World::seeded();
    world.store.down.store(true, Ordering::Relaxed);
    let source = world.process();
    assert_eq!(token_of(&source), Err(TokenErrorKind::Store));
    assert_eq!(world.server.presented(), [""; 0]);
    world.store.down.store(false, Ordering::Relaxed);
    world.clock.pass(secs(120));
    assert_eq!(token_of(&source), Ok("a1".to_owned()));
}

#[test]
fn s46_a_refresh_token_that_nobody_else_has_is_presented_without_a_store() {
    let world = World::repeating();
    world.store.down.store(true, Ordering::Relaxed);
    let source = world.process();
    assert_eq!(token_of(&source), Ok("a1".to_owned()));
    world.clock.pass(secs(3600));
    assert_eq!(token_of(&source), Ok("a2".to_owned()));
    assert_eq!(world.server.presented(), ["initial", "r1"]);
}

#[test]
fn s46_what_could_not_be_committed_is_not_handed_out_and_not_lost() {
    let world = World::seeded();
    let source = world.process();
    world.store.commits_fail.store(true, Ordering::Relaxed);
    assert_eq!(token_of(&source), Err(TokenErrorKind::Store));
    world.store.commits_fail.store(false, Ordering::Relaxed);
    world.clock.pass(secs(120));
    assert_eq!(token_of(&source), Ok("a1".to_owned()));
    assert_eq!(token_of(&world.process()), Ok("a1".to_owned()));
    assert_eq!(world.server.presented(), ["r0"]);
}

#[test]
fn s46_what_is_wrong_with_the_store_is_told() {
    let world = World::repeating();
    world.store.down.store(true, Ordering::Relaxed);
    let told = Arc::new(AtomicUsize::new(0));
    let count = told.clone();
    let sealer = KeyRing::sealing(SealingKey::new(1, [2; 32]));
    let key = StoreKeys::new([1; 32]).key(Identity::default());
    let fleet = Fleet::with_shared(world.store.clone(), Arc::new(sealer), key)
        .on_trouble(move |_| drop(count.fetch_add(1, Ordering::Relaxed)));
    let source = TokenSource::builder(Site { repeats: true })
        .transport(world.server.clone())
        .executor(Nowhere)
        .custody(fleet)
        .build()
        .unwrap();
    token_of(&source).unwrap();
    assert_eq!(told.load(Ordering::Relaxed), 1);
}

#[test]
fn s45_the_store_holds_no_token_in_clear() {
    let world = World::repeating();
    token_of(&world.process()).unwrap();
    let sealed = finish_load(&world).value.unwrap();
    let text = String::from_utf8_lossy(sealed.as_bytes());
    assert!(!text.contains("a1") && !text.contains("access"), "{text}");
}

#[test]
fn s45_a_token_that_another_key_sealed_is_not_believed_and_not_overwritten() {
    let world = World::seeded();
    token_of(&world.process()).unwrap();
    let before = finish_load(&world);
    let strange = KeyRing::sealing(SealingKey::new(9, [9; 32]));
    let key = StoreKeys::new([1; 32]).key(Identity::default());
    let fleet = Fleet::with_shared(world.store.clone(), Arc::new(strange), key);
    let source = TokenSource::builder(Site { repeats: false })
        .transport(world.server.clone())
        .refresh_token("r0")
        .executor(Nowhere)
        .custody(fleet)
        .build()
        .unwrap();
    assert_eq!(token_of(&source), Err(TokenErrorKind::Store));
    let after = finish_load(&world);
    assert_eq!((after.version, after.value), (before.version, before.value));
    assert_eq!(world.server.presented(), ["r0"]);
}

#[test]
fn s37_what_is_revoked_leaves_the_store() {
    let world = World::repeating();
    let source = world.process();
    token_of(&source).unwrap();
    let mut revoking: Pin<Box<dyn Future<Output = _>>> =
        Box::pin(async move { source.revoke().await });
    end(&mut revoking).unwrap();
    assert_eq!(finish_load(&world).value, None);
}
