//! Whether a value is valid for the schemas of its place, by a JSON Schema validator that knows nothing of ours.
//!
//! In: the normal form of a document (OpenAPI 3.0). The schemas are translated to JSON Schema 2020-12 for it:
//! `nullable` allows `null` whatever else is said (also beside an `enum` without it), members that are
//! `readOnly` or `writeOnly` are not demanded (one side never sends them), the integer formats are bounds,
//! a schema with members is one of objects without saying so, and `discriminator` says nothing. Of the formats those are checked that give a value another type than
//! text; a text that is no e-mail address is a text all the same.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value, json};
use specmint::pointer::Pointer;

use super::same::word;

/// What a value is, as its schemas have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Valid.
    Valid,
    /// Not valid; the keyword that it breaks, which is the class of the reason.
    Invalid(String),
    /// The schemas are none that a validator takes; what it says.
    Unjudged(String),
}

/// Formats that give a text a type of its own.
const CHECKED: &[&str] = &["date-time", "date", "time", "duration", "uuid", "byte"];

/// Keywords that mean in JSON Schema what they mean in OpenAPI 3.0.
const SAME: &[&str] = &[
    "type",
    "enum",
    "multipleOf",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// The integers of each format.
const BOUNDS: &[(&str, i128, i128)] = &[
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("int64", i64::MIN as i128, i64::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
    ("uint64", 0, u64::MAX as i128),
];

/// Judges the values of one document.
pub(crate) struct Judge<'d> {
    document: &'d Value,
    validators: BTreeMap<Vec<Pointer>, Result<Validator, String>>,
}

impl<'d> Judge<'d> {
    /// For the values of a document in its normal form.
    pub(crate) fn new(document: &'d Value) -> Self {
        Self {
            document,
            validators: BTreeMap::new(),
        }
    }

    /// The schema of an answer of an operation: of its status, and of its media type or the first.
    pub(crate) fn answer(
        &self,
        operation: &Pointer,
        status: u16,
        media_type: &str,
    ) -> Option<Pointer> {
        let responses = operation.push("responses");
        let keys = [
            status.to_string(),
            format!("{}XX", status / 100),
            "default".to_owned(),
        ];
        let mut at = keys.iter().find_map(|key| {
            let at = responses.push(key);
            self.document.pointer(at.as_str()).map(|_| at)
        })?;
        if let Some(reference) = self.document.pointer(at.as_str())?["$ref"].as_str() {
            at = Pointer::parse(reference);
        }
        let content = at.push("content");
        let list = self.document.pointer(content.as_str())?.as_object()?;
        let essence = |text: &str| {
            text.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        };
        let mut names = list.keys();
        let name = names
            .find(|name| essence(name) == essence(media_type))
            .or_else(|| list.keys().next())?;
        let schema = content.push(name).push("schema");
        self.document.pointer(schema.as_str()).map(|_| schema)
    }

    /// Whether the value is valid for all of the schemas.
    pub(crate) fn verdict(&mut self, schemas: &[Pointer], value: &Value) -> Verdict {
        if !self.validators.contains_key(schemas) {
            let validator = validator(&self.whole(schemas));
            self.validators.insert(schemas.to_vec(), validator);
        }
        match &self.validators[schemas] {
            Err(reason) => Verdict::Unjudged(reason.clone()),
            Ok(validator) => match validator.validate(value) {
                Ok(()) => Verdict::Valid,
                Err(error) => Verdict::Invalid(class(error.kind(), error.instance())),
            },
        }
    }

    /// One schema that says what all of `schemas` say, with the components that they lead to.
    fn whole(&self, schemas: &[Pointer]) -> Value {
        let mut wanted = BTreeSet::new();
        let mut translate = |schema: Option<&Value>| match schema {
            Some(schema) => translated(schema, &mut wanted),
            None => Value::Bool(true),
        };
        let all: Vec<Value> = schemas
            .iter()
            .map(|at| translate(self.document.pointer(at.as_str())))
            .collect();
        let mut definitions = Map::new();
        while let Some(name) = wanted.pop_first() {
            if definitions.contains_key(&name) {
                continue;
            }
            let at = Pointer::parse("/components/schemas").push(&name);
            let definition = self.document.pointer(at.as_str());
            let mut more = BTreeSet::new();
            let definition = definition.map_or(Value::Bool(true), |definition| {
                translated(definition, &mut more)
            });
            definitions.insert(name, definition);
            wanted.extend(more);
        }
        json!({ "allOf": all, "$defs": definitions })
    }
}

fn validator(schema: &Value) -> Result<Validator, String> {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_format("byte", is_base64)
        .build(schema)
        .map_err(|error| error.masked().to_string())
}

fn is_base64(text: &str) -> bool {
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    ENGINE.decode(text).is_ok()
}

/// A schema of OpenAPI 3.0 as one of JSON Schema; the components that it names are added to `wanted`.
fn translated(schema: &Value, wanted: &mut BTreeSet<String>) -> Value {
    let Some(map) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
        let at = Pointer::parse(reference);
        let name = at.tokens().last().unwrap_or_default();
        let target = json!({ "$ref": format!("#{}", fragment(&name)) });
        wanted.insert(name);
        return target;
    }
    let mut out: Map<String, Value> = SAME
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), map.get(*key)?.clone())))
        .collect();
    for (from, to) in [
        ("allOf", "allOf"),
        ("anyOf", "anyOf"),
        ("oneOf", "oneOf"),
        ("x-specmint-prefix-items", "prefixItems"),
    ] {
        if let Some(list) = map.get(from).and_then(Value::as_array) {
            let list = list.iter().map(|schema| translated(schema, wanted));
            out.insert(to.to_owned(), list.collect());
        }
    }
    for (from, to) in [
        ("properties", "properties"),
        ("x-specmint-pattern-properties", "patternProperties"),
    ] {
        if let Some(members) = map.get(from).and_then(Value::as_object) {
            let members = members
                .iter()
                .map(|(name, schema)| (name.clone(), translated(schema, wanted)));
            out.insert(to.to_owned(), Value::Object(members.collect()));
        }
    }
    for key in ["items", "additionalProperties", "not"] {
        if let Some(schema) = map.get(key) {
            out.insert(key.to_owned(), translated(schema, wanted));
        }
    }
    if !map.contains_key("type")
        && ["properties", "required"]
            .iter()
            .any(|key| map.contains_key(*key))
    {
        out.insert("type".to_owned(), "object".into());
    }
    demands(map, &mut out);
    bounds(map, &mut out);
    if map.get("nullable") == Some(&Value::Bool(true)) {
        return json!({ "anyOf": [{ "type": "null" }, out] });
    }
    Value::Object(out)
}

/// The part of a URI that names a definition.
fn fragment(name: &str) -> String {
    let at = Pointer::parse("/$defs").push(name);
    let mut text = String::new();
    for byte in at.as_str().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' | b'$' => {
                text.push(char::from(byte));
            }
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// `required`, without the members that one side never sends.
fn demands(map: &Map<String, Value>, out: &mut Map<String, Value>) {
    let Some(required) = map.get("required").and_then(Value::as_array) else {
        return;
    };
    let one_sided = |name: &Value| {
        let member = name
            .as_str()
            .and_then(|name| map.get("properties")?.get(name));
        ["readOnly", "writeOnly"]
            .iter()
            .any(|key| member.and_then(|member| member.get(*key)) == Some(&Value::Bool(true)))
    };
    let demanded = required.iter().filter(|name| !one_sided(name)).cloned();
    out.insert("required".to_owned(), demanded.collect());
}

/// `exclusiveMinimum`, `exclusiveMaximum` and `format`.
fn bounds(map: &Map<String, Value>, out: &mut Map<String, Value>) {
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if map.get(exclusive) == Some(&Value::Bool(true))
            && let Some(bound) = out.remove(inclusive)
        {
            out.insert(exclusive.to_owned(), bound);
        }
    }
    let Some(format) = map.get("format").and_then(Value::as_str) else {
        return;
    };
    if format == "float" && map.get("type").and_then(Value::as_str) == Some("number") {
        let within = json!({ "minimum": f32::MIN, "maximum": f32::MAX });
        also(out, within);
    }
    if CHECKED.contains(&format) {
        out.insert("format".to_owned(), format.into());
    }
    let bounds = BOUNDS.iter().find(|(name, ..)| *name == format);
    if let Some((_, least, most)) = bounds
        && map.get("type").and_then(Value::as_str) == Some("integer")
    {
        also(
            out,
            json!({ "minimum": number(*least), "maximum": number(*most) }),
        );
    }
}

/// Adds a schema that holds as well.
fn also(out: &mut Map<String, Value>, schema: Value) {
    match out.get_mut("allOf").and_then(Value::as_array_mut) {
        Some(all) => all.push(schema),
        None => drop(out.insert("allOf".to_owned(), json!([schema]))),
    }
}

fn number(number: i128) -> Value {
    serde_json::Number::from_i128(number).map_or(Value::Null, Value::Number)
}

/// The keyword that a value breaks, and as much as tells mistakes of one kind from those of another.
fn class(kind: &ValidationErrorKind, found: &Value) -> String {
    let found = word(found);
    match kind {
        ValidationErrorKind::Type { kind } => {
            let wanted = format!("{kind:?}");
            let wanted = wanted.to_lowercase();
            let inner = wanted.split(['(', ')']).nth(1).unwrap_or(&wanted);
            format!("type: {found} for {inner}")
        }
        ValidationErrorKind::Format { format } => format!("format: {format}"),
        ValidationErrorKind::OneOfMultipleValid { .. } => "oneOf: several fit".to_owned(),
        ValidationErrorKind::OneOfNotValid { .. } => "oneOf: none fits".to_owned(),
        ValidationErrorKind::AnyOf { .. } => "anyOf: none fits".to_owned(),
        kind => kind.keyword().to_owned(),
    }
}
