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

cases! {
    a_3_1_schema_says_more_than_3_0,
    a_base_type_stands_for_those_built_on_it,
    a_body_may_be_json_or_form_by_choice,
    a_choice_that_only_demands_members_is_no_union,
    a_component_may_be_a_plain_text,
    a_constant_may_be_of_any_kind,
    a_document_may_be_in_many_files,
    a_document_may_be_json,
    a_document_may_select_what_is_generated_of_it,
    a_document_may_settle_what_a_token_is,
    a_fragment_tells_operations_of_one_path_apart,
    a_hostile_document_stays_data,
    a_list_may_have_a_type_for_each_place,
    a_list_may_nest_deeper_than_clippy_likes,
    a_map_holds_models,
    a_member_may_be_called_by_a_number,
    a_member_with_one_value_is_sent_by_default,
    a_model_that_holds_itself_is_boxed,
    a_parameter_may_be_json,
    a_parameter_may_go_without_a_value,
    a_query_array_repeats_its_key_or_is_joined,
    a_query_object_may_be_deep,
    a_query_string_may_be_one_object,
    a_relative_server_demands_an_origin,
    a_schema_may_be_called_like_a_type_of_rust,
    a_schema_without_a_type_takes_anything,
    a_token_endpoint_is_told_by_a_token_url,
    a_token_endpoint_is_told_by_its_form,
    a_token_made_behind_other_security_makes_no_source,
    a_token_may_be_asked_for_by_parts,
    a_token_may_be_asked_for_by_query,
    a_token_may_be_refreshed_by_another_operation,
    a_token_may_come_in_a_header,
    a_token_may_run_out_at_a_moment_in_milliseconds,
    a_token_may_stand_deep_in_the_answer,
    a_union_may_be_of_scalars,
    a_union_may_be_told_by_constants,
    a_variant_knows_its_tag,
    a_vendors_json_is_json,
    all_of_around_one_reference_is_that_type,
    all_of_may_narrow_a_member_to_an_enum,
    all_of_may_say_required_in_a_branch_of_its_own,
    all_of_merges_members,
    alternatives_are_named_after_what_they_hold,
    an_alternative_may_lead_back_to_its_choice,
    an_authorization_header_that_speaks_of_basic_becomes_credentials,
    an_enum_may_hold_empty_and_colliding_values,
    an_enum_may_hold_values_of_any_kind,
    an_enum_may_repeat_a_value_and_hold_null,
    an_enum_names_its_variants_by_extension,
    an_enum_of_texts_keeps_unknown_values,
    an_enum_of_whole_numbers,
    an_operation_may_choose_among_its_own_servers,
    an_operation_may_have_a_server_of_its_own,
    an_operation_tells_the_scopes_that_it_needs,
    an_operation_without_an_id_is_named_by_method_and_path,
    an_optional_body_is_a_setter,
    an_optional_body_with_required_members_is_required,
    an_overlay_corrects_the_document_first,
    any_name_becomes_a_legal_field,
    any_of_takes_the_first_that_fits,
    bodies_may_be_text_or_bytes,
    credentials_and_tokens_are_secrets,
    deprecated_things_say_so,
    descriptions_cannot_break_the_docs,
    equal_inline_schemas_share_one_type,
    errors_are_told_by_status_range_and_default,
    formats_give_numbers_a_width,
    formats_give_texts_a_type,
    headers_and_cookies_are_parameters,
    inline_objects_are_named_by_their_place,
    keywords_of_another_type_are_reported,
    limits_and_defaults_are_told_in_the_docs,
    limits_that_are_none_cost_nothing_else,
    lists_may_hold_lists,
    media_types_without_a_slash_are_dropped,
    members_may_follow_a_pattern,
    methods_may_be_any,
    models_that_hold_each_other_are_boxed,
    names_of_any_alphabet_are_legal,
    names_of_rust_are_free_to_use,
    names_that_fall_together_are_told_apart,
    numbers_may_stand_between_quotes,
    oauth_schemes_say_where_tokens_come_from,
    one_of_with_a_discriminator_is_told_by_its_tag,
    one_of_with_null_is_optional,
    one_of_without_a_discriminator_is_told_by_what_fits,
    openapi_3_1_is_read_like_openapi_3_0,
    operations_with_one_id_are_told_apart,
    optional_and_nullable_are_told_apart,
    other_members_may_have_a_type,
    parameters_may_be_encoded_in_their_own_ways,
    parameters_of_the_path_belong_to_each_operation,
    parts_may_be_references,
    path_parameters_are_arguments,
    read_only_and_write_only_are_told_in_the_docs,
    reserved_headers_are_understood_and_not_arguments,
    response_headers_are_told_in_the_docs,
    schemas_may_have_names_of_their_own,
    schemes_have_a_slot_each,
    schemes_may_be_needed_together,
    several_may_build_on_one_choice,
    several_servers_are_a_choice,
    several_successes_are_an_enum,
    several_tags_make_one_method,
    statuses_may_be_whole_numbers,
    swagger_2_flows_have_old_names,
    swagger_2_forms_are_bodies,
    swagger_2_is_read_like_openapi_3,
    swagger_2_lists_are_joined_in_many_ways,
    swagger_2_parts_may_be_shared,
    swagger_2_says_media_types_at_each_level,
    the_crate_has_a_feature_for_each_api,
    the_security_of_an_operation_replaces_the_apis,
    unknown_members_are_kept_where_the_schema_allows_them,
    variables_of_a_server_have_setters,
    what_is_sent_can_be_validated,
    what_only_the_server_sets_is_never_sent,
    what_the_api_sends_has_types,
    who_adds_nothing_to_a_base_type_is_a_type_of_its_own,
}

#[test]
fn the_list_is_the_folders() {
    case::check_folders("cases", NAMES.iter().map(|&name| name.to_owned()).collect());
}
