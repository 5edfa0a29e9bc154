//! The lock as a text, in TOML: a line for each thing, sorted.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Api, Given, Lock, Names, PATH, Table, VERSION};
use crate::file::File;

/// What the file is, for those who meet it in a pull request.
const ABOUT: &str = "\
# What this crate was made from, and the names that were given. A name stays as long as what it names is there;
# without its line it is given anew. Keep this file under version control, beside the rest.
";

impl Lock {
    /// The file. `mark` is its first line, without the sign of a comment.
    #[must_use]
    pub fn file(&self, mark: &str) -> File {
        let mut text = format!("# {mark}\n{ABOUT}");
        let _ = writeln!(text, "version = {VERSION}");
        line(&mut text, "generator", &quoted(&self.generator));
        line(&mut text, "output", &quoted(&self.output));
        texts(&mut text, "options", &self.options);
        texts(&mut text, "templates", &self.templates);
        for (module, api) in &self.apis {
            write_api(&mut text, &format!("apis.{}", key(module)), api);
        }
        File {
            path: PATH.to_owned(),
            text,
        }
    }
}

fn write_api(text: &mut String, table: &str, api: &Api) {
    let _ = writeln!(text, "\n[{table}]");
    line(text, "dialect", &quoted(&api.dialect));
    line(text, "document", &quoted(&api.document));
    if let Some(overlay) = &api.overlay {
        line(text, "overlay", &quoted(overlay));
    }
    line(text, "output", &quoted(&api.output));
    texts(text, &format!("{table}.options"), &api.options);
    texts(text, &format!("{table}.files"), &api.files);
    text.push_str(&names_of(table, &api.names));
}

/// The tables of names.
pub(super) fn names_of(table: &str, of: &Names) -> String {
    let mut text = String::new();
    names(&mut text, &format!("{table}.operations"), &of.operations);
    names(&mut text, &format!("{table}.types"), &of.types);
    names(&mut text, &format!("{table}.schemes"), &of.schemes);
    names(&mut text, &format!("{table}.tags"), &of.tags);
    names(&mut text, &format!("{table}.fields"), &of.fields);
    names(&mut text, &format!("{table}.variants"), &of.variants);
    names(&mut text, &format!("{table}.parameters"), &of.parameters);
    names(&mut text, &format!("{table}.scopes"), &of.scopes);
    names(&mut text, &format!("{table}.pages"), &of.pages);
    texts(&mut text, &format!("{table}.spellings"), &of.spellings);
    text
}

fn texts(text: &mut String, table: &str, lines: &BTreeMap<String, String>) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n[{table}]");
    for (name, value) in lines {
        line(text, &key(name), &quoted(value));
    }
}

fn names(text: &mut String, table: &str, given: &Table) {
    if given.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n[{table}]");
    for (place, given) in given {
        line(text, &quoted(place), &value(given));
    }
}

fn value(given: &Given) -> String {
    let names: Vec<String> = given.names.iter().map(|name| quoted(name)).collect();
    let names = match names.as_slice() {
        [name] => name.clone(),
        names => format!("[{}]", names.join(", ")),
    };
    match given.like {
        Some(like) => format!("{{ name = {names}, like = \"{like:016x}\" }}"),
        None => names,
    }
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}");
}

/// A key: bare where TOML allows it.
fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !name.is_empty() && name.chars().all(is_bare) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// A basic string of TOML: what JSON escapes, and DEL.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}
