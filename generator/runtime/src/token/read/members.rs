//! The body of an answer as names and values: JSON or a form, each name once.

use http::header::CONTENT_TYPE;
use zeroize::Zeroizing;

use super::super::super::json::{Kind, Reader};
use super::super::super::{Body, DecodeError};
use super::super::Refusal;
use super::malformed;

/// The members of an object, in their order. Its `Debug` shows the names alone.
pub struct Members<'b>(Vec<(String, Value<'b>)>);

/// The value of a member. Its `Debug` shows the kind alone.
#[derive(Clone)]
pub struct Value<'b>(Source<'b>);

#[derive(Clone)]
enum Source<'b> {
    /// Its JSON text, which is known to be well-formed.
    Json(Kind, &'b [u8]),
    /// What a form has under the name.
    Text(Zeroizing<String>),
}

impl<'b> Members<'b> {
    /// The members of a response's body: a form if its media type says so, and JSON otherwise, since servers
    /// name all kinds of media types for JSON.
    ///
    /// # Errors
    /// It is neither, a name is there twice, or values are nested more than 128 deep.
    pub fn of(response: &'b http::Response<Body>) -> Result<Self, Refusal> {
        let media_type = response.headers().get(CONTENT_TYPE);
        let is_form = media_type.is_some_and(|value| {
            let form = b"application/x-www-form-urlencoded".as_slice();
            let named = value.as_bytes().get(..form.len()).unwrap_or_default();
            named.eq_ignore_ascii_case(form)
        });
        match is_form {
            true => Self::form(response.body().as_bytes()),
            false => Self::json(response.body().as_bytes()),
        }
    }

    /// The members of a JSON object.
    ///
    /// # Errors
    /// It is none, a name is there twice at any depth, or values are nested more than 128 deep.
    pub fn json(body: &'b [u8]) -> Result<Self, Refusal> {
        let unreadable = |_: DecodeError| malformed("the answer is not JSON");
        let mut reader = Reader::new(body).map_err(unreadable)?;
        if reader.kind().map_err(unreadable)? != Kind::Object {
            return Err(malformed("the answer is not a JSON object"));
        }
        let members = object(&mut reader)?;
        reader.finish().map_err(unreadable)?;
        Ok(members)
    }

    /// The members of `application/x-www-form-urlencoded`, all of them texts.
    ///
    /// # Errors
    /// A name is there twice, or the text is not UTF-8.
    pub fn form(body: &'b [u8]) -> Result<Self, Refusal> {
        let mut members = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|it| !it.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || form_decoded(halves.next().unwrap_or_default());
            let name = half()?;
            members.push((name.to_string(), Value(Source::Text(half()?))));
        }
        each_once(members)
    }

    /// The value of a member; `null` is none.
    pub fn get(&self, name: &str) -> Option<&Value<'b>> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// The value at the end of a path of names; `None` if there is no such value, or it is `null`.
    pub fn at<P: AsRef<str>>(&self, path: &[P]) -> Option<Value<'b>> {
        let (first, rest) = path.split_first()?;
        let mut value = self.get(first.as_ref())?.clone();
        for name in rest {
            value = value.members()?.get(name.as_ref())?.clone();
        }
        Some(value)
    }

    /// The members that are not `null`.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value<'b>)> {
        self.0
            .iter()
            .filter(|(_, value)| value.kind() != Kind::Null)
            .map(|(name, value)| (name.as_str(), value))
    }
}

impl std::fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.0.iter().map(|(name, _)| name);
        f.debug_set().entries(names).finish()
    }
}

impl<'b> Value<'b> {
    /// A text that is not from a body, such as a header's.
    pub(in super::super) fn of_text(text: &str) -> Self {
        Self(Source::Text(Zeroizing::new(text.to_owned())))
    }

    /// A body that is one string: in JSON, or as it is.
    pub(in super::super) fn whole(body: &'b [u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?.trim();
        if !text.starts_with('"') {
            return Some(Self::of_text(text));
        }
        let mut reader = Reader::new(text.as_bytes()).ok()?;
        let value = value(&mut reader).ok()?;
        reader.finish().ok()?;
        Some(value)
    }

    /// What kind of JSON it is; all that forms hold are strings.
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Source::Json(kind, _) => *kind,
            Source::Text(_) => Kind::String,
        }
    }

    /// The text of a string.
    pub fn text(&self) -> Option<Zeroizing<String>> {
        match &self.0 {
            Source::Text(text) => Some(text.clone()),
            Source::Json(Kind::String, json) => {
                let mut reader = Reader::new(json).ok()?;
                reader.text().ok().map(str::to_owned).map(Zeroizing::new)
            }
            Source::Json(..) => None,
        }
    }

    /// The text of a string, or a number or a truth value as it is spelled.
    pub fn scalar(&self) -> Option<Zeroizing<String>> {
        match &self.0 {
            Source::Json(Kind::Number | Kind::Integer | Kind::Boolean, json) => {
                let spelled = std::str::from_utf8(json).ok()?;
                Some(Zeroizing::new(spelled.trim().to_owned()))
            }
            _ => self.text(),
        }
    }

    /// The members of an object.
    pub fn members(&self) -> Option<Members<'b>> {
        match self.0 {
            Source::Json(Kind::Object, json) => object(&mut Reader::new(json).ok()?).ok(),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<Vec<Value<'b>>> {
        match self.0 {
            Source::Json(Kind::Array, json) => list(&mut Reader::new(json).ok()?).ok(),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Value({})", self.kind())
    }
}

/// Reads an object, and looks at all that it holds.
fn object<'b>(reader: &mut Reader<'b>) -> Result<Members<'b>, Refusal> {
    let unreadable = |_: DecodeError| malformed("the answer is not JSON");
    let mut members = Vec::new();
    let mut next = reader.first_name().map_err(unreadable)?.map(str::to_owned);
    while let Some(name) = next {
        members.push((name, value(reader)?));
        next = reader.next_name().map_err(unreadable)?.map(str::to_owned);
    }
    each_once(members)
}

fn list<'b>(reader: &mut Reader<'b>) -> Result<Vec<Value<'b>>, Refusal> {
    let unreadable = |_: DecodeError| malformed("the answer is not JSON");
    let mut items = Vec::new();
    let mut more = reader.first_element().map_err(unreadable)?;
    while more {
        items.push(value(reader)?);
        more = reader.next_element().map_err(unreadable)?;
    }
    Ok(items)
}

/// Reads a value as it is spelled; objects within it are looked at for names that are there twice.
fn value<'b>(reader: &mut Reader<'b>) -> Result<Value<'b>, Refusal> {
    let unreadable = |_: DecodeError| malformed("the answer is not JSON");
    let kind = reader.kind().map_err(unreadable)?;
    let start = reader.position();
    match kind {
        Kind::Object => drop(object(reader)?),
        Kind::Array => {
            let mut more = reader.first_element().map_err(unreadable)?;
            while more {
                value(reader)?;
                more = reader.next_element().map_err(unreadable)?;
            }
        }
        _ => reader.skip().map_err(unreadable)?,
    }
    Ok(Value(Source::Json(kind, reader.since(start))))
}

/// Refuses members of which one name is there twice: readers would disagree on its value.
fn each_once<'b>(members: Vec<(String, Value<'b>)>) -> Result<Members<'b>, Refusal> {
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).any(|pair| pair[0] == pair[1]) {
        true => Err(malformed("a member of the answer is there twice")),
        false => Ok(Members(members)),
    }
}

fn form_decoded(text: &[u8]) -> Result<Zeroizing<String>, Refusal> {
    let mut out = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let (decoded, behind) = match (byte, after) {
            (b'+', _) => (b' ', after),
            (b'%', [high, low, behind @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, behind),
                _ => (byte, after),
            },
            _ => (byte, after),
        };
        out.push(decoded);
        rest = behind;
    }
    let text = std::str::from_utf8(&out).map_err(|_| malformed("the answer is not UTF-8"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|it| it.try_into().ok())
}
