//! The files of a new repository, in the shape of specmint's own.

use serde::Serialize;
use tera::{Context, Tera};

use crate::render::error::{Error, TemplateError, chain};

/// Triples of a path in the new repository, the name of its template below `templates/new/`, and the template's text.
macro_rules! pages {
    ($($path:literal: $name:literal,)*) => {
        &[$((
            $path,
            $name,
            include_str!(concat!(env!("SPECMINT_TEMPLATES"), "/new/", $name)),
        )),*]
    };
}

/// The pages. Names of templates begin with no dot and end in `.tera`, so that no tool takes them for files of its own.
pub(in crate::render) const PAGES: &[(&str, &str, &str)] = pages! {
    ".cargo/config.toml": "dot/cargo.toml.tera",
    ".gitattributes": "dot/gitattributes.tera",
    ".gitignore": "dot/gitignore.tera",
    "Cargo.toml": "Cargo.toml.tera",
    "README.md": "README.md.tera",
    "specs/pets.yaml": "specs/pets.yaml.tera",
    "templates/README.md": "templates/README.md.tera",
    "tests/Cargo.toml": "tests/Cargo.toml.tera",
    "tests/it.rs": "tests/it.rs.tera",
    "xtask/Cargo.toml": "xtask/Cargo.toml.tera",
    "xtask/src/lib.rs": "xtask/src/lib.rs.tera",
    "xtask/src/main.rs": "xtask/src/main.rs.tera",
};

/// What the pages of a new repository show. Every string is finished.
#[derive(Debug, Serialize)]
pub struct Repository<'a> {
    /// The generated package.
    pub package: &'a str,
    /// The same as Rust spells it.
    pub krate: String,
    /// The dependency on specmint, as a line of a manifest.
    pub specmint: String,
    /// The `Runtime` of `Options`, as an expression.
    pub runtime: String,
}

/// The files of a new repository: paths, with `/` between names, and texts.
///
/// # Errors
/// None but our own mistakes.
pub fn repository(page: &Repository<'_>) -> Result<Vec<(String, String)>, Error> {
    let tera = Tera::default();
    let context = Context::from_serialize(page).map_err(|error| wrong("", &error))?;
    let fill = |(path, name, text): &(&str, &str, &str)| {
        let filled = tera.render_str(text, &context, false);
        let filled = filled.map_err(|error| wrong(name, &error))?;
        Ok(((*path).to_owned(), filled))
    };
    PAGES.iter().map(fill).collect()
}

fn wrong(name: &str, error: &tera::Error) -> Error {
    Error::Template(TemplateError {
        template: format!("new/{name}"),
        message: chain(error),
    })
}
