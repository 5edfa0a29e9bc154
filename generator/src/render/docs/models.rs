//! The pages of models, and the same in docs of Rust.

use super::cell::{self, Rest, cell};
use super::links::{Page, slug};
use super::programs::program;
use super::{Book, Error, File, file};
use crate::plan::{
    Access, Deprecation, Field, Gate, Literal, Model, Presence, Record, Role, Secrecy, Shape, Type,
    Union, UnionBy, UsedBy, XmlMember, XmlModel, XmlNode, doc_code,
};
use crate::render::page::{
    ModelAlternative, ModelDetail, ModelDocsPage, ModelProperty, ModelValue,
};

/// The page of a model.
pub(super) fn page(book: &Book<'_>, model: &Model) -> Result<File, Error> {
    let here = Here {
        book,
        page: Page::Model(book.api, model),
        model,
    };
    let name = model.name.plain();
    let thing = format!("the page of the type `{}`", model.name);
    let mut written = ModelDocsPage {
        mark: &book.mark,
        name,
        path: format!(
            "{}::{}::models::{}",
            book.krate, book.api.module, model.name
        ),
        docs: &model.docs,
        notes: notes(model),
        kind: String::new(),
        properties: Vec::new(),
        details: Vec::new(),
        rest: String::new(),
        values: Vec::new(),
        alternatives: Vec::new(),
        json: &model.page.json,
        xml: &model.page.xml,
        example: program(&model.page.example, &thing)?,
        used_by: used_by(here),
        back: book.back(here.page, &slug(name)),
    };
    match &model.shape {
        Shape::Record(record) => properties(here, record, &mut written),
        Shape::Union(union) => alternatives(here, union, &mut written),
        Shape::Alias(ty) => {
            written.kind = format!("Another name of {}.", book.links.ty(here.page, ty));
        }
        shape => values(shape, &mut written),
    }
    let text = book.pages.docs_model(&written)?;
    Ok(file(here.page, text))
}

/// What is written of a model, and where.
#[derive(Clone, Copy)]
struct Here<'a> {
    book: &'a Book<'a>,
    page: Page<'a>,
    model: &'a Model,
}

impl Here<'_> {
    fn ty(&self, ty: &Type) -> String {
        cell::escaped(&self.book.links.ty(self.page, ty))
    }

    /// A link to a type.
    fn link(&self, name: &crate::plan::Ident) -> String {
        self.book.links.ty(self.page, &Type::Named(name.clone()))
    }
}

/// What else is to be known of a type, each a sentence.
fn notes(model: &Model) -> Vec<String> {
    let mut notes = Vec::new();
    if model.secret == Secrecy::Secret && matches!(model.shape, Shape::Record(_) | Shape::Union(_))
    {
        notes.push(
            "It holds a secret, which `Debug` does not show; so its values are not compared."
                .to_owned(),
        );
    }
    notes
}

fn properties<'a>(here: Here<'_>, record: &'a Record, page: &mut ModelDocsPage<'a>) {
    for field in &record.fields {
        let about = cell(&field.prose);
        page.properties.push(ModelProperty {
            name: called(field),
            ty: here.ty(&field.inner),
            description: about.text,
            notes: field_notes(here.model, field).join("; "),
        });
        if about.rest == Rest::More {
            page.details.push(ModelDetail {
                name: field.name.as_str(),
                lines: &field.prose,
            });
        }
    }
    page.kind = match record.fields.is_empty() {
        true => "An object without members of its own.".to_owned(),
        false => String::new(),
    };
    page.rest = match &record.rest {
        Some((name, ty)) => format!(
            "Members that the API's description does not name are kept in `{name}`: {}.",
            here.book.links.ty(here.page, ty)
        ),
        None => "Members that the API's description does not name are read over.".to_owned(),
    };
}

/// The field, and its name on the wire where it is another.
fn called(field: &Field) -> String {
    let name = format!("`{}`", field.name);
    match field.name.plain() == field.wire_name {
        true => name,
        false => format!("{name}, sent as {}", cell::code(&field.wire_name)),
    }
}

/// What a table says of a field: presence first, then what its values keep to.
fn field_notes(model: &Model, field: &Field) -> Vec<String> {
    let mut notes = vec![presence(field.presence).to_owned()];
    match field.access {
        Access::Open => {}
        Access::ReadOnly => notes.push("only the server sets it".to_owned()),
        Access::WriteOnly => notes.push("the server never shows it".to_owned()),
    }
    if field.deprecated == Deprecation::Deprecated {
        notes.push("deprecated".to_owned());
    }
    if field.inner == Type::Secret {
        notes.push("secret".to_owned());
    }
    if let Some(constant) = &field.constant {
        notes.push(format!("sent as {} unless set", constant_code(constant)));
    }
    notes.extend(field.limits.iter().map(|limit| cell::escaped(limit)));
    if let Some(XmlModel::Record(members, _)) = &model.xml {
        let member = members.iter().find(|one| one.wire_name == field.wire_name);
        notes.extend(member.and_then(xml_note));
    }
    notes
}

fn constant_code(constant: &Literal) -> String {
    match constant {
        Literal::Text(text) | Literal::Json(text) => cell::code(text),
        Literal::Bool(flag) => format!("`{flag}`"),
        Literal::Integer(number) => format!("`{number}`"),
        Literal::Number(number) => format!("`{number}`"),
        Literal::Variant(ty, variant) => format!("`{ty}::{variant}`"),
    }
}

/// How a field can be missing, in words.
pub(super) fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "required",
        Presence::RequiredNullable => "required, may be null",
        Presence::Optional => "optional",
        Presence::OptionalNullable => "optional, may be null",
    }
}

/// How a member stands in XML, where that is no element of its own name.
fn xml_note(member: &XmlMember) -> Option<String> {
    let name = cell::code(&member.name);
    match member.node {
        XmlNode::Element if member.name == member.wire_name => None,
        XmlNode::Element => Some(format!("in XML the element {name}")),
        XmlNode::Attribute => Some(format!("in XML the attribute {name}")),
        XmlNode::Text => Some("in XML the text of the element".to_owned()),
        XmlNode::Cdata => Some("in XML the text of the element, as CDATA".to_owned()),
        XmlNode::Inline => Some("in XML what it holds, without an element around it".to_owned()),
    }
}

fn alternatives<'a>(here: Here<'_>, union: &'a Union, page: &mut ModelDocsPage<'a>) {
    page.kind = match &union.by {
        UnionBy::Tag(member) => format!(
            "One of several types; the member {} says which.",
            cell::code(member)
        ),
        UnionBy::Only => "One of several types: the one that the value fits.".to_owned(),
        UnionBy::First => "One of several types: the first that the value fits.".to_owned(),
    };
    page.rest =
        "A value that is none of these is kept in the variant `Unknown`, as JSON.".to_owned();
    if here.model.secret == Secrecy::Secret && matches!(union.by, UnionBy::Tag(_)) {
        page.rest = "A value that is none of these is refused, as it may hold a secret.".to_owned();
    }
    let alternatives = union.variants.iter().map(|variant| {
        let tags: Vec<String> = variant.tags.iter().map(|tag| cell::code(tag)).collect();
        ModelAlternative {
            name: variant.name.as_str(),
            ty: here.ty(&variant.ty),
            tags: tags.join(", "),
        }
    });
    page.alternatives = alternatives.collect();
}

fn values(shape: &Shape, page: &mut ModelDocsPage<'_>) {
    let value = |name: &crate::plan::Ident, value: String, docs: &[String]| ModelValue {
        name: name.as_str().to_owned(),
        description: match cell(docs).text {
            // what stands for the prose that is missing
            text if text == format!("{value}.") => String::new(),
            text => text,
        },
        value,
    };
    let (kind, values): (&str, Vec<ModelValue>) = match shape {
        Shape::Texts(variants) => {
            let values = variants.iter();
            let values = values.map(|one| value(&one.name, cell::code(&one.text), &one.docs));
            ("A text", values.collect())
        }
        Shape::Integers(variants) => {
            let values = variants.iter();
            let values = values.map(|one| value(&one.name, format!("`{}`", one.number), &one.docs));
            ("A whole number", values.collect())
        }
        Shape::Scalars(variants) => {
            let values = variants.iter();
            let values = values.map(|one| value(&one.name, constant_code(&one.value), &one.docs));
            ("A value", values.collect())
        }
        Shape::Record(_) | Shape::Union(_) | Shape::Alias(_) => return,
    };
    page.kind = match values.is_empty() {
        true => format!("{kind}."),
        false => format!("{kind}, one of those below as far as the API's description goes."),
    };
    page.rest =
        "The list is open: a value that is not in it is kept in the variant `Unknown`.".to_owned();
    page.values = values;
}

/// Where the API has the type, as items of a list.
fn used_by(here: Here<'_>) -> Vec<String> {
    let UsedBy {
        operations,
        more_operations,
        models,
        more_models,
        webhooks,
    } = &here.model.page.used_by;
    let api = here.book.api;
    let operations = operations.iter().map(|(index, roles)| {
        let roles: Vec<&str> = roles.iter().map(|one| role(*one)).collect();
        format!(
            "[`{}`]({}): {}",
            api.operations[*index].method.plain(),
            here.book.links.operation(here.page, *index),
            roles.join(", ")
        )
    });
    let mut items: Vec<String> = operations.collect();
    if *more_operations > 0 {
        items.push(format!("{more_operations} more operations"));
    }
    items.extend(
        webhooks
            .iter()
            .map(|name| format!("{name}, which the API sends by itself")),
    );
    items.extend(models.iter().map(|name| here.link(name)));
    if *more_models > 0 {
        items.push(format!("{more_models} more models"));
    }
    // which tags these are of is theirs, and not the schema's
    if let Gate::Any(features) = &here.model.gate {
        let features: Vec<String> = features.iter().map(|name| format!("`{name}`")).collect();
        items.push(match features.as_slice() {
            [one] => format!("Compiled with the feature {one}."),
            all => format!("Compiled with any of the features {}.", all.join(", ")),
        });
    }
    items
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Parameter => "a parameter",
        Role::Body => "the body of the request",
        Role::Success => "the answer",
        Role::Failure => "a refusal",
        Role::Header => "a header of the answer",
    }
}

/// The docs of a field in Rust.
pub(in super::super) fn field_lines(field: &Field) -> Vec<String> {
    let mut lines = match field.prose.is_empty() {
        true => vec![format!("The member {}.", doc_code(&field.wire_name))],
        false => field.prose.clone(),
    };
    let side = match field.access {
        Access::Open => None,
        Access::ReadOnly => Some("Only the server sets it (`readOnly`): it is never sent."),
        Access::WriteOnly => Some("The server never shows it (`writeOnly`)."),
    };
    let limits =
        (!field.limits.is_empty()).then(|| format!("Limits: {}.", field.limits.join(", ")));
    for line in side.map(str::to_owned).into_iter().chain(limits) {
        lines.extend([String::new(), line]);
    }
    lines
}
