//! A tree of elements to JSON, as the table says.

use super::super::json::{DecodeError, MAX_DEPTH, Problem, write_text};
use super::entries::{entries, grouped};
use super::index::{Indices, items_of, members};
use super::leaf::{Blank, leaf_json, of_text};
use super::member::{Member, Need, Node};
use super::name::Name;
use super::tree::{Document, Element};
use super::{Model, Root, Shape};
use zeroize::Zeroizing;

/// The JSON that a document stands for.
pub(super) fn json(document: &Document, root: &Root) -> Result<Zeroizing<Vec<u8>>, DecodeError> {
    let mut walk = Walk {
        document,
        indices: Indices::default(),
        out: Zeroizing::new(Vec::with_capacity(1024)),
        depth: 0,
    };
    walk.root(root)?;
    Ok(walk.out)
}

pub(super) struct Walk<'x> {
    pub(super) document: &'x Document,
    pub(super) indices: Indices,
    out: Zeroizing<Vec<u8>>,
    depth: u32,
}

impl<'x> Walk<'x> {
    /// The root, or what is the root by another name: vendors put answers into an envelope, or leave one out.
    fn root(&mut self, root: &Root) -> Result<(), DecodeError> {
        let document = self.document;
        let element = &document.root;
        let Some((known, _)) = members(&root.shape) else {
            return self.value(element, &root.shape, Blank::Text);
        };
        let index = self.indices.of(known);
        let member_of = |child: &Element| index.element(document, child.namespace, &child.local);
        let name = Name::of(root.name).local;
        let is_known = element.local == name
            || element
                .children
                .iter()
                .any(|child| member_of(child).is_some());
        if is_known {
            return self.value(element, &root.shape, Blank::Text);
        }
        if let Some(inner) = element.children.iter().find(|child| child.local == name) {
            return self.value(inner, &root.shape, Blank::Text);
        }
        if let Some(at) = member_of(element)
            && known[at].node != Node::Attribute
        {
            return self.lone(element, &known[at], at, known);
        }
        self.value(element, &root.shape, Blank::Text)
    }

    /// An object of which the root is the only member.
    fn lone(
        &mut self,
        element: &'x Element,
        member: &'static Member,
        at: usize,
        known: &'static [Member],
    ) -> Result<(), DecodeError> {
        self.enter()?;
        self.out.push(b'{');
        self.key(member.json);
        self.of_elements(&[element], member)?;
        self.missing_lists(known, |index| index == at);
        self.out.push(b'}');
        self.depth -= 1;
        Ok(())
    }

    fn enter(&mut self) -> Result<(), DecodeError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Problem::TooDeep.into());
        }
        Ok(())
    }

    fn key(&mut self, name: &str) {
        if self.out.last() != Some(&b'{') {
            self.out.push(b',');
        }
        write_text(name, &mut self.out);
        self.out.push(b':');
    }

    fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    /// The value of an element.
    fn value(
        &mut self,
        element: &'x Element,
        shape: &Shape,
        blank: Blank,
    ) -> Result<(), DecodeError> {
        if element.nil {
            self.null();
            return Ok(());
        }
        match shape {
            Shape::Any => self.any(element, None),
            // whatever they are called
            Shape::List(_, of) => {
                let items: Vec<_> = element.children.iter().collect();
                self.list(&items, &[], of)
            }
            Shape::Places(_, places, rest) => {
                let items: Vec<_> = element.children.iter().collect();
                self.list(&items, places, rest)
            }
            Shape::Map(of) => {
                let children: Vec<_> = element.children.iter().collect();
                let named = children.iter().all(|child| child.local == "entry");
                match entries(&children).filter(|_| named && !children.is_empty()) {
                    Some(entries) => self.map(&entries, of),
                    None => self.record(element, &[], Some(of)),
                }
            }
            Shape::Of(model) => match model() {
                Model::Record(members, rest) => {
                    let demands = members.iter().any(|member| member.need == Need::Required);
                    if blank == Blank::Null && demands && element.is_empty() {
                        self.null();
                        return Ok(());
                    }
                    self.record(element, members, rest.as_ref())
                }
                Model::Choice(tag, choices) => match self.choose(element, *tag, choices) {
                    Some(chosen) => self.value(element, chosen, blank),
                    None => self.any(element, *tag),
                },
            },
            leaf => {
                leaf_json(&element.text, leaf, blank, &mut self.out);
                Ok(())
            }
        }
    }

    /// A map of which each entry is an element.
    fn map(&mut self, entries: &[(&str, &'x Element)], of: &Shape) -> Result<(), DecodeError> {
        self.enter()?;
        self.out.push(b'{');
        for (key, value) in entries {
            self.key(key);
            self.value(value, of, Blank::Text)?;
        }
        self.out.push(b'}');
        self.depth -= 1;
        Ok(())
    }

    fn list(
        &mut self,
        items: &[&'x Element],
        places: &[Shape],
        rest: &Shape,
    ) -> Result<(), DecodeError> {
        self.enter()?;
        self.out.push(b'[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.value(item, places.get(at).unwrap_or(rest), Blank::Text)?;
        }
        self.out.push(b']');
        self.depth -= 1;
        Ok(())
    }

    fn record(
        &mut self,
        element: &'x Element,
        known: &'static [Member],
        rest: Option<&Shape>,
    ) -> Result<(), DecodeError> {
        self.enter()?;
        self.out.push(b'{');
        let mut sorted = self.sort(element, known);
        for (at, member) in known.iter().enumerate() {
            match member.node {
                Node::Attribute => {
                    if let Some(value) = sorted.attributes[at] {
                        self.key(member.json);
                        of_text(value, member, &mut self.out);
                    } else {
                        self.absent(member);
                    }
                }
                Node::Text | Node::Cdata => {
                    if element.is_blank() && member.need != Need::Required {
                        self.absent(member);
                    } else {
                        self.key(member.json);
                        let mixed = !element.children.is_empty();
                        let text = if mixed {
                            element.text.trim()
                        } else {
                            &element.text
                        };
                        of_text(text, member, &mut self.out);
                    }
                }
                Node::Inline if items_of(&member.shape).is_none() => {
                    self.inline(element, member, &mut sorted)?;
                }
                Node::Element | Node::Inline => {
                    let found = std::mem::take(&mut sorted.elements[at]);
                    if found.is_empty() {
                        self.absent(member);
                    } else {
                        self.member(&found, member)?;
                    }
                }
            }
        }
        if let Some(rest) = rest {
            self.rest(element, known, rest, sorted)?;
        }
        self.out.push(b'}');
        self.depth -= 1;
        Ok(())
    }

    /// Finds out which of the members each child and each attribute is.
    fn sort(&mut self, element: &'x Element, known: &'static [Member]) -> Sorted<'x> {
        let mut sorted = Sorted {
            elements: vec![Vec::new(); known.len()],
            attributes: vec![None; known.len()],
            other: Vec::new(),
            other_attributes: Vec::new(),
        };
        let index = self.indices.of(known);
        for child in &element.children {
            match index.element(self.document, child.namespace, &child.local) {
                Some(at) => sorted.elements[at].push(child),
                None => sorted.other.push(child),
            }
        }
        for attribute in &element.attributes {
            let local = &attribute.local;
            match index.attribute(self.document, attribute.namespace, local) {
                Some(at) => sorted.attributes[at] = Some(&attribute.value),
                None => sorted.other_attributes.push((local, &attribute.value)),
            }
        }
        sorted
    }

    /// The members of an object that stand in the element around it.
    fn inline(
        &mut self,
        element: &'x Element,
        member: &'static Member,
        sorted: &mut Sorted<'x>,
    ) -> Result<(), DecodeError> {
        let Some((known, _)) = members(&member.shape) else {
            self.key(member.json);
            return self.value(element, &member.shape, Blank::Null);
        };
        let index = self.indices.of(known);
        let (own, other): (Vec<_>, Vec<_>) = sorted.other.drain(..).partition(|child| {
            let found = index.element(self.document, child.namespace, &child.local);
            found.is_some()
        });
        let attributes = sorted.other_attributes.len();
        sorted.other = other;
        let is_own = |local: &str| index.attribute(self.document, 0, local).is_some();
        sorted.other_attributes.retain(|(local, _)| !is_own(local));
        let texts = |member: &Member| matches!(member.node, Node::Text | Node::Cdata);
        let is_there = !own.is_empty()
            || sorted.other_attributes.len() < attributes
            || (!element.is_blank() && known.iter().any(texts));
        if is_there || member.need == Need::Required {
            self.key(member.json);
            self.record(element, known, None)?;
        } else {
            self.absent(member);
        }
        Ok(())
    }

    /// A member that is not there. An empty list leaves no trace in XML, and null often none.
    fn absent(&mut self, member: &Member) {
        match member.need {
            Need::Required if items_of(&member.shape).is_some() => {
                self.key(member.json);
                self.out.extend_from_slice(b"[]");
            }
            Need::Nullable => {
                self.key(member.json);
                self.null();
            }
            Need::Required | Need::Optional => {}
        }
    }

    fn missing_lists(&mut self, known: &[Member], is_there: impl Fn(usize) -> bool) {
        for (at, member) in known.iter().enumerate() {
            if !is_there(at) {
                self.absent(member);
            }
        }
    }

    /// A member and the elements that it is; one for each, if it cannot hold several.
    fn member(
        &mut self,
        found: &[&'x Element],
        member: &'static Member,
    ) -> Result<(), DecodeError> {
        if let (Shape::Map(of), Some(entries)) = (&member.shape, entries(found))
            && found.len() > 1
        {
            self.key(member.json);
            return self.map(&entries, of);
        }
        if items_of(&member.shape).is_some() || (member.shape.is_any() && found.len() > 1) {
            self.key(member.json);
            return self.of_elements(found, member);
        }
        for element in found {
            self.key(member.json);
            self.of_elements(&[element], member)?;
        }
        Ok(())
    }

    fn of_elements(
        &mut self,
        found: &[&'x Element],
        member: &'static Member,
    ) -> Result<(), DecodeError> {
        let (places, of, item): (&[Shape], _, _) = match &member.shape {
            Shape::List(item, of) => (&[], *of, Name::of(item).local),
            Shape::Places(item, places, of) => (places, *of, Name::of(item).local),
            Shape::Any if found.len() > 1 => return self.list(found, &[], &Shape::Any),
            shape => {
                let blank = match member.need {
                    Need::Required => Blank::Text,
                    Need::Optional | Need::Nullable => Blank::Null,
                };
                return self.value(found[0], shape, blank);
            }
        };
        if let [one] = found
            && one.nil
        {
            self.null();
            return Ok(());
        }
        let mut items = Vec::with_capacity(found.len());
        for element in found {
            if self.is_wrapper(element, member, item, of) {
                items.extend(&element.children);
            } else {
                items.push(*element);
            }
        }
        self.list(&items, places, of)
    }

    /// Whether an element holds the items of a list, or is one of them. What the description says decides only
    /// where the element itself does not tell.
    fn is_wrapper(&mut self, element: &Element, member: &Member, item: &str, of: &Shape) -> bool {
        let wraps = member.node == Node::Element;
        let wrapper = Name::of(member.name).local;
        let holds_items = !element.children.is_empty()
            && element.children.iter().all(|child| child.local == item);
        let is_item = self.is_like(element, of);
        if item != wrapper {
            return element.local != item && (holds_items || !is_item);
        }
        if element.children.is_empty() {
            return wraps && element.is_blank() && element.attributes.is_empty();
        }
        if holds_items && wraps {
            return true;
        }
        !is_item && (wraps || holds_items || of.is_leaf())
    }

    /// Whether an element holds something that the shape knows.
    fn is_like(&mut self, element: &Element, shape: &Shape) -> bool {
        if shape.is_leaf() {
            return element.children.is_empty() && !element.is_blank();
        }
        if let Some(inner) = items_of(shape) {
            let inner = Name::of(inner).local;
            return element.is_blank() && element.children.iter().all(|it| it.local == inner);
        }
        let Some((known, _)) = members(shape) else {
            return false;
        };
        let (document, index) = (self.document, self.indices.of(known));
        let mut children = element.children.iter();
        let mut attributes = element.attributes.iter();
        children.any(|it| index.element(document, it.namespace, &it.local).is_some())
            || attributes.any(|it| index.attribute(document, it.namespace, &it.local).is_some())
    }

    /// Members that are not declared.
    fn rest(
        &mut self,
        element: &'x Element,
        known: &'static [Member],
        rest: &Shape,
        sorted: Sorted<'x>,
    ) -> Result<(), DecodeError> {
        let is_declared = |name: &str| known.iter().any(|member| member.json == name);
        if rest.is_any() {
            for (local, value) in sorted.other_attributes {
                self.key(&format!("@{local}"));
                write_text(value, &mut self.out);
            }
            let texts = |member: &Member| matches!(member.node, Node::Text | Node::Cdata);
            if !element.is_blank() && !known.iter().any(texts) {
                self.key("#text");
                write_text(element.text.trim(), &mut self.out);
            }
        }
        for (local, group) in grouped(sorted.other) {
            if is_declared(local) {
                continue;
            }
            self.key(local);
            match (rest, group.as_slice()) {
                (Shape::List(item, of), group) => {
                    let mut found = Vec::with_capacity(group.len());
                    for element in group {
                        let holds = |child: &Element| child.local == *item;
                        let wraps =
                            !element.children.is_empty() && element.children.iter().all(holds);
                        if wraps {
                            found.extend(&element.children);
                        } else {
                            found.push(*element);
                        }
                    }
                    self.list(&found, &[], of)?;
                }
                (rest, [one]) => self.value(one, rest, Blank::Text)?,
                (rest, several) => self.list(several, &[], rest)?,
            }
        }
        Ok(())
    }

    /// An element of which nothing is known. What tells variants apart has its plain name, attribute or not.
    fn any(&mut self, element: &'x Element, tag: Option<&str>) -> Result<(), DecodeError> {
        if element.nil {
            self.null();
            return Ok(());
        }
        if element.children.is_empty() && element.attributes.is_empty() {
            write_text(&element.text, &mut self.out);
            return Ok(());
        }
        self.enter()?;
        self.out.push(b'{');
        for attribute in &element.attributes {
            if tag == Some(attribute.local.as_str()) {
                self.key(&attribute.local);
            } else {
                self.key(&format!("@{}", attribute.local));
            }
            write_text(&attribute.value, &mut self.out);
        }
        if !element.is_blank() {
            self.key("#text");
            let mixed = !element.children.is_empty();
            let text = if mixed {
                element.text.trim()
            } else {
                &element.text
            };
            write_text(text, &mut self.out);
        }
        for (local, group) in grouped(element.children.iter().collect()) {
            self.key(local);
            match group.as_slice() {
                [one] => self.any(one, None)?,
                several => self.list(several, &[], &Shape::Any)?,
            }
        }
        self.out.push(b'}');
        self.depth -= 1;
        Ok(())
    }
}

/// What an element holds, by member.
struct Sorted<'x> {
    elements: Vec<Vec<&'x Element>>,
    attributes: Vec<Option<&'x str>>,
    other: Vec<&'x Element>,
    other_attributes: Vec<(&'x str, &'x str)>,
}
