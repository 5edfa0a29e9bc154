//! Values of schemas: whether one fits, and one that is made where a document shows none.
//!
//! Values are looked at, and made, as one [`Side`] sends them: what is `writeOnly` is in none of a server's, what is
//! `readOnly` in none of a caller's. Secrets that a document shows may be real, so that others stand in their place.

mod scalars;

pub(super) use scalars::hint;
use scalars::{LIFETIME, expires, number, string};

use super::context::Context;
use super::example::placeholder;
use super::models::is_nullable;
use super::{patterns, rules};
use crate::model::{
    Enum, Field, IntegerFormat, Kind, Limits, NumberFormat, Record, Rest, Schema, Shape,
    StringFormat, Type, TypeId, Union, UnionBy,
};
use serde_json::{Map, Number, Value};

/// How deep values are looked at and made.
const DEEPEST: usize = 32;

/// How deep values that are made have members that need not be there.
const FULL_DEPTH: usize = 3;

/// How many values a made value may hold before it holds no more than it must.
const MOST_VALUES: usize = 200;

/// How much of a value is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All members, down to a depth.
    Full,
    /// All members, down to a depth, but none that leads back to a type around it.
    Once,
    /// All members of the value itself, and of what is in it those that must be there.
    Own,
    /// What must be there.
    Bare,
}

/// Who sends a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The server.
    Server,
    /// Who calls it.
    Caller,
}

impl Side {
    /// Whether values have this member at all.
    fn has(self, field: &Field) -> bool {
        match self {
            Self::Server => !field.write_only,
            Self::Caller => !field.read_only,
        }
    }
}

/// A value of the schema, such as a server would send. `None` if there is none of finite depth.
pub(super) fn made(cx: &Context<'_>, schema: &Schema, name: &str, extent: Extent) -> Option<Value> {
    made_by(cx, Side::Server, schema, name, extent)
}

/// The same, such as this side would send.
pub(super) fn made_by(
    cx: &Context<'_>,
    side: Side,
    schema: &Schema,
    name: &str,
    extent: Extent,
) -> Option<Value> {
    let mut maker = Maker {
        look: Look { cx, side },
        extent,
        left: MOST_VALUES,
        around: Vec::new(),
    };
    maker.schema(schema, name, 0, 0)
}

/// A value that a document shows, if it is one of the schema: without undeclared members, and with other
/// secrets.
pub(super) fn shown(cx: &Context<'_>, schema: &Schema, value: &Value) -> Option<Value> {
    shown_by(cx, Side::Server, schema, value)
}

/// The same, such as this side would send.
pub(super) fn shown_by(
    cx: &Context<'_>,
    side: Side,
    schema: &Schema,
    value: &Value,
) -> Option<Value> {
    Look { cx, side }.schema(schema, value, "", 0)
}

struct Maker<'a> {
    look: Look<'a>,
    extent: Extent,
    left: usize,
    /// The objects around the value.
    around: Vec<TypeId>,
}

impl Maker<'_> {
    fn schema(&mut self, schema: &Schema, name: &str, nth: usize, depth: usize) -> Option<Value> {
        self.left = self.left.saturating_sub(1);
        if depth > DEEPEST {
            return None;
        }
        if self.extent == Extent::Bare && schema.nullable && depth > 0 {
            return Some(Value::Null);
        }
        let enumerated = rules::said(&schema.limits).find(|(word, _)| *word == "enum");
        if let Some(value) = enumerated.and_then(|(_, values)| values.as_array()?.first()) {
            return Some(value.clone());
        }
        let scalar = matches!(
            schema.kind,
            Kind::Bool | Kind::Integer(_) | Kind::Number(_) | Kind::String(_)
        );
        if let Some(default) = schema.default.as_ref().filter(|_| scalar && nth == 0)
            && let Some(value) =
                (self.look.schema(schema, default, "", 0)).filter(|value| !value.is_null())
        {
            return Some(value);
        }
        match &schema.kind {
            Kind::Any if expires(name) => Some(Value::from(LIFETIME)),
            Kind::Any => Some(Value::String(placeholder(name))),
            Kind::Bool => Some(Value::Bool(true)),
            Kind::Integer(_) => Some(number(&schema.limits, name, nth, 1.0)),
            Kind::Number(NumberFormat::Decimal) => Some(number(&schema.limits, name, nth, 1.0)),
            Kind::Number(_) => Some(number(&schema.limits, name, nth, 0.0)),
            Kind::String(format) => string(*format, &schema.limits, name, nth).map(Value::String),
            Kind::List(inner) => self.list(schema, inner, name, depth),
            Kind::Tuple(places, _) => {
                let places = places.iter();
                let places: Option<Vec<Value>> = places
                    .map(|place| self.schema(place, name, 0, depth + 1))
                    .collect();
                places.map(Value::Array)
            }
            Kind::Map(inner) => {
                let keys =
                    (0..count(&schema.limits, "minProperties")).map(|key| format!("key{key}"));
                let members: Option<Map<String, Value>> = keys
                    .map(|key| Some((key, self.schema(inner, name, 0, depth + 1)?)))
                    .collect();
                members.map(Value::Object)
            }
            Kind::Named(id) => self.named(*id, name, nth, depth),
        }
    }

    fn is_full(&self, depth: usize) -> bool {
        let full = match self.extent {
            Extent::Full | Extent::Once => FULL_DEPTH,
            Extent::Own => 1,
            Extent::Bare => 0,
        };
        depth < full && self.left > 0
    }

    fn list(&mut self, schema: &Schema, inner: &Schema, name: &str, depth: usize) -> Option<Value> {
        let least = count(&schema.limits, "minItems");
        let wanted = least.max(usize::from(self.is_full(depth)));
        let mut items = Vec::new();
        for nth in 0..wanted {
            match self.schema(inner, name, nth, depth + 1) {
                Some(item) => items.push(item),
                None if least == 0 => break,
                None => return None,
            }
        }
        Some(Value::Array(items))
    }

    fn named(&mut self, id: TypeId, name: &str, nth: usize, depth: usize) -> Option<Value> {
        match &self.look.cx.api.types[id.0].shape {
            Shape::Alias(schema) => self.schema(schema, name, nth, depth + 1),
            Shape::Enum(set) => {
                let nth = nth.checked_rem(set.variants.len()).unwrap_or(0);
                let value = set.variants.get(nth).map(|variant| variant.value.clone());
                Some(value.unwrap_or_else(|| Value::String(placeholder(name))))
            }
            Shape::Record(record) => {
                self.around.push(id);
                let value = self.record(record, depth);
                self.around.pop();
                value
            }
            Shape::Union(union) => self.union(union, name, nth, depth),
        }
    }

    /// Whether values of the schema are, or hold at once, one of a type around it that may be left out.
    fn leads_back(&self, schema: &Schema) -> bool {
        let mut schema = schema;
        for _ in 0..DEEPEST {
            match &schema.kind {
                Kind::List(inner) | Kind::Map(inner) => schema = inner,
                Kind::Named(id) => match &self.look.cx.api.types[id.0].shape {
                    Shape::Alias(next) => schema = next,
                    _ => return self.extent == Extent::Once && self.around.contains(id),
                },
                _ => return false,
            }
        }
        true
    }

    fn record(&mut self, record: &Record, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        let side = self.look.side;
        for field in record.fields.iter().filter(|field| side.has(field)) {
            if !field.required && (!self.is_full(depth) || self.leads_back(&field.schema)) {
                continue;
            }
            match self.member(field, depth) {
                Some(value) => drop(members.insert(field.wire_name.clone(), value)),
                None if field.required => return None,
                None => {}
            }
        }
        Some(Value::Object(members))
    }

    fn member(&mut self, field: &Field, depth: usize) -> Option<Value> {
        if let Some(constant) = &field.constant {
            return Some(constant.clone());
        }
        if let Some(example) = &field.docs.example
            && let Some(value) = (self.look).schema(&field.schema, example, &field.wire_name, 0)
            && self.is_full(depth)
        {
            return Some(value);
        }
        self.schema(&field.schema, &field.wire_name, 0, depth + 1)
    }

    /// The first alternative that gives a value which is no other's as well.
    fn union(&mut self, union: &Union, name: &str, nth: usize, depth: usize) -> Option<Value> {
        let mut first = None;
        for variant in &union.variants {
            let Some(mut value) = self.schema(&variant.schema, name, nth, depth + 1) else {
                continue;
            };
            if let (UnionBy::Tag(member), Value::Object(members)) = (&union.by, &mut value)
                && let Some(tag) = variant.tags.first()
            {
                let tag = || Value::String(tag.clone());
                members.entry(member.clone()).or_insert_with(tag);
            }
            if self.look.union(union, &value, name, depth).is_some() {
                return Some(value);
            }
            first.get_or_insert(value);
        }
        first
    }
}

fn count(limits: &Limits, word: &str) -> usize {
    let found = rules::said(limits).find(|(known, _)| *known == word);
    let count = found.and_then(|(_, value)| value.as_u64()).unwrap_or(0);
    usize::try_from(count).unwrap_or(usize::MAX).min(100)
}

/// A look at a value that a document shows.
#[derive(Clone, Copy)]
struct Look<'a> {
    cx: &'a Context<'a>,
    side: Side,
}

impl Look<'_> {
    fn schema(self, schema: &Schema, value: &Value, name: &str, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        if value.is_null() && is_nullable(self.cx.api, schema) {
            return Some(Value::Null);
        }
        if !keeps_to(&schema.limits, value) {
            return None;
        }
        match (&schema.kind, value) {
            (Kind::Any, value) => Some(value.clone()),
            (Kind::Bool, Value::Bool(_)) => Some(value.clone()),
            (Kind::Integer(format), Value::Number(number)) => {
                holds(*format, number).then(|| value.clone())
            }
            (Kind::Number(_), Value::Number(_)) => Some(value.clone()),
            (Kind::String(StringFormat::Secret), Value::String(_)) => {
                string(StringFormat::Secret, &schema.limits, name, 0).map(Value::String)
            }
            (Kind::String(format), Value::String(text)) => {
                is_of(*format, text).then(|| value.clone())
            }
            (Kind::List(inner), Value::Array(items)) => {
                let items = items.iter();
                let items: Option<Vec<Value>> = items
                    .map(|item| self.schema(inner, item, name, depth + 1))
                    .collect();
                items.map(Value::Array)
            }
            (Kind::Tuple(places, rest), Value::Array(items)) => {
                self.tuple(places, rest.as_deref(), items, depth)
            }
            (Kind::Map(inner), Value::Object(members)) => {
                let members = members.iter().map(|(key, value)| {
                    let value = self.schema(inner, value, key, depth + 1)?;
                    Some((key.clone(), value))
                });
                members.collect::<Option<Map<_, _>>>().map(Value::Object)
            }
            (Kind::Named(id), value) => self.named(&self.cx.api.types[id.0], value, name, depth),
            _ => None,
        }
    }

    fn tuple(
        self,
        places: &[Schema],
        rest: Option<&Schema>,
        items: &[Value],
        depth: usize,
    ) -> Option<Value> {
        if items.len() < places.len() || (rest.is_none() && items.len() > places.len()) {
            return None;
        }
        let schemas = places.iter().chain(rest.into_iter().cycle());
        let items: Option<Vec<Value>> = items
            .iter()
            .zip(schemas)
            .map(|(item, schema)| self.schema(schema, item, "", depth + 1))
            .collect();
        items.map(Value::Array)
    }

    fn named(self, ty: &Type, value: &Value, name: &str, depth: usize) -> Option<Value> {
        if !keeps_to(&ty.limits, value) {
            return None;
        }
        match (&ty.shape, value) {
            (Shape::Alias(schema), value) => self.schema(schema, value, name, depth + 1),
            (Shape::Enum(set), value) => is_among(set, value).then(|| value.clone()),
            (Shape::Record(record), Value::Object(members)) => self.record(record, members, depth),
            (Shape::Union(union), value) => self.union(union, value, name, depth),
            (Shape::Record(_), _) => None,
        }
    }

    fn record(self, record: &Record, members: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut out = Map::new();
        for field in record.fields.iter().filter(|field| self.side.has(field)) {
            match members.get(&field.wire_name) {
                None if field.required => return None,
                None => {}
                Some(value) => {
                    let is_other = |constant: &Value| constant != value;
                    if field.constant.as_ref().is_some_and(is_other) {
                        return None;
                    }
                    let value = self.schema(&field.schema, value, &field.wire_name, depth + 1)?;
                    out.insert(field.wire_name.clone(), value);
                }
            }
        }
        let is_known = |name: &String| record.fields.iter().any(|field| field.wire_name == *name);
        let mut others = members.iter().filter(|(name, _)| !is_known(name));
        match &record.rest {
            Rest::Closed if others.next().is_some() => return None,
            Rest::Typed(schema) => {
                for (name, value) in others {
                    let value = self.schema(schema, value, name, depth + 1)?;
                    out.insert(name.clone(), value);
                }
            }
            Rest::Closed | Rest::Any => {}
        }
        Some(Value::Object(out))
    }

    fn union(self, union: &Union, value: &Value, name: &str, depth: usize) -> Option<Value> {
        let by_tag = |member: &str| value.get(member).and_then(Value::as_str);
        let mut fitting = union.variants.iter().filter_map(|variant| {
            let is_named = match &union.by {
                UnionBy::Tag(member) => {
                    by_tag(member).is_some_and(|tag| variant.tags.iter().any(|own| own == tag))
                }
                UnionBy::Only | UnionBy::First => true,
            };
            let mut own = self.schema(&variant.schema, value, name, depth + 1);
            if let (UnionBy::Tag(member), Some(Value::Object(members))) = (&union.by, &mut own)
                && let Some(tag) = value.get(member)
            {
                let tag = || tag.clone();
                members.entry(member.clone()).or_insert_with(tag);
            }
            own.filter(|_| is_named)
        });
        let first = fitting.next()?;
        let is_one = union.by != UnionBy::Only || fitting.next().is_none();
        is_one.then_some(first)
    }
}

fn is_among(set: &Enum, value: &Value) -> bool {
    set.variants.iter().any(|variant| variant.value == *value)
}

fn holds(format: IntegerFormat, number: &Number) -> bool {
    let Some(number) = number
        .as_i64()
        .map(i128::from)
        .or(number.as_u64().map(i128::from))
    else {
        return false;
    };
    let range = match format {
        IntegerFormat::I8 => i128::from(i8::MIN)..=i128::from(i8::MAX),
        IntegerFormat::I16 => i128::from(i16::MIN)..=i128::from(i16::MAX),
        IntegerFormat::I32 => i128::from(i32::MIN)..=i128::from(i32::MAX),
        IntegerFormat::I64 => i128::from(i64::MIN)..=i128::from(i64::MAX),
        IntegerFormat::U8 => 0..=i128::from(u8::MAX),
        IntegerFormat::U16 => 0..=i128::from(u16::MAX),
        IntegerFormat::U32 => 0..=i128::from(u32::MAX),
        IntegerFormat::U64 => 0..=i128::from(u64::MAX),
    };
    range.contains(&number)
}

/// Whether a text is of a format by its looks: digits where there are digits.
pub(super) fn is_of(format: StringFormat, text: &str) -> bool {
    let like = |mask: &str| {
        let same = |(sign, byte): (u8, u8)| match sign {
            b'0' => byte.is_ascii_digit(),
            b'x' => byte.is_ascii_hexdigit(),
            sign => sign == byte,
        };
        text.len() == mask.len() && mask.bytes().zip(text.bytes()).all(same)
    };
    match format {
        StringFormat::Plain | StringFormat::Secret | StringFormat::Binary => true,
        StringFormat::Base64 => {
            let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
            text.len().is_multiple_of(4) && text.bytes().all(is_sign)
        }
        StringFormat::DateTime => {
            let (head, tail) = text.split_at_checked(19).unwrap_or_default();
            let mask = "0000-00-00T00:00:00";
            let is_head = head.len() == mask.len()
                && mask
                    .bytes()
                    .zip(head.bytes())
                    .all(|(sign, byte)| match sign {
                        b'0' => byte.is_ascii_digit(),
                        sign => sign == byte,
                    });
            is_head && (tail.ends_with('Z') || tail.contains(['+', '-']))
        }
        StringFormat::Date => like("0000-00-00"),
        StringFormat::Uuid => like("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        StringFormat::Integer(_) => text.parse::<i64>().is_ok(),
        StringFormat::Decimal => text.parse::<f64>().is_ok(),
    }
}

/// Whether a value keeps to limits.
fn keeps_to(limits: &Limits, value: &Value) -> bool {
    rules::said(limits).all(|(word, limit)| match (value, limit) {
        (Value::String(text), Value::String(limit)) => match word {
            "pattern" => patterns::matches(limit, text),
            _ => true,
        },
        (Value::String(text), Value::Number(limit)) => {
            counts(word, "Length", text.chars().count(), limit)
        }
        (Value::Array(items), Value::Number(limit)) => counts(word, "Items", items.len(), limit),
        (Value::Object(members), Value::Number(limit)) => {
            counts(word, "Properties", members.len(), limit)
        }
        (Value::Number(number), Value::Number(limit)) => {
            let (number, limit) = (
                number.as_f64().unwrap_or(0.0),
                limit.as_f64().unwrap_or(0.0),
            );
            match word {
                "minimum" => number >= limit,
                "maximum" => number <= limit,
                "exclusiveMinimum" => number > limit,
                "exclusiveMaximum" => number < limit,
                "multipleOf" => limit == 0.0 || (number / limit).fract() == 0.0,
                _ => true,
            }
        }
        (value, Value::Array(values)) if word == "enum" => values.contains(value),
        _ => true,
    })
}

fn counts(word: &str, what: &str, count: usize, limit: &Number) -> bool {
    let limit = limit.as_u64().unwrap_or(0);
    match word.strip_suffix(what) {
        Some("min") => count as u64 >= limit,
        Some("max") => count as u64 <= limit,
        _ => true,
    }
}
