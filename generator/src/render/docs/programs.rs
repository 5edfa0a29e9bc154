//! Programs about types, on pages and in docs of Rust.

use crate::plan::{Failing, ModelExample};
use crate::render::Error;
use crate::render::format;

/// What a function that can fail returns.
const RETURNS: &str = "Result<(), Box<dyn std::error::Error>>";

/// An example as a whole program.
pub(super) fn program(example: &ModelExample, thing: &str) -> Result<Vec<String>, Error> {
    if example.lines.is_empty() {
        return Ok(Vec::new());
    }
    let lines = format::example(&example.lines, thing)?;
    let imports = lines.iter().take_while(|line| line.starts_with("use "));
    let (imports, body) = lines.split_at(imports.count());
    let mut out = imports.to_vec();
    out.push(String::new());
    out.push(match example.failing {
        Failing::Never => "fn main() {".to_owned(),
        Failing::Maybe => format!("fn main() -> {RETURNS} {{"),
    });
    let body = body.iter().skip_while(|line| line.is_empty());
    let indented = body.map(|line| format!("    {line}").trim_end().to_owned());
    out.extend(with_text(indented, &example.text));
    if example.failing == Failing::Maybe {
        out.push("    Ok(())".to_owned());
    }
    out.push("}".to_owned());
    Ok(out)
}

/// An example as a doctest that runs.
pub(in super::super) fn doctest(example: &ModelExample, thing: &str) -> Result<Vec<String>, Error> {
    if example.lines.is_empty() {
        return Ok(Vec::new());
    }
    let lines = format::example(&example.lines, thing)?;
    let mut out: Vec<String> = ["", "# Example", "", "```"].map(str::to_owned).into();
    if example.failing == Failing::Maybe {
        out.push(format!("# fn main() -> {RETURNS} {{"));
    }
    out.extend(with_text(lines.into_iter(), &example.text));
    if example.failing == Failing::Maybe {
        out.extend(["# Ok(())", "# }"].map(str::to_owned));
    }
    out.push("```".to_owned());
    Ok(out)
}

/// The lines, with the text where it belongs: between signs of which it holds none, and as it is.
fn with_text(lines: impl Iterator<Item = String>, text: &[String]) -> impl Iterator<Item = String> {
    let longest = text.iter().flat_map(|line| {
        line.split('"')
            .skip(1)
            .map(|after| after.bytes().take_while(|byte| *byte == b'#').count())
    });
    let hashes = "#".repeat(longest.max().unwrap_or(0) + 1);
    let raw = format!("r{hashes}\"{}\"{hashes}", text.join("\n"));
    lines.flat_map(move |line| {
        let line = match text.is_empty() {
            true => line,
            false => line.replacen(ModelExample::TEXT, &raw, 1),
        };
        line.split('\n').map(str::to_owned).collect::<Vec<_>>()
    })
}

/// Whether a program waits for the network.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// It does not.
    Never,
    /// It does, on tokio.
    Tokio,
}

/// Statements as a whole program that can fail; nothing for none.
pub(super) fn waiting(
    statements: &[String],
    wait: Wait,
    thing: &str,
) -> Result<Vec<String>, Error> {
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let lines = format::example(statements, thing)?;
    let imports = lines.iter().take_while(|line| line.starts_with("use "));
    let (imports, body) = lines.split_at(imports.count());
    let mut out = imports.to_vec();
    out.push(String::new());
    match wait {
        Wait::Never => out.push(format!("fn main() -> {RETURNS} {{")),
        Wait::Tokio => {
            out.push("#[tokio::main]".to_owned());
            out.push(format!("async fn main() -> {RETURNS} {{"));
        }
    }
    let body = body.iter().skip_while(|line| line.is_empty());
    out.extend(body.map(|line| format!("    {line}").trim_end().to_owned()));
    out.extend(["    Ok(())", "}"].map(str::to_owned));
    Ok(out)
}
