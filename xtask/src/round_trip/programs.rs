//! Programs that read values into generated types and write them again.
//!
//! One package below `target/` with a program for every few thousand types, so that one compiler stays
//! small. A program has the models of its documents as modules, and a table of the types that values have;
//! the values come on its input when it runs, so they cost nothing to compile.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use specmint::file;

use crate::root;

/// How many types one program has, more or less: as many as compile within 2 GB.
const TYPES: usize = 1_500;

/// A document whose values are to be tried.
pub(super) struct Trial {
    /// The module of the document.
    pub(super) module: String,
    /// The files of the types, seen from the folder of the program.
    pub(super) models: Vec<file::File>,
    /// The type of each value and the value as JSON text.
    pub(super) values: Vec<(String, String)>,
}

/// What became of a value: the JSON that was written, or why it could not be read.
pub(super) type Outcome = Result<String, String>;

/// A program, and which documents are in it.
struct Program {
    name: String,
    trials: Vec<usize>,
    types: usize,
}

/// Tries all values: the outcomes stand as the values of `trials` do.
///
/// # Errors
/// A file cannot be written or Cargo fails, which is told in its output.
pub(super) fn run(folder: &Path, trials: &[Trial]) -> io::Result<Vec<Vec<Outcome>>> {
    let sources = folder.join("src/bin");
    if sources.exists() {
        fs::remove_dir_all(&sources)?;
    }
    let mut programs: Vec<Program> = Vec::new();
    for (index, trial) in trials.iter().enumerate() {
        let models = &trial.models;
        let full = |program: &Program| program.types > 0 && program.types + models.len() > TYPES;
        if programs.last().is_none_or(full) {
            programs.push(Program {
                name: format!("part{:03}", programs.len()),
                trials: Vec::new(),
                types: 0,
            });
        }
        let program = programs.last_mut().expect("there is a program now");
        program.trials.push(index);
        program.types += models.len();
        for model in models {
            write(&sources.join(&program.name).join(&model.path), &model.text)?;
        }
    }
    for program in &programs {
        let of_program: Vec<&Trial> = program.trials.iter().map(|at| &trials[*at]).collect();
        let text = main(&of_program);
        write(&sources.join(&program.name).join("main.rs"), &text)?;
    }
    build(folder)?;
    let mut outcomes: Vec<Vec<Outcome>> = trials.iter().map(|_| Vec::new()).collect();
    for program in &programs {
        let of_program: Vec<&Trial> = program.trials.iter().map(|at| &trials[*at]).collect();
        let mut tried = start(folder, &program.name, &of_program)?.into_iter();
        for at in &program.trials {
            outcomes[*at] = tried.by_ref().take(trials[*at].values.len()).collect();
        }
    }
    Ok(outcomes)
}

/// The types that a document's values have, each once.
fn types(trial: &Trial) -> Vec<&str> {
    let types: BTreeSet<&str> = trial.values.iter().map(|(ty, _)| ty.as_str()).collect();
    types.into_iter().collect()
}

/// The program's text.
fn main(trials: &[&Trial]) -> String {
    let mut text = String::from(
        "#![allow(warnings)]\npub use specmint_runtime as runtime;\nuse runtime::json::{Reader, Slot};\n",
    );
    let mut tables = String::new();
    for trial in trials {
        let module = &trial.module;
        let models = match trial.models.as_slice() {
            [] => "",
            _ => "pub mod models;",
        };
        let _ = write!(
            text,
            "mod {module} {{\n    {models}\n    use crate::runtime::*;\n    use std::collections::BTreeMap;\n    \
             pub const TYPES: &[fn() -> Box<dyn json::Slot>] = &[\n"
        );
        for ty in types(trial) {
            let _ = writeln!(text, "        || Box::new(<{ty} as json::Slot>::blank()),");
        }
        text.push_str("    ];\n}\n");
        let _ = write!(tables, "{module}::TYPES, ");
    }
    let _ = write!(
        text,
        "const TABLES: &[&[fn() -> Box<dyn Slot>]] = &[{tables}];\n{}",
        include_str!("trial.rs.txt")
    );
    text
}

fn build(folder: &Path) -> io::Result<()> {
    let runtime = root().join("generator/runtime");
    let manifest = format!(
        "[package]\nname = \"round-trip\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nspecmint-runtime = {{ path = {:?}, default-features = false }}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\ncodegen-units = 16\n\n[workspace]\n",
        runtime.display().to_string()
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--bins"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other("the programs do not compile"))
    }
}

/// Runs a program over the values of its documents.
fn start(folder: &Path, name: &str, trials: &[&Trial]) -> io::Result<Vec<Outcome>> {
    let input = folder.join(format!("{name}.txt"));
    let mut lines = BufWriter::new(File::create(&input)?);
    let mut count = 0;
    for (table, trial) in trials.iter().enumerate() {
        let types = types(trial);
        for (ty, value) in &trial.values {
            let at = types.binary_search(&ty.as_str());
            let at = at.expect("the type of each value is among the types");
            writeln!(lines, "{table} {at} {value}")?;
            count += 1;
        }
    }
    lines.flush()?;
    drop(lines);
    let program: PathBuf = folder.join("target/debug").join(name);
    let output = Command::new(program)
        .stdin(File::open(&input)?)
        .stderr(Stdio::null())
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut outcomes: Vec<Outcome> = text
        .lines()
        .map(|line| match line.split_at_checked(1) {
            Some(("+", json)) => Ok(json.to_owned()),
            Some((_, reason)) => Err(reason.to_owned()),
            None => Err("nothing was said".to_owned()),
        })
        .collect();
    outcomes.resize(
        count,
        Err(format!("the program ended with {}", output.status)),
    );
    Ok(outcomes)
}

/// Writes a file and the folders above it.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
