//! Values that are one of several types.
//!
//! With a tag, the object is looked through for it and then read once as the variant it names.
//! Without, the variants are tried, each from the start of the value: first to the letter, and if none fits
//! again as kindly as everything else is read. Unions within unions multiply the trials, so what a body
//! may cost is bounded: 64 times its length and 1 MiB more.

use std::borrow::Cow;

use super::decimal::is_number;
use super::error::{DecodeError, Kind, Problem, Step};
use super::reader::{Manner, Reader};
use super::write::{Writer, write_text};
use super::{Slot, read_value};

/// The variants of a union without tag, while they are tried on a value.
pub struct Trials<'j> {
    fitting: usize,
    round: Round,
    /// Behind the value, as the first variant that fits has read it.
    end: Option<Reader<'j>>,
}

/// How often the variants have been tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    None,
    /// To the letter.
    Exact,
    /// Kindly, since none fitted to the letter.
    Kind,
}

impl<'j> Trials<'j> {
    /// Starts before the value.
    #[must_use]
    pub fn begin() -> Self {
        Self {
            fitting: 0,
            round: Round::None,
            end: None,
        }
    }

    /// Returns whether the variants are to be tried, or tried again.
    pub fn goes_on(&mut self, reader: &Reader<'_>) -> bool {
        self.round = match self.round {
            Round::None => Round::Exact,
            Round::Exact if self.fitting == 0 && reader.manner() == Manner::Kind => Round::Kind,
            _ => return false,
        };
        true
    }

    /// Reads the value as one variant; the reader stays before it. `None` if it does not fit.
    ///
    /// # Errors
    /// The text is not JSON, so that no variant will fit, or the bound on the work is passed.
    pub fn attempt<T: Slot>(&mut self, reader: &mut Reader<'j>) -> Result<Option<T>, DecodeError> {
        let mut fork = reader.fork();
        if self.round == Round::Exact {
            fork.set_manner(Manner::Exact);
        }
        let outcome = read_value(&mut fork);
        reader.pay_for(&fork)?;
        match outcome {
            Ok(value) => {
                self.fitting += 1;
                self.end.get_or_insert(fork);
                Ok(Some(value))
            }
            Err(err) if is_final(err.problem()) => Err(err),
            Err(_) => Ok(None),
        }
    }

    /// Moves the reader behind the value if exactly one variant fits.
    ///
    /// # Errors
    /// None or several fit.
    pub fn exactly_one(
        self,
        reader: &mut Reader<'j>,
        tried: &'static [&'static str],
    ) -> Result<(), DecodeError> {
        if self.fitting > 1 {
            return Err(Problem::SeveralVariants { tried }.into());
        }
        self.first(reader, tried)
    }

    /// Moves the reader behind the value if a variant fits.
    ///
    /// # Errors
    /// None fits.
    pub fn first(
        self,
        reader: &mut Reader<'j>,
        tried: &'static [&'static str],
    ) -> Result<(), DecodeError> {
        match self.end {
            Some(end) => {
                reader.join(end);
                Ok(())
            }
            None => Err(Problem::NoVariant { tried }.into()),
        }
    }
}

fn is_final(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Syntax { .. }
            | Problem::Truncated
            | Problem::NotUtf8
            | Problem::TooDeep
            | Problem::TooManyTrials
    )
}

/// Returns the text of the member that tells which variant an object is; the reader stays before it. Tags that
/// are numbers or booleans count as they are spelled: documents name them by texts all the same.
///
/// # Errors
/// No object, no such member, one that is `null`, an array or an object, or the bound on the work is passed.
pub fn read_tag<'j>(
    reader: &mut Reader<'j>,
    name: &'static str,
) -> Result<Cow<'j, str>, DecodeError> {
    let mut fork = reader.fork();
    let mut next = fork.first_name()?;
    while let Some(found) = next {
        if found == name {
            let tag = tag(&mut fork).map_err(|err| err.within(Step::Member(name)))?;
            reader.pay_for(&fork)?;
            return Ok(tag);
        }
        fork.skip()?;
        next = fork.next_name()?;
    }
    Err(Problem::MissingMember { name }.into())
}

fn tag<'j>(reader: &mut Reader<'j>) -> Result<Cow<'j, str>, DecodeError> {
    Ok(match reader.kind()? {
        Kind::Integer | Kind::Number => String::from_utf8_lossy(reader.number(Kind::Number)?),
        Kind::Boolean if reader.boolean()? => "true".into(),
        Kind::Boolean => "false".into(),
        _ => reader.cow()?,
    })
}

/// Writes a variant, and sees to it that its tag is one of `texts`, the first of which is taken if it is
/// not there or names something else.
pub fn write_tagged(value: &dyn Slot, out: &mut Writer<'_>, tag: &str, texts: &[&str]) {
    let start = out.len();
    value.write(out);
    if begins_with_tag(&out[start..], tag, texts) {
        return;
    }
    let (Some(place), Some(text)) = (place_of(&out[start..], tag), texts.first()) else {
        return;
    };
    let mut named = Vec::with_capacity(tag.len() + text.len() + 6);
    let range = match place {
        Place::Value(_, found) if texts.iter().any(|text| **text == *found) => return,
        // a member that is a number stays one
        Place::Value(at, _)
            if is_number(&out[start..][at.clone()]) && is_number(text.as_bytes()) =>
        {
            named.extend_from_slice(text.as_bytes());
            at
        }
        Place::Value(at, _) => {
            write_text(text, &mut named);
            at
        }
        Place::Nowhere(at) => {
            write_text(tag, &mut named);
            named.push(b':');
            write_text(text, &mut named);
            at..at
        }
    };
    if range.is_empty() && out.get(start + range.start) != Some(&b'}') {
        named.push(b',');
    }
    out.splice(start + range.start..start + range.end, named);
}

/// Whether the first member of what we wrote ourselves is a tag that needs no correction, as it mostly is.
fn begins_with_tag(json: &[u8], tag: &str, texts: &[&str]) -> bool {
    let behind = |json: &'_ [u8], text: &str| -> Option<usize> {
        let rest = json.strip_prefix(b"\"")?.strip_prefix(text.as_bytes())?;
        let rest = rest.strip_prefix(b"\"")?;
        Some(json.len() - rest.len())
    };
    let value = || {
        let members = json.strip_prefix(b"{")?;
        members[behind(members, tag)?..].strip_prefix(b":")
    };
    let is_one = |value: &[u8]| texts.iter().any(|text| behind(value, text).is_some());
    value().is_some_and(is_one)
}

/// Where the tag of an object stands.
enum Place {
    /// Its value, and the tag that it is; empty if it is none.
    Value(std::ops::Range<usize>, String),
    /// Nowhere; it would be put in front of this byte.
    Nowhere(usize),
}

/// Where the tag stands in what we wrote ourselves; `None` if that is no object.
fn place_of(json: &[u8], wanted: &str) -> Option<Place> {
    let mut reader = Reader::new(json).ok()?;
    let mut next = reader.first_name().ok()?;
    while let Some(name) = next {
        let found = name == wanted;
        let at = reader.position();
        let text = match reader.kind().ok()? {
            Kind::Null | Kind::Array | Kind::Object => String::new(),
            _ if found => tag(&mut reader.fork()).ok()?.into_owned(),
            _ => String::new(),
        };
        reader.skip().ok()?;
        if found {
            return Some(Place::Value(at..reader.position(), text));
        }
        next = reader.next_name().ok()?;
    }
    Some(Place::Nowhere(1))
}

/// Returns the error for a tag that no variant declares.
#[must_use]
pub fn unknown_tag() -> DecodeError {
    Problem::UnknownTag.into()
}

/// Makes an enum of models readable and writable. It must have a last variant `Unknown(Value)`.
///
/// `tag "member"` reads the variant that the member names, and `Unknown` for other names; what it writes has
/// a tag that names the variant, whatever the value says. `only`
/// wants exactly one variant to fit, `first` takes the first that does; the two never read `Unknown`.
/// `secret` before these leaves `serde::Serialize` out and refuses tags that are not declared: what
/// `Unknown` would keep then could be a secret, and `Debug` would show it.
#[doc(hidden)]
#[macro_export]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_union {
    ($ty:ident : secret $how:ident $($rest:tt)+) => {
        crate::runtime::union!(@$how $ty, [secret] $($rest)+);
        crate::runtime::json_from_serde!($ty);
    };
    ($ty:ident : $how:ident $($rest:tt)+) => {
        crate::runtime::union!(@$how $ty, [] $($rest)+);
        crate::runtime::json_to_serde!($ty);
        crate::runtime::json_from_serde!($ty);
    };
    (@tag $ty:ident, [$($secret:ident)?] $tag:literal {
        $($variant:ident($of:ty) = [$($text:literal),+ $(,)?]),* $(,)?
    }) => {
        crate::runtime::union!(@slot $ty, [$($variant [$tag $($text)+]),*] (this, reader) {
            *this = match &*crate::runtime::json::read_tag(reader, $tag)? {
                $($($text)|+ => Self::$variant(crate::runtime::json::read_value::<$of>(reader)?),)*
                _ => crate::runtime::union!(@unknown $($secret)? reader),
            };
        });
    };
    (@unknown secret $reader:ident) => {
        return ::core::result::Result::Err(crate::runtime::json::unknown_tag())
    };
    (@unknown $reader:ident) => {{
        crate::runtime::json::admit($reader, true)?;
        Self::Unknown(crate::runtime::json::read_value::<crate::runtime::Value>($reader)?)
    }};
    (@first $ty:ident, [$($secret:ident)?] { $($variant:ident($of:ty)),* $(,)? }) => {
        crate::runtime::union!(@slot $ty, [$($variant []),*] (this, reader) {
            let mut trials = crate::runtime::json::Trials::begin();
            while trials.goes_on(reader) {
                $(if let ::core::option::Option::Some(value) = trials.attempt::<$of>(reader)? {
                    *this = Self::$variant(value);
                    return trials.first(reader, &[]);
                })*
            }
            trials.first(reader, &[$(::core::stringify!($variant)),*])?;
        });
    };
    (@only $ty:ident, [$($secret:ident)?] { $($variant:ident($of:ty)),* $(,)? }) => {
        crate::runtime::union!(@slot $ty, [$($variant []),*] (this, reader) {
            let mut trials = crate::runtime::json::Trials::begin();
            while trials.goes_on(reader) {
                $(if let ::core::option::Option::Some(value) = trials.attempt::<$of>(reader)? {
                    *this = Self::$variant(value);
                })*
            }
            trials.exactly_one(reader, &[$(::core::stringify!($variant)),*])?;
        });
    };
    (@write $value:ident $out:ident) => { crate::runtime::json::Slot::write($value, $out) };
    (@write $value:ident $out:ident $tag:literal $($text:literal)+) => {
        crate::runtime::json::write_tagged($value, $out, $tag, &[$($text),+])
    };
    (@slot $ty:ident, [$($variant:ident [$($tag:literal)*]),*] ($this:ident, $reader:ident) $read:block) => {
        impl crate::runtime::json::Slot for $ty {
            fn blank() -> Self {
                Self::Unknown(crate::runtime::Value::Null)
            }
            fn read(
                &mut self,
                $reader: &mut crate::runtime::json::Reader<'_>,
            ) -> ::core::result::Result<(), crate::runtime::DecodeError> {
                let $this = self;
                $read
                ::core::result::Result::Ok(())
            }
            fn write(&self, out: &mut crate::runtime::json::Writer<'_>) {
                match self {
                    $(Self::$variant(value) => crate::runtime::union!(@write value out $($tag)*),)*
                    Self::Unknown(value) => crate::runtime::json::Slot::write(value, out),
                }
            }
        }
    };
}
