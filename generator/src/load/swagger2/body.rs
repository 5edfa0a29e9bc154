//! Parameters that are bodies, or parts of forms.

use serde_json::{Map, Value, json};

use super::{Defaults, VALUE_KEYWORDS, convert_schema};
use crate::diag::{Code, Diagnostics};
use crate::load::Place;
use crate::pointer::Pointer;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// A `body` or `formData` parameter.
#[derive(Clone)]
pub(super) struct Part {
    parameter: Map<String, Value>,
    /// Where it stands in the files.
    place: Option<Place>,
}

impl Part {
    fn text(&self, key: &str) -> &str {
        self.parameter
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn is_required(&self) -> bool {
        self.parameter.get("required").and_then(Value::as_bool) == Some(true)
    }
}

/// Whether a parameter is a body, or a part of a form.
pub(super) fn is_part(parameter: &Value) -> bool {
    matches!(
        parameter.get("in").and_then(Value::as_str),
        Some("body" | "formData" | "form")
    )
}

/// Takes the bodies and parts of forms out of the parameters of an operation or a path item. Those in
/// `shared` come before them, unless the operation has one of that name itself.
pub(super) fn take(
    holder: &mut Map<String, Value>,
    at: &Pointer,
    shared: &[Part],
    defaults: &Defaults,
    diags: &mut Diagnostics,
) -> Vec<Part> {
    let mut own = Vec::new();
    if let Some(Value::Array(list)) = holder.get_mut("parameters") {
        let at = at.push("parameters");
        let mut kept = Vec::with_capacity(list.len());
        for (index, parameter) in list.iter().enumerate() {
            let part = part(parameter, &at.index(index), defaults, diags);
            kept.push(part.is_none());
            own.extend(part);
        }
        diags.origins_mut().shifted(&at, &kept);
        let mut kept = kept.iter();
        list.retain(|_| kept.next().copied().unwrap_or(true));
        if list.is_empty() {
            holder.shift_remove("parameters");
        }
    }
    let overridden = |part: &Part| own.iter().any(|own| own.text("name") == part.text("name"));
    let mut parts: Vec<Part> = shared
        .iter()
        .filter(|part| !overridden(part))
        .cloned()
        .collect();
    parts.append(&mut own);
    parts
}

/// The part that a parameter is, or refers to.
fn part(parameter: &Value, at: &Pointer, defaults: &Defaults, diags: &Diagnostics) -> Option<Part> {
    let name = parameter.get("$ref").and_then(Value::as_str);
    let name = name.and_then(|text| Pointer::parse(text).tokens().last());
    let (parameter, at) = match name {
        Some(name) => (
            defaults.parameters.get(&name)?,
            Pointer::parse("/parameters").push(&name),
        ),
        None => (parameter, at.clone()),
    };
    let parameter = is_part(parameter).then(|| parameter.as_object())??;
    Some(Part {
        parameter: parameter.clone(),
        place: diags.origins().place(&at),
    })
}

/// The request body that the parts of an operation make.
pub(super) fn request_body(
    parts: &[Part],
    consumes: &[String],
    at: &Pointer,
    diags: &mut Diagnostics,
) -> Option<Value> {
    let at = at.push("requestBody");
    let (bodies, fields): (Vec<_>, Vec<_>) =
        parts.iter().partition(|part| part.text("in") == "body");
    let Some(body) = bodies.first() else {
        return (!fields.is_empty()).then(|| form(&fields, consumes, &at, diags));
    };
    for part in bodies.iter().skip(1).chain(&fields) {
        if let Some(place) = part.place.clone() {
            let message = format!(
                "`{}` cannot be sent beside the body `{}`",
                part.text("name"),
                body.text("name")
            );
            diags.report_place(Code::ConflictingBody, place, message);
        }
    }
    Some(whole(body, consumes, &at, diags))
}

/// A body parameter as a request body: its schema under each media type.
fn whole(body: &Part, consumes: &[String], at: &Pointer, diags: &mut Diagnostics) -> Value {
    let mut media_types: Vec<&str> = consumes.iter().map(String::as_str).collect();
    if media_types.is_empty() {
        media_types.push("application/json");
        if body.parameter.get("x-form-data").and_then(Value::as_bool) == Some(true) {
            media_types.push(FORM);
        }
    }
    note(diags, at, body.place.as_ref(), None);
    let mut content = Map::new();
    for media_type in media_types {
        let mut media = Map::new();
        if let Some(schema) = body.parameter.get("schema") {
            media.insert("schema".to_owned(), schema.clone());
            let to = at.push("content").push(media_type).push("schema");
            note(diags, &to, body.place.as_ref(), Some("schema"));
        }
        if let Some(example) = body.parameter.get("x-example") {
            media.insert("example".to_owned(), example.clone());
        }
        content.insert(media_type.to_owned(), Value::Object(media));
    }
    let mut request = described(&body.parameter);
    request.insert("content".to_owned(), Value::Object(content));
    if body.is_required() {
        request.insert("required".to_owned(), true.into());
    }
    for (key, value) in body
        .parameter
        .iter()
        .filter(|(key, _)| key.starts_with("x-"))
    {
        request.insert(key.clone(), value.clone());
    }
    Value::Object(request)
}

/// Parts of a form as a request body: an object with a member for each.
fn form(fields: &[&Part], consumes: &[String], at: &Pointer, diags: &mut Diagnostics) -> Value {
    let has_file = fields.iter().any(|field| field.text("type") == "file");
    let is_form =
        |text: &&str| text.starts_with(MULTIPART) || (text.starts_with(FORM) && !has_file);
    let mut media_types: Vec<&str> = consumes
        .iter()
        .map(String::as_str)
        .filter(is_form)
        .collect();
    if media_types.is_empty() {
        media_types.push(if has_file { MULTIPART } else { FORM });
    }
    let mut properties = Map::new();
    let mut encoding = Map::new();
    for field in fields {
        let mut schema = described(&field.parameter);
        for key in VALUE_KEYWORDS {
            if let Some(value) = field.parameter.get(*key) {
                schema.insert((*key).to_owned(), value.clone());
            }
        }
        if let Some(example) = schema.shift_remove("x-example") {
            schema.insert("example".to_owned(), example);
        }
        convert_schema(&mut schema);
        if field.text("type") == "array" {
            encoding.insert(
                field.text("name").to_owned(),
                list_encoding(field.text("collectionFormat")),
            );
        }
        properties.insert(field.text("name").to_owned(), Value::Object(schema));
    }
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.is_required())
        .map(|field| field.text("name"))
        .collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    let mut media = json!({ "schema": schema });
    if !encoding.is_empty() {
        media["encoding"] = Value::Object(encoding);
    }
    note(diags, at, fields[0].place.as_ref(), None);
    for media_type in &media_types {
        let members = at
            .push("content")
            .push(media_type)
            .push("schema")
            .push("properties");
        for field in fields {
            note(
                diags,
                &members.push(field.text("name")),
                field.place.as_ref(),
                None,
            );
        }
    }
    let content: Map<String, Value> = media_types
        .into_iter()
        .map(|media_type| (media_type.to_owned(), media.clone()))
        .collect();
    let mut request = json!({ "content": content });
    if !required.is_empty() {
        request["required"] = true.into();
    }
    request
}

fn list_encoding(format: &str) -> Value {
    match format {
        "multi" => json!({ "style": "form", "explode": true }),
        "ssv" => json!({ "style": "spaceDelimited", "explode": false }),
        "pipes" => json!({ "style": "pipeDelimited", "explode": false }),
        "tsv" => json!({ "style": "form", "explode": false, "x-specmint-style": "tabDelimited" }),
        _ => json!({ "style": "form", "explode": false }),
    }
}

fn described(parameter: &Map<String, Value>) -> Map<String, Value> {
    let description = parameter.get("description").cloned();
    description
        .map(|text| ("description".to_owned(), text))
        .into_iter()
        .collect()
}

fn note(diags: &mut Diagnostics, to: &Pointer, place: Option<&Place>, member: Option<&str>) {
    if let Some(place) = place {
        let at = member.map_or_else(|| place.at.clone(), |member| place.at.push(member));
        diags.origins_mut().set(
            to,
            Place {
                file: place.file,
                at,
            },
        );
    }
}
