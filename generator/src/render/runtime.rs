//! The runtime as it is copied into crates that stand alone.
//!
//! The lists are written down, so that building needs no look at the disk; tests compare them with the
//! folder and with the manifests.

use crate::file::File;

/// The sources of the runtime, by their path below its `src`.
const SOURCES: &[(&str, &str)] = &[
    ("body.rs", include_str!("../../runtime/src/body.rs")),
    ("call.rs", include_str!("../../runtime/src/call.rs")),
    ("client.rs", include_str!("../../runtime/src/client.rs")),
    ("error.rs", include_str!("../../runtime/src/error.rs")),
    ("extra.rs", include_str!("../../runtime/src/extra.rs")),
    ("form.rs", include_str!("../../runtime/src/form.rs")),
    ("json.rs", include_str!("../../runtime/src/json.rs")),
    (
        "json/base64.rs",
        include_str!("../../runtime/src/json/base64.rs"),
    ),
    (
        "json/bridge.rs",
        include_str!("../../runtime/src/json/bridge.rs"),
    ),
    (
        "json/choice.rs",
        include_str!("../../runtime/src/json/choice.rs"),
    ),
    (
        "json/collection.rs",
        include_str!("../../runtime/src/json/collection.rs"),
    ),
    (
        "json/decimal.rs",
        include_str!("../../runtime/src/json/decimal.rs"),
    ),
    (
        "json/error.rs",
        include_str!("../../runtime/src/json/error.rs"),
    ),
    (
        "json/serde_macros.rs",
        include_str!("../../runtime/src/json/serde_macros.rs"),
    ),
    (
        "json/nullable.rs",
        include_str!("../../runtime/src/json/nullable.rs"),
    ),
    (
        "json/number.rs",
        include_str!("../../runtime/src/json/number.rs"),
    ),
    (
        "json/quoted.rs",
        include_str!("../../runtime/src/json/quoted.rs"),
    ),
    (
        "json/reader.rs",
        include_str!("../../runtime/src/json/reader.rs"),
    ),
    (
        "json/record.rs",
        include_str!("../../runtime/src/json/record.rs"),
    ),
    (
        "json/scalar.rs",
        include_str!("../../runtime/src/json/scalar.rs"),
    ),
    (
        "json/serde_impls.rs",
        include_str!("../../runtime/src/json/serde_impls.rs"),
    ),
    (
        "json/time.rs",
        include_str!("../../runtime/src/json/time.rs"),
    ),
    (
        "json/tuple.rs",
        include_str!("../../runtime/src/json/tuple.rs"),
    ),
    (
        "json/union.rs",
        include_str!("../../runtime/src/json/union.rs"),
    ),
    (
        "json/uuid.rs",
        include_str!("../../runtime/src/json/uuid.rs"),
    ),
    (
        "json/value.rs",
        include_str!("../../runtime/src/json/value.rs"),
    ),
    (
        "json/write.rs",
        include_str!("../../runtime/src/json/write.rs"),
    ),
    ("lib.rs", include_str!("../../runtime/src/lib.rs")),
    ("node.rs", include_str!("../../runtime/src/node.rs")),
    (
        "operation.rs",
        include_str!("../../runtime/src/operation.rs"),
    ),
    ("param.rs", include_str!("../../runtime/src/param.rs")),
    ("reply.rs", include_str!("../../runtime/src/reply.rs")),
    ("request.rs", include_str!("../../runtime/src/request.rs")),
    ("rules.rs", include_str!("../../runtime/src/rules.rs")),
    (
        "rules/check.rs",
        include_str!("../../runtime/src/rules/check.rs"),
    ),
    (
        "rules/decimal.rs",
        include_str!("../../runtime/src/rules/decimal.rs"),
    ),
    (
        "rules/format.rs",
        include_str!("../../runtime/src/rules/format.rs"),
    ),
    (
        "rules/violation.rs",
        include_str!("../../runtime/src/rules/violation.rs"),
    ),
    ("secret.rs", include_str!("../../runtime/src/secret.rs")),
    ("security.rs", include_str!("../../runtime/src/security.rs")),
    ("server.rs", include_str!("../../runtime/src/server.rs")),
    (
        "transport.rs",
        include_str!("../../runtime/src/transport.rs"),
    ),
    (
        "transport/blocking.rs",
        include_str!("../../runtime/src/transport/blocking.rs"),
    ),
    (
        "transport/memory.rs",
        include_str!("../../runtime/src/transport/memory.rs"),
    ),
    (
        "transport/reqwest.rs",
        include_str!("../../runtime/src/transport/reqwest.rs"),
    ),
];

/// What the runtime depends on, as it stands in a manifest.
const DEPENDENCIES: &[&str] = &[
    r#"base64 = "0.23""#,
    r#"bytes = "1""#,
    r#"http = "1""#,
    r#"jiter = { version = "0.18", default-features = false }"#,
    r#"regex = { version = "1", default-features = false, features = ["std", "unicode"], optional = true }"#,
    r#"reqwest = { version = "0.13", default-features = false, features = ["rustls-no-provider"], optional = true }"#,
    r#"rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"], optional = true }"#,
    r#"rustls-platform-verifier = { version = "0.7", optional = true }"#,
    r#"secrecy = "0.10""#,
    r#"serde = { version = "1", features = ["derive"] }"#,
    r#"serde-transcode = { version = "1", optional = true }"#,
    r#"serde_json = "1""#,
    r#"tokio = { version = "1", default-features = false, features = ["net", "rt", "time"], optional = true }"#,
    r#"uuid = { version = "1", default-features = false }"#,
    r#"zeroize = "1""#,
];

/// The runtime's features.
const FEATURES: &[&str] = &[
    r#"reqwest = ["dep:reqwest", "dep:rustls", "dep:rustls-platform-verifier", "dep:tokio"]"#,
    r#"blocking = ["reqwest"]"#,
    r#"serde = ["dep:serde-transcode"]"#,
    r#"validate = ["dep:regex"]"#,
];

/// The sources in `src/runtime/`, each with the mark.
pub(super) fn files(mark: &str) -> Vec<File> {
    let file = |(path, text): &(&str, &str)| {
        let path = if *path == "lib.rs" { "mod.rs" } else { path };
        File {
            path: format!("src/runtime/{path}"),
            text: format!("// {mark}\n\n{text}"),
        }
    };
    SOURCES.iter().map(file).collect()
}

/// Lines of `[dependencies]`.
pub(super) fn dependencies() -> Vec<String> {
    DEPENDENCIES.iter().map(|line| (*line).to_owned()).collect()
}

/// Lines of `[features]`.
pub(super) fn features() -> Vec<String> {
    FEATURES.iter().map(|line| (*line).to_owned()).collect()
}

#[cfg(test)]
#[path = "runtime_tests.rs"]
mod tests;
