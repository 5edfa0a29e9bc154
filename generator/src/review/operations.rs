//! What became of operations on the wire.

use std::collections::BTreeSet;

use super::pairs::{display, place};
use super::schemas::Spot;
use super::types::{Walk, Way};
use super::{Effect, Finding, Kind, OperationPart, Place};
use crate::model::{Body, Header, Location, Media, Operation, Param, Response, Status, Webhook};
use crate::plan::doc_code;

/// Compares the operations that are in both states, and the requests that the API sends by itself.
pub(super) fn compare(walk: &mut Walk<'_>) {
    for (old, new) in &walk.pairs.operations {
        if let (Some(old), Some(new)) = (old, new) {
            operation(walk, old, new);
        }
    }
    webhooks(walk);
}

fn operation<'a>(walk: &mut Walk<'a>, old: &'a Operation, new: &'a Operation) {
    let spot = Spot {
        place: place(new),
        at: new.at.clone(),
    };
    let shapes = [old, new].map(|op| (op.method.as_str(), positions(&op.path)));
    if shapes[0] != shapes[1] {
        let message = format!("was {}", doc_code(&display(old)));
        walk.add(Kind::OperationMoved, &spot, message, Effect::Breaking);
    }
    if old.docs.deprecated != new.docs.deprecated {
        let (message, effect) = match new.docs.deprecated {
            true => ("is deprecated", Effect::Compatible),
            false => ("is no longer deprecated", Effect::None),
        };
        let finding = Finding::new(Kind::DeprecationChanged, spot.place.clone(), message);
        walk.found.push(finding.at(&spot.at).rust(effect));
    }
    params(walk, &spot, old, new);
    bodies(walk, &spot, old.body.as_ref(), new.body.as_ref());
    responses(walk, &spot, &old.responses, &new.responses);
    if old.pagination != new.pagination {
        let message = match (&old.pagination, &new.pagination) {
            (None, _) => "are known",
            (_, None) => "are no longer known",
            _ => "follow one another in another way",
        };
        let finding = Finding::new(
            Kind::PaginationChanged,
            spot.place.part(OperationPart::Pages),
            message,
        );
        walk.found.push(finding.at(&spot.at));
    }
}

/// A path as its parts between parameters.
fn positions(path: &str) -> Vec<&str> {
    let parts = path.split('{');
    let tail = |part: &'_ str| part.find('}').map_or(0, |end| end + 1);
    parts
        .enumerate()
        .map(|(index, part)| {
            if index == 0 {
                part
            } else {
                &part[tail(part)..]
            }
        })
        .collect()
}

/// The names between the braces of a path.
fn names(path: &str) -> Vec<&str> {
    let after = path.split('{').skip(1);
    after
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// Whether two parameters are one: by name, or by place in a path that is otherwise the same.
fn are_one(old: &Operation, new: &Operation, before: &Param, after: &Param) -> bool {
    if before.location != after.location {
        return false;
    }
    match before.location {
        Location::Header => before.wire_name.eq_ignore_ascii_case(&after.wire_name),
        Location::Path if positions(&old.path) == positions(&new.path) => {
            let place = |path: &str, name: &str| names(path).iter().position(|one| *one == name);
            place(&old.path, &before.wire_name) == place(&new.path, &after.wire_name)
        }
        _ => before.wire_name == after.wire_name,
    }
}

fn params<'a>(walk: &mut Walk<'a>, spot: &Spot, old: &'a Operation, new: &'a Operation) {
    let mut left: Vec<&'a Param> = old.params.iter().collect();
    let mut added: Vec<&'a Param> = Vec::new();
    for after in &new.params {
        match left
            .iter()
            .position(|before| are_one(old, new, before, after))
        {
            Some(found) => {
                let before = left.remove(found);
                param(walk, &part(spot, after), before, after);
            }
            None => added.push(after),
        }
    }
    for after in added {
        let spot = part(spot, after);
        let moved = left
            .iter()
            .position(|before| before.wire_name == after.wire_name);
        if let Some(found) = moved {
            let before = left.remove(found);
            let message = format!(
                "was a {} parameter",
                super::places::in_words(before.location)
            );
            walk.add(Kind::ParameterMoved, &spot, message, Effect::Breaking);
            needed(walk, &spot, before, after);
            walk.schema(&spot, &before.schema, &after.schema, Way::Sent);
            continue;
        }
        let (message, effect) = match after.required {
            true => ("is new, and required", Effect::Breaking),
            false => ("is new", Effect::Compatible),
        };
        walk.add(Kind::ParameterAdded, &spot, message, effect);
    }
    for before in left {
        let mut spot = part(spot, before);
        spot.at = before.at.clone();
        walk.add(Kind::ParameterRemoved, &spot, "is gone", Effect::Compatible);
    }
}

fn part(spot: &Spot, param: &Param) -> Spot {
    let part = OperationPart::Parameter(param.location, param.wire_name.clone());
    Spot {
        place: spot.place.part(part),
        at: param.at.clone(),
    }
}

fn needed(walk: &mut Walk<'_>, spot: &Spot, old: &Param, new: &Param) {
    match (old.required, new.required) {
        (false, true) => {
            walk.add(
                Kind::ParameterRequired,
                spot,
                "is required",
                Effect::Breaking,
            );
        }
        (true, false) => {
            walk.add(
                Kind::ParameterOptional,
                spot,
                "may be left out",
                Effect::Compatible,
            );
        }
        _ => {}
    }
}

fn param<'a>(walk: &mut Walk<'a>, spot: &Spot, old: &'a Param, new: &'a Param) {
    needed(walk, spot, old, new);
    let written = |param: &Param| (param.style, param.explode, param.allow_reserved);
    if written(old) != written(new) {
        let text = |param: &Param| {
            let explode = if param.explode { ", exploded" } else { "" };
            let reserved = if param.allow_reserved {
                ", with reserved characters"
            } else {
                ""
            };
            format!("{:?}{explode}{reserved}", param.style).to_lowercase()
        };
        let message = format!("is written {} instead of {}", text(new), text(old));
        walk.add(Kind::ParameterEncoded, spot, message, Effect::Breaking);
    } else if old.allow_empty && !new.allow_empty {
        let message = "may no longer go without a value";
        walk.add(Kind::ParameterEncoded, spot, message, Effect::Breaking);
    } else if new.allow_empty && !old.allow_empty {
        let message = "may go without a value";
        walk.add(Kind::ParameterEncoded, spot, message, Effect::Compatible);
    }
    walk.schema(spot, &old.schema, &new.schema, Way::Sent);
}

fn bodies<'a>(walk: &mut Walk<'a>, spot: &Spot, old: Option<&'a Body>, new: Option<&'a Body>) {
    let mut spot = Spot {
        place: spot.place.part(OperationPart::Body),
        at: spot.at.clone(),
    };
    match (old, new) {
        (None, None) => {}
        (None, Some(body)) => {
            spot.at = body.at.clone();
            let (message, effect) = match body.required {
                true => ("is new, and required", Effect::Breaking),
                false => ("is new", Effect::Compatible),
            };
            walk.add(Kind::BodyAdded, &spot, message, effect);
        }
        (Some(body), None) => {
            spot.at = body.at.clone();
            walk.add(Kind::BodyRemoved, &spot, "is gone", Effect::Breaking);
        }
        (Some(old), Some(new)) => {
            spot.at = new.at.clone();
            match (old.required, new.required) {
                (false, true) => {
                    walk.add(Kind::BodyRequired, &spot, "is required", Effect::Breaking);
                }
                (true, false) => {
                    walk.add(
                        Kind::BodyOptional,
                        &spot,
                        "may be left out",
                        Effect::Compatible,
                    );
                }
                _ => {}
            }
            contents(walk, &spot, &old.content, &new.content, Way::Sent);
        }
    }
}

fn contents<'a>(walk: &mut Walk<'a>, spot: &Spot, old: &'a [Media], new: &'a [Media], way: Way) {
    for before in old {
        let Some(after) = new.iter().find(|one| one.media_type == before.media_type) else {
            let message = format!("can no longer be {}", doc_code(&before.media_type));
            walk.add(Kind::MediaTypeRemoved, spot, message, way.other());
            continue;
        };
        let spot = Spot {
            place: spot.place.clone(),
            at: after.at.clone(),
        };
        if before.encoding != after.encoding || before.in_turn != after.in_turn {
            let message = format!("{} is written in another way", doc_code(&after.media_type));
            walk.add(Kind::BodyEncoded, &spot, message, way.other());
        }
        match (&before.schema, &after.schema) {
            (Some(old), Some(new)) => walk.schema(&spot, old, new, way),
            (None, Some(_)) => {
                let message = "is described, and was any value";
                walk.add(Kind::TypeChanged, &spot, message, way.narrower());
            }
            (Some(_), None) => {
                let message = "is no longer described";
                walk.add(Kind::TypeChanged, &spot, message, way.wider());
            }
            (None, None) => {}
        }
    }
    for after in new {
        if !old.iter().any(|one| one.media_type == after.media_type) {
            let message = format!("may be {}", doc_code(&after.media_type));
            // where nothing came before, a client reads nothing, and loses nothing
            walk.add(Kind::MediaTypeAdded, spot, message, Effect::Compatible);
        }
    }
}

/// The text of a status.
pub(super) fn status_text(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(hundred) => format!("{hundred}XX"),
        Status::Default => "default".to_owned(),
    }
}

fn is_success(status: Status) -> bool {
    match status {
        Status::Code(code) => (200..300).contains(&code),
        Status::Range(hundred) => hundred == 2,
        Status::Default => false,
    }
}

fn responses<'a>(walk: &mut Walk<'a>, spot: &Spot, old: &'a [Response], new: &'a [Response]) {
    let of = |response: &Response| Spot {
        place: spot
            .place
            .part(OperationPart::Response(status_text(response.status))),
        at: response.at.clone(),
    };
    for before in old {
        match new.iter().find(|one| one.status == before.status) {
            Some(after) => response(walk, &of(after), before, after),
            None => {
                let effect = match is_success(before.status) {
                    true => Effect::Breaking,
                    false => Effect::Compatible,
                };
                walk.add(Kind::StatusRemoved, &of(before), "is gone", effect);
            }
        }
    }
    for after in new {
        if old.iter().any(|one| one.status == after.status) {
            continue;
        }
        // a success that nobody spoke of is read as one that was declared
        let known = old.iter().any(|one| covers(one.status, after.status));
        let effect = match is_success(after.status) && !known {
            true => Effect::Breaking,
            false => Effect::Compatible,
        };
        walk.add(Kind::StatusAdded, &of(after), "is new", effect);
    }
}

/// Whether a response stands for a status.
fn covers(known: Status, status: Status) -> bool {
    match (known, status) {
        (Status::Default, _) => true,
        (Status::Range(hundred), Status::Code(code)) => u16::from(hundred) == code / 100,
        (known, status) => known == status,
    }
}

fn response<'a>(walk: &mut Walk<'a>, spot: &Spot, old: &'a Response, new: &'a Response) {
    contents(walk, spot, &old.content, &new.content, Way::Received);
    let same = |old: &Header, new: &Header| old.wire_name.eq_ignore_ascii_case(&new.wire_name);
    let of = |header: &Header| Spot {
        place: spot
            .place
            .part(OperationPart::Header(header.wire_name.to_ascii_lowercase())),
        at: spot.at.clone(),
    };
    for before in &old.headers {
        let Some(after) = new.headers.iter().find(|after| same(before, after)) else {
            let effect = match before.required {
                true => Effect::Breaking,
                false => Effect::Compatible,
            };
            walk.add(Kind::HeaderRemoved, &of(before), "is gone", effect);
            continue;
        };
        match (before.required, after.required) {
            (true, false) => {
                walk.add(
                    Kind::HeaderOptional,
                    &of(after),
                    "may be missing",
                    Effect::Breaking,
                );
            }
            (false, true) => {
                let message = "is always there";
                walk.add(
                    Kind::HeaderRequired,
                    &of(after),
                    message,
                    Effect::Compatible,
                );
            }
            _ => {}
        }
        walk.schema(&of(after), &before.schema, &after.schema, Way::Received);
    }
    for after in &new.headers {
        if !old.headers.iter().any(|before| same(before, after)) {
            walk.add(Kind::HeaderAdded, &of(after), "is new", Effect::Compatible);
        }
    }
}

fn webhooks(walk: &mut Walk<'_>) {
    let (old, new) = (&walk.old().webhooks, &walk.new_api().webhooks);
    let key = |hook: &Webhook| (hook.wire_name.clone(), hook.method.clone());
    let spot = |hook: &Webhook| Spot {
        place: Place::Webhook(hook.wire_name.clone()),
        at: hook.at.clone(),
    };
    let known: BTreeSet<_> = old.iter().map(key).collect();
    for before in old {
        match new.iter().find(|after| key(after) == key(before)) {
            Some(after) => {
                contents(
                    walk,
                    &spot(after),
                    &before.content,
                    &after.content,
                    Way::Received,
                );
            }
            None => walk.add(
                Kind::WebhookRemoved,
                &spot(before),
                "is gone",
                Effect::Breaking,
            ),
        }
    }
    for after in new.iter().filter(|after| !known.contains(&key(after))) {
        walk.add(
            Kind::WebhookAdded,
            &spot(after),
            "is new",
            Effect::Compatible,
        );
    }
}
