//! The parameters of operations, and the templates of paths.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Mender, component_name, text};
use crate::diag::Code;
use crate::load::trail::Trail;
use crate::load::walk;

/// What is known about the parameters in `components`.
#[derive(Default)]
pub(super) struct Parameters(BTreeMap<String, (String, String)>);

impl Parameters {
    /// Collects them.
    pub(super) fn of(tree: &Value) -> Self {
        let all = tree
            .pointer("/components/parameters")
            .and_then(Value::as_object);
        let key = |parameter: &Value| {
            let text = |key: &str| Some(parameter.get(key)?.as_str()?.to_owned());
            Some((text("in")?.to_ascii_lowercase(), text("name")?))
        };
        let known = all
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), key(value)?)));
        Self(known.collect())
    }

    /// The location and the name of a parameter, also by reference.
    fn key(&self, parameter: &Value) -> Option<(String, String)> {
        let map = parameter.as_object()?;
        if let Some(reference) = text(map, "$ref") {
            return self.0.get(&component_name(reference)?).cloned();
        }
        Some((
            text(map, "in")?.to_ascii_lowercase(),
            text(map, "name")?.to_owned(),
        ))
    }
}

impl Mender<'_> {
    /// Before the parameters of a path item and its operations are looked at: bodies that are called
    /// parameters become bodies.
    pub(super) fn before_path_item(&mut self, item: &mut Map<String, Value>, trail: Trail<'_>) {
        walk::operations(item, trail, &mut |operation, at| {
            let list_at = at.key("parameters");
            let Some(Value::Array(list)) = operation.get_mut("parameters") else {
                return;
            };
            let body = list.iter().position(|parameter| {
                parameter.get("in").and_then(Value::as_str) == Some("body")
                    && parameter.get("schema").is_some()
            });
            let Some(index) = body else { return };
            let parameter = list[index].take();
            let mut kept = vec![true; list.len()];
            kept[index] = false;
            let message = "a body is not a parameter in OpenAPI 3; it is taken for a `requestBody`";
            self.report(Code::InvalidParameter, list_at.index(index), message);
            let from = list_at.index(index).pointer();
            let to = at.key("requestBody").pointer();
            let schema = to.push("content").push("application/json").push("schema");
            self.diags
                .origins_mut()
                .moved(&from.push("schema"), &schema);
            self.close_up(list, &kept, list_at);
            operation.entry("requestBody").or_insert_with(|| {
                json!({
                    "required": parameter["required"] == true,
                    "content": { "application/json": { "schema": parameter["schema"] } },
                })
            });
        });
    }

    /// After them: what the template of the path names is declared, and nothing else is.
    pub(super) fn after_path_item(&mut self, item: &mut Map<String, Value>, trail: Trail<'_>) {
        let Trail::Key(Trail::Key(_, "paths"), path) = trail else {
            return;
        };
        let template = template(path);
        let shared = self.mend_parameters(item, &template, trail);
        walk::operations(item, trail, &mut |operation, at| {
            let own = self.mend_parameters(operation, &template, at);
            let missing: Vec<_> = template
                .iter()
                .filter(|name| !own.contains(*name) && !shared.contains(*name))
                .map(|name| {
                    let message = format!("`{name}` stands in the path and is not declared; any text is allowed");
                    self.report(Code::PathParameter, at, message);
                    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
                })
                .collect();
            if !missing.is_empty() {
                let list = operation.entry("parameters").or_insert_with(|| json!([]));
                list.as_array_mut()
                    .into_iter()
                    .for_each(|list| list.extend(missing.iter().cloned()));
            }
        });
    }

    /// Drops path parameters that the template does not name. Returns the path parameters.
    fn mend_parameters(
        &mut self,
        holder: &mut Map<String, Value>,
        template: &[String],
        trail: Trail<'_>,
    ) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let Some(Value::Array(list)) = holder.get_mut("parameters") else {
            return BTreeSet::new();
        };
        let list_at = trail.key("parameters");
        let mut kept = Vec::with_capacity(list.len());
        for (index, parameter) in list.iter().enumerate() {
            let Some(key) = self.parameters.key(parameter) else {
                kept.push(true);
                continue;
            };
            let at = list_at.index(index);
            let (location, name) = &key;
            if location == "path" && !template.contains(name) {
                let message = format!("`{name}` is not in the path's template, and is left out");
                self.report(Code::PathParameter, at, message);
                kept.push(false);
            } else {
                kept.push(true);
                seen.insert(key);
            }
        }
        self.close_up(list, &kept, list_at);
        seen.into_iter()
            .filter(|(location, _)| location == "path")
            .map(|(_, name)| name)
            .collect()
    }
}

/// The names between braces in a path.
fn template(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in path.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}')
            && !name.is_empty()
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}
