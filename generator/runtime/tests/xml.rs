//! XML by tables, as generated code has them.

use specmint_runtime as runtime;

use runtime::json::{Problem, Slot, to_vec};
use runtime::xml::Shape::{Any, List, Map, Number, Of, OneOf, Places, Text};
use runtime::xml::{Root, from_json, from_xml};
use runtime::{DateTime, DecodeError, Extra, Nullable, Value};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq)]
struct Category {
    id: Option<i64>,
    name: Option<String>,
}

runtime::record! { Category { "id" => id: optional, "name" => name: optional } .. }
runtime::xml! { Category record [element("id", "id", Number), element("name", "name", Text)] None }

#[derive(Clone, Debug, PartialEq)]
struct Pet {
    id: Option<i64>,
    name: String,
    category: Option<Category>,
    photo_urls: Vec<String>,
    tags: Option<Vec<Category>>,
    good: Option<bool>,
    born: Option<DateTime>,
    weight: Nullable<f64>,
    extra: Extra,
}

runtime::record! {
    Pet {
        "id" => id: optional,
        "name" => name: required,
        "category" => category: optional,
        "photoUrls" => photo_urls: required,
        "tags" => tags: optional,
        "good" => good: optional,
        "born" => born: optional,
        "weight" => weight: optional,
    } extra extra
}
runtime::xml! {
    Pet record [
        attribute("id", "id", Number),
        element("name", "name", Text).required(),
        element("category", "Category", Of(Category::__xml)),
        element("photoUrls", "photoUrls", List("photoUrl", &Text)).required(),
        inline("tags", "tags", List("tag", &Of(Category::__xml))),
        element("good", "good", Bool),
        element("born", "born", Token),
        element("weight", "weight", Number),
    ] Some(Any)
}

const PET: Root = Root::new("Pet", Of(Pet::__xml));

fn pet(name: &str) -> Pet {
    let mut pet = Pet::blank();
    pet.name = name.to_owned();
    pet
}

fn written(value: &dyn Slot, root: Root) -> String {
    let xml = from_json(&to_vec(value), &root).expect("XML can say it");
    let text = String::from_utf8(xml.to_vec()).unwrap();
    let (declaration, rest) = text.split_once("?>").unwrap();
    assert_eq!(declaration, r#"<?xml version="1.0" encoding="UTF-8""#);
    rest.to_owned()
}

fn read<T: Slot>(xml: &str, root: Root) -> Result<T, DecodeError> {
    from_xml(xml.as_bytes(), &root)
}

/// Writes a value, compares, and reads what was written.
#[track_caller]
fn there_and_back<T: Slot + PartialEq + std::fmt::Debug>(value: &T, root: Root, xml: &str) {
    assert_eq!(written(value, root), xml);
    assert_eq!(read::<T>(xml, root).as_ref(), Ok(value));
}

#[track_caller]
fn refused(xml: &str) -> Problem {
    *read::<Pet>(xml, PET).unwrap_err().problem()
}

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

#[test]
fn names_that_no_element_can_have_are_refused_and_never_written() {
    for name in ["a b", "1", "", "a><b", "-x", "a:b:c", "@", "ä b"] {
        let value = BTreeMap::from([(name.to_owned(), 1_i64)]);
        let xml = from_json(&to_vec(&value), &Root::new("map", Map(&Number)));
        assert!(xml.is_none(), "{name:?}: {xml:?}");
    }
}

#[test]
fn document_types_and_entities_are_refused() {
    let table = [
        (
            "<!DOCTYPE a [<!ENTITY x \"y\">]><Pet><name>&x;</name></Pet>",
            Problem::DocumentType,
        ),
        (
            "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><Pet/>",
            Problem::DocumentType,
        ),
        ("<!DOCTYPE", Problem::DocumentType),
    ];
    for (xml, expected) in table {
        assert_eq!(refused(xml), expected, "{xml}");
    }
    let entity = refused("<Pet><name>&x;</name></Pet>");
    assert!(matches!(entity, Problem::NotXml { .. }));
    let attribute = refused("<Pet id=\"&x;\"><name>n</name></Pet>");
    assert!(matches!(attribute, Problem::NotXml { .. }));
    let known = read::<Pet>(
        "<Pet><name>&lt;&#65;&#x42;&apos;&quot;&amp;</name></Pet>",
        PET,
    );
    assert_eq!(known.unwrap().name, "<AB'\"&");
}

#[test]
fn what_is_no_xml_is_refused() {
    let table = [
        ("", Problem::Empty),
        ("  \n ", Problem::Empty),
        ("<Pet><name>n", Problem::Truncated),
        ("<Pet><name>n</name>", Problem::Truncated),
        ("<Pet", Problem::Truncated),
        ("<?xml version=\"1.0\"?>", Problem::Truncated),
        ("<!-- only -->", Problem::Truncated),
    ];
    for (xml, expected) in table {
        assert_eq!(refused(xml), expected, "{xml}");
    }
    let odd = [
        "{\"name\": \"n\"}",
        "<Pet></pet>",
        "<Pet/><Pet/>",
        "<Pet/>text",
        "text<Pet/>",
        "</Pet>",
        "<Pet a=\"1\" a=\"2\"/>",
        "<Pet a=1/>",
        "<Pet>&</Pet>",
        "<Pet/><![CDATA[x]]>",
    ];
    for xml in odd {
        assert!(matches!(refused(xml), Problem::NotXml { .. }), "{xml}");
    }
}

#[test]
fn nesting_is_limited_and_what_is_hostile_costs_little() {
    let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let any = Root::new("a", Any);
    assert!(read::<Value>(&deep(100), any).is_ok());
    assert_eq!(
        *read::<Value>(&deep(200), any).unwrap_err().problem(),
        Problem::TooDeep
    );
    assert_eq!(
        *read::<Value>(&deep(500_000), any).unwrap_err().problem(),
        Problem::TooDeep
    );
    let wide = format!("<a>{}</a>", "<b c=\"1\"/>".repeat(20_000));
    let value: Value = read(&wide, any).unwrap();
    assert_eq!(value["b"].as_array().unwrap().len(), 20_000);
    let spaces: String = (0..2_000)
        .map(|n| format!(" xmlns:n{n}=\"u{n}\""))
        .collect();
    assert!(read::<Value>(&format!("<a{spaces}/>"), any).is_err());
    let attributes: String = (0..5_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert!(read::<Value>(&format!("<a{attributes}/>"), any).is_ok());
}

#[test]
fn texts_in_other_encodings_are_read() {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><v>h\u{e9} \u{1F600}</v>";
    let root = Root::new("v", Text);
    let wide = |bytes: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        mark.into_iter()
            .chain(xml.encode_utf16().flat_map(bytes))
            .collect::<Vec<u8>>()
    };
    for bytes in [
        wide(u16::to_le_bytes, [0xFF, 0xFE]),
        wide(u16::to_be_bytes, [0xFE, 0xFF]),
        [b"\xEF\xBB\xBF", xml.as_bytes()].concat(),
    ] {
        assert_eq!(
            from_xml::<String>(&bytes, &root).unwrap(),
            "h\u{e9} \u{1F600}"
        );
    }
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><v>h\xE9</v>";
    assert_eq!(from_xml::<String>(latin, &root).unwrap(), "h\u{e9}");
    for bad in [&b"<v>\xE9</v>"[..], b"\xFF\xFE<", b"\xFF\xFE\x00\xD8"] {
        assert_eq!(
            *from_xml::<String>(bad, &root).unwrap_err().problem(),
            Problem::NotUtf8
        );
    }
}
