//! The tests that a generated crate brings for itself, of all cases.
//!
//! Only with the feature `mocks`, as it takes minutes to compile them.

use crate::{cases, compiled};

#[test]
fn the_fake_of_every_case_answers_what_its_client_reads() {
    let folder = compiled::all_cases("mocked-cases");
    let features = ["blocking", "mock"].iter().chain(cases::NAMES);
    let features: Vec<&str> = features.copied().collect();
    let features = format!("--features={}", features.join(","));
    compiled::cargo(&folder, &["test", &features, "--test=clients"]);
}
