//! One behaviour a case: the smallest spec, and the files that it is about. README.md says how to add one.

use crate::case::{self, Case};

/// Generates from the case's spec and compares what it shows with `output.snap`.
fn check(name: &str) {
    let case = Case::open("cases", name);
    let output = case.generate();
    assert!(
        output.reports.iter().all(|report| report.made),
        "{name} was refused:\n{}",
        Case::told(&output)
    );
    case.compare(&case.shown(&output));
}

macro_rules! cases {
    ($($name:ident,)*) => {
        /// The cases, as their folders are called.
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(#[test] fn $name() { check(stringify!($name)); })*
    };
}

cases! {}

#[test]
fn the_list_is_the_folders() {
    case::check_folders("cases", NAMES.iter().map(|&name| name.to_owned()).collect());
}
