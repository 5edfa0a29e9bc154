//! Bodies of requests: what was given, written in the media type that it is sent as.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use zeroize::Zeroizing;

use super::body::{ContentType, Syntax};
use super::call::{Parts, Payload};
use super::error::{BuildError, BuildErrorKind};
use super::form::urlencoded;
use super::multipart::{Problem, Source, multipart};
use super::node::Node;
use super::part::in_json;
use super::sequence::separated;
use super::upload::{HeldUpload, Upload};

/// Writes the body in its media type and says so in `Content-Type`.
pub(super) fn body(parts: &Parts, headers: &mut HeaderMap) -> Result<Upload, BuildError> {
    if matches!(parts.body, Payload::None) && parts.beside.is_empty() {
        return Ok(Upload::default());
    }
    let declared = parts.spec.request_types.iter();
    let declared = declared.map(|known| ContentType::from(*known));
    let content_type = match &parts.content_type {
        Some(range) if range.syntax() == Syntax::Any => {
            default_type(parts, std::iter::once(range.clone()))?
        }
        Some(chosen) => chosen.clone(),
        None => default_type(parts, declared)?,
    };
    let (content_type, body) = write(parts, content_type)?;
    let value = HeaderValue::from_str(&content_type).map_err(|_| {
        let message = "`Content-Type` has characters that cannot be sent";
        BuildError::new(BuildErrorKind::Header, message)
    })?;
    headers.insert(CONTENT_TYPE, value);
    Ok(body)
}

/// The first declared media type that the body can be written in, else the one that is its own.
fn default_type(
    parts: &Parts,
    declared: impl Iterator<Item = ContentType> + Clone,
) -> Result<ContentType, BuildError> {
    if let Some(preferred) = &parts.core.0.content_type
        && fits(parts, preferred.syntax())
        && declared
            .clone()
            .any(|known| known.essence() == preferred.essence())
    {
        return Ok(preferred.clone());
    }
    let is_range = |known: &ContentType| known.syntax() == Syntax::Any;
    let mut plain = declared.clone().filter(|known| !is_range(known));
    // files are sent as files, where that is allowed
    let parted = match parts.marked.is_empty() {
        true => None,
        false => plain.clone().find(ContentType::is_multipart),
    };
    let fitting = parted.or_else(|| plain.clone().find(|known| fits(parts, known.syntax())));
    if let Some(fitting) = fitting {
        return Ok(fitting);
    }
    let own = match parts.body {
        _ if !parts.beside.is_empty() => ContentType::MULTIPART,
        Payload::Json(_) => ContentType::JSON,
        Payload::Text(_) => plain
            .find(|known| known.syntax() == Syntax::Form)
            .unwrap_or(ContentType::TEXT),
        Payload::Lines(_) => ContentType::from("application/jsonl"),
        Payload::None | Payload::Bytes(_) | Payload::Upload(_) => ContentType::BYTES,
    };
    let mut ranges = declared.filter(is_range);
    match ranges.clone().next() {
        Some(range) if !ranges.any(|range| own.is_within(&range)) => {
            let message =
                format!("the body may be any `{range}`: say which it is with `content_type`");
            Err(BuildError::new(BuildErrorKind::ContentType, message))
        }
        _ => Ok(own),
    }
}

/// Whether the body is meant for a media type of this syntax.
fn fits(parts: &Parts, syntax: Syntax) -> bool {
    match parts.body {
        _ if !parts.beside.is_empty() => syntax == Syntax::Multipart,
        Payload::Json(_) if syntax == Syntax::Xml => takes_xml(parts),
        Payload::Json(_) => matches!(
            syntax,
            Syntax::Json | Syntax::Form | Syntax::Multipart | Syntax::Text
        ),
        Payload::Text(_) => !matches!(syntax, Syntax::Form | Syntax::Multipart),
        Payload::Lines(_) => matches!(syntax, Syntax::Lines | Syntax::Sequence),
        Payload::None | Payload::Bytes(_) | Payload::Upload(_) => true,
    }
}

/// The body and the whole media type.
fn write(parts: &Parts, content_type: ContentType) -> Result<(String, Upload), BuildError> {
    let syntax = content_type.syntax();
    if syntax == Syntax::Multipart && matches!(parts.body, Payload::Json(_) | Payload::None) {
        return in_parts(parts, &content_type);
    }
    if !parts.beside.is_empty() {
        return Err(unwritable(&content_type));
    }
    let body = match (&parts.body, syntax) {
        (Payload::Json(json), Syntax::Text) => {
            let text = match Node::parse(json) {
                Some(Node::Scalar(text)) => Some(text),
                _ => None,
            };
            return text
                .and_then(|text| in_charset(&text, &content_type))
                .ok_or_else(|| unwritable(&content_type));
        }
        (Payload::Text(text), syntax) if syntax != Syntax::Multipart => {
            let text = std::str::from_utf8(text).ok();
            return text
                .and_then(|text| in_charset(text, &content_type))
                .ok_or_else(|| unwritable(&content_type));
        }
        (Payload::Json(json), Syntax::Json) => in_json(json, &parts.marked).map(Upload::from),
        (Payload::Json(json), Syntax::Form) => form(parts, json),
        (Payload::Json(json), Syntax::Xml) => xml(parts, json).map(Upload::from),
        (Payload::Lines(lines), Syntax::Sequence) => Some(separated(taken(lines)?)),
        (Payload::Lines(upload) | Payload::Upload(upload), _) => Some(taken(upload)?),
        (Payload::Bytes(bytes), _) => Some(bytes.clone().into()),
        _ => None,
    };
    let body = body.ok_or_else(|| unwritable(&content_type))?;
    Ok((content_type.as_str().to_owned(), body))
}

fn form(parts: &Parts, json: &Bytes) -> Option<Upload> {
    let json = in_json(json, &parts.marked)?;
    let form = urlencoded(&json, parts.encodings)?;
    Some(Bytes::from_owner(Zeroizing::new(form.as_bytes().to_vec())).into())
}

fn in_parts(parts: &Parts, content_type: &ContentType) -> Result<(String, Upload), BuildError> {
    let json: &[u8] = match &parts.body {
        Payload::Json(json) => json,
        _ => &[],
    };
    let source = Source {
        json,
        marked: &parts.marked,
        beside: &parts.beside,
        encodings: parts.encodings,
    };
    let made = multipart(&content_type.essence(), content_type.as_str(), &source);
    made.map_err(|problem| match problem {
        Problem::NoParts => unwritable(content_type),
        Problem::Gone => gone(),
        Problem::Header(name) => {
            let message = format!("the header `{name}` of a part cannot be sent");
            BuildError::new(BuildErrorKind::Header, message)
        }
    })
}

fn taken(upload: &HeldUpload) -> Result<Upload, BuildError> {
    upload.take().ok_or_else(gone)
}

fn gone() -> BuildError {
    let message = "the body came from a stream that was good for once, and was sent already";
    BuildError::new(BuildErrorKind::Upload, message)
}

fn unwritable(content_type: &ContentType) -> BuildError {
    let message = format!(
        "the body cannot be written as `{content_type}`: choose another with `content_type`"
    );
    BuildError::new(BuildErrorKind::ContentType, message)
}

/// A text in the charset of its media type, which says so if it must; `None` if it has characters that are not
/// in it, or the charset is not one that can be written.
fn in_charset(text: &str, content_type: &ContentType) -> Option<(String, Upload)> {
    let mut whole = content_type.as_str().to_owned();
    let bytes = match content_type.charset().as_deref() {
        None => {
            // without a word, text may be taken for something older (RFC 6657, section 3)
            if !text.is_ascii() && content_type.essence().starts_with("text/") {
                whole.push_str("; charset=utf-8");
            }
            text.as_bytes().to_vec()
        }
        Some("utf-8" | "utf8") => text.as_bytes().to_vec(),
        Some("us-ascii" | "ascii") => text.is_ascii().then(|| text.as_bytes().to_vec())?,
        Some("iso-8859-1" | "latin1") => {
            let bytes = text.chars().map(|char| u8::try_from(u32::from(char)));
            bytes.collect::<Result<_, _>>().ok()?
        }
        Some(_) => return None,
    };
    let bytes = Zeroizing::new(bytes);
    Some((whole, Bytes::from_owner(bytes).into()))
}

/// Whether the body may be written as XML.
fn takes_xml(parts: &Parts) -> bool {
    #[cfg(feature = "xml")]
    return parts.xml.is_some();
    #[cfg(not(feature = "xml"))]
    {
        let _ = parts;
        false
    }
}

/// The body as XML.
fn xml(parts: &Parts, json: &Bytes) -> Option<Bytes> {
    #[cfg(feature = "xml")]
    {
        let json = in_json(json, &parts.marked)?;
        super::xml::from_json(&json, parts.xml.as_ref()?).map(Bytes::from_owner)
    }
    #[cfg(not(feature = "xml"))]
    {
        let _ = (parts, json);
        None
    }
}
