//! Texts of JSON one after another: JSON Lines, and JSON text sequences (RFC 7464).

use super::event_text::TooLong;

/// What begins a text of a sequence (RFC 7464, section 2.2).
const SEPARATOR: u8 = 0x1E;

/// Makes records of pieces of text. A text that begins with a record separator is a sequence, in which a record may
/// have several lines; in any other each line is a record.
pub(in super::super) struct RecordText {
    /// What came and is not read yet.
    buffer: Vec<u8>,
    /// How much of the buffer is read.
    read: usize,
    /// How much of the buffer has been looked through.
    looked: usize,
    form: Option<Form>,
    most: usize,
    /// Where in a record of a sequence the look stands.
    depth: usize,
    in_string: bool,
    escaped: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Lines,
    Sequence,
}

impl RecordText {
    /// Before the first piece; a record may have this many bytes.
    pub(in super::super) fn new(most: usize) -> Self {
        Self {
            buffer: Vec::new(),
            read: 0,
            looked: 0,
            form: None,
            most,
            depth: 0,
            in_string: false,
            escaped: false,
        }
    }

    /// Takes a piece of the text.
    pub(in super::super) fn push(&mut self, piece: &[u8]) {
        self.buffer.drain(..self.read);
        self.looked -= self.read;
        self.read = 0;
        self.buffer.extend_from_slice(piece);
    }

    /// The next record, if it has come whole. Empty ones are none.
    pub(in super::super) fn next(&mut self) -> Result<Option<&[u8]>, TooLong> {
        while let Some(end) = self.end() {
            let (from, to) = (self.read, end);
            self.read = end + 1;
            self.looked = end + 1;
            if to - from > self.most {
                return Err(TooLong);
            }
            if !trimmed(&self.buffer[from..to]).is_empty() {
                return Ok(Some(trimmed(&self.buffer[from..to])));
            }
        }
        if self.buffer.len() - self.read > self.most {
            return Err(TooLong);
        }
        Ok(None)
    }

    /// The last record, which nothing ends but the text.
    pub(in super::super) fn last(&mut self) -> Option<&[u8]> {
        let rest = std::mem::replace(&mut self.read, self.buffer.len());
        self.looked = self.buffer.len();
        let rest = trimmed(&self.buffer[rest..]);
        (!rest.is_empty()).then_some(rest)
    }

    /// Where the next record ends.
    fn end(&mut self) -> Option<usize> {
        if self.form.is_none() {
            let start = self.buffer.strip_prefix(b"\xEF\xBB\xBF");
            let start = start.unwrap_or(&self.buffer);
            let first = start.iter().find(|byte| !byte.is_ascii_whitespace())?;
            self.form = Some(match *first {
                SEPARATOR => Form::Sequence,
                _ => Form::Lines,
            });
        }
        let from = self.looked;
        for at in from..self.buffer.len() {
            let byte = self.buffer[at];
            let ends = match self.form {
                Some(Form::Sequence) => self.step(byte),
                _ => byte == b'\n',
            };
            if ends {
                return Some(at);
            }
        }
        self.looked = self.buffer.len();
        None
    }

    /// Whether a byte ends a record of a sequence: the next one begins, or a line ends and no value is open.
    fn step(&mut self, byte: u8) -> bool {
        if byte == SEPARATOR {
            (self.depth, self.in_string, self.escaped) = (0, false, false);
            return true;
        }
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        byte == b'\n' && self.depth == 0
    }
}

/// A record without the white space and the marks around it.
fn trimmed(record: &[u8]) -> &[u8] {
    let record = record.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(record);
    record.trim_ascii()
}
