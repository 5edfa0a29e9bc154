//! Bodies as UTF-8, whatever charset they came in.

use std::borrow::Cow;

use super::json::Problem;
use super::media::MediaType;

/// The marks that a text may begin with, which say more than any header (WHATWG Encoding, section 6).
const MARKS: [(&[u8], &str); 3] = [
    (b"\xEF\xBB\xBF", "utf-8"),
    (b"\xFF\xFE", "utf-16le"),
    (b"\xFE\xFF", "utf-16be"),
];

/// A text as UTF-8, without its mark. Without a charset it is UTF-8.
///
/// # Errors
/// It is not what the charset says, or the charset is none that is known.
pub(super) fn text<'b>(bytes: &'b [u8], media: MediaType<'_>) -> Result<Cow<'b, str>, Problem> {
    let marked = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark));
    if let Some((mark, charset)) = marked {
        return decode(&bytes[mark.len()..], charset);
    }
    decode(bytes, media.parameter("charset").unwrap_or("utf-8"))
}

/// A body of JSON as UTF-8. JSON has no charset but that one (RFC 8259, section 8.1), so another is believed only
/// where the bytes bear it out: if they cannot be UTF-8, or the charset is of two bytes.
///
/// # Errors
/// It is not what the charset says, or the charset is none that is known.
pub(super) fn json<'b>(bytes: &'b [u8], media: MediaType<'_>) -> Result<Cow<'b, [u8]>, Problem> {
    let wide = |text: &str| {
        text.get(..6)
            .is_some_and(|start| start.eq_ignore_ascii_case("utf-16"))
    };
    let marked = bytes.starts_with(MARKS[1].0) || bytes.starts_with(MARKS[2].0);
    let said = media.parameter("charset");
    let told = said.is_some_and(|charset| wide(charset) && bytes.contains(&0));
    let other = || said.is_some() && std::str::from_utf8(bytes).is_err();
    if !marked && !told && !other() {
        return Ok(Cow::Borrowed(bytes));
    }
    text(bytes, media).map(|text| match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    })
}

/// A document of XML as UTF-8: by its mark, by what the response says, or else by what it says itself (RFC 7303,
/// section 3). One that says UTF-16 and can be read to there is not in UTF-16.
///
/// # Errors
/// It is not in that charset, or the charset is none that is known.
#[cfg(feature = "xml")]
pub(super) fn xml<'b>(bytes: &'b [u8], said: Option<&str>) -> Result<Cow<'b, str>, Problem> {
    let marked = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark));
    if let Some((mark, charset)) = marked {
        return decode(&bytes[mark.len()..], charset);
    }
    let wide = |charset: &str| charset.to_ascii_lowercase().starts_with("utf-16");
    let declared = || declared(bytes).filter(|charset| !wide(charset));
    decode(bytes, said.or_else(declared).unwrap_or("utf-8"))
}

/// The encoding that an XML declaration names (XML 1.0, section 4.3.3).
#[cfg(feature = "xml")]
fn declared(bytes: &[u8]) -> Option<&str> {
    let head = bytes[..bytes.len().min(256)].strip_prefix(b"<?xml")?;
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&head[..end]).ok()?;
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|char| matches!(char, '"' | '\''))?;
    let (name, _) = value[1..].split_once(quote)?;
    Some(name)
}

fn decode<'b>(bytes: &'b [u8], charset: &str) -> Result<Cow<'b, str>, Problem> {
    let utf8 = ["utf-8", "utf8", "us-ascii", "ascii"];
    if utf8.iter().any(|known| known.eq_ignore_ascii_case(charset)) {
        let text = std::str::from_utf8(bytes);
        return text.map(Cow::Borrowed).map_err(|_| Problem::NotUtf8);
    }
    decode_other(bytes, charset)
}

#[cfg(feature = "charset")]
fn decode_other<'b>(bytes: &'b [u8], charset: &str) -> Result<Cow<'b, str>, Problem> {
    let encoding = encoding_rs::Encoding::for_label(charset.as_bytes());
    let encoding = encoding.ok_or(Problem::UnknownCharset)?;
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or(Problem::NotInCharset)
}

#[cfg(not(feature = "charset"))]
fn decode_other<'b>(_: &'b [u8], _: &str) -> Result<Cow<'b, str>, Problem> {
    Err(Problem::UnknownCharset)
}
