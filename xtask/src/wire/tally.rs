//! What was found, counted and told.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use specmint::pointer::Pointer;

use super::prism::{self, Findings};
use super::trials::Planned;
use super::{Reasons, Tried};
use crate::driver::{Message, Outcome, Read};
use crate::round_trip::judge::{Judge, Verdict};
use crate::round_trip::same;

/// How many of one class are told in full.
const SHOWN: usize = 3;

/// All that was found.
#[derive(Default)]
pub(super) struct Tally {
    documents: usize,
    refused: Vec<(String, String)>,
    operations: usize,
    tried: usize,
    untried: Reasons,
    left_out: Reasons,
    requests: usize,
    answers: usize,
    silent: Reasons,
    invalid: Reasons,
    unjudged: Reasons,
    read: usize,
    /// What Prism finds wrong with requests.
    violations: Vec<Trouble>,
    /// Values that fit the document and not the client, or that it makes no request of.
    refusals: Vec<Trouble>,
    /// Valid answers that the client cannot read.
    undecodable: Vec<Trouble>,
    /// Valid answers that came out as something else.
    changed: Vec<Trouble>,
    /// Calls without an answer.
    unanswered: Vec<Trouble>,
}

/// Something that should not be.
struct Trouble {
    class: String,
    document: String,
    operation: String,
    aim: String,
    reason: String,
    request: Message,
    response: Message,
}

impl Trouble {
    fn json(&self) -> Value {
        let body = |message: &Message| String::from_utf8_lossy(&message.body).into_owned();
        json!({
            "class": self.class,
            "document": self.document,
            "operation": self.operation,
            "aim": self.aim,
            "reason": self.reason,
            "request": { "start": self.request.start, "headers": self.request.headers, "body": body(&self.request) },
            "response": { "start": self.response.start, "body": body(&self.response) },
        })
    }
}

impl Tally {
    /// Notes a document that nothing is tried of.
    pub(super) fn refuse(&mut self, document: &str, reason: String) {
        self.refused.push((document.to_owned(), reason));
    }

    /// Counts what came of a document.
    pub(super) fn count(&mut self, tried: &Tried) {
        let Tried {
            subject,
            plan,
            outcomes,
            ..
        } = tried;
        self.documents += 1;
        self.operations += subject.calls.list.len();
        for (_, reason) in &plan.untried {
            *self.untried.entry(reason.clone()).or_default() += 1;
        }
        for (_, reason) in &plan.left_out {
            *self.left_out.entry(reason.clone()).or_default() += 1;
        }
        let mut calls: Vec<usize> = Vec::new();
        let mut judge = Judge::new(&subject.calls.document);
        for (planned, outcome) in plan.trials.iter().zip(outcomes) {
            if self.outcome(tried, &mut judge, planned, outcome) {
                calls.push(planned.trial.call);
            }
        }
        calls.dedup();
        self.tried += calls.len();
    }

    /// Counts what came of a trial; says whether a request was sent.
    fn outcome(
        &mut self,
        tried: &Tried,
        judge: &mut Judge<'_>,
        planned: &Planned,
        outcome: &Outcome,
    ) -> bool {
        let call = &tried.subject.calls.list[planned.trial.call];
        let trouble = |class: &str, reason: &str, request: &Message, response: &Message| Trouble {
            class: class.to_owned(),
            document: tried.name.clone(),
            operation: format!("{} {}", call.verb, call.path),
            aim: format!("{:?}", planned.aim),
            reason: reason.to_owned(),
            request: request.clone(),
            response: response.clone(),
        };
        let nothing = Message::default();
        match outcome {
            Outcome::Unfit(reason) => {
                self.refusals
                    .push(trouble("does not fit a type", reason, &nothing, &nothing))
            }
            Outcome::Refused(reason) => {
                let class = reason.split(':').next().unwrap_or_default();
                self.refusals
                    .push(trouble(class, reason, &nothing, &nothing));
            }
            Outcome::Unanswered(request, reason) => {
                self.unanswered
                    .push(trouble("no answer", reason, request, &nothing));
                self.requests += 1;
            }
            Outcome::Answered {
                request,
                response,
                read,
            } => {
                self.requests += 1;
                let findings = prism::findings(response);
                for finding in &findings.request {
                    self.violations
                        .push(trouble(&finding.class, &finding.text, request, response));
                }
                if let Some(name) = &findings.silent {
                    *self.silent.entry(name.clone()).or_default() += 1;
                } else if let Some((class, reason)) =
                    self.answer(judge, &call.at, &findings, response, read)
                {
                    let list = match class {
                        Misread::Undecodable => &mut self.undecodable,
                        Misread::Changed => &mut self.changed,
                    };
                    list.push(trouble(&reason.0, &reason.1, request, response));
                }
            }
        }
        matches!(outcome, Outcome::Answered { .. } | Outcome::Unanswered(..))
    }

    /// Counts an answer, and says how it was misread, with class and reason.
    fn answer(
        &mut self,
        judge: &mut Judge<'_>,
        operation: &Pointer,
        findings: &Findings,
        response: &Message,
        read: &Read,
    ) -> Option<(Misread, (String, String))> {
        // A problem of Prism's own, which the document does not know.
        let is_own = !findings.request.is_empty()
            && response.header("content-type") == Some("application/problem+json");
        if is_own {
            return None;
        }
        self.answers += 1;
        if let Some(finding) = findings.response.first() {
            *self
                .invalid
                .entry(format!("as Prism says: {}", finding.class))
                .or_default() += 1;
            return None;
        }
        let schema = judge_answer(judge, operation, response);
        let is_xml = response
            .header("content-type")
            .is_some_and(|name| name.contains("xml"));
        if is_xml {
            *self
                .unjudged
                .entry("XML, which Prism writes without regard to `xml`".to_owned())
                .or_default() += 1;
            return None;
        }
        let is_json = response
            .header("content-type")
            .is_some_and(|name| name.contains("json"));
        if is_json && response.body.is_empty() && !matches!(response.status(), 204 | 205 | 304) {
            *self
                .invalid
                .entry("as Prism overlooks: nothing where JSON is told".to_owned())
                .or_default() += 1;
            return None;
        }
        match &schema {
            Some(Verdict::Invalid(class)) => {
                *self
                    .invalid
                    .entry(format!("as Prism overlooks: {class}"))
                    .or_default() += 1;
                return None;
            }
            Some(Verdict::Unjudged(reason)) => {
                *self.unjudged.entry(reason.clone()).or_default() += 1
            }
            Some(Verdict::Valid) | None => {}
        }
        let (body, undecoded) = match read {
            Read::Success(body) => (body, None),
            Read::Failure {
                body, undecoded, ..
            } => (body, undecoded.as_ref()),
            Read::Undecoded(reason) => (&None, Some(reason)),
        };
        if let Some(reason) = undecoded {
            let class = reason
                .split_once(": ")
                .map_or(reason.as_str(), |(_, what)| what);
            return Some((Misread::Undecodable, (class.to_owned(), reason.clone())));
        }
        self.read += 1;
        let before: Option<Value> = serde_json::from_slice(&response.body).ok();
        let is_json = matches!(&schema, Some(Verdict::Valid));
        match (before, body) {
            // Texts and bytes are handed over as they came.
            (_, Some(Value::String(text))) if is_raw(text, &response.body) => None,
            (Some(before), Some(after)) if is_json => {
                let difference = same::difference(&before, after)?;
                let class = difference.rsplit(": ").next().unwrap_or_default();
                Some((Misread::Changed, (class.to_owned(), difference.clone())))
            }
            _ => None,
        }
    }

    /// Whether something is wrong that should not be.
    pub(super) fn is_bad(&self) -> bool {
        let lists = [
            &self.violations,
            &self.refusals,
            &self.undecodable,
            &self.changed,
            &self.unanswered,
        ];
        lists.iter().any(|list| !list.is_empty())
    }

    /// The lists of what should not be, with their titles.
    fn troubles(&self) -> [(&'static str, &Vec<Trouble>); 5] {
        [
            ("wrong requests", &self.violations),
            ("values not taken", &self.refusals),
            ("valid answers not read", &self.undecodable),
            ("valid answers changed", &self.changed),
            ("calls without an answer", &self.unanswered),
        ]
    }

    pub(super) fn text(&self) -> String {
        let sum = |reasons: &Reasons| reasons.values().sum::<usize>();
        let mut text = format!(
            "{:>8} documents\n{:>8} documents of which nothing is tried\n{:>8} operations\n{:>8} tried\n\
             {:>8} not tried\n{:>8} requests\n{:>8} answers\n{:>8} of them not valid\n{:>8} read\n",
            self.documents,
            self.refused.len(),
            self.operations,
            self.tried,
            sum(&self.untried),
            self.requests,
            self.answers,
            sum(&self.invalid),
            self.read,
        );
        for (title, list) in self.troubles() {
            let _ = writeln!(text, "{:>8} {title}", list.len());
        }
        for (document, reason) in &self.refused {
            let _ = writeln!(text, "\nnothing of {document}: {reason}");
        }
        let reasons = [
            ("operations not tried", &self.untried),
            ("parts of operations not tried", &self.left_out),
            ("Prism has no answer", &self.silent),
            ("answers not valid", &self.invalid),
            ("answers not judged", &self.unjudged),
        ];
        for (title, reasons) in reasons.iter().filter(|(_, reasons)| !reasons.is_empty()) {
            let _ = writeln!(text, "\n{title}:");
            text.push_str(&ranked(reasons));
        }
        for (title, list) in self.troubles() {
            told(&mut text, title, list);
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        let lists = self.troubles().map(|(title, list)| {
            let list: Vec<Value> = list.iter().map(Trouble::json).collect();
            (title.replace(' ', "_"), Value::from(list))
        });
        let mut json = json!({
            "documents": self.documents,
            "refused": self.refused,
            "operations": self.operations,
            "tried": self.tried,
            "untried": self.untried,
            "left_out": self.left_out,
            "requests": self.requests,
            "answers": self.answers,
            "silent": self.silent,
            "invalid": self.invalid,
            "unjudged": self.unjudged,
            "read": self.read,
        });
        for (title, list) in lists {
            json[title] = list;
        }
        json
    }
}

/// How an answer was misread.
enum Misread {
    Undecodable,
    Changed,
}

/// What the judge says of a JSON answer; `None` where no schema stands for it.
fn judge_answer(judge: &mut Judge<'_>, operation: &Pointer, response: &Message) -> Option<Verdict> {
    let media_type = response.header("content-type")?;
    let value = serde_json::from_slice(&response.body).ok()?;
    let at = judge.answer(operation, response.status(), media_type)?;
    Some(judge.verdict(&[at], &value))
}

/// Whether a text, or the bytes that it says in Base64, are the whole body.
fn is_raw(text: &str, body: &[u8]) -> bool {
    text.as_bytes() == body
        || BASE64_STANDARD
            .decode(text)
            .is_ok_and(|bytes| bytes == body)
}

/// The reasons, the most frequent first.
fn ranked(reasons: &Reasons) -> String {
    let mut reasons: Vec<(&String, &usize)> = reasons.iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let lines = reasons
        .iter()
        .map(|(reason, count)| format!("{count:>8} {reason}\n"));
    lines.collect()
}

/// A list by classes, with some of each.
fn told(text: &mut String, title: &str, list: &[Trouble]) {
    let mut classes = Reasons::new();
    for trouble in list {
        *classes.entry(trouble.class.clone()).or_default() += 1;
    }
    for (class, count) in &classes {
        let _ = writeln!(text, "\n{title}: {count} {class}");
        for trouble in list
            .iter()
            .filter(|trouble| trouble.class == *class)
            .take(SHOWN)
        {
            let Trouble {
                document,
                operation,
                aim,
                reason,
                request,
                ..
            } = trouble;
            let body = String::from_utf8_lossy(&request.body);
            let body: String = body.chars().take(300).collect();
            let _ = writeln!(
                text,
                "    {document} {operation} ({aim})\n        {reason}\n        {} {body}",
                request.start
            );
        }
    }
}
