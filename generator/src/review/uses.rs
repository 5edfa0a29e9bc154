//! Which operations a type travels with.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Place, pairs};
use crate::{model, plan};

/// Says of what was found about types which operations send or receive them, themselves or within others: as the new
/// state has it, or the old one of what is gone.
pub(super) fn tell(old: super::State<'_>, new: super::State<'_>, findings: &mut [Finding]) {
    let (before, after) = (LazyCell::new(|| uses(old)), LazyCell::new(|| uses(new)));
    for finding in findings {
        if let Place::Type(name, _) = &finding.place {
            let operations = after
                .get(name.as_str())
                .or_else(|| before.get(name.as_str()));
            finding.operations = operations.cloned().unwrap_or_default();
        }
    }
}

/// The operations of each type, as places call them, in the order of the document.
fn uses(state: super::State<'_>) -> BTreeMap<&str, Vec<String>> {
    let held = state.plan.models.iter().map(|model| {
        let held: Vec<&str> = model.uses.iter().map(plan::Ident::plain).collect();
        (model.name.plain(), held)
    });
    let held: BTreeMap<&str, Vec<&str>> = held.collect();
    let called = state.model.operations.iter();
    let called: BTreeMap<&crate::pointer::Pointer, &model::Operation> =
        called.map(|operation| (&operation.at, operation)).collect();
    let mut uses: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for operation in &state.plan.operations {
        let Some(called) = called.get(&operation.at) else {
            continue;
        };
        let mut open = Vec::new();
        operation.each_type(&mut |_, ty| ty.each_name(&mut |name| open.push(name.plain())));
        let mut met = BTreeSet::new();
        while let Some(name) = open.pop() {
            if met.insert(name) {
                open.extend(held.get(name).into_iter().flatten());
            }
        }
        for name in met {
            uses.entry(name).or_default().push(pairs::display(called));
        }
    }
    uses
}
