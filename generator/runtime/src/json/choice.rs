//! Enumerations of texts, of integers and of other values, open to values that are not declared.

use serde_json::Value;

use super::error::{DecodeError, Problem};
use super::reader::{Manner, Reader};

/// Takes a value that is not declared, unless values must be just what is declared.
///
/// # Errors
/// It is unknown, and a value that is not declared says that another variant of a union is meant.
pub fn admit(reader: &Reader<'_>, unknown: bool) -> Result<(), DecodeError> {
    if unknown && reader.manner() == Manner::Exact {
        let expected = "a value that is declared";
        return Err(Problem::NotA { expected }.into());
    }
    Ok(())
}

/// Returns the value of a JSON text that the generator wrote.
#[must_use]
pub fn constant(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// Returns whether two values are the same to JSON, which has one kind of number: `1` and `1.0` are.
#[must_use]
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one != other => {
            let float = |number: &serde_json::Number| !(number.is_i64() || number.is_u64());
            (float(one) || float(other)) && one.as_f64() == other.as_f64()
        }
        (one, other) => one == other,
    }
}

/// Makes an enum of texts readable and writable. It must have a last variant `Unknown(String)`.
#[doc(hidden)]
#[macro_export]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_text_enum {
    ($ty:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $ty {
            #[doc(hidden)]
            #[cfg(feature = "validate")]
            pub fn __rules() -> &'static [crate::runtime::rules::Rule] {
                static RULES: &[crate::runtime::rules::Rule] =
                    &[crate::runtime::rules::Rule::Enum(&[$($text),*])];
                RULES
            }

            /// Returns the text as it is sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::core::convert::From<&str> for $ty {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Unknown(::std::string::String::from(text)),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $ty {
            fn from(text: ::std::string::String) -> Self {
                <Self as ::core::convert::From<&str>>::from(&text)
            }
        }

        impl ::core::fmt::Display for $ty {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl crate::runtime::json::Slot for $ty {
            fn blank() -> Self {
                Self::Unknown(::std::string::String::new())
            }
            fn read(
                &mut self,
                reader: &mut crate::runtime::json::Reader<'_>,
            ) -> ::core::result::Result<(), crate::runtime::DecodeError> {
                *self = <Self as ::core::convert::From<&str>>::from(reader.text_or_number()?);
                crate::runtime::json::admit(reader, ::core::matches!(self, Self::Unknown(_)))
            }
            fn write(&self, out: &mut crate::runtime::json::Writer<'_>) {
                crate::runtime::json::write_text(self.as_str(), out);
            }
        }

        crate::runtime::json_to_serde!($ty);
        crate::runtime::json_from_serde!($ty);
    };
}

/// Makes an enum of values of any kind readable and writable. It must have a last variant `Unknown(Value)`.
#[doc(hidden)]
#[macro_export]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_value_enum {
    ($ty:ident { $($variant:ident = $value:expr),* $(,)? }) => {
        impl $ty {
            /// Returns the value as it is sent.
            #[must_use]
            pub fn value(&self) -> crate::runtime::Value {
                match self {
                    $(Self::$variant => <crate::runtime::Value as ::core::convert::From<_>>::from($value),)*
                    Self::Unknown(value) => ::core::clone::Clone::clone(value),
                }
            }
        }

        impl ::core::convert::From<crate::runtime::Value> for $ty {
            fn from(value: crate::runtime::Value) -> Self {
                let mut known = ::core::iter::IntoIterator::into_iter([$(Self::$variant),*]);
                let same = |it: &Self| crate::runtime::json::same(&it.value(), &value);
                match ::core::iter::Iterator::find(&mut known, same) {
                    ::core::option::Option::Some(known) => known,
                    ::core::option::Option::None => Self::Unknown(value),
                }
            }
        }

        impl crate::runtime::json::Slot for $ty {
            fn blank() -> Self {
                Self::Unknown(crate::runtime::Value::Null)
            }
            fn read(
                &mut self,
                reader: &mut crate::runtime::json::Reader<'_>,
            ) -> ::core::result::Result<(), crate::runtime::DecodeError> {
                let value = crate::runtime::json::read_value::<crate::runtime::Value>(reader)?;
                *self = <Self as ::core::convert::From<crate::runtime::Value>>::from(value);
                crate::runtime::json::admit(reader, ::core::matches!(self, Self::Unknown(_)))
            }
            fn write(&self, out: &mut crate::runtime::json::Writer<'_>) {
                match self {
                    Self::Unknown(value) => crate::runtime::json::Slot::write(value, out),
                    known => crate::runtime::json::Slot::write(&known.value(), out),
                }
            }
        }

        crate::runtime::json_to_serde!($ty);
        crate::runtime::json_from_serde!($ty);
    };
}

/// Makes an enum of integers readable and writable. It must have a last variant `Unknown(i64)`.
#[doc(hidden)]
#[macro_export]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_int_enum {
    ($ty:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        impl $ty {
            #[doc(hidden)]
            #[cfg(feature = "validate")]
            pub fn __rules() -> &'static [crate::runtime::rules::Rule] {
                static RULES: &[crate::runtime::rules::Rule] =
                    &[crate::runtime::rules::Rule::Enum(&[$(::core::stringify!($value)),*])];
                RULES
            }

            /// Returns the number as it is sent.
            #[must_use]
            pub const fn value(&self) -> i64 {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => *value,
                }
            }
        }

        impl ::core::convert::From<i64> for $ty {
            fn from(value: i64) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value),
                }
            }
        }

        impl ::core::fmt::Display for $ty {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.value(), f)
            }
        }

        impl crate::runtime::json::Slot for $ty {
            fn blank() -> Self {
                Self::Unknown(0)
            }
            fn read(
                &mut self,
                reader: &mut crate::runtime::json::Reader<'_>,
            ) -> ::core::result::Result<(), crate::runtime::DecodeError> {
                let mut value = 0_i64;
                crate::runtime::json::Slot::read(&mut value, reader)?;
                *self = <Self as ::core::convert::From<i64>>::from(value);
                crate::runtime::json::admit(reader, ::core::matches!(self, Self::Unknown(_)))
            }
            fn write(&self, out: &mut crate::runtime::json::Writer<'_>) {
                crate::runtime::json::Slot::write(&self.value(), out);
            }
        }

        crate::runtime::json_to_serde!($ty);
        crate::runtime::json_from_serde!($ty);
    };
}
