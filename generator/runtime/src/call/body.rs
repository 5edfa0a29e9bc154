//! What a call sends: its body, and the parts beside it.

use bytes::Bytes;
use zeroize::Zeroizing;

use super::super::form::Encoding;
#[cfg(feature = "validate")]
use super::super::json::write_text;
use super::super::json::{Slot, to_request_with_parts};
use super::super::part::Part;
use super::super::sequence::Sequence;
use super::super::upload::{HeldUpload, Upload};
use super::super::{ContentType, Secret};
use super::{Call, Parts};

/// What a body is made from.
#[derive(Clone)]
pub(in super::super) enum Payload {
    None,
    Json(Bytes),
    Text(Bytes),
    Bytes(Bytes),
    Upload(HeldUpload),
    /// JSON texts, each with a line end behind it.
    Lines(HeldUpload),
}

impl Parts {
    /// Whether the same request can be made again.
    pub(in super::super) fn is_repeatable(&self) -> bool {
        let body = match &self.body {
            Payload::Upload(upload) | Payload::Lines(upload) => upload.is_repeatable(),
            _ => true,
        };
        let mut parts = self
            .marked
            .iter()
            .chain(self.beside.iter().map(|(_, part)| part));
        body && parts.all(Part::is_repeatable)
    }
}

impl Call {
    /// Sets a body that is made from JSON: JSON itself, or a form or a multipart body of the members of an object.
    pub fn json_body(&mut self, body: &dyn Slot) {
        if !body.is_absent() {
            let mut marked = Vec::new();
            let json = to_request_with_parts(body, &mut marked);
            self.0.body = Payload::Json(Bytes::from_owner(json));
            self.0.marked = marked;
        }
    }

    /// Sets a body of text.
    pub fn text_body(&mut self, body: impl Into<Secret>) {
        let text = Zeroizing::new(body.into().expose().as_bytes().to_vec());
        self.0.body = Payload::Text(Bytes::from_owner(text));
    }

    /// Sets a body of bytes, which is sent as they are.
    pub fn bytes_body(&mut self, body: impl Into<Bytes>) {
        self.0.body = Payload::Bytes(body.into());
    }

    /// Sets a body that is sent as it is, piece by piece unless it is in memory already.
    pub fn upload_body(&mut self, body: impl Into<Upload>) {
        self.0.body = match body.into().into_whole() {
            Ok(body) => Payload::Bytes(body.into()),
            Err(upload) => Payload::Upload(HeldUpload::new(upload)),
        };
    }

    /// Sets a body of many values, each on a line of its own.
    pub fn lines_body<T: Slot>(&mut self, body: impl Into<Sequence<T>>) {
        self.0.body = Payload::Lines(HeldUpload::new(body.into().into_lines()));
    }

    /// Takes the body back: the call goes without one.
    pub fn no_body(&mut self) {
        self.0.body = Payload::None;
        self.0.marked.clear();
        self.0.beside.clear();
    }

    /// Adds a part to a `multipart` body, and sends the body as one.
    pub fn part(&mut self, name: &str, part: impl Into<Part>) {
        self.0.beside.push((name.to_owned(), part.into()));
        let chosen = self.0.content_type.as_ref();
        if chosen.is_some_and(ContentType::is_multipart) {
            return;
        }
        let declared = self.0.spec.request_types.iter();
        let mut declared = declared.map(|known| ContentType::from(*known));
        let declared = declared.find(ContentType::is_multipart);
        self.0.content_type = Some(declared.unwrap_or(ContentType::MULTIPART));
    }

    /// Says how members of a form are written where that is not the usual way.
    pub fn encodings(&mut self, encodings: &'static [Encoding]) {
        self.0.encodings = encodings;
    }

    #[cfg(feature = "validate")]
    pub(super) fn body_as_json(&self) -> Option<Zeroizing<Vec<u8>>> {
        match &self.0.body {
            Payload::Json(json) => Some(Zeroizing::new(json.to_vec())),
            Payload::Text(text) => {
                let mut json = Zeroizing::new(Vec::with_capacity(2 * text.len() + 2));
                write_text(std::str::from_utf8(text).ok()?, &mut json);
                Some(json)
            }
            _ => None,
        }
    }
}
