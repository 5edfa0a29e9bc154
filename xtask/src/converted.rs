//! Documents that converters of others made Swagger 2.0, and what the generator makes of them:
//! `cargo xtask converted`.
//!
//! Each document is converted from OpenAPI 3.0 to Swagger 2.0 by one converter, and that back to OpenAPI 3.0 by
//! another. What is generated from the 2.0 text must have the operations of the original, and be what is generated
//! from the text that the second converter made of it.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use clap::Args;
use specmint::load::Source;
use specmint::options::{Options, Runtime, TagFeatures};
use specmint::spec::Spec;

use crate::corpus::documents::Document;
use crate::corpus::{self, package};
use crate::{queue, root, target};

/// What is asked for.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// How many documents to take, evenly over sizes; all of them if it is left out
    #[arg(long, value_name = "N")]
    documents: Option<usize>,
    /// Take no document over this size, in kilobytes
    #[arg(long, value_name = "KB")]
    up_to: Option<u64>,
    /// Use only documents whose name contains this; may be given several times
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
}

/// What was found about a document.
enum Found {
    /// No converter could read it.
    Unconverted,
    /// It generates alike from both texts.
    Same { operations: usize },
    /// It does not; the text says where first.
    Different(String),
    /// The 2.0 text gives other operations than the original, this many more or fewer.
    OtherOperations { original: usize, older: usize },
}

/// Converts, generates and compares; prints what came of it. Fails if a document differs.
///
/// # Errors
/// The packages cannot be fetched, node cannot be started, or a document cannot be read.
pub(crate) fn run(asked: &Asked) -> io::Result<ExitCode> {
    let mut documents = corpus::documents::find(&package::fetch()?)?;
    documents.retain(|document| {
        let mut only = asked.only.iter();
        (asked.only.is_empty() || only.any(|text| document.name.contains(text.as_str())))
            && asked.up_to.is_none_or(|most| document.bytes <= most * 1000)
    });
    let documents = spread(documents, asked.documents);
    let folder = target()?.join("converted");
    let tools = folder.join("npm");
    package::install_at(&root().join("xtask/converters"), &tools)?;
    convert(&tools, &folder, &documents)?;
    let found = queue::each(&documents, queue::threads(), |_, document| {
        compare(&folder, document)
    });
    Ok(report(&documents, &found))
}

/// So many documents, evenly over their sizes.
fn spread(mut documents: Vec<Document>, count: Option<usize>) -> Vec<Document> {
    let Some(count) = count.filter(|count| *count < documents.len()) else {
        return documents;
    };
    documents.sort_by(|a, b| (a.bytes, &a.name).cmp(&(b.bytes, &b.name)));
    let all = documents.len();
    (0..count)
        .map(|index| documents[index * all / count].clone())
        .collect()
}

/// The stem of the files that come of a document.
fn stem(document: &Document) -> String {
    document.name.replace('/', "__")
}

/// Converts what is not converted yet, in as many processes as there are cores.
fn convert(tools: &Path, folder: &Path, documents: &[Document]) -> io::Result<()> {
    let processes = queue::threads();
    let mut running = Vec::new();
    for first in 0..processes {
        let mut process = Command::new("node")
            .arg("--max-old-space-size=4096")
            .arg(tools.join("convert.js"))
            .arg(folder)
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|err| {
                io::Error::new(err.kind(), format!("`node` cannot be started: {err}"))
            })?;
        if let Some(mut list) = process.stdin.take() {
            for document in documents.iter().skip(first).step_by(processes) {
                writeln!(list, "{}\t{}", stem(document), document.path.display())?;
            }
        }
        running.push(process);
    }
    for mut process in running {
        let status = process.wait()?;
        if !status.success() {
            return Err(io::Error::other(format!(
                "the converters ended with {status}"
            )));
        }
    }
    Ok(())
}

fn compare(folder: &Path, document: &Document) -> io::Result<Found> {
    let stem = stem(document);
    let [older, newer] = ["v2", "v3"].map(|kind| folder.join(kind).join(format!("{stem}.json")));
    if !newer.exists() {
        return Ok(Found::Unconverted);
    }
    let original = operations(&files(&document.path)?);
    let (older, newer) = (files(&older)?, files(&newer)?);
    if operations(&older) != original {
        return Ok(Found::OtherOperations {
            original,
            older: operations(&older),
        });
    }
    Ok(match difference(&older, &newer) {
        None => Found::Same {
            operations: original,
        },
        Some(difference) => Found::Different(difference),
    })
}

/// The files of the module that is generated from a document, by path.
fn files(path: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut source = Source::read(path)?;
    source.path = "api.json".to_owned();
    let spec = Spec::new(source);
    let runtime = Runtime::Path("../runtime".to_owned());
    let options = Options {
        tag_features: TagFeatures::Off,
        ..Options::new("converted", runtime, "cargo xtask converted")
    };
    let output = specmint::generate(&[spec], &options).map_err(io::Error::other)?;
    let files = output.files.into_iter();
    let files = files.filter(|file| file.path.starts_with("src/api/"));
    Ok(files.map(|file| (file.path, file.text)).collect())
}

fn operations(files: &BTreeMap<String, String>) -> usize {
    let paths = files.keys();
    paths
        .filter(|path| path.starts_with("src/api/operations/"))
        .count()
}

/// The first place where two modules differ.
fn difference(
    older: &BTreeMap<String, String>,
    newer: &BTreeMap<String, String>,
) -> Option<String> {
    for (path, text) in older {
        let Some(other) = newer.get(path) else {
            return Some(format!("{path} is made of the 2.0 text alone"));
        };
        if text != other {
            let mut lines = text.lines().zip(other.lines());
            let (ours, theirs) = lines.find(|(a, b)| a != b).unwrap_or(("", "more lines"));
            return Some(format!("{path}: `{}` and `{}`", ours.trim(), theirs.trim()));
        }
    }
    let alone = newer.keys().find(|path| !older.contains_key(*path));
    alone.map(|path| format!("{path} is made of the 3.0 text alone"))
}

fn report(documents: &[Document], found: &[io::Result<Found>]) -> ExitCode {
    let (mut unconverted, mut same, mut operations, mut troubled) = (0, 0, 0, 0);
    for (document, found) in documents.iter().zip(found) {
        let trouble = match found {
            Ok(Found::Unconverted) => {
                unconverted += 1;
                continue;
            }
            Ok(Found::Same { operations: more }) => {
                same += 1;
                operations += more;
                continue;
            }
            Ok(Found::Different(difference)) => difference.clone(),
            Ok(Found::OtherOperations { original, older }) => {
                format!("{original} operations, and {older} of the 2.0 text")
            }
            Err(err) => err.to_string(),
        };
        troubled += 1;
        eprintln!("{}: {trouble}", document.name);
    }
    eprintln!(
        "{} documents: {same} alike ({operations} operations), {troubled} not, {unconverted} not converted",
        documents.len()
    );
    ExitCode::from(u8::from(troubled > 0))
}
