//! Schemas: JSON Schema 2020-12 to what OpenAPI 3.0 has of it.

use serde_json::{Map, Value, json};

use super::Conversion;
use crate::diag::Code;
use crate::load::dialect::Dialect;
use crate::load::trail::Trail;

/// Keywords that describe values other than `null`.
const BEYOND_NULL: &[&str] = &["oneOf", "anyOf", "allOf", "properties", "items"];

/// Keywords that restrict values in ways that a type cannot.
const UNTYPED: &[&str] = &[
    "if",
    "then",
    "else",
    "dependentSchemas",
    "propertyNames",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "contentSchema",
];

/// Keywords for tools.
const SILENT: &[&str] = &[
    "$defs",
    "definitions",
    "$dynamicAnchor",
    "$vocabulary",
    "$anchor",
];

/// What may stand beside a `$ref` in OpenAPI 3.0 and is honoured, although the specification ignores it: it
/// only says something about the place.
const BESIDE: &[&str] = &[
    "description",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "default",
    "x-specmint-xml",
];

/// Keywords that speak of the values of one type, and that type.
const OF_TYPE: &[(&str, &[&str])] = &[
    ("string", &["format", "pattern", "minLength", "maxLength"]),
    (
        "number",
        &[
            "format",
            "multipleOf",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
        ],
    ),
    (
        "array",
        &[
            "items",
            "minItems",
            "maxItems",
            "uniqueItems",
            "x-specmint-prefix-items",
        ],
    ),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "x-specmint-pattern-properties",
            "x-specmint-dependent-required",
        ],
    ),
];

impl Conversion<'_> {
    /// Converts a schema whose inner schemas are converted already.
    pub(super) fn schema(&mut self, value: &mut Value, trail: Trail<'_>) {
        let map = match value {
            Value::Object(map) => map,
            Value::Bool(anything) => {
                *value = if *anything {
                    json!({})
                } else {
                    json!({ "not": {} })
                };
                return;
            }
            _ => return,
        };
        SILENT.iter().for_each(|key| drop(map.shift_remove(*key)));
        if map.get("xml").is_some_and(Value::is_object)
            && let Some(xml) = map.shift_remove("xml")
        {
            self.moved(trail, "xml", "x-specmint-xml");
            map.insert("x-specmint-xml".to_owned(), xml);
        }
        self.constants(map, trail);
        self.numbers(map, trail);
        self.lists(map, trail);
        self.objects(map, trail);
        self.contents(map);
        self.untyped(map, trail);
        self.types(map, trail);
        for choice in ["anyOf", "oneOf"] {
            self.impossible_alternatives(map, choice, trail);
            self.null_alternative(map, choice, trail);
        }
        if map.get("$ref").is_some_and(Value::is_string) && map.len() > 1 {
            self.siblings(map, trail);
        }
    }

    fn constants(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        if let Some(constant) = map.shift_remove("const") {
            self.newer(trail, "const");
            self.moved(trail, "const", "enum");
            if constant.is_null() {
                map.insert("nullable".to_owned(), true.into());
            }
            map.insert("enum".to_owned(), json!([constant]));
        }
        if let Some(Value::Array(values)) = map.get("enum")
            && values.contains(&Value::Null)
        {
            map.insert("nullable".to_owned(), true.into());
        }
        if let Some(examples) = map.shift_remove("examples") {
            self.newer(trail, "examples");
            let first = match examples {
                Value::Array(list) => list.into_iter().next(),
                Value::Object(named) => named
                    .into_iter()
                    .next()
                    .map(|(_, example)| example.get("value").cloned().unwrap_or(example)),
                other => Some(other),
            };
            if let Some(first) = first {
                map.entry("example").or_insert(first);
            }
        }
    }

    /// `exclusiveMinimum: 3` becomes `minimum: 3` and `exclusiveMinimum: true`.
    fn numbers(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        for (exclusive, inclusive, tighter) in [
            (
                "exclusiveMinimum",
                "minimum",
                f64::max as fn(f64, f64) -> f64,
            ),
            ("exclusiveMaximum", "maximum", f64::min),
        ] {
            let Some(bound @ Value::Number(_)) = map.get(exclusive).cloned() else {
                continue;
            };
            self.newer(trail, exclusive);
            let outer = map.get(inclusive).and_then(Value::as_f64);
            let is_tighter = match (outer, bound.as_f64()) {
                (Some(outer), Some(bound)) => tighter(outer, bound) == bound,
                _ => true,
            };
            if is_tighter {
                map.insert(inclusive.to_owned(), bound);
                map.insert(exclusive.to_owned(), true.into());
            } else {
                map.shift_remove(exclusive);
            }
        }
    }

    fn lists(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        let draft4 = matches!(map.get("items"), Some(Value::Array(_)));
        let (places, rest) = if draft4 {
            ("items", "additionalItems")
        } else {
            ("prefixItems", "items")
        };
        if let Some(Value::Array(list)) = map.shift_remove(places) {
            self.newer(trail, places);
            self.moved(trail, places, "x-specmint-prefix-items");
            match map.shift_remove(rest) {
                Some(closed) if closed == false || is_impossible(&closed) => {
                    map.entry("maxItems").or_insert_with(|| list.len().into());
                }
                Some(items) if items.is_object() => {
                    map.insert("items".to_owned(), items);
                }
                _ => {}
            }
            map.insert("x-specmint-prefix-items".to_owned(), Value::Array(list));
        }
        map.shift_remove("additionalItems");
    }

    fn objects(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        if let Some(patterns) = map.shift_remove("patternProperties") {
            self.newer(trail, "patternProperties");
            self.moved(trail, "patternProperties", "x-specmint-pattern-properties");
            map.insert("x-specmint-pattern-properties".to_owned(), patterns);
        }
        if let Some(dependent) = map.shift_remove("dependentRequired") {
            self.newer(trail, "dependentRequired");
            self.moved(trail, "dependentRequired", "x-specmint-dependent-required");
            map.insert("x-specmint-dependent-required".to_owned(), dependent);
        }
        if let Some(rest) = map.shift_remove("unevaluatedProperties") {
            self.newer(trail, "unevaluatedProperties");
            let is_whole = ["allOf", "anyOf", "oneOf", "$ref"]
                .iter()
                .all(|key| !map.contains_key(*key));
            if is_whole || rest.is_object() {
                map.entry("additionalProperties").or_insert(rest);
            }
        }
    }

    fn contents(&mut self, map: &mut Map<String, Value>) {
        let encoding = map.shift_remove("contentEncoding");
        let media_type = map.shift_remove("contentMediaType");
        let text = |value: &Option<Value>| {
            value
                .as_ref()
                .and_then(Value::as_str)
                .map(str::to_ascii_lowercase)
        };
        let format = match (text(&encoding).as_deref(), text(&media_type).as_deref()) {
            (Some("base64"), _) => "byte",
            (Some("base64url"), _) => "base64url",
            (Some("binary"), _) => "binary",
            (None, Some(media_type)) if !is_text(media_type) => "binary",
            _ => return,
        };
        map.entry("format").or_insert_with(|| format.into());
        map.entry("type").or_insert_with(|| "string".into());
    }

    fn untyped(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        for key in UNTYPED {
            if map.shift_remove(*key).is_some() {
                self.ignored(trail, key, "the type also takes values that it forbids");
            }
        }
    }

    /// `type: [string, 'null']` becomes `type: string, nullable: true`; several types become an `anyOf`.
    fn types(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        let mut types: Vec<String> = match map.get("type") {
            Some(Value::Array(list)) => {
                self.newer(trail, "type");
                list.iter()
                    .filter_map(|ty| ty.as_str().map(str::to_owned))
                    .collect()
            }
            Some(Value::String(ty)) if ty == "null" => {
                self.newer(trail, "type");
                vec![ty.clone()]
            }
            _ => return,
        };
        map.shift_remove("type");
        if types.iter().any(|ty| ty == "null") {
            map.insert("nullable".to_owned(), true.into());
            types.retain(|ty| ty != "null");
            if types.is_empty() && !self.says_more(map, trail) {
                map.insert("enum".to_owned(), json!([null]));
            }
        }
        if types.iter().any(|ty| ty == "number") {
            types.retain(|ty| ty != "integer");
        }
        types.dedup();
        match types.as_slice() {
            [] => {}
            [ty] => drop(map.insert("type".to_owned(), ty.as_str().into())),
            _ if map.contains_key("enum") => {}
            _ => self.several_types(map, &types, trail),
        }
    }

    /// Whether a schema whose only type is `null` describes other values, so that `null` is meant as one more.
    fn says_more(&mut self, map: &Map<String, Value>, trail: Trail<'_>) -> bool {
        let Some(said) = BEYOND_NULL.iter().find(|key| map.contains_key(**key)) else {
            return false;
        };
        let message = format!(
            "no value but `null` would fit, whatever `{said}` says; `null` is taken as one more"
        );
        let at = trail.pointer().push("type");
        self.diags.report(Code::UnknownType, &at, message);
        true
    }

    fn several_types(&mut self, map: &mut Map<String, Value>, types: &[String], trail: Trail<'_>) {
        let at = trail.pointer();
        let alternatives: Vec<Value> = types
            .iter()
            .enumerate()
            .map(|(index, ty)| {
                let alternative = at.push("anyOf").index(index);
                self.diags.origins_mut().moved(&at, &alternative);
                let mut schema = Map::from_iter([("type".to_owned(), Value::from(ty.as_str()))]);
                for key in keywords_of(ty) {
                    if let Some(value) = map.get(*key) {
                        schema.insert((*key).to_owned(), value.clone());
                    }
                }
                Value::Object(schema)
            })
            .collect();
        OF_TYPE
            .iter()
            .flat_map(|(_, keys)| *keys)
            .for_each(|key| drop(map.shift_remove(*key)));
        // alternatives that are there already say more than the types do
        map.entry("anyOf").or_insert(Value::Array(alternatives));
    }

    /// An alternative that takes nothing is none.
    fn impossible_alternatives(
        &mut self,
        map: &mut Map<String, Value>,
        choice: &str,
        trail: Trail<'_>,
    ) {
        let Some(Value::Array(list)) = map.get_mut(choice) else {
            return;
        };
        let kept: Vec<bool> = list.iter().map(|schema| !is_impossible(schema)).collect();
        if !kept.contains(&false) || !kept.contains(&true) {
            return;
        }
        let at = trail.pointer().push(choice);
        self.diags.origins_mut().shifted(&at, &kept);
        list.retain(|schema| !is_impossible(schema));
    }

    /// An alternative that is only `null` makes the whole nullable.
    fn null_alternative(&mut self, map: &mut Map<String, Value>, choice: &str, trail: Trail<'_>) {
        let Some(Value::Array(list)) = map.get_mut(choice) else {
            return;
        };
        let kept: Vec<bool> = list.iter().map(|schema| !is_null(schema)).collect();
        if !kept.contains(&false) {
            return;
        }
        let at = trail.pointer();
        self.diags.origins_mut().shifted(&at.push(choice), &kept);
        list.retain(|schema| !is_null(schema));
        let left = list.len();
        map.insert("nullable".to_owned(), true.into());
        if left == 0 {
            map.shift_remove(choice);
            map.insert("enum".to_owned(), json!([null]));
        } else if left == 1
            && !map.contains_key("allOf")
            && let Some(one) = map.shift_remove(choice)
        {
            self.moved(trail, choice, "allOf");
            map.insert("allOf".to_owned(), one);
            map.shift_remove("discriminator");
        }
    }

    /// What stands beside a `$ref` goes around it.
    fn siblings(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        if self.dialect != Dialect::OpenApi31 {
            let is_harmless = |key: &str| {
                BESIDE.contains(&key)
                    || key.starts_with("x-")
                    || matches!(
                        key,
                        "$ref" | "title" | "example" | "externalDocs" | "summary"
                    )
            };
            let ignored: Vec<String> = map
                .keys()
                .filter(|key| !is_harmless(key))
                .cloned()
                .collect();
            for key in ignored {
                let message = format!("`{key}` has no effect beside `$ref`");
                self.report(Code::IgnoredSibling, trail.key(&key), message);
            }
            map.retain(|key, _| key == "$ref" || BESIDE.contains(&key.as_str()));
        }
        if map.len() == 1 {
            return;
        }
        let Some(reference) = map.shift_remove("$ref") else {
            return;
        };
        let at = trail.pointer();
        let mut all = vec![json!({ "$ref": reference })];
        if let Some(Value::Array(more)) = map.shift_remove("allOf") {
            let list = at.push("allOf");
            (0..more.len()).rev().for_each(|index| {
                self.diags
                    .origins_mut()
                    .moved(&list.index(index), &list.index(index + 1));
            });
            all.extend(more);
        }
        self.diags
            .origins_mut()
            .moved(&at, &at.push("allOf").index(0));
        map.insert("allOf".to_owned(), Value::Array(all));
    }
}

fn keywords_of(ty: &str) -> &'static [&'static str] {
    let ty = if ty == "integer" { "number" } else { ty };
    OF_TYPE
        .iter()
        .find(|(name, _)| *name == ty)
        .map_or(&[], |(_, keys)| keys)
}

/// Whether a media type is one whose content is text anyway.
fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || ["json", "xml", "yaml"]
            .iter()
            .any(|end| media_type.ends_with(end))
}

/// Whether a converted schema takes nothing at all: what `false` becomes.
fn is_impossible(schema: &Value) -> bool {
    *schema == json!({ "not": {} })
}

/// Whether a converted schema takes nothing but `null`.
fn is_null(schema: &Value) -> bool {
    let only_null = |values: &Value| values.as_array().is_some_and(|list| list == &[Value::Null]);
    schema.get("enum").is_some_and(only_null)
}
