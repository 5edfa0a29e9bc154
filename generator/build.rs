//! Says where the texts are that the generator holds: the templates, and the sources of the runtime.
//!
//! They have one home each, `templates/` and `generator/runtime/src/`. The links in `embedded/` lead there, and
//! `cargo package`, which leaves out what is above a package and other packages below it, packs what they lead to.
//! Where a checkout has no symbolic links they are files, and the homes are taken.

use std::env;
use std::path::Path;

/// The variable that `include_str!` finds the texts by, where they are in a package, and in the repository.
const TEXTS: [(&str, &str, &str); 2] = [
    ("SPECMINT_TEMPLATES", "embedded/templates", "../templates"),
    ("SPECMINT_RUNTIME", "embedded/runtime", "runtime/src"),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let package = env::var("CARGO_MANIFEST_DIR").expect("Cargo says where the package is");
    let package = Path::new(&package);
    for (variable, packed, home) in TEXTS {
        let folder = if package.join(packed).is_dir() {
            packed
        } else {
            home
        };
        println!(
            "cargo::rustc-env={variable}={}",
            package.join(folder).display()
        );
    }
}
