//! Requests and responses of generated clients, as a stranger sees them: `cargo xtask wire`.
//!
//! In: documents of real APIs. Prism mocks each; the generated client calls each operation with values that the
//! document shows and with values made of its schemas, and asks for each declared status. Out: what Prism finds wrong
//! with the requests, and which of its answers, as far as they are valid, the client cannot read.

mod documents;
mod prism;
mod tally;
mod text;
mod trials;
mod values;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::corpus;
use crate::driver::{self, Outcome, Subject};
use crate::{queue, target};
use documents::Listed;
use prism::Mocks;
use tally::Tally;
use trials::Plan;

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// How many documents to take, each of another vendor where there are as many
    #[arg(long, value_name = "N", default_value_t = 76)]
    documents: usize,
    /// How many operations to try, spread over the documents
    #[arg(long, value_name = "N", default_value_t = 2_500)]
    operations: usize,
    /// Take no document over this size, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 1.0)]
    up_to: f64,
    /// A folder of documents to use instead of the package; its first level are vendors
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Use only documents whose name contains this; may be given several times
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
}

/// A document with the outcomes of its trials.
struct Tried {
    name: String,
    subject: Subject,
    plan: Plan,
    outcomes: Vec<Outcome>,
}

/// Tries the operations, prints what came of it and writes it to `wire/report.json` below the target folder. Fails if
/// a request is found wrong, or a valid answer cannot be read.
///
/// # Errors
/// The packages cannot be fetched, a document not be read, a program not be written or built, or Prism not be started.
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
    let picked = documents::pick(&found, asked.documents, asked.up_to);
    let folder = target()?.join("wire");
    fs::create_dir_all(&folder)?;

    let paths: Vec<PathBuf> = picked
        .iter()
        .map(|document| document.path.clone())
        .collect();
    let mocks = Mocks::start(&folder, &paths)?;
    let mut tally = Tally::default();
    let mut tried = Vec::new();
    let listed = queue::each(&picked, queue::threads(), documents::list);
    let listed: Vec<Listed> = listed.into_iter().collect::<io::Result<_>>()?;
    let counts: Vec<usize> = listed.iter().map(|one| one.operations.len()).collect();
    let share = documents::share(&counts, asked.operations);
    let subjects = queue::each(&listed, queue::threads(), |_, one| subject(one, share));
    for ((document, subject), url) in picked.iter().zip(subjects).zip(&mocks.urls) {
        match (subject, url) {
            (Err(reason), _) => tally.refuse(&document.name, reason),
            (_, Err(reason)) => {
                tally.refuse(&document.name, format!("Prism does not take it: {reason}"))
            }
            (Ok(subject), Ok(url)) => tried.push((document.name.clone(), subject, url.clone())),
        }
    }
    for done in attempt(&folder, tried)? {
        tally.count(&done);
    }
    drop(mocks);
    fs::write(
        folder.join("report.json"),
        serde_json::to_vec_pretty(&tally.json())?,
    )?;
    io::stdout().write_all(tally.text().as_bytes())?;
    Ok(ExitCode::from(u8::from(tally.is_bad())))
}

/// What is tried of a document; says why nothing is, if so.
fn subject(document: &Listed, operations: usize) -> Result<Subject, String> {
    match Subject::new(document.select(operations)) {
        Some(subject) if subject.calls.list.is_empty() => Err("it has no operations".to_owned()),
        Some(subject) => Ok(subject),
        None => Err("nothing can be read of it".to_owned()),
    }
}

/// Makes all calls.
fn attempt(
    folder: &std::path::Path,
    tried: Vec<(String, Subject, String)>,
) -> io::Result<Vec<Tried>> {
    let subjects: Vec<Subject> = tried
        .iter()
        .map(|(_, subject, _)| subject.clone())
        .collect();
    note("compiling the clients");
    let driver = driver::build(folder, &subjects)?;
    note("calling");
    let outcomes = queue::each(&tried, queue::threads(), |_, (_, subject, url)| {
        let plan = trials::plan(subject, url);
        let list: Vec<driver::Trial> = plan
            .trials
            .iter()
            .map(|planned| planned.trial.clone())
            .collect();
        let outcomes = driver.run(subject, &list)?;
        Ok::<_, io::Error>((plan, outcomes))
    });
    let both = tried.into_iter().zip(outcomes);
    both.map(|((name, subject, _), outcome)| {
        let (plan, outcomes) = outcome?;
        Ok(Tried {
            name,
            subject,
            plan,
            outcomes,
        })
    })
    .collect()
}

fn note(text: &str) {
    if io::stderr().is_terminal() {
        eprintln!("{text}");
    }
}

/// How often each reason was given.
type Reasons = BTreeMap<String, usize>;
