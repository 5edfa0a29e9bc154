//! Many tenants in one map: how many there are at most, who goes, what they take, and what a host has to bear.

pub mod tokens;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use specmint_runtime::token::{
    Advice, Endpoint, Grant, Identity, Issued, KeyedBuilder, KeyedTokens, Lifetime, Refusal,
    Reject, Rejection, Tenant, Timer, TokenErrorKind,
};
use specmint_runtime::transport::Pending;
use specmint_runtime::{
    Body, BuildError, Delivery, Limits, Secret, Transport, TransportError, TransportErrorKind, http,
};
use tokens::{HandClock, Nowhere, finish, poll_once, secs};

/// A server for all tenants. It says which tenant each token is for, and the how manieth it is.
#[derive(Clone, Default)]
struct Server(Arc<State>);

#[derive(Default)]
struct State {
    requests: Mutex<Vec<String>>,
    answers: Mutex<Mood>,
    inside: AtomicUsize,
    most_inside: AtomicUsize,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Mood {
    #[default]
    Fine,
    Away,
    /// Wants to be left alone for 30 seconds.
    Busy,
    /// Never answers.
    Silent,
}

impl Server {
    fn mood(&self, mood: Mood) {
        *self.0.answers.lock().unwrap() = mood;
    }

    fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.requests.lock().unwrap())
    }

    fn answer(&self, said: String) -> Result<http::Response<Body>, TransportError> {
        let mut requests = self.0.requests.lock().unwrap();
        let number = requests.len();
        requests.push(said.clone());
        let mut response = http::Response::new(Body::from(format!("{said}.{number}")));
        match *self.0.answers.lock().unwrap() {
            Mood::Away => {
                let kind = TransportErrorKind::Connect;
                return Err(TransportError::new(kind, Delivery::NotSent));
            }
            Mood::Busy => {
                *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
                let wait = http::HeaderValue::from(30);
                response.headers_mut().insert("retry-after", wait);
            }
            Mood::Fine | Mood::Silent => {}
        }
        Ok(response)
    }
}

impl Transport for Server {
    fn send(&self, request: http::Request<Body>, _limits: Limits) -> Pending<'_> {
        Box::pin(async move {
            let inside = self.0.inside.fetch_add(1, Ordering::SeqCst) + 1;
            self.0.most_inside.fetch_max(inside, Ordering::SeqCst);
            let mut polls = 3;
            std::future::poll_fn(|cx| {
                polls -= 1;
                cx.waker().wake_by_ref();
                let silent = *self.0.answers.lock().unwrap() == Mood::Silent;
                if polls == 0 && !silent {
                    Poll::Ready(())
                } else {
                    polls = polls.max(1);
                    Poll::Pending
                }
            })
            .await;
            self.0.inside.fetch_sub(1, Ordering::SeqCst);
            let said = String::from_utf8(request.body().as_bytes().to_vec()).unwrap();
            self.answer(said)
        })
    }
}

/// A tenant's endpoint; its tokens are for the tenant alone, and so are its refresh tokens.
struct Site(u32);

impl Endpoint for Site {
    fn request(&self, grant: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
        let said = match grant {
            Grant::Initial => format!("tenant{}", self.0),
            Grant::Refresh(token) => format!("tenant{}:{}", self.0, token.expose()),
        };
        let request = http::Request::builder().uri(format!("https://host{}.example/", self.0 % 2));
        Ok(request.body(Body::from(said)).unwrap())
    }

    fn read(&self, _: Grant<'_>, response: &http::Response<Body>) -> Result<Issued, Refusal> {
        if response.status() != http::StatusCode::OK {
            let mut refusal = Refusal::new(TokenErrorKind::Throttled);
            refusal.retry_after = specmint_runtime::token::read::retry_after(response.headers());
            return Err(refusal);
        }
        let text = std::str::from_utf8(response.body().as_bytes()).unwrap();
        let mut issued = Issued::new(text);
        issued.lifetime = Lifetime::In(secs(3600));
        issued.refresh_token = self.0.is_multiple_of(3).then(|| Secret::from("refresh"));
        issued.scope = (self.0 == 7).then(|| vec!["read".to_owned()]);
        Ok(issued)
    }

    fn identify(&self, _: &mut Identity) {}
}

/// Sleeping takes no time that is counted; it never ends where nobody is to be woken.
struct Never;

impl Timer for Never {
    fn sleep(&self, _: std::time::Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

struct World {
    server: Server,
    clock: HandClock,
}

impl World {
    fn new() -> Self {
        Self {
            server: Server::default(),
            clock: HandClock::new(),
        }
    }

    fn builder(&self) -> KeyedBuilder<u32> {
        KeyedTokens::builder(|tenant: &u32| Ok(Tenant::new(Site(*tenant))))
            .transport(self.server.clone())
            .clock(self.clock.clone())
            .timer(Never)
            .executor(Nowhere)
    }
}

fn token(tokens: &KeyedTokens<u32>, tenant: u32) -> Result<String, TokenErrorKind> {
    let token = finish(tokens.token(&tenant));
    token
        .map(|token| token.expose().to_owned())
        .map_err(|error| error.kind())
}

type Asking = Pin<Box<dyn Future<Output = Result<String, TokenErrorKind>>>>;

fn asking(tokens: &KeyedTokens<u32>, tenant: u32) -> Asking {
    let tokens = tokens.clone();
    Box::pin(async move {
        let token = tokens.token(&tenant).await;
        token
            .map(|token| token.expose().to_owned())
            .map_err(|error| error.kind())
    })
}

#[test]
fn s27_each_tenant_gets_its_own_token_and_keeps_it() {
    let world = World::new();
    let tokens = world.builder().build().unwrap();
    for round in 0..3 {
        for tenant in 0..500 {
            let token = token(&tokens, tenant).unwrap();
            assert_eq!(token, format!("tenant{tenant}.{tenant}"), "{round}");
        }
    }
    assert_eq!(world.server.requests().len(), 500);
}

#[test]
fn s38_many_callers_of_one_tenant_make_one_request() {
    let world = World::new();
    let tokens = world.builder().build().unwrap();
    let mut asking: Vec<_> = (0..100).map(|_| asking(&tokens, 1)).collect();
    while !asking.is_empty() {
        asking.retain_mut(|asking| poll_once(asking.as_mut()).is_pending());
    }
    assert_eq!(world.server.requests(), ["tenant1"]);
}

#[test]
fn s44_tenants_that_somebody_makes_up_do_not_grow_the_map() {
    let world = World::new();
    let tokens = world.builder().max_entries(1000).build().unwrap();
    for tenant in 0..20_000 {
        token(&tokens, tenant).unwrap();
    }
    assert!(tokens.len() <= 1000, "{}", tokens.len());
    assert!(tokens.len() > 900, "{}", tokens.len());
}

#[test]
fn s44_tenants_that_fail_do_not_grow_the_map() {
    let world = World::new();
    world.server.mood(Mood::Away);
    let tokens = world.builder().max_entries(1000).build().unwrap();
    for tenant in 0..20_000 {
        assert_eq!(token(&tokens, tenant), Err(TokenErrorKind::Unavailable));
    }
    // Each of those who fail is a whole source, so there is room for fewer of them.
    assert!(tokens.len() <= 200, "{}", tokens.len());
}

#[test]
fn s44_who_was_used_lately_stays() {
    let world = World::new();
    let tokens = world.builder().max_entries(1000).build().unwrap();
    token(&tokens, 1).unwrap();
    for tenant in 100..5_100 {
        world.clock.pass(std::time::Duration::from_millis(100));
        token(&tokens, tenant).unwrap();
        token(&tokens, 1).unwrap();
    }
    let asked = world.server.requests();
    assert_eq!(asked.iter().filter(|said| *said == "tenant1").count(), 1);
}

#[test]
fn s44_who_is_idle_is_never_renewed_and_goes() {
    let world = World::new();
    let tokens = world.builder().idle(secs(1800)).build().unwrap();
    for tenant in 0..100 {
        token(&tokens, tenant).unwrap();
    }
    world.server.requests();
    world.clock.pass(secs(1700));
    token(&tokens, 1).unwrap();
    world.clock.pass(secs(200));
    tokens.sweep();
    assert_eq!(tokens.len(), 1);
    world.clock.pass(secs(1_000_000));
    tokens.sweep();
    assert!(tokens.is_empty());
    assert_eq!(world.server.requests(), [""; 0]);
}

#[test]
fn s44_idle_tenants_go_also_while_others_come() {
    let world = World::new();
    let tokens = world.builder().idle(secs(1800)).build().unwrap();
    for tenant in 0..2_000 {
        token(&tokens, tenant).unwrap();
    }
    world.clock.pass(secs(2_000));
    for tenant in 10_000..14_000 {
        token(&tokens, tenant).unwrap();
    }
    assert!(tokens.len() <= 4_100, "{}", tokens.len());
}

#[test]
fn s44_who_is_asking_stays_and_there_is_room_for_nobody_else() {
    let world = World::new();
    world.server.mood(Mood::Silent);
    let tokens = world.builder().max_entries(5).build().unwrap();
    let mut flying: Vec<_> = (0..5).map(|tenant| asking(&tokens, tenant)).collect();
    for asking in &mut flying {
        assert!(poll_once(asking.as_mut()).is_pending());
    }
    assert_eq!(token(&tokens, 9), Err(TokenErrorKind::Throttled));
    world.server.mood(Mood::Fine);
    for mut asking in flying {
        while poll_once(asking.as_mut()).is_pending() {}
    }
    assert!(token(&tokens, 9).is_ok());
    assert_eq!(tokens.len(), 5);
}

#[test]
fn s44_callers_that_go_away_leave_nothing_behind() {
    let world = World::new();
    world.server.mood(Mood::Silent);
    let tokens = world.builder().max_entries(5).build().unwrap();
    for tenant in 0..100 {
        let mut asking = asking(&tokens, tenant);
        assert!(poll_once(asking.as_mut()).is_pending());
        tokens.forget(&tenant);
    }
    assert!(tokens.is_empty());
}

#[test]
fn s41_a_token_is_rejected_by_its_identity_also_after_a_rest() {
    let world = World::new();
    let tokens = world.builder().build().unwrap();
    let first = finish(tokens.token(&1)).unwrap();
    let same = tokens.try_cached(&1).unwrap();
    assert_eq!(first.id(), same.id());
    assert_eq!(
        tokens.reject(&1, &same, Reject::Unauthorized),
        Rejection::TooSoon
    );
    world.clock.pass(secs(60));
    for expected in [Rejection::Dropped, Rejection::Superseded] {
        assert_eq!(tokens.reject(&1, &same, Reject::Unauthorized), expected);
    }
    let second = finish(tokens.token(&1)).unwrap();
    assert_ne!(second.id(), first.id());
    assert_eq!(
        tokens.reject(&1, &same, Reject::Unauthorized),
        Rejection::Superseded
    );
    assert_eq!(world.server.requests().len(), 2);
}

#[test]
fn s32_a_refresh_token_lives_through_a_rest() {
    let world = World::new();
    let tokens = world.builder().build().unwrap();
    token(&tokens, 3).unwrap();
    world.clock.pass(secs(3600));
    token(&tokens, 3).unwrap();
    assert_eq!(world.server.requests(), ["tenant3", "tenant3:refresh"]);
}

#[test]
fn s23_what_came_beside_a_token_lives_through_a_rest() {
    let world = World::new();
    let tokens = world.builder().build().unwrap();
    let first = finish(tokens.token(&7)).unwrap();
    let again = tokens.try_cached(&7).unwrap();
    for token in [&first, &again] {
        assert_eq!(token.granted(), Some(&["read".to_owned()][..]));
        assert!(token.header().is_sensitive());
    }
    assert_eq!(first.header(), again.header());
}

#[test]
fn s30_a_token_at_rest_is_not_handed_out_beyond_its_margin() {
    let world = World::new();
    let tokens = world.builder().build().unwrap();
    token(&tokens, 1).unwrap();
    world.clock.pass(secs(3600 - 31));
    // It is due, and another comes.
    world.server.mood(Mood::Away);
    assert!(token(&tokens, 1).is_ok());
    world.clock.pass(secs(2));
    assert!(tokens.try_cached(&1).is_none());
    assert_eq!(token(&tokens, 1), Err(TokenErrorKind::Unavailable));
}

#[test]
fn s43_a_clock_that_was_set_ends_a_token_at_rest() {
    let world = World::new();
    let tokens = world.builder().build().unwrap();
    token(&tokens, 1).unwrap();
    world.clock.suspend(secs(8 * 3600));
    assert!(tokens.try_cached(&1).is_none());
}

#[test]
fn s40_a_host_gets_so_many_requests_at_a_time() {
    let world = World::new();
    let tokens = world.builder().flights_per_host(4).build().unwrap();
    let mut flying: Vec<_> = (0..200).map(|tenant| asking(&tokens, tenant)).collect();
    while !flying.is_empty() {
        flying.retain_mut(|asking| poll_once(asking.as_mut()).is_pending());
    }
    assert_eq!(world.server.requests().len(), 200);
    // There are two hosts.
    assert_eq!(world.server.0.most_inside.load(Ordering::SeqCst), 8);
}

#[test]
fn s40_a_host_that_wants_to_be_left_alone_is_left_alone_by_all_tenants() {
    let world = World::new();
    let tokens = world.builder().build().unwrap();
    world.server.mood(Mood::Busy);
    assert_eq!(token(&tokens, 2), Err(TokenErrorKind::Throttled));
    world.server.mood(Mood::Fine);
    for tenant in [4, 6, 8] {
        let error = finish(tokens.token(&tenant)).unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::Throttled);
        assert_eq!(error.advice(), Advice::Wait);
    }
    assert_eq!(world.server.requests(), ["tenant2"]);
    // Another host is another matter.
    assert!(token(&tokens, 1).is_ok());
    world.clock.pass(secs(35));
    for tenant in [2, 4, 6, 8] {
        assert!(token(&tokens, tenant).is_ok());
    }
}

#[test]
fn s40_a_caller_that_gives_up_in_the_queue_keeps_no_place() {
    let world = World::new();
    let tokens = world.builder().flights_per_host(1).build().unwrap();
    world.server.mood(Mood::Silent);
    let mut first = asking(&tokens, 2);
    assert!(poll_once(first.as_mut()).is_pending());
    for tenant in [4, 6, 8] {
        let mut waiting = asking(&tokens, tenant);
        assert!(poll_once(waiting.as_mut()).is_pending());
        tokens.forget(&tenant);
    }
    world.server.mood(Mood::Fine);
    while poll_once(first.as_mut()).is_pending() {}
    assert!(token(&tokens, 10).is_ok());
}
