//! `specmint new`: a repository in the shape of specmint's own, for somebody's own APIs.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{DONE, Mode, REFUSED, Streams, crate_name, name_of_folder, run_in_repository};
use crate::generate;
use crate::load::Source;
use crate::options::{Options, Runtime};
use crate::render::{Repository, repository};
use crate::spec::Spec;

/// The packages that stand beside the generated one.
const TAKEN: &[&str] = &["insta", "specmint", "specmint-runtime", "tests", "xtask"];

/// What a repository needs of specmint: all but what makes sites.
const FEATURES: &str = "default-features = false, features = [\"network\", \"watch\"]";

/// The document that a new repository begins with.
const EXAMPLE: &str = "specs/pets.yaml";

#[derive(Args)]
pub(super) struct New {
    /// The folder; what is in it already stays as it is
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The name of the generated crate; the folder's name if it is left out
    #[arg(long, value_name = "CRATE", value_parser = crate_name)]
    name: Option<String>,
    /// A copy of specmint's repository to depend on, instead of the published packages
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
}

/// Writes the files that people keep, then generates the crate.
pub(super) fn new(args: &New, streams: &mut Streams<'_>) -> u8 {
    match write(args) {
        Ok(options) => {
            let code = run_in_repository(&args.folder, options, Mode::Write, streams);
            if code == DONE {
                let folder = args.folder.display();
                streams.say(&format!(
                    "`{folder}` is a repository: `cargo test` there proves it\n"
                ));
            }
            code
        }
        Err(err) => {
            streams.say(&format!("error: {err}\n"));
            REFUSED
        }
    }
}

/// Writes all but the crate, and returns what that is to be like.
fn write(args: &New) -> io::Result<Options> {
    let name = args.name.clone();
    let name = name.unwrap_or_else(|| name_of_folder(&args.folder));
    // Packages whose crates have one name are one to Rust.
    if TAKEN.contains(&name.replace('_', "-").as_str()) {
        let text = format!(
            "a package beside the generated crate is called `{name}`: choose another `--name`"
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let origin = Origin::of(args.path.as_deref())?;
    let page = Repository {
        package: &name,
        krate: name.replace('-', "_"),
        specmint: origin.dependency(),
        runtime: origin.expression(),
    };
    let mut files = repository(&page).map_err(io::Error::other)?;
    files.extend(
        files
            .iter()
            .find(|(path, _)| path == EXAMPLE)
            .and_then(reviewed),
    );
    crate::write::create(&args.folder, &files)?;
    Ok(Options::new(name, origin.runtime(), "cargo xtask generate"))
}

/// The snapshot of the example, in the form of the library `insta`.
fn reviewed((path, text): &(String, String)) -> Option<(String, String)> {
    let calls = generate::calls(&Spec::new(Source::new(path, text)))?;
    let path = format!("tests/snapshots/{}.snap", calls.module);
    Some((path, format!("---\nsource: tests/it.rs\n---\n{calls}")))
}

/// Where specmint's packages come from.
enum Origin {
    /// From crates.io, in the version of this program.
    Published,
    /// From a copy of the repository, by its whole path with `/` between names.
    Copy(String),
}

impl Origin {
    fn of(path: Option<&Path>) -> io::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::Published);
        };
        let whole = std::path::absolute(path)?;
        if !whole.join("generator/Cargo.toml").is_file() {
            let text = format!(
                "`{}` is no copy of specmint's repository: there is no `generator/Cargo.toml`",
                path.display()
            );
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
        let path = whole.display().to_string();
        if path.contains(['"', '\'']) || path.contains(char::is_control) {
            let text = format!("`{path}` has characters that cannot stand in a manifest");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        Ok(Self::Copy(path.replace('\\', "/")))
    }

    fn dependency(&self) -> String {
        match self {
            Self::Published => format!(
                "specmint = {{ version = \"{}\", {FEATURES} }}",
                env!("CARGO_PKG_VERSION")
            ),
            Self::Copy(root) => format!("specmint = {{ path = \"{root}/generator\", {FEATURES} }}"),
        }
    }

    fn runtime(&self) -> Runtime {
        match self {
            Self::Published => Runtime::Version(env!("CARGO_PKG_VERSION").to_owned()),
            Self::Copy(root) => Runtime::Path(format!("{root}/generator/runtime")),
        }
    }

    /// The same, as Rust.
    fn expression(&self) -> String {
        let (variant, text) = match self.runtime() {
            Runtime::Version(text) => ("Version", text),
            Runtime::Path(text) => ("Path", text),
            Runtime::Embedded => return "Runtime::Embedded".to_owned(),
        };
        format!("Runtime::{variant}({text:?}.to_owned())")
    }
}
