//! OpenAPI 3.1 and 3.2 to the form of OpenAPI 3.0.
//!
//! What 3.0 has words for is put into them; what `lower` understands beyond that is kept under `x-specmint-…`;
//! the rest is named in a warning and left out. Documents that say they are older and use the newer words all
//! the same are understood too, with a warning.

mod schemas;

use serde_json::{Map, Value};

use super::dialect::Dialect;
use super::grammar::{self, Kind, Shape, V30, V31};
use super::trail::Trail;
use super::walk;
use crate::diag::{Code, Diagnostics};

/// Members that say nothing to a generator of clients.
const SILENT: &[(Kind, &str)] = &[
    (Kind::Document, "jsonSchemaDialect"),
    (Kind::Document, "$self"),
    (Kind::License, "identifier"),
    (Kind::Tag, "parent"),
    (Kind::Tag, "kind"),
    (Kind::SecurityScheme, "deprecated"),
    (Kind::SecurityScheme, "oauth2MetadataUrl"),
    (Kind::Example, "serializedValue"),
    // what was in there has been copied to where it is used
    (Kind::Components, "pathItems"),
    (Kind::Components, "mediaTypes"),
];

/// Members that stand in for an older one, if that is missing.
const STAND_INS: &[(Kind, &str, &str)] = &[
    (Kind::Info, "summary", "description"),
    (Kind::Tag, "summary", "description"),
    (Kind::Server, "name", "description"),
    (Kind::Response, "summary", "description"),
    (Kind::Example, "dataValue", "value"),
];

/// Brings a document into the form of OpenAPI 3.0.
pub(super) fn convert(tree: &mut Value, dialect: Dialect, diags: &mut Diagnostics) {
    let mut cx = Conversion { dialect, diags };
    let document = Shape::Node(Kind::Document);
    walk::nodes(
        tree,
        document,
        V30 | V31,
        Trail::Root,
        &mut |kind, value, trail| {
            if kind == Kind::Schema {
                cx.schema(value, trail);
            } else if let Value::Object(map) = value {
                cx.node(map, kind, trail);
            }
        },
    );
}

struct Conversion<'a> {
    dialect: Dialect,
    diags: &'a mut Diagnostics,
}

impl Conversion<'_> {
    fn report(&mut self, code: Code, trail: Trail<'_>, message: impl Into<String>) {
        if let Some(place) = self.diags.origins().place(&trail.pointer()) {
            self.diags.report_place(code, place, message);
        }
    }

    /// A newer keyword is understood; an older document that uses it is told so.
    fn newer(&mut self, trail: Trail<'_>, keyword: &str) {
        if self.dialect != Dialect::OpenApi31 {
            let message = format!(
                "`{keyword}` in this form belongs to OpenAPI 3.1; it is understood all the same"
            );
            self.report(Code::NewerKeyword, trail.key(keyword), message);
        }
    }

    fn ignored(&mut self, trail: Trail<'_>, keyword: &str, consequence: &str) {
        let message = format!("`{keyword}` is not supported: {consequence}");
        self.report(Code::KeywordIgnored, trail.key(keyword), message);
    }

    fn node(&mut self, map: &mut Map<String, Value>, kind: Kind, trail: Trail<'_>) {
        if grammar::container(kind).is_some() && map.get("$ref").is_some_and(Value::is_string) {
            map.retain(|key, _| key == "$ref");
            return;
        }
        for (_, newer, older) in STAND_INS.iter().filter(|(of, ..)| *of == kind) {
            if let Some(value) = map.shift_remove(*newer) {
                map.entry(*older).or_insert(value);
            }
        }
        if self.dialect != Dialect::OpenApi31 {
            return;
        }
        if kind == Kind::Operation {
            map.entry("responses")
                .or_insert_with(|| Value::Object(Map::new()));
        }
        let is_newer = |key: &String| {
            grammar::member(kind, key, V31).is_some() && grammar::member(kind, key, V30).is_none()
        };
        let newer: Vec<String> = map.keys().filter(|key| is_newer(key)).cloned().collect();
        for key in newer {
            map.shift_remove(&key);
            if !SILENT.contains(&(kind, key.as_str())) {
                let consequence = match key.as_str() {
                    "webhooks" => "a client does not serve the requests that are sent to it",
                    "query" | "additionalOperations" => "the operation is left out",
                    _ => "it has no effect",
                };
                self.ignored(trail, &key, consequence);
            }
        }
    }
}
