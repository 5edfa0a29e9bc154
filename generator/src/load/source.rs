//! Texts, and what stands in them.

use std::cell::RefCell;
use std::path::Path;
use std::{fs, io};

use serde_json::Value;

use super::value::{self, Duplicate};

/// A text, and what the caller calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the caller gave it: shown to people, and where relative references start.
    pub path: String,
    /// The text, without a byte order mark.
    pub text: String,
}

impl Source {
    /// Names a text that was not read from a file.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Self {
            path: path.into(),
            text,
        }
    }

    /// Reads a text. The only read in this crate.
    ///
    /// # Errors
    /// Any error of [`std::fs::read`], or [`io::ErrorKind::InvalidData`] for what is not UTF-8, with the path
    /// in its text.
    pub fn read(path: &Path) -> io::Result<Self> {
        let named = |kind, reason: &dyn std::fmt::Display| {
            io::Error::new(kind, format!("reading `{}`: {reason}", path.display()))
        };
        let bytes = fs::read(path).map_err(|err| named(err.kind(), &err))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| named(io::ErrorKind::InvalidData, &"the text is not UTF-8"))?;
        Ok(Self::new(path.display().to_string(), text))
    }

    /// The last part of the path.
    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// Whether the text begins like JSON, which no block of YAML does.
    pub(crate) fn looks_like_json(&self) -> bool {
        self.text.trim_start().starts_with(['{', '['])
    }
}

/// What a text says.
pub(super) struct Parsed {
    /// The tree.
    pub(super) tree: Value,
    /// Keys that stand more than once in one mapping.
    pub(super) duplicates: Vec<Duplicate>,
}

/// Why a text says nothing.
pub(super) struct Unreadable {
    /// The byte where the parser gave up.
    pub(super) offset: usize,
    /// The parser's reason.
    pub(super) reason: String,
}

/// Reads the tree of a text: JSON where it begins like JSON, else YAML; JSON that is not quite JSON (comments,
/// trailing commas) gets a second chance as YAML, whose flow style allows them.
///
/// Nesting deeper than 128 levels and aliases that repeat too much are errors of the parsers.
///
/// # Errors
/// The reason of the parser that the text looks to be meant for.
pub(super) fn parse(source: &Source) -> Result<Parsed, Unreadable> {
    if source.text.trim().is_empty() {
        return Err(Unreadable {
            offset: 0,
            reason: "the file is empty".to_owned(),
        });
    }
    if let Some(offset) = too_deep(&source.text) {
        let reason = "the nesting is too deep".to_owned();
        return Err(Unreadable { offset, reason });
    }
    if !source.looks_like_json() {
        return parse_yaml(&source.text);
    }
    parse_json(&source.text).or_else(|err| parse_yaml(&source.text).map_err(|_| err))
}

/// Brackets that open more often than they close, by this much, are an attack: YAML parsers take quadratic
/// time to find out.
const DEEPEST_BRACKETS: usize = 5_000;

/// Where the brackets of a text, quoted or not, are nested deeper than any document has them.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST_BRACKETS
    })
}

fn parse_json(text: &str) -> Result<Parsed, Unreadable> {
    let duplicates = RefCell::new(Vec::new());
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let tree = value::read(&mut deserializer, &duplicates)
        .and_then(|tree| deserializer.end().map(|()| tree))
        .map_err(|err| Unreadable {
            offset: offset_of(text, err.line(), err.column()),
            reason: without_place(&err.to_string()),
        })?;
    Ok(Parsed {
        tree,
        duplicates: duplicates.into_inner(),
    })
}

fn parse_yaml(text: &str) -> Result<Parsed, Unreadable> {
    let duplicates = RefCell::new(Vec::new());
    let unreadable = |err: serde_yaml::Error| Unreadable {
        offset: err.location().map_or(0, |at| boundary(text, at.index())),
        reason: without_place(&err.to_string()),
    };
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let Some(first) = documents.next() else {
        return Err(Unreadable {
            offset: 0,
            reason: "the file is empty".to_owned(),
        });
    };
    let tree = value::read(first, &duplicates).map_err(unreadable)?;
    for other in documents {
        if !value::read(other, &RefCell::default())
            .map_err(unreadable)?
            .is_null()
        {
            let offset = text.rfind("\n---").map_or(0, |at| at + 1);
            let reason = "the file holds several YAML documents".to_owned();
            return Err(Unreadable { offset, reason });
        }
    }
    Ok(Parsed {
        tree,
        duplicates: duplicates.into_inner(),
    })
}

/// A parser's message without the ` at line 1 column 2` that we show in our own way.
fn without_place(message: &str) -> String {
    let end = message.find(" at line ").unwrap_or(message.len());
    message[..end].replace('`', "'")
}

/// The byte offset of a line and a column (both from 1, columns in bytes, as serde_json counts).
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    boundary(text, start + column.saturating_sub(1))
}

/// The last place where a character starts, at or before `offset`.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
