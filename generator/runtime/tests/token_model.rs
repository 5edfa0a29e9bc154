//! The machine behind token sources under many orders of many events, beside a naive model.
#![cfg(feature = "tokens")]

pub mod machine_world;
pub mod tokens;

use std::sync::Arc;
use std::time::Duration;

use machine_world::{CALLERS, Event, Presented, Rotation, World};
use proptest::prelude::*;
use specmint_runtime::token::machine::{
    Answer, Failure, FlightId, Next, Reach, Repeats, Sharing, TokenMachine,
};
use specmint_runtime::token::{
    Issued, Lifetime, Now, RefreshPolicy, Refusal, TokenErrorKind, Want,
};
use tokens::{at, secs};

use Event::*;
use Rotation::{New, Same};

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
