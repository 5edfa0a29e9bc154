//! Prism: it mocks documents, and says what it thinks of each request and of its own answer.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::corpus::package;
use crate::driver::Message;
use crate::root;

/// Mocks of documents, as long as this lives.
pub(super) struct Mocks {
    process: Child,
    /// Where each document's mock is, or why Prism does not take the document.
    pub(super) urls: Vec<Result<String, String>>,
}

impl Mocks {
    /// Starts a mock for each document.
    ///
    /// # Errors
    /// The packages cannot be installed, or Node not be started.
    pub(super) fn start(folder: &Path, documents: &[PathBuf]) -> io::Result<Self> {
        let project = folder.join("npm");
        package::install_at(&root().join("tests/servers"), &project)?;
        let list = folder.join("mocked.json");
        fs::write(&list, serde_json::to_vec(documents)?)?;
        let mut process = Command::new("node")
            .args(["--max-old-space-size=8000", "mocks.js"])
            .arg(fs::canonicalize(&list)?)
            .current_dir(project)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.join("prism.log"))?)
            .spawn()?;
        let output = process.stdout.take().expect("the output is piped");
        let mut line = String::new();
        let mut output = BufReader::new(output);
        output.read_line(&mut line)?;
        let mut mocks = Self {
            process,
            urls: Vec::new(),
        };
        let Ok(Value::Array(ready)) = serde_json::from_str(&line) else {
            output.read_to_string(&mut line)?;
            return Err(io::Error::other(format!("Prism did not start: {line}")));
        };
        mocks.urls = ready
            .iter()
            .map(|mock| match mock["port"].as_u64() {
                Some(port) => Ok(format!("http://127.0.0.1:{port}")),
                None => Err(mock["error"].as_str().unwrap_or_default().to_owned()),
            })
            .collect();
        Ok(mocks)
    }
}

impl Drop for Mocks {
    /// Closes the script's input, which ends it.
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It ended, or it was never there; both are what is wanted.
        let _ = self.process.wait();
    }
}

/// What Prism says about one exchange.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Findings {
    /// What is wrong with the request.
    pub(super) request: Vec<Finding>,
    /// What is wrong with its own answer.
    pub(super) response: Vec<Finding>,
    /// Why it has no answer, though the request is right.
    pub(super) silent: Option<String>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// Where and of which kind: `query type`.
    pub(super) class: String,
    /// What Prism says, with the place.
    pub(super) text: String,
}

/// Problems of Prism that say that the request is wrong.
const REFUSALS: &[&str] = &[
    "UNPROCESSABLE_ENTITY",
    "UNAUTHORIZED",
    "NO_PATH_MATCHED_ERROR",
    "NO_METHOD_MATCHED_ERROR",
    "INVALID_CONTENT_TYPE",
    "NOT_ACCEPTABLE",
];

/// Reads what Prism says in the header `sl-violations`, or in a problem that it answers with.
pub(super) fn findings(response: &Message) -> Findings {
    let mut findings = Findings::default();
    if let Some(header) = response.header("sl-violations") {
        match serde_json::from_str::<Vec<Value>>(header) {
            Ok(list) => list.iter().for_each(|found| note(found, &mut findings)),
            // Too long to be told whole; requests come first.
            Err(_) => {
                let finding = Finding {
                    class: "too many to tell".to_owned(),
                    text: header.to_owned(),
                };
                match header.contains("[\"response\"") && !header.contains("[\"request\"") {
                    true => findings.response.push(finding),
                    false => findings.request.push(finding),
                }
            }
        }
    }
    if let Some((name, problem)) = problem(response) {
        let list = problem["validation"].as_array().into_iter().flatten();
        let before = findings.request.len();
        for found in list {
            let mut found = found.clone();
            // In a problem, places begin with the part of the request.
            let mut place = vec![Value::from("request")];
            place.extend(found["location"].as_array().into_iter().flatten().cloned());
            found["location"] = if found["location"][0] == "request" {
                found["location"].take()
            } else {
                place.into()
            };
            note(&found, &mut findings);
        }
        if findings.request.len() == before {
            if REFUSALS.contains(&name.as_str()) {
                findings.request.push(Finding {
                    text: problem["detail"].to_string(),
                    class: name,
                });
            } else {
                findings.silent = Some(name);
            }
        }
    }
    findings
}

/// A problem of Prism's own, and its name.
fn problem(response: &Message) -> Option<(String, Value)> {
    if response.header("content-type") != Some("application/problem+json") {
        return None;
    }
    let problem: Value = serde_json::from_slice(&response.body).ok()?;
    let name = problem["type"]
        .as_str()?
        .strip_prefix("https://stoplight.io/prism/errors#")?;
    Some((name.to_owned(), problem))
}

fn note(found: &Value, findings: &mut Findings) {
    // What is deprecated is warned of.
    if found["severity"] != "Error" {
        return;
    }
    let place = found["location"].as_array().into_iter().flatten();
    let place: Vec<&str> = place.filter_map(Value::as_str).collect();
    let code = found["code"]
        .as_str()
        .map_or_else(|| found["code"].to_string(), str::to_owned);
    let message = found["message"].as_str().unwrap_or_default();
    let finding = Finding {
        class: format!("{} {code}", place.get(1).unwrap_or(&"")),
        text: format!("{}: {message}", place.join(".")),
    };
    match place.first() {
        Some(&"response") => findings.response.push(finding),
        _ => findings.request.push(finding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&str, &str)], body: &str) -> Message {
        let headers = headers.iter();
        Message {
            start: "422".to_owned(),
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec(),
            ..Message::default()
        }
    }

    #[test]
    fn what_is_wrong_with_a_request_is_told_from_what_is_wrong_with_an_answer() {
        let header = r#"[
            {"location":["request","query","a"],"severity":"Error","code":"type","message":"must be integer"},
            {"location":["request","query","b"],"severity":"Warning","code":"deprecated","message":"is old"},
            {"location":["response","body"],"severity":"Error","code":"required","message":"must have c"}]"#;
        let findings = findings(&answer(&[("sl-violations", header)], ""));
        assert_eq!(findings.request.len(), 1);
        assert_eq!(findings.request[0].class, "query type");
        assert_eq!(findings.response[0].text, "response.body: must have c");
    }

    #[test]
    fn a_problem_of_prisms_own_is_told_from_an_answer() {
        let of = |name: &str| {
            let body =
                format!(r#"{{"type":"https://stoplight.io/prism/errors#{name}","detail":"why"}}"#);
            findings(&answer(
                &[("content-type", "application/problem+json")],
                &body,
            ))
        };
        assert_eq!(of("UNAUTHORIZED").request[0].class, "UNAUTHORIZED");
        assert_eq!(
            of("SCHEMA_TOO_COMPLEX").silent.as_deref(),
            Some("SCHEMA_TOO_COMPLEX")
        );
        assert_eq!(findings(&answer(&[], "{}")), Findings::default());
    }
}
