//! Why scenarios are not passed.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

/// What is explained.
#[derive(Debug)]
pub(super) struct Explained {
    pub(super) rows: Vec<Row>,
}

/// A line: what stands in the way, which scenarios, and the reason.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) obstacle: Obstacle,
    /// The name of a scenario, where `*` stands for anything.
    pub(super) pattern: String,
    pub(super) reason: String,
}

/// What stands in the way of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// The document does not say what the scenario needs: it cannot be expressed.
    Document,
    /// The suite's mock is at odds with the document.
    Suite,
    /// The client cannot do it.
    Client,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "document",
            Self::Suite => "suite",
            Self::Client => "client",
        })
    }
}

impl Explained {
    /// Reads a table; lines that begin with `#` are for people.
    ///
    /// # Errors
    /// The file cannot be read, or a line is none.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let rows = lines.map(|line| {
            row(line).ok_or_else(|| io::Error::other(format!("this explains nothing: {line}")))
        });
        Ok(Self {
            rows: rows.collect::<io::Result<_>>()?,
        })
    }

    /// The first row about a scenario.
    pub(super) fn find(&self, scenario: &str) -> Option<usize> {
        let mut rows = self.rows.iter();
        rows.position(|row| fits(&row.pattern, scenario))
    }
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.splitn(3, ' ');
    let obstacle = match cells.next()? {
        "document" => Obstacle::Document,
        "suite" => Obstacle::Suite,
        "client" => Obstacle::Client,
        _ => return None,
    };
    Some(Row {
        obstacle,
        pattern: cells.next()?.to_owned(),
        reason: cells.next()?.to_owned(),
    })
}

fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(start) else {
        return false;
    };
    loop {
        if fits(rest, left) {
            return true;
        }
        let mut chars = left.chars();
        if chars.next().is_none() {
            return false;
        }
        left = chars.as_str();
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything() {
        #[rustfmt::skip]
        let table = [
            ("A_b", "A_b", true),
            ("A_b", "A_bc", false),
            ("A_*", "A_", true),
            ("A_*_c", "A_b_c", true),
            ("A_*_c", "A_b_d", false),
            ("*_c", "A_b_c", true),
        ];
        for (pattern, name, expected) in table {
            assert_eq!(fits(pattern, name), expected, "{pattern} and {name}");
        }
    }
}
