//! From pointers to places in a text, by a second reading with parsers that keep marks.
//!
//! Only done when there is something to print; all pointers of a file are found in one reading.

use std::collections::HashMap;
use std::ops::Range;

use jiter::{Jiter, JiterResult, Peek};
use saphyr_parser::{Event, Parser, Span};

use super::Source;
use crate::pointer::Pointer;

/// Finds the byte ranges to underline: the key of a member, the beginning of an element. A pointer to what is
/// not there falls back to the nearest node around it.
pub(crate) fn locate(source: &Source, wanted: &[Pointer]) -> Vec<Range<usize>> {
    let mut tree = Wanted::default();
    let ends: Vec<usize> = wanted.iter().map(|pointer| tree.add(pointer)).collect();
    let read = source.looks_like_json() && find_in_json(&source.text, &mut tree).is_ok();
    if !read {
        tree.spans.clear();
        find_in_yaml(&source.text, &mut tree);
    }
    ends.into_iter()
        .map(|end| widened(&source.text, tree.nearest(end)))
        .collect()
}

/// The wanted pointers as a tree, node 0 being the root.
#[derive(Default)]
struct Wanted {
    steps: HashMap<(usize, String), usize>,
    parents: Vec<usize>,
    spans: HashMap<usize, Range<usize>>,
}

impl Wanted {
    fn add(&mut self, pointer: &Pointer) -> usize {
        if self.parents.is_empty() {
            self.parents.push(0);
        }
        let mut node = 0;
        for token in pointer.tokens() {
            let next = self.parents.len();
            let found = *self.steps.entry((node, token)).or_insert(next);
            if found == next {
                self.parents.push(node);
            }
            node = found;
        }
        node
    }

    fn step(&self, from: Option<usize>, token: String) -> Option<usize> {
        self.steps.get(&(from?, token)).copied()
    }

    /// Notes where a node stands; of several members with one key the last one counts, as in reading.
    fn note(&mut self, node: Option<usize>, span: Range<usize>) {
        if let Some(node) = node {
            self.spans.insert(node, span);
        }
    }

    fn nearest(&self, mut node: usize) -> Range<usize> {
        while node != 0 {
            if let Some(span) = self.spans.get(&node) {
                return span.clone();
            }
            node = self.parents[node];
        }
        0..0
    }
}

/// An empty range is widened to the rest of its line, or to the first line that says something.
fn widened(text: &str, span: Range<usize>) -> Range<usize> {
    if !span.is_empty() {
        return span;
    }
    let rest = &text[span.start..];
    let start = span.start + (rest.len() - rest.trim_start().len());
    let line = text[start..].lines().next().unwrap_or_default().trim_end();
    start..start + line.len()
}

fn find_in_json(text: &str, wanted: &mut Wanted) -> JiterResult<()> {
    json_value(&mut Jiter::new(text.as_bytes()), text, Some(0), wanted)
}

fn json_value(
    json: &mut Jiter<'_>,
    text: &str,
    node: Option<usize>,
    wanted: &mut Wanted,
) -> JiterResult<()> {
    let peek = json.peek()?;
    if node.is_none() {
        return json.known_skip(peek);
    }
    match peek {
        Peek::Object => {
            let mut from = json.current_index();
            let mut key = json.known_object()?.map(str::to_owned);
            while let Some(name) = key {
                let child = wanted.step(node, name);
                if child.is_some() {
                    wanted.note(child, json_key(text, from));
                }
                json_value(json, text, child, wanted)?;
                from = json.current_index();
                key = json.next_key()?.map(str::to_owned);
            }
            Ok(())
        }
        Peek::Array => {
            let mut index = 0;
            let mut next = json.known_array()?;
            while next.is_some() {
                let child = wanted.step(node, index.to_string());
                let from = json.current_index();
                json_value(json, text, child, wanted)?;
                if child.is_some() {
                    let whole = from..json.current_index();
                    let is_short = !text[whole.clone()].starts_with(['{', '[']);
                    wanted.note(child, if is_short { whole } else { from..from });
                }
                index += 1;
                next = json.array_step()?;
            }
            Ok(())
        }
        peek => json.known_skip(peek),
    }
}

/// The key that begins at or after `from`, in its quotes.
fn json_key(text: &str, from: usize) -> Range<usize> {
    let start = from + text[from..].find('"').unwrap_or(0);
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(start + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return start..at + 1,
            _ => {}
        }
    }
    start..text.len()
}

/// A mapping or a list that is being read.
enum Frame {
    /// A mapping, and the member whose value comes next; `None` outside if a key comes next.
    Mapping(Option<usize>, Option<Option<usize>>),
    /// A list, and the index that comes next.
    List(Option<usize>, usize),
}

fn find_in_yaml(text: &str, wanted: &mut Wanted) {
    let bytes: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let byte = |char: usize| bytes.get(char).copied().unwrap_or(text.len());
    let range = |span: &Span| byte(span.start.index())..byte(span.end.index());
    let mut frames: Vec<Frame> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { return };
        let is_scalar = matches!(event, Event::Scalar(..) | Event::Alias(_));
        let node = match (&event, frames.last_mut()) {
            (Event::MappingEnd | Event::SequenceEnd, _) => {
                frames.pop();
                continue;
            }
            (Event::DocumentEnd | Event::StreamEnd, _) => return,
            (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => continue,
            (Event::Scalar(key, ..), Some(Frame::Mapping(node, next @ None))) => {
                let child = wanted.step(*node, key.clone().into_owned());
                wanted.note(child, range(&span));
                *next = Some(child);
                continue;
            }
            (_, Some(Frame::Mapping(_, next @ None))) => {
                *next = Some(None);
                None
            }
            (_, Some(Frame::Mapping(_, next))) => next.take().flatten(),
            (_, Some(Frame::List(node, index))) => {
                let child = wanted.step(*node, index.to_string());
                *index += 1;
                let start = range(&span).start;
                wanted.note(
                    child,
                    if is_scalar {
                        range(&span)
                    } else {
                        start..start
                    },
                );
                child
            }
            (_, None) => Some(0),
        };
        match event {
            Event::MappingStart(..) => frames.push(Frame::Mapping(node, None)),
            Event::SequenceStart(..) => frames.push(Frame::List(node, 0)),
            _ => {}
        }
    }
}
