//! Our generator beside the fastest others, in one run: `cargo xtask bench peers`.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::bench::program::{self, Program, Run, shown, words};
use crate::corpus::documents;
use crate::corpus::package;
use crate::measure::{self, Limits, Usage};
use crate::{cargo, target};

/// The documents of the corpus that are generated.
const DOCUMENTS: &[&str] = &["github.com/api.github.com", "stripe.com", "kubernetes.io"];

/// How often each program generates each document unless the command says otherwise.
pub(crate) const TIMES: usize = 5;

/// A generator of somebody else, on crates.io.
struct Peer {
    name: &'static str,
    version: &'static str,
    arguments: program::Arguments,
}

/// The fastest of those that make a client of all three documents.
const PEERS: &[Peer] = &[
    Peer {
        name: "oas3-gen",
        version: "0.29.0",
        arguments: |document, out| {
            let (document, out) = (shown(document), shown(out));
            Ok(words(&[
                "generate",
                "client-mod",
                "-i",
                &document,
                "-o",
                &out,
                "--workspace",
            ]))
        },
    },
    Peer {
        name: "ploidy",
        version: "0.15.0",
        arguments: |document, out| {
            Ok(words(&[
                "generate",
                "rust",
                &shown(document),
                "-o",
                &shown(out),
            ]))
        },
    },
    Peer {
        name: "openapi-to-rust",
        version: "0.23.0",
        // It writes to `src/generated` of the folder where it runs.
        arguments: |document, _| Ok(words(&["generate", &shown(document)])),
    },
];

/// Which crates are checked after they are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checks {
    /// None.
    Nothing,
    /// Ours.
    Own,
    /// Ours and those of the others that write whole crates, which takes minutes and more memory.
    All,
}

/// Generates three large documents with each program, `times` times in turn, and prints what the best run of
/// each took; then, if it is asked for, what `cargo check` takes of what came out.
///
/// # Errors
/// A program cannot be built or installed, or fails.
pub(crate) fn peers(times: usize, checks: Checks, limits: Limits) -> io::Result<()> {
    let documents = documents::find(&package::fetch()?)?;
    let mut programs = vec![program::own()?];
    for peer in PEERS {
        programs.push(install(peer)?);
    }
    for name in DOCUMENTS {
        let document = documents.iter().find(|document| document.name == *name);
        let document = document
            .ok_or_else(|| io::Error::other(format!("there is no `{name}` in the corpus")))?;
        let mut runs: Vec<Vec<Run>> = vec![Vec::new(); programs.len()];
        for _ in 0..times {
            for (program, runs) in programs.iter().zip(&mut runs) {
                runs.push(program::generate(program, &document.path, limits)?);
            }
        }
        let mut text = table(name, &programs, &runs);
        io::stdout().write_all(text.as_bytes())?;
        text.clear();
        for (program, runs) in programs.iter().zip(&runs) {
            let checked = match (checks, program.name) {
                (Checks::Nothing, _) => false,
                (Checks::Own, name) => name == "specmint",
                (Checks::All, _) => true,
            };
            let last = runs
                .last()
                .filter(|run| run.out.join("Cargo.toml").is_file());
            if let (true, Some(last)) = (checked, last) {
                let usage = check(&last.out, limits)?;
                check_row(&mut text, program.name, &usage);
            }
        }
        text.push('\n');
        io::stdout().write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Installs a program below the target folder, unless it is there.
fn install(peer: &Peer) -> io::Result<Program> {
    let root = target()?.join("peers").join(peer.version);
    let path = root.join("bin").join(peer.name);
    let path = path.with_extension(std::env::consts::EXE_EXTENSION);
    if !path.is_file() {
        let mut install = cargo();
        install.args(["install", "--locked", "--version", peer.version, peer.name]);
        install.arg("--root").arg(&root);
        if !install.status()?.success() {
            let text = format!("`cargo install {}` failed", peer.name);
            return Err(io::Error::other(text));
        }
    }
    Ok(Program {
        name: peer.name,
        path,
        arguments: peer.arguments,
    })
}

/// The best of the runs: what a program takes when nothing else is in its way.
fn best(runs: &[Run], of: impl Fn(&Usage) -> f64) -> f64 {
    let values = runs.iter().map(|run| of(&run.usage));
    values.fold(f64::INFINITY, f64::min)
}

fn table(document: &str, programs: &[Program], runs: &[Vec<Run>]) -> String {
    let mut text = format!(
        "{document:<28}{:>9}{:>9}{:>9}{:>10}{:>10}{:>10}{:>9}\n",
        "seconds", "cpu s", "MB", "Rust MB", "seconds", "cpu s", "MB"
    );
    let measures: [fn(&Usage) -> f64; 3] = [
        |usage| usage.seconds,
        |usage| usage.cpu_seconds,
        |usage| usage.peak_mb,
    ];
    let own = measures.map(|measure| best(&runs[0], measure));
    for (program, runs) in programs.iter().zip(runs) {
        let [seconds, cpu, peak] = measures.map(|measure| best(runs, measure));
        let rust = runs.last().map_or(0, |run| run.rust_bytes) as f64 / 1e6;
        writeln!(
            text,
            "  {:<26}{seconds:>9.2}{cpu:>9.2}{peak:>9.0}{rust:>10.1}{:>9.2}x{:>9.2}x{:>8.2}x",
            program.name,
            seconds / own[0],
            cpu / own[1],
            peak / own[2],
        )
        .expect("a string takes every text");
    }
    text
}

/// Runs `cargo check` on a crate whose dependencies are built, as after any change of it.
fn check(folder: &Path, limits: Limits) -> io::Result<Usage> {
    let manifest = folder.join("Cargo.toml");
    let mut text = fs::read_to_string(&manifest)?;
    if !text.contains("[workspace]") {
        text.push_str("\n[workspace]\n");
        fs::write(&manifest, text)?;
    }
    let record = folder.join("check.json");
    let target = target()?.join("bench/check");
    let run = || -> io::Result<Usage> {
        let cargo = cargo();
        let mut command = measure::command(&record, limits, Path::new(cargo.get_program()))?;
        command.args(["check", "--quiet"]).current_dir(folder);
        command.env("CARGO_TARGET_DIR", &target);
        // What is known from the first time is not used in the second.
        command.env("CARGO_INCREMENTAL", "0");
        command.status()?;
        measure::read(&record)
    };
    run()?;
    let lib = folder.join("src/lib.rs");
    fs::write(&lib, fs::read(&lib)?)?;
    run()
}

fn check_row(text: &mut String, name: &str, usage: &Usage) {
    let trouble = usage.trouble.as_deref().unwrap_or("compiles");
    writeln!(
        text,
        "  cargo check {name:<14}{:>9.2}{:>9.2}{:>9.0}  {trouble}",
        usage.seconds, usage.cpu_seconds, usage.peak_mb
    )
    .expect("a string takes every text");
}
