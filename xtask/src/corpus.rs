//! Real documents through the generator and the compiler: `cargo xtask corpus`.

pub(crate) mod compile;
pub(crate) mod documents;
pub(crate) mod generate;
pub(crate) mod package;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use serde::Serialize;

use crate::measure::{Limits, Usage};
use crate::{queue, target};
use compile::{Compiled, Workspace};
use documents::{Document, LARGE};
use generate::Generated;

/// How many documents of the package are compiled unless the command says otherwise.
const SAMPLE: usize = 160;

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// How many documents to compile: all over 2 MB, and others evenly over sizes and vendors. 160 of the
    /// package, all of a folder, if it is left out
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// Compile no document over this size, in megabytes
    #[arg(long, value_name = "MB")]
    up_to: Option<u64>,
    /// Compile nothing
    #[arg(long)]
    generate_only: bool,
    /// A folder of documents to use instead of the package; may be given several times
    #[arg(long, value_name = "DIR")]
    dir: Vec<PathBuf>,
    /// Use only documents whose name contains this; may be given several times
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Write everything that was found to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How many processes at a time; as many as there are cores if it is left out
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    limits: Limits,
}

/// All that was found about a document.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// Its path below the folder, without its ending.
    name: String,
    /// Its size.
    bytes: u64,
    /// The crate's name.
    package: String,
    /// What became of it; `None` if the generator came to no end.
    generated: Option<Generated>,
    /// What generating took, in a process of its own.
    usage: Usage,
    /// How it compiled; `None` if it is not in the sample.
    compiled: Option<Compiled>,
}

impl Row {
    /// Why this is not what it should be.
    fn trouble(&self) -> Option<String> {
        let Some(generated) = &self.generated else {
            return Some(self.usage.trouble.clone().unwrap_or_default());
        };
        if let Some(reason) = &generated.refused {
            return Some(format!("refused: {reason}"));
        }
        if let Some(problem) = generated.pages.first() {
            return Some(format!("its pages: {problem}"));
        }
        let compiled = self.compiled.as_ref()?;
        if compiled.clean {
            return None;
        }
        let ended = compiled
            .usage
            .as_ref()
            .and_then(|usage| usage.trouble.clone());
        let first = compiled.first.clone();
        Some(
            first
                .or(ended)
                .unwrap_or_else(|| "it was not compiled".to_owned()),
        )
    }

    /// Whether there is a client to compile.
    fn is_made(&self) -> bool {
        let made = |generated: &Generated| generated.refused.is_none();
        self.generated.as_ref().is_some_and(made)
    }

    fn is_refused(&self) -> bool {
        self.generated.is_some() && !self.is_made()
    }
}

/// Generates all documents, compiles the sample, prints what came of it.
///
/// Fails if a document of the package is refused, the generator comes to no end with any, or one of the
/// sample does not compile without a warning. In a folder of one's own documents may be refused.
///
/// # Errors
/// The package cannot be fetched, a folder not be read, or the folder for crates not be written.
pub(crate) fn run(asked: &Asked) -> io::Result<ExitCode> {
    let folders = match asked.dir.as_slice() {
        [] => vec![package::fetch()?],
        folders => folders.to_vec(),
    };
    let mut documents = Vec::new();
    for folder in &folders {
        documents.extend(documents::find(folder)?);
    }
    documents.retain(|document| {
        let mut only = asked.only.iter();
        asked.only.is_empty() || only.any(|text| document.name.contains(text.as_str()))
    });
    let sample = sample(asked, &documents);
    let cores = queue::threads();
    let jobs = asked.jobs.unwrap_or(cores).max(1);
    let folder = target()?.join("corpus");
    let mut rows = generated(&documents, &sample, &folder, jobs, asked.limits)?;
    compiled(&mut rows, &sample, &folder, jobs, asked.limits)?;
    table::print(&rows)?;
    if let Some(path) = &asked.json {
        fs::write(path, serde_json::to_vec_pretty(&rows)?)?;
    }
    let broken = rows.iter().any(|row| {
        let allowed = row.is_refused() && !asked.dir.is_empty();
        row.trouble().is_some() && !allowed
    });
    Ok(ExitCode::from(u8::from(broken)))
}

/// The documents to compile.
fn sample(asked: &Asked, documents: &[Document]) -> BTreeSet<usize> {
    if asked.generate_only {
        return BTreeSet::new();
    }
    let all = if asked.dir.is_empty() {
        SAMPLE
    } else {
        documents.len()
    };
    let up_to = asked
        .up_to
        .map_or(u64::MAX, |megabytes| megabytes * 1_000_000);
    documents::sample(documents, asked.sample.unwrap_or(all), up_to)
        .into_iter()
        .collect()
}

/// Generates the documents, the largest first, so that none is alone at the end.
fn generated(
    documents: &[Document],
    sample: &BTreeSet<usize>,
    folder: &Path,
    jobs: usize,
    limits: Limits,
) -> io::Result<Vec<Row>> {
    fs::create_dir_all(folder)?;
    let packages = packages(documents);
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(documents[*index].bytes));
    let done = AtomicUsize::new(0);
    let rows = queue::each(&order, jobs, |_, index| {
        let package = &packages[*index];
        let out = Workspace::crate_folder(folder, package);
        let out = sample.contains(index).then_some(out);
        let document = &documents[*index];
        let row = generate::in_process(document, package, out.as_deref(), folder, limits);
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if io::stderr().is_terminal() {
            eprint!("\rgenerated {done} of {}", documents.len());
        }
        row.map(|(generated, usage)| Row {
            name: document.name.clone(),
            bytes: document.bytes,
            package: package.clone(),
            generated,
            usage,
            compiled: None,
        })
    });
    let rows: BTreeMap<usize, io::Result<Row>> = order.into_iter().zip(rows).collect();
    rows.into_values().collect()
}

/// A package's name for each document: its own name as far as Cargo takes it, with a number where two are
/// the same.
fn packages(documents: &[Document]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name = |document: &Document| {
        let plain: String = document.name.chars().map(plain).collect();
        let name = format!("doc-{plain}");
        let mut names = (2..).map(|number| format!("{name}-{number}"));
        if taken.insert(name.clone()) {
            return name;
        }
        let free = names.find(|name| taken.insert(name.clone()));
        free.expect("there is always another number")
    };
    documents.iter().map(name).collect()
}

/// Compiles the sample: large documents one at a time, since each may take as much memory as there is; the
/// others side by side.
fn compiled(
    rows: &mut [Row],
    sample: &BTreeSet<usize>,
    folder: &Path,
    jobs: usize,
    limits: Limits,
) -> io::Result<()> {
    let made = sample.iter().filter(|index| rows[**index].is_made());
    let (large, others): (Vec<usize>, Vec<usize>) =
        made.copied().partition(|index| rows[*index].bytes > LARGE);
    let names = |indices: &[usize]| -> Vec<String> {
        let rows = indices.iter().map(|index| &rows[*index]);
        rows.map(|row| row.package.clone()).collect()
    };
    let (large, others) = (names(&large), names(&others));
    if large.is_empty() && others.is_empty() {
        return Ok(());
    }
    let all = [&large[..], &others].concat();
    let workspace = Workspace::new(folder, &all, limits)?;
    let mut compiled = workspace.compile(&large, 1)?;
    compiled.extend(workspace.compile(&others, jobs)?);
    for row in rows {
        row.compiled = compiled.remove(&row.package);
    }
    Ok(())
}
