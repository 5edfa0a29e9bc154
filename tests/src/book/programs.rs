//! The book's Rust: every block is compiled as a documentation test, and run unless it says `no_run`.

use std::fs;
use std::path::Path;
use std::process::Command;

use specmint::load::Source;
use specmint::options::{Options, Runtime};
use specmint::spec::Spec;
use specmint::write;

use super::page::Page;
use crate::repo;

/// The crates that programs of the book use, beside the repository's own: of which document.
const CLIENTS: &[(&str, &str)] = &[("shop-client", "shop.yaml"), ("pets-client", "pets.yaml")];

/// What those programs use of them, and the crates that they use beside them.
const MANIFEST: &str = r#"[package]
name = "book"
edition = "2024"

[dependencies]
bytes = "1"
futures-util = { version = "0.3", default-features = false }
pets-client = { path = "pets-client", features = ["blocking", "mock"] }
reqwest = { version = "0.13", default-features = false, features = ["rustls-no-provider"] }
shop-client = { path = "shop-client", features = ["blocking", "mock", "serde", "token-file", "tower"] }
tempfile = "3"
token-clients = { path = "TOKEN_CLIENTS", features = ["blocking", "mock", "validate"] }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
tower = { version = "0.5", default-features = false, features = ["limit", "util"] }

# As in the workspace, so that what is compiled there is not compiled again.
[profile.dev]
debug = "line-tables-only"

[profile.dev.package."*"]
debug = false

[workspace]
"#;

/// Compiles and runs the Rust of all pages.
pub(super) fn check(pages: &[Page], shelf: &Page) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book");
    for (name, document) in CLIENTS {
        client(
            &folder.join(name),
            name,
            &document_of(pages, shelf, document),
        );
    }
    let root = repo::root();
    let clients = root.join("generated").display().to_string();
    put(
        &folder.join("Cargo.toml"),
        &MANIFEST.replace("TOKEN_CLIENTS", &clients),
    );
    let written = pages.iter().filter(|page| has_rust(page));
    let modules: Vec<String> = written.map(|page| module(&page.name, &page.path)).collect();
    put(&folder.join("src/lib.rs"), &modules.concat());
    // The same versions as everywhere in the repository, so that nothing has to be fetched.
    put(
        &folder.join("Cargo.lock"),
        &repo::read(&root.join("Cargo.lock")),
    );
    let output = Command::new(env!("CARGO"))
        .args(["test", "--doc", "--quiet", "--offline"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", target())
        .output()
        .expect("cargo can be started: it started this test");
    assert!(
        output.status.success(),
        "a program of the book does not compile or run:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The folder that Cargo built this test into: most of what the programs stand on is there.
fn target() -> &'static Path {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR"));
    own.parent().expect("the folder is in that of the build")
}

fn has_rust(page: &Page) -> bool {
    page.blocks.iter().any(|block| block.language == "rust")
}

/// The block that is the document of this name, and the overlay beside it.
fn document_of(pages: &[Page], shelf: &Page, name: &str) -> (String, Option<String>) {
    let overlay = name.replace(".yaml", ".overlay.yaml");
    let find = |name: &str| {
        let blocks = pages.iter().chain([shelf]).flat_map(|page| &page.blocks);
        let mut found = blocks.filter(|block| block.file() == Some(name));
        found.next().map(|block| block.text.clone())
    };
    let document = find(name).unwrap_or_else(|| panic!("no page shows {name}"));
    (document, shelf_only(shelf, &overlay))
}

/// Overlays that other pages make up as they go count for them alone.
fn shelf_only(shelf: &Page, name: &str) -> Option<String> {
    let mut blocks = shelf.blocks.iter();
    let found = blocks.find(|block| block.file() == Some(name));
    found.map(|block| block.text.clone())
}

/// Writes the client of a document, with the repository's runtime.
fn client(folder: &Path, name: &str, (document, overlay): &(String, Option<String>)) {
    let module = name.replace("-client", "");
    let mut spec = Spec::new(Source::new(format!("{module}.yaml"), document.clone()));
    spec.overlay = overlay
        .as_ref()
        .map(|text| Source::new(format!("{module}.overlay.yaml"), text.clone()));
    let runtime = repo::root().join("generator/runtime").display().to_string();
    let options = Options::new(name, Runtime::Path(runtime), "cargo test");
    let output = specmint::generate(&[spec], &options).expect("the document has a name of its own");
    let changes = write::diff(folder, &output.files).expect("the scratch crate can be compared");
    write::apply(folder, &changes).expect("the scratch crate can be written");
}

/// A module whose documentation is the page.
fn module(name: &str, path: &Path) -> String {
    let name: String = name
        .trim_end_matches(".md")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    format!(
        "#[doc = include_str!({:?})]\npub mod page_{name} {{}}\n",
        path.display().to_string()
    )
}

/// Writes a file if it differs, so that Cargo has less to do.
fn put(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).expect("folders can be made");
    fs::write(path, text).expect("files can be written");
}
