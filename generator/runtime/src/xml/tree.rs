//! XML to a tree of elements, with limits: what hostile text can cost is linear in its length.

use quick_xml::XmlVersion;
use quick_xml::errors::Error;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, NamespaceResolver, ResolveResult};
use quick_xml::reader::NsReader;

use super::super::json::{DecodeError, MAX_DEPTH, Problem};

/// The namespace of `xsi:nil`.
pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// How many elements there may be within each other. Each may become two levels of JSON.
const DEEPEST: usize = MAX_DEPTH as usize;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) namespace: Space,
    pub(super) local: String,
    /// Those that say something of the value: no declarations of namespaces, and nothing of XML Schema's.
    pub(super) attributes: Vec<Attribute>,
    pub(super) children: Vec<Element>,
    /// All text directly within it.
    pub(super) text: String,
    /// `xsi:nil`.
    pub(super) nil: bool,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) namespace: Space,
    pub(super) local: String,
    pub(super) value: String,
}

/// A namespace as its number among those of the document; 0 is none.
pub(super) type Space = usize;

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) root: Element,
    spaces: Vec<String>,
}

impl Document {
    /// The URI of a namespace.
    pub(super) fn uri(&self, space: Space) -> &str {
        &self.spaces[space]
    }
}

impl Element {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether there is nothing in it at all.
    pub(super) fn is_empty(&self) -> bool {
        self.children.is_empty() && self.attributes.is_empty() && self.is_blank()
    }
}

/// Reads a document.
pub(super) fn parse(text: &str) -> Result<Document, DecodeError> {
    if text.trim().is_empty() {
        return Err(Problem::Empty.into());
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut builder = Builder {
        spaces: vec![String::new()],
        open: Vec::new(),
        root: None,
    };
    loop {
        let at = reader.buffer_position();
        let event = reader
            .read_event()
            .map_err(|error| ill_formed(&error, at))?;
        if let Event::Eof = event {
            break;
        }
        builder.take(event, reader.resolver(), at)?;
    }
    match builder.root {
        Some(root) if builder.open.is_empty() => Ok(Document {
            root,
            spaces: builder.spaces,
        }),
        _ => Err(Problem::Truncated.into()),
    }
}

struct Builder {
    spaces: Vec<String>,
    open: Vec<Element>,
    root: Option<Element>,
}

impl Builder {
    fn take(
        &mut self,
        event: Event<'_>,
        resolver: &NamespaceResolver,
        at: u64,
    ) -> Result<(), DecodeError> {
        let here = || DecodeError::from(syntax(at));
        match event {
            Event::Start(start) => {
                if self.root.is_some() {
                    return Err(here());
                }
                if self.open.len() >= DEEPEST {
                    return Err(Problem::TooDeep.into());
                }
                let element = self.element(&start, resolver, at)?;
                self.open.push(element);
            }
            Event::End(_) => {
                let element = self.open.pop().ok_or_else(here)?;
                match self.open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => self.root = Some(element),
                }
            }
            Event::Text(text) => self.text(&text.xml10_content(), at)?,
            Event::CData(text) => {
                if self.open.is_empty() {
                    return Err(here());
                }
                self.text(&text.xml10_content(), at)?;
            }
            Event::GeneralRef(reference) => {
                let char = match reference.resolve_char_ref() {
                    Ok(Some(char)) => char,
                    Ok(None) => predefined(&reference).ok_or_else(here)?,
                    Err(_) => return Err(here()),
                };
                let parent = self.open.last_mut().ok_or_else(here)?;
                parent.text.push(char);
            }
            Event::DocType(_) => return Err(Problem::DocumentType.into()),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str, at: u64) -> Result<(), DecodeError> {
        match self.open.last_mut() {
            Some(parent) => parent.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(syntax(at).into()),
        }
        Ok(())
    }

    fn element(
        &mut self,
        start: &BytesStart<'_>,
        resolver: &NamespaceResolver,
        at: u64,
    ) -> Result<Element, DecodeError> {
        let (space, local) = resolver.resolve_element(start.name());
        let mut element = Element {
            namespace: self.space(&space),
            local: local.as_ref().to_owned(),
            ..Element::default()
        };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| syntax(at))?;
            let (space, local) = resolver.resolve_attribute(attribute.key);
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|_| syntax(at))?;
            match space {
                _ if attribute.key.as_namespace_binding().is_some() => {}
                ResolveResult::Bound(Namespace(XMLNS)) => {}
                ResolveResult::Bound(Namespace(XSI)) => {
                    element.nil |= local.as_ref() == "nil" && matches!(value.trim(), "true" | "1");
                }
                space => element.attributes.push(Attribute {
                    namespace: self.space(&space),
                    local: local.as_ref().to_owned(),
                    value: value.into_owned(),
                }),
            }
        }
        Ok(element)
    }

    fn space(&mut self, space: &ResolveResult<'_>) -> Space {
        let ResolveResult::Bound(Namespace(uri)) = space else {
            return 0;
        };
        // as few as are declared at a time, which the reader limits
        let known = self
            .spaces
            .iter()
            .rev()
            .take(MOST_SPACES)
            .position(|it| it == uri);
        match known {
            Some(back) => self.spaces.len() - 1 - back,
            None => {
                self.spaces.push((*uri).to_owned());
                self.spaces.len() - 1
            }
        }
    }
}

/// How many namespaces are looked through for one that is known already.
const MOST_SPACES: usize = 32;

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "apos" => '\'',
        "gt" => '>',
        "lt" => '<',
        "quot" => '"',
        _ => return None,
    })
}

fn syntax(at: u64) -> Problem {
    let offset = usize::try_from(at).unwrap_or(usize::MAX);
    Problem::NotXml { offset }
}

/// Says where the parser stumbled. Its own text is dropped: it may hold a name from the body.
#[cold]
fn ill_formed(error: &Error, at: u64) -> DecodeError {
    use quick_xml::errors::{IllFormedError, SyntaxError};
    match error {
        Error::IllFormed(IllFormedError::MissingEndTag(_)) => Problem::Truncated,
        Error::Syntax(
            SyntaxError::UnclosedTag
            | SyntaxError::UnclosedCData
            | SyntaxError::UnclosedComment
            | SyntaxError::UnclosedPI
            | SyntaxError::UnclosedXmlDecl
            | SyntaxError::UnclosedSingleQuotedAttributeValue
            | SyntaxError::UnclosedDoubleQuotedAttributeValue,
        ) => Problem::Truncated,
        Error::Syntax(SyntaxError::UnclosedDoctype) => Problem::DocumentType,
        _ => syntax(at),
    }
    .into()
}
