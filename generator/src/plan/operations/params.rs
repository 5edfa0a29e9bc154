//! Plans the parameters of operations.

use super::super::context::Context;
use super::super::kept::{Inner, Within};
use super::super::names::{Case, Ident, Rank, Scope};
use super::super::tree::{Explode, Location, Param, Reserved, Style, Type};
use super::super::{docs, servers, words};
use crate::model;

/// The parameters of an operation, in the scope of its call. What it is sent with has its usual names.
pub(super) fn within(op: &model::Operation, owner: &Ident, scope: Scope) -> Within {
    let otherwise = |param: &model::Param| {
        let is_taken = match words::cased(&param.wire_name, Case::Method).as_str() {
            "body" => op.body.is_some(),
            "without_body" => op.body.as_ref().is_some_and(|body| body.may_be_left_out),
            "server" => servers::is_choice(&op.servers),
            _ => false,
        };
        is_taken.then(|| format!("{} {}", param.wire_name, place(param.location)))
    };
    let inner = op.params.iter().map(|param| Inner {
        called: param.wire_name.clone(),
        among: place(param.location),
        otherwise: otherwise(param),
        rank: if param.required {
            Rank::Named
        } else {
            Rank::Derived
        },
        at: param.at.push(place(param.location)),
    });
    Within {
        owner: owner.plain().to_owned(),
        scope,
        inner: inner.collect(),
        names: Vec::new(),
    }
}

/// The parameters as arguments, in the order path, query, header, cookie, and as setters.
pub(super) fn plan_params(
    cx: &Context<'_>,
    scope: &mut Scope,
    params: &[model::Param],
    names: &[Ident],
) -> (Vec<Param>, Vec<Param>) {
    let mut planned: Vec<(bool, Param)> = params
        .iter()
        .zip(names)
        .map(|(param, name)| (param.required, plan_param(cx, param, name.clone())))
        .collect();
    for ((_, planned), param) in planned.iter_mut().zip(params) {
        let has_empty_text = matches!(planned.ty, Type::String | Type::Secret);
        if param.allow_empty && !has_empty_text {
            let wish = format!("{} empty", planned.name.plain());
            let name = docs::code(&format!("{}=", param.wire_name));
            let said = format!("Sends {name} without a value, as the API's description allows.");
            planned.empty = Some((scope.claim(&wish, Case::Method), vec![said]));
        }
    }
    planned.sort_by_key(|(_, param)| param.location);
    let (args, setters): (Vec<_>, Vec<_>) =
        planned.into_iter().partition(|(required, _)| *required);
    let plain = |list: Vec<(bool, Param)>| list.into_iter().map(|(_, param)| param).collect();
    (plain(args), plain(setters))
}

fn place(location: model::Location) -> &'static str {
    match location {
        model::Location::Path => "path",
        model::Location::Query => "query",
        model::Location::Header => "header",
        model::Location::Cookie => "cookie",
    }
}

fn plan_param(cx: &Context<'_>, param: &model::Param, name: Ident) -> Param {
    let ty = cx.inner(&param.schema);
    let mut lines = docs::lines(&param.docs);
    if lines.is_empty() {
        lines.push(format!(
            "The {} parameter {}.",
            place(param.location),
            docs::code(&param.wire_name)
        ));
    }
    if let Some(limits) = docs::limits_line(&docs::limits_of(&param.schema, &ty)) {
        lines.extend([String::new(), limits]);
    }
    Param {
        name,
        wire_name: param.wire_name.clone(),
        docs: lines,
        ty,
        location: location(param.location),
        style: style(param.style),
        explode: explode(param.explode),
        reserved: reserved(param.allow_reserved),
        empty: None,
    }
}

/// The place of a parameter or key.
pub(in super::super) fn location(location: model::Location) -> Location {
    match location {
        model::Location::Path => Location::Path,
        model::Location::Query => Location::Query,
        model::Location::Header => Location::Header,
        model::Location::Cookie => Location::Cookie,
    }
}

pub(super) fn explode(explode: bool) -> Explode {
    if explode { Explode::Yes } else { Explode::No }
}

pub(super) fn reserved(allowed: bool) -> Reserved {
    if allowed {
        Reserved::Kept
    } else {
        Reserved::Encoded
    }
}

pub(super) fn style(style: model::Style) -> Style {
    match style {
        model::Style::Simple => Style::Simple,
        model::Style::Label => Style::Label,
        model::Style::Matrix => Style::Matrix,
        model::Style::Form => Style::Form,
        model::Style::SpaceDelimited => Style::SpaceDelimited,
        model::Style::PipeDelimited => Style::PipeDelimited,
        model::Style::DeepObject => Style::DeepObject,
        model::Style::TabDelimited => Style::TabDelimited,
        model::Style::Cookie => Style::Cookie,
        model::Style::Json => Style::Json,
        model::Style::Text => Style::Text,
        model::Style::Urlencoded => Style::Urlencoded,
    }
}
