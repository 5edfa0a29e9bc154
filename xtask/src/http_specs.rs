//! The scenarios of TypeSpec's HTTP suite, played by clients that are generated from its documents, before the
//! suite's own server.
//!
//! In: what `tests/http-specs/dump.js` writes down of the suite. Out: which scenarios are passed. One is, if the
//! server says so by what came to it, each answer has the status that the suite gives, and the client has made of
//! each answer what the suite put into it. Whatever is not passed must be explained in
//! `tests/http-specs/explained.txt`, and nothing else may be.

mod explained;
mod server;
mod suite;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;
use specmint::spec::Spec;

use crate::driver::{self, Driver, Outcome, Read, Subject, Trial};
use crate::round_trip::same;
use crate::{root, target};
use explained::{Explained, Obstacle};
use server::Server;
use suite::{Answer, Play, Scenario, Suite};

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// Play only scenarios whose name contains this; may be given several times
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Tell of scenarios that are explained, too
    #[arg(long)]
    all: bool,
}

/// What came of a scenario.
struct Played<'a> {
    scenario: &'a Scenario,
    /// What stood in the way, for each request that did not come off; nothing if it is passed.
    troubles: Vec<String>,
}

/// Plays the scenarios and prints what came of it. Fails if one that is not passed is not explained, or one that is
/// explained is passed.
///
/// # Errors
/// The suite is not installed, or the clients cannot be generated or compiled.
pub(crate) fn run(asked: &Asked) -> io::Result<ExitCode> {
    let tests = root().join("tests/http-specs");
    let explained = Explained::read(&tests.join("explained.txt"))?;
    let folder = target()?.join("http-specs");
    let suite = Suite::dump(&tests, &folder.join("suite"))?;
    let scenarios: Vec<&Scenario> = suite
        .scenarios
        .iter()
        .filter(|scenario| {
            let mut only = asked.only.iter();
            asked.only.is_empty() || only.any(|text| scenario.name.contains(text.as_str()))
        })
        .collect();
    let mut subjects = Vec::new();
    for path in suite.documents(scenarios.iter().copied()) {
        let spec = Spec::read(&path)?;
        let name = path.display().to_string();
        let subject = Subject::new(spec);
        subjects
            .push(subject.ok_or_else(|| io::Error::other(format!("nothing is read of {name}")))?);
    }
    let driver = driver::build(&folder.join("clients"), &subjects)?;
    let mut server = Server::start(&tests)?;
    let stage = Stage {
        subjects: subjects
            .iter()
            .map(|subject| (subject.spec.name.as_str(), subject))
            .collect(),
        driver: &driver,
        base_url: server.base_url(),
    };
    let outcomes = stage.play(&scenarios)?;
    let verdicts = server.verdicts()?;
    let mut outcomes = outcomes.into_iter();
    let played: Vec<Played<'_>> = scenarios
        .iter()
        .map(|scenario| {
            let outcomes = outcomes.by_ref().take(scenario.requests.len());
            stage.judge(scenario, outcomes, verdicts.get(&scenario.name))
        })
        .collect();
    let report = Report::new(&played, &explained, asked);
    io::stdout().write_all(report.text.as_bytes())?;
    Ok(ExitCode::from(u8::from(report.is_surprising)))
}

/// Where scenarios are played.
struct Stage<'a> {
    subjects: BTreeMap<&'a str, &'a Subject>,
    driver: &'a Driver,
    base_url: String,
}

impl Stage<'_> {
    /// What came of each request of each scenario, in their order; the reason, if none can be made.
    fn play(&self, scenarios: &[&Scenario]) -> io::Result<Vec<Result<Outcome, String>>> {
        let requests = scenarios.iter().flat_map(|scenario| &scenario.requests);
        let mut outcomes = Vec::new();
        let mut waiting: BTreeMap<&str, (Vec<usize>, Vec<Trial>)> = BTreeMap::new();
        for (at, play) in requests.enumerate() {
            match self.trial(play) {
                Ok(trial) => {
                    let (places, trials) = waiting.entry(&play.document).or_default();
                    places.push(at);
                    trials.push(trial);
                    outcomes.push(Err("nothing came of it".to_owned()));
                }
                Err(reason) => outcomes.push(Err(reason)),
            }
        }
        for (document, (places, trials)) in waiting {
            let came = self.driver.run(self.subjects[document], &trials)?;
            for (at, outcome) in places.into_iter().zip(came) {
                outcomes[at] = Ok(outcome);
            }
        }
        Ok(outcomes)
    }

    fn trial(&self, play: &Play) -> Result<Trial, String> {
        if let Some(reason) = &play.untold {
            return Err(reason.clone());
        }
        let subject = self.subjects[play.document.as_str()];
        let call = subject.call(&play.method, &play.path);
        let call = call.ok_or_else(|| format!("no call of {} {}", play.method, play.path))?;
        let mut trial = Trial::new(call, &format!("{}{}", self.base_url, play.server));
        for param in &play.params {
            trial = trial.param(param.location(), &param.name, self.here(&param.value));
        }
        if let Some(body) = &play.body {
            trial = trial.body(&body.media_type, self.here(&body.value));
            trial.content_type.clone_from(&body.sent_as);
            trial.parts.clone_from(&body.parts);
        }
        for (scheme, texts) in &play.credentials {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            trial = trial.credential(scheme, &texts);
        }
        trial.accept.clone_from(&play.accept);
        trial.pages = play.pages.is_some();
        Ok(trial)
    }

    fn judge<'a>(
        &self,
        scenario: &'a Scenario,
        outcomes: impl Iterator<Item = Result<Outcome, String>>,
        verdict: Option<&String>,
    ) -> Played<'a> {
        let pairs = scenario.requests.iter().zip(outcomes);
        let mut troubles: Vec<String> = pairs
            .filter_map(|(play, outcome)| match outcome {
                Ok(outcome) => self.trouble(play, &outcome),
                Err(reason) => Some(reason),
            })
            .collect();
        let verdict = verdict.map_or("unknown", String::as_str);
        if troubles.is_empty() && verdict != "pass" {
            troubles.push(format!("the server says `{verdict}`"));
        }
        Played { scenario, troubles }
    }

    /// What is wrong with an outcome.
    fn trouble(&self, play: &Play, outcome: &Outcome) -> Option<String> {
        let (response, read) = match outcome {
            Outcome::Unfit(reason) => return Some(format!("the values do not fit: {reason}")),
            Outcome::Refused(reason) => return Some(format!("the client refuses: {reason}")),
            Outcome::Unanswered(_, reason) => return Some(format!("no answer: {reason}")),
            Outcome::Answered { response, read, .. } => (response, read),
        };
        let wanted = &play.answer;
        if response.status() != wanted.status {
            let said = String::from_utf8_lossy(&response.body);
            return Some(format!("answered with {}: {said}", response.status()));
        }
        let given = match read {
            Read::Undecoded(reason) => return Some(format!("the answer cannot be read: {reason}")),
            Read::Failure {
                undecoded: Some(reason),
                ..
            } => return Some(format!("the failure cannot be read: {reason}")),
            Read::Failure { body, .. } | Read::Success(body) => body,
        };
        let read = response.declared.as_ref().filter(|_| play.pages.is_none());
        if let Some(trouble) = read.and_then(|read| misread(wanted, read)) {
            return Some(trouble);
        }
        let pages = play.pages.as_ref().map(|pages| Value::from(pages.clone()));
        let wanted = self.here(&pages.or_else(|| wanted.value.clone())?);
        match given {
            None => Some("the client gives nothing of the answer's body".to_owned()),
            Some(given) => {
                let path = same::difference(&wanted, given);
                path.map(|path| format!("the client reads something else: {path}"))
            }
        }
    }

    /// A value of the suite, whose addresses are those of the server that runs.
    fn here(&self, value: &Value) -> Value {
        let text = value.to_string().replace(suite::ADDRESS, &self.base_url);
        serde_json::from_str(&text).expect("an address is text within a string")
    }
}

/// What is wrong with the headers that a client has read: those that the document declares, against all that the suite
/// has sent. Numbers may be spelled as the client likes.
fn misread(sent: &Answer, read: &Value) -> Option<String> {
    let Value::Object(read) = read else {
        return Some(format!("the headers cannot be read: {read}"));
    };
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    read.iter().find_map(|(name, read)| {
        let mut headers = sent.headers.iter();
        let sent = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        let sent = sent.map_or(&Value::Null, |(_, value)| value);
        (text(sent) != text(read))
            .then(|| format!("the header `{name}` is {sent} and was read as {read}"))
    })
}

/// What is told in the end.
struct Report {
    text: String,
    /// Whether anything is not as it is explained.
    is_surprising: bool,
}

impl Report {
    fn new(played: &[Played<'_>], explained: &Explained, asked: &Asked) -> Self {
        let mut text = String::new();
        let mut used = vec![0; explained.rows.len()];
        let (mut passed, mut inexpressible, mut surprises) = (0, 0, 0);
        for Played { scenario, troubles } in played {
            let row = explained.find(&scenario.name);
            let reasons = troubles.join("; ");
            let reasons: String = reasons.chars().take(400).collect();
            match (row, troubles.is_empty()) {
                (None, true) => passed += 1,
                (Some(at), false) => {
                    used[at] += 1;
                    let row = &explained.rows[at];
                    inexpressible += usize::from(row.obstacle == Obstacle::Document);
                    if asked.all {
                        let _ = writeln!(text, "explained: {}\n    {reasons}", scenario.name);
                    }
                }
                (None, false) => {
                    surprises += 1;
                    let _ = writeln!(text, "failed: {}\n    {reasons}", scenario.name);
                }
                (Some(_), true) => {
                    passed += 1;
                    surprises += 1;
                    let _ = writeln!(text, "passed, though it is explained: {}", scenario.name);
                }
            }
        }
        for (row, used) in explained.rows.iter().zip(used) {
            if used == 0 && asked.only.is_empty() {
                surprises += 1;
                let _ = writeln!(
                    text,
                    "explained, though nothing is of this kind: {}",
                    row.pattern
                );
            } else if used > 0 {
                let _ = writeln!(text, "{used:>5} {}: {}", row.obstacle, row.reason);
            }
        }
        let all = played.len();
        let _ = writeln!(
            text,
            "\n{passed} passed of {} expressible of {all} scenarios",
            all - inexpressible
        );
        Self {
            text,
            is_surprising: surprises > 0,
        }
    }
}
