//! The shapes of types: objects, lists, texts, numbers and enums.
//!
//! In: the facts of one place, all merged. Out: its kind, and a definition where it needs one.

use serde_json::Value;

use super::facts::{self, Beyond, Facts, Part};
use super::schema::{Schemas, bare, within};
use super::secret;
use crate::diag::Code;
use crate::model::{
    Called, Docs, Enum, EnumBase, Field, IntegerFormat, Kind, Limits, NumberFormat, Record, Rest,
    Schema, Shape, StringFormat, TypeId, Variant,
};
use crate::pointer::Pointer;
use openapiv3::ReferenceOr;

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
        let limits = Limits {
            said: facts.limits.clone(),
        };
        let kind = self.kind(facts, &called, slot);
        let nullable = matches!(&kind, (_, true));
        let schema = Schema {
            kind: kind.0,
            nullable,
            default: None,
            limits,
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
        let kind = match facts.inferred_type() {
            Some("object") => self.object(facts, called, slot),
            Some("array") => self.array(&facts, called),
            Some("string") => self.string(facts, called, slot),
            Some("integer") if facts.values.is_some() => {
                self.enumeration(facts, EnumBase::Integer, called, slot)
            }
            Some("integer") => Kind::Integer(integer_format(facts.format.as_deref())),
            Some("number") => Kind::Number(number_format(facts.format.as_deref())),
            Some("boolean") => Kind::Bool,
            _ => Kind::Any,
        };
        (kind, with_null)
    }

    fn array(&mut self, facts: &Facts<'d>, called: &Called) -> Kind {
        if !facts.places.is_empty() {
            let said = "the places of the tuple are read as any values";
            self.diags.report(Code::TupleAsList, &facts.at, said);
            return Kind::List(Box::new(bare(Kind::Any)));
        }
        if facts.items.is_empty() {
            return Kind::List(Box::new(bare(Kind::Any)));
        }
        Kind::List(Box::new(
            self.usage(&facts.items, &within(called, "item")).schema,
        ))
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
            _ => StringFormat::Plain,
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
            let fits = match base {
                EnumBase::String => value.is_string(),
                EnumBase::Integer => value.is_i64(),
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
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
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
        if facts.properties.is_empty()
            && unnamed.is_empty()
            && !matches!(facts.beyond, Beyond::Closed)
        {
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
            Beyond::Closed => Rest::Closed,
            Beyond::Typed(_) => Rest::Typed(Box::new(self.rest_schema(&facts, called))),
            Beyond::Unsaid | Beyond::Any => Rest::Any,
        };
        self.types[id.0].shape = Shape::Record(Record { fields, rest });
        Kind::Named(id)
    }

    fn rest_schema(&mut self, facts: &Facts<'d>, called: &Called) -> Schema {
        match &facts.beyond {
            Beyond::Typed(part) => {
                self.usage(std::slice::from_ref(&**part), &within(called, "value"))
                    .schema
            }
            _ => bare(Kind::Any),
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
            "properties" | "x-specmint-pattern-properties" => words.extend(path.next().cloned()),
            "items" => words.push("item".to_owned()),
            "additionalProperties" => words.push("value".to_owned()),
            "allOf" => drop(path.next()),
            "oneOf" | "anyOf" => {
                let number = path
                    .next()
                    .and_then(|index| index.parse::<usize>().ok())
                    .unwrap_or_default()
                    + 1;
                words.push(format!("option{number}"));
            }
            other => words.push(other.to_owned()),
        }
    }
    Some(Called(words))
}

fn integer_format(format: Option<&str>) -> IntegerFormat {
    match format {
        Some("int32" | "int16" | "int8" | "uint8" | "uint16") => IntegerFormat::I32,
        Some("uint32") => IntegerFormat::U32,
        Some("uint64") => IntegerFormat::U64,
        _ => IntegerFormat::I64,
    }
}

fn number_format(format: Option<&str>) -> NumberFormat {
    match format {
        Some("float") => NumberFormat::F32,
        _ => NumberFormat::F64,
    }
}
