//! What values keep to, as the macros of the runtime take it: Rust expressions, set as people set them.

use crate::plan::{Alternative, Input, Location, Rule};
use proc_macro2::Literal;

/// A rule as an expression; `models` is the path to the module of types.
pub(super) fn rule(models: &str, rule: &Rule) -> String {
    let nested = |rules: &[Rule]| list(models, rules);
    match rule {
        Rule::Count(name, count) => format!("{name}({count})"),
        Rule::Bound(name, bound) => format!("{name}({})", text(bound)),
        Rule::Pattern(said, meant) => format!("Pattern({}, {})", text(said), text(meant)),
        Rule::Format(name) => format!("Format({})", text(name)),
        Rule::UniqueItems => "UniqueItems".to_owned(),
        Rule::Enum(values) => format!("Enum({})", texts(values)),
        Rule::Required(names) => format!("Required({})", texts(names)),
        Rule::DependentRequired(name, needed) => {
            format!("DependentRequired({}, {})", text(name), texts(needed))
        }
        Rule::Member(name, rules) => format!("Member({}, {})", text(name), nested(rules)),
        Rule::Rest(names, rules) => format!("Rest({}, {})", texts(names), nested(rules)),
        Rule::Items(rules) => format!("Items({})", nested(rules)),
        Rule::Places(places, rest) => {
            let places = places.iter().map(|rules| nested(rules));
            format!("Places({}, {})", array(places), nested(rest))
        }
        Rule::Of(name) => format!("Of({models}::{name}::__rules)"),
        Rule::Tagged(member, variants) => {
            let variants = variants
                .iter()
                .map(|(tag, rules)| format!("({}, {})", text(tag), nested(rules)));
            format!("Tagged({}, {})", text(member), array(variants))
        }
        Rule::Choice(keyword, alternatives) => {
            let alternatives = alternatives.iter().map(|one| alternative(models, one));
            format!("Choice({}, {})", text(keyword), array(alternatives))
        }
    }
}

/// What a rule of a call is about, and the rules.
pub(super) fn of_input(models: &str, input: &Input, rules: &[Rule]) -> String {
    let input = match input {
        Input::Body => "Body".to_owned(),
        Input::BodyAs(media_type) => format!("BodyAs({})", text(media_type)),
        Input::Param(location, name) => {
            let place = match location {
                Location::Path => "Path",
                Location::Query => "Query",
                Location::Header => "Header",
                Location::Cookie => "Cookie",
            };
            format!("{place}({})", text(name))
        }
    };
    format!("({input}, {})", list(models, rules))
}

fn alternative(models: &str, one: &Alternative) -> String {
    let ty = one.ty.map(|ty| format!("Type({})", text(ty)));
    let needs = (!one.needs.is_empty()).then(|| format!("Required({})", texts(&one.needs)));
    let rules = one.rules.iter().map(|one| rule(models, one));
    array(ty.into_iter().chain(needs).chain(rules))
}

fn list(models: &str, rules: &[Rule]) -> String {
    array(rules.iter().map(|one| rule(models, one)))
}

fn texts(texts: &[String]) -> String {
    array(texts.iter().map(|one| text(one)))
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("&[{}]", items.collect::<Vec<_>>().join(", "))
}

fn text(text: &str) -> String {
    Literal::string(text).to_string()
}
