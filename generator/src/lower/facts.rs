//! A schema as one flat set of facts, whichever of `openapiv3`'s shapes it was read into.
//!
//! `openapiv3` splits schemas by kind; `allOf` needs them side by side. [`Part`] is a schema or a reference
//! with its place, [`Facts`] is what one schema says by itself (its `allOf` apart), and [`Facts::merge`]
//! joins what two say about the same value.

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, Discriminator, ReferenceOr, Schema, SchemaData, SchemaKind, Type,
    VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use super::xml;
use crate::model::{Called, Docs, Xml};
use crate::pointer::Pointer;

/// A schema or a reference to one, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Part<'d> {
    pub(super) at: Pointer,
    pub(super) node: Node<'d>,
}

/// What stands there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node<'d> {
    /// A reference to the component schema of this name.
    Component(&'d str),
    /// A schema.
    Inline(&'d Schema),
}

impl<'d> Part<'d> {
    pub(super) fn new(at: Pointer, schema: &'d ReferenceOr<Schema>) -> Self {
        let node = match schema {
            ReferenceOr::Reference { reference } => Node::Component(component_of(reference)),
            ReferenceOr::Item(schema) => Node::Inline(schema),
        };
        Self { at, node }
    }

    pub(super) fn boxed(at: Pointer, schema: &'d ReferenceOr<Box<Schema>>) -> Self {
        let node = match schema {
            ReferenceOr::Reference { reference } => Node::Component(component_of(reference)),
            ReferenceOr::Item(schema) => Node::Inline(schema),
        };
        Self { at, node }
    }

    fn all(at: &Pointer, keyword: &str, schemas: &'d [ReferenceOr<Schema>]) -> Vec<Self> {
        let at = at.push(keyword);
        schemas
            .iter()
            .enumerate()
            .map(|(index, schema)| Self::new(at.index(index), schema))
            .collect()
    }
}

/// The component that `#/components/schemas/NAME` names; `load` has made all references look so.
pub(super) fn component_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// What a schema says about members that it does not name.
#[derive(Clone, Debug, Default)]
pub(super) enum Beyond<'d> {
    /// Nothing.
    #[default]
    Unsaid,
    /// `additionalProperties: true`.
    Any,
    /// `additionalProperties: false`.
    Closed,
    /// A schema for them.
    Typed(Box<Part<'d>>),
}

/// `oneOf` or `anyOf`.
#[derive(Clone, Debug)]
pub(super) struct Choice<'d> {
    pub(super) keyword: &'static str,
    pub(super) parts: Vec<Part<'d>>,
    pub(super) discriminator: Option<&'d Discriminator>,
}

/// What one schema says, its `allOf` apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts<'d> {
    pub(super) at: Pointer,
    /// What tells a merged schema from another at the same place.
    pub(super) key: Option<String>,
    /// A wish that is better than the place's.
    pub(super) called: Option<Called>,
    pub(super) ty: Option<String>,
    pub(super) format: Option<String>,
    pub(super) values: Option<Vec<Value>>,
    pub(super) nullable: bool,
    pub(super) properties: IndexMap<&'d str, Vec<Part<'d>>>,
    pub(super) required: Vec<&'d str>,
    pub(super) beyond: Beyond<'d>,
    pub(super) patterned: Vec<(Pointer, Value)>,
    pub(super) items: Vec<Part<'d>>,
    pub(super) places: Vec<(Pointer, Value)>,
    pub(super) choices: Vec<Choice<'d>>,
    pub(super) not: bool,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) docs: Docs,
    pub(super) default: Option<Value>,
    pub(super) discriminator: Option<&'d Discriminator>,
    pub(super) enum_names: Vec<String>,
    pub(super) enum_docs: Vec<String>,
    pub(super) limits: Vec<(String, Value)>,
    pub(super) xml: Option<Box<Xml>>,
}

/// Reads the facts of one schema, and its `allOf`.
pub(super) fn read<'d>(at: &Pointer, schema: &'d Schema) -> (Facts<'d>, Vec<Part<'d>>) {
    let about = &schema.schema_data;
    let mut facts = Facts {
        at: at.clone(),
        nullable: about.nullable,
        read_only: about.read_only,
        write_only: about.write_only,
        docs: Docs {
            summary: about.title.clone(),
            description: about.description.clone(),
            deprecated: about.deprecated,
            link: about.external_docs.as_ref().map(|docs| docs.url.clone()),
            example: about.example.clone(),
        },
        default: about.default.clone(),
        discriminator: about.discriminator.as_ref(),
        xml: xml::read(about),
        places: schemas_in(at, "x-specmint-prefix-items", about),
        patterned: schemas_in(at, "x-specmint-pattern-properties", about),
        enum_names: texts_of(
            about
                .extensions
                .get("x-enum-varnames")
                .or_else(|| about.extensions.get("x-enumNames")),
        ),
        enum_docs: texts_of(
            about
                .extensions
                .get("x-enum-descriptions")
                .or_else(|| about.extensions.get("x-enumDescriptions")),
        ),
        ..Facts::default()
    };
    let all_of = facts.read_kind(&schema.schema_kind);
    let dependent = about.extensions.get("x-specmint-dependent-required");
    facts.limit(
        "dependentRequired",
        dependent.filter(|it| it.is_object()).cloned(),
    );
    (facts, all_of)
}

fn list_of(value: Option<&Value>) -> Vec<Value> {
    value.and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The schemas of an extension that holds a list or a map of them.
fn schemas_in(at: &Pointer, keyword: &str, about: &SchemaData) -> Vec<(Pointer, Value)> {
    let at = at.push(keyword);
    match about.extensions.get(keyword) {
        Some(Value::Array(list)) => list
            .iter()
            .enumerate()
            .map(|(index, schema)| (at.index(index), schema.clone()))
            .collect(),
        Some(Value::Object(map)) => map
            .iter()
            .map(|(key, schema)| (at.push(key), schema.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

fn texts_of(value: Option<&Value>) -> Vec<String> {
    list_of(value)
        .iter()
        .map(|text| text.as_str().unwrap_or_default().to_owned())
        .collect()
}

impl<'d> Facts<'d> {
    fn read_kind(&mut self, kind: &'d SchemaKind) -> Vec<Part<'d>> {
        match kind {
            SchemaKind::Type(ty) => self.read_type(ty),
            SchemaKind::OneOf { one_of } => self.read_choice("oneOf", one_of),
            SchemaKind::AnyOf { any_of } => self.read_choice("anyOf", any_of),
            SchemaKind::AllOf { all_of } => return Part::all(&self.at, "allOf", all_of),
            SchemaKind::Not { .. } => self.not = true,
            SchemaKind::Any(any) => {
                self.ty = any.typ.clone();
                self.format = any.format.clone();
                if !any.enumeration.is_empty() {
                    self.values = Some(any.enumeration.clone());
                }
                self.read_members(
                    &any.properties,
                    &any.required,
                    any.additional_properties.as_ref(),
                );
                self.read_items(any.items.as_ref());
                self.read_choice("oneOf", &any.one_of);
                self.read_choice("anyOf", &any.any_of);
                self.not = any.not.is_some();
                self.limit("minLength", any.min_length);
                self.limit("maxLength", any.max_length);
                self.limit("pattern", any.pattern.clone());
                self.limit("minimum", any.minimum);
                self.limit("maximum", any.maximum);
                self.limit("exclusiveMinimum", any.exclusive_minimum.filter(|on| *on));
                self.limit("exclusiveMaximum", any.exclusive_maximum.filter(|on| *on));
                self.limit("multipleOf", any.multiple_of);
                self.limit("minItems", any.min_items);
                self.limit("maxItems", any.max_items);
                self.limit("uniqueItems", any.unique_items.filter(|on| *on));
                self.limit("minProperties", any.min_properties);
                self.limit("maxProperties", any.max_properties);
                return Part::all(&self.at, "allOf", &any.all_of);
            }
        }
        Vec::new()
    }

    fn read_type(&mut self, ty: &'d Type) {
        match ty {
            Type::String(text) => {
                self.ty = Some("string".to_owned());
                self.format = format_name(&text.format);
                self.enumerate(&text.enumeration);
                self.limit("minLength", text.min_length);
                self.limit("maxLength", text.max_length);
                self.limit("pattern", text.pattern.clone());
            }
            Type::Number(number) => {
                self.ty = Some("number".to_owned());
                self.format = format_name(&number.format);
                self.enumerate(&number.enumeration);
                self.limit("minimum", number.minimum);
                self.limit("maximum", number.maximum);
                self.limit(
                    "exclusiveMinimum",
                    Some(number.exclusive_minimum).filter(|on| *on),
                );
                self.limit(
                    "exclusiveMaximum",
                    Some(number.exclusive_maximum).filter(|on| *on),
                );
                self.limit("multipleOf", number.multiple_of);
            }
            Type::Integer(integer) => {
                self.ty = Some("integer".to_owned());
                self.format = format_name(&integer.format);
                self.enumerate(&integer.enumeration);
                self.limit("minimum", integer.minimum);
                self.limit("maximum", integer.maximum);
                self.limit(
                    "exclusiveMinimum",
                    Some(integer.exclusive_minimum).filter(|on| *on),
                );
                self.limit(
                    "exclusiveMaximum",
                    Some(integer.exclusive_maximum).filter(|on| *on),
                );
                self.limit("multipleOf", integer.multiple_of);
            }
            Type::Boolean(boolean) => {
                self.ty = Some("boolean".to_owned());
                self.enumerate(&boolean.enumeration);
            }
            Type::Array(array) => {
                self.ty = Some("array".to_owned());
                self.read_items(array.items.as_ref());
                self.limit("minItems", array.min_items);
                self.limit("maxItems", array.max_items);
                self.limit("uniqueItems", Some(array.unique_items).filter(|on| *on));
            }
            Type::Object(object) => {
                self.ty = Some("object".to_owned());
                self.read_members(
                    &object.properties,
                    &object.required,
                    object.additional_properties.as_ref(),
                );
                self.limit("minProperties", object.min_properties);
                self.limit("maxProperties", object.max_properties);
            }
        }
    }

    fn enumerate<T: Clone + Into<Value>>(&mut self, values: &[Option<T>]) {
        if !values.is_empty() {
            self.values = Some(
                values
                    .iter()
                    .map(|value| value.clone().map_or(Value::Null, Into::into))
                    .collect(),
            );
        }
    }

    fn limit<T: Into<Value>>(&mut self, keyword: &str, value: Option<T>) {
        if let Some(value) = value {
            self.limits.push((keyword.to_owned(), value.into()));
        }
    }

    fn read_items(&mut self, items: Option<&'d ReferenceOr<Box<Schema>>>) {
        if let Some(items) = items {
            self.items.push(Part::boxed(self.at.push("items"), items));
        }
    }

    fn read_choice(&mut self, keyword: &'static str, schemas: &'d [ReferenceOr<Schema>]) {
        if !schemas.is_empty() {
            let parts = Part::all(&self.at, keyword, schemas);
            self.choices.push(Choice {
                keyword,
                parts,
                discriminator: self.discriminator,
            });
        }
    }

    fn read_members(
        &mut self,
        properties: &'d IndexMap<String, ReferenceOr<Box<Schema>>>,
        required: &'d [String],
        additional: Option<&'d AdditionalProperties>,
    ) {
        let at = self.at.push("properties");
        for (name, schema) in properties {
            self.properties
                .insert(name, vec![Part::boxed(at.push(name), schema)]);
        }
        self.required.extend(required.iter().map(String::as_str));
        self.beyond = match additional {
            None => Beyond::Unsaid,
            Some(AdditionalProperties::Any(true)) => Beyond::Any,
            Some(AdditionalProperties::Any(false)) => Beyond::Closed,
            Some(AdditionalProperties::Schema(schema)) => Beyond::Typed(Box::new(Part::new(
                self.at.push("additionalProperties"),
                schema,
            ))),
        };
    }

    /// Whether this says nothing about which values there are (docs, defaults and `null` apart).
    pub(super) fn is_trivial(&self) -> bool {
        self.ty.is_none()
            && self.format.is_none()
            && self.values.is_none()
            && self.properties.is_empty()
            && self.required.is_empty()
            && matches!(self.beyond, Beyond::Unsaid | Beyond::Any)
            && self.patterned.is_empty()
            && self.items.is_empty()
            && self.places.is_empty()
            && self.choices.is_empty()
    }

    /// The same for the same schemas at the same places.
    pub(super) fn key(&self) -> String {
        self.key
            .clone()
            .unwrap_or_else(|| self.at.as_str().to_owned())
    }

    /// Whether `null` is the only value.
    pub(super) fn is_null(&self) -> bool {
        let only_null = self
            .values
            .as_ref()
            .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null));
        only_null || self.ty.as_deref() == Some("null")
    }

    /// Whether there are values, and texts, numbers and truth values alone, `null` apart.
    pub(super) fn has_scalars(&self) -> bool {
        let values = self.values.as_deref().unwrap_or_default();
        let scalar = |value: &Value| !(value.is_array() || value.is_object());
        values.iter().any(|value| !value.is_null()) && values.iter().all(scalar)
    }

    /// The type, said or following from other keywords.
    pub(super) fn inferred_type(&self) -> Option<&str> {
        if let Some(ty) = &self.ty {
            return Some(ty);
        }
        let values = self.values.as_deref().unwrap_or_default();
        let told = !values.iter().all(Value::is_null);
        let limited = |names: &[&str]| {
            self.limits
                .iter()
                .any(|(name, _)| names.contains(&name.as_str()))
        };
        if !self.properties.is_empty()
            || !self.required.is_empty()
            || !matches!(self.beyond, Beyond::Unsaid)
            || !self.patterned.is_empty()
        {
            Some("object")
        } else if !self.items.is_empty() || !self.places.is_empty() {
            Some("array")
        } else if told
            && values
                .iter()
                .all(|value| value.is_string() || value.is_null())
        {
            Some("string")
        } else if told
            && values
                .iter()
                .all(|value| value.is_i64() || value.is_u64() || value.is_null())
        {
            Some("integer")
        } else if told
            && values
                .iter()
                .all(|value| value.is_boolean() || value.is_null())
        {
            Some("boolean")
        } else if limited(&["minLength", "maxLength", "pattern"]) {
            Some("string")
        } else {
            None
        }
    }

    /// Joins what `other` says about the same value; the first to say something in prose is heard.
    ///
    /// Returns the keywords on which the two cannot both be right.
    pub(super) fn merge(&mut self, other: Facts<'d>) -> Vec<&'static str> {
        let mut conflicts = Vec::new();
        self.ty = match (self.ty.take(), other.ty) {
            (Some(a), Some(b)) if a == b => Some(a),
            (Some(a), Some(b))
                if a == "number" && b == "integer" || a == "integer" && b == "number" =>
            {
                Some("integer".to_owned())
            }
            (Some(a), Some(_)) => {
                conflicts.push("type");
                Some(a)
            }
            (a, b) => a.or(b),
        };
        self.format = self.format.take().or(other.format);
        self.values = match (self.values.take(), other.values) {
            (Some(a), Some(b)) => {
                let both: Vec<Value> = a
                    .iter()
                    .filter(|value| b.contains(value))
                    .cloned()
                    .collect();
                if both.is_empty() {
                    conflicts.push("enum");
                }
                Some(if both.is_empty() { b } else { both })
            }
            (a, b) => a.or(b),
        };
        self.nullable |= other.nullable;
        for (name, parts) in other.properties {
            self.properties.entry(name).or_default().extend(parts);
        }
        self.required.extend(other.required);
        self.beyond = match (std::mem::take(&mut self.beyond), other.beyond) {
            (Beyond::Typed(part), _) | (_, Beyond::Typed(part)) => Beyond::Typed(part),
            (Beyond::Any, _) | (_, Beyond::Any) => Beyond::Any,
            // `false` in one branch of allOf forbids the members of the others; nobody means that
            (Beyond::Closed, Beyond::Closed) => Beyond::Closed,
            _ => Beyond::Unsaid,
        };
        self.patterned.extend(other.patterned);
        self.items.extend(other.items);
        if self.places.is_empty() {
            self.places = other.places;
        }
        self.choices.extend(other.choices);
        self.not |= other.not;
        join_docs(&mut self.docs, &other.docs);
        xml::join(&mut self.xml, other.xml);
        self.read_only |= other.read_only;
        self.write_only |= other.write_only;
        self.default = self.default.take().or(other.default);
        self.discriminator = self.discriminator.or(other.discriminator);
        if self.enum_names.is_empty() {
            self.enum_names = other.enum_names;
            self.enum_docs = other.enum_docs;
        }
        for limit in other.limits {
            if !self.limits.contains(&limit) {
                self.limits.push(limit);
            }
        }
        conflicts
    }
}

/// Fills what `docs` leaves unsaid from `more`.
pub(super) fn join_docs(docs: &mut Docs, more: &Docs) {
    docs.summary = docs.summary.take().or_else(|| more.summary.clone());
    docs.description = docs.description.take().or_else(|| more.description.clone());
    docs.link = docs.link.take().or_else(|| more.link.clone());
    docs.example = docs.example.take().or_else(|| more.example.clone());
    docs.deprecated |= more.deprecated;
}

fn format_name<T: serde::Serialize>(format: &VariantOrUnknownOrEmpty<T>) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Item(known) => serde_json::to_value(known)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned)),
        VariantOrUnknownOrEmpty::Unknown(name) => Some(name.clone()),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}
