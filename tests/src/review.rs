//! What changed between two documents, whom it breaks, and whether it touches security: a pair of documents a
//! case, one behaviour each. README.md says how to add one.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use specmint::Revision;
use specmint::load::Source;
use specmint::lock::Lock;
use specmint::options::{Options, TagFeatures};
use specmint::review::{Effect, Kind, Review, Step, json, markdown};
use specmint::spec::Spec;

use crate::said::specmint;
use crate::{case, cases, repo};

/// One of the two documents of a case.
fn state(name: &str, file: &str) -> Spec {
    let path = Path::new("review").join(name).join(file);
    let mut spec = Spec::read(&path).unwrap_or_else(|err| panic!("{err}"));
    spec.name = "pets".to_owned();
    spec
}

fn compared(old: &[Spec], new: &[Spec], options: &Options) -> Review {
    let [old, new] = [old, new].map(|specs| Revision { specs, lock: None });
    let reviewed = specmint::review(&old, &new, options);
    reviewed.review.expect("both documents can be read")
}

fn reviewed(name: &str) -> Review {
    let (old, new) = (state(name, "old.yaml"), state(name, "new.yaml"));
    compared(&[old], &[new], &case::options("case", "../runtime"))
}

/// Compares the documents of a case, and what is said of them with `output.snap`.
fn check(name: &str) {
    let text = markdown(&reviewed(name));
    insta::with_settings!({
        snapshot_path => repo::root().join("tests/review").join(name),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("output", text);
    });
}

macro_rules! reviews {
    ($($name:ident,)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        mod pairs {
            $(#[test] fn $name() { super::check(stringify!($name)); })*
        }
    };
}

reviews! {
    a_body_becomes_optional,
    a_body_becomes_required,
    a_body_goes,
    a_body_is_of_another_media_type,
    a_constant_changes,
    a_default_changes,
    a_failure_is_new,
    a_flow_knows_more_scopes,
    a_flow_that_is_weak_is_new,
    a_header_goes,
    a_header_is_always_there,
    a_header_is_new,
    a_header_may_be_missing,
    a_key_goes_into_the_url,
    a_limit_goes,
    a_limit_of_what_is_sent_becomes_looser,
    a_limit_of_what_is_sent_becomes_tighter,
    a_member_is_of_another_schema,
    a_member_is_of_another_type,
    a_member_is_only_in_answers,
    a_number_becomes_wider,
    a_parameter_becomes_optional,
    a_parameter_becomes_required,
    a_parameter_goes,
    a_parameter_is_of_another_type,
    a_parameter_is_written_in_another_way,
    a_parameter_moves,
    a_part_of_a_body_is_written_in_another_way,
    a_path_parameter_may_be_renamed,
    a_received_member_goes,
    a_received_member_is_always_there,
    a_received_member_is_new,
    a_received_member_may_be_missing,
    a_received_member_may_be_null,
    a_received_value_is_new,
    a_required_body_is_new,
    a_required_parameter_is_new,
    a_schema_goes,
    a_schema_has_another_name,
    a_schema_is_new,
    a_schema_wants_a_name_that_is_taken,
    a_scheme_becomes_stronger,
    a_scheme_becomes_weaker,
    a_scheme_goes,
    a_scheme_is_new,
    a_secret_goes_into_the_url,
    a_secret_is_no_longer_one,
    a_sent_member_becomes_required,
    a_sent_member_goes_where_no_other_is_allowed,
    a_sent_member_is_new,
    a_sent_member_is_new_and_required,
    a_sent_member_may_no_longer_be_null,
    a_sent_value_goes,
    a_server_goes,
    a_server_has_another_path,
    a_server_is_new,
    a_success_goes,
    a_success_is_new,
    a_text_becomes_a_set_of_values,
    a_value_becomes_a_secret,
    a_value_stands_otherwise_in_xml,
    a_variable_of_the_host_is_another,
    a_webhook_goes,
    a_webhook_is_new,
    alternatives_are_told_apart_in_another_way,
    an_alternative_goes,
    an_alternative_is_new,
    an_operation_goes,
    an_operation_goes_to_another_host,
    an_operation_hands_out_tokens,
    an_operation_hands_out_tokens_now,
    an_operation_has_another_id,
    an_operation_is_deprecated,
    an_operation_is_new,
    an_operation_may_be_called_by_anybody,
    an_operation_moves,
    an_operation_needs_credentials,
    an_operation_needs_fewer_scopes,
    an_operation_needs_more_scopes,
    an_operation_no_longer_hands_out_tokens,
    an_operation_takes_a_weaker_scheme_as_well,
    an_operation_takes_another_scheme,
    an_optional_parameter_is_new,
    another_name_for_a_type_goes,
    nothing_changes,
    operations_of_one_path_are_told_apart,
    other_members_are_refused,
    pages_follow_one_another_in_another_way,
    prose_is_a_patch,
    texts_of_documents_do_no_harm,
    the_openid_url_moves,
    the_server_is_no_longer_encrypted,
    the_server_moves,
    the_token_url_moves,
    tokens_are_found_elsewhere,
    what_is_said_of_many_stands_in_one_line,
}

#[test]
fn the_list_is_the_folders() {
    let folders = repo::entries(&repo::root().join("tests/review"));
    let folders = folders.iter().filter(|path| path.is_dir());
    let folders: Vec<String> = folders.map(|path| repo::name(path)).collect();
    assert_eq!(folders, NAMES);
}

/// A document of one operation per word, each with a tag of that name.
fn tagged(name: &str, words: &[&str]) -> Spec {
    let paths: String = words
        .iter()
        .map(|word| {
            format!("  /{word}: {{ get: {{ tags: [{word}], operationId: {word}, responses: {{ '204': {{ description: Done }} }} }} }}\n")
        })
        .collect();
    let text = format!("openapi: 3.0.3\ninfo: {{ title: Pets, version: '1' }}\npaths:\n{paths}");
    Spec::new(Source::new(format!("{name}.yaml"), text))
}

fn with_features() -> Options {
    let mut options = case::options("case", "../runtime");
    options.tag_features = TagFeatures::On;
    options
}

#[test]
fn a_tag_that_comes_or_goes_is_a_feature() {
    let (few, more) = (tagged("pets", &["cats"]), tagged("pets", &["cats", "dogs"]));
    let (few, more) = ([few], [more]);
    let came = compared(&few, &more, &with_features());
    assert_eq!(came.step(), Step::Minor);
    assert!(
        markdown(&came).contains("feature `pets-dogs`"),
        "{}",
        markdown(&came)
    );

    let went = compared(&more, &few, &with_features());
    assert_eq!(went.step(), Step::Major);
    assert!(went.findings().any(|one| one.kind == Kind::FeatureRemoved));
}

#[test]
fn an_operation_that_stands_behind_another_feature_breaks_those_who_switch_on_the_old_one() {
    let old = tagged("pets", &["cats", "dogs"]);
    let mut new = old.clone();
    new.source.text = new.source.text.replace("tags: [cats]", "tags: [dogs]")
        + "  /other: { get: { tags: [cats], responses: { '204': { description: Done } } } }\n";
    let review = compared(&[old], &[new], &with_features());
    assert_eq!(review.step(), Step::Major);
    assert!(
        markdown(&review).contains("// with pets-cats"),
        "{}",
        markdown(&review)
    );
}

#[test]
fn an_api_that_comes_is_minor_and_one_that_goes_is_major() {
    let (pets, cars) = (tagged("pets", &["cats"]), tagged("cars", &["vans"]));
    let options = case::options("case", "../runtime");
    let (pets, both) = ([pets.clone()], [pets, cars]);
    let came = compared(&pets, &both, &options);
    assert_eq!((came.step(), came.apis.len()), (Step::Minor, 1));
    assert_eq!(came.apis[0].findings[0].kind, Kind::ApiAdded);

    let went = compared(&both, &pets, &options);
    assert_eq!(went.step(), Step::Major);
    assert_eq!(went.apis[0].findings[0].kind, Kind::ApiRemoved);
}

#[test]
fn names_that_are_given_anew_are_told() {
    let name = "an_operation_has_another_id";
    let (old, new) = ([state(name, "old.yaml")], [state(name, "new.yaml")]);
    let old = Revision {
        specs: &old,
        lock: None,
    };
    let new = Revision {
        specs: &new,
        lock: Some(&Lock::default()),
    };
    let reviewed = specmint::review(&old, &new, &case::options("case", "../runtime"));
    let review = reviewed.review.expect("both documents can be read");
    assert_eq!(review.step(), Step::Major);
    let told: Vec<String> = review
        .findings()
        .map(|one| format!("{} {}", one.place, one.message))
        .collect();
    assert_eq!(
        told,
        [
            "`AllPets200Response` was the type `ListPets200Response`",
            "`GET /pets` was the method `list_pets` and is `all_pets`"
        ]
    );
}

#[test]
fn every_kind_of_change_has_a_case() {
    let mut seen: BTreeSet<Kind> = NAMES
        .iter()
        .flat_map(|name| reviewed(name).apis)
        .flat_map(|api| api.findings)
        .map(|finding| finding.kind)
        .collect();
    // these are about more than two documents, about options or about locks: the tests above
    seen.extend([
        Kind::ApiAdded,
        Kind::ApiRemoved,
        Kind::FeatureAdded,
        Kind::FeatureRemoved,
        Kind::OperationRenamed,
    ]);
    let missing: Vec<&str> = Kind::ALL
        .iter()
        .filter(|kind| !seen.contains(kind))
        .map(|kind| kind.as_str())
        .collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

#[test]
fn a_document_is_the_same_as_itself() {
    let options = case::options("case", "../runtime");
    for name in cases::NAMES {
        let spec = [case::Case::open("cases", name).spec("api")];
        let review = compared(&spec, &spec, &options);
        assert_eq!(review, Review::default(), "{name}");
    }
}

#[test]
fn the_old_document_and_the_new_one_are_not_interchangeable() {
    for name in NAMES {
        let options = case::options("case", "../runtime");
        let back = compared(
            &[state(name, "new.yaml")],
            &[state(name, "old.yaml")],
            &options,
        );
        let there = reviewed(name);
        let changes = |review: &Review| review.step() != Step::None;
        assert_eq!(changes(&back), changes(&there), "{name}");
    }
}

#[test]
fn a_comment_is_never_longer_than_a_pull_request_takes() {
    let words: Vec<String> = (0..3000).map(|number| format!("word{number}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (none, many) = (tagged("pets", &["cats"]), tagged("pets", &words));
    let options = case::options("case", "../runtime");
    let text = markdown(&compared(&[many], &[none], &options));
    assert!(text.len() < 65_536, "{} bytes", text.len());
    assert!(text.contains("and 2997 more: is gone"), "{text}");
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
}

/// Runs `specmint review` on a case. Returns the exit code, what it answered, and what it said.
fn command(name: &str, more: &[&str]) -> (u8, String, String) {
    let folder = Path::new("review").join(name);
    let documents = ["old.yaml", "new.yaml"].map(|file| folder.join(file).into_os_string());
    let more = more.iter().map(OsString::from);
    let args = std::iter::once(OsString::from("review"));
    let said = specmint(args.chain(documents).chain(more));
    (said.code, said.out, said.err)
}

#[test]
fn what_is_denied_fails_with_exit_code_1_and_is_told_all_the_same() {
    #[rustfmt::skip]
    let table = [
        ("a_parameter_goes",   &["--deny", "breaking"][..], 1), // Rust alone
        ("a_default_changes",  &["--deny", "breaking"],     1), // the wire alone
        ("a_schema_is_new",    &["--deny", "breaking"],     0),
        ("a_parameter_goes",   &["--deny", "security"],     0),
        ("the_token_url_moves",&["--deny", "security"],     1),
        ("a_value_becomes_a_secret", &["--deny", "security"], 0), // an improvement
        ("the_token_url_moves",&["--deny", "security", "--deny", "breaking"], 1),
        ("a_parameter_goes",   &[],                         0),
    ];
    for (name, more, expected) in table {
        let (code, out, err) = command(name, more);
        assert_eq!(code, expected, "{name} {more:?}\n{err}");
        assert!(out.starts_with("## API review: "), "{out}");
        assert_eq!(err.contains("error: denied"), expected == 1, "{err}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_exit_code_2() {
    let (code, out, err) = command("no_such_case", &[]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("no_such_case"), "{err}");
    let overlays = ["--overlay", "a", "--overlay", "b", "--overlay", "c"];
    assert_eq!(command("a_parameter_goes", &overlays).0, 2);
}

#[test]
fn an_overlay_may_stand_for_both_documents_or_for_each() {
    let folder = tempfile::tempdir().expect("there is room for a file");
    let overlay = folder.path().join("overlay.yaml");
    let text = "overlay: 1.0.0\ninfo: { title: T, version: '1' }\nactions: [{ target: '$.paths[\"/pets\"].get.parameters', remove: true }]\n";
    std::fs::write(&overlay, text).expect("the folder can be written");
    let overlay = overlay.to_str().expect("the path is UTF-8");
    let (_, out, _) = command("a_parameter_goes", &["--overlay", overlay]);
    assert!(out.contains("Nothing changed."), "{out}");
}

#[test]
fn programs_get_one_object() {
    let (code, out, _) = command("a_sent_member_is_new_and_required", &["--format", "json"]);
    assert_eq!(code, 0);
    insta::with_settings!({
        snapshot_path => repo::root().join("tests/review"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("json", out);
    });
    let object: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(object["breaks"]["wire"], true);
    let nothing: serde_json::Value =
        serde_json::from_str(&json(&Review::default())).expect("it is JSON");
    assert_eq!(nothing["step"], "none");
}

#[test]
fn the_weaker_of_two_effects_does_not_hide_the_other() {
    // the member is sent and received: what breaks one way breaks
    let review = reviewed("a_sent_member_is_new_and_required");
    let worst = review.findings().map(|finding| finding.wire).max();
    assert_eq!(worst, Some(Effect::Breaking));
}
