//! XML by tables, as generated code has them.

use specmint_runtime as runtime;

pub mod xml_model;

use runtime::json::{Slot, to_vec};
use runtime::xml::Shape::{Any, List, Map, Number, Of, OneOf, Places, Text};
use runtime::xml::{Root, from_json};
use runtime::{Nullable, Value};
use std::collections::BTreeMap;
use xml_model::{Category, PET, Pet, pet, read, there_and_back, written};

#[test]
fn attributes_elements_and_both_kinds_of_lists_stand_where_the_table_says() {
    let tag = |name: &str| Category {
        id: None,
        name: Some(name.to_owned()),
    };
    let value = Pet {
        id: Some(7),
        category: Some(Category {
            id: Some(1),
            name: Some("dogs".into()),
        }),
        photo_urls: vec!["a".into(), "b".into()],
        tags: Some(vec![tag("x"), tag("y")]),
        good: Some(true),
        born: Some("2024-02-29T12:00:00Z".parse().unwrap()),
        weight: Nullable::Value(12.5),
        ..pet("Rex")
    };
    there_and_back(
        &value,
        PET,
        "<Pet id=\"7\"><name>Rex</name><Category><id>1</id><name>dogs</name></Category>\
         <photoUrls><photoUrl>a</photoUrl><photoUrl>b</photoUrl></photoUrls>\
         <tag><name>x</name></tag><tag><name>y</name></tag><good>true</good>\
         <born>2024-02-29T12:00:00Z</born><weight>12.5</weight></Pet>",
    );
}

#[test]
fn a_list_is_read_wrapped_or_not_and_whatever_its_items_are_called() {
    let table = [
        "<Pet><name>n</name><photoUrls><photoUrl>a</photoUrl><photoUrl>b</photoUrl></photoUrls></Pet>",
        "<Pet><name>n</name><photoUrls><photoUrls>a</photoUrls><photoUrls>b</photoUrls></photoUrls></Pet>",
        "<Pet><name>n</name><photoUrls><string>a</string><string>b</string></photoUrls></Pet>",
        "<Pet><name>n</name><photoUrl>a</photoUrl><photoUrl>b</photoUrl></Pet>",
        "<Pet><name>n</name><photoUrls>a</photoUrls><photoUrls>b</photoUrls></Pet>",
    ];
    for xml in table {
        let pet: Pet = read(xml, PET).unwrap();
        assert_eq!(pet.photo_urls, ["a", "b"], "{xml}");
    }
    let table = [
        "<Pet><name>n</name><tag><name>a</name></tag></Pet>",
        "<Pet><name>n</name><tags><tag><name>a</name></tag></tags></Pet>",
        "<Pet><name>n</name><tags><name>a</name></tags></Pet>",
        "<Pet><name>n</name><tags><Tag><name>a</name></Tag></tags></Pet>",
    ];
    for xml in table {
        let pet: Pet = read(xml, PET).unwrap();
        let names: Vec<_> = pet
            .tags
            .iter()
            .flatten()
            .map(|tag| tag.name.clone())
            .collect();
        assert_eq!(names, [Some("a".to_owned())], "{xml}");
    }
}

#[test]
fn a_required_list_without_an_item_is_empty() {
    for xml in [
        "<Pet><name>n</name></Pet>",
        "<Pet><name>n</name><photoUrls/></Pet>",
    ] {
        assert_eq!(read::<Pet>(xml, PET), Ok(pet("n")), "{xml}");
    }
}

#[test]
fn null_is_said_by_nil_and_an_empty_number_is_none() {
    let value = Pet {
        weight: Nullable::Null,
        ..pet("n")
    };
    there_and_back(
        &value,
        PET,
        "<Pet><name>n</name><photoUrls/>\
         <weight xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/></Pet>",
    );
    let odd = "<Pet><name>n</name><weight/><good> </good><born></born><category/></Pet>";
    let read: Pet = read(odd, PET).unwrap();
    assert_eq!(
        (read.weight, read.good, read.born),
        (Nullable::Null, None, None)
    );
    assert_eq!(read.category, Some(Category::blank()));
}

#[test]
fn texts_keep_every_character_that_xml_knows() {
    let texts = [
        "a < b && c > \"d\" 'e' ]]> f",
        " spaces\tand\nlines\r\n ",
        "h\u{e9}llo \u{1F600} \u{85}\u{2028}",
        "&amp; &#10; <![CDATA[x]]> <!-- c -->",
        "",
    ];
    for text in texts {
        let value = pet(text);
        let xml = written(&value, PET);
        assert_eq!(read::<Pet>(&xml, PET), Ok(value), "{xml}");
    }
    for text in ["\0", "\u{8}", "\u{FFFE}", "a\u{1b}b"] {
        assert!(from_json(&to_vec(&pet(text)), &PET).is_none(), "{text:?}");
    }
}

#[test]
fn numbers_and_truth_values_are_read_as_xml_schema_spells_them() {
    let table = [
        (" 5 ", Some(5.0)),
        ("+5", Some(5.0)),
        ("005.50", Some(5.5)),
        (".5", Some(0.5)),
        ("5.", Some(5.0)),
        ("-1e3", Some(-1000.0)),
        ("five", None),
        ("1e", None),
        ("--1", None),
        (".", None),
    ];
    for (text, expected) in table {
        let pet = read::<Pet>(
            &format!("<Pet><name>n</name><weight>{text}</weight></Pet>"),
            PET,
        );
        let weight = pet.map(|pet| pet.weight.into_option());
        assert_eq!(weight.ok().flatten(), expected, "{text:?}");
    }
    for (text, expected) in [("1", true), ("0", false), ("TRUE", true), ("false", false)] {
        let pet = read::<Pet>(
            &format!("<Pet><name>n</name><good>{text}</good></Pet>"),
            PET,
        );
        assert_eq!(pet.unwrap().good, Some(expected), "{text:?}");
    }
}

#[test]
fn what_does_not_fit_is_told_by_its_path_and_without_its_value() {
    let table = [
        ("<Pet><photoUrls/></Pet>", "$: the member `name` is missing"),
        (
            "<Pet><name>n</name><tag><id>s3cret</id></tag></Pet>",
            "$.tags[0].id: expected an integer, found a string",
        ),
        (
            "<Pet><name>n</name><name>m</name></Pet>",
            "$.name: the member is there twice",
        ),
    ];
    for (xml, expected) in table {
        let error = read::<Pet>(xml, PET).unwrap_err();
        assert_eq!(error.to_string(), expected, "{xml}");
        assert!(!format!("{error:?}").contains("s3cret"));
    }
}

#[test]
fn members_that_are_not_declared_are_kept_and_written_again() {
    let xml = "<Pet at=\"9\"><name>n</name><photoUrls/><owner since=\"1\"><name>Ann</name></owner>\
               <see>a</see><see>b</see></Pet>";
    let pet: Pet = read(xml, PET).unwrap();
    let kept: Value = serde_json::json!({
        "@at": "9", "owner": { "@since": "1", "name": "Ann" }, "see": ["a", "b"],
    });
    assert_eq!(
        serde_json::to_value(pet.extra.clone().into_map()).unwrap(),
        kept
    );
    assert_eq!(written(&pet, PET), xml);
}

#[test]
fn the_roots_name_is_not_insisted_on_and_an_envelope_is_looked_through() {
    let inner = "<name>n</name>";
    let table = [
        format!("<pet>{inner}</pet>"),
        format!("<x:Pet xmlns:x=\"urn:x\">{inner}</x:Pet>"),
        format!("<Pet xmlns=\"urn:x\">{inner}</Pet>"),
        format!("<GetPetResponse><Pet>{inner}</Pet><RequestId>1</RequestId></GetPetResponse>"),
    ];
    for xml in table {
        assert_eq!(read::<Pet>(&xml, PET), Ok(pet("n")), "{xml}");
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Order {
    pet: Option<Category>,
    lines: Vec<i64>,
}

runtime::record! { Order { "pet" => pet: optional, "lines" => lines: required } .. }
runtime::xml! {
    Order record [
        element("pet", "Category", Of(Category::__xml)),
        element("lines", "lines", List("line", &Number)).required(),
    ] None
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Lone {
    pet: Option<Category>,
    at: Option<i64>,
}

runtime::record! { Lone { "pet" => pet: optional, "at" => at: optional } .. }
runtime::xml! {
    Lone record [element("pet", "Category", Of(Category::__xml)), attribute("at", "at", Number)] None
}

#[test]
fn an_object_without_a_name_may_be_its_only_member() {
    let root = Root::sole("Lone", Of(Lone::__xml));
    let value = Lone {
        pet: Some(Category {
            id: Some(1),
            name: None,
        }),
        at: None,
    };
    there_and_back(&value, root, "<Category><id>1</id></Category>");
    let value = Lone {
        at: Some(2),
        ..value
    };
    there_and_back(
        &value,
        root,
        "<Lone at=\"2\"><Category><id>1</id></Category></Lone>",
    );
    let order: Order = read(
        "<Category><id>1</id></Category>",
        Root::new("", Of(Order::__xml)),
    )
    .unwrap();
    assert_eq!(order.lines, Vec::<i64>::new());
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Spaced {
    id: Option<i64>,
    plain: Option<String>,
    name: Option<String>,
    other: Option<String>,
}

runtime::record! {
    Spaced {
        "id" => id: optional, "plain" => plain: optional, "name" => name: optional, "other" => other: optional,
    } ..
}
runtime::xml! {
    Spaced record [
        attribute("id", "{urn:ids}i:id", Number),
        element("plain", "plain", Text),
        element("name", "{urn:a}a:name", Text),
        element("other", "{urn:b}name", Text),
    ] None
}

#[test]
fn namespaces_are_declared_where_they_begin_and_tell_names_apart() {
    let root = Root::new("{urn:a}a:spaced", Of(Spaced::__xml));
    let value = Spaced {
        id: Some(1),
        plain: Some("p".into()),
        name: Some("n".into()),
        other: Some("o".into()),
    };
    there_and_back(
        &value,
        root,
        "<a:spaced xmlns:a=\"urn:a\" xmlns:i=\"urn:ids\" i:id=\"1\"><plain>p</plain>\
         <a:name>n</a:name><name xmlns=\"urn:b\">o</name></a:spaced>",
    );
    // other prefixes are as good
    let xml = "<spaced xmlns=\"urn:b\" xmlns:y=\"urn:a\" xmlns:z=\"urn:ids\" z:id=\"1\">\
               <plain>p</plain><name>o</name><y:name>n</y:name></spaced>";
    assert_eq!(read(xml, root), Ok(value));
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Note {
    lang: Option<String>,
    ids: Option<Vec<i64>>,
    body: String,
}

runtime::record! { Note { "lang" => lang: optional, "ids" => ids: optional, "body" => body: required } .. }
runtime::xml! {
    Note record [
        attribute("lang", "lang", Text),
        attribute("ids", "ids", List("ids", &Number)),
        text("body", Text).required(),
    ] None
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Script {
    code: String,
    note: Option<Note>,
}

runtime::record! { Script { "code" => code: required, "note" => note: optional } .. }
runtime::xml! {
    Script record [cdata("code", Text).required(), inline("note", "note", Of(Attributes::__xml))] None
}

/// Stands for a model whose members stand in the element around it.
struct Attributes;
runtime::xml! {
    Attributes record [
        attribute("lang", "lang", Text),
        element("body", "body", Text).required(),
    ] None
}

#[test]
fn a_text_may_stand_beside_attributes_and_lists_in_them() {
    let root = Root::new("note", Of(Note::__xml));
    let value = Note {
        lang: Some("a\"b\n".into()),
        ids: Some(vec![1, 2]),
        body: " x & y ".into(),
    };
    there_and_back(
        &value,
        root,
        "<note lang=\"a&quot;b&#10;\" ids=\"1 2\"> x &amp; y </note>",
    );
    let value = Note {
        body: String::new(),
        ..Note::default()
    };
    there_and_back(&value, root, "<note/>");
}

#[test]
fn members_may_stand_in_the_element_around_them_and_texts_in_cdata() {
    let root = Root::new("script", Of(Script::__xml));
    let note = Note {
        lang: Some("en".into()),
        ids: None,
        body: "hi".into(),
    };
    let value = Script {
        code: "if (a < b) ]]> \r\n".into(),
        note: Some(note),
    };
    let xml = written(&value, root);
    assert_eq!(
        xml,
        "<script lang=\"en\"><![CDATA[if (a < b) ]]]]><![CDATA[> ]]>&#13;<![CDATA[\n]]><body>hi</body></script>"
    );
    let back: Script = read(&xml, root).unwrap();
    assert_eq!(back.note, value.note);
    assert_eq!(back.code, value.code.trim());
    let none: Script = read("<script>x</script>", root).unwrap();
    assert_eq!(none.note, None);
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Circle(Circle),
    Square(Square),
    Unknown(Value),
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Circle {
    kind: String,
    r: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Square {
    kind: String,
    r: String,
    side: Option<i64>,
}

runtime::record! { Circle { "kind" => kind: required, "r" => r: required } .. }
runtime::xml! { Circle record [attribute("kind", "kind", Token).required(), element("r", "r", Number).required()] None }
runtime::record! { Square { "kind" => kind: required, "r" => r: required, "side" => side: optional } .. }
runtime::xml! {
    Square record [
        element("kind", "Kind", Token).required(),
        element("r", "r", Text).required(),
        element("side", "side", Number),
    ] None
}
runtime::union! { Shape: tag "kind" { Circle(Circle) = ["circle"], Square(Square) = ["square", "box"] } }
runtime::xml! {
    Shape choice Some("kind"), [(&["circle"], Of(Circle::__xml)), (&["square", "box"], Of(Square::__xml))]
}

#[test]
fn a_tag_tells_variants_apart_wherever_it_stands() {
    let root = Root::new("shape", Of(Shape::__xml));
    let circle = Shape::Circle(Circle {
        kind: "circle".into(),
        r: 2.5,
    });
    there_and_back(&circle, root, "<shape kind=\"circle\"><r>2.5</r></shape>");
    let square = Shape::Square(Square {
        kind: "box".into(),
        r: "5".into(),
        side: None,
    });
    there_and_back(&square, root, "<shape><Kind>box</Kind><r>5</r></shape>");
    let unknown = read::<Shape>("<shape kind=\"star\"><arms>5</arms></shape>", root).unwrap();
    let kept = serde_json::json!({ "kind": "star", "arms": "5" });
    assert_eq!(unknown, Shape::Unknown(kept));
}

#[derive(Clone, Debug, PartialEq)]
enum Either {
    Number(f64),
    Pet(Category),
    Text(String),
    Note(Note),
    Unknown(Value),
}

runtime::union! { Either: first { Number(f64), Pet(Category), Text(String), Note(Note) } }
runtime::xml! {
    Either choice None, [(&[], Number), (&[], Of(Category::__xml)), (&[], Text), (&[], Of(Note::__xml))]
}

#[test]
fn variants_without_a_tag_are_told_by_what_they_know() {
    let root = Root::new("either", Of(Either::__xml));
    let note = Note {
        lang: Some("en".into()),
        ids: None,
        body: "b".into(),
    };
    let table = [
        (Either::Number(5.0), "<either>5.0</either>"),
        (Either::Text("five".into()), "<either>five</either>"),
        (
            Either::Pet(Category {
                id: Some(1),
                name: None,
            }),
            "<either><id>1</id></either>",
        ),
        (Either::Note(note), "<either lang=\"en\">b</either>"),
    ];
    for (value, xml) in table {
        there_and_back(&value, root, xml);
    }
}

#[test]
fn roots_may_be_lists_maps_places_and_plain_values() {
    there_and_back(
        &vec![Category {
            id: Some(1),
            name: None,
        }],
        Root::new("pets", List("pet", &Of(Category::__xml))),
        "<pets><pet><id>1</id></pet></pets>",
    );
    there_and_back(
        &BTreeMap::from([("a".to_owned(), vec![1_i64, 2]), ("b".to_owned(), vec![3])]),
        Root::new("map", Map(&List("item", &Number))),
        "<map><a>1</a><a>2</a><b>3</b></map>",
    );
    there_and_back(
        &(1_i64, "x".to_owned()),
        Root::new("pair", Places("at", &[Number, Text], &Any)),
        "<pair><at>1</at><at>x</at></pair>",
    );
    there_and_back(
        &vec![vec![1_i64, 2], vec![]],
        Root::new("rows", List("row", &List("cell", &Number))),
        "<rows><row><cell>1</cell><cell>2</cell></row><row/></rows>",
    );
    there_and_back(&5_i64, Root::new("int", Number), "<int>5</int>");
    let values = OneOf(&["1", "\"one\"", "true"]);
    for (json, xml) in [
        ("1", "<v>1</v>"),
        ("\"one\"", "<v>one</v>"),
        ("true", "<v>true</v>"),
    ] {
        let value: Value = serde_json::from_str(json).unwrap();
        there_and_back(&value, Root::new("v", values), xml);
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Labelled {
    labels: Option<BTreeMap<String, i64>>,
}

runtime::record! { Labelled { "labels" => labels: optional } .. }
runtime::xml! { Labelled record [element("labels", "Label", Map(&Number))] None }

#[test]
fn maps_are_read_by_their_entries_too() {
    let table = [
        "<o><Label><a>1</a><b>2</b></Label></o>",
        "<o><Label><entry><key>a</key><value>1</value></entry><entry><key>b</key><value>2</value></entry></Label></o>",
        "<o><Label><Name>a</Name><Value>1</Value></Label><Label><Name>b</Name><Value>2</Value></Label></o>",
    ];
    for xml in table {
        let read: Labelled = read(xml, Root::new("o", Of(Labelled::__xml))).unwrap();
        let labels = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
        assert_eq!(read.labels, Some(labels), "{xml}");
    }
}
