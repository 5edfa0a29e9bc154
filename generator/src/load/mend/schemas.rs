//! What is mended in schemas.

use serde_json::{Map, Value};

use super::{Mender, text};
use crate::diag::Code;
use crate::load::trail::Trail;

/// The types of JSON Schema that OpenAPI 3.0 has.
const TYPES: &[&str] = &["string", "number", "integer", "boolean", "array", "object"];

/// What people write for a type, and what they mean.
#[rustfmt::skip]
const MEANT: &[(&str, &str, Option<&str>)] = &[
    ("int", "integer", None), ("int32", "integer", Some("int32")), ("int64", "integer", Some("int64")),
    ("long", "integer", Some("int64")), ("float", "number", Some("float")), ("double", "number", Some("double")),
    ("decimal", "number", None), ("bool", "boolean", None), ("str", "string", None), ("text", "string", None),
    ("date", "string", Some("date")), ("datetime", "string", Some("date-time")),
    ("date-time", "string", Some("date-time")), ("timestamp", "string", None), ("uuid", "string", Some("uuid")),
    ("guid", "string", Some("uuid")), ("uri", "string", Some("uri")), ("url", "string", Some("uri")),
    ("email", "string", Some("email")), ("enum", "string", None), ("file", "string", Some("binary")),
    ("binary", "string", Some("binary")), ("list", "array", None), ("dict", "object", None),
    ("map", "object", None), ("hash", "object", None),
];

impl Mender<'_> {
    /// Before the members of a schema are looked at.
    pub(super) fn before_schema(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        self.lift_required(map, trail);
        if let Some(Value::Bool(_)) = map.get("required") {
            let message =
                "`required` is a list of members of this schema, and not for the schema itself";
            self.report(Code::MisplacedRequired, trail.key("required"), message);
            map.shift_remove("required");
        }
        if let Some(said) = text(map, "type")
            && !TYPES.contains(&said)
        {
            self.mend_type(map, trail);
        }
        if map
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
        {
            self.report(
                Code::WrongType,
                trail.key("enum"),
                "an empty `enum` allows nothing and is ignored",
            );
            map.shift_remove("enum");
        }
    }

    /// `required: true` in a member's schema, as draft 3 had it, goes to the list around it.
    fn lift_required(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        let Some(Value::Object(properties)) = map.get_mut("properties") else {
            return;
        };
        let mut required = Vec::new();
        for (name, schema) in properties.iter_mut() {
            let Value::Object(schema) = schema else {
                continue;
            };
            if let Some(Value::Bool(is_required)) = schema.get("required") {
                let is_required = *is_required;
                let around = trail.key("properties");
                let member = around.key(name);
                let message =
                    format!("`required` of `{name}` belongs into the list of the schema around it");
                self.report(Code::MisplacedRequired, member.key("required"), message);
                schema.shift_remove("required");
                if is_required {
                    required.push(Value::String(name.clone()));
                }
            }
        }
        if required.is_empty() {
            return;
        }
        match map.get_mut("required") {
            Some(Value::Array(list)) => {
                required.retain(|name| !list.contains(name));
                list.append(&mut required);
            }
            _ => drop(map.insert("required".to_owned(), Value::Array(required))),
        }
    }

    fn mend_type(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        let said = text(map, "type").unwrap_or_default().to_owned();
        let plain = said.trim().to_ascii_lowercase();
        let meant = MEANT.iter().find(|(name, ..)| *name == plain);
        let (ty, format) = match meant {
            Some((_, ty, format)) => (Some(*ty), *format),
            None => (TYPES.iter().copied().find(|ty| *ty == plain), None),
        };
        let message = match ty {
            Some(ty) => format!("`{said}` is not a type; `{ty}` is meant"),
            None => format!("`{said}` is not a type; anything is allowed instead"),
        };
        self.report(Code::UnknownType, trail.key("type"), message);
        match ty {
            Some(ty) => drop(map.insert("type".to_owned(), ty.into())),
            None => drop(map.shift_remove("type")),
        }
        if let Some(format) = format {
            map.entry("format").or_insert_with(|| format.into());
        }
    }
}
