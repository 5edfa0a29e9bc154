//! XML that is hostile, broken or in another encoding.

use specmint_runtime as runtime;

use runtime::json::{Problem, to_vec};
use runtime::xml::Shape::{Any, Map, Number, Text};
use runtime::xml::{Root, from_json, from_xml};
use runtime::{DecodeError, Value};
use std::collections::BTreeMap;

fn read(xml: &str) -> Result<Value, DecodeError> {
    from_xml(xml.as_bytes(), &Root::new("Pet", Any))
}

#[track_caller]
fn refused(xml: &str) -> Problem {
    *read(xml).unwrap_err().problem()
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
    let known = read("<a><b>&lt;&#65;&#x42;&apos;&quot;&amp;</b></a>").unwrap();
    assert_eq!(known["b"], "<AB'\"&");
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
    assert!(read(&deep(100)).is_ok());
    assert_eq!(*read(&deep(200)).unwrap_err().problem(), Problem::TooDeep);
    assert_eq!(
        *read(&deep(500_000)).unwrap_err().problem(),
        Problem::TooDeep
    );
    let wide = format!("<a>{}</a>", "<b c=\"1\"/>".repeat(20_000));
    let value = read(&wide).unwrap();
    assert_eq!(value["b"].as_array().unwrap().len(), 20_000);
    let spaces: String = (0..2_000)
        .map(|n| format!(" xmlns:n{n}=\"u{n}\""))
        .collect();
    assert!(read(&format!("<a{spaces}/>")).is_err());
    let attributes: String = (0..5_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert!(read(&format!("<a{attributes}/>")).is_ok());
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
    let lying = "<?xml version='1.0' encoding='utf-16'?><v>h\u{e9}</v>";
    assert_eq!(
        from_xml::<String>(lying.as_bytes(), &root).unwrap(),
        "h\u{e9}"
    );
    let table = [
        (&b"<v>\xE9</v>"[..], Problem::NotUtf8),
        (b"\xFF\xFE<", Problem::NotInCharset),
        (b"\xFF\xFE\x00\xD8", Problem::NotInCharset),
        (
            b"<?xml version='1.0' encoding='klingon'?><v/>",
            Problem::UnknownCharset,
        ),
    ];
    for (bad, expected) in table {
        assert_eq!(
            *from_xml::<String>(bad, &root).unwrap_err().problem(),
            expected
        );
    }
}
