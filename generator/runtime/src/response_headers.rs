//! Response headers as values: a struct for each operation that declares any, read when it is asked for.

use std::borrow::Cow;

use http::header::{self, HeaderMap};
use zeroize::Zeroizing;

use super::json::{self, Problem, Slot, Step, write_text};
use super::param::Style;
use super::{ApiError, DecodeError, DecodeFailure, Response};

/// The headers that the responses of an operation declare; implemented by generated code.
pub trait ResponseHeaders: Sized {
    /// Reads the headers of a response. One that is not there is `None`.
    ///
    /// # Errors
    /// A header holds something else than is declared.
    fn of(headers: &HeaderMap) -> Result<Self, DecodeError>;
}

impl<T> Response<T> {
    /// The headers as the operation declares them.
    ///
    /// # Errors
    /// A header holds something else than is declared. The response itself is none the worse.
    pub fn typed_headers<H: ResponseHeaders>(&self) -> Result<H, DecodeError> {
        H::of(self.headers())
    }
}

impl<E> ApiError<E> {
    /// The headers as the operation declares them.
    ///
    /// # Errors
    /// A header holds something else than is declared.
    pub fn typed_headers<H: ResponseHeaders>(&self) -> Result<H, DecodeError> {
        H::of(self.headers())
    }
}

impl DecodeFailure {
    /// The headers as the operation declares them.
    ///
    /// # Errors
    /// A header holds something else than is declared.
    pub fn typed_headers<H: ResponseHeaders>(&self) -> Result<H, DecodeError> {
        H::of(self.raw().headers())
    }
}

/// A response header: its name, and how lists and objects are written in it.
#[derive(Debug)]
pub struct HeaderSpec {
    /// The name, as the document writes it.
    pub name: &'static str,
    /// [`Style::Simple`], or [`Style::Json`] where the document describes it by `content`.
    pub style: Style,
}

/// Fills the slots, which are in the order of the specs, with the headers that are there.
///
/// # Errors
/// A header holds something else than its slot.
pub fn read_headers(
    headers: &HeaderMap,
    specs: &'static [HeaderSpec],
    slots: &mut [&mut dyn Slot],
) -> Result<(), DecodeError> {
    for (spec, slot) in specs.iter().zip(slots) {
        let Some(text) = text_of(headers, spec)? else {
            continue;
        };
        read_one(&text, spec, *slot).map_err(|error| error.within(Step::Header(spec.name)))?;
    }
    Ok(())
}

/// The text of a header. Several lines of it are one list (RFC 9110, section 5.3).
fn text_of(
    headers: &HeaderMap,
    spec: &HeaderSpec,
) -> Result<Option<Zeroizing<String>>, DecodeError> {
    let mut text: Option<Zeroizing<String>> = None;
    for value in headers.get_all(spec.name) {
        let line = value.as_bytes();
        // A header may hold Latin-1 (RFC 9110, section 5.5), and in fact holds UTF-8 more often.
        let line = match std::str::from_utf8(line) {
            Ok(line) => Cow::Borrowed(line),
            Err(_) => Cow::Owned(line.iter().copied().map(char::from).collect::<String>()),
        };
        match &mut text {
            // The lines of `Set-Cookie` are no list, for dates have commas (RFC 9110, section 5.3).
            Some(_) if spec.name.eq_ignore_ascii_case(header::SET_COOKIE.as_str()) => break,
            Some(text) => {
                text.push_str(", ");
                text.push_str(&line);
            }
            None => text = Some(Zeroizing::new(line.into_owned())),
        }
    }
    Ok(text)
}

/// Reads a header's text as what its slot takes: a scalar, else a list, else an object.
fn read_one(text: &str, spec: &HeaderSpec, slot: &mut dyn Slot) -> Result<(), DecodeError> {
    if spec.style == Style::Json {
        return json::read_into(text.as_bytes(), slot);
    }
    let mut whole = Zeroizing::new(Vec::with_capacity(text.len() + 2));
    write_text(text, &mut whole);
    let Err(error) = json::read_into(&whole, slot) else {
        return Ok(());
    };
    if text.trim().is_empty() {
        return json::read_into(b"null", slot).map_err(|_| Problem::Empty.into());
    }
    let mut other = [list(text)].into_iter().chain(object(text));
    match other.any(|json| json::read_into(&json, slot).is_ok()) {
        true => Ok(()),
        false => Err(error),
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}

/// `a,b` as `["a","b"]`.
fn list(text: &str) -> Zeroizing<Vec<u8>> {
    let mut json = Zeroizing::new(vec![b'[']);
    for (index, part) in parts(text).enumerate() {
        if index > 0 {
            json.push(b',');
        }
        write_text(part, &mut json);
    }
    json.push(b']');
    json
}

/// `k=v,l=w` (exploded) or `k,v,l,w` as `{"k":"v","l":"w"}`.
fn object(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let all: Vec<&str> = parts(text).collect();
    let exploded = all.iter().map(|part| part.split_once('=')).collect();
    let in_turn = || {
        let pairs = all.chunks_exact(2).map(|pair| (pair[0], pair[1]));
        all.len().is_multiple_of(2).then(|| pairs.collect())
    };
    let pairs: Vec<(&str, &str)> = Option::or_else(exploded, in_turn)?;
    let mut json = Zeroizing::new(vec![b'{']);
    for (index, (key, value)) in pairs.into_iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        write_text(key.trim(), &mut json);
        json.push(b':');
        write_text(value.trim(), &mut json);
    }
    json.push(b'}');
    Some(json)
}

/// Makes a struct of optional fields readable from headers.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_response_headers {
    ($ty:ident { $($name:literal => $field:ident : $style:ident),* $(,)? }) => {
        impl $ty {
            /// Reads the headers of a response. One that is not there is `None`.
            ///
            /// # Errors
            /// A header holds something else than is declared.
            pub fn of(
                headers: &crate::runtime::http::HeaderMap,
            ) -> ::core::result::Result<Self, crate::runtime::DecodeError> {
                static SPECS: &[crate::runtime::HeaderSpec] = &[
                    $(crate::runtime::HeaderSpec {
                        name: $name,
                        style: crate::runtime::Style::$style,
                    }),*
                ];
                let mut read = Self { $($field: ::core::option::Option::None),* };
                crate::runtime::read_headers(headers, SPECS, &mut [$(&mut read.$field),*])?;
                ::core::result::Result::Ok(read)
            }
        }

        impl crate::runtime::ResponseHeaders for $ty {
            fn of(
                headers: &crate::runtime::http::HeaderMap,
            ) -> ::core::result::Result<Self, crate::runtime::DecodeError> {
                Self::of(headers)
            }
        }
    };
}
