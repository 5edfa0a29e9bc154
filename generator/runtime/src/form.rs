//! Bodies made from the members of a JSON object: `application/x-www-form-urlencoded`, and what says how the
//! members of forms of all kinds are written.

use zeroize::Zeroizing;

use super::body::{ContentType, Syntax};
use super::node::Node;
use super::param::{Explode, Param, Place, Style, encode, expand};

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
