//! What became of types: members, values, alternatives. Each pair is looked at once for each way it travels.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::pairs::Pairs;
use super::schemas::Spot;
use super::{Effect, Finding, Kind, Place, TypePart};
use crate::model::{
    Api, Enum, Field, Record, Rest, Schema, Shape, Type, TypeId, Union, UnionBy, UnionVariant,
};
use crate::plan::doc_code;
use serde_json::Value;

/// Which way values travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// From the client to the server.
    Sent,
    /// From the server to the client.
    Received,
    /// Nobody uses them.
    Unused,
}

impl Way {
    /// The effect of what is one thing to who sends and another to who receives.
    pub(super) fn effect(self, sent: Effect, received: Effect) -> Effect {
        match self {
            Self::Sent => sent,
            Self::Received => received,
            Self::Unused => Effect::None,
        }
    }

    /// The effect of a set of values that became smaller.
    pub(super) fn narrower(self) -> Effect {
        self.effect(Effect::Breaking, Effect::Compatible)
    }

    /// The effect of a set of values that became larger.
    pub(super) fn wider(self) -> Effect {
        self.effect(Effect::Compatible, Effect::Breaking)
    }

    /// The effect of what both ways break.
    pub(super) fn other(self) -> Effect {
        self.effect(Effect::Breaking, Effect::Breaking)
    }
}

/// A walk over everything that travels, in both states at once.
pub(super) struct Walk<'a> {
    pub(super) pairs: &'a Pairs<'a>,
    pub(super) found: Vec<Finding>,
    /// The types that stand for each other, in the order in which they were met.
    pub(super) met: Vec<(TypeId, TypeId)>,
    /// What one type in place of another means, where they are not one type with two names.
    pub(super) judged: HashMap<(TypeId, TypeId, Way), Effect>,
    names: [BTreeSet<String>; 2],
    seen: HashSet<(TypeId, TypeId, Way)>,
    open: Vec<(TypeId, TypeId, Way)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(pairs: &'a Pairs<'a>) -> Self {
        let old = (0..pairs.old.model.types.len()).map(|id| pairs.old_name(TypeId(id)));
        let new = (0..pairs.new.model.types.len()).map(|id| pairs.new_name(TypeId(id)));
        Self {
            pairs,
            found: Vec::new(),
            met: Vec::new(),
            judged: HashMap::new(),
            names: [old.collect(), new.collect()],
            seen: HashSet::new(),
            open: Vec::new(),
        }
    }

    pub(super) fn old(&self) -> &'a Api {
        self.pairs.old.model
    }

    pub(super) fn new_api(&self) -> &'a Api {
        self.pairs.new.model
    }

    /// Whether two types are one: by their names, or since neither is in the other state.
    pub(super) fn are_one(&self, old: TypeId, new: TypeId) -> bool {
        let (before, after) = (self.pairs.old_name(old), self.pairs.new_name(new));
        before == after || !(self.names[1].contains(&before) || self.names[0].contains(&after))
    }

    /// Remembers that two types stand for each other.
    pub(super) fn meet(&mut self, old: TypeId, new: TypeId, way: Way) {
        if self.seen.insert((old, new, way)) {
            self.open.push((old, new, way));
            self.met.push((old, new));
        }
    }

    /// Looks at all types that were met, and at those that nothing leads to.
    pub(super) fn finish(&mut self) {
        self.run();
        let met: HashSet<TypeId> = self.met.iter().map(|(_, new)| *new).collect();
        let olds: HashMap<String, TypeId> = (0..self.old().types.len())
            .map(|id| (self.pairs.old_name(TypeId(id)), TypeId(id)))
            .collect();
        for id in (0..self.new_api().types.len()).map(TypeId) {
            let old = olds.get(&self.pairs.new_name(id));
            if let Some(old) = old.filter(|_| !met.contains(&id)) {
                self.meet(*old, id, Way::Unused);
            }
        }
        self.run();
    }

    /// Looks at the types that were met and have not been looked at.
    pub(super) fn run(&mut self) {
        while let Some((old, new, way)) = self.open.pop() {
            let (before, after) = (&self.old().types[old.0], &self.new_api().types[new.0]);
            self.types(self.pairs.new_name(new), before, after, way);
        }
    }

    /// What it means that one thing stands for another, by a walk of its own.
    pub(super) fn judge(&mut self, look: impl FnOnce(&mut Walk<'a>)) -> Effect {
        let mut walk = Walk {
            pairs: self.pairs,
            found: Vec::new(),
            met: Vec::new(),
            judged: std::mem::take(&mut self.judged),
            names: self.names.clone(),
            seen: HashSet::new(),
            open: Vec::new(),
        };
        look(&mut walk);
        walk.run();
        self.judged = walk.judged;
        let effects = walk.found.iter().map(|finding| finding.wire);
        effects.max().unwrap_or_default()
    }

    fn types(&mut self, name: String, old: &'a Type, new: &'a Type, way: Way) {
        let spot = Spot {
            place: Place::Type(name, TypePart::Whole),
            at: new.at.clone(),
        };
        self.limits(&spot, &[&old.limits], &[&new.limits], way);
        self.xml(&spot, old.xml.as_deref(), new.xml.as_deref(), way);
        match (&old.shape, &new.shape) {
            (Shape::Record(old), Shape::Record(new)) => self.records(&spot, old, new, way),
            (Shape::Enum(old), Shape::Enum(new)) => self.enums(&spot, old, new, way),
            (Shape::Union(old), Shape::Union(new)) => self.unions(&spot, old, new, way),
            (Shape::Alias(old), Shape::Alias(new)) => self.schema(&spot, old, new, way),
            (before, after) => self.shapes(&spot, before, after, way),
        }
    }

    fn records(&mut self, spot: &Spot, old: &'a Record, new: &'a Record, way: Way) {
        for field in &old.fields {
            if !new
                .fields
                .iter()
                .any(|one| one.wire_name == field.wire_name)
            {
                let sent = match new.rest {
                    Rest::Closed if !field.read_only => Effect::Breaking,
                    _ => Effect::Compatible,
                };
                // who reads it misses it, whether or not it had to be there
                let received = match field.write_only {
                    true => Effect::Compatible,
                    false => Effect::Breaking,
                };
                let place = spot.member(TypePart::Field(field.wire_name.clone()));
                self.found.push(
                    Finding::new(Kind::FieldRemoved, place, "is gone")
                        .at(&field.at)
                        .wire(way.effect(sent, received)),
                );
            }
        }
        for field in &new.fields {
            let mut olds = old.fields.iter();
            match olds.find(|one| one.wire_name == field.wire_name) {
                Some(before) => self.fields(spot, before, field, way),
                None => self.field_added(spot, field, way),
            }
        }
        self.rest(spot, &old.rest, &new.rest, way);
    }

    fn field_added(&mut self, spot: &Spot, field: &Field, way: Way) {
        let is_needed = field.required && !field.read_only;
        let message = match field.required {
            true => "is new, and required",
            false => "is new",
        };
        let sent = match is_needed {
            true => Effect::Breaking,
            false => Effect::Compatible,
        };
        let place = spot.member(TypePart::Field(field.wire_name.clone()));
        self.found.push(
            Finding::new(Kind::FieldAdded, place, message)
                .at(&field.at)
                .wire(way.effect(sent, Effect::Compatible)),
        );
    }

    fn fields(&mut self, spot: &Spot, old: &'a Field, new: &'a Field, way: Way) {
        let spot = Spot {
            place: spot.member(TypePart::Field(new.wire_name.clone())),
            at: new.at.clone(),
        };
        let silent = match way {
            Way::Sent => old.read_only && new.read_only,
            Way::Received => old.write_only && new.write_only,
            Way::Unused => false,
        };
        if silent {
            return;
        }
        let ways = [old, new].map(|field| (field.read_only, field.write_only));
        if ways[0] != ways[1] {
            let word = |(read, write)| match (read, write) {
                (true, true) => "neither sent nor received",
                (true, false) => "only in answers",
                (false, true) => "only in requests",
                (false, false) => "in requests and answers",
            };
            let message = format!("was {} and is {}", word(ways[0]), word(ways[1]));
            let received = match new.write_only && !old.write_only && old.required {
                true => Effect::Breaking,
                false => Effect::Compatible,
            };
            let sent = match (new.read_only, old.read_only && new.required) {
                (true, _) | (_, true) => Effect::Breaking,
                _ => Effect::Compatible,
            };
            self.add(Kind::FieldWay, &spot, message, way.effect(sent, received));
        }
        match (old.required, new.required) {
            (false, true) => {
                self.add(Kind::FieldRequired, &spot, "is required", way.narrower());
            }
            (true, false) => {
                self.add(Kind::FieldOptional, &spot, "may be missing", way.wider());
            }
            _ => {}
        }
        if old.constant != new.constant {
            let message = instead(old.constant.as_ref(), new.constant.as_ref());
            let effect = match (&old.constant, &new.constant) {
                (None, _) => way.narrower(),
                (_, None) => way.wider(),
                _ => way.other(),
            };
            self.add(Kind::ConstantChanged, &spot, message, effect);
        }
        self.schema(&spot, &old.schema, &new.schema, way);
    }

    fn rest(&mut self, spot: &Spot, old: &'a Rest, new: &'a Rest, way: Way) {
        match (old, new) {
            (Rest::Any, Rest::Any) | (Rest::Closed, Rest::Closed) => {}
            (Rest::Typed(old), Rest::Typed(new)) => self.schema(spot, old, new, way),
            (Rest::Closed, _) => {
                let (message, effect) = ("may have other members", Effect::Compatible);
                self.add(Kind::RestChanged, spot, message, way.effect(effect, effect));
            }
            (_, Rest::Closed) => {
                let message = "must not have other members";
                self.add(Kind::RestChanged, spot, message, way.narrower());
            }
            (Rest::Any, Rest::Typed(_)) => {
                let message = "has other members of one type alone";
                self.add(Kind::RestChanged, spot, message, way.narrower());
            }
            (Rest::Typed(_), Rest::Any) => {
                let message = "may have other members of any type";
                self.add(Kind::RestChanged, spot, message, way.wider());
            }
        }
    }

    fn enums(&mut self, spot: &Spot, old: &Enum, new: &Enum, way: Way) {
        if old.base != new.base {
            let message = "has values of another kind";
            self.add(Kind::TypeChanged, spot, message, way.other());
        }
        let has = |set: &Enum, value: &Value| set.variants.iter().any(|one| one.value == *value);
        for variant in old.variants.iter().filter(|one| !has(new, &one.value)) {
            let spot = spot.at_value(&variant.value);
            self.add(Kind::ValueRemoved, &spot, "is gone", way.narrower());
        }
        for variant in new.variants.iter().filter(|one| !has(old, &one.value)) {
            let spot = spot.at_value(&variant.value);
            self.add(Kind::ValueAdded, &spot, "is new", way.wider());
        }
    }

    fn unions(&mut self, spot: &Spot, old: &'a Union, new: &'a Union, way: Way) {
        if old.by != new.by {
            let word = |by: &UnionBy| match by {
                UnionBy::Tag(member) => format!("by the member {}", doc_code(member)),
                UnionBy::Only => "as the only one that fits".to_owned(),
                UnionBy::First => "as the first that fits".to_owned(),
            };
            let message = format!(
                "alternatives were told {} and are told {}",
                word(&old.by),
                word(&new.by)
            );
            let effect = match (&old.by, &new.by) {
                (UnionBy::Only | UnionBy::First, UnionBy::Only | UnionBy::First) => way.wider(),
                _ => way.other(),
            };
            self.add(Kind::TagChanged, spot, message, effect);
        }
        let mut free: Vec<&'a UnionVariant> = new.variants.iter().collect();
        for before in &old.variants {
            let found = free.iter().position(|after| self.alike(before, after));
            let Some(found) = found else {
                let spot = spot.at_alternative(before);
                self.add(Kind::AlternativeRemoved, &spot, "is gone", way.narrower());
                continue;
            };
            let after = free.remove(found);
            let spot = spot.at_alternative(after);
            self.tags(&spot, &before.tags, &after.tags, way);
            self.schema(&spot, &before.schema, &after.schema, way);
        }
        for after in free {
            let spot = spot.at_alternative(after);
            self.add(Kind::AlternativeAdded, &spot, "is new", way.wider());
        }
    }

    /// Whether two alternatives are one: of one type, or of one name.
    fn alike(&self, old: &UnionVariant, new: &UnionVariant) -> bool {
        let named = |schema: &Schema| match schema.kind {
            crate::model::Kind::Named(id) => Some(id),
            _ => None,
        };
        match (named(&old.schema), named(&new.schema)) {
            (Some(old), Some(new)) => self.pairs.old_name(old) == self.pairs.new_name(new),
            _ => old.called == new.called,
        }
    }

    fn tags(&mut self, spot: &Spot, old: &[String], new: &[String], way: Way) {
        if old.is_empty() || new.is_empty() {
            // nothing told it by a tag before, or nothing does now
            return;
        }
        let list = |tags: &[String]| {
            let tags: Vec<String> = tags.iter().map(|tag| doc_code(tag)).collect();
            tags.join(", ")
        };
        let gone = old.iter().any(|tag| !new.contains(tag));
        let came = new.iter().any(|tag| !old.contains(tag));
        let effect = match (gone, came) {
            (false, false) => return,
            (true, false) => way.narrower(),
            (false, true) => way.wider(),
            (true, true) => way.other(),
        };
        let message = format!("was called {} and is called {}", list(old), list(new));
        self.add(Kind::TagChanged, spot, message, effect);
    }

    /// Notes a change of the wire.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        spot: &Spot,
        message: impl Into<String>,
        wire: Effect,
    ) {
        let finding = Finding::new(kind, spot.place.clone(), message);
        self.found.push(finding.at(&spot.at).wire(wire));
    }
}

/// What stands instead of what, as words.
pub(super) fn instead(old: Option<&Value>, new: Option<&Value>) -> String {
    let text = |value: Option<&Value>| value.map_or("none".to_owned(), shown);
    format!("is {} instead of {}", text(new), text(old))
}

/// A value as a code span, cut where it is long.
pub(super) fn shown(value: &Value) -> String {
    doc_code(&crate::plan::short_value(value))
}
