//! The machine behind token sources: every order of a few events, and many orders of many beside a naive model.
#![cfg(feature = "tokens")]

pub mod tokens;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use specmint_runtime::Secret;
use specmint_runtime::token::machine::{
    Answer, Failure, FlightId, Means, Next, Reach, Repeats, Sharing, TokenMachine,
};
use specmint_runtime::token::{
    AccessToken, Backoff, InDoubt, Issued, Lifetime, Now, RefreshPolicy, Refusal, Rejection,
    TokenErrorKind, TokenId, Want,
};
use tokens::{at, secs};

/// How many callers there are.
const CALLERS: usize = 3;

/// What a token of the server's lives.
const LIFETIME: Duration = secs(100);

/// A policy without chance: renewed after 80 s, not handed out after 90 s, 2 s after each failure.
fn certain() -> RefreshPolicy {
    let mut policy = RefreshPolicy::default();
    policy.jitter_percent = 0;
    let two = secs(2);
    policy.backoff = Backoff {
        first: two,
        most: two,
    };
    policy.in_doubt = InDoubt::AssumeGrace(secs(30));
    policy
}

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// One of the callers who do not wait wants a token.
    Ask,
    /// One of those who wait goes away.
    Cancel,
    /// The endpoint issues a token, with a new refresh token or none.
    Issue(Rotation),
    /// The endpoint is out of order.
    FailForNow,
    /// The endpoint rejects the client.
    FailForGood,
    /// The endpoint says that what it was asked with is no longer good.
    Refuse,
    /// No answer comes.
    Swallow,
    /// Whoever flies is gone.
    Lose,
    /// An API rejects the current token.
    Reject,
    /// Time passes.
    Pass(u64),
    /// The clock is set forward by an hour, or the machine slept.
    Forward,
    /// The clock is set back by an hour.
    Back,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rotation {
    New,
    Same,
}

use Event::*;
use Rotation::{New, Same};

/// The events of the enumeration, with times before and after all that is due.
const EVENTS: &[Event] = &[
    Ask,
    Cancel,
    Issue(New),
    Issue(Same),
    FailForNow,
    FailForGood,
    Refuse,
    Swallow,
    Lose,
    Reject,
    Pass(3),
    Pass(81),
    Pass(91),
    Forward,
    Back,
];

/// A machine with callers, an endpoint and clocks around it, and what has to hold of them.
#[derive(Clone)]
struct World {
    machine: TokenMachine,
    repeats: Repeats,
    now: Now,
    /// How many wait; one is as good as another.
    waiting: usize,
    flight: Option<FlightId>,
    /// What the flight in the air has sent.
    presented: Option<Presented>,
    /// The token that callers have to get while it is good, with its end.
    good: Option<(TokenId, Now)>,
    rejected: Vec<TokenId>,
    /// The refresh token that is the right one; those before it are spent.
    refresh: Option<usize>,
    refresh_tokens: usize,
    /// Since when the right one is in doubt.
    doubt: Option<Now>,
    /// Whether the right one was seen to last.
    lasts: bool,
    initial_spent: bool,
    /// When the last flight ended, and how: no other may leave before `rest` has passed.
    quiet_from: Option<(Now, Duration)>,
    flights: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presented {
    Initial,
    Refresh(usize),
}

impl World {
    fn new(repeats: Repeats) -> Self {
        Self {
            machine: TokenMachine::new(Arc::new(certain()), Sharing::Alone, 7),
            repeats,
            now: at(10_000.0),
            waiting: 0,
            flight: None,
            presented: None,
            good: None,
            rejected: Vec::new(),
            refresh: None,
            refresh_tokens: 0,
            doubt: None,
            lasts: false,
            initial_spent: false,
            quiet_from: None,
            flights: 0,
        }
    }

    /// Lets it happen, if it can, and checks what must hold then.
    fn step(&mut self, event: Event) -> bool {
        match event {
            Ask if self.waiting < CALLERS => self.ask(),
            Cancel if self.waiting > 0 => self.waiting -= 1,
            Reject if self.good.is_some() => self.reject(),
            Pass(seconds) => self.now = self.now.after(secs(seconds)),
            Forward => self.now.wall += secs(3600),
            Back => self.now.wall -= secs(3600),
            Issue(_) | FailForNow | FailForGood | Refuse | Swallow | Lose
                if self.flight.is_some() =>
            {
                self.answer(event);
            }
            _ => return false,
        }
        self.check();
        true
    }

    fn is_good(&self) -> bool {
        self.good.is_some_and(|(_, end)| !self.now.reached(end))
    }

    fn ask(&mut self) {
        match self.machine.ask(self.now, &Want::default(), self.repeats) {
            Answer::Serve(token) => self.served(&token),
            Answer::ServeAndRefresh(token, flight) => {
                self.served(&token);
                self.take_off(flight);
            }
            Answer::Wait => {
                assert!(self.flight.is_some(), "it waits for nothing");
                assert!(!self.is_good(), "it waits although there is a good token");
                self.waiting += 1;
            }
            Answer::Start(flight) => {
                assert!(!self.is_good(), "a good token is held back");
                self.waiting += 1;
                self.take_off(flight);
            }
            Answer::Fail(error) => {
                assert!(!self.is_good(), "a good token is held back: {error:?}");
                assert!(self.flight.is_none(), "it fails before the flight does");
            }
        }
    }

    fn served(&self, token: &AccessToken) {
        assert!(self.is_good(), "the token has run out");
        assert_eq!(Some(token.id()), self.good.map(|(id, _)| id));
        assert!(!self.rejected.contains(&token.id()), "it was rejected");
    }

    /// A flight leaves: at most one at a time, never before its time, and with nothing that is spent.
    fn take_off(&mut self, flight: FlightId) {
        assert!(self.flight.is_none(), "two flights at once");
        if let Some((since, rest)) = self.quiet_from {
            assert!(
                self.now.reached(since.after(rest)),
                "the endpoint is not left alone"
            );
        }
        self.flights += 1;
        self.flight = Some(flight);
        self.present();
    }

    fn present(&mut self) {
        let flight = self.flight.unwrap();
        let means = self.machine.means(flight, self.now, self.repeats);
        let presented = match means.expect("it flies with nothing") {
            Means::Initial => {
                assert!(
                    self.repeats == Repeats::Yes || !self.initial_spent,
                    "the grant is spent"
                );
                Presented::Initial
            }
            Means::Refresh(token) => {
                let number = token.expose().parse().unwrap();
                assert_eq!(Some(number), self.refresh, "it is not the newest");
                if let Some(since) = self.doubt.filter(|_| !self.lasts) {
                    assert!(!self.now.reached(since.after(secs(30))), "it may be spent");
                    assert_eq!(self.repeats, Repeats::No, "there is another way");
                }
                Presented::Refresh(number)
            }
        };
        self.presented = Some(presented);
        self.machine.sent(flight);
    }

    fn answer(&mut self, event: Event) {
        let flight = self.flight.unwrap();
        let presented = self.presented.unwrap();
        let failure = |kind, reach| Err(Failure::new(Refusal::new(kind), reach));
        let result = match event {
            Issue(rotation) => Ok(self.issued(rotation, presented)),
            FailForNow => failure(TokenErrorKind::Unavailable, Reach::Answered),
            FailForGood => failure(TokenErrorKind::ClientRejected, Reach::Answered),
            Refuse => failure(TokenErrorKind::ReauthRequired, Reach::Answered),
            Swallow => failure(TokenErrorKind::Timeout, Reach::Unanswered),
            _ => {
                let error = self.machine.lost(flight, self.now, self.repeats);
                assert!(error.is_some(), "the flight is not known");
                self.unanswered(presented);
                return self.failed(secs(2));
            }
        };
        match self
            .machine
            .answered(flight, (self.now, self.now), result, self.repeats)
        {
            Next::Granted(granted) => {
                let published = self.machine.publish(flight, granted, self.now, &[]);
                let token = published.unwrap().unwrap();
                self.good = Some((token.id(), self.now.after(secs(90))));
                self.flight = None;
                self.waiting = 0;
                self.quiet_from = Some((self.now, secs(5)));
            }
            Next::Again => {
                assert_eq!(event, Refuse);
                assert!(matches!(presented, Presented::Refresh(_)));
                self.refresh = None;
                self.doubt = None;
                self.present();
                assert_eq!(self.presented, Some(Presented::Initial));
            }
            Next::Failed(_) => {
                match (event, presented) {
                    (Swallow, _) => self.unanswered(presented),
                    (Refuse, Presented::Refresh(_)) => self.refresh = None,
                    (Refuse, Presented::Initial) => self.initial_spent = true,
                    _ => {}
                }
                let passes = matches!(event, FailForNow | Swallow);
                self.failed(if passes { secs(2) } else { secs(5) });
            }
            Next::Late(_) | Next::Void => panic!("the flight is not known"),
        }
    }

    fn issued(&mut self, rotation: Rotation, presented: Presented) -> Issued {
        let mut issued = Issued::new("t");
        issued.lifetime = Lifetime::In(LIFETIME);
        self.doubt = None;
        match (rotation, presented) {
            (New, _) => {
                self.refresh_tokens += 1;
                self.refresh = Some(self.refresh_tokens);
                self.lasts = false;
                issued.refresh_token = Some(Secret::from(self.refresh_tokens.to_string()));
            }
            (Same, Presented::Refresh(_)) => self.lasts = true,
            (Same, Presented::Initial) => {}
        }
        if presented == Presented::Initial {
            self.initial_spent = true;
        }
        issued
    }

    fn unanswered(&mut self, presented: Presented) {
        match presented {
            Presented::Initial => self.initial_spent = true,
            Presented::Refresh(_) => {
                self.doubt.get_or_insert(self.now);
            }
        }
    }

    fn failed(&mut self, rest: Duration) {
        self.flight = None;
        self.waiting = 0;
        self.quiet_from = Some((self.now, rest));
    }

    fn reject(&mut self) {
        let (token, _) = self.good.unwrap();
        match self.machine.reject(token, self.now) {
            Rejection::Dropped => {
                self.rejected.push(token);
                self.good = None;
            }
            Rejection::TooSoon => {
                let (since, _) = self.quiet_from.unwrap();
                assert!(
                    !self.now.reached(since.after(secs(5))),
                    "the token is kept too long"
                );
            }
            Rejection::Superseded => panic!("it is the current one"),
        }
    }

    /// What holds in every state: those who wait, wait for a flight; and whatever happened, a token can be had again.
    fn check(&self) {
        assert!(
            self.flight.is_some() || self.waiting == 0,
            "somebody waits for nothing"
        );
        if self.repeats == Repeats::Yes {
            let mut later = self.clone();
            later.now = later.now.after(secs(301));
            if later.flight.is_some() {
                later.answer(Lose);
                later.now = later.now.after(secs(301));
            }
            let answer = later.machine.ask(later.now, &Want::default(), Repeats::Yes);
            assert!(matches!(answer, Answer::Start(_)), "it is dead: {answer:?}");
        }
    }

    /// A number for all that matters: two states with the same go on in the same way.
    fn fingerprint(&self) -> u64 {
        let text = without_numbers(&format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            self.machine, self.now, self.waiting, self.doubt, self.lasts, self.presented, self.good,
        ));
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        hasher.finish()
    }
}

/// The text without the numbers that tell tokens and flights apart.
fn without_numbers(text: &str) -> String {
    let mut short = String::new();
    let mut rest = text;
    // The policy is the same for all.
    if let Some((before, after)) = rest.split_once("draws:") {
        short.push_str(before.split("policy:").next().unwrap());
        rest = after;
    }
    while let Some(place) = ["TokenId(", "FlightId(", "Draws(", "last_id: "]
        .iter()
        .filter_map(|name| rest.find(name).map(|start| start + name.len()))
        .min()
    {
        short.push_str(&rest[..place]);
        let end = rest[place..].find([')', ',']).unwrap();
        rest = &rest[place + end..];
    }
    short + rest
}

/// How many events in a row are tried. Three callers, a flight that lands, time, and a second flight need seven.
const DEPTH: usize = 7;

/// Walks through all orders of the events, and checks that it saw what it is meant to see.
fn enumerate(repeats: Repeats) {
    let mut seen = HashSet::new();
    let (mut flights, mut waiting) = (0, 0);
    let mut edge = vec![(World::new(repeats), Vec::new())];
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for (world, path) in edge {
            for event in EVENTS {
                let mut world = world.clone();
                let step = || world.step(*event).then_some(world);
                match std::panic::catch_unwind(std::panic::AssertUnwindSafe(step)) {
                    Ok(Some(world)) if seen.insert(world.fingerprint()) => {
                        flights = flights.max(world.flights);
                        waiting = waiting.max(world.waiting);
                        let mut path = path.clone();
                        path.push(*event);
                        next.push((world, path));
                    }
                    Ok(_) => {}
                    Err(_) => panic!("{event:?} after {path:?}"),
                }
            }
        }
        edge = next;
    }
    assert!(
        flights >= 2 && waiting == CALLERS && seen.len() > 10_000,
        "it saw too little"
    );
}

#[test]
fn every_order_of_events_keeps_the_rules_when_the_grant_repeats() {
    enumerate(Repeats::Yes);
}

#[test]
fn every_order_of_events_keeps_the_rules_when_the_grant_is_good_once() {
    enumerate(Repeats::No);
}

/// The rules once more, without a state: all is read from the list of what happened.
#[derive(Default)]
struct Naive(Vec<(Now, Happened)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happened {
    TookOff(Presented),
    Issued(Rotation),
    Failed(Event),
    Rejected,
    /// The refresh token was refused, and the flight goes on.
    RefusedOnTheWay,
    /// The stock was looked at, and what must not be presented any more was dropped.
    Looked,
}

/// What a caller has to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Token,
    TokenAndFlight(Presented),
    Wait,
    Flight(Presented),
    Error,
}

impl Naive {
    fn last(&self, which: impl Fn(Happened) -> bool) -> Option<(usize, Now, Happened)> {
        let found = self.0.iter().rposition(|(_, happened)| which(*happened))?;
        Some((found, self.0[found].0, self.0[found].1))
    }

    fn expects(&mut self, now: Now, repeats: Repeats) -> Expected {
        let issued = self.last(|it| matches!(it, Happened::Issued(_)));
        let rejected = self.last(|it| it == Happened::Rejected).map(|it| it.0);
        let live = issued.filter(|(place, when, _)| {
            rejected < Some(*place) && !now.reached(when.after(secs(90)))
        });
        let fresh = live.is_some_and(|(_, when, _)| !now.reached(when.after(secs(80))));
        let landed = |it| matches!(it, Happened::Issued(_) | Happened::Failed(_));
        let landing = self.last(landed).map(|it| it.0);
        let flying = self
            .last(|it| matches!(it, Happened::TookOff(_)))
            .map(|it| it.0)
            > landing;
        match live {
            Some(_) if fresh || flying => return Expected::Token,
            None if flying => return Expected::Wait,
            _ => {}
        }
        let without = if live.is_some() {
            Expected::Token
        } else {
            Expected::Error
        };
        if self.rests(now) {
            return without;
        }
        self.0.push((now, Happened::Looked));
        match (self.means(repeats), live) {
            (None, _) => without,
            (Some(means), Some(_)) => Expected::TokenAndFlight(means),
            (Some(means), None) => Expected::Flight(means),
        }
    }

    /// Whether the endpoint is to be left alone.
    fn rests(&self, now: Now) -> bool {
        let issued = self.last(|it| matches!(it, Happened::Issued(_)));
        let since = issued.map_or(0, |(place, ..)| place + 1);
        let floor = issued.is_some_and(|(_, when, _)| !now.reached(when.after(secs(5))));
        let failures: Vec<_> = self.0[since..]
            .iter()
            .filter_map(|(when, it)| match it {
                Happened::Failed(how) => Some((*when, *how)),
                _ => None,
            })
            .collect();
        let rest = failures.last().is_some_and(|(when, how)| {
            let rest = match how {
                FailForGood | Refuse => secs(5 << (failures.len() - 1).min(10)).min(secs(300)),
                _ => secs(2),
            };
            !now.reached(when.after(rest))
        });
        floor || rest
    }

    /// What there is to ask with.
    fn means(&self, repeats: Repeats) -> Option<Presented> {
        let (mut refresh, mut number, mut doubt, mut lasts) = (None, 0, None::<Now>, false);
        let (mut presented, mut spent) = (Presented::Initial, false);
        for (when, happened) in &self.0 {
            let by_refresh = matches!(presented, Presented::Refresh(_));
            match happened {
                Happened::TookOff(what) => presented = *what,
                Happened::Issued(rotation) => {
                    spent |= !by_refresh;
                    doubt = None;
                    match rotation {
                        New => {
                            number += 1;
                            (refresh, lasts) = (Some(number), false);
                        }
                        Same => lasts |= by_refresh,
                    }
                }
                Happened::RefusedOnTheWay => (refresh, doubt) = (None, None),
                Happened::Failed(Refuse) if by_refresh => (refresh, doubt) = (None, None),
                Happened::Failed(Refuse) => spent = true,
                Happened::Failed(Swallow | Lose) if by_refresh => doubt = doubt.or(Some(*when)),
                Happened::Failed(Swallow | Lose) => spent = true,
                Happened::Failed(_) | Happened::Rejected | Happened::Looked => {}
            }
            let looks = matches!(happened, Happened::Failed(_) | Happened::Looked);
            let again = repeats == Repeats::Yes || !spent;
            if let Some(since) = doubt
                && looks
                && !lasts
                && (again || when.reached(since.after(secs(30))))
            {
                (refresh, doubt) = (None, None);
            }
        }
        let initial = repeats == Repeats::Yes || !spent;
        match refresh {
            Some(number) => Some(Presented::Refresh(number)),
            None => initial.then_some(Presented::Initial),
        }
    }
}

/// Lets the events happen to a machine and to the naive model, and compares what callers get.
fn compare(events: &[Event], repeats: Repeats) {
    let (mut world, mut naive) = (World::new(repeats), Naive::default());
    for event in events {
        let (flights, now) = (world.flights, world.now);
        let before = world.presented;
        let expected = match event {
            Ask if world.waiting < CALLERS => Some(naive.expects(now, repeats)),
            _ => None,
        };
        let (good, waited) = (world.is_good(), world.waiting);
        let rejects = world.rejected.len();
        if !world.step(*event) {
            continue;
        }
        let took_off = (world.flights > flights).then(|| world.presented.unwrap());
        let (happened, got) = match event {
            Ask => {
                let waits = world.waiting > waited;
                let got = match (good, took_off, waits) {
                    (true, None, _) => Expected::Token,
                    (true, Some(means), _) => Expected::TokenAndFlight(means),
                    (false, Some(means), _) => Expected::Flight(means),
                    (false, None, true) => Expected::Wait,
                    (false, None, false) => Expected::Error,
                };
                (took_off.map(Happened::TookOff), Some(got))
            }
            Issue(rotation) => (Some(Happened::Issued(*rotation)), None),
            // Refused with a refresh token, it asks from the beginning on the same flight.
            Refuse if world.flight.is_some() => {
                assert!(matches!(before, Some(Presented::Refresh(_))));
                naive.0.push((now, Happened::RefusedOnTheWay));
                (Some(Happened::TookOff(Presented::Initial)), None)
            }
            FailForNow | FailForGood | Refuse | Swallow | Lose => {
                (Some(Happened::Failed(*event)), None)
            }
            Reject if world.rejected.len() > rejects => (Some(Happened::Rejected), None),
            _ => (None, None),
        };
        assert_eq!(got, expected, "{event:?} after {:?}", naive.0);
        naive.0.extend(happened.map(|happened| (now, happened)));
    }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        6 => Just(Ask),
        1 => Just(Cancel),
        3 => prop_oneof![Just(Issue(New)), Just(Issue(Same))],
        4 => prop::sample::select(&[FailForNow, FailForGood, Refuse, Swallow, Lose][..]),
        1 => Just(Reject),
        4 => (0..120_u64).prop_map(Pass),
        1 => prop_oneof![Just(Forward), Just(Back)],
    ];
    prop::collection::vec(event, 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_machine_does_what_a_naive_model_does(events in events(), once: bool) {
        compare(&events, (!once).into());
    }

    /// What chance decides stays between its bounds.
    #[test]
    fn s40_chance_stays_within_the_policy(seed: u64, lifetime in 10..100_000_u64, failures in 1..40_u32) {
        let policy = Arc::new(RefreshPolicy::default());
        let mut machine = TokenMachine::new(policy, Sharing::Alone, seed);
        let mut now = at(10_000.0);
        for failure in 1..=failures {
            let flight = started(&mut machine, now);
            let refusal = Refusal::new(TokenErrorKind::Unavailable);
            let failed = Err(Failure::new(refusal, Reach::Answered));
            let next = machine.answered(flight, (now, now), failed, Repeats::Yes);
            let Next::Failed(error) = next else { panic!("{next:?}") };
            let wait = error.retry_at().unwrap().mono - now.mono;
            let most = secs(1 << failure.min(6)).min(secs(60));
            prop_assert!(wait >= secs(1) && wait <= most, "{wait:?} after {failure}");
            prop_assert_eq!(error.attempts(), failure);
            now = now.after(wait);
        }
        let flight = started(&mut machine, now);
        let mut issued = Issued::new("t");
        issued.lifetime = Lifetime::In(secs(lifetime));
        let next = machine.answered(flight, (now, now), Ok(issued), Repeats::Yes);
        let Next::Granted(granted) = next else { panic!("{next:?}") };
        let token = machine.publish(flight, granted, now, &[]).unwrap().unwrap();
        let renewed = machine.look_at().unwrap() - now.mono;
        let part = |percent: u64| Duration::from_millis(lifetime * 10 * percent);
        prop_assert!(renewed >= part(70) && renewed <= part(80).max(secs(5)), "{renewed:?}");
        prop_assert_eq!(token.expires(), now.after(secs(lifetime)));
    }
}

fn started(machine: &mut TokenMachine, now: Now) -> FlightId {
    match machine.ask(now, &Want::default(), Repeats::Yes) {
        Answer::Start(flight) => {
            machine.means(flight, now, Repeats::Yes).unwrap();
            machine.sent(flight);
            flight
        }
        answer => panic!("{answer:?}"),
    }
}
