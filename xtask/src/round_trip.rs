//! Every value that real documents show, read into the type that is generated for its place and written again.
//!
//! In: documents. Out: a report of the values that did not come back as they were. Values that are not valid
//! for their schemas, by a validator that knows nothing of ours, are counted apart.

mod documents;
pub(crate) mod judge;
mod models;
mod programs;
pub(crate) mod same;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use specmint::samples::Sample;
use specmint::spec::Spec;

use crate::corpus::documents::Document;
use crate::{corpus, queue, target};
use judge::{Judge, Verdict};
use programs::Trial;

/// Values that do not come back as they were, and why that is as it should be: document, place, reason.
const KNOWN: &[(&str, &str, &str)] = &[(
    "dnd5eapi.co",
    "/paths/~1api~1equipment~1{index}/get/responses/200/content/application~1json/example",
    "`null` for a member that is only left out is read as if it were not there; the value is valid for \
     another alternative of the `anyOf`, which does not describe the member",
)];

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// How many documents to take
    #[arg(long, value_name = "N", default_value_t = 640)]
    documents: usize,
    /// A folder of documents to use instead of the package; its first level are vendors
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Use only documents whose name contains this; may be given several times
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
}

/// A document with the verdict on each of its values.
struct Judged {
    name: String,
    spec: Spec,
    values: Vec<(Sample, Verdict)>,
}

/// A valid value that did not come back as it was.
struct Failure<'a> {
    document: &'a str,
    sample: &'a Sample,
    /// Where, and what happened.
    reason: String,
}

impl Failure<'_> {
    fn json(&self) -> Value {
        json!({
            "document": self.document,
            "at": self.sample.at.as_str(),
            "type": self.sample.rust_type,
            "value": self.sample.value,
            "reason": self.reason,
        })
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            document,
            sample,
            reason,
        } = self;
        let (at, ty) = (&sample.at, &sample.rust_type);
        write!(f, "{document} {at}\n    {ty} {reason}")
    }
}

/// What was found out.
#[derive(Default)]
struct Tally<'a> {
    documents: usize,
    values: usize,
    same: usize,
    invalid: BTreeMap<String, usize>,
    unjudged: BTreeMap<String, usize>,
    known: Vec<(Failure<'a>, &'static str)>,
    failures: Vec<Failure<'a>>,
}

/// Tries the values of the documents, prints what came of it and writes it to `round-trip/report.json` below
/// the target folder. Fails if a valid value did not come back as it was.
///
/// # Errors
/// The package cannot be fetched, a document not be read, or the programs not be written or built.
pub(crate) fn run(asked: &Asked) -> io::Result<ExitCode> {
    let corpus = match &asked.dir {
        Some(folder) => folder.clone(),
        None => corpus::package::fetch()?,
    };
    let mut found = corpus::documents::find(&corpus)?;
    found.retain(|document| {
        let mut only = asked.only.iter();
        asked.only.is_empty() || only.any(|text| document.name.contains(text.as_str()))
    });
    let documents = documents::pick(&found, asked.documents)?;
    let folder = target()?.join("round-trip");
    let judged = judge_all(&documents)?;
    let trials: Vec<Trial> = judged.iter().map(trial).collect::<io::Result<_>>()?;
    let outcomes = programs::run(&folder, &trials)?;
    let mut tally = Tally::default();
    for (document, outcomes) in judged.iter().zip(&outcomes) {
        tally.count(document, outcomes);
    }
    fs::write(folder.join("report.json"), tally.json().to_string())?;
    io::stdout().write_all(tally.text().as_bytes())?;
    Ok(ExitCode::from(u8::from(!tally.failures.is_empty())))
}

/// Samples and judges the documents, several at a time.
fn judge_all(documents: &[Document]) -> io::Result<Vec<Judged>> {
    let judged = queue::each(documents, queue::threads(), judge_one);
    judged.into_iter().collect()
}

fn judge_one(at: usize, document: &Document) -> io::Result<Judged> {
    let mut spec = Spec::read(&document.path)?;
    spec.name = format!("d{at:04}");
    let mut values = Vec::new();
    if let Some(samples) = specmint::samples(&spec) {
        let mut judge = Judge::new(&samples.document);
        for sample in samples.list {
            let verdict = judge.verdict(&sample.schemas, &sample.value);
            values.push((sample, verdict));
        }
    }
    Ok(Judged {
        name: document.name.clone(),
        spec,
        values,
    })
}

/// What is tried of a document: its valid values.
fn trial(document: &Judged) -> io::Result<Trial> {
    let values = valid(document).map(|sample| (sample.rust_type.clone(), sample.value.to_string()));
    let values: Vec<(String, String)> = values.collect();
    let types = values.iter().map(|(ty, _)| ty.as_str());
    Ok(Trial {
        module: document.spec.name.clone(),
        models: models::models(&document.spec, types)?,
        values,
    })
}

fn valid(document: &Judged) -> impl Iterator<Item = &Sample> {
    document
        .values
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Valid)
        .map(|(sample, _)| sample)
}

impl<'a> Tally<'a> {
    fn count(&mut self, document: &'a Judged, outcomes: &[programs::Outcome]) {
        self.documents += usize::from(valid(document).next().is_some());
        self.values += document.values.len();
        for (_, verdict) in &document.values {
            match verdict {
                Verdict::Valid => {}
                Verdict::Invalid(class) => *self.invalid.entry(class.clone()).or_default() += 1,
                Verdict::Unjudged(why) => *self.unjudged.entry(why.clone()).or_default() += 1,
            }
        }
        for (sample, outcome) in valid(document).zip(outcomes) {
            let reason = match outcome {
                Err(reason) => Some(format!("cannot be read: {reason}")),
                Ok(text) => match serde_json::from_str(text) {
                    Ok(after) => same::difference(&sample.value, &after),
                    Err(err) => Some(format!("was not written as JSON: {err}")),
                },
            };
            let known = KNOWN
                .iter()
                .find(|(name, at, _)| *name == document.name && *at == sample.at.as_str());
            let failure = |reason| Failure {
                document: &document.name,
                sample,
                reason,
            };
            match (reason, known) {
                (None, None) => self.same += 1,
                (None, Some(_)) => self
                    .failures
                    .push(failure("it comes back by now".to_owned())),
                (Some(reason), None) => self.failures.push(failure(reason)),
                (Some(reason), Some((.., why))) => self.known.push((failure(reason), why)),
            }
        }
    }

    fn text(&self) -> String {
        let tried = self.same + self.known.len() + self.failures.len();
        let invalid: usize = self.invalid.values().sum();
        let unjudged: usize = self.unjudged.values().sum();
        let mut text = format!(
            "{:>8} values in documents\n{invalid:>8} are not valid for their schemas\n\
             {unjudged:>8} have schemas that no validator takes\n{tried:>8} tried, of {} documents\n\
             {:>8} came back as they were\n{:>8} did not, for a known reason\n{:>8} did not\n",
            self.values,
            self.documents,
            self.same,
            self.known.len(),
            self.failures.len()
        );
        for (title, classes) in [("not valid", &self.invalid), ("not judged", &self.unjudged)] {
            if !classes.is_empty() {
                let _ = writeln!(text, "\n{title}:");
            }
            let mut classes: Vec<_> = classes.iter().collect();
            classes.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            for (class, count) in classes {
                let _ = writeln!(text, "{count:>8} {class}");
            }
        }
        for (failure, why) in &self.known {
            let _ = writeln!(text, "\n{failure}\n    known: {why}");
        }
        for failure in &self.failures {
            let _ = writeln!(text, "\n{failure}");
        }
        text
    }

    fn json(&self) -> Value {
        let known = self.known.iter().map(|(failure, why)| {
            let mut known = failure.json();
            known["why"] = (*why).into();
            known
        });
        let known: Vec<Value> = known.collect();
        let failures: Vec<Value> = self.failures.iter().map(Failure::json).collect();
        json!({
            "documents": self.documents,
            "values": self.values,
            "same": self.same,
            "invalid": self.invalid,
            "unjudged": self.unjudged,
            "known": known,
            "failures": failures,
        })
    }
}
