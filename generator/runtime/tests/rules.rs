//! What values must keep to, and what is told of those that do not.
#![cfg(feature = "validate")]

use specmint_runtime as runtime;

#[path = "model/mod.rs"]
pub mod model;

use runtime::json::Slot;
use runtime::rules::{self, Rule};
use runtime::{Nullable, Secret, Value};
use std::collections::BTreeMap;

/// The violations of a value, as they are told.
fn told(value: &dyn Slot, rules: &'static [Rule]) -> Vec<String> {
    match rules::check(value, rules) {
        Ok(()) => Vec::new(),
        Err(found) => found.iter().map(ToString::to_string).collect(),
    }
}

fn json(text: &str) -> Value {
    runtime::json::from_slice(text.as_bytes()).expect("the test's own JSON")
}

#[test]
fn lengths_count_code_points() {
    static RULES: &[Rule] = &[Rule::MinLength(2), Rule::MaxLength(3)];
    assert_eq!(told(&"aé😀".to_owned(), RULES), [""; 0]);
    assert_eq!(told(&"😀".to_owned(), RULES), ["$: minLength: 2"]);
    assert_eq!(told(&"\"\\\n\u{1}".to_owned(), RULES), ["$: maxLength: 3"]);
}

#[test]
fn a_pattern_is_found_anywhere_and_told_as_the_description_has_it() {
    static RULES: &[Rule] = &[Rule::Pattern(r"\d{2}", "[0-9]{2}")];
    assert_eq!(told(&"a12b".to_owned(), RULES), [""; 0]);
    assert_eq!(told(&"a1b2".to_owned(), RULES), [r"$: pattern: \d{2}"]);
}

#[test]
fn bounds_are_compared_exactly() {
    #[rustfmt::skip]
    let table: &[(&str, &'static [Rule], bool)] = &[
        ("9007199254740993",     &[Rule::Maximum("9007199254740992")],     false),
        ("18446744073709551615", &[Rule::Maximum("18446744073709551615")], true),
        ("-3",                   &[Rule::Minimum("-2.5")],                 false),
        ("-2.5",                 &[Rule::Minimum("-2.50")],                true),
        ("0",                    &[Rule::ExclusiveMinimum("-0.0")],        false),
        ("0.1",                  &[Rule::ExclusiveMinimum("0")],           true),
        ("1e300",                &[Rule::ExclusiveMaximum("1e300")],       false),
        ("9.99e299",             &[Rule::ExclusiveMaximum("1e300")],       true),
        ("100",                  &[Rule::Minimum("99.5"), Rule::Maximum("1E2")], true),
    ];
    for (number, rules, holds) in table {
        assert_eq!(
            told(&json(number), rules).is_empty(),
            *holds,
            "{number} and {rules:?}"
        );
    }
}

#[test]
fn multiples_are_divided_without_rounding() {
    #[rustfmt::skip]
    let table: &[(&str, &'static [Rule], bool)] = &[
        ("0.3",                  &[Rule::MultipleOf("0.1")],   true),
        ("19.99",                &[Rule::MultipleOf("0.01")],  true),
        ("19.995",               &[Rule::MultipleOf("0.01")],  false),
        ("1e22",                 &[Rule::MultipleOf("7")],     false),
        ("7e22",                 &[Rule::MultipleOf("7")],     true),
        ("0",                    &[Rule::MultipleOf("3")],     true),
        ("-9",                   &[Rule::MultipleOf("3")],     true),
        ("18446744073709551615", &[Rule::MultipleOf("5")],     true),
        ("30",                   &[Rule::MultipleOf("20")],    false),
        ("0.5",                  &[Rule::MultipleOf("20")],    false),
        ("1e300",                &[Rule::MultipleOf("1e-300")], true),
    ];
    for (number, rules, holds) in table {
        assert_eq!(
            told(&json(number), rules).is_empty(),
            *holds,
            "{number} and {rules:?}"
        );
    }
    assert_eq!(told(&0.1_f32, &[Rule::MultipleOf("0.1")]), [""; 0]);
}

#[test]
fn items_are_counted_compared_and_looked_at() {
    static RULES: &[Rule] = &[
        Rule::MinItems(1),
        Rule::MaxItems(2),
        Rule::UniqueItems,
        Rule::Items(&[Rule::MaxLength(1)]),
    ];
    let list = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told(&list(&["a", "b"]), RULES), [""; 0]);
    assert_eq!(told(&list(&[]), RULES), ["$: minItems: 1"]);
    assert_eq!(
        told(&list(&["a", "bb", "a"]), RULES),
        [
            "$[1]: maxLength: 1",
            "$: maxItems: 2",
            "$: uniqueItems: true"
        ]
    );
}

#[test]
fn items_may_have_rules_by_their_place() {
    static RULES: &[Rule] = &[Rule::Places(
        &[&[Rule::MaxLength(1)], &[]],
        &[Rule::Maximum("1")],
    )];
    assert_eq!(told(&json(r#"["a","any",1,0]"#), RULES), [""; 0]);
    assert_eq!(
        told(&json(r#"["aa","any",2]"#), RULES),
        ["$[0]: maxLength: 1", "$[2]: maximum: 1"]
    );
}

#[test]
fn members_of_maps_are_counted_and_looked_at() {
    static RULES: &[Rule] = &[
        Rule::MinProperties(1),
        Rule::MaxProperties(2),
        Rule::Rest(&[], &[Rule::Maximum("5")]),
    ];
    let map = |pairs: &[(&str, i64)]| {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value));
        pairs.collect::<BTreeMap<String, i64>>()
    };
    assert_eq!(told(&map(&[]), RULES), ["$: minProperties: 1"]);
    assert_eq!(
        told(&map(&[("a", 6), ("b c", 7), ("d", 1)]), RULES),
        [
            "$.a: maximum: 5",
            "$[\"b c\"]: maximum: 5",
            "$: maxProperties: 2"
        ]
    );
}

#[test]
fn only_members_without_a_name_are_the_rest() {
    static RULES: &[Rule] = &[
        Rule::Member("known", &[Rule::MaxLength(9)]),
        Rule::Rest(&["known", "free"], &[Rule::MaxLength(1)]),
    ];
    let value = json(r#"{"known":"long","free":"long","other":"long"}"#);
    assert_eq!(told(&value, RULES), ["$.other: maxLength: 1"]);
}

#[test]
fn required_members_may_depend_on_others() {
    static RULES: &[Rule] = &[
        Rule::Required(&["id", "name"]),
        Rule::DependentRequired("card", &["address", "owner"]),
    ];
    assert_eq!(told(&json(r#"{"id":1,"name":null}"#), RULES), [""; 0]);
    assert_eq!(
        told(&json(r#"{"id":1,"card":2,"owner":3}"#), RULES),
        [
            "$: required: name",
            "$: dependentRequired: card needs address"
        ]
    );
}

#[test]
fn values_that_an_enum_does_not_know_break_it() {
    static RULES: &[Rule] = &[Rule::Enum(&["cat", "1", "true"])];
    for known in [r#""cat""#, "1", "1.0", "true"] {
        assert_eq!(told(&json(known), RULES), [""; 0], "{known}");
    }
    for unknown in [r#""dog""#, "2", "false"] {
        assert_eq!(
            told(&json(unknown), RULES),
            ["$: enum: cat, 1, true"],
            "{unknown}"
        );
    }
}

#[test]
fn enums_bring_their_rule_along() {
    use model::models::Species;
    static RULES: &[Rule] = &[Rule::Of(Species::__rules)];
    assert_eq!(told(&Species::Cat, RULES), [""; 0]);
    assert_eq!(
        told(&Species::Unknown("bird".to_owned()), RULES),
        ["$: enum: cat, big \"dog\""]
    );
}

#[test]
fn a_tag_names_the_alternative() {
    static RULES: &[Rule] = &[Rule::Tagged(
        "kind",
        &[
            ("cat", &[Rule::Member("name", &[Rule::MaxLength(3)])]),
            ("dog", &[]),
        ],
    )];
    assert_eq!(
        told(&json(r#"{"kind":"dog","name":"long"}"#), RULES),
        [""; 0]
    );
    assert_eq!(
        told(&json(r#"{"name":"long","kind":"cat"}"#), RULES),
        ["$.name: maxLength: 3"]
    );
    assert_eq!(
        told(&json(r#"{"kind":"cow"}"#), RULES),
        ["$: discriminator: kind"]
    );
}

#[test]
fn of_alternatives_without_a_tag_the_best_fit_is_told() {
    static RULES: &[Rule] = &[Rule::Choice(
        "oneOf",
        &[
            &[Rule::Type("integer"), Rule::Maximum("9")],
            &[
                Rule::Type("object"),
                Rule::Required(&["a"]),
                Rule::Member("a", &[Rule::MaxLength(1)]),
                Rule::Member("b", &[Rule::MaxLength(1)]),
            ],
            &[
                Rule::Type("object"),
                Rule::Required(&["a", "b"]),
                Rule::Member("a", &[Rule::MaxLength(2)]),
            ],
        ],
    )];
    assert_eq!(told(&json("9"), RULES), [""; 0]);
    assert_eq!(told(&json("10"), RULES), ["$: maximum: 9"]);
    assert_eq!(told(&json(r#"{"a":"22"}"#), RULES), ["$.a: maxLength: 1"]);
    assert_eq!(told(&json(r#"{"a":"22","b":"333"}"#), RULES), [""; 0]);
    assert_eq!(
        told(&json(r#"{"a":"333","b":"333"}"#), RULES),
        ["$.a: maxLength: 2"]
    );
    assert_eq!(
        told(&json(r#""text""#), RULES),
        ["$: oneOf: none of the alternatives fits"]
    );
}

#[test]
fn choices_within_choices_come_to_an_end() {
    static TREE: &[Rule] = &[
        Rule::Type("object"),
        Rule::Member(
            "a",
            &[Rule::Choice(
                "anyOf",
                &[&[Rule::Of(|| TREE)], &[Rule::Of(|| TREE)]],
            )],
        ),
        Rule::Member("b", &[Rule::MaxLength(1)]),
    ];
    let depth = 60;
    let text = format!(
        r#"{}{{"b":"22"}}{}"#,
        r#"{"a":"#.repeat(depth),
        "}".repeat(depth)
    );
    let path = format!("${}.b: maxLength: 1", ".a".repeat(depth));
    assert_eq!(told(&json(&text), TREE), [path]);
}

#[test]
fn absent_values_and_null_keep_to_everything() {
    static RULES: &[Rule] = &[
        Rule::Enum(&["a"]),
        Rule::MinLength(1),
        Rule::Choice("oneOf", &[]),
    ];
    assert_eq!(told(&None::<String>, RULES), [""; 0]);
    assert_eq!(told(&Nullable::<String>::Null, RULES), [""; 0]);
}

#[test]
fn rules_for_another_kind_of_value_hold() {
    static RULES: &[Rule] = &[
        Rule::MinLength(9),
        Rule::MinItems(9),
        Rule::MinProperties(9),
    ];
    assert_eq!(told(&1_i64, RULES), [""; 0]);
}

#[test]
fn formats_refuse_what_no_reader_takes() {
    #[rustfmt::skip]
    let table: &[(&'static [Rule], &str, bool)] = &[
        (&[Rule::Format("email")],    "ann@example.com",    true),
        (&[Rule::Format("email")],    "\"a b\"@example.com", true),
        (&[Rule::Format("email")],    "ann",                false),
        (&[Rule::Format("email")],    "ann b@example.com",  false),
        (&[Rule::Format("hostname")], "a-1.example.com",    true),
        (&[Rule::Format("hostname")], "-a.example.com",     false),
        (&[Rule::Format("hostname")], "a..b",               false),
        (&[Rule::Format("ipv4")],     "127.0.0.1",          true),
        (&[Rule::Format("ipv4")],     "127.0.0.256",        false),
        (&[Rule::Format("ipv6")],     "::1",                true),
        (&[Rule::Format("ipv6")],     "1.2.3.4",            false),
        (&[Rule::Format("uri")],      "urn:a:b",            true),
        (&[Rule::Format("uri")],      "/relative",          false),
        (&[Rule::Format("uri")],      "http://a b",         false),
        (&[Rule::Format("zip-code")], "anything",           true),
    ];
    for (rules, text, holds) in table {
        assert_eq!(
            told(&(*text).to_owned(), rules).is_empty(),
            *holds,
            "{text} and {rules:?}"
        );
    }
}

#[test]
fn what_is_told_never_holds_the_value() {
    static RULES: &[Rule] = &[
        Rule::MaxLength(1),
        Rule::Pattern("^a$", "^a$"),
        Rule::Enum(&["b"]),
        Rule::Format("uri"),
    ];
    let found = rules::check(&Secret::from("s3ntin3l"), RULES).expect_err("it breaks all of them");
    let error = runtime::Error::<()>::from(found.clone());
    for text in [
        format!("{found}"),
        format!("{found:?}"),
        format!("{error:?}"),
    ] {
        assert!(!text.contains("s3ntin3l"), "{text}");
    }
    assert_eq!(found.iter().count(), 4);
}

#[test]
fn a_value_nested_without_end_is_told() {
    let mut value = Value::Null;
    for _ in 0..200 {
        value = Value::Array(vec![value]);
    }
    static RULES: &[Rule] = &[Rule::Items(&[Rule::Of(|| RULES)]), Rule::MaxItems(2)];
    assert_eq!(told(&value, RULES), ["$: depth: 128"]);
}

#[test]
fn a_type_named_like_a_rule_is_not_confused_with_it() {
    assert_eq!(
        named_like_rules::Member { items: None }.validate(),
        Ok(()),
        "what is absent keeps to everything"
    );
    let of = named_like_rules::Of {
        member: Some("long".to_owned()),
    };
    let found = named_like_rules::Member {
        items: Some(vec![of]),
    }
    .validate();
    assert_eq!(
        found.expect_err("too long").to_string(),
        "limits of the API's description are broken: $.items[0].member: maxLength: 1"
    );
}

/// Models whose names are those of rules.
#[allow(missing_docs)]
pub mod named_like_rules {
    #[derive(Clone, Debug)]
    pub struct Member {
        pub items: Option<Vec<Of>>,
    }
    crate::runtime::record! { Member { "items" => items: optional } .. }
    crate::runtime::rules! {
        Member [
            Member("items", &[Items(&[Of(self::Of::__rules)])]),
        ]
    }

    #[derive(Clone, Debug)]
    pub struct Of {
        pub member: Option<String>,
    }
    crate::runtime::record! { Of { "member" => member: optional } .. }
    crate::runtime::rules! {
        Of [
            Member("member", &[MaxLength(1)]),
        ]
    }
}
