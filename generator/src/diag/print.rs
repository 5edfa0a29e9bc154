//! Diagnostics as people and programs read them.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::{Diagnostic, Diagnostics, Severity, Spot};
use crate::load::{FileId, Place, Source, locate};
use crate::pointer::Pointer;

/// Lines longer than this (in bytes) are not shown whole.
const LONGEST_LINE: usize = 160;

/// Whether the text is for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colors {
    /// Plain text.
    Plain,
    /// With ANSI escape codes.
    Ansi,
}

/// A diagnostic as `--format json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The code's name.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The node in that file, as a JSON pointer in a URI fragment: `#/info`.
    pub pointer: String,
    /// What happened.
    pub message: String,
}

impl Diagnostics {
    /// Everything reported so far as people read it, sorted by file and place, with excerpts.
    #[must_use]
    pub fn print(&self, colors: Colors) -> String {
        let renderer = match colors {
            Colors::Plain => Renderer::plain(),
            Colors::Ansi => Renderer::styled(),
        };
        let mut text = String::new();
        for located in self.located() {
            text.push_str(&located.render(&renderer));
            text.push_str("\n\n");
        }
        text
    }

    /// Everything reported so far as programs read it, sorted by file and place.
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        self.located().iter().map(Located::report).collect()
    }

    fn located(&self) -> Vec<Located<'_>> {
        let mut by_file: BTreeMap<FileId, Vec<(&Diagnostic, Place)>> = BTreeMap::new();
        let mut located = Vec::new();
        for diagnostic in self.list() {
            match &diagnostic.spot {
                Some(Spot::Byte(file, at)) => {
                    let source = self.origins().file(*file);
                    let at = (*at).min(source.text.len());
                    located.push(Located {
                        diagnostic,
                        file: *file,
                        source,
                        pointer: None,
                        span: at..at,
                        line: Line::at(&source.text, &breaks(&source.text), at),
                    });
                }
                Some(Spot::Node(place)) => {
                    by_file
                        .entry(place.file)
                        .or_default()
                        .push((diagnostic, place.clone()));
                }
                None => {
                    if let Some(place) = self.origins().place(&diagnostic.at) {
                        by_file
                            .entry(place.file)
                            .or_default()
                            .push((diagnostic, place));
                    }
                }
            }
        }
        for (file, list) in by_file {
            let source = self.origins().file(file);
            let breaks = breaks(&source.text);
            let wanted: Vec<Pointer> = list.iter().map(|(_, place)| place.at.clone()).collect();
            for ((diagnostic, place), span) in list.into_iter().zip(locate::locate(source, &wanted))
            {
                located.push(Located {
                    diagnostic,
                    file,
                    source,
                    pointer: Some(place.at),
                    line: Line::at(&source.text, &breaks, span.start),
                    span,
                });
            }
        }
        located.sort_by(|a, b| a.key().cmp(&b.key()));
        located
    }
}

/// A diagnostic and its place in a text.
struct Located<'a> {
    diagnostic: &'a Diagnostic,
    file: FileId,
    source: &'a Source,
    /// The node; `None` where the text has none, for want of syntax.
    pointer: Option<Pointer>,
    span: Range<usize>,
    /// The line of the span's start.
    line: Line,
}

/// A line of a text.
struct Line {
    /// Its number, from 1.
    number: usize,
    /// Where it is, without the line break.
    bytes: Range<usize>,
    /// Where the line before it begins.
    before: usize,
}

impl Line {
    /// The line that holds the byte `at`, in a text with line breaks at `breaks`.
    fn at(text: &str, breaks: &[usize], at: usize) -> Self {
        let index = breaks.partition_point(|found| *found < at);
        let start = |index: usize| index.checked_sub(1).map_or(0, |last| breaks[last] + 1);
        Self {
            number: index + 1,
            bytes: start(index)..breaks.get(index).copied().unwrap_or(text.len()),
            before: start(index.saturating_sub(1)),
        }
    }
}

/// Where the line breaks of a text are.
fn breaks(text: &str) -> Vec<usize> {
    text.match_indices('\n').map(|(at, _)| at).collect()
}

impl Located<'_> {
    fn key(&self) -> (FileId, usize, &'static str, &str) {
        (
            self.file,
            self.span.start,
            self.diagnostic.code.as_str(),
            &self.diagnostic.message,
        )
    }

    /// The column in characters, from 1.
    fn column(&self) -> usize {
        let before = self.line.bytes.start..self.span.start;
        self.source.text[before].chars().count() + 1
    }

    fn report(&self) -> Report {
        Report {
            code: self.diagnostic.code.as_str(),
            severity: match self.diagnostic.code.severity() {
                Severity::Error => "error",
                Severity::Downgrade | Severity::Warning => "warning",
            },
            file: self.source.path.clone(),
            line: self.line.number,
            column: self.column(),
            pointer: self
                .pointer
                .as_ref()
                .map_or_else(|| "#".to_owned(), Pointer::to_string),
            message: self.diagnostic.message.clone(),
        }
    }

    fn render(&self, renderer: &Renderer) -> String {
        let code = self.diagnostic.code;
        let level = match code.severity() {
            Severity::Error => Level::ERROR,
            Severity::Downgrade | Severity::Warning => Level::WARNING,
        };
        let message = printable(&self.diagnostic.message);
        let excerpt = self.excerpt();
        let text = self.source.text[excerpt.clone()].replace('\r', " ");
        let first = self.line.number
            - text[..self.span.start - excerpt.start]
                .matches('\n')
                .count();
        let span = self.span.start - excerpt.start..self.span.end.min(excerpt.end) - excerpt.start;
        let snippet = Snippet::source(text)
            .line_start(first)
            .fold(false)
            .annotation(AnnotationKind::Primary.span(span));
        let group = level.primary_title(message).id(code.as_str());
        let mut group = if self.is_cut() {
            group
                .element(
                    Origin::path(&self.source.path)
                        .line(self.line.number)
                        .char_column(self.column()),
                )
                .element(snippet)
        } else {
            group.element(snippet.path(&self.source.path))
        };
        if let Some(pointer) = &self.pointer {
            group = group.element(
                Level::NOTE
                    .with_name("at")
                    .message(printable(&pointer.to_string())),
            );
        }
        renderer.render(&[group.element(Level::HELP.message(code.help()))])
    }

    /// The bytes to show: the line before and the line itself, or a part of a line that is very long.
    fn excerpt(&self) -> Range<usize> {
        let text = &self.source.text;
        let Line { bytes, before, .. } = &self.line;
        if self.is_cut() {
            let from = self.span.start.saturating_sub(LONGEST_LINE / 4);
            let from = floor(text, from.max(bytes.start));
            return from..floor(text, bytes.end.min(from + LONGEST_LINE)).max(self.span.start);
        }
        let line_before = *before..bytes.start;
        let is_useful = !line_before.is_empty()
            && line_before.len() <= LONGEST_LINE
            && !text[line_before].trim().is_empty();
        if is_useful {
            *before..bytes.end
        } else {
            bytes.clone()
        }
    }

    fn is_cut(&self) -> bool {
        self.line.bytes.len() > LONGEST_LINE
    }
}

/// The last place where a character starts, at or before `at`.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text of a stranger without line breaks and control characters.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
