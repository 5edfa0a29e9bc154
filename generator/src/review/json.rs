//! A review for programs.

use serde_json::{Value, json};

use super::{ApiReview, Effect, Finding, Place, Review, Step, Turn};

/// The number of the shape: it grows if a member changes its meaning or goes.
const FORMAT: u8 = 1;

/// Writes a review as one JSON object, whose shape is stable. Members may come, none goes:
///
/// * `format`: 1
/// * `step`: `major`, `minor`, `patch` or `none`: how the version of the generated crate goes on
/// * `breaks`: whether it breaks `rust`, which is programs that use the crate, and `wire`, which is old clients
///   before a new server
/// * `security`: how many changes weaken security or want a look
/// * `apis`: each API that changed, with its `module`, its `step` and its `findings`, each of which has
///     * `kind`: one of [`Kind`](super::Kind), such as `field-removed`
///     * `subject`: `what` it is (`field`, `parameter`, …), the `operation`, `type`, `feature`, `server`, `scheme`
///       or `webhook` that it is a part of, and its own `name` and `in` (of parameters) where it has them
///     * `pointer`: where that stands in the new document, or in the old one if it is gone; `null` if nowhere
///     * `message`: what is different, as Markdown
///     * `rust` and `wire`: `none`, `compatible` or `breaking`
///     * `security`: `weaker`, `changed`, `stronger`, or `null`
///     * `operations`: those that send or receive a type, where it is about one
///     * `items`: the public items of Rust that show it, each with `old`, `new` (one of them may be `null`) and
///       its `effect`
#[must_use]
pub fn json(review: &Review) -> String {
    let breaks = |effect: fn(&Finding) -> Effect| {
        review
            .findings()
            .any(|finding| effect(finding) == Effect::Breaking)
    };
    let object = json!({
        "format": FORMAT,
        "step": review.step().as_str(),
        "breaks": { "rust": breaks(|finding| finding.rust), "wire": breaks(|finding| finding.wire) },
        "security": review.findings().filter(|finding| finding.worries()).count(),
        "apis": review.apis.iter().map(api).collect::<Vec<_>>(),
    });
    format!("{object:#}\n")
}

fn api(api: &ApiReview) -> Value {
    json!({
        "module": api.module,
        "step": api.step.as_str(),
        "findings": api.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    let items = finding
        .items
        .iter()
        .map(|item| json!({ "old": item.old, "new": item.new, "effect": item.effect.as_str() }));
    json!({
        "kind": finding.kind.as_str(),
        "subject": subject(&finding.place),
        "pointer": finding.at.as_ref().map(ToString::to_string),
        "message": finding.message,
        "rust": finding.rust.as_str(),
        "wire": finding.wire.as_str(),
        "security": finding.security.map(Turn::as_str),
        "operations": finding.operations,
        "items": items.collect::<Vec<_>>(),
    })
}

fn subject(place: &Place) -> Value {
    let mut object = json!({ "what": place.word() });
    let (key, value) = match place {
        Place::Api => return object,
        Place::Feature(name) => ("feature", name),
        Place::Server(url) => ("server", url),
        Place::Scheme(name) => ("scheme", name),
        Place::Webhook(name) => ("webhook", name),
        Place::Operation(operation, _) => ("operation", operation),
        Place::Type(name, _) => ("type", name),
    };
    object[key] = value.clone().into();
    if let Some(name) = place.part_name() {
        object["name"] = name.into();
    }
    if let Place::Operation(_, super::OperationPart::Parameter(location, _)) = place {
        object["in"] = super::places::in_words(*location).into();
    }
    object
}

impl Effect {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }
}

impl Turn {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stronger => "stronger",
            Self::Changed => "changed",
            Self::Weaker => "weaker",
        }
    }
}

impl Step {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}
