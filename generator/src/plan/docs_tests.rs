//! What rustdoc gets to see.

use super::{code, lines, markdown};
use crate::model::Docs;

#[test]
fn prose_is_made_safe() {
    #[rustfmt::skip]
    let table = [
        // description                             lines                                why
        ("plain *text*",                           "plain *text*"),                     // Markdown stays
        ("a <a href=\"/x\">link</a> here",         "a link here"),                      // tags go, text stays
        ("<p>a block</p>",                         "a block"),                          // also those of blocks
        ("1. a\n<ul>\n    <li>b<br/>\nc</li>\n</ul>", "1. a\n\nb\nc"),                     // HTML indents at will
        ("a\n\n<!-- b\n\n- c -->",                 "a"),                                // comments go
        ("a <!-- b > c --> d",                     "a  d"),                             // also within a line
        ("<p>\n- a\n1. b\n2. c</p>",              "\\- a\n1\\. b\n2. c"),              // no list in HTML
        ("\\- a",                                 "\\- a"),                            // no list where escaped
        ("see [docs](/docs/x.html)",               "see docs"),                         // leads nowhere
        ("see [docs](https://e.org/x)",            "see [docs](https://e.org/x)"),      // leads somewhere
        ("at https://e.org/a_b.",                  "at <https://e.org/a_b>."),          // rustdoc wants brackets
        ("[[p. 1]](https://e.org/x)",              "[\\[p. 1\\]](https://e.org/x)"),    // brackets in a link
        ("https://<b>name</b>.e.org",              "<https://name.e.org>"),             // tags in a URL
        ("an [index] and [`Thing`]",               "an \\[index\\] and \\[`Thing`\\]"), // not links to items
        ("![logo](https://e.org/logo.png)",        "logo"),                             // no pictures from elsewhere
        ("    let x = 1;",                         "```text\nlet x = 1;\n```"),         // not a doctest
        ("```rust\nfn f() {}\n```",                "```text\nfn f() {}\n```"),          // not a doctest
        ("```json\n{}\n```",                       "```text\n{}\n```"),                 // not a doctest
        ("~~~\na ``` b\n~~~",                      "````text\na ``` b\n````"),          // a fence in code
        ("end */ of",                              "end \\* / of"),                     // ends no comment
        ("a\u{202e}b\u{0}c",                       "abc"),                              // turned reading, NUL
        ("Conexión ñandú 名前",                     "Conexión ñandú 名前"),              // letters stay
        ("a\r\nb",                                 "a\nb"),                             // line ends
        ("# Title\ntext",                          "### Title\n\ntext"),                // below the page's own
        ("List<String> or Map<K, V>",              "List or Map\\<K, V\\>"),                   // looks like tags
        ("[x]: https://e.org",                     ""),                                 // a definition alone
        ("   \n ",                                 ""),                                 // nothing
    ];
    for (description, expected) in table {
        assert_eq!(
            markdown(description).join("\n"),
            expected,
            "{description:?}"
        );
    }
}

#[test]
fn a_doc_code_holds_any_text() {
    #[rustfmt::skip]
    let table = [
        ("plain",     "`plain`"),
        ("a`b",       "`a'b`"),
        ("a\nb",      "`a b`"),
        ("",          "the empty text"),
    ];
    for (text, expected) in table {
        assert_eq!(code(text), expected, "{text:?}");
    }
}

#[test]
fn summary_and_description_that_say_the_same_are_said_once() {
    let same = Docs {
        summary: Some("A pet.".into()),
        description: Some("A pet.".into()),
        ..Docs::default()
    };
    assert_eq!(lines(&same), ["A pet."]);
}
