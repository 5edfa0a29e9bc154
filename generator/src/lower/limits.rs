//! Limits of values: which of them make sense together.

use serde_json::Value;

use super::facts::Facts;
use crate::diag::{Code, Diagnostics};

/// Limits that go together: the least and the most.
const PAIRS: &[(&str, &str)] = &[
    ("minLength", "maxLength"),
    ("minimum", "maximum"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
];

/// The limits that a value can keep to; the others are reported.
pub(super) fn sensible(diags: &mut Diagnostics, facts: &Facts<'_>) -> Vec<(String, Value)> {
    let mut limits = facts.limits.clone();
    for (least, most) in PAIRS {
        let bounds = |limits: &[(String, Value)], name: &str| -> Vec<f64> {
            let named = limits.iter().filter(|(word, _)| word == name);
            named.filter_map(|(_, value)| value.as_f64()).collect()
        };
        let (lowest, highest) = (bounds(&limits, least), bounds(&limits, most));
        let lowest = lowest.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let highest = highest.into_iter().fold(f64::INFINITY, f64::min);
        let is_open = |word: &str| limits.iter().any(|(known, _)| known == word);
        let excludes =
            *least == "minimum" && (is_open("exclusiveMinimum") || is_open("exclusiveMaximum"));
        if lowest > highest || excludes && lowest == highest {
            let said = format!("no value keeps to both `{least}` and `{most}`; they are ignored");
            diags.report(Code::ContradictoryLimits, &facts.at.push(most), said);
            limits.retain(|(word, _)| word != least && word != most);
            if *least == "minimum" {
                limits.retain(|(word, _)| !word.starts_with("exclusive"));
            }
        }
    }
    let is_step = |value: &Value| value.as_f64().is_some_and(|step| step > 0.0);
    if limits
        .iter()
        .any(|(word, step)| word == "multipleOf" && !is_step(step))
    {
        let said = "a step of values is more than 0; it is ignored";
        diags.report(
            Code::ContradictoryLimits,
            &facts.at.push("multipleOf"),
            said,
        );
        limits.retain(|(word, step)| word != "multipleOf" || is_step(step));
    }
    limits
}
