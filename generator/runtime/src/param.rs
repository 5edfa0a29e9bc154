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
    /// `name%5Bkey%5D=value` in queries; an item of a list inside is `name%5Bkey%5D%5B0%5D=value`.
    DeepObject,
    /// `name=value` in cookies, as it is: OpenAPI 3.2's style `cookie`.
    Cookie,
    /// The value's JSON text: a parameter that is described by `content` of JSON.
    Json,
    /// The value's plain text, or the JSON text of what has none: a parameter with other `content`.
    Text,
    /// The members as `application/x-www-form-urlencoded`, in one text: a parameter with such `content`.
    Urlencoded,
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
    /// A path parameter that may hold slashes (`allowReserved: true`).
    PathReserved,
    Query,
    /// A query parameter with `allowReserved: true`.
    QueryReserved,
    Header,
    Cookie,
    /// A cookie that is not encoded.
    CookieAsIs,
    FormBody,
    /// A form body's member with `allowReserved: true`.
    FormBodyReserved,
    /// Parts of a multipart body, where nothing has to be encoded.
    Parts,
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
    let out = match param.place {
        Place::Path | Place::PathReserved | Place::Header => value(param, node)?,
        _ => {
            let pairs = pairs(param, node);
            if pairs.is_empty() {
                return None;
            }
            let pairs: Vec<String> = pairs
                .into_iter()
                .map(|(name, value)| [&name, "=", &value].concat())
                .collect();
            pairs.join(between_pairs(param.place))
        }
    };
    Some(Zeroizing::new(out))
}

/// The name and value of a parameter, both encoded, or of each of the parameters that it is spread over.
pub(super) fn pairs(param: Param<'_>, node: &Node<'_>) -> Vec<(String, String)> {
    let name = encoded_name(param.place, param.name);
    match param.style {
        Style::DeepObject => {
            let mut pairs = Vec::new();
            deep(param.place, &name, node, &mut pairs);
            pairs
        }
        Style::Form | Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited
            if param.explode == Explode::Yes =>
        {
            spread(param.place, &name, node)
        }
        _ => value(param, node)
            .map(|value| (name, value))
            .into_iter()
            .collect(),
    }
}

/// The value in one text, encoded.
fn value(param: Param<'_>, node: &Node<'_>) -> Option<String> {
    let delimiter = |byte: u8| {
        let mut out = String::new();
        encode_byte(param.place, byte, &mut out);
        out
    };
    match param.style {
        Style::Simple if param.explode == Explode::Yes => joined(param.place, node, ",", "="),
        Style::Label => Some(prefixed(".", &label(param, node)?)),
        Style::Matrix => matrix(param, node),
        Style::SpaceDelimited => {
            let space = delimiter(b' ');
            joined(param.place, node, &space, &space)
        }
        Style::PipeDelimited => {
            let pipe = delimiter(b'|');
            joined(param.place, node, &pipe, &pipe)
        }
        Style::TabDelimited => {
            let tab = delimiter(b'\t');
            joined(param.place, node, &tab, &tab)
        }
        Style::Simple | Style::Form | Style::Cookie | Style::DeepObject => {
            joined(param.place, node, ",", ",")
        }
        Style::Json => {
            let text = match node {
                Node::Scalar(text) => Cow::Owned(quoted(text)),
                other => other.text()?,
            };
            Some(encoded(param.place, &text))
        }
        Style::Text => Some(encoded(param.place, &node.text()?)),
        Style::Urlencoded => {
            let Node::Object(members, _) = node else {
                return Some(encoded(param.place, &node.text()?));
            };
            let pairs: Vec<String> = members
                .iter()
                .flat_map(|(name, member)| {
                    spread(Place::FormBody, &encoded(Place::FormBody, name), member)
                })
                .map(|(name, value)| [&name, "=", &value].concat())
                .collect();
            (!pairs.is_empty()).then(|| encoded(param.place, &pairs.join("&")))
        }
    }
}

/// Percent-encodes every byte that `place` does not allow to stand for itself, onto `out`.
pub(super) fn encode(place: Place, text: &str, out: &mut String) {
    if matches!(place, Place::Header | Place::CookieAsIs | Place::Parts) {
        out.push_str(text);
        return;
    }
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'%' if keeps_reserved(place) && is_triplet(&bytes[at..]) => out.push('%'),
            _ => encode_byte(place, byte, out),
        }
    }
}

fn encode_byte(place: Place, byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let is_form = matches!(place, Place::FormBody | Place::FormBodyReserved);
    let stands = match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => true,
        b'~' => !is_form,
        b'*' => is_form || keeps_reserved(place),
        b':' | b'/' | b'@' | b'!' | b'$' | b'\'' | b'(' | b')' | b',' | b';' => {
            keeps_reserved(place)
        }
        b'=' | b'?' => keeps_reserved(place) && !(place == Place::PathReserved && byte == b'?'),
        b'&' | b'+' => place == Place::PathReserved,
        _ => matches!(place, Place::Header | Place::CookieAsIs | Place::Parts),
    };
    if stands {
        out.push(byte as char);
    } else if byte == b' ' && is_form {
        out.push('+');
    } else {
        out.push('%');
        out.push(HEX[usize::from(byte >> 4)] as char);
        out.push(HEX[usize::from(byte & 15)] as char);
    }
}

/// Whether the characters that RFC 3986 reserves stand as they are, but for those that would end a part of
/// the URL or of the form: `#`, `[`, `]`, and `&` and `+` or `?`.
fn keeps_reserved(place: Place) -> bool {
    matches!(
        place,
        Place::PathReserved | Place::QueryReserved | Place::FormBodyReserved
    )
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
        Place::PathReserved => encoded(Place::Path, name),
        Place::FormBodyReserved => encoded(Place::FormBody, name),
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

/// The scalars of a list or an object, encoded: `(key, value)`, the key missing in a list.
fn parts(place: Place, node: &Node<'_>) -> Option<Vec<(Option<String>, String)>> {
    let parts: Vec<_> = match node {
        Node::Null | Node::Marked(_) => return None,
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
fn joined(place: Place, node: &Node<'_>, between: &str, inside: &str) -> Option<String> {
    let mut out = String::new();
    for (index, (key, value)) in parts(place, node)?.into_iter().enumerate() {
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

fn label(param: Param<'_>, node: &Node<'_>) -> Option<String> {
    match param.explode {
        Explode::Yes => joined(param.place, node, ".", "="),
        Explode::No => joined(param.place, node, ",", ","),
    }
}

fn matrix(param: Param<'_>, node: &Node<'_>) -> Option<String> {
    let name = encoded_name(param.place, param.name);
    let one = |name: &str, value: &str| match value {
        "" => [";", name].concat(),
        _ => [";", name, "=", value].concat(),
    };
    Some(match (node, param.explode) {
        (Node::List(..) | Node::Object(..), Explode::Yes) => parts(param.place, node)?
            .into_iter()
            .map(|(key, value)| one(key.as_deref().unwrap_or(&name), &value))
            .collect(),
        _ => one(&name, &joined(param.place, node, ",", ",")?),
    })
}

/// `name=a&name=b`, and `key=a` for the members of an object, where a list repeats its key.
fn spread(place: Place, name: &str, node: &Node<'_>) -> Vec<(String, String)> {
    let repeated = |name: &str, node: &Node<'_>| -> Vec<(String, String)> {
        let values = parts(place, node).unwrap_or_default().into_iter();
        values.map(|(_, value)| (name.to_owned(), value)).collect()
    };
    let Node::Object(members, _) = node else {
        return repeated(name, node);
    };
    let spread = members.iter().flat_map(|(key, member)| {
        let key = encoded_name(place, key);
        match member {
            Node::Object(..) => {
                let text = member.text().map(|text| encoded(place, &text));
                text.map(|text| (key, text)).into_iter().collect()
            }
            _ => repeated(&key, member),
        }
    });
    spread.collect()
}

fn between_pairs(place: Place) -> &'static str {
    match place {
        Place::Cookie | Place::CookieAsIs => "; ",
        _ => "&",
    }
}

/// `name[key]=value`: whatever is inside adds another pair of brackets, with the number of an item in a list.
///
/// OpenAPI leaves open how deep a deep object may be. With numbers it can be read back by everybody who
/// reads it at all (qs, PHP, Rack, ASP.NET, Stripe), also where the items are objects.
fn deep(place: Place, name: &str, node: &Node<'_>, pairs: &mut Vec<(String, String)>) {
    let (open, close) = match place {
        Place::Parts => ("[", "]"),
        _ => ("%5B", "%5D"),
    };
    match node {
        Node::Null | Node::Marked(_) => {}
        Node::Scalar(text) => pairs.push((name.to_owned(), encoded(place, text))),
        Node::List(items, _) => {
            let items = items.iter().filter(|item| !matches!(item, Node::Null));
            for (index, item) in items.enumerate() {
                let name = format!("{name}{open}{index}{close}");
                deep(place, &name, item, pairs);
            }
        }
        Node::Object(members, _) => {
            for (key, value) in members {
                let name = [name, open, &encoded_name(place, key), close].concat();
                deep(place, &name, value, pairs);
            }
        }
    }
}
