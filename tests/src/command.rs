//! The command line: exit codes, what goes where, and how the reports look.

use std::fs;
use std::path::Path;

use specmint::cli::{DONE, OUT_OF_DATE, REFUSED};
use specmint::diag::Code;
use tempfile::TempDir;

use crate::said::{Said, specmint};

const PETS: &str = r"openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: https://pets.example.com }]
paths:
  /pets:
    get:
      operationId: listPets
      responses: { '204': { description: None } }
";

/// A folder with `pets.yaml`, and a place for the crate.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let desk = Self { folder };
        desk.put("pets.yaml", PETS);
        desk
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder"))
            .expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }

    fn generate(&self, specs: &[&str], more: &[&str]) -> Said {
        let mut args = vec!["generate".to_owned()];
        args.extend(specs.iter().map(|spec| self.path(spec)));
        args.extend(["--out".to_owned(), self.path("client")]);
        args.extend(more.iter().map(|&arg| arg.to_owned()));
        specmint(args)
    }

    fn has(&self, name: &str) -> bool {
        Path::new(&self.path(name)).exists()
    }
}

#[test]
fn a_document_becomes_a_crate() {
    let desk = Desk::new();
    let said = desk.generate(&["pets.yaml"], &[]);
    assert_eq!((said.code, said.out.as_str()), (DONE, ""), "{}", said.err);
    for file in [
        "Cargo.toml",
        "src/lib.rs",
        "src/pets/mod.rs",
        "src/runtime/mod.rs",
    ] {
        assert!(desk.has(&format!("client/{file}")), "{file}");
    }
}

#[test]
fn a_check_fails_until_the_crate_is_written_and_passes_after() {
    let desk = Desk::new();
    let before = desk.generate(&["pets.yaml"], &["--check"]);
    assert_eq!(before.code, OUT_OF_DATE, "{}", before.err);
    assert!(!desk.has("client"), "a check writes nothing");
    let mends = before.err.lines().last().expect("a failure says something");
    assert!(
        mends.contains("run `specmint generate ") && !mends.contains("--check"),
        "{mends}"
    );

    assert_eq!(desk.generate(&["pets.yaml"], &[]).code, DONE);
    assert_eq!(desk.generate(&["pets.yaml"], &["--check"]).code, DONE);
}

#[test]
fn programs_get_one_object_with_what_was_done() {
    let desk = Desk::new();
    let first = desk.generate(&["pets.yaml"], &["--format", "json"]).json();
    let second = desk.generate(&["pets.yaml"], &["--format", "json"]).json();
    let written = first["written"].as_array().expect("`written` is a list");
    assert!(written.contains(&"src/pets/mod.rs".into()), "{first}");
    assert_eq!(second["written"], serde_json::json!([]));
    assert_eq!(second["unchanged"], first["written"]);
    assert_eq!(second["errors"], serde_json::json!([]));
}

#[test]
fn a_removed_document_takes_its_module_with_it() {
    let desk = Desk::new();
    desk.put("cats.yaml", PETS);
    desk.generate(&["pets.yaml", "cats.yaml"], &[]);
    let said = desk.generate(&["pets.yaml"], &["--format", "json"]).json();
    assert!(!desk.has("client/src/cats"));
    let removed = said["removed"].as_array().expect("`removed` is a list");
    assert!(removed.contains(&"src/cats/mod.rs".into()), "{said}");
}

#[test]
fn a_document_that_cannot_be_read_is_refused_and_nothing_is_written() {
    let desk = Desk::new();
    desk.put("broken.yaml", "openapi: [3.0.3\n");
    let said = desk.generate(&["pets.yaml", "broken.yaml"], &[]);
    assert_eq!(said.code, REFUSED);
    assert!(said.err.contains("error[syntax-error]"), "{}", said.err);
    assert!(!desk.has("client"));
}

#[test]
fn programs_get_the_place_of_each_problem() {
    let desk = Desk::new();
    desk.put("broken.yaml", "openapi: [3.0.3\n");
    let said = desk.generate(&["broken.yaml"], &["--format", "json"]);
    assert_eq!(said.code, REFUSED);
    let error = &said.json()["errors"][0];
    assert_eq!(error["code"], "syntax-error");
    assert_eq!(error["severity"], "error");
    for key in ["file", "line", "column", "pointer", "message"] {
        assert!(!error[key].is_null(), "{key} in {error}");
    }
}

#[test]
fn two_documents_that_want_the_same_module_are_refused() {
    let desk = Desk::new();
    desk.put("other/pets.yaml", PETS);
    let said = desk.generate(&["pets.yaml", "other/pets.yaml"], &[]);
    assert_eq!(said.code, REFUSED);
    assert!(said.err.contains("the module `pets`"), "{}", said.err);
}

#[test]
fn a_folder_names_the_module_of_its_openapi_yaml() {
    let desk = Desk::new();
    desk.put("Cat-Shelter/openapi.yaml", PETS);
    assert_eq!(desk.generate(&["Cat-Shelter/openapi.yaml"], &[]).code, DONE);
    assert!(desk.has("client/src/cat_shelter/mod.rs"));
}

#[test]
fn wrong_usage_is_refused_with_a_reason() {
    let desk = Desk::new();
    desk.put("cats.yaml", PETS);
    #[rustfmt::skip]
    let table: &[(&[&str], &[&str], &str)] = &[
        (&[],                         &[],                              "SPEC"),
        (&["missing.yaml"],           &[],                              "missing.yaml"),
        (&["pets.yaml"],              &["--runtime", "path:"],          "embedded"),
        (&["pets.yaml"],              &["--name", "my crate"],          "letters"),
        (&["pets.yaml"],              &["--overlay", "missing.yaml"],   "missing.yaml"),
        (&["pets.yaml", "cats.yaml"], &["--overlay", "o.yaml"],         "one document"),
    ];
    for (specs, more, reason) in table {
        let said = desk.generate(specs, more);
        assert_eq!(said.code, REFUSED, "{specs:?} {more:?}");
        assert!(
            said.err.contains(reason),
            "{specs:?} {more:?}: {}",
            said.err
        );
    }
}

#[test]
fn an_error_before_anything_is_read_is_an_object_too() {
    let desk = Desk::new();
    let said = desk.generate(&["missing.yaml"], &["--format", "json"]);
    assert_eq!(said.code, REFUSED);
    assert!(
        said.json()["errors"][0]["message"]
            .as_str()
            .is_some_and(|text| text.contains("missing.yaml"))
    );
}

const LOGIN: &str = r"openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: https://pets.example.com }]
paths:
  /login:
    post:
      operationId: login
      requestBody:
        content: { application/json: { schema: { type: object, properties: { user: { type: string }, password: { type: string } } } } }
      responses:
        '200': { description: In, content: { application/json: { schema: { type: object, properties: { token: { type: string }, ttl: { type: integer } } } } } }
";

#[test]
fn token_operations_are_explained_with_their_reasons() {
    let desk = Desk::new();
    desk.put("login.yaml", LOGIN);
    let said = specmint(["explain-token", &desk.path("login.yaml")]);
    assert_eq!(said.code, DONE, "{}", said.err);
    assert_eq!(
        said.out,
        "POST /login is a login or an exchange that hands out tokens (medium confidence)\n  \
         because a credential goes in (`password`)\n  \
         because the answer has a token (`token`) with a lifetime\n  \
         token         `token`\n  \
         lifetime      `ttl`, in seconds\n  \
         goes in       user `user`, password `password`\n  \
         refresh       the token is asked for anew\n"
    );
    let json = specmint([
        "explain-token",
        &desk.path("login.yaml"),
        "--format",
        "json",
    ])
    .json();
    assert_eq!(json["tokens"][0]["kind"], "issue");
    assert_eq!(
        json["tokens"][0]["profile"]["lifetime"],
        "`ttl`, in seconds"
    );

    let none = specmint(["explain-token", &desk.path("pets.yaml")]);
    assert_eq!(none.out, "no operation hands out tokens\n");
    assert_eq!(
        specmint(["explain-token", &desk.path("none.yaml")]).code,
        REFUSED
    );
}

#[test]
fn every_code_is_explained() {
    let list = specmint(["explain"]);
    assert_eq!(list.code, DONE);
    for code in Code::ALL {
        let one = specmint(["explain", code.as_str()]);
        assert_eq!(one.code, DONE);
        assert!(one.out.contains(code.help()), "{}", one.out);
        assert!(list.out.contains(code.as_str()));
    }
    assert_eq!(specmint(["explain", "no-such-code"]).code, REFUSED);
}

#[test]
fn help_and_version_are_answers_and_not_mistakes() {
    for flag in ["--help", "--version"] {
        let said = specmint([flag]);
        assert_eq!((said.code, said.err.as_str()), (DONE, ""), "{flag}");
    }
}

#[test]
fn strict_refuses_what_comes_out_as_less_than_the_document_says() {
    let desk = Desk::new();
    let downgraded = PETS.replace(
        "'204': { description: None }",
        "'200': { description: One, content: { application/json: { schema: { not: { type: string } } } } }",
    );
    desk.put("pets.yaml", &downgraded);
    let said = desk.generate(&["pets.yaml"], &["--strict"]);
    assert_eq!(said.code, REFUSED, "{}", said.err);
    assert!(
        said.err
            .ends_with("these losses are not to be taken: not-ignored\n"),
        "{}",
        said.err
    );
    assert!(!desk.has("client"), "a refusal writes nothing");
    assert_eq!(desk.generate(&["pets.yaml"], &[]).code, DONE);
}

#[test]
fn strict_takes_what_was_mended_without_a_loss() {
    let desk = Desk::new();
    desk.put(
        "pets.yaml",
        &PETS.replace("operationId: listPets", "operationid: listPets"),
    );
    let said = desk.generate(&["pets.yaml"], &["--strict"]);
    assert!(
        said.err.contains("warning[unknown-keyword]"),
        "{}",
        said.err
    );
    assert_eq!(said.code, DONE, "{}", said.err);
}

#[test]
fn a_part_is_generated_by_pattern_and_a_pattern_for_nothing_is_reported() {
    let desk = Desk::new();
    let said = desk.generate(
        &["pets.yaml"],
        &["--only", "id:list*", "--exclude", "id:listPet"],
    );
    assert_eq!(said.code, DONE, "{}", said.err);
    assert!(desk.has("client/src/pets/operations/list_pets.rs"));
    assert!(
        said.err.contains("warning[selection-unmatched]"),
        "{}",
        said.err
    );
    assert!(said.err.contains("near it: `id:listPets`"), "{}", said.err);
    let said = desk.generate(&["pets.yaml"], &["--only", "pets"]);
    assert_eq!(said.code, REFUSED, "{}", said.err);
}

#[test]
fn the_census_is_told_in_a_line_and_as_json() {
    let desk = Desk::new();
    let said = desk.generate(&["pets.yaml"], &[]);
    assert!(
        said.err.contains("pets: 1 operation, 0 schemas\n"),
        "{}",
        said.err
    );
    let said = desk.generate(
        &["pets.yaml"],
        &[
            "--format",
            "json",
            "--exclude",
            "tag:*",
            "--exclude",
            "id:*",
        ],
    );
    let census = &said.json()["census"][0];
    assert_eq!(census["document"], desk.path("pets.yaml"));
    assert_eq!(
        census["operations"],
        serde_json::json!({ "total": 1, "generated": 0, "refused": 0, "excluded": 1, "unaccounted": [] })
    );
    assert_eq!(
        census["schemas"],
        serde_json::json!({
            "total": 0, "typed": 0, "free": 0, "any_json": {}, "left_out": {}, "unused": 0, "excluded": 0,
            "unaccounted": [],
        })
    );
}

#[test]
fn docs_makes_a_site_and_says_what_it_did() {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let out = desk.path().join("site");
    let pages = crate::repo::root().join("tests/site/crate");
    let docs = || {
        specmint([
            "docs".as_ref(),
            pages.as_os_str(),
            "--out".as_ref(),
            out.as_os_str(),
        ])
    };
    let first = docs();
    assert_eq!(first.code, DONE, "{}", first.err);
    assert!(
        first.err.ends_with(" written, 0 unchanged, 0 removed\n"),
        "{}",
        first.err
    );
    assert!(out.join("docs/pets/index.html").is_file());
    assert!(docs().err.contains("`: 0 written, "));

    let wrong = specmint([
        "docs".as_ref(),
        out.as_os_str(),
        "--out".as_ref(),
        desk.path().as_os_str(),
    ]);
    assert_eq!(wrong.code, REFUSED);
    assert!(wrong.err.starts_with("error: "), "{}", wrong.err);
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = specmint(["completions", shell]);
        assert_eq!(said.code, DONE, "{}", said.err);
        assert!(said.out.contains("generate"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let page = specmint(["man"]);
    assert_eq!(page.code, DONE, "{}", page.err);
    assert!(page.out.contains(".TH specmint 1"), "{}", page.out);
    assert!(page.out.contains("specmint\\-generate(1)"), "{}", page.out);
    let page = specmint(["man", "generate"]).out;
    assert!(
        page.contains(".TH specmint\\-generate 1") || page.contains(".TH specmint-generate 1"),
        "{page}"
    );
    assert!(page.contains("\\-\\-out"), "{page}");
    assert_eq!(specmint(["man", "generat"]).code, REFUSED);
}
