//! Where a review and the generated crates differ, and why.

/// Labels of pairs, each followed by an indented reason of one or more lines.
const EXPLAINED: &str = include_str!("explained.txt");

/// A difference that is known.
#[derive(Debug, PartialEq)]
pub(super) struct Explained {
    /// The pair.
    pub(super) label: String,
    /// Why the two differ.
    pub(super) reason: String,
}

/// The differences that are known.
pub(super) fn read() -> Vec<Explained> {
    parsed(EXPLAINED)
}

/// The entries of a text.
pub(super) fn parsed(text: &str) -> Vec<Explained> {
    let mut entries: Vec<Explained> = Vec::new();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    for line in lines.filter(|line| !line.trim().is_empty()) {
        match (line.strip_prefix(' '), entries.last_mut()) {
            (Some(more), Some(entry)) => {
                if !entry.reason.is_empty() {
                    entry.reason.push(' ');
                }
                entry.reason.push_str(more.trim());
            }
            _ => entries.push(Explained {
                label: line.trim().to_owned(),
                reason: String::new(),
            }),
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_may_have_lines() {
        let entry = |label: &str, reason: &str| Explained {
            label: label.to_owned(),
            reason: reason.to_owned(),
        };
        let text = "# how\n\na -> b\n    one\n    two\nc\n    three\n";
        assert_eq!(
            parsed(text),
            [entry("a -> b", "one two"), entry("c", "three")]
        );
    }

    #[test]
    fn every_difference_has_a_reason() {
        for entry in read() {
            assert!(!entry.reason.is_empty(), "{}", entry.label);
        }
    }
}
