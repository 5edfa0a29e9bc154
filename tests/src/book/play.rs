//! Plays a page: its files are written, its commands run, and what they say is what stands below them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::page::{Block, Page};
use crate::repo;

/// Commands that another test runs, or that need the network; each with the reason.
const ELSEWHERE: &[(&str, &str)] = &[
    ("cargo install ", "compiles the generator once more"),
    (
        "cargo xtask ",
        "is about this repository: `cargo xtask ci` runs it",
    ),
    (
        "cargo run",
        "what it compiles is compiled and run by `programs`",
    ),
    ("cargo add ", "asks the registry"),
    ("cargo new ", "comes before what asks the registry"),
    (
        "cargo test",
        "what it compiles is compiled and run by `programs`",
    ),
    (
        "cargo check",
        "what it compiles is compiled and run by `programs`",
    ),
    ("cargo insta ", "is a tool of its own"),
];

/// Languages of what a command says.
const SAID: &[&str] = &["text", "json", "diff", "md"];

/// A folder for one page, with the command in reach.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new(shelf: &Page) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let desk = Self { folder };
        fs::create_dir_all(desk.commands()).expect("folders can be made");
        fs::create_dir_all(desk.place()).expect("folders can be made");
        let command = Path::new(env!("CARGO_BIN_EXE_specmint-process"));
        symlink(command, desk.commands().join("specmint")).expect("a link can be made");
        symlink(repo::root(), desk.place().join("specmint")).expect("a link can be made");
        shelf.blocks.iter().for_each(|block| desk.put(block));
        desk
    }

    fn commands(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    /// Where the page's files and commands are.
    fn place(&self) -> PathBuf {
        self.folder.path().join("desk")
    }

    /// Writes the block if it is a file.
    fn put(&self, block: &Block) {
        if let Some(name) = block.file() {
            let path = self.place().join(name);
            let folder = path.parent().expect("a file is in a folder");
            fs::create_dir_all(folder).expect("folders can be made");
            fs::write(&path, &block.text).expect("files can be written");
        }
    }

    /// What the commands say, both ways together, and the exit code.
    fn run(&self, commands: &str) -> (String, Option<i32>) {
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("sh")
            .arg("-c")
            .arg(format!("set -e\nexec 2>&1\n{commands}"))
            .current_dir(self.place())
            .env("PATH", format!("{}:{path}", self.commands().display()))
            .output()
            .expect("a shell can be started");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (said, output.status.code())
    }

    /// Reads a manifest, or a part of one, as Cargo does: with all that it depends on, and its features.
    fn resolve(&self, block: &Block) -> Result<(), String> {
        let folder = match block.file() {
            Some(file) => self.place().join(file).with_file_name(""),
            None => self.place().join("part"),
        };
        fs::create_dir_all(folder.join("src")).expect("folders can be made");
        fs::write(folder.join("src/lib.rs"), "").expect("files can be written");
        let mut manifest = block.text.clone();
        if !manifest.contains("[package]") {
            manifest.push_str("\n[package]\nname = \"part\"\nedition = \"2024\"\n");
        }
        fs::write(folder.join("Cargo.toml"), manifest).expect("files can be written");
        let lock = repo::root().join("Cargo.lock");
        fs::copy(lock, folder.join("Cargo.lock")).expect("the lock file can be copied");
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--offline"])
            .current_dir(&folder)
            .output()
            .expect("cargo can be started: it started this test");
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }
}

/// Plays the page on a desk with what is on the shelf.
pub(super) fn play(page: &Page, shelf: &Page) {
    let desk = Desk::new(shelf);
    let mut said: Option<String> = None;
    for block in &page.blocks {
        let place = page.place(block);
        match block.language.as_str() {
            "sh" if is_elsewhere(block) => said = None,
            "sh" => {
                let (text, code) = desk.run(&block.text);
                assert_eq!(code, Some(block.exit()), "{place}\n{}\n{text}", block.text);
                said = Some(text);
            }
            language if SAID.contains(&language) && said.is_some() => {
                let text = said.take().unwrap_or_default();
                assert!(
                    is_like(block.text.trim(), text.trim()),
                    "{place} shows\n{}\nand the commands say\n{text}",
                    block.text
                );
            }
            _ => {
                desk.put(block);
                if let Err(trouble) = read(&desk, block) {
                    panic!("{place}: {trouble}\n{}", block.text);
                }
            }
        }
    }
}

fn is_elsewhere(block: &Block) -> bool {
    let lines = block.text.lines().filter(|line| !line.is_empty());
    let mut is_elsewhere =
        lines.map(|line| ELSEWHERE.iter().any(|(start, _)| line.starts_with(start)));
    is_elsewhere.all(|is_elsewhere| is_elsewhere)
}

/// Whether a block can be read as what it says it is.
fn read(desk: &Desk, block: &Block) -> Result<(), String> {
    if block.has("wrong") {
        return Ok(());
    }
    match block.language.as_str() {
        "json" => serde_json::from_str::<serde_json::Value>(&block.text)
            .map(drop)
            .map_err(|error| error.to_string()),
        "yaml" => serde_yaml::from_str::<serde_yaml::Value>(&block.text)
            .map(drop)
            .map_err(|error| error.to_string()),
        "toml" => desk.resolve(block),
        "" => Err("the fence says nothing of what it holds".to_owned()),
        _ => Ok(()),
    }
}

/// Whether `text` is like `shown`, in which `…` stands for anything. Spaces at the ends of lines do not count.
fn is_like(shown: &str, text: &str) -> bool {
    let plain = |text: &str| {
        text.lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
    };
    fits(&plain(shown), &plain(text))
}

fn fits(shown: &str, text: &str) -> bool {
    let Some((first, rest)) = shown.split_once('…') else {
        return shown == text;
    };
    let Some(text) = text.strip_prefix(first) else {
        return false;
    };
    let starts = std::iter::once(0).chain(text.char_indices().map(|(at, c)| at + c.len_utf8()));
    // The next fixed stretch must be there before anything else is worth trying.
    let next = rest.split('…').next().unwrap_or_default();
    if !text.contains(next) {
        return false;
    }
    starts
        .into_iter()
        .any(|at| text[at..].starts_with(next) && fits(rest, &text[at..]))
}

#[test]
fn three_points_stand_for_anything() {
    assert!(is_like("a … c", "a b\nb c"));
    assert!(is_like("…", ""));
    assert!(!is_like("a … c", "a b d"));
}
