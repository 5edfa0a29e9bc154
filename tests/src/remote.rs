//! References over the network: to named hosts alone, and to nothing that they send us on to.

use specmint::Output;
use specmint::load::Source;
use specmint::spec::Spec;

use crate::case::{self, Case};
use crate::wire::server::{Answer, Server};

/// Generates from a document whose only schema is what `reference` leads to, with `hosts` named.
fn generate(reference: &str, hosts: &[&str]) -> Output {
    let document = format!(
        "
openapi: 3.0.3
info: {{ title: Pets, version: '1' }}
servers: [{{ url: https://pets.example.com }}]
paths:
  /pet:
    get:
      operationId: getPet
      responses: {{ '200': {{ description: It, content: {{ application/json: {{ schema: {{ $ref: '{reference}' }} }} }} }} }}
"
    );
    let mut spec = Spec::new(Source::new("pets.yaml", document));
    spec.hosts = hosts.iter().map(|&host| host.to_owned()).collect();
    specmint::generate(&[spec], &case::options("pets-client", "../runtime"))
        .expect("one document makes one module")
}

fn host(server: &Server) -> String {
    server.origin().replace("http://", "")
}

#[track_caller]
fn assert_refused(output: &Output, code: &str, why: &str) {
    let told = Case::told(output);
    assert!(
        told.contains(&format!("error[{code}]")) && told.contains(why),
        "{told}"
    );
}

fn has_model(output: &Output, name: &str) -> bool {
    let path = format!("src/pets/models/{name}.rs");
    output.files.iter().any(|file| file.path == path)
}

#[test]
fn a_named_host_is_asked_and_its_own_relative_references_start_there() {
    let pet =
        "Pet: { type: object, properties: { owner: { $ref: '../people/owner.yaml#/Owner' } } }";
    let owner = "Owner: { type: object, properties: { name: { type: string } } }";
    let server = Server::answering([
        Answer::new(200, "application/yaml", pet),
        Answer::new(200, "application/yaml", owner),
    ]);
    let reference = format!("{}/parts/pet.yaml?v=1#/Pet", server.origin());
    let output = generate(&reference, &[&host(&server)]);
    assert_eq!(Case::told(&output), "");
    assert!(has_model(&output, "pet") && has_model(&output, "owner"));
    let requests = server.requests();
    let lines: Vec<&str> = requests
        .iter()
        .map(|request| request.line.as_str())
        .collect();
    assert_eq!(lines, ["GET /parts/pet.yaml?v=1", "GET /people/owner.yaml"]);
    assert_eq!(requests[0].header("authorization"), None);
    assert_eq!(requests[0].header("cookie"), None);
}

#[test]
fn a_host_that_is_not_named_is_not_asked() {
    let server = Server::answering([Answer::json(200, "{}")]);
    let reference = format!("{}/pet.json", server.origin());
    for hosts in [&[][..], &["pets.example.com", "127.0.0.1"]] {
        let output = generate(&reference, hosts);
        assert_refused(&output, "remote-reference", "`--allow-host` does not name");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn what_is_not_plain_https_is_not_asked_for() {
    #[rustfmt::skip]
    let table = [
        ("http://pets.example.com/pet.json",               "is not fetched without TLS"),
        ("https://user:secret@pets.example.com/pet.json",  "holds credentials"),
        ("https://pets.example.com:8443/pet.json",         "does not name `pets.example.com:8443`"),
        ("https://pets.example.com.evil.org/pet.json",     "does not name `pets.example.com.evil.org`"),
        ("https://pets.example.com@evil.org/pet.json",     "holds credentials"),
        ("ftp://pets.example.com/pet.json",                "nor a web address"),
        ("file:///etc/passwd",                             "nor a web address"),
        ("//pets.example.com/pet.json",                    "is not a URL"),
    ];
    for (reference, why) in table {
        let output = generate(reference, &["pets.example.com"]);
        assert_refused(&output, "remote-reference", why);
        assert!(
            !Case::told(&output)
                .split("-->")
                .next()
                .unwrap_or_default()
                .contains("secret@")
        );
    }
}

#[test]
fn redirects_are_followed_within_the_named_hosts() {
    let other = Server::answering([Answer::json(200, "{}")]);
    let to_other = format!("{}/pet.json", other.origin());
    let server = Server::answering([
        Answer::empty(302).header("location", "/moved/pet.json"),
        Answer::json(
            200,
            r#"{ "type": "object", "properties": { "toy": { "$ref": "toy.json" } } }"#,
        ),
        Answer::json(
            200,
            r#"{ "type": "object", "properties": { "name": { "type": "string" } } }"#,
        ),
        Answer::empty(307).header("location", &to_other),
    ]);
    let name = host(&server);
    let output = generate(&format!("{}/pet.json", server.origin()), &[&name]);
    assert_eq!(Case::told(&output), "");
    let output = generate(&format!("{}/other.json", server.origin()), &[&name]);
    assert_refused(&output, "remote-reference", "`--allow-host` does not name");
    let lines: Vec<String> = server
        .requests()
        .into_iter()
        .map(|request| request.line)
        .collect();
    assert_eq!(
        lines,
        [
            "GET /pet.json",
            "GET /moved/pet.json",
            "GET /moved/toy.json",
            "GET /other.json"
        ],
        "relative references start where the text was in the end"
    );
    assert!(other.requests().is_empty());
}

#[test]
fn endless_redirects_refusals_and_what_is_too_large_are_reported() {
    let large = " ".repeat((64 << 20) + 1);
    #[rustfmt::skip]
    let table = [
        (vec![Answer::empty(301).header("location", "/pet.json"); 6], "it redirects too often"),
        (vec![Answer::json(404, "{}")],                               "the answer is 404"),
        (vec![Answer::empty(302)],                                    "it redirects to nowhere"),
        (vec![Answer::cut(200, "{")],                                 "cannot be fetched"),
        (vec![Answer::json(200, &large)],                             "cannot be fetched"),
    ];
    for (answers, why) in table {
        let server = Server::answering(answers);
        let output = generate(&format!("{}/pet.json", server.origin()), &[&host(&server)]);
        assert_refused(&output, "unresolved-reference", why);
        drop(server.requests());
    }
}
