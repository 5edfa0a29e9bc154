//! The suite, as `dump.js` writes it down.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use specmint::plan::Location;

use super::server;

/// What stands for the server's address in values.
pub(super) const ADDRESS: &str = "http://localhost:3000";

/// All scenarios, and where their documents are.
#[derive(Debug)]
pub(super) struct Suite {
    folder: PathBuf,
    /// Sorted by name.
    pub(super) scenarios: Vec<Scenario>,
}

#[derive(Debug, Deserialize)]
struct Dumped {
    scenarios: Vec<Scenario>,
}

/// A scenario.
#[derive(Debug, Deserialize)]
pub(super) struct Scenario {
    /// As the suite calls it.
    pub(super) name: String,
    /// What is sent, one after the other.
    pub(super) requests: Vec<Play>,
}

/// A request, and what it gets.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Play {
    /// Why it cannot be made, if so. Nothing else need be there then.
    pub(super) untold: Option<String>,
    /// The name of the document.
    #[serde(default)]
    pub(super) document: String,
    #[serde(default)]
    pub(super) method: String,
    /// The path template.
    #[serde(default)]
    pub(super) path: String,
    /// The path of the document's server.
    #[serde(default)]
    pub(super) server: String,
    #[serde(default)]
    pub(super) params: Vec<Param>,
    pub(super) body: Option<Body>,
    /// By the key of the scheme.
    #[serde(default)]
    pub(super) credentials: Vec<(String, Vec<String>)>,
    pub(super) accept: Option<String>,
    #[serde(default)]
    pub(super) answer: Answer,
    /// What each page holds, if it is a walk through pages.
    pub(super) pages: Option<Vec<Value>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Param {
    #[serde(rename = "in")]
    place: Place,
    pub(super) name: String,
    pub(super) value: Value,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body {
    pub(super) media_type: String,
    /// What it is sent as, where the document leaves that open.
    pub(super) sent_as: Option<String>,
    pub(super) value: Value,
    /// What it has beside the value, by name.
    #[serde(default)]
    pub(super) parts: Map<String, Value>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Answer {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: Map<String, Value>,
    /// What its body says, if the document describes it.
    pub(super) value: Option<Value>,
}

impl Param {
    pub(super) fn location(&self) -> Location {
        match self.place {
            Place::Path => Location::Path,
            Place::Query => Location::Query,
            Place::Header => Location::Header,
            Place::Cookie => Location::Cookie,
        }
    }
}

impl Suite {
    /// Writes the suite that is installed in `tests` down in `folder`, and reads that.
    ///
    /// # Errors
    /// It is not installed, or cannot be written or read.
    pub(super) fn dump(tests: &Path, folder: &Path) -> io::Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        let status = server::node(tests)?.arg("dump.js").arg(folder).status()?;
        if !status.success() {
            return Err(io::Error::other(format!("`dump.js` ended with {status}")));
        }
        let text = fs::read(folder.join("scenarios.json"))?;
        let dumped: Dumped = serde_json::from_slice(&text)?;
        Ok(Self {
            folder: folder.to_owned(),
            scenarios: dumped.scenarios,
        })
    }

    /// The files of the documents that scenarios need.
    pub(super) fn documents<'a>(
        &self,
        scenarios: impl Iterator<Item = &'a Scenario>,
    ) -> Vec<PathBuf> {
        let plays = scenarios.flat_map(|scenario| &scenario.requests);
        let told = plays.filter(|play| play.untold.is_none());
        let names: BTreeSet<&str> = told.map(|play| play.document.as_str()).collect();
        let file = |name: &str| self.folder.join(format!("{name}.json"));
        names.into_iter().map(file).collect()
    }
}
