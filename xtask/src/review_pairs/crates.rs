//! Generated crates through rustdoc: one workspace, whose dependencies are checked once and not documented.
//!
//! The JSON of rustdoc is only for compilers that may use what is not stable. Cargo starts this program in place of rustdoc
//! ([`stand_in`]), which allows it to rustdoc alone: no dependency is built anew for that.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde_json::Value;
use specmint::file::File;
use specmint::write;

use super::items::{self, Items};
use super::{NAME, Side};
use crate::{root, target};

/// The path of rustdoc, in the environment of its stand-in.
const RUSTDOC: &str = "SPECMINT_RUSTDOC";

/// A workspace with two crates for each batch.
pub(super) struct Workspace {
    folder: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Makes the folder of the workspace.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            // Dependencies are those of the corpus, and checked in the same way.
            target: target()?.join("corpus/target"),
        })
    }

    fn package(number: usize, side: Side) -> String {
        match side {
            Side::Old => format!("{NAME}-{number}-old"),
            Side::New => format!("{NAME}-{number}-new"),
        }
    }

    /// Writes a crate. Both sides are generated under one name, and told apart by Cargo alone.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn write(&self, number: usize, side: Side, files: &[File]) -> io::Result<()> {
        let package = Self::package(number, side);
        let out = self.folder.join("crates").join(&package);
        let mut files = files.to_vec();
        // Pages and examples are nothing that rustdoc reads.
        files.retain(|file| file.path.starts_with("src/") || file.path == "Cargo.toml");
        if let Some(file) = files.iter_mut().find(|file| file.path == "Cargo.toml") {
            let name = format!("name = \"{NAME}\"");
            let text = file
                .text
                .replacen(&name, &format!("name = \"{package}\""), 1);
            let end = text.find("[[example]]").unwrap_or(text.len());
            file.text = text[..end].to_owned();
        }
        write::apply(&out, &write::diff(&out, &files)?)
    }

    /// Documents the first `batches` batches.
    ///
    /// # Errors
    /// Cargo cannot be started, or a crate has no documentation.
    pub(super) fn document(&self, batches: usize) -> io::Result<()> {
        let sides = (0..batches).flat_map(|number| {
            [Side::Old, Side::New]
                .map(|side| format!("    \"crates/{}\",\n", Self::package(number, side)))
        });
        let members: String = sides.collect();
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n");
        fs::write(self.folder.join("Cargo.toml"), manifest)?;
        // The versions of the repository.
        fs::copy(root().join("Cargo.lock"), self.folder.join("Cargo.lock"))?;
        let mut command = crate::cargo();
        command.current_dir(&self.folder);
        command.args(["doc", "--quiet", "--workspace", "--lib", "--no-deps"]);
        // What is behind features that are off by default is public too.
        command.arg("--all-features");
        command.env("CARGO_TARGET_DIR", &self.target);
        command.env("CARGO_INCREMENTAL", "0");
        let rustdoc = std::env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
        command.env(RUSTDOC, rustdoc);
        command.env("RUSTDOC", std::env::current_exe()?);
        let status = command.status()?;
        if status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("`cargo doc` ended with {status}")))
    }

    /// The public items of a crate, by module, with its cargo features.
    ///
    /// # Errors
    /// Its documentation cannot be read.
    pub(super) fn items(&self, number: usize, side: Side) -> io::Result<BTreeMap<String, Items>> {
        let package = Self::package(number, side);
        let name = package.replace('-', "_");
        let json = self.target.join("doc").join(format!("{name}.json"));
        let mut items = items::read(&json, &name)?;
        for feature in self.features(&package)? {
            // A feature is of the module that its name begins with; those of the crate are of none.
            let module = items
                .iter_mut()
                .find(|(module, _)| feature.starts_with(*module));
            // Those that begin with an underscore are nobody's to name.
            if let Some((_, items)) = module {
                items.lines.insert(format!("feature {feature}"));
            }
        }
        Ok(items)
    }

    fn features(&self, package: &str) -> io::Result<Vec<String>> {
        let output = crate::cargo()
            .args(["metadata", "--no-deps", "--format-version=1"])
            .current_dir(self.folder.join("crates").join(package))
            .output()?;
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let mut own = packages.filter(|one| one["name"] == package);
        let features = own.next().and_then(|one| one["features"].as_object());
        let features = features.into_iter().flatten();
        Ok(features.map(|(name, _)| name.clone()).collect())
    }
}

/// Documents in place of rustdoc, if this process was started by Cargo for that; else `None`.
pub(crate) fn stand_in() -> Option<io::Result<ExitCode>> {
    let mut command = Command::new(std::env::var_os(RUSTDOC)?);
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    command.args(&arguments).env_remove(RUSTDOC);
    if arguments.iter().any(|argument| argument == "--crate-name") {
        command.args(["-Z", "unstable-options", "--output-format", "json"]);
        command.args(["--cap-lints", "allow"]);
        // Models that hold each other are followed further for lists of traits than for programs.
        command.args(["-Z", "crate-attr=recursion_limit=\"4096\""]);
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    Some(command.status().map(crate::exit_code))
}
