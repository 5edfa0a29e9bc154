//! JSON that we wrote ourselves to XML, as the table says.

use zeroize::Zeroizing;

use super::super::node::Node as Json;
use super::choose::choose;
use super::escape::{self, Place};
use super::index::{items_of, members};
use super::member::{Member, Node};
use super::name::Name;
use super::tree::XSI;
use super::{Model, Root, Shape};

/// The namespace of `xml:lang`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The document of a JSON value; `None` if XML cannot say it.
pub(super) fn document(json: &[u8], root: &Root) -> Option<Zeroizing<Vec<u8>>> {
    let json = Json::parse(json)?;
    let mut writer = Writer {
        out: Zeroizing::new(String::with_capacity(4096)),
        // bound from the start (Namespaces in XML 1.0, section 3)
        scope: vec![("xml".to_owned(), XML.to_owned())],
    };
    writer
        .out
        .push_str(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    match lone_member(&json, root) {
        Some((member, value)) => writer.element(member.name, &member.shape, value)?,
        None => writer.element(root.name, &root.shape, &json)?,
    }
    Some(Zeroizing::new(writer.out.as_bytes().to_vec()))
}

/// The only member of an object that has no name of its own.
fn lone_member<'j>(json: &'j Json<'j>, root: &Root) -> Option<(&'static Member, &'j Json<'j>)> {
    let ((known, _), Json::Object(given, _)) = (members(&root.shape)?, json) else {
        return None;
    };
    let [(name, value)] = given.as_slice() else {
        return None;
    };
    let member = known.iter().find(|member| member.json == name)?;
    (root.sole && member.node == Node::Element).then_some((member, value))
}

struct Writer {
    out: Zeroizing<String>,
    /// The prefixes of the elements that are open, and their namespaces; the default has none.
    scope: Vec<(String, String)>,
}

/// What stands between the tags of an element.
#[derive(Clone, Copy)]
enum Content<'a> {
    Value(&'a Shape),
    /// What is known of nothing but its JSON.
    Unknown,
}

impl Writer {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        let mut scope = self.scope.iter().rev();
        let found = scope.find(|(known, _)| known == prefix);
        found.map(|(_, namespace)| namespace.as_str())
    }

    /// Declares a namespace unless it is declared already.
    fn declare(&mut self, prefix: &str, namespace: &str) -> Option<()> {
        if namespace.is_empty() || self.namespace(prefix) == Some(namespace) {
            return Some(());
        }
        self.out.push_str(" xmlns");
        if !prefix.is_empty() {
            self.out.push(':');
            self.out.push_str(prefix);
        }
        self.out.push_str("=\"");
        escape::push(namespace, Place::Attribute, &mut self.out)?;
        self.out.push('"');
        self.scope.push((prefix.to_owned(), namespace.to_owned()));
        Some(())
    }

    fn qualified(&mut self, name: Name<'_>) {
        if !name.prefix.is_empty() {
            self.out.push_str(name.prefix);
            self.out.push(':');
        }
        self.out.push_str(name.local);
    }

    /// An element of this name with what the value is.
    fn element(&mut self, name: &str, shape: &Shape, json: &Json<'_>) -> Option<()> {
        match shape {
            Shape::Of(model) => match model() {
                Model::Choice(tag, choices) => match choose(json, *tag, choices) {
                    Some(chosen) => self.element(name, chosen, json),
                    None => self.tagged(name, Content::Unknown, json),
                },
                Model::Record(..) => self.tagged(name, Content::Value(shape), json),
            },
            Shape::Any => self.tagged(name, Content::Unknown, json),
            shape => self.tagged(name, Content::Value(shape), json),
        }
    }

    fn tagged(&mut self, name: &str, content: Content<'_>, json: &Json<'_>) -> Option<()> {
        let name = Name::of(name);
        if !name.is_sound() {
            return None;
        }
        let outside = self.scope.len();
        self.out.push('<');
        self.qualified(name);
        self.declare(name.prefix, name.namespace)?;
        if matches!(json, Json::Null) {
            self.declare("xsi", XSI)?;
            self.out.push_str(" xsi:nil=\"true\"/>");
            self.scope.truncate(outside);
            return Some(());
        }
        match content {
            Content::Value(shape) => self.attributes(shape, json)?,
            Content::Unknown => self.unknown_attributes(json, &[])?,
        }
        self.out.push('>');
        let start = self.out.len();
        match content {
            Content::Value(shape) => self.content(shape, json)?,
            Content::Unknown => self.unknown(json)?,
        }
        if self.out.len() == start {
            self.out.pop();
            self.out.push_str("/>");
        } else {
            self.out.push_str("</");
            self.qualified(name);
            self.out.push('>');
        }
        self.scope.truncate(outside);
        Some(())
    }

    /// The attributes of an object, and of those that stand in it.
    fn attributes(&mut self, shape: &Shape, json: &Json<'_>) -> Option<()> {
        let Json::Object(given, _) = json else {
            return Some(());
        };
        let Some((known, rest)) = members(shape) else {
            return match shape {
                Shape::Map(of) if of.is_any() => self.unknown_attributes(json, &[]),
                _ => Some(()),
            };
        };
        for member in known {
            let value = given.iter().find(|(name, _)| name == member.json);
            let Some((_, value)) = value.filter(|(_, value)| !matches!(value, Json::Null)) else {
                continue;
            };
            match member.node {
                Node::Attribute => self.attribute(member.name, value)?,
                Node::Inline if items_of(&member.shape).is_none() => {
                    self.attributes(&member.shape, value)?;
                }
                _ => {}
            }
        }
        match rest {
            Some(rest) if rest.is_any() => self.unknown_attributes(json, known),
            _ => Some(()),
        }
    }

    fn attribute(&mut self, name: &str, value: &Json<'_>) -> Option<()> {
        let mut name = Name::of(name);
        if !name.is_sound() {
            return None;
        }
        // without a prefix an attribute is in no namespace
        let made_up = format!("ns{}", self.scope.len());
        if !name.namespace.is_empty() {
            if name.prefix.is_empty() {
                name.prefix = &made_up;
            }
            self.declare(name.prefix, name.namespace)?;
        }
        self.out.push(' ');
        self.qualified(name);
        self.out.push_str("=\"");
        self.text(value, Place::Attribute)?;
        self.out.push('"');
        Some(())
    }

    /// The text of a value; of a list, its items with spaces between them.
    fn text(&mut self, value: &Json<'_>, place: Place) -> Option<()> {
        if let Json::List(items, _) = value {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    self.out.push(' ');
                }
                escape::push(&item.text().unwrap_or_default(), place, &mut self.out)?;
            }
            return Some(());
        }
        escape::push(&value.text().unwrap_or_default(), place, &mut self.out)
    }

    fn content(&mut self, shape: &Shape, json: &Json<'_>) -> Option<()> {
        match (shape, json) {
            (Shape::List(item, of), Json::List(items, _)) => self.items(item, &[], of, items),
            (Shape::Places(item, places, rest), Json::List(items, _)) => {
                self.items(item, places, rest, items)
            }
            (Shape::Map(of), Json::Object(given, _)) => self.others(given, &[], of),
            (Shape::Of(model), Json::Object(given, _)) => match model() {
                Model::Record(known, rest) => self.record(known, rest.as_ref(), given),
                Model::Choice(..) => self.unknown(json),
            },
            (shape, Json::Scalar(text)) if shape.is_leaf() => {
                escape::push(text, Place::Content, &mut self.out)
            }
            // what the caller put into a place of another kind
            _ => self.unknown(json),
        }
    }

    fn items(
        &mut self,
        name: &str,
        places: &[Shape],
        rest: &Shape,
        items: &[Json<'_>],
    ) -> Option<()> {
        for (at, item) in items.iter().enumerate() {
            self.element(name, places.get(at).unwrap_or(rest), item)?;
        }
        Some(())
    }

    fn record(
        &mut self,
        known: &'static [Member],
        rest: Option<&Shape>,
        given: &[(String, Json<'_>)],
    ) -> Option<()> {
        for member in known {
            let Some((_, value)) = given.iter().find(|(name, _)| name == member.json) else {
                continue;
            };
            let is_null = matches!(value, Json::Null);
            match (member.node, &member.shape) {
                (Node::Attribute, _) => {}
                (Node::Text, _) => self.text(value, Place::Content)?,
                (Node::Cdata, _) => {
                    let text = value.text().unwrap_or_default();
                    escape::push_cdata(&text, &mut self.out)?;
                }
                (Node::Inline, _) if is_null => {}
                (Node::Inline, Shape::List(item, of)) => match value {
                    Json::List(items, _) => self.items(item, &[], of, items)?,
                    other => self.element(item, of, other)?,
                },
                (Node::Inline, Shape::Places(item, places, of)) => match value {
                    Json::List(items, _) => self.items(item, places, of, items)?,
                    other => self.element(item, of, other)?,
                },
                (Node::Inline, shape) => self.inline(shape, value)?,
                (Node::Element, shape) => self.member(member.name, shape, value)?,
            }
        }
        match rest {
            Some(rest) => self.others(given, known, rest),
            None => Some(()),
        }
    }

    /// A member; a list of anything is as many elements.
    fn member(&mut self, name: &str, shape: &Shape, value: &Json<'_>) -> Option<()> {
        match (shape, value) {
            (Shape::Any, Json::List(items, _)) => self.items(name, &[], &Shape::Any, items),
            _ => self.element(name, shape, value),
        }
    }

    fn inline(&mut self, shape: &Shape, value: &Json<'_>) -> Option<()> {
        let chosen = match shape {
            Shape::Of(model) => match model() {
                Model::Choice(tag, choices) => choose(value, *tag, choices),
                Model::Record(..) => Some(shape),
            },
            shape => Some(shape),
        };
        match chosen {
            Some(shape) => self.content(shape, value),
            None => self.unknown(value),
        }
    }

    /// Members that the table does not name, called like themselves.
    fn others(
        &mut self,
        given: &[(String, Json<'_>)],
        known: &[Member],
        shape: &Shape,
    ) -> Option<()> {
        let is_known = |name: &str| known.iter().any(|member| member.json == name);
        for (name, value) in given.iter().filter(|(name, _)| !is_known(name)) {
            match (shape, value) {
                (Shape::Any, value) => self.unknown_member(name, value)?,
                (Shape::List(_, of), Json::List(items, _)) => self.items(name, &[], of, items)?,
                (shape, value) => self.element(name, shape, value)?,
            }
        }
        Some(())
    }

    fn unknown_attributes(&mut self, json: &Json<'_>, known: &[Member]) -> Option<()> {
        let Json::Object(given, _) = json else {
            return Some(());
        };
        for (name, value) in given {
            if let Some(name) = name.strip_prefix('@')
                && let Json::Scalar(_) = value
                && !known.iter().any(|member| member.name == name)
            {
                self.attribute(name, value)?;
            }
        }
        Some(())
    }

    fn unknown(&mut self, json: &Json<'_>) -> Option<()> {
        match json {
            Json::Null | Json::Marked(_) => Some(()),
            Json::Scalar(text) => escape::push(text, Place::Content, &mut self.out),
            Json::List(items, _) => self.items("item", &[], &Shape::Any, items),
            Json::Object(given, _) => {
                for (name, value) in given {
                    self.unknown_member(name, value)?;
                }
                Some(())
            }
        }
    }

    fn unknown_member(&mut self, name: &str, value: &Json<'_>) -> Option<()> {
        match value {
            Json::Scalar(_) if name.starts_with('@') => Some(()),
            Json::Scalar(text) if name == "#text" => {
                escape::push(text, Place::Content, &mut self.out)
            }
            Json::List(items, _) => self.items(name, &[], &Shape::Any, items),
            value => self.element(name, &Shape::Any, value),
        }
    }
}
