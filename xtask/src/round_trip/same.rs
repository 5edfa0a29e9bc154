//! When two values are the same to whoever reads them: what a round trip may change.

use serde_json::{Number, Value};

/// Where `after` is not the same as `before`, as the path to the first place; `None` if it is.
///
/// What may differ:
///
/// - the order of members;
/// - how a number is spelled: `1.0` is `1`, `1e2` is `100`;
/// - digits beyond single precision, which a number of `format: float` has (OpenAPI format registry).
pub(crate) fn difference(before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Number(a), Value::Number(b)) => {
            let same = a == b || a.as_f64() == b.as_f64() || is_single(a, b);
            (!same).then(|| format!(": {a} became {b}"))
        }
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                return Some(format!(": {} items became {}", a.len(), b.len()));
            }
            let mut pairs = a.iter().zip(b);
            pairs.find_map(|(a, b)| difference(a, b).map(|path| format!("[]{path}")))
        }
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in a {
                match b.get(name) {
                    Some(after) => {
                        if let Some(path) = difference(value, after) {
                            return Some(format!(".{name}{path}"));
                        }
                    }
                    None => return Some(format!(".{name}: {} is lost", word(value))),
                }
            }
            let more = b.keys().find(|name| !a.contains_key(*name));
            more.map(|name| format!(".{name} was added"))
        }
        (a, b) if a == b => None,
        (Value::String(a), Value::String(b)) => Some(format!(": `{a}` became `{b}`")),
        (a, b) => Some(format!(": {} became {}", word(a), word(b))),
    }
}

/// Whether `after` is `before` in single precision, as it is spelled with the fewest digits.
fn is_single(before: &Number, after: &Number) -> bool {
    let single = before.as_f64().map(|number| number as f32);
    single.is_some_and(|single| {
        single.is_finite() && single.to_string().parse().ok() == after.as_f64()
    })
}

/// What kind of value it is, with its article.
pub(super) fn word(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
