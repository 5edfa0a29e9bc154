//! Forms as JSON: what a client made of an object is made an object again.
//!
//! A form has no types, so a text stands for every scalar, and the reader of JSON is kind. Where it wants a list
//! or an object and a text is there, the text is made one: alone in a list, or read as JSON.

use std::collections::BTreeMap;

use super::super::DecodeError;
use super::super::json::{Kind, Manner, Problem, write_text};
use super::path::decode;

/// The most texts that are made lists or objects in one form.
const MOST_MENDED: usize = 64;

/// The deepest brackets in a name that are taken for members of members.
const DEEPEST: usize = 32;

/// Reads JSON, as closely as that is told.
pub(super) type Read<'a, R> = &'a dyn Fn(&[u8], Manner) -> Result<R, DecodeError>;

/// One member of a form.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) text: String,
    /// Whether it says of itself that it is JSON.
    pub(super) is_json: bool,
}

/// The pairs of `application/x-www-form-urlencoded`, or of a query.
pub(super) fn urlencoded(text: &str) -> Vec<Pair> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = |text: &str| decode(&text.replace('+', " "));
            Pair {
                name: plain(name),
                text: plain(value),
                is_json: false,
            }
        })
        .collect()
}

/// The parts of `multipart/form-data` (RFC 7578); `None` if the body is none.
pub(super) fn multipart(media_type: &str, body: &[u8]) -> Option<Vec<Pair>> {
    let boundary = parameter(media_type, "boundary")?;
    let body = String::from_utf8_lossy(body);
    let mut pairs = Vec::new();
    for part in body.split(&format!("--{boundary}")).skip(1) {
        if part.starts_with("--") {
            return Some(pairs);
        }
        let (head, content) = part.split_once("\r\n\r\n")?;
        let header = |name: &str| {
            head.lines().find_map(|line| {
                let (found, value) = line.split_once(':')?;
                found
                    .trim()
                    .eq_ignore_ascii_case(name)
                    .then(|| value.trim())
            })
        };
        let name = header("content-disposition").and_then(|value| parameter(value, "name"))?;
        let content_type = header("content-type").unwrap_or_default();
        pairs.push(Pair {
            name,
            text: content.strip_suffix("\r\n").unwrap_or(content).to_owned(),
            is_json: content_type.contains("json"),
        });
    }
    None
}

/// A parameter of a header's value, without its quotes.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (found, value) = parameter.split_once('=')?;
        let is_it = found.trim().eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Reads the pairs as JSON.
///
/// # Errors
/// They are not what `read` wants.
pub(super) fn read<R>(pairs: &[Pair], read: Read<'_, R>) -> Result<R, DecodeError> {
    let tree = Tree::of(pairs);
    let mut mended = BTreeMap::new();
    loop {
        let mut json = Vec::new();
        tree.write("$", &mended, &mut json);
        let error = match read(&json, Manner::Kind) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let mend = match error.problem() {
            Problem::Mismatch {
                expected: Kind::Array,
                found: Kind::String | Kind::Object,
            } => Mend::List,
            Problem::Mismatch {
                expected: Kind::Object,
                found: Kind::String,
            } => Mend::Json,
            _ => return Err(error),
        };
        let known = mended.insert(error.path(), mend);
        if known == Some(mend) || mended.len() > MOST_MENDED {
            return Err(error);
        }
    }
}

/// What a text is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mend {
    List,
    Json,
}

/// The members of a form.
enum Tree<'p> {
    Leaf(&'p Pair),
    List(Vec<Tree<'p>>),
    Object(Vec<(&'p str, Tree<'p>)>),
}

impl<'p> Tree<'p> {
    fn of(pairs: &'p [Pair]) -> Self {
        let mut root = Tree::Object(Vec::new());
        for pair in pairs {
            root.put(&steps(&pair.name), pair);
        }
        root
    }

    fn put(&mut self, steps: &[&'p str], pair: &'p Pair) {
        let Some((step, rest)) = steps.split_first() else {
            let before = std::mem::replace(self, Tree::List(Vec::new()));
            let mut items = match before {
                Tree::List(items) => items,
                before => vec![before],
            };
            items.push(Tree::Leaf(pair));
            *self = Tree::List(items);
            return;
        };
        if let Tree::Object(members) = self {
            match members.iter_mut().find(|(name, _)| name == step) {
                Some((_, member)) => member.put(rest, pair),
                None => members.push((step, Tree::branch(rest, pair))),
            }
        }
    }

    fn branch(steps: &[&'p str], pair: &'p Pair) -> Self {
        match steps.split_first() {
            None => Tree::Leaf(pair),
            Some((step, rest)) => Tree::Object(vec![(step, Tree::branch(rest, pair))]),
        }
    }

    fn write(&self, path: &str, mended: &BTreeMap<String, Mend>, out: &mut Vec<u8>) {
        let mend = mended.get(path);
        match self {
            Tree::Leaf(pair) if pair.is_json || mend == Some(&Mend::Json) => {
                out.extend_from_slice(pair.text.as_bytes());
            }
            Tree::Leaf(pair) if mend == Some(&Mend::List) => {
                if pair.text.starts_with('[') {
                    return out.extend_from_slice(pair.text.as_bytes());
                }
                out.push(b'[');
                write_text(&pair.text, out);
                out.push(b']');
            }
            Tree::Leaf(pair) => write_text(&pair.text, out),
            Tree::List(items) => list(items.iter(), path, mended, out),
            Tree::Object(members) if is_list(members) || mend == Some(&Mend::List) => {
                let items = members.iter().flat_map(|(_, member)| match member {
                    Tree::List(items) => items.as_slice(),
                    member => std::slice::from_ref(member),
                });
                list(items, path, mended, out);
            }
            Tree::Object(members) => {
                out.push(b'{');
                for (index, (name, member)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    write_text(name, out);
                    out.push(b':');
                    member.write(&below(path, name), mended, out);
                }
                out.push(b'}');
            }
        }
    }
}

fn list<'t, 'p: 't>(
    items: impl Iterator<Item = &'t Tree<'p>>,
    path: &str,
    mended: &BTreeMap<String, Mend>,
    out: &mut Vec<u8>,
) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        item.write(&format!("{path}[{index}]"), mended, out);
    }
    out.push(b']');
}

/// Whether the members have numbers for names, or none: `a[0]`, `a[]`.
fn is_list(members: &[(&str, Tree<'_>)]) -> bool {
    let is_place = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    !members.is_empty() && members.iter().all(|(name, _)| is_place(name))
}

/// The path of a member, as errors have it.
fn below(path: &str, name: &str) -> String {
    let is_plain = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain {
        format!("{path}.{name}")
    } else {
        format!("{path}[{name:?}]")
    }
}

/// `a[b][]` as `a`, `b` and nothing; a name with other brackets is one step.
fn steps(name: &str) -> Vec<&str> {
    let Some((first, rest)) = name.split_once('[').filter(|(first, _)| !first.is_empty()) else {
        return vec![name];
    };
    let Some(inner) = rest.strip_suffix(']') else {
        return vec![name];
    };
    let steps: Vec<&str> = std::iter::once(first).chain(inner.split("][")).collect();
    if steps.len() > DEEPEST || inner.replace("][", "").contains(['[', ']']) {
        return vec![name];
    }
    steps
}
