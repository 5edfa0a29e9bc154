//! What each kind of node must have.

use serde_json::{Map, Value, json};

use super::{Fate, Mender, Renamed, text};
use crate::diag::Code;
use crate::load::grammar::{self, Kind};
use crate::load::trail::Trail;

/// What OpenAPI 3.0 says of a location: its name, and the styles that it knows.
const LOCATIONS: &[(&str, &[&str])] = &[
    ("path", &["matrix", "label", "simple"]),
    ("query", QUERY_STYLES),
    ("header", &["simple"]),
    ("cookie", &["form"]),
];

const QUERY_STYLES: &[&str] = &["form", "spaceDelimited", "pipeDelimited", "deepObject"];

impl Mender<'_> {
    /// Before the members of a node are looked at.
    pub(super) fn before(&mut self, map: &mut Map<String, Value>, kind: Kind, trail: Trail<'_>) {
        match kind {
            Kind::Schema => self.before_schema(map, trail),
            Kind::Paths => self.mend_paths(map, trail),
            Kind::Responses => self.mend_statuses(map, trail),
            Kind::PathItem => self.before_path_item(map, trail),
            Kind::Parameter | Kind::Header => self.wrap_schema(map, trail),
            Kind::SecurityScheme => self.before_scheme(map, trail),
            Kind::Callback => map.retain(|key, _| !key.starts_with("x-")),
            _ => {}
        }
    }

    /// After them: supplies what is missing, or drops the node.
    pub(super) fn after(
        &mut self,
        map: &mut Map<String, Value>,
        kind: Kind,
        trail: Trail<'_>,
    ) -> Fate {
        match kind {
            Kind::Document => {
                map.insert("openapi".to_owned(), "3.0.3".into());
                self.supply(
                    map,
                    "info",
                    json!({ "title": "API", "version": "" }),
                    kind,
                    trail,
                );
                if !map.contains_key("components") {
                    self.supply(map, "paths", json!({}), kind, trail);
                }
                map.entry("paths").or_insert_with(|| json!({}));
            }
            Kind::Info => {
                self.supply(map, "title", "API".into(), kind, trail);
                self.supply(map, "version", "".into(), kind, trail);
            }
            Kind::License => self.supply(map, "name", "".into(), kind, trail),
            Kind::Server => return self.demand(map, "url", kind, trail),
            Kind::Tag => return self.demand(map, "name", kind, trail),
            Kind::ExternalDocs => return self.demand(map, "url", kind, trail),
            Kind::Discriminator => {
                if let Some(Value::Object(mapping)) = map.get_mut("mapping") {
                    let is_left =
                        |name: &Value| name.as_str().is_some_and(|name| self.left.contains(name));
                    mapping.retain(|_, name| is_left(name));
                }
                return self.demand(map, "propertyName", kind, trail);
            }
            Kind::ServerVariable => {
                let first = map.get("enum").and_then(|list| list.get(0)).cloned();
                self.supply(
                    map,
                    "default",
                    first.unwrap_or_else(|| "".into()),
                    kind,
                    trail,
                );
            }
            Kind::Response => self.supply(map, "description", "".into(), kind, trail),
            Kind::Operation => self.supply(map, "responses", json!({}), kind, trail),
            Kind::Parameter => return self.after_parameter(map, trail),
            Kind::Header => {
                self.mend_style(map, &["simple"], trail);
                self.mend_content(map, trail);
            }
            Kind::Encoding => {
                self.mend_style(map, QUERY_STYLES, trail);
                // what is not said depends on the style (OpenAPI 3.0, Encoding Object)
                let is_form = text(map, "style").is_none_or(|style| style == "form");
                map.entry("explode").or_insert_with(|| is_form.into());
            }
            Kind::Link => return self.after_link(map, trail),
            Kind::SecurityScheme => return self.after_scheme(map, trail),
            Kind::Flows => self.after_flows(map, trail),
            Kind::PathItem => self.after_path_item(map, trail),
            _ => {}
        }
        Fate::Keep
    }

    fn supply(
        &mut self,
        map: &mut Map<String, Value>,
        key: &str,
        value: Value,
        kind: Kind,
        trail: Trail<'_>,
    ) {
        if !map.contains_key(key) {
            let message = format!("the {} has no `{key}`", grammar::called(kind));
            self.report(Code::MissingMember, trail, message);
            map.insert(key.to_owned(), value);
        }
    }

    fn demand(
        &mut self,
        map: &Map<String, Value>,
        key: &str,
        kind: Kind,
        trail: Trail<'_>,
    ) -> Fate {
        if map.contains_key(key) {
            return Fate::Keep;
        }
        let message = format!(
            "the {} has no `{key}` and is left out",
            grammar::called(kind)
        );
        self.report(Code::MissingMember, trail, message);
        Fate::Drop
    }

    fn mend_paths(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        self.rename(map, trail, |mender, path| {
            if path.starts_with('/') || path.starts_with("x-") {
                return Renamed::Same;
            }
            let message = format!("`{path}` does not begin with a slash; `/{path}` is meant");
            mender.report(Code::MalformedPath, trail.key(path), message);
            Renamed::To(format!("/{path}"))
        });
    }

    fn mend_statuses(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        self.rename(map, trail, |mender, status| {
            if status.starts_with("x-") {
                return Renamed::Same;
            }
            let upper = status.trim().to_ascii_uppercase();
            let meant = match upper.as_bytes() {
                b"DEFAULT" => "default".to_owned(),
                [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'5', b'X', b'X'] => upper,
                _ => {
                    let message =
                        format!("`{status}` is not a status, a range such as `4XX`, or `default`");
                    mender.report(Code::MalformedStatus, trail.key(status), message);
                    return Renamed::Drop;
                }
            };
            if meant == status {
                Renamed::Same
            } else {
                Renamed::To(meant)
            }
        });
    }

    /// Drops media types without a slash. If none is left, the first one's schema is taken for JSON.
    pub(super) fn mend_media_types(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        let is_hopeless = !map
            .keys()
            .any(|key| key.contains('/') || key == "*" || key.starts_with("x-"));
        let mut is_first = true;
        self.rename(map, trail, |mender, media_type| {
            if media_type == "*" {
                return Renamed::To("*/*".to_owned());
            }
            if media_type.contains('/') {
                return Renamed::Same;
            }
            let stands_in = is_hopeless && std::mem::take(&mut is_first);
            let instead = if stands_in {
                "`application/json` is taken instead"
            } else {
                "it is left out"
            };
            let message = format!("`{media_type}` is not a media type; {instead}");
            mender.report(Code::MalformedMediaType, trail.key(media_type), message);
            if stands_in {
                Renamed::To("application/json".to_owned())
            } else {
                Renamed::Drop
            }
        });
    }

    /// `type` beside `in`, as Swagger 2.0 has it, goes into a schema.
    fn wrap_schema(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        if map.contains_key("schema") || map.contains_key("content") || map.contains_key("$ref") {
            return;
        }
        let is_part = |key: &str| {
            grammar::member(Kind::Schema, key, grammar::V30).is_some()
                && grammar::member(Kind::Parameter, key, grammar::V30).is_none()
        };
        let keys: Vec<String> = map.keys().filter(|key| is_part(key)).cloned().collect();
        let schema: Map<String, Value> = keys
            .iter()
            .filter_map(|key| Some((key.clone(), map.shift_remove(key)?)))
            .collect();
        let message = match schema.is_empty() {
            true => "nothing says what it holds; anything is allowed",
            false => "what it holds belongs into a `schema`",
        };
        self.report(Code::MissingSchema, trail, message);
        let at = trail.pointer();
        self.diags.origins_mut().moved(&at, &at.push("schema"));
        map.insert("schema".to_owned(), Value::Object(schema));
    }

    fn after_parameter(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) -> Fate {
        if text(map, "name").is_none_or(str::is_empty) {
            self.report(
                Code::InvalidParameter,
                trail,
                "the parameter has no `name` and is left out",
            );
            return Fate::Drop;
        }
        let said = text(map, "in")
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let Some((location, styles)) = LOCATIONS.iter().find(|(location, _)| *location == said)
        else {
            let message = format!("a parameter cannot be in `{said}`, and is left out");
            self.report(Code::InvalidParameter, trail, message);
            return Fate::Drop;
        };
        map.insert("in".to_owned(), (*location).into());
        if *location == "path" && map.get("required").and_then(Value::as_bool) != Some(true) {
            let name = text(map, "name").unwrap_or_default();
            let message = format!("`{name}` is in the path, so it is required");
            self.report(Code::PathParameter, trail, message);
            map.insert("required".to_owned(), true.into());
        }
        own_spelling(map, location);
        self.mend_style(map, styles, trail);
        self.mend_content(map, trail);
        Fate::Keep
    }

    fn mend_style(&mut self, map: &mut Map<String, Value>, styles: &[&str], trail: Trail<'_>) {
        if let Some(style) = text(map, "style")
            && !styles.contains(&style)
        {
            let message =
                format!("`{style}` is not a style that can be used here; the usual one is taken");
            self.report(Code::UnknownStyle, trail.key("style"), message);
            map.shift_remove("style");
        }
    }

    /// A parameter has a schema, or content of one media type.
    fn mend_content(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        let has_schema = map.contains_key("schema");
        if let Some(Value::Object(content)) = map.get_mut("content") {
            let message = match content.len() {
                1 if !has_schema => return,
                0 | 1 => "`content` is ignored: there is a `schema`, or nothing in it",
                _ => "one media type of `content` is taken",
            };
            *content = std::mem::take(content).into_iter().take(1).collect();
            let is_empty = content.is_empty();
            self.report(Code::MissingSchema, trail.key("content"), message);
            if has_schema || is_empty {
                map.shift_remove("content");
            }
        }
        if !map.contains_key("content") {
            map.entry("schema").or_insert_with(|| json!({}));
        }
    }

    fn after_link(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) -> Fate {
        match (
            map.contains_key("operationId"),
            map.contains_key("operationRef"),
        ) {
            (false, false) => self.demand(map, "operationId", Kind::Link, trail),
            (true, true) => {
                map.shift_remove("operationRef");
                Fate::Keep
            }
            _ => Fate::Keep,
        }
    }

    fn before_scheme(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        let Some(said) = text(map, "type").map(str::to_owned) else {
            return;
        };
        let meant = match said.to_ascii_lowercase().as_str() {
            "apikey" => "apiKey",
            "http" => "http",
            "oauth2" => "oauth2",
            "openidconnect" => "openIdConnect",
            scheme @ ("basic" | "bearer") => {
                map.entry("scheme").or_insert_with(|| scheme.into());
                "http"
            }
            "mutualtls" => {
                map.insert("x-specmint-type".to_owned(), "mutualTLS".into());
                map.insert("type".to_owned(), "apiKey".into());
                map.insert("name".to_owned(), "mutualTLS".into());
                map.insert("in".to_owned(), "header".into());
                return;
            }
            _ => return,
        };
        if meant != said {
            let message = format!("`{said}` is not a type of security scheme; `{meant}` is meant");
            self.report(Code::InvalidSecurityScheme, trail.key("type"), message);
            map.insert("type".to_owned(), meant.into());
        }
    }

    fn after_scheme(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) -> Fate {
        let needed: &[&str] = match text(map, "type") {
            Some("apiKey") => &["name", "in"],
            Some("http") => &["scheme"],
            Some("oauth2") => &["flows"],
            Some("openIdConnect") => &["openIdConnectUrl"],
            _ => &["type"],
        };
        let missing = needed.iter().find(|key| !map.contains_key(**key));
        let message = match (missing, text(map, "in")) {
            (Some(key), _) => format!("the security scheme has no `{key}` and is left out"),
            (None, _) if needed == ["type"] => {
                "the security scheme has no known `type` and is left out".to_owned()
            }
            (None, Some(place))
                if needed.len() == 2 && !matches!(place, "query" | "header" | "cookie") =>
            {
                format!("a key cannot be in `{place}`; the security scheme is left out")
            }
            _ => return Fate::Keep,
        };
        self.report(Code::InvalidSecurityScheme, trail, message);
        Fate::Drop
    }

    fn after_flows(&mut self, map: &mut Map<String, Value>, trail: Trail<'_>) {
        for (name, flow) in map.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
            let Value::Object(flow) = flow else { continue };
            let needed: &[&str] = match name.as_str() {
                "implicit" => &["authorizationUrl"],
                "authorizationCode" => &["authorizationUrl", "tokenUrl"],
                "deviceAuthorization" => &["deviceAuthorizationUrl", "tokenUrl"],
                _ => &["tokenUrl"],
            };
            for key in needed {
                self.supply(flow, key, "".into(), Kind::Flow, trail.key(name));
            }
            flow.entry("scopes").or_insert_with(|| json!({}));
        }
    }
}

/// What OpenAPI 3.2 says of parameters and 3.0 has no word for is said in a word of our own.
fn own_spelling(map: &mut Map<String, Value>, location: &str) {
    if location == "cookie" && text(map, "style") == Some("cookie") {
        map.shift_remove("style");
        map.insert("x-specmint-style".to_owned(), "cookie".into());
    }
    if location == "path" && map.shift_remove("allowReserved") == Some(Value::Bool(true)) {
        map.insert("x-ms-skip-url-encoding".to_owned(), true.into());
    }
}
