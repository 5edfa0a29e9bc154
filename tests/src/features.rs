//! A feature for each tag: what it is called, what it brings, and that it compiles alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use specmint::file::File;
use specmint::load::Source;
use specmint::options::{Options, TagFeatures};
use specmint::spec::Spec;
use specmint::write;

use crate::{case, repo};

/// An API of several tags that share models in all the ways there are: one tag alone, two tags, a model inside
/// another's, a model of an operation without a tag, one that nothing uses, and one that every tag needs.
const OFFICE: &str = r"
openapi: 3.1.0
info: { title: Office, version: '1' }
servers: [{ url: https://office.example.com }]
security: [{ key: [] }]
paths:
  /health:
    get:
      operationId: health
      responses: { '200': { $ref: '#/components/responses/Health' } }
  /letters:
    get:
      tags: [Letters]
      operationId: listLetters
      parameters: [{ name: kind, in: query, schema: { $ref: '#/components/schemas/LetterKind' } }]
      responses:
        '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Letter' } } } } }
        default: { $ref: '#/components/responses/Problem' }
    post:
      tags: [Letters, write access]
      operationId: sendLetter
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Letter' } } } }
      responses:
        '202': { description: Sent }
        default: { $ref: '#/components/responses/Problem' }
  /stamps:
    post:
      tags: [Stamps, write access]
      operationId: buyStamp
      requestBody:
        content:
          application/json: { schema: { $ref: '#/components/schemas/Stamp' } }
          text/plain: { schema: { type: string } }
      responses:
        '200': { description: Bought, content: { application/json: { schema: { $ref: '#/components/schemas/Stamp' } } } }
        '404': { description: None, content: { application/json: { schema: { $ref: '#/components/schemas/Unknown' } } } }
        default: { $ref: '#/components/responses/Problem' }
  /staff:
    get:
      tags: [type]
      operationId: listStaff
      responses:
        '200': { description: Some, content: { application/json: { schema: { type: array, prefixItems: [{ type: integer }, { type: object, additionalProperties: { $ref: '#/components/schemas/Member' } }] } } } }
        default: { $ref: '#/components/responses/Problem' }
  /pings:
    delete: { tags: ['write-access'], operationId: dropPings, responses: { '204': { description: Gone } } }
components:
  responses:
    Health: { description: Well, content: { application/json: { schema: { $ref: '#/components/schemas/Health' } } } }
    Problem: { description: Bad, content: { application/json: { schema: { $ref: '#/components/schemas/Problem' } } } }
  schemas:
    Health: { type: object, properties: { load: { type: number } } }
    Problem: { type: object, properties: { title: { type: string }, about: { $ref: '#/components/schemas/Subject' } } }
    Subject: { type: string, enum: [sender, paper] }
    LetterKind: { type: string, enum: [plain, registered] }
    Letter:
      type: object
      required: [to, stamps]
      properties:
        to: { $ref: '#/components/schemas/Member' }
        stamps: { type: array, items: { $ref: '#/components/schemas/Stamp' } }
        answers: { type: array, items: { $ref: '#/components/schemas/Letter' } }
    Stamp: { type: object, properties: { value: { type: integer }, motif: { oneOf: [{ $ref: '#/components/schemas/Member' }, { type: string }] } } }
    Member: { type: object, required: [name], properties: { name: { type: string, minLength: 1 }, boss: { $ref: '#/components/schemas/Member' } } }
    Unknown: { type: object, properties: { what: { type: string } } }
    Nobodys: { type: object, properties: { what: { $ref: '#/components/schemas/NobodysEither' } } }
    NobodysEither: { type: object, properties: { what: { type: string } } }
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
";

fn office(tag_features: TagFeatures, runtime: &str) -> Vec<File> {
    let options = Options {
        tag_features,
        ..case::options("office-client", runtime)
    };
    specmint::generate(&[Spec::new(Source::new("office.yaml", OFFICE))], &options)
        .expect("one document makes one module")
        .files
}

fn text<'f>(files: &'f [File], path: &str) -> &'f str {
    let file = files.iter().find(|file| file.path == path);
    &file.unwrap_or_else(|| panic!("there is no {path}")).text
}

/// The features of the crate that users switch on, from its manifest.
fn features(files: &[File]) -> Vec<String> {
    let manifest = text(files, "Cargo.toml");
    let lines = manifest.lines().filter_map(|line| line.split_once(" = ["));
    let names = lines.map(|(name, _)| name.to_owned());
    names.filter(|name| name.starts_with("office")).collect()
}

#[test]
fn each_tag_is_a_feature_and_the_apis_own_brings_all() {
    let files = office(TagFeatures::On, "../runtime");
    assert_eq!(
        features(&files),
        [
            "office",
            "office-letters",
            "office-stamps",
            "office-type",
            "office-write-access",
            "office-write-access-minus",
        ]
    );
    let manifest = text(&files, "Cargo.toml");
    assert!(
        manifest.contains("default = [\"reqwest\", \"charset\", \"office\"]\n"),
        "{manifest}"
    );
    assert!(
        manifest.contains("office-letters = [\"_office\"]\n"),
        "{manifest}"
    );
    assert!(
        manifest.contains("office = [\n    \"_office\",\n    \"office-letters\",\n"),
        "{manifest}"
    );
    let readme = text(&files, "README.md");
    assert!(
        readme.contains("| `office-write-access` | `write access` |"),
        "{readme}"
    );
}

#[test]
fn models_are_compiled_with_the_tags_that_lead_to_them() {
    let files = office(TagFeatures::On, "../runtime");
    let index = text(&files, "src/office/models.rs");
    #[rustfmt::skip]
    let table = [
        ("letter_kind",    "#[cfg(feature = \"office-letters\")]\n"),
        ("health",         "#[cfg(feature = \"office\")]\n"),
        ("nobodys_either", "#[cfg(feature = \"office\")]\n"),
        ("unknown",        "#[cfg(any(feature = \"office-stamps\", feature = \"office-write-access\"))]\n"),
    ];
    for (module, gate) in table {
        assert!(
            index.contains(&format!("{gate}mod {module};\n")),
            "{module}: {index}"
        );
    }
}

#[test]
fn a_small_api_is_one_feature_unless_it_is_asked_for() {
    for files in [
        office(TagFeatures::Auto, "../runtime"),
        office(TagFeatures::Off, "../runtime"),
    ] {
        assert_eq!(features(&files), ["office"]);
        assert!(!text(&files, "src/office/models.rs").contains("cfg"));
    }
}

#[test]
fn each_feature_alone_compiles_without_a_warning() {
    let runtime = repo::root().join("generator/runtime");
    let mut files = office(TagFeatures::On, &runtime.display().to_string());
    let features = features(&files);
    files.iter_mut().for_each(case::make_strict);
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = scratch.join("office-client");
    let changes = write::diff(&folder, &files).expect("the scratch crate can be compared");
    write::apply(&folder, &changes).expect("the scratch crate can be written");
    fs::copy(repo::root().join("Cargo.lock"), folder.join("Cargo.lock"))
        .expect("the lock file can be copied");
    for feature in features
        .iter()
        .map(String::as_str)
        .chain(["_office", "reqwest"])
    {
        let output = Command::new(env!("CARGO"))
            .args([
                "check",
                "--quiet",
                "--offline",
                "--no-default-features",
                "--features",
                feature,
            ])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", scratch.join("all-cases-target"))
            .output()
            .expect("cargo can be started: it started this test");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "with `{feature}` alone:\n{said}");
    }
}
