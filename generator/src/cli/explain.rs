//! `specmint explain`.

use crate::diag::{Code, Severity};

use super::{DONE, REFUSED, Streams};

/// Prints what `code` means, or every code with the first sentence of its meaning.
pub(super) fn explain(code: Option<&str>, streams: &mut Streams<'_>) -> u8 {
    let text = match code {
        None => list(),
        Some(name) => match Code::ALL.iter().find(|code| code.as_str() == name) {
            Some(code) => one(*code),
            None => {
                streams.say(&format!(
                    "error: there is no code `{name}`; `specmint explain` lists them all\n"
                ));
                return REFUSED;
            }
        },
    };
    streams.answer(&text);
    DONE
}

fn one(code: Code) -> String {
    let explained: Vec<&str> = code.explain().lines().map(str::trim).collect();
    format!(
        "{}\n\n{}\n\nHelp: {}\n",
        heading(code),
        explained.join("\n").trim(),
        code.help()
    )
}

fn list() -> String {
    let widest = Code::ALL.iter().map(|code| code.as_str().len()).max();
    let width = widest.unwrap_or(0);
    let mut text = String::new();
    for code in Code::ALL {
        let first = code
            .explain()
            .trim()
            .lines()
            .next()
            .unwrap_or_default()
            .trim();
        text.push_str(&format!(
            "{:<width$}  {:<9}  {first}\n",
            code.as_str(),
            match code.severity() {
                Severity::Error => "error",
                Severity::Downgrade => "downgrade",
                Severity::Warning => "warning",
            }
        ));
    }
    text
}

/// The code as diagnostics show it, and whether `--strict` takes it.
fn heading(code: Code) -> String {
    let name = code.as_str();
    match code.severity() {
        Severity::Error => format!("error[{name}]"),
        Severity::Downgrade => format!("warning[{name}], refused by --strict"),
        Severity::Warning => format!("warning[{name}]"),
    }
}
