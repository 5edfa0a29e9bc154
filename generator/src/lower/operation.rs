//! Operations: their names, parameters, bodies and responses.

use std::collections::HashMap;

use openapiv3::{
    MediaType, Operation as SpecOperation, Parameter, ParameterData, ParameterSchemaOrContent,
    PathItem, PathStyle, QueryStyle, ReferenceOr,
};
use serde_json::Value;

use super::content;
use super::headers::{self, Reserved};
use super::schema::within;
use super::{Lower, resolve, secret};
use crate::diag::Code;
use crate::load::Document;
use crate::model::{Called, Docs, Holder, Kind, Location, Operation, Param, StringFormat, Style};
use crate::pointer::Pointer;

/// An operation as it stands in the document.
struct Found<'d> {
    at: Pointer,
    method: &'d str,
    path: &'d str,
    item_at: Pointer,
    item: &'d PathItem,
    operation: &'d SpecOperation,
}

/// Lowers every operation, in the order of the document.
pub(super) fn operations(cx: &mut Lower<'_>) -> Vec<Operation> {
    let document = cx.document;
    let paths_at = Pointer::root().push("paths");
    let mut found = Vec::new();
    for (path, item) in &document.openapi.paths.paths {
        let at = paths_at.push(path);
        let ReferenceOr::Item(item) = item else {
            cx.schemas.diags.report(
                Code::UnreadableNode,
                &at,
                format!("the path item of `{path}` cannot be resolved"),
            );
            continue;
        };
        for (method, operation_at, operation) in methods(document, &at, item) {
            found.push(Found {
                at: operation_at,
                method,
                path,
                item_at: at.clone(),
                item,
                operation,
            });
        }
    }
    let said = found.iter().enumerate().filter_map(|(index, found)| {
        let said = super::token::extension(&found.operation.extensions)?;
        Some((index, said.clone()))
    });
    cx.tokens = said.collect();
    cx.specs = found.iter().map(|found| found.operation).collect();
    let wishes = wishes(cx, &found);
    found
        .iter()
        .zip(wishes)
        .map(|(found, called)| operation(cx, found, called))
        .collect()
}

/// The operations of a path item, each with its method and its place.
pub(super) fn methods<'d>(
    document: &'d Document,
    at: &Pointer,
    item: &'d PathItem,
) -> Vec<(&'d str, Pointer, &'d SpecOperation)> {
    let known = [
        ("GET", &item.get),
        ("PUT", &item.put),
        ("POST", &item.post),
        ("DELETE", &item.delete),
        ("OPTIONS", &item.options),
        ("HEAD", &item.head),
        ("PATCH", &item.patch),
        ("TRACE", &item.trace),
    ]
    .into_iter()
    .filter_map(|(method, operation)| {
        let at = at.push(&method.to_ascii_lowercase());
        Some((method, at, operation.as_ref()?))
    });
    let others = document.others.get(at).into_iter().flatten();
    let others = others.map(|other| {
        let method = other.method.as_str();
        (method, other.at.clone(), &other.operation)
    });
    known.chain(others).collect()
}

/// The operation ids, or method and path where an id is missing or stands more than once.
fn wishes(cx: &mut Lower<'_>, found: &[Found<'_>]) -> Vec<Called> {
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for operation in found {
        if let Some(id) = &operation.operation.operation_id {
            *uses.entry(id).or_default() += 1;
        }
    }
    let mut wishes = Vec::with_capacity(found.len());
    for operation in found {
        wishes.push(match operation.operation.operation_id.as_deref() {
            Some(id) if uses.get(id) == Some(&1) && !id.trim().is_empty() => Called(vec![id.to_owned()]),
            Some(id) if !id.trim().is_empty() => {
                let said = format!("`{id}` names more than one operation; all of them are named after method and path");
                cx.schemas.diags.report(Code::DuplicateOperationId, &operation.at.push("operationId"), said);
                called_by_route(operation.method, operation.path)
            }
            _ => called_by_route(operation.method, operation.path),
        });
    }
    wishes
}

/// `GET /pets/{petId}/toys` wishes to be called `get pets by petId toys`.
fn called_by_route(method: &str, path: &str) -> Called {
    let mut words = vec![method.to_ascii_lowercase()];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        match segment
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(name) if !name.contains('{') => words.push(format!("by {name}")),
            _ => words.push(segment.replace(['{', '}'], " ")),
        }
    }
    Called(words)
}

/// The part of a path that is sent. Documents put a fragment behind it to tell operations apart that share
/// method and path, such as the grants of a token endpoint.
fn without_fragment(path: &str) -> &str {
    path.split_once('#').map_or(path, |(path, _)| path)
}

fn operation<'d>(cx: &mut Lower<'d>, found: &Found<'d>, called: Called) -> Operation {
    let spec = found.operation;
    let (params, reserved) = params(cx, found, &called);
    let mut body = spec.request_body.as_ref().and_then(|body| {
        let at = found.at.push("requestBody");
        let (at, body) = resolve(&cx.components.request_bodies, "requestBodies", &at, body)?;
        content::request_body(cx, &at, body, &within(&called, "request"))
    });
    if let Some(body) = &mut body {
        headers::add_media_types(body, &reserved);
        content::require_if_needed(cx, body);
    }
    let responses = content::responses(cx, &found.at, found.method, spec, &called);
    let security = cx.security(&found.at, spec.security.as_deref(), &reserved);
    let servers = match (spec.servers.as_slice(), found.item.servers.as_slice()) {
        ([], []) => Vec::new(),
        ([], servers) => super::server::servers(&found.item_at, servers),
        (servers, _) => super::server::servers(&found.at, servers),
    };
    let docs = Docs {
        summary: spec
            .summary
            .clone()
            .or_else(|| found.item.summary.clone())
            .filter(|text| !text.trim().is_empty()),
        description: spec
            .description
            .clone()
            .or_else(|| found.item.description.clone()),
        deprecated: spec.deprecated,
        link: spec.external_docs.as_ref().map(|docs| docs.url.clone()),
        example: None,
    };
    let tags = spec.tags.clone();
    let method = found.method.to_owned();
    let path = without_fragment(found.path).to_owned();
    Operation {
        at: found.at.clone(),
        called,
        docs,
        tags,
        method,
        path,
        servers,
        params,
        body,
        responses,
        security,
        token: None,
        pagination: None,
    }
}

/// The parameters of an operation and of its path, and what the reserved headers among them say.
fn params<'d>(
    cx: &mut Lower<'d>,
    found: &Found<'d>,
    called: &Called,
) -> (Vec<Param>, Vec<Reserved>) {
    let mut listed: Vec<(Pointer, &'d ReferenceOr<Parameter>)> = Vec::new();
    let own = found.at.push("parameters");
    let shared = found.item_at.push("parameters");
    listed.extend(
        found
            .operation
            .parameters
            .iter()
            .enumerate()
            .map(|(index, param)| (own.index(index), param)),
    );
    listed.extend(
        found
            .item
            .parameters
            .iter()
            .enumerate()
            .map(|(index, param)| (shared.index(index), param)),
    );
    let mut params: Vec<Param> = Vec::new();
    let mut reserved = Vec::new();
    for (at, param) in listed {
        let Some((at, param)) = resolve(&cx.components.parameters, "parameters", &at, param) else {
            continue;
        };
        let about = param.parameter_data_ref();
        if let Parameter::Header { .. } = param
            && let Some(meaning) = headers::reserved(about)
        {
            let said = format!(
                "the header `{}` is set by the client, so it is no parameter of the call",
                about.name
            );
            cx.schemas.diags.report(Code::ReservedHeader, &at, said);
            reserved.push(meaning);
            continue;
        }
        let lowered = param_of(cx, &at, param, called);
        let twin = |known: &&Param| {
            known.wire_name == lowered.wire_name && known.location == lowered.location
        };
        if let Some(known) = params.iter().find(twin) {
            let said = format!(
                "the parameter `{}` stands here twice; the first is used",
                lowered.wire_name
            );
            if known.at.parent() == lowered.at.parent() {
                cx.schemas.diags.report(Code::DuplicateParameter, &at, said);
            }
            continue;
        }
        params.push(lowered);
    }
    (params, reserved)
}

fn param_of<'d>(cx: &mut Lower<'d>, at: &Pointer, param: &'d Parameter, called: &Called) -> Param {
    let about = param.parameter_data_ref();
    let (location, mut style, mut explode, allow_reserved) = match param {
        Parameter::Query {
            style,
            allow_reserved,
            ..
        } => {
            let style = match style {
                QueryStyle::Form => Style::Form,
                QueryStyle::SpaceDelimited => Style::SpaceDelimited,
                QueryStyle::PipeDelimited => Style::PipeDelimited,
                QueryStyle::DeepObject => Style::DeepObject,
            };
            (
                Location::Query,
                style,
                style == Style::Form,
                *allow_reserved || skips_encoding(about),
            )
        }
        Parameter::Header { .. } => (Location::Header, Style::Simple, false, false),
        Parameter::Path { style, .. } => {
            let style = match style {
                PathStyle::Simple => Style::Simple,
                PathStyle::Label => Style::Label,
                PathStyle::Matrix => Style::Matrix,
            };
            (Location::Path, style, false, skips_encoding(about))
        }
        Parameter::Cookie { .. } => (Location::Cookie, Style::Form, true, false),
    };
    explode = about.explode.unwrap_or(explode);
    match about
        .extensions
        .get("x-specmint-style")
        .and_then(Value::as_str)
    {
        Some("tabDelimited") => style = Style::TabDelimited,
        Some("cookie") => style = Style::Cookie,
        _ => {}
    }
    let mut described = at.push("schema");
    let usage = match &about.format {
        ParameterSchemaOrContent::Schema(schema) => {
            content::usage_of(cx, &described, schema, &within(called, &about.name))
        }
        ParameterSchemaOrContent::Content(content) => {
            style = content
                .first()
                .map_or(Style::Json, |(media_type, _)| content_style(media_type));
            match content.first() {
                Some((
                    media_type,
                    MediaType {
                        schema: Some(schema),
                        ..
                    },
                )) => {
                    described = at.push("content").push(media_type).push("schema");
                    content::usage_of(cx, &described, schema, &within(called, &about.name))
                }
                _ => content::any_usage(),
            }
        }
    };
    let mut schema = usage.schema;
    if secret::is_secret(&about.name) && cx.schemas.is_plain_text(&schema.kind) {
        schema.kind = Kind::String(StringFormat::Secret);
    }
    let places = &mut cx.schemas.places;
    places.holder(at, described, &schema, || Holder::Parameter);
    let example = about
        .example
        .clone()
        .or_else(|| content::first_example(&about.examples))
        .or(usage.docs.example);
    Param {
        at: at.clone(),
        wire_name: about.name.clone(),
        location,
        required: about.required || location == Location::Path,
        docs: Docs {
            summary: None,
            description: about.description.clone().or(usage.docs.description),
            deprecated: about.deprecated.unwrap_or(usage.docs.deprecated),
            link: usage.docs.link,
            example,
        },
        style,
        explode,
        allow_reserved,
        allow_empty: matches!(
            param,
            Parameter::Query {
                allow_empty_value: Some(true),
                ..
            }
        ),
        schema,
    }
}

/// What Azure's documents say of values that are encoded already, or are several segments of a path. `load`
/// says it of `allowReserved` in paths.
fn skips_encoding(about: &ParameterData) -> bool {
    about.extensions.get("x-ms-skip-url-encoding") == Some(&Value::Bool(true))
}

/// How a parameter is written that is described by `content` of this media type.
fn content_style(media_type: &str) -> Style {
    let media_type = media_type.split(';').next().unwrap_or_default();
    let essence = media_type.trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => Style::Urlencoded,
        "*/*" | "application/*" | "application/json" | "text/json" => Style::Json,
        json if json.ends_with("+json") => Style::Json,
        _ => Style::Text,
    }
}
