//! What `load` makes of small documents.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{LoadOptions, Source, load};
use crate::diag::{Colors, Diagnostics};

/// Loads a text; returns the tree and the names of what was reported, with the lines.
fn loaded(text: &str) -> (Value, Vec<String>) {
    let source = Source::new("spec.yaml", text);
    with_overlay(&source, None, &LoadOptions::default())
}

fn with_overlay(
    source: &Source,
    overlay: Option<&Source>,
    options: &LoadOptions,
) -> (Value, Vec<String>) {
    let mut diags = Diagnostics::default();
    let document = load(source, overlay, options, &mut diags);
    let said = diags
        .reports()
        .into_iter()
        .map(|report| format!("{}:{}", report.code, report.line));
    (
        document.map(|document| document.tree).unwrap_or_default(),
        said.collect(),
    )
}

/// A document with one schema, in a dialect.
fn schema(version: &str, schema: &Value) -> (Value, Vec<String>) {
    let document = json!({
        "openapi": version,
        "info": { "title": "t", "version": "1" },
        "paths": {},
        "components": { "schemas": { "S": schema, "T": { "type": "string" } } },
    });
    let (tree, said) = loaded(&document.to_string());
    (tree["components"]["schemas"]["S"].clone(), said)
}

#[test]
fn texts_that_say_nothing_are_refused_where_they_fail() {
    #[rustfmt::skip]
    let table = [
        // text                                       reported
        ("",                                          "syntax-error:1"),
        ("\u{feff}\n\n",                              "syntax-error:1"),
        ("openapi: 3.0.3\ninfo: [",                   "syntax-error:2"),
        ("{\"openapi\": \"3.0.3\",\n\"info\" {}}",    "syntax-error:2"),
        ("openapi: 3.0.3\n---\nopenapi: 3.0.3\n",     "syntax-error:2"),
        ("just: yaml",                                "unknown-dialect:1"),
        ("a: 1\nswagger: '1.2'",                      "unknown-dialect:2"),
        ("a: 1\nopenapi: 4.0.0",                      "unknown-dialect:2"),
        ("[1, 2]",                                    "unknown-dialect:1"),
    ];
    for (text, reported) in table {
        assert_eq!(
            loaded(text),
            (Value::Null, vec![reported.to_owned()]),
            "{text:?}"
        );
    }
}

#[test]
fn nesting_and_aliases_without_end_are_refused() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let mut bomb = String::from("a0: &a0 [x, x]\n");
    for level in 1..40 {
        let inner = level - 1;
        bomb.push_str(&format!(
            "a{level}: &a{level} [*a{inner}, *a{inner}, *a{inner}]\n"
        ));
    }
    for text in [deep, bomb] {
        let (tree, said) = loaded(&text);
        assert_eq!(tree, Value::Null);
        assert!(said[0].starts_with("syntax-error"), "{said:?}");
    }
}

#[test]
fn the_deepest_document_is_read() {
    let mut schema = json!({});
    for _ in 0..60 {
        schema = json!({ "properties": { "inner": schema } });
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "paths": {},
        "components": { "schemas": { "S": schema } },
    });
    let (_, said) = loaded(&document.to_string());
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn copies_of_copies_are_bounded() {
    let methods = [
        "get", "put", "post", "delete", "patch", "head", "options", "trace",
    ];
    let item = |next: usize| -> Value {
        let operation = json!({
            "responses": {},
            "callbacks": { "c": { "/": { "$ref": format!("#/x-items/{next}") } } },
        });
        methods
            .iter()
            .map(|method| ((*method).to_owned(), operation.clone()))
            .collect()
    };
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "paths": { "/": item(0) },
        "x-items": (1..30).map(item).collect::<Vec<_>>(),
    });
    let (_, said) = loaded(&document.to_string());
    assert!(
        said.iter()
            .any(|said| said.starts_with("unresolved-reference")),
        "{said:?}"
    );
}

#[test]
fn yaml_keys_become_texts_and_the_last_of_equal_keys_counts() {
    let text = "openapi: 3.0.3\r\ninfo: {title: 1.10, version: 2}\r\nx-a: &base {b: 1, c: 2}\r\nx-d:\r\n  \
                <<: *base\r\n  200: !!str ok\r\n  true: .inf\r\n  b: 3\r\n  b: 4\r\npaths: {}\r\n";
    let (tree, said) = loaded(text);
    assert_eq!(
        tree["x-d"],
        json!({ "200": "ok", "true": null, "b": 4, "c": 2 })
    );
    assert_eq!(tree["info"]["version"], "2");
    assert_eq!(said, ["duplicate-key:9"]);
}

#[test]
fn newer_schemas_are_said_in_the_words_of_openapi_3_0() {
    let r = "#/components/schemas/T";
    #[rustfmt::skip]
    let table = [
        (json!(true), json!({})),
        (json!(false), json!({ "not": {} })),
        (json!({ "type": ["string", "null"] }), json!({ "nullable": true, "type": "string" })),
        (json!({ "type": ["integer", "number"] }), json!({ "type": "number" })),
        (json!({ "type": ["string", "array"], "minLength": 1, "items": {} }),
         json!({ "anyOf": [{ "type": "string", "minLength": 1 }, { "type": "array", "items": {} }] })),
        (json!({ "type": "null" }), json!({ "nullable": true, "enum": [null] })),
        (json!({ "anyOf": [{ "$ref": r }, { "type": "null" }] }), json!({ "nullable": true, "allOf": [{ "$ref": r }] })),
        (json!({ "const": "a" }), json!({ "enum": ["a"] })),
        (json!({ "examples": [1, 2] }), json!({ "example": 1 })),
        (json!({ "minimum": 1, "exclusiveMinimum": 3 }), json!({ "minimum": 3, "exclusiveMinimum": true })),
        (json!({ "minimum": 5, "exclusiveMinimum": 3 }), json!({ "minimum": 5 })),
        (json!({ "$ref": r, "description": "d" }), json!({ "description": "d", "allOf": [{ "$ref": r }] })),
        (json!({ "prefixItems": [true], "items": false }), json!({ "maxItems": 1, "x-specmint-prefix-items": [{}] })),
        (json!({ "patternProperties": { "^a": true } }), json!({ "x-specmint-pattern-properties": { "^a": {} } })),
        (json!({ "contentEncoding": "base64" }), json!({ "format": "byte", "type": "string" })),
        (json!({ "unevaluatedProperties": false }), json!({ "additionalProperties": false })),
    ];
    for (newer, older) in table {
        assert_eq!(schema("3.1.0", &newer), (older, vec![]), "{newer}");
    }
}

#[test]
fn keywords_that_no_type_can_say_are_named() {
    for keyword in ["if", "contains", "propertyNames", "dependentSchemas"] {
        let (_, said) = schema("3.1.0", &json!({ keyword: {} }));
        assert_eq!(said, ["keyword-ignored:1"], "{keyword}");
    }
}

#[test]
fn values_of_the_wrong_type_are_converted_or_left_out() {
    #[rustfmt::skip]
    let table = [
        (json!({ "description": 5 }), json!({ "description": "5" }), ""),
        (json!({ "description": null }), json!({}), ""),
        (json!({ "description": ["a"] }), json!({}), "wrong-type:1"),
        (json!({ "nullable": "true" }), json!({ "nullable": true }), "wrong-type:1"),
        (json!({ "maxLength": 3.0 }), json!({ "maxLength": 3 }), ""),
        (json!({ "maxLength": -3 }), json!({}), "wrong-type:1"),
        (json!({ "minimum": "5" }), json!({ "minimum": 5 }), "wrong-type:1"),
        (json!({ "type": "int" }), json!({ "type": "integer" }), "unknown-type:1"),
        (json!({ "required": true }), json!({}), "misplaced-required:1"),
        (json!({ "typ": "string" }), json!({}), "unknown-keyword:1"),
        (json!({ "properties": { "a": { "required": true } } }),
         json!({ "properties": { "a": {} }, "required": ["a"] }), "misplaced-required:1"),
        (json!({ "properties": { "$ref": { "type": "string" } } }),
         json!({ "properties": { "$ref": { "type": "string" } } }), ""),
        (json!({ "$ref": "#/components/schemas/T", "type": "string" }),
         json!({ "$ref": "#/components/schemas/T" }), "ignored-sibling:1"),
        (json!({ "$ref": "#/components/schemas/S" }), json!({}), "unresolved-reference:1"),
        (json!({ "$ref": "https://example.com/a" }), json!({}), "remote-reference:1"),
        (json!({ "$ref": "../../a.yaml" }), json!({}), "reference-outside-root:1"),
    ];
    for (written, mended, reported) in table {
        let (tree, said) = schema("3.0.3", &written);
        assert_eq!(tree, mended, "{written}");
        assert!(
            reported.is_empty() || said == [reported],
            "{written}: {said:?}"
        );
    }
}

#[test]
fn references_reach_other_files_and_places_but_not_outside() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder"))
            .expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    };
    write("secret.yaml", "{type: string}");
    write(
        "api/spec.yaml",
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a: {$ref: 'paths/a.json#/~1a'}\n  \
         /b:\n    get:\n      responses:\n        default: {description: d, content: {application/json: {schema: \
         {$ref: '#/paths/~1b/post/requestBody/content/application~1json/schema/properties/deep'}}}}\n    post:\n      \
         requestBody: {content: {application/json: {schema: {properties: {deep: {type: object}}}}}}\n      \
         responses: {default: {description: d, content: {application/json: {schema: {$ref: ../secret.yaml}}}}}\n",
    );
    write(
        "api/paths/a.json",
        r#"{"/a": {"get": {"responses": {"200": {"$ref": "../common.yaml#/ok"}}}}}"#,
    );
    write(
        "api/common.yaml",
        "ok: {description: d, content: {application/json: {schema: {$ref: '#/Tree'}}}}\n\
         Tree: {type: object, properties: {next: {$ref: './common.yaml#/Tree'}}}\n",
    );
    let source = Source::read(&folder.path().join("api/spec.yaml")).expect("it was written");
    let (tree, said) = with_overlay(&source, None, &LoadOptions::default());
    assert_eq!(
        tree["paths"]["/a"]["get"]["responses"]["200"]["$ref"],
        "#/components/responses/ok"
    );
    assert_eq!(
        tree["components"]["schemas"]["Tree"]["properties"]["next"]["$ref"],
        "#/components/schemas/Tree"
    );
    assert_eq!(
        tree["components"]["schemas"]["b_post_application_json_deep"],
        Value::Null
    );
    assert_eq!(
        tree["components"]["schemas"]["b_post_deep"],
        json!({ "type": "object" })
    );
    assert_eq!(said, ["reference-outside-root:11"]);

    let wider = LoadOptions {
        root: Some(folder.path().to_path_buf()),
        ..LoadOptions::default()
    };
    let (tree, said) = with_overlay(&source, None, &wider);
    assert_eq!(
        tree["components"]["schemas"]["secret"],
        json!({ "type": "string" })
    );
    assert_eq!(said, Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn symbolic_links_do_not_lead_outside() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let inner = folder.path().join("api");
    fs::create_dir(&inner).expect("the folder is ours");
    fs::write(folder.path().join("secret.yaml"), "{}").expect("the folder is ours");
    std::os::unix::fs::symlink(folder.path().join("secret.yaml"), inner.join("link.yaml"))
        .expect("links work");
    let spec = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {$ref: link.yaml}}}";
    fs::write(inner.join("spec.yaml"), spec).expect("the folder is ours");
    let source = Source::read(&inner.join("spec.yaml")).expect("it was written");
    let (_, said) = with_overlay(&source, None, &LoadOptions::default());
    assert_eq!(said, ["reference-outside-root:4"]);
}

#[test]
fn overlays_update_remove_and_report_themselves() {
    let source = Source::new(
        "spec.yaml",
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\ntags: [{name: a}, {name: b}, {name: c}]\npaths: {}\n",
    );
    let overlay = Source::new(
        "fix.yaml",
        "overlay: 1.0.0\ninfo: {title: f, version: '1'}\nactions:\n\
         - {target: \"$.tags[?@.name != 'b']\", remove: true}\n\
         - {target: $.tags, update: {name: d, typo: 1}}\n\
         - {target: $.info, update: {description: long}}\n\
         - {target: $.nothing, remove: true}\n\
         - {target: '$[', remove: true}\n",
    );
    let (tree, said) = with_overlay(&source, Some(&overlay), &LoadOptions::default());
    assert_eq!(tree["tags"], json!([{ "name": "b" }, { "name": "d" }]));
    assert_eq!(tree["info"]["description"], "long");
    assert_eq!(
        said,
        [
            "unknown-keyword:5",
            "overlay-not-needed:7",
            "invalid-overlay:8"
        ]
    );
}

#[test]
fn swagger_2_becomes_openapi_3() {
    let (tree, said) = loaded(
        "swagger: '2.0'\ninfo: {title: t, version: '1'}\nhost: example.com\nbasePath: /v1\nschemes: [https]\n\
         consumes: [application/json]\npaths:\n  /a:\n    post:\n      parameters:\n      \
         - {name: q, in: query, type: array, items: {type: string}, collectionFormat: tsv}\n      \
         - {name: b, in: body, required: true, schema: {$ref: '#/definitions/B'}}\n      \
         responses: {200: {description: ok, schema: {type: file}}}\n  /f:\n    post:\n      parameters:\n      \
         - {name: f, in: formData, type: file, required: true}\n      responses: {200: {description: ok}}\n\
         definitions: {B: {type: string, x-nullable: true}}\n",
    );
    let post = &tree["paths"]["/a"]["post"];
    assert_eq!(
        tree["servers"],
        json!([{ "url": "https://example.com/v1" }])
    );
    assert_eq!(
        post["parameters"],
        json!([{
            "name": "q", "in": "query",
            "schema": { "type": "array", "items": { "type": "string" } },
            "x-specmint-style": "tabDelimited", "style": "form", "explode": false,
        }])
    );
    assert_eq!(
        post["requestBody"],
        json!({
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/B" } } },
            "required": true,
        })
    );
    assert_eq!(
        post["responses"]["200"]["content"]["application/octet-stream"]["schema"],
        json!({ "type": "string", "format": "binary" })
    );
    assert_eq!(
        tree["paths"]["/f"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"],
        json!({
            "type": "object", "required": ["f"],
            "properties": { "f": { "type": "string", "format": "binary" } },
        })
    );
    assert_eq!(
        tree["components"]["schemas"]["B"],
        json!({ "type": "string", "nullable": true })
    );
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn diagnostics_show_the_line_in_yaml_and_in_json() {
    for (path, text) in [
        (
            "a.yaml",
            "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\nopps: 1\n",
        ),
        (
            "a.json",
            "{\n  \"openapi\": \"3.0.3\", \"info\": {\"title\": \"t\", \"version\": \"1\"},\n  \
             \"paths\": {},\n  \"opps\": 1\n}",
        ),
    ] {
        let mut diags = Diagnostics::default();
        let source = Source::new(Path::new(path).display().to_string(), text);
        assert!(load(&source, None, &LoadOptions::default(), &mut diags).is_some());
        let report = &diags.reports()[0];
        assert_eq!(
            (report.line, report.pointer.as_str()),
            (4, "#/opps"),
            "{path}"
        );
        let printed = diags.print(Colors::Plain);
        assert!(
            printed.starts_with("warning[unknown-keyword]: `opps` is not a keyword"),
            "{printed}"
        );
        assert!(printed.contains("= at: #/opps"), "{printed}");
    }
}

#[test]
fn what_no_stage_takes_note_of_is_unaccounted_for() {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "paths": { "/a": { "get": {
            "parameters": [{ "name": "p", "in": "query", "schema": { "type": "string" } }],
            "responses": { "204": { "description": "" } },
        } } },
        "components": { "schemas": { "S": { "properties": { "a/b": { "type": "string" } } } } },
    });
    let mut diags = Diagnostics::default();
    let source = Source::new("spec.yaml", document.to_string());
    let loaded = load(&source, None, &LoadOptions::default(), &mut diags);
    let census = loaded.expect("the document can be read").census(&diags);
    assert!(!census.is_balanced());
    assert_eq!(census.operations.unaccounted, ["#/paths/~1a/get"]);
    assert_eq!(
        census.schemas.unaccounted,
        [
            "#/paths/~1a/get/parameters/0/schema",
            "#/components/schemas/S",
            "#/components/schemas/S/properties/a~1b",
        ]
    );
}
