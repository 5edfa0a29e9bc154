//! XML: how the values of a client stand in bodies of XML.
//!
//! In and out: the JSON that a value's [`Slot`] reads and writes, and a table that says
//! how each part of it stands in XML: as an element, an attribute or text, under which name, wrapped or not.
//! Generated code brings a table for each type that travels so ([`xml!`](super::xml!)), and one piece of code
//! walks them all.
//!
//! What is written is exactly what the description says; reading is kinder, since servers and descriptions
//! differ most in names: namespaces and the name of the root are not insisted on, a list may be wrapped or
//! not, an element that is declared as `petId` may be called by its other name. Nothing is ever expanded but
//! the five entities of XML and character references; a document type is refused.
//!
//! Names are written `{namespace}prefix:local`; namespace and prefix may be left out.

mod carry;
mod choose;
mod entries;
mod escape;
mod index;
mod leaf;
mod name;
mod read;
mod tree;
mod write;

pub use self::member::Member;

use super::charset;
use super::json::{DecodeError, Slot, from_slice};
use zeroize::Zeroizing;

/// What stands in an element, in an attribute or in a text.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A text, with all its white space.
    Text,
    /// A text for which white space around it means nothing, such as a date or a value of an enum.
    Token,
    /// A number.
    Number,
    /// `true` or `false`, or `1` or `0`.
    Bool,
    /// One of these JSON values.
    OneOf(&'static [&'static str]),
    /// Anything. Attributes are members whose names begin with `@`, and text beside them is `#text`.
    Any,
    /// Elements of this name.
    List(&'static str, &'static Shape),
    /// Elements of this name: some with shapes of their own, and those that follow.
    Places(&'static str, &'static [Shape], &'static Shape),
    /// An element for each member, called like it.
    Map(&'static Shape),
    /// A model.
    Of(fn() -> &'static Model),
}

/// How a model stands in an element.
#[derive(Debug)]
pub enum Model {
    /// An object: its members, and what others are; `None` if there may be none.
    Record(&'static [Member], Option<Shape>),
    /// One of several shapes: the member that tells them apart, if there is one, and each with the texts of
    /// that member that name it.
    Choice(
        Option<&'static str>,
        &'static [(&'static [&'static str], Shape)],
    ),
}

/// The root of a body.
#[derive(Clone, Copy, Debug)]
pub struct Root {
    name: &'static str,
    shape: Shape,
    sole: bool,
}

impl Root {
    /// A root of this name.
    #[must_use]
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        let sole = false;
        Self { name, shape, sole }
    }

    /// An object that has no name of its own and one member alone: the member is the root. The name is for
    /// objects that turn out to have other members.
    #[must_use]
    pub const fn sole(name: &'static str, shape: Shape) -> Self {
        let sole = true;
        Self { name, shape, sole }
    }
}

pub mod member {
    //! The members of a record: how each is called in JSON and in XML, and what it holds.

    use super::Shape;

    /// A member of a record.
    #[derive(Debug)]
    pub struct Member {
        pub(super) json: &'static str,
        pub(super) name: &'static str,
        pub(super) node: Node,
        pub(super) need: Need,
        pub(super) shape: Shape,
    }

    /// What a member is in XML.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(super) enum Node {
        /// An element; of a list, the element around its items.
        Element,
        Attribute,
        Text,
        Cdata,
        /// Nothing: the items of a list, or the members of an object, stand where it would.
        Inline,
    }

    /// Whether a member is there.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(super) enum Need {
        Optional,
        Required,
        /// Required, and perhaps null.
        Nullable,
    }

    const fn new(node: Node, json: &'static str, name: &'static str, shape: Shape) -> Member {
        let need = Need::Optional;
        Member {
            json,
            name,
            node,
            need,
            shape,
        }
    }

    /// An element; of a list, the element around its items.
    #[must_use]
    pub const fn element(json: &'static str, name: &'static str, shape: Shape) -> Member {
        new(Node::Element, json, name, shape)
    }

    /// An attribute.
    #[must_use]
    pub const fn attribute(json: &'static str, name: &'static str, shape: Shape) -> Member {
        new(Node::Attribute, json, name, shape)
    }

    /// The text of the element around it.
    #[must_use]
    pub const fn text(json: &'static str, shape: Shape) -> Member {
        new(Node::Text, json, json, shape)
    }

    /// The text of the element around it, as a CDATA section.
    #[must_use]
    pub const fn cdata(json: &'static str, shape: Shape) -> Member {
        new(Node::Cdata, json, json, shape)
    }

    /// No node: the items of a list, or the members of an object, stand in the element around it.
    #[must_use]
    pub const fn inline(json: &'static str, name: &'static str, shape: Shape) -> Member {
        new(Node::Inline, json, name, shape)
    }

    impl Member {
        /// The member is always there.
        #[must_use]
        pub const fn required(mut self) -> Self {
            self.need = Need::Required;
            self
        }

        /// The member is always there, or null, which in XML is often the same as not there.
        #[must_use]
        pub const fn nullable(mut self) -> Self {
            self.need = Need::Nullable;
            self
        }
    }
}

/// Reads the one value that the XML holds.
///
/// # Errors
/// The bytes are not XML, have a document type, or what they hold is not a `T`. The path is that of the value
/// as JSON.
pub fn from_xml<T: Slot>(bytes: &[u8], root: &Root) -> Result<T, DecodeError> {
    from_text(&charset::xml(bytes, None)?, root)
}

/// Reads the one value that XML holds which is decoded already.
fn from_text<T: Slot>(text: &str, root: &Root) -> Result<T, DecodeError> {
    let document = tree::parse(text)?;
    from_slice(&read::json(&document, root)?)
}

/// Returns the JSON of a value as XML. `None` if XML cannot say it: it is not JSON, a member has a name that no
/// element can have, or a text has a character that XML does not know (XML 1.0, section 2.2).
#[must_use]
pub fn from_json(json: &[u8], root: &Root) -> Option<Zeroizing<Vec<u8>>> {
    write::document(json, root)
}

/// Gives a type its table: `Name record [members] rest`, or `Name choice tag [shapes]`.
#[doc(hidden)]
#[macro_export]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_xml {
    ($ty:ident record [$($member:expr),* $(,)?] $rest:expr) => {
        crate::runtime::xml!(@model $ty, Record(&[$($member),*], $rest));
    };
    ($ty:ident choice $tag:expr, [$($shape:expr),* $(,)?]) => {
        crate::runtime::xml!(@model $ty, Choice($tag, &[$($shape),*]));
    };
    (@model $ty:ident, $model:expr) => {
        impl $ty {
            #[doc(hidden)]
            #[must_use]
            pub fn __xml() -> &'static crate::runtime::xml::Model {
                #[allow(unused_imports, reason = "few types have all kinds of members")]
                use crate::runtime::xml::{Model::*, Shape::*, member::*};
                static MODEL: crate::runtime::xml::Model = $model;
                &MODEL
            }
        }
    };
}
