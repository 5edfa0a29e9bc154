//! A page of the book, as blocks of code.

use std::path::Path;

use crate::repo;

/// A page.
pub(super) struct Page {
    /// Its place below the book's `src`, with `/` between names.
    pub(super) name: String,
    /// What it is.
    pub(super) path: std::path::PathBuf,
    /// Its fenced blocks.
    pub(super) blocks: Vec<Block>,
}

/// A fenced block.
pub(super) struct Block {
    /// The first word behind the fence.
    pub(super) language: String,
    /// The other words, such as `exit=1`.
    pub(super) flags: Vec<String>,
    /// The line of its fence.
    pub(super) line: usize,
    /// What stands in it.
    pub(super) text: String,
}

impl Page {
    pub(super) fn read(folder: &Path, path: &Path) -> Self {
        let name = path.strip_prefix(folder).expect("the page is in the book");
        Self {
            name: name.display().to_string().replace('\\', "/"),
            path: path.to_owned(),
            blocks: blocks(&repo::read(path)),
        }
    }

    /// Where a block is, for failures.
    pub(super) fn place(&self, block: &Block) -> String {
        format!("{}:{}", repo::shown(&self.path), block.line)
    }
}

impl Block {
    /// The file that the block is: the first line names it in a comment.
    pub(super) fn file(&self) -> Option<&str> {
        let first = self.text.lines().next()?;
        let name = first
            .strip_prefix("# ")
            .or_else(|| first.strip_prefix("// "))?;
        let is_path = name.contains('.')
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
        is_path.then_some(name)
    }

    pub(super) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|one| one == flag)
    }

    /// The exit code that a block of commands ends with.
    pub(super) fn exit(&self) -> i32 {
        let code = self
            .flags
            .iter()
            .find_map(|flag| flag.strip_prefix("exit="));
        code.map_or(0, |code| code.parse().expect("an exit code is a number"))
    }
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(&str, Block)> = None;
    for (number, line) in text.lines().enumerate() {
        match &mut open {
            Some((fence, _)) if line == *fence => {
                blocks.extend(open.take().map(|(_, block)| block));
            }
            Some((_, block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {
                let ticks = line.len() - line.trim_start_matches('`').len();
                if ticks >= 3 {
                    open = Some((&line[..ticks], opened(&line[ticks..], number + 1)));
                }
            }
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

fn opened(words: &str, line: usize) -> Block {
    let mut words = words.split(',').map(str::to_owned);
    Block {
        language: words.next().unwrap_or_default(),
        flags: words.collect(),
        line,
        text: String::new(),
    }
}
