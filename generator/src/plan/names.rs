//! Decides what every generated thing is called.
//!
//! In: the wishes recorded by `lower` ([`crate::model::Called`]). Out: an [`Ident`] for each type, field,
//! variant, method, argument, module and constant.
//!
//! Only [`Scope`] can make an `Ident`, so an `Ident` is always a legal, unused Rust name in its scope. No
//! other module imports `heck` or glues names together.

use super::words;
use crate::pointer::Pointer;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// What kind of name it is: decides its capitals, and what it must differ from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `PetStore`, a type.
    Type,
    /// `PetStore`, a variant of an enum.
    Variant,
    /// `pet_store`, a field.
    Field,
    /// `pet_store`, a method.
    Method,
    /// `pet_store`, an argument.
    Argument,
    /// `pet_store`, a module, and the file that it stands in: never a raw identifier, never a name that
    /// Windows keeps for itself.
    Module,
    /// `PET_STORE`, a constant.
    Constant,
}

impl Case {
    /// Names of one space must differ from each other.
    fn space(self) -> u8 {
        match self {
            Case::Type | Case::Variant => 0,
            Case::Field | Case::Method | Case::Argument => 1,
            Case::Module => 2,
            Case::Constant => 3,
        }
    }

    fn fallback(self) -> &'static str {
        match self {
            Case::Type | Case::Variant => "Unnamed",
            Case::Constant => "UNNAMED",
            Case::Field | Case::Method | Case::Argument | Case::Module => "unnamed",
        }
    }
}

/// A legal Rust identifier that nothing else in its scope has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(String);

impl Ident {
    /// As it is written in code, with `r#` where it is a keyword.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is written in prose and in names of files: without `r#`.
    #[must_use]
    pub fn plain(&self) -> &str {
        self.0.strip_prefix("r#").unwrap_or(&self.0)
    }

    /// The name as that of an argument: clippy takes some for placeholders (`disallowed_names`), and wants
    /// a letter (`just_underscores_and_digits`). No other name ends in an underscore.
    #[must_use]
    pub fn argument(&self) -> Self {
        let placeholder = matches!(self.as_str(), "foo" | "baz" | "quux");
        let number = self.0.bytes().all(|c| c == b'_' || c.is_ascii_digit());
        Self(match (placeholder, number) {
            (true, _) => format!("{}_", self.0),
            (_, true) => format!("n{}_", self.0),
            _ => self.0.clone(),
        })
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose name wins where two want the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The document gave it this name.
    Named,
    /// The name was made from where it stands.
    Derived,
}

/// A thing that wants a name.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The words of the name, outermost first.
    pub words: &'a [String],
    /// Whether it goes before others.
    pub rank: Rank,
    /// Where it stands; tells it from others with the same words.
    pub at: &'a Pointer,
}

/// The names in use where a new one must differ from all of them.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// In use in every space.
    reserved: Vec<&'static str>,
    taken: HashSet<(u8, String)>,
    /// The last number that was given behind a text, by the text and the spaces of its cases. All smaller
    /// ones are in use, and stay so.
    numbers: HashMap<(String, Vec<u8>), u64>,
}

impl Scope {
    /// A scope in which `names` are in use already, whatever their case.
    #[must_use]
    pub fn reserving(names: &[&'static str]) -> Self {
        Self {
            reserved: names.to_vec(),
            ..Self::default()
        }
    }

    /// Names one thing. The first to come gets what it wishes; see [`Scope::claim_all`] for many.
    pub fn claim(&mut self, wish: &str, case: Case) -> Ident {
        let words = [wish.to_owned()];
        let at = Pointer::root();
        let wish = Wish {
            words: &words,
            rank: Rank::Named,
            at: &at,
        };
        let mut names = self.claim_all(&[wish], &[case]);
        names
            .pop()
            .and_then(|mut names| names.pop())
            .expect("one wish and one case give one name")
    }

    /// Names one thing as `wish`, or as `otherwise` if that is in use.
    pub fn claim_or(&mut self, wish: &str, otherwise: &str, case: Case) -> Ident {
        let mut taken = self.take(wish, "", &[case]);
        match taken.as_mut().and_then(Vec::pop) {
            Some(name) => name,
            None => self.claim(otherwise, case),
        }
    }

    /// Names many things at once, each in all of `cases`, so that the order of `wishes` does not matter.
    ///
    /// Where several want the same name, one that the document named wins over a derived one, then the one
    /// that is written just so, then the one with the fewest signs. The others get a name that says how
    /// they differ: by their spelling, else by where they stand, and by a number only if nothing else does.
    /// Numbers are given in the order of texts and pointers, so that they too depend on nothing but the
    /// things that want the same name.
    pub fn claim_all(&mut self, wishes: &[Wish<'_>], cases: &[Case]) -> Vec<Vec<Ident>> {
        self.claim_anew(wishes, &vec![None; wishes.len()], cases)
    }

    /// Names many things of which some were `given` their names before: in all of `cases`, as `spelt` or
    /// `are_names` has them. Those keep them, unless one is in use, and go before all others.
    pub fn claim_anew(
        &mut self,
        wishes: &[Wish<'_>],
        given: &[Option<Vec<String>>],
        cases: &[Case],
    ) -> Vec<Vec<Ident>> {
        let mut order: Vec<usize> = (0..wishes.len()).collect();
        order.sort_by_cached_key(|index| precedence(&wishes[*index], cases));
        let mut names: Vec<Option<Vec<Ident>>> = vec![None; wishes.len()];
        for index in &order {
            let given = given[*index].as_ref();
            names[*index] = given.and_then(|given| self.take_names(given.clone(), cases));
        }
        order.retain(|index| names[*index].is_none());
        let mut late = Vec::new();
        for index in order {
            names[index] = self.take(&wishes[index].words.join(" "), "", cases);
            if names[index].is_none() {
                late.push(index);
            }
        }
        for index in late {
            names[index] = Some(self.settle(&wishes[index], cases));
        }
        names
            .into_iter()
            .map(|name| name.expect("every wish is settled"))
            .collect()
    }

    /// Names a thing whose first choice is taken.
    fn settle(&mut self, wish: &Wish<'_>, cases: &[Case]) -> Vec<Ident> {
        let text = wish.words.join(" ");
        let led = words::led(&text).and_then(|led| self.take(&led, "", cases));
        if let Some(names) = led {
            return names;
        }
        let spelling = words::spelling(&wish.words.concat());
        let spelled = (!spelling.is_empty()).then_some(spelling);
        let tokens: Vec<String> = wish.at.tokens().collect();
        let places = (1..=tokens.len()).map(|count| tokens[tokens.len() - count..].join(" "));
        for tail in spelled.into_iter().chain(places) {
            if let Some(names) = self.take(&text, &tail, cases) {
                return names;
            }
        }
        let spaces = cases.iter().map(|case| case.space()).collect();
        let numbered = (text, spaces);
        let last = self.numbers.get(&numbered).copied().unwrap_or(1);
        let (number, names) = (last + 1..)
            .find_map(|number| {
                let names = self.take(&numbered.0, &number.to_string(), cases)?;
                Some((number, names))
            })
            .expect("a scope is finite, and numbers are not");
        self.numbers.insert(numbered, number);
        names
    }

    /// Takes the names that `text` makes in all `cases`, if all of them are free. `tail` tells the thing
    /// from others of that text, and stays where a long name is cut.
    fn take(&mut self, text: &str, tail: &str, cases: &[Case]) -> Option<Vec<Ident>> {
        let names = cases.iter().map(|case| legal(text, tail, *case)).collect();
        self.take_names(names, cases)
    }

    /// Takes the names, one for each case, if all of them are free.
    fn take_names(&mut self, names: Vec<String>, cases: &[Case]) -> Option<Vec<Ident>> {
        let keys: Vec<(u8, String)> = cases
            .iter()
            .zip(&names)
            .map(|(case, name)| (case.space(), key(name, *case)))
            .collect();
        let in_use = |key: &(u8, String)| {
            self.reserved.contains(&key.1.as_str()) || self.taken.contains(key)
        };
        if keys.iter().any(in_use) {
            return None;
        }
        self.taken.extend(keys);
        Some(names.into_iter().map(Ident).collect())
    }
}

/// The names that a text makes in all `cases`, free or not.
#[must_use]
pub(super) fn spelt(text: &str, cases: &[Case]) -> Vec<String> {
    cases.iter().map(|case| legal(text, "", *case)).collect()
}

/// Whether `names` can be names in `cases`: one text that makes them all, or one for each case.
#[must_use]
pub fn are_names(names: &[String], cases: &[Case]) -> bool {
    let is_name = |(name, case): (&String, &Case)| {
        let plain = name.strip_prefix("r#").unwrap_or(name);
        let letters = |is: fn(&char) -> bool| plain.chars().any(|c| is(&c));
        let capitals = match case {
            Case::Type | Case::Variant => !plain.starts_with(|c: char| c.is_ascii_lowercase()),
            Case::Constant => !letters(char::is_ascii_lowercase),
            _ => !letters(char::is_ascii_uppercase),
        };
        let signs = plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let begins = plain.starts_with(|c: char| !c.is_ascii_digit());
        let says = plain.bytes().any(|c| c != b'_');
        let is_legal = avoid_keyword(plain.to_owned(), *case) == *name;
        capitals && signs && begins && says && is_legal
    };
    match names {
        [_] if cases.len() > 1 => true,
        names => names.len() == cases.len() && names.iter().zip(cases).all(is_name),
    }
}

/// What a name is compared by: files must differ where capitals do not count.
fn key(name: &str, case: Case) -> String {
    let plain = name.strip_prefix("r#").unwrap_or(name);
    if case == Case::Module {
        plain.to_ascii_lowercase()
    } else {
        plain.to_owned()
    }
}

/// Smaller goes first. Nothing in it depends on the order of the document.
fn precedence(wish: &Wish<'_>, cases: &[Case]) -> (Rank, bool, usize, String, Pointer) {
    let text = wish.words.join(" ");
    let exact = cases.iter().any(|case| words::cased(&text, *case) == text);
    let signs = text.chars().filter(|c| !c.is_alphanumeric()).count();
    (wish.rank, !exact, signs, text, wish.at.clone())
}

/// The legal name that `text` makes, with `tail` behind it.
fn legal(text: &str, tail: &str, case: Case) -> String {
    if text.trim().is_empty() && tail.is_empty() {
        let words = if matches!(case, Case::Type | Case::Variant) {
            "Empty"
        } else {
            "empty"
        };
        return avoid_keyword(words::cased(words, case), case);
    }
    let url = words::url_tail(text).filter(|_| case == Case::Variant);
    let text = words::with_tail(url.unwrap_or(text), tail, case);
    let mut name = words::cased(&text, case);
    if name.is_empty() {
        name = words::cased(&words::spelled(&text), case);
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        name = words::led(&text).map_or(name, |led| words::cased(&led, case));
    }
    if name.is_empty() {
        name = case.fallback().to_owned();
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        // A module must differ from a type as well: both have names of the same kind.
        name.insert_str(0, if case == Case::Module { "n_" } else { "_" });
    }
    avoid_keyword(name, case)
}

fn avoid_keyword(name: String, case: Case) -> String {
    if case == Case::Module && (is_keyword(&name) || is_device(&name)) {
        return format!("{name}_");
    }
    if matches!(name.as_str(), "self" | "Self" | "super" | "crate") {
        return format!("{name}_");
    }
    if is_keyword(&name) {
        format!("r#{name}")
    } else {
        name
    }
}

/// The keywords of edition 2024, strict and reserved (The Rust Reference, "Keywords").
#[rustfmt::skip]
pub(crate) fn is_keyword(name: &str) -> bool {
    matches!(name,
        "Self" | "abstract" | "as" | "async" | "await" | "become" | "box" | "break" | "const" | "continue"
        | "crate" | "do" | "dyn" | "else" | "enum" | "extern" | "false" | "final" | "fn" | "for" | "gen" | "if"
        | "impl" | "in" | "let" | "loop" | "macro" | "match" | "mod" | "move" | "mut" | "override" | "priv"
        | "pub" | "ref" | "return" | "self" | "static" | "struct" | "super" | "trait" | "true" | "try" | "type"
        | "typeof" | "unsafe" | "unsized" | "use" | "virtual" | "where" | "while" | "yield"
    )
}

/// The names that Windows keeps for devices, with any ending.
fn is_device(name: &str) -> bool {
    let numbered = |stem: &str| {
        name.strip_prefix(stem)
            .is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    matches!(name, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
