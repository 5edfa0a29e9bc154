//! What made a crate out of date: the lock that stands beside it against the one that would.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::{Api, Lock, NO_NAMES, PATH, sum};

/// Files that are out of date for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stale {
    /// The module that they belong to; `None` for the files of the crate as a whole.
    pub module: Option<String>,
    /// The files, by their paths.
    pub files: Vec<String>,
    /// The reasons.
    pub causes: Vec<Cause>,
}

/// Why files are out of date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// There is no lock, so that nothing is known.
    NoLock,
    /// A document.
    Document {
        /// The module that is made of it.
        module: String,
        /// What happened to it.
        what: What,
    },
    /// The overlay of a document.
    Overlay {
        /// The module that is made of the document.
        module: String,
        /// What happened to it.
        what: What,
    },
    /// A file that a document refers to.
    File {
        /// The module that is made of the document.
        module: String,
        /// Its path from the document's folder, or its URL.
        file: String,
        /// What happened to it.
        what: What,
    },
    /// A template of the caller's.
    Template {
        /// The template.
        template: String,
        /// What happened to it.
        what: What,
    },
    /// What the caller decides.
    Option {
        /// The module, if it is decided for one.
        module: Option<String>,
        /// What is decided.
        option: String,
        /// As it was; empty if it was not given.
        from: String,
        /// As it is; empty if it is not given.
        to: String,
    },
    /// The generator.
    Generator {
        /// The version that made the files.
        from: String,
        /// The version that would; the same if it was built of other sources.
        to: String,
    },
    /// The files are not what was made: edited, merged or removed.
    Edit,
}

/// What happened to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It was not there.
    New,
    /// It was another.
    Changed,
    /// It is no longer there.
    Gone,
}

/// Tells why files are out of date.
///
/// `before` is the lock beside them and `after` the one that would be there. `stale` are the paths of all files that
/// differ, are missing or are left over, and `standing` is what stands there now: each file of specmint's with its text,
/// the left-over ones too and the missing ones not. An edit is told by a module's files together, so where a
/// document has changed as well it is known that there was one, and not in which file.
#[must_use]
pub fn explain(
    before: &Lock,
    after: &Lock,
    stale: &[&str],
    standing: &[(&str, &str)],
) -> Vec<Stale> {
    let group = |path: &str| after.group(path).or_else(|| before.group(path));
    let mut groups: BTreeMap<Option<&str>, Vec<String>> = BTreeMap::new();
    for path in stale.iter().filter(|path| **path != PATH) {
        groups
            .entry(group(path))
            .or_default()
            .push((*path).to_owned());
    }
    let is_lock_alone = groups.is_empty() && !stale.is_empty();
    if is_lock_alone {
        groups.insert(None, vec![PATH.to_owned()]);
    }
    let explained = groups.into_iter().map(|(module, files)| {
        let own = standing
            .iter()
            .filter(|(path, _)| *path != PATH && group(path) == module);
        let own: Vec<(&str, &str)> = own.copied().collect();
        let was = match module {
            Some(module) => before.apis.get(module).map(|api| api.output.as_str()),
            None => Some(before.output.as_str()),
        };
        let names = module.map_or(&NO_NAMES, |module| before.names(module));
        let is_edited = is_lock_alone || was.is_some_and(|was| was != sum(&own, names));
        Stale {
            module: module.map(str::to_owned),
            causes: causes(before, after, module, is_edited),
            files,
        }
    });
    explained.collect()
}

/// What there is to say about a module, or about the files of the crate as a whole.
fn causes(before: &Lock, after: &Lock, module: Option<&str>, is_edited: bool) -> Vec<Cause> {
    if *before == Lock::default() {
        return vec![Cause::NoLock];
    }
    let mut causes = Vec::new();
    let modules = before.apis.keys().chain(after.apis.keys());
    for name in modules.filter(|name| module.is_none_or(|module| module == *name)) {
        let (old, new) = (before.apis.get(name), after.apis.get(name));
        of_api(name, old, new, &mut causes);
    }
    options(None, &before.options, &after.options, &mut causes);
    for (template, what) in differences(&before.templates, &after.templates) {
        let template = template.to_owned();
        causes.push(Cause::Template { template, what });
    }
    let is_other = before.generator != after.generator;
    if is_other || (causes.is_empty() && !is_edited) {
        let (from, to) = (before.generator.clone(), after.generator.clone());
        causes.push(Cause::Generator { from, to });
    }
    if is_edited {
        causes.push(Cause::Edit);
    }
    causes.sort();
    causes.dedup();
    causes
}

fn of_api(module: &str, old: Option<&Api>, new: Option<&Api>, causes: &mut Vec<Cause>) {
    let named = || module.to_owned();
    let (Some(old), Some(new)) = (old, new) else {
        let what = if new.is_some() { What::New } else { What::Gone };
        let module = named();
        causes.push(Cause::Document { module, what });
        return;
    };
    if old.document != new.document {
        let (module, what) = (named(), What::Changed);
        causes.push(Cause::Document { module, what });
    }
    if let Some(what) = difference(old.overlay.as_ref(), new.overlay.as_ref()) {
        let module = named();
        causes.push(Cause::Overlay { module, what });
    }
    for (file, what) in differences(&old.files, &new.files) {
        let (module, file) = (named(), file.to_owned());
        causes.push(Cause::File { module, file, what });
    }
    options(Some(module), &old.options, &new.options, causes);
}

fn options(
    module: Option<&str>,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    causes: &mut Vec<Cause>,
) {
    for (option, _) in differences(old, new) {
        let value = |of: &BTreeMap<String, String>| of.get(option).cloned().unwrap_or_default();
        causes.push(Cause::Option {
            module: module.map(str::to_owned),
            option: option.to_owned(),
            from: value(old),
            to: value(new),
        });
    }
}

/// What is not the same in both, by name.
fn differences<'a>(
    old: &'a BTreeMap<String, String>,
    new: &'a BTreeMap<String, String>,
) -> Vec<(&'a str, What)> {
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let names = names.into_iter();
    names
        .filter_map(|name| Some((name.as_str(), difference(old.get(name), new.get(name))?)))
        .collect()
}

fn difference(old: Option<&String>, new: Option<&String>) -> Option<What> {
    match (old, new) {
        (None, Some(_)) => Some(What::New),
        (Some(_), None) => Some(What::Gone),
        (old, new) => (old != new).then_some(What::Changed),
    }
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.files.len();
        let files = if count == 1 { "file" } else { "files" };
        match &self.module {
            Some(module) => write!(f, "{count} {files} of `{module}`: ")?,
            None => write!(f, "{count} {files} of the crate: ")?,
        }
        for (index, cause) in self.causes.iter().enumerate() {
            let comma = if index > 0 { "; " } else { "" };
            write!(f, "{comma}{cause}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLock => write!(f, "there is no `{PATH}` to say what they were made from"),
            Self::Document { module, what } => write!(f, "the document of `{module}` {what}"),
            Self::Overlay { module, what } => write!(f, "the overlay of `{module}` {what}"),
            Self::File { module, file, what } => {
                write!(f, "`{file}`, which `{module}` refers to, {what}")
            }
            Self::Template { template, what } => write!(f, "the template `{template}` {what}"),
            Self::Option {
                module,
                option,
                from,
                to,
            } => {
                write!(f, "the option `{option}`")?;
                if let Some(module) = module {
                    write!(f, " of `{module}`")?;
                }
                match (from.as_str(), to.as_str()) {
                    ("", to) => write!(f, " is now `{to}`"),
                    (from, "") => write!(f, " is no longer `{from}`"),
                    (from, to) => write!(f, " was `{from}` and is `{to}`"),
                }
            }
            Self::Generator { from, to } if from == to => {
                write!(f, "specmint {to} itself has changed")
            }
            Self::Generator { from, to } => write!(f, "specmint was {from} and is {to}"),
            Self::Edit => {
                f.write_str("they are not as they were made: edited by hand, or by a merge")
            }
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "is new",
            Self::Changed => "has changed",
            Self::Gone => "is gone",
        })
    }
}
