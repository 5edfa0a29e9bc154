//! Templates of users: how they are read, and what their pages owe.

use super::super::error::TemplateError;
use super::contexts::{CONTEXT_VERSION, Context};
use super::names::stranger;
use crate::file::MARK;
use std::collections::BTreeMap;
use std::path::Path;

/// The caller's template of this name, if there is one, as Tera reads it: in UTF-8, with `\n` at the ends of lines.
pub(super) fn read(folder: &Path, name: &str) -> Result<Option<String>, TemplateError> {
    let path = folder.join(name);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(wrong(
                name,
                format!("reading `{}`: {error}", path.display()),
            ));
        }
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        wrong(
            name,
            format!("line {line}: byte {at} of the file is not UTF-8"),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(Some(text.replace("\r\n", "\n")))
}

/// Looks at a template before anything is made with it: whether it is for this version of the context, and whether it
/// names what is not there.
pub(super) fn check(
    name: &str,
    text: &str,
    all: &BTreeMap<String, Context>,
) -> Result<(), TemplateError> {
    if let Some(version) = version(text)
        && version != CONTEXT_VERSION.to_string()
    {
        return Err(wrong(
            name,
            format!(
                "line 1: it is written for version {version} of the context, and this specmint has version \
                 {CONTEXT_VERSION}; templates/README.md of specmint says what has changed"
            ),
        ));
    }
    let context = all
        .values()
        .find(|one| one.template.as_deref() == Some(name));
    let Some(stranger) = context.and_then(|context| stranger(text, context, all)) else {
        return Ok(());
    };
    let known: Vec<String> = stranger
        .known
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let known = match known.is_empty() {
        true => "what it is in is a text or a list".to_owned(),
        false => format!("there are {}", known.join(", ")),
    };
    let (line, name_used) = (stranger.line, stranger.name);
    Err(wrong(
        name,
        format!("line {line}: there is no `{name_used}`; {known}"),
    ))
}

/// The version that a template says it is written for, in a comment before all else: `{# context 1 #}`.
fn version(text: &str) -> Option<&str> {
    let comment = text.trim_start().strip_prefix("{#")?;
    let (comment, _) = comment.split_once("#}")?;
    let version = comment.trim_matches('-').trim().strip_prefix("context")?;
    version.starts_with(' ').then(|| version.trim())
}

/// Looks at a page that a template of the caller's has made. `built_in` is ours of the same name.
pub(super) fn check_page(name: &str, built_in: &str, page: &str) -> Result<(), TemplateError> {
    let first = page.lines().next().unwrap_or_default();
    let sign = built_in.split("{{").next().unwrap_or_default();
    if !first.contains(MARK) || !first.starts_with(sign.trim_end()) {
        return Err(wrong(
            name,
            format!(
                "the first line of its page must be a comment with the mark, such as `{}`: by it specmint knows its \
                 own files again",
                built_in.lines().next().unwrap_or_default()
            ),
        ));
    }
    if name.ends_with(".rs.tera")
        && let Err(error) = syn::parse_file(page)
    {
        return Err(wrong(name, format!("what it makes is not Rust: {error}")));
    }
    Ok(())
}

/// An error about a template.
pub(super) fn wrong(template: &str, message: String) -> TemplateError {
    TemplateError {
        template: template.to_owned(),
        message,
    }
}

/// What Tera says is wrong, with the place first.
pub(super) fn said_by_tera(name: &str, error: &tera::Error) -> TemplateError {
    let message = match error.kind() {
        tera::ErrorKind::SyntaxError(report) | tera::ErrorKind::RenderingError(report) => {
            let (line, column) = (report.span().start_line, report.span().start_col + 1);
            format!("line {line}, column {column}: {}", report.message())
        }
        _ => placed(&super::super::error::chain(error)),
    };
    wrong(name, message)
}

/// A report of several lines with its place first: `error: …`, ` --> template:line:column`, and the line itself.
fn placed(report: &str) -> String {
    let mut lines = report.lines();
    let first = lines.next().unwrap_or_default();
    let place = lines
        .next()
        .and_then(|line| line.trim_start().strip_prefix("--> "));
    let mut numbers = place.unwrap_or_default().rsplit(':');
    match (
        numbers.next(),
        numbers.next(),
        first.strip_prefix("error: "),
    ) {
        (Some(column), Some(line), Some(message)) => {
            format!("line {line}, column {column}: {message}")
        }
        _ => report.to_owned(),
    }
}
