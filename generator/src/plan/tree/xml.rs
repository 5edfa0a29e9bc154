//! The plan as data, fourth part: how values stand in XML.

use super::Type;
use crate::plan::names::Ident;

/// A value that travels as XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Xml {
    /// What it is.
    pub ty: Type,
    /// The root of the document.
    pub root: XmlRoot,
    /// What else it may travel as.
    pub beside: XmlBeside,
}

/// What a value that may travel as XML may travel as instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XmlBeside {
    /// Nothing else.
    Nothing,
    /// JSON, or what else is made of it.
    Json,
}

/// The root of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlRoot {
    /// The name, as the runtime writes names: `{namespace}prefix:local`.
    pub name: String,
    /// What stands in it.
    pub shape: XmlShape,
    /// What is the root.
    pub by: XmlRootBy,
}

/// What the root of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XmlRootBy {
    /// The value.
    Name,
    /// The only member of the value, which has no name of its own.
    SoleMember,
}

/// What stands in an element, in an attribute or in a text, as `xml::Shape` of the runtime has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XmlShape {
    /// A text.
    Text,
    /// A text for which white space around it means nothing.
    Token,
    /// A number.
    Number,
    /// A truth value.
    Bool,
    /// One of these JSON values.
    OneOf(Vec<String>),
    /// Anything.
    Any,
    /// Elements of this name.
    List(String, Box<XmlShape>),
    /// Elements of this name: the first, each by its place, and those that follow.
    Places(String, Vec<XmlShape>, Box<XmlShape>),
    /// An element for each member.
    Map(Box<XmlShape>),
    /// A type.
    Of(Ident),
}

/// How a type stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XmlModel {
    /// A struct: its members, and what others are.
    Record(Vec<XmlMember>, Option<XmlShape>),
    /// An enum of types: the member that tells them apart, and each with the texts of it that name it.
    Choice(Option<String>, Vec<(Vec<String>, XmlShape)>),
}

/// A member of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlMember {
    /// Its name in JSON.
    pub wire_name: String,
    /// Its name in XML, as the runtime writes names.
    pub name: String,
    /// What it is.
    pub node: XmlNode,
    /// Whether it is there.
    pub need: XmlNeed,
    /// What stands in it.
    pub shape: XmlShape,
}

/// What a member is in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the kinds of nodes are OpenAPI's")]
pub enum XmlNode {
    Element,
    Attribute,
    Text,
    Cdata,
    /// None: what it holds stands in the element around it.
    Inline,
}

/// Whether a member is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words are those of the runtime")]
pub enum XmlNeed {
    Optional,
    Required,
    Nullable,
}
