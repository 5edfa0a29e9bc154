//! Why a body could not be read, told without a word of the body.

use std::fmt;

/// A body that is not what its type declares.
///
/// `Display` and `Debug` name the place by declared members and indices alone (`$.items[3].name`; a
/// member that no type declares is `*`) and the kinds of JSON involved. They never hold text or
/// numbers that a server sent.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Failure>);

#[derive(Clone, PartialEq, Eq)]
struct Failure {
    problem: Problem,
    /// From the innermost place outwards: errors travel that way.
    steps: Vec<Step>,
}

/// One step on the way from the body to the place that is wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Member(&'static str),
    Index(usize),
    Undeclared,
    /// A response header, which is where the way begins.
    Header(&'static str),
}

/// What is wrong at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// There is nothing at all where a value is declared.
    Empty,
    /// A string is not UTF-8 (RFC 8259, section 8.1).
    NotUtf8,
    /// A text is not in the charset that the response says.
    NotInCharset,
    /// The response says a charset that is not known, or that only the feature `charset` knows.
    UnknownCharset,
    /// The text is not JSON from this byte on.
    Syntax {
        /// Bytes before the place.
        offset: usize,
    },
    /// The text is not XML from about this byte on.
    NotXml {
        /// Bytes before the place.
        offset: usize,
    },
    /// XML with a document type, which could define anything.
    DocumentType,
    /// The text ends within a value.
    Truncated,
    /// After the value there is more.
    TrailingText {
        /// Bytes before the place.
        offset: usize,
    },
    /// The value is of another kind.
    Mismatch {
        /// What is declared.
        expected: Kind,
        /// What is there.
        found: Kind,
    },
    /// The value is of the right kind and still not what is declared, for example not a date.
    NotA {
        /// What is declared, with its article.
        expected: &'static str,
    },
    /// A number that its type cannot hold.
    OutOfRange {
        /// The type.
        expected: &'static str,
    },
    /// A member that must be there is not.
    MissingMember {
        /// Its name.
        name: &'static str,
    },
    /// A member that is not declared, where no others may be.
    UndeclaredMember,
    /// A list ends before a place that must be there.
    MissingPlace {
        /// Which place, from 0.
        index: usize,
    },
    /// A list goes on after its last place.
    SurplusPlace,
    /// A member is there twice, so that readers may disagree on its value.
    DuplicateMember,
    /// Values within values go deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
    /// The tag that tells the variants of a union apart has a text that is not declared.
    UnknownTag,
    /// No variant of a union fits.
    NoVariant {
        /// The variants, in the order they were tried.
        tried: &'static [&'static str],
    },
    /// More than one variant of a union fits where exactly one may.
    SeveralVariants {
        /// The variants, in the order they were tried.
        tried: &'static [&'static str],
    },
    /// Trying the variants of unions within unions took more work than any sensible body needs.
    TooManyTrials,
}

/// The kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without fraction.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is nothing where a value is declared"),
            Self::NotUtf8 => f.write_str("the text is not UTF-8"),
            Self::NotInCharset => {
                f.write_str("the text is not in the charset that the response says")
            }
            Self::UnknownCharset => f.write_str("the response says a charset that is not known"),
            Self::Syntax { offset } => write!(f, "not JSON at byte {offset}"),
            Self::NotXml { offset } => write!(f, "not XML at byte {offset}"),
            Self::DocumentType => f.write_str("XML with a document type, which is refused"),
            Self::Truncated => f.write_str("the text ends within a value"),
            Self::TrailingText { offset } => {
                write!(f, "more text after the value, at byte {offset}")
            }
            Self::Mismatch { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::NotA { expected } => write!(f, "not {expected}"),
            Self::OutOfRange { expected } => write!(f, "a number that {expected} cannot hold"),
            Self::MissingMember { name } => write!(f, "the member `{name}` is missing"),
            Self::UndeclaredMember => f.write_str("the member is not declared"),
            Self::MissingPlace { index } => write!(f, "the list ends before its place {index}"),
            Self::SurplusPlace => f.write_str("the list has more places than are declared"),
            Self::DuplicateMember => f.write_str("the member is there twice"),
            Self::TooDeep => f.write_str("values are nested too deeply"),
            Self::UnknownTag => f.write_str("a tag that is not declared"),
            Self::NoVariant { tried } => write!(f, "fits none of {}", tried.join(", ")),
            Self::SeveralVariants { tried } => {
                write!(f, "fits more than one of {}", tried.join(", "))
            }
            Self::TooManyTrials => f.write_str("too many ways to read unions within unions"),
        }
    }
}

impl DecodeError {
    /// Returns what is wrong.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// Returns where it is wrong: `$` is the whole body, `headers["Link"]` a response header.
    #[must_use]
    pub fn path(&self) -> String {
        Path(&self.0.steps).to_string()
    }

    /// Returns the error one step further out.
    #[cold]
    pub(crate) fn within(mut self, step: Step) -> Self {
        self.0.steps.push(step);
        self
    }
}

impl From<Problem> for DecodeError {
    #[cold]
    fn from(problem: Problem) -> Self {
        Self(Box::new(Failure {
            problem,
            steps: Vec::new(),
        }))
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Path(&self.0.steps), self.0.problem)
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("path", &format_args!("{}", Path(&self.0.steps)))
            .field("problem", &self.0.problem)
            .finish()
    }
}

impl std::error::Error for DecodeError {}

struct Path<'a>(&'a [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.0.last(), Some(Step::Header(_))) {
            f.write_str("$")?;
        }
        for step in self.0.iter().rev() {
            match step {
                Step::Header(name) => write!(f, "headers[{name:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Undeclared => f.write_str(".*")?,
                Step::Member(name) if is_plain(name) => write!(f, ".{name}")?,
                Step::Member(name) => write!(f, "[{name:?}]")?,
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
