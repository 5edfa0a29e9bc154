//! Programs that call generated clients with values of somebody's choice, and say what came of it.
//!
//! ```text
//! let subject = Subject::new(spec)?;                      // the document, and the calls of its client
//! let driver = driver::build(&folder, &subjects)?;        // one compilation for all of them
//! let call = subject.call("get", "/pets/{id}")?;          // which call, by its place in `subject.calls.list`
//! let trial = Trial::new(call, "http://127.0.0.1:4010")   // what to call, and where
//!     .param(Location::Path, "id", json!(7))              // parameters, by place and name on the wire
//!     .body("application/json", json!({ "name": "Rex" })) // a body, by its media type as the document has it
//!     .credential("apiKey", &["secret"]);                 // what the setter takes: one text, two for Basic
//! let outcomes = driver.run(&subject, &[trial])?;         // one `Outcome` for each trial, in their order
//! ```
//!
//! Values are JSON. They are read into the types of the client's arguments, so the client has to encode them again:
//! what is sent is its own work. Bodies of text are JSON strings; bodies of bytes are JSON strings of Base64; parts
//! with bytes are given beside the value of their body.
//! An [`Outcome`] has the request as the client made it, the response as it came, and what the client made of it,
//! written as JSON again.
//!
//! The clients of many documents are modules of few programs (the names of their specs must differ), compiled
//! against the runtime of this repository with the features `reqwest`, `blocking`, `charset` and `xml`. Trials come on a program's
//! input, so they cost nothing to compile.

mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use specmint::calls::{Call, Calls};
use specmint::options::{Options, Runtime, TagFeatures};
use specmint::plan::Location;
use specmint::spec::Spec;

use crate::root;

/// How many types and operations one program has, more or less: as many as compile within 2 GB.
const SIZE: usize = 1_200;

/// A document whose client is to be called.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The document.
    pub(crate) spec: Spec,
    /// The calls of its client.
    pub(crate) calls: Calls,
}

impl Subject {
    /// Reads a document. `None` if nothing can be read of it.
    pub(crate) fn new(spec: Spec) -> Option<Self> {
        let calls = specmint::calls(&spec)?;
        Some(Self { spec, calls })
    }

    /// The call of an operation, by method and path as the document has them.
    pub(crate) fn call(&self, method: &str, path: &str) -> Option<usize> {
        let mut calls = self.calls.list.iter();
        calls.position(|call| call.verb.eq_ignore_ascii_case(method) && call.path == path)
    }
}

/// One call to make.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trial {
    /// Which, by its place among the calls of the subject.
    pub(crate) call: usize,
    /// Where the API is said to be, with the path of the server.
    pub(crate) base_url: String,
    /// Parameters: where, the name on the wire, and the value.
    pub(crate) params: Vec<(Location, String, Value)>,
    /// The media type of the body as the document has it, and the value.
    pub(crate) body: Option<(String, Value)>,
    /// Parts of the body by their names, each a list of `{ "bytes": "…Base64…", "fileName": …, "contentType": … }`
    /// of which the last two may be left out. In the value of the body a text or a list stands in their place.
    pub(crate) parts: Map<String, Value>,
    /// Credentials, by the key of the scheme.
    pub(crate) credentials: Vec<(String, Vec<String>)>,
    /// Further headers.
    pub(crate) headers: Vec<(String, String)>,
    /// The media type that is asked for, if it is not the client's choice.
    pub(crate) accept: Option<String>,
    /// The media type of the body, if it is neither the client's choice nor the one that the document has.
    pub(crate) content_type: Option<String>,
    /// Whether all pages are walked through; what is read is then the list of what they hold.
    pub(crate) pages: bool,
}

impl Trial {
    /// A call without parameters, body and credentials.
    pub(crate) fn new(call: usize, base_url: &str) -> Self {
        Self {
            call,
            base_url: base_url.to_owned(),
            params: Vec::new(),
            body: None,
            parts: Map::new(),
            credentials: Vec::new(),
            headers: Vec::new(),
            accept: None,
            content_type: None,
            pages: false,
        }
    }

    /// Gives a parameter a value.
    pub(crate) fn param(mut self, location: Location, wire_name: &str, value: Value) -> Self {
        self.params.push((location, wire_name.to_owned(), value));
        self
    }

    /// Gives the call a body.
    pub(crate) fn body(mut self, media_type: &str, value: Value) -> Self {
        self.body = Some((media_type.to_owned(), value));
        self
    }

    /// Gives the call a credential.
    pub(crate) fn credential(mut self, scheme: &str, texts: &[&str]) -> Self {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        self.credentials.push((scheme.to_owned(), texts));
        self
    }

    /// Gives the call a further header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The line that tells the program.
    fn line(&self, module: &str, call: &Call) -> Value {
        let mut params = Map::new();
        for (location, name, value) in &self.params {
            params.insert(program::key(*location, name), value.clone());
        }
        let mut line = json!({
            "module": module,
            "call": self.call,
            "base_url": self.base_url,
            "params": params,
            "parts": self.parts,
            "headers": self.headers,
            "accept": self.accept,
            "pages": self.pages,
        });
        if let Some((media_type, value)) = &self.body {
            let kinds = call.body.iter().flat_map(|body| &body.kinds);
            let mut kinds = kinds.enumerate();
            let named = |(name, _): &(String, _)| name == media_type;
            let kind = kinds.find_map(|(kind, of)| Some((kind, of.media.iter().position(named)?)));
            line["body"] = value.clone();
            line["kind"] = kind.map(|(kind, _)| kind).into();
            // The first is the client's own choice.
            if kind.is_some_and(|(_, media)| media > 0) {
                line["content_type"] = media_type.as_str().into();
            }
        }
        if let Some(content_type) = &self.content_type {
            line["content_type"] = content_type.as_str().into();
        }
        let credentials = self.credentials.iter();
        line["credentials"] = credentials
            .map(|(scheme, texts)| (scheme.clone(), json!(texts)))
            .collect();
        line
    }
}

/// An HTTP message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    /// The method and the URL of a request; the status of a response.
    pub(crate) start: String,
    /// The headers in their order, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// What the client makes of the headers that the document declares, by their names; a text that says why, if it
    /// cannot read them. Only responses have it.
    pub(crate) declared: Option<Value>,
}

impl Message {
    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The status of a response; 0 for a request.
    pub(crate) fn status(&self) -> u16 {
        self.start.parse().unwrap_or_default()
    }

    fn read(value: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let headers = value["headers"].as_array().into_iter().flatten();
        Self {
            start: text(&value["start"]),
            headers: headers
                .map(|pair| (text(&pair[0]), text(&pair[1])))
                .collect(),
            body: BASE64_STANDARD
                .decode(text(&value["body"]))
                .unwrap_or_default(),
            declared: match &value["declared"] {
                Value::Null => None,
                Value::Object(headers) => {
                    let headers = headers.clone().into_iter();
                    Some(headers.map(|(name, value)| (name, held(value))).collect())
                }
                reason => Some(reason.clone()),
            },
        }
    }
}

/// What came of a trial.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "almost all are answers")]
pub(crate) enum Outcome {
    /// The client did not take the values: which, and why. Nothing was sent.
    Unfit(String),
    /// The client made no request of them. Nothing was sent.
    Refused(String),
    /// No whole response came.
    Unanswered(Message, String),
    /// A response came.
    Answered {
        /// The request as the client made it.
        request: Message,
        /// The response as it came.
        response: Message,
        /// What the client made of it.
        read: Read,
    },
}

/// What a client made of a response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Read {
    /// A success, and what it holds: a JSON value, a text, or bytes in Base64. `None` where that is not told.
    Success(Option<Value>),
    /// A failure, the variant of its status, and what it holds. The reason is there if the body is not what the
    /// document declares.
    Failure {
        /// The variant, or nothing where no failure is declared.
        variant: String,
        /// What it holds.
        body: Option<Value>,
        /// Why the body could not be read, if so.
        undecoded: Option<String>,
    },
    /// A success whose body is not what the document declares, and why.
    Undecoded(String),
}

impl Outcome {
    fn read(line: &str) -> Self {
        let Ok(mut value) = serde_json::from_str::<Value>(line) else {
            return Self::Refused("the program ended".to_owned());
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let request = Message::read(&value["request"]);
        let response = Message::read(&value["response"]);
        let error = value["error"].as_str().map(str::to_owned);
        let body = match value.get_mut("value").map(Value::take) {
            Some(Value::Array(pages)) => Some(pages.into_iter().map(held).collect()),
            body => body.map(held),
        };
        let read = match value["outcome"].as_str() {
            Some("success") => Read::Success(body),
            Some("failure") => Read::Failure {
                variant: text(&value["variant"]),
                body,
                undecoded: error,
            },
            Some("undecoded") => Read::Undecoded(error.unwrap_or_default()),
            Some("unanswered") => return Self::Unanswered(request, error.unwrap_or_default()),
            Some("unfit") => return Self::Unfit(error.unwrap_or_default()),
            _ => return Self::Refused(error.unwrap_or_default()),
        };
        Self::Answered {
            request,
            response,
            read,
        }
    }
}

/// What stands for a value. JSON travels as its text, so that no number is read and written on the way.
fn held(value: Value) -> Value {
    match value["json"].as_str() {
        Some(text) => parsed(text),
        None => value,
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// Programs that are ready to run.
#[derive(Debug)]
pub(crate) struct Driver {
    folder: PathBuf,
    /// The program of each module.
    programs: BTreeMap<String, String>,
}

/// Generates the clients of all subjects and compiles programs that call them.
///
/// # Errors
/// A client cannot be generated, a file not be written, or a program does not compile, which Cargo's output tells.
pub(crate) fn build(folder: &Path, subjects: &[Subject]) -> io::Result<Driver> {
    let sources = folder.join("src/bin");
    let mut stale = files_below(&sources)?;
    let mut parts: Vec<(usize, Vec<&Subject>)> = Vec::new();
    for subject in subjects {
        let files = client(&subject.spec)?;
        let size = files.len();
        let part = match parts.last_mut() {
            Some(part) if part.0 + size <= SIZE => part,
            _ => {
                parts.push((0, Vec::new()));
                parts.last_mut().expect("one was pushed")
            }
        };
        part.0 += size;
        part.1.push(subject);
        let of_part = sources.join(name(parts.len() - 1));
        for (path, text) in files {
            renew(&of_part.join(path), &text, &mut stale)?;
        }
    }
    let mut programs = BTreeMap::new();
    for (index, (_, subjects)) in parts.iter().enumerate() {
        let text = program::text(subjects);
        renew(
            &sources.join(name(index)).join("main.rs"),
            &text,
            &mut stale,
        )?;
        for subject in subjects {
            programs.insert(subject.calls.module.clone(), name(index));
        }
    }
    for path in stale {
        fs::remove_file(path)?;
    }
    compile(folder)?;
    Ok(Driver {
        folder: folder.to_owned(),
        programs,
    })
}

fn name(part: usize) -> String {
    format!("part{part:03}")
}

/// The files of a client, below the folder of the program.
fn client(spec: &Spec) -> io::Result<Vec<(String, String)>> {
    let options = Options {
        tag_features: TagFeatures::Off,
        ..Options::new("driver", Runtime::Path(String::new()), "cargo xtask")
    };
    let output = specmint::generate(std::slice::from_ref(spec), &options)
        .map_err(|refusal| io::Error::other(refusal.to_string()))?;
    let files = output.files.into_iter().filter_map(|file| {
        let path = file.path.strip_prefix("src/")?.to_owned();
        path.contains('/').then_some((path, file.text))
    });
    Ok(files.collect())
}

fn compile(folder: &Path) -> io::Result<()> {
    let runtime = root().join("generator/runtime");
    let manifest = format!(
        "[package]\nname = \"driver\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [features]\ndefault = [\"blocking\", \"reqwest\"]\nblocking = []\nreqwest = []\n\n\
         [dependencies]\nbase64 = \"0.22\"\nserde_json = \"1\"\n\
         specmint-runtime = {{ path = {:?}, default-features = false, \
         features = [\"blocking\", \"charset\", \"reqwest\", \"xml\"] }}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\ncodegen-units = 16\n\n[workspace]\n",
        runtime.display().to_string()
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let status = crate::cargo()
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

impl Driver {
    /// Makes the calls, one after the other. The outcomes stand as the trials do.
    ///
    /// # Errors
    /// The program cannot be started, or the trials not be handed over.
    pub(crate) fn run(&self, subject: &Subject, trials: &[Trial]) -> io::Result<Vec<Outcome>> {
        let module = &subject.calls.module;
        let program = self.programs.get(module);
        let program =
            program.ok_or_else(|| io::Error::other(format!("`{module}` was not built")))?;
        let input = self.folder.join(format!("{module}.jsonl"));
        let mut lines = BufWriter::new(File::create(&input)?);
        for trial in trials {
            let line = trial.line(module, &subject.calls.list[trial.call]);
            writeln!(lines, "{line}")?;
        }
        lines.into_inner().map_err(io::IntoInnerError::into_error)?;
        let output = Command::new(self.folder.join("target/debug").join(program))
            .stdin(File::open(&input)?)
            .stderr(Stdio::null())
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut outcomes: Vec<Outcome> = text.lines().map(Outcome::read).collect();
        let ended = format!("the program ended with {}", output.status);
        outcomes.resize(trials.len(), Outcome::Refused(ended));
        Ok(outcomes)
    }
}

/// The files in a folder and below; none where there is no folder.
fn files_below(folder: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.insert(path);
        }
    }
    Ok(files)
}

/// Writes a file unless it holds the text already: what did not change is not compiled again.
fn renew(path: &Path, text: &str, stale: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    if stale.remove(path) && fs::read(path).is_ok_and(|known| known == text.as_bytes()) {
        return Ok(());
    }
    write(path, text)
}

/// Writes a file and the folders above it.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
