//! Complete programs for the page of an operation: with what a call needs at least, with options, and with a look at
//! what a refusal holds.

use super::super::names::Ident;
use super::super::tree::{
    Body, BodyContent, BodyPresence, Deprecation, Failure, Field, Model, Operation, Param, Payload,
    Program, Record, Scheme, SchemeKind, Sending, Shape, StatusVariant, Type,
};
use super::values::{member, named, payload, quoted, value};
use super::{
    Context, Example, Parts, Wanted, credentials, example_of, hint, parts, server, shown, sorted,
};
use crate::model;

/// How many options an example sets on a call, and on its body.
const MOST_OPTIONS: usize = 8;

/// How many errors an example looks at.
const MOST_ERRORS: usize = 6;

/// The programs of an operation; the first is the one of what a call needs.
pub(in super::super) struct Programs(pub(in super::super) Vec<Program>);

impl Programs {
    /// The statements of the least program.
    pub(in super::super) fn least(&self) -> Vec<String> {
        let first = self.0.first();
        first
            .map(|program| program.statements.clone())
            .unwrap_or_default()
    }
}

/// What programs of an operation are made of.
struct Maker<'a> {
    ex: Example<'a>,
    module: &'a Ident,
    op: &'a model::Operation,
    planned: &'a Operation,
    schemes: &'a [Scheme],
}

/// The programs of an operation.
pub(in super::super) fn programs(
    cx: &Context<'_>,
    module: &Ident,
    op: &model::Operation,
    planned: &Operation,
    schemes: &[Scheme],
) -> Programs {
    let maker = Maker {
        ex: Example::of(cx, op),
        module,
        op,
        planned,
        schemes,
    };
    let programs = [Some(maker.least()), Some(maker.options()), maker.refusals()];
    Programs(programs.into_iter().flatten().collect())
}

impl Maker<'_> {
    fn imports(&self, names: &[&str]) -> String {
        let names = sorted(names);
        format!("use {}::{}::{names};", self.ex.cx.krate, self.module)
    }

    fn client(&self, credentials: &str) -> String {
        let server = server(self.ex.cx, self.planned);
        format!("let client = Client::builder(){server}{credentials}.build()?;")
    }

    fn least(&self) -> Program {
        let Parts { imports, call } = parts(self.ex.cx, self.op, self.planned);
        Program {
            title: "Required only",
            about: "",
            statements: vec![
                self.imports(&imports),
                self.client(&credentials(self.planned, self.schemes)),
                format!("let response = client.{call}.await?;"),
                "println!(\"{response:?}\");".to_owned(),
            ],
        }
    }

    fn options(&self) -> Program {
        let planned = self.planned;
        let mut arguments = self.arguments();
        let mut set = Vec::new();
        let body = planned
            .body
            .as_ref()
            .map(|body| (body, self.body(body, &mut set)));
        let mut setters: Vec<String> = Vec::new();
        match body {
            Some((body, given)) if body.presence == BodyPresence::Required => {
                arguments.extend(given)
            }
            Some((body, Some(given))) => setters.push(format!(".{}({given})", body.name)),
            _ => {}
        }
        let params = planned
            .setters
            .iter()
            .filter_map(|param| self.setter(param));
        setters.extend(params.take(MOST_OPTIONS));
        setters.extend(self.content_type());
        let call = format!(
            "{}({}){}.timeout(std::time::Duration::from_secs(10))",
            planned.method,
            arguments.join(", "),
            setters.concat()
        );
        let in_body = |secret: &String| set.contains(secret);
        let secrets = planned.token.iter().flat_map(|token| &token.secrets);
        let (credentials, about) = match secrets.clone().any(in_body) && self.by_basic() {
            true => (
                String::new(),
                "The client proves who it is in the body, and sends no `Authorization`.",
            ),
            false => (credentials(planned, self.schemes), ""),
        };
        Program {
            title: "With options",
            about,
            statements: vec![
                self.imports(&super::named_in(&call)),
                self.client(&credentials),
                format!("let response = client.{call}.await?;"),
                "println!(\"{}: {response:?}\", response.status());".to_owned(),
            ],
        }
    }

    /// Another media type than the one that bodies are sent as, where it makes no other body.
    fn content_type(&self) -> Option<String> {
        let is_one = |body: &Body| matches!(body.content, BodyContent::One(_));
        self.planned.body.as_ref().filter(|body| is_one(body))?;
        let other = self.planned.request_types.get(1)?;
        let is_range = other.contains('*');
        (!is_range).then(|| format!(".content_type(ContentType::from({}))", quoted(other)))
    }

    /// Whether the client would prove who it is by Basic alone.
    fn by_basic(&self) -> bool {
        let first = self.planned.security.first();
        first.is_some_and(|all| {
            all.iter()
                .all(|index| self.schemes[*index].kind == SchemeKind::Basic)
        })
    }

    fn arguments(&self) -> Vec<String> {
        let args = self.planned.args.iter();
        args.map(|arg| super::argument(self.ex.cx, self.op, arg))
            .collect()
    }

    /// The setter of an optional parameter with a value, if there is one that says something.
    fn setter(&self, param: &Param) -> Option<String> {
        let known = super::known(self.op, param)?;
        if known.docs.deprecated {
            return None;
        }
        let ex = Example::bare(self.ex.cx);
        let given = example_of(ex.cx, known)
            .iter()
            .chain(&known.schema.default)
            .find_map(|shown| shown::value(ex, &param.ty, shown, Wanted::Into, 0));
        let given = given.or_else(|| {
            is_telling(self.ex.cx, &param.ty, 0).then(|| {
                let hint = hint(ex.cx, known, param);
                value(
                    ex,
                    &param.ty,
                    hint.as_deref(),
                    &param.wire_name,
                    Wanted::Into,
                    0,
                )
            })
        });
        Some(format!(".{}({})", param.name, given?))
    }

    /// The body with the members that need not be there; tells which are set.
    fn body(&self, body: &Body, set: &mut Vec<String>) -> Option<String> {
        match &body.content {
            BodyContent::One(Payload::Empty) => None,
            BodyContent::One(Payload::Slot(ty)) => Some(self.full(ty, Wanted::Into, set)),
            BodyContent::One(Payload::Xml(xml)) => Some(self.full(&xml.ty, Wanted::Into, set)),
            BodyContent::One(other) => Some(payload(self.ex, other, Wanted::Into)),
            BodyContent::Choice(name, variants) => {
                let first = variants.first()?;
                let content = match &first.payload {
                    Payload::Slot(ty) => self.full(ty, Wanted::Owned, set),
                    Payload::Xml(xml) => self.full(&xml.ty, Wanted::Owned, set),
                    other => payload(self.ex, other, Wanted::Owned),
                };
                Some(format!("operations::{name}::{}({content})", first.name))
            }
        }
    }

    fn full(&self, ty: &Type, wanted: Wanted, set: &mut Vec<String>) -> String {
        let content = self.op.body.iter().flat_map(|body| &body.content);
        let example = content.filter_map(|media| media.example.as_ref()).next();
        if let Some(model) = record(self.ex.cx, ty) {
            return self.record(model, set);
        }
        let shown = example.and_then(|shown| shown::value(self.ex, ty, shown, wanted, 0));
        shown.unwrap_or_else(|| value(self.ex, ty, None, "body", wanted, 0))
    }

    /// A struct with its optional members: those that the document shows, or else those whose type says something.
    fn record(&self, model: &Model, set: &mut Vec<String>) -> String {
        let mut out = named(self.ex, model, "body", 1);
        let Shape::Record(record) = &model.shape else {
            return out;
        };
        let optional = optional(record);
        let shown = |field: &Field| shown::of_member(self.ex, field, 1);
        let is_shown = |field: &Field| {
            let members = self.ex.members;
            members.is_some_and(|members| members.contains_key(&field.wire_name))
        };
        let some_are_shown = optional.iter().any(|(field, _)| is_shown(field));
        let mut count = 0;
        for (field, setter) in optional {
            let given = match some_are_shown {
                true if is_shown(field) => shown(field).or_else(|| self.member(field)),
                true => None,
                false => self.member(field),
            };
            if let Some(given) = given.filter(|_| count < MOST_OPTIONS) {
                out.push_str(&format!(".{setter}({given})"));
                set.push(field.wire_name.clone());
                count += 1;
            }
        }
        out
    }

    fn member(&self, field: &Field) -> Option<String> {
        let cx = self.ex.cx;
        is_telling(cx, &field.inner, 0).then(|| member(self.ex, field, 1))
    }

    /// What a refusal holds; `None` where the document declares none.
    fn refusals(&self) -> Option<Program> {
        let Parts { mut imports, call } = parts(self.ex.cx, self.op, self.planned);
        imports.push("Error");
        let arms = match &self.planned.failure {
            Failure::Undeclared => return None,
            Failure::Shared(..) => vec![
                "Some(body) => eprintln!(\"{}: {body:?}\", refusal.status())".to_owned(),
                "None => eprintln!(\"refused: {}\", refusal.status())".to_owned(),
            ],
            Failure::Enum(name, variants) => {
                if !imports.contains(&"operations") {
                    imports.push("operations");
                }
                let known = variants
                    .iter()
                    .take(MOST_ERRORS)
                    .map(|variant| arm(name, variant));
                let other = "_ => eprintln!(\"refused: {}\", refusal.status())".to_owned();
                known.chain([other]).collect()
            }
        };
        let matched = format!(
            "match client.{call}.await {{ Ok(response) => println!(\"{{response:?}}\"), Err(Error::Api(refusal)) => match \
             refusal.body() {{ {} }}, Err(error) => return Err(error.into()), }}",
            arms.join(", ")
        );
        Some(Program {
            title: "Refusals",
            about: "",
            statements: vec![
                self.imports(&imports),
                self.client(&credentials(self.planned, self.schemes)),
                matched,
            ],
        })
    }
}

fn arm(of: &Ident, variant: &StatusVariant) -> String {
    let name = format!("operations::{of}::{}", variant.name);
    match &variant.payload {
        Payload::Empty => format!("{name} => eprintln!(\"refused: {{}}\", refusal.status())"),
        _ => format!("{name}(body) => eprintln!(\"{{}}: {{body:?}}\", refusal.status())"),
    }
}

/// The members that have a setter and may be left out, without those that the document advises against.
fn optional(record: &Record) -> Vec<(&Field, &Ident)> {
    let Some(constructor) = &record.constructor else {
        return Vec::new();
    };
    let setters = constructor.setters.iter();
    let setters = setters.filter(|(index, _)| !constructor.takes.contains(index));
    let fields = setters.map(|(index, setter)| (&record.fields[*index], setter));
    let wanted = |field: &Field| {
        field.constant.is_none()
            && field.sending == Sending::Sent
            && field.deprecated == Deprecation::Current
    };
    fields.filter(|(field, _)| wanted(field)).collect()
}

/// The struct that a type is, through aliases.
fn record<'a>(cx: &'a Context<'_>, ty: &'a Type) -> Option<&'a Model> {
    let mut ty = ty;
    for _ in 0..super::DEPTH {
        let Type::Named(name) = ty else {
            return None;
        };
        let model = cx.model(name)?;
        match &model.shape {
            Shape::Record(record) => return record.constructor.as_ref().map(|_| model),
            Shape::Alias(aliased) => ty = aliased,
            _ => return None,
        }
    }
    None
}

/// Whether a value that is made of a type says something to a reader.
fn is_telling(cx: &Context<'_>, ty: &Type, depth: usize) -> bool {
    match ty {
        _ if depth > super::DEPTH => false,
        Type::Unit | Type::Value | Type::Map(_) | Type::Extra | Type::Multipart => false,
        Type::Optional(_) | Type::Nullable(_) | Type::Tuple(_) | Type::OpenTuple(..) => false,
        Type::List(inner) | Type::Boxed(inner) => is_telling(cx, inner, depth + 1),
        Type::Named(name) => match cx.model(name).map(|model| &model.shape) {
            Some(Shape::Texts(variants)) => !variants.is_empty(),
            Some(Shape::Integers(variants)) => !variants.is_empty(),
            Some(Shape::Record(record)) => {
                let new = record.constructor.as_ref();
                new.is_some_and(|new| !new.takes.is_empty())
            }
            Some(Shape::Alias(aliased)) => is_telling(cx, aliased, depth + 1),
            _ => false,
        },
        _ => true,
    }
}
