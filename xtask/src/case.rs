//! `cargo xtask case`: what there is to do by hand before a case shows anything.

use std::io::{self, Error, ErrorKind};
use std::path::Path;
use std::{fs, slice};

use specmint::diag::Code;

/// What a new case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// One behaviour, by a sentence in snake case.
    Behaviour(&'a str),
    /// One diagnostic, by its code.
    Error(&'a str),
}

impl Subject<'_> {
    /// The folder in the repository that cases of this kind are in.
    fn kind(self) -> &'static str {
        match self {
            Self::Behaviour(_) => "tests/cases",
            Self::Error(_) => "tests/errors",
        }
    }

    /// The file whose list names the cases of this kind.
    fn list(self) -> &'static str {
        match self {
            Self::Behaviour(_) => "tests/src/cases.rs",
            Self::Error(_) => "tests/src/errors.rs",
        }
    }

    fn folder_name(self) -> String {
        match self {
            Self::Behaviour(name) | Self::Error(name) => name.to_owned(),
        }
    }

    /// The name of the test.
    fn test(self) -> String {
        self.folder_name().replace('-', "_")
    }

    /// Why there can be no such case.
    fn wrong(self) -> Option<String> {
        match self {
            Self::Behaviour(name) if is_sentence(name) => None,
            Self::Behaviour(name) => Some(format!(
                "`{name}` is no name of a case: say what it shows in words of a-z and 0-9, joined by `_`"
            )),
            Self::Error(code) if Code::ALL.iter().any(|known| known.as_str() == code) => None,
            Self::Error(code) => Some(format!(
                "there is no code `{code}`: describe it in generator/src/diag/code.rs first"
            )),
        }
    }
}

fn is_sentence(name: &str) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(legal)
}

/// Makes the folder of a case with a spec to begin with, and names it in the list of its kind, below `root`.
/// Returns what is to be done now.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] for a name or code that cannot be one, [`ErrorKind::AlreadyExists`] if there is such a
/// case or such a line, or any error of reading and writing, with the path in its text.
pub fn add(root: &Path, subject: Subject<'_>) -> io::Result<String> {
    if let Some(wrong) = subject.wrong() {
        return Err(Error::new(ErrorKind::InvalidInput, wrong));
    }
    let list = root.join(subject.list());
    let text = fs::read_to_string(&list).map_err(|err| about(&list, &err))?;
    let text = with_line(&text, &subject.test()).map_err(|err| about(&list, &err))?;

    let folder = root.join(subject.kind()).join(subject.folder_name());
    fs::create_dir(&folder).map_err(|err| about(&folder, &err))?;
    let spec = folder.join("spec.yaml");
    fs::write(&spec, stub(&subject.test())).map_err(|err| about(&spec, &err))?;
    fs::write(&list, text).map_err(|err| about(&list, &err))?;
    Ok(next(subject))
}

fn about(path: &Path, err: &Error) -> Error {
    Error::new(err.kind(), format!("`{}`: {err}", path.display()))
}

/// The list with one more line, before the first that comes after it in the alphabet.
fn with_line(text: &str, name: &str) -> io::Result<String> {
    let missing = || Error::new(ErrorKind::InvalidData, "holds no list of cases");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let opens = |line: &&str| matches!(line.trim_end(), "cases! {" | "codes! {");
    let start = lines.iter().position(opens).ok_or_else(missing)? + 1;
    let entry = |line: &str| line.trim().strip_suffix(',').map(str::to_owned);
    let listed: Vec<String> = lines[start..]
        .iter()
        .map_while(|line| entry(line))
        .collect();
    if listed.iter().any(|other| other == name) {
        let text = format!("has a line `{name}` already");
        return Err(Error::new(ErrorKind::AlreadyExists, text));
    }
    let after = listed.iter().position(|other| other.as_str() > name);
    let at = start + after.unwrap_or(listed.len());
    let line = format!("    {name},\n");
    Ok(
        [&lines[..at], slice::from_ref(&line.as_str()), &lines[at..]]
            .concat()
            .concat(),
    )
}

/// A document that has nothing to show yet.
fn stub(test: &str) -> String {
    let words = test.replace('_', " ");
    let title = words[..1].to_uppercase() + &words[1..];
    format!(
        "openapi: 3.0.3
info: {{ title: {title}, version: '1' }}
servers: [{{ url: https://api.example.com }}]
paths:
  /thing:
    get:
      operationId: getThing
      responses: {{ '204': {{ description: Done }} }}
"
    )
}

fn next(subject: Subject<'_>) -> String {
    let place = format!("{}/{}", subject.kind(), subject.folder_name());
    let (test, list) = (subject.test(), subject.list());
    let shows = match subject {
        Subject::Behaviour(_) => "this one behaviour and nothing else",
        Subject::Error(_) => "the smallest document that is told this",
    };
    format!(
        "{place}/spec.yaml is yours, and {list} names it. Now:
1. make the spec show {shows};
2. `cargo test -p specmint-tests {test}` and `cargo insta review` show the spec and what comes of it, to accept
   or not (`INSTA_UPDATE=always cargo test -p specmint-tests {test}` accepts it unseen);
3. commit the folder and the line.
"
    )
}
