//! What the models of a client cost their users, beside derived serde: `cargo xtask bench models`.
//!
//! Both sides get the same synthetic models in a crate of their own below `target/`, with the same
//! dependencies already built. One run measures both, so the ratios hold even where the times do not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::root;

/// How many models are written unless the command says otherwise.
pub(crate) const MODELS: usize = 3_000;

/// How many members each model has.
const MEMBERS: usize = 12;

/// A way to make a struct readable and writable.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Derived,
    Lean,
}

/// How much is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stages {
    /// `cargo check`, and how fast models decode and encode.
    Check,
    /// The release build and its size too, which takes minutes.
    All,
}

/// What one style costs.
struct Cost {
    check: Run,
    build: Option<Build>,
}

/// A release build of a program that reads and writes every model.
struct Build {
    run: Run,
    /// Of the stripped program, in bytes.
    size: u64,
}

/// A run of Cargo.
struct Run {
    time: Duration,
    /// What the compilers worked, whatever else the machine did; zero where `/proc` does not tell.
    work: Duration,
    /// The most memory that one compiler had at a time, in KiB; 0 where `/proc` does not tell.
    memory: u64,
}

/// Measures and prints `cargo check`, its memory, a release build and its size for `count` models in
/// both styles, and then how fast they decode and encode.
///
/// # Errors
/// Cargo fails, or a file below `target/bench-models` cannot be written.
pub(crate) fn models(count: usize, stages: Stages) -> io::Result<()> {
    let derived = measure(Style::Derived, count, stages)?;
    let lean = measure(Style::Lean, count, stages)?;
    io::stdout().write_all(table(count, &derived, &lean).as_bytes())?;
    let mut bench = cargo(&root(), "bench");
    bench.args(["--quiet", "-p", "specmint-runtime", "--no-default-features"]);
    bench.args(["--bench", "models"]);
    success(bench.status()?.success(), "cargo bench")
}

fn table(count: usize, derived: &Cost, lean: &Cost) -> String {
    let mut text = format!(
        "{:<34}{:>10}{:>10}{:>10}\n",
        format!("{count} models of {MEMBERS} members"),
        "derived",
        "lean",
        "ratio"
    );
    let mut row = |what: &str, derived: f64, lean: f64| {
        let ratio = lean / derived;
        writeln!(text, "{what:<34}{derived:>10.2}{lean:>10.2}{ratio:>10.2}")
            .expect("a string takes every text");
    };
    let mut rows = |what: &str, derived: &Run, lean: &Run| {
        row(what, derived.time.as_secs_f64(), lean.time.as_secs_f64());
        let (one, other) = (derived.work.as_secs_f64(), lean.work.as_secs_f64());
        row("  processor time, s", one, other);
        let (one, other) = (derived.memory as f64 / 1e6, lean.memory as f64 / 1e6);
        row("  peak memory, GB", one, other);
    };
    rows("cargo check, s", &derived.check, &lean.check);
    if let (Some(derived), Some(lean)) = (&derived.build, &lean.build) {
        rows("cargo build --release, s", &derived.run, &lean.run);
        row(
            "  program, MB",
            derived.size as f64 / 1e6,
            lean.size as f64 / 1e6,
        );
    }
    text.push('\n');
    text
}

fn measure(style: Style, count: usize, stages: Stages) -> io::Result<Cost> {
    let name = match style {
        Style::Derived => "derived",
        Style::Lean => "lean",
    };
    let dir = root().join("target/bench-models").join(name);
    fs::create_dir_all(dir.join("src"))?;
    fs::write(dir.join("Cargo.toml"), manifest(name))?;
    fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock"))?;
    // Dependencies first, and nothing of ours left from the last run.
    write_sources(&dir, style, 0)?;
    run(&dir, &["check", "--lib"])?;
    if stages == Stages::Check {
        write_sources(&dir, style, count)?;
        let check = run(&dir, &["check", "--lib"])?;
        return Ok(Cost { check, build: None });
    }
    run(&dir, &["build", "--release"])?;
    write_sources(&dir, style, count)?;
    let check = run(&dir, &["check", "--lib"])?;
    let build = run(&dir, &["build", "--release"])?;
    let program = dir.join("target/release").join(name);
    let program = program.with_extension(std::env::consts::EXE_EXTENSION);
    let size = fs::metadata(program)?.len();
    let build = Some(Build { run: build, size });
    Ok(Cost { check, build })
}

/// Both crates have the same dependencies, so that only the models differ.
fn manifest(name: &str) -> String {
    let runtime = root().join("generator/runtime");
    format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         specmint-runtime = {{ path = {runtime:?}, default-features = false }}\n\n\
         [profile.release]\nstrip = true\n\n[workspace]\n"
    )
}

fn write_sources(dir: &Path, style: Style, count: usize) -> io::Result<()> {
    fs::write(dir.join("src/lib.rs"), library(style, count))?;
    fs::write(dir.join("src/main.rs"), program(style, count))
}

fn library(style: Style, count: usize) -> String {
    let mut text = match style {
        Style::Derived => String::from(
            "#![allow(unused_imports, reason = \"at first there are no models\")]\n\
             use serde::{Deserialize, Serialize};\n",
        ),
        Style::Lean => String::from("pub use specmint_runtime as runtime;\n"),
    };
    for model in 0..count {
        text.push_str(&match style {
            Style::Derived => derived_model(model),
            Style::Lean => lean_model(model),
        });
    }
    text
}

/// The type of a member: the five commonest, and a struct in most models.
fn member_type(model: usize, member: usize) -> String {
    const TYPES: [&str; 5] = [
        "String",
        "Option<String>",
        "Option<i64>",
        "Option<bool>",
        "Option<Vec<String>>",
    ];
    if member + 1 == MEMBERS && !model.is_multiple_of(20) {
        return format!("Option<Box<Model{}>>", model - 1);
    }
    TYPES[(model + member) % TYPES.len()].to_owned()
}

fn derived_model(model: usize) -> String {
    let members: String = (0..MEMBERS)
        .map(|member| {
            let ty = member_type(model, member);
            let attribute = if ty.starts_with("Option") {
                "#[serde(default, skip_serializing_if = \"Option::is_none\")] "
            } else {
                ""
            };
            format!("    {attribute}pub member_{member}: {ty},\n")
        })
        .collect();
    format!(
        "#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]\npub struct Model{model} {{\n{members}}}\n"
    )
}

fn lean_model(model: usize) -> String {
    let mut members = String::new();
    let mut record = String::new();
    for member in 0..MEMBERS {
        let ty = member_type(model, member);
        let need = if ty.starts_with("Option") {
            "optional"
        } else {
            "required"
        };
        members += &format!("    pub member_{member}: {ty},\n");
        record += &format!("\"member_{member}\" => member_{member}: {need}, ");
    }
    format!(
        "#[derive(Clone, Debug, PartialEq)]\npub struct Model{model} {{\n{members}}}\n\
         crate::runtime::record! {{ Model{model} {{ {record}}} .. }}\n"
    )
}

/// A program that can read and write every model, so that none is left out of it.
fn program(style: Style, count: usize) -> String {
    let (bound, read, write) = match style {
        Style::Derived => (
            "serde::de::DeserializeOwned + serde::Serialize",
            "serde_json::from_slice::<T>(text)",
            "serde_json::to_vec(&value).expect(\"it can be written\")",
        ),
        Style::Lean => (
            "lean::runtime::json::Slot",
            "lean::runtime::json::from_slice::<T>(text)",
            "lean::runtime::json::to_vec(&value)",
        ),
    };
    let name = match style {
        Style::Derived => "derived",
        Style::Lean => "lean",
    };
    let arms: String = (0..count)
        .map(|model| format!("        \"{model}\" => through::<{name}::Model{model}>(&text),\n"))
        .collect();
    format!(
        "#![allow(dead_code)]\n\
         fn through<T: {bound}>(text: &[u8]) -> Vec<u8> {{\n    match {read} {{\n        \
         Ok(value) => {write},\n        Err(err) => err.to_string().into_bytes(),\n    }}\n}}\n\
         fn main() {{\n    let mut args = std::env::args().skip(1);\n    \
         let which = args.next().unwrap_or_default();\n    \
         let text = args.next().unwrap_or_default().into_bytes();\n    \
         let written = match which.as_str() {{\n{arms}        _ => text,\n    }};\n    \
         println!(\"{{}}\", String::from_utf8_lossy(&written));\n}}\n"
    )
}

fn cargo(dir: &Path, command: &str) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(cargo);
    cargo.current_dir(dir).arg(command);
    cargo
}

/// Runs Cargo and watches what its compilers take.
fn run(dir: &Path, arguments: &[&str]) -> io::Result<Run> {
    let mut command = cargo(dir, arguments[0]);
    command.args(&arguments[1..]).arg("--quiet");
    command.env("CARGO_TARGET_DIR", dir.join("target"));
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn()?;
    let mut compilers = BTreeMap::new();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        watch(&child, &mut compilers);
        std::thread::sleep(Duration::from_millis(10));
    };
    let time = start.elapsed();
    success(status.success(), &format!("cargo {}", arguments.join(" ")))?;
    let work = compilers.values().map(|compiler| compiler.work).sum();
    let memory = compilers.values().map(|compiler| compiler.memory).max();
    let memory = memory.unwrap_or_default();
    Ok(Run { time, work, memory })
}

fn success(success: bool, what: &str) -> io::Result<()> {
    if success {
        return Ok(());
    }
    Err(io::Error::other(format!("`{what}` failed")))
}

/// What a compiler has taken so far.
struct Compiler {
    work: Duration,
    memory: u64,
}

/// Notes what the compilers started by this Cargo have taken so far (proc(5)).
fn watch(cargo: &Child, compilers: &mut BTreeMap<String, Compiler>) {
    let parent = cargo.id().to_string();
    let Ok(processes) = fs::read_dir("/proc") else {
        return;
    };
    for process in processes.flatten() {
        if let Some(compiler) = compiler(&process.path(), &parent) {
            compilers.insert(process.file_name().to_string_lossy().into_owned(), compiler);
        }
    }
}

/// Reads what a process has taken if it is a child of `parent`.
fn compiler(process: &Path, parent: &str) -> Option<Compiler> {
    /// Linux counts processor time for programs in hundredths of a second.
    const TICK: Duration = Duration::from_millis(10);
    let status = fs::read_to_string(process.join("status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()
    };
    if field("PPid:")? != parent {
        return None;
    }
    let memory = field("VmHWM:")?.parse().ok()?;
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // Behind the name, which may hold anything, fields 14 and 15 of all are the 12th and 13th.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(11);
    let user: u32 = ticks.next()?.parse().ok()?;
    let system: u32 = ticks.next()?.parse().ok()?;
    let work = TICK * (user + system);
    Some(Compiler { work, memory })
}
