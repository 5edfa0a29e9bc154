//! What became of the security of operations: who may call them with what, and where secrets go.

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::{Pairs, place};
use super::{Effect, Finding, Kind, OperationPart, Turn, schemes, servers};
use crate::model::{
    self, Api, Location, Operation, Param, Requirement, Schema, Shape, StringFormat, TokenCall,
};
use crate::plan::{doc_code, token_rows};

/// Compares the operations that are in both states, and looks at new ones.
pub(super) fn compare(pairs: &Pairs<'_>, found: &mut Vec<Finding>) {
    for (old, new) in &pairs.operations {
        if let (Some(old), Some(new)) = (old, new) {
            requirements(pairs, old, new, found);
            tokens(pairs, old, new, found);
        }
        if let Some(new) = new {
            secrets(pairs, *old, new, found);
        }
    }
    servers::of_operations(pairs, found);
}

/// Whether nothing is needed to call the operation.
fn is_open(operation: &Operation) -> bool {
    operation.security.is_empty() || operation.security.iter().any(Vec::is_empty)
}

fn finding(op: &Operation, kind: Kind, message: impl Into<String>, turn: Turn) -> Finding {
    Finding::new(kind, place(op).part(OperationPart::Security), message)
        .at(&op.at)
        .security(turn)
}

fn requirements(pairs: &Pairs<'_>, old: &Operation, new: &Operation, found: &mut Vec<Finding>) {
    match (is_open(old), is_open(new)) {
        (false, true) => {
            let message = "can be called without credentials";
            let finding = finding(new, Kind::SecurityDropped, message, Turn::Weaker);
            found.push(finding.wire(Effect::Compatible));
        }
        (true, false) => {
            let message = "can no longer be called without credentials";
            let finding = finding(new, Kind::SecurityRequired, message, Turn::Stronger);
            found.push(finding.wire(Effect::Breaking));
        }
        _ => {}
    }
    let (before, after) = (alternatives(old), alternatives(new));
    scopes(new, &before, &after, found);
    let gone: Vec<&Schemes> = before
        .keys()
        .filter(|one| !after.contains_key(*one))
        .collect();
    let came: Vec<&Schemes> = after
        .keys()
        .filter(|one| !before.contains_key(*one))
        .collect();
    let list = |all: &[&Schemes]| {
        let all = all.iter().map(|one| {
            let names: Vec<String> = one.iter().map(|name| doc_code(name)).collect();
            names.join(" with ")
        });
        all.collect::<Vec<_>>().join(" or ")
    };
    let is_told = is_open(new) && after.is_empty();
    if !(gone.is_empty() || is_told) {
        let message = format!("no longer takes {}", list(&gone));
        // whoever needs nothing now is not kept out by what is not taken
        let effect = match is_open(new) {
            true => Effect::Compatible,
            false => Effect::Breaking,
        };
        let finding = finding(new, Kind::SecurityChanged, message, Turn::Changed);
        found.push(finding.wire(effect));
    }
    if came.is_empty() || is_open(old) {
        return;
    }
    let weakest = |api: &Api, all: &mut dyn Iterator<Item = &Schemes>| {
        all.map(|one| strength(api, one)).min().unwrap_or(u8::MAX)
    };
    let was = weakest(pairs.old.model, &mut before.keys());
    let is = weakest(pairs.new.model, &mut came.iter().copied());
    let (kind, turn) = match is < was {
        true => (Kind::SchemeWeakened, Turn::Weaker),
        false => (Kind::SecurityChanged, Turn::Changed),
    };
    let message = format!("takes {}", list(&came));
    found.push(finding(new, kind, message, turn).wire(Effect::Compatible));
}

/// Schemes that go together.
type Schemes = BTreeSet<String>;

fn alternatives(operation: &Operation) -> BTreeMap<Schemes, BTreeSet<(String, String)>> {
    let mut all: BTreeMap<Schemes, BTreeSet<(String, String)>> = BTreeMap::new();
    for alternative in operation.security.iter().filter(|one| !one.is_empty()) {
        let schemes = alternative.iter().map(|one| one.scheme.clone()).collect();
        let scopes = |one: &Requirement| -> Vec<(String, String)> {
            let scopes = one.scopes.iter();
            scopes
                .map(|scope| (one.scheme.clone(), scope.clone()))
                .collect()
        };
        all.entry(schemes)
            .or_insert_with(|| alternative.iter().flat_map(scopes).collect());
    }
    all
}

/// The strongest of the schemes that go together.
fn strength(api: &Api, all: &Schemes) -> u8 {
    let known = api
        .schemes
        .iter()
        .filter(|one| all.contains(&one.wire_name));
    known
        .map(|one| schemes::strength(&one.kind))
        .max()
        .unwrap_or(u8::MAX)
}

fn scopes(
    new: &Operation,
    old: &BTreeMap<Schemes, BTreeSet<(String, String)>>,
    all: &BTreeMap<Schemes, BTreeSet<(String, String)>>,
    found: &mut Vec<Finding>,
) {
    for (schemes, after) in all {
        let Some(before) = old.get(schemes) else {
            continue;
        };
        let list = |all: Vec<&(String, String)>| {
            let all = all.into_iter().map(|(_, scope)| doc_code(scope));
            all.collect::<Vec<_>>().join(", ")
        };
        let came: Vec<_> = after.difference(before).collect();
        let gone: Vec<_> = before.difference(after).collect();
        if !came.is_empty() {
            let message = format!("needs the scopes {} as well", list(came));
            let finding = finding(new, Kind::ScopesWidened, message, Turn::Weaker);
            found.push(finding.wire(Effect::Breaking));
        }
        if !gone.is_empty() {
            let message = format!("no longer needs the scopes {}", list(gone));
            let finding = finding(new, Kind::ScopesNarrowed, message, Turn::Changed);
            found.push(finding.wire(Effect::Compatible));
        }
    }
}

/// Secrets among the parameters that stand in the URL and did not.
fn secrets(pairs: &Pairs<'_>, old: Option<&Operation>, new: &Operation, found: &mut Vec<Finding>) {
    let shows = |api: &Api, param: &Param| {
        matches!(param.location, Location::Query | Location::Path) && is_secret(api, &param.schema)
    };
    for param in new.params.iter().filter(|one| shows(pairs.new.model, one)) {
        let mut olds = old.into_iter().flat_map(|op| &op.params);
        let known = olds.any(|one| {
            one.wire_name == param.wire_name
                && one.location == param.location
                && shows(pairs.old.model, one)
        });
        if known {
            continue;
        }
        let part = OperationPart::Parameter(param.location, param.wire_name.clone());
        let message = "is a secret in the URL, where logs keep it";
        let finding = Finding::new(Kind::SecretInQuery, place(new).part(part), message);
        found.push(finding.at(&param.at).security(Turn::Weaker));
    }
}

fn is_secret(api: &Api, schema: &Schema) -> bool {
    let mut kind = &schema.kind;
    for _ in 0..=api.types.len() {
        match kind {
            model::Kind::String(StringFormat::Secret) => return true,
            model::Kind::List(item) => kind = &item.kind,
            model::Kind::Named(id) => match &api.types[id.0].shape {
                Shape::Alias(next) => kind = &next.kind,
                _ => return false,
            },
            _ => return false,
        }
    }
    false
}

fn tokens(pairs: &Pairs<'_>, old: &Operation, new: &Operation, found: &mut Vec<Finding>) {
    let place = place(new).part(OperationPart::Token);
    let add = |kind, message: String, turn| {
        Finding::new(kind, place.clone(), message)
            .at(&new.at)
            .security(turn)
    };
    match (&old.token, &new.token) {
        (None, Some(token)) => {
            let what = crate::plan::token_kind(token.kind);
            let message = format!("the operation is {what}");
            found.push(add(Kind::TokenProfileAdded, message, Turn::Changed));
        }
        (Some(_), None) => {
            let message = "the operation no longer hands out tokens".to_owned();
            found.push(add(Kind::TokenProfileRemoved, message, Turn::Changed));
        }
        (Some(before), Some(after)) => {
            let before = rows(pairs.old.model, before);
            let after = rows(pairs.new.model, after);
            let words: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for word in words
                .into_iter()
                .filter(|word| before.get(*word) != after.get(*word))
            {
                let text = |how: Option<&String>| how.map_or("none".to_owned(), Clone::clone);
                let message = format!(
                    "{word}: {} instead of {}",
                    text(after.get(word)),
                    text(before.get(word))
                );
                found.push(add(Kind::TokenProfileChanged, message, Turn::Changed));
            }
        }
        (None, None) => {}
    }
}

/// What there is to know of a token operation, by what it is about.
fn rows(api: &Api, token: &TokenCall) -> BTreeMap<String, String> {
    let named = |at: &crate::pointer::Pointer| {
        let mut operations = api.operations.iter();
        let other = operations.find(|operation| operation.at == *at);
        other.map_or_else(String::new, |other| {
            doc_code(&format!("{} {}", other.method, other.path))
        })
    };
    let kind = (
        "kind".to_owned(),
        crate::plan::token_kind(token.kind).to_owned(),
    );
    let rows = token_rows(token, &named).into_iter();
    rows.map(|(what, how)| (what.to_owned(), how))
        .chain([kind])
        .collect()
}
