//! What a [`Slot`](super::json::Slot) wrote, as texts that can stand in a URL, a header or a form.
//!
//! In: JSON bytes. Out: a [`Node`], whose scalars are the plain texts (`"a"` is `a`, `1.50` stays `1.50`)
//! and which knows its own JSON text. Buffers that may hold a secret are wiped when dropped.

use std::borrow::Cow;

use jiter::{Jiter, JiterError, Peek};
use zeroize::Zeroizing;

use super::json::MAX_DEPTH;
use super::part::marked;

/// A JSON value that was written by us.
pub(super) enum Node<'a> {
    Null,
    /// A string without its quotes and escapes, or a number or Boolean as it was written.
    Scalar(Zeroizing<String>),
    List(Vec<Node<'a>>, &'a [u8]),
    Object(Vec<(String, Node<'a>)>, &'a [u8]),
    /// A part that stands beside the JSON, by its number.
    Marked(usize),
}

impl<'a> Node<'a> {
    /// Reads JSON; `None` if it is none, or nests deeper than any body may.
    pub(super) fn parse(json: &'a [u8]) -> Option<Self> {
        let mut jiter = Jiter::new(json);
        let peek = jiter.peek().ok()?;
        let node = read(&mut jiter, peek, 0).ok().flatten()?;
        jiter.finish().ok()?;
        Some(node)
    }

    /// The text of a scalar, the JSON text of a list or an object, and nothing for null.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Node::Null | Node::Marked(_) => None,
            Node::Scalar(text) => Some(Cow::Borrowed(text)),
            Node::List(_, raw) | Node::Object(_, raw) => Some(String::from_utf8_lossy(raw)),
        }
    }
}

/// Reads one value; `Ok(None)` says that it nests too deep.
fn read<'a>(jiter: &mut Jiter<'a>, peek: Peek, depth: u32) -> Result<Option<Node<'a>>, JiterError> {
    if depth > MAX_DEPTH {
        return Ok(None);
    }
    let start = jiter.current_index();
    let node = match peek {
        Peek::Null => {
            jiter.known_null()?;
            Node::Null
        }
        Peek::True | Peek::False => {
            let text = if jiter.known_bool(peek)? {
                "true"
            } else {
                "false"
            };
            scalar(text)
        }
        Peek::String => {
            let text = scalar(jiter.known_str()?);
            match marked(jiter.slice_to_current(start)) {
                Some(index) => Node::Marked(index),
                None => text,
            }
        }
        Peek::Array => {
            let mut items = Vec::new();
            let mut next = jiter.known_array()?;
            while let Some(peek) = next {
                let Some(item) = read(jiter, peek, depth + 1)? else {
                    return Ok(None);
                };
                items.push(item);
                next = jiter.array_step()?;
            }
            Node::List(items, jiter.slice_to_current(start))
        }
        Peek::Object => {
            let mut members = Vec::new();
            let mut next = jiter.known_object()?.map(str::to_owned);
            while let Some(name) = next {
                let peek = jiter.peek()?;
                let Some(value) = read(jiter, peek, depth + 1)? else {
                    return Ok(None);
                };
                members.push((name, value));
                next = jiter.next_key()?.map(str::to_owned);
            }
            Node::Object(members, jiter.slice_to_current(start))
        }
        _ => {
            let digits = jiter.known_number_bytes(peek)?;
            scalar(&String::from_utf8_lossy(digits))
        }
    };
    Ok(Some(node))
}

fn scalar<'a>(text: &str) -> Node<'a> {
    Node::Scalar(Zeroizing::new(text.to_owned()))
}
