//! Bodies of several parts: `multipart/form-data` (RFC 7578), and the rest of `multipart` (RFC 2046, section 5.1).

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use bytes::Bytes;
use zeroize::Zeroizing;

use super::form::Encoding;
use super::node::Node;
use super::param::{Param, Place, pairs};
use super::part::{Part, in_json};
use super::upload::Upload;

/// What the parts of a body are made of.
pub(super) struct Source<'a> {
    /// An object whose members are parts, a list of parts without names, or nothing.
    pub(super) json: &'a [u8],
    /// The parts that are marked in the JSON.
    pub(super) marked: &'a [Part],
    /// Parts beside it.
    pub(super) beside: &'a [(String, Part)],
    pub(super) encodings: &'a [Encoding],
}

/// Why there is no body.
pub(super) enum Problem {
    /// The JSON holds no parts.
    NoParts,
    /// A part was good for once, and is gone.
    Gone,
    /// A header of a part cannot be sent: its name.
    Header(String),
}

/// A part with its name, which is empty in a list.
struct Piece {
    name: String,
    part: Part,
    content_type: Option<String>,
}

/// The body as `essence`, and the whole media type.
///
/// Scalars are parts without a media type, which are texts; objects are `application/json`; lists repeat their
/// name; unless `encodings` say otherwise.
pub(super) fn multipart(
    essence: &str,
    media_type: &str,
    source: &Source<'_>,
) -> Result<(String, Upload), Problem> {
    let is_form = essence == "multipart/form-data";
    let mut pieces = pieces(source, is_form).ok_or(Problem::NoParts)?;
    if !is_form {
        for piece in &mut pieces {
            piece
                .content_type
                .get_or_insert_with(|| "text/plain".to_owned());
        }
    }
    let boundary = boundary(&pieces);
    let mut body = Vec::with_capacity(3 * pieces.len() + 1);
    for piece in &pieces {
        let mut head = format!("--{boundary}\r\n");
        write_head(piece, &mut head)?;
        body.push(Upload::from(head));
        body.push(piece.part.take().ok_or(Problem::Gone)?);
        body.push(Upload::from("\r\n"));
    }
    body.push(format!("--{boundary}--\r\n").into());
    let mut whole = format!("{media_type}; boundary={boundary}");
    if let (Some(root), "multipart/related") = (pieces.first(), essence) {
        // RFC 2387, section 3.1
        let root = root.content_type.as_deref().unwrap_or_default();
        whole.push_str(&format!("; type=\"{}\"", escaped(root)));
    }
    Ok((whole, Upload::concat(body)))
}

/// The parts; `None` if there are none to be, or they must have names and are a list.
fn pieces(source: &Source<'_>, is_form: bool) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let node = match source.json {
        b"" => Node::Null,
        json => Node::parse(json)?,
    };
    match &node {
        Node::Null => {}
        Node::List(items, _) if !is_form => {
            for item in items {
                pieces.extend(piece("", item, source));
            }
        }
        Node::Object(members, _) => {
            for (name, value) in members {
                member(name, value, source, &mut pieces);
            }
        }
        Node::List(..) | Node::Scalar(_) | Node::Marked(_) => return None,
    }
    for (name, part) in source.beside {
        pieces.push(of_part(name, part.clone(), source));
    }
    Some(pieces)
}

fn encoding<'a>(name: &str, source: &'a Source<'_>) -> Option<&'a Encoding> {
    source.encodings.iter().find(|known| known.member == name)
}

fn member(name: &str, value: &Node<'_>, source: &Source<'_>, pieces: &mut Vec<Piece>) {
    if let Some(Encoding {
        style: Some(style),
        explode,
        ..
    }) = encoding(name, source)
        && !holds_part(value)
    {
        let param = Param {
            name,
            place: Place::Parts,
            style: *style,
            explode: *explode,
        };
        let styled = pairs(param, value).into_iter().map(|(name, value)| Piece {
            name,
            part: text(value),
            content_type: None,
        });
        pieces.extend(styled);
    } else if let Node::List(items, _) = value {
        pieces.extend(items.iter().filter_map(|item| piece(name, item, source)));
    } else {
        pieces.extend(piece(name, value, source));
    }
}

fn holds_part(value: &Node<'_>) -> bool {
    match value {
        Node::Marked(_) => true,
        Node::List(items, _) => items.iter().any(|item| matches!(item, Node::Marked(_))),
        _ => false,
    }
}

/// The part of one value; none for null.
fn piece(name: &str, value: &Node<'_>, source: &Source<'_>) -> Option<Piece> {
    if let Node::Marked(index) = value {
        let part = source.marked.get(*index)?.clone();
        return Some(of_part(name, part, source));
    }
    let declared = encoding(name, source).and_then(|encoding| only(encoding.content_type?));
    let content_type = match (declared, value) {
        (Some(declared), _) => Some(declared),
        (None, Node::List(..) | Node::Object(..)) => Some("application/json"),
        (None, _) => None,
    };
    Some(Piece {
        name: name.to_owned(),
        part: text(unmarked(value, source)?),
        content_type: content_type.map(str::to_owned),
    })
}

/// The text of a value. A part that is not a part of its own, but somewhere in a value, is its text.
fn unmarked(value: &Node<'_>, source: &Source<'_>) -> Option<String> {
    let text = value.text()?.into_owned();
    if source.marked.is_empty() || matches!(value, Node::Scalar(_)) {
        return Some(text);
    }
    let json = in_json(&text.into(), source.marked)?;
    String::from_utf8(json.to_vec()).ok()
}

fn of_part(name: &str, part: Part, source: &Source<'_>) -> Piece {
    let declared = encoding(name, source).and_then(|encoding| only(encoding.content_type?));
    let is_file = part.file_name_as(name).is_some();
    let usual = is_file.then_some("application/octet-stream");
    let content_type = part.own_content_type().or(declared).or(usual);
    Piece {
        name: name.to_owned(),
        content_type: content_type.map(str::to_owned),
        part,
    }
}

fn text(text: String) -> Part {
    let bytes = Zeroizing::new(text.into_bytes());
    Part::new(Bytes::from_owner(bytes)).without_file_name()
}

/// The media type that a list of them and of ranges comes down to, if it is one.
fn only(media_types: &str) -> Option<&str> {
    let mut all = media_types.split(',').map(str::trim);
    let only = all.next().filter(|only| !only.contains('*'));
    only.filter(|only| !only.is_empty() && all.next().is_none())
}

/// Names in a part's head escape quotes and line ends as browsers do (WHATWG, multipart/form-data).
fn escaped(text: &str) -> String {
    text.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn write_head(piece: &Piece, head: &mut String) -> Result<(), Problem> {
    let Piece { name, part, .. } = piece;
    let file_name = part.file_name_as(name);
    if !name.is_empty() || file_name.is_some() {
        let kind = if name.is_empty() {
            "attachment"
        } else {
            "form-data"
        };
        head.push_str(&format!("Content-Disposition: {kind}"));
        if !name.is_empty() {
            head.push_str(&format!("; name=\"{}\"", escaped(name)));
        }
        if let Some(file_name) = file_name {
            head.push_str(&format!("; filename=\"{}\"", escaped(file_name)));
        }
        head.push_str("\r\n");
    }
    let content_type = piece.content_type.iter();
    let content_type = content_type.map(|media_type| ("Content-Type", media_type.as_str()));
    let own = part.headers().iter();
    let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in content_type.chain(own) {
        let is_sendable = http::HeaderName::from_bytes(name.as_bytes()).is_ok()
            && http::HeaderValue::from_str(value).is_ok();
        if !is_sendable {
            return Err(Problem::Header(name.to_owned()));
        }
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    Ok(())
}

/// What stands between the parts and in none of them. Of parts in memory it is the first numbered one, so that the
/// same body gives the same bytes; others cannot be looked through, and get one that nobody can guess.
fn boundary(pieces: &[Piece]) -> String {
    let whole: Option<Vec<Bytes>> = pieces.iter().map(|piece| piece.part.whole()).collect();
    let Some(whole) = whole else {
        let random = || RandomState::new().build_hasher().finish();
        return format!("specmint-boundary-{:016x}{:016x}", random(), random());
    };
    (0_u64..)
        .map(|number| format!("specmint-boundary-{number}"))
        .find(|boundary| {
            let wanted = boundary.as_bytes();
            let holds = |content: &Bytes| content.windows(wanted.len()).any(|at| at == wanted);
            !whole.iter().any(holds)
        })
        .expect("a finite body holds finitely many boundaries")
}
