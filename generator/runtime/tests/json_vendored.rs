//! The runtime as a copy inside the crate that uses it, under the strictest lints.
#![deny(warnings)]

#[path = "../src/lib.rs"]
#[allow(dead_code, unreachable_pub, unused_imports)]
pub mod runtime;

pub mod model;
use model::{hostile, models};

#[test]
fn models_read_and_write_through_a_copied_runtime() {
    let text = br#"{"petType":"puppy","friend":{"petType":"cat","lives":9}}"#;
    let pet: models::Tagged = runtime::json::from_slice(text).unwrap();
    assert_eq!(runtime::json::to_vec(&pet), text);
}

#[test]
fn models_may_be_called_like_the_types_of_std() {
    let value: hostile::Display = runtime::json::from_slice(br#"{"value":1}"#).unwrap();
    let some = hostile::Some { value: Some(1) };
    assert_eq!(value, hostile::Display::Some(some));
}
