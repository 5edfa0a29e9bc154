//! Plans the servers that a caller can choose from.

use super::context::Context;
use super::docs;
use super::names::{Case, Ident, Rank, Scope, Wish};
use super::tree::{
    Server, ServerChoice, ServerPlace, ServerSetter, ServerTemplate, ServerVariable, ServerVariant,
    Servers, VariableContent, VariableValue, VariableValues,
};
use crate::diag::{Code, Diagnostics};
use crate::model;
use crate::pointer::Pointer;
use std::collections::BTreeMap;

/// Names that the module of servers has already, or uses.
const TAKEN: &[&str] = &[
    "Server",
    "String",
    "From",
    "Into",
    "Clone",
    "Copy",
    "Debug",
    "PartialEq",
    "Eq",
];

/// The type that an operation with servers of its own takes one as, by the place of the operation.
pub(super) type OfOperations = BTreeMap<Pointer, Ident>;

/// A base URL with its variables' defaults.
pub(super) fn server(server: &model::Server) -> Server {
    let variables = server.variables.iter().filter_map(|variable| {
        let default = variable.default.clone()?;
        Some((variable.wire_name.clone(), default))
    });
    Server {
        url: server.url.clone(),
        variables: variables.collect(),
    }
}

/// Plans the setter of a call that chooses among the operation's own servers.
pub(super) fn setter(
    cx: &Context<'_>,
    scope: &mut Scope,
    op: &model::Operation,
) -> Option<ServerSetter> {
    let ty = cx.server_choices.get(&op.at)?;
    Some(ServerSetter {
        name: scope.claim_or("server", "own server", Case::Method),
        ty: ty.clone(),
    })
}

/// Plans the choices of an API and of its operations.
pub(super) fn plan(api: &model::Api, diags: &mut Diagnostics) -> (Servers, OfOperations) {
    let mut lists: Vec<&[model::Server]> = Vec::new();
    let of_operations = api.operations.iter().map(|op| op.servers.as_slice());
    for list in of_operations.filter(|list| is_choice(list)) {
        if lists.iter().all(|known| !are_alike(known, list)) {
            lists.push(list);
        }
    }
    let own = is_choice(&api.servers).then_some(api.servers.as_slice());
    let named = Named::new(own, &lists);
    let choice = |name: &Ident, list: &[model::Server], docs: &str| ServerChoice {
        name: name.clone(),
        docs: vec![docs.to_owned()],
        variants: named.variants(list),
    };
    let mut planned = Servers {
        own: own.map(|list| {
            let name = Scope::default().claim("Server", Case::Type);
            choice(&name, list, "The servers that the API's description names.")
        }),
        ..Servers::default()
    };
    for (list, name) in lists.iter().zip(&named.lists) {
        if list.len() > 1 {
            let about = "Servers that operations have instead of those of the API.";
            planned.of_operations.push(choice(name, list, about));
        }
    }
    let templates = named.templates.iter();
    planned.templates = templates
        .map(|(server, name)| named.template(server, name))
        .collect();
    let values = named.values.iter();
    planned.values = values
        .map(|(place, name)| variable_values(place, name, diags))
        .collect();
    let choices = api.operations.iter().filter_map(|op| {
        let index = lists.iter().position(|list| are_alike(list, &op.servers))?;
        Some((op.at.clone(), named.lists[index].clone()))
    });
    let of_operations = choices.collect();
    (planned, of_operations)
}

/// Whether there are several, or one with variables.
pub(super) fn is_choice(servers: &[model::Server]) -> bool {
    servers.len() > 1 || servers.iter().any(|server| !server.variables.is_empty())
}

fn are_alike(a: &[model::Server], b: &[model::Server]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_alike(a, b))
}

/// Whether two servers are one, wherever they stand.
fn is_alike(a: &model::Server, b: &model::Server) -> bool {
    (&a.url, &a.variables, &a.description) == (&b.url, &b.variables, &b.description)
}

/// A variable with listed values, and where it stands.
struct Listed<'a> {
    variable: &'a model::Variable,
    at: Pointer,
}

/// The types of the module `servers`, each with its name.
struct Named<'a> {
    lists: Vec<Ident>,
    templates: Vec<(&'a model::Server, Ident)>,
    values: Vec<(Listed<'a>, Ident)>,
}

impl<'a> Named<'a> {
    fn new(own: Option<&'a [model::Server]>, lists: &[&'a [model::Server]]) -> Self {
        let mut templates: Vec<&model::Server> = Vec::new();
        let mut values: Vec<Listed<'_>> = Vec::new();
        let all = own.into_iter().chain(lists.iter().copied()).flatten();
        for server in all.filter(|server| !server.variables.is_empty()) {
            if templates.iter().any(|known| is_alike(known, server)) {
                continue;
            }
            templates.push(server);
            let listed = server.variables.iter().filter(is_listed);
            for variable in listed {
                if !values
                    .iter()
                    .any(|known| same_values(known.variable, variable))
                {
                    let at = server.at.push("variables").push(&variable.wire_name);
                    values.push(Listed { variable, at });
                }
            }
        }
        let several = |list: &&[model::Server]| list.len() > 1;
        let choices: Vec<_> = lists.iter().copied().filter(several).collect();
        let mut words = Vec::new();
        words.extend(choices.iter().map(|list| {
            let at = list[0].at.clone();
            (ending(&list[0].called, "servers"), Rank::Derived, at)
        }));
        words.extend(templates.iter().map(|server| {
            let at = server.at.clone();
            (ending(&server.called, "server"), Rank::Derived, at)
        }));
        words.extend(values.iter().map(|listed| {
            let words = vec![listed.variable.wire_name.clone()];
            (words, Rank::Named, listed.at.clone())
        }));
        let wishes: Vec<Wish<'_>> = words
            .iter()
            .map(|(words, rank, at)| Wish {
                words,
                rank: *rank,
                at,
            })
            .collect();
        let mut names = Scope::reserving(TAKEN)
            .claim_all(&wishes, &[Case::Type])
            .into_iter()
            .flatten();
        let of_choices: Vec<Ident> = names.by_ref().take(choices.len()).collect();
        let templates: Vec<_> = templates.into_iter().zip(names.by_ref()).collect();
        let values = values.into_iter().zip(names).collect();
        let mut of_choices = of_choices.into_iter();
        let of_list = |list: &&[model::Server]| match *list {
            [only] => template_of(&templates, only),
            _ => of_choices.next(),
        };
        let lists = lists.iter().filter_map(of_list).collect();
        Self {
            lists,
            templates,
            values,
        }
    }

    fn variants(&self, servers: &[model::Server]) -> Vec<ServerVariant> {
        let wishes: Vec<Wish<'_>> = servers
            .iter()
            .map(|server| Wish {
                words: &server.called.0,
                rank: Rank::Named,
                at: &server.at,
            })
            .collect();
        let names = Scope::default().claim_all(&wishes, &[Case::Variant]);
        let named = servers.iter().zip(names.into_iter().flatten());
        let variants = named.map(|(server, name)| ServerVariant {
            name,
            docs: server_docs(server),
            place: match template_of(&self.templates, server) {
                Some(template) => ServerPlace::Template(template),
                None => ServerPlace::Fixed(server.url.clone()),
            },
        });
        variants.collect()
    }

    fn template(&self, server: &model::Server, name: &Ident) -> ServerTemplate {
        let mut scope = Scope::reserving(&["new", "url", "default"]);
        let variables = server.variables.iter().map(|variable| ServerVariable {
            name: scope.claim(&variable.wire_name, Case::Field),
            wire_name: variable.wire_name.clone(),
            docs: variable_docs(variable),
            content: self.content(variable),
        });
        ServerTemplate {
            name: name.clone(),
            docs: server_docs(server),
            url: server.url.clone(),
            variables: variables.collect(),
        }
    }

    fn content(&self, variable: &model::Variable) -> VariableContent {
        let Some(default) = &variable.default else {
            return VariableContent::Needed;
        };
        let known = self
            .values
            .iter()
            .find(|(known, _)| same_values(known.variable, variable));
        let variant = known.and_then(|(known, name)| {
            let values = variants_of(known.variable);
            let usual = values.into_iter().find(|value| value.text == *default)?;
            Some(VariableContent::Listed(name.clone(), usual.name))
        });
        variant.unwrap_or_else(|| VariableContent::Text(default.clone()))
    }
}

fn template_of(templates: &[(&model::Server, Ident)], server: &model::Server) -> Option<Ident> {
    let mut templates = templates.iter();
    let known = templates.find(|(known, _)| is_alike(known, server));
    known.map(|(_, name)| name.clone())
}

fn is_listed(variable: &&model::Variable) -> bool {
    !variable.allowed.is_empty() && variable.default.is_some()
}

/// Whether one enum can stand for both: a default that is not listed is one of its values.
fn same_values(a: &model::Variable, b: &model::Variable) -> bool {
    let unlisted = |one: &model::Variable| {
        let default = one.default.clone();
        default.filter(|default| !one.allowed.contains(default))
    };
    (&a.wire_name, &a.allowed, unlisted(a)) == (&b.wire_name, &b.allowed, unlisted(b))
}

/// The words with one more at their end, unless they say it already.
fn ending(called: &model::Called, last: &str) -> Vec<String> {
    let mut words = called.0.clone();
    let said = |word: &String| word.to_ascii_lowercase().trim_end_matches('s') == "server";
    if words.len() > 1 && words.last().is_some_and(said) {
        words.pop();
    }
    words.push(last.to_owned());
    words
}

fn variable_values(listed: &Listed<'_>, name: &Ident, diags: &mut Diagnostics) -> VariableValues {
    let variable = listed.variable;
    let unlisted = variable.default.iter();
    for default in unlisted.filter(|default| !variable.allowed.contains(default)) {
        let said = format!(
            "the default of `{}`, `{default}`, is none of its values; calls take it as one",
            variable.wire_name
        );
        diags.report(Code::UnlistedDefault, &listed.at.push("default"), said);
    }
    VariableValues {
        name: name.clone(),
        docs: vec![format!(
            "The values of {}.",
            docs::code(&variable.wire_name)
        )],
        values: variants_of(variable),
    }
}

/// The values of a variable as variants, a default that is not listed at the end.
fn variants_of(variable: &model::Variable) -> Vec<VariableValue> {
    let mut texts: Vec<&String> = Vec::new();
    for text in variable.allowed.iter().chain(&variable.default) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let words: Vec<[String; 1]> = texts.iter().map(|text| [(*text).clone()]).collect();
    let at = Pointer::root();
    let wishes: Vec<Wish<'_>> = words
        .iter()
        .map(|words| Wish {
            words,
            rank: Rank::Named,
            at: &at,
        })
        .collect();
    let names = Scope::default().claim_all(&wishes, &[Case::Variant]);
    let named = names.into_iter().flatten().zip(texts);
    let values = named.map(|(name, text)| VariableValue {
        name,
        docs: vec![docs::code(text)],
        text: text.clone(),
    });
    values.collect()
}

fn server_docs(server: &model::Server) -> Vec<String> {
    let prose = server
        .description
        .as_deref()
        .map(docs::markdown)
        .unwrap_or_default();
    docs::join(vec![prose, vec![format!("{}.", docs::code(&server.url))]])
}

fn variable_docs(variable: &model::Variable) -> Vec<String> {
    let prose = variable
        .description
        .as_deref()
        .map(docs::markdown)
        .unwrap_or_default();
    let usual = variable
        .default
        .as_deref()
        .filter(|default| !default.is_empty())
        .map(|default| format!("Usually {}.", docs::code(default)));
    let lines = docs::join(vec![prose, usual.into_iter().collect()]);
    if lines.is_empty() {
        return vec![format!(
            "What stands for {}.",
            docs::code(&variable.wire_name)
        )];
    }
    lines
}
