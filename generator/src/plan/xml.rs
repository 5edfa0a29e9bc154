//! Plans how values stand in XML: the root of each body, and a table for each type that one leads to.
//!
//! In: what the document says of XML (`xml`), at each use of a schema and at the schema itself; the use is
//! heard first. Out: names as they are written, with nothing left to infer.

mod sample;

pub(super) use sample::sample;

use super::context::Context;
use super::names::Ident;
use super::tree::{
    BodyContent, Failure, Operation, Output, Payload, Presence, Shape as PlannedShape, Xml,
    XmlBeside, XmlMember, XmlModel, XmlNeed, XmlNode, XmlRoot, XmlRootBy, XmlShape,
};
use crate::model::{self, EnumBase, Kind, Rest, Schema, Shape, StringFormat, TypeId, UnionBy};
use std::collections::BTreeMap;

/// How far aliases and lists may lead.
const DEEPEST: usize = 32;

/// Whether a media type is XML (RFC 7303), in lower case and without parameters.
pub(super) fn is_xml(essence: &str) -> bool {
    matches!(essence, "application/xml" | "text/xml") || essence.ends_with("+xml")
}

/// A value that travels as XML; `None` for what is a text whatever is in it.
pub(super) fn payload(cx: &Context<'_>, schema: &Schema) -> Option<Payload> {
    let usage = Usage::of(cx, schema);
    match usage.kind {
        Kind::Any | Kind::String(_) => return None,
        Kind::Named(id) if matches!(cx.api.types[id.0].shape, Shape::Enum(_)) => return None,
        _ => {}
    }
    Some(Payload::Xml(Box::new(Xml {
        ty: cx.value(schema),
        root: root(cx, schema, &usage),
        beside: XmlBeside::Nothing,
    })))
}

/// Makes one payload of two if they are the same value, as JSON and as XML; says whether they are.
pub(super) fn join(known: &mut Payload, other: &Payload) -> bool {
    match (&mut *known, other) {
        (Payload::Xml(xml), Payload::Slot(ty)) if xml.ty == *ty => {
            xml.beside = XmlBeside::Json;
            true
        }
        (Payload::Slot(ty), Payload::Xml(xml)) if xml.ty == *ty => {
            let beside = XmlBeside::Json;
            *known = Payload::Xml(Box::new(Xml {
                beside,
                ..(**xml).clone()
            }));
            true
        }
        (Payload::Xml(xml), Payload::Xml(other)) => xml.ty == other.ty,
        (known, other) => known == other,
    }
}

/// Whether a payload is a value that may come as JSON.
pub(super) fn is_json_too(payload: &Payload) -> bool {
    match payload {
        Payload::Slot(_) => true,
        Payload::Xml(xml) => xml.beside == XmlBeside::Json,
        _ => false,
    }
}

/// A schema where it is used: what it is, through all its names, and what is said of XML on the way.
struct Usage<'c> {
    kind: &'c Kind,
    name: Option<&'c str>,
    namespace: Option<&'c str>,
    prefix: Option<&'c str>,
    node: Option<model::XmlNode>,
    wrapped: Option<bool>,
    /// The key of the component that it is first of all.
    component: Option<&'c str>,
}

impl<'c> Usage<'c> {
    fn of(cx: &Context<'c>, schema: &'c Schema) -> Self {
        let mut usage = Self {
            kind: &schema.kind,
            name: None,
            namespace: None,
            prefix: None,
            node: None,
            wrapped: None,
            component: None,
        };
        usage.hear(schema.xml.as_deref());
        for _ in 0..DEEPEST {
            let Kind::Named(id) = usage.kind else { break };
            let ty = &cx.api.types[id.0];
            if ty.named && usage.component.is_none() {
                usage.component = ty.called.0.first().map(String::as_str);
            }
            usage.hear(ty.xml.as_deref());
            match &ty.shape {
                Shape::Alias(_) if cx.graph.is_endless_alias(*id) => {
                    usage.kind = &Kind::Any;
                }
                Shape::Alias(schema) => {
                    usage.kind = &schema.kind;
                    usage.hear(schema.xml.as_deref());
                }
                _ => break,
            }
        }
        usage
    }

    fn hear(&mut self, xml: Option<&'c model::Xml>) {
        let Some(xml) = xml else { return };
        self.name = self.name.or(xml.name.as_deref());
        if self.namespace.is_none() && self.prefix.is_none() {
            self.namespace = xml.namespace.as_deref();
            self.prefix = xml.prefix.as_deref();
        }
        self.node = self.node.or(xml.node);
        self.wrapped = self.wrapped.or(xml.wrapped);
    }

    /// The name that is written, of this local name unless the document gives another.
    fn qualified(&self, local: &str) -> String {
        let local = self.name.unwrap_or(local);
        let namespace = self.namespace.map(|uri| format!("{{{uri}}}"));
        let prefix = self.prefix.filter(|_| !local.contains(':'));
        let prefix = prefix.map(|prefix| format!("{prefix}:"));
        format!(
            "{}{}{local}",
            namespace.unwrap_or_default(),
            prefix.unwrap_or_default()
        )
    }

    fn is_list(&self) -> bool {
        matches!(self.kind, Kind::List(_) | Kind::Tuple(..))
    }

    /// Whether an element stands around the items of a list.
    fn is_wrapped(&self) -> bool {
        match self.node {
            Some(model::XmlNode::None) => false,
            Some(model::XmlNode::Element) => true,
            _ => self.wrapped == Some(true),
        }
    }
}

fn root(cx: &Context<'_>, schema: &Schema, usage: &Usage<'_>) -> XmlRoot {
    let of_type = match &schema.kind {
        Kind::Named(id) => Some(cx.names[id.0].0.plain()),
        _ => None,
    };
    let local = usage.component.or(of_type).unwrap_or("root");
    let nameless = usage.name.is_none() && usage.component.is_none();
    let item = match usage.kind {
        Kind::List(item) => Usage::of(cx, item).component,
        _ => None,
    };
    let is_sole = nameless && has_sole_element(cx, usage.kind);
    XmlRoot {
        name: usage.qualified(local),
        shape: shape(cx, usage, item.unwrap_or("item"), 0),
        by: if is_sole {
            XmlRootBy::SoleMember
        } else {
            XmlRootBy::Name
        },
    }
}

/// Whether an object has one member, and that is an element.
fn has_sole_element(cx: &Context<'_>, kind: &Kind) -> bool {
    let Kind::Named(id) = kind else { return false };
    let Shape::Record(record) = &cx.api.types[id.0].shape else {
        return false;
    };
    let [field] = record.fields.as_slice() else {
        return false;
    };
    node(&Usage::of(cx, &field.schema)) == XmlNode::Element
        && matches!(Usage::of(cx, &field.schema).kind, Kind::Named(_))
}

/// What a member is.
fn node(usage: &Usage<'_>) -> XmlNode {
    let may_be_inline = match usage.kind {
        Kind::Map(_) | Kind::Named(_) => true,
        kind => matches!(kind, Kind::List(_) | Kind::Tuple(..)),
    };
    match usage.node {
        Some(model::XmlNode::Attribute) => XmlNode::Attribute,
        Some(model::XmlNode::Text) => XmlNode::Text,
        Some(model::XmlNode::Cdata) => XmlNode::Cdata,
        _ if usage.is_list() && !usage.is_wrapped() => XmlNode::Inline,
        Some(model::XmlNode::None) if may_be_inline => XmlNode::Inline,
        _ => XmlNode::Element,
    }
}

/// The name of a list's items; one without a namespace is in that of its list.
fn item_name(cx: &Context<'_>, list: &Usage<'_>, local: &str, item: &Schema) -> String {
    let mut item = Usage::of(cx, item);
    if item.namespace.is_none() && item.prefix.is_none() {
        (item.namespace, item.prefix) = (list.namespace, list.prefix);
    }
    item.qualified(local)
}

/// What stands in a place; `local` is what items are called that have no name of their own.
fn shape(cx: &Context<'_>, usage: &Usage<'_>, local: &str, depth: usize) -> XmlShape {
    if depth > DEEPEST {
        return XmlShape::Any;
    }
    let inner = |schema: &Schema| shape(cx, &Usage::of(cx, schema), local, depth + 1);
    let item_name = |schema: &Schema| item_name(cx, usage, local, schema);
    match usage.kind {
        Kind::Any => XmlShape::Any,
        Kind::Bool => XmlShape::Bool,
        Kind::Integer(_) | Kind::Number(_) => XmlShape::Number,
        Kind::String(format) => text(*format),
        Kind::List(item) => XmlShape::List(item_name(item), Box::new(inner(item))),
        Kind::Tuple(places, rest) => {
            let rest_shape = rest.as_ref().map_or(XmlShape::Any, |rest| inner(rest));
            let name = places.first().or(rest.as_deref());
            let name = name.map_or_else(|| local.to_owned(), &item_name);
            let places = places.iter().map(inner).collect();
            XmlShape::Places(name, places, Box::new(rest_shape))
        }
        Kind::Map(value) => XmlShape::Map(Box::new(inner(value))),
        Kind::Named(id) => named(cx, *id),
    }
}

fn text(format: StringFormat) -> XmlShape {
    match format {
        StringFormat::Plain
        | StringFormat::Secret
        | StringFormat::Base64
        | StringFormat::Binary => XmlShape::Text,
        StringFormat::DateTime
        | StringFormat::Date
        | StringFormat::Uuid
        | StringFormat::Integer(_)
        | StringFormat::Decimal => XmlShape::Token,
    }
}

fn named(cx: &Context<'_>, id: TypeId) -> XmlShape {
    match &cx.api.types[id.0].shape {
        Shape::Enum(set) => match set.base {
            EnumBase::String => {
                let texts = set.variants.iter().filter_map(|one| one.value.as_str());
                let mut texts = texts;
                if texts.any(|text| text.is_empty() || text.trim() != text) {
                    XmlShape::Text
                } else {
                    XmlShape::Token
                }
            }
            EnumBase::Integer => XmlShape::Number,
            EnumBase::Scalar => {
                let values = set.variants.iter().map(|one| one.value.to_string());
                XmlShape::OneOf(values.collect())
            }
        },
        Shape::Union(union) if union.variants.is_empty() => XmlShape::Any,
        Shape::Record(_) | Shape::Union(_) => XmlShape::Of(cx.names[id.0].0.clone()),
        // looked through before; what is left is endless
        Shape::Alias(_) => XmlShape::Any,
    }
}

/// The tables of all types that travel as XML, by their names.
pub(super) fn tables(cx: &Context<'_>, operations: &[Operation]) -> BTreeMap<Ident, XmlModel> {
    let mut open: Vec<Ident> = Vec::new();
    for payload in operations.iter().flat_map(payloads) {
        if let Payload::Xml(xml) = payload {
            each_name(&xml.root.shape, &mut open);
        }
    }
    let mut tables = BTreeMap::new();
    if open.is_empty() {
        return tables;
    }
    let ids: BTreeMap<&Ident, TypeId> = cx
        .names
        .iter()
        .enumerate()
        .map(|(index, (name, _))| (name, TypeId(index)))
        .collect();
    while let Some(name) = open.pop() {
        if tables.contains_key(&name) {
            continue;
        }
        if let Some(table) = ids.get(&name).and_then(|id| table(cx, *id)) {
            each_shape(&table, &mut |shape| each_name(shape, &mut open));
            tables.insert(name, table);
        }
    }
    tables
}

/// The features of the runtime that operations need to travel as XML.
pub(super) fn needs(operations: &[Operation]) -> Vec<String> {
    let mut all = operations.iter().flat_map(payloads);
    let has_xml = all.any(|payload| matches!(payload, Payload::Xml(_)));
    has_xml.then(|| "xml".to_owned()).into_iter().collect()
}

fn payloads(operation: &Operation) -> Vec<&Payload> {
    let mut out: Vec<&Payload> = Vec::new();
    match operation.body.as_ref().map(|body| &body.content) {
        Some(BodyContent::One(payload)) => out.push(payload),
        Some(BodyContent::Choice(_, variants)) => {
            out.extend(variants.iter().map(|variant| &variant.payload));
        }
        None => {}
    }
    match &operation.output {
        Output::Plain(payload) => out.push(payload),
        Output::Enum(_, variants) => out.extend(variants.iter().map(|variant| &variant.payload)),
    }
    match &operation.failure {
        Failure::Undeclared => {}
        Failure::Shared(payload, _) => out.push(payload),
        Failure::Enum(_, variants) => out.extend(variants.iter().map(|variant| &variant.payload)),
    }
    out
}

fn each_name(shape: &XmlShape, names: &mut Vec<Ident>) {
    match shape {
        XmlShape::Of(name) => names.push(name.clone()),
        XmlShape::List(_, inner) | XmlShape::Map(inner) => each_name(inner, names),
        XmlShape::Places(_, places, rest) => {
            places.iter().for_each(|place| each_name(place, names));
            each_name(rest, names);
        }
        _ => {}
    }
}

fn each_shape(table: &XmlModel, see: &mut dyn FnMut(&XmlShape)) {
    match table {
        XmlModel::Record(members, rest) => {
            members.iter().for_each(|member| see(&member.shape));
            rest.iter().for_each(see);
        }
        XmlModel::Choice(_, shapes) => shapes.iter().for_each(|(_, shape)| see(shape)),
    }
}

fn table(cx: &Context<'_>, id: TypeId) -> Option<XmlModel> {
    match &cx.api.types[id.0].shape {
        Shape::Record(record) => {
            let planned = cx.models.get(&cx.names[id.0].0).map(|model| &model.shape);
            let Some(PlannedShape::Record(planned)) = planned else {
                return None;
            };
            let fields = record.fields.iter().zip(&planned.fields);
            let members = fields.map(|(field, planned)| member(cx, field, planned.presence));
            let rest = match &record.rest {
                Rest::Closed => None,
                Rest::Any => Some(XmlShape::Any),
                Rest::Typed(schema) => Some(shape(cx, &Usage::of(cx, schema), "item", 0)),
            };
            Some(XmlModel::Record(members.collect(), rest))
        }
        Shape::Union(union) => {
            let tag = match &union.by {
                UnionBy::Tag(member) => Some(member.clone()),
                UnionBy::Only | UnionBy::First => None,
            };
            let variants = union.variants.iter().map(|variant| {
                let usage = Usage::of(cx, &variant.schema);
                (variant.tags.clone(), shape(cx, &usage, "item", 0))
            });
            Some(XmlModel::Choice(tag, variants.collect()))
        }
        Shape::Enum(_) | Shape::Alias(_) => None,
    }
}

fn member(cx: &Context<'_>, field: &model::Field, presence: Presence) -> XmlMember {
    let usage = Usage::of(cx, &field.schema);
    let node = node(&usage);
    // the items of a list that is wrapped are called like the list, others like the member
    let local = match node {
        XmlNode::Element => usage.name.unwrap_or(&field.wire_name),
        _ => &field.wire_name,
    };
    XmlMember {
        wire_name: field.wire_name.clone(),
        name: usage.qualified(&field.wire_name),
        node,
        need: match presence {
            Presence::Required => XmlNeed::Required,
            Presence::RequiredNullable => XmlNeed::Nullable,
            Presence::Optional | Presence::OptionalNullable => XmlNeed::Optional,
        },
        shape: shape(cx, &usage, local, 0),
    }
}
