//! What became of the limits of values.

use super::Kind;
use super::schemas::Spot;
use super::types::{Walk, Way, shown};
use crate::model::Limits;
use crate::plan::{doc_code, said_limits};
use serde_json::Value;
use std::collections::BTreeMap;

/// Limits that take away the more the smaller they are.
const UPPER: &[&str] = &[
    "maxLength",
    "maximum",
    "exclusiveMaximum",
    "maxItems",
    "maxProperties",
    "maxContains",
];

/// Limits that take away the more the larger they are.
const LOWER: &[&str] = &[
    "minLength",
    "minimum",
    "exclusiveMinimum",
    "minItems",
    "minProperties",
    "minContains",
];

/// Which values a change of a limit concerns.
enum Turn {
    Tighter,
    Looser,
    Other,
}

impl Walk<'_> {
    pub(super) fn limits(&mut self, spot: &Spot, old: &[&Limits], new: &[&Limits], way: Way) {
        let (old, new) = (table(old), table(new));
        let mut words: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
        words.sort_unstable();
        words.dedup();
        for word in words {
            let (before, after) = (old.get(word).copied(), new.get(word).copied());
            if before == after {
                continue;
            }
            let text = |value: Option<&Value>| value.map_or("none".to_owned(), shown);
            let message = format!(
                "{} is {} instead of {}",
                doc_code(word),
                text(after),
                text(before)
            );
            // who receives has been told less than what may come only where the limit is wider
            let effect = match turn(word, before, after) {
                Turn::Tighter => way.narrower(),
                Turn::Looser => way.wider(),
                Turn::Other => way.other(),
            };
            self.add(Kind::LimitsChanged, spot, message, effect);
        }
    }
}

fn table<'l>(limits: &[&'l Limits]) -> BTreeMap<&'l str, &'l Value> {
    let said = limits.iter().flat_map(|limits| said_limits(limits));
    // the outermost says it first, and the innermost holds as well: the first is shown
    let mut table = BTreeMap::new();
    for (word, value) in said {
        table.entry(word).or_insert(value);
    }
    table
}

fn turn(word: &str, old: Option<&Value>, new: Option<&Value>) -> Turn {
    let (Some(old), Some(new)) = (old, new) else {
        return if old.is_none() {
            Turn::Tighter
        } else {
            Turn::Looser
        };
    };
    let (Some(old), Some(new)) = (old.as_f64(), new.as_f64()) else {
        return Turn::Other;
    };
    match (UPPER.contains(&word), LOWER.contains(&word)) {
        (true, _) if new < old => Turn::Tighter,
        (true, _) => Turn::Looser,
        (_, true) if new > old => Turn::Tighter,
        (_, true) => Turn::Looser,
        _ => Turn::Other,
    }
}
