//! Names of what lies within one type, one operation or one scheme, and of pages.
//!
//! Which of two that want one name was there before, only the lock can tell. A line for every member would make it as
//! long as the client, so it has few: it says how such things are spelt in this API, and lists what is spelt otherwise.
//! What is listed goes first, then what is spelt as most are, of which there is one text for each name, and then the rest.

use super::super::names::{Case, Ident, Rank, Scope, Wish, spelt};
use super::super::words::{self, Spelling};
use super::Ledger;
use crate::lock::{Given, Names, Table};
use crate::pointer::Pointer;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// Members of objects.
    Fields,
    /// Values of enums and alternatives of unions.
    Variants,
    /// Parameters of operations.
    Parameters,
    /// Scopes of OAuth.
    Scopes,
    /// Pages of tags.
    Pages,
}

impl Kind {
    fn case(self) -> Case {
        match self {
            Self::Fields => Case::Field,
            Self::Variants => Case::Variant,
            Self::Parameters => Case::Method,
            Self::Scopes => Case::Constant,
            Self::Pages => Case::Module,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Fields => "fields",
            Self::Variants => "variants",
            Self::Parameters => "parameters",
            Self::Scopes => "scopes",
            Self::Pages => "pages",
        }
    }

    /// Names that something else in the scope wants as well, if it is there: what has one has a line.
    fn wanted(self) -> &'static [&'static str] {
        match self {
            Self::Fields => &["extra"],
            Self::Parameters => &["body", "server", "without_body"],
            Self::Pages => &["default"],
            Self::Variants | Self::Scopes => &[],
        }
    }

    fn table(self, names: &Names) -> &Table {
        match self {
            Self::Fields => &names.fields,
            Self::Variants => &names.variants,
            Self::Parameters => &names.parameters,
            Self::Scopes => &names.scopes,
            Self::Pages => &names.pages,
        }
    }

    fn table_mut(self, names: &mut Names) -> &mut Table {
        match self {
            Self::Fields => &mut names.fields,
            Self::Variants => &mut names.variants,
            Self::Parameters => &mut names.parameters,
            Self::Scopes => &mut names.scopes,
            Self::Pages => &mut names.pages,
        }
    }
}

/// A thing that wants a name.
#[derive(Clone, Debug)]
pub(in super::super) struct Inner {
    /// What the document calls it.
    pub(in super::super) called: String,
    /// What tells it from others of its owner that are called so.
    pub(in super::super) among: &'static str,
    /// What it would be called in place of that, where something else in the scope goes by its name.
    pub(in super::super) otherwise: Option<String>,
    pub(in super::super) rank: Rank,
    pub(in super::super) at: Pointer,
}

/// Things that want names of their own in one scope.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Within {
    /// The name of what they are in, which is kept by a line of its own.
    pub(in super::super) owner: String,
    pub(in super::super) scope: Scope,
    pub(in super::super) inner: Vec<Inner>,
    /// Their names, once they are given.
    pub(in super::super) names: Vec<Ident>,
}

impl Within {
    fn key(&self, index: usize) -> String {
        let Inner { called, among, .. } = &self.inner[index];
        let parts = [self.owner.as_str(), among, called];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    }

    /// Gives the names, of which `given` were given before.
    fn name(&mut self, given: &Table, spelling: Option<Spelling>, case: Case) {
        let mut turns: [Vec<(usize, Option<Vec<String>>)>; 3] = Default::default();
        for (index, inner) in self.inner.iter().enumerate() {
            let line = (!given.is_empty()).then(|| given.get(&self.key(index)));
            let (turn, name) = match line.flatten() {
                Some(given) => (0, Some(given.names.clone())),
                None if spelling.is_some_and(|usual| is_usual(inner, usual, case)) => (1, None),
                None => (2, None),
            };
            turns[turn].push((index, name));
        }
        let mut names: Vec<Option<Ident>> = vec![None; self.inner.len()];
        for turn in turns.iter().filter(|turn| !turn.is_empty()) {
            let words = turn.iter().map(|(index, _)| {
                let inner = &self.inner[*index];
                [inner.otherwise.as_ref().unwrap_or(&inner.called).clone()]
            });
            let words: Vec<[String; 1]> = words.collect();
            let wishes = turn.iter().zip(&words).map(|((index, _), words)| Wish {
                words,
                rank: self.inner[*index].rank,
                at: &self.inner[*index].at,
            });
            let wishes: Vec<Wish<'_>> = wishes.collect();
            let given: Vec<Option<Vec<String>>> =
                turn.iter().map(|(_, name)| name.clone()).collect();
            let claimed = self.scope.claim_anew(&wishes, &given, &[case]);
            for ((index, _), name) in turn.iter().zip(claimed.into_iter().flatten()) {
                names[*index] = Some(name);
            }
        }
        let names = names.into_iter();
        self.names = names
            .map(|name| name.expect("all turns together are all things"))
            .collect();
    }
}

/// Whether a thing is spelt as most, so that no other can take its name.
fn is_usual(inner: &Inner, spelling: Spelling, case: Case) -> bool {
    spelling.is_kept(&inner.called, &words::cased(&inner.called, case))
}

impl Ledger<'_> {
    /// Names things within others.
    pub(in super::super) fn within(&mut self, kind: Kind, mut all: Vec<Within>) -> Vec<Within> {
        let case = kind.case();
        let before = self.is_known.then(|| spelling_of(self.before, kind));
        let given = kind.table(self.before);
        all.par_iter_mut()
            .for_each(|within| within.name(given, before, case));
        let now = usual(&all, before.unwrap_or_default());
        if now != Spelling::default() {
            let spelling = (kind.word().to_owned(), now.name().to_owned());
            self.now.spellings.extend([spelling]);
        }
        let lines = all.par_iter().flat_map_iter(|within| {
            let things = within.inner.iter().zip(&within.names).enumerate();
            things.filter_map(move |(index, (inner, name))| {
                let is_safe = spelt(&inner.called, &[case]) == [name.as_str()]
                    && now.is_kept(&inner.called, name.plain())
                    && !kind.wanted().contains(&name.plain());
                (!is_safe).then(|| (within.key(index), Given::one(name.as_str().to_owned())))
            })
        });
        let lines: Vec<(String, Given)> = lines.collect();
        kind.table_mut(&mut self.now).extend(lines);
        all
    }
}

/// How most things were spelt.
fn spelling_of(names: &Names, kind: Kind) -> Spelling {
    let name = names.spellings.get(kind.word());
    let mut all = Spelling::ALL.into_iter();
    let found = name.and_then(|name| all.find(|spelling| spelling.name() == name));
    found.unwrap_or_default()
}

/// How most things are spelt that can be spelt in one way alone: as `before`, unless another way is more than twice as
/// common, so that lines do not come and go with every change.
fn usual(all: &[Within], before: Spelling) -> Spelling {
    let mut counts: BTreeMap<Spelling, usize> = BTreeMap::new();
    for inner in all.iter().flat_map(|within| &within.inner) {
        if let Some(spelling) = Spelling::of(&inner.called) {
            *counts.entry(spelling).or_default() += 1;
        }
    }
    let least = 2 * counts.get(&before).copied().unwrap_or_default() + 1;
    let others = counts.into_iter().filter(|(_, count)| *count >= least);
    // of two that are as common the first counts
    let most = others.max_by_key(|(spelling, count)| (*count, std::cmp::Reverse(*spelling)));
    most.map_or(before, |(spelling, _)| spelling)
}
