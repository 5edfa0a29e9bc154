//! The public items of types.

use super::super::{Place, TypePart};
use super::Builder;
use crate::plan::{
    Constructor, DefaultBy, Ident, Literal, Model, Presence, Record, Secrecy, Shape,
};

impl Builder<'_> {
    pub(super) fn models(&mut self) {
        let api = self.api;
        for model in &api.models {
            self.model(model);
        }
    }

    fn model(&mut self, model: &Model) {
        let name = self.name(&model.name);
        let base = format!("models::{name}");
        let place = Place::Type(name, TypePart::Whole);
        let line = match &model.shape {
            Shape::Record(_) => format!("struct {base}"),
            Shape::Texts(_) => format!("enum {base} of texts"),
            Shape::Integers(_) => format!("enum {base} of whole numbers"),
            Shape::Scalars(_) => format!("enum {base} of scalars"),
            Shape::Union(_) => format!("enum {base} of types"),
            Shape::Alias(ty) => format!("type {base} = {}", self.ty(ty)),
        };
        self.item(base.clone(), place.clone(), line, None);
        self.gate(&base, &model.gate);
        if model.secret == Secrecy::Open
            && matches!(model.shape, Shape::Record(_) | Shape::Union(_))
        {
            for what in ["PartialEq", "Serialize"] {
                self.implements(&base, &place, what);
            }
        }
        if !model.rules.is_empty() {
            // behind the feature `validate`
            let path = format!("{base}::validate");
            self.function(path, place.clone(), Vec::new(), "", Some(&base));
        }
        match &model.shape {
            Shape::Record(record) => self.record(&base, &place, record),
            Shape::Texts(variants) => {
                for one in variants {
                    self.value(&base, &place, &one.name, &one.text);
                }
            }
            Shape::Integers(variants) => {
                for one in variants {
                    self.value(&base, &place, &one.name, &one.number.to_string());
                }
            }
            Shape::Scalars(variants) => {
                for one in variants {
                    self.value(&base, &place, &one.name, &literal(&one.value));
                }
            }
            Shape::Union(union) => {
                for one in &union.variants {
                    let part = TypePart::Variant(one.name.plain().to_owned());
                    let path = format!("{base}::{}", one.name);
                    let line = format!("{path}({})", self.ty(&one.ty));
                    let place = place.member(part);
                    self.item(path, place, line, Some(&base));
                }
            }
            Shape::Alias(_) => {}
        }
    }

    /// Adds the fact that a type implements a trait.
    fn implements(&mut self, base: &str, place: &Place, what: &str) {
        let path = format!("impl {what} for {base}");
        self.item(path.clone(), place.clone(), path, Some(base));
    }

    fn value(&mut self, base: &str, place: &Place, name: &Ident, text: &str) {
        let path = format!("{base}::{name}");
        let place = place.member(TypePart::Value(text.to_owned()));
        self.item(path.clone(), place, path, Some(base));
    }

    fn record(&mut self, base: &str, place: &Place, record: &Record) {
        let of =
            |field: &crate::plan::Field| place.member(TypePart::Field(field.wire_name.clone()));
        for field in &record.fields {
            // fields and methods are two spaces of names
            let path = format!("{base}.{}", field.name);
            let line = format!("{path}: {}", self.field(field));
            self.item(path, of(field), line, Some(base));
        }
        if let Some((name, ty)) = &record.rest {
            let path = format!("{base}.{name}");
            let line = format!("{path}: {}", self.ty(ty));
            self.item(path, place.clone(), line, Some(base));
        }
        if record.default != DefaultBy::Absent {
            self.implements(base, place, "Default");
        }
        if let Some(constructor) = &record.constructor {
            self.constructor(base, place, record, constructor);
        }
    }

    fn constructor(&mut self, base: &str, place: &Place, record: &Record, by: &Constructor) {
        let of =
            |field: &crate::plan::Field| place.member(TypePart::Field(field.wire_name.clone()));
        let taken = by
            .takes
            .iter()
            .filter_map(|index| record.fields.get(*index));
        let args = taken.map(|field| {
            let ty = match field.presence {
                Presence::RequiredNullable => self.field(field),
                _ => self.argument(&field.inner),
            };
            (of(field), ty)
        });
        let args = args.collect();
        self.function(format!("{base}::new"), place.clone(), args, "", Some(base));
        for (index, name) in &by.setters {
            let Some(field) = record.fields.get(*index) else {
                continue;
            };
            let args = vec![(of(field), self.argument(&field.inner))];
            self.function(format!("{base}::{name}"), of(field), args, "", Some(base));
        }
    }
}

/// A value as places have it.
fn literal(value: &Literal) -> String {
    match value {
        Literal::Text(text) | Literal::Json(text) => text.clone(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Number(value) => value.to_string(),
        Literal::Variant(ty, variant) => format!("{ty}::{variant}"),
    }
}
