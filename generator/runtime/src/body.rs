//! Bodies and their media types.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

/// The body of a request or a response. Its `Debug` shows the length alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body(Bytes);

impl Body {
    /// A body without a byte.
    pub const fn empty() -> Self {
        Self(Bytes::new())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no byte.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self(Bytes::from_static(text.as_bytes()))
    }
}

impl From<Body> for Bytes {
    fn from(body: Body) -> Self {
        body.0
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A media type to send a body in, such as [`ContentType::FORM`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType(Cow<'static, str>);

impl ContentType {
    /// `application/json`
    pub const JSON: Self = Self(Cow::Borrowed("application/json"));
    /// `application/x-www-form-urlencoded`
    pub const FORM: Self = Self(Cow::Borrowed("application/x-www-form-urlencoded"));
    /// `multipart/form-data`
    pub const MULTIPART: Self = Self(Cow::Borrowed("multipart/form-data"));
    /// `application/xml`
    pub const XML: Self = Self(Cow::Borrowed("application/xml"));
    /// `text/plain`
    pub const TEXT: Self = Self(Cow::Borrowed("text/plain"));
    /// `application/octet-stream`
    pub const BYTES: Self = Self(Cow::Borrowed("application/octet-stream"));

    /// Any other media type.
    pub fn new(media_type: impl Into<Cow<'static, str>>) -> Self {
        Self(media_type.into())
    }

    /// The media type as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The media type in lower case, without parameters.
    pub(super) fn essence(&self) -> Cow<'_, str> {
        let essence = self.0.split(';').next().unwrap_or_default().trim();
        if essence.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return essence.to_ascii_lowercase().into();
        }
        essence.into()
    }

    /// Whether bodies of this type have parts.
    pub(super) fn is_multipart(&self) -> bool {
        self.syntax() == Syntax::Multipart
    }

    /// The value of its parameter `charset`, in lower case.
    pub(super) fn charset(&self) -> Option<String> {
        let parameters = self.0.split(';').skip(1);
        let mut parameters = parameters.filter_map(|parameter| parameter.split_once('='));
        let charset = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
        charset.map(|(_, value)| value.trim().trim_matches('"').to_ascii_lowercase())
    }

    /// Whether it is one of the media types that `range` stands for, such as `image/*`.
    pub(super) fn is_within(&self, range: &Self) -> bool {
        let (essence, range) = (self.essence(), range.essence());
        match range.split_once('*') {
            Some(("", _)) => true,
            // a suffix says what syntax is meant (RFC 6839)
            Some((start, end)) => {
                let suffix = end.trim_start_matches('+');
                essence.starts_with(start) && essence.ends_with(suffix)
            }
            None => essence == range,
        }
    }

    /// How a body of this type is made.
    pub(super) fn syntax(&self) -> Syntax {
        let essence = self.essence();
        match &*essence {
            _ if essence.contains('*') => Syntax::Any,
            "application/json" | "text/json" => Syntax::Json,
            "application/x-www-form-urlencoded" => Syntax::Form,
            "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/json-lines"
            | "application/ndjson"
            | "application/x-ndjson"
            | "text/jsonl"
            | "text/x-ndjson" => Syntax::Lines,
            "application/json-seq" => Syntax::Sequence,
            _ if essence.starts_with("multipart/") => Syntax::Multipart,
            "application/xml" | "text/xml" => Syntax::Xml,
            _ if essence.ends_with("+xml") => Syntax::Xml,
            _ if essence.ends_with("+json-seq") => Syntax::Sequence,
            _ if essence.ends_with("+json") => Syntax::Json,
            _ if essence.starts_with("text/") => Syntax::Text,
            _ => Syntax::Other,
        }
    }
}

impl From<&'static str> for ContentType {
    fn from(media_type: &'static str) -> Self {
        Self(Cow::Borrowed(media_type))
    }
}

impl fmt::Display for ContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the runtime knows of a media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Json,
    Form,
    Multipart,
    Xml,
    /// JSON texts, one a line.
    Lines,
    /// JSON texts behind record separators (RFC 7464).
    Sequence,
    Text,
    /// A range such as `*/*`: the body says what it is.
    Any,
    Other,
}
