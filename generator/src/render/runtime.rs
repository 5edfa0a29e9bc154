//! The runtime as it is copied into crates that stand alone.
//!
//! The lists are written down, so that building needs no look at the disk; tests compare them with the
//! folder and with the manifests.

use crate::file::File;

/// Pairs of a path and the text of the file.
macro_rules! sources {
    ($($path:literal,)*) => {
        &[$(($path, include_str!(concat!(env!("SPECMINT_RUNTIME"), "/", $path)))),*]
    };
}

/// The sources of the runtime, by their path below its `src`.
const SOURCES: &[(&str, &str)] = sources![
    "body.rs",
    "call.rs",
    "call/body.rs",
    "call/send.rs",
    "charset.rs",
    "client.rs",
    "client_macro.rs",
    "clock.rs",
    "download.rs",
    "error.rs",
    "extra.rs",
    "form.rs",
    "json.rs",
    "json/base64.rs",
    "json/bridge.rs",
    "json/choice.rs",
    "json/collection.rs",
    "json/decimal.rs",
    "json/edit.rs",
    "json/error.rs",
    "json/find.rs",
    "json/nullable.rs",
    "json/number.rs",
    "json/quoted.rs",
    "json/reader.rs",
    "json/record.rs",
    "json/scalar.rs",
    "json/serde_impls.rs",
    "json/serde_macros.rs",
    "json/time.rs",
    "json/tuple.rs",
    "json/union.rs",
    "json/uuid.rs",
    "json/value.rs",
    "json/write.rs",
    "lib.rs",
    "media.rs",
    "mock.rs",
    "mock/answer.rs",
    "mock/check.rs",
    "mock/form.rs",
    "mock/macros.rs",
    "mock/path.rs",
    "mock/received.rs",
    "mock/route.rs",
    "mock/server.rs",
    "mock/spec.rs",
    "mock/world.rs",
    "multipart.rs",
    "node.rs",
    "operation.rs",
    "pages.rs",
    "pages/link.rs",
    "pages/run.rs",
    "pages/walk.rs",
    "param.rs",
    "park.rs",
    "part.rs",
    "payload.rs",
    "reader.rs",
    "reply.rs",
    "request.rs",
    "response_headers.rs",
    "retry.rs",
    "rules.rs",
    "rules/check.rs",
    "rules/decimal.rs",
    "rules/format.rs",
    "rules/violation.rs",
    "secret.rs",
    "security.rs",
    "sequence.rs",
    "server.rs",
    "server_macro.rs",
    "stream.rs",
    "stream/event_text.rs",
    "stream/events.rs",
    "stream/record_text.rs",
    "stream/records.rs",
    "timer.rs",
    "token.rs",
    "token/attach.rs",
    "token/operation.rs",
    "token/profile.rs",
    "token/profile/lifetime.rs",
    "token_macro.rs",
    "token/access.rs",
    "token/custody.rs",
    "token/deposit.rs",
    "token/endpoint.rs",
    "token/error.rs",
    "token/events.rs",
    "token/executor.rs",
    "token/fleet.rs",
    "token/fleet/alone.rs",
    "token/fleet/turn.rs",
    "token/flight.rs",
    "token/issued.rs",
    "token/keyed.rs",
    "token/keyed/builder.rs",
    "token/keyed/gate.rs",
    "token/keyed/packed.rs",
    "token/keyed/shard.rs",
    "token/machine.rs",
    "token/machine/draws.rs",
    "token/machine/failure.rs",
    "token/machine/means.rs",
    "token/machine/pause.rs",
    "token/machine/rest.rs",
    "token/machine/want.rs",
    "token/oauth.rs",
    "token/oauth/assertion.rs",
    "token/oauth/auth.rs",
    "token/oauth/authorize.rs",
    "token/oauth/device.rs",
    "token/oauth/discovery.rs",
    "token/oauth/endpoint.rs",
    "token/oauth/entropy.rs",
    "token/oauth/exchange.rs",
    "token/oauth/form.rs",
    "token/oauth/grant.rs",
    "token/oauth/jwt.rs",
    "token/oauth/scheme.rs",
    "token/oauth/setup.rs",
    "token/oauth/url.rs",
    "token/policy.rs",
    "token/read.rs",
    "token/read/lifetime.rs",
    "token/read/members.rs",
    "token/read/refusal.rs",
    "token/read/tokens.rs",
    "token/seal.rs",
    "token/seal/ring.rs",
    "token/source.rs",
    "token/source/builder.rs",
    "token/source/exchange.rs",
    "token/source/fly.rs",
    "token/source/rest.rs",
    "token/source/revoke.rs",
    "token/store.rs",
    "token/store/file.rs",
    "token/store/file/page.rs",
    "token/store/memory.rs",
    "token/store/redis.rs",
    "token/store/slot.rs",
    "token/sync.rs",
    "trace.rs",
    "transport.rs",
    "transport/blocking.rs",
    "transport/memory.rs",
    "transport/pieces.rs",
    "transport/reqwest.rs",
    "transport/tower.rs",
    "upload.rs",
    "xml.rs",
    "xml/carry.rs",
    "xml/choose.rs",
    "xml/entries.rs",
    "xml/escape.rs",
    "xml/index.rs",
    "xml/leaf.rs",
    "xml/name.rs",
    "xml/read.rs",
    "xml/tree.rs",
    "xml/write.rs",
];

/// What the runtime depends on, as it stands in a manifest.
const DEPENDENCIES: &[&str] = &[
    r#"arc-swap = { version = "1", optional = true }"#,
    r#"async-lock = { version = "3", default-features = false, features = ["std"], optional = true }"#,
    r#"base64 = "0.23""#,
    r#"bytes = "1""#,
    r#"chacha20poly1305 = { version = "0.10", optional = true }"#,
    r#"encoding_rs = { version = "0.8", optional = true }"#,
    r#"futures-core = { version = "0.3", default-features = false }"#,
    r#"getrandom = { version = "0.4", optional = true }"#,
    r#"hashbrown = { version = "0.17", default-features = false, features = ["inline-more"], optional = true }"#,
    r#"hmac = { version = "0.12", optional = true }"#,
    r#"http = "1""#,
    r#"http-body = { version = "1", optional = true }"#,
    r#"httpdate = "1""#,
    r#"hyper = { version = "1", default-features = false, features = ["http1", "server"], optional = true }"#,
    r#"hyper-util = { version = "0.1", default-features = false, features = ["tokio"], optional = true }"#,
    r#"jiter = { version = "0.18", default-features = false }"#,
    r#"quick-xml = { version = "0.42", optional = true }"#,
    r#"redis = { version = "1", default-features = false, features = ["connection-manager", "script", "tokio-comp"], optional = true }"#,
    r#"regex = { version = "1", default-features = false, features = ["std", "unicode"], optional = true }"#,
    r#"reqwest = { version = "0.13", default-features = false, features = ["rustls-no-provider"], optional = true }"#,
    r#"ring = { version = "0.17", optional = true }"#,
    r#"rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"], optional = true }"#,
    r#"rustls-pki-types = { version = "1", optional = true }"#,
    r#"rustls-platform-verifier = { version = "0.7", optional = true }"#,
    r#"secrecy = "0.10""#,
    r#"serde = { version = "1", features = ["derive"] }"#,
    r#"serde-transcode = { version = "1", optional = true }"#,
    r#"serde_json = "1""#,
    r#"sha2 = { version = "0.10", default-features = false, optional = true }"#,
    r#"tempfile = { version = "3", optional = true }"#,
    r#"tokio = { version = "1", default-features = false, features = ["net", "rt", "time"], optional = true }"#,
    r#"tower-layer = { version = "0.3", optional = true }"#,
    r#"tower-service = { version = "0.3", optional = true }"#,
    r#"tracing = { version = "0.1", default-features = false, features = ["std"], optional = true }"#,
    r#"uuid = { version = "1", default-features = false }"#,
    r#"zeroize = "1""#,
];

/// The runtime's features.
const FEATURES: &[&str] = &[
    r#"reqwest = ["dep:http-body", "dep:reqwest", "dep:rustls", "dep:rustls-platform-verifier", "dep:tokio"]"#,
    r#"blocking = ["reqwest"]"#,
    r#"gzip = ["reqwest?/gzip"]"#,
    r#"tower = ["dep:http-body", "dep:tower-layer", "dep:tower-service"]"#,
    r#"tracing = ["dep:tracing"]"#,
    r#"serde = ["dep:serde-transcode"]"#,
    r#"validate = ["dep:regex"]"#,
    r#"charset = ["dep:encoding_rs"]"#,
    r#"tokens = ["dep:arc-swap", "dep:async-lock", "dep:getrandom", "dep:hashbrown", "dep:hmac", "dep:sha2"]"#,
    r#"jwt = ["tokens", "dep:ring", "dep:rustls-pki-types"]"#,
    r#"token-seal = ["tokens", "dep:chacha20poly1305"]"#,
    r#"token-file = ["token-seal", "dep:tempfile"]"#,
    r#"redis = ["token-seal", "dep:redis", "dep:tokio"]"#,
    r#"xml = ["dep:quick-xml"]"#,
    r#"mock = ["validate", "dep:hyper", "dep:hyper-util", "dep:tokio", "tokio/sync"]"#,
];

/// The sources in `src/runtime/` of a package, each with the mark. Examples in their docs, which are tests of the crate
/// that they are in, find the runtime there.
pub(super) fn files(mark: &str, package: &str) -> Vec<File> {
    let door = format!("{}::runtime", package.replace('-', "_"));
    let file = |(path, text): &(&str, &str)| {
        let path = if *path == "lib.rs" { "mod.rs" } else { path };
        File {
            path: format!("src/runtime/{path}"),
            text: format!("// {mark}\n\n{}", text.replace("specmint_runtime", &door)),
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

/// Lines of `[features]` that switch on the features of the runtime as a dependency, and what those switch on.
pub(super) fn forwarded_features() -> Vec<String> {
    let names: Vec<&str> = FEATURES
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    let line = |line: &&str| {
        let (name, enabled) = line.split_once(" = ")?;
        let enabled = enabled.split('"').filter(|word| names.contains(word));
        let enabled: String = enabled.map(|name| format!("\"{name}\", ")).collect();
        Some(format!("{name} = [{enabled}\"specmint-runtime/{name}\"]"))
    };
    FEATURES.iter().filter_map(line).collect()
}

#[cfg(test)]
#[path = "runtime_tests.rs"]
mod tests;
