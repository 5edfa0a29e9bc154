//! Stories of token sources, kept as files in `scenarios`, told to the machine and to both kinds of callers.
//!
//! A step may let time pass, set clocks, script the server, reject a token by its text or log in; then a caller wants
//! a token, and what it gets and what the server was asked meanwhile is compared. Back-off takes 2 s in all of them.
#![cfg(feature = "tokens")]

pub mod tokens;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use specmint_runtime::Secret;
use specmint_runtime::token::machine::{
    Answer, Failure, FlightId, Means, Next, Reach, Repeats, Sharing, TokenMachine,
};
use specmint_runtime::token::{
    AccessToken, Backoff, Clock, Executor, Issued, Lifetime, RefreshPolicy, Refusal, Reject, Task,
    TokenError, TokenErrorKind, TokenSource, Want,
};
use tokens::{Does, HandClock, Plain, Server, finish, secs};

/// Who plays the callers' part.
trait Player {
    /// A caller wants a token, and what it sets off comes to its end.
    fn get(&mut self) -> Result<AccessToken, TokenError>;
    fn reject(&mut self, token: &AccessToken);
    fn login(&mut self, issued: Issued);
    fn close(&mut self);
}

/// The machine alone, with the server behind it.
struct Bare {
    machine: TokenMachine,
    repeats: Repeats,
    clock: HandClock,
    server: Server,
}

impl Bare {
    fn fly(&mut self, flight: FlightId) -> Result<AccessToken, TokenError> {
        loop {
            let now = self.clock.now();
            let presented = match self.machine.means(flight, now, self.repeats).unwrap() {
                Means::Initial => "initial".to_owned(),
                Means::Refresh(token) => token.expose().to_owned(),
            };
            self.machine.sent(flight);
            let result = match self.server.does(&presented) {
                does @ Does::Issues(..) => Ok(issued(&does)),
                Does::Refuses(kind) => Err(Refusal::new(kind).into()),
                Does::RefusesFor(kind, seconds) => {
                    let mut refusal = Refusal::new(kind);
                    refusal.retry_after = Some(secs(seconds));
                    Err(refusal.into())
                }
                Does::IsAway => Err(failure(TokenErrorKind::Unavailable, Reach::NotSent)),
                Does::Swallows => Err(failure(TokenErrorKind::Timeout, Reach::Unanswered)),
                does => panic!("no scenario has {does:?}"),
            };
            let next = self
                .machine
                .answered(flight, (now, now), result, self.repeats);
            match next {
                Next::Again => {}
                Next::Granted(granted) => {
                    return self.machine.publish(flight, granted, now, &[]).unwrap();
                }
                Next::Failed(error) => return Err(error),
                Next::Late(_) | Next::Void => panic!("{next:?}"),
            }
        }
    }
}

fn failure(kind: TokenErrorKind, reach: Reach) -> Failure {
    Failure::new(Refusal::new(kind), reach)
}

impl Player for Bare {
    fn get(&mut self) -> Result<AccessToken, TokenError> {
        match self
            .machine
            .ask(self.clock.now(), &Want::default(), self.repeats)
        {
            Answer::Serve(token) => Ok(token),
            Answer::ServeAndRefresh(token, flight) => {
                let _ = self.fly(flight);
                Ok(token)
            }
            Answer::Start(flight) => self.fly(flight),
            Answer::Fail(error) => Err(error),
            Answer::Wait => panic!("there is no other caller"),
        }
    }

    fn reject(&mut self, token: &AccessToken) {
        self.machine.reject(token.id(), self.clock.now());
    }

    fn login(&mut self, issued: Issued) {
        let now = self.clock.now();
        self.machine.adopt(issued, now.wall, now, &[]).unwrap();
    }

    fn close(&mut self) {
        self.machine.close();
    }
}

/// A source, and how its callers wait.
struct Through(TokenSource, Manner, AtOnce);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Async,
    Blocking,
}

/// Keeps tasks, to run them when the caller has got its answer.
#[derive(Clone, Default)]
struct AtOnce(Arc<Mutex<Vec<Task>>>);

impl Executor for AtOnce {
    fn spawn(&self, task: Task) -> Result<(), Task> {
        self.0.lock().unwrap().push(task);
        Ok(())
    }
}

impl AtOnce {
    fn run(&self) {
        let tasks = std::mem::take(&mut *self.0.lock().unwrap());
        tasks.into_iter().for_each(finish);
    }
}

impl Player for Through {
    fn get(&mut self) -> Result<AccessToken, TokenError> {
        let got = match self.1 {
            Manner::Async => {
                let mut caller = Box::pin(self.0.token());
                match tokens::poll_once(caller.as_mut()) {
                    std::task::Poll::Ready(got) => got,
                    std::task::Poll::Pending => {
                        self.2.run();
                        finish(caller)
                    }
                }
            }
            Manner::Blocking => self.0.token_blocking(),
        };
        self.2.run();
        got
    }

    fn reject(&mut self, token: &AccessToken) {
        self.0.reject(token, Reject::Unauthorized);
    }

    fn login(&mut self, issued: Issued) {
        self.0.adopt(issued).unwrap();
    }

    fn close(&mut self) {
        self.0.close();
    }
}

fn policy() -> RefreshPolicy {
    let mut policy = RefreshPolicy::default();
    let two = secs(2);
    policy.backoff = Backoff {
        first: two,
        most: two,
    };
    policy
}

fn issued(does: &Does) -> Issued {
    let Does::Issues(token, lifetime, refresh_token) = does else {
        panic!("{does:?} issues nothing");
    };
    let mut issued = Issued::new(*token);
    issued.lifetime = Lifetime::In(secs(*lifetime));
    issued.refresh_token = refresh_token.map(Secret::from);
    issued
}

/// What a step says of the server.
fn does(step: &Value) -> Does {
    let leaked = |text: &str| -> &'static str { Box::leak(text.into()) };
    if let Some(token) = step["issues"].as_str() {
        let refresh_token = step["refresh"].as_str().map(leaked);
        return Does::Issues(
            leaked(token),
            step["lives"].as_u64().unwrap(),
            refresh_token,
        );
    }
    if let Some(seconds) = step["throttles"].as_u64() {
        return Does::RefusesFor(TokenErrorKind::Throttled, seconds);
    }
    match step.as_str().unwrap() {
        "is away" => Does::IsAway,
        "silent" => Does::Swallows,
        "unavailable" => Does::Refuses(TokenErrorKind::Unavailable),
        "refused" => Does::Refuses(TokenErrorKind::ReauthRequired),
        "client rejected" => Does::Refuses(TokenErrorKind::ClientRejected),
        other => panic!("no server does `{other}`"),
    }
}

/// Tells a story to a player.
fn tell(name: &str, story: &Value, player: &mut dyn Player, clock: &HandClock, server: &Server) {
    let mut seen: HashMap<String, AccessToken> = HashMap::new();
    for (number, step) in story["steps"].as_array().unwrap().iter().enumerate() {
        let time = |name: &str| step[name].as_u64().map(secs);
        let place = format!("{name}, step {}", number + 1);
        for script in step["server"].as_array().into_iter().flatten() {
            server.then(does(script));
        }
        time("pass").into_iter().for_each(|by| clock.pass(by));
        time("sleep").into_iter().for_each(|by| clock.suspend(by));
        time("set_back")
            .into_iter()
            .for_each(|by| clock.set_back(by));
        if let Some(token) = step["reject"].as_str() {
            player.reject(&seen[token]);
        }
        if step["login"].is_object() {
            player.login(issued(&does(&step["login"])));
        }
        if step["close"] == Value::Bool(true) {
            player.close();
        }
        let got = player.get();
        let text = match &got {
            Ok(token) => token.expose().to_owned(),
            Err(error) => format!("{:?}", error.kind()),
        };
        assert_eq!(text, step["get"].as_str().unwrap(), "{place}");
        let asked: Vec<Value> = server.asked().into_iter().map(Value::String).collect();
        assert_eq!(&asked, step["asked"].as_array().unwrap(), "{place}");
        if let Ok(token) = got {
            seen.insert(text, token);
        }
    }
}

fn stories() -> Vec<(String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    let files = std::fs::read_dir(folder).unwrap();
    let mut stories: Vec<_> = files
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect();
    stories.sort_by(|one: &(String, Value), other| one.0.cmp(&other.0));
    assert!(!stories.is_empty());
    stories
}

fn is_once(story: &Value) -> bool {
    match story["grant"].as_str().unwrap() {
        "once" => true,
        "repeats" => false,
        other => panic!("no grant is `{other}`"),
    }
}

#[test]
fn the_machine_lives_through_every_scenario() {
    for (name, story) in stories() {
        let (clock, server) = (HandClock::new(), Server::default());
        let mut bare = Bare {
            machine: TokenMachine::new(Arc::new(policy()), Sharing::Alone, 1),
            repeats: (!is_once(&story)).into(),
            clock: clock.clone(),
            server: server.clone(),
        };
        tell(&name, &story, &mut bare, &clock, &server);
    }
}

#[test]
fn callers_that_do_not_block_live_through_every_scenario() {
    through(Manner::Async);
}

#[test]
fn callers_that_block_live_through_every_scenario() {
    through(Manner::Blocking);
}

fn through(manner: Manner) {
    for (name, story) in stories() {
        let (clock, server) = (HandClock::new(), Server::default());
        let beside = AtOnce::default();
        let endpoint = Plain {
            once: is_once(&story),
            ..Plain::default()
        };
        let builder = TokenSource::builder(endpoint)
            .clock(clock.clone())
            .policy(policy())
            .executor(beside.clone());
        let builder = match manner {
            Manner::Async => builder.transport(server.clone()),
            Manner::Blocking => builder.blocking_transport(server.clone()),
        };
        let mut player = Through(builder.build().unwrap(), manner, beside);
        tell(&name, &story, &mut player, &clock, &server);
    }
}
