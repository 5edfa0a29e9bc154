//! The census: what there is in a document, and what became of it. What goes in comes out.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// What became of the operations and the schemas of a document.
///
/// In each of the two, `total` is the sum of the others, and `unaccounted` is empty: else specmint has lost something
/// without a word, which is a mistake of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Census {
    /// What can be called.
    pub operations: Operations,
    /// What can be said.
    pub schemas: Schemas,
}

/// Operations below `paths`, also those of path items in other files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Operations {
    /// All of them.
    pub total: usize,
    /// Those that the client has a method for.
    pub generated: usize,
    /// Those that a diagnostic says are left out.
    pub refused: usize,
    /// Those that `--only` and `--exclude` do not select.
    pub excluded: usize,
    /// Those that nothing is known of, as JSON pointers.
    pub unaccounted: Vec<String>,
}

/// Schema objects of the document in its normal form: components and inline ones, references apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Schemas {
    /// All of them.
    pub total: usize,
    /// Those that are a Rust type, or a part of one.
    pub typed: usize,
    /// Those that take any JSON value, since the document does not say more.
    pub free: usize,
    /// Those that take any JSON value although the document says more, by the code that says why.
    pub any_json: BTreeMap<&'static str, usize>,
    /// Those that are left out of the type around them, by the code that says why.
    pub left_out: BTreeMap<&'static str, usize>,
    /// Those that no call leads to, such as in links and in parameters that no operation has.
    pub unused: usize,
    /// Those that only operations need which are not selected.
    pub excluded: usize,
    /// Those that nothing is known of, as JSON pointers.
    pub unaccounted: Vec<String>,
}

impl Census {
    /// Whether everything is counted once.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.operations.is_balanced() && self.schemas.is_balanced()
    }
}

impl Operations {
    /// Whether each of them is counted once.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let counted = self.generated + self.refused + self.excluded;
        self.unaccounted.is_empty() && counted == self.total
    }
}

impl Schemas {
    /// Whether each of them is counted once.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let reasons = self.any_json.values().chain(self.left_out.values());
        let counted = self.typed + self.free + self.unused + self.excluded + reasons.sum::<usize>();
        self.unaccounted.is_empty() && counted == self.total
    }
}

/// `3 operations, 12 schemas`, with what became of them in parentheses if that is not plain.
impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operations,
            schemas,
        } = self;
        write!(f, "{}", many(operations.total, "operation"))?;
        let parts = [
            part(operations.generated, "generated"),
            part(operations.refused, "refused"),
            part(operations.excluded, "excluded"),
            part(operations.unaccounted.len(), "unaccounted for"),
        ];
        write_parts(f, parts, operations.generated == operations.total)?;
        write!(f, ", {}", many(schemas.total, "schema"))?;
        let typed = schemas.typed + schemas.free;
        let parts = [
            part(typed, "typed"),
            reasons(&schemas.any_json, "any JSON"),
            reasons(&schemas.left_out, "left out"),
            part(schemas.unused, "unused"),
            part(schemas.excluded, "excluded"),
            part(schemas.unaccounted.len(), "unaccounted for"),
        ];
        write_parts(f, parts, typed == schemas.total)
    }
}

fn many(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

fn part(count: usize, what: &str) -> Option<String> {
    (count > 0).then(|| format!("{count} {what}"))
}

fn reasons(counts: &BTreeMap<&str, usize>, what: &str) -> Option<String> {
    let codes: Vec<&str> = counts.keys().copied().collect();
    let part = part(counts.values().sum(), what)?;
    Some(format!("{part}: {}", codes.join(" and ")))
}

fn write_parts<const N: usize>(
    f: &mut fmt::Formatter<'_>,
    parts: [Option<String>; N],
    is_plain: bool,
) -> fmt::Result {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if is_plain || parts.is_empty() {
        return Ok(());
    }
    write!(f, " ({})", parts.join(", "))
}
