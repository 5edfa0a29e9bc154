//! Texts as numbers: what is equal has the same, on every machine and in every version of Rust.

use sha2::{Digest as _, Sha256};

/// The SHA-256 (FIPS 180-4) of the parts, one after the other, in hexadecimal digits.
pub(crate) fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    let bytes = hash.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first 64 bits of the SHA-256 of the text.
pub(crate) fn short(text: &str) -> u64 {
    let hash = Sha256::digest(text.as_bytes());
    let first = hash.first_chunk().copied();
    u64::from_be_bytes(first.expect("a SHA-256 has 32 bytes"))
}
