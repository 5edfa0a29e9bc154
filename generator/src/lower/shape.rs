//! The shapes of types: objects, lists, texts, numbers and enums.
//!
//! In: the facts of one place, all merged. Out: its kind, and a definition where it needs one.

use serde_json::Value;

use super::facts::{self, Beyond, Choice, Facts, Part};
use super::limits;
use super::schema::{Schemas, bare, within};
use super::secret;
use crate::diag::Code;
use crate::model::{
    Called, Docs, Enum, EnumBase, Field, IntegerFormat, Kind, Limits, NumberFormat, Record, Rest,
    Schema, Shape, StringFormat, TypeId, Variant,
};
use crate::pointer::Pointer;
use openapiv3::ReferenceOr;

/// Rust's standard library does the most for tuples of up to this many places.
const MOST_PLACES: usize = 12;

impl<'d> Schemas<'d> {
    /// The schema that `facts` describe; a definition goes to `slot` or gets a new one.
    pub(super) fn build(
        &mut self,
        facts: Facts<'d>,
        called: &Called,
        slot: Option<TypeId>,
    ) -> Schema {
        let key = facts.key();
        if slot.is_none()
            && let Some(known) = self.by_place.get(&key)
        {
            return known.clone();
        }
        let wish = match slot {
            Some(_) => None,
            None => facts.called.clone().or_else(|| called_by_place(&facts.at)),
        };
        let called = wish.unwrap_or_else(|| called.clone());
        let mut said = limits::sensible(self.diags, &facts);
        let (format, values) = (facts.format.clone(), facts.values.clone());
        let (kind, nullable) = self.kind(facts, &called, slot);
        if let Some(format) = format.filter(|format| !is_typed(&kind, format)) {
            said.insert(0, ("format".to_owned(), format.into()));
        }
        if let Some(values) = values.filter(|_| !matches!(kind, Kind::Named(_)))
            && !values.iter().all(Value::is_null)
        {
            said.push(("enum".to_owned(), values.into()));
        }
        let limits = Limits { said };
        let schema = Schema {
            kind,
            nullable,
            default: None,
            limits,
            xml: None,
        };
        if slot.is_none() {
            self.by_place.insert(key, schema.clone());
        }
        schema
    }

    /// The kind, and whether the keywords that decided on it also allow `null`.
    fn kind(&mut self, facts: Facts<'d>, called: &Called, slot: Option<TypeId>) -> (Kind, bool) {
        if !facts.choices.is_empty() {
            return self.choice(facts, called, slot);
        }
        if facts.is_null() {
            return (Kind::Any, true);
        }
        let with_null = facts
            .values
            .as_ref()
            .is_some_and(|values| values.iter().any(Value::is_null));
        self.report_misplaced(&facts);
        let kind = match facts.inferred_type() {
            Some("object") => self.object(facts, called, slot),
            Some("array") => self.array(&facts, called),
            Some("string") => self.string(facts, called, slot),
            Some("integer") if facts.values.is_some() => {
                let base = integer_base(&facts);
                self.enumeration(facts, base, called, slot)
            }
            Some("integer") => {
                let format = facts.format.as_deref().and_then(integer_format);
                Kind::Integer(format.unwrap_or(IntegerFormat::I64))
            }
            Some("number") if facts.values.is_some() => {
                self.enumeration(facts, EnumBase::Scalar, called, slot)
            }
            Some("number") => number(facts.format.as_deref()),
            Some("boolean") => Kind::Bool,
            None if facts.has_scalars() => self.enumeration(facts, EnumBase::Scalar, called, slot),
            _ => Kind::Any,
        };
        (kind, with_null)
    }

    /// Reports schemas of members and elements where there are none, since the type is another one.
    fn report_misplaced(&mut self, facts: &Facts<'d>) {
        let ty = facts.inferred_type().unwrap_or("any");
        let mut misplaced: Vec<Pointer> = Vec::new();
        if ty != "object" {
            let members = facts.properties.values().flatten();
            misplaced.extend(members.filter_map(|part| part.at.parent()));
            misplaced.extend(facts.patterned.iter().filter_map(|(at, _)| at.parent()));
            if let Beyond::Typed(part) = &facts.beyond {
                misplaced.push(part.at.clone());
            }
        }
        if ty != "array" {
            misplaced.extend(facts.items.iter().map(|part| part.at.clone()));
            misplaced.extend(facts.places.iter().filter_map(|(at, _)| at.parent()));
        }
        for at in misplaced {
            let said = format!("the type is {ty}, about which this keyword says nothing");
            self.diags.report(Code::KeywordIgnored, &at, said);
        }
    }

    fn array(&mut self, facts: &Facts<'d>, called: &Called) -> Kind {
        if !facts.places.is_empty() {
            return self.tuple(facts, called);
        }
        if facts.items.is_empty() {
            return Kind::List(Box::new(bare(Kind::Any)));
        }
        Kind::List(Box::new(
            self.usage(&facts.items, &within(called, "item")).schema,
        ))
    }

    /// A list with fixed places. Where the document does not say how many there are at least, all are: who
    /// writes places down means them.
    fn tuple(&mut self, facts: &Facts<'d>, called: &Called) -> Kind {
        let count = |keyword: &str| {
            let limit = facts.limits.iter().find(|(name, _)| name == keyword);
            limit.and_then(|(_, value)| usize::try_from(value.as_u64()?).ok())
        };
        let most = count("maxItems").unwrap_or(usize::MAX);
        let length = facts.places.len().min(most);
        let odd = if count("minItems").is_some_and(|least| least < length) {
            "the list may end before its last place, and is read as a list of any values"
        } else if !(1..=MOST_PLACES).contains(&length) {
            "the list has more places than a tuple of Rust, and is read as a list of any values"
        } else {
            ""
        };
        if !odd.is_empty() {
            self.diags.report(Code::TupleAsList, &facts.at, odd);
            return Kind::List(Box::new(bare(Kind::Any)));
        }
        let mut places = Vec::with_capacity(length);
        for (index, (at, schema)) in facts.places[..length].iter().enumerate() {
            let part = self.kept(at, schema);
            let called = within(called, &format!("place{}", index + 1));
            places.push(self.usage(std::slice::from_ref(&part), &called).schema);
        }
        let goes_on = most > length && !facts.items.is_empty();
        let rest = goes_on.then(|| self.usage(&facts.items, &within(called, "item")).schema);
        Kind::Tuple(places, rest.map(Box::new))
    }

    fn string(&mut self, facts: Facts<'d>, called: &Called, slot: Option<TypeId>) -> Kind {
        if facts.values.is_some() {
            return self.enumeration(facts, EnumBase::String, called, slot);
        }
        Kind::String(match facts.format.as_deref() {
            Some("date-time") => StringFormat::DateTime,
            Some("date") => StringFormat::Date,
            Some("uuid") => StringFormat::Uuid,
            Some("byte") => StringFormat::Base64,
            Some("binary") => StringFormat::Binary,
            Some("password") => StringFormat::Secret,
            Some("decimal") => StringFormat::Decimal,
            Some(format) => {
                integer_format(format).map_or(StringFormat::Plain, StringFormat::Integer)
            }
            None => StringFormat::Plain,
        })
    }

    pub(super) fn enumeration(
        &mut self,
        facts: Facts<'d>,
        base: EnumBase,
        called: &Called,
        slot: Option<TypeId>,
    ) -> Kind {
        let mut variants: Vec<Variant> = Vec::new();
        for (index, value) in facts.values.iter().flatten().enumerate() {
            let value = &plain(value);
            let fits = match base {
                EnumBase::String => value.is_string(),
                EnumBase::Integer => value.is_i64(),
                EnumBase::Scalar if facts.ty.as_deref() == Some("integer") => {
                    value.is_i64() || value.is_u64()
                }
                EnumBase::Scalar if facts.ty.as_deref() == Some("number") => value.is_number(),
                EnumBase::Scalar => !(value.is_null() || value.is_array() || value.is_object()),
            };
            if !fits {
                if !value.is_null() {
                    self.diags.report(
                        Code::EnumValueIgnored,
                        &facts.at.push("enum").index(index),
                        format!("`{value}` is not of the type of its enum"),
                    );
                }
                continue;
            }
            if variants.iter().any(|known| known.value == *value) {
                continue;
            }
            let text = match value {
                Value::String(text) => text.clone(),
                value => value.to_string().replace('.', " point "),
            };
            let name = facts
                .enum_names
                .get(index)
                .filter(|name| !name.is_empty())
                .cloned()
                .unwrap_or(text);
            let description = facts
                .enum_docs
                .get(index)
                .filter(|text| !text.is_empty())
                .cloned();
            variants.push(Variant {
                value: value.clone(),
                called: Called(vec![name]),
                description,
            });
        }
        if variants.is_empty() {
            return match base {
                EnumBase::String => Kind::String(StringFormat::Plain),
                EnumBase::Integer => Kind::Integer(IntegerFormat::I64),
                EnumBase::Scalar => Kind::Any,
            };
        }
        self.defined(&facts, called, slot, Shape::Enum(Enum { base, variants }))
    }

    /// Gives a shape its place among the types.
    pub(super) fn defined(
        &mut self,
        facts: &Facts<'d>,
        called: &Called,
        slot: Option<TypeId>,
        shape: Shape,
    ) -> Kind {
        let id =
            slot.unwrap_or_else(|| self.allocate(&facts.at, called.clone(), facts.docs.clone()));
        self.types[id.0].shape = shape;
        Kind::Named(id)
    }

    fn object(&mut self, facts: Facts<'d>, called: &Called, slot: Option<TypeId>) -> Kind {
        let unnamed: Vec<&str> = facts
            .required
            .iter()
            .copied()
            .filter(|name| !facts.properties.contains_key(name))
            .collect();
        let closed = matches!(facts.beyond, Beyond::Closed) && facts.patterned.is_empty();
        if facts.properties.is_empty() && unnamed.is_empty() && !closed {
            return Kind::Map(Box::new(self.rest_schema(&facts, called)));
        }
        // the definition is there before its members, which may lead back to it
        let id =
            slot.unwrap_or_else(|| self.allocate(&facts.at, called.clone(), facts.docs.clone()));
        if slot.is_none() {
            self.by_place.insert(facts.key(), bare(Kind::Named(id)));
        }
        let mut fields = Vec::with_capacity(facts.properties.len());
        for (name, parts) in &facts.properties {
            fields.push(self.field(&facts, name, parts, called));
        }
        for name in unnamed {
            let known = fields.iter().any(|field| field.wire_name == name);
            if !known {
                let said = format!(
                    "`{name}` is required but not described; it becomes an optional member of any type"
                );
                self.diags.report(
                    Code::RequiredWithoutProperty,
                    &facts.at.push("required"),
                    said,
                );
                fields.push(undescribed(&facts.at, name));
            }
        }
        let rest = match &facts.beyond {
            Beyond::Closed if closed => Rest::Closed,
            Beyond::Unsaid | Beyond::Any => {
                self.report_patterns(&facts);
                Rest::Any
            }
            Beyond::Closed | Beyond::Typed(_) => match self.rest_schema(&facts, called) {
                Schema {
                    kind: Kind::Any, ..
                } => Rest::Any,
                schema => Rest::Typed(Box::new(schema)),
            },
        };
        self.types[id.0].shape = Shape::Record(Record { fields, rest });
        Kind::Named(id)
    }

    /// Where any member may hold anything, those that match a pattern have no type of their own.
    fn report_patterns(&mut self, facts: &Facts<'d>) {
        for (at, _) in &facts.patterned {
            let said = "other members may hold anything, so those that match the pattern are read as any value";
            self.diags.report(Code::KeywordIgnored, at, said);
        }
    }

    /// What members that are not named hold: what `additionalProperties` and the patterns say, whichever
    /// name it is about.
    fn rest_schema(&mut self, facts: &Facts<'d>, called: &Called) -> Schema {
        if matches!(facts.beyond, Beyond::Any) {
            self.report_patterns(facts);
            return bare(Kind::Any);
        }
        let mut parts = Vec::with_capacity(facts.patterned.len() + 1);
        for (at, schema) in &facts.patterned {
            parts.push(self.kept(at, schema));
        }
        if let Beyond::Typed(part) = &facts.beyond {
            parts.push((**part).clone());
        }
        let called = within(called, "value");
        match parts.as_slice() {
            [] => bare(Kind::Any),
            [part] => self.usage(std::slice::from_ref(part), &called).schema,
            _ => {
                let choice = Choice {
                    keyword: "anyOf",
                    parts,
                    discriminator: None,
                };
                let either = Facts {
                    at: facts.at.push("x-specmint-pattern-properties"),
                    choices: vec![choice],
                    ..Facts::default()
                };
                self.build(either, &called, None)
            }
        }
    }

    fn field(
        &mut self,
        facts: &Facts<'d>,
        name: &str,
        parts: &[Part<'d>],
        called: &Called,
    ) -> Field {
        let usage = self.usage(parts, &within(called, name));
        let mut schema = usage.schema;
        let untold = schema.kind == Kind::Any;
        if secret::is_secret(name) && (untold || self.is_plain_text(&schema.kind)) {
            schema.kind = Kind::String(StringFormat::Secret);
            self.places.typed(parts, &schema);
        }
        Field {
            at: parts
                .last()
                .map_or_else(|| facts.at.clone(), |part| part.at.clone()),
            wire_name: name.to_owned(),
            required: facts.required.contains(&name),
            read_only: usage.read_only,
            write_only: usage.write_only,
            docs: usage.docs,
            schema,
            constant: usage.constant,
        }
    }

    /// Whether a kind is a text without a meaning of its own, looking through one component.
    pub(super) fn is_plain_text(&self, kind: &Kind) -> bool {
        match kind {
            Kind::String(StringFormat::Plain | StringFormat::Uuid) => true,
            Kind::Named(id) => {
                let called = &self.types[id.0].called.0;
                let schema = called.first().and_then(|name| self.components.get(name));
                match schema {
                    Some(ReferenceOr::Item(schema)) if self.types[id.0].named => {
                        let (facts, all_of) = facts::read(&Pointer::root(), schema);
                        all_of.is_empty()
                            && facts.ty.as_deref() == Some("string")
                            && facts.values.is_none()
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

/// A member that is required by name alone.
fn undescribed(at: &Pointer, name: &str) -> Field {
    Field {
        at: at.push("required"),
        wire_name: name.to_owned(),
        required: false,
        read_only: false,
        write_only: false,
        docs: Docs::default(),
        schema: bare(if secret::is_secret(name) {
            Kind::String(StringFormat::Secret)
        } else {
            Kind::Any
        }),
        constant: None,
    }
}

/// The wish of a type inside a component, from its place alone: the same whoever comes to it first.
pub(super) fn called_by_place(at: &Pointer) -> Option<Called> {
    let tokens: Vec<String> = at.tokens().collect();
    let [root, kind, name, path @ ..] = tokens.as_slice() else {
        return None;
    };
    if root != "components" || kind != "schemas" {
        return None;
    }
    let mut words = vec![name.clone()];
    let mut path = path.iter();
    while let Some(keyword) = path.next() {
        match keyword.as_str() {
            "properties" => words.extend(path.next().cloned()),
            "items" => words.push("item".to_owned()),
            "x-specmint-prefix-items" => words.push(numbered("place", path.next())),
            "x-specmint-pattern-properties" => {
                words.push("value".to_owned());
                path.next();
            }
            "additionalProperties" => words.push("value".to_owned()),
            "allOf" => drop(path.next()),
            "oneOf" | "anyOf" => words.push(numbered("option", path.next())),
            other => words.push(other.to_owned()),
        }
    }
    Some(Called(words))
}

/// `word` and the number of an index, counted from 1.
fn numbered(word: &str, index: Option<&String>) -> String {
    let index = index.and_then(|index| index.parse::<usize>().ok());
    format!("{word}{}", index.unwrap_or_default() + 1)
}

fn integer_format(format: &str) -> Option<IntegerFormat> {
    Some(match format {
        "int8" => IntegerFormat::I8,
        "int16" => IntegerFormat::I16,
        "int32" => IntegerFormat::I32,
        "int64" => IntegerFormat::I64,
        "uint8" => IntegerFormat::U8,
        "uint16" => IntegerFormat::U16,
        "uint32" => IntegerFormat::U32,
        "uint64" => IntegerFormat::U64,
        _ => return None,
    })
}

fn number(format: Option<&str>) -> Kind {
    match format {
        Some("float") => Kind::Number(NumberFormat::F32),
        Some("decimal") => Kind::Number(NumberFormat::Decimal),
        Some(format) => {
            integer_format(format).map_or(Kind::Number(NumberFormat::F64), Kind::Integer)
        }
        None => Kind::Number(NumberFormat::F64),
    }
}

/// A number without fraction as a whole one: `openapiv3` reads those of a `number` as fractions.
fn plain(value: &Value) -> Value {
    /// Up to this every whole number has an `f64` of its own (2 to the power of 53).
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 && number.abs() <= EXACT => {
            Value::from(number as i64)
        }
        _ => value.clone(),
    }
}

/// Whole numbers are an enum of `i64`, unless one of them is too large for it.
fn integer_base(facts: &Facts<'_>) -> EnumBase {
    let large = |value: &Value| value.is_u64() && !value.is_i64();
    if facts.values.iter().flatten().any(large) {
        EnumBase::Scalar
    } else {
        EnumBase::Integer
    }
}

/// Whether the type says all that the format does; others are told in the docs.
fn is_typed(kind: &Kind, format: &str) -> bool {
    match kind {
        Kind::String(StringFormat::Plain) => false,
        Kind::Integer(_) => integer_format(format).is_some(),
        Kind::Number(_) => matches!(format, "float" | "double" | "decimal"),
        _ => true,
    }
}
