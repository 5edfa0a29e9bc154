//! Parts: what bodies of several parts are made of, such as files in `multipart/form-data`.
//!
//! A part is a member of a model like any other. In JSON there is no place for what it holds, so writing one leaves
//! a mark and hands the part over beside the JSON; whoever makes the body finds it by the mark.

use std::fmt;
use std::io;
use std::path::Path;

use bytes::Bytes;

use super::json::{DecodeError, Kind, Reader, Slot, Writer, to_request, write_text};
use super::upload::{HeldUpload, Upload};

/// One part of a `multipart` body: a file, or anything else that has a file name, a media type or headers of its own.
///
/// Texts and bytes turn into parts by themselves. What it holds may also come from a file or a stream, by an
/// [`Upload`]: `Part::new(Upload::from_stream(rows)).file_name("rows.csv")`. `Debug` shows the length alone.
///
/// ```
/// # use specmint_runtime::Part;
/// let part = Part::new("a,b\n").file_name("rows.csv").content_type("text/csv").header("X-Rows", "1");
/// assert_eq!(format!("{part:?}"), "Part(4 bytes)");
/// ```
#[derive(Clone)]
pub struct Part {
    content: HeldUpload,
    length: Option<u64>,
    file_name: FileName,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
}

/// Whether a part says that it is a file.
#[derive(Clone, PartialEq, Eq)]
enum FileName {
    /// It does, by the name of the member that holds it.
    OfMember,
    Given(String),
    None,
}

impl Part {
    /// A part with this content. It says that it is a file, by the name of the member that holds it unless it is
    /// given one: many servers take for files what has a file name, and nothing else.
    pub fn new(content: impl Into<Upload>) -> Self {
        let content = content.into();
        Self {
            length: content.length(),
            content: HeldUpload::new(content),
            file_name: FileName::OfMember,
            content_type: None,
            headers: Vec::new(),
        }
    }

    /// A file, under the last segment of its path. It is opened when it is sent.
    ///
    /// # Errors
    /// There is no file at the path, or it cannot be looked at.
    pub fn from_path(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let part = Self::new(Upload::from_path(path)?);
        Ok(match path.file_name() {
            Some(name) => part.file_name(name.to_string_lossy()),
            None => part,
        })
    }

    /// A text that is no file.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(text.into()).without_file_name()
    }

    /// A value as JSON that is no file.
    pub fn json(value: &dyn Slot) -> Self {
        Self::new(Bytes::from_owner(to_request(value)))
            .without_file_name()
            .content_type("application/json")
    }

    /// Gives it a file name.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = FileName::Given(name.into());
        self
    }

    /// Sends it without a file name.
    #[must_use]
    pub fn without_file_name(mut self) -> Self {
        self.file_name = FileName::None;
        self
    }

    /// Says what it is. Without a word it is what the API's description says, or `application/octet-stream` if it
    /// has a file name.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Adds a header to it, beside those that say how it is called and what it is.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(super) fn is_repeatable(&self) -> bool {
        self.content.is_repeatable()
    }

    /// What it holds, if that is in memory.
    pub(super) fn whole(&self) -> Option<Bytes> {
        self.content.whole()
    }

    /// What it holds, unless that was good for once and is gone.
    pub(super) fn take(&self) -> Option<Upload> {
        self.content.take()
    }

    /// Its file name as the member `member`.
    pub(super) fn file_name_as<'p>(&'p self, member: &'p str) -> Option<&'p str> {
        match &self.file_name {
            FileName::OfMember => Some(member).filter(|name| !name.is_empty()),
            FileName::Given(name) => Some(name),
            FileName::None => None,
        }
    }

    /// Its media type, if it has one of its own.
    pub(super) fn own_content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    pub(super) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Some(bytes) => write!(f, "Part({bytes} bytes)"),
            None => f.write_str("Part(any number of bytes)"),
        }
    }
}

/// Parts are equal if they are sent alike. What is not in memory is equal to its clones alone.
impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.file_name == other.file_name
            && self.content_type == other.content_type
            && self.headers == other.headers
            && self.content.is_same(&other.content)
    }
}

impl<T: Into<Upload>> From<T> for Part {
    fn from(content: T) -> Self {
        Self::new(content)
    }
}

/// As JSON it is its text.
impl Slot for Part {
    fn blank() -> Self {
        Self::new(Bytes::new())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        let mut text = String::new();
        text.read(reader)?;
        *self = Self::new(text);
        Ok(())
    }

    fn write(&self, out: &mut Writer<'_>) {
        match out.parts() {
            Some(parts) => {
                let index = parts.len();
                parts.push(self.clone());
                out.extend_from_slice(mark(index).as_bytes());
            }
            None => self.write_text(out),
        }
    }
}

impl Part {
    fn write_text(&self, out: &mut Vec<u8>) {
        let whole = self.whole().unwrap_or_default();
        write_text(&String::from_utf8_lossy(&whole), out);
    }
}

/// What a mark begins with: a string that spells its first letter as nothing here ever spells it.
const MARK: &str = "\"\\u0070";

fn mark(index: usize) -> String {
    format!("{MARK}{index}\"")
}

/// Which part the JSON of a string is a mark of.
pub(super) fn marked(json: &[u8]) -> Option<usize> {
    let index = json.strip_prefix(MARK.as_bytes())?.strip_suffix(b"\"")?;
    std::str::from_utf8(index).ok()?.parse().ok()
}

/// The JSON with the texts of the parts in place of their marks; `None` if one is no text.
pub(super) fn in_json(json: &Bytes, parts: &[Part]) -> Option<Bytes> {
    if parts.is_empty() {
        return Some(json.clone());
    }
    let mut text = std::str::from_utf8(json).ok()?.to_owned();
    for (index, part) in parts.iter().enumerate() {
        let mark = mark(index);
        if text.contains(&mark) {
            let whole = part.whole()?;
            let mut own = Vec::new();
            write_text(std::str::from_utf8(&whole).ok()?, &mut own);
            text = text.replace(&mark, std::str::from_utf8(&own).ok()?);
        }
    }
    Some(text.into())
}

/// A `multipart` body of any parts, for operations whose description does not say what belongs into them.
///
/// ```
/// # use specmint_runtime::{Multipart, Part};
/// let body = Multipart::new().part("title", Part::text("Rows")).part("file", "a,b\n");
/// # assert_eq!(body.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Multipart(Vec<(String, Part)>);

impl Multipart {
    /// A body without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part. In `multipart/form-data` each has a name; several may have the same.
    #[must_use]
    pub fn part(mut self, name: impl Into<String>, part: impl Into<Part>) -> Self {
        self.0.push((name.into(), part.into()));
        self
    }

    /// The number of parts.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no parts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As JSON it is an object of texts; a text alone is a file.
impl Slot for Multipart {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        if reader.kind()? == Kind::String {
            let mut file = Part::blank();
            file.read(reader)?;
            self.0 = vec![("file".to_owned(), file)];
            return Ok(());
        }
        let mut members = std::collections::BTreeMap::<String, Part>::new();
        members.read(reader)?;
        self.0 = members.into_iter().collect();
        Ok(())
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.push(b'{');
        for (at, (name, part)) in self.0.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            write_text(name, out);
            out.push(b':');
            part.write(out);
        }
        out.push(b'}');
    }
}
