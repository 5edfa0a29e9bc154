//! A case: a folder with a spec and what must come of it.

use std::path::{Path, PathBuf};

use specmint::diag::Colors;
use specmint::file::File;
use specmint::options::{Options, Runtime};
use specmint::spec::Spec;
use specmint::{Output, generate};

use crate::repo;

/// What is shown of a case whose spec does not say `# shows: …` in its first line.
const SHOWN: &[&str] = &["src/api/models*", "src/api/operations/*"];

/// A folder of tests/cases or tests/errors.
pub(crate) struct Case {
    folder: PathBuf,
    spec: Spec,
}

impl Case {
    /// Reads the case `name` of `kind`: `cases` or `errors`.
    pub(crate) fn open(kind: &str, name: &str) -> Self {
        // Tests run in tests/, so this path is what diagnostics show, on every machine.
        let folder = Path::new(kind).join(name);
        let path = ["spec.yaml", "spec.json"]
            .iter()
            .map(|file| folder.join(file))
            .find(|path| path.exists())
            .unwrap_or_else(|| panic!("tests/{kind}/{name} has neither spec.yaml nor spec.json"));
        let mut spec = Spec::read(&path).unwrap_or_else(|err| panic!("{err}"));
        spec.name = "api".to_owned();
        Self { folder, spec }
    }

    /// The spec, to become a module called `name` beside others.
    pub(crate) fn spec(&self, name: &str) -> Spec {
        let mut spec = self.spec.clone();
        spec.name = name.to_owned();
        spec
    }

    /// Generates a crate with this case alone.
    pub(crate) fn generate(&self) -> Output {
        generate(
            std::slice::from_ref(&self.spec),
            &options("case", "../runtime"),
        )
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", self.folder.display()))
    }

    /// What the developer is told.
    pub(crate) fn told(output: &Output) -> String {
        output
            .reports
            .iter()
            .map(|report| report.diagnostics.print(Colors::Plain))
            .collect()
    }

    /// What the developer is told, then the files that the case is about.
    pub(crate) fn shown(&self, output: &Output) -> String {
        let mut text = Self::told(output);
        for pattern in self.patterns() {
            let mut files = output
                .files
                .iter()
                .filter(|file| matches(&pattern, &file.path))
                .peekable();
            assert!(
                files.peek().is_some() || SHOWN.contains(&pattern.as_str()),
                "{}: no file is called `{pattern}`; there are:\n{}",
                self.folder.display(),
                output
                    .files
                    .iter()
                    .map(|file| file.path.as_str())
                    .collect::<Vec<_>>()
                    .join("\n"),
            );
            for file in files {
                // The first line says that the file is generated, which is no news here.
                let rest = file.text.split_once('\n').map_or("", |(_, rest)| rest);
                text.push_str(&format!(
                    "//// {}\n{}\n",
                    file.path,
                    rest.trim_start_matches('\n')
                ));
            }
        }
        text
    }

    fn patterns(&self) -> Vec<String> {
        let first = self.spec.source.text.lines().next().unwrap_or_default();
        match first.strip_prefix("# shows: ") {
            Some(patterns) => patterns.split(", ").map(str::to_owned).collect(),
            None => SHOWN.iter().map(|&pattern| pattern.to_owned()).collect(),
        }
    }

    /// Compares with `output.snap` in the case's folder. `cargo insta review` shows the spec beside a difference.
    pub(crate) fn compare(&self, shown: &str) {
        let folder = repo::root().join("tests").join(&self.folder);
        let snapshot = folder.join("output.snap");
        let how = std::env::var("INSTA_UPDATE").unwrap_or_default();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        if !matches!(how.as_str(), "always" | "force") {
            settings.set_description(self.spec.source.text.as_str());
        }
        settings.bind(|| insta::assert_snapshot!("output", shown));
        if how == "no" {
            return;
        }
        if let Some(output_alone) = without_spec(&repo::read(&snapshot)) {
            std::fs::write(&snapshot, output_alone).expect("a snapshot can be written");
        }
    }
}

/// The options of a crate of cases, whose runtime is at `runtime`.
pub(crate) fn options(name: &str, runtime: &str) -> Options {
    Options::new(name, Runtime::Path(runtime.to_owned()), "cargo test")
}

/// Makes a file of the crate fail on warnings, and the crate a workspace of its own.
pub(crate) fn make_strict(file: &mut File) {
    match file.path.as_str() {
        "src/lib.rs" => {
            let after = file.text.find('\n').map_or(file.text.len(), |at| at + 1);
            file.text.insert_str(after, "#![deny(warnings)]\n");
        }
        "Cargo.toml" => file.text.push_str("\n[workspace]\n"),
        _ => {}
    }
}

/// Whether `path` is like `pattern`, in which `*` stands for anything.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((start, rest)) => path.strip_prefix(start).is_some_and(|path| {
            (0..=path.len()).any(|at| path.is_char_boundary(at) && matches(rest, &path[at..]))
        }),
    }
}

/// A snapshot without the spec that a review showed beside it, which has a file of its own; `None` if it has none.
fn without_spec(snapshot: &str) -> Option<String> {
    let (head, output) = snapshot.strip_prefix("---\n")?.split_once("\n---\n")?;
    let mut in_spec = false;
    let kept = head.lines().filter(|line| {
        in_spec = line.starts_with("description: ")
            || (in_spec && (line.starts_with(' ') || line.is_empty()));
        !in_spec
    });
    let kept = kept.collect::<Vec<_>>().join("\n");
    (kept != head).then(|| format!("---\n{kept}\n---\n{output}"))
}

/// Fails unless the folders in tests/`kind` are the listed ones, and hold nothing that no test reads.
#[track_caller]
pub(crate) fn check_folders(kind: &str, listed: &[String]) {
    let folder = repo::root().join("tests").join(kind);
    let found = repo::folders(&folder);
    let mut wrong = Vec::new();
    for name in found.iter().filter(|name| !listed.contains(name)) {
        wrong.push(format!("tests/{kind}/{name} is not in tests/src/{kind}.rs"));
    }
    for name in listed.iter().filter(|name| !found.contains(name)) {
        wrong.push(format!("`{name}` in tests/src/{kind}.rs has no folder"));
    }
    for path in repo::files(&folder) {
        let name = repo::name(&path);
        let is_case = path.parent().and_then(Path::parent) == Some(folder.as_path());
        let is_read = match path.extension().and_then(|ending| ending.to_str()) {
            Some("snap") => is_case && name == "output.snap",
            ending => matches!(ending, Some("json" | "yaml")),
        };
        if !is_read {
            wrong.push(format!("no test reads {}", repo::shown(&path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_snapshot_is_left_over_elsewhere() {
    let mut snapshots = repo::files(&repo::root());
    snapshots.retain(|path| path.extension().is_some_and(|ending| ending == "snap"));
    snapshots.retain(|path| {
        let path = repo::shown(path);
        let kinds = ["tests/cases/", "tests/errors/", "tests/review/"];
        !kinds.iter().any(|kind| path.starts_with(kind))
    });
    assert_eq!(
        snapshots,
        Vec::<PathBuf>::new(),
        "nothing compares with these"
    );
}

#[test]
fn a_snapshot_keeps_the_output_and_not_the_spec() {
    let reviewed =
        "---\nsource: a.rs\ndescription: \"openapi: 3.0.3\\n\"\n---\ndescription: mine\n";
    let kept = "---\nsource: a.rs\n---\ndescription: mine\n";
    assert_eq!(without_spec(reviewed).as_deref(), Some(kept));
    assert_eq!(without_spec(kept), None);
    for kind in ["cases", "errors", "review"] {
        let mut snapshots = repo::files(&repo::root().join("tests").join(kind));
        snapshots.retain(|path| path.extension().is_some_and(|ending| ending == "snap"));
        for path in snapshots {
            let again = "run `cargo test -p specmint-tests` once more";
            assert_eq!(
                without_spec(&repo::read(&path)),
                None,
                "{}: {again}",
                repo::shown(&path)
            );
        }
    }
}

#[test]
fn a_star_in_a_pattern_stands_for_anything() {
    #[rustfmt::skip]
    let table = [
        ("src/api/models*",   "src/api/models.rs",          true),
        ("src/api/models*",   "src/api/models/pet.rs",      true),
        ("src/api/*/pet.rs",  "src/api/models/pet.rs",      true),
        ("src/api/*/pet.rs",  "src/api/models/pets.rs",     false),
        ("Cargo.toml",        "Cargo.toml",                 true),
        ("Cargo.toml",        "Cargo.toml.bak",             false),
    ];
    for (pattern, path, expected) in table {
        assert_eq!(matches(pattern, path), expected, "{pattern} and {path}");
    }
}
