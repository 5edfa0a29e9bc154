//! Brings together what both layers found at one place.

use std::collections::{BTreeMap, HashMap};

use super::surface::Difference;
use super::{Finding, ItemChange, Kind, OperationPart, Place, TypePart};
use crate::plan::doc_code;

/// One finding for each change: those of the wire, with the items that show them, and items that nothing on the
/// wire explains.
pub(super) fn merge(found: Vec<Finding>, differences: Vec<Difference>) -> Vec<Finding> {
    let mut findings = unified(found);
    let mut by_place: HashMap<Place, Vec<usize>> = HashMap::new();
    for (index, finding) in findings.iter().enumerate() {
        by_place
            .entry(finding.place.clone())
            .or_default()
            .push(index);
        // what is about a part may explain what is about the whole
        if let Some(whole) = group(&finding.place) {
            by_place.entry(whole).or_default().push(index);
        }
    }
    let mut alone: BTreeMap<Place, Vec<ItemChange>> = BTreeMap::new();
    for difference in differences {
        for place in difference.blamed {
            let known = by_place.get(&place).map(Vec::as_slice).unwrap_or_default();
            let explained = explaining(&findings, known, &place);
            if explained.is_empty() {
                alone
                    .entry(place)
                    .or_default()
                    .push(difference.change.clone());
                continue;
            }
            for index in explained {
                show(&mut findings[index], difference.change.clone());
            }
        }
    }
    findings.extend(alone.into_iter().map(|(place, items)| lone(place, items)));
    findings
}

/// The place that stands for all of its kind: responses for results, parts of types for types.
fn group(place: &Place) -> Option<Place> {
    match place {
        Place::Operation(operation, OperationPart::Response(status)) => {
            let part = match status.starts_with('2') {
                true => OperationPart::Output,
                false => OperationPart::Failure,
            };
            Some(Place::Operation(operation.clone(), part))
        }
        Place::Type(name, TypePart::Field(_) | TypePart::Variant(_) | TypePart::Value(_)) => {
            Some(Place::Type(name.clone(), TypePart::Whole))
        }
        Place::Operation(_, OperationPart::Header(_)) => place.whole(),
        Place::Server(_) => Some(Place::Api),
        _ => None,
    }
}

/// The findings that explain a difference at a place: those of the place itself, of which the first one that
/// changes Rust is enough; else all results of the operation, or the first member of the type.
fn explaining(findings: &[Finding], known: &[usize], place: &Place) -> Vec<usize> {
    let own: Vec<usize> = known
        .iter()
        .copied()
        .filter(|index| findings[*index].place == *place)
        .collect();
    if let Some(first) = own.iter().find(|index| shapes_rust(findings[**index].kind)) {
        return vec![*first];
    }
    let parts = known
        .iter()
        .copied()
        .filter(|index| findings[*index].place != *place);
    let mut parts: Vec<usize> = parts
        .filter(|index| shapes_rust(findings[*index].kind))
        .collect();
    match place {
        Place::Operation(_, OperationPart::Output | OperationPart::Failure) => {}
        _ => parts.truncate(1),
    }
    parts
}

/// Whether a change of this kind may change Rust, and so explains that Rust changed.
fn shapes_rust(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::LimitsChanged
            | Kind::DefaultChanged
            | Kind::XmlChanged
            | Kind::DeprecationChanged
            | Kind::ParameterEncoded
            | Kind::TagChanged
            | Kind::ServerChanged
            | Kind::TokenUrlMoved
            | Kind::OperationMoved
    )
}

fn show(finding: &mut Finding, change: ItemChange) {
    finding.rust = finding.rust.max(change.effect);
    if !finding.items.contains(&change) {
        finding.items.push(change);
    }
}

/// What only Rust shows.
fn lone(place: Place, items: Vec<ItemChange>) -> Finding {
    let message = match items.as_slice() {
        [
            ItemChange {
                old: Some(old),
                new: Some(new),
                ..
            },
        ] => format!("is {} instead of {}", doc_code(new), doc_code(old)),
        [
            ItemChange {
                old: None,
                new: Some(new),
                ..
            },
        ] => format!("{} is new", doc_code(new)),
        [
            ItemChange {
                old: Some(old),
                new: None,
                ..
            },
        ] => format!("{} is gone", doc_code(old)),
        items => format!("{} public items of Rust are others", items.len()),
    };
    let kind = match (&place, items.first()) {
        (Place::Feature(_), Some(ItemChange { old: None, .. })) => Kind::FeatureAdded,
        (Place::Feature(_), _) => Kind::FeatureRemoved,
        _ => Kind::RustChanged,
    };
    let mut finding = Finding::new(kind, place, message);
    for change in items {
        show(&mut finding, change);
    }
    finding
}

/// Findings that say the same of one place are one, with the worse effect: what is sent and received is looked at
/// for both.
fn unified(found: Vec<Finding>) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    let mut known: HashMap<(Kind, Place, String), usize> = HashMap::new();
    for finding in found {
        let key = (finding.kind, finding.place.clone(), finding.message.clone());
        let Some(index) = known.get(&key) else {
            known.insert(key, out.len());
            out.push(finding);
            continue;
        };
        let one = &mut out[*index];
        one.wire = one.wire.max(finding.wire);
        one.rust = one.rust.max(finding.rust);
        one.security = one.security.max(finding.security);
        for change in finding.items {
            show(one, change);
        }
    }
    out
}
