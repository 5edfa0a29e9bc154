//! Values as parameters: OpenAPI's style table in one place.
//!
//! In: the JSON of a value, a [`Style`] and where the value goes. Out: the finished text. Percent-encoding
//! is RFC 3986's, by UTF-8 bytes; a space is `%20` in paths and queries and `+` in form bodies.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::json::write_text;
use super::node::Node;

/// How a list or an object is written as a parameter (OpenAPI 3.1, section 4.8.12.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// `a,b` in paths and headers.
    Simple,
    /// `.a.b` in paths.
    Label,
    /// `;name=a;name=b` in paths.
    Matrix,
    /// `name=a&name=b` in queries, forms and cookies.
    Form,
    /// `name=a%20b` in queries.
    SpaceDelimited,
    /// `name=a%7Cb` in queries.
    PipeDelimited,
    /// `name=a%09b` in queries; Swagger 2.0 calls it `tsv`.
    TabDelimited,
    /// `name%5Bkey%5D=value` in queries.
    DeepObject,
    /// The value's JSON text: a parameter that is described by `content`.
    Json,
}

/// Whether each item of a list and each member of an object stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explode {
    /// `name=a&name=b`
    Yes,
    /// `name=a,b`
    No,
}

/// Where a parameter goes, which decides what has to be encoded in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    /// A query parameter with `allowReserved: true`.
    QueryReserved,
    Header,
    Cookie,
    FormBody,
}

/// A parameter: everything about it but its value.
#[derive(Clone, Copy)]
pub(super) struct Param<'a> {
    pub(super) name: &'a str,
    pub(super) place: Place,
    pub(super) style: Style,
    pub(super) explode: Explode,
}

/// Writes a value as `param` says; `None` if there is nothing to write (null, an empty list or object).
///
/// For a query, a cookie and a form body the text is whole `name=value` pairs; elsewhere it is the value.
pub(super) fn expand(param: Param<'_>, node: &Node<'_>) -> Option<Zeroizing<String>> {
    let out = match param.style {
        Style::Json => {
            let text = match node {
                Node::Scalar(text) => Cow::Owned(quoted(text)),
                other => other.text()?,
            };
            named(param, &text)
        }
        Style::Simple => match node {
            Node::Object(..) if param.explode == Explode::Yes => joined(param, node, ",", "=")?,
            _ => joined(param, node, ",", ",")?,
        },
        Style::Label => match param.explode {
            Explode::Yes => prefixed(".", &joined(param, node, ".", "=")?),
            Explode::No => prefixed(".", &joined(param, node, ",", ",")?),
        },
        Style::Matrix => matrix(param, node)?,
        Style::Form => form(param, node, ",")?,
        Style::SpaceDelimited if param.place == Place::FormBody => form(param, node, "+")?,
        Style::SpaceDelimited => form(param, node, "%20")?,
        Style::PipeDelimited => form(param, node, "%7C")?,
        Style::TabDelimited => form(param, node, "%09")?,
        Style::DeepObject => deep(param, node)?,
    };
    Some(Zeroizing::new(out))
}

/// Percent-encodes every byte that `place` does not allow to stand for itself, onto `out`.
pub(super) fn encode(place: Place, text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    if place == Place::Header {
        out.push_str(text);
        return;
    }
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(byte as char),
            b'~' if place != Place::FormBody => out.push('~'),
            b'*' if place == Place::FormBody => out.push('*'),
            b' ' if place == Place::FormBody => out.push('+'),
            b':' | b'/' | b'?' | b'@' | b'!' | b'$' | b'\'' | b'(' | b')' | b'*' | b',' | b';'
            | b'='
                if place == Place::QueryReserved =>
            {
                out.push(byte as char);
            }
            b'%' if place == Place::QueryReserved && is_triplet(&bytes[at..]) => out.push('%'),
            _ => {
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
}

fn is_triplet(bytes: &[u8]) -> bool {
    matches!(bytes, [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

fn encoded(place: Place, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode(place, text, &mut out);
    out
}

/// The name of a parameter: OData's `$filter` and the like stand as they are.
fn encoded_name(place: Place, name: &str) -> String {
    match place {
        Place::Query | Place::QueryReserved => {
            let mut out = String::with_capacity(name.len());
            for (index, part) in name.split('$').enumerate() {
                if index > 0 {
                    out.push('$');
                }
                encode(Place::Query, part, &mut out);
            }
            out
        }
        _ => encoded(place, name),
    }
}

/// A JSON string literal; the text came from one, so only what JSON demands is escaped.
fn quoted(text: &str) -> String {
    let mut json = Vec::with_capacity(text.len() + 2);
    write_text(text, &mut json);
    String::from_utf8_lossy(&json).into_owned()
}

fn prefixed(prefix: &str, text: &str) -> String {
    [prefix, text].concat()
}

/// `name=value` where the place holds pairs, `value` elsewhere.
fn named(param: Param<'_>, value: &str) -> String {
    let value = encoded(param.place, value);
    match param.place {
        Place::Path | Place::Header => value,
        _ => pair(param, &value),
    }
}

/// `name=value` of an encoded value.
fn pair(param: Param<'_>, value: &str) -> String {
    [&encoded_name(param.place, param.name), "=", value].concat()
}

/// The scalars of a list or an object, encoded: `(key, value)`, the key missing in a list.
fn parts(param: Param<'_>, node: &Node<'_>) -> Option<Vec<(Option<String>, String)>> {
    let place = param.place;
    let parts: Vec<_> = match node {
        Node::Null => return None,
        Node::Scalar(text) => return Some(vec![(None, encoded(place, text))]),
        Node::List(items, _) => items
            .iter()
            .filter_map(|item| Some((None, encoded(place, &item.text()?))))
            .collect(),
        Node::Object(members, _) => members
            .iter()
            .filter_map(|(key, value)| {
                Some((
                    Some(encoded_name(place, key)),
                    encoded(place, &value.text()?),
                ))
            })
            .collect(),
    };
    (!parts.is_empty()).then_some(parts)
}

/// All parts in one text: `between` them, and `inside` a key and its value.
fn joined(param: Param<'_>, node: &Node<'_>, between: &str, inside: &str) -> Option<String> {
    let mut out = String::new();
    for (index, (key, value)) in parts(param, node)?.into_iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        if let Some(key) = key {
            out.push_str(&key);
            out.push_str(inside);
        }
        out.push_str(&value);
    }
    Some(out)
}

fn matrix(param: Param<'_>, node: &Node<'_>) -> Option<String> {
    let name = encoded_name(param.place, param.name);
    let one = |name: &str, value: &str| match value {
        "" => [";", name].concat(),
        _ => [";", name, "=", value].concat(),
    };
    Some(match (node, param.explode) {
        (Node::List(..) | Node::Object(..), Explode::Yes) => parts(param, node)?
            .into_iter()
            .map(|(key, value)| one(key.as_deref().unwrap_or(&name), &value))
            .collect(),
        _ => one(&name, &joined(param, node, ",", ",")?),
    })
}

/// `name=a&name=b`, or `name=a,b` with a delimiter of the style's own.
fn form(param: Param<'_>, node: &Node<'_>, delimiter: &str) -> Option<String> {
    let is_compound = matches!(node, Node::List(..) | Node::Object(..));
    if !is_compound || param.explode == Explode::No {
        return Some(pair(param, &joined(param, node, delimiter, delimiter)?));
    }
    let name = encoded_name(param.place, param.name);
    let pairs: Vec<_> = parts(param, node)?
        .into_iter()
        .map(|(key, value)| [key.as_deref().unwrap_or(&name), "=", &value].concat())
        .collect();
    Some(pairs.join(between_pairs(param.place)))
}

fn between_pairs(place: Place) -> &'static str {
    match place {
        Place::Cookie => "; ",
        _ => "&",
    }
}

/// `name[key]=value`; a list inside repeats its key, an object inside adds another pair of brackets.
fn deep(param: Param<'_>, node: &Node<'_>) -> Option<String> {
    let mut pairs = Vec::new();
    deep_into(
        param,
        &encoded_name(param.place, param.name),
        node,
        &mut pairs,
    );
    (!pairs.is_empty()).then(|| pairs.join(between_pairs(param.place)))
}

fn deep_into(param: Param<'_>, name: &str, node: &Node<'_>, pairs: &mut Vec<String>) {
    match node {
        Node::Null => {}
        Node::Scalar(text) => pairs.push([name, "=", &encoded(param.place, text)].concat()),
        Node::List(items, _) => {
            for item in items {
                deep_into(param, name, item, pairs);
            }
        }
        Node::Object(members, _) => {
            for (key, value) in members {
                let name = [name, "%5B", &encoded_name(param.place, key), "%5D"].concat();
                deep_into(param, &name, value, pairs);
            }
        }
    }
}
