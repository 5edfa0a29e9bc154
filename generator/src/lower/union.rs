//! `oneOf` and `anyOf`: which of them are unions, and how their alternatives are told apart.

use std::collections::HashSet;

use indexmap::IndexMap;
use openapiv3::{Discriminator, ReferenceOr};
use serde_json::Value;

use super::facts::{self, Choice, Facts, Node, Part, component_of};
use super::schema::{Gathered, Schemas, component_place, within};
use crate::diag::Code;
use crate::model::{
    Called, EnumBase, Kind, Shape, StringFormat, Type, TypeId, Union, UnionBy, UnionVariant,
};
use crate::pointer::Pointer;

/// How far `allOf` is followed for members that tell alternatives apart.
const TELLING_DEPTH: usize = 8;

impl<'d> Schemas<'d> {
    /// The kind of a place that takes one of several schemas, and whether `null` is among them.
    pub(super) fn choice(
        &mut self,
        mut facts: Facts<'d>,
        called: &Called,
        slot: Option<TypeId>,
    ) -> (Kind, bool) {
        let mut choices = std::mem::take(&mut facts.choices);
        choices.retain(|choice| !self.chooses_itself(choice));
        choices.retain(|choice| !self.only_demands(choice));
        for surplus in choices.drain(choices.len().min(1)..).collect::<Vec<_>>() {
            let at = surplus
                .parts
                .first()
                .and_then(|part| part.at.parent())
                .unwrap_or_else(|| facts.at.clone());
            let said = format!(
                "a second `{}` for the same value is told in the docs only",
                surplus.keyword
            );
            self.diags.report(Code::ChoiceIgnored, &at, said);
        }
        let Some(mut choice) = choices.pop() else {
            // the choice turned out to say nothing; what remains is a schema like any other
            let schema = self.build(facts, called, slot);
            return (schema.kind, schema.nullable);
        };
        let alternatives = choice.parts.len();
        choice.parts.retain(|part| {
            let null = is_null(part);
            if null {
                self.note_typed(std::slice::from_ref(&part.at));
            }
            !null
        });
        let nullable = choice.parts.len() < alternatives;
        if facts.ty.as_deref() == Some("object")
            && facts.properties.is_empty()
            && facts.required.is_empty()
        {
            facts.ty = None;
        }
        if let Some(kind) = self.texts(&choice, &facts, called, slot) {
            return (kind, nullable);
        }
        let inferred = self.inferred(&choice);
        let mut variants: Vec<UnionVariant> = Vec::new();
        let mut any_null = nullable;
        self.choosing.push(place_of(&choice));
        for (index, part) in choice.parts.iter().enumerate() {
            let mut variant = self.variant(part, index, &facts, &choice, called);
            if let Some((_, tags)) = &inferred {
                variant.tags.clone_from(&tags[index]);
                if let ([tag], None) = (variant.tags.as_slice(), variant_wish(part)) {
                    variant.called = Called(vec![tag.clone()]);
                }
            }
            any_null |= variant.schema.nullable;
            if !variants
                .iter()
                .any(|known| known.schema.kind == variant.schema.kind && known.tags == variant.tags)
            {
                variants.push(variant);
            }
        }
        self.choosing.pop();
        if variants
            .iter()
            .any(|variant| variant.schema.kind == Kind::Any)
        {
            return (Kind::Any, any_null);
        }
        if let [only] = variants.as_slice() {
            return (only.schema.kind.clone(), any_null);
        }
        if variants.is_empty() {
            return (Kind::Any, any_null);
        }
        name_apart(&mut variants, &self.types);
        // a whole number is a number too, and what it is exactly comes first
        variants.sort_by_key(|variant| matches!(variant.schema.kind, Kind::Number(_)));
        let by = match inferred {
            Some((member, _)) => UnionBy::Tag(member.to_owned()),
            None => self.told_by(&choice, &variants, &facts.at),
        };
        (
            self.defined(&facts, called, slot, Shape::Union(Union { by, variants })),
            any_null,
        )
    }

    /// Whether an alternative leads back to the choice that it is one of, through `allOf`.
    fn chooses_itself(&mut self, choice: &Choice<'d>) -> bool {
        let place = place_of(choice);
        let again = self.choosing.contains(&place);
        if again {
            let said = format!(
                "an alternative of `{}` is built on the choice itself",
                choice.keyword
            );
            self.diags.report(Code::AllOfCycle, &place, said);
        }
        again
    }

    /// Whether all that a choice says is which members must be there together.
    fn only_demands(&mut self, choice: &Choice<'d>) -> bool {
        let only = choice.parts.iter().all(|part| match part.node {
            Node::Component(_) => false,
            Node::Inline(schema) => {
                let (mut facts, all_of) = facts::read(&part.at, schema);
                let demands = !facts.required.is_empty() || facts.not;
                facts.required.clear();
                if facts.ty.as_deref() == Some("object") {
                    facts.ty = None;
                }
                demands && all_of.is_empty() && facts.is_trivial()
            }
        });
        if only && let Some(first) = choice.parts.first() {
            let at = first.at.parent().unwrap_or_default();
            let said = format!(
                "`{}` only says which members go together; that is told in the docs only",
                choice.keyword
            );
            self.diags.report(Code::ChoiceIgnored, &at, said);
        }
        only
    }

    /// Texts of several kinds are one text: an open enum, or a plain one.
    fn texts(
        &mut self,
        choice: &Choice<'d>,
        base: &Facts<'d>,
        called: &Called,
        slot: Option<TypeId>,
    ) -> Option<Kind> {
        let mut merged: Option<Facts<'d>> = None;
        let mut plain = 0;
        for part in &choice.parts {
            let Node::Inline(schema) = part.node else {
                return None;
            };
            let (facts, all_of) = facts::read(&part.at, schema);
            if !all_of.is_empty()
                || !facts.choices.is_empty()
                || facts.inferred_type() != Some("string")
            {
                return None;
            }
            if facts.values.is_none() {
                plain += 1;
                continue;
            }
            match &mut merged {
                None => {
                    merged = Some(Facts {
                        at: base.at.clone(),
                        docs: base.docs.clone(),
                        ..facts
                    })
                }
                Some(all) => {
                    all.values
                        .get_or_insert_default()
                        .extend(facts.values.unwrap_or_default());
                    all.enum_names.clear();
                    all.enum_docs.clear();
                }
            }
        }
        for part in &choice.parts {
            self.note_typed(std::slice::from_ref(&part.at));
        }
        match merged {
            Some(facts) => Some(self.enumeration(facts, EnumBase::String, called, slot)),
            None if plain > 0 => Some(Kind::String(StringFormat::Plain)),
            None => None,
        }
    }

    fn variant(
        &mut self,
        part: &Part<'d>,
        index: usize,
        base: &Facts<'d>,
        choice: &Choice<'d>,
        called: &Called,
    ) -> UnionVariant {
        let wish = variant_wish(part);
        let word = wish
            .clone()
            .unwrap_or_else(|| format!("option{}", index + 1));
        let mut gathered: Gathered<'d> = self.gather(std::slice::from_ref(part));
        if !base.is_trivial() {
            let mut shared = base.clone();
            shared.choices.clear();
            shared.discriminator = None;
            // others may build on the same alternatives, and add something else to them
            shared.key = Some(format!("{} {}", part.at.as_str(), base.key()));
            shared.at = part.at.clone();
            shared.called = Some(within(called, &word));
            gathered.own.push(shared);
        }
        let usage = self.resolve(gathered, &within(called, &word));
        if base.is_trivial() {
            self.places.schema(std::slice::from_ref(part), &usage);
        }
        let tags = choice
            .discriminator
            .map(|discriminator| self.tags(discriminator, part))
            .unwrap_or_default();
        let name =
            wish.unwrap_or_else(|| kind_word(&usage.schema.kind).map_or(word, str::to_owned));
        UnionVariant {
            called: Called(vec![name]),
            tags,
            schema: usage.schema,
        }
    }

    /// The values of the discriminator that stand for `part`.
    fn tags(&mut self, discriminator: &'d Discriminator, part: &Part<'d>) -> Vec<String> {
        match part.node {
            Node::Component(name) => {
                let name = self.key_of(name);
                let mapped = mapped_tags(discriminator, name);
                if !mapped.is_empty() {
                    return mapped;
                }
                let constants = self.constants(part, &discriminator.property_name);
                if constants.is_empty() {
                    vec![name.to_owned()]
                } else {
                    constants
                }
            }
            Node::Inline(_) => self.constants(part, &discriminator.property_name),
        }
    }

    /// The values that member `property` may have in `part`, if they are told.
    fn constants(&mut self, part: &Part<'d>, property: &str) -> Vec<String> {
        let schema = match part.node {
            Node::Inline(schema) => schema,
            Node::Component(name) => match self.components.get(self.key_of(name)) {
                Some(openapiv3::ReferenceOr::Item(schema)) => schema,
                _ => return Vec::new(),
            },
        };
        let (facts, all_of) = facts::read(&part.at, schema);
        let own = facts
            .properties
            .get(property)
            .and_then(|parts| parts.first())
            .and_then(|part| match part.node {
                Node::Inline(schema) => facts::read(&part.at, schema).0.values,
                Node::Component(_) => None,
            });
        match own {
            Some(values) => values
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            None => all_of
                .iter()
                .filter(|branch| matches!(branch.node, Node::Inline(_)))
                .map(|branch| self.constants(branch, property))
                .find(|tags| !tags.is_empty())
                .unwrap_or_default(),
        }
    }

    /// The member that tells the alternatives apart although no discriminator says so, and the texts that
    /// stand for each: all demand it, and no two allow the same text.
    fn inferred(&self, choice: &Choice<'d>) -> Option<(&'d str, Vec<Vec<String>>)> {
        if choice.discriminator.is_some() || choice.parts.len() < 2 {
            return None;
        }
        let told: Vec<_> = choice
            .parts
            .iter()
            .map(|part| self.told(part, TELLING_DEPTH))
            .collect();
        told[0].iter().find_map(|(member, _)| {
            let tags = told.iter().map(|of_part| of_part.get(member).cloned());
            let tags: Vec<Vec<String>> = tags.collect::<Option<_>>()?;
            let mut seen = HashSet::new();
            let apart = tags.iter().flatten().all(|text| seen.insert(text));
            apart.then_some((*member, tags))
        })
    }

    /// The members that a part demands and has texts for.
    fn told(&self, part: &Part<'d>, depth: usize) -> IndexMap<&'d str, Vec<String>> {
        let schema = match part.node {
            Node::Inline(schema) => schema,
            Node::Component(name) => match self.components.get(self.key_of(name)) {
                Some(ReferenceOr::Item(schema)) => schema,
                _ => return IndexMap::new(),
            },
        };
        let (facts, all_of) = facts::read(&part.at, schema);
        let mut told = IndexMap::new();
        for branch in all_of.iter().filter(|_| depth > 0) {
            told.extend(self.told(branch, depth - 1));
        }
        for (member, parts) in &facts.properties {
            let Some(Node::Inline(schema)) = parts.first().map(|part| part.node) else {
                continue;
            };
            let values = facts::read(&part.at, schema).0.values.unwrap_or_default();
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
            let texts: Option<Vec<String>> = texts.collect();
            match texts.filter(|texts| !texts.is_empty()) {
                Some(texts) if facts.required.contains(member) => {
                    told.insert(*member, texts);
                }
                _ => {}
            }
        }
        told
    }

    fn told_by(&mut self, choice: &Choice<'d>, variants: &[UnionVariant], at: &Pointer) -> UnionBy {
        let has = |wanted: fn(&Kind) -> bool| variants.iter().any(|it| wanted(&it.schema.kind));
        let whole_and_any = has(|kind| matches!(kind, Kind::Integer(_)))
            && has(|kind| matches!(kind, Kind::Number(_)));
        let fallback = if choice.keyword == "oneOf" && !whole_and_any {
            UnionBy::Only
        } else {
            UnionBy::First
        };
        let Some(discriminator) = choice.discriminator else {
            return fallback;
        };
        if variants.iter().any(|variant| variant.tags.is_empty()) {
            let said = format!(
                "no value of `{}` is told for some of the alternatives",
                discriminator.property_name
            );
            self.diags.report(Code::DiscriminatorIgnored, at, said);
            return fallback;
        }
        UnionBy::Tag(discriminator.property_name.clone())
    }

    /// A base type with a discriminator stands for all types that build on it.
    pub(super) fn family(&mut self, name: &'d str, gathered: &Gathered<'d>) -> Option<Shape> {
        let discriminator = gathered.own.iter().find_map(|facts| facts.discriminator)?;
        let mut variants = Vec::new();
        let own = mapped_tags(discriminator, name);
        if !own.is_empty() {
            variants.push(self.base_itself(name, gathered, own));
        }
        for child in self.descendants(name) {
            let schema = self.components.get(child)?;
            let part = Part::new(component_place(child), schema);
            let mut tags = mapped_tags(discriminator, child);
            if tags.is_empty() {
                tags = self.constants(&part, &discriminator.property_name);
            }
            if tags.is_empty() {
                tags.push(child.to_owned());
            }
            let id = self.component(child);
            let schema = super::schema::bare(Kind::Named(id));
            variants.push(UnionVariant {
                called: Called(vec![child.to_owned()]),
                tags,
                schema,
            });
        }
        let by = UnionBy::Tag(discriminator.property_name.clone());
        (!variants.is_empty()).then_some(Shape::Union(Union { by, variants }))
    }

    /// The types that build on `name`, directly or not, in alphabetical order. Those that stand for a family
    /// of their own are left out: their members are there.
    fn descendants(&mut self, name: &'d str) -> Vec<&'d str> {
        let mut members = Vec::new();
        let mut waiting = self.children_of(name);
        while let Some(child) = waiting.pop() {
            if child != name && !members.contains(&child) {
                members.push(child);
                waiting.extend(self.children_of(child));
            }
        }
        members.retain(|child| !self.heads_a_family(child));
        members.sort_unstable();
        members
    }

    pub(super) fn heads_a_family(&mut self, name: &'d str) -> bool {
        let Some(schema) = self.components.get(name) else {
            return false;
        };
        let part = Part::new(component_place(name), schema);
        let own = self.gather(std::slice::from_ref(&part)).own;
        let heads = |facts: &Facts<'_>| facts.discriminator.is_some() && facts.choices.is_empty();
        own.iter().any(heads) && !self.children_of(name).is_empty()
    }

    /// The base type as an alternative to those that build on it: only if the mapping names it.
    fn base_itself(
        &mut self,
        name: &'d str,
        gathered: &Gathered<'d>,
        tags: Vec<String>,
    ) -> UnionVariant {
        let called = Called(vec![name.to_owned(), "base".to_owned()]);
        let docs = gathered.prose.docs.clone();
        let id = self.allocate(&component_place(name), called.clone(), docs);
        let schema = self
            .resolve_into(gathered.clone(), &called, Some(id))
            .schema;
        UnionVariant {
            called: Called(vec!["base".to_owned()]),
            tags,
            schema,
        }
    }
}

/// Where the list of alternatives stands.
fn place_of(choice: &Choice<'_>) -> Pointer {
    choice
        .parts
        .first()
        .and_then(|part| part.at.parent())
        .unwrap_or_default()
}

fn mapped_tags(discriminator: &Discriminator, name: &str) -> Vec<String> {
    discriminator
        .mapping
        .iter()
        .filter(|(_, target)| component_of(target).replace("~1", "/").replace("~0", "~") == name)
        .map(|(tag, _)| tag.clone())
        .collect()
}

fn variant_wish(part: &Part<'_>) -> Option<String> {
    match part.node {
        Node::Component(name) => Some(name.to_owned()),
        Node::Inline(schema) => schema
            .schema_data
            .title
            .clone()
            .filter(|title| !title.trim().is_empty()),
    }
}

fn is_null(part: &Part<'_>) -> bool {
    match part.node {
        Node::Component(_) => false,
        Node::Inline(schema) => {
            let (facts, all_of) = facts::read(&part.at, schema);
            all_of.is_empty() && (facts.is_null() || (facts.nullable && facts.is_trivial()))
        }
    }
}

/// Alternatives that would be called alike after what they hold are called after all of it.
fn name_apart(variants: &mut [UnionVariant], types: &[Type]) {
    let names: Vec<Called> = variants.iter().map(|it| it.called.clone()).collect();
    for (index, variant) in variants.iter_mut().enumerate() {
        let alike = names.iter().filter(|name| **name == names[index]).count() > 1;
        let own = kind_word(&variant.schema.kind);
        if alike && own.is_some_and(|word| names[index].0 == [word]) {
            variant.called = Called(kind_words(&variant.schema.kind, types));
        }
    }
}

/// What a kind is called with all that it holds, outermost last: `text list`.
fn kind_words(kind: &Kind, types: &[Type]) -> Vec<String> {
    let mut words = match kind {
        Kind::List(inner) | Kind::Map(inner) => kind_words(&inner.kind, types),
        Kind::Tuple(places, _) => places
            .iter()
            .flat_map(|place| kind_words(&place.kind, types))
            .collect(),
        Kind::Named(id) => return types[id.0].called.0.clone(),
        Kind::String(StringFormat::DateTime) => return vec!["date time".to_owned()],
        Kind::String(StringFormat::Date) => return vec!["date".to_owned()],
        Kind::String(StringFormat::Uuid) => return vec!["uuid".to_owned()],
        _ => Vec::new(),
    };
    words.push(kind_word(kind).unwrap_or("any").to_owned());
    words
}

fn kind_word(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Bool => Some("bool"),
        Kind::Integer(_) => Some("integer"),
        Kind::Number(_) => Some("number"),
        Kind::String(_) => Some("text"),
        Kind::List(_) | Kind::Tuple(..) => Some("list"),
        Kind::Map(_) => Some("map"),
        Kind::Any | Kind::Named(_) => None,
    }
}
