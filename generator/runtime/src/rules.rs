//! What values that are sent must keep to, and whether they do: asked for by the caller, never on the way.
//!
//! In: a value that is a [`Slot`], and a table of [`Rule`]s that the generator writes. Out: nothing, or all
//! [`Violations`] at once. The tables are plain data and what reads them is compiled once; a rule speaks in
//! the words of JSON Schema (draft 2020-12, validation) and is looked at in the JSON that would be sent.

mod check;
mod decimal;
mod format;
mod violation;

pub use self::violation::{Violation, Violations};

pub(super) use self::check::Walk;

use super::json::{Slot, to_request};

/// One thing that a value must keep to. Rules for another kind of value than the one that is there hold.
#[derive(Debug)]
pub enum Rule {
    /// At least as many Unicode code points.
    MinLength(u64),
    /// At most as many Unicode code points.
    MaxLength(u64),
    /// A regular expression that is found in the text: as the description has it, and as `regex` has it.
    Pattern(&'static str, &'static str),
    /// A text of this format, as far as a look can tell.
    Format(&'static str),
    /// At least this number.
    Minimum(&'static str),
    /// At most this number.
    Maximum(&'static str),
    /// More than this number.
    ExclusiveMinimum(&'static str),
    /// Less than this number.
    ExclusiveMaximum(&'static str),
    /// A whole multiple of this number.
    MultipleOf(&'static str),
    /// At least as many items.
    MinItems(u64),
    /// At most as many items.
    MaxItems(u64),
    /// No item twice. Items are the same if they are written the same.
    UniqueItems,
    /// At least as many members.
    MinProperties(u64),
    /// At most as many members.
    MaxProperties(u64),
    /// One of these texts, numbers or truth values, each without quotes.
    Enum(&'static [&'static str]),
    /// These members are there.
    Required(&'static [&'static str]),
    /// With the first member, the others are there.
    DependentRequired(&'static str, &'static [&'static str]),
    /// A value of this type. Only tells the alternatives of a choice apart: Rust's types look after it.
    Type(&'static str),
    /// What the member of this name keeps to.
    Member(&'static str, &'static [Rule]),
    /// What the members keep to that have none of these names.
    Rest(&'static [&'static str], &'static [Rule]),
    /// What each item keeps to.
    Items(&'static [Rule]),
    /// What each of the first items keeps to, and what those after them do.
    Places(&'static [&'static [Rule]], &'static [Rule]),
    /// What a type keeps to. Types may lead back to themselves, so this is a way to the rules.
    Of(fn() -> &'static [Rule]),
    /// What the alternative keeps to that the text of this member names.
    Tagged(&'static str, &'static [(&'static str, &'static [Rule])]),
    /// What one alternative at least keeps to; `oneOf` or `anyOf`.
    Choice(&'static str, &'static [&'static [Rule]]),
}

/// What a rule of a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The body.
    Body,
    /// The body, when it is sent as this media type.
    BodyAs(&'static str),
    /// A parameter of the path.
    Path(&'static str),
    /// A query parameter.
    Query(&'static str),
    /// A header.
    Header(&'static str),
    /// A cookie.
    Cookie(&'static str),
}

/// What the body and the parameters of a call keep to.
pub type CallRules = &'static [(Input, &'static [Rule])];

/// Looks whether a value keeps to its rules.
///
/// # Errors
/// Everything in it that does not.
pub fn check(value: &dyn Slot, rules: &'static [Rule]) -> Result<(), Violations> {
    let mut walk = Walk::default();
    walk.json("$", &to_request(value), rules);
    walk.finish()
}

/// Gives a model its rules, and the method that looks whether a value keeps to them.
#[doc(hidden)]
#[macro_export]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_rules {
    ($ty:ident [$($rules:tt)*]) => {
        impl $ty {
            #[doc(hidden)]
            pub fn __rules() -> &'static [crate::runtime::rules::Rule] {
                use crate::runtime::rules::Rule::*;
                static RULES: &[crate::runtime::rules::Rule] = &[$($rules)*];
                RULES
            }

            /// Looks whether the value keeps to the limits that the API's description sets.
            ///
            /// Nothing else does: what breaks a limit can be sent.
            ///
            /// # Errors
            /// Everything in it that breaks a limit, with its place and the limit, and without its value.
            pub fn validate(&self) -> ::core::result::Result<(), crate::runtime::Violations> {
                crate::runtime::rules::check(self, Self::__rules())
            }
        }
    };
}
