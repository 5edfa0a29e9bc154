//! JSON text for texts and numbers, appended to bytes.

use std::ops::{Deref, DerefMut};

use super::super::part::Part;

/// JSON text while it is written.
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
    goal: Goal,
    parts: Option<&'a mut Vec<Part>>,
}

/// Where a written value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Anywhere: to a file, a log, another program. All of it is written.
    Anywhere,
    /// To the server: members that only the server sets (`readOnly`) stay out.
    Request,
}

impl<'a> Writer<'a> {
    /// Starts behind what `out` holds already.
    pub fn new(out: &'a mut Vec<u8>, goal: Goal) -> Self {
        Self {
            out,
            goal,
            parts: None,
        }
    }

    /// Starts with an empty `out`, for a request whose parts stand beside the JSON.
    pub(crate) fn beside_parts(out: &'a mut Vec<u8>, parts: &'a mut Vec<Part>) -> Self {
        Self {
            out,
            goal: Goal::Request,
            parts: Some(parts),
        }
    }

    /// The parts that stand beside the JSON, if they may.
    pub(crate) fn parts(&mut self) -> Option<&mut Vec<Part>> {
        self.parts.as_deref_mut()
    }

    pub(crate) fn goal(&self) -> Goal {
        self.goal
    }
}

impl Deref for Writer<'_> {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        self.out
    }
}

impl DerefMut for Writer<'_> {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        self.out
    }
}
/// Appends a string with its quotes (RFC 8259, section 7: quote, backslash and control characters
/// are escaped, nothing else).
pub fn write_text(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut written = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if ESCAPED[usize::from(byte)] {
            out.extend_from_slice(&bytes[written..at]);
            write_escape(byte, out);
            written = at + 1;
        }
    }
    out.extend_from_slice(&bytes[written..]);
    out.push(b'"');
}

const ESCAPED: [bool; 256] = {
    let mut table = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = true;
        control += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

fn write_escape(byte: u8, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x09 => b't',
        0x0A => b'n',
        0x0C => b'f',
        0x0D => b'r',
        _ => {
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Appends a number, or another value that serde_json writes without fail.
pub(crate) fn write_plain<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("numbers and JSON values fit into memory");
}
