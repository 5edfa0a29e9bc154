//! The repository's own commands: `cargo xtask generate`, `check`, `update`, `watch`, `docs`, `review`, `case`,
//! `ci`, `corpus`, `converted`, `round-trip`, `wire`, `http-specs`, `tokens`, `small-diffs`,
//! `review-pairs`, `bench` and `fuzz`.

mod bench;
mod ci;
mod converted;
mod corpus;
mod docs;
#[allow(dead_code, reason = "what the suites leave unused of it")]
mod driver;
mod fuzz;
mod http_specs;
mod measure;
mod optimised;
mod queue;
mod review_pairs;
mod round_trip;
mod small_diffs;
mod tokens;
mod wire;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, ExitCode, ExitStatus};

use clap::{Parser, Subcommand};
use specmint::cli::{self, Mode, Progress, Streams};
use specmint::diag::Colors;
use specmint::write;
use xtask::case::Subject;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring generated/ up to date with specs/, and the book's reference with the generator
    Generate,
    /// Fetch documents of specs/ anew from where they come from, show what changed, and bring generated/ up to date
    Update {
        /// Fetch these alone, by their names in specs/
        #[arg(value_name = "API")]
        apis: Vec<String>,
        /// Write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Fail, with the differences, if generated/ or the book's reference is not up to date
    Check,
    /// Make the sites of generated/ and of the book
    Docs {
        /// The folder of the sites; target/site if it is left out
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Bring generated/ up to date, and again whenever something in specs/ or templates/ is saved
    Watch {
        /// The repository, where it is a copy of this one that is measured
        #[arg(long, value_name = "DIR", hide = true)]
        root: Option<PathBuf>,
    },
    /// Say what changed in specs/ since a revision, whom it breaks, and whether it touches security
    Review(cli::Since),
    /// Begin a case: a behaviour by a sentence in snake case, or with --error a diagnostic by its code
    Case {
        /// What it shows, such as `lists_may_hold_lists`
        #[arg(required_unless_present = "error")]
        name: Option<String>,
        /// The code of the diagnostic
        #[arg(long, value_name = "CODE", conflicts_with = "name")]
        error: Option<String>,
    },
    /// Run everything that must hold before a change lands
    Ci {
        /// Run these steps alone; `--list` names them
        #[arg(value_name = "STEP")]
        steps: Vec<String>,
        /// Name the steps
        #[arg(long)]
        list: bool,
    },
    /// Feed the generator inputs that nobody would write; needs cargo-fuzz
    Fuzz {
        /// Run this target alone
        target: Option<String>,
        /// How long each target runs
        #[arg(long, default_value_t = fuzz::SECONDS)]
        seconds: u64,
    },
    /// Generate 2,639 documents of real APIs and compile some of them
    Corpus(Box<corpus::Asked>),
    /// Generate real documents that other tools converted to Swagger 2.0 and back
    Converted(converted::Asked),
    /// Read the example and default values of real documents into generated types, and write them again
    ///
    /// Values that are not valid for their schemas, as a validator of JSON Schema has it, are counted apart by
    /// what they break. All others must come back as they were: the same JSON, but for the order of members,
    /// the spelling of numbers (1.0 is 1), and digits beyond single precision where the format is float.
    RoundTrip(round_trip::Asked),
    /// Play the scenarios of TypeSpec's HTTP suite before its own server
    ///
    /// The clients are generated from the suite's documents, and what they send is encoded anew from values.
    /// Scenarios that are not passed must be explained in tests/http-specs/explained.txt.
    HttpSpecs(http_specs::Asked),
    /// Call operations of real documents, mocked by Prism, with generated clients
    ///
    /// Prism says which requests their documents do not allow. Answers that it makes, and that are valid, must be read.
    Wire(wire::Asked),
    /// Say what moves in clients when their documents change, beside what changed
    SmallDiffs(small_diffs::Asked),
    /// Compare the version steps that reviews name with what rustdoc says of the generated crates
    ///
    /// Without arguments all pairs are compared: the cases of tests/review, and pairs of real documents.
    ReviewPairs(review_pairs::Asked),
    /// Compare what is taken for a token endpoint with a table of what is one
    Tokens(tokens::Asked),
    /// Measure
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Generate one document, for `corpus`
    #[command(hide = true)]
    Document(corpus::generate::One),
    /// Run a command and write what it takes
    #[command(hide = true)]
    Measured(measure::Measured),
}

/// Documents are trees of many small things, which the system's allocator takes a third of the time for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if let Some(outcome) = corpus::compile::stand_in() {
        return outcome.unwrap_or_else(failed);
    }
    if let Some(outcome) = review_pairs::stand_in() {
        return outcome.unwrap_or_else(failed);
    }
    match Cli::parse().command {
        Command::Generate => generate(Mode::Write),
        Command::Check => generate(Mode::Check),
        Command::Update { apis, dry_run } => update(&apis, dry_run),
        Command::Docs { out } => docs::run(out).unwrap_or_else(failed),
        Command::Watch { root } => optimised::run(|| Ok(watch(root))).unwrap_or_else(failed),
        Command::Review(since) => review(&since),
        Command::Case { name, error } => case(name.as_deref(), error.as_deref()),
        Command::Ci { list: true, .. } => ci::list(),
        Command::Ci { steps, .. } => ci::run(&steps),
        Command::Fuzz { target, seconds } => finished(fuzz::run(target.as_deref(), seconds)),
        Command::Corpus(asked) => optimised::run(|| corpus::run(&asked)).unwrap_or_else(failed),
        Command::Converted(asked) => {
            optimised::run(|| converted::run(&asked)).unwrap_or_else(failed)
        }
        Command::Document(one) => corpus::generate::one(&one).unwrap_or_else(failed),
        Command::Measured(measured) => measure::run(&measured).unwrap_or_else(failed),
        Command::RoundTrip(asked) => {
            optimised::run(|| round_trip::run(&asked)).unwrap_or_else(failed)
        }
        Command::SmallDiffs(asked) => {
            optimised::run(|| small_diffs::run(&asked)).unwrap_or_else(failed)
        }
        Command::ReviewPairs(asked) => {
            optimised::run(|| review_pairs::run(&asked)).unwrap_or_else(failed)
        }
        Command::Tokens(asked) => optimised::run(|| tokens::run(&asked)).unwrap_or_else(failed),
        Command::HttpSpecs(asked) => http_specs::run(&asked).unwrap_or_else(failed),
        Command::Wire(asked) => wire::run(&asked).unwrap_or_else(failed),
        Command::Bench(asked) => bench::run(&asked).unwrap_or_else(failed),
    }
}

fn finished(outcome: io::Result<()>) -> ExitCode {
    outcome.map_or_else(failed, |()| ExitCode::SUCCESS)
}

/// The exit code of a process that ran in place of this one; 1 if a signal ended it.
fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.unwrap_or(1))
}

fn failed(err: io::Error) -> ExitCode {
    eprintln!("error: {err}");
    ExitCode::FAILURE
}

/// Begins a case, and says what to do now.
fn case(name: Option<&str>, error: Option<&str>) -> ExitCode {
    let behaviour = Subject::Behaviour(name.unwrap_or_default());
    finished(
        xtask::case::add(&root(), error.map_or(behaviour, Subject::Error))
            .map(|next| eprint!("{next}")),
    )
}

/// Generates `generated/` and the book's pages of reference, or checks them.
fn generate(mode: Mode) -> ExitCode {
    in_root(|streams| {
        let job = || xtask::job(Path::new(""), mode);
        let clients = cli::run(xtask::place(mode), job, streams);
        let book = reference(mode).unwrap_or_else(|err| {
            eprintln!("error: {err}");
            cli::REFUSED
        });
        clients.max(book)
    })
}

/// Makes the book's pages of reference and the page on templates, or checks them.
fn reference(mode: Mode) -> io::Result<u8> {
    let book = (xtask::book::FOLDER, xtask::book::pages(Path::new(""))?);
    let templates = (xtask::templates::FOLDER, xtask::templates::pages()?);
    let mut code = cli::DONE;
    for (folder, pages) in [book, templates] {
        let changes = write::diff(Path::new(folder), &pages)?;
        match mode {
            Mode::Check if !changes.is_empty() => {
                let told = write::out_of_date(folder, &changes, xtask::COMMAND);
                eprintln!("{told}");
                code = cli::OUT_OF_DATE;
            }
            Mode::Check => {}
            Mode::Write => write::apply(Path::new(folder), &changes)?,
        }
    }
    Ok(code)
}

/// Brings specs/ up to date with where its documents come from, and `generated/` with it.
fn update(apis: &[String], dry_run: bool) -> ExitCode {
    let mode = if dry_run { Mode::Check } else { Mode::Write };
    let job = || xtask::job(Path::new(""), mode);
    in_root(|streams| cli::update(xtask::place(mode), apis, job, streams))
}

/// Compares specs/ with what it was at a revision.
fn review(since: &cli::Since) -> ExitCode {
    let job = || xtask::job(Path::new(""), Mode::Check);
    in_root(|streams| cli::review_since(Path::new("."), since, job, streams))
}

/// Generates `generated/` again and again, until somebody ends it.
fn watch(copy: Option<PathBuf>) -> ExitCode {
    let job = || {
        let mut job = xtask::job(Path::new(""), Mode::Write)?;
        // Those that are built in are as old as this program.
        job.options.templates = Some("templates".into());
        Ok(job)
    };
    let folders = ["specs".into()];
    in_folder(&copy.unwrap_or_else(root), |streams| {
        cli::watch(xtask::place(Mode::Write), &folders, job, streams)
    })
}

/// Runs a command where paths in reports are as people type them: relative to the root.
fn in_root(command: impl FnOnce(&mut Streams<'_>) -> u8) -> ExitCode {
    in_folder(&root(), command)
}

fn in_folder(folder: &Path, command: impl FnOnce(&mut Streams<'_>) -> u8) -> ExitCode {
    if let Err(err) = std::env::set_current_dir(folder) {
        return failed(err);
    }
    let (mut out, mut err) = (io::stdout(), anstream::stderr());
    ExitCode::from(command(&mut streams(&mut out, &mut err)))
}

/// Where this says things.
fn streams<'a>(out: &'a mut dyn io::Write, err: &'a mut dyn io::Write) -> Streams<'a> {
    Streams {
        out,
        err,
        // The stream takes them out again where they cannot be shown.
        colors: Colors::Ansi,
        progress: Progress::on_stderr(),
    }
}

/// The repository's root.
fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask/ is in the root").to_owned()
}

/// The Cargo that runs this.
fn cargo() -> Process {
    Process::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The folder that Cargo builds into.
///
/// # Errors
/// Cargo cannot be asked.
fn target() -> io::Result<PathBuf> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(root())
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let folder = metadata["target_directory"].as_str();
    folder
        .map(PathBuf::from)
        .ok_or_else(|| io::Error::other("`cargo metadata` names no target folder"))
}
