//! The text of a lock, read. Whoever edited it, and whatever a merge made of it: nothing of it is believed unseen.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::{Api, Given, Lock, Names, Table, VERSION};
use crate::plan::{self, Case};

/// What to do about a lock that cannot be read.
const HELP: &str =
    "restore the file from version control, or remove it and all names are given anew";

/// Why a lock cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line, from 1; `None` if it is in no single one.
    pub line: Option<usize>,
    /// What is wrong, and what can be done.
    pub message: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}

impl Lock {
    /// Reads the text of a lock.
    ///
    /// # Errors
    /// It is no lock of this version: a merge left its marks, it was edited, or a later version wrote it.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        if let Some(line) = conflict(text) {
            return Err(Unreadable {
                line: Some(line),
                message: "a merge left a conflict; take either side as it is and generate again: \
                          what only the other side had gets its lines then"
                    .to_owned(),
            });
        }
        let raw: Raw = toml::from_str(text).map_err(|error| not_read(text, &error))?;
        let lock = raw.lock();
        lock.map_err(|message| Unreadable {
            line: None,
            message,
        })
    }
}

/// The line on which a conflict begins.
fn conflict(text: &str) -> Option<usize> {
    let is_mark = |line: &str| {
        let marks = ["<<<<<<< ", "||||||| ", ">>>>>>> "];
        line.trim_end() == "=======" || marks.iter().any(|mark| line.starts_with(mark))
    };
    text.lines().position(is_mark).map(|index| index + 1)
}

fn not_read(text: &str, error: &toml::de::Error) -> Unreadable {
    if let Ok(Version {
        version: Some(version),
    }) = toml::from_str(text)
        && version != VERSION
    {
        return Unreadable {
            line: None,
            message: later(version),
        };
    }
    let start = error.span().map(|span| span.start);
    let before = start.and_then(|start| text.get(..start));
    let said = error.message().trim_end().replace('\n', "; ");
    Unreadable {
        line: before.map(|before| before.matches('\n').count() + 1),
        message: format!("{said}; {HELP}"),
    }
}

fn later(version: u64) -> String {
    format!(
        "its form is version {version}, and this specmint knows version {VERSION}; use the specmint that wrote it, \
         or remove it and all names are given anew"
    )
}

/// What is looked at where the rest cannot be read.
#[derive(Deserialize)]
struct Version {
    version: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: u64,
    generator: String,
    output: String,
    #[serde(default)]
    options: BTreeMap<String, String>,
    #[serde(default)]
    templates: BTreeMap<String, String>,
    #[serde(default)]
    apis: BTreeMap<String, RawApi>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawApi {
    dialect: String,
    document: String,
    overlay: Option<String>,
    output: String,
    #[serde(default)]
    options: BTreeMap<String, String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    operations: BTreeMap<String, RawGiven>,
    #[serde(default)]
    types: BTreeMap<String, RawGiven>,
    #[serde(default)]
    schemes: BTreeMap<String, RawGiven>,
    #[serde(default)]
    tags: BTreeMap<String, RawGiven>,
    #[serde(default)]
    fields: BTreeMap<String, RawGiven>,
    #[serde(default)]
    variants: BTreeMap<String, RawGiven>,
    #[serde(default)]
    parameters: BTreeMap<String, RawGiven>,
    #[serde(default)]
    scopes: BTreeMap<String, RawGiven>,
    #[serde(default)]
    pages: BTreeMap<String, RawGiven>,
    #[serde(default)]
    spellings: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a name, a list of names, or a table of `name` and `like`"
)]
enum RawGiven {
    One(String),
    Many(Vec<String>),
    Shared(RawShared),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawShared {
    name: OneOrMany,
    like: String,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a name, or a list of names")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Raw {
    fn lock(self) -> Result<Lock, String> {
        if self.version != VERSION {
            return Err(later(self.version));
        }
        let apis = self.apis.into_iter();
        let apis = apis.map(|(module, api)| {
            let api = api.api().map_err(|why| format!("`{module}`: {why}"))?;
            Ok((module, api))
        });
        Ok(Lock {
            generator: self.generator,
            output: self.output,
            options: self.options,
            templates: self.templates,
            apis: apis.collect::<Result<_, String>>()?,
        })
    }
}

impl RawApi {
    fn api(self) -> Result<Api, String> {
        Ok(Api {
            dialect: self.dialect,
            document: self.document,
            overlay: self.overlay,
            output: self.output,
            options: self.options,
            files: self.files,
            names: Names {
                operations: table(self.operations, plan::OPERATION_CASES)?,
                types: table(self.types, plan::TYPE_CASES)?,
                schemes: table(self.schemes, plan::SCHEME_CASES)?,
                tags: table(self.tags, plan::TAG_CASES)?,
                fields: table(self.fields, &[Case::Field])?,
                variants: table(self.variants, &[Case::Variant])?,
                parameters: table(self.parameters, &[Case::Method])?,
                scopes: table(self.scopes, &[Case::Constant])?,
                pages: table(self.pages, &[Case::Module])?,
                spellings: self.spellings,
            },
        })
    }
}

fn table(raw: BTreeMap<String, RawGiven>, cases: &[Case]) -> Result<Table, String> {
    let given = |raw| match raw {
        RawGiven::One(name) => Ok(Given::one(name)),
        RawGiven::Many(names) => Ok(Given { names, like: None }),
        RawGiven::Shared(RawShared { name, like }) => Ok(Given {
            names: match name {
                OneOrMany::One(name) => vec![name],
                OneOrMany::Many(names) => names,
            },
            like: match u64::from_str_radix(&like, 16) {
                Ok(like) => Some(like),
                Err(_) => return Err(format!("`{like}` is no number of sixteen digits")),
            },
        }),
    };
    let lines = raw.into_iter().map(|(place, raw)| {
        let given = given(raw).and_then(|given| match plan::are_names(&given.names, cases) {
            true => Ok(given),
            false => Err(format!(
                "`{}` is no name that can be given",
                given.names.join(", ")
            )),
        });
        match given {
            Ok(given) => Ok((place, given)),
            Err(why) => Err(format!("{why}, at `{place}`; {HELP}")),
        }
    });
    lines.collect()
}
