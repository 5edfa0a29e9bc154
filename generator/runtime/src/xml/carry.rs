//! XML in calls and in replies.

use super::super::body::{ContentType, Syntax};
use super::super::call::Call;
use super::super::charset;
use super::super::json::{DecodeError, Slot};
use super::super::reply::Reply;
use super::{Root, from_text};

impl Call {
    /// Says how the body stands in XML, so that it can be sent as XML too.
    pub fn xml(&mut self, root: Root) {
        self.0.xml = Some(root);
    }
}

impl Reply {
    /// The body as XML, whatever its media type says.
    ///
    /// # Errors
    /// The body is empty, not XML, or not a `T`.
    pub fn xml<T: Slot>(&self, root: Root) -> Result<T, DecodeError> {
        let body = self.bytes()?;
        let text = charset::xml(&body, self.media().parameter("charset"))?;
        from_text(&text, &root)
    }

    /// The body as JSON or XML, as its media type says; if that says neither, as it looks.
    ///
    /// # Errors
    /// The body is empty, neither JSON nor XML, or not a `T`.
    pub fn json_or_xml<T: Slot>(&self, root: Root) -> Result<T, DecodeError> {
        let is_xml = match ContentType::new(self.media().essence()).syntax() {
            Syntax::Xml => true,
            Syntax::Json => false,
            _ => {
                let body = self.bytes()?;
                let text = charset::xml(&body, self.media().parameter("charset"));
                text.is_ok_and(|text| text.trim_start().starts_with('<'))
            }
        };
        if is_xml { self.xml(root) } else { self.json() }
    }
}
