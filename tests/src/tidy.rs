//! House rules that the compiler does not know. Each failure names the file, the line and the rule.

use std::path::{Path, PathBuf};

use crate::repo;

/// What may stand in the root, beside dot files and `target`.
#[rustfmt::skip]
const TOP_LEVEL: &[&str] = &[
    "CHANGELOG.md", "Cargo.lock", "Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md",
    "generated", "generator", "rust-toolchain.toml", "specs", "templates", "tests", "xtask",
];

/// Which parts of generator/src may name which library. A library that is not here has no room of its own.
#[rustfmt::skip]
const ROOMS: &[(&str, &[&str])] = &[
    ("serde_yaml",            &["load"]),
    ("saphyr_parser",         &["load"]),
    ("serde_json_path",       &["load"]),
    ("openapiv3",             &["load", "lower"]),
    ("ureq",                  &["load/refs/remote"]),
    ("url",                   &["load/refs/remote"]),
    ("globset",               &["load/select"]),
    ("strsim",                &["load/select"]),
    ("annotate_snippets",     &["diag"]),
    ("heck",                  &["plan/words"]),
    ("jsonschema_regex",      &["plan/patterns"]),
    ("regex",                 &["plan/patterns", "site/slug"]),
    ("quote",                 &["render"]),
    ("proc_macro2",           &["render"]),
    ("syn",                   &["render"]),
    ("prettyplease",          &["render"]),
    ("tera",                  &["render/page"]),
    ("similar",               &["write"]),
    ("tempfile",              &["write", "site/book"]),
    ("mdbook_core",           &["site/book"]),
    ("mdbook_html",           &["site/book"]),
    ("mdbook_renderer",       &["site/book"]),
    ("mdbook_summary",        &["site/contents"]),
    ("elasticlunr",           &["site/search"]),
    ("clap",                  &["cli", "main"]),
    ("clap_complete",         &["cli"]),
    ("clap_mangen",           &["cli"]),
    ("anstream",              &["cli", "main"]),
    ("mimalloc",              &["main"]),
    ("notify",                &["cli/watch/notices"]),
    ("toml",                  &["lock/read"]),
    ("sha2",                  &["digest"]),
    ("fs",                    &["load", "write", "render/page", "site/read"]),
];

/// Words that say nothing, as parts of the names of types.
const EMPTY_WORDS: &[&str] = &[
    "Manager",
    "Helper",
    "Util",
    "Common",
    "Handler",
    "Processor",
];

/// One line of one of our own sources, without its comment.
struct Line {
    file: PathBuf,
    number: usize,
    code: String,
}

impl Line {
    fn place(&self) -> String {
        format!(
            "{}:{}: {}",
            repo::shown(&self.file),
            self.number,
            self.code.trim()
        )
    }

    /// The words of the line: names, keywords, numbers.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.code
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
    }
}

/// The Rust files below `folder`, without generated ones.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut files = repo::files(&repo::root().join(folder));
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    assert!(
        !files.is_empty(),
        "{folder} has no Rust files: the rule looks in the wrong place"
    );
    files
}

fn own_sources() -> Vec<PathBuf> {
    ["generator", "xtask", "tests/src"]
        .into_iter()
        .flat_map(sources)
        .collect()
}

/// The lines of a file that are code, up to its unit tests; none of a file of unit tests.
fn code(file: &Path) -> Vec<Line> {
    let name = repo::name(file);
    if name == "tests.rs" || name.ends_with("_tests.rs") {
        return Vec::new();
    }
    let mut lines = all_code(file);
    if let Some(tests) = lines
        .iter()
        .position(|line| line.code.trim() == "#[cfg(test)]")
    {
        lines.truncate(tests);
    }
    lines
}

/// The lines of a file that are code, unit tests included.
fn all_code(file: &Path) -> Vec<Line> {
    repo::read(file)
        .lines()
        .enumerate()
        .map(|(index, line)| Line {
            file: file.to_owned(),
            number: index + 1,
            code: line.split("//").next().unwrap_or_default().to_owned(),
        })
        .filter(|line| !line.code.trim().is_empty())
        .collect()
}

/// Fails with the place of each line that breaks the rule.
#[track_caller]
fn forbid(rule: &str, lines: impl IntoIterator<Item = Line>, breaks: impl Fn(&Line) -> bool) {
    let broken: Vec<String> = lines
        .into_iter()
        .filter(|line| breaks(line))
        .map(|line| line.place())
        .collect();
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn the_top_level_is_fixed() {
    let found: Vec<String> = repo::entries(&repo::root())
        .iter()
        .map(|path| repo::name(path))
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    assert_eq!(found, TOP_LEVEL);
}

#[test]
fn every_folder_that_people_add_to_says_how() {
    for page in [
        "README.md",
        "generator/ARCHITECTURE.md",
        "specs/README.md",
        "templates/README.md",
        "tests/README.md",
    ] {
        assert!(
            !repo::read(&repo::root().join(page)).is_empty(),
            "{page} is empty"
        );
    }
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = own_sources()
        .iter()
        .map(|file| (all_code(file).len(), repo::shown(file)))
        .filter(|(lines, _)| *lines > 500)
        .map(|(lines, file)| format!("{file}: {lines} lines"))
        .collect();
    assert!(
        long.is_empty(),
        "split by what the parts decide:\n{}",
        long.join("\n")
    );
}

#[test]
fn each_library_stays_in_its_room() {
    let base = repo::root().join("generator/src");
    for file in sources("generator/src") {
        let inside = repo::shown(&file).replace("generator/src/", "");
        for (library, rooms) in ROOMS {
            if rooms.iter().any(|room| is_in_room(&inside, room)) {
                continue;
            }
            let rule = format!(
                "`{library}` belongs in {} of {}",
                rooms.join(", "),
                repo::shown(&base)
            );
            forbid(&rule, code(&file), |line| names_library(line, library));
        }
    }
}

fn is_in_room(file: &str, room: &str) -> bool {
    file.strip_prefix(room)
        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

fn names_library(line: &Line, library: &str) -> bool {
    let code = line.code.trim();
    code.contains(&format!("use {library}::"))
        || code
            .match_indices(&format!("std::{library}"))
            .any(|(at, found)| !code[at + found.len()..].starts_with(char::is_alphanumeric))
        || code.match_indices(&format!("{library}::")).any(|(at, _)| {
            !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
        })
}

#[test]
fn the_model_knows_nothing_of_rust() {
    let base = repo::root().join("generator/src");
    let model = sources("generator/src")
        .into_iter()
        .filter(|file| is_in_room(&repo::shown(file).replace("generator/src/", ""), "model"));
    let words = [
        "Ident",
        "TokenStream",
        "quote",
        "syn",
        "heck",
        "plan",
        "fn",
        "impl",
    ];
    forbid(
        &format!(
            "{}: data alone, and no Rust names",
            repo::shown(&base.join("model"))
        ),
        model.flat_map(|file| code(&file)),
        |line| line.words().any(|word| words.contains(&word)),
    );
}

#[test]
fn render_sees_the_plan_and_not_the_model() {
    let render = sources("generator/src")
        .into_iter()
        .filter(|file| is_in_room(&repo::shown(file).replace("generator/src/", ""), "render"));
    forbid(
        "render does not import model",
        render.flat_map(|file| code(&file)),
        |line| line.code.contains("crate::model") || line.code.contains("model::"),
    );
}

#[test]
fn nothing_panics_because_of_what_somebody_gives() {
    let files = sources("generator/src")
        .into_iter()
        .chain(sources("generator/runtime/src"));
    forbid(
        "report a diagnostic or return an error; `expect` is for our own invariants",
        files.flat_map(|file| code(&file)),
        |line| {
            [".unwrap()", "panic!(", "assert!(", ".unwrap_err()"]
                .iter()
                .any(|call| line.code.contains(call) && !line.code.contains("debug_assert"))
        },
    );
}

#[test]
fn nothing_is_put_off_or_switched_off() {
    // Spelt in two parts, so that this file keeps its own rule.
    let spelt = |parts: &[[&str; 2]]| parts.iter().map(|parts| parts.concat()).collect::<Vec<_>>();
    let calls = spelt(&[
        ["todo", "!("],
        ["unimplemented", "!("],
        ["dbg", "!("],
        ["#[ign", "ore"],
        ["#[should", "_panic"],
    ]);
    let notes = spelt(&[["FIX", "ME"], ["TO", "DO"], ["XX", "X"], ["HA", "CK:"]]);

    let lines = own_sources().into_iter().flat_map(|file| all_code(&file));
    forbid("finish it, or leave it out", lines, |line| {
        calls.iter().any(|call| line.code.contains(call))
    });
    for file in own_sources() {
        let text = repo::read(&file);
        let found = notes.iter().find(|note| text.contains(note.as_str()));
        assert_eq!(found, None, "{} puts something off", repo::shown(&file));
    }
}

#[test]
fn no_test_waits_for_time_to_pass() {
    let call = ["::sl", "eep("].concat();
    let tests = sources("tests/src")
        .into_iter()
        .chain(sources("generator/runtime/tests"));
    forbid(
        "wait for what happens, not for the clock",
        tests.flat_map(|file| all_code(&file)),
        |line| line.code.contains(&call),
    );
}

#[test]
fn names_say_what_a_thing_is() {
    let lines = own_sources().into_iter().flat_map(|file| all_code(&file));
    forbid("call it by its role", lines, |line| {
        let words: Vec<&str> = line.words().skip_while(|word| *word == "pub").collect();
        words.windows(2).take(3).any(|pair| match pair[0] {
            "struct" | "enum" | "trait" | "type" => {
                EMPTY_WORDS.iter().any(|word| pair[1].contains(word))
            }
            "fn" => {
                pair[1].starts_with("do_") || pair[1].starts_with("handle_") || pair[1] == "process"
            }
            "mod" if !line.code.contains('"') => {
                ["util", "utils", "helpers", "misc"].contains(&pair[1])
            }
            _ => false,
        })
    });
}

#[test]
fn runtime_modules_find_each_other_wherever_they_are_copied() {
    let files = sources("generator/runtime/src");
    forbid(
        "name siblings with `super::`, and from macros `crate::runtime::`; tests stand outside src/",
        files.into_iter().flat_map(|file| all_code(&file)),
        |line| {
            line.code.contains("#[cfg(test)]")
                || line.code.match_indices("crate::").any(|(at, _)| {
                    let rest = &line.code[at + "crate::".len()..];
                    !line.code[..at].ends_with('$')
                        && !rest.starts_with("runtime")
                        && !rest.starts_with("__specmint")
                })
        },
    );
}
