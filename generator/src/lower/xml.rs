//! How values stand in XML: OpenAPI's XML Object, as `load` keeps it in `x-specmint-xml`.

use openapiv3::SchemaData;
use serde_json::{Map, Value};

use crate::model::{Xml, XmlNode};

/// What a schema says about XML; `None` if that is nothing.
pub(super) fn read(about: &SchemaData) -> Option<Box<Xml>> {
    let said = about.extensions.get("x-specmint-xml")?.as_object()?;
    let text = |key: &str| {
        let text = said.get(key).and_then(Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let xml = Xml {
        name: text("name"),
        namespace: text("namespace"),
        prefix: text("prefix"),
        node: node(said),
        wrapped: said.get("wrapped").and_then(Value::as_bool),
    };
    (xml != Xml::default()).then(|| Box::new(xml))
}

/// `nodeType` (OpenAPI 3.2), what older versions say by `attribute`, and what several vendors say of text.
fn node(said: &Map<String, Value>) -> Option<XmlNode> {
    let is = |key: &str| said.get(key) == Some(&Value::Bool(true));
    match said.get("nodeType").and_then(Value::as_str) {
        Some("element") => Some(XmlNode::Element),
        Some("attribute") => Some(XmlNode::Attribute),
        Some("text") => Some(XmlNode::Text),
        Some("cdata") => Some(XmlNode::Cdata),
        Some("none") => Some(XmlNode::None),
        _ if is("attribute") => Some(XmlNode::Attribute),
        _ if is("x-text") || is("x-ms-text") => Some(XmlNode::Text),
        _ => None,
    }
}

/// What two schemas say of one value; the first to say something is heard.
pub(super) fn join(first: &mut Option<Box<Xml>>, more: Option<Box<Xml>>) {
    let Some(more) = more else { return };
    let Some(xml) = first else {
        *first = Some(more);
        return;
    };
    xml.name = xml.name.take().or(more.name);
    if xml.namespace.is_none() && xml.prefix.is_none() {
        (xml.namespace, xml.prefix) = (more.namespace, more.prefix);
    }
    xml.node = xml.node.or(more.node);
    xml.wrapped = xml.wrapped.or(more.wrapped);
}
