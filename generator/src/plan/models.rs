//! Plans the types: presence, boxes, constructors, variants.

use super::context::Context;
use super::graph::{self, Needed};
use super::names::{Case, Ident, Scope};
use super::tree::{
    Access, Boxing, Constructor, DefaultBy, Field, Gate, IntegerVariant, Literal, Model, ModelDocs,
    Presence, Record, ScalarVariant, Secrecy, Sending, Shape, TextVariant, Type, Union, UnionBy,
    UnionVariant,
};
use super::{docs, pages, values};
use crate::model;
use crate::model::{
    Api, EnumBase, IntegerFormat, Kind, NumberFormat, Schema, StringFormat, TypeId,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// Names that setters must not have: `new`, and those that clippy takes for operators and conversions.
pub(super) const SETTERS_AVOID: &[&str] = &[
    "new",
    "add",
    "as_mut",
    "as_ref",
    "bitand",
    "bitor",
    "bitxor",
    "borrow",
    "borrow_mut",
    "clone",
    "clone_into",
    "cmp",
    "default",
    "deref",
    "deref_mut",
    "div",
    "drop",
    "eq",
    "fmt",
    "from",
    "from_iter",
    "from_str",
    "hash",
    "index",
    "index_mut",
    "into",
    "into_iter",
    "mul",
    "ne",
    "neg",
    "next",
    "not",
    "rem",
    "shl",
    "shr",
    "sub",
    "to_owned",
    "try_from",
    "try_into",
    "validate",
];

/// Whether null is a value of the schema, through aliases.
pub(super) fn is_nullable(api: &Api, schema: &Schema) -> bool {
    let mut schema = schema;
    for _ in 0..=api.types.len() {
        if schema.nullable {
            return true;
        }
        let Kind::Named(id) = schema.kind else {
            return false;
        };
        let model::Shape::Alias(next) = &api.types[id.0].shape else {
            return false;
        };
        schema = next;
    }
    false
}

/// Plans one type.
pub(super) fn plan_model(cx: &Context<'_>, id: TypeId) -> Model {
    let ty = &cx.api.types[id.0];
    let (name, module) = cx.names[id.0].clone();
    let shape = match &ty.shape {
        model::Shape::Record(record) => Shape::Record(plan_record(cx, id, record)),
        model::Shape::Enum(set) => plan_enum(cx, id, set),
        model::Shape::Union(union) if union.variants.is_empty() => Shape::Alias(Type::Value),
        model::Shape::Union(union) => Shape::Union(plan_union(cx, id, union)),
        model::Shape::Alias(_) if cx.graph.is_endless_alias(id) => Shape::Alias(Type::Value),
        model::Shape::Alias(schema) => Shape::Alias(cx.inner(schema)),
    };
    let mut docs = docs::lines(&ty.docs);
    if docs.is_empty() {
        docs.push(role(ty));
    }
    if let model::Shape::Alias(Schema {
        kind: Kind::Tuple(..),
        ..
    }) = &ty.shape
    {
        docs.extend([
            String::new(),
            "A list in which each place has its own meaning.".to_owned(),
        ]);
    }
    if let Some(limits) = docs::limits_line(&docs::limits(&ty.limits, None)) {
        docs.extend([String::new(), limits]);
    }
    let secret = if cx.graph.is_secret(id) {
        Secrecy::Secret
    } else {
        Secrecy::Open
    };
    let uses = uses(&shape, &name);
    Model {
        name,
        module,
        docs,
        secret,
        shape,
        uses,
        gate: Gate::Open,
        rules: Vec::new(),
        xml: None,
        page: ModelDocs::default(),
    }
}

/// What a type is for, where the document says nothing about it: from the words of its name.
fn role(ty: &model::Type) -> String {
    let place = docs::place(&ty.at);
    let words: Vec<&str> = ty.called.0.iter().map(String::as_str).collect();
    match words.as_slice() {
        [operation, "request"] if !ty.named => {
            format!(
                "The request body of {}, from {place}.",
                docs::code(operation)
            )
        }
        [operation, status, "response"] if !ty.named => {
            let operation = docs::code(operation);
            format!(
                "The body of a {} response to {operation}, from {place}.",
                docs::code(status)
            )
        }
        _ => format!("What the API's description has at {place}."),
    }
}

/// The types of the same API that a shape names, each once, in alphabetical order.
fn uses(shape: &Shape, own: &Ident) -> Vec<Ident> {
    let mut names = BTreeSet::new();
    let mut add = |name: &Ident| {
        names.insert(name.clone());
    };
    match shape {
        Shape::Record(record) => {
            for field in &record.fields {
                field.inner.each_name(&mut add);
                if let Some(Literal::Variant(ty, _)) = &field.constant {
                    add(ty);
                }
            }
            if let Some((_, ty)) = &record.rest {
                ty.each_name(&mut add);
            }
        }
        Shape::Union(union) => {
            for variant in &union.variants {
                variant.ty.each_name(&mut add);
            }
        }
        Shape::Alias(ty) => ty.each_name(&mut add),
        Shape::Texts(_) | Shape::Integers(_) | Shape::Scalars(_) => {}
    }
    names.remove(own);
    names.into_iter().collect()
}

fn plan_record(cx: &Context<'_>, id: TypeId, record: &model::Record) -> Record {
    let names = &cx.fields[id.0];
    let named = names.iter().zip(&record.fields);
    let fields: Vec<Field> = named
        .map(|(name, field)| plan_field(cx, id, name.clone(), field))
        .collect();
    let rest = rest_type(cx, id, record).zip(names.last());
    let rest = rest.map(|(ty, name)| (name.clone(), ty));
    let sent = cx.graph.is_sent(id);
    let constructor = sent.then(|| plan_constructor(&fields));
    let demanded = fields
        .iter()
        .any(|field| field.presence == Presence::Required);
    let default = match &constructor {
        Some(new)
            if new.takes.is_empty() && fields.iter().any(|field| field.constant.is_some()) =>
        {
            DefaultBy::Constructor
        }
        _ if demanded => DefaultBy::Absent,
        _ => DefaultBy::Derive,
    };
    Record {
        fields,
        rest,
        default,
        constructor,
    }
}

/// The type of what keeps unknown members. Texts beside a secret may be secrets themselves: only their names
/// are shown.
fn rest_type(cx: &Context<'_>, id: TypeId, record: &model::Record) -> Option<Type> {
    match &record.rest {
        model::Rest::Closed => None,
        model::Rest::Any => Some(Type::Extra),
        model::Rest::Typed(schema) => Some(match cx.value(schema) {
            _ if cx.part_of(id, schema).is_some() => Type::Map(Box::new(cx.part_of(id, schema)?)),
            Type::String if cx.graph.is_secret(id) => Type::Extra,
            ty => Type::Map(Box::new(ty)),
        }),
    }
}

/// Takes what is required and has no constant; everything else can be set.
fn plan_constructor(fields: &[Field]) -> Constructor {
    let required = |field: &Field| {
        matches!(
            field.presence,
            Presence::Required | Presence::RequiredNullable
        )
    };
    let (takes, open): (Vec<usize>, Vec<usize>) = (0..fields.len())
        .partition(|index| required(&fields[*index]) && fields[*index].constant.is_none());
    let mut scope = Scope::reserving(SETTERS_AVOID);
    let setters = open
        .into_iter()
        .filter(|index| fields[*index].sending == Sending::Sent)
        .map(|index| (index, setter(&mut scope, fields[index].name.plain())))
        .collect();
    Constructor { takes, setters }
}

/// Names a setter after what it sets, or `with_` that where the plain name means something else.
pub(super) fn setter(scope: &mut Scope, field: &str) -> Ident {
    // an underscore stands before a digit, where it will be put again
    let field = field.trim_start_matches('_');
    scope.claim_or(field, &format!("with {field}"), Case::Method)
}

fn plan_field(cx: &Context<'_>, owner: TypeId, name: Ident, field: &model::Field) -> Field {
    let part = cx.part_of(owner, &field.schema);
    let is_part = part.is_some();
    let inner = part.unwrap_or_else(|| cx.inner(&field.schema));
    let needed = graph::held(cx.api, &field.schema, Needed::Always);
    let endless = needed.iter().any(|to| cx.graph.is_endless(owner, *to));
    let null = is_nullable(cx.api, &field.schema);
    let demanded = cx.graph.demands(owner, field) && !endless;
    let presence = match (demanded, null && inner != Type::Value) {
        (true, false) => Presence::Required,
        (true, true) => Presence::RequiredNullable,
        (false, _) if null => Presence::OptionalNullable,
        (false, _) => Presence::Optional,
    };
    let boxed = is_boxed(cx, owner, &field.schema);
    let sending = if field.read_only && cx.graph.is_sent(owner) {
        Sending::ReadOnly
    } else {
        Sending::Sent
    };
    let constant = field
        .constant
        .as_ref()
        .filter(|value| cx.graph.is_sent(owner) && (demanded || !value.is_null()))
        .filter(|_| sending == Sending::Sent && !is_part)
        .and_then(|value| literal(cx, &field.schema, value));
    Field {
        prose: docs::lines(&field.docs),
        access: match (field.read_only, field.write_only) {
            (true, false) => Access::ReadOnly,
            (false, true) => Access::WriteOnly,
            _ => Access::Open,
        },
        limits: docs::limits_of(&field.schema, &inner),
        deprecated: pages::deprecation(field.docs.deprecated),
        sending,
        name,
        wire_name: field.wire_name.clone(),
        presence,
        boxed: if boxed { Boxing::Boxed } else { Boxing::Inline },
        constant,
        example: docs::example(&field.docs, &inner)
            .or_else(|| values::hint(&field.schema, &field.wire_name)),
        inner,
    }
}

/// Whether a value of the schema directly inside of `owner` needs a box.
fn is_boxed(cx: &Context<'_>, owner: TypeId, schema: &Schema) -> bool {
    let held = graph::held(cx.api, schema, Needed::OrNot);
    held.iter().any(|to| cx.graph.needs_box(owner, *to))
}

/// The literal of `value` in a place of this schema, if there is one.
fn literal(cx: &Context<'_>, schema: &Schema, value: &Value) -> Option<Literal> {
    match (&schema.kind, value) {
        (Kind::Named(id), value) => match &cx.api.types[id.0].shape {
            model::Shape::Alias(schema) if !cx.graph.is_endless_alias(*id) => {
                literal(cx, schema, value)
            }
            model::Shape::Enum(set) => {
                let index = set
                    .variants
                    .iter()
                    .position(|variant| variant.value == *value)?;
                fits(set.base, value).then(|| {
                    Literal::Variant(cx.names[id.0].0.clone(), cx.variants[id.0][index].clone())
                })
            }
            _ => None,
        },
        (Kind::String(StringFormat::Plain | StringFormat::Binary), Value::String(text)) => {
            Some(Literal::Text(text.clone()))
        }
        (Kind::Any, Value::String(text)) => Some(Literal::Text(text.clone())),
        (Kind::Bool | Kind::Any, Value::Bool(bool)) => Some(Literal::Bool(*bool)),
        (Kind::Integer(format), Value::Number(number)) => {
            let number = number
                .as_i64()
                .map(i128::from)
                .or(number.as_u64().map(i128::from))?;
            in_range(*format, number).then_some(Literal::Integer(number))
        }
        (Kind::Number(NumberFormat::F32 | NumberFormat::F64), Value::Number(number)) => {
            number.as_f64().map(Literal::Number)
        }
        (Kind::Any, value) => Some(Literal::Json(value.to_string())),
        _ => None,
    }
}

fn in_range(format: IntegerFormat, number: i128) -> bool {
    match format {
        IntegerFormat::I8 => i8::try_from(number).is_ok(),
        IntegerFormat::I16 => i16::try_from(number).is_ok(),
        IntegerFormat::U8 => u8::try_from(number).is_ok(),
        IntegerFormat::U16 => u16::try_from(number).is_ok(),
        IntegerFormat::I32 => i32::try_from(number).is_ok(),
        IntegerFormat::I64 => i64::try_from(number).is_ok(),
        IntegerFormat::U32 => u32::try_from(number).is_ok(),
        IntegerFormat::U64 => u64::try_from(number).is_ok(),
    }
}

/// Whether an enum of this base can hold the value.
fn fits(base: EnumBase, value: &Value) -> bool {
    match base {
        EnumBase::String => value.is_string(),
        EnumBase::Integer => value.as_i64().is_some(),
        EnumBase::Scalar => true,
    }
}

fn plan_enum(cx: &Context<'_>, id: TypeId, set: &model::Enum) -> Shape {
    let named = cx.variants[id.0].iter().zip(&set.variants);
    let variant_docs = |variant: &model::Variant, value: &str| match &variant.description {
        Some(text) => docs::markdown(text),
        None => vec![format!("{}.", docs::code(value))],
    };
    match set.base {
        EnumBase::String => Shape::Texts(
            named
                .filter_map(|(name, variant)| {
                    let text = variant.value.as_str()?.to_owned();
                    Some(TextVariant {
                        name: name.clone(),
                        docs: variant_docs(variant, &text),
                        text,
                    })
                })
                .collect(),
        ),
        EnumBase::Integer => Shape::Integers(
            named
                .filter_map(|(name, variant)| {
                    let number = variant.value.as_i64()?;
                    let docs = variant_docs(variant, &number.to_string());
                    Some(IntegerVariant {
                        name: name.clone(),
                        docs,
                        number,
                    })
                })
                .collect(),
        ),
        EnumBase::Scalar => Shape::Scalars(
            named
                .filter_map(|(name, variant)| {
                    let value = scalar(&variant.value)?;
                    let text = match &variant.value {
                        Value::String(text) => text.clone(),
                        value => value.to_string(),
                    };
                    Some(ScalarVariant {
                        name: name.clone(),
                        docs: variant_docs(variant, &text),
                        value,
                    })
                })
                .collect(),
        ),
    }
}

/// The literal of a text, a number or a truth value.
fn scalar(value: &Value) -> Option<Literal> {
    Some(match value {
        Value::String(text) => Literal::Text(text.clone()),
        Value::Bool(bool) => Literal::Bool(*bool),
        Value::Number(number) => {
            let whole = number.as_i64().map(i128::from);
            match whole.or(number.as_u64().map(i128::from)) {
                Some(whole) => Literal::Integer(whole),
                None => Literal::Number(number.as_f64()?),
            }
        }
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    })
}

/// Whether two alternatives are one type under different names.
fn has_twins(cx: &Context<'_>, union: &model::Union) -> bool {
    let mut known: Vec<&Kind> = Vec::new();
    union.variants.iter().any(|variant| {
        let mut kind = &variant.schema.kind;
        let mut steps = 0..cx.api.types.len();
        while let Kind::Named(id) = kind
            && let model::Shape::Alias(next) = &cx.api.types[id.0].shape
            && steps.next().is_some()
        {
            kind = &next.kind;
        }
        let is_twin = known.contains(&kind);
        known.push(kind);
        is_twin
    })
}

fn plan_union(cx: &Context<'_>, id: TypeId, union: &model::Union) -> Union {
    let by = match &union.by {
        model::UnionBy::Tag(member) => UnionBy::Tag(member.clone()),
        // Told apart by limits alone, such as patterns, which reading does not look at.
        model::UnionBy::Only if has_twins(cx, union) => UnionBy::First,
        model::UnionBy::Only => UnionBy::Only,
        model::UnionBy::First => UnionBy::First,
    };
    let mut known = BTreeSet::new();
    let named = cx.variants[id.0].iter().zip(&union.variants);
    let variants = named.map(|(name, variant)| {
        let value = cx.value(&variant.schema);
        let boxed = is_boxed(cx, id, &variant.schema);
        UnionVariant {
            name: name.clone(),
            docs: vec![format!("{}.", docs::code(&variant.called.0.join(" ")))],
            ty: if boxed {
                Type::Boxed(Box::new(value))
            } else {
                value
            },
            tags: variant
                .tags
                .iter()
                .filter(|tag| known.insert(tag.as_str()))
                .cloned()
                .collect(),
        }
    });
    let mut variants: Vec<UnionVariant> = variants.collect();
    if matches!(by, UnionBy::Tag(_)) {
        variants.retain(|variant| !variant.tags.is_empty());
    }
    Union { by, variants }
}
