//! The text of a program that calls clients.

use std::fmt::Write as _;

use specmint::calls::{Answer, Body, BodyKind, Call, Content, Credential, Headers, Input};
use specmint::plan::{BodyPresence, Location, SchemeKind};

use super::Subject;

/// The half of every program that is the same.
const FRAME: &str = include_str!("program.rs.txt");

/// The key of a parameter among those that a trial gives.
pub(super) fn key(location: Location, wire_name: &str) -> String {
    let place = match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    format!("{place} {wire_name}")
}

/// The program for the clients of these subjects, which are modules beside it.
pub(super) fn text(subjects: &[&Subject]) -> String {
    let mut text = FRAME.to_owned();
    let mut tables = String::new();
    for subject in subjects {
        let module = &subject.calls.module;
        let _ = write!(text, "\nmod {module};\n{}", calls(subject));
        let _ = writeln!(tables, "        {module:?} => calls_{module}::TABLE,");
    }
    let _ = write!(
        text,
        "\nfn table(module: &str) -> &'static [Make] {{\n    match module {{\n{tables}        _ => &[],\n    }}\n}}\n"
    );
    text
}

/// The calls of one client, each as a function, and the table of them.
fn calls(subject: &Subject) -> String {
    let module = &subject.calls.module;
    let list = &subject.calls.list;
    let mut text = format!(
        "mod calls_{module} {{\n    use crate::runtime::*;\n    use crate::runtime::bytes::Bytes;\n    \
         use crate::{{Given, Made, Unfit, drive}};\n    use crate::{module}::*;\n    \
         use crate::runtime::{{DateTime, Date, Decimal, Secret, Uuid, Value, Extra, Base64}};\n    \
         use std::collections::BTreeMap;\n\n    crate::client!();\n\n"
    );
    for (index, call) in list.iter().enumerate() {
        text.push_str(&function(index, call));
    }
    let names: Vec<String> = (0..list.len())
        .map(|index| format!("call{index}"))
        .collect();
    let _ = write!(
        text,
        "    pub const TABLE: &[crate::Make] = &[{}];\n}}\n",
        names.join(", ")
    );
    text
}

/// One call as a function of what is given.
fn function(index: usize, call: &Call) -> String {
    let mut text = format!("    fn call{index}(given: &Given) -> Result<Made, Unfit> {{\n");
    let mut arguments: Vec<String> = call
        .arguments
        .iter()
        .map(|input| format!("given.needed::<{}>({:?})?", input.rust_type, key_of(input)))
        .collect();
    let required = call.body.as_ref();
    let required = required.filter(|body| body.presence == BodyPresence::Required);
    let without = required.and_then(|body| body.without.as_ref());
    if let Some(body) = required {
        let value = body_value(body);
        arguments.push(match (without, body.kinds.as_slice()) {
            (Some(_), [kind]) if matches!(kind.content, Content::Value(_)) => {
                format!("if given.has_body() {{ {value} }} else {{ json::Slot::blank() }}")
            }
            _ => value,
        });
    }
    let _ = writeln!(
        text,
        "        let mut call = client(given)?.{}({});",
        call.method,
        arguments.join(", ")
    );
    if let Some(without) = without {
        let _ = writeln!(
            text,
            "        if !given.has_body() {{ call = call.{without}(); }}"
        );
    }
    for input in &call.setters {
        let _ = writeln!(
            text,
            "        if let Some(value) = given.param::<{}>({:?})? {{ call = call.{}(value); }}",
            input.rust_type,
            key_of(input),
            input.name
        );
    }
    if let Some(body) = call.body.as_ref().filter(|_| required.is_none()) {
        let value = body_value(body);
        let _ = writeln!(
            text,
            "        if given.has_body() {{ call = call.{}({value}); }}",
            body.name
        );
    }
    for credential in &call.credentials {
        text.push_str(&credentials(credential));
    }
    let (output, failure) = (reading(&call.output), reading(&call.failure));
    let headers = call
        .headers
        .as_ref()
        .map_or("|_| None".to_owned(), declared);
    let walk = if call.paged { "walked!" } else { "drive!" };
    let _ = write!(
        text,
        "        {walk}(call, given, {output}, {failure}, {headers})\n    }}\n\n"
    );
    text
}

fn key_of(input: &Input) -> String {
    key(input.location, &input.wire_name)
}

/// An expression for the body that is given.
fn body_value(body: &Body) -> String {
    match body.kinds.as_slice() {
        [only] if only.variant.is_none() => kind_value(only),
        kinds => {
            let arms = kinds
                .iter()
                .enumerate()
                .map(|(index, kind)| format!("Some({index}) => {},", kind_value(kind)));
            let arms: String = arms.collect();
            format!("match given.kind() {{ {arms} _ => return Err(given.no_such_body()) }}")
        }
    }
}

fn kind_value(kind: &BodyKind) -> String {
    let value = match &kind.content {
        Content::Nothing => "()".to_owned(),
        Content::Value(ty) if !kind.parts.is_empty() => {
            let parts = kind.parts.iter();
            let parts: String = parts
                .map(|(name, field)| format!("given.put({name:?}, &mut body.{field})?; "))
                .collect();
            format!("{{ let mut body = given.body::<{ty}>()?; {parts}body }}")
        }
        Content::Value(ty) => format!("given.body::<{ty}>()?"),
        Content::Lines(ty) => {
            format!("Sequence::<{ty}>::from(given.body::<Vec<{ty}>>()?)")
        }
        Content::Text => "given.body::<String>()?".to_owned(),
        Content::Bytes => "given.body_bytes()?".to_owned(),
        Content::Special => "return Err(given.no_such_body())".to_owned(),
    };
    let Some(variant) = &kind.variant else {
        return value;
    };
    match &kind.content {
        Content::Text | Content::Bytes => format!("{variant}({value}.into())"),
        _ => format!("{variant}({value})"),
    }
}

fn credentials(credential: &Credential) -> String {
    let (name, setter) = (&credential.wire_name, &credential.setter);
    let (pattern, arguments) = match credential.kind {
        SchemeKind::Basic => ("[user, password]", "user.as_str(), password.as_str()"),
        SchemeKind::MutualTls => ("_", ""),
        _ => ("[text]", "text.as_str()"),
    };
    format!(
        "        if let Some({pattern}) = given.credential({name:?}).as_deref() {{ \
         call = call.{setter}({arguments}); }}\n"
    )
}

/// A function from an answer to the name of its variant and what it holds.
fn reading(answer: &Answer) -> String {
    match answer {
        Answer::Plain(content) => format!("|value| (\"\", {})", shown(content)),
        Answer::Variants(name, variants) => {
            let mut arms = String::new();
            for (variant, content) in variants {
                let pattern = match content {
                    Content::Nothing => format!("{name}::{variant}"),
                    _ => format!("{name}::{variant}(value)"),
                };
                let _ = write!(arms, "{pattern} => ({variant:?}, {}), ", shown(content));
            }
            format!("|value| match value {{ {arms} _ => (\"Other\", None) }}")
        }
    }
}

/// A function from the headers of an answer to those that are declared.
fn declared(headers: &Headers) -> String {
    let fields = headers.fields.iter();
    let fields: String = fields
        .map(|(name, field)| format!("({name:?}.to_owned(), crate::shown(&declared.{field})), "))
        .collect();
    format!(
        "|map| Some(match <{} as ResponseHeaders>::of(map) {{ \
         Ok(declared) => crate::Json::Object([{fields}].into_iter().collect()), \
         Err(error) => crate::Json::String(error.to_string()) }})",
        headers.rust_type
    )
}

fn shown(content: &Content) -> &'static str {
    match content {
        Content::Nothing | Content::Special => "None",
        Content::Value(_) | Content::Lines(_) => "Some(crate::shown(value))",
        Content::Text => "Some(crate::Json::from(value.as_str()))",
        Content::Bytes => "Some(crate::coded(value))",
    }
}

#[cfg(test)]
mod tests {
    use specmint::load::Source;
    use specmint::spec::Spec;

    use super::*;

    #[test]
    fn a_program_gives_a_call_all_that_it_takes() {
        let source = Source::new(
            "zoo.yaml",
            "
openapi: 3.0.3
info: { title: Zoo, version: '1' }
paths:
  /pets/{id}:
    put:
      operationId: putPet
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: X-Seen, in: header, schema: { type: string, format: date } }
      requestBody:
        required: true
        content:
          application/json: { schema: { type: array, items: { type: string } } }
          application/octet-stream: { schema: { type: string, format: binary } }
      security: [{ key: [] }]
      responses: { '204': { description: Gone } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: key } }
",
        );
        let subject = Subject::new(Spec::new(source)).expect("the document can be read");
        let text = function(0, &subject.calls.list[0]);
        for part in [
            r#"put_pet(given.needed::<i64>("path id")?, match given.kind() {"#,
            "Some(0) => operations::PutPetBody::Json(given.body::<Vec<String>>()?),",
            "Some(1) => operations::PutPetBody::Bytes(given.body_bytes()?.into()),",
            r#"given.param::<Date>("header X-Seen")? { call = call.x_seen(value); }"#,
            r#"given.credential("key").as_deref() { call = call.key(text.as_str()); }"#,
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
