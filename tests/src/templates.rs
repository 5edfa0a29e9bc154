//! Templates of users: each alone stands for a built-in one, and what is wrong with one is told by template, line and name.

use std::collections::BTreeMap;

use specmint::load::Source;
use specmint::options::{Options, Runtime};
use specmint::spec::Spec;
use specmint::{Output, Refusal, write};

use crate::repo;

const SHOP: &str = r"openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: https://shop.example.com }]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [Pets]
      responses:
        '200': { description: Pets, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
components:
  schemas:
    Pet: { type: object, properties: { name: { type: string } } }
";

/// Generates with templates of these names and bytes in place of the built-in ones.
fn generate(templates: &[(&str, &[u8])]) -> Result<Output, Refusal> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, bytes) in templates {
        std::fs::write(folder.path().join(name), bytes).expect("files can be written");
    }
    let mut options = Options::new("shop", Runtime::Embedded, "specmint generate");
    options.templates = Some(folder.path().to_owned());
    specmint::generate(&[Spec::new(Source::new("shop.yaml", SHOP))], &options)
}

fn files(output: Output) -> BTreeMap<String, String> {
    let files = output.files.into_iter();
    files.map(|file| (file.path, file.text)).collect()
}

#[track_caller]
fn refusal(name: &str, template: &[u8]) -> String {
    let refused = generate(&[(name, template)]).expect_err("the template is wrong");
    refused.to_string()
}

#[test]
fn what_is_wrong_is_told_by_template_line_and_name() {
    #[rustfmt::skip]
    let table: &[(&str, &[u8], &[&str])] = &[
        // a name that is not there: shown, asked for, in a loop, of an item, in a list that is empty here
        ("README.md.tera",          b"<!-- {{ mark }} -->\n\n{{ titel }}\n",                                      &["line 3", "`titel`", "`apis`"]),
        ("README.md.tera",          b"<!-- {{ mark }} -->\n{% if titel %}x{% endif %}\n",                         &["line 2", "`titel`"]),
        ("README.md.tera",          b"<!-- {{ mark }} -->\n{% for api in apes %}\n{% endfor %}",                  &["line 2", "`apes`"]),
        ("README.md.tera",          b"<!-- {{ mark }} -->\n{% for api in apis %}\n\n{{ api.modul }}{% endfor %}", &["line 4", "`api.modul`", "`module`"]),
        ("README.md.tera",          b"<!-- {{ mark }} -->\n{% for api in apis %}{% for tag in api.tags %}\n{{ tag.name }}{% endfor %}{% endfor %}", &["line 3", "`tag.name`", "`feature`"]),
        ("README.md.tera",          b"<!-- {{ mark }} -->\n{{ name.first }}\n",                                   &["line 2", "`name.first`"]),
        ("docs_model.md.tera",      b"<!-- {{ mark }} -->\n{% for row in properties %}{{ row.typ }}{% endfor %}", &["line 2", "`row.typ`", "`ty`"]),
        ("docs_operations.md.tera", b"<!-- {{ mark }} -->\n{% if pages %}{% endif %}",                            &["line 2", "`pages`"]),
        // behind strings, comments, raw text and signs that only look like names
        ("README.md.tera",          b"<!-- {{ mark }} -->\n{# {{ a }} #}{% raw %}{{ b }}{% endraw %}{{ \"}} {{ c\" }}{{ d }}", &["line 2", "`d`"]),
        // what Tera does not read
        ("README.md.tera",          b"<!-- {{ mark }} -->\n\n{{ name | shout }}",                                 &["line 3", "shout"]),
        ("README.md.tera",          b"<!-- {{ mark }} -->\n{% for api in apis %}",                                &["line 2"]),
        ("README.md.tera",          b"<!-- {{ mark }} -->\n{{ name",                                              &["line 2"]),
        ("README.md.tera",          b"<!-- {{ mark }} -->\n{{ apis | first | upper }}",                           &["line 2", "column"]),
        ("README.md.tera",          b"<!-- {{ mark }} -->\n\xff",                                                 &["line 2", "UTF-8"]),
        // what its page owes
        ("README.md.tera",          b"{{ name }}\n{{ mark }}",                                                    &["first line", "{{ mark }}"]),
        ("README.md.tera",          b"{{ mark }}\n",                                                              &["first line", "<!-- {{ mark }} -->"]),
        ("README.md.tera",          b"",                                                                          &["first line"]),
        ("module.rs.tera",          b"// {{ mark }}\n\npub fn () {}\n",                                           &["is not Rust"]),
        // what it is written for
        ("README.md.tera",          b"{# context 99 #}\n<!-- {{ mark }} -->\n",                                   &["line 1", "version 99"]),
        ("README.markdown.tera",    b"<!-- {{ mark }} -->\n",                                                     &["no page of this name", "README.md.tera"]),
    ];
    for (name, template, parts) in table {
        let told = refusal(name, template);
        for part in parts.iter().chain([name]) {
            assert!(told.contains(part), "`{part}` is not in: {told}");
        }
    }
}

#[test]
fn a_template_may_ask_whether_there_is_a_name() {
    let template = b"{# context 1 #}\n<!-- {{ mark }} -->\n\
        {% if owner is defined %}{{ owner }}{% endif %}\
        {% set all = apis | length %}{% for api in apis %}{{ loop.index }} of {{ all }}: {{ api.module }}{% endfor %}\r\n";
    let output = generate(&[("README.md.tera", template)]);
    let output = output.unwrap_or_else(|refusal| panic!("{refusal}"));
    let files = files(output);
    let lines: Vec<&str> = files["README.md"].lines().collect();
    assert!(
        lines[0].starts_with("<!-- @generated by specmint"),
        "{lines:?}"
    );
    assert_eq!(lines[1], "1 of 1: shop");
}

#[test]
fn one_template_changes_its_own_pages_alone() {
    let plain = files(generate(&[]).unwrap_or_else(|refusal| panic!("{refusal}")));
    let template = b"<!-- {{ mark }} -->\n\nOurs: {{ name }}\n";
    let output = generate(&[("docs_model.md.tera", template)]);
    let ours = files(output.unwrap_or_else(|refusal| panic!("{refusal}")));
    let changed: Vec<&String> = plain
        .keys()
        .filter(|path| plain[*path] != ours[*path])
        .collect();
    // the lock says what the crate was made from
    assert_eq!(changed, ["docs/shop/models/pet.md", "specmint.lock"]);
    assert!(ours["docs/shop/models/pet.md"].ends_with("\n\nOurs: Pet\n"));
}

#[test]
fn the_page_on_templates_is_what_they_show() {
    let pages = xtask::templates::pages().expect("the document of the examples can be generated");
    let folder = repo::root().join(xtask::templates::FOLDER);
    let changes = write::diff(&folder, &pages).expect("the page can be compared");
    assert!(
        changes.is_empty(),
        "{}",
        write::out_of_date(xtask::templates::FOLDER, &changes, xtask::COMMAND)
    );
}

#[test]
fn every_field_of_the_page_on_templates_has_an_example() {
    let pages = xtask::templates::pages().expect("the document of the examples can be generated");
    let lacking: Vec<&str> = pages[0]
        .text
        .lines()
        .filter(|line| line.contains("| a text |  |") || line.contains("| a list of texts |  |"))
        .collect();
    assert_eq!(
        lacking, [""; 0],
        "complete xtask/src/templates/specimen.yaml"
    );
}
