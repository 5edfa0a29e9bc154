//! Turns the plan into text: `quote!` says what the code says, Tera where it stands on the page.
//!
//! In: [`plan::Api`]. Out: [`File`]s. Nothing is decided here.

mod checks;
mod client;
mod code;
mod docs;
mod error;
mod examples;
mod format;
mod imports;
mod mock;
mod models;
mod oauth;
mod operations;
mod package;
mod page;
mod readme;
mod rules;
mod runtime;
mod servers;
mod values;
mod xml;

pub use code::{argument_text, type_text};
pub use error::{Error, TemplateError};
pub use page::{
    CONTEXT_VERSION, ContextField, ContextKind, Shown, TemplateContext,
    contexts as template_contexts,
};
pub use page::{Repository, repository};

use crate::file::{File, MARK};
use crate::options::{Docs, Options};
use crate::plan;
pub(crate) use page::own_templates;
use page::{ModulePage, Pages};
use rayon::prelude::*;

/// Renders a crate with a module for each of `apis`. Every file of it is in the result, sorted by path.
///
/// # Errors
/// A template of the caller's is wrong. [`Error::Internal`] is our own mistake.
pub fn render(apis: &[plan::Api], options: &Options) -> Result<Vec<File>, Error> {
    files(&Pages::new(options)?, apis, options)
}

/// What the templates are filled with where [`render`] renders a crate, in the order of their names.
///
/// # Errors
/// As those of [`render`].
pub fn shown(apis: &[plan::Api], options: &Options) -> Result<Vec<Shown>, Error> {
    let pages = Pages::new(options)?.listening();
    files(&pages, apis, options)?;
    let mut shown = pages.shown();
    shown.sort_by_cached_key(|one| (one.template.clone(), one.context.to_string()));
    Ok(shown)
}

fn files(pages: &Pages, apis: &[plan::Api], options: &Options) -> Result<Vec<File>, Error> {
    let mut files = package::files(pages, apis, options)?;
    files.extend(examples::files(apis, options)?);
    files.extend(checks::files(apis, options)?);
    let modules: Result<Vec<Vec<File>>, Error> = apis
        .par_iter()
        .map(|api| module(pages, api, options))
        .collect();
    files.extend(modules?.into_iter().flatten());
    files.extend(docs::files(pages, apis, options)?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The files of one API.
fn module(pages: &Pages, api: &plan::Api, options: &Options) -> Result<Vec<File>, Error> {
    let module = Module {
        pages,
        api,
        mark: mark(&api.spec, options),
        docs: options.docs,
    };
    let models = api
        .models
        .par_iter()
        .map(|model| models::file(&module, model));
    let operations = api
        .operations
        .par_iter()
        .map(|op| operations::file(&module, op));
    let mut files: Vec<File> = models.chain(operations).collect::<Result<_, _>>()?;
    files.push(client::file(&module)?);
    files.push(operations::index(&module)?);
    files.extend(oauth::file(&module)?);
    files.extend(mock::files(&module)?);
    files.extend(servers::file(&module)?);
    files.extend(docs::doctests(&module)?);
    if !api.models.is_empty() {
        files.push(models::index(&module)?);
    }
    Ok(files)
}

/// What the files of one API have in common.
struct Module<'a> {
    pages: &'a Pages,
    api: &'a plan::Api,
    mark: String,
    docs: Docs,
}

impl Module<'_> {
    /// A file of Rust below the module's folder.
    fn rust(
        &self,
        path: &str,
        docs: Vec<String>,
        imports: Vec<String>,
        items: Vec<String>,
    ) -> Result<File, Error> {
        let page = ModulePage {
            mark: &self.mark,
            docs: page::docs(&docs),
            imports,
            items,
        };
        let text = self.pages.module(&page)?;
        Ok(File {
            path: format!("src/{}/{path}", self.api.module.plain()),
            text,
        })
    }
}

/// The line that says what a file was made from, without the sign of a comment.
fn mark(spec: &str, options: &Options) -> String {
    format!("{MARK} from {spec} (`{}`). Do not edit.", options.command)
}

/// The same for files that belong to no spec.
pub(crate) fn crate_mark(options: &Options) -> String {
    format!("{MARK} (`{}`). Do not edit.", options.command)
}

#[cfg(test)]
#[path = "render/render_tests.rs"]
mod tests;
