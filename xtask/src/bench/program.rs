//! Generators as users run them: a program, a document, a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::measure::{self, Limits, Usage};
use crate::{cargo, root, target};

/// A generator that is measured.
#[derive(Clone, Debug)]
pub(super) struct Program {
    /// Its name.
    pub(super) name: &'static str,
    /// Where it is.
    pub(super) path: PathBuf,
    /// What it is told.
    pub(super) arguments: Arguments,
}

/// The command line that makes a client of a document: `(document, folder)`.
pub(super) type Arguments = fn(&Path, &Path) -> io::Result<Vec<String>>;

/// What one run took and made.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) usage: Usage,
    /// Bytes in Rust files.
    pub(super) rust_bytes: u64,
    /// Where they are.
    pub(super) out: PathBuf,
}

/// Our own generator, built as it is installed.
///
/// # Errors
/// It cannot be built.
pub(super) fn own() -> io::Result<Program> {
    let mut build = cargo();
    build.current_dir(root());
    build.args(["build", "--quiet", "--release", "--package", "specmint"]);
    if !build.status()?.success() {
        return Err(io::Error::other("`cargo build --release` failed"));
    }
    let path = target()?.join("release/specmint");
    Ok(Program {
        name: "specmint",
        path: path.with_extension(std::env::consts::EXE_EXTENSION),
        arguments: |document, out| {
            Ok(words(&[
                "generate",
                &shown(document),
                "--name",
                "measured",
                "--out",
                &shown(out),
            ]))
        },
    })
}

/// Makes a client of `document` with `program`, in a folder that did not exist before.
///
/// # Errors
/// The program fails; what it said is in the text.
pub(super) fn generate(program: &Program, document: &Path, limits: Limits) -> io::Result<Run> {
    let folder = target()?.join("bench").join(program.name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let out = folder.join("measured");
    let record = folder.join("usage.json");
    let mut command = measure::command(&record, limits, &program.path)?;
    command.args((program.arguments)(document, &out)?);
    command.current_dir(&folder);
    let output = command.stdin(Stdio::null()).output()?;
    let usage = measure::read(&record)?;
    if let Some(trouble) = &usage.trouble {
        let said = String::from_utf8_lossy(&output.stderr);
        let text = format!(
            "{} with `{}`: {trouble}\n{said}",
            program.name,
            document.display()
        );
        return Err(io::Error::other(text));
    }
    Ok(Run {
        rust_bytes: rust_bytes(&folder)?,
        usage,
        out,
    })
}

/// The bytes of the Rust files in a folder and below.
fn rust_bytes(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in folder.read_dir()? {
        let entry = entry?;
        let path = entry.path();
        if path.is_dir() {
            bytes += rust_bytes(&path)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}

pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
