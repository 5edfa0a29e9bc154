//! Writes the example of a type: a value that is made by `new` and setters, or one that is read where only servers
//! make it.

use super::super::context::Context;
use super::super::names::Ident;
use super::super::tree::{
    Constructor, Deprecation, Failing, Field, Model, ModelExample, Presence, Record, Shape, Type,
};
use super::values::{member, named, quoted, value};
use super::{DEPTH, Example, Wanted};
use serde_json::{Map, Value};

/// The longest expression that an example makes a value by, in bytes.
const LONGEST: usize = 1500;

/// The most setters that an example calls.
const MOST_SETTERS: usize = 4;

/// Whether callers can make a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Making {
    /// They can.
    ByCallers,
    /// Servers alone do.
    ByServers,
}

/// The example of a type, of which `json` is a value as text and as members.
pub(in super::super) fn of_model(
    cx: &Context<'_>,
    module: &Ident,
    model: &Model,
    making: Making,
    json: &[String],
    members: Option<&Map<String, Value>>,
) -> ModelExample {
    let ex = Example::with(cx, members);
    let is_made = is_made(cx, &Type::Named(model.name.clone()), 0);
    let made = match making {
        Making::ByCallers if is_made => made(ex, model),
        Making::ByCallers | Making::ByServers => None,
    };
    let made = made.filter(|lines| json.is_empty() || lines[0].len() <= LONGEST);
    let models = format!("use {}::{module}::models;", cx.krate);
    match made {
        Some(statements) => ModelExample {
            failing: match statements.iter().any(|line| line.contains("()?")) {
                true => Failing::Maybe,
                false => Failing::Never,
            },
            lines: [vec![models], statements].concat(),
            text: Vec::new(),
        },
        None if json.is_empty() => ModelExample::default(),
        None => ModelExample {
            lines: vec![
                models,
                format!("use {}::runtime::json;", cx.krate),
                format!("let text = {};", ModelExample::TEXT),
                format!(
                    "let value: models::{} = json::from_slice(text.as_bytes())?;",
                    model.name
                ),
                "println!(\"{value:?}\");".to_owned(),
            ],
            text: json.to_vec(),
            failing: Failing::Maybe,
        },
    }
}

/// The statements that make a value and look at it.
fn made(ex: Example<'_>, model: &Model) -> Option<Vec<String>> {
    let ty = format!("models::{}", model.name);
    let print = "println!(\"{value:?}\");".to_owned();
    Some(match &model.shape {
        Shape::Record(record) => {
            let new = record.constructor.as_ref()?;
            let mut made = named(ex, model, "body", 1);
            for (field, setter) in shown_setters(ex.cx, record, new) {
                let value = set(ex, field);
                if !says_nothing(&value) {
                    made.push_str(&format!(".{setter}({value})"));
                }
            }
            vec![format!("let value = {made};"), print]
        }
        Shape::Texts(variants) => match variants.first() {
            Some(first) => vec![
                format!("let value = {ty}::{};", first.name),
                format!("assert_eq!(value.as_str(), {});", quoted(&first.text)),
                format!("assert_eq!({ty}::from({}), value);", quoted(&first.text)),
            ],
            None => vec![
                format!("let value = {ty}::from(\"text\");"),
                "assert_eq!(value.as_str(), \"text\");".to_owned(),
            ],
        },
        Shape::Integers(variants) => match variants.first() {
            Some(first) => vec![
                format!("let value = {ty}::{};", first.name),
                format!("assert_eq!(value.value(), {});", first.number),
                format!("assert_eq!({ty}::from({}), value);", first.number),
            ],
            None => vec![
                format!("let value = {ty}::from(1);"),
                "assert_eq!(value.value(), 1);".to_owned(),
            ],
        },
        Shape::Scalars(variants) => match variants.first() {
            Some(first) => vec![
                format!("let value = {ty}::{};", first.name),
                format!("assert_eq!({ty}::from(value.value()), value);"),
                "println!(\"{}\", value.value());".to_owned(),
            ],
            None => vec![
                format!("let value = {};", named(ex, model, "body", 1)),
                print,
            ],
        },
        Shape::Union(union) => {
            let made = format!("let value = {};", named(ex, model, "body", 1));
            match union.variants.first() {
                Some(first) => vec![
                    made,
                    format!(
                        "match value {{ {ty}::{}(value) => println!(\"{{value:?}}\"), other => println!(\"{{other:?}}\") }}",
                        first.name
                    ),
                ],
                None => vec![made, print],
            }
        }
        Shape::Alias(aliased) => {
            let made = value(ex, aliased, None, "body", Wanted::Owned, 1);
            vec![format!("let value: {ty} = {made};"), print]
        }
    })
}

/// What a setter is given.
fn set(ex: Example<'_>, field: &Field) -> String {
    let field = Field {
        presence: Presence::Required,
        ..field.clone()
    };
    member(ex, &field, 1)
}

/// Whether callers can make a value as examples do: of what servers alone make there is no constructor, and a type that
/// nothing holds may still be another name of such.
fn is_made(cx: &Context<'_>, ty: &Type, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    let inside = |ty: &Type| is_made(cx, ty, depth + 1);
    match ty {
        Type::List(inner) | Type::Boxed(inner) => inside(inner),
        Type::Tuple(places) | Type::OpenTuple(places, _) => places.iter().all(inside),
        Type::Named(name) => match cx.model(name).map(|model| &model.shape) {
            Some(Shape::Record(record)) => record.constructor.as_ref().is_some_and(|new| {
                let mut taken = new.takes.iter().map(|index| &record.fields[*index]);
                taken.all(|field| {
                    field.presence == Presence::RequiredNullable || inside(&field.inner)
                })
            }),
            Some(Shape::Union(union)) => {
                (union.variants.first()).is_none_or(|variant| inside(&variant.ty))
            }
            Some(Shape::Alias(aliased)) => inside(aliased),
            _ => true,
        },
        _ => true,
    }
}

/// Whether a value is none to learn from.
fn says_nothing(value: &str) -> bool {
    value == "Default::default()" || value.ends_with("Value::Null")
}

/// The fields that the example sets: all, if they are few; or else the first that hold single values. What the
/// document advises against, or has a constant for, is left alone.
fn shown_setters<'r>(
    cx: &Context<'_>,
    record: &'r Record,
    new: &'r Constructor,
) -> Vec<(&'r Field, &'r Ident)> {
    let settable = |(index, setter): &'r (usize, Ident)| (&record.fields[*index], setter);
    let all = new.setters.iter().map(settable);
    let all: Vec<(&Field, &Ident)> = all
        .filter(|(field, _)| {
            field.deprecated == Deprecation::Current
                && field.constant.is_none()
                && is_made(cx, &field.inner, 0)
        })
        .collect();
    if all.len() <= MOST_SETTERS {
        return all;
    }
    let single = all.iter().filter(|(field, _)| is_single(cx, &field.inner));
    single.take(MOST_SETTERS).copied().collect()
}

/// Whether values of the type are written in one word.
fn is_single(cx: &Context<'_>, ty: &Type) -> bool {
    match ty {
        Type::Named(name) => cx.model(name).is_some_and(|model| {
            matches!(
                model.shape,
                Shape::Texts(_) | Shape::Integers(_) | Shape::Scalars(_)
            )
        }),
        Type::Bool | Type::String | Type::Secret | Type::DateTime | Type::Date | Type::Uuid => true,
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => true,
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => true,
        Type::F32 | Type::F64 | Type::Decimal | Type::Quoted(_) => true,
        _ => false,
    }
}
