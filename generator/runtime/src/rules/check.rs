//! The walk over a value and its rules, side by side.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use regex::Regex;

use super::super::json::{DecodeError, Kind, MAX_DEPTH, Reader};
use super::decimal::Decimal;
use super::{Rule, Violation, Violations, format};

/// How often alternatives are looked at in depth; after that the first one that fits is taken. Choices
/// within choices multiply.
const MOST_TRIALS: u32 = 10_000;

/// How far types may lead to other types without a value in between.
const LONGEST_CHAIN: u32 = 64;

/// The longest list of allowed values that is told, in bytes.
const LONGEST_LIST: usize = 200;

/// A walk over values, and what it has found.
#[derive(Default)]
pub(in super::super) struct Walk {
    root: String,
    path: Vec<Step>,
    found: Vec<Violation>,
    trials: u32,
}

/// One step from a value to one in it.
#[derive(Clone)]
enum Step {
    Declared(&'static str),
    Named(String),
    Index(usize),
}

type Read<T> = Result<T, DecodeError>;

/// The rules of one value, types followed.
type Flat = Vec<&'static Rule>;

impl Walk {
    /// Looks at a value that was written as JSON; `root` is what its path begins with.
    pub(in super::super) fn json(&mut self, root: &str, json: &[u8], rules: &'static [Rule]) {
        root.clone_into(&mut self.root);
        self.path.clear();
        let rules = flat([rules]);
        let outcome = Reader::new(json).and_then(|mut reader| self.value(&mut reader, &rules));
        if outcome.is_err() {
            // what we wrote is JSON, so it can only be nested too deeply
            self.path.clear();
            self.report("depth", MAX_DEPTH.to_string());
        }
    }

    /// What was found.
    pub(in super::super) fn finish(self) -> Result<(), Violations> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(Violations(self.found))
        }
    }

    fn report(&mut self, keyword: &'static str, limit: impl Into<Cow<'static, str>>) {
        let mut path = self.root.clone();
        for step in &self.path {
            let written = match step {
                Step::Index(index) => write!(path, "[{index}]"),
                Step::Declared(name) => write_name(&mut path, name),
                Step::Named(name) => write_name(&mut path, name),
            };
            debug_assert!(written.is_ok(), "writing into a text cannot fail");
        }
        let limit = limit.into();
        self.found.push(Violation {
            path,
            keyword,
            limit,
        });
    }

    /// Reports unless the rule holds.
    fn demand(
        &mut self,
        holds: bool,
        keyword: &'static str,
        limit: impl FnOnce() -> Cow<'static, str>,
    ) {
        if !holds {
            self.report(keyword, limit());
        }
    }

    /// Reads the next value and looks at it.
    fn value(&mut self, reader: &mut Reader<'_>, rules: &[&'static Rule]) -> Read<()> {
        for rule in rules {
            match rule {
                Rule::Tagged(member, variants) => self.tagged(&reader.fork(), member, variants)?,
                Rule::Choice(keyword, variants) => self.choice(reader, keyword, variants)?,
                _ => {}
            }
        }
        match reader.kind()? {
            Kind::String => self.text(reader.text()?, rules),
            Kind::Number | Kind::Integer => {
                let spelled = String::from_utf8_lossy(reader.number(Kind::Number)?);
                self.number(&spelled, rules);
            }
            Kind::Boolean => {
                let text = if reader.boolean()? { "true" } else { "false" };
                self.known(text, rules, |known| known == text);
            }
            Kind::Null => drop(reader.null()?),
            Kind::Array => self.array(reader, rules)?,
            Kind::Object => self.object(reader, rules)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &str, rules: &[&'static Rule]) {
        let length = || text.chars().count() as u64;
        for rule in rules {
            match **rule {
                Rule::MinLength(least) => {
                    self.demand(length() >= least, "minLength", || spelled(least));
                }
                Rule::MaxLength(most) => {
                    self.demand(length() <= most, "maxLength", || spelled(most));
                }
                Rule::Pattern(said, meant) => {
                    self.demand(is_match(meant, text), "pattern", || said.into());
                }
                Rule::Format(name) => {
                    self.demand(format::holds(name, text), "format", || name.into());
                }
                _ => {}
            }
        }
        self.known(text, rules, |known| known == text);
    }

    fn number(&mut self, text: &str, rules: &[&'static Rule]) {
        let number = Decimal::parse(text);
        // numbers that are too long to compare hold
        let is = |limit: &str, allowed: &[Ordering]| match (number, Decimal::parse(limit)) {
            (Some(number), Some(limit)) => allowed.contains(&number.compare(limit)),
            _ => true,
        };
        use Ordering::{Equal, Greater, Less};
        for rule in rules {
            let (holds, keyword, limit) = match **rule {
                Rule::Minimum(limit) => (is(limit, &[Equal, Greater]), "minimum", limit),
                Rule::Maximum(limit) => (is(limit, &[Equal, Less]), "maximum", limit),
                Rule::ExclusiveMinimum(limit) => (is(limit, &[Greater]), "exclusiveMinimum", limit),
                Rule::ExclusiveMaximum(limit) => (is(limit, &[Less]), "exclusiveMaximum", limit),
                Rule::MultipleOf(limit) => {
                    let is_multiple = match (number, Decimal::parse(limit)) {
                        (Some(number), Some(step)) => number.is_multiple_of(step),
                        _ => true,
                    };
                    (is_multiple, "multipleOf", limit)
                }
                _ => continue,
            };
            self.demand(holds, keyword, || limit.into());
        }
        self.known(text, rules, |known| {
            matches!((number, Decimal::parse(known)), (Some(a), Some(b)) if a.compare(b) == Equal)
        });
    }

    /// Looks at the lists of allowed values.
    fn known(&mut self, text: &str, rules: &[&'static Rule], is: impl Fn(&str) -> bool) {
        for rule in rules {
            if let Rule::Enum(values) = rule {
                let holds = values.contains(&text) || values.iter().any(|known| is(known));
                self.demand(holds, "enum", || listed(values).into());
            }
        }
    }

    fn array(&mut self, reader: &mut Reader<'_>, rules: &[&'static Rule]) -> Read<()> {
        let items = flat(rules.iter().filter_map(|rule| match rule {
            Rule::Items(rules) => Some(*rules),
            _ => None,
        }));
        let unique = rules.iter().any(|rule| matches!(rule, Rule::UniqueItems));
        let (mut seen, mut is_unique) = (HashSet::new(), true);
        let mut count = 0;
        let mut more = reader.first_element()?;
        while more {
            if unique {
                is_unique &= seen.insert(reader.fork().spelled()?);
            }
            let mut inner = items.clone();
            inner.extend(flat(rules.iter().filter_map(|rule| match rule {
                Rule::Places(places, rest) => Some(*places.get(count).unwrap_or(rest)),
                _ => None,
            })));
            self.inside(Step::Index(count), reader, &inner)?;
            count += 1;
            more = reader.next_element()?;
        }
        let count = count as u64;
        for rule in rules {
            match **rule {
                Rule::MinItems(least) => {
                    self.demand(count >= least, "minItems", || spelled(least));
                }
                Rule::MaxItems(most) => self.demand(count <= most, "maxItems", || spelled(most)),
                Rule::UniqueItems => self.demand(is_unique, "uniqueItems", || "true".into()),
                _ => {}
            }
        }
        Ok(())
    }

    fn object(&mut self, reader: &mut Reader<'_>, rules: &[&'static Rule]) -> Read<()> {
        let mut present = HashSet::new();
        let mut count = 0;
        let mut next = reader.first_name()?;
        while let Some(name) = next {
            let (step, inner) = member(name, rules);
            count += 1;
            for wanted in rules.iter().flat_map(|rule| names(rule)) {
                if wanted == name {
                    present.insert(wanted);
                }
            }
            self.inside(step, reader, &inner)?;
            next = reader.next_name()?;
        }
        for rule in rules {
            match **rule {
                Rule::MinProperties(least) => {
                    self.demand(count >= least, "minProperties", || spelled(least));
                }
                Rule::MaxProperties(most) => {
                    self.demand(count <= most, "maxProperties", || spelled(most));
                }
                Rule::Required(names) => {
                    for name in names.iter().copied() {
                        self.demand(present.contains(name), "required", || name.into());
                    }
                }
                Rule::DependentRequired(trigger, names) if present.contains(trigger) => {
                    for name in names.iter().copied() {
                        let limit = || format!("{trigger} needs {name}").into();
                        self.demand(present.contains(name), "dependentRequired", limit);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Looks at a value inside the present one.
    fn inside(&mut self, step: Step, reader: &mut Reader<'_>, rules: &[&'static Rule]) -> Read<()> {
        if rules.is_empty() {
            return reader.skip();
        }
        self.path.push(step);
        let outcome = self.value(reader, rules);
        self.path.pop();
        outcome
    }

    /// Looks at an object as the alternative that its tag names.
    fn tagged(
        &mut self,
        reader: &Reader<'_>,
        member: &'static str,
        variants: &'static [(&'static str, &'static [Rule])],
    ) -> Read<()> {
        let tag = match reader.fork().kind()? {
            Kind::Object => super::super::json::read_tag(&mut reader.fork(), member).ok(),
            Kind::Null => return Ok(()),
            _ => None,
        };
        let named = tag.and_then(|tag| variants.iter().find(|(known, _)| *known == tag));
        match named {
            Some((_, rules)) => self.value(&mut reader.fork(), &flat([*rules])),
            None => {
                self.report("discriminator", member);
                Ok(())
            }
        }
    }

    /// Looks at a value as each alternative that may be meant, and reports what is wrong with the one that
    /// fits best.
    fn choice(
        &mut self,
        reader: &Reader<'_>,
        keyword: &'static str,
        variants: &'static [&'static [Rule]],
    ) -> Read<()> {
        if reader.fork().kind()? == Kind::Null {
            return Ok(());
        }
        let mut best: Option<Vec<Violation>> = None;
        for rules in variants {
            let rules = flat([*rules]);
            if !fits(&mut reader.fork(), &rules)? {
                continue;
            }
            let before = self.found.len();
            self.trials += 1;
            self.value(&mut reader.fork(), &rules)?;
            let found = self.found.split_off(before);
            let is_better = best.as_ref().is_none_or(|best| found.len() < best.len());
            if is_better {
                best = Some(found);
            }
            let is_done = best.as_ref().is_some_and(Vec::is_empty);
            if is_done || self.trials > MOST_TRIALS {
                break;
            }
        }
        match best {
            Some(found) => self.found.extend(found),
            None => self.report(keyword, "none of the alternatives fits"),
        }
        Ok(())
    }
}

/// The rules with those of types in place of their names.
fn flat(lists: impl IntoIterator<Item = &'static [Rule]>) -> Flat {
    fn follow(rules: &'static [Rule], depth: u32, out: &mut Flat) {
        for rule in rules {
            match rule {
                Rule::Of(rules) if depth < LONGEST_CHAIN => follow(rules(), depth + 1, out),
                Rule::Of(_) => {}
                rule => out.push(rule),
            }
        }
    }
    let mut out = Flat::new();
    for rules in lists {
        follow(rules, 0, &mut out);
    }
    out
}

/// What the member of this name keeps to.
fn member(name: &str, rules: &[&'static Rule]) -> (Step, Flat) {
    let mut declared = None;
    let lists: Vec<&'static [Rule]> = rules
        .iter()
        .filter_map(|rule| match rule {
            Rule::Member(known, rules) if *known == name => {
                declared = Some(Step::Declared(known));
                Some(*rules)
            }
            Rule::Rest(known, rules) if !known.contains(&name) => Some(*rules),
            _ => None,
        })
        .collect();
    let step = match declared {
        Some(step) => step,
        None if lists.is_empty() => Step::Declared(""),
        None => Step::Named(name.to_owned()),
    };
    (step, flat(lists))
}

/// The members whose presence a rule asks for.
fn names(rule: &'static Rule) -> impl Iterator<Item = &'static str> {
    let (first, rest): (Option<&'static str>, &'static [&'static str]) = match *rule {
        Rule::Required(names) => (None, names),
        Rule::DependentRequired(trigger, names) => (Some(trigger), names),
        _ => (None, &[]),
    };
    first.into_iter().chain(rest.iter().copied())
}

/// Whether a value may be meant as an alternative with these rules: its type is right, and the members are
/// there that it cannot be without.
fn fits(reader: &mut Reader<'_>, rules: &[&'static Rule]) -> Read<bool> {
    let kind = reader.kind()?;
    let spelled = reader.fork().spelled()?;
    let is = |name: &str| match kind {
        Kind::Null => name == "null",
        Kind::Boolean => name == "boolean",
        Kind::String => name == "string",
        Kind::Array => name == "array",
        Kind::Object => name == "object",
        Kind::Integer | Kind::Number => {
            let is_whole = !spelled
                .iter()
                .any(|byte| matches!(byte, b'.' | b'e' | b'E'));
            name == "number" || name == "integer" && is_whole
        }
    };
    let told = rules.iter().all(|rule| match rule {
        Rule::Type(name) => is(name),
        _ => true,
    });
    if !told || kind != Kind::Object {
        return Ok(told);
    }
    let mut missing: HashSet<&str> = rules
        .iter()
        .flat_map(|rule| match rule {
            Rule::Required(names) => *names,
            _ => &[],
        })
        .copied()
        .collect();
    let mut next = reader.first_name()?;
    while let Some(name) = next {
        missing.remove(name);
        reader.skip()?;
        next = reader.next_name()?;
    }
    Ok(missing.is_empty())
}

/// Whether the expression is found in the text. Each is compiled once; the generator has seen that it can be.
fn is_match(pattern: &'static str, text: &str) -> bool {
    static COMPILED: Mutex<BTreeMap<&'static str, Option<Regex>>> = Mutex::new(BTreeMap::new());
    let compiled = COMPILED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(pattern)
        .or_insert_with(|| Regex::new(pattern).ok())
        .clone();
    compiled.is_none_or(|regex| regex.is_match(text))
}

fn spelled(limit: u64) -> Cow<'static, str> {
    limit.to_string().into()
}

/// The values between commas, as many as are short enough to be told.
fn listed(values: &[&str]) -> String {
    let mut out = String::new();
    for value in values {
        if out.len() + value.len() > LONGEST_LIST {
            out.push_str(", …");
            break;
        }
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(value);
    }
    out
}

fn write_name(path: &mut String, name: &str) -> std::fmt::Result {
    let is_plain = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain {
        write!(path, ".{name}")
    } else {
        write!(path, "[{name:?}]")
    }
}
