//! Plans what values that are sent keep to: a table for each type that a request can hold.
//!
//! In: the limits of schemas, and members that the document requires but the type cannot. Out: rules that
//! say something; a type that holds nothing with a limit has none.

use super::context::Context;
use super::docs;
use super::media;

use super::names::Ident;
use super::operations;
use super::patterns::Patterns;
use super::tree::{Alternative, BodyContent, Input, Operation, Payload, Rule};
use crate::diag::{Code, Diagnostics};
use crate::model::{
    self, EnumBase, Kind, Limits, Rest, Schema, Shape, StringFormat, TypeId, UnionBy,
};
use crate::pointer::Pointer;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How far aliases and lists may lead before rules are left out.
const DEEPEST: usize = 32;

/// The formats of texts that the runtime looks at.
const FORMATS: &[&str] = &[
    "email",
    "hostname",
    "idn-email",
    "ipv4",
    "ipv6",
    "iri",
    "uri",
];

/// Limits that are counts, and limits that are numbers: in JSON Schema and in the runtime.
const COUNTS: &[(&str, &str)] = &[
    ("minLength", "MinLength"),
    ("maxLength", "MaxLength"),
    ("minItems", "MinItems"),
    ("maxItems", "MaxItems"),
    ("minProperties", "MinProperties"),
    ("maxProperties", "MaxProperties"),
];
const BOUNDS: &[(&str, &str)] = &[
    ("minimum", "Minimum"),
    ("maximum", "Maximum"),
    ("exclusiveMinimum", "ExclusiveMinimum"),
    ("exclusiveMaximum", "ExclusiveMaximum"),
    ("multipleOf", "MultipleOf"),
];

/// The limits in the words of JSON Schema 2020-12: `minimum: 3` with `exclusiveMinimum: true`, as OpenAPI 3.0
/// has it, is `exclusiveMinimum: 3`.
pub(crate) fn said(limits: &Limits) -> impl Iterator<Item = (&str, &Value)> {
    let has = |word: &str| limits.said.iter().any(|(known, _)| known == word);
    let (above, below) = (has("exclusiveMinimum"), has("exclusiveMaximum"));
    limits
        .said
        .iter()
        .filter_map(move |(word, value)| match word.as_str() {
            "exclusiveMinimum" | "exclusiveMaximum" => None,
            "minimum" if above => Some(("exclusiveMinimum", value)),
            "maximum" if below => Some(("exclusiveMaximum", value)),
            word => Some((word, value)),
        })
}

/// The rules of all types, and what reports those that cannot be checked.
pub(super) struct Rules<'d> {
    pub(super) diags: &'d mut Diagnostics,
    patterns: Patterns,
    types: BTreeMap<Ident, Vec<Rule>>,
    /// Types whose values can break a rule.
    limited: BTreeSet<Ident>,
}

impl<'d> Rules<'d> {
    /// Plans the rules of every type that a request can hold.
    pub(super) fn new(cx: &Context<'_>, diags: &'d mut Diagnostics) -> Self {
        let mut rules = Self {
            diags,
            patterns: Patterns::default(),
            types: BTreeMap::new(),
            limited: BTreeSet::new(),
        };
        for (index, ty) in cx.api.types.iter().enumerate() {
            let id = TypeId(index);
            let name = &cx.names[index].0;
            if !cx.graph.is_requested(id) {
                continue;
            }
            match &ty.shape {
                Shape::Record(record) => {
                    let own = rules.of_record(cx, id, record);
                    rules.types.insert(name.clone(), own);
                }
                Shape::Union(union) => {
                    let own = rules.of_union(cx, &ty.at, union);
                    rules.types.insert(name.clone(), own);
                }
                // these have their rule from the runtime
                Shape::Enum(_) => drop(rules.limited.insert(name.clone())),
                Shape::Alias(_) => {}
            }
        }
        rules.settle();
        rules
    }

    /// Finds out which types can break a rule, themselves or by what they hold, and drops the others' rules.
    fn settle(&mut self) {
        loop {
            let limited = &self.limited;
            let more: Vec<Ident> = self
                .types
                .iter()
                .filter(|(name, rules)| {
                    !limited.contains(*name) && rules.iter().any(|rule| is_limit(rule, limited))
                })
                .map(|(name, _)| name.clone())
                .collect();
            if more.is_empty() {
                break;
            }
            self.limited.extend(more);
        }
        for rules in self.types.values_mut() {
            *rules = pruned(std::mem::take(rules), &self.limited);
        }
    }

    /// The rules of a type, empty if there are none.
    pub(super) fn of_type(&self, name: &Ident) -> Vec<Rule> {
        self.types.get(name).cloned().unwrap_or_default()
    }

    /// What the parameters and the body of a call keep to.
    pub(super) fn of_call(
        &mut self,
        cx: &Context<'_>,
        op: &model::Operation,
        planned: &Operation,
    ) -> Vec<(Input, Vec<Rule>)> {
        let mut out = Vec::new();
        for param in &op.params {
            let input = Input::Param(
                operations::location(param.location),
                param.wire_name.clone(),
            );
            out.push((input, self.of_schema(cx, &param.at, &param.schema, 0)));
        }
        let content = op.body.iter().flat_map(|body| &body.content);
        let media: Vec<&model::Media> = content.collect();
        match planned.body.as_ref().map(|body| &body.content) {
            Some(BodyContent::One(Payload::Slot(_) | Payload::Xml(_) | Payload::Text)) => {
                if let Some(schema) = media.iter().find_map(|media| media.schema.as_ref()) {
                    let rules = self.of_schema(cx, &media[0].at, schema, 0);
                    out.push((Input::Body, rules));
                }
            }
            Some(BodyContent::Choice(_, variants)) => {
                for variant in variants {
                    let is_it = |media: &&&model::Media| media.media_type == variant.media_type;
                    if let Some(media) = media.iter().find(is_it)
                        && let Some(schema) = &media.schema
                        && media::sent(cx, media) != Payload::Bytes
                    {
                        let rules = self.of_schema(cx, &media.at, schema, 0);
                        out.push((Input::BodyAs(variant.media_type.clone()), rules));
                    }
                }
            }
            _ => {}
        }
        out.into_iter()
            .map(|(input, rules)| (input, pruned(rules, &self.limited)))
            .filter(|(_, rules)| !rules.is_empty())
            .collect()
    }

    fn of_record(&mut self, cx: &Context<'_>, id: TypeId, record: &model::Record) -> Vec<Rule> {
        let ty = &cx.api.types[id.0];
        let mut rules = self.of_limits(&ty.at, &ty.limits);
        // what a request cannot be without, although the type can
        let is_left_open = |field: &&model::Field| {
            let is_file = field.schema.kind == Kind::String(StringFormat::Binary);
            let is_open = field.write_only && !cx.graph.demands(id, field);
            field.required && is_open && !field.read_only && !is_file
        };
        let required = record.fields.iter().filter(is_left_open);
        let required: Vec<String> = required.map(|field| field.wire_name.clone()).collect();
        if !required.is_empty() {
            rules.push(Rule::Required(required));
        }
        let is_part = |schema: &Schema| cx.part_of(id, schema).is_some();
        for field in record.fields.iter().filter(|field| !is_part(&field.schema)) {
            let inner = self.of_schema(cx, &field.at, &field.schema, 0);
            if !inner.is_empty() {
                rules.push(Rule::Member(field.wire_name.clone(), inner));
            }
        }
        if let Rest::Typed(schema) = &record.rest
            && !is_part(schema)
        {
            let inner = self.of_schema(cx, &ty.at, schema, 0);
            if !inner.is_empty() {
                let names = record.fields.iter().map(|field| field.wire_name.clone());
                rules.push(Rule::Rest(names.collect(), inner));
            }
        }
        rules
    }

    fn of_union(&mut self, cx: &Context<'_>, at: &Pointer, union: &model::Union) -> Vec<Rule> {
        let keyword = match &union.by {
            UnionBy::Tag(member) => {
                let mut known = BTreeSet::new();
                let mut tagged = Vec::new();
                for variant in &union.variants {
                    let rules = self.of_schema(cx, at, &variant.schema, 0);
                    for tag in variant.tags.iter().filter(|tag| known.insert(tag.as_str())) {
                        tagged.push((tag.clone(), rules.clone()));
                    }
                }
                return vec![Rule::Tagged(member.clone(), tagged)];
            }
            UnionBy::Only => "oneOf",
            UnionBy::First => "anyOf",
        };
        if union.variants.is_empty() {
            return Vec::new();
        }
        let alternative = |variant: &model::UnionVariant| Alternative {
            ty: word(cx, &variant.schema, 0),
            needs: needs(cx, &variant.schema, 0),
            rules: self.of_schema(cx, at, &variant.schema, 0),
        };
        vec![Rule::Choice(
            keyword,
            union.variants.iter().map(alternative).collect(),
        )]
    }

    fn of_schema(
        &mut self,
        cx: &Context<'_>,
        at: &Pointer,
        schema: &Schema,
        depth: usize,
    ) -> Vec<Rule> {
        if depth > DEEPEST {
            return Vec::new();
        }
        let mut rules = self.of_limits(at, &schema.limits);
        match &schema.kind {
            Kind::List(inner) => {
                let inner = self.of_schema(cx, at, inner, depth + 1);
                if !inner.is_empty() {
                    rules.push(Rule::Items(inner));
                }
            }
            Kind::Tuple(places, rest) => {
                let places = places.iter();
                let places: Vec<_> = places
                    .map(|place| self.of_schema(cx, at, place, depth + 1))
                    .collect();
                let rest = match rest {
                    Some(rest) => self.of_schema(cx, at, rest, depth + 1),
                    None => Vec::new(),
                };
                if !rest.is_empty() || places.iter().any(|rules| !rules.is_empty()) {
                    rules.push(Rule::Places(places, rest));
                }
            }
            Kind::Map(inner) => {
                let inner = self.of_schema(cx, at, inner, depth + 1);
                if !inner.is_empty() {
                    rules.push(Rule::Rest(Vec::new(), inner));
                }
            }
            Kind::Named(id) => match &cx.api.types[id.0].shape {
                Shape::Alias(_) if cx.graph.is_endless_alias(*id) => {}
                Shape::Alias(schema) => {
                    let place = &cx.api.types[id.0].at;
                    rules.extend(self.of_schema(cx, place, schema, depth + 1));
                }
                Shape::Union(union) if union.variants.is_empty() => {}
                // the runtime has no rule for values of several kinds
                Shape::Enum(set) if set.base == EnumBase::Scalar => {
                    let values = set.variants.iter().map(|variant| &variant.value);
                    rules.push(Rule::Enum(values.map(plain).collect()));
                }
                _ => rules.push(Rule::Of(cx.names[id.0].0.clone())),
            },
            _ => {}
        }
        rules
    }

    fn of_limits(&mut self, at: &Pointer, limits: &Limits) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (word, value) in said(limits) {
            let named = |table: &[(&str, &'static str)]| {
                let found = table.iter().find(|(known, _)| *known == word);
                found.map(|(_, name)| *name)
            };
            if let Some(name) = named(COUNTS) {
                // a count of 0 at least is none
                let count = value
                    .as_u64()
                    .filter(|count| *count > 0 || !word.starts_with("min"));
                rules.extend(count.map(|count| Rule::Count(name, count)));
            } else if let Some(name) = named(BOUNDS) {
                rules.push(Rule::Bound(name, docs::short(value)));
            }
            match (word, value) {
                ("enum", Value::Array(values)) if values.iter().all(is_scalar) => {
                    rules.push(Rule::Enum(values.iter().map(plain).collect()));
                }
                ("format", Value::String(format)) if FORMATS.contains(&format.as_str()) => {
                    rules.push(Rule::Format(format.clone()));
                }
                ("pattern", Value::String(pattern)) => rules.extend(self.of_pattern(at, pattern)),
                ("uniqueItems", Value::Bool(true)) => rules.push(Rule::UniqueItems),
                ("dependentRequired", Value::Object(dependent)) => {
                    for (name, needed) in dependent {
                        let needed = needed.as_array().into_iter().flatten();
                        let needed = needed.filter_map(|name| name.as_str().map(str::to_owned));
                        rules.push(Rule::DependentRequired(name.clone(), needed.collect()));
                    }
                }
                _ => {}
            }
        }

        rules
    }

    fn of_pattern(&mut self, at: &Pointer, pattern: &str) -> Option<Rule> {
        let translated = self.patterns.translate(pattern);
        if translated.is_none() {
            let said = "`pattern` cannot be matched in linear time, and is not checked";
            self.diags.report(Code::UncheckedPattern, at, said);
        }
        Some(Rule::Pattern(pattern.to_owned(), translated?))
    }
}

/// Whether a value can break the rule.
fn is_limit(rule: &Rule, limited: &BTreeSet<Ident>) -> bool {
    let any = |rules: &[Rule]| rules.iter().any(|rule| is_limit(rule, limited));
    match rule {
        Rule::Of(name) => limited.contains(name),
        Rule::Member(_, rules) | Rule::Rest(_, rules) | Rule::Items(rules) => any(rules),
        Rule::Places(places, rest) => places.iter().any(|rules| any(rules)) || any(rest),
        Rule::Choice(_, alternatives) => alternatives.iter().any(|one| any(&one.rules)),
        _ => true,
    }
}

/// The rules that a value can break.
fn pruned(rules: Vec<Rule>, limited: &BTreeSet<Ident>) -> Vec<Rule> {
    let kept = rules.into_iter().filter(|rule| is_limit(rule, limited));
    let kept = kept.map(|rule| match rule {
        Rule::Member(name, rules) => Rule::Member(name, pruned(rules, limited)),
        Rule::Rest(names, rules) => Rule::Rest(names, pruned(rules, limited)),
        Rule::Items(rules) => Rule::Items(pruned(rules, limited)),
        Rule::Places(places, rest) => {
            let places = places.into_iter().map(|rules| pruned(rules, limited));
            Rule::Places(places.collect(), pruned(rest, limited))
        }
        Rule::Tagged(member, variants) => {
            let variants = variants.into_iter();
            let variants = variants.map(|(tag, rules)| (tag, pruned(rules, limited)));
            Rule::Tagged(member, variants.collect())
        }
        Rule::Choice(keyword, alternatives) => {
            let alternatives = alternatives.into_iter().map(|one| Alternative {
                rules: pruned(one.rules, limited),
                ..one
            });
            Rule::Choice(keyword, alternatives.collect())
        }
        rule => rule,
    });
    kept.collect()
}

/// The type of a schema's values in the words of JSON Schema, if they all have one.
fn word(cx: &Context<'_>, schema: &Schema, depth: usize) -> Option<&'static str> {
    Some(match &schema.kind {
        Kind::Bool => "boolean",
        Kind::Integer(_) => "integer",
        Kind::Number(_) => "number",
        Kind::String(_) => "string",
        Kind::List(_) | Kind::Tuple(..) => "array",
        Kind::Map(_) => "object",
        Kind::Named(id) => match &cx.api.types[id.0].shape {
            Shape::Record(_) => "object",
            Shape::Enum(set) => match set.base {
                EnumBase::String => "string",
                EnumBase::Integer => "integer",
                EnumBase::Scalar => return None,
            },
            Shape::Alias(schema) if depth < DEEPEST => return word(cx, schema, depth + 1),
            Shape::Alias(_) | Shape::Union(_) => return None,
        },
        Kind::Any => return None,
    })
}

/// The members that values of a schema cannot be without.
fn needs(cx: &Context<'_>, schema: &Schema, depth: usize) -> Vec<String> {
    let Kind::Named(id) = &schema.kind else {
        return Vec::new();
    };
    match &cx.api.types[id.0].shape {
        Shape::Record(record) => {
            let fields = record
                .fields
                .iter()
                .filter(|field| cx.graph.demands(*id, field));
            fields.map(|field| field.wire_name.clone()).collect()
        }
        Shape::Alias(schema) if depth < DEEPEST => needs(cx, schema, depth + 1),
        _ => Vec::new(),
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// A scalar as a text without quotes.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
