//! The files of the crate that belong to no single API.

use super::error::Error;
use super::page::{CargoPage, LibPage, Pages};
use super::{crate_mark, examples, page, readme, runtime};
use crate::file::File;
use crate::options::{Docs, Options, Runtime};
use crate::plan;
use proc_macro2::Literal;

/// What is generated is formatted already, in a style of its own.
const RUSTFMT: &str = "disable_all_formatting = true\n";

/// What programs wait with in the examples on pages.
const TOKIO: &str = "tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }";

/// `Cargo.toml`, `README.md`, `src/lib.rs`, and the runtime where it is copied.
pub(super) fn files(
    pages: &Pages,
    apis: &[plan::Api],
    options: &Options,
) -> Result<Vec<File>, Error> {
    let mark = crate_mark(options);
    let mut apis: Vec<&plan::Api> = apis.iter().collect();
    apis.sort_by(|a, b| a.module.cmp(&b.module));
    let mut files = vec![
        File {
            path: "Cargo.toml".to_owned(),
            text: cargo(pages, &apis, options, &mark)?,
        },
        File {
            path: "README.md".to_owned(),
            text: readme::text(pages, &apis, options, &mark)?,
        },
        File {
            path: "src/lib.rs".to_owned(),
            text: lib(pages, &apis, options, &mark)?,
        },
        File {
            path: "rustfmt.toml".to_owned(),
            text: format!("# {mark}\n\n{RUSTFMT}"),
        },
    ];
    if options.runtime == Runtime::Embedded {
        files.extend(runtime::files(&mark, &options.name));
    }
    Ok(files)
}

fn cargo(
    pages: &Pages,
    apis: &[&plan::Api],
    options: &Options,
    mark: &str,
) -> Result<String, Error> {
    let modules: Vec<&str> = apis.iter().map(|api| api.module.plain()).collect();
    let mut on: Vec<String> = vec!["\"reqwest\"".to_owned(), "\"charset\"".to_owned()];
    let has_tokens = |api: &&plan::Api| api.operations.iter().any(|op| op.token.is_some());
    if apis.iter().any(has_tokens) {
        on.push("\"tokens\"".to_owned());
    }
    on.extend(modules.iter().map(|module| format!("\"{module}\"")));
    let mut features = vec![format!("default = [{}]", on.join(", "))];
    features.extend(apis.iter().flat_map(|api| &api.features).map(feature));
    let dependency = |how: String| {
        (
            runtime::forwarded_features(),
            vec![format!(
                "specmint-runtime = {{ {how}, default-features = false }}"
            )],
        )
    };
    let (runtime_features, dependencies) = match &options.runtime {
        Runtime::Embedded => (runtime::features(), runtime::dependencies()),
        Runtime::Path(path) => dependency(format!("path = {}", quoted(path))),
        Runtime::Version(version) => dependency(format!("version = {}", quoted(version))),
    };
    features.extend(runtime_features);
    let description = quoted(&about(apis));
    pages.cargo(&CargoPage {
        mark,
        name: &options.name,
        description,
        features,
        dependencies,
        dev_dependencies: dev_dependencies(apis, options),
        examples: examples::entries(apis),
    })
}

/// What the examples on pages are compiled with.
fn dev_dependencies(apis: &[&plan::Api], options: &Options) -> Vec<String> {
    match options.docs {
        Docs::Markdown if !apis.is_empty() => vec![TOKIO.to_owned()],
        Docs::Markdown | Docs::None => Vec::new(),
    }
}

/// A basic string of TOML (1.0, "String"): Rust writes some letters in ways that TOML does not know.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A line of `[features]`, or several: one for each of the many features that one switches on.
fn feature(feature: &plan::Feature) -> String {
    let enables: Vec<String> = feature
        .enables
        .iter()
        .map(|name| format!("{name:?}"))
        .collect();
    match enables.as_slice() {
        [] | [_] => format!("{} = [{}]", feature.name, enables.join(", ")),
        many => format!("{} = [\n    {},\n]", feature.name, many.join(",\n    ")),
    }
}

fn about(apis: &[&plan::Api]) -> String {
    let titles: Vec<&str> = apis.iter().map(|api| api.title.as_str()).collect();
    match titles.as_slice() {
        [] => "Clients of no API yet".to_owned(),
        [title] => format!("A client of {title}"),
        [rest @ .., last] => format!("Clients of {} and {last}", rest.join(", ")),
    }
}

/// How deep rustc and rustdoc look into types unless they are told otherwise (The Rust Reference, "Limits").
const RECURSION_LIMIT: usize = 128;

/// The attribute of a crate whose types stand inside each other deeper than rustc and rustdoc look: whether a type is
/// `Send` is a question to all that it holds.
fn recursion_limit(apis: &[&plan::Api]) -> Vec<String> {
    // the last of them holds some types more
    let needed = apis.iter().map(|api| api.nesting.saturating_add(16)).max();
    let Some(needed) = needed.filter(|needed| *needed > RECURSION_LIMIT) else {
        return Vec::new();
    };
    let limit = needed.checked_next_power_of_two().unwrap_or(needed);
    vec![
        "// The types hold each other through many others. A crate that stores them may need the same line.".to_owned(),
        format!("#![recursion_limit = \"{limit}\"]"),
    ]
}

fn lib(pages: &Pages, apis: &[&plan::Api], options: &Options, mark: &str) -> Result<String, Error> {
    let mut docs = vec![format!("{}.", about(apis)), String::new()];
    docs.push("Each API is a module, behind a feature of the same name:".to_owned());
    docs.push(String::new());
    docs.extend(
        apis.iter()
            .map(|api| format!("* `{}`: {}", api.module.plain(), api.title)),
    );
    if apis.is_empty() {
        docs.truncate(1);
    }
    let door = match options.runtime {
        Runtime::Embedded => "pub mod runtime;",
        Runtime::Path(_) | Runtime::Version(_) => "pub use specmint_runtime as runtime;",
    };
    let modules = apis.iter().map(|api| {
        format!(
            "#[cfg(feature = {})]\npub mod {};",
            Literal::string(&api.frame),
            api.module
        )
    });
    pages.lib(&LibPage {
        mark,
        docs: page::docs(&docs),
        attributes: recursion_limit(apis),
        modules: modules.chain(readme::doctests(apis, options)).collect(),
        runtime: door,
    })
}
