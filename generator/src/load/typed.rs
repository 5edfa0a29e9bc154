//! The normal form as `openapiv3`'s types, piece by piece: what cannot be read costs nothing else.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use openapiv3::{Callback, Components, OpenAPI, Operation, PathItem, ReferenceOr};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::grammar::METHODS;
use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// The typed form of a document, and what `openapiv3` has no place for.
#[derive(Default)]
pub(super) struct Typed {
    /// The document.
    pub(super) openapi: OpenAPI,
    /// `webhooks`.
    pub(super) webhooks: IndexMap<String, PathItem>,
    /// The operations of path items with other methods than OpenAPI 3.0 has, by the path item's place.
    pub(super) others: BTreeMap<Pointer, Vec<OtherMethod>>,
}

/// An operation with a method that OpenAPI 3.0 does not have.
#[derive(Clone, Debug)]
pub struct OtherMethod {
    /// The method as it is sent.
    pub method: String,
    /// Where the operation stands.
    pub at: Pointer,
    /// The operation.
    pub operation: Operation,
}

/// Reads the typed form of a mended tree.
pub(super) fn read(tree: &Value, diags: &mut Diagnostics) -> Typed {
    let mut reader = Reader::default();
    let root = Pointer::root();
    let Value::Object(document) = tree else {
        return Typed::default();
    };
    let mut frame = without(document, &["paths", "components", "webhooks"]);
    frame.insert("paths".to_owned(), Value::Object(Map::new()));
    let mut openapi: OpenAPI = reader
        .piece(&Value::Object(frame), &root)
        .unwrap_or_default();
    if let Some(Value::Object(paths)) = document.get("paths") {
        let at = root.push("paths");
        let (extensions, paths): (Vec<_>, Vec<_>) =
            paths.iter().partition(|(path, _)| path.starts_with("x-"));
        for (name, value) in extensions {
            openapi.paths.extensions.insert(name.clone(), value.clone());
        }
        let items = reader.each(&paths, |reader, path, item| {
            reader.path_item(item, &at.push(path))
        });
        for (path, item) in items {
            openapi.paths.paths.insert(path, ReferenceOr::Item(item));
        }
    }
    let webhooks = reader.path_items(document.get("webhooks"), &root.push("webhooks"));
    if let Some(Value::Object(components)) = document.get("components") {
        openapi.components = Some(reader.components(components, &root.push("components")));
    }
    for (at, why) in reader.faults {
        diags.report(Code::UnreadableNode, &at, why);
    }
    Typed {
        openapi,
        webhooks,
        others: reader.others,
    }
}

/// Reads pieces, and remembers what is not in them.
#[derive(Default)]
struct Reader {
    /// What cannot be read, and why.
    faults: Vec<(Pointer, String)>,
    others: BTreeMap<Pointer, Vec<OtherMethod>>,
}

impl Reader {
    /// Reads the members on all cores, each with a reader of its own, and keeps their order.
    fn each<T: Send>(
        &mut self,
        members: &[(&String, &Value)],
        read: impl Fn(&mut Self, &str, &Value) -> Option<T> + Sync,
    ) -> Vec<(String, T)> {
        let read = |(name, value): &(&String, &Value)| {
            let mut reader = Self::default();
            let typed = read(&mut reader, name, value);
            (typed.map(|typed| ((*name).clone(), typed)), reader)
        };
        let (typed, readers): (Vec<_>, Vec<_>) = members.par_iter().map(read).unzip();
        for reader in readers {
            self.faults.extend(reader.faults);
            self.others.extend(reader.others);
        }
        typed.into_iter().flatten().collect()
    }

    fn piece<T: DeserializeOwned>(&mut self, value: &Value, at: &Pointer) -> Option<T> {
        T::deserialize(value)
            .map_err(|err| self.faults.push((at.clone(), err.to_string())))
            .ok()
    }

    /// The path items of a map; extensions among them are none.
    fn path_items(&mut self, map: Option<&Value>, at: &Pointer) -> IndexMap<String, PathItem> {
        let members = map.and_then(Value::as_object).into_iter().flatten();
        members
            .filter(|(name, _)| !name.starts_with("x-"))
            .filter_map(|(name, item)| Some((name.clone(), self.path_item(item, &at.push(name))?)))
            .collect()
    }

    fn path_item(&mut self, item: &Value, at: &Pointer) -> Option<PathItem> {
        let Value::Object(map) = item else {
            return None;
        };
        let others = ["query", "additionalOperations"];
        let frame = without(map, &[METHODS, &others].concat());
        let mut item: PathItem = self.piece(&Value::Object(frame), at)?;
        for method in METHODS {
            let Some(operation) = map.get(*method) else {
                continue;
            };
            let operation = self.operation(operation, &at.push(method));
            let slot = match *method {
                "get" => &mut item.get,
                "put" => &mut item.put,
                "post" => &mut item.post,
                "delete" => &mut item.delete,
                "options" => &mut item.options,
                "head" => &mut item.head,
                "patch" => &mut item.patch,
                _ => &mut item.trace,
            };
            *slot = operation;
        }
        let query = map
            .get("query")
            .map(|operation| ("QUERY", at.push("query"), operation));
        let more = map.get("additionalOperations").and_then(Value::as_object);
        let more_at = at.push("additionalOperations");
        let more = more.into_iter().flatten().map(|(method, operation)| {
            let at = more_at.push(method);
            (method.as_str(), at, operation)
        });
        for (method, place, operation) in query.into_iter().chain(more) {
            if let Some(operation) = self.operation(operation, &place) {
                self.others
                    .entry(at.clone())
                    .or_default()
                    .push(OtherMethod {
                        method: method.to_owned(),
                        at: place,
                        operation,
                    });
            }
        }
        Some(item)
    }

    fn operation(&mut self, value: &Value, at: &Pointer) -> Option<Operation> {
        let Some(Value::Object(callbacks)) = value.get("callbacks") else {
            return self.piece(value, at);
        };
        let frame = without(value.as_object()?, &["callbacks"]);
        let mut operation: Operation = self.piece(&Value::Object(frame), at)?;
        let at = at.push("callbacks");
        operation.callbacks = callbacks
            .iter()
            .filter(|(name, _)| !name.starts_with("x-"))
            .map(|(name, callback)| {
                let items: Callback = self.path_items(Some(callback), &at.push(name));
                (name.clone(), items)
            })
            .collect();
        Some(operation)
    }

    fn components(&mut self, map: &Map<String, Value>, at: &Pointer) -> Components {
        let mut components = Components::default();
        for (kind, members) in map {
            let Value::Object(members) = members else {
                continue;
            };
            let at = at.push(kind);
            match kind.as_str() {
                "schemas" => components.schemas = self.all(members, &at),
                "responses" => components.responses = self.all(members, &at),
                "parameters" => components.parameters = self.all(members, &at),
                "examples" => components.examples = self.all(members, &at),
                "requestBodies" => components.request_bodies = self.all(members, &at),
                "headers" => components.headers = self.all(members, &at),
                "securitySchemes" => components.security_schemes = self.all(members, &at),
                "links" => components.links = self.all(members, &at),
                "callbacks" => components.callbacks = self.all(members, &at),
                _ => {}
            }
        }
        let extensions = map.iter().filter(|(key, _)| key.starts_with("x-"));
        components.extensions = extensions
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        components
    }

    fn all<T: DeserializeOwned + Send>(
        &mut self,
        members: &Map<String, Value>,
        at: &Pointer,
    ) -> IndexMap<String, T> {
        let members: Vec<_> = members.iter().collect();
        let read =
            |reader: &mut Self, name: &str, value: &Value| reader.piece(value, &at.push(name));
        self.each(&members, read).into_iter().collect()
    }
}

/// A copy of a map without some of its members.
fn without(map: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    map.iter()
        .filter(|(key, _)| !keys.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}
