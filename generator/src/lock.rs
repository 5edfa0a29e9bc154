//! `specmint.lock`: what a crate was made from, and the names that were given.
//!
//! It is one of the generated files, so it is written, compared and reviewed like the others. A run is given the
//! one before ([`Options::lock`](crate::options::Options::lock)) and makes the next. Two things are in it:
//!
//! - **Names.** What a thing is called may depend on others: the second `PetStore` has to differ from the first.
//!   So a document that grows could rename what it had. With the lock, a name once given stays as long as what it
//!   names is there and the name is legal. Schemas whose names are Rust's word for word are not listed, since
//!   nothing can take those from them. Of what lies within one type or one operation (members, variants,
//!   parameters) that is listed which is not spelt as such things are in this API: `fooBar` keeps its name before
//!   `foo_bar` where members are in camel case, and has a line elsewhere. Without a lock names are given anew.
//! - **Inputs.** Hashes of all that the files depend on, and of the files: they tell what made them out of date.
//!
//! There is no time, no path of a machine and no order of a run in it, and one line for each thing: two branches
//! that add operations add lines.

mod explain;
mod read;
mod text;

use std::collections::BTreeMap;

use crate::digest;
use crate::file::File;
use crate::load::{Pattern, Selection, Source};
use crate::options::{Docs, Options, Runtime, TagFeatures};
use crate::spec::Spec;

pub use explain::{Cause, Stale, What, explain};
pub use read::Unreadable;

/// The file, below the folder of the crate.
pub const PATH: &str = "specmint.lock";

/// The version of the form of the file.
const VERSION: u64 = 1;

/// What a crate was made from. [`Lock::default`] is that of a crate that was never made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The version of the generator; empty if there was none.
    pub generator: String,
    /// The digest of the files that belong to no API.
    pub output: String,
    /// What the caller decided about the crate, by the name of the option.
    pub options: BTreeMap<String, String>,
    /// The digests of the caller's own templates, by name.
    pub templates: BTreeMap<String, String>,
    /// The APIs, by module.
    pub apis: BTreeMap<String, Api>,
}

/// What a module was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Api {
    /// The dialect of the document, such as `OpenAPI 3.1`.
    pub dialect: String,
    /// The SHA-256 of the document.
    pub document: String,
    /// The SHA-256 of the overlay, if there is one.
    pub overlay: Option<String>,
    /// The digest of the module's files, and of the names here.
    pub output: String,
    /// What the caller decided about the document, by the name of the option.
    pub options: BTreeMap<String, String>,
    /// The SHA-256 of the other files that the document refers to, by their paths from its folder, or by URL.
    pub files: BTreeMap<String, String>,
    /// The names that were given.
    pub names: Names,
}

/// The names of an API, by what has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Operations: type, module and method.
    pub operations: Table,
    /// Schemas: type and module.
    pub types: Table,
    /// Security schemes: constant and method.
    pub schemes: Table,
    /// Tags that are features.
    pub tags: Table,
    /// Members of objects, by the type and the member.
    pub fields: Table,
    /// Values of enums and alternatives of unions, by the type and the value.
    pub variants: Table,
    /// Parameters, by the method, the place and the parameter.
    pub parameters: Table,
    /// Scopes of OAuth, by the scheme and the scope.
    pub scopes: Table,
    /// Pages of tags.
    pub pages: Table,
    /// How most things are spelt that have no line: a spelling, by the name of the table. `snake_case` is not listed.
    pub spellings: BTreeMap<String, String>,
}

/// Names, by where what has them stands.
pub type Table = BTreeMap<String, Given>;

/// A name once given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The name as a type and the like, if the others follow from it; else all of them.
    pub names: Vec<String>,
    /// What the schema is, where equal ones at several places share it: its name stays with what they have in
    /// common when the first of the places goes.
    pub like: Option<u64>,
}

impl Given {
    /// A name from which all the others follow.
    #[must_use]
    pub fn one(name: String) -> Self {
        Self {
            names: vec![name],
            like: None,
        }
    }
}

/// The names of what was never named.
static NO_NAMES: Names = Names {
    operations: Table::new(),
    types: Table::new(),
    schemes: Table::new(),
    tags: Table::new(),
    fields: Table::new(),
    variants: Table::new(),
    parameters: Table::new(),
    scopes: Table::new(),
    pages: Table::new(),
    spellings: BTreeMap::new(),
};

impl Api {
    /// What the module of `spec` is made from, but for the names: in this dialect, with these other files, each with
    /// its path.
    pub(crate) fn new<'a>(
        spec: &Spec,
        dialect: String,
        others: impl Iterator<Item = (String, &'a Source)>,
    ) -> Self {
        let joined = |patterns: &[Pattern]| {
            let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
            patterns.join(", ")
        };
        let Selection { only, exclude } = &spec.selection;
        let options = [("only", joined(only)), ("exclude", joined(exclude))];
        Self {
            dialect,
            document: digest::of([spec.source.text.as_str()]),
            overlay: spec
                .overlay
                .as_ref()
                .map(|overlay| digest::of([overlay.text.as_str()])),
            options: said(options),
            files: others
                .map(|(path, source)| (path, digest::of([source.text.as_str()])))
                .collect(),
            ..Self::default()
        }
    }
}

/// The options that say something.
fn said<const N: usize>(options: [(&str, String); N]) -> BTreeMap<String, String> {
    let options = options.into_iter().filter(|(_, value)| !value.is_empty());
    options
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

impl Lock {
    /// The lock of a crate that is made so by this generator.
    pub(crate) fn new(
        options: &Options,
        templates: &[(&str, String)],
        apis: BTreeMap<String, Api>,
    ) -> Self {
        let runtime = match &options.runtime {
            Runtime::Embedded => "embedded".to_owned(),
            Runtime::Path(path) => format!("path:{path}"),
            Runtime::Version(version) => format!("version:{version}"),
        };
        let tag_features = match options.tag_features {
            TagFeatures::Auto => "auto",
            TagFeatures::On => "on",
            TagFeatures::Off => "off",
        };
        let docs = match options.docs {
            Docs::Markdown => "markdown",
            Docs::None => "none",
        };
        let templates = templates.iter();
        Self {
            generator: env!("CARGO_PKG_VERSION").to_owned(),
            output: String::new(),
            options: said([
                ("command", options.command.clone()),
                ("docs", docs.to_owned()),
                ("name", options.name.clone()),
                ("runtime", runtime),
                ("tag-features", tag_features.to_owned()),
            ]),
            templates: templates
                .map(|(name, text)| ((*name).to_owned(), digest::of([text.as_str()])))
                .collect(),
            apis,
        }
    }

    /// The names that were given in a module.
    #[must_use]
    pub fn names(&self, module: &str) -> &Names {
        self.apis.get(module).map_or(&NO_NAMES, |api| &api.names)
    }

    /// The digests of the files, in place of those that are known.
    pub(crate) fn seal(&mut self, files: &[File]) {
        let mut groups: BTreeMap<Option<&str>, Vec<(&str, &str)>> = BTreeMap::new();
        for file in files {
            let group = self.group(&file.path);
            let group = group.and_then(|module| self.apis.get_key_value(module));
            let group = group.map(|(module, _)| module.as_str());
            let text = (file.path.as_str(), file.text.as_str());
            groups.entry(group).or_default().push(text);
        }
        let names = |group: Option<&str>| group.map_or(&NO_NAMES, |module| self.names(module));
        let sealed: BTreeMap<Option<String>, String> = groups
            .iter()
            .map(|(group, files)| (group.map(str::to_owned), sum(files, names(*group))))
            .collect();
        self.output = sealed.get(&None).cloned().unwrap_or_default();
        for (module, api) in &mut self.apis {
            let sum = sealed.get(&Some(module.clone()));
            api.output = sum.cloned().unwrap_or_default();
        }
    }

    /// The API that a file belongs to, if it belongs to one: a name on its path is the module's, alone or before an
    /// ending or an underscore.
    #[must_use]
    pub fn group<'a>(&'a self, path: &str) -> Option<&'a str> {
        let (folder, rest) = path.split_once('/')?;
        if folder == "src" || folder == "docs" {
            let name = rest.split(['/', '.']).next()?;
            let (module, _) = self.apis.get_key_value(name)?;
            return Some(module);
        }
        let stem = rest.rsplit('/').next()?.split('.').next()?;
        let fits = |module: &&str| {
            let after = stem.strip_prefix(*module);
            after.is_some_and(|after| after.is_empty() || after.starts_with('_'))
        };
        let modules = self.apis.keys().map(String::as_str);
        modules.filter(fits).max_by_key(|module| module.len())
    }
}

/// The digest of files, each with its path, and of the names in them.
fn sum(files: &[(&str, &str)], names: &Names) -> String {
    let names = text::names_of(PATH, names);
    let mut files = files.to_vec();
    files.sort_unstable();
    let lengths: Vec<String> = files
        .iter()
        .map(|(path, text)| format!("\n{} {}\n", path.len(), text.len()))
        .collect();
    let parts = files.iter().zip(&lengths);
    let parts = parts.flat_map(|((path, text), lengths)| [lengths.as_str(), path, text]);
    digest::of(parts.chain([names.as_str()]))
}
