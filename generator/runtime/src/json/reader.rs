//! The one reader of JSON: a pull parser with a limit on depth and errors that know their place.

use std::borrow::Cow;

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};
use zeroize::Zeroize;

use super::error::{DecodeError, Kind, Problem};

/// How deep arrays and objects may be nested. serde_json has the same limit.
pub const MAX_DEPTH: u32 = 128;

/// JSON text, read from front to back.
pub struct Reader<'j> {
    jiter: Jiter<'j>,
    bytes: &'j [u8],
    depth: u32,
    skipped: bool,
    manner: Manner,
    /// How many bytes may still be read more than once.
    again: usize,
}

/// How closely values must be what is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As vendors have it: numbers may be strings and the other way round, dates of any spelling.
    Kind,
    /// To the letter: what a value is says which variant of a union it is.
    Exact,
}

/// What reading a value again costs at least, in bytes, so that trials which fail at once are not free.
const LEAST_COST: usize = 32;

impl<'j> Reader<'j> {
    /// Starts before the first value.
    ///
    /// # Errors
    /// There is nothing but white space.
    pub fn new(bytes: &'j [u8]) -> Result<Self, DecodeError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut jiter = Jiter::new(bytes);
        if jiter.peek().is_err() {
            return Err(Problem::Empty.into());
        }
        Ok(Self {
            jiter,
            bytes,
            depth: 0,
            skipped: false,
            manner: Manner::Kind,
            again: bytes.len().saturating_mul(64).saturating_add(1 << 20),
        })
    }

    /// Ends after the last value.
    ///
    /// # Errors
    /// There is more than white space, or what was skipped is not UTF-8.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        if let Err(err) = self.jiter.finish() {
            return Err(Problem::TrailingText { offset: err.index }.into());
        }
        // Strings that were read are known to be UTF-8. Those that were skipped are not.
        if self.skipped && std::str::from_utf8(self.bytes).is_err() {
            return Err(Problem::NotUtf8.into());
        }
        Ok(())
    }

    /// Returns the kind of the next value, without reading it. A number is [`Kind::Number`].
    ///
    /// # Errors
    /// No value begins here.
    pub fn kind(&mut self) -> Result<Kind, DecodeError> {
        let peek = self.peek()?;
        kind(peek).ok_or_else(|| self.no_value())
    }

    /// Reads `null` if it comes next, and says whether it did.
    pub(crate) fn null(&mut self) -> Result<bool, DecodeError> {
        if self.peek()? != Peek::Null {
            return Ok(false);
        }
        self.jiter.known_null().map_err(syntax)?;
        Ok(true)
    }

    /// How closely values must be what is declared.
    pub(crate) fn manner(&self) -> Manner {
        self.manner
    }

    /// Changes how closely values must be what is declared; returns how it was before.
    pub(crate) fn set_manner(&mut self, manner: Manner) -> Manner {
        std::mem::replace(&mut self.manner, manner)
    }

    /// How many bytes are read.
    pub(crate) fn position(&self) -> usize {
        self.jiter.current_index()
    }

    /// Reads a boolean, or a string that holds one.
    pub(crate) fn boolean(&mut self) -> Result<bool, DecodeError> {
        let peek = match self.peek()? {
            peek @ (Peek::True | Peek::False) => {
                return self.jiter.known_bool(peek).map_err(syntax);
            }
            peek => peek,
        };
        match self.held(peek)? {
            Some(b"true") => Ok(true),
            Some(b"false") => Ok(false),
            _ => Err(self.mismatch(Kind::Boolean, peek)),
        }
    }

    /// Reads what a string holds where something else is declared; `None` if there is no string, or
    /// values must be just what is declared.
    fn held(&mut self, peek: Peek) -> Result<Option<&'j [u8]>, DecodeError> {
        if peek != Peek::String || self.manner == Manner::Exact {
            return Ok(None);
        }
        let start = self.jiter.current_index();
        self.jiter.known_bytes().map_err(syntax)?;
        let spelled = self.jiter.slice_to_current(start);
        Ok(spelled.get(1..spelled.len() - 1))
    }

    /// Reads a string.
    ///
    /// # Errors
    /// The next value is none, or holds a surrogate without its other half.
    pub fn text(&mut self) -> Result<&str, DecodeError> {
        match self.peek()? {
            Peek::String => self.jiter.known_str().map_err(syntax),
            peek => Err(self.mismatch(Kind::String, peek)),
        }
    }

    /// Reads a string, or a number as the string that spells it.
    ///
    /// # Errors
    /// The next value is neither, or holds a surrogate without its other half.
    pub fn text_or_number(&mut self) -> Result<&str, DecodeError> {
        match self.peek()? {
            Peek::String => self.jiter.known_str().map_err(syntax),
            peek if is_number(peek) && self.manner == Manner::Kind => {
                let spelled = self.number(Kind::String)?;
                std::str::from_utf8(spelled).map_err(|_| Problem::NotUtf8.into())
            }
            peek => Err(self.mismatch(Kind::String, peek)),
        }
    }

    /// Reads a number, or a string that holds one, and returns it as it is spelled. It follows the grammar
    /// of RFC 8259, section 6.
    pub(crate) fn number(&mut self, expected: Kind) -> Result<&'j [u8], DecodeError> {
        let peek = self.peek()?;
        if !is_number(peek) {
            let held = self.held(peek)?;
            let number = held.filter(|text| super::decimal::is_number(text));
            return number.ok_or_else(|| self.mismatch(expected, peek));
        }
        let start = self.jiter.current_index();
        self.jiter.known_number_bytes(peek).map_err(syntax)?;
        Ok(self.jiter.slice_to_current(start))
    }

    /// Reads a number, or a string that holds one, as the nearest `f64`.
    pub(crate) fn float(&mut self) -> Result<f64, DecodeError> {
        let peek = self.peek()?;
        if !is_number(peek) {
            return super::number::float(self.number(Kind::Number)?);
        }
        match self.jiter.known_float(peek).map_err(syntax)? {
            number if number.is_finite() => Ok(number),
            _ => Err(Problem::OutOfRange { expected: "f64" }.into()),
        }
    }

    /// Reads any value and forgets it.
    pub(crate) fn skip(&mut self) -> Result<(), DecodeError> {
        self.skipped = true;
        self.jiter.next_skip().map_err(syntax)
    }

    /// What was read since a position.
    #[cfg(feature = "tokens")]
    pub(crate) fn since(&self, start: usize) -> &'j [u8] {
        self.jiter.slice_to_current(start)
    }

    /// Reads any value and returns it as it is spelled.
    pub(crate) fn spelled(&mut self) -> Result<&'j [u8], DecodeError> {
        self.peek_past_space()?;
        let start = self.jiter.current_index();
        self.skip()?;
        Ok(self.jiter.slice_to_current(start))
    }

    /// Enters an array and says whether it has an element. Leave it by [`Reader::next_element`].
    pub(crate) fn first_element(&mut self) -> Result<bool, DecodeError> {
        match self.peek()? {
            Peek::Array => {
                self.deeper()?;
                let found = self.jiter.known_array().map_err(syntax)?.is_some();
                self.depth -= u32::from(!found);
                Ok(found)
            }
            peek => Err(self.mismatch(Kind::Array, peek)),
        }
    }

    /// Says whether another element follows, and leaves the array if not.
    pub(crate) fn next_element(&mut self) -> Result<bool, DecodeError> {
        let found = self.jiter.array_step().map_err(syntax)?.is_some();
        self.depth -= u32::from(!found);
        Ok(found)
    }

    /// Enters an object and returns its first name. Leave it by [`Reader::next_name`].
    pub(crate) fn first_name(&mut self) -> Result<Option<&str>, DecodeError> {
        match self.peek()? {
            Peek::Object => {
                self.deeper()?;
                let name = self.jiter.known_object().map_err(syntax)?;
                self.depth -= u32::from(name.is_none());
                Ok(name)
            }
            peek => Err(self.mismatch(Kind::Object, peek)),
        }
    }

    /// Returns the next name of the object, and leaves it if there is none.
    pub(crate) fn next_name(&mut self) -> Result<Option<&str>, DecodeError> {
        let name = self.jiter.next_key().map_err(syntax)?;
        self.depth -= u32::from(name.is_none());
        Ok(name)
    }

    /// Reads a string, without a copy if it has no escapes.
    pub(crate) fn cow(&mut self) -> Result<Cow<'j, str>, DecodeError> {
        match self.peek()? {
            Peek::String => {}
            peek => return Err(self.mismatch(Kind::String, peek)),
        }
        let start = self.jiter.current_index();
        self.jiter.known_bytes().map_err(syntax)?;
        let spelled = self.jiter.slice_to_current(start);
        if spelled.contains(&b'\\') {
            let text = serde_json::from_slice(spelled);
            return text.map(Cow::Owned).map_err(|_| Problem::NotUtf8.into());
        }
        std::str::from_utf8(&spelled[1..spelled.len() - 1])
            .map(Cow::Borrowed)
            .map_err(|_| Problem::NotUtf8.into())
    }

    /// Returns a second reader at the same place.
    pub(crate) fn fork(&self) -> Self {
        Self {
            jiter: self.jiter.clone(),
            bytes: self.bytes,
            depth: self.depth,
            skipped: self.skipped,
            manner: self.manner,
            again: self.again,
        }
    }

    /// Takes what a fork has read, which will be read again, off the bound on such work.
    pub(crate) fn pay_for(&mut self, fork: &Self) -> Result<(), DecodeError> {
        let read = fork.jiter.current_index() - self.jiter.current_index();
        self.again = fork.again.saturating_sub(read.max(LEAST_COST));
        if self.again == 0 {
            return Err(Problem::TooManyTrials.into());
        }
        Ok(())
    }

    /// Goes on where a fork has come to.
    pub(crate) fn join(&mut self, mut fork: Self) {
        std::mem::swap(&mut self.jiter, &mut fork.jiter);
        self.skipped = fork.skipped;
    }

    fn deeper(&mut self) -> Result<(), DecodeError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Problem::TooDeep.into());
        }
        Ok(())
    }

    #[inline]
    fn peek(&mut self) -> Result<Peek, DecodeError> {
        // Most values follow the last sign at once, and then there is nothing to skip.
        match self.bytes.get(self.jiter.current_index()) {
            Some(&byte) if byte > b' ' => Ok(Peek::new(byte)),
            _ => self.peek_past_space(),
        }
    }

    fn peek_past_space(&mut self) -> Result<Peek, DecodeError> {
        self.jiter.peek().map_err(syntax)
    }

    #[cold]
    fn mismatch(&self, expected: Kind, peek: Peek) -> DecodeError {
        match kind(peek) {
            Some(found) => Problem::Mismatch { expected, found }.into(),
            None => self.no_value(),
        }
    }

    #[cold]
    fn no_value(&self) -> DecodeError {
        let offset = self.jiter.current_index();
        Problem::Syntax { offset }.into()
    }
}

impl Drop for Reader<'_> {
    /// Wipes the buffer that strings with escapes were decoded in: one may have been a secret.
    fn drop(&mut self) {
        std::mem::replace(&mut self.jiter, Jiter::new(&[]))
            .into_tape()
            .zeroize();
    }
}

fn is_number(peek: Peek) -> bool {
    matches!(peek.into_inner(), b'-' | b'0'..=b'9')
}

fn kind(peek: Peek) -> Option<Kind> {
    Some(match peek {
        Peek::Null => Kind::Null,
        Peek::True | Peek::False => Kind::Boolean,
        Peek::String => Kind::String,
        Peek::Array => Kind::Array,
        Peek::Object => Kind::Object,
        peek if is_number(peek) => Kind::Number,
        _ => return None,
    })
}

/// Says what the parser stumbled over. Its own text is dropped: it may hold a name from the body.
#[cold]
fn syntax(err: JiterError) -> DecodeError {
    use JsonErrorType as J;
    match err.error_type {
        JiterErrorType::JsonError(
            J::EofWhileParsingList
            | J::EofWhileParsingObject
            | J::EofWhileParsingString
            | J::EofWhileParsingValue,
        ) => Problem::Truncated,
        JiterErrorType::JsonError(J::RecursionLimitExceeded) => Problem::TooDeep,
        JiterErrorType::JsonError(J::InvalidUnicodeCodePoint) => Problem::NotUtf8,
        _ => Problem::Syntax { offset: err.index },
    }
    .into()
}
