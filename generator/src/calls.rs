//! The calls of a generated client, as a program that is to make them must know them.
//!
//! In: what a document's operations became. Out: for each the method, what it takes and in which Rust types, and
//! what its answers are. With it a tool writes programs that call a client with values of its own choice.

mod shown;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model;
use crate::plan::{
    self, BodyContent, BodyPresence, Failure, Location, Output, Payload, SchemeKind, Shape,
    StatusVariant, Type,
};
use crate::pointer::Pointer;
use crate::render;

/// The calls of one client.
#[derive(Clone, Debug)]
pub struct Calls {
    /// The module of the API, which types and names are relative to.
    pub module: String,
    /// The document in its normal form: OpenAPI 3.0, all references into its own components. What stands at the
    /// pointers of the calls is in it.
    pub document: Value,
    /// The calls, in the order of the document.
    pub list: Vec<Call>,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where its operation stands.
    pub at: Pointer,
    /// `GET`, `POST`, …
    pub verb: String,
    /// The path template.
    pub path: String,
    /// The client's method, as Rust spells it.
    pub method: String,
    /// The parameters that the method takes, in order. A required body is taken after them.
    pub arguments: Vec<Input>,
    /// The parameters that setters take.
    pub setters: Vec<Input>,
    /// The body.
    pub body: Option<Body>,
    /// The ways to authenticate that the call has setters for.
    pub credentials: Vec<Credential>,
    /// The alternatives of the security requirement, each of credentials by index. Empty if none is needed.
    pub security: Vec<Vec<usize>>,
    /// What a success gives.
    pub output: Answer,
    /// What a failure gives.
    pub failure: Answer,
    /// The headers that the answers declare.
    pub headers: Option<Headers>,
    /// Whether the answers are pages that can be walked through.
    pub paged: bool,
}

/// The headers that the answers of a call declare.
#[derive(Clone, Debug)]
pub struct Headers {
    /// The struct that holds them.
    pub rust_type: String,
    /// Their names, and the fields.
    pub fields: Vec<(String, String)>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where it stands.
    pub at: Pointer,
    /// The setter, as Rust spells it; for arguments their name.
    pub name: String,
    /// Its name on the wire.
    pub wire_name: String,
    /// Where it goes.
    pub location: Location,
    /// What it holds. Types of the API stand as `models::Pet`, those of the runtime and of std by their bare names.
    pub rust_type: String,
}

/// A body of a request.
#[derive(Clone, Debug)]
pub struct Body {
    /// The setter, if it is optional.
    pub name: String,
    /// Whether it is an argument or a setter.
    pub presence: BodyPresence,
    /// The setter that takes it back, where it is an argument and the document allows a call without it.
    pub without: Option<String>,
    /// What it can be. Several are variants of an enum.
    pub kinds: Vec<BodyKind>,
}

/// One thing that a body can be.
#[derive(Clone, Debug)]
pub struct BodyKind {
    /// The variant: `operations::PutPetBody::Json`; `None` where there is one kind.
    pub variant: Option<String>,
    /// The media types that it is sent as, the default first, with their places.
    pub media: Vec<(String, Pointer)>,
    /// What it holds.
    pub content: Content,
    /// The members that are parts with bytes of their own: their names on the wire, and the fields.
    pub parts: Vec<(String, String)>,
}

/// What travels in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A value of this Rust type, which can be read from JSON and written as JSON.
    Value(String),
    /// Values of this Rust type, one after another.
    Lines(String),
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// Something that no JSON says.
    Special,
}

/// A way to authenticate.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its key in the document.
    pub wire_name: String,
    /// The setter, as Rust spells it.
    pub setter: String,
    /// What it is.
    pub kind: SchemeKind,
}

/// What an answer gives.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The same whatever the status.
    Plain(Content),
    /// A variant of this enum for each declared status: `operations::PutPetError`.
    Variants(String, Vec<(String, Content)>),
}

impl Calls {
    /// Those of a planned API whose document is given in its normal form.
    pub(crate) fn new(document: Value, api: &model::Api, planned: &plan::Api) -> Self {
        let lowered = api.operations.iter();
        let lowered: BTreeMap<_, _> = lowered.map(|lowered| (&lowered.at, lowered)).collect();
        let calls = planned.operations.iter().filter_map(|operation| {
            let lowered = lowered.get(&operation.at)?;
            Some(call(planned, lowered, operation))
        });
        Self {
            module: planned.module.plain().to_owned(),
            list: calls.collect(),
            document,
        }
    }
}

fn call(api: &plan::Api, lowered: &model::Operation, planned: &plan::Operation) -> Call {
    let inputs = |params: &[plan::Param]| {
        let inputs = params.iter().filter_map(|param| input(lowered, param));
        inputs.collect()
    };
    let credentials = planned.credentials.iter().map(|scheme| {
        let scheme = &api.schemes[*scheme];
        Credential {
            wire_name: scheme.wire_name.clone(),
            setter: scheme.setter.as_str().to_owned(),
            kind: scheme.kind.clone(),
        }
    });
    let bodies = lowered.body.as_ref().zip(planned.body.as_ref());
    let position = |scheme: &usize| planned.credentials.iter().position(|own| own == scheme);
    let security = planned.security.iter();
    let security = security.map(|all| all.iter().filter_map(position).collect());
    Call {
        at: planned.at.clone(),
        verb: planned.verb.clone(),
        path: planned.path.clone(),
        method: planned.method.as_str().to_owned(),
        arguments: inputs(&planned.args),
        setters: inputs(&planned.setters),
        body: bodies.map(|bodies| body(api, bodies)),
        credentials: credentials.collect(),
        security: security.collect(),
        output: match &planned.output {
            Output::Plain(payload) => Answer::Plain(content(payload)),
            Output::Enum(name, variants) => answer(name.as_str(), variants),
        },
        failure: match &planned.failure {
            Failure::Undeclared => Answer::Plain(Content::Nothing),
            Failure::Shared(payload, _) => Answer::Plain(optional(payload)),
            Failure::Enum(name, variants) => answer(name.as_str(), variants),
        },
        headers: planned.headers.as_ref().map(headers),
        paged: planned.pages.is_some(),
    }
}

fn headers(planned: &plan::Headers) -> Headers {
    let fields = planned.fields.iter();
    Headers {
        rust_type: format!("operations::{}", planned.name.as_str()),
        fields: fields
            .map(|field| (field.wire_name.clone(), field.name.as_str().to_owned()))
            .collect(),
    }
}

fn input(lowered: &model::Operation, param: &plan::Param) -> Option<Input> {
    let mut params = lowered.params.iter();
    let lowered = params.find(|lowered| {
        lowered.wire_name == param.wire_name && location(lowered.location) == param.location
    })?;
    Some(Input {
        at: lowered.at.clone(),
        name: param.name.as_str().to_owned(),
        wire_name: param.wire_name.clone(),
        location: param.location,
        rust_type: render::type_text(&param.ty),
    })
}

fn location(location: model::Location) -> Location {
    match location {
        model::Location::Path => Location::Path,
        model::Location::Query => Location::Query,
        model::Location::Header => Location::Header,
        model::Location::Cookie => Location::Cookie,
    }
}

fn body(api: &plan::Api, (lowered, planned): (&model::Body, &plan::Body)) -> Body {
    let media = |wanted: Option<&str>| {
        let media = lowered.content.iter();
        let media = media.filter(|media| wanted.is_none_or(|wanted| media.media_type == wanted));
        media
            .map(|media| (media.media_type.clone(), media.at.clone()))
            .collect()
    };
    let kinds = match &planned.content {
        BodyContent::One(payload) => vec![BodyKind {
            variant: None,
            media: media(None),
            content: content(payload),
            parts: parts(api, payload),
        }],
        BodyContent::Choice(name, variants) => {
            let kinds = variants.iter().map(|variant| BodyKind {
                variant: Some(format!("operations::{name}::{}", variant.name)),
                media: media(Some(&variant.media_type)),
                content: content(&variant.payload),
                parts: parts(api, &variant.payload),
            });
            kinds.collect()
        }
    };
    Body {
        name: planned.name.as_str().to_owned(),
        presence: planned.presence,
        without: planned
            .without
            .as_ref()
            .map(|name| name.as_str().to_owned()),
        kinds,
    }
}

/// The members of a body that are parts, or lists of such.
fn parts(api: &plan::Api, payload: &Payload) -> Vec<(String, String)> {
    let Payload::Slot(Type::Named(name)) = payload else {
        return Vec::new();
    };
    let model = api.models.iter().find(|model| model.name == *name);
    let Some(Shape::Record(record)) = model.map(|model| &model.shape) else {
        return Vec::new();
    };
    let fields = record.fields.iter().filter(|field| match &field.inner {
        Type::Part => true,
        Type::List(item) => **item == Type::Part,
        _ => false,
    });
    fields
        .map(|field| (field.wire_name.clone(), field.name.as_str().to_owned()))
        .collect()
}

fn answer(name: &str, variants: &[StatusVariant]) -> Answer {
    let variants = variants
        .iter()
        .map(|variant| (variant.name.as_str().to_owned(), content(&variant.payload)));
    Answer::Variants(format!("operations::{name}"), variants.collect())
}

/// What is not there for a status that is not declared.
fn optional(payload: &Payload) -> Content {
    let inner = match payload {
        Payload::Empty => return Content::Nothing,
        Payload::Slot(ty) => render::type_text(ty),
        Payload::Xml(xml) => render::type_text(&xml.ty),
        Payload::Text => "String".to_owned(),
        Payload::Bytes | Payload::Lines(_) => return Content::Special,
    };
    Content::Value(format!("Option<{inner}>"))
}

fn content(payload: &Payload) -> Content {
    match payload {
        Payload::Empty => Content::Nothing,
        Payload::Slot(ty) => Content::Value(render::type_text(ty)),
        Payload::Xml(xml) => Content::Value(render::type_text(&xml.ty)),
        Payload::Text => Content::Text,
        Payload::Bytes => Content::Bytes,
        Payload::Lines(ty) => Content::Lines(render::type_text(ty)),
    }
}
