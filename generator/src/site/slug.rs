//! The anchors of headings, as GitHub makes them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

/// What GitHub takes out of a heading: all but letters, marks, digits, `_`, `-` and spaces.
static TAKEN_OUT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[^\w\- ]").expect("the pattern is written here"));

/// The anchor of a heading with this text, if it is the only one of its page.
///
/// The rule is that of GitHub's `TableOfContentsFilter`: lower case, punctuation out, a hyphen for each space.
#[must_use]
pub fn slug(heading: &str) -> String {
    let lower = heading.trim().to_lowercase();
    TAKEN_OUT.replace_all(&lower, "").replace(' ', "-")
}

/// The anchors of one page, in its order: the second of a kind ends in `-1`.
#[derive(Clone, Debug, Default)]
pub struct Slugs {
    taken: BTreeSet<String>,
}

impl Slugs {
    /// The anchor of the next heading of the page.
    pub fn next(&mut self, heading: &str) -> String {
        let plain = slug(heading);
        let mut anchor = plain.clone();
        let mut count = 0_u32;
        while !self.taken.insert(anchor.clone()) {
            count += 1;
            anchor = format!("{plain}-{count}");
        }
        anchor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_github() {
        #[rustfmt::skip]
        let table = [
            // heading                  anchor                   why
            ("post_token",              "post_token"),        // underscores stay
            ("How do I add a case?",    "how-do-i-add-a-case"),
            ("`--check`: up to date",   "--check-up-to-date"),
            ("a / b",                   "a--b"),              // a hyphen for each space
            ("  Über  ",                "über"),
            ("हिन्दी",                    "हिन्दी"),               // marks are parts of words
            ("فاتورة",                  "فاتورة"),
            ("🐙",                      ""),
        ];
        for (heading, anchor) in table {
            assert_eq!(slug(heading), anchor, "{heading:?}");
        }
    }

    #[test]
    fn equal_headings_are_numbered_and_no_two_anchors_are_equal() {
        let mut slugs = Slugs::default();
        let anchors = ["a", "a-1", "A", "a"].map(|heading| slugs.next(heading));
        assert_eq!(anchors, ["a", "a-1", "a-2", "a-3"]);
    }
}
