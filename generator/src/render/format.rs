//! Tokens to text.

mod plain;

use super::code::LINE;
use super::error::Error;
use proc_macro2::TokenStream;

/// Formats items. `thing` names them should they not be Rust.
pub(super) fn items(tokens: TokenStream, thing: &str) -> Result<String, Error> {
    let file = syn::parse2::<syn::File>(tokens).map_err(|error| internal(thing, &error))?;
    Ok(airy(&prettyplease::unparse(&file)))
}

/// Formats the statements of an example, which may use `?` and `.await`: imports first, then the rest.
pub(super) fn example(statements: &[String], thing: &str) -> Result<Vec<String>, Error> {
    let imports = statements
        .iter()
        .take_while(|statement| statement.starts_with("use "))
        .count();
    let (imports, rest) = statements.split_at(imports);
    let mut lines = body(imports, thing)?;
    if !lines.is_empty() && !rest.is_empty() {
        lines.push(String::new());
    }
    lines.extend(body(rest, thing)?);
    Ok(lines)
}

fn body(statements: &[String], thing: &str) -> Result<Vec<String>, Error> {
    let mut out = Vec::new();
    for statement in statements {
        match plain::statement(statement) {
            Some(lines) => out.extend(lines),
            None => out.extend(printed(std::slice::from_ref(statement), thing)?),
        }
    }
    Ok(out)
}

/// Formats statements by reading them.
fn printed(statements: &[String], thing: &str) -> Result<Vec<String>, Error> {
    let text = format!("async fn example() {{ {} }}", statements.join("\n"));
    let file = syn::parse_file(&text).map_err(|error| internal(thing, &error))?;
    let text = prettyplease::unparse(&file);
    let lines: Vec<&str> = text.lines().collect();
    let inner = lines
        .get(1..lines.len().saturating_sub(1))
        .unwrap_or_default();
    Ok(inner
        .iter()
        .map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned())
        .collect())
}

fn internal(thing: &str, error: &syn::Error) -> Error {
    Error::Internal {
        thing: thing.to_owned(),
        message: error.to_string(),
    }
}

/// Puts an empty line between the members of a block that have bodies, which the printer sets close, and
/// makes lines of doc comments.
fn airy(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        match line.split_once(LINE) {
            Some((first, rest)) => doc_comment(&mut out, first, rest),
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
        let ends = line == "    }" || line == "}";
        if ends
            && lines
                .peek()
                .is_some_and(|next| !next.trim_start().starts_with('}'))
        {
            out.push('\n');
        }
    }
    out
}

/// Writes a doc comment of which the printer has made one line: the first, and the rest.
fn doc_comment(out: &mut String, first: &str, rest: &str) {
    let sign = first.find("///").map_or(0, |at| at + "///".len());
    let (before, _) = first.split_at(sign);
    out.push_str(first.trim_end_matches(' '));
    out.push('\n');
    for line in rest.split(LINE) {
        out.push_str(before);
        out.push_str(line.trim_end_matches(' '));
        out.push('\n');
    }
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
