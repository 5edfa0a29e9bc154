//! Types: one file each, and the index of them.

use super::code::{Models, Place, docs, field_type, ident, many_arguments, rust_type, sizes};
use super::docs::{doctest, field_lines};
use super::error::Error;
use super::imports::Imports;
use super::{Module, code, format, rules, values, xml};
use crate::file::File;
use crate::plan::{
    Boxing, Constructor, DefaultBy, Field, Ident, IntegerVariant, Model, Presence, Record,
    ScalarVariant, Secrecy, Sending, Shape, TextVariant, Type, Union, UnionBy,
};
use proc_macro2::TokenStream;
use quote::quote;

/// The file of one type.
pub(super) fn file(module: &Module<'_>, model: &Model) -> Result<File, Error> {
    let own = model.uses.iter().chain([&model.name]).map(Ident::as_str);
    let imports = Imports::beside(own);
    let place = Place {
        imports: &imports,
        models: Models::Imported,
    };
    let thing = format!("the type `{}`", model.name);
    let lines = [model.docs.clone(), doctest(&model.page.example, &thing)?].concat();
    let mut items = vec![format::items(definition(place, model, &lines), &thing)?];
    items.extend(wire(place, model));
    items.extend(limits(model));
    items.extend(model.xml.as_ref().map(|it| xml::table(&model.name, it)));
    let behaviour = behaviour(place, model);
    if !behaviour.is_empty() {
        items.push(format::items(behaviour, &thing)?);
    }
    let mut uses = imports.items();
    uses.extend(uses_of(model));
    module.rust(
        &format!("models/{}.rs", model.module.plain()),
        Vec::new(),
        uses,
        items,
    )
}

/// The index of all types.
pub(super) fn index(module: &Module<'_>) -> Result<File, Error> {
    let models = &module.api.models;
    let modules = models
        .iter()
        .map(|model| format!("{}mod {};", code::cfg(&model.gate), model.module))
        .collect::<Vec<_>>();
    let names = models
        .iter()
        .map(|model| {
            let gate = code::cfg(&model.gate);
            format!("{gate}pub use {}::{};", model.module, model.name)
        })
        .collect::<Vec<_>>();
    let mut lines = vec![format!("The types of {}.", module.api.title)];
    if !module.api.models_docs.is_empty() {
        lines.push(String::new());
        lines.extend(module.api.models_docs.iter().cloned());
    }
    module.rust(
        "models.rs",
        lines,
        Vec::new(),
        vec![modules.join("\n") + "\n", names.join("\n") + "\n"],
    )
}

fn uses_of(model: &Model) -> Vec<String> {
    let names: Vec<&str> = model.uses.iter().map(Ident::as_str).collect();
    match names.as_slice() {
        [] => Vec::new(),
        [name] => vec![format!("use super::{name};")],
        names => vec![format!("use super::{{{}}};", names.join(", "))],
    }
}

fn definition(place: Place<'_>, model: &Model, lines: &[String]) -> TokenStream {
    let docs = docs(lines);
    match &model.shape {
        Shape::Record(record) => record_definition(place, &docs, model, record),
        Shape::Texts(variants) => text_definition(place, &docs, model, variants),
        Shape::Integers(variants) => integer_definition(&docs, model, variants),
        Shape::Scalars(variants) => scalar_definition(place, &docs, model, variants),
        Shape::Union(union) => union_definition(place, &docs, model, union),
        Shape::Alias(ty) => alias(place, &docs, model, ty),
    }
}

fn alias(place: Place<'_>, docs: &TokenStream, model: &Model, ty: &Type) -> TokenStream {
    let (name, ty) = (ident(&model.name), rust_type(place, ty));
    quote! {
        #docs
        pub type #name = #ty;
    }
}

fn record_definition(
    place: Place<'_>,
    docs: &TokenStream,
    model: &Model,
    record: &Record,
) -> TokenStream {
    let name = ident(&model.name);
    let equality = equality(model);
    let default = (record.default == DefaultBy::Derive).then(|| quote!(Default,));
    let fields = record.fields.iter().map(|field| member(place, field));
    let rest = record
        .rest
        .as_ref()
        .map(|(name, ty)| extra(place, name, ty));
    quote! {
        #docs
        #[derive(Clone, Debug, #default #equality)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
            #rest
        }
    }
}

fn equality(model: &Model) -> Option<TokenStream> {
    (model.secret == Secrecy::Open).then(|| quote!(PartialEq,))
}

fn member(place: Place<'_>, field: &Field) -> TokenStream {
    let (docs, name, ty) = (
        docs(&field_lines(field)),
        ident(&field.name),
        field_type(place, field),
    );
    quote! {
        #docs
        pub #name: #ty
    }
}

fn extra(place: Place<'_>, name: &Ident, ty: &Type) -> TokenStream {
    let (name, ty) = (ident(name), rust_type(place, ty));
    quote! {
        /// Members that the API's description does not name.
        pub #name: #ty,
    }
}

fn text_definition(
    place: Place<'_>,
    lines: &TokenStream,
    model: &Model,
    variants: &[TextVariant],
) -> TokenStream {
    let name = ident(&model.name);
    let string = place.imports.std("string", "String");
    let variants = variants
        .iter()
        .map(|variant| unit_variant(&variant.docs, &variant.name));
    quote! {
        #lines
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A text that the API's description does not name.
            Unknown(#string),
        }
    }
}

fn integer_definition(
    lines: &TokenStream,
    model: &Model,
    variants: &[IntegerVariant],
) -> TokenStream {
    let name = ident(&model.name);
    let variants = variants
        .iter()
        .map(|variant| unit_variant(&variant.docs, &variant.name));
    quote! {
        #lines
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A number that the API's description does not name.
            Unknown(i64),
        }
    }
}

fn scalar_definition(
    place: Place<'_>,
    lines: &TokenStream,
    model: &Model,
    variants: &[ScalarVariant],
) -> TokenStream {
    let name = ident(&model.name);
    let value = place.imports.runtime("Value");
    let variants = variants
        .iter()
        .map(|variant| unit_variant(&variant.docs, &variant.name));
    quote! {
        #lines
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value that the API's description does not name.
            Unknown(#value),
        }
    }
}

fn unit_variant(lines: &[String], name: &Ident) -> TokenStream {
    let (docs, name) = (docs(lines), ident(name));
    quote! {
        #docs
        #name
    }
}

fn union_definition(
    place: Place<'_>,
    lines: &TokenStream,
    model: &Model,
    union: &Union,
) -> TokenStream {
    let name = ident(&model.name);
    let equality = equality(model);
    let sizes = sizes(union.variants.len());
    let value = place.imports.runtime("Value");
    let variants = union.variants.iter().map(|variant| {
        let (docs, name, ty) = (
            docs(&variant.docs),
            ident(&variant.name),
            rust_type(place, &variant.ty),
        );
        quote!(#docs #name(#ty))
    });
    quote! {
        #lines
        #[derive(Clone, Debug, #equality)]
        #[non_exhaustive]
        #sizes
        pub enum #name {
            #(#variants,)*
            /// A value that is none of these, as far as the API's description goes.
            Unknown(#value),
        }
    }
}

/// The macro that makes the type readable and writable, set as people set it.
fn wire(place: Place<'_>, model: &Model) -> Option<String> {
    let secret = if model.secret == Secrecy::Secret {
        "secret"
    } else {
        ""
    };
    let name = &model.name;
    match &model.shape {
        Shape::Record(record) => Some(record_wire(name, secret, record)),
        Shape::Texts(variants) => {
            let lines = variants
                .iter()
                .map(|variant| format!("{} = {}", variant.name, text(&variant.text)));
            Some(invoke("text_enum", name.as_str(), lines, ""))
        }
        Shape::Integers(variants) => {
            let lines = variants
                .iter()
                .map(|variant| format!("{} = {}", variant.name, variant.number));
            Some(invoke("int_enum", name.as_str(), lines, ""))
        }
        Shape::Scalars(variants) => {
            let lines = variants
                .iter()
                .map(|variant| format!("{} = {}", variant.name, values::scalar(&variant.value)));
            Some(invoke("value_enum", name.as_str(), lines, ""))
        }
        Shape::Union(union) => Some(union_wire(place, name, secret, union)),
        Shape::Alias(_) => None,
    }
}

/// The macro that gives the type its rules.
fn limits(model: &Model) -> Option<String> {
    if model.rules.is_empty() {
        return None;
    }
    let rules = model.rules.iter().map(|rule| rules::rule("super", rule));
    let lines: String = rules.map(|rule| format!("        {rule},\n")).collect();
    let head = "#[cfg(feature = \"validate\")]\ncrate::runtime::rules!";
    Some(format!(
        "{head} {{\n    {} [\n{lines}    ]\n}}\n",
        model.name
    ))
}

fn record_wire(name: &Ident, secret: &str, record: &Record) -> String {
    let lines = record.fields.iter().map(|field| {
        let need = match (field.presence, field.sending) {
            (_, Sending::ReadOnly) => "read_only",
            (Presence::Required | Presence::RequiredNullable, _) => "required",
            (Presence::Optional | Presence::OptionalNullable, _) => "optional",
        };
        format!("{} => {}: {need}", text(&field.wire_name), field.name)
    });
    let head = if secret.is_empty() {
        name.to_string()
    } else {
        format!("{name}: {secret}")
    };
    let tail = record
        .rest
        .as_ref()
        .map_or(" ..".to_owned(), |(rest, _)| format!(" extra {rest}"));
    invoke("record", &head, lines, &tail)
}

fn union_wire(place: Place<'_>, name: &Ident, secret: &str, union: &Union) -> String {
    let how = match &union.by {
        UnionBy::Tag(member) => format!("tag {}", text(member)),
        UnionBy::Only => "only".to_owned(),
        UnionBy::First => "first".to_owned(),
    };
    let lines = union.variants.iter().map(|variant| {
        let ty = type_text(place, &variant.ty);
        let tags: Vec<String> = variant.tags.iter().map(|tag| text(tag)).collect();
        match union.by {
            UnionBy::Tag(_) => format!("{}({ty}) = [{}]", variant.name, tags.join(", ")),
            UnionBy::Only | UnionBy::First => format!("{}({ty})", variant.name),
        }
    });
    let head = if secret.is_empty() {
        format!("{name}: {how}")
    } else {
        format!("{name}: {secret} {how}")
    };
    invoke("union", &head, lines, "")
}

fn invoke(name: &str, head: &str, lines: impl Iterator<Item = String>, tail: &str) -> String {
    let lines: String = lines.map(|line| format!("        {line},\n")).collect();
    let body = if lines.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{\n{lines}    }}")
    };
    format!("crate::runtime::{name}! {{\n    {head} {body}{tail}\n}}\n")
}

fn text(text: &str) -> String {
    proc_macro2::Literal::string(text).to_string()
}

fn type_text(place: Place<'_>, ty: &Type) -> String {
    rust_type(place, ty)
        .to_string()
        .replace(' ', "")
        .replace(',', ", ")
        .replace(", )", ",)")
}

/// The constructor, the setters and `Default`.
fn behaviour(place: Place<'_>, model: &Model) -> TokenStream {
    let Shape::Record(record) = &model.shape else {
        return TokenStream::new();
    };
    let Some(constructor) = &record.constructor else {
        return TokenStream::new();
    };
    let name = ident(&model.name);
    let new = new(place, &model.name, record, constructor);
    let setters = constructor
        .setters
        .iter()
        .map(|(index, name)| setter(place, &record.fields[*index], name));
    let default = (record.default == DefaultBy::Constructor).then(|| default(place, &model.name));
    quote! {
        impl #name {
            #new
            #(#setters)*
        }
        #default
    }
}

fn default(place: Place<'_>, name: &Ident) -> TokenStream {
    let name = ident(name);
    let default = place.imports.std("default", "Default");
    quote! {
        impl #default for #name {
            fn default() -> Self {
                Self::new()
            }
        }
    }
}

fn new(place: Place<'_>, name: &Ident, record: &Record, constructor: &Constructor) -> TokenStream {
    let lines = docs(&[format!("Makes a `{}` of what it must have.", name.plain())]);
    let taken: Vec<&Field> = constructor
        .takes
        .iter()
        .map(|index| &record.fields[*index])
        .collect();
    let many = many_arguments(taken.len());
    let args = taken.iter().map(|field| argument(place, field));
    let fields = record
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| initial(place, field, constructor.takes.contains(&index)));
    let rest = record.rest.as_ref().map(|(rest, ty)| {
        let (rest, empty) = (ident(rest), values::empty(place, ty));
        quote!(#rest: #empty)
    });
    quote! {
        #lines
        #many
        #[must_use]
        pub fn new(#(#args),*) -> Self {
            Self { #(#fields,)* #rest }
        }
    }
}

fn argument(place: Place<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name.argument());
    let ty = match field.presence {
        Presence::RequiredNullable => field_type(place, field),
        _ => code::argument_type(place, &field.inner),
    };
    quote!(#name: #ty)
}

/// A field as `new` fills it.
fn initial(place: Place<'_>, field: &Field, taken: bool) -> TokenStream {
    let name = ident(&field.name);
    let plain = field.presence == Presence::RequiredNullable
        || (field.presence == Presence::Required
            && field.boxed == Boxing::Inline
            && !code::converts(&field.inner));
    if taken && plain {
        let given = ident(&field.name.argument());
        return if given == name {
            quote!(#name)
        } else {
            quote!(#name: #given)
        };
    }
    let value = match &field.constant {
        _ if taken => values::wrapped(place, field, given(field)),
        Some(constant) => {
            values::wrapped(place, field, values::literal(place, constant, &field.inner))
        }
        None => values::unset(place, field),
    };
    quote!(#name: #value)
}

/// The argument as the field's own type.
fn given(field: &Field) -> TokenStream {
    let name = ident(&field.name.argument());
    if code::converts(&field.inner) {
        quote!(#name.into())
    } else {
        quote!(#name)
    }
}

fn setter(place: Place<'_>, field: &Field, setter: &Ident) -> TokenStream {
    let lines = docs(&[format!("Sets [`{0}`](Self::{0}).", field.name.plain())]);
    let (setter, name, arg) = (
        ident(setter),
        ident(&field.name),
        ident(&field.name.argument()),
    );
    let ty = code::argument_type(place, &field.inner);
    let value = values::wrapped(place, field, given(field));
    quote! {
        #lines
        #[must_use]
        pub fn #setter(mut self, #arg: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}
