//! Which operation and which type of one state is which of the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Effect, Finding, ItemChange, Kind, OperationPart, Place, State, Turn, TypePart};
use crate::model::{Operation, TypeId};
use crate::plan::{self, doc_code};
use crate::pointer::Pointer;

/// The two states, and the operations that are in both.
pub(super) struct Pairs<'a> {
    pub(super) old: State<'a>,
    pub(super) new: State<'a>,
    /// The operations of both states, old and new; `None` where there is none on a side.
    pub(super) operations: Vec<(Option<&'a Operation>, Option<&'a Operation>)>,
}

/// What the old state's things are called in the new one.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Types.
    pub(super) types: BTreeMap<String, String>,
    /// Operations, by where the old one stands.
    pub(super) operations: HashMap<Pointer, NewNames>,
}

/// What an operation is called.
#[derive(Clone, Debug)]
pub(super) struct NewNames {
    /// The method and path that places have.
    pub(super) display: String,
    /// The method of the client.
    pub(super) method: String,
    /// The call's type.
    pub(super) name: String,
}

/// What places call an operation.
pub(super) fn display(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// The place of an operation.
pub(super) fn place(operation: &Operation) -> Place {
    Place::Operation(display(operation), OperationPart::Whole)
}

/// A path without the names of its parameters, which nobody sends.
fn bare(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, tail)| tail);
    }
    out + rest
}

impl<'a> Pairs<'a> {
    /// Pairs operations: those with one method, path and name first, since several may share a path that fragments or
    /// queries tell apart; then those with one method and path, then those of one name.
    pub(super) fn new(old: State<'a>, new: State<'a>) -> Self {
        let generated = |state: State<'a>| -> BTreeSet<&'a Pointer> {
            state.plan.operations.iter().map(|op| &op.at).collect()
        };
        let (old_made, new_made) = (generated(old), generated(new));
        let olds = old.model.operations.iter();
        let olds: Vec<&Operation> = olds.filter(|op| old_made.contains(&op.at)).collect();
        let news = new.model.operations.iter();
        let news: Vec<&Operation> = news.filter(|op| new_made.contains(&op.at)).collect();
        let mut partner: Vec<Option<usize>> = vec![None; news.len()];
        let mut taken = vec![false; olds.len()];
        let keys: [fn(&Operation) -> String; 4] = [
            |op| format!("{} {} {}", op.method, op.path, op.called.0.join(" ")),
            |op| format!("{} {}", op.method, op.path),
            |op| format!("{} {}", op.method, bare(&op.path)),
            |op| op.called.0.join(" "),
        ];
        for key in keys {
            let mut free: HashMap<String, usize> = HashMap::new();
            for (index, op) in olds.iter().enumerate().filter(|(at, _)| !taken[*at]) {
                free.entry(key(op)).or_insert(index);
            }
            for (index, op) in news.iter().enumerate() {
                if partner[index].is_none()
                    && let Some(found) = free.remove(&key(op))
                {
                    partner[index] = Some(found);
                    taken[found] = true;
                }
            }
        }
        let both = news.iter().zip(&partner);
        let both = both.map(|(op, partner)| (partner.map(|old| olds[old]), Some(*op)));
        let gone = olds.iter().zip(&taken).filter(|(_, taken)| !**taken);
        let gone = gone.map(|(op, _)| (Some(*op), None));
        let operations = both.chain(gone).collect();
        Self {
            old,
            new,
            operations,
        }
    }

    /// The name of a type of the old state.
    pub(super) fn old_name(&self, id: TypeId) -> String {
        name(self.old.plan, id)
    }

    /// The name of a type of the new state.
    pub(super) fn new_name(&self, id: TypeId) -> String {
        name(self.new.plan, id)
    }
}

fn name(plan: &plan::Api, id: TypeId) -> String {
    let name = plan.types.get(id.0);
    name.map(|name| name.plain().to_owned()).unwrap_or_default()
}

/// Finds what has another Rust name. `met` are the types that stand for each other on the wire.
pub(super) fn renames(pairs: &Pairs<'_>, met: &[(TypeId, TypeId)]) -> Renames {
    let names = |plan: &plan::Api| -> BTreeSet<String> {
        let names = plan.types.iter();
        names.map(|name| name.plain().to_owned()).collect()
    };
    let (old_names, new_names) = (names(pairs.old.plan), names(pairs.new.plan));
    let mut renames = Renames::default();
    let mut taken = BTreeSet::new();
    let by_place: HashMap<&Pointer, usize> = {
        let types = pairs.new.model.types.iter().enumerate();
        types.map(|(index, ty)| (&ty.at, index)).collect()
    };
    let same_place = pairs.old.model.types.iter().enumerate();
    let same_place = same_place.filter_map(|(index, ty)| {
        let found = by_place.get(&ty.at)?;
        Some((TypeId(index), TypeId(*found)))
    });
    for (old, new) in met.iter().copied().chain(same_place) {
        let (before, after) = (pairs.old_name(old), pairs.new_name(new));
        let is_free = !new_names.contains(&before) && !old_names.contains(&after);
        if is_free && !renames.types.contains_key(&before) && taken.insert(after.clone()) {
            renames.types.insert(before, after);
        }
    }
    for (old, new) in &pairs.operations {
        let (Some(old), Some(new)) = (old, new) else {
            continue;
        };
        if let Some(planned) = planned(pairs.new.plan, new) {
            let names = NewNames {
                display: display(new),
                method: planned.method.as_str().to_owned(),
                name: planned.name.plain().to_owned(),
            };
            renames.operations.insert(old.at.clone(), names);
        }
    }
    renames
}

/// An operation's plan.
pub(super) fn planned<'a>(
    plan: &'a plan::Api,
    operation: &Operation,
) -> Option<&'a plan::Operation> {
    plan.operations.iter().find(|op| op.at == operation.at)
}

/// Tells what came, what went and what has another name.
pub(super) fn tell(pairs: &Pairs<'_>, renames: &Renames, found: &mut Vec<Finding>) {
    for (old, new) in &pairs.operations {
        match (old, new) {
            (Some(old), None) => found.push(
                Finding::new(Kind::OperationRemoved, place(old), "is gone")
                    .at(&old.at)
                    .wire(Effect::Breaking),
            ),
            (None, Some(new)) => found.push(added(new)),
            (Some(old), Some(new)) => renamed(pairs, old, new, found),
            (None, None) => {}
        }
    }
    types(pairs, renames, found);
}

fn added(new: &Operation) -> Finding {
    let finding = Finding::new(Kind::OperationAdded, place(new), "is new").at(&new.at);
    let finding = finding.wire(Effect::Compatible);
    match new.token {
        Some(_) => finding.security(Turn::Changed),
        None => finding,
    }
}

fn renamed(pairs: &Pairs<'_>, old: &Operation, new: &Operation, found: &mut Vec<Finding>) {
    let before = planned(pairs.old.plan, old);
    let (Some(before), Some(after)) = (before, planned(pairs.new.plan, new)) else {
        return;
    };
    if before.method == after.method && before.name == after.name {
        return;
    }
    let message = format!(
        "was the method {} and is {}",
        doc_code(before.method.plain()),
        doc_code(after.method.plain())
    );
    let mut finding = Finding::new(Kind::OperationRenamed, place(new), message)
        .at(&new.at)
        .rust(Effect::Breaking);
    let line = |op: &plan::Operation| format!("Client::{} -> operations::{}", op.method, op.name);
    finding.items.push(ItemChange {
        old: Some(line(before)),
        new: Some(line(after)),
        effect: Effect::Breaking,
    });
    found.push(finding);
}

fn types(pairs: &Pairs<'_>, renames: &Renames, found: &mut Vec<Finding>) {
    let mut after: BTreeMap<String, TypeId> = BTreeMap::new();
    for index in 0..pairs.new.model.types.len() {
        after.insert(pairs.new_name(TypeId(index)), TypeId(index));
    }
    for (index, ty) in pairs.old.model.types.iter().enumerate() {
        let name = pairs.old_name(TypeId(index));
        if let Some(new) = renames.types.get(&name) {
            after.remove(new);
            found.push(type_renamed(&name, new));
        } else if after.remove(&name).is_none() {
            let place = Place::Type(name, TypePart::Whole);
            found.push(Finding::new(Kind::SchemaRemoved, place, "is gone").at(&ty.at));
        }
    }
    for (name, id) in after {
        let place = Place::Type(name, TypePart::Whole);
        let at = &pairs.new.model.types[id.0].at;
        found.push(Finding::new(Kind::SchemaAdded, place, "is new").at(at));
    }
}

fn type_renamed(old: &str, new: &str) -> Finding {
    let place = Place::Type(new.to_owned(), TypePart::Whole);
    let message = format!("was the type {}", doc_code(old));
    let mut finding = Finding::new(Kind::SchemaRenamed, place, message).rust(Effect::Breaking);
    finding.items.push(ItemChange {
        old: Some(format!("models::{old}")),
        new: Some(format!("models::{new}")),
        effect: Effect::Breaking,
    });
    finding
}
