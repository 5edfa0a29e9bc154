//! What planning one thing needs to know about the others: the names of all types, and how they contain
//! each other.

use super::graph::Graph;
use super::kept::{Inner, Kind as Things, Ledger, Within};
use super::models::is_nullable;
use super::names::{Case, Ident, Rank, Scope, Wish};
use super::tree::Type;
use super::words;
use crate::model;
use crate::model::{Api, IntegerFormat, Kind, NumberFormat, Schema, StringFormat, TypeId};
use crate::pointer::Pointer;

/// Everything that planning one thing needs to know about the others.
pub(super) struct Context<'a> {
    pub(super) api: &'a Api,
    pub(super) graph: Graph,
    /// Type and module, by [`crate::model::TypeId`].
    pub(super) names: Vec<(Ident, Ident)>,
    /// The members of objects, by [`crate::model::TypeId`], in the order of the document, and then what keeps the rest.
    pub(super) fields: Vec<Vec<Ident>>,
    /// The variants of enums, by [`crate::model::TypeId`], in the order of the document.
    pub(super) variants: Vec<Vec<Ident>>,
    /// The name by which examples import the crate.
    pub(super) krate: String,
    /// What operations with servers of their own take one as.
    pub(super) server_choices: super::servers::OfOperations,
    /// The planned types, once they are planned.
    pub(super) models: super::ModelsByName,
}

impl<'a> Context<'a> {
    /// Names every type, member and variant.
    pub(super) fn new(api: &'a Api, graph: Graph, krate: String, ledger: &mut Ledger<'_>) -> Self {
        let wishes: Vec<Wish<'_>> = api
            .types
            .iter()
            .map(|ty| Wish {
                words: &ty.called.0,
                rank: if ty.named { Rank::Named } else { Rank::Derived },
                at: &ty.at,
            })
            .collect();
        let mut scope = Scope::reserving(&["models"]);
        let names = ledger.types(&mut scope, &wishes);
        let names: Vec<(Ident, Ident)> = names.into_iter().map(pair).collect();
        let all = |things: fn(&model::Type, &Ident) -> Within| {
            let named = api.types.iter().zip(&names);
            named.map(|(ty, (name, _))| things(ty, name)).collect()
        };
        let fields = ledger.within(Things::Fields, all(fields)).into_iter();
        let variants = ledger.within(Things::Variants, all(variants)).into_iter();
        let (fields, variants) = (
            fields.map(with_rest).collect(),
            variants.map(|within| within.names).collect(),
        );
        Self {
            api,
            graph,
            names,
            fields,
            variants,
            krate,
            server_choices: super::servers::OfOperations::new(),
            models: super::ModelsByName::new(),
        }
    }

    /// The type of a value that is there and not null.
    pub(super) fn inner(&self, schema: &Schema) -> Type {
        match &schema.kind {
            Kind::Any => Type::Value,
            Kind::Tuple(places, rest) => {
                let places = places.iter().map(|place| self.value(place)).collect();
                match rest {
                    None => Type::Tuple(places),
                    Some(rest) => Type::OpenTuple(places, Box::new(self.value(rest))),
                }
            }
            Kind::Bool => Type::Bool,
            Kind::Integer(format) => integer(*format),
            Kind::Number(NumberFormat::F32) => Type::F32,
            Kind::Number(NumberFormat::F64) => Type::F64,
            Kind::Number(NumberFormat::Decimal) => Type::Decimal,
            Kind::String(format) => text(*format),
            Kind::List(inner) => Type::List(Box::new(self.value(inner))),
            Kind::Map(inner) => Type::Map(Box::new(self.value(inner))),
            Kind::Named(id) => Type::Named(self.names[id.0].0.clone()),
        }
    }

    /// The type of a member of `owner` that is a part of a `multipart` body, or a list of such. Where the type is
    /// sent in other ways as well, a member of no type is any value, as it may be no text there.
    pub(super) fn part_of(&self, owner: TypeId, schema: &Schema) -> Option<Type> {
        let untyped = match self.graph.is_only_parted(owner) {
            true => Untyped::Part,
            false => Untyped::Value,
        };
        let is_parted = self.graph.is_parted(owner);
        is_parted.then(|| self.raw(schema, untyped)).flatten()
    }

    /// The type of a raw value that is a part of a `multipart` body, or of a list of such; `None` for any other.
    pub(super) fn part(&self, schema: &Schema) -> Option<Type> {
        self.raw(schema, Untyped::Part)
    }

    fn raw(&self, schema: &Schema, untyped: Untyped) -> Option<Type> {
        let mut schema = schema;
        for _ in 0..=self.api.types.len() {
            match &schema.kind {
                Kind::String(StringFormat::Binary) => return Some(Type::Part),
                // since OpenAPI 3.1, what has no type is raw there
                Kind::Any if untyped == Untyped::Part => return Some(Type::Part),
                Kind::List(item) => {
                    let is_raw = self.raw(item, untyped)? == Type::Part;
                    return is_raw.then(|| Type::List(Box::new(Type::Part)));
                }
                Kind::Named(id) => match &self.api.types[id.0].shape {
                    model::Shape::Alias(next) => schema = next,
                    _ => return None,
                },
                _ => return None,
            }
        }
        None
    }

    /// The type of a value that is there, and may be null if the schema says so.
    pub(super) fn value(&self, schema: &Schema) -> Type {
        let inner = self.inner(schema);
        let null = is_nullable(self.api, schema) && inner != Type::Value;
        if null {
            Type::Optional(Box::new(inner))
        } else {
            inner
        }
    }
}

/// What a member of no type is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Untyped {
    /// A part of any bytes.
    Part,
    /// Any value.
    Value,
}

fn pair(names: Vec<Ident>) -> (Ident, Ident) {
    let mut names = names.into_iter();
    match (names.next(), names.next()) {
        (Some(first), Some(second)) => (first, second),
        _ => unreachable!("two cases give two names"),
    }
}

fn text(format: StringFormat) -> Type {
    match format {
        StringFormat::Plain | StringFormat::Binary => Type::String,
        StringFormat::Secret => Type::Secret,
        StringFormat::Base64 => Type::Base64,
        StringFormat::DateTime => Type::DateTime,
        StringFormat::Date => Type::Date,
        StringFormat::Uuid => Type::Uuid,
        StringFormat::Integer(format) => Type::Quoted(Box::new(integer(format))),
        StringFormat::Decimal => Type::Quoted(Box::new(Type::Decimal)),
    }
}

fn integer(format: IntegerFormat) -> Type {
    match format {
        IntegerFormat::I8 => Type::I8,
        IntegerFormat::I16 => Type::I16,
        IntegerFormat::I32 => Type::I32,
        IntegerFormat::I64 => Type::I64,
        IntegerFormat::U8 => Type::U8,
        IntegerFormat::U16 => Type::U16,
        IntegerFormat::U32 => Type::U32,
        IntegerFormat::U64 => Type::U64,
    }
}

/// The name of what keeps the members that have none, which a member of that name does not take.
const REST: &str = "extra";

/// The members of an object.
fn fields(ty: &model::Type, name: &Ident) -> Within {
    let model::Shape::Record(record) = &ty.shape else {
        return Within::default();
    };
    let is_open = !matches!(record.rest, model::Rest::Closed);
    let fields = record.fields.iter().map(|field| Inner {
        called: field.wire_name.clone(),
        among: "",
        otherwise: (is_open && words::cased(&field.wire_name, Case::Field) == REST)
            .then(|| format!("{} member", field.wire_name)),
        rank: Rank::Named,
        at: field.at.clone(),
    });
    Within {
        owner: name.plain().to_owned(),
        inner: fields.collect(),
        ..Within::default()
    }
}

/// The names of the members, and behind them one for what keeps the rest.
fn with_rest(mut within: Within) -> Vec<Ident> {
    let rest = within.scope.claim(REST, Case::Field);
    within.names.push(rest);
    within.names
}

/// The variants of an enum.
fn variants(ty: &model::Type, name: &Ident) -> Within {
    let inner = |words: &[String], at: Pointer| Inner {
        called: words.join(" "),
        among: "",
        otherwise: None,
        rank: Rank::Named,
        at,
    };
    let inner: Vec<Inner> = match &ty.shape {
        model::Shape::Enum(set) => {
            let at = |index| ty.at.push("enum").index(index);
            let variants = set.variants.iter().enumerate();
            variants
                .map(|(index, variant)| inner(&variant.called.0, at(index)))
                .collect()
        }
        model::Shape::Union(union) => {
            let variants = union.variants.iter();
            variants
                .map(|variant| inner(&variant.called.0, ty.at.clone()))
                .collect()
        }
        model::Shape::Record(_) | model::Shape::Alias(_) => return Within::default(),
    };
    Within {
        owner: name.plain().to_owned(),
        scope: Scope::reserving(&["Unknown"]),
        inner,
        names: Vec::new(),
    }
}
