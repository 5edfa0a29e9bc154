//! OpenAPI Overlay 1.0: corrections of a document that stay apart from it.
//!
//! Actions are applied in their order to the document as it is written, before anything else is done to it.
//! Targets are JSONPath queries (RFC 9535).

mod diff;
mod list;
mod path;

use indexmap::IndexSet;
use serde_json::{Map, Value, json};
use serde_json_path::{JsonPath, PathElement};

use self::diff::Detail;
use super::source::{self, Source};
use super::trail::Trail;
use super::{FileId, Place};
use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// Applies the overlay in `file` to a document. What cannot be applied is reported at its place there.
pub(super) fn apply(document: &mut Value, file: FileId, overlay: &Value, diags: &mut Diagnostics) {
    let mut cx = Overlay {
        file,
        effect: Effect::None,
        diags,
    };
    let version = overlay.get("overlay").map(|version| match version {
        Value::String(version) => version.clone(),
        other => other.to_string(),
    });
    match version {
        Some(version) if version == "1" || version.starts_with("1.") => {}
        Some(version) => {
            let message = format!("`overlay: {version}` is not a version that is known here");
            return cx.invalid(&Pointer::root().push("overlay"), message);
        }
        None => {
            let message = "the file is not an overlay: it does not say `overlay`";
            return cx.invalid(&Pointer::root(), message);
        }
    }
    let list = Pointer::root().push("actions");
    let Some(Value::Array(actions)) = overlay.get("actions") else {
        return cx.invalid(&list, "an overlay has a list of `actions`");
    };
    for (index, action) in actions.iter().enumerate() {
        cx.action(document, action, &list.index(index));
    }
}

/// How a document and an edited copy of it differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// They say the same.
    None,
    /// The text of an overlay, in YAML, that makes the copy of the document.
    Overlay(String),
    /// One of them is not an object, so that no action can lead from one to the other.
    Unsayable,
}

/// The overlay that makes `edited` of `original`. Applied to the one it gives exactly the other, but for the order of
/// members. `None` if one of them cannot be read; why is in `diags`.
#[must_use]
pub fn overlay_between(
    original: &Source,
    edited: &Source,
    diags: &mut Diagnostics,
) -> Option<Difference> {
    let file = diags.origins_mut().add_file(original);
    let before = super::read(file, original, diags);
    let file = diags.origins_mut().add_file(edited);
    let (before, after) = (before?, super::read(file, edited, diags)?);
    if before == after {
        return Some(Difference::None);
    }
    let (Some(old), Some(new)) = (before.as_object(), after.as_object()) else {
        return Some(Difference::Unsayable);
    };
    let title = format!("Corrections to {}", original.file_name());
    let overlay = [Detail::Elements, Detail::Lists]
        .into_iter()
        .map(|detail| page(&title, diff::actions(old, new, detail)))
        .find(|overlay| leads_to(overlay, &before, &after));
    Some(overlay.map_or(Difference::Unsayable, Difference::Overlay))
}

/// The text of an overlay.
fn page(title: &str, actions: Vec<Value>) -> String {
    let overlay = json!({
        "overlay": "1.0.0",
        "info": { "title": title, "version": "1.0.0" },
        "actions": actions,
    });
    serde_yaml::to_string(&overlay).expect("any JSON can be written as YAML")
}

/// Whether the text of an overlay makes `after` of `before`: what is handed out is proved first.
fn leads_to(overlay: &str, before: &Value, after: &Value) -> bool {
    let mut diags = Diagnostics::default();
    let source = Source::new("overlay", overlay);
    let file = diags.origins_mut().add_file(&source);
    let Ok(parsed) = source::parse(&source) else {
        return false;
    };
    let mut document = before.clone();
    apply(&mut document, file, &parsed.tree, &mut diags);
    document == *after
}

/// Whether an action changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    None,
    Some,
}

struct Overlay<'a> {
    file: FileId,
    /// What the action has done so far.
    effect: Effect,
    diags: &'a mut Diagnostics,
}

impl Overlay<'_> {
    fn report(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.diags.report_place(
            code,
            Place {
                file: self.file,
                at: at.clone(),
            },
            message,
        );
    }

    fn invalid(&mut self, at: &Pointer, message: impl Into<String>) {
        self.report(Code::InvalidOverlay, at, message);
    }

    fn action(&mut self, document: &mut Value, action: &Value, at: &Pointer) {
        let target_at = at.push("target");
        let Some(target) = action.get("target").and_then(Value::as_str) else {
            return self.invalid(at, "an action has a `target`");
        };
        let query = match JsonPath::parse(target) {
            Ok(query) => query,
            Err(err) => {
                let message = format!("`{target}` is not a JSONPath query: {}", err.message());
                return self.invalid(&target_at, message);
            }
        };
        let mut targets: IndexSet<Vec<Step>> = IndexSet::new();
        for node in query.query_located(document).iter() {
            targets.insert(node.location().iter().map(Step::of).collect());
        }
        if targets.is_empty() {
            let message = format!("`{target}` matches nothing in the document");
            return self.report(Code::OverlayNotNeeded, &target_at, message);
        }
        self.effect = Effect::None;
        let removes = action.get("remove").and_then(Value::as_bool) == Some(true);
        match (removes, action.get("update")) {
            (true, _) => self.remove(document, targets.into_iter().collect(), &target_at),
            (false, Some(update)) => {
                for target in &targets {
                    self.update(document, target, update, &at.push("update"));
                }
            }
            (false, None) => {
                return self.invalid(at, "an action has an `update`, or `remove: true`");
            }
        }
        if self.effect == Effect::None {
            let message = format!("`{target}` is as this would make it already");
            self.report(Code::OverlayWithoutEffect, &target_at, message);
        }
    }

    /// Removes the targets, those further back in a list first, so that the places of the others hold.
    fn remove(&mut self, document: &mut Value, mut targets: Vec<Vec<Step>>, at: &Pointer) {
        targets.sort();
        self.effect = Effect::Some;
        for target in targets.iter().rev() {
            let Some((last, holder)) = target.split_last() else {
                self.invalid(at, "the document as a whole cannot be removed");
                continue;
            };
            let pointer = pointer(holder);
            match (document.pointer_mut(pointer.as_str()), last) {
                (Some(Value::Object(map)), Step::Key(key)) => drop(map.shift_remove(key)),
                (Some(Value::Array(list)), Step::Index(index)) if *index < list.len() => {
                    let mut kept = vec![true; list.len()];
                    kept[*index] = false;
                    list.remove(*index);
                    self.diags.origins_mut().shifted(&pointer, &kept);
                }
                // its holder is gone already
                _ => {}
            }
        }
    }

    fn update(&mut self, document: &mut Value, target: &[Step], update: &Value, at: &Pointer) {
        let pointer = pointer(target);
        let Some(node) = document.pointer_mut(pointer.as_str()) else {
            return;
        };
        match node {
            Value::Object(map) => match update {
                Value::Object(update) => {
                    self.merge(map, update, Trail::At(&pointer), Trail::At(at))
                }
                _ => {
                    self.effect = Effect::Some;
                    self.invalid(at, "an object can only be updated by an object");
                }
            },
            Value::Array(list) => self.append(list, update, Trail::At(&pointer), Trail::At(at)),
            // beyond the letter of Overlay 1.0, which leaves scalars alone; 1.1 replaces them
            node => {
                self.changes(node != update);
                *node = update.clone();
                self.note(Trail::At(&pointer), Trail::At(at));
            }
        }
    }

    /// Merges recursively: members are added or replaced, lists grow.
    fn merge(
        &mut self,
        map: &mut Map<String, Value>,
        update: &Map<String, Value>,
        to: Trail<'_>,
        from: Trail<'_>,
    ) {
        for (key, value) in update {
            let (to, from) = (to.key(key), from.key(key));
            match (map.get_mut(key), value) {
                (Some(Value::Object(map)), Value::Object(update)) => {
                    self.merge(map, update, to, from)
                }
                (Some(Value::Array(list)), Value::Array(more)) => {
                    for (index, value) in more.iter().enumerate() {
                        self.changes(!list.contains(value));
                        self.note(to.index(list.len()), from.index(index));
                        list.push(value.clone());
                    }
                }
                (before, _) => {
                    let changes = before.is_none_or(|before| before != value);
                    self.changes(changes);
                    self.note(to, from);
                    map.insert(key.clone(), value.clone());
                }
            }
        }
    }

    /// A list that is a target gets the update as one more element.
    fn append(&mut self, list: &mut Vec<Value>, update: &Value, to: Trail<'_>, from: Trail<'_>) {
        self.changes(!list.contains(update));
        self.note(to.index(list.len()), from);
        list.push(update.clone());
    }

    /// Takes down whether something has become another. An element that a list has already is no news to it.
    fn changes(&mut self, changes: bool) {
        if changes {
            self.effect = Effect::Some;
        }
    }

    fn note(&mut self, to: Trail<'_>, from: Trail<'_>) {
        let place = Place {
            file: self.file,
            at: from.pointer(),
        };
        self.diags.origins_mut().set(&to.pointer(), place);
    }
}

/// A step of a normalised path (RFC 9535, section 2.7).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Step {
    Index(usize),
    Key(String),
}

impl Step {
    fn of(element: &PathElement<'_>) -> Self {
        match element {
            PathElement::Name(name) => Self::Key((*name).to_owned()),
            PathElement::Index(index) => Self::Index(*index),
        }
    }
}

fn pointer(steps: &[Step]) -> Pointer {
    steps.iter().fold(Pointer::root(), |at, step| match step {
        Step::Key(key) => at.push(key),
        Step::Index(index) => at.index(*index),
    })
}
