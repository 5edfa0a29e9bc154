//! A machine with callers, an endpoint and clocks around it, and what has to hold of them after each event.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use specmint_runtime::Secret;
use specmint_runtime::token::machine::{
    Answer, Failure, FlightId, Means, Next, Reach, Repeats, Sharing, TokenMachine,
};
use specmint_runtime::token::{
    AccessToken, Backoff, InDoubt, Issued, Lifetime, Now, RefreshPolicy, Refusal, Rejection,
    TokenErrorKind, TokenId, Want,
};

use super::tokens::{at, secs};

/// How many callers there are.
pub const CALLERS: usize = 3;

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
pub enum Event {
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

/// Whether a refresh token comes with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// A new one.
    New,
    /// None, so the old one stays.
    Same,
}

use Event::*;
use Rotation::{New, Same};

/// The events of the enumeration, with times before and after all that is due.
pub const EVENTS: &[Event] = &[
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
pub struct World {
    /// What is tried.
    pub machine: TokenMachine,
    /// Whether the initial grant repeats.
    pub repeats: Repeats,
    /// What time it is.
    pub now: Now,
    /// How many wait; one is as good as another.
    pub waiting: usize,
    /// The flight in the air.
    pub flight: Option<FlightId>,
    /// What the flight in the air has sent.
    pub presented: Option<Presented>,
    /// The token that callers have to get while it is good, with its end.
    pub good: Option<(TokenId, Now)>,
    /// The tokens that an API has rejected.
    pub rejected: Vec<TokenId>,
    /// The refresh token that is the right one; those before it are spent.
    pub refresh: Option<usize>,
    /// How many refresh tokens were issued.
    pub refresh_tokens: usize,
    /// Since when the right one is in doubt.
    pub doubt: Option<Now>,
    /// Whether the right one was seen to last.
    pub lasts: bool,
    /// Whether the initial grant was used.
    pub initial_spent: bool,
    /// When the last flight ended, and how: no other may leave before `rest` has passed.
    pub quiet_from: Option<(Now, Duration)>,
    /// How many flights there were.
    pub flights: usize,
}

/// What a request presents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// What the endpoint was set up with.
    Initial,
    /// The refresh token of this number.
    Refresh(usize),
}

impl World {
    /// The beginning: nothing is known, nobody waits.
    pub fn new(repeats: Repeats) -> Self {
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
    pub fn step(&mut self, event: Event) -> bool {
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

    /// Whether there is a token that callers have to get.
    pub fn is_good(&self) -> bool {
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
    pub fn fingerprint(&self) -> u64 {
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
