//! The example and default values of the specs, read into the types of `token_clients` and written again.
//!
//! `cargo xtask round-trip` does the same with thousands of values of other documents.

use serde_json::Value;
use specmint::spec::{self, Spec};
use token_clients::runtime::json::{self, DecodeError, Slot};

use crate::repo;

/// Values that are not valid for their schemas, which is the vendor's mistake: module, place, and a member
/// that is `null` where `null` is no value. It is read as if it were not there, and is not there afterwards.
const NULLS: &[(&str, &str, &str)] = &[(
    "akeneo",
    "/paths/~1api~1oauth~1v1~1token/post/responses/200/content/application~1json/example",
    "scope",
)];

/// Reads a value and writes it again.
fn again<T: Slot>(value: &[u8]) -> Result<Vec<u8>, DecodeError> {
    json::from_slice::<T>(value).map(|value| json::to_vec(&value))
}

/// The same for a type by its name, as samples have it.
fn tried(module: &str, ty: &str, value: &[u8]) -> Result<Vec<u8>, DecodeError> {
    use token_clients::{akeneo, runtime};
    match (module, ty) {
        ("akeneo", "models::PostToken200Response") => {
            again::<akeneo::models::PostToken200Response>(value)
        }
        ("akeneo", "models::PostToken400Response") => {
            again::<akeneo::models::PostToken400Response>(value)
        }
        (_, "String") => again::<String>(value),
        (_, "Secret") => again::<runtime::Secret>(value),
        (_, "i64") => again::<i64>(value),
        _ => panic!("a value has the type `{ty}` of `{module}`: add it to this list"),
    }
}

#[test]
fn every_value_that_a_spec_shows_comes_back_from_its_type() {
    let mut count = 0;
    for path in spec::find(&repo::root().join("specs")).expect("the folder of specs can be listed")
    {
        let spec = Spec::read(&path).unwrap_or_else(|err| panic!("{err}"));
        let samples = specmint::samples(&spec).expect("our specs can be read");
        let module = samples.module.as_str();
        for sample in &samples.list {
            count += 1;
            let value = sample.value.to_string();
            let written = tried(module, &sample.rust_type, value.as_bytes())
                .unwrap_or_else(|err| panic!("{module} {}: {err}", sample.at));
            let mut expected = sample.value.clone();
            let nulls = NULLS
                .iter()
                .filter(|(of, at, _)| (*of, *at) == (module, sample.at.as_str()));
            for (.., member) in nulls {
                let null = expected
                    .as_object_mut()
                    .and_then(|members| members.remove(*member));
                assert_eq!(null, Some(Value::Null), "{module} {}: {member}", sample.at);
            }
            let after: Value = serde_json::from_slice(&written).expect("what is written is JSON");
            assert_eq!(after, expected, "{module} {}", sample.at);
        }
    }
    assert!(count > 20, "only {count} values were found");
}
