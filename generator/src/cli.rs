//! The `specmint` command: arguments in, an exit code out.

#[cfg(feature = "site")]
mod docs;
mod explain;
mod job;
mod manual;
mod new;
mod overlay;
mod report;
mod review;
mod tasks;
mod tokens;
mod update;
#[cfg(feature = "watch")]
mod watch;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diag::Colors;
use crate::load::{Pattern, Selection, Source};
use crate::lock::Lock;
use crate::options::{Docs, Options, Runtime, TagFeatures};
use crate::plan::is_keyword;
use crate::spec::Spec;

#[cfg(feature = "site")]
pub use docs::docs;
pub use job::{Format, Job, Mode, Place, Strictness, lock_in, run, run_in_repository};
pub use review::{Denied, Look, Shape, look};
pub use tasks::{Since, review_since, tasks};
pub use update::update;
#[cfg(feature = "watch")]
pub use watch::watch;

/// All went well.
pub const DONE: u8 = 0;
/// A check found that the disk is not up to date.
pub const OUT_OF_DATE: u8 = 1;
/// A document was refused, the command was used wrongly, or a file could not be read or written.
pub const REFUSED: u8 = 2;

/// Back to the start of the line, and away with what stands in it (ECMA-48: CR, EL 2).
const CLEAR_LINE: &str = "\r\u{1b}[2K";

/// What `--help` says about patterns.
const ONLY: &str = "Generate these operations alone, and the models and schemes that they need; repeatable.

A pattern is `tag:GLOB`, `id:GLOB` (of the operationId), `path:GLOB` or `path:METHOD GLOB`. `*` is any text, `?` any \
character, `[a-z]` any of these; in a path they end at a slash, `**` does not, and `/pets/**` is `/pets` and all below \
it. Braces are those of the path: `path:GET /pets/{id}`.";

/// What `--help` says about sites.
#[cfg(feature = "site")]
const DOCS: &str = "Make a static site, with search, of a crate's pages: its README.md and all Markdown below docs/.

The site asks no other host for anything, and works from a server as from the disk. What this command made stands in \
DIR/.specmint-site, and is removed when it is no longer made; a folder that holds anything else is refused.";

#[derive(Parser)]
#[command(name = "specmint", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a crate with a client for each document
    Generate(Box<Generate>),
    /// Make a static site, with search, of a crate's pages
    #[cfg(feature = "site")]
    #[command(long_about = DOCS)]
    Docs {
        /// The folder of the crate, or of a book with src/SUMMARY.md
        #[arg(value_name = "CRATE_DIR", default_value = ".")]
        folder: PathBuf,
        /// The folder of the site: empty, or made by this command before
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Write it, and again whenever a document, an overlay, a file that it refers to or a template is saved
    ///
    /// What is saved by halves or wrong is reported, and what was written before stays. Ctrl-C ends it, at any moment.
    #[cfg(feature = "watch")]
    Watch(Box<Crate>),
    /// Compare two states of a document: what changed, whom it breaks, whether it touches security
    Review(review::Args),
    /// Fetch documents anew from where they come from, show what changed, and write them and the crate
    ///
    /// NAME.source beside NAME.yaml, or beside the folder of NAME/openapi.yaml, says where a document comes from: in its
    /// first line that is no comment (`#`), an https URL or a relative path. The review goes to stdout. What cannot be
    /// fetched or generated from is reported and stays as it is.
    Update(Box<Update>),
    /// Start a repository for APIs of your own: specs, generated crate, tasks and tests
    New(new::New),
    /// Work on an OpenAPI Overlay, which corrects a document that stays as it is
    #[command(subcommand)]
    Overlay(overlay::Overlay),
    /// Say what a diagnostic means and what to do about it
    Explain {
        /// The code, such as `syntax-error`; all codes are listed without it
        code: Option<String>,
    },
    /// Say which operations of a document hand out tokens, why, and where they have what
    ExplainToken {
        /// The OpenAPI document; NAME.overlay.yaml beside it is applied to it
        #[arg(value_name = "SPEC")]
        spec: PathBuf,
        /// How to answer: for people, or as one JSON object
        #[arg(long, value_enum, default_value = "human")]
        format: FormatArg,
    },
    /// Print the script by which a shell completes this command's arguments
    Completions(manual::Completions),
    /// Print a manual page, for `man -l -`
    Man(manual::Man),
}

#[derive(Args)]
struct Generate {
    #[command(flatten)]
    made: Crate,
    /// Write nothing; fail with exit code 1 if anything differs, is missing or is left over
    #[arg(long)]
    check: bool,
}

#[derive(Args)]
struct Update {
    #[command(flatten)]
    made: Crate,
    /// Fetch this document alone, by the name of its module; repeatable
    #[arg(long = "api", value_name = "NAME")]
    apis: Vec<String>,
    /// Write nothing
    #[arg(long)]
    dry_run: bool,
}

/// What is written, of what, and where.
#[derive(Args)]
struct Crate {
    /// OpenAPI documents, one for each module; NAME.overlay.yaml beside one is applied to it
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// The folder of the crate
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The name of the crate; the folder's name if it is left out
    #[arg(long, value_name = "CRATE", value_parser = crate_name)]
    name: Option<String>,
    /// A folder with templates that stand for the built-in ones of the same name
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Refuse documents of which anything is left out or comes out as less than they say
    #[arg(long)]
    strict: bool,
    /// Generate these operations alone: tag:GLOB, id:GLOB, path:GLOB or 'path:METHOD GLOB'; repeatable
    #[arg(long, value_name = "PATTERN", long_help = ONLY)]
    only: Vec<Pattern>,
    /// Leave these operations out, also of those that --only names; repeatable
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<Pattern>,
    /// The folder that references to other files may not leave; each document's own if it is left out
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// A host that references may lead to, as HOST or HOST:PORT, over https; repeatable
    #[arg(long = "allow-host", value_name = "HOST")]
    hosts: Vec<String>,
    /// An OpenAPI Overlay to apply, instead of the one beside the document
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// How generated code reaches its runtime: embedded, path:DIR or version:REQUIREMENT
    #[arg(long, value_name = "WHERE", default_value = "embedded", value_parser = runtime)]
    runtime: Runtime,
    /// Whether each tag of an API is a cargo feature; auto: from 200 operations on
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    tag_features: TagFeaturesArg,
    /// Which pages of documentation to write into docs/
    #[arg(long, value_enum, value_name = "KIND", default_value = "markdown")]
    docs: DocsArg,
    /// How to report: for people, on stderr; or as one JSON object, on stdout
    #[arg(long, value_enum, default_value = "human")]
    format: FormatArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum DocsArg {
    Markdown,
    None,
}

#[derive(Clone, Copy, ValueEnum)]
enum TagFeaturesArg {
    Auto,
    On,
    Off,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatArg {
    Human,
    Json,
}

/// Where the command says things. A closed pipe is nobody's mistake: what cannot be said is left out.
pub struct Streams<'a> {
    /// For programs: what was asked for.
    pub out: &'a mut dyn Write,
    /// For people.
    pub err: &'a mut dyn Write,
    /// Whether people see colours.
    pub colors: Colors,
    /// Whether people watch.
    pub progress: Progress,
}

/// Whether people watch a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// `err` is a terminal: a line tells what is going on, and goes away.
    Shown,
    /// It is a pipe or a file.
    Hidden,
}

impl Progress {
    /// Shown if standard error is a terminal.
    #[must_use]
    pub fn on_stderr() -> Self {
        if io::stderr().is_terminal() {
            Self::Shown
        } else {
            Self::Hidden
        }
    }
}

impl Streams<'_> {
    fn say(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes());
    }

    /// Tells people who watch what is going on, until the next line takes its place.
    fn progress(&mut self, text: &str) {
        if self.progress == Progress::Shown {
            self.say(&format!("{CLEAR_LINE}{text}"));
            let _ = self.err.flush();
        }
    }

    /// Says what a run did where that is looked for.
    fn tell(&mut self, format: Format, text: &str) {
        match format {
            Format::Human => self.say(text),
            Format::Json => {
                self.answer(text);
                let _ = self.out.flush();
            }
        }
    }

    fn answer(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes());
    }
}

/// What a command line says.
///
/// # Errors
/// The exit code where there is nothing to run: it is wrong, or asks for help, which has been told.
fn parsed<P: Parser>(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    streams: &mut Streams<'_>,
) -> Result<P, u8> {
    P::try_parse_from(args).map_err(|err| {
        let text = err.render().to_string();
        if err.use_stderr() {
            streams.say(&text);
            return REFUSED;
        }
        streams.answer(&text);
        DONE
    })
}

/// Runs the command. Returns its exit code: [`DONE`], [`OUT_OF_DATE`] or [`REFUSED`].
///
/// `args` are as the system gives them, the program's name first.
#[must_use]
pub fn main(args: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli: Cli = match parsed(&args, streams) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    match cli.command {
        #[cfg(feature = "site")]
        Command::Docs { folder, out } => docs(&folder, &out, streams),
        Command::New(asked) => new::new(&asked, streams),
        Command::Overlay(command) => overlay::run(&command, streams),
        Command::Completions(asked) => manual::completions(&asked, streams),
        Command::Man(asked) => manual::man(&asked, streams),
        Command::Explain { code } => explain::explain(code.as_deref(), streams),
        Command::ExplainToken { spec, format: form } => match Spec::read(&spec) {
            Ok(spec) => tokens::explain(&spec, format(form), streams),
            Err(err) => {
                streams.say(&format!("error: {err}\n"));
                REFUSED
            }
        },
        Command::Review(asked) => review::run(&asked, streams),
        Command::Generate(asked) => {
            let mode = if asked.check {
                Mode::Check
            } else {
                Mode::Write
            };
            let job = || prepare(&asked.made, mode, again(&args));
            run(asked.made.place(mode), job, streams)
        }
        Command::Update(asked) => {
            let mode = if asked.dry_run {
                Mode::Check
            } else {
                Mode::Write
            };
            let job = || prepare(&asked.made, mode, again(&args));
            update(asked.made.place(mode), &asked.apis, job, streams)
        }
        #[cfg(feature = "watch")]
        Command::Watch(asked) => {
            let job = || prepare(&asked, Mode::Write, again(&args));
            watch(asked.place(Mode::Write), &[], job, streams)
        }
    }
}

impl Crate {
    fn place(&self, mode: Mode) -> Place<'_> {
        Place {
            out: &self.out,
            mode,
            format: format(self.format),
        }
    }
}

/// Reads what the arguments name.
fn prepare(args: &Crate, mode: Mode, again: String) -> io::Result<Job> {
    if args.overlay.is_some() && args.specs.len() > 1 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "`--overlay` corrects one document, but several are given; put each overlay beside its document",
        ));
    }
    let mut specs = Vec::new();
    for path in &args.specs {
        let mut spec = Spec::read(path)?;
        spec.root.clone_from(&args.root);
        spec.hosts.clone_from(&args.hosts);
        spec.selection = Selection {
            only: args.only.clone(),
            exclude: args.exclude.clone(),
        };
        if let Some(overlay) = &args.overlay {
            spec.overlay = Some(Source::read(overlay)?);
        }
        specs.push(spec);
    }
    Ok(Job {
        specs,
        out: args.out.clone(),
        options: Options {
            name: args
                .name
                .clone()
                .unwrap_or_else(|| name_of_folder(&args.out)),
            runtime: args.runtime.clone(),
            templates: args.templates.clone(),
            command: "specmint generate".to_owned(),
            tag_features: match args.tag_features {
                TagFeaturesArg::Auto => TagFeatures::Auto,
                TagFeaturesArg::On => TagFeatures::On,
                TagFeaturesArg::Off => TagFeatures::Off,
            },
            docs: match args.docs {
                DocsArg::Markdown => Docs::Markdown,
                DocsArg::None => Docs::None,
            },
            lock: Lock::default(),
        },
        mode,
        strictness: if args.strict {
            Strictness::Strict
        } else {
            Strictness::Lenient
        },
        format: format(args.format),
        again,
    })
}

fn format(arg: FormatArg) -> Format {
    match arg {
        FormatArg::Human => Format::Human,
        FormatArg::Json => Format::Json,
    }
}

/// The command line that writes what `--check` found missing.
fn again(args: &[OsString]) -> String {
    let mut words = vec!["specmint".to_owned()];
    for arg in args.iter().skip(1).map(|arg| arg.to_string_lossy()) {
        match arg.as_ref() {
            "--check" => {}
            plain if plain.chars().all(is_plain) => words.push(arg.into_owned()),
            _ => words.push(format!("'{}'", arg.replace('\'', r"'\''"))),
        }
    }
    words.join(" ")
}

/// Whether a shell takes the character as it is.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "-_./:=,@%+".contains(c)
}

/// Whether Rust knows something else by this name, so that no program could use a crate that is called so.
fn is_taken(name: &str) -> bool {
    is_keyword(name) || matches!(name, "alloc" | "core" | "proc_macro" | "std" | "test")
}

fn crate_name(text: &str) -> Result<String, String> {
    let legal = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if legal && is_taken(&text.replace('-', "_")) {
        Err(format!("`{text}` has a meaning of its own in Rust"))
    } else if legal {
        Ok(text.to_owned())
    } else {
        Err(
            "a crate's name is made of letters, digits, `-` and `_`, and begins with a letter"
                .to_owned(),
        )
    }
}

/// A legal name for the crate in `folder`: its name, or `clients` if that cannot be one.
fn name_of_folder(folder: &Path) -> String {
    // That of `.` is not in the path.
    let whole = std::path::absolute(folder).unwrap_or_default();
    let name = whole
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    crate_name(&name).unwrap_or_else(|_| "clients".to_owned())
}

fn runtime(text: &str) -> Result<Runtime, String> {
    match text.split_once(':') {
        None if text == "embedded" => Ok(Runtime::Embedded),
        Some(("path", path)) if !path.is_empty() => Ok(Runtime::Path(path.to_owned())),
        Some(("version", version)) if !version.is_empty() => {
            Ok(Runtime::Version(version.to_owned()))
        }
        _ => Err("one of `embedded`, `path:DIR`, `version:REQUIREMENT`".to_owned()),
    }
}
