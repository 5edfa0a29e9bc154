//! The census: what goes in comes out, and what is counted as generated can be called.

use specmint::Output;
use specmint::census::Census;
use specmint::load::Source;
use specmint::spec::Spec;

use crate::case::{self, Case};
use crate::{cases, errors};

/// The methods of the clients in the output: each operation has one, in a file of its own.
fn methods(output: &Output) -> usize {
    let operations = output
        .files
        .iter()
        .filter(|file| file.path.starts_with("src/") && file.path.contains("/operations/"));
    operations
        .inspect(|file| {
            let path = file.path.as_str();
            let (_, methods) = file
                .text
                .split_once("\nimpl ")
                .unwrap_or_else(|| panic!("{path} has no method"));
            let makes_a_call =
                methods.contains("pub fn ") && methods.contains("::new(&self.core, &SPEC)");
            assert!(makes_a_call, "{path} has a method that makes no call");
        })
        .count()
}

/// What does not add up in the census of an output.
fn faults(name: &str, output: &Output) -> Vec<String> {
    let censuses = output
        .reports
        .iter()
        .filter_map(|report| report.census.as_ref());
    censuses
        .filter(|census| !census.is_balanced() || methods(output) != census.operations.generated)
        .map(|census| format!("{name}: {census}\n{census:#?}"))
        .collect()
}

#[test]
fn every_case_is_accounted_for() {
    let mut found = Vec::new();
    for name in cases::NAMES {
        found.extend(faults(name, &Case::open("cases", name).generate()));
    }
    for name in errors::NAMES {
        found.extend(faults(
            name,
            &Case::open("errors", &name.replace('_', "-")).generate(),
        ));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn census(document: &str) -> Census {
    let spec = Spec::new(Source::new("api.yaml", document));
    let output = specmint::generate(&[spec], &case::options("api-client", "../runtime"))
        .expect("one document makes one module");
    assert_eq!(faults("api", &output), Vec::<String>::new());
    let report = output.reports.into_iter().next();
    report
        .and_then(|report| report.census)
        .expect("the document can be read")
}

const HEAD: &str = "
openapi: 3.0.3
info: { title: API, version: '1' }
servers: [{ url: https://api.example.com }]
";

#[test]
fn the_line_is_short_when_all_is_well() {
    let census = census(&format!(
        "{HEAD}
paths:
  /a:
    get:
      responses: {{ '200': {{ description: A, content: {{ application/json: {{ schema: {{ type: array, items: {{ type: string }} }} }} }} }} }}
"
    ));
    assert_eq!(census.to_string(), "1 operation, 2 schemas");
}

#[test]
fn what_is_not_what_the_document_says_is_counted_with_its_reason() {
    let census = census(&format!(
        "{HEAD}
x-specmint-exclude: [tag:later]
paths:
  /a:
    get:
      responses: {{ '200': {{ description: A, content: {{ application/json: {{ schema: {{ not: {{ type: string }} }} }} }} }} }}
    put:
      tags: [later]
      requestBody: {{ content: {{ application/json: {{ schema: {{ type: object, properties: {{ b: {{ type: string }} }} }} }} }} }}
      responses: {{ '204': {{ description: A }} }}
  '/{{b':
    get: {{ responses: {{ '204': {{ description: B }} }} }}
components:
  parameters:
    Nobodys: {{ name: n, in: query, schema: {{ type: string }} }}
"
    ));
    assert_eq!(
        census.to_string(),
        "3 operations (1 generated, 1 refused, 1 excluded), \
         5 schemas (1 any JSON: not-ignored, 1 left out: not-ignored, 3 excluded)"
    );
}
