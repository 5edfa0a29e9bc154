//! Everything that must hold before a change lands, step by step.
//!
//! Every step runs, also after one failed, so that one run tells everything. A step that cannot run fails:
//! nothing is skipped. The one thing that may stay open, and says so in the summary, is what only a
//! database elsewhere knows (see [`deny`]).

mod deny;
mod features;
mod mocks;
mod outside;
mod package;
mod shell;
mod site;
mod wasm;
mod workflows;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::root;
use shell::Shell;

/// How a step ended.
enum Outcome {
    /// All that it looks at holds.
    Passed,
    /// All that it could look at holds; the text says what it could not look at, and why.
    Open(String),
    /// Something does not hold; the output says what, and this says which part.
    Failed(String),
}

/// What a step does: the commands it runs, through a [`Shell`] that shows them.
type Run = fn(&Shell) -> Result<Outcome, String>;

struct Step {
    name: &'static str,
    run: Run,
}

/// The steps, the quick ones first.
const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        run: fmt,
    },
    Step {
        name: "check",
        run: check,
    },
    Step {
        name: "clippy",
        run: clippy,
    },
    Step {
        name: "test",
        run: test,
    },
    Step {
        name: "test-runtime",
        run: test_runtime,
    },
    Step {
        name: "test-generated",
        run: test_generated,
    },
    Step {
        name: "doc",
        run: doc,
    },
    Step {
        name: "features",
        run: features::features,
    },
    Step {
        name: "wasm",
        run: wasm::wasm,
    },
    Step {
        name: "outside",
        run: outside::outside,
    },
    Step {
        name: "package",
        run: package::package,
    },
    Step {
        name: "round-trip",
        run: round_trip,
    },
    Step {
        name: "corpus",
        run: corpus,
    },
    Step {
        name: "converted",
        run: converted,
    },
    Step {
        name: "review",
        run: review,
    },
    Step {
        name: "bench",
        run: bench,
    },
    Step {
        name: "fuzz",
        run: fuzz,
    },
    Step {
        name: "wire",
        run: wire,
    },
    Step {
        name: "deny",
        run: deny::deny,
    },
    Step {
        name: "specs",
        run: specs,
    },
    Step {
        name: "workflows",
        run: workflows::workflows,
    },
    Step {
        name: "mocks",
        run: mocks::mocks,
    },
    Step {
        name: "site",
        run: site::site,
    },
    Step {
        name: "servers",
        run: servers,
    },
    Step {
        name: "http-specs",
        run: http_specs,
    },
];

/// Names the steps.
pub(crate) fn list() -> ExitCode {
    for step in STEPS {
        eprintln!("{}", step.name);
    }
    ExitCode::SUCCESS
}

/// Runs the named steps, or all of them, and prints a summary. Fails if any of them failed.
pub(crate) fn run(names: &[String]) -> ExitCode {
    if let Some(unknown) = names
        .iter()
        .find(|name| !STEPS.iter().any(|step| step.name == **name))
    {
        eprintln!("error: there is no step `{unknown}`; `cargo xtask ci --list` names them");
        return ExitCode::from(2);
    }
    let shell = Shell::in_folder(root());
    let mut done = Vec::new();
    let start = Instant::now();
    for step in STEPS {
        if !names.is_empty() && !names.iter().any(|name| name == step.name) {
            continue;
        }
        eprintln!("\n==== {}", step.name);
        let start = Instant::now();
        let outcome = (step.run)(&shell).unwrap_or_else(Outcome::Failed);
        done.push((step.name, start.elapsed(), outcome));
    }
    summarize(&done, start.elapsed())
}

fn summarize(done: &[(&str, Duration, Outcome)], total: Duration) -> ExitCode {
    eprintln!("\n==== summary");
    let mut failed = 0;
    for (name, time, outcome) in done {
        let seconds = time.as_secs_f64();
        match outcome {
            Outcome::Passed => eprintln!("passed  {seconds:>7.1} s  {name}"),
            Outcome::Open(what) => eprintln!("OPEN    {seconds:>7.1} s  {name}: {what}"),
            Outcome::Failed(what) => {
                failed += 1;
                eprintln!("FAILED  {seconds:>7.1} s  {name}: {what}");
            }
        }
    }
    eprintln!("        {:>7.1} s  in all", total.as_secs_f64());
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        eprintln!("{failed} of {} steps failed", done.len());
        ExitCode::FAILURE
    }
}

fn fmt(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["fmt", "--all", "--", "--check"])
}

fn check(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["xtask", "check"])
}

#[rustfmt::skip]
fn clippy(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"])
}

/// The README's command, word for word.
fn test(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["test"])
}

fn test_runtime(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["test", "--package", "specmint-runtime", "--all-features"])
}

/// The examples in the documentation of every generated operation.
fn test_generated(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["test", "--package", "token-clients", "--all-features"])
}

#[rustfmt::skip]
fn doc(shell: &Shell) -> Result<Outcome, String> {
    shell
        .with("RUSTDOCFLAGS", "-D warnings")
        .cargo(&["doc", "--workspace", "--no-deps", "--all-features", "--document-private-items"])
}

/// Values of some documents of the corpus; those of all take minutes.
fn round_trip(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["xtask", "round-trip", "--documents", "20"])
}

/// Every document of the corpus is generated, and 40 of up to 2 MB are compiled and documented. Of some neighbouring versions
/// nothing moves but what differs.
#[rustfmt::skip]
fn corpus(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["xtask", "corpus", "--sample", "40", "--up-to", "2"])?;
    shell.cargo(&["xtask", "small-diffs", "--pairs", "11"])
}

/// Some documents, converted to Swagger 2.0 and back, give one client.
#[rustfmt::skip]
fn converted(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["xtask", "converted", "--documents", "60", "--up-to", "100"])
}

/// The version steps that reviews name are those of the generated crates, for the cases and some real documents; and
/// nothing that a differ of npm calls breaking in the cases is missing in reviews. All pairs take minutes.
#[rustfmt::skip]
fn review(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["xtask", "review-pairs", "--cases", "--differ"])?;
    shell.cargo(&["xtask", "review-pairs", "--cases", "--side-by-side", "--pairs", "8"])
}

/// The benchmarks, each iteration once: that they run, not how fast.
fn bench(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&[
        "test",
        "--package",
        "specmint-runtime",
        "--benches",
        "--all-features",
    ])
}

/// The fuzz targets, without the engine, which would need a C++ compiler: that they still fit the generator.
#[rustfmt::skip]
fn fuzz(shell: &Shell) -> Result<Outcome, String> {
    shell
        .with("CARGO_TARGET_DIR", shell.folder().join("target"))
        .below("generator/fuzz")
        .cargo(&["clippy", "--locked", "--no-default-features", "--all-targets", "--", "-D", "warnings"])
}

/// Clients of some real documents, before Prism; those of all take half an hour.
#[rustfmt::skip]
fn wire(shell: &Shell) -> Result<Outcome, String> {
    shell.cargo(&["xtask", "wire", "--documents", "16", "--operations", "240"])
}

/// An independent validator reads specs/, and finds what specs/README.md lists and nothing else.
fn specs(shell: &Shell) -> Result<Outcome, String> {
    let servers = shell.below("tests/servers");
    servers.run(
        "npm",
        &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
    )?;
    servers.run("npm", &["run", "specs"])
}

/// The scenarios of TypeSpec's HTTP suite, before its own server.
fn http_specs(shell: &Shell) -> Result<Outcome, String> {
    shell.below("tests/http-specs").run(
        "npm",
        &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
    )?;
    shell.cargo(&["xtask", "http-specs"])
}

/// The generated clients against real servers; needs what `specs` installs.
fn servers(shell: &Shell) -> Result<Outcome, String> {
    redis(shell)?;
    #[rustfmt::skip]
    let tests = ["test", "--package", "specmint-tests", "--features", "servers", "servers::"];
    shell.cargo(&tests)
}

/// Installs Redis where Debian's packages are at hand and it is not there.
fn redis(shell: &Shell) -> Result<Outcome, String> {
    let version = shell.read("redis-server", &["--version"]);
    if version.is_ok_and(|output| output.status.success()) {
        return Ok(Outcome::Passed);
    }
    let install = [
        "install",
        "--yes",
        "--no-install-recommends",
        "redis-server",
    ];
    shell
        .run("apt-get", &["update"])
        .and_then(|_| shell.run("apt-get", &install))
        .map_err(|error| format!("there is no redis-server, and {error}"))
}
