//! Compares two states of an API: what changed, whom it breaks, and whether it touches security.
//!
//! In: of each state the [`model`] and the [`plan`]. Out: a [`Review`], which is data; [`markdown`](fn@markdown)
//! and [`json`](fn@json) make text of it.
//!
//! Two layers answer two questions. What breaks Rust consumers is asked of the plan: its public items, as the
//! generated crate has them, form a *surface*, and two surfaces are compared line by line. What breaks the wire,
//! which is an old client before a new server, is asked of the model: what is sent may only be taken more
//! widely, and what is received may only become narrower. Both speak of [`Place`]s, and what is found at one
//! place is one [`Finding`]. What has another name in one layer and not in the other is told as a renaming, once.

mod json;
mod kinds;
mod limits;
mod markdown;
mod merge;
mod operations;
mod pairs;
mod places;
mod schemas;
mod schemes;
mod security;
mod servers;
mod surface;
mod types;
mod uses;

pub use json::json;
pub use kinds::Kind;
pub use markdown::markdown;
pub use places::{OperationPart, Place, TypePart};

use crate::pointer::Pointer;
use crate::{model, plan};

/// One state of an API.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    /// What its document means.
    pub model: &'a model::Api,
    /// What is made of it.
    pub plan: &'a plan::Api,
}

/// What became of the APIs of a crate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// Those that changed, by the names of their modules.
    pub apis: Vec<ApiReview>,
}

/// What became of an API.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiReview {
    /// Its module.
    pub module: String,
    /// How the version of a crate with this API alone would go on.
    pub step: Step,
    /// What changed, the weightiest first.
    pub findings: Vec<Finding>,
}

/// How the version of the generated crate goes on (Semantic Versioning 2.0.0): what its Rust consumers notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The generated code is the same.
    #[default]
    None,
    /// Its public items are the same.
    Patch,
    /// Items are added.
    Minor,
    /// Programs that use the crate may no longer compile.
    Major,
}

/// What a change means for those who knew the state before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// They cannot tell.
    #[default]
    None,
    /// What they do goes on as before.
    Compatible,
    /// What they do may fail.
    Breaking,
}

/// Where a change of security goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Secrets are kept better, or more is asked of who calls.
    Stronger,
    /// Somebody has to look.
    Changed,
    /// Secrets go elsewhere or show, or less is asked of who calls.
    Weaker,
}

/// A change.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What kind of change it is.
    pub kind: Kind,
    /// What changed.
    pub place: Place,
    /// Where that stands: in the new document, or in the old one if it is gone.
    pub at: Option<Pointer>,
    /// What is different, in words; texts of documents stand in it as code spans.
    pub message: String,
    /// What it means for programs that use the generated crate.
    pub rust: Effect,
    /// What it means for an old client before a new server.
    pub wire: Effect,
    /// What it means for security, if anything.
    pub security: Option<Turn>,
    /// The operations that a type travels with, as places call them, where it is about a type.
    pub operations: Vec<String>,
    /// The public items that show it.
    pub items: Vec<ItemChange>,
}

/// A public item of the generated crate before and after, each as a line of Rust.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemChange {
    /// What it was; `None` if it is new.
    pub old: Option<String>,
    /// What it is; `None` if it is gone.
    pub new: Option<String>,
    /// What that means for programs that use it.
    pub effect: Effect,
}

impl Finding {
    fn new(kind: Kind, place: Place, message: impl Into<String>) -> Self {
        Self {
            kind,
            place,
            at: None,
            message: message.into(),
            rust: Effect::None,
            wire: Effect::None,
            security: None,
            operations: Vec::new(),
            items: Vec::new(),
        }
    }

    fn at(mut self, at: &Pointer) -> Self {
        self.at = Some(at.clone());
        self
    }

    fn wire(mut self, effect: Effect) -> Self {
        self.wire = effect;
        self
    }

    fn rust(mut self, effect: Effect) -> Self {
        self.rust = effect;
        self
    }

    fn security(mut self, turn: Turn) -> Self {
        self.security = Some(turn);
        self
    }

    /// Whether it breaks anybody.
    #[must_use]
    pub fn breaks(&self) -> bool {
        self.rust == Effect::Breaking || self.wire == Effect::Breaking
    }

    /// Whether it is about security, and no improvement.
    #[must_use]
    pub fn worries(&self) -> bool {
        self.security.is_some_and(|turn| turn > Turn::Stronger)
    }
}

impl Review {
    /// How the version of the generated crate goes on.
    #[must_use]
    pub fn step(&self) -> Step {
        let steps = self.apis.iter().map(|api| api.step);
        steps.max().unwrap_or_default()
    }

    /// All changes.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.apis.iter().flat_map(|api| &api.findings)
    }
}

/// Compares two states of an API.
#[must_use]
pub fn review(old: State<'_>, new: State<'_>) -> ApiReview {
    let pairs = pairs::Pairs::new(old, new);
    let mut found = Vec::new();
    schemes::compare(old.model, new.model, &mut found);
    servers::compare(old.model, new.model, &mut found);
    let mut walk = types::Walk::new(&pairs);
    operations::compare(&mut walk);
    walk.finish();
    found.append(&mut walk.found);
    let renames = pairs::renames(&pairs, &walk.met);
    security::compare(&pairs, &mut found);
    let mut before = surface::surface(old.plan, new.plan, &renames);
    let mut after = surface::surface(new.plan, old.plan, &pairs::Renames::default());
    surface::features(old.plan, new.plan, &mut before, &mut after);
    pairs::tell(&pairs, &renames, &mut found);
    let mut findings = merge::merge(found, surface::diff(&before, &after));
    uses::tell(old, new, &mut findings);
    finished(new.plan.module.plain(), findings, differ(old, new))
}

/// What there is to say of an API that came or went.
#[must_use]
pub fn whole(state: State<'_>, kind: Kind) -> ApiReview {
    let module = state.plan.module.plain();
    let (effect, step, message) = match kind {
        Kind::ApiRemoved => (Effect::Breaking, Step::Major, "is gone"),
        _ => (Effect::Compatible, Step::Minor, "is new"),
    };
    let wire = match kind {
        Kind::ApiRemoved => Effect::Breaking,
        _ => Effect::None,
    };
    let count = state.plan.operations.len();
    let message = format!("{message}, with its {count} operations");
    let mut finding = Finding::new(kind, Place::Api, message)
        .rust(effect)
        .wire(wire);
    if state.model.operations.iter().any(|op| op.token.is_some()) {
        finding = finding.security(Turn::Changed);
    }
    ApiReview {
        module: module.to_owned(),
        step,
        findings: vec![finding],
    }
}

/// Sorts findings, and says what follows from them.
fn finished(module: &str, mut findings: Vec<Finding>, text: Text) -> ApiReview {
    if findings.is_empty() && text == Text::Differs {
        let message = "documentation, examples or other text of the generated code";
        findings.push(Finding::new(Kind::TextChanged, Place::Api, message));
    }
    findings.sort_by_cached_key(|finding| {
        let weight = (finding.security, finding.rust.max(finding.wire));
        let place = finding.place.to_string();
        (std::cmp::Reverse(weight), place, finding.kind)
    });
    let step = match findings.iter().map(|finding| finding.rust).max() {
        Some(Effect::Breaking) => Step::Major,
        Some(Effect::Compatible) => Step::Minor,
        Some(Effect::None) => Step::Patch,
        None => Step::None,
    };
    ApiReview {
        module: module.to_owned(),
        step,
        findings,
    }
}

/// Whether generated code differs at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Same,
    Differs,
}

fn differ(old: State<'_>, new: State<'_>) -> Text {
    let mut old = old.plan.clone();
    old.types.clone_from(&new.plan.types);
    old.spec.clone_from(&new.plan.spec);
    match old == *new.plan {
        true => Text::Same,
        false => Text::Differs,
    }
}
