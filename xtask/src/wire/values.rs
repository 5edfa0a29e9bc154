//! Values that a schema allows, made from what it says and shows.
//!
//! In: a schema of a document in its normal form (OpenAPI 3.0, references into its own components). Out: values that
//! are likely to be valid, the richest first; whoever uses one has it judged. The same schema gives the same values.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value, json};
use specmint::pointer::Pointer;

use super::text;

/// How deep optional members go.
const DEPTH: usize = 4;

/// How deep required members and items go: a schema that goes deeper has no end.
const DEEPEST: usize = 24;

/// Which members a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All that a request may hold.
    Whole,
    /// Those alone that must be there.
    Least,
}

/// What texts may hold that nothing is said about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// Characters that have to be encoded somewhere.
    Any,
    /// Letters.
    Letters,
}

/// Makes values for one document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Maker<'d> {
    document: &'d Value,
}

/// How one value is made.
#[derive(Clone, Copy, Debug)]
struct Making {
    extent: Extent,
    words: Words,
    depth: usize,
    /// Tells values of one list apart.
    salt: usize,
}

impl Making {
    fn deeper(self) -> Self {
        let depth = self.depth + 1;
        Self { depth, ..self }
    }
}

impl<'d> Maker<'d> {
    /// For the schemas of a document in its normal form.
    pub(super) fn new(document: &'d Value) -> Self {
        Self { document }
    }

    /// Values for a schema: what it shows, and what can be made of it, with all members and with the fewest.
    pub(super) fn values(&self, at: &Pointer, extent: Extent, words: Words) -> Vec<Value> {
        let Some(schema) = self.document.pointer(at.as_str()) else {
            return Vec::new();
        };
        let mut values = Vec::new();
        let extents = match extent {
            Extent::Whole => vec![Extent::Whole, Extent::Least],
            Extent::Least => vec![Extent::Least, Extent::Whole],
        };
        for extent in extents {
            for words in [words, Words::Letters] {
                for salt in 0..3 {
                    let depth = 0;
                    values.extend(self.value(
                        schema,
                        Making {
                            extent,
                            words,
                            depth,
                            salt,
                        },
                    ));
                }
            }
        }
        let shown = self.flat(schema);
        let shown = ["example", "default"].map(|key| shown.get(key).cloned());
        values.extend(shown.into_iter().flatten());
        values
    }

    /// The members that a schema declares; none if it is a choice.
    pub(super) fn members(&self, at: &Pointer) -> Vec<String> {
        let schema = self.document.pointer(at.as_str());
        let flat = schema.map(|schema| self.flat(schema)).unwrap_or_default();
        let members = flat.get("properties").and_then(Value::as_object);
        let is_choice = flat.contains_key("oneOf") || flat.contains_key("anyOf");
        let members = members.filter(|_| !is_choice);
        members
            .into_iter()
            .flat_map(|members| members.keys().cloned())
            .collect()
    }

    /// A schema with all that it refers to and all that it is made of in one map.
    fn flat(&self, schema: &Value) -> Map<String, Value> {
        let mut flat = Map::new();
        self.flatten(schema, &mut flat, 0);
        flat
    }

    fn flatten(&self, schema: &Value, flat: &mut Map<String, Value>, depth: usize) {
        let Some(map) = self.resolved(schema).as_object() else {
            return;
        };
        for (key, value) in map {
            match (key.as_str(), value) {
                ("properties", Value::Object(members)) => {
                    let all = flat.entry("properties").or_insert_with(|| json!({}));
                    for (name, member) in members {
                        let known = &mut all[name];
                        *known = match known.take() {
                            Value::Null => member.clone(),
                            // Both hold.
                            known => json!({ "allOf": [known, member] }),
                        };
                    }
                }
                ("required", Value::Array(names)) => {
                    let all = flat.entry("required").or_insert_with(|| json!([]));
                    if let Some(all) = all.as_array_mut() {
                        all.extend(names.iter().cloned());
                    }
                }
                ("allOf", Value::Array(parts)) => {
                    for part in parts.iter().filter(|_| depth < DEEPEST) {
                        self.flatten(part, flat, depth + 1);
                    }
                }
                ("enum", Value::Array(values)) if flat.contains_key("enum") => {
                    if let Some(known) = flat.get_mut("enum").and_then(Value::as_array_mut) {
                        known.retain(|value| values.contains(value));
                    }
                }
                _ => drop(flat.insert(key.clone(), value.clone())),
            }
        }
    }

    /// A schema, or what it refers to.
    fn resolved<'a>(&self, schema: &'a Value) -> &'a Value
    where
        'd: 'a,
    {
        let mut schema = schema;
        for _ in 0..DEEPEST {
            let reference = schema.get("$ref").and_then(Value::as_str);
            let Some(target) = reference.and_then(|text| {
                let at = Pointer::parse(text);
                self.document.pointer(at.as_str())
            }) else {
                break;
            };
            schema = target;
        }
        schema
    }

    /// A value for a schema; `None` if it has none that ends.
    fn value(&self, schema: &Value, making: Making) -> Option<Value> {
        if making.depth > DEEPEST {
            return None;
        }
        let mut flat = self.flat(schema);
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(mut branches)) = flat.remove(key) {
                // Where a value becomes text, a text is what it is for sure.
                let is_text =
                    |branch: &Value| self.flat(branch).get("type") == Some(&json!("string"));
                if branches.iter().any(is_text) {
                    branches.retain(is_text);
                }
                let branch = branches.get(making.salt % branches.len().max(1));
                let mut branches = branch.into_iter().chain(&branches);
                return branches.find_map(|branch| self.branch(&flat, branch, making));
            }
        }
        if let Some(values) = flat.get("enum").and_then(Value::as_array) {
            let values: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
            let value = values.get(making.salt % values.len().max(1)).copied();
            return value.cloned().or(Some(Value::Null));
        }
        match kind(&flat) {
            "object" => self.object(&flat, making),
            "array" => self.array(&flat, making),
            "boolean" => Some(json!(making.salt.is_multiple_of(2))),
            "integer" => number(&flat, making.salt, Digits::Whole),
            "number" => number(&flat, making.salt, Digits::Any),
            _ => text::text(&flat, making.words, making.salt).map(Value::String),
        }
    }

    /// A value for one alternative of a schema, together with what is said beside it.
    fn branch(&self, beside: &Map<String, Value>, branch: &Value, making: Making) -> Option<Value> {
        let mut beside = beside.clone();
        beside.remove("discriminator");
        let both = json!({ "allOf": [Value::Object(beside), branch] });
        self.value(&both, making.deeper())
    }

    fn object(&self, flat: &Map<String, Value>, making: Making) -> Option<Value> {
        let required: BTreeSet<&str> = flat
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let members = flat.get("properties").and_then(Value::as_object);
        let wanted = making.extent == Extent::Whole && making.depth < DEPTH;
        let mut object = Map::new();
        for (name, member) in members.into_iter().flatten() {
            let is_required = required.contains(name.as_str());
            let own = self.flat(member);
            if own.get("readOnly") == Some(&Value::Bool(true)) || !(is_required || wanted) {
                continue;
            }
            match self.value(member, making.deeper()) {
                Some(value) => drop(object.insert(name.clone(), value)),
                None if is_required => return None,
                None => {}
            }
        }
        let others = flat.get("additionalProperties");
        let least = flat
            .get("minProperties")
            .and_then(Value::as_u64)
            .unwrap_or(0);
        let undeclared = required
            .iter()
            .filter(|name| members.is_none_or(|members| !members.contains_key(**name)));
        let mut names: Vec<String> = undeclared.map(|name| (*name).to_owned()).collect();
        if members.is_none_or(Map::is_empty) && wanted && others.is_some_and(Value::is_object) {
            names.push("key".to_owned());
        }
        for index in object.len() + names.len()..usize::try_from(least).unwrap_or(0) {
            names.push(format!("key{index}"));
        }
        for name in names {
            let value = match others {
                Some(schema @ Value::Object(_)) => self.value(schema, making.deeper())?,
                _ => json!("text"),
            };
            object.insert(name, value);
        }
        Some(Value::Object(object))
    }

    fn array(&self, flat: &Map<String, Value>, making: Making) -> Option<Value> {
        let bound = |key| flat.get(key).and_then(Value::as_u64);
        let least = bound("minItems").unwrap_or(0);
        let most = bound("maxItems").unwrap_or(u64::MAX);
        let wished = match making.extent {
            Extent::Whole if making.depth < DEPTH => 2,
            _ => 1,
        };
        let count = u64::max(least, wished).min(most);
        let unique = flat.get("uniqueItems") == Some(&Value::Bool(true));
        let mut items = Vec::new();
        let any = json!({ "type": "string" });
        let schema = flat.get("items").unwrap_or(&any);
        for salt in 0..usize::try_from(count).unwrap_or(0).min(200) {
            let making = Making {
                salt: making.salt + salt,
                ..making.deeper()
            };
            match self.value(schema, making) {
                Some(item) if unique && items.contains(&item) => {}
                Some(item) => items.push(item),
                None if least == 0 => break,
                None => return None,
            }
        }
        Some(Value::Array(items))
    }
}

/// The type of a schema, also where it does not say.
fn kind(flat: &Map<String, Value>) -> &str {
    let has = |keys: &[&str]| keys.iter().any(|key| flat.contains_key(*key));
    match flat.get("type").and_then(Value::as_str) {
        Some(kind) => kind,
        None if has(&["properties", "required", "additionalProperties"]) => "object",
        None if has(&["items"]) => "array",
        None if has(&["minimum", "maximum", "multipleOf"]) => "number",
        None => "string",
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Digits {
    Whole,
    Any,
}

/// A number within its bounds: the `salt`th from the least on.
fn number(flat: &Map<String, Value>, salt: usize, digits: Digits) -> Option<Value> {
    let bound = |key| flat.get(key).and_then(Value::as_f64);
    let is = |key| flat.get(key) == Some(&Value::Bool(true));
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let (least, most) = (bound("minimum"), bound("maximum"));
    let unit = step.unwrap_or(1.0);
    let mut number = match (least, most) {
        (Some(least), _) => (least / unit).ceil() * unit,
        (None, Some(most)) if most < unit => (most / unit).floor() * unit - unit,
        _ => unit,
    };
    if is("exclusiveMinimum") && least == Some(number) {
        number += unit;
    }
    number += salt as f64 * unit;
    if most.is_some_and(|most| number > most || (number == most && is("exclusiveMaximum"))) {
        number = match (least, most) {
            (Some(least), Some(most)) if digits == Digits::Any && step.is_none() => {
                least.midpoint(most)
            }
            (Some(least), _) => (least / unit).ceil() * unit,
            _ => most.unwrap_or(number) - unit,
        };
    }
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Some(json!(number as i64));
    }
    match digits {
        Digits::Whole => Some(json!(number.ceil() as i64)),
        Digits::Any => Number::from_f64(number).map(Value::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_to_what_their_schemas_say() {
        #[rustfmt::skip]
        let table = [
            (json!({ "type": "integer", "minimum": 5 }),                                json!(5)),
            (json!({ "type": "integer", "maximum": -3 }),                               json!(-4)),
            (json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 0.5 }), json!(0.25)),
            (json!({ "type": "integer", "multipleOf": 7, "minimum": 8 }),               json!(14)),
            (json!({ "enum": [null, "b"] }),                                            json!("b")),
            (json!({ "type": "array", "items": { "type": "boolean" }, "maxItems": 1 }), json!([true])),
            (json!({ "type": "array", "items": { "type": "integer" }, "uniqueItems": true }), json!([1, 2])),
            (json!({ "properties": { "a": { "type": "boolean" }, "b": { "readOnly": true } } }), json!({ "a": true })),
            (json!({ "allOf": [{ "properties": { "a": { "enum": [1] } } }, { "properties": { "b": { "enum": [2] } } }] }),
                                                                                        json!({ "a": 1, "b": 2 })),
            (json!({ "oneOf": [{ "enum": ["x"] }, { "type": "integer" }] }),            json!("x")),
        ];
        for (schema, value) in table {
            let document = json!({ "s": schema });
            let values =
                Maker::new(&document).values(&Pointer::parse("/s"), Extent::Whole, Words::Any);
            assert_eq!(values.first(), Some(&value), "{schema}");
        }
    }

    #[test]
    fn a_schema_that_holds_itself_has_a_value_that_ends() {
        let document = json!({ "s": {
            "type": "object",
            "properties": { "next": { "$ref": "#/s" }, "list": { "type": "array", "items": { "$ref": "#/s" } } },
        } });
        let values = Maker::new(&document).values(&Pointer::parse("/s"), Extent::Whole, Words::Any);
        assert!(!values.is_empty());
    }
}
