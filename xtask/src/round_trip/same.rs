//! When two values are the same to whoever reads them: what a round trip may change.

use serde_json::Value;

/// Where `after` is not the same as `before`, as the path to the first place; `None` if it is.
///
/// The order of members does not matter, and numbers are compared as numbers: `1.0` is `1`.
pub(crate) fn difference(before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Number(a), Value::Number(b)) => {
            let same = a == b || a.as_f64() == b.as_f64();
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

fn word(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
