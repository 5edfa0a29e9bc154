//! Whether a review tells the truth: `cargo xtask review-pairs`.
//!
//! Of each pair of documents two clients are generated, the new one with the lock that the old one left. What their public
//! items are is asked of rustdoc, and compared by rules of this command alone, which knows nothing of how a review comes
//! to what it says. The version step that follows must be the one that the review names. The pairs are the cases of
//! `tests/review` and those of `review_pairs/pairs.txt`; what may differ stands with its reason in
//! `review_pairs/explained.txt`, and only while it differs.

mod broken;
mod crates;
mod differ;
mod explained;
mod items;
mod list;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use specmint::Revision;
use specmint::lock::{self, Lock};
use specmint::options::{Docs, Options, Runtime};
use specmint::review::{ApiReview, Effect, Step};
use specmint::spec::Spec;

use crate::{queue, root, target};
use crates::Workspace;
use items::Verdict;
use list::{Pair, Wanted};

pub(crate) use crates::stand_in;

/// How many bytes of documents share a crate: enough that most pairs do, and that no crate is alone at the end.
const BATCH: u64 = 2_500_000;

/// How many public items, or findings, of a difference are shown.
const SHOWN: usize = 12;

/// The name of all crates, as their documentation has it.
const NAME: &str = "clients";

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// Compare the cases of tests/review, and no real documents unless --pairs says how many
    #[arg(long)]
    cases: bool,
    /// Compare no more pairs of real documents than this, the smaller ones first
    #[arg(long, value_name = "N")]
    pairs: Option<usize>,
    /// Compare only pairs that stand side by side in the later package
    #[arg(long)]
    side_by_side: bool,
    /// The folder with the later versions; the package of the corpus if it is left out
    #[arg(long, value_name = "DIR")]
    new: Option<PathBuf>,
    /// The folder with the earlier versions; a package of March 2023 if it is left out
    #[arg(long, value_name = "DIR")]
    old: Option<PathBuf>,
    /// Compare only pairs whose names contain this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Ask openapi-diff (npm) instead what breaks clients, and say what reviews miss of it
    #[arg(long)]
    differ: bool,
    /// Print a line for each pair, with the public items that make its step
    #[arg(long)]
    all: bool,
}

/// What both say of a pair.
struct Compared {
    pair: Pair,
    review: Option<ApiReview>,
    verdict: Verdict,
}

impl Compared {
    /// How the version goes on as the review has it. That nothing changed and that only text did are one here: the
    /// public items are the same.
    fn reviewed(&self) -> Step {
        let step = self.review.as_ref().map(|review| review.step);
        step.unwrap_or_default().max(Step::Patch)
    }

    fn agrees(&self) -> bool {
        self.reviewed() == self.verdict.step
    }
}

/// Compares the pairs, and says where the review is wrong.
///
/// # Errors
/// A document cannot be read, a crate not be written or documented, or a package not be fetched.
pub(crate) fn run(asked: &Asked) -> io::Result<ExitCode> {
    let mut pairs = Vec::new();
    if asked.cases || asked.pairs.is_none() {
        pairs.extend(list::cases(&root().join("tests/review"))?);
    }
    if !asked.cases || asked.pairs.is_some() {
        let wanted = match asked.side_by_side {
            true => Wanted::SideBySide,
            false => Wanted::All,
        };
        let mut real = list::real(wanted, asked.old.as_deref(), asked.new.as_deref())?;
        real.sort_by_key(|pair| pair.bytes);
        real.truncate(asked.pairs.unwrap_or(usize::MAX));
        pairs.extend(real);
    }
    if let Some(text) = &asked.only {
        pairs.retain(|pair| pair.label.contains(text.as_str()));
    }
    let mut out = io::stdout().lock();
    if asked.differ {
        let whole = asked.only.is_none() && asked.pairs.is_none() && !asked.cases;
        let wrong = differ::run(&pairs, whole, &mut out)?;
        return Ok(ExitCode::from(u8::from(wrong > 0)));
    }
    let compared = compared(pairs)?;
    let wrong = print(&compared, asked, &mut out)?;
    Ok(ExitCode::from(u8::from(wrong > 0)))
}

/// Generates, documents and reviews the pairs, many in a crate.
fn compared(pairs: Vec<Pair>) -> io::Result<Vec<Compared>> {
    let folder = target()?.join("review-pairs");
    let workspace = Workspace::new(&folder)?;
    let batches = batches(pairs);
    let reviews = queue::each(&batches, queue::threads(), |number, pairs| {
        generated(&workspace, number, pairs)
    });
    let reviews: Vec<Reviews> = reviews.into_iter().collect::<io::Result<_>>()?;
    workspace.document(batches.len())?;
    let numbers: Vec<usize> = (0..batches.len()).collect();
    let verdicts = queue::each(&numbers, queue::threads(), |_, number| {
        let old = workspace.items(*number, Side::Old)?;
        let new = workspace.items(*number, Side::New)?;
        io::Result::Ok(items::compare(&old, &new))
    });
    let mut compared = Vec::new();
    for ((pairs, mut reviews), verdicts) in batches.into_iter().zip(reviews).zip(verdicts) {
        let mut verdicts = verdicts?;
        for pair in pairs {
            compared.push(Compared {
                review: reviews.remove(&pair.module),
                verdict: verdicts.remove(&pair.module).unwrap_or_default(),
                pair,
            });
        }
    }
    Ok(compared)
}

/// Which of two crates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Old,
    New,
}

/// What a review says of each module.
type Reviews = BTreeMap<String, ApiReview>;

/// Pairs that share their crates.
fn batches(pairs: Vec<Pair>) -> Vec<Vec<Pair>> {
    let mut batches: Vec<Vec<Pair>> = Vec::new();
    let mut bytes = 0;
    for (number, mut pair) in pairs.into_iter().enumerate() {
        // of one length, so that no name begins with another
        pair.module = format!("m{number:03}");
        bytes += pair.bytes;
        match batches.last_mut() {
            Some(batch) if bytes <= BATCH => batch.push(pair),
            _ => {
                bytes = pair.bytes;
                batches.push(vec![pair]);
            }
        }
    }
    batches
}

/// Writes the two crates of a batch, and reviews its pairs.
fn generated(workspace: &Workspace, number: usize, pairs: &[Pair]) -> io::Result<Reviews> {
    let state = |side: Side| -> Vec<Spec> {
        let specs = pairs.iter().map(|pair| {
            let spec = match side {
                Side::Old => &pair.old,
                Side::New => &pair.new,
            };
            let name = pair.module.clone();
            Spec {
                name,
                ..spec.clone()
            }
        });
        specs.collect()
    };
    let (old, new) = (state(Side::Old), state(Side::New));
    let runtime = root().join("generator/runtime").display().to_string();
    let mut options = Options {
        docs: Docs::None,
        ..Options::new(NAME, Runtime::Path(runtime), "cargo xtask review-pairs")
    };
    let before = specmint::generate(&old, &options).map_err(io::Error::other)?;
    workspace.write(number, Side::Old, &before.files)?;
    let lock = before.files.iter().find(|file| file.path == lock::PATH);
    let lock = lock.map_or("", |file| file.text.as_str());
    options.lock = Lock::parse(lock).map_err(|err| io::Error::other(err.to_string()))?;
    let after = specmint::generate(&new, &options).map_err(io::Error::other)?;
    workspace.write(number, Side::New, &after.files)?;
    let refused = before.reports.iter().chain(&after.reports);
    if let Some(refused) = refused.into_iter().find(|report| !report.made) {
        let text = format!("nothing can be generated of `{}`", refused.path);
        return Err(io::Error::other(text));
    }
    // as the crates: what is new goes on with the names that the old state gave
    let [old, new] = [&old, &new].map(|specs| Revision { specs, lock: None });
    let reviewed = specmint::review(&old, &new, &options);
    if io::stderr().is_terminal() {
        eprintln!("generated {} pairs", pairs.len());
    }
    let review = reviewed.review.unwrap_or_default();
    let modules = review.apis.into_iter();
    Ok(modules.map(|api| (api.module.clone(), api)).collect())
}

/// Prints what was found; returns how much of it is wrong.
fn print(compared: &[Compared], asked: &Asked, out: &mut impl Write) -> io::Result<usize> {
    let explained = explained::read();
    let mut wrong = 0;
    let mut differences = 0;
    for one in compared {
        let label = &one.pair.label;
        let reason = explained.iter().find(|entry| entry.label == *label);
        match (one.agrees(), reason) {
            (true, None) if !asked.all => continue,
            (true, None) => writeln!(out, "{label}: {:?}", one.verdict.step)?,
            (true, Some(_)) => {
                wrong += 1;
                writeln!(out, "{label}: explained.txt names it, and both agree")?;
            }
            (false, Some(entry)) => {
                differences += 1;
                writeln!(out, "{label}: differs, since {}", entry.reason)?;
            }
            (false, None) => {
                wrong += 1;
                let (step, review) = (one.verdict.step, one.reviewed());
                writeln!(
                    out,
                    "{label}: the crates say {step:?}, the review {review:?}"
                )?;
            }
        }
        if asked.all || (!one.agrees() && reason.is_none()) {
            show(one, out)?;
        }
    }
    let agree = compared.iter().filter(|one| one.agrees()).count();
    let steps = [Step::Patch, Step::Minor, Step::Major].map(|step| {
        let of = compared.iter().filter(|one| one.verdict.step == step);
        of.count()
    });
    writeln!(
        out,
        "{agree} of {} pairs agree ({} major, {} minor, {} neither); {differences} differ for reasons that are known",
        compared.len(),
        steps[2],
        steps[1],
        steps[0],
    )?;
    let all = asked.only.is_none() && asked.pairs.is_none() && !asked.side_by_side;
    let unknown = explained.iter().filter(|entry| {
        let should_be_there = all && (!asked.cases || entry.label.starts_with(list::CASE));
        should_be_there && !compared.iter().any(|one| one.pair.label == entry.label)
    });
    for entry in unknown {
        wrong += 1;
        let label = &entry.label;
        writeln!(
            out,
            "{label}: explained.txt names it, and there is no such pair"
        )?;
    }
    Ok(wrong)
}

/// Shows what makes the steps.
fn show(one: &Compared, out: &mut impl Write) -> io::Result<()> {
    let differing = broken::compare(&one.verdict, one.review.as_ref());
    for line in &differing.missed {
        writeln!(out, "    MISSED: {line}")?;
    }
    for line in &differing.invented {
        writeln!(out, "    INVENTED: {line}")?;
    }
    for line in one.verdict.lines.iter().take(SHOWN) {
        writeln!(out, "    crates: {line}")?;
    }
    let findings = one.review.iter().flat_map(|review| &review.findings);
    let mut findings: Vec<_> = findings.filter(|one| one.rust != Effect::None).collect();
    findings.sort_by_key(|one| std::cmp::Reverse(one.rust));
    for finding in findings.iter().take(SHOWN) {
        let (kind, place) = (finding.kind.as_str(), &finding.place);
        writeln!(
            out,
            "    review: {:?} {kind} {place} {}",
            finding.rust, finding.message
        )?;
        for item in finding.items.iter().take(2) {
            writeln!(
                out,
                "        {:?}: {:?} -> {:?}",
                item.effect, item.old, item.new
            )?;
        }
    }
    Ok(())
}
