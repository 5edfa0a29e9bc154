//! Swagger 2.0 to the form of OpenAPI 3.0.
//!
//! In: a tree whose references name `definitions`, `parameters` and `responses` of its own.
//! Out: a tree with servers, components, request bodies and content.

mod body;

use serde_json::{Map, Value, json};

use super::grammar::{self, Kind, Shape, V2};
use super::trail::Trail;
use super::walk;
use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// What a parameter, a header or a part of a form says about its value.
const VALUE_KEYWORDS: &[&str] = &[
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
    "x-example",
    "x-enum-varnames",
    "x-enum-descriptions",
    "x-ms-enum",
];

/// The containers of Swagger 2.0, and what they are called in OpenAPI 3.0.
const CONTAINERS: &[(&str, &str)] = &[
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
    ("securityDefinitions", "securitySchemes"),
];

/// Converts a document.
pub(super) fn convert(mut tree: Value, diags: &mut Diagnostics) -> Value {
    let document = Shape::Node(Kind::Document);
    walk::nodes(
        &mut tree,
        document,
        V2,
        Trail::Root,
        &mut |kind, value, trail| {
            let Value::Object(map) = value else { return };
            rename_reference(map);
            match kind {
                Kind::Schema => convert_schema(map),
                Kind::Header => {
                    let format = map.shift_remove("collectionFormat");
                    tell_commas(format.as_ref(), trail, diags);
                    convert_value(map, trail, diags);
                }
                Kind::SecurityScheme => convert_scheme(map, trail, diags),
                _ => {}
            }
        },
    );
    let Value::Object(mut root) = tree else {
        return tree;
    };
    root.shift_remove("swagger");
    let servers = servers(&mut root, diags);
    let defaults = Defaults {
        consumes: texts(root.shift_remove("consumes")),
        produces: texts(root.shift_remove("produces")),
        parameters: root
            .get("parameters")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        responses: root
            .get("responses")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        servers: servers.clone(),
    };
    convert_paths(&mut root, &defaults, diags);
    convert_components(&mut root, &defaults, diags);
    let mut whole = Map::from_iter([("openapi".to_owned(), json!("3.0.3"))]);
    diags
        .origins_mut()
        .moved(&Pointer::parse("/swagger"), &Pointer::parse("/openapi"));
    for (key, value) in root {
        if key == "paths" {
            whole.insert("servers".to_owned(), Value::Array(servers.clone()));
        }
        whole.insert(key, value);
    }
    whole.entry("servers").or_insert(Value::Array(servers));
    Value::Object(whole)
}

/// What the document says for all of its operations.
struct Defaults {
    consumes: Vec<String>,
    produces: Vec<String>,
    parameters: Map<String, Value>,
    responses: Map<String, Value>,
    servers: Vec<Value>,
}

/// The texts of a list.
fn texts(list: Option<Value>) -> Vec<String> {
    match list {
        Some(Value::Array(list)) => list
            .into_iter()
            .filter_map(|text| text.as_str().map(str::to_owned))
            .collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    }
}

fn servers(root: &mut Map<String, Value>, diags: &mut Diagnostics) -> Vec<Value> {
    let text = |value: Option<Value>| {
        value.and_then(|text| text.as_str().map(|text| text.trim().to_owned()))
    };
    let origins = diags.origins_mut();
    let from = ["host", "basePath"]
        .into_iter()
        .find(|key| root.contains_key(*key));
    if let Some(from) = from {
        origins.moved(&Pointer::root().push(from), &Pointer::parse("/servers"));
    }
    let host = text(root.shift_remove("host")).filter(|host| !host.is_empty());
    let base = text(root.shift_remove("basePath")).unwrap_or_default();
    let base = format!("/{}", base.trim_start_matches('/'));
    let schemes = texts(root.shift_remove("schemes"));
    let Some(host) = host else {
        return vec![json!({ "url": base })];
    };
    with_schemes(&host, &base, &schemes)
}

fn with_schemes(host: &str, base: &str, schemes: &[String]) -> Vec<Value> {
    let host = host
        .split_once("://")
        .map_or(host, |(_, host)| host)
        .trim_end_matches('/');
    let mut schemes: Vec<&str> = schemes.iter().map(String::as_str).collect();
    schemes.retain(|scheme| matches!(*scheme, "http" | "https"));
    if schemes.is_empty() {
        schemes.push("https");
    }
    let base = if base == "/" { "" } else { base };
    schemes
        .iter()
        .map(|scheme| json!({ "url": format!("{scheme}://{host}{base}") }))
        .collect()
}

/// `#/definitions/Pet` becomes `#/components/schemas/Pet`.
fn rename_reference(map: &mut Map<String, Value>) {
    let Some(Value::String(text)) = map.get_mut("$ref") else {
        return;
    };
    for (old, new) in CONTAINERS {
        let name = text
            .strip_prefix("#/")
            .and_then(|text| text.strip_prefix(old)?.strip_prefix('/'));
        if let Some(name) = name {
            *text = format!("#/components/{new}/{name}");
            return;
        }
    }
}

fn convert_schema(map: &mut Map<String, Value>) {
    if let Some(nullable) = map.shift_remove("x-nullable") {
        map.entry("nullable").or_insert(nullable);
    }
    if let Some(Value::String(name)) = map.get("discriminator") {
        let discriminator = json!({ "propertyName": name });
        map.insert("discriminator".to_owned(), discriminator);
    }
    if map.get("type").and_then(Value::as_str) == Some("file") {
        map.insert("type".to_owned(), "string".into());
        map.insert("format".to_owned(), "binary".into());
    }
}

/// Moves what a parameter or header says about its value into a schema.
fn convert_value(map: &mut Map<String, Value>, trail: Trail<'_>, diags: &mut Diagnostics) {
    let mut schema = Map::new();
    for key in VALUE_KEYWORDS {
        if let Some(value) = map.shift_remove(*key) {
            schema.insert((*key).to_owned(), value);
        }
    }
    if let Some(example) = schema.shift_remove("x-example") {
        map.insert("example".to_owned(), example);
    }
    convert_schema(&mut schema);
    if !map.contains_key("schema") {
        let at = trail.pointer();
        diags.origins_mut().moved(&at, &at.push("schema"));
        map.insert("schema".to_owned(), Value::Object(schema));
    }
}

/// Converts a parameter that stays one.
fn convert_parameter(map: &mut Map<String, Value>, at: &Pointer, diags: &mut Diagnostics) {
    if map.contains_key("$ref") {
        return;
    }
    let format = map.shift_remove("collectionFormat");
    let is_list = map.get("type").and_then(Value::as_str) == Some("array");
    convert_value(map, Trail::At(at), diags);
    if !is_list {
        return;
    }
    let in_query = matches!(
        map.get("in").and_then(Value::as_str),
        Some("query" | "cookie")
    );
    if !in_query {
        return tell_commas(format.as_ref(), Trail::At(at), diags);
    }
    let (style, explode) = match format.as_ref().and_then(Value::as_str).unwrap_or("csv") {
        "multi" => ("form", true),
        "ssv" => ("spaceDelimited", false),
        "pipes" => ("pipeDelimited", false),
        "tsv" => {
            map.insert("x-specmint-style".to_owned(), "tabDelimited".into());
            ("form", false)
        }
        _ => ("form", false),
    };
    map.insert("style".to_owned(), style.into());
    map.insert("explode".to_owned(), explode.into());
}

/// Paths and headers join lists by commas alone.
fn tell_commas(format: Option<&Value>, trail: Trail<'_>, diags: &mut Diagnostics) {
    let Some(format) = format
        .and_then(Value::as_str)
        .filter(|format| *format != "csv")
    else {
        return;
    };
    let message = format!("`{format}` cannot be used here; commas stand between the values");
    let at = trail.pointer().push("collectionFormat");
    if let Some(place) = diags.origins().place(&at) {
        diags.report_place(Code::UnknownStyle, place, message);
    }
}

fn convert_scheme(map: &mut Map<String, Value>, trail: Trail<'_>, diags: &mut Diagnostics) {
    match map.get("type").and_then(Value::as_str) {
        Some("basic") => {
            map.insert("type".to_owned(), "http".into());
            map.insert("scheme".to_owned(), "basic".into());
        }
        Some("oauth2") => {
            let said = map.shift_remove("flow");
            let name = match said.as_ref().and_then(Value::as_str) {
                Some("application" | "clientCredentials") => "clientCredentials",
                Some("accessCode" | "authorizationCode") => "authorizationCode",
                Some("password") => "password",
                _ => "implicit",
            };
            let mut flow = Map::new();
            for key in ["authorizationUrl", "tokenUrl", "scopes"] {
                if let Some(value) = map.shift_remove(key) {
                    flow.insert(key.to_owned(), value);
                }
            }
            flow.entry("scopes").or_insert_with(|| json!({}));
            let at = trail.pointer();
            diags.origins_mut().moved(&at, &at.push("flows").push(name));
            map.insert("flows".to_owned(), json!({ name: flow }));
        }
        _ => {}
    }
}

fn convert_paths(root: &mut Map<String, Value>, defaults: &Defaults, diags: &mut Diagnostics) {
    let Some(Value::Object(paths)) = root.get_mut("paths") else {
        return;
    };
    for (path, item) in paths.iter_mut().filter(|(path, _)| !path.starts_with("x-")) {
        let Value::Object(item) = item else { continue };
        let at = Pointer::parse("/paths").push(path);
        let shared = body::take(item, &at, &[], defaults, diags);
        for method in grammar::METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(*method) {
                convert_operation(operation, &at.push(method), &shared, defaults, diags);
            }
        }
        convert_parameters(item, &at, diags);
    }
}

fn convert_operation(
    operation: &mut Map<String, Value>,
    at: &Pointer,
    shared: &[body::Part],
    defaults: &Defaults,
    diags: &mut Diagnostics,
) {
    let or_default = |own: Option<Value>, default: &Vec<String>| match own {
        Some(own) => texts(Some(own)),
        None => default.clone(),
    };
    let consumes = or_default(operation.shift_remove("consumes"), &defaults.consumes);
    let produces = or_default(operation.shift_remove("produces"), &defaults.produces);
    let schemes = texts(operation.shift_remove("schemes"));
    let url = defaults
        .servers
        .first()
        .and_then(|server| server["url"].as_str())
        .unwrap_or("/");
    if let Some((scheme, rest)) = url.split_once("://")
        && !schemes.is_empty()
        && !schemes.iter().any(|own| own == scheme)
    {
        let (host, base) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        operation.insert(
            "servers".to_owned(),
            Value::Array(with_schemes(host, base, &schemes)),
        );
    }
    let parts = body::take(operation, at, shared, defaults, diags);
    if let Some(body) = body::request_body(&parts, &consumes, at, diags) {
        operation.insert("requestBody".to_owned(), body);
    }
    convert_parameters(operation, at, diags);
    if let Some(Value::Object(responses)) = operation.get_mut("responses") {
        for (status, response) in responses
            .iter_mut()
            .filter(|(status, _)| !status.starts_with("x-"))
        {
            let at = at.push("responses").push(status);
            if produces != defaults.produces {
                copy_shared(response, &at, defaults, diags);
            }
            convert_response(response, &at, &produces, diags);
        }
    }
}

fn convert_parameters(holder: &mut Map<String, Value>, at: &Pointer, diags: &mut Diagnostics) {
    let Some(Value::Array(list)) = holder.get_mut("parameters") else {
        return;
    };
    let at = at.push("parameters");
    for (index, parameter) in list.iter_mut().enumerate() {
        if let Value::Object(parameter) = parameter {
            convert_parameter(parameter, &at.index(index), diags);
        }
    }
}

/// A shared response in an operation that produces other media types than the document becomes its own.
fn copy_shared(response: &mut Value, at: &Pointer, defaults: &Defaults, diags: &mut Diagnostics) {
    let name = response.get("$ref").and_then(Value::as_str);
    let name = name.and_then(|text| Pointer::parse(text).tokens().last());
    let shared = name.and_then(|name| Some((defaults.responses.get(&name)?, name)));
    let Some((shared, name)) = shared.filter(|(shared, _)| shared.get("schema").is_some()) else {
        return;
    };
    *response = shared.clone();
    if let Some(place) = diags
        .origins()
        .place(&Pointer::parse("/responses").push(&name))
    {
        diags.origins_mut().set(at, place);
    }
}

fn convert_response(
    response: &mut Value,
    at: &Pointer,
    produces: &[String],
    diags: &mut Diagnostics,
) {
    let Value::Object(map) = response else { return };
    if map.contains_key("$ref") {
        return;
    }
    let schema = map.shift_remove("schema");
    let examples = map.shift_remove("examples");
    let mut content = Map::new();
    let mut produced: Vec<&str> = produces.iter().map(String::as_str).collect();
    if produced.is_empty() {
        let is_file = schema
            .as_ref()
            .is_some_and(|schema| schema["type"] == "string" && schema["format"] == "binary");
        produced.push(if is_file {
            "application/octet-stream"
        } else {
            "application/json"
        });
    }
    if let Some(schema) = schema {
        for media_type in &produced {
            let to = at.push("content").push(media_type).push("schema");
            diags.origins_mut().moved(&at.push("schema"), &to);
            content.insert((*media_type).to_owned(), json!({ "schema": schema }));
        }
    }
    match examples {
        Some(Value::Object(examples)) if examples.keys().all(|key| key.contains('/')) => {
            for (media_type, example) in examples {
                let from = at.push("examples").push(&media_type);
                let media = content.entry(&media_type).or_insert_with(|| json!({}));
                media["example"] = example;
                let to = at.push("content").push(&media_type).push("example");
                diags.origins_mut().moved(&from, &to);
            }
        }
        Some(example) if !example.is_null() => {
            let message = "`examples` is one example and not a map from media types to examples";
            let from = at.push("examples");
            if let Some(place) = diags.origins().place(&from) {
                diags.report_place(Code::MalformedMediaType, place, message);
            }
            if let Some((media_type, Value::Object(media))) = content.iter_mut().next() {
                diags
                    .origins_mut()
                    .moved(&from, &at.push("content").push(media_type).push("example"));
                media.insert("example".to_owned(), example);
            }
        }
        _ => {}
    }
    if !content.is_empty() {
        map.insert("content".to_owned(), Value::Object(content));
    }
}

fn convert_components(root: &mut Map<String, Value>, defaults: &Defaults, diags: &mut Diagnostics) {
    let mut components = Map::new();
    for (old, new) in CONTAINERS {
        let Some(Value::Object(mut map)) = root.shift_remove(*old) else {
            continue;
        };
        let from = Pointer::root().push(old);
        match *old {
            "parameters" => {
                map.retain(|_, parameter| !body::is_part(parameter));
                for (name, parameter) in &mut map {
                    if let Value::Object(parameter) = parameter {
                        convert_parameter(parameter, &from.push(name), diags);
                    }
                }
            }
            "responses" => {
                for (name, response) in &mut map {
                    convert_response(response, &from.push(name), &defaults.produces, diags);
                }
            }
            _ => {}
        }
        diags
            .origins_mut()
            .moved(&from, &Pointer::parse("/components").push(new));
        components.insert((*new).to_owned(), Value::Object(map));
    }
    if !components.is_empty() {
        root.insert("components".to_owned(), Value::Object(components));
    }
}
