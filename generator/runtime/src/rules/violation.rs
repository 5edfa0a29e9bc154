//! What breaks a rule, told without the value.

use std::borrow::Cow;
use std::fmt;

use super::super::error::{BuildError, BuildErrorKind, Error};

/// One value that breaks a limit. It never holds the value itself, which may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Violation {
    pub(super) path: String,
    pub(super) keyword: &'static str,
    pub(super) limit: Cow<'static, str>,
}

impl Violation {
    /// Where the value is: `$.items[3].name` in a body or a model, `query.limit` in a parameter (`path`,
    /// `query`, `header` or `cookie`, and the name). Names that the caller made up, of maps and of members
    /// that are not declared, are shown.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The word that JSON Schema or OpenAPI has for the limit, such as `maxLength`. A value that is nested
    /// more deeply than any server reads has `depth`.
    #[must_use]
    pub fn keyword(&self) -> &str {
        self.keyword
    }

    /// The limit as the API's description has it, such as `30`.
    #[must_use]
    pub fn limit(&self) -> &str {
        &self.limit
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.path, self.keyword, self.limit)
    }
}

impl fmt::Debug for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Violation({self})")
    }
}

/// All values that break a limit, in the order in which they would be sent; at least one.
///
/// `?` makes it an [`Error::Build`] of any call, so asking and sending fit into one line:
///
/// ```text
/// let pet = client.create_pet(Pet::new("Rex")).limit(10).validate()?.await?;
///
/// for violation in pet.validate().err().iter().flatten() {
///     println!("{violation}");        // $.items[3].name: maxLength: 30
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Violations(pub(super) Vec<Violation>);

impl Violations {
    /// The violations.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("limits of the API's description are broken")?;
        let mut before = ": ";
        for violation in self {
            write!(f, "{before}{violation}")?;
            before = "; ";
        }
        Ok(())
    }
}

impl fmt::Debug for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl std::error::Error for Violations {}

impl From<Violations> for BuildError {
    fn from(violations: Violations) -> Self {
        Self::new(BuildErrorKind::Violations, violations.to_string())
    }
}

impl<E> From<Violations> for Error<E> {
    fn from(violations: Violations) -> Self {
        Error::Build(violations.into())
    }
}
