//! Which variant of a union an element, or a JSON value, is.
//!
//! Elements do not say whether a text is a number, so a union without tag is told by what each variant knows:
//! the one with the fewest things that are wrong, and of those the one with the most that it knows. Only what
//! stands directly in the value counts, so that the work is linear.

use super::super::node::Node as Json;
use super::index::{items_of, members};
use super::leaf::{boolean, number, one_of};
use super::member::{Member, Need, Node};
use super::name::Name;
use super::read::Walk;
use super::tree::Element;
use super::{Model, Shape};

/// The shapes of a union, each with the texts of the tag that name it.
type Choices = &'static [(&'static [&'static str], Shape)];

/// How deep unions may be alternatives of unions.
const DEEPEST: u32 = 8;

/// How well a variant fits: less is better.
type Fit = (usize, std::cmp::Reverse<usize>);

impl Walk<'_> {
    /// The variant that an element is; `None` if its tag names none.
    pub(super) fn choose(
        &mut self,
        element: &Element,
        tag: Option<&'static str>,
        choices: Choices,
    ) -> Option<&'static Shape> {
        if let Some(tag) = tag {
            let named = choices.iter().find(|(texts, shape)| {
                let text = tag_of(element, tag, shape);
                text.is_some_and(|text| texts.contains(&text.trim()))
            });
            return named.map(|(_, shape)| shape);
        }
        let fits = choices.iter();
        let fits = fits.map(|(_, shape)| (self.fit(element, shape, 0), shape));
        // of equals the first
        fits.min_by_key(|(fit, _)| *fit).map(|(_, shape)| shape)
    }

    fn fit(&mut self, element: &Element, shape: &Shape, depth: u32) -> Fit {
        let fit = |wrong: usize, known: usize| (wrong, std::cmp::Reverse(known));
        let has_parts = !element.children.is_empty() || !element.attributes.is_empty();
        let text = element.text.trim();
        match shape {
            shape if shape.is_leaf() => {
                let is_wrong = has_parts || !is_spelled(text, shape);
                fit(
                    usize::from(is_wrong),
                    usize::from(!matches!(shape, Shape::Text)),
                )
            }
            Shape::List(item, _) | Shape::Places(item, _, _) => {
                let item = Name::of(item).local;
                let odd = element.children.iter().filter(|child| child.local != item);
                fit(
                    odd.count() + usize::from(!text.is_empty()),
                    element.children.len(),
                )
            }
            Shape::Of(model) => match model() {
                Model::Record(known, rest) => self.fit_record(element, known, rest.as_ref()),
                Model::Choice(_, choices) if depth < DEEPEST => {
                    let fits = choices
                        .iter()
                        .map(|(_, shape)| self.fit(element, shape, depth + 1));
                    fits.min().unwrap_or(fit(1, 0))
                }
                Model::Choice(..) => fit(1, 0),
            },
            _ => fit(usize::from(!has_parts && !text.is_empty()), 0),
        }
    }

    fn fit_record(
        &mut self,
        element: &Element,
        known: &'static [Member],
        rest: Option<&Shape>,
    ) -> Fit {
        let (document, index) = (self.document, self.indices.of(known));
        let mut seen = vec![false; known.len()];
        let (mut wrong, mut right) = (0, 0);
        for child in &element.children {
            match index.element(document, child.namespace, &child.local) {
                Some(at) => {
                    seen[at] = true;
                    let fits = child.nil || !known[at].shape.is_leaf() || {
                        child.children.is_empty() && is_spelled(child.text.trim(), &known[at].shape)
                    };
                    right += usize::from(fits);
                    wrong += usize::from(!fits);
                }
                None => wrong += 1,
            }
        }
        for attribute in &element.attributes {
            match index.attribute(document, attribute.namespace, &attribute.local) {
                Some(at) => {
                    seen[at] = true;
                    let fits = is_spelled(attribute.value.trim(), &known[at].shape);
                    right += usize::from(fits);
                    wrong += usize::from(!fits);
                }
                None => wrong += usize::from(rest.is_none_or(Shape::is_any)),
            }
        }
        let takes_text = known
            .iter()
            .any(|member| matches!(member.node, Node::Text | Node::Cdata));
        wrong += usize::from(!element.is_blank() && !takes_text);
        wrong += known
            .iter()
            .zip(&seen)
            .filter(|(member, seen)| demands(member) && !*seen)
            .count();
        (wrong, std::cmp::Reverse(right))
    }
}

/// Whether a member must leave a trace in XML.
fn demands(member: &Member) -> bool {
    member.need == Need::Required
        && items_of(&member.shape).is_none()
        && matches!(member.node, Node::Element | Node::Attribute)
}

/// Whether a text can be a value of a leaf.
fn is_spelled(text: &str, shape: &Shape) -> bool {
    match shape {
        Shape::Number => number(text).is_some(),
        Shape::Bool => boolean(text).is_some(),
        Shape::OneOf(values) => one_of(text, values).is_some(),
        _ => true,
    }
}

/// The text of the member that tells variants apart, as this variant has it.
fn tag_of<'x>(element: &'x Element, tag: &str, shape: &Shape) -> Option<&'x str> {
    let (known, _) = members(shape)?;
    let member = known.iter().find(|member| member.json == tag);
    let name = member.map_or(tag, |member| Name::of(member.name).local);
    let mut attributes = element.attributes.iter();
    let mut children = element.children.iter();
    match member.map(|member| member.node) {
        Some(Node::Text | Node::Cdata) => Some(&element.text),
        Some(Node::Attribute) => {
            let found = attributes.find(|attribute| attribute.local == name);
            found.map(|attribute| attribute.value.as_str())
        }
        _ => {
            let found = children.find(|child| child.local == name || child.local == tag);
            let text = found.map(|child| child.text.as_str());
            text.or_else(|| {
                let found = attributes.find(|attribute| attribute.local == tag);
                found.map(|attribute| attribute.value.as_str())
            })
        }
    }
}

/// The variant that wrote a JSON value; `None` if its tag names none.
pub(super) fn choose(
    json: &Json<'_>,
    tag: Option<&'static str>,
    choices: Choices,
) -> Option<&'static Shape> {
    if let Some(tag) = tag {
        let Json::Object(members, _) = json else {
            return None;
        };
        let (_, value) = members.iter().find(|(name, _)| name == tag)?;
        let text = value.text()?;
        let named = choices.iter().find(|(texts, _)| texts.contains(&&*text));
        return named.map(|(_, shape)| shape);
    }
    let fits = choices.iter();
    let fits = fits.map(|(_, shape)| (fit(json, shape, 0), shape));
    fits.min_by_key(|(fit, _)| *fit).map(|(_, shape)| shape)
}

fn fit(json: &Json<'_>, shape: &Shape, depth: u32) -> Fit {
    let fit_of = |wrong: usize, known: usize| (wrong, std::cmp::Reverse(known));
    match (shape, json) {
        (shape, Json::Scalar(text)) if shape.is_leaf() => {
            let is_wrong = !is_spelled(text, shape);
            fit_of(
                usize::from(is_wrong),
                usize::from(!matches!(shape, Shape::Text)),
            )
        }
        (Shape::List(..) | Shape::Places(..), Json::List(items, _)) => fit_of(0, items.len()),
        (Shape::Of(model), json) => match (model(), json) {
            (Model::Record(known, _), Json::Object(given, _)) => {
                let is_known = |name: &String| known.iter().any(|member| member.json == name);
                let right = given.iter().filter(|(name, _)| is_known(name)).count();
                let missing = known.iter().filter(|member| {
                    member.need == Need::Required
                        && !given.iter().any(|(name, _)| name == member.json)
                });
                fit_of(given.len() - right + missing.count(), right)
            }
            (Model::Choice(_, choices), json) if depth < DEEPEST => {
                let fits = choices.iter().map(|(_, shape)| fit(json, shape, depth + 1));
                fits.min().unwrap_or(fit_of(2, 0))
            }
            _ => fit_of(usize::MAX, 0),
        },
        (Shape::Map(_), Json::Object(..)) => fit_of(1, 0),
        (Shape::Any, _) => fit_of(1, 0),
        _ => fit_of(usize::MAX, 0),
    }
}
