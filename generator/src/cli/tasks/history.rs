//! What a repository held once: git is asked, as a program.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::write::{self, Aside};

/// The branches of the origin that others leave, the first that is there.
const TRUNKS: &[&str] = &["origin/main", "origin/master"];

/// What stands below `paths`, seen from `root`, in the commit that `base` names, in a folder of its own.
///
/// Without a base it is the commit where this branch left that of the origin, or HEAD if there is none. What is not there
/// is left out. Symbolic links are followed within the commit.
///
/// # Errors
/// git cannot be run, `root` is in no repository of git's, or there is no such revision.
pub(super) fn files(root: &Path, base: Option<&str>, paths: &[&str]) -> io::Result<Past> {
    let git = Git { root };
    let commit = match base {
        Some(base) => git.commit(base)?,
        None => git.left()?,
    };
    let prefix = git.text(&["rev-parse", "--show-prefix"])?;
    let list = ["ls-tree", "-r", "-z", "--name-only", &commit, "--"];
    let names = git.text(&[&list, paths].concat())?;
    let names: Vec<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
    let asked: String = names
        .iter()
        .map(|name| format!("{commit}:{}{name}\n", prefix.trim_end()))
        .collect();
    let answer = git.ask(&["cat-file", "--batch", "--follow-symlinks"], &asked)?;
    let (texts, lost) = texts(&names, &answer)?;
    let files = write::aside(&texts)?;
    Ok(Past { files, lost })
}

/// What was there.
pub(super) struct Past {
    /// The files.
    pub(super) files: Aside,
    /// Links that lead out of the commit, so that nobody knows what was there.
    pub(super) lost: Vec<String>,
}

/// Paths and texts.
type Texts = Vec<(String, String)>;

/// The texts of files in what `git cat-file --batch` said of them, and the links that lead out of the commit. Other things,
/// such as folders behind links, have no text.
fn texts(names: &[&str], mut answer: &[u8]) -> io::Result<(Texts, Vec<String>)> {
    let odd = |name: &str| io::Error::other(format!("git does not say what `{name}` is there"));
    let (mut texts, mut lost) = (Vec::new(), Vec::new());
    for name in names {
        let end = answer.iter().position(|byte| *byte == b'\n');
        let (head, rest) = answer.split_at(end.ok_or_else(|| odd(name))?);
        let head = String::from_utf8_lossy(head);
        let words: Vec<&str> = head.split(' ').collect();
        let size = words.last().and_then(|size| size.parse::<usize>().ok());
        let body = size.and_then(|size| rest.get(1..=size));
        let body = body.ok_or_else(|| odd(name))?;
        answer = rest.get(body.len() + 2..).unwrap_or_default();
        match words.as_slice() {
            [_, "blob", _] => {
                let text = String::from_utf8_lossy(body).into_owned();
                texts.push(((*name).to_owned(), text));
            }
            [_, _, _] => {}
            _ => lost.push((*name).to_owned()),
        }
    }
    Ok((texts, lost))
}

struct Git<'a> {
    root: &'a Path,
}

impl Git<'_> {
    /// The commit where this branch left that of the origin.
    fn left(&self) -> io::Result<String> {
        let trunk = TRUNKS.iter().find(|trunk| self.commit(trunk).is_ok());
        let Some(trunk) = trunk else {
            return self.commit("HEAD");
        };
        let left = self.run(&["merge-base", trunk, "HEAD"], None)?;
        if left.status.success() {
            return Ok(String::from_utf8_lossy(&left.stdout).trim().to_owned());
        }
        // HEAD would do as little: it would hide what the branch has changed.
        Err(io::Error::other(format!(
            "git knows no commit that `{trunk}` and this branch have in common: fetch more of the history (`git fetch \
             --unshallow`), or name a revision to compare with"
        )))
    }

    /// The commit that a revision names. What begins with a dash is none, whatever git would take it for.
    fn commit(&self, revision: &str) -> io::Result<String> {
        let name = format!("{revision}^{{commit}}");
        #[rustfmt::skip]
        let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", &name];
        let output = self.run(&args, None)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(io::Error::other(match said.trim() {
            "" => format!("git knows no revision `{revision}`"),
            said => format!("git knows no revision `{revision}`: {said}"),
        }))
    }

    fn text(&self, args: &[&str]) -> io::Result<String> {
        let output = self.run(args, None)?;
        let output = succeeded(args, output)?;
        Ok(String::from_utf8_lossy(&output).into_owned())
    }

    fn ask(&self, args: &[&str], asked: &str) -> io::Result<Vec<u8>> {
        succeeded(args, self.run(args, Some(asked))?)
    }

    fn run(&self, args: &[&str], asked: Option<&str>) -> io::Result<Output> {
        let failed =
            |err: io::Error| io::Error::new(err.kind(), format!("`git` cannot be started: {err}"));
        let mut command = Command::new("git");
        command.args(args).current_dir(self.root);
        let Some(asked) = asked else {
            return command.stdin(Stdio::null()).output().map_err(failed);
        };
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().map_err(failed)?;
        let stdin = child.stdin.take();
        std::thread::scope(|scope| {
            // Beside reading: neither side waits for the other to make room.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(asked.as_bytes())));
            child.wait_with_output()
        })
    }
}

fn succeeded(args: &[&str], output: Output) -> io::Result<Vec<u8>> {
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = args.join(" ");
    Err(io::Error::other(format!("`git {line}`: {}", said.trim())))
}
