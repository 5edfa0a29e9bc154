//! `--only` and `--exclude`: what is selected, and that it is what it would be beside the rest.

use std::collections::BTreeSet;

use specmint::Output;
use specmint::load::{Pattern, Selection, Source};
use specmint::spec::Spec;

use crate::case;

const SHOP: &str = r"
openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: https://shop.example.com }]
paths:
  /v1/tokens:
    post: { tags: [Tokens], operationId: create, responses: { '204': { description: Done } } }
    get: { tags: [Tokens], operationId: getTokens, responses: { '204': { description: Done } } }
  /v1/tokens/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { tags: [Tokens, Admin], operationId: getToken, responses: { '204': { description: Done } } }
  /v1/tokens/{id}/scopes:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { tags: [Admin], operationId: getScopes, responses: { '204': { description: Done } } }
  /v1/orders:
    post: { tags: [Orders], operationId: create, responses: { '204': { description: Done } } }
  /health:
    get: { operationId: health, responses: { '204': { description: Done } } }
";

/// Generates the part of the shop that the patterns select.
fn shop(only: &[&str], exclude: &[&str]) -> Output {
    let patterns = |texts: &[&str]| -> Vec<Pattern> {
        let parsed = texts.iter().map(|text| text.parse());
        parsed
            .map(|pattern| pattern.expect("the patterns are well-formed"))
            .collect()
    };
    let mut spec = Spec::new(Source::new("shop.yaml", SHOP));
    spec.selection = Selection {
        only: patterns(only),
        exclude: patterns(exclude),
    };
    specmint::generate(&[spec], &case::options("shop-client", "../runtime"))
        .expect("one document makes one module")
}

/// The operations of the shop, by their files.
fn operations(output: &Output) -> BTreeSet<String> {
    let files = output.files.iter().map(|file| file.path.as_str());
    files
        .filter_map(|path| {
            path.strip_prefix("src/shop/operations/")?
                .strip_suffix(".rs")
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn patterns_select_by_tag_path_method_and_id() {
    #[rustfmt::skip]
    let table: &[(&[&str], &[&str], &[&str])] = &[
        (&["tag:Tokens"],              &[],              &["post_v1_tokens", "get_tokens", "get_token"]),
        (&["tag:T*", "tag:Orders"],    &["tag:Admin"],   &["post_v1_tokens", "get_tokens", "post_v1_orders"]),
        (&["tag:tokens"],              &[],              &[]),
        (&["path:/v1/tokens"],         &[],              &["post_v1_tokens", "get_tokens"]),
        (&["path:/v1/tokens/*"],       &[],              &["get_token"]),
        (&["path:/v1/tokens/**"],      &[],              &["post_v1_tokens", "get_tokens", "get_token", "get_scopes"]),
        (&["path:/v1/tokens/{id}"],    &[],              &["get_token"]),
        (&["path:get /v1/**"],         &[],              &["get_tokens", "get_token", "get_scopes"]),
        (&["path:POST /**"],           &[],              &["post_v1_tokens", "post_v1_orders"]),
        (&["id:get*"],                 &["id:*s"],       &["get_token"]),
        (&["id:get?oken"],             &[],              &["get_token"]),
        (&[],                          &["path:/v1/**"], &["health"]),
        (&[],                          &["tag:*"],       &["health"]),
    ];
    for (only, exclude, expected) in table {
        let expected: BTreeSet<String> = expected.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(
            operations(&shop(only, exclude)),
            expected,
            "{only:?} without {exclude:?}"
        );
    }
}

#[test]
fn what_is_selected_is_what_it_is_beside_the_rest() {
    let whole = shop(&[], &[]);
    let part = shop(&["path:/v1/tokens/**"], &[]);
    for file in &part.files {
        let is_index = [
            "Cargo.toml",
            "README.md",
            "src/lib.rs",
            "mock.rs",
            "tests/clients/shop.rs",
            "mod.rs",
            "operations.rs",
            "pages.rs",
            "specmint.lock",
        ];
        // pages say what else there is
        if !file.path.starts_with("docs/") && !is_index.iter().any(|name| file.path.ends_with(name))
        {
            assert!(whole.files.contains(file), "{} has changed", file.path);
        }
    }
}

#[test]
fn what_is_not_a_pattern_is_refused() {
    for text in [
        "billing",
        "tag",
        "tags:billing",
        "path:/a/[",
        "method:get",
        "",
    ] {
        assert!(text.parse::<Pattern>().is_err(), "{text}");
    }
}
