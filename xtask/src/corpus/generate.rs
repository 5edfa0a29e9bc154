//! One document through the generator, in a process of its own: what is wrong with one costs no other, and
//! the system says what it took.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::Instant;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specmint::diag::Severity;
use specmint::file::File;
use specmint::options::{Options, Runtime};
use specmint::spec::Spec;
use specmint::write;
use xtask::pages::{self, Pages};

use super::documents::Document;
use crate::measure::{self, Limits, Usage};
use crate::root;

/// The methods of a path item: those of OpenAPI 3.2, of which earlier versions have fewer.
const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// How many problems of pages are kept.
const MOST_PROBLEMS: usize = 20;

/// A document to generate.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The document
    path: PathBuf,
    /// The name of the crate
    #[arg(long)]
    package: String,
    /// The folder to write the crate to; it is not written if there is none
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What became of a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Generated {
    /// Operations in the document, counted in its text and not by the generator.
    pub(crate) operations: usize,
    /// Operations that have a method.
    pub(crate) generated: usize,
    /// Schemas that the document names.
    pub(crate) schemas: usize,
    /// Types that were made.
    pub(crate) models: usize,
    /// Bytes of Rust.
    pub(crate) rust_bytes: usize,
    /// Files.
    pub(crate) files: usize,
    /// Seconds from text to files, without reading and writing.
    pub(crate) seconds: f64,
    /// How many diagnostics there are of each code.
    pub(crate) diagnostics: BTreeMap<String, usize>,
    /// What was left out, by the codes of errors: the first of each.
    pub(crate) errors: BTreeMap<String, String>,
    /// What the generator itself says became of every operation and schema.
    pub(crate) census: Value,
    /// What does not hold of its pages, of a crate that is written: at most [`MOST_PROBLEMS`].
    pub(crate) pages: Vec<String>,
    /// Why there is no module.
    pub(crate) refused: Option<String>,
}

/// Generates one document and prints what became of it as JSON.
///
/// # Errors
/// The document cannot be read, or the crate not written.
pub(crate) fn one(one: &One) -> io::Result<ExitCode> {
    let spec = Spec::read(&one.path)?;
    let runtime = Runtime::Path(root().join("generator/runtime").display().to_string());
    let options = Options::new(&one.package, runtime, "cargo xtask corpus");
    let start = Instant::now();
    let output = specmint::generate(std::slice::from_ref(&spec), &options);
    let seconds = start.elapsed().as_secs_f64();
    let output = output.map_err(io::Error::other)?;
    if let Some(out) = &one.out {
        write::apply(out, &write::diff(out, &output.files)?)?;
    }
    let below = |folder: &str| {
        let part = format!("/{folder}/");
        let files = output.files.iter();
        files.filter(|file| file.path.contains(&part)).count()
    };
    let mut generated = Generated {
        generated: below("operations"),
        models: below("models"),
        rust_bytes: output.files.iter().map(|file| file.text.len()).sum(),
        files: output.files.len(),
        seconds,
        ..Generated::default()
    };
    if one.out.is_some() {
        generated.pages = page_problems(&output.files);
    }
    (generated.operations, generated.schemas) = count(&spec.source.text);
    for report in &output.reports {
        explain(report, &mut generated);
    }
    let mut out = io::stdout();
    serde_json::to_writer(&mut out, &generated)?;
    out.write_all(b"\n")?;
    Ok(ExitCode::SUCCESS)
}

/// What does not hold of the pages among `files`: links, anchors, tables, fences, HTML, ways from the README.
fn page_problems(files: &[File]) -> Vec<String> {
    let (mut pages, mut others) = (Pages::new(), BTreeSet::new());
    for file in files {
        if file.path.ends_with(".md") {
            pages.insert(file.path.clone(), file.text.clone());
        } else {
            others.insert(file.path.as_str());
        }
    }
    let mut problems = pages::problems(&pages, &|path| others.contains(path), Some("README.md"));
    problems.truncate(MOST_PROBLEMS);
    problems
}

fn explain(report: &specmint::Report, generated: &mut Generated) {
    for diagnostic in report.diagnostics.list() {
        let code = diagnostic.code.as_str().to_owned();
        if diagnostic.code.severity() == Severity::Error {
            let text = format!("{}: {}", diagnostic.at, diagnostic.message);
            generated.errors.entry(code.clone()).or_insert(text);
        }
        *generated.diagnostics.entry(code).or_default() += 1;
    }
    if let Some(census) = &report.census {
        generated.census = serde_json::json!(census);
        if !census.is_balanced() {
            let said = format!("not all is accounted for: {}", generated.census);
            generated.refused = Some(said);
        }
    }
    if !report.made {
        let first = generated.errors.iter().next();
        let reason = first.map(|(code, text)| format!("{code}: {text}"));
        generated.refused = Some(reason.unwrap_or_else(|| "no reason was given".to_owned()));
    }
}

/// The operations and the named schemas of a document, counted in its text.
fn count(text: &str) -> (usize, usize) {
    let Ok(document) =
        serde_json::from_str::<Value>(text).or_else(|_| serde_yaml::from_str::<Value>(text))
    else {
        return (0, 0);
    };
    let items = document["paths"].as_object().into_iter().flatten();
    let operations = items
        .filter(|(path, _)| path.starts_with('/'))
        .filter_map(|(_, item)| resolve(&document, item).as_object())
        .flat_map(|item| METHODS.iter().filter(|method| item.contains_key(**method)));
    let schemas = [&document["components"]["schemas"], &document["definitions"]];
    let schemas = schemas.iter().filter_map(|schemas| schemas.as_object());
    (operations.count(), schemas.map(serde_json::Map::len).sum())
}

/// A path item, or what it refers to in the same document.
fn resolve<'a>(document: &'a Value, item: &'a Value) -> &'a Value {
    let reference = item["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    reference
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(item)
}

/// Runs [`one`] in a process.
///
/// # Errors
/// The process cannot be started, or a file in `scratch` not be read or written. What goes wrong with the
/// document is in the usage.
pub(super) fn in_process(
    document: &Document,
    package: &str,
    out: Option<&Path>,
    scratch: &Path,
    limits: Limits,
) -> io::Result<(Option<Generated>, Usage)> {
    let record = scratch.join(format!("{package}.generate.json"));
    let mut command = measure::command(&record, limits, &std::env::current_exe()?)?;
    command.arg("document").arg(&document.path);
    command.args(["--package", package]);
    if let Some(out) = out {
        command.arg("--out").arg(out);
    }
    // Documents run side by side, so each has one core.
    command.env("RAYON_NUM_THREADS", "1").stdin(Stdio::null());
    let output = command.output()?;
    let mut usage = measure::read(&record)?;
    fs::remove_file(&record)?;
    if let Some(trouble) = &mut usage.trouble {
        let said = String::from_utf8_lossy(&output.stderr);
        if let Some(line) = said.lines().find(|line| !line.trim().is_empty()) {
            *trouble = format!("{trouble}: {line}");
        }
        return Ok((None, usage));
    }
    Ok((Some(serde_json::from_slice(&output.stdout)?), usage))
}
