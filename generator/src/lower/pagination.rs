//! Pages: which operations answer in pages that follow one another, and how the next is asked for.
//!
//! `x-specmint-pagination` says so. Where it does not stand, nothing is guessed: `x-ms-pageable`, an OpenAPI link from
//! an answer back to its own operation, and a declared `Link` header each say how pages are walked through.

mod said;

use openapiv3::{Link, LinkOperation, Operation as SpecOperation};
use serde_json::Value;

use super::schema::bare;
use super::{Lower, resolve};
use crate::model::{
    Kind, Location, NextPage, Operation, PageInput, PageItems, PagePlace, Pagination, Rest, Schema,
    Shape, Status, Type,
};

/// How many names that stand for others are followed; more are a circle.
const DEPTH: usize = 32;

/// Marks the operations that answer in pages.
pub(super) fn recognise(cx: &mut Lower<'_>, operations: &mut [Operation]) {
    let specs = std::mem::take(&mut cx.specs);
    for (operation, spec) in operations.iter_mut().zip(specs) {
        operation.pagination = match spec.extensions.get(said::NAME) {
            Some(said) => said::settled(cx, operation, said),
            None => declared(cx, operation, spec),
        };
    }
}

/// What others than we say of pages. What is asked for with a body is not asked for again by a URL alone.
fn declared(cx: &Lower<'_>, operation: &Operation, spec: &SpecOperation) -> Option<Pagination> {
    if operation.method != "GET" {
        return None;
    }
    let types = &cx.schemas.types;
    pageable(types, operation, spec)
        .or_else(|| linked(cx, operation, spec))
        .or_else(|| by_header(types, operation))
}

/// `x-ms-pageable`: the member of a page that holds the URL of the next, and the one that holds the items.
fn pageable(types: &[Type], operation: &Operation, spec: &SpecOperation) -> Option<Pagination> {
    let said = spec.extensions.get("x-ms-pageable")?.as_object()?;
    let next = said.get("nextLinkName")?.as_str()?;
    let items = said.get("itemName").and_then(Value::as_str);
    let items = vec![items.unwrap_or("value").to_owned()];
    Some(Pagination {
        items: items_at(types, operation, items).ok(),
        next: NextPage::Url(PagePlace::Body(vec![next.to_owned()])),
        more: None,
    })
}

/// A link that leads from a page to the operation itself, with one parameter from the page.
fn linked(cx: &Lower<'_>, operation: &Operation, spec: &SpecOperation) -> Option<Pagination> {
    let types = &cx.schemas.types;
    let at = operation.at.push("responses");
    let mut found = spec
        .responses
        .responses
        .iter()
        .flat_map(|(code, response)| {
            let at = at.push(&code.to_string());
            let response = resolve(&cx.components.responses, "responses", &at, response);
            response.into_iter().flat_map(|(_, it)| &it.links)
        });
    let next = found.find_map(|(name, link)| {
        let at = at.push("links").push(name);
        let (_, link) = resolve(&cx.components.links, "links", &at, link)?;
        let (place, param) = link_back(operation, spec, link)?;
        let says_next = |text: &str| text.to_ascii_lowercase().contains("next");
        let by_place = match &place {
            PagePlace::Body(path) => path.last().is_some_and(|last| says_next(last)),
            PagePlace::Header(header) => says_next(header),
            PagePlace::LastItem(_) => false,
        };
        (says_next(name) || by_place).then_some(NextPage::Cursor(place, PageInput::Query(param)))
    })?;
    Some(Pagination {
        items: list_of_page(types, operation),
        next,
        more: None,
    })
}

/// What a link to the operation itself takes from a page, and the query parameter that it gives it to; all its other
/// parameters stay as they are.
fn link_back(
    operation: &Operation,
    spec: &SpecOperation,
    link: &Link,
) -> Option<(PagePlace, String)> {
    let is_back = match &link.operation {
        LinkOperation::OperationId(id) => spec.operation_id.as_ref() == Some(id),
        LinkOperation::OperationRef(reference) => *reference == operation.at.to_string(),
    };
    if !is_back || link.request_body.is_some() || link.server.is_some() {
        return None;
    }
    let mut taken = None;
    for (name, value) in &link.parameters {
        let name = name.strip_prefix("query.").unwrap_or(name);
        let value = value.as_str()?;
        if value.starts_with("$request.") {
            continue;
        }
        let place = match value.strip_prefix("$response.")? {
            body if body.starts_with("body#") => {
                PagePlace::Body(said::pointer(&body["body#".len()..])?)
            }
            header => PagePlace::Header(header.strip_prefix("header.")?.to_owned()),
        };
        if taken.replace((place, name.to_owned())).is_some() {
            return None;
        }
    }
    taken.filter(|(_, name)| has_query(operation, name))
}

/// A declared `Link` header: what it says of `next` is followed (RFC 8288), and where it says nothing, all is there.
fn by_header(types: &[Type], operation: &Operation) -> Option<Pagination> {
    let successes = operation
        .responses
        .iter()
        .filter(|response| is_success(response.status));
    let mut headers = successes.flat_map(|response| &response.headers);
    headers
        .any(|header| header.wire_name.eq_ignore_ascii_case("link"))
        .then(|| Pagination {
            items: list_of_page(types, operation),
            next: NextPage::Link,
            more: None,
        })
}

/// The list that a page is, or the only one that it has.
fn list_of_page(types: &[Type], operation: &Operation) -> Option<PageItems> {
    let page = page_of(operation)?;
    if let Some(schema) = list_of(types, page) {
        let (path, schema) = (Vec::new(), schema.clone());
        return Some(PageItems { path, schema });
    }
    let Kind::Named(id) = kind_of(types, page)? else {
        return None;
    };
    let Shape::Record(record) = &types.get(id.0)?.shape else {
        return None;
    };
    let mut lists = record.fields.iter().filter_map(|field| {
        let schema = list_of(types, &field.schema)?.clone();
        let path = vec![field.wire_name.clone()];
        Some(PageItems { path, schema })
    });
    lists.next().filter(|_| lists.next().is_none())
}

/// The list at the end of a path.
fn items_at(
    types: &[Type],
    operation: &Operation,
    path: Vec<String>,
) -> Result<PageItems, &'static str> {
    let schema = match reach(types, page_of(operation), &path) {
        Reached::Nothing => return Err("which no page has, by what the document says"),
        Reached::Unsaid => bare(Kind::Any),
        Reached::Schema(schema) => match (list_of(types, schema), kind_of(types, schema)) {
            (Some(item), _) => item.clone(),
            (None, Some(Kind::Any)) => bare(Kind::Any),
            (None, _) => return Err("which is no list"),
        },
    };
    Ok(PageItems { path, schema })
}

fn is_success(status: Status) -> bool {
    matches!(status, Status::Code(200..=299) | Status::Range(2))
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.ends_with("json") || essence == "*/*"
}

/// The JSON of the first success.
fn page_of(operation: &Operation) -> Option<&Schema> {
    let responses = || operation.responses.iter();
    let of = |fits: fn(Status) -> bool| {
        let fitting = responses().filter(move |response| fits(response.status));
        let mut media = fitting.flat_map(|response| &response.content);
        media.find(|media| is_json(&media.media_type))
    };
    let media = of(is_success).or_else(|| of(|status| status == Status::Default))?;
    media.schema.as_ref()
}

fn has_query(operation: &Operation, name: &str) -> bool {
    let mut params = operation.params.iter();
    params.any(|param| param.location == Location::Query && param.wire_name == name)
}

/// What a path leads to.
enum Reached<'a> {
    Schema(&'a Schema),
    /// The document does not say what is there.
    Unsaid,
    Nothing,
}

fn reach<'a>(types: &'a [Type], schema: Option<&'a Schema>, path: &[String]) -> Reached<'a> {
    match schema {
        Some(schema) => reach_in(types, schema, path, DEPTH),
        None => Reached::Unsaid,
    }
}

fn reach_in<'a>(
    types: &'a [Type],
    schema: &'a Schema,
    path: &[String],
    depth: usize,
) -> Reached<'a> {
    let Some((name, rest)) = path.split_first() else {
        return Reached::Schema(schema);
    };
    let Some(depth) = depth.checked_sub(1) else {
        return Reached::Nothing;
    };
    let id = match &schema.kind {
        Kind::Any => return Reached::Unsaid,
        Kind::Map(inner) => return reach_in(types, inner, rest, depth),
        Kind::Named(id) => id,
        _ => return Reached::Nothing,
    };
    match types.get(id.0).map(|known| &known.shape) {
        Some(Shape::Record(record)) => {
            if let Some(field) = record.fields.iter().find(|field| field.wire_name == *name) {
                return reach_in(types, &field.schema, rest, depth);
            }
            match &record.rest {
                Rest::Typed(inner) => reach_in(types, inner, rest, depth),
                Rest::Any if record.fields.is_empty() => Reached::Unsaid,
                Rest::Any | Rest::Closed => Reached::Nothing,
            }
        }
        Some(Shape::Alias(schema)) => reach_in(types, schema, path, depth),
        Some(Shape::Union(union)) => {
            let variants = union.variants.iter();
            let mut reached = variants.map(|variant| reach_in(types, &variant.schema, path, depth));
            let found = reached.find(|reached| !matches!(reached, Reached::Nothing));
            found.unwrap_or(Reached::Nothing)
        }
        Some(Shape::Enum(_)) | None => Reached::Nothing,
    }
}

/// What a schema is behind the names that stand for others.
fn kind_of<'a>(types: &'a [Type], schema: &'a Schema) -> Option<&'a Kind> {
    let mut kind = &schema.kind;
    for _ in 0..DEPTH {
        match kind {
            Kind::Named(id) => match &types.get(id.0)?.shape {
                Shape::Alias(schema) => kind = &schema.kind,
                _ => return Some(kind),
            },
            _ => return Some(kind),
        }
    }
    None
}

/// An item, if a schema is a list.
fn list_of<'a>(types: &'a [Type], schema: &'a Schema) -> Option<&'a Schema> {
    match kind_of(types, schema)? {
        Kind::List(item) => Some(item),
        _ => None,
    }
}
