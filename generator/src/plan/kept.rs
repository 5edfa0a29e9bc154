//! Names that were given before, and what is noted of those that are given now.
//!
//! In: the names of the lock. Out: the names of the next one. A thing is known again by where the document has
//! it; an element of a list by what it is called there, since its number is another as soon as one is put before
//! it; and a schema that stands at several places also by what it is, so that its name does not go with one of them.

mod within;

pub(super) use within::{Inner, Kind, Within};

use super::names::{Case, Ident, Rank, Scope, Wish, are_names, spelt};
use crate::load::Origins;
use crate::lock::{Given, Lock, Names, Table};
use crate::model::{Api, Called};
use crate::pointer::Pointer;
use std::collections::{HashMap, HashSet};

/// What operations are called in code.
pub const OPERATION_CASES: &[Case] = &[Case::Type, Case::Module, Case::Method];
/// What schemas are called in code.
pub const TYPE_CASES: &[Case] = &[Case::Type, Case::Module];
/// What security schemes are called in code.
pub const SCHEME_CASES: &[Case] = &[Case::Constant, Case::Method];
/// What tags are called in code.
pub const TAG_CASES: &[Case] = &[Case::Module];

/// Members of a schema or an operation whose elements have no names.
const LISTS: &[&str] = &["parameters", "oneOf", "anyOf", "allOf", "prefixItems"];

/// The names of one API.
pub(super) struct Ledger<'a> {
    before: &'a Names,
    /// Whether any names were given before.
    is_known: bool,
    now: Names,
    types: Vec<Known>,
    operations: Vec<Known>,
}

/// By what a thing is known again.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Its line; empty if others cannot be told from it.
    key: String,
    /// The lines that it would have at its other places.
    twins: Vec<String>,
    /// What it is.
    likeness: Option<u64>,
    /// Whether it stands at several places.
    is_shared: bool,
}

impl<'a> Ledger<'a> {
    /// Begins with what the lock has of the module. `origins` tell which things stand in other files.
    pub(super) fn new(lock: &'a Lock, module: &str, api: &Api, origins: &Origins) -> Self {
        let keys = Keys::new(api, origins);
        Self {
            before: lock.names(module),
            is_known: lock.apis.contains_key(module),
            now: Names::default(),
            types: keys.types(),
            operations: keys.operations(),
        }
    }

    /// The names that were given.
    pub(super) fn into_names(self) -> Names {
        self.now
    }

    /// Names the types, in their order.
    pub(super) fn types(&mut self, scope: &mut Scope, wishes: &[Wish<'_>]) -> Vec<Vec<Ident>> {
        let given = given(&self.before.types, &self.types, TYPE_CASES);
        let names = scope.claim_anew(wishes, &given, TYPE_CASES);
        note(&mut self.now.types, wishes, &self.types, TYPE_CASES, &names);
        names
    }

    /// What the operations were called before, in their order.
    pub(super) fn operations(&self) -> Vec<Option<Vec<String>>> {
        given(&self.before.operations, &self.operations, OPERATION_CASES)
    }

    /// Notes what one of the operations is called.
    pub(super) fn note_operation(&mut self, index: usize, wish: Wish<'_>, names: &[Ident]) {
        let known = std::slice::from_ref(&self.operations[index]);
        let names = [names.to_vec()];
        note(
            &mut self.now.operations,
            &[wish],
            known,
            OPERATION_CASES,
            &names,
        );
    }

    /// Names what goes with operations, each by its index and its own word.
    pub(super) fn with_operations(
        &mut self,
        scope: &mut Scope,
        wishes: &[(usize, Wish<'_>)],
    ) -> Vec<Ident> {
        let cases = &[Case::Type];
        let known = wishes.iter().map(|(index, wish)| {
            let word = wish.words.last().map_or("", String::as_str);
            Known {
                key: format!("{} {word}", self.operations[*index].key),
                ..Known::default()
            }
        });
        let known: Vec<Known> = known.collect();
        let given = given(&self.before.operations, &known, cases);
        let wishes: Vec<Wish<'_>> = wishes.iter().map(|(_, wish)| *wish).collect();
        let names = scope.claim_anew(&wishes, &given, cases);
        let names: Vec<Ident> = names.into_iter().flatten().collect();
        for ((wish, known), name) in wishes.iter().zip(known).zip(&names) {
            // the others follow from the operation's own name
            if spelt(&wish.words.join(" "), cases) != [name.as_str()] {
                let given = Given::one(name.as_str().to_owned());
                self.now.operations.insert(known.key, given);
            }
        }
        names
    }

    /// Names the security schemes.
    pub(super) fn schemes(&mut self, scope: &mut Scope, wishes: &[Wish<'_>]) -> Vec<Vec<Ident>> {
        let (before, now) = (&self.before.schemes, &mut self.now.schemes);
        plainly(before, now, scope, wishes, SCHEME_CASES)
    }

    /// Names the features of tags.
    pub(super) fn tags(&mut self, scope: &mut Scope, wishes: &[Wish<'_>]) -> Vec<Vec<Ident>> {
        let (before, now) = (&self.before.tags, &mut self.now.tags);
        plainly(before, now, scope, wishes, TAG_CASES)
    }
}

/// Names things that are known by their places alone.
fn plainly(
    before: &Table,
    now: &mut Table,
    scope: &mut Scope,
    wishes: &[Wish<'_>],
    cases: &[Case],
) -> Vec<Vec<Ident>> {
    let mut seen = HashSet::new();
    let twice = wishes.iter().filter(|wish| !seen.insert(wish.at));
    let twice: HashSet<&Pointer> = twice.map(|wish| wish.at).collect();
    let known = wishes.iter().map(|wish| Known {
        key: match twice.contains(wish.at) {
            true => format!("{} {}", wish.at.as_str(), wish.words.join(" ")),
            false => wish.at.as_str().to_owned(),
        },
        ..Known::default()
    });
    let known: Vec<Known> = known.collect();
    let names = scope.claim_anew(wishes, &given(before, &known, cases), cases);
    note(now, wishes, &known, cases, &names);
    names
}

/// What each thing was called before, by what it is, else by where it is.
fn given(before: &Table, known: &[Known], cases: &[Case]) -> Vec<Option<Vec<String>>> {
    let mut found: Vec<Option<(&str, &Given)>> = vec![None; known.len()];
    if !before.is_empty() {
        let like = before
            .iter()
            .filter_map(|(key, given)| Some((given.like?, (key.as_str(), given))));
        let like: HashMap<u64, (&str, &Given)> = like.collect();
        for (found, known) in found.iter_mut().zip(known) {
            *found = known
                .likeness
                .and_then(|likeness| like.get(&likeness))
                .copied();
        }
        let used: HashSet<&str> = found.iter().flatten().map(|(key, _)| *key).collect();
        for (found, known) in found
            .iter_mut()
            .zip(known)
            .filter(|(found, _)| found.is_none())
        {
            let keys = std::iter::once(&known.key).chain(&known.twins);
            let free = keys.filter(|key| !used.contains(key.as_str()));
            *found = free
                .filter_map(|key| before.get_key_value(key))
                .map(|(key, given)| (key.as_str(), given))
                .next();
        }
    }
    let whole = |(_, given): (&str, &Given)| match given.names.as_slice() {
        [text] if cases.len() > 1 => spelt(text, cases),
        names => names.to_vec(),
    };
    let names = |found: Option<(&str, &Given)>| {
        let names = found.map(whole)?;
        are_names(&names, cases).then_some(names)
    };
    found.into_iter().map(names).collect()
}

/// Notes the names. A component that is called as the document calls it to the letter has no line: nothing else
/// can take its name.
fn note(
    now: &mut Table,
    wishes: &[Wish<'_>],
    known: &[Known],
    cases: &[Case],
    names: &[Vec<Ident>],
) {
    for ((wish, known), names) in wishes.iter().zip(known).zip(names) {
        let names: Vec<String> = names.iter().map(|name| name.as_str().to_owned()).collect();
        let short = names.iter().map(|name| name.trim_start_matches("r#"));
        let short = short.take(2).find(|text| spelt(text, cases) == names);
        let is_own = wish.rank == Rank::Named
            && wish.at.as_str() == known.key
            && short.is_some_and(|short| wish.words == [short] && names[0] == short);
        if is_own || known.key.is_empty() {
            continue;
        }
        let given = Given {
            like: known.likeness.filter(|_| known.is_shared),
            names: match short {
                Some(short) => vec![short.to_owned()],
                None => names,
            },
        };
        now.insert(known.key.clone(), given);
    }
}

/// Where the things of an API stand, as lines of the lock have it.
struct Keys<'a> {
    api: &'a Api,
    origins: &'a Origins,
    /// What components and operations are called: what is in them has their words before its own.
    owners: HashMap<&'a str, &'a Called>,
}

impl<'a> Keys<'a> {
    fn new(api: &'a Api, origins: &'a Origins) -> Self {
        let components = api.types.iter().filter(|ty| ty.named);
        let components = components.map(|ty| (ty.at.as_str(), &ty.called));
        let operations = api.operations.iter().map(|op| (op.at.as_str(), &op.called));
        Self {
            api,
            origins,
            owners: components.chain(operations).collect(),
        }
    }

    fn types(&self) -> Vec<Known> {
        let mut places: Vec<Vec<[String; 2]>> = Vec::with_capacity(self.api.types.len());
        let mut uses: HashMap<String, usize> = HashMap::new();
        for ty in &self.api.types {
            let twins = ty.twins.iter().map(|twin| (&twin.at, &twin.called));
            let all = std::iter::once((&ty.at, &ty.called)).chain(twins);
            let of_type: Vec<[String; 2]> = all.map(|(at, called)| self.keys(at, called)).collect();
            for key in of_type.iter().flatten() {
                *uses.entry(key.clone()).or_default() += 1;
            }
            places.push(of_type);
        }
        let types = self.api.types.iter().zip(places);
        types
            .map(|(ty, places)| {
                // a component goes before what was made of its parts
                let is_one = |key: &String| ty.named || uses.get(key) == Some(&1);
                let keys = places.into_iter().map(|keys| keys.into_iter().find(is_one));
                let mut keys = keys.map(Option::unwrap_or_default);
                let key = keys.next().unwrap_or_default();
                let mut twins: Vec<String> = keys.filter(|key| !key.is_empty()).collect();
                twins.sort_unstable();
                Known {
                    key,
                    likeness: ty.likeness,
                    is_shared: !ty.twins.is_empty(),
                    twins,
                }
            })
            .collect()
    }

    fn operations(&self) -> Vec<Known> {
        let operations = self.api.operations.iter();
        operations
            .map(|op| Known {
                key: self.place(&op.at),
                ..Known::default()
            })
            .collect()
    }

    /// The lines that what stands at `at` and is called so may have, the best first; they are one where there is no
    /// other. Elements of lists are told by their words.
    fn keys(&self, at: &Pointer, called: &Called) -> [String; 2] {
        let place = self.place(at);
        let end = list_in(&place);
        let words = self.own_words(at, called);
        match end {
            Some(end) => {
                let with_place = format!("{place} {words}");
                [format!("{} {words}", &place[..end]), with_place]
            }
            None => {
                let with_words = format!("{place} {words}");
                [place, with_words]
            }
        }
    }

    /// The words of a name behind those of the component or operation that it is in.
    fn own_words(&self, at: &Pointer, called: &Called) -> String {
        let mut outer = at.as_str();
        loop {
            if let Some(owner) = self.owners.get(outer) {
                let own = called.0.strip_prefix(owner.0.as_slice());
                return own.unwrap_or(&called.0).join(" ");
            }
            match outer.rfind('/') {
                Some(end) => outer = &outer[..end],
                None => break,
            }
        }
        called.0.join(" ")
    }

    /// Where a thing stands: in the document, or in another file, seen from the document's folder.
    fn place(&self, at: &Pointer) -> String {
        let other = self
            .origins
            .has_others()
            .then(|| self.origins.place(at))
            .flatten();
        match other.and_then(|place| Some((self.origins.label(place.file)?, place.at))) {
            Some((file, at)) => format!("{file}{at}"),
            None => at.as_str().to_owned(),
        }
    }
}

/// The end of the first list in a pointer of which an element is named by its number.
fn list_in(place: &str) -> Option<usize> {
    let mut end = 0;
    let mut before = "";
    for token in place.split('/') {
        let is_number = !token.is_empty() && token.bytes().all(|c| c.is_ascii_digit());
        if is_number && LISTS.contains(&before) {
            return Some(end - 1);
        }
        end += token.len() + 1;
        before = token;
    }
    None
}
