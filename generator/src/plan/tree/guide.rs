//! The plan as data: the programs of the crate's README.

/// What the README shows of an API beside its first call, as statements of Rust with the imports first. A program that
/// the API has nothing for is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guide {
    /// Tells what a refusal holds.
    pub errors: Vec<String>,
    /// Obtains tokens by a source, and gives it to a client.
    pub tokens: Vec<String>,
}
