//! Alternatives of one example: `<!-- tabs -->`, a heading of level 4 for each, `<!-- /tabs -->`.
//!
//! What comes out are sections that are readable as they are; the site's script makes tabs of them.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag};

use super::{Edit, github};

const OPEN: &str = "<div class=\"tabs\">";
const OPEN_ONE: &str = "<div class=\"tab\">";
const CLOSE: &str = "</div>";

/// A comment of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    Start,
    End,
}

/// Which of our comments this HTML is, if it is one.
pub(super) fn marker(html: &str) -> Option<Marker> {
    match html.trim() {
        "<!-- tabs -->" => Some(Marker::Start),
        "<!-- /tabs -->" => Some(Marker::End),
        _ => None,
    }
}

/// Whether this HTML is what we write.
pub(super) fn is_ours(html: &str) -> bool {
    [OPEN, OPEN_ONE, CLOSE, ""].contains(&html.trim())
}

/// The comments become the borders of sections; those without a partner, or without a heading between, go.
pub(super) fn edits(source: &str) -> Vec<Edit> {
    let (mut edits, mut depth) = (Vec::new(), 0_usize);
    let mut open: Option<(Range<usize>, Vec<usize>)> = None;
    let gone = |range| Edit::new(range, "\n");
    for (event, range) in Parser::new_ext(source, github()).into_offset_iter() {
        if let (0, Event::Start(tag)) = (depth, &event) {
            let found = match tag {
                Tag::HtmlBlock => marker(&source[range.clone()]),
                _ => None,
            };
            let level = match tag {
                Tag::Heading { level, .. } => Some(*level),
                _ => None,
            };
            match (found, level, open.take()) {
                (Some(Marker::Start), _, before) => {
                    edits.extend(before.map(|(start, _)| gone(start)));
                    open = Some((range, Vec::new()));
                }
                (Some(Marker::End), _, Some((start, headings))) if !headings.is_empty() => {
                    edits.extend(group(start, &headings, range));
                }
                (Some(Marker::End), _, before) => {
                    edits.extend(before.map(|(start, _)| gone(start)));
                    edits.push(gone(range));
                }
                (None, Some(HeadingLevel::H4), Some((start, mut headings))) => {
                    headings.push(range.start);
                    open = Some((start, headings));
                }
                // A heading above the fourth level ends what was being shown.
                (None, Some(level), Some((start, _))) if level < HeadingLevel::H4 => {
                    edits.push(gone(start));
                }
                (None, _, before) => open = before,
            }
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    edits.extend(open.map(|(start, _)| gone(start)));
    edits
}

fn group(start: Range<usize>, headings: &[usize], end: Range<usize>) -> Vec<Edit> {
    let mut edits = vec![Edit::new(start, format!("\n{OPEN}\n\n"))];
    for (index, at) in headings.iter().enumerate() {
        let before = if index == 0 {
            String::new()
        } else {
            format!("\n{CLOSE}\n\n")
        };
        edits.push(Edit::new(*at..*at, format!("{before}{OPEN_ONE}\n\n")));
    }
    edits.push(Edit::new(end, format!("\n{CLOSE}\n\n{CLOSE}\n\n")));
    edits
}
