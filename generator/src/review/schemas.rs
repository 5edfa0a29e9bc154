//! What became of a value where it is used.

use super::types::{Walk, Way, instead};
use super::{Effect, Finding, Kind, Place, Turn, TypePart};
use crate::model::{
    self, Api, EnumBase, IntegerFormat, Limits, NumberFormat, Record, Schema, Shape, StringFormat,
    TypeId, UnionVariant, Xml,
};
use crate::plan::doc_code;
use crate::pointer::Pointer;
use serde_json::Value;

/// A place, and where it stands in the document.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) place: Place,
    pub(super) at: Pointer,
}

impl Spot {
    pub(super) fn member(&self, part: TypePart) -> Place {
        self.place.member(part)
    }

    pub(super) fn at_value(&self, value: &Value) -> Self {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Self {
            place: self.member(TypePart::Value(text)),
            at: self.at.clone(),
        }
    }

    pub(super) fn at_alternative(&self, variant: &UnionVariant) -> Self {
        Self {
            place: self.member(TypePart::Variant(variant.called.0.join(" "))),
            at: self.at.clone(),
        }
    }
}

/// A schema with the aliases that it leads through.
struct Seen<'a> {
    kind: &'a model::Kind,
    nullable: bool,
    default: Option<&'a Value>,
    limits: Vec<&'a Limits>,
    xml: Option<&'a Xml>,
}

fn resolved<'a>(api: &'a Api, schema: &'a Schema) -> Seen<'a> {
    let mut seen = Seen {
        kind: &schema.kind,
        nullable: schema.nullable,
        default: schema.default.as_ref(),
        limits: vec![&schema.limits],
        xml: schema.xml.as_deref(),
    };
    for _ in 0..api.types.len() {
        let model::Kind::Named(id) = seen.kind else {
            break;
        };
        let ty = &api.types[id.0];
        let Shape::Alias(next) = &ty.shape else {
            break;
        };
        seen.kind = &next.kind;
        seen.nullable |= next.nullable;
        seen.default = seen.default.or(next.default.as_ref());
        seen.limits.extend([&ty.limits, &next.limits]);
        seen.xml = seen.xml.or(ty.xml.as_deref()).or(next.xml.as_deref());
    }
    seen
}

/// How one set of values stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Same,
    Narrower,
    Wider,
    Other,
}

impl Relation {
    fn effect(self, way: Way) -> Effect {
        match self {
            Self::Same => Effect::None,
            Self::Narrower => way.narrower(),
            Self::Wider => way.wider(),
            Self::Other => way.other(),
        }
    }
}

impl<'a> Walk<'a> {
    /// Compares what a place takes.
    pub(super) fn schema(&mut self, spot: &Spot, old: &'a Schema, new: &'a Schema, way: Way) {
        if let (model::Kind::Named(before), model::Kind::Named(after)) = (&old.kind, &new.kind)
            && self.pairs.old_name(*before) == self.pairs.new_name(*after)
        {
            // one alias is looked at where it is, and not at each of its uses
            self.facts(spot, &direct(old), &direct(new), way);
            self.meet(*before, *after, way);
            return;
        }
        let before = resolved(self.old(), old);
        let after = resolved(self.new_api(), new);
        self.facts(spot, &before, &after, way);
        self.kinds(spot, before.kind, after.kind, way);
    }

    fn facts(&mut self, spot: &Spot, old: &Seen<'_>, new: &Seen<'_>, way: Way) {
        match (old.nullable, new.nullable) {
            (false, true) => self.add(Kind::NullAllowed, spot, "may be null", way.wider()),
            (true, false) => {
                self.add(
                    Kind::NullRefused,
                    spot,
                    "may no longer be null",
                    way.narrower(),
                );
            }
            _ => {}
        }
        if old.default != new.default {
            let message = match is_secret(new.kind) || is_secret(old.kind) {
                true => "has another default".to_owned(),
                false => format!("default {}", instead(old.default, new.default)),
            };
            let effect = way.effect(Effect::Breaking, Effect::None);
            self.add(Kind::DefaultChanged, spot, message, effect);
        }
        self.limits(spot, &old.limits, &new.limits, way);
        self.xml(spot, old.xml, new.xml, way);
    }

    pub(super) fn xml(&mut self, spot: &Spot, old: Option<&Xml>, new: Option<&Xml>, way: Way) {
        let plain = Xml::default();
        if old.unwrap_or(&plain) != new.unwrap_or(&plain) {
            let message = "stands otherwise in XML";
            self.add(Kind::XmlChanged, spot, message, way.other());
        }
    }

    fn kinds(&mut self, spot: &Spot, old: &'a model::Kind, new: &'a model::Kind, way: Way) {
        self.secrecy(spot, old, new);
        match (old, new) {
            (model::Kind::Named(old), model::Kind::Named(new)) => {
                self.named(spot, *old, *new, way);
            }
            (model::Kind::List(old), model::Kind::List(new))
            | (model::Kind::Map(old), model::Kind::Map(new)) => self.schema(spot, old, new, way),
            (model::Kind::Tuple(olds, rest), model::Kind::Tuple(news, new_rest)) => {
                for (old, new) in olds.iter().zip(news) {
                    self.schema(spot, old, new, way);
                }
                if olds.len() != news.len() || rest.is_some() != new_rest.is_some() {
                    self.add(Kind::TypeChanged, spot, "has other places", way.other());
                }
                if let (Some(old), Some(new)) = (rest, new_rest) {
                    self.schema(spot, old, new, way);
                }
            }
            _ => self.different(spot, old, new, way),
        }
    }

    fn secrecy(&mut self, spot: &Spot, old: &model::Kind, new: &model::Kind) {
        let (kind, message, turn) = match (is_secret(old), is_secret(new)) {
            (true, false) => (
                Kind::SecretExposed,
                "was a secret and is an ordinary value, which `Debug` prints",
                Turn::Weaker,
            ),
            (false, true) => (Kind::SecretHidden, "is a secret now", Turn::Stronger),
            _ => return,
        };
        let finding = Finding::new(kind, spot.place.clone(), message);
        self.found.push(finding.at(&spot.at).security(turn));
    }

    /// One defined type in place of another.
    fn named(&mut self, spot: &Spot, old: TypeId, new: TypeId, way: Way) {
        if self.are_one(old, new) {
            self.meet(old, new, way);
            return;
        }
        let key = (old, new, way);
        let effect = match self.judged.get(&key) {
            Some(effect) => *effect,
            None => {
                // what leads back here is no worse than what is found on the way
                self.judged.insert(key, Effect::None);
                let effect = self.judge(|walk| walk.meet(old, new, way));
                self.judged.insert(key, effect);
                effect
            }
        };
        let words = format!(
            "is {} instead of {}",
            doc_code(&self.pairs.new_name(new)),
            doc_code(&self.pairs.old_name(old))
        );
        self.add(Kind::TypeChanged, spot, words, effect);
    }

    /// Types that are not of one shape.
    pub(super) fn shapes(&mut self, spot: &Spot, old: &'a Shape, new: &'a Shape, way: Way) {
        if let (Shape::Alias(schema), shape) | (shape, Shape::Alias(schema)) = (old, new)
            && !matches!(shape, Shape::Alias(_))
        {
            let is_old = matches!(old, Shape::Alias(_));
            let api = if is_old { self.old() } else { self.new_api() };
            let kind = resolved(api, schema).kind;
            let relation = match (kind, shape) {
                (model::Kind::Named(_), _) => Relation::Other,
                (kind, shape) => against(kind, shape),
            };
            let relation = if is_old { turned(relation) } else { relation };
            let text = |shape: &Shape| match shape {
                Shape::Alias(_) => self.words(kind, if is_old { Side::Old } else { Side::New }),
                shape => shape_word(shape).to_owned(),
            };
            let message = format!("is {} instead of {}", text(new), text(old));
            self.add(Kind::TypeChanged, spot, message, relation.effect(way));
            return;
        }
        let effect = match (old, new) {
            (Shape::Union(union), _) | (_, Shape::Union(union)) => {
                let is_narrower = matches!(old, Shape::Union(_));
                let fits = union.variants.iter().any(|one| {
                    let api = if is_narrower { self.old() } else { self.new_api() };
                    let other = if is_narrower { new } else { old };
                    matches!(resolved(api, &one.schema).kind,
                        model::Kind::Named(id) if shape_word(&api.types[id.0].shape) == shape_word(other))
                });
                match (fits, is_narrower) {
                    (true, true) => way.narrower(),
                    (true, false) => way.wider(),
                    _ => way.other(),
                }
            }
            _ => way.other(),
        };
        let message = format!("is {} instead of {}", shape_word(new), shape_word(old));
        self.add(Kind::TypeChanged, spot, message, effect);
    }

    fn different(&mut self, spot: &Spot, old: &'a model::Kind, new: &'a model::Kind, way: Way) {
        let effect = match (old, new) {
            (model::Kind::Named(id), other) => {
                let shape = &self.old().types[id.0].shape;
                self.of_choice(shape, other, Side::Old, way)
                    .unwrap_or_else(|| against(other, shape).effect(way))
            }
            (other, model::Kind::Named(id)) => {
                let shape = &self.new_api().types[id.0].shape;
                self.of_choice(shape, other, Side::New, way)
                    .unwrap_or_else(|| turned(against(other, shape)).effect(way))
            }
            (old, new) => scalars(old, new).effect(way),
        };
        let same = scalars(old, new) == Relation::Same;
        if same {
            return;
        }
        let words = format!(
            "is {} instead of {}",
            self.words(new, Side::New),
            self.words(old, Side::Old)
        );
        self.add(Kind::TypeChanged, spot, words, effect);
    }

    /// The effect where a choice stands against what is none: `side` is where the choice is.
    fn of_choice(
        &self,
        shape: &Shape,
        other: &model::Kind,
        side: Side,
        way: Way,
    ) -> Option<Effect> {
        let Shape::Union(union) = shape else {
            return None;
        };
        let api = match side {
            Side::Old => self.old(),
            Side::New => self.new_api(),
        };
        let fits = union.variants.iter().any(|variant| {
            let kind = resolved(api, &variant.schema).kind;
            std::mem::discriminant(kind) == std::mem::discriminant(other)
        });
        let any = matches!(other, model::Kind::Any);
        Some(match (side, fits, any) {
            (Side::Old, true, false) | (Side::New, _, true) => way.narrower(),
            (Side::New, true, false) | (Side::Old, _, true) => way.wider(),
            _ => way.other(),
        })
    }

    /// What a kind is called.
    pub(super) fn words(&self, kind: &model::Kind, side: Side) -> String {
        match kind {
            model::Kind::Any => "any value".to_owned(),
            model::Kind::Bool => "`boolean`".to_owned(),
            model::Kind::Integer(format) => format!("`{}`", integer(*format)),
            model::Kind::Number(format) => format!("`{}`", number(*format)),
            model::Kind::String(format) => string(*format),
            model::Kind::List(item) => format!("a list of {}", self.words(&item.kind, side)),
            model::Kind::Tuple(..) => "a list of places".to_owned(),
            model::Kind::Map(item) => format!("a map of {}", self.words(&item.kind, side)),
            model::Kind::Named(id) => doc_code(&match side {
                Side::Old => self.pairs.old_name(*id),
                Side::New => self.pairs.new_name(*id),
            }),
        }
    }
}

/// One of the two states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
}

fn direct(schema: &Schema) -> Seen<'_> {
    Seen {
        kind: &schema.kind,
        nullable: schema.nullable,
        default: schema.default.as_ref(),
        limits: vec![&schema.limits],
        xml: schema.xml.as_deref(),
    }
}

fn is_secret(kind: &model::Kind) -> bool {
    matches!(kind, model::Kind::String(StringFormat::Secret))
}

/// How what is no defined type stands to a shape that was there before it.
fn against(new: &model::Kind, old: &Shape) -> Relation {
    match (old, new) {
        (_, model::Kind::Any) => Relation::Wider,
        (Shape::Enum(set), model::Kind::String(_)) if set.base == EnumBase::String => {
            Relation::Wider
        }
        (Shape::Enum(set), model::Kind::Integer(_) | model::Kind::Number(_))
            if set.base == EnumBase::Integer =>
        {
            Relation::Wider
        }
        (Shape::Record(record), model::Kind::Map(_)) if !needs_any(record) => Relation::Same,
        (Shape::Record(_), model::Kind::Map(_)) => Relation::Wider,
        _ => Relation::Other,
    }
}

fn needs_any(record: &Record) -> bool {
    record.fields.iter().any(|field| field.required)
}

fn turned(relation: Relation) -> Relation {
    match relation {
        Relation::Narrower => Relation::Wider,
        Relation::Wider => Relation::Narrower,
        other => other,
    }
}

fn scalars(old: &model::Kind, new: &model::Kind) -> Relation {
    use model::Kind::{Any, Bool, Integer, Number, String};
    match (old, new) {
        (Any, Any) | (Bool, Bool) => Relation::Same,
        (Any, _) => Relation::Narrower,
        (_, Any) | (Integer(_), Number(_)) => Relation::Wider,
        (Number(_), Integer(_)) => Relation::Narrower,
        (Integer(old), Integer(new)) => by_range(range(*old), range(*new)),
        (Number(old), Number(new)) => by_range((0, digits(*old)), (0, digits(*new))),
        (String(old), String(new)) => strings(*old, *new),
        _ => Relation::Other,
    }
}

fn strings(old: StringFormat, new: StringFormat) -> Relation {
    let is_text = |format| matches!(format, StringFormat::Plain | StringFormat::Secret);
    let is_raw = old == StringFormat::Binary || new == StringFormat::Binary;
    match (is_text(old), is_text(new)) {
        (true, true) => Relation::Same,
        _ if old == new => Relation::Same,
        _ if is_raw => Relation::Other,
        (true, false) => Relation::Narrower,
        (false, true) => Relation::Wider,
        (false, false) => Relation::Other,
    }
}

fn by_range(old: (i128, i128), new: (i128, i128)) -> Relation {
    match (
        new.0 <= old.0 && old.1 <= new.1,
        old.0 <= new.0 && new.1 <= old.1,
    ) {
        (true, true) => Relation::Same,
        (true, false) => Relation::Wider,
        (false, true) => Relation::Narrower,
        (false, false) => Relation::Other,
    }
}

fn range(format: IntegerFormat) -> (i128, i128) {
    match format {
        IntegerFormat::I8 => (i8::MIN.into(), i8::MAX.into()),
        IntegerFormat::I16 => (i16::MIN.into(), i16::MAX.into()),
        IntegerFormat::I32 => (i32::MIN.into(), i32::MAX.into()),
        IntegerFormat::I64 => (i64::MIN.into(), i64::MAX.into()),
        IntegerFormat::U8 => (0, u8::MAX.into()),
        IntegerFormat::U16 => (0, u16::MAX.into()),
        IntegerFormat::U32 => (0, u32::MAX.into()),
        IntegerFormat::U64 => (0, u64::MAX.into()),
    }
}

/// How exact a number is, for comparison alone.
fn digits(format: NumberFormat) -> i128 {
    match format {
        NumberFormat::F32 => 1,
        NumberFormat::F64 => 2,
        NumberFormat::Decimal => 3,
    }
}

fn integer(format: IntegerFormat) -> &'static str {
    match format {
        IntegerFormat::I8 => "int8",
        IntegerFormat::I16 => "int16",
        IntegerFormat::I32 => "int32",
        IntegerFormat::I64 => "int64",
        IntegerFormat::U8 => "uint8",
        IntegerFormat::U16 => "uint16",
        IntegerFormat::U32 => "uint32",
        IntegerFormat::U64 => "uint64",
    }
}

fn number(format: NumberFormat) -> &'static str {
    match format {
        NumberFormat::F32 => "float",
        NumberFormat::F64 => "double",
        NumberFormat::Decimal => "decimal",
    }
}

fn string(format: StringFormat) -> String {
    match format {
        StringFormat::Plain | StringFormat::Secret => "`string`".to_owned(),
        StringFormat::Base64 => "base64 text".to_owned(),
        StringFormat::Binary => "bytes".to_owned(),
        StringFormat::DateTime => "`date-time`".to_owned(),
        StringFormat::Date => "`date`".to_owned(),
        StringFormat::Uuid => "`uuid`".to_owned(),
        StringFormat::Integer(format) => format!("`{}` as text", integer(format)),
        StringFormat::Decimal => "`decimal` as text".to_owned(),
    }
}

fn shape_word(shape: &Shape) -> &'static str {
    match shape {
        Shape::Record(_) => "an object",
        Shape::Enum(_) => "a set of values",
        Shape::Union(_) => "a choice",
        Shape::Alias(_) => "another schema",
    }
}
