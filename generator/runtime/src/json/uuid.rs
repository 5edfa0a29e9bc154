//! Universally unique identifiers (RFC 9562).

use uuid::Uuid;

use super::Slot;
use super::error::{DecodeError, Problem};
use super::reader::Reader;
use super::write::{Writer, write_text};

/// Written in lower case with hyphens.
impl Slot for Uuid {
    fn blank() -> Self {
        Self::nil()
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self =
            Self::try_parse(reader.text()?).map_err(|_| Problem::NotA { expected: "a UUID" })?;
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        write_text(
            self.hyphenated().encode_lower(&mut Self::encode_buffer()),
            out,
        );
    }
}
