//! What becomes of the elements of a list, and how each is found.

use serde_json::{Map, Value};

use super::path::Path;

/// Lists longer than this are compared by place alone: finding elements by name takes time by the square.
const LONGEST: usize = 2_000;

/// What leads from a list to another: first elements go, then some change, then some are added at the end.
pub(super) struct Edits<'o, 'n> {
    /// Where those stand that go, in an order in which the places hold.
    pub(super) removed: Vec<Path>,
    /// Those that change: where they stand when the others are gone, from what, and to what.
    pub(super) changed: Vec<(Path, &'o Value, &'n Value)>,
    /// Those that are added.
    pub(super) added: &'n [Value],
}

/// The ways from `old` to `new`, the most readable first. Any of them may turn out to be none, if a value changes that
/// is neither object nor list.
pub(super) fn edits<'o, 'n>(at: &Path, old: &'o [Value], new: &'n [Value]) -> Vec<Edits<'o, 'n>> {
    let mut ways = Vec::new();
    if old.len().max(new.len()) <= LONGEST {
        ways.extend(by_name(at, old, new));
    }
    let in_place = by_place(at, old, new);
    if old.len() == new.len() {
        ways.push(in_place);
        ways.extend(by_value(at, old, new));
    } else {
        ways.extend(by_value(at, old, new));
        ways.push(in_place);
    }
    ways
}

/// Elements are called by their names, and those that stay have kept their order.
fn by_name<'o, 'n>(at: &Path, old: &'o [Value], new: &'n [Value]) -> Option<Edits<'o, 'n>> {
    let before = names(old)?;
    let after = names(new)?;
    let (mut removed, mut changed) = (Vec::new(), Vec::new());
    let mut kept = 0;
    for (element, name) in old.iter().zip(&before) {
        if !after.contains(name) {
            removed.push(at.filter(name));
        } else if after.get(kept) == Some(name) {
            let successor = &new[kept];
            kept += 1;
            if element != successor {
                changed.push((at.filter(name), element, successor));
            }
        } else {
            return None;
        }
    }
    Some(Edits {
        removed,
        changed,
        added: &new[kept..],
    })
}

/// A name: the members that tell an element from all others of its list, and what they hold.
pub(super) type Name<'v> = Vec<(&'static str, &'v str)>;

/// What OpenAPI calls the elements of its lists by.
const KEYS: &[&[&str]] = &[&["$ref"], &["name", "in"], &["name"], &["url"]];

/// The names of all elements; `None` if one has none, or if a name fits another element as well.
fn names(list: &[Value]) -> Option<Vec<Name<'_>>> {
    let names: Option<Vec<_>> = list.iter().map(name).collect();
    let names = names?;
    let alone = |name: &Name<'_>| list.iter().filter(|element| fits(element, name)).count() == 1;
    names.iter().all(alone).then_some(names)
}

fn name(element: &Value) -> Option<Name<'_>> {
    let element = element.as_object()?;
    let text = |key: &&'static str| Some((*key, element.get(*key)?.as_str()?));
    let by = |keys: &&[&'static str]| keys.iter().map(text).collect::<Option<Name<'_>>>();
    KEYS.iter().find_map(by)
}

fn fits(element: &Value, name: &Name<'_>) -> bool {
    let text = |element: &'_ Map<String, Value>, key: &str, text: &str| {
        element.get(key).and_then(Value::as_str) == Some(text)
    };
    element
        .as_object()
        .is_some_and(|element| name.iter().all(|(key, value)| text(element, key, value)))
}

/// Elements that are equal are the same; the others go or are added. `None` if too little stays, or if one goes only to
/// be added again: the list is another one then.
fn by_value<'o, 'n>(at: &Path, old: &'o [Value], new: &'n [Value]) -> Option<Edits<'o, 'n>> {
    let mut kept = 0;
    let mut gone = Vec::new();
    for (index, element) in old.iter().enumerate() {
        if new.get(kept) == Some(element) {
            kept += 1;
        } else {
            gone.push(index);
        }
    }
    let added = &new[kept..];
    let moved = gone.iter().any(|index| added.contains(&old[*index]));
    if moved || kept == 0 {
        return None;
    }
    let alone = |index: &&usize| {
        let same = |other: &&Value| **other == old[**index];
        old[**index].is_string() && old.iter().filter(same).count() == 1
    };
    let told = gone
        .iter()
        .filter(alone)
        .filter_map(|index| old[*index].as_str());
    let mut removed: Vec<Path> = told.map(|text| at.element(text)).collect();
    // By place, those further back first; texts, which go before, move them.
    let places = gone.iter().filter(|index| !alone(index));
    let before = |index: &usize| {
        gone.iter()
            .filter(|other| *other < index)
            .filter(alone)
            .count()
    };
    let places = places.rev().map(|index| at.index(index - before(index)));
    removed.extend(places);
    Some(Edits {
        removed,
        changed: Vec::new(),
        added,
    })
}

/// Elements are the same if they stand at the same place.
fn by_place<'o, 'n>(at: &Path, old: &'o [Value], new: &'n [Value]) -> Edits<'o, 'n> {
    let shared = old.len().min(new.len());
    let pairs = old.iter().zip(new).enumerate();
    Edits {
        removed: (shared..old.len())
            .rev()
            .map(|index| at.index(index))
            .collect(),
        changed: pairs
            .filter(|(_, (old, new))| old != new)
            .map(|(index, (old, new))| (at.index(index), old, new))
            .collect(),
        added: &new[shared..],
    }
}
