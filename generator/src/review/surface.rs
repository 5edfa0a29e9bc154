//! The public items of a generated API, each with a line that says what it is.
//!
//! A surface is what `render` makes of a plan, without bodies, docs and the names of arguments. An item that is new
//! breaks no program, since all structs and enums that could be written out or matched whole are `#[non_exhaustive]`.

mod calls;
mod models;
mod servers;

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::Renames;
use super::{Effect, ItemChange, OperationPart, Place};
use crate::plan::{Api, Boxing, Field, Gate, Ident, Presence, Shape, Type};
use crate::render::{argument_text, type_text};

/// A public item.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What of the API it is.
    place: Place,
    /// What it is, as Rust.
    line: String,
    /// What it is made of, and of what of the API that comes.
    parts: Vec<(Place, String)>,
    /// The item that it comes and goes with.
    parent: Option<String>,
    /// The features of which each has it.
    features: BTreeSet<String>,
}

/// The items by their paths.
pub(super) type Surface = BTreeMap<String, Item>;

/// A difference between two surfaces.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    /// What of the API it comes from.
    pub(super) blamed: BTreeSet<Place>,
    /// The item before and after.
    pub(super) change: ItemChange,
}

/// Collects items.
struct Builder<'a> {
    api: &'a Api,
    renames: &'a Renames,
    /// Other names of types that the other state has not: types are spelled without them.
    aliases: BTreeMap<&'a Ident, &'a Type>,
    surface: Surface,
}

/// The items of `api`, called as `renames` has it; `other` is the other state.
pub(super) fn surface(api: &Api, other: &Api, renames: &Renames) -> Surface {
    let theirs = other.models.iter().map(|model| model.name.plain());
    let theirs: BTreeSet<&str> = theirs.collect();
    let aliases = api.models.iter().filter_map(|model| {
        let name = model.name.plain();
        let name = renames.types.get(name).map_or(name, String::as_str);
        match &model.shape {
            Shape::Alias(ty) if !theirs.contains(name) => Some((&model.name, ty)),
            _ => None,
        }
    });
    let mut builder = Builder {
        api,
        renames,
        aliases: aliases.collect(),
        surface: Surface::new(),
    };
    builder.models();
    builder.calls();
    builder.servers();
    builder.surface
}

/// Adds the cargo features of both states.
pub(super) fn features(old: &Api, new: &Api, before: &mut Surface, after: &mut Surface) {
    for (api, surface) in [(old, before), (new, after)] {
        // features that begin with an underscore are nobody's to name
        let features = api.features.iter().filter(|one| !one.name.starts_with('_'));
        for feature in features {
            let item = Item {
                place: Place::Feature(feature.name.clone()),
                line: format!("feature {}", feature.name),
                parts: Vec::new(),
                parent: None,
                features: BTreeSet::new(),
            };
            surface.insert(format!("feature {}", feature.name), item);
        }
    }
}

/// What is in one surface and not in the other, or is another thing there.
pub(super) fn diff(old: &Surface, new: &Surface) -> Vec<Difference> {
    let mut out = Vec::new();
    // what belongs to a type comes and goes with it, also where one kind of type becomes another
    let stays = |parent: &Option<String>| {
        let Some(parent) = parent else { return true };
        let (before, after) = (old.get(parent), new.get(parent));
        let lines = before.zip(after).map(|(one, two)| one.line == two.line);
        lines.is_some_and(|same| same || !parent.starts_with("models::"))
    };
    for (path, before) in old {
        match new.get(path) {
            Some(after) => {
                changed(before, after, new, &mut out);
            }
            None if stays(&before.parent) => out.push(Difference {
                blamed: blamed(before),
                change: ItemChange {
                    old: Some(before.line.clone()),
                    new: None,
                    effect: Effect::Breaking,
                },
            }),
            None => {}
        }
    }
    for (path, after) in new {
        if !old.contains_key(path) && stays(&after.parent) {
            out.push(Difference {
                blamed: blamed(after),
                change: ItemChange {
                    old: None,
                    new: Some(after.line.clone()),
                    effect: Effect::Compatible,
                },
            });
        }
    }
    out
}

fn blamed(item: &Item) -> BTreeSet<Place> {
    [item.place.clone()].into()
}

fn changed(before: &Item, after: &Item, new: &Surface, out: &mut Vec<Difference>) {
    if before.line != after.line {
        let differs = |one: &(Place, String), others: &[(Place, String)]| !others.contains(one);
        let gone = before.parts.iter().filter(|one| differs(one, &after.parts));
        let came = after.parts.iter().filter(|one| differs(one, &before.parts));
        let mut blamed: BTreeSet<Place> =
            gone.chain(came).map(|(place, _)| place.clone()).collect();
        if blamed.is_empty() {
            blamed.insert(after.place.clone());
        }
        out.push(Difference {
            blamed,
            change: ItemChange {
                old: Some(before.line.clone()),
                new: Some(after.line.clone()),
                effect: Effect::Breaking,
            },
        });
    }
    let lost: Vec<&str> = before
        .features
        .difference(&after.features)
        .map(String::as_str)
        .filter(|feature| new.contains_key(&format!("feature {feature}")))
        .collect();
    if after.parent.is_none() && !lost.is_empty() {
        let line = |item: &Item, features: &str| format!("{} // with {features}", item.line);
        let now: Vec<&str> = after.features.iter().map(String::as_str).collect();
        out.push(Difference {
            blamed: [after.place.clone()].into(),
            change: ItemChange {
                old: Some(line(before, &lost.join(", "))),
                new: Some(line(after, &now.join(", "))),
                effect: Effect::Breaking,
            },
        });
    }
}

impl Builder<'_> {
    /// Adds an item that is made of one thing.
    fn item(&mut self, path: String, place: Place, line: String, under: Option<&str>) {
        let item = Item {
            parts: vec![(place.clone(), line.clone())],
            place,
            line,
            parent: under.map(str::to_owned),
            features: self.of_parent(under),
        };
        self.surface.insert(path, item);
    }

    /// Adds a function: `head(arguments)tail`. Each argument is what of the API it comes from, and its type.
    fn function(
        &mut self,
        path: String,
        place: Place,
        args: Vec<(Place, String)>,
        tail: &str,
        under: Option<&str>,
    ) {
        let types: Vec<&str> = args.iter().map(|(_, ty)| ty.as_str()).collect();
        let item = Item {
            line: format!("{path}({}){tail}", types.join(", ")),
            place,
            parts: args,
            parent: under.map(str::to_owned),
            features: self.of_parent(under),
        };
        self.surface.insert(path, item);
    }

    fn of_parent(&self, parent: Option<&str>) -> BTreeSet<String> {
        let parent = parent.and_then(|parent| self.surface.get(parent));
        parent
            .map(|parent| parent.features.clone())
            .unwrap_or_default()
    }

    /// Says with which features an item is there.
    fn gate(&mut self, path: &str, gate: &Gate) {
        let whole = self.api.module.plain();
        let all = self.api.features.iter().map(|one| one.name.clone());
        let all = all.filter(|name| !name.starts_with('_'));
        let features = match gate {
            Gate::Open => all.collect(),
            Gate::Any(features) => {
                let features = features.iter().cloned();
                features.chain([whole.to_owned()]).collect()
            }
        };
        if let Some(item) = self.surface.get_mut(path) {
            item.features = features;
        }
    }

    /// A type, as the new state calls it.
    fn ty(&self, ty: &Type) -> String {
        self.renamed(&type_text(&self.expanded(ty, 0)))
    }

    /// A type as that of an argument.
    fn argument(&self, ty: &Type) -> String {
        self.renamed(&argument_text(&self.expanded(ty, 0)))
    }

    /// The type of a member, with everything around it.
    fn field(&self, field: &Field) -> String {
        let mut ty = field.inner.clone();
        if field.boxed == Boxing::Boxed {
            ty = Type::Boxed(Box::new(ty));
        }
        self.ty(&match field.presence {
            Presence::Required => ty,
            Presence::RequiredNullable | Presence::Optional => Type::Optional(Box::new(ty)),
            Presence::OptionalNullable => Type::Nullable(Box::new(ty)),
        })
    }

    /// The name of a type, as the new state calls it.
    fn name(&self, name: &Ident) -> String {
        let name = name.plain();
        self.renames
            .types
            .get(name)
            .map_or(name, String::as_str)
            .to_owned()
    }

    /// A type without the aliases that the other state has not. Aliases end: `plan` makes no endless one.
    fn expanded(&self, ty: &Type, depth: usize) -> Type {
        let inner = |ty: &Type| Box::new(self.expanded(ty, depth));
        match ty {
            Type::Named(name) => match self.aliases.get(name) {
                Some(alias) if depth <= self.api.models.len() => self.expanded(alias, depth + 1),
                _ => ty.clone(),
            },
            Type::Quoted(ty) => Type::Quoted(inner(ty)),
            Type::List(ty) => Type::List(inner(ty)),
            Type::Map(ty) => Type::Map(inner(ty)),
            Type::Optional(ty) => Type::Optional(inner(ty)),
            Type::Nullable(ty) => Type::Nullable(inner(ty)),
            Type::Boxed(ty) => Type::Boxed(inner(ty)),
            Type::Tuple(places) => {
                Type::Tuple(places.iter().map(|ty| self.expanded(ty, depth)).collect())
            }
            Type::OpenTuple(places, rest) => {
                let places = places.iter().map(|ty| self.expanded(ty, depth));
                Type::OpenTuple(places.collect(), inner(rest))
            }
            other => other.clone(),
        }
    }

    /// A text of Rust with the types of the new state.
    fn renamed(&self, text: &str) -> String {
        if self.renames.types.is_empty() {
            return text.to_owned();
        }
        let mut parts = text.split("models::");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let end = part.find(|c| !is_word(c)).unwrap_or(part.len());
            let (name, tail) = part.split_at(end);
            let name = self.renames.types.get(name).map_or(name, String::as_str);
            out.push_str("models::");
            out.push_str(name);
            out.push_str(tail);
        }
        out
    }
}

/// A part of an operation that `display` names.
fn part(display: &str, part: OperationPart) -> Place {
    Place::Operation(display.to_owned(), part)
}
