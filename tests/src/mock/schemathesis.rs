//! The fakes of the five documents, asked by a tool that nobody here wrote, with the documents in its hand.
//!
//! Only with the feature `mocks`, since it needs Python and `pip install -r tests/mocks/requirements.txt`;
//! `cargo xtask ci mocks` sees to both. `SCHEMATHESIS` is where the program is, unless it is on the path.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;

use token_clients::runtime::mock::{FakeServer, Received};
use token_clients::{akeneo, benchling, ix_api, oneshot, zenkipay};

use crate::repo;

/// What must hold of every answer: its status, media type, headers and body are declared, and it is no failure of
/// the fake's own.
const ANSWERS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                       response_headers_conformance,response_schema_conformance,unsupported_method,\
                       allow_header_conformance";

/// What is valid by the document is taken, beside that.
const TAKES: &str = "positive_data_acceptance";

/// What is not valid by the document is refused, beside that.
const REFUSES: &str = "negative_data_rejection";

/// Sends credentials with every request.
const AS_ANN: &str = "Authorization: Basic YW5uOnNlY3JldA==";

/// How many requests a kind of request is tried with.
const EXAMPLES: &str = "60";

#[test]
fn no_fake_of_the_five_answers_what_its_document_does_not_declare() {
    thread::scope(|scope| {
        // its document has no other word for credentials than a header that may hold any text, so it is told one
        scope.spawn(|| {
            let fake = akeneo::mock::Server::new().expect("a port is free");
            judge("akeneo", "/", &[TAKES, AS_ANN], &fake);
        });
        // its prose allows the secret in the form instead of the header
        scope.spawn(|| {
            let fake = benchling::mock::Server::new().expect("a port is free");
            judge("benchling", "/api/v2", &[TAKES], &fake);
        });
        scope.spawn(|| {
            let fake = ix_api::mock::Server::new().expect("a port is free");
            judge("ix_api", "/api/v2", &[TAKES, REFUSES], &fake);
        });
        scope.spawn(|| {
            let fake = oneshot::mock::Server::new().expect("a port is free");
            judge("oneshot", "/v0", &[TAKES, REFUSES], &fake);
        });
        // its document demands headers that OpenAPI says are not to be described so: Accept, Content-Type
        scope.spawn(|| {
            let fake = zenkipay::mock::Server::new().expect("a port is free");
            judge("zenkipay", "/", &[TAKES], &fake);
        });
    });
}

/// Lets schemathesis ask a fake below the path of its server, and fails with what it says if it finds anything.
fn judge(name: &str, base: &str, also: &[&str], fake: &FakeServer) {
    let document = repo::root().join(format!("specs/{name}.yaml"));
    let (headers, also): (Vec<&str>, Vec<&str>) = also.iter().partition(|one| one.contains(':'));
    let checks = [&[ANSWERS], also.as_slice()].concat().join(",");
    let url = format!("{}{base}", fake.url());
    let output = schemathesis(&document, &url, &checks, &headers);
    let said = String::from_utf8_lossy(&output.stdout);
    let erred = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}:\n{said}{erred}");

    // a tool that asks nothing finds nothing
    let (refused, answered): (Vec<_>, Vec<_>) = fake
        .requests()
        .into_iter()
        .partition(|received: &Arc<Received>| received.refusal().is_some());
    eprintln!(
        "{name}: {} answered, {} refused",
        answered.len(),
        refused.len()
    );
    assert!(
        answered.len() >= 20 && refused.len() >= 20,
        "{name}:\n{said}{erred}"
    );
}

fn schemathesis(document: &Path, url: &str, checks: &str, headers: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let program = std::env::var_os("SCHEMATHESIS").unwrap_or_else(|| "schemathesis".into());
    Command::new(&program)
        .arg("run")
        .arg(document)
        .args(["--url", url, "--checks", checks, "--max-examples", EXAMPLES])
        .args(["--seed", "1", "--generation-database", "none", "--no-color"])
        .args(["--continue-on-failure", "--output-truncate", "false"])
        .args(headers.iter().flat_map(|header| ["--header", header]))
        .current_dir(folder.path())
        .output()
        .unwrap_or_else(|err| panic!("{} cannot be started: {err}", program.display()))
}
