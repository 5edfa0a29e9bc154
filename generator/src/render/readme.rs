//! The crate's `README.md`, and what makes doctests of its programs.

use super::error::Error;
use super::format;
use super::page::{Pages, ReadmeApi, ReadmePage, ReadmeTag};
use crate::options::{Docs, Options};
use crate::plan;

/// How `main` of a program begins.
#[derive(Clone, Copy)]
enum Main {
    Awaits,
    Blocks,
}

/// `README.md`.
pub(super) fn text(
    pages: &Pages,
    apis: &[&plan::Api],
    options: &Options,
    mark: &str,
) -> Result<String, Error> {
    let sections: Result<Vec<_>, Error> = apis.iter().map(|api| section(api, options)).collect();
    let first = |of: fn(&plan::Guide) -> &Vec<String>| {
        let mut shown = apis.iter().map(|api| (*api, of(&api.guide)));
        shown.find(|(_, statements)| !statements.is_empty())
    };
    let program = |shown: Option<(&plan::Api, &Vec<String>)>| match shown {
        Some((api, statements)) => whole(statements, Main::Awaits, api),
        None => Ok(Vec::new()),
    };
    pages.readme(&ReadmePage {
        mark,
        name: &options.name,
        docs: match options.docs {
            Docs::Markdown => "docs/README.md",
            Docs::None => "",
        },
        errors: program(first(|guide| &guide.errors))?,
        tokens: program(first(|guide| &guide.tokens))?,
        apis: sections?,
    })
}

fn section<'a>(api: &'a plan::Api, options: &Options) -> Result<ReadmeApi<'a>, Error> {
    let tags = api.features.iter().filter_map(|feature| {
        Some(ReadmeTag {
            feature: &feature.name,
            tag: feature.tag.as_deref()?,
        })
    });
    let example = match api.operations.first() {
        Some(op) => whole(&op.example, Main::Awaits, api)?,
        None => Vec::new(),
    };
    let fake = match api.shown_with_fake() {
        Some(op) => whole(&op.fake.example, Main::Blocks, api)?,
        None => Vec::new(),
    };
    let module = api.module.plain();
    Ok(ReadmeApi {
        module,
        title: &api.title,
        docs: match options.docs {
            Docs::Markdown => format!("docs/{module}/"),
            Docs::None => String::new(),
        },
        tags: tags.collect(),
        example,
        fake,
    })
}

/// A whole program of statements.
fn whole(statements: &[String], main: Main, api: &plan::Api) -> Result<Vec<String>, Error> {
    let thing = format!("the README's program for `{}`", api.module);
    let statements = format::example(statements, &thing)?;
    let mut parts = statements.splitn(2, |line| line.is_empty());
    let (imports, rest) = (parts.next().unwrap_or_default(), parts.next());
    let head: &[&str] = match main {
        Main::Awaits => &[
            "",
            "#[tokio::main]",
            "async fn main() -> Result<(), Box<dyn std::error::Error>> {",
        ],
        Main::Blocks => &["", "fn main() -> Result<(), Box<dyn std::error::Error>> {"],
    };
    let head = head.iter().map(|line| (*line).to_owned());
    let rest = rest
        .unwrap_or_default()
        .iter()
        .map(|line| match line.is_empty() {
            true => String::new(),
            false => format!("    {line}"),
        });
    let tail = ["    Ok(())", "}"].map(str::to_owned);
    Ok(imports
        .iter()
        .cloned()
        .chain(head)
        .chain(rest)
        .chain(tail)
        .collect())
}

/// The item that makes doctests of the README's programs; none where there is nothing that they are compiled with.
pub(super) fn doctests(apis: &[&plan::Api], options: &Options) -> Option<String> {
    if options.docs == Docs::None || apis.iter().all(|api| api.operations.is_empty()) {
        return None;
    }
    let runtime = ["blocking", "mock", "tokens"].into_iter();
    let features = runtime.chain(apis.iter().map(|api| api.module.plain()));
    let features: Vec<String> = features.map(|name| format!("feature = {name:?}")).collect();
    Some(format!(
        "#[cfg(all(doctest, {}))]\n#[doc = include_str!(\"../README.md\")]\nmod readme_of_the_crate {{}}",
        features.join(", ")
    ))
}
