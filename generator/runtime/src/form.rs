//! Bodies made from the members of a JSON object: `application/x-www-form-urlencoded` and
//! `multipart/form-data` (RFC 7578).

use bytes::Bytes;
use zeroize::Zeroizing;

use super::body::{ContentType, Syntax};
use super::node::Node;
use super::param::{Explode, Param, Place, Style, encode, expand, pairs};

/// How one member of a form is written; OpenAPI's Encoding Object.
#[derive(Clone, Copy, Debug)]
pub struct Encoding {
    /// The member that this is about.
    pub member: &'static str,
    /// The media type of the member; `None` leaves the choice to the value.
    pub content_type: Option<&'static str>,
    /// How it is written in `application/x-www-form-urlencoded`; `None` leaves the choice to the media type.
    pub style: Option<Style>,
    /// Whether the items of a list or an object stand alone.
    pub explode: Explode,
    /// Whether reserved characters stand as they are in `application/x-www-form-urlencoded`.
    pub reserved: Reserved,
}

/// Whether the characters that RFC 3986 reserves are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// They are.
    Encoded,
    /// They stand as they are, but for those that have a meaning in a form: `&`, `+` and the like.
    Kept,
}

/// One part of a `multipart/form-data` body that is not in its JSON: a file.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content_type: String,
    pub(super) content: Bytes,
}

/// `text` as `application/x-www-form-urlencoded` has it: a space is `+`.
pub(super) fn form_encoded(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    encode(Place::FormBody, text, &mut out);
    out
}

/// The members of a JSON object as a form, in their order; `None` if it is no object.
///
/// Null members are left out, lists repeat their name, and objects are JSON text, unless `encodings` say
/// otherwise.
pub(super) fn urlencoded(json: &[u8], encodings: &[Encoding]) -> Option<Zeroizing<String>> {
    let Node::Object(members, _) = Node::parse(json)? else {
        return None;
    };
    let mut out = Zeroizing::new(String::with_capacity(json.len()));
    for (name, value) in &members {
        let (style, explode) = style(name, value, encodings);
        let declared = encodings.iter().find(|encoding| encoding.member == name);
        let place = match declared.map(|encoding| encoding.reserved) {
            Some(Reserved::Kept) => Place::FormBodyReserved,
            _ => Place::FormBody,
        };
        let param = Param {
            name,
            place,
            style,
            explode,
        };
        if let Some(pairs) = expand(param, value) {
            if !out.is_empty() {
                out.push('&');
            }
            out.push_str(&pairs);
        }
    }
    Some(out)
}

fn style(name: &str, value: &Node<'_>, encodings: &[Encoding]) -> (Style, Explode) {
    let declared = encodings.iter().find(|encoding| encoding.member == name);
    if let Some(Encoding {
        style: Some(style),
        explode,
        ..
    }) = declared
    {
        return (*style, *explode);
    }
    let media_type = declared.and_then(|encoding| encoding.content_type);
    let is_json = media_type.is_some_and(|it| ContentType::from(it).syntax() == Syntax::Json);
    match value {
        Node::Object(..) => (Style::Json, Explode::No),
        _ if is_json => (Style::Json, Explode::No),
        _ => (Style::Form, Explode::Yes),
    }
}

/// The members of a JSON object and the files as `multipart/form-data`: `(boundary, body)`.
///
/// Scalars are `text/plain` parts without a media type, objects are `application/json`, lists repeat
/// their name. `None` if `json` is neither empty nor an object.
pub(super) fn multipart(
    json: &[u8],
    files: &[Part],
    encodings: &[Encoding],
) -> Option<(String, Zeroizing<Vec<u8>>)> {
    let mut parts = Vec::new();
    if !json.is_empty() {
        let Node::Object(members, _) = Node::parse(json)? else {
            return None;
        };
        for (name, value) in &members {
            member_parts(name, value, encodings, &mut parts);
        }
    }
    parts.extend_from_slice(files);
    let boundary = boundary(&parts);
    let mut out = Zeroizing::new(Vec::new());
    for part in &parts {
        out.extend_from_slice(part_head(&boundary, part).as_bytes());
        out.extend_from_slice(&part.content);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Some((boundary, out))
}

fn member_parts(name: &str, value: &Node<'_>, encodings: &[Encoding], parts: &mut Vec<Part>) {
    let declared = encodings.iter().find(|encoding| encoding.member == name);
    if let Some(Encoding {
        style: Some(style),
        explode,
        ..
    }) = declared
    {
        let param = Param {
            name,
            place: Place::Parts,
            style: *style,
            explode: *explode,
        };
        let styled = pairs(param, value).into_iter().map(|(name, value)| Part {
            name,
            file_name: None,
            content_type: String::new(),
            content: Bytes::from_owner(Zeroizing::new(value.into_bytes())),
        });
        parts.extend(styled);
    } else if let Node::List(items, _) = value {
        for item in items {
            if let Some(part) = member_part(name, item, encodings) {
                parts.push(part);
            }
        }
    } else if let Some(part) = member_part(name, value, encodings) {
        parts.push(part);
    }
}

fn member_part(name: &str, value: &Node<'_>, encodings: &[Encoding]) -> Option<Part> {
    let declared = encodings.iter().find(|encoding| encoding.member == name);
    let content_type = match (declared.and_then(|encoding| encoding.content_type), value) {
        (Some(declared), _) => declared,
        (None, Node::List(..) | Node::Object(..)) => "application/json",
        (None, _) => "",
    };
    Some(Part {
        name: name.to_owned(),
        file_name: None,
        content_type: content_type.to_owned(),
        content: Bytes::from_owner(Zeroizing::new(value.text()?.into_owned().into_bytes())),
    })
}

/// Names in a part's head escape quotes and line ends as browsers do (WHATWG, multipart/form-data).
fn escaped(text: &str) -> String {
    text.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn part_head(boundary: &str, part: &Part) -> String {
    let mut head = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"",
        escaped(&part.name)
    );
    if let Some(file_name) = &part.file_name {
        head.push_str(&format!("; filename=\"{}\"", escaped(file_name)));
    }
    if !part.content_type.is_empty() {
        head.push_str(&format!(
            "\r\ncontent-type: {}",
            escaped(&part.content_type)
        ));
    }
    head.push_str("\r\n\r\n");
    head
}

/// The first numbered boundary that is in none of the parts: the same body gives the same bytes.
fn boundary(parts: &[Part]) -> String {
    (0_u64..)
        .map(|number| format!("specmint-boundary-{number}"))
        .find(|boundary| {
            let wanted = boundary.as_bytes();
            let holds = |part: &Part| part.content.windows(wanted.len()).any(|at| at == wanted);
            !parts.iter().any(holds)
        })
        .expect("a finite body holds finitely many boundaries")
}
