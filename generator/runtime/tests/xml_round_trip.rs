//! Whatever a value holds that XML can say, it comes back from XML as it was.

use specmint_runtime as runtime;

pub mod xml_model;

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use runtime::json::to_vec;
use runtime::xml::Shape::{Any, List, Map, Number, Text};
use runtime::xml::{Root, from_json, from_xml};
use runtime::{Nullable, Value};
use std::collections::BTreeMap;
use xml_model::{Category, PET, Pet, pet};

/// Texts of characters that XML knows.
fn text() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        any::<char>(),
        prop::char::range(' ', '~'),
        prop::sample::select(vec![
            '<', '>', '&', '"', '\'', ']', '\t', '\n', '\r', '\u{85}', '\u{2028}'
        ]),
    ];
    let known = char.prop_filter("XML knows it", |char| {
        !matches!(char, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
    });
    vec(known, 0..12).prop_map(|chars| chars.into_iter().collect())
}

fn category() -> impl Strategy<Value = Category> {
    (of(any::<i64>()), of(text())).prop_map(|(id, name)| Category { id, name })
}

fn pets() -> impl Strategy<Value = Pet> {
    let weight = prop_oneof![
        Just(Nullable::Absent),
        Just(Nullable::Null),
        (-1e300..1e300).prop_map(Nullable::Value),
    ];
    let lists = (vec(text(), 0..4), of(vec(category(), 1..4)));
    let rest = (of(any::<i64>()), of(category()), of(any::<bool>()), weight);
    (text(), lists, rest).prop_map(
        |(name, (photo_urls, tags), (id, category, good, weight))| Pet {
            id,
            category,
            photo_urls,
            tags,
            good,
            weight,
            ..pet(&name)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_come_back(pet in pets()) {
        let xml = from_json(&to_vec(&pet), &PET).expect("XML can say it");
        let back: Pet = from_xml(&xml, &PET).expect("it was a pet");
        prop_assert_eq!(back, pet);
    }

    #[test]
    fn lists_of_lists_and_maps_come_back(
        rows in vec(vec(any::<i64>(), 0..4), 0..4),
        map in btree_map("[a-zA-Z_][a-zA-Z0-9_.-]{0,8}", vec(text(), 1..4), 0..4),
    ) {
        let root = Root::new("rows", List("row", &List("cell", &Number)));
        let xml = from_json(&to_vec(&rows), &root).expect("XML can say it");
        prop_assert_eq!(from_xml::<Vec<Vec<i64>>>(&xml, &root).expect("rows"), rows);
        let root = Root::new("map", Map(&List("item", &Text)));
        let xml = from_json(&to_vec(&map), &root).expect("XML can say it");
        prop_assert_eq!(from_xml::<BTreeMap<String, Vec<String>>>(&xml, &root).expect("a map"), map);
    }

    #[test]
    fn no_text_and_no_key_breaks_out_of_its_place(key in any::<String>(), text in any::<String>()) {
        let value = serde_json::json!({ &key: &text });
        let root = Root::new("root", Any);
        if let Some(xml) = from_json(&to_vec(&value), &root) {
            let back: Value = from_xml(&xml, &root).expect("what we wrote is XML");
            let local = key.rsplit([':', '}']).next().unwrap_or_default();
            let texts = [&value[&key], &back[local], &back[format!("@{local}")], &back];
            prop_assert!(texts[1..].iter().any(|found| *found == texts[0]) || text.is_empty()
                || local.starts_with("xmlns") || local == "#text", "{back:?}");
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..64), text in "[<>/a-c =\"'&;#x1!\\[\\]?-]{0,64}") {
        let _ = from_xml::<Pet>(&bytes, &PET);
        let _ = from_xml::<Pet>(text.as_bytes(), &PET);
        let _ = from_xml::<Value>(text.as_bytes(), &Root::new("a", Any));
    }
}
