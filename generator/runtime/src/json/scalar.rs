//! Booleans and strings.

use super::super::secret::Secret;
use super::Slot;
use super::error::DecodeError;
use super::reader::Reader;
use super::write::{Writer, write_text};

impl Slot for bool {
    fn blank() -> Self {
        false
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = reader.boolean()?;
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl Slot for String {
    fn blank() -> Self {
        Self::new()
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = reader.text_or_number()?.to_owned();
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        write_text(self, out);
    }
}

impl Slot for Secret {
    fn blank() -> Self {
        Self::default()
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = Self::from(reader.text_or_number()?);
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        write_text(self.expose(), out);
    }
}

/// Any value, of which nothing is kept; written as `null`.
impl Slot for () {
    fn blank() -> Self {}
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        reader.skip()
    }
    fn write(&self, out: &mut Writer<'_>) {
        out.extend_from_slice(b"null");
    }
}
