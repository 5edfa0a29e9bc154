//! The text of Server-Sent Events (WHATWG HTML, section 9.2.6), read as it comes.

use std::time::Duration;

/// An event as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct RawEvent {
    /// The name, if one was sent.
    pub(in super::super) event: Option<String>,
    /// The lines of data.
    pub(in super::super) data: String,
    /// The last identifier that was sent, by this event or one before.
    pub(in super::super) id: String,
    /// Whether this event itself sent it.
    pub(in super::super) is_own_id: bool,
}

/// An event is longer than it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct TooLong;

/// Makes events of pieces of text.
pub(in super::super) struct EventText {
    /// What came and is not read yet.
    buffer: Vec<u8>,
    /// How much of the buffer is read.
    read: usize,
    /// How much of the buffer has no end of a line in it.
    looked: usize,
    /// Whether the text has begun, so that no byte order mark is to come.
    begun: bool,
    /// Whether a line feed is the second half of the end of a line.
    after_return: bool,
    event: RawEvent,
    has_data: bool,
    retry: Option<Duration>,
    most: usize,
}

impl EventText {
    /// Before the first piece; an event may have this many bytes.
    pub(in super::super) fn new(most: usize) -> Self {
        Self {
            buffer: Vec::new(),
            read: 0,
            looked: 0,
            begun: false,
            after_return: false,
            event: RawEvent::default(),
            has_data: false,
            retry: None,
            most,
        }
    }

    /// Takes a piece of the text.
    pub(in super::super) fn push(&mut self, piece: &[u8]) {
        self.buffer.drain(..self.read);
        self.looked -= self.read;
        self.read = 0;
        self.buffer.extend_from_slice(piece);
    }

    /// The next event, if it has come whole.
    pub(in super::super) fn next(&mut self) -> Result<Option<RawEvent>, TooLong> {
        while let Some((from, to)) = self.line() {
            if from == to {
                if let Some(event) = self.dispatch() {
                    return Ok(Some(event));
                }
                continue;
            }
            let line = String::from_utf8_lossy(&self.buffer[from..to]).into_owned();
            self.field(&line);
            self.check(0)?;
        }
        self.check(self.buffer.len() - self.read)?;
        Ok(None)
    }

    /// Forgets what of an event has come: the connection ended, and another begins.
    pub(in super::super) fn begin_again(&mut self) {
        self.buffer.clear();
        (self.read, self.looked) = (0, 0);
        (self.begun, self.after_return, self.has_data) = (false, false, false);
        self.event.data.clear();
        self.event.event = None;
        self.event.is_own_id = false;
    }

    /// The identifier of the last event, which a server is asked to go on from; empty if none had one.
    pub(in super::super) fn last_id(&self) -> &str {
        &self.event.id
    }

    /// How long the server wants to be left alone before another connection.
    pub(in super::super) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    fn check(&self, unread: usize) -> Result<(), TooLong> {
        let name = self.event.event.as_ref().map_or(0, String::len);
        if unread + name + self.event.data.len() + self.event.id.len() > self.most {
            return Err(TooLong);
        }
        Ok(())
    }

    /// The place of the next whole line in the buffer. It ends with a carriage return, a line feed or both.
    fn line(&mut self) -> Option<(usize, usize)> {
        if !self.begun {
            let mark = b"\xEF\xBB\xBF";
            let start = &self.buffer[..self.buffer.len().min(mark.len())];
            if start.len() < mark.len() && mark.starts_with(start) {
                return None;
            }
            if start == mark {
                (self.read, self.looked) = (mark.len(), mark.len());
            }
            self.begun = true;
        }
        if self.after_return && self.read < self.buffer.len() {
            self.after_return = false;
            if self.buffer[self.read] == b'\n' {
                self.read += 1;
                self.looked = self.looked.max(self.read);
            }
        }
        let mut rest = self.buffer[self.looked..].iter();
        let Some(end) = rest.position(|byte| matches!(byte, b'\r' | b'\n')) else {
            self.looked = self.buffer.len();
            return None;
        };
        let (from, to) = (self.read, self.looked + end);
        self.after_return = self.buffer[to] == b'\r';
        (self.read, self.looked) = (to + 1, to + 1);
        Some((from, to))
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => self.event.event = Some(value.to_owned()),
            "data" => {
                self.event.data.push_str(value);
                self.event.data.push('\n');
                self.has_data = true;
            }
            "id" if !value.contains('\0') => {
                value.clone_into(&mut self.event.id);
                self.event.is_own_id = true;
            }
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            // a comment has an empty name
            _ => {}
        }
    }

    /// Ends an event. One without data is none.
    fn dispatch(&mut self) -> Option<RawEvent> {
        let next = RawEvent {
            id: self.event.id.clone(),
            ..RawEvent::default()
        };
        let mut event = std::mem::replace(&mut self.event, next);
        event.data.pop();
        std::mem::take(&mut self.has_data).then_some(event)
    }
}
