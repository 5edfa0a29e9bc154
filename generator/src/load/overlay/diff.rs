//! The way back: an overlay that makes one document of another.
//!
//! In: the trees of a document and of an edited copy. Out: the actions that lead from the first to the second, each as
//! small as it can be said: what is new is merged where it belongs, what is gone is removed by name, and elements of
//! lists are found by what they are called rather than by where they stand.

use serde_json::{Map, Value, json};

use super::list::{self, Edits};
use super::path::Path;

/// How closely lists are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Elements are removed, changed and added one by one where that can be said.
    Elements,
    /// A list that differs is replaced.
    Lists,
}

/// The actions that make `edited` of `original`, both objects.
pub(super) fn actions(
    original: &Map<String, Value>,
    edited: &Map<String, Value>,
    detail: Detail,
) -> Vec<Value> {
    let mut diff = Diff {
        detail,
        actions: Vec::new(),
    };
    diff.object(&Path::root(), original, edited);
    diff.actions
}

struct Diff {
    detail: Detail,
    actions: Vec<Value>,
}

impl Diff {
    fn remove(&mut self, at: &Path) {
        let action = json!({ "target": at.as_str(), "remove": true });
        self.actions.push(action);
    }

    fn update(&mut self, at: &Path, update: Value) {
        let action = json!({ "target": at.as_str(), "update": update });
        self.actions.push(action);
    }

    /// Removes what is gone, goes into what has changed, and merges what is new or a value in one action at the end.
    fn object(&mut self, at: &Path, old: &Map<String, Value>, new: &Map<String, Value>) {
        for key in old.keys().filter(|key| !new.contains_key(*key)) {
            self.remove(&at.member(key));
        }
        let mut update = Map::new();
        for (key, value) in new {
            match old.get(key) {
                Some(before) if before == value => {}
                Some(before) => {
                    if let Some(merged) = self.member(&at.member(key), before, value) {
                        update.insert(key.clone(), merged);
                    }
                }
                None => {
                    update.insert(key.clone(), value.clone());
                }
            }
        }
        if !update.is_empty() {
            self.update(at, Value::Object(update));
        }
    }

    /// Brings a member to its new value, up to what is to be merged into the object that it is in.
    fn member(&mut self, at: &Path, old: &Value, new: &Value) -> Option<Value> {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                self.object(at, old, new);
                None
            }
            (Value::Array(before), Value::Array(after)) => {
                if let Some(added) = self.list(at, before, after) {
                    return (!added.is_empty()).then(|| Value::Array(added.to_vec()));
                }
                self.remove(at);
                Some(new.clone())
            }
            // merged, it would not take the place of what is there
            (Value::Object(_) | Value::Array(_), _) => {
                self.remove(at);
                Some(new.clone())
            }
            _ => Some(new.clone()),
        }
    }

    /// Brings the elements of a list to their new values, up to those that are to be added at its end. `None` if that
    /// cannot be said: then nothing was done.
    fn list<'v>(&mut self, at: &Path, old: &[Value], new: &'v [Value]) -> Option<&'v [Value]> {
        if self.detail == Detail::Lists {
            return None;
        }
        let start = self.actions.len();
        list::edits(at, old, new).into_iter().find_map(|edits| {
            let added = self.elements(edits);
            if added.is_none() {
                self.actions.truncate(start);
            }
            added
        })
    }

    fn elements<'v>(&mut self, edits: Edits<'_, 'v>) -> Option<&'v [Value]> {
        for at in &edits.removed {
            self.remove(at);
        }
        for (at, old, new) in &edits.changed {
            match (old, new) {
                (Value::Object(old), Value::Object(new)) => self.object(at, old, new),
                (Value::Array(old), Value::Array(new)) => {
                    // the list as a target takes one more element a time
                    for element in self.list(at, old, new)? {
                        self.update(at, element.clone());
                    }
                }
                // an element that is a value can be removed, but not replaced where it stands
                _ => return None,
            }
        }
        Some(edits.added)
    }
}
