//! The pages: one context for each template, and the templates themselves.

mod contexts;
mod docs;
mod names;
mod own;
mod repository;

pub use contexts::{
    CONTEXT_VERSION, Context as TemplateContext, ContextField, ContextKind, contexts,
};
pub(super) use docs::*;

use super::error::{Error, TemplateError};
use crate::options::Options;
use own::said_by_tera;
use serde::Serialize;
use std::path::Path;
use std::sync::Mutex;
use tera::{Context, Tera};

#[cfg(test)]
pub(super) use repository::PAGES;
pub use repository::{Repository, repository};

/// Pairs of a name and the text of the template.
macro_rules! templates {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!(env!("SPECMINT_TEMPLATES"), "/", $name)))),*]
    };
}

/// The built-in templates of the generated crate by file name.
pub(super) const TEMPLATES: &[(&str, &str)] = templates![
    "Cargo.toml.tera",
    "docs_apis.md.tera",
    "docs_authorization.md.tera",
    "docs_index.md.tera",
    "docs_model.md.tera",
    "docs_operations.md.tera",
    "README.md.tera",
    "lib.rs.tera",
    "module.rs.tera",
];

/// What `module.rs.tera` shows: any file of Rust. Every string is finished.
#[derive(Debug, Serialize)]
pub(super) struct ModulePage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(super) mark: &'a str,
    /// Lines of the module's docs, each with its leading space.
    pub(super) docs: Vec<String>,
    /// Imports, whole.
    pub(super) imports: Vec<String>,
    /// Items, formatted, each with the end of its last line.
    pub(super) items: Vec<String>,
}

/// What `lib.rs.tera` shows.
#[derive(Debug, Serialize)]
pub(super) struct LibPage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(super) mark: &'a str,
    /// Lines of the crate's docs, each with its leading space.
    pub(super) docs: Vec<String>,
    /// Attributes of the crate that its APIs need, with what is said of them.
    pub(super) attributes: Vec<String>,
    /// The modules of APIs: their docs are their own.
    pub(super) modules: Vec<String>,
    /// The item that is the door to the runtime.
    pub(super) runtime: &'a str,
}

/// What `Cargo.toml.tera` shows.
#[derive(Debug, Serialize)]
pub(super) struct CargoPage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(super) mark: &'a str,
    /// The package's name.
    pub(super) name: &'a str,
    /// What the package is, quoted.
    pub(super) description: String,
    /// Lines of `[features]`.
    pub(super) features: Vec<String>,
    /// Lines of `[dependencies]`.
    pub(super) dependencies: Vec<String>,
    /// Lines of `[dev-dependencies]`.
    pub(super) dev_dependencies: Vec<String>,
    /// The tables of programs, as lines.
    pub(super) examples: Vec<String>,
}

/// What `README.md.tera` shows.
#[derive(Debug, Serialize)]
pub(super) struct ReadmePage<'a> {
    /// The `@generated` line, without the sign of a comment.
    pub(super) mark: &'a str,
    /// The package's name.
    pub(super) name: &'a str,
    /// The page that leads to all others; empty if there are none.
    pub(super) docs: &'a str,
    /// The lines of a program that tells what a refusal holds; none if no API declares one.
    pub(super) errors: Vec<String>,
    /// The lines of a program that obtains tokens; none if no API hands out any.
    pub(super) tokens: Vec<String>,
    /// The APIs.
    pub(super) apis: Vec<ReadmeApi<'a>>,
}

/// An API in `README.md.tera`.
#[derive(Debug, Serialize)]
pub(super) struct ReadmeApi<'a> {
    /// The module and feature.
    pub(super) module: &'a str,
    /// The title in one line.
    pub(super) title: &'a str,
    /// The folder of its pages, with a slash at the end; empty if there are none.
    pub(super) docs: String,
    /// The features of its tags; none where the API is one feature.
    pub(super) tags: Vec<ReadmeTag<'a>>,
    /// The lines of a program that makes a call; none if there is no operation.
    pub(super) example: Vec<String>,
    /// The lines of a test that needs no vendor; none if there is no operation.
    pub(super) fake: Vec<String>,
}

/// A tag of an API in `README.md.tera`.
#[derive(Debug, Serialize)]
pub(super) struct ReadmeTag<'a> {
    /// The feature.
    pub(super) feature: &'a str,
    /// The tag, as Markdown.
    pub(super) tag: &'a str,
}

/// The templates, ready to be filled.
#[derive(Debug)]
pub(super) struct Pages {
    tera: Tera,
    /// The caller's own, each with the built-in one of the same name.
    own: Vec<(&'static str, &'static str)>,
    /// What they were filled with, if somebody wants to know.
    shown: Option<Mutex<Vec<Shown>>>,
}

/// What a template was filled with.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The template.
    pub template: String,
    /// Its context.
    pub context: serde_json::Value,
}

impl Pages {
    /// Takes the built-in templates, and the caller's in place of those of the same name.
    pub(super) fn new(options: &Options) -> Result<Self, TemplateError> {
        let mut tera = Tera::default();
        tera.autoescape_on(Vec::<String>::new());
        let mut own = Vec::new();
        for (name, text) in TEMPLATES {
            tera.add_raw_template(name, text)
                .map_err(|error| said_by_tera(name, &error))?;
        }
        if let Some(folder) = &options.templates {
            refuse_strangers(folder)?;
            let contexts = contexts();
            for (name, text) in TEMPLATES {
                let Some(theirs) = own::read(folder, name)? else {
                    continue;
                };
                tera.add_raw_template(name, &theirs)
                    .map_err(|error| said_by_tera(name, &error))?;
                own::check(name, &theirs, &contexts)?;
                own.push((*name, *text));
            }
        }
        Ok(Self {
            tera,
            own,
            shown: None,
        })
    }

    /// Keeps what templates are filled with.
    pub(super) fn listening(mut self) -> Self {
        self.shown = Some(Mutex::default());
        self
    }

    /// What templates were filled with.
    pub(super) fn shown(self) -> Vec<Shown> {
        let shown = self.shown.unwrap_or_default();
        shown.into_inner().unwrap_or_default()
    }

    pub(super) fn module(&self, page: &ModulePage<'_>) -> Result<String, Error> {
        self.fill("module.rs.tera", page)
    }

    pub(super) fn lib(&self, page: &LibPage<'_>) -> Result<String, Error> {
        self.fill("lib.rs.tera", page)
    }

    pub(super) fn cargo(&self, page: &CargoPage<'_>) -> Result<String, Error> {
        self.fill("Cargo.toml.tera", page)
    }

    pub(super) fn readme(&self, page: &ReadmePage<'_>) -> Result<String, Error> {
        self.fill("README.md.tera", page)
    }

    pub(super) fn docs_apis(&self, page: &ApisPage<'_>) -> Result<String, Error> {
        self.fill("docs_apis.md.tera", page)
    }

    pub(super) fn docs_index(&self, page: &IndexPage<'_>) -> Result<String, Error> {
        self.fill("docs_index.md.tera", page)
    }

    pub(super) fn docs_authorization(&self, page: &AuthorizationPage<'_>) -> Result<String, Error> {
        self.fill("docs_authorization.md.tera", page)
    }

    pub(super) fn docs_operations(&self, page: &OperationsPage<'_>) -> Result<String, Error> {
        self.fill("docs_operations.md.tera", page)
    }

    pub(super) fn docs_model(&self, page: &ModelDocsPage<'_>) -> Result<String, Error> {
        self.fill("docs_model.md.tera", page)
    }

    fn fill(&self, name: &str, page: &impl Serialize) -> Result<String, Error> {
        if let Some(shown) = &self.shown
            && let (Ok(context), Ok(mut shown)) = (serde_json::to_value(page), shown.lock())
        {
            shown.push(Shown {
                template: name.to_owned(),
                context,
            });
        }
        let filled =
            Context::from_serialize(page).and_then(|context| self.tera.render(name, &context));
        let filled = filled.map_err(|error| said_by_tera(name, &error))?;
        let text = filled.trim_end().to_owned() + "\n";
        match self.own.iter().find(|(own, _)| *own == name) {
            None => Ok(text),
            Some((_, built_in)) => {
                let text = text.trim_start_matches('\n').to_owned();
                own::check_page(name, built_in, &text)?;
                Ok(text)
            }
        }
    }
}

/// The caller's own templates, by name, but for those that are the built-in ones.
///
/// # Errors
/// One of them cannot be read.
pub(crate) fn own_templates(options: &Options) -> Result<Vec<(&'static str, String)>, Error> {
    let mut templates = Vec::new();
    if let Some(folder) = &options.templates {
        for (name, built_in) in TEMPLATES {
            let theirs = own::read(folder, name)?;
            let theirs = theirs.filter(|text| text != built_in);
            templates.extend(theirs.map(|text| (*name, text)));
        }
    }
    Ok(templates)
}

/// A template with a name that no page has would be ignored without a word.
fn refuse_strangers(folder: &Path) -> Result<(), TemplateError> {
    let trouble = |message: String| TemplateError {
        template: folder.display().to_string(),
        message,
    };
    for entry in std::fs::read_dir(folder).map_err(|error| trouble(error.to_string()))? {
        let name = entry
            .map_err(|error| trouble(error.to_string()))?
            .file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".tera") && TEMPLATES.iter().all(|(known, _)| *known != name) {
            let known: Vec<&str> = TEMPLATES.iter().map(|(known, _)| *known).collect();
            return Err(TemplateError {
                template: name.into_owned(),
                message: format!("there is no page of this name, only {}", known.join(", ")),
            });
        }
    }
    Ok(())
}

/// Lines of docs as pages show them: with a space before the text, and nothing after it.
pub(super) fn docs(lines: &[String]) -> Vec<String> {
    lines
        .iter()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            }
        })
        .collect()
}
