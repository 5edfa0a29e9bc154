//! One case for each diagnostic code: a spec that provokes it, and what the developer is told.

use specmint::diag::Code;

use crate::case::{self, Case};

/// Codes that no document provokes by itself; each with the reason.
const WITHOUT_DOCUMENT: &[(&str, &str)] = &[(
    "unreadable-node",
    "a net below the others: `load` brings every node into shape before it is read",
)];

/// Generates from the case's spec and compares what is reported with `output.snap`.
fn check(name: &str) {
    let code = name.replace('_', "-");
    let case = Case::open("errors", &code);
    let output = case.generate();
    let codes: Vec<&str> = output
        .reports
        .iter()
        .flat_map(|report| report.diagnostics.list())
        .map(|diagnostic| diagnostic.code.as_str())
        .collect();
    assert!(
        codes.contains(&code.as_str()),
        "{code} is not among {codes:?}"
    );
    case.compare(&Case::told(&output));
}

macro_rules! codes {
    ($($name:ident,)*) => {
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(#[test] fn $name() { check(stringify!($name)); })*
    };
}

codes! {
    all_of_conflict,
    all_of_cycle,
    body_without_content,
    choice_ignored,
    conflicting_body,
    content_never_sent,
    contradictory_limits,
    discriminator_ignored,
    duplicate_key,
    duplicate_operation_id,
    duplicate_parameter,
    dynamic_reference,
    endless_alias,
    endless_type,
    enum_value_ignored,
    ignored_sibling,
    invalid_overlay,
    invalid_pagination,
    invalid_parameter,
    invalid_security_scheme,
    invalid_token_profile,
    keyword_ignored,
    keyword_unused,
    malformed_media_type,
    malformed_path,
    malformed_status,
    misplaced_required,
    missing_member,
    missing_schema,
    nested_too_deeply,
    newer_keyword,
    not_ignored,
    operation_left_out,
    optional_body_needed,
    overlay_not_needed,
    overlay_without_effect,
    path_parameter,
    reference_outside_root,
    remote_reference,
    required_without_property,
    reserved_header,
    selection_unmatched,
    syntax_error,
    token_url_differs,
    tuple_as_list,
    unchecked_pattern,
    unknown_dialect,
    unknown_keyword,
    unknown_security_scheme,
    unknown_style,
    unknown_type,
    unlisted_default,
    unresolved_reference,
    wrong_type,
}

#[test]
fn the_list_is_the_folders() {
    let names: Vec<String> = NAMES.iter().map(|name| name.replace('_', "-")).collect();
    case::check_folders("errors", &names);
}

#[test]
fn every_code_has_a_case() {
    let mut known: Vec<String> = NAMES.iter().map(|name| name.replace('_', "-")).collect();
    known.extend(WITHOUT_DOCUMENT.iter().map(|(code, _)| (*code).to_owned()));
    known.sort();
    let mut all: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    all.sort_unstable();
    assert_eq!(known, all);
}
