//! What may stand where in an OpenAPI document, as a table.
//!
//! One table for all dialects: each keyword says which of them know it. References are followed, dialects
//! converted and faults mended along the same table, so a `properties` member that happens to be called
//! `$ref`, or an example that looks like a schema, is never taken for one.

/// A kind of node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    SecurityScheme,
    Flows,
    Flow,
    Components,
}

/// What the value of a keyword is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A whole number from 0.
    Count,
    /// Anything.
    Any,
    /// A list of anything.
    Values,
    /// A list of texts.
    Texts,
    /// Texts by name.
    TextMap,
    /// Anything by name.
    AnyMap,
    /// A list of security requirements: lists of texts by name.
    Requirements,
    /// A node.
    Node(Kind),
    /// A list of nodes.
    List(Kind),
    /// Nodes by name.
    Map(Kind),
    /// `true`, `false` or a node.
    BoolOr(Kind),
}

impl Shape {
    /// The kind of the nodes in it.
    pub(super) fn kind(self) -> Option<Kind> {
        match self {
            Shape::Node(kind) | Shape::List(kind) | Shape::Map(kind) | Shape::BoolOr(kind) => {
                Some(kind)
            }
            _ => None,
        }
    }
}

/// Swagger 2.0.
pub(super) const V2: u8 = 1;
/// OpenAPI 3.0.
pub(super) const V30: u8 = 2;
/// OpenAPI 3.1 and 3.2.
pub(super) const V31: u8 = 4;
/// Both forms of OpenAPI 3.
const V3: u8 = V30 | V31;
/// All of them.
const ALL: u8 = V2 | V30 | V31;

type Keywords = &'static [(&'static str, u8, Shape)];

/// What `key` holds in a node of `kind`, in any of `dialects`.
pub(super) fn member(kind: Kind, key: &str, dialects: u8) -> Option<Shape> {
    if let Some(each) = wildcard(kind)
        && !key.starts_with("x-")
    {
        return Some(Shape::Node(each));
    }
    let known = keywords(kind)
        .iter()
        .find(|(name, of, _)| *name == key && of & dialects != 0);
    known.map(|(_, _, shape)| *shape)
}

/// What every member of a node of `kind` is, if they are all alike.
pub(super) fn wildcard(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Paths | Kind::Callback => Some(Kind::PathItem),
        Kind::Responses => Some(Kind::Response),
        _ => None,
    }
}

/// The member of `components` that holds nodes of `kind`; `None` for those that cannot be referred to there.
pub(super) fn container(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Schema => Some("schemas"),
        Kind::Response => Some("responses"),
        Kind::Parameter => Some("parameters"),
        Kind::Example => Some("examples"),
        Kind::RequestBody => Some("requestBodies"),
        Kind::Header => Some("headers"),
        Kind::SecurityScheme => Some("securitySchemes"),
        Kind::Link => Some("links"),
        _ => None,
    }
}

/// What people call a node of `kind`, with its article.
pub(super) fn one(kind: Kind) -> String {
    let name = called(kind);
    let article = if name.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}

/// What people call a node of `kind`.
pub(super) fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::Document => "document",
        Kind::Info => "info object",
        Kind::Contact => "contact",
        Kind::License => "licence",
        Kind::Server => "server",
        Kind::ServerVariable => "server variable",
        Kind::Paths => "paths object",
        Kind::PathItem => "path item",
        Kind::Operation => "operation",
        Kind::ExternalDocs => "external documentation",
        Kind::Parameter => "parameter",
        Kind::RequestBody => "request body",
        Kind::MediaType => "media type",
        Kind::Encoding => "encoding",
        Kind::Responses => "responses object",
        Kind::Response => "response",
        Kind::Callback => "callback",
        Kind::Example => "example",
        Kind::Link => "link",
        Kind::Header => "header",
        Kind::Tag => "tag",
        Kind::Schema => "schema",
        Kind::Discriminator => "discriminator",
        Kind::SecurityScheme => "security scheme",
        Kind::Flows => "flows object",
        Kind::Flow => "flow",
        Kind::Components => "components object",
    }
}

/// The methods that OpenAPI 3.0 knows, as they stand in a path item. The normal form has `query` and
/// `additionalOperations` beside them.
pub(super) const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

fn keywords(kind: Kind) -> Keywords {
    match kind {
        Kind::Document => DOCUMENT,
        Kind::Info => INFO,
        Kind::Contact => CONTACT,
        Kind::License => LICENSE,
        Kind::Server => SERVER,
        Kind::ServerVariable => SERVER_VARIABLE,
        Kind::PathItem => PATH_ITEM,
        Kind::Operation => OPERATION,
        Kind::ExternalDocs => EXTERNAL_DOCS,
        Kind::Parameter => PARAMETER,
        Kind::RequestBody => REQUEST_BODY,
        Kind::MediaType => MEDIA_TYPE,
        Kind::Encoding => ENCODING,
        Kind::Response => RESPONSE,
        Kind::Example => EXAMPLE,
        Kind::Link => LINK,
        Kind::Header => HEADER,
        Kind::Tag => TAG,
        Kind::Schema => SCHEMA,
        Kind::Discriminator => DISCRIMINATOR,
        Kind::SecurityScheme => SECURITY_SCHEME,
        Kind::Flows => FLOWS,
        Kind::Flow => FLOW,
        Kind::Components => COMPONENTS,
        Kind::Paths | Kind::Responses | Kind::Callback => &[],
    }
}

use Shape::{Any, AnyMap, Bool, BoolOr, Count, List, Map, Node, Number};
use Shape::{Requirements, Text, TextMap, Texts, Values};

#[rustfmt::skip]
const DOCUMENT: Keywords = &[
    ("openapi", V3, Text), ("swagger", V2, Text), ("info", ALL, Node(Kind::Info)),
    ("servers", V3, List(Kind::Server)), ("paths", ALL, Node(Kind::Paths)),
    ("webhooks", V3, Map(Kind::PathItem)), ("x-webhooks", V3, Map(Kind::PathItem)), ("components", V3, Node(Kind::Components)),
    ("security", ALL, Requirements), ("tags", ALL, List(Kind::Tag)),
    ("externalDocs", ALL, Node(Kind::ExternalDocs)),
    ("jsonSchemaDialect", V31, Text), ("$self", V31, Text),
    ("host", V2, Text), ("basePath", V2, Text), ("schemes", V2, Texts),
    ("consumes", V2, Texts), ("produces", V2, Texts),
    ("definitions", V2, Map(Kind::Schema)), ("parameters", V2, Map(Kind::Parameter)),
    ("responses", V2, Map(Kind::Response)),
    ("securityDefinitions", V2, Map(Kind::SecurityScheme)),
];

#[rustfmt::skip]
const INFO: Keywords = &[
    ("title", ALL, Text), ("description", ALL, Text), ("termsOfService", ALL, Text),
    ("contact", ALL, Node(Kind::Contact)), ("license", ALL, Node(Kind::License)), ("version", ALL, Text),
    ("summary", V31, Text),
];

const CONTACT: Keywords = &[
    ("name", ALL, Text),
    ("url", ALL, Text),
    ("email", ALL, Text),
];

const LICENSE: Keywords = &[
    ("name", ALL, Text),
    ("url", ALL, Text),
    ("identifier", V31, Text),
];

#[rustfmt::skip]
const SERVER: Keywords = &[
    ("url", V3, Text), ("description", V3, Text), ("variables", V3, Map(Kind::ServerVariable)),
    ("name", V31, Text),
];

const SERVER_VARIABLE: Keywords = &[
    ("enum", V3, Texts),
    ("default", V3, Text),
    ("description", V3, Text),
];

#[rustfmt::skip]
const PATH_ITEM: Keywords = &[
    ("summary", V3, Text), ("description", V3, Text), ("servers", V3, List(Kind::Server)),
    ("parameters", ALL, List(Kind::Parameter)),
    ("get", ALL, Node(Kind::Operation)), ("put", ALL, Node(Kind::Operation)),
    ("post", ALL, Node(Kind::Operation)), ("delete", ALL, Node(Kind::Operation)),
    ("options", ALL, Node(Kind::Operation)), ("head", ALL, Node(Kind::Operation)),
    ("patch", ALL, Node(Kind::Operation)), ("trace", V3, Node(Kind::Operation)),
    ("query", V3, Node(Kind::Operation)), ("additionalOperations", V3, Map(Kind::Operation)),
];

#[rustfmt::skip]
const OPERATION: Keywords = &[
    ("tags", ALL, Texts), ("summary", ALL, Text), ("description", ALL, Text),
    ("externalDocs", ALL, Node(Kind::ExternalDocs)), ("operationId", ALL, Text),
    ("parameters", ALL, List(Kind::Parameter)), ("requestBody", V3, Node(Kind::RequestBody)),
    ("responses", ALL, Node(Kind::Responses)), ("callbacks", V3, Map(Kind::Callback)),
    ("deprecated", ALL, Bool), ("security", ALL, Requirements), ("servers", V3, List(Kind::Server)),
    ("consumes", V2, Texts), ("produces", V2, Texts), ("schemes", V2, Texts),
];

const EXTERNAL_DOCS: Keywords = &[("description", ALL, Text), ("url", ALL, Text)];

#[rustfmt::skip]
const PARAMETER: Keywords = &[
    ("name", ALL, Text), ("in", ALL, Text), ("description", ALL, Text), ("required", ALL, Bool),
    ("deprecated", V3, Bool), ("allowEmptyValue", ALL, Bool), ("style", V3, Text), ("explode", V3, Bool),
    ("allowReserved", V3, Bool), ("schema", ALL, Node(Kind::Schema)), ("example", V3, Any),
    ("examples", V3, Map(Kind::Example)), ("content", V3, Map(Kind::MediaType)),
    ("type", V2, Text), ("format", V2, Text), ("items", V2, Node(Kind::Schema)),
    ("collectionFormat", V2, Text), ("default", V2, Any), ("maximum", V2, Number),
    ("exclusiveMaximum", V2, Bool), ("minimum", V2, Number), ("exclusiveMinimum", V2, Bool),
    ("maxLength", V2, Count), ("minLength", V2, Count), ("pattern", V2, Text), ("maxItems", V2, Count),
    ("minItems", V2, Count), ("uniqueItems", V2, Bool), ("enum", V2, Values), ("multipleOf", V2, Number),
];

const REQUEST_BODY: Keywords = &[
    ("description", V3, Text),
    ("content", V3, Map(Kind::MediaType)),
    ("required", V3, Bool),
];

#[rustfmt::skip]
const MEDIA_TYPE: Keywords = &[
    ("schema", V3, Node(Kind::Schema)), ("example", V3, Any), ("examples", V3, Map(Kind::Example)),
    ("encoding", V3, Map(Kind::Encoding)), ("itemSchema", V31, Node(Kind::Schema)),
    ("prefixEncoding", V31, List(Kind::Encoding)), ("itemEncoding", V31, Node(Kind::Encoding)),
];

#[rustfmt::skip]
const ENCODING: Keywords = &[
    ("contentType", V3, Text), ("headers", V3, Map(Kind::Header)), ("style", V3, Text),
    ("explode", V3, Bool), ("allowReserved", V3, Bool), ("encoding", V31, Map(Kind::Encoding)),
    ("prefixEncoding", V31, List(Kind::Encoding)), ("itemEncoding", V31, Node(Kind::Encoding)),
];

#[rustfmt::skip]
const RESPONSE: Keywords = &[
    ("description", ALL, Text), ("headers", ALL, Map(Kind::Header)), ("content", V3, Map(Kind::MediaType)),
    ("links", V3, Map(Kind::Link)), ("summary", V31, Text),
    ("schema", V2, Node(Kind::Schema)), ("examples", V2, Any),
];

#[rustfmt::skip]
const EXAMPLE: Keywords = &[
    ("summary", V3, Text), ("description", V3, Text), ("value", V3, Any), ("externalValue", V3, Text),
    ("dataValue", V31, Any), ("serializedValue", V31, Text),
];

#[rustfmt::skip]
const LINK: Keywords = &[
    ("operationRef", V3, Text), ("operationId", V3, Text), ("parameters", V3, AnyMap),
    ("requestBody", V3, Any), ("description", V3, Text), ("server", V3, Node(Kind::Server)),
];

#[rustfmt::skip]
const HEADER: Keywords = &[
    ("description", ALL, Text), ("required", V3, Bool), ("deprecated", V3, Bool), ("style", V3, Text),
    ("explode", V3, Bool), ("schema", V3, Node(Kind::Schema)), ("example", V3, Any),
    ("examples", V3, Map(Kind::Example)), ("content", V3, Map(Kind::MediaType)),
    ("allowEmptyValue", V3, Bool), ("allowReserved", V3, Bool),
    ("type", V2, Text), ("format", V2, Text), ("items", V2, Node(Kind::Schema)),
    ("collectionFormat", V2, Text), ("default", V2, Any), ("maximum", V2, Number),
    ("exclusiveMaximum", V2, Bool), ("minimum", V2, Number), ("exclusiveMinimum", V2, Bool),
    ("maxLength", V2, Count), ("minLength", V2, Count), ("pattern", V2, Text), ("maxItems", V2, Count),
    ("minItems", V2, Count), ("uniqueItems", V2, Bool), ("enum", V2, Values), ("multipleOf", V2, Number),
];

#[rustfmt::skip]
const TAG: Keywords = &[
    ("name", ALL, Text), ("description", ALL, Text), ("externalDocs", ALL, Node(Kind::ExternalDocs)),
    ("summary", V31, Text), ("parent", V31, Text), ("kind", V31, Text),
];

#[rustfmt::skip]
const SCHEMA: Keywords = &[
    ("type", ALL, Text), ("properties", ALL, Map(Kind::Schema)), ("description", ALL, Text),
    ("items", ALL, Node(Kind::Schema)), ("required", ALL, Texts), ("format", ALL, Text),
    ("enum", ALL, Values), ("title", ALL, Text), ("default", ALL, Any), ("example", ALL, Any),
    ("allOf", ALL, List(Kind::Schema)), ("oneOf", ALL, List(Kind::Schema)), ("anyOf", ALL, List(Kind::Schema)),
    ("not", ALL, Node(Kind::Schema)), ("additionalProperties", ALL, BoolOr(Kind::Schema)),
    ("nullable", V30, Bool), ("discriminator", ALL, Node(Kind::Discriminator)), ("readOnly", ALL, Bool),
    ("writeOnly", V3, Bool), ("xml", ALL, AnyMap), ("externalDocs", ALL, Node(Kind::ExternalDocs)),
    ("deprecated", V3, Bool), ("multipleOf", ALL, Number), ("maximum", ALL, Number),
    ("exclusiveMaximum", ALL, Bool), ("minimum", ALL, Number), ("exclusiveMinimum", ALL, Bool),
    ("maxLength", ALL, Count), ("minLength", ALL, Count), ("pattern", ALL, Text), ("maxItems", ALL, Count),
    ("minItems", ALL, Count), ("uniqueItems", ALL, Bool), ("maxProperties", ALL, Count),
    ("minProperties", ALL, Count),
    ("const", V31, Any), ("examples", V31, Any), ("$defs", V31, Map(Kind::Schema)),
    ("definitions", V31, Map(Kind::Schema)), ("prefixItems", V31, List(Kind::Schema)),
    ("patternProperties", V31, Map(Kind::Schema)), ("propertyNames", V31, Node(Kind::Schema)),
    ("contains", V31, Node(Kind::Schema)), ("minContains", V31, Count), ("maxContains", V31, Count),
    ("if", V31, Node(Kind::Schema)), ("then", V31, Node(Kind::Schema)), ("else", V31, Node(Kind::Schema)),
    ("dependentSchemas", V31, Map(Kind::Schema)), ("dependentRequired", V31, AnyMap),
    ("unevaluatedProperties", V31, BoolOr(Kind::Schema)), ("unevaluatedItems", V31, BoolOr(Kind::Schema)),
    ("contentEncoding", V31, Text), ("contentMediaType", V31, Text),
    ("contentSchema", V31, Node(Kind::Schema)), ("additionalItems", V31, BoolOr(Kind::Schema)),
    // where the normal form keeps what OpenAPI 3.0 has no word for
    ("x-specmint-prefix-items", V30, List(Kind::Schema)),
    ("x-specmint-pattern-properties", V30, Map(Kind::Schema)),
    // harmless everywhere
    ("$schema", ALL, Any), ("$comment", ALL, Any), ("$id", ALL, Any), ("id", ALL, Any), ("$anchor", ALL, Any),
    ("$dynamicAnchor", V31, Any), ("$dynamicRef", V31, Text), ("$vocabulary", V31, Any),
];

#[rustfmt::skip]
const DISCRIMINATOR: Keywords = &[
    ("propertyName", V3, Text), ("mapping", V3, TextMap), ("defaultMapping", V31, Text),
];

#[rustfmt::skip]
const SECURITY_SCHEME: Keywords = &[
    ("type", ALL, Text), ("description", ALL, Text), ("name", ALL, Text), ("in", ALL, Text),
    ("scheme", V3, Text), ("bearerFormat", V3, Text), ("flows", V3, Node(Kind::Flows)),
    ("openIdConnectUrl", V3, Text), ("oauth2MetadataUrl", V31, Text), ("deprecated", V31, Bool),
    ("flow", V2, Text), ("authorizationUrl", V2, Text), ("tokenUrl", V2, Text), ("scopes", V2, TextMap),
];

#[rustfmt::skip]
const FLOWS: Keywords = &[
    ("implicit", V3, Node(Kind::Flow)), ("password", V3, Node(Kind::Flow)),
    ("clientCredentials", V3, Node(Kind::Flow)), ("authorizationCode", V3, Node(Kind::Flow)),
    ("deviceAuthorization", V3, Node(Kind::Flow)),
];

#[rustfmt::skip]
const FLOW: Keywords = &[
    ("authorizationUrl", V3, Text), ("tokenUrl", V3, Text), ("refreshUrl", V3, Text),
    ("scopes", V3, TextMap), ("deviceAuthorizationUrl", V3, Text),
];

#[rustfmt::skip]
const COMPONENTS: Keywords = &[
    ("schemas", V3, Map(Kind::Schema)), ("responses", V3, Map(Kind::Response)),
    ("parameters", V3, Map(Kind::Parameter)), ("examples", V3, Map(Kind::Example)),
    ("requestBodies", V3, Map(Kind::RequestBody)), ("headers", V3, Map(Kind::Header)),
    ("securitySchemes", V3, Map(Kind::SecurityScheme)), ("links", V3, Map(Kind::Link)),
    ("callbacks", V3, Map(Kind::Callback)), ("pathItems", V31, Map(Kind::PathItem)),
    ("mediaTypes", V31, Map(Kind::MediaType)),
];
