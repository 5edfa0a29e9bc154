//! Prose in the cells of tables.

use crate::plan::is_unseen;

/// Prose as a cell holds it.
pub(super) struct Cell {
    /// Its first paragraph in one line; empty if it begins with something else, or says nothing.
    pub(super) text: String,
    /// Whether there is more of it.
    pub(super) rest: Rest,
}

/// Whether a cell holds all of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// It does.
    Nothing,
    /// There is more.
    More,
}

/// What begins a line that is no paragraph's.
const BLOCKS: [&str; 7] = ["```", "* ", "- ", "+ ", "#", "|", ">"];

/// The first paragraph of a text, for a cell.
pub(super) fn cell(lines: &[String]) -> Cell {
    let first = lines.first().map_or("", String::as_str);
    let begins_list = first
        .trim_start_matches(|sign: char| sign.is_ascii_digit())
        .starts_with(". ");
    if BLOCKS.iter().any(|sign| first.starts_with(sign)) || begins_list {
        return Cell {
            text: String::new(),
            rest: Rest::More,
        };
    }
    let paragraph: Vec<&str> = lines
        .iter()
        .map(|line| line.trim_end_matches('\\').trim())
        .take_while(|line| !line.is_empty())
        .collect();
    let rest = lines[paragraph.len().min(lines.len())..].iter();
    let has_more = rest.into_iter().any(|line| !line.is_empty());
    Cell {
        text: escaped(&paragraph.join(" ")),
        rest: match has_more {
            true => Rest::More,
            false => Rest::Nothing,
        },
    }
}

/// One line as a cell holds it: the sign between cells is escaped, also in code, where tables alone look for that (GFM,
/// section 4.10).
pub(super) fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut is_escaped = false;
    for sign in line.chars() {
        if sign == '|' && !is_escaped {
            out.push('\\');
        }
        is_escaped = sign == '\\' && !is_escaped;
        out.push(sign);
    }
    out
}

/// A text of the document as code in a cell, with all its signs.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|sign| sign != '`').map(str::len).max();
    let ticks = "`".repeat(longest.unwrap_or(0) + 1);
    let seen = text.chars().map(|sign| match sign {
        '\n' | '\r' | '\t' => " ".to_owned(),
        '|' => "\\|".to_owned(),
        sign if is_unseen(sign) => sign.escape_unicode().to_string(),
        sign => sign.to_string(),
    });
    let text: String = seen.collect();
    let is_edge = |sign: Option<char>| sign.is_some_and(|sign| sign == '`' || sign == ' ');
    match text.is_empty() {
        true => "the empty text".to_owned(),
        false if is_edge(text.chars().next()) || is_edge(text.chars().next_back()) => {
            format!("{ticks} {text} {ticks}")
        }
        false => format!("{ticks}{text}{ticks}"),
    }
}

/// One line of Markdown as the text of a link, which holds no other.
pub(super) fn link_text(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(sign) = rest.chars().next() {
        let (first, after) = rest.split_at(sign.len_utf8());
        rest = after;
        match first {
            "\\" => {
                let next = after.chars().next().map_or(0, char::len_utf8);
                out.push_str(first);
                out.push_str(&after[..next]);
                rest = &after[next..];
            }
            "`" => {
                let more = after.bytes().take_while(|byte| *byte == b'`').count();
                let signs = "`".repeat(more + 1);
                let end = after[more..].find(&signs);
                let end = end.map_or(after.len(), |end| more + end + signs.len());
                out.push_str(first);
                out.push_str(&after[..end]);
                rest = &after[end..];
            }
            "[" => {}
            "]" if after.starts_with('(') => {
                rest = after.split_once(')').map_or("", |(_, rest)| rest);
            }
            "]" | "<" | ">" => {}
            _ => out.push_str(first),
        }
    }
    out
}

/// Prose with each heading changed: its signs with the space behind them, and its text. What looks like one in code is
/// none.
pub(super) fn with_headings(
    lines: &[String],
    change: impl Fn(&str, &str) -> String,
) -> Vec<String> {
    let mut fence = 0;
    let line = |line: &String| {
        let start = line.trim_start();
        let ticks = start.bytes().take_while(|byte| *byte == b'`').count();
        if fence > 0 {
            if ticks >= fence && start.len() == ticks {
                fence = 0;
            }
            return line.clone();
        }
        if ticks >= 3 {
            fence = ticks;
            return line.clone();
        }
        let text = line.trim_start_matches('#');
        match text.strip_prefix(' ') {
            Some(text) if text.len() + 1 < line.len() => {
                change(&line[..line.len() - text.len()], text.trim())
            }
            _ => line.clone(),
        }
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
#[path = "cell_tests.rs"]
mod tests;
