//! Patterns of documents (ECMA-262) as the runtime matches them: in linear time, whatever they are.

use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::HashMap;

/// The longest pattern that is looked at, in bytes.
const LONGEST: usize = 4096;

/// What has been translated already: documents repeat their patterns.
#[derive(Default)]
pub(super) struct Patterns(HashMap<String, Option<String>>);

impl Patterns {
    /// The pattern as the `regex` library has it; `None` if it cannot be matched so.
    pub(super) fn translate(&mut self, pattern: &str) -> Option<String> {
        if let Some(known) = self.0.get(pattern) {
            return known.clone();
        }
        let translated = translate(pattern);
        self.0.insert(pattern.to_owned(), translated.clone());
        translated
    }
}

/// Whether a text matches; also if nobody can tell.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let translated = jsonschema_regex::to_rust_regex(pattern).ok();
    let regex = translated.and_then(|pattern| regex::Regex::new(&pattern).ok());
    regex.is_none_or(|regex| regex.is_match(text))
}

/// Texts that match, the shortest first; none if the pattern is too much for that.
pub(super) fn instances(pattern: &str) -> impl Iterator<Item = String> {
    let translated = translate(pattern);
    let parsed = translated.and_then(|pattern| regex_syntax::parse(&pattern).ok());
    [0, 1, 3, 7, 15, 31, 63, 127]
        .into_iter()
        .filter_map(move |more| {
            let mut out = String::new();
            write(parsed.as_ref()?, more, &mut out)?;
            Some(out)
        })
}

/// Appends a text that matches, with `more` repetitions where any number may be.
fn write(pattern: &Hir, more: u32, out: &mut String) -> Option<()> {
    if out.len() > LONGEST {
        return None;
    }
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = || class.ranges().iter();
            let has = |wanted: char| ranges().any(|it| (it.start()..=it.end()).contains(&wanted));
            let usual = ['a', 'A', '1', '-', ' ']
                .into_iter()
                .find(|usual| has(*usual));
            out.push(usual.or_else(|| ranges().map(|it| it.start()).next_back())?);
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repeated) => {
            let most = repeated.max.unwrap_or(u32::MAX);
            for _ in 0..repeated.min.saturating_add(more).min(most) {
                write(&repeated.sub, more, out)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, out)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, more, out)?;
            }
        }
        HirKind::Alternation(parts) => write(parts.first()?, more, out)?,
    }
    Some(())
}

fn translate(pattern: &str) -> Option<String> {
    if pattern.len() > LONGEST {
        return None;
    }
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    // what a program will compile with the same limits when it first needs it
    regex::Regex::new(&translated).ok()?;
    Some(translated.into_owned())
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    #[test]
    fn patterns_mean_what_ecma_262_says() {
        #[rustfmt::skip]
        let table = [
            // pattern          matches    does not     why
            (r"^\d+$",          "12",      "١٢"),       // digits are those of ASCII
            (r"^\w$",           "_",       "é"),        // so are the signs of words
            (r"^[\w-]+\/\d*$",  "a-b/1",   "a b/1"),    // a slash may be escaped, a hyphen may end a class
            (r"^[[a]+$",        "[a",      "]"),        // a bracket may stand in a class
            (r"^\u00e9$",       "é",       "e"),        // code units
            (r"^\p{Lu}+$",      "ÉA",      "a"),        // properties
            (r"^a{2}$",         "aa",      "a"),
            (r"^(?<name>a|b)$", "b",       "c"),
            (r"^\cJ$",          "\n",      "J"),        // control letters
            ("b",               "abc",     "ac"),       // anywhere
        ];
        for (pattern, matching, other) in table {
            let meant = Patterns::default().translate(pattern);
            let meant = meant.unwrap_or_else(|| panic!("{pattern} can be matched"));
            let regex = regex::Regex::new(&meant).expect("it was compiled before");
            assert!(
                regex.is_match(matching),
                "{pattern} as {meant} on {matching:?}"
            );
            assert!(!regex.is_match(other), "{pattern} as {meant} on {other:?}");
        }
    }

    #[test]
    fn what_linear_time_does_not_allow_is_left_out() {
        let long = "a".repeat(5000);
        for pattern in [
            "^(?!a)",
            "(?<=a)b",
            r"(a)\1",
            "[",
            "(",
            r"\ud800",
            "((a{500}){500}){500}",
            &long,
        ] {
            assert_eq!(Patterns::default().translate(pattern), None, "{pattern}");
        }
    }
}
