//! Writes the programs of the crate's README that are more than a call: what a refusal holds, and where tokens come from.
//! They are made of the examples of operations.

use super::names::Ident;
use super::tree::{Api, Failure, Guide, Operation, Payload, SpecReach, StatusVariant};

/// How many refusals a program tells apart.
const MOST_REFUSALS: usize = 3;

/// The programs of an API whose operations are planned.
pub(super) fn guide(api: &Api) -> Guide {
    Guide {
        errors: errors(api).unwrap_or_default(),
        tokens: tokens(api).unwrap_or_default(),
    }
}

/// What the example of an operation is made of.
struct Parts<'a> {
    /// The path of the module, and the names that are imported from it.
    module: &'a str,
    names: Vec<&'a str>,
    /// The statement that makes the client.
    client: &'a str,
    /// The method with its arguments.
    call: &'a str,
}

impl<'a> Parts<'a> {
    fn of(op: &'a Operation) -> Option<Self> {
        let [imports, client, response, ..] = op.example.as_slice() else {
            return None;
        };
        let path = imports.strip_prefix("use ")?.strip_suffix(';')?;
        let (module, names) = path.rsplit_once("::")?;
        let names = names.trim_start_matches('{').trim_end_matches('}');
        let call = response.strip_prefix("let response = client.")?;
        Some(Self {
            module,
            names: names.split(", ").collect(),
            client,
            call: call.strip_suffix(".await?;")?,
        })
    }

    /// The imports, with more of them.
    fn imports(&self, more: &[&str]) -> String {
        let mut names = [self.names.as_slice(), more].concat();
        names.sort_unstable();
        names.dedup();
        format!("use {}::{{{}}};", self.module, names.join(", "))
    }

    /// Where the client goes, if it is told.
    fn server(&self) -> &'a str {
        let settings = self
            .client
            .trim_start_matches("let client = Client::builder()");
        let is_told = settings.starts_with(".base_url(") || settings.starts_with(".origin(");
        let end = settings.find('?').filter(|_| is_told);
        end.map_or("", |end| &settings[..=end])
    }
}

/// A program that tells the refusals of an operation apart: one with a type for each status, if there is any.
fn errors(api: &Api) -> Option<Vec<String>> {
    let enums = |op: &&Operation| matches!(op.failure, Failure::Enum(..));
    let shared = |op: &&Operation| matches!(&op.failure, Failure::Shared(what, _) if *what != Payload::Empty);
    let mut operations = api.operations.iter();
    let op = operations
        .clone()
        .find(enums)
        .or_else(|| operations.find(shared))?;
    let parts = Parts::of(op)?;
    let (more, arms) = match &op.failure {
        Failure::Enum(name, variants) => ("operations", arms(name, variants)),
        Failure::Shared(..) => (
            "Error",
            "Some(body) => eprintln!(\"{body:?}\"), None => eprintln!(\"{}\", refusal.status())"
                .to_owned(),
        ),
        Failure::Undeclared => return None,
    };
    let matched = format!(
        "match client.{}.await {{ Ok(response) => println!(\"{{response:?}}\"), Err(Error::Api(refusal)) => match \
         refusal.body() {{ {arms} }}, Err(Error::Transport(error)) => eprintln!(\"no whole response came: {{error}}\"), \
         Err(error) => return Err(error.into()), }}",
        parts.call
    );
    Some(vec![
        parts.imports(&["Error", more]),
        parts.client.to_owned(),
        matched,
    ])
}

fn arms(name: &Ident, variants: &[StatusVariant]) -> String {
    let known = variants.iter().take(MOST_REFUSALS).map(|variant| {
        let variant_name = &variant.name;
        match variant.payload {
            Payload::Empty => format!(
                "operations::{name}::{variant_name} => eprintln!(\"{{}}\", refusal.status())"
            ),
            _ => format!("operations::{name}::{variant_name}(body) => eprintln!(\"{{body:?}}\")"),
        }
    });
    let other = "_ => eprintln!(\"{}\", refusal.status())".to_owned();
    known.chain([other]).collect::<Vec<_>>().join(", ")
}

/// A program of a token source: of the operation that begins, rather than of one that only refreshes.
fn tokens(api: &Api) -> Option<Vec<String>> {
    let mut tokens = api.operations.iter().filter(|op| op.token.is_some());
    let begins = tokens.clone().find(|op| op.reach == SpecReach::Own);
    let parts = Parts::of(begins.or_else(|| tokens.next())?)?;
    Some(vec![
        parts.imports(&[]),
        parts.client.to_owned(),
        format!(
            "let tokens = client.{}.token_source().build()?;",
            parts.call
        ),
        "let token = tokens.token().await?;".to_owned(),
        "println!(\"{token:?}\");".to_owned(),
        format!(
            "let api = Client::builder(){}.token_source(tokens).build()?;",
            parts.server()
        ),
        "println!(\"{api:?}\");".to_owned(),
    ])
}
