//! serde's traits for everything that is a slot, by way of JSON text.
//!
//! This is for programs that keep a model in a file of their own or send it elsewhere; the client
//! itself does not pass here. Formats that describe themselves work (JSON, YAML, TOML, CBOR,
//! MessagePack); those that need to know lengths and types beforehand (bincode, postcard) do not.

use serde::{Deserializer, Serializer, de, ser};

use super::error::DecodeError;
use super::{Slot, from_slice, to_vec};

/// Writes a slot with a serializer.
///
/// # Errors
/// What the serializer reports.
pub fn serialize<S: Serializer>(value: &dyn Slot, serializer: S) -> Result<S::Ok, S::Error> {
    let text = to_vec(value);
    let mut reader = serde_json::Deserializer::from_slice(&text);
    serde_transcode::transcode(&mut reader, serializer).map_err(<S::Error as ser::Error>::custom)
}

/// Reads a slot with a deserializer.
///
/// # Errors
/// The deserializer fails or its value is not a `T`. The message holds no values: neither ours nor,
/// for it may quote its input, the deserializer's.
pub fn deserialize<'de, T: Slot, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut text = zeroize::Zeroizing::new(Vec::with_capacity(256));
    let mut writer = serde_json::Serializer::new(&mut *text);
    serde_transcode::transcode(deserializer, &mut writer).map_err(|err| unreadable(&err))?;
    from_slice(&text).map_err(|err: DecodeError| <D::Error as de::Error>::custom(err))
}

fn unreadable<E: de::Error>(err: &serde_json::Error) -> E {
    match (err.line(), err.column()) {
        (0, _) => E::custom("the input cannot be read as a value of JSON"),
        (line, column) => E::custom(format_args!(
            "the input cannot be read at line {line} column {column}"
        )),
    }
}
