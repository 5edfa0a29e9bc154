//! What cells, links and headings make of prose.

use super::{Rest, cell, code, escaped, link_text, with_headings};

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_cell_holds_the_first_paragraph() {
    #[rustfmt::skip]
    let table = [
        ("one\ntwo",              "one two", Rest::Nothing),
        ("one\n\ntwo",            "one",     Rest::More),
        ("a | b",                 r"a \| b", Rest::Nothing),
        ("* a\n* list",           "",        Rest::More),
        ("1. a list",             "",        Rest::More),
        ("```text\ncode\n```",    "",        Rest::More),
        ("### heading\n\ntext",   "",        Rest::More),
        ("",                      "",        Rest::Nothing),
    ];
    for (text, shown, rest) in table {
        let cell = cell(&lines(text));
        assert_eq!(cell.text, shown, "{text:?}");
        assert!(cell.rest == rest, "{text:?}");
    }
}

#[test]
fn nothing_in_a_cell_ends_it() {
    assert_eq!(escaped(r"`a|b` and a\|b"), r"`a\|b` and a\|b");
    assert_eq!(code("a|b"), r"`a\|b`");
    assert_eq!(code("`"), "`` ` ``");
    assert_eq!(code("a\nb"), "`a b`");
    assert_eq!(code("\u{202e}x"), r"`\u{202e}x`");
    assert_eq!(code(""), "the empty text");
}

#[test]
fn the_text_of_a_link_holds_no_other() {
    #[rustfmt::skip]
    let table = [
        ("Pets",                              "Pets"),
        ("[Pets](https://a.example) of ours", "Pets of ours"),
        ("<https://a.example>",               "https://a.example"),
        (r"a \[b\] `c[0]`",                   r"a \[b\] `c[0]`"),
    ];
    for (line, text) in table {
        assert_eq!(link_text(line), text);
    }
}

#[test]
fn what_looks_like_a_heading_in_code_is_none() {
    let text = lines("## one\n\n````text\n# two\n```\n# three\n````\n\n#four\n### five");
    let changed = with_headings(&text, |signs, text| format!("{signs}<{text}>"));
    assert_eq!(
        changed,
        lines("## <one>\n\n````text\n# two\n```\n# three\n````\n\n#four\n### <five>")
    );
}
