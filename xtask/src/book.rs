//! The pages of the book that are made: the reference of the command line, and that of the diagnostics.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use specmint::cli::{self, Progress, Streams};
use specmint::diag::{Code, Colors, Severity};
use specmint::file::{File, MARK};

/// Where the pages of the book are, below the root.
pub const FOLDER: &str = "generator/book/src";

/// The made pages, with paths below [`FOLDER`].
///
/// # Errors
/// Any error of reading the examples in `tests/errors`, with the path in its text.
pub fn pages(root: &Path) -> io::Result<Vec<File>> {
    Ok(vec![
        page("reference/command-line.md", &command_line()),
        page("reference/diagnostics.md", &diagnostics(root)?),
    ])
}

fn page(path: &str, text: &str) -> File {
    let text = format!(
        "<!-- {MARK} (`{}`). Do not edit. -->\n\n{text}",
        crate::COMMAND
    );
    File {
        path: path.to_owned(),
        text,
    }
}

/// Every command's help, as the command itself gives it.
fn command_line() -> String {
    let mut text = "# Command line\n\n\
        What `specmint --help` says, and the help of each command.\n\n\
        Exit codes: 0, done; 1, a check found something; 2, a document was \
        refused, the command was used wrongly, or a file could not be read or written. What people read goes to \
        stderr; what was asked for, such as help and JSON, goes to stdout.\n"
        .to_owned();
    describe(&mut Vec::new(), &mut text);
    text
}

fn describe(path: &mut Vec<String>, text: &mut String) {
    let help = help(path);
    let words: Vec<&str> = std::iter::once("specmint")
        .chain(path.iter().map(String::as_str))
        .collect();
    text.push_str(&format!(
        "\n## `{}`\n\n```text\n{}\n```\n",
        words.join(" "),
        help.trim_end()
    ));
    for command in commands(&help) {
        path.push(command);
        describe(path, text);
        path.pop();
    }
}

fn help(path: &[String]) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        out: &mut out,
        err: &mut err,
        colors: Colors::Plain,
        progress: Progress::Hidden,
    };
    let words = std::iter::once("specmint")
        .chain(path.iter().map(String::as_str))
        .chain(["--help"]);
    let _ = cli::main(words.map(Into::into), &mut streams);
    let lines = String::from_utf8_lossy(&out);
    let lines: Vec<&str> = lines.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// The commands below one, as its help lists them.
fn commands(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    list.take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .map(str::to_owned)
        .collect()
}

/// A section for each code, in the order of the alphabet, with the example of `tests/errors`.
fn diagnostics(root: &Path) -> io::Result<String> {
    let codes: BTreeMap<&str, Code> = Code::ALL
        .iter()
        .map(|code| (code.as_str(), *code))
        .collect();
    let mut text = "# Diagnostics\n\n\
        Every problem that specmint reports has a code. `specmint explain CODE` says what stands here without the \
        example.\n\n\
        An **error** leaves something out: a part of the document that cannot be generated. A **downgrade** is \
        something that is generated as less than the document says; it is shown as a warning, and `--strict` refuses \
        it as it refuses errors. A **warning** costs nothing.\n\n\
        | code | kind | what it means |\n|---|---|---|\n"
        .to_owned();
    for (name, code) in &codes {
        let (kind, first) = (kind(*code), first_line(*code));
        text.push_str(&format!("| [`{name}`](#{name}) | {kind} | {first} |\n"));
    }
    for code in codes.values() {
        text.push_str(&section(root, *code)?);
    }
    Ok(text)
}

fn section(root: &Path, code: Code) -> io::Result<String> {
    let name = code.as_str();
    let explained: Vec<&str> = code.explain().trim().lines().map(str::trim).collect();
    let mut text = format!(
        "\n## `{name}`\n\n*{}*\n\n{}\n\n**Help:** {}.\n",
        kind(code),
        explained.join("\n"),
        code.help()
    );
    let folder = root.join("tests/errors").join(name);
    let told = folder.join("output.snap");
    if !told.exists() {
        return Ok(text);
    }
    for (file, language) in [
        ("spec.yaml", "yaml"),
        ("spec.json", "json"),
        ("spec.overlay.yaml", "yaml"),
    ] {
        if folder.join(file).exists() {
            let (of, document) = (read(&folder.join(file))?, fence(language));
            text.push_str(&format!(
                "\n`{file}`:\n\n{document}\n{}\n```\n",
                of.trim_end()
            ));
        }
    }
    let told = read(&told)?;
    let told = reported(&told, name).replace(&format!("errors/{name}/"), "");
    text.push_str(&format!(
        "\nis reported as\n\n```text\n{}\n```\n",
        told.trim_end()
    ));
    Ok(text)
}

/// Documents may hold mistakes, so that nothing may take them for examples to run.
fn fence(language: &str) -> String {
    format!("```{language},wrong")
}

/// What a snapshot shows of one code.
fn reported(snapshot: &str, code: &str) -> String {
    let body = snapshot.splitn(3, "---\n").nth(2).unwrap_or_default();
    let mut is_wanted = false;
    let lines = body.lines().filter(|line| {
        if line.starts_with("error[") || line.starts_with("warning[") {
            is_wanted = line.contains(&format!("[{code}]"));
        }
        is_wanted
    });
    lines.map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn kind(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Downgrade => "downgrade",
        Severity::Warning => "warning",
    }
}

fn first_line(code: Code) -> String {
    let first = code.explain().trim().lines().next().unwrap_or_default();
    first.trim().replace('|', r"\|")
}

fn read(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
        .map_err(|err| io::Error::new(err.kind(), format!("reading `{}`: {err}", path.display())))
}
