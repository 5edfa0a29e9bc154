//! Everything but schemas: what OpenAPI 3.1 and 3.2 add to the nodes of 3.0.

use serde_json::{Map, Value, json};

use super::Conversion;
use crate::diag::Code;
use crate::load::dialect::Dialect;
use crate::load::grammar::{self, Kind, V30, V31};
use crate::load::trail::Trail;

/// Members whose work is done when this comes: what they name has been found, or copied to where it is used.
const DONE: &[(Kind, &str)] = &[
    (Kind::Document, "$self"),
    (Kind::Components, "pathItems"),
    (Kind::Components, "mediaTypes"),
    // a name for a licence, which is nothing to a client, as its URL is nothing
    (Kind::License, "identifier"),
];

/// Members that stand in for an older one, if that is missing.
const STAND_INS: &[(Kind, &str, &str)] = &[
    (Kind::Info, "summary", "description"),
    (Kind::Tag, "summary", "description"),
    (Kind::Server, "name", "description"),
    (Kind::Response, "summary", "description"),
    (Kind::Example, "dataValue", "value"),
];

/// Members that older documents have under the names of the newer ones.
const ADOPTED: &[(Kind, &str)] = &[
    (Kind::Document, "webhooks"),
    (Kind::PathItem, "query"),
    (Kind::PathItem, "additionalOperations"),
    (Kind::Flows, "deviceAuthorization"),
];

/// The dialects of JSON Schema that are read as what they are.
const SCHEMA_DIALECTS: &[&str] = &[
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.2/dialect/",
    "https://json-schema.org/draft/2020-12/schema",
];

impl Conversion<'_> {
    /// Converts a node whose members are converted already.
    pub(super) fn node(&mut self, map: &mut Map<String, Value>, kind: Kind, trail: Trail<'_>) {
        if grammar::container(kind).is_some() && map.get("$ref").is_some_and(Value::is_string) {
            return self.beside(map, kind, trail);
        }
        for (_, newer, older) in STAND_INS.iter().filter(|(of, ..)| *of == kind) {
            if let Some(value) = map.shift_remove(*newer) {
                if !map.contains_key(*older) {
                    self.moved(trail, newer, older);
                }
                map.entry(*older).or_insert(value);
            }
        }
        for (_, key) in ADOPTED.iter().filter(|(of, _)| *of == kind) {
            if map.contains_key(*key) {
                self.newer(trail, key);
            }
        }
        match kind {
            Kind::Document => self.document(map, trail),
            Kind::Parameter => self.whole_query(map, trail),
            Kind::SecurityScheme => scheme(map),
            Kind::MediaType => self.items(map, trail),
            _ => {}
        }
        if self.dialect != Dialect::OpenApi31 {
            return;
        }
        if kind == Kind::Operation {
            map.entry("responses")
                .or_insert_with(|| Value::Object(Map::new()));
        }
        self.leave_out(map, kind, trail);
    }

    /// Names what is newer than OpenAPI 3.0 and has no effect, and leaves it out.
    fn leave_out(&mut self, map: &mut Map<String, Value>, kind: Kind, trail: Trail<'_>) {
        let is_newer = |key: &String| {
            grammar::member(kind, key, V31).is_some() && grammar::member(kind, key, V30).is_none()
        };
        let newer: Vec<String> = map.keys().filter(|key| is_newer(key)).cloned().collect();
        for key in newer {
            map.shift_remove(&key);
            if DONE.contains(&(kind, key.as_str())) {
                continue;
            }
            match (kind, key.as_str()) {
                (Kind::Tag | Kind::Example, _) => {
                    let message = format!("`{key}` changes nothing in a client");
                    self.report(Code::KeywordUnused, trail.key(&key), message);
                }
                (Kind::MediaType, "itemSchema") => {
                    let consequence = "`schema` beside it says what is read";
                    self.ignored(trail, &key, consequence);
                }
                (Kind::Discriminator, "defaultMapping") => {
                    let consequence = "values of another kind are kept as they are";
                    self.ignored(trail, &key, consequence);
                }
                _ => self.ignored(trail, &key, "it has no effect"),
            }
        }
    }

    /// What stands beside a reference to anything but a schema. Only prose may, and only since OpenAPI 3.1; what
    /// is referred to has prose of its own.
    fn beside(&mut self, map: &mut Map<String, Value>, kind: Kind, trail: Trail<'_>) {
        let siblings: Vec<String> = map.keys().filter(|key| *key != "$ref").cloned().collect();
        for key in siblings {
            let message = match key.as_str() {
                key if key.starts_with("x-") => continue,
                "description" | "summary" => {
                    let what = grammar::called(kind);
                    format!("`{key}` beside `$ref` is not shown; the {what} has its own prose")
                }
                key => format!("`{key}` has no effect beside `$ref`"),
            };
            self.report(Code::IgnoredSibling, trail.key(&key), message);
        }
        map.retain(|key, _| key == "$ref");
    }

    fn document(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        if let Some(webhooks) = map.shift_remove("x-webhooks")
            && !map.contains_key("webhooks")
        {
            self.moved(trail, "x-webhooks", "webhooks");
            map.insert("webhooks".to_owned(), webhooks);
        }
        if let Some(Value::String(said)) = map.shift_remove("jsonSchemaDialect")
            && !SCHEMA_DIALECTS.iter().any(|known| said.starts_with(known))
        {
            let consequence = "schemas are read as JSON Schema 2020-12";
            self.ignored(trail, "jsonSchemaDialect", consequence);
        }
    }

    /// What a stream holds one after another (OpenAPI 3.2, `itemSchema`) is a list, of which it is said that its
    /// elements travel one by one.
    fn items(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        if self.dialect != Dialect::OpenApi31 || map.contains_key("schema") {
            return;
        }
        let Some(items) = map.shift_remove("itemSchema") else {
            return;
        };
        let at = trail.pointer();
        let origins = self.diags.origins_mut();
        origins.moved(&at.push("itemSchema"), &at.push("schema").push("items"));
        map.insert(
            "schema".to_owned(),
            json!({ "type": "array", "items": items }),
        );
        map.insert("x-specmint-items".to_owned(), true.into());
    }

    /// `in: querystring` with a form in it is a query parameter whose members are parameters of their own.
    fn whole_query(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        if map.get("in").and_then(Value::as_str) != Some("querystring") {
            return;
        }
        let Some(Value::Object(content)) = map.get_mut("content") else {
            return;
        };
        let form = "application/x-www-form-urlencoded";
        let Some(Value::Object(mut media)) = content.shift_remove(form) else {
            return;
        };
        map.shift_remove("content");
        let at = trail.pointer();
        let from = at.push("content").push(form);
        for key in ["schema", "example", "examples"] {
            if let Some(value) = media.shift_remove(key) {
                self.diags
                    .origins_mut()
                    .moved(&from.push(key), &at.push(key));
                map.insert(key.to_owned(), value);
            }
        }
        if media.contains_key("encoding") {
            let content = trail.key("content");
            let consequence = "lists among the members repeat their name";
            self.ignored(content.key(form), "encoding", consequence);
        }
        map.insert("in".to_owned(), "query".into());
        map.insert("style".to_owned(), "form".into());
        map.insert("explode".to_owned(), true.into());
        map.entry("schema").or_insert_with(|| json!({}));
    }
}

/// What OpenAPI 3.2 says of a security scheme becomes prose.
fn scheme(map: &mut Map<String, Value>) {
    let mut said = Vec::new();
    if map.shift_remove("deprecated") == Some(Value::Bool(true)) {
        said.push("**Deprecated** by the API's description.".to_owned());
    }
    if let Some(Value::String(url)) = map.shift_remove("oauth2MetadataUrl") {
        said.push(format!(
            "The authorization server describes itself at `{url}`."
        ));
    }
    if said.is_empty() {
        return;
    }
    if let Some(Value::String(own)) = map.get("description") {
        said.insert(0, own.clone());
    }
    map.insert("description".to_owned(), said.join("\n\n").into());
}
