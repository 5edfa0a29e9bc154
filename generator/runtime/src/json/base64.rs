//! Bytes in a string (RFC 4648, section 4).

use std::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Slot;
use super::error::{DecodeError, Problem};
use super::reader::Reader;
use super::write::Writer;

/// Written with padding, read with or without.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes that go as base64 in JSON (`format: byte`). `Debug` shows how many, not which.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Base64(pub Vec<u8>);

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.0.len())
    }
}

impl AsRef<[u8]> for Base64 {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl Slot for Base64 {
    fn blank() -> Self {
        Self(Vec::new())
    }
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        let text = reader.text()?;
        // Line ends are part of MIME's base64 (RFC 2045, section 6.8).
        let decoded = match text.contains(['\r', '\n']) {
            true => ENGINE.decode(text.replace(['\r', '\n'], "")),
            false => ENGINE.decode(text),
        };
        self.0 = decoded.map_err(|_| Problem::NotA { expected: "base64" })?;
        Ok(())
    }
    fn write(&self, out: &mut Writer<'_>) {
        out.push(b'"');
        out.extend_from_slice(ENGINE.encode(&self.0).as_bytes());
        out.push(b'"');
    }
}
